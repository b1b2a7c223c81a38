"""Joining: the three screens, the test note, join codes, and coming back."""

from bot.client import Bot
from bot.domain.consent import ConsentKind
from bot.domain.joining import Answer, Screen
from bot.domain.note import Note
from bot.domain.participant import Delivery, Participant, ParticipantState
from bot.errors import UserError
from bot.ui.cards import Card
from bot.ui.crisis import CrisisCards
from bot.ui.forms import Form
from bot.ui.joining import (
    about_card,
    again_card,
    code_form,
    delivery_card,
    done_card,
    minor_card,
    resumed_card,
    tapped_card,
    waiting_card,
    welcome_back_card,
)
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, opens, pressed, submits
from bot.ui.zone_picker import Context
from cogs._contexts import context_card, joining_hours, read_context, words_of
from cogs._test_notes import WaitingCards, trial_card


class JoiningCog(FeatureCog[Bot]):
    """Leads people in, from wherever they stopped."""

    def __init__(self, bot: Bot) -> None:
        super().__init__(bot)
        self._waiting = WaitingCards()

    async def cog_load(self) -> None:
        """Hear of test notes."""
        self.bot.services.trials.on_settled(self._waiting.settled)

    async def cog_unload(self) -> None:
        """Stop waiting."""
        self._waiting.stop()

    @pressed("join:v1:start")
    async def start(self, request: Request) -> None:
        """Show the screen a person is on."""
        await request.update(await where_now(request))

    @pressed("join:v1:adult")
    async def adult(self, request: Request) -> None:
        """Let an adult go on, with a code where the programme takes one."""
        joining = request.services.joining
        known = await request.services.participants.find(request.user_id)
        if known is None:
            joining.check_open()
            if joining.needs_code:
                await request.open(code_form(request.words))
                return
            await joining.enter(request.user_id, request.words.locale)
        await request.update(await where_now(request))

    @pressed("join:v1:minor")
    async def minor(self, request: Request) -> None:
        """Refuse someone under 18 kindly; nothing is kept."""
        words = request.words
        cards = CrisisCards(
            words,
            request.content.texts(words.locale).crisis,
            request.content.crisis,
            country=request.services.programme.current.country,
            checks_back=False,
        )
        await request.update(minor_card(words, cards.lines()))

    @form("join:v1:code")
    async def code_form(self, request: Request) -> Form:
        """Ask for the code."""
        return code_form(request.words)

    @submits("join:v1:code")
    async def code(self, request: Request) -> None:
        """Take the code."""
        await request.services.joining.enter(
            request.user_id, request.words.locale, request.text("code")
        )
        await request.update(await where_now(request))

    @pressed("join:v1:daily")
    async def daily(self, request: Request) -> None:
        """Take the yes or no to the daily check-in; a yes is the consent to its text."""
        participant = await request.services.joining.here(request.user_id)
        consents, kind = request.services.consents, ConsentKind.DAILY_PROMPTS
        is_current = request.arg(1) == str(consents.version(kind))
        if participant.state is ParticipantState.JOINING and is_current:
            answer = consents.give if request.arg() == "yes" else consents.revoke
            await answer(participant, kind)
            await request.services.joining.answered(participant, Answer.DAILY)
        await request.update(await where_now(request, stay=True))

    @pressed("join:v1:hours_done")
    async def hours_done(self, request: Request) -> None:
        """Go on to the third screen."""
        participant = await request.services.joining.here(request.user_id)
        progress = await request.services.joining.progress(participant)
        if participant.state is ParticipantState.JOINING and not progress.is_hours_complete:
            raise UserError("join.hours_first")
        await request.services.joining.answered(participant, Answer.HOURS)
        await request.update(await where_now(request))

    @pressed("join:v1:way")
    async def way(self, request: Request) -> None:
        """Take where notes go, and send the test note there."""
        context, way = read_context(request), _way(request)
        services = request.services
        participant = await services.joining.here(request.user_id)
        if context is Context.JOIN and participant.is_active:
            await request.update(again_card(words_of(request, participant)))
            return
        participant = await services.trials.choose(participant, way)
        if way is not Delivery.NOTHING:
            await request.update(waiting_card(words_of(request, participant), context, way))
            self._waiting.wait(await services.trials.last(participant), request, context)
        elif context is Context.JOIN:
            await request.hold()
            joined = await services.joining.finish(participant)
            await request.update(done_card(words_of(request, joined), joined))
        else:
            notice = request.words("settings.saved")
            await request.update(await context_card(request, context, participant, notice=notice))

    @pressed("join:v1:unseen")
    async def unseen(self, request: Request) -> None:
        """Say what became of the test note."""
        context = read_context(request)
        participant = await request.services.joining.here(request.user_id)
        if participant.preferences.delivery_confirmed:
            await request.update(await where_now(request))
            return
        row = await request.services.trials.last(participant)
        await request.update(trial_card(request, participant, context, row))

    @pressed("join:v1:other_way")
    async def other_way(self, request: Request) -> None:
        """Offer the three ways again."""
        participant = await request.services.joining.here(request.user_id)
        await request.update(_ways(request, participant, read_context(request)))

    @opens("join.test")
    async def tapped(self, request: Request, note: Note) -> None:
        """Note that messages arrive; on the way in this was the last step."""
        participant = await request.services.joining.here(request.user_id)
        confirmed = await request.services.trials.confirm(participant, note.id)
        if confirmed is None:
            raise UserError("join.test_old")
        words = words_of(request, confirmed)
        if confirmed.is_active:
            await request.reply(tapped_card(words))
            return
        await request.defer()
        joined = await request.services.joining.finish(confirmed)
        await request.reply(done_card(words, joined))

    @pressed("join:v1:resume")
    async def resume(self, request: Request) -> None:
        """Start everything again as it was."""
        await request.hold()
        participant = await request.services.membership.resume(request.user_id)
        if participant is not None and participant.is_active:
            await request.update(resumed_card(words_of(request, participant)))
        else:
            await request.update(await where_now(request))


async def where_now(request: Request, *, stay: bool = False) -> Card:
    """Make the card of the screen a person is on.

    Args:
        stay: Keep to the second screen, though it may be done.
    """
    participant = await request.services.participants.find(request.user_id)
    if participant is None:
        request.services.joining.check_open()
        return about_card(request.words, request.content.texts(request.words.locale).joining)
    words = words_of(request, participant)
    if not participant.is_open:
        return welcome_back_card(words)
    if participant.is_active:
        return again_card(words)
    progress = await request.services.joining.progress(participant)
    if stay or progress.screen is Screen.HOURS:
        return await joining_hours(request, participant)
    if participant.preferences.delivery_confirmed:
        # The last step was taken, and the process ended before they were let in.
        joined = await request.services.joining.finish(participant)
        return done_card(words, joined)
    if participant.preferences.delivery is Delivery.NOTHING:
        return _ways(request, participant, Context.JOIN)
    row = await request.services.trials.last(participant)
    return trial_card(request, participant, Context.JOIN, row)


def _ways(request: Request, participant: Participant, context: Context) -> Card:
    words = words_of(request, participant)
    return delivery_card(words, request.content.texts(words.locale).joining, context)


def _way(request: Request) -> Delivery:
    try:
        return Delivery(request.arg(1))
    except ValueError as error:
        raise UserError("core.old_card") from error


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(JoiningCog(bot))

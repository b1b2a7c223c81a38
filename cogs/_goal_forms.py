"""Setting goals up and changing them: a part of the goals."""

from bot.client import Bot
from bot.content import Starter
from bot.domain.goal import GoalTexts, PartState, Topic
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.goals import Proposal
from bot.ui.forms import Form
from bot.ui.goal_forms import (
    ADD,
    ALONE,
    EDIT,
    JOIN,
    KEEP,
    NEW,
    OWN,
    REVIEW_SET,
    confirm_card,
    date_form,
    goal_form,
    read_texts,
    starters_card,
    topics_card,
    with_card,
)
from bot.ui.goal_shared import saved_card
from bot.ui.goals import retire_card, retired_card
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, pressed, submits
from cogs._goal_cards import offer_reminders, show


class GoalFormCog(FeatureCog[Bot]):
    """Takes in what people type about their goals."""

    @pressed(ADD)
    async def add(self, request: Request) -> None:
        """Ask what a goal is about."""
        await request.participant()
        await request.update(topics_card(request.words))

    @pressed("goals:v1:with")
    async def with_someone(self, request: Request) -> None:
        """Ask with whom."""
        await request.participant()
        await request.update(with_card(request.words))

    @pressed("goals:v1:with_whom")
    async def with_whom(self, request: Request) -> None:
        """Go on to what it is about; nothing about the other one is looked up here."""
        await request.participant()
        invite = request.selected[0] if request.selected else ALONE
        await request.update(topics_card(request.words, invite))

    @pressed("goals:v1:topic")
    async def topic(self, request: Request) -> None:
        """Offer the starters of a topic."""
        chosen = carried(Topic, request.selected[0] if request.selected else "")
        starters = [one for one in _starters(request) if one.topic is chosen]
        await request.update(starters_card(request.words, chosen, starters, request.arg()))

    @form("goals:v1:starter")
    async def starter(self, request: Request) -> Form:
        """Open the form with a starter filled in."""
        chosen = request.selected[0] if request.selected else OWN
        return await new_form(request, carried(Topic, request.arg()), chosen, request.arg(1))

    @form(NEW)
    async def new(self, request: Request) -> Form:
        """Open the form of a new goal."""
        invite = request.arg(2)
        return await new_form(request, carried(Topic, request.arg()), request.arg(1), invite)

    @submits(NEW)
    async def add_it(self, request: Request) -> None:
        """Take in a new goal."""
        participant = await request.participant()
        invite = request.arg(2)
        proposal = await request.services.goals.goals.propose(
            participant,
            carried(Topic, request.arg()),
            read_texts(request),
            request.words.locale,
            invite=_account(invite),
        )
        await self._answer(request, participant, proposal, invite)

    @form(EDIT)
    async def edit(self, request: Request) -> Form:
        """Open a goal to be changed."""
        participant = await request.participant()
        goals = request.services.goals.goals
        part, texts = await goals.pending(participant, request.arg())
        # Once it is open for both, each keeps their own words: nobody else reads a change.
        is_read = part.is_shared and part.state in {PartState.DRAFT, PartState.WAITING}
        return goal_form(request.words, EDIT, *request.args, texts=texts, is_shared=is_read)

    @submits(EDIT)
    async def change(self, request: Request) -> None:
        """Take in what was changed."""
        await self._change(request)

    @form(JOIN)
    async def join_form(self, request: Request) -> Form:
        """Open one's own part of a goal one was invited to, in the words it came with."""
        participant = await request.participant()
        goals = request.services.goals
        invitation = await goals.shared.invitation(participant, request.arg())
        _, typed = await goals.goals.pending(participant, request.arg())
        texts = typed or GoalTexts(what=invitation.texts.what)
        return goal_form(request.words, JOIN, request.arg(), texts=texts)

    @submits(JOIN)
    async def join(self, request: Request) -> None:
        """Take in one's own part."""
        await self._change(request)

    @pressed(KEEP)
    async def keep(self, request: Request) -> None:
        """Say yes to how the times were understood."""
        participant = await request.participant()
        invite = request.arg(2)
        if not request.arg(1).isdecimal():
            raise UserError("core.old_card")
        part = await request.services.goals.goals.keep(
            participant, request.arg(), int(request.arg(1)), invite=_account(invite)
        )
        if part.state is PartState.WAITING:
            await request.update(saved_card(request.words, part))
        else:
            await show(request, part.id, said=request.words("goals.show.kept"))
        if part.rule is not None:
            await offer_reminders(request, participant)

    @pressed("goals:v1:retire")
    async def retire(self, request: Request) -> None:
        """Ask once more."""
        participant = await request.participant()
        part = await request.services.goals.goals.part(participant, request.arg())
        await request.update(retire_card(request.words, part))

    @pressed("goals:v1:retire_yes")
    async def retire_it(self, request: Request) -> None:
        """Put a goal away."""
        participant = await request.participant()
        await request.services.goals.goals.retire(participant, request.arg())
        await request.update(retired_card(request.words))

    @form(REVIEW_SET)
    async def review_form(self, request: Request) -> Form:
        """Ask when to look at a goal again."""
        participant = await request.participant()
        part = await request.services.goals.goals.part(participant, request.arg())
        value = part.review_on.isoformat() if part.review_on else None
        return date_form(request.words, REVIEW_SET, part.id, key="review", value=value)

    @submits(REVIEW_SET)
    async def review(self, request: Request) -> None:
        """Take in when to look at a goal again; empty means never."""
        participant = await request.participant()
        part = await request.services.goals.goals.review(
            participant, request.arg(), request.text("day"), request.words.locale
        )
        await show(request, part.id, said=request.words("goals.review.saved"))

    @pressed("goals:v1:review_keep")
    async def review_keep(self, request: Request) -> None:
        """Let a goal be as it is, and look at it again in four weeks."""
        participant = await request.participant()
        part = await request.services.goals.goals.review(
            participant, request.arg(), None, request.words.locale
        )
        await show(request, part.id, said=request.words("goals.review.saved"))

    async def _change(self, request: Request) -> None:
        participant = await request.participant()
        proposal = await request.services.goals.goals.change(
            participant, request.arg(), read_texts(request), request.words.locale
        )
        invite = request.args[1] if len(request.args) > 1 else ALONE
        if proposal.schedule is None and proposal.part.state is PartState.DRAFT:
            part = await request.services.goals.goals.keep(
                participant, proposal.part.id, 0, invite=_account(invite)
            )
            proposal = Proposal(part=part, texts=proposal.texts, schedule=None)
        await self._answer(request, participant, proposal, invite)

    async def _answer(
        self, request: Request, participant: Participant, proposal: Proposal, invite: str
    ) -> None:
        """Ask for a yes to the times, or show what was kept."""
        part, words = proposal.part, request.words
        if proposal.schedule is not None:
            today = request.services.goals.goals.today(participant)
            card = confirm_card(words, proposal, proposal.schedule, today, invite)
            await request.update(card)
        elif part.state is PartState.WAITING:
            await request.update(saved_card(words, part))
        else:
            await show(request, part.id, said=words("goals.show.kept"))


async def new_form(request: Request, topic: Topic, starter_id: str, invite: str) -> Form:
    """Make the form of a new goal, with a starter filled in where one was chosen."""
    await request.participant()
    found = next((one for one in _starters(request) if one.id == starter_id), None)
    texts = None
    if found is not None:
        texts = GoalTexts(
            what=found.what, step=found.step, obstacle=found.obstacle, plan_b=found.plan_b
        )
    return goal_form(
        request.words,
        NEW,
        topic.value,
        found.id if found else OWN,
        invite,
        texts=texts,
        is_shared=invite != ALONE,
    )


def _starters(request: Request) -> tuple[Starter, ...]:
    return request.content.texts(request.locale).starters


def _account(text: str) -> int | None:
    return int(text) if text.isdecimal() and text != ALONE else None

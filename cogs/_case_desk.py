"""Working on a case: take it, tick its steps, write to its person, open its content."""

from bot.client import Bot
from bot.errors import UserError
from bot.services.case_desk import CaseFile
from bot.ui.cards import Card
from bot.ui.case_file import file_card
from bot.ui.case_work import more_card
from bot.ui.forms import Form, TextField
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from cogs._case_views import next_steps, redraw, view_of

WORDS = "words"


class CaseDeskCog(FeatureCog[Bot]):
    """The team's side of care, one case at a time."""

    @pressed("case:v1:claim")
    async def claim(self, request: Request) -> None:
        """Take a case and see what to do; of two people at once the other is told who has it."""
        case = await request.services.case_desk.claim(request.arg(), await request.staff())
        await redraw(self.bot, request, case)
        await request.reply(await next_steps(self.bot, request, case))

    @pressed("case:v1:steps")
    async def steps(self, request: Request) -> None:
        """Show the playbook and the first words."""
        case = await request.services.case_desk.visible(request.arg(), await request.staff())
        await request.update(await next_steps(self.bot, request, case))

    @pressed("case:v1:tick")
    async def tick(self, request: Request) -> None:
        """Keep which steps are done."""
        member = await request.staff()
        case, _ = await request.services.case_desk.tick(request.arg(), member, request.selected)
        await request.update(await next_steps(self.bot, request, case))

    @pressed("case:v1:contacted")
    async def contacted(self, request: Request) -> None:
        """Keep that the owner wrote to the person."""
        case = await request.services.case_desk.contacted(request.arg(), await request.staff())
        await redraw(self.bot, request, case)

    @pressed("case:v1:backup")
    async def backup(self, request: Request) -> None:
        """Ask for back-up, or be it."""
        case = await request.services.case_handover.backup(request.arg(), await request.staff())
        await redraw(self.bot, request, case)

    @pressed("case:v1:busy")
    async def busy(self, request: Request) -> None:
        """Put fifteen minutes more on the clock."""
        case = await request.services.case_handover.busy(request.arg(), await request.staff())
        await redraw(self.bot, request, case)

    @pressed("case:v1:tried")
    async def tried(self, request: Request) -> None:
        """Keep that the owner wrote and heard nothing."""
        case = await request.services.case_closing.tried(request.arg(), await request.staff())
        await redraw(self.bot, request, case)

    @pressed("case:v1:more")
    async def more(self, request: Request) -> None:
        """Show everything else there is to do with a case."""
        member = await request.staff()
        case = await request.services.case_desk.visible(request.arg(), member)
        view = await view_of(self.bot, case)
        await request.reply(more_card(request.words, view, member, request.now))

    @pressed("case:v1:write")
    async def write(self, request: Request) -> None:
        """Open the private thread in which the owner and the person write."""
        member = await request.staff()
        case = await request.services.case_circle.may_write(request.arg(), member)
        await request.defer()
        thread_id = await self.bot.case_hands.open_thread(case, member)
        words = request.words
        body = [
            words("care.thread.ready", thread=f"<#{thread_id}>"),
            words("care.thread.ready_after"),
        ]
        await request.reply(Card(title=words("care.thread.title"), body=body))

    @form("case:v1:note")
    async def note_form(self, request: Request) -> Form:
        """Ask for a note."""
        case = await request.services.case_desk.visible(request.arg(), await request.staff())
        words = request.words
        field = TextField(
            key=WORDS,
            label=words("care.case.note_field"),
            description=words("care.case.note_hint"),
            long=True,
            required=False,
        )
        title = words("care.case.note_title", ref=case.ref)
        return Form.of("case:v1:note", case.id, title=title, fields=[field])

    @submits("case:v1:note")
    async def note(self, request: Request) -> None:
        """Keep a note."""
        if not (text := request.text(WORDS)):
            raise UserError("care.case.note_empty")
        member = await request.staff()
        case = await request.services.case_desk.note(request.arg(), member, text)
        await request.say("care.case.note_saved", ref=case.ref)

    @pressed("case:v1:open")
    async def open_case(self, request: Request) -> None:
        """Open a case's content, or ask for the reason first."""
        member = await request.staff()
        file = await request.services.case_desk.open_file(request.arg(), member)
        if file is None:
            await request.open(await self.reason_form(request))
            return
        await self._show_file(request, file)

    @form("case:v1:reason")
    async def reason_form(self, request: Request) -> Form:
        """Ask why a case must be opened."""
        case = await request.services.case_desk.visible(request.arg(), await request.staff())
        words = request.words
        field = TextField(
            key=WORDS,
            label=words("care.case.reason_field", ref=case.ref),
            description=words("care.case.reason_hint"),
            long=True,
            required=False,
            max_length=1000,
        )
        title = words("care.case.reason_title")
        return Form.of("case:v1:reason", case.id, title=title, fields=[field])

    @submits("case:v1:reason")
    async def open_with_reason(self, request: Request) -> None:
        """Open a case with a reason, which the leads learn at once."""
        if not (reason := request.text(WORDS)):
            raise UserError("care.case.reason_empty")
        member = await request.staff()
        desk = request.services.case_desk
        file = await desk.open_file(request.arg(), member, reason=reason)
        if file is not None:
            await self._show_file(request, file)

    async def _show_file(self, request: Request, file: CaseFile) -> None:
        profile = request.services.profiles.get(file.case.user_id)
        theirs = request.content.texts(profile.locale if profile else request.locale)
        guild_id = self.bot.services.programme.current.guild_id
        hits = await request.services.watch_desk.of_case(file.case.id)
        card = file_card(request.words, file, theirs, guild_id, request.zone, hits=hits)
        await request.reply(card)

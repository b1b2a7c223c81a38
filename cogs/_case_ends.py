"""Passing a case on, changing how soon it must be looked at, and ending it."""

from bot.client import Bot
from bot.domain.case import Case, Resolution, Severity
from bot.errors import UserError
from bot.ui.cards import Card, Option
from bot.ui.case_work import hand_card
from bot.ui.forms import Field, Form, RadioField, TextField
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from cogs._case_views import redraw

WORDS = "words"
ENDING = "ending"
LEVEL = "level"


class CaseEndsCog(FeatureCog[Bot]):
    """Where a case goes next, or how it ends."""

    @pressed("case:v1:hand")
    async def hand(self, request: Request) -> None:
        """Ask to whom a case goes."""
        member = await request.staff()
        colleagues = await request.services.case_handover.colleagues(request.arg(), member)
        case = await request.services.case_desk.visible(request.arg(), member)
        guild = request.interaction.guild
        named = []
        for one in colleagues:
            known = guild.get_member(one.user_id) if guild else None
            name = known.display_name if known else request.words("care.hand.no_name")
            named.append((name, one.user_id, request.services.duty.is_on(one.user_id)))
        await request.update(hand_card(request.words, case, named))

    @pressed("case:v1:offer")
    async def offer(self, request: Request) -> None:
        """Offer a case to a colleague."""
        await self.offer_to(request, int(request.selected[0]))

    async def offer_to(self, request: Request, to: int) -> None:
        """Offer a case to a colleague and say what happens now."""
        member = await request.staff()
        case = await request.services.case_handover.offer(request.arg(), member, to)
        said = request.words("care.hand.offered", ref=case.ref, who=f"<@{to}>")
        await request.update(Card(body=said))

    @pressed("case:v1:decline")
    async def decline(self, request: Request) -> None:
        """Say that one cannot take an offered case now."""
        case = await request.services.case_handover.decline(request.arg(), await request.staff())
        await request.say("care.hand.declined", ref=case.ref)

    @form("case:v1:shift")
    async def shift_form(self, request: Request) -> Form:
        """Ask what the next shift should know."""
        case = await self._visible(request)
        words = request.words
        title = words("care.hand.title", ref=case.ref)
        field = self._note(request, "care.hand.note")
        return Form.of("case:v1:shift", case.id, title=title, fields=[field])

    @submits("case:v1:shift")
    async def shift(self, request: Request) -> None:
        """Let a case wait for the next shift."""
        case = await request.services.case_handover.to_next_shift(
            request.arg(), await request.staff(), request.text(WORDS)
        )
        await redraw(self.bot, request, case)

    @form("case:v1:severity")
    async def severity_form(self, request: Request) -> Form:
        """Ask how soon a case must be looked at."""
        case = await self._visible(request)
        words = request.words
        levels = [
            Option(
                value=str(level.value),
                label=words(f"care.severity.p{level.value}"),
                description=words(f"care.severity_form.p{level.value}"),
            )
            for level in Severity
        ]
        fields: list[Field] = [
            RadioField(
                key=LEVEL,
                label=words("care.severity_form.field"),
                options=levels,
                value=str(case.severity.value),
            ),
            self._note(request, "care.severity_form.note"),
        ]
        title = words("care.severity_form.title", ref=case.ref)
        return Form.of("case:v1:severity", case.id, title=title, fields=fields)

    @submits("case:v1:severity")
    async def severity(self, request: Request) -> None:
        """Change how soon a case must be looked at."""
        if (level := request.choice(LEVEL)) is None:
            raise UserError("care.severity_form.missing")
        await self.rate(request, Severity(int(level)), request.text(WORDS))

    async def rate(self, request: Request, level: Severity, text: str = "") -> None:
        """Change a severity and show the case as it is now."""
        member = await request.staff()
        case = await request.services.case_handover.rate(request.arg(), member, level, text)
        await redraw(self.bot, request, case)

    @form("case:v1:close")
    async def close_form(self, request: Request) -> Form:
        """Ask how a case ended."""
        case = await self._visible(request)
        words = request.words
        endings = [
            Option(value=ending.value, label=words(f"care.resolution.{ending.value}"))
            for ending in Resolution
        ]
        fields: list[Field] = [
            RadioField(key=ENDING, label=words("care.case.close_field"), options=endings),
            self._note(request, "care.case.close_note"),
        ]
        title = words("care.case.close_title", ref=case.ref)
        return Form.of("case:v1:close", case.id, title=title, fields=fields)

    @submits("case:v1:close")
    async def close(self, request: Request) -> None:
        """Close a case, or ask its person first."""
        if (ending := request.choice(ENDING)) is None:
            raise UserError("care.case.close_missing")
        case = await request.services.case_closing.close(
            request.arg(), await request.staff(), Resolution(ending), request.text(WORDS)
        )
        await redraw(self.bot, request, case)
        if not case.is_closed:
            await request.say("care.close.person_asked", ref=case.ref)

    @form("case:v1:close_late")
    async def close_late_form(self, request: Request) -> Form:
        """Ask a clinician for a note on a case whose person did not answer."""
        case = await self._visible(request)
        title = request.words("care.case.close_title", ref=case.ref)
        field = self._note(request, "care.case.close_note")
        return Form.of("case:v1:close_late", case.id, title=title, fields=[field])

    @submits("case:v1:close_late")
    async def close_late(self, request: Request) -> None:
        """Close a case whose person said nothing for three days."""
        case = await request.services.case_closing.close_unanswered(
            request.arg(), await request.staff(), request.text(WORDS)
        )
        await redraw(self.bot, request, case)

    @form("case:v1:reopen")
    async def reopen_form(self, request: Request) -> Form:
        """Ask why a case is opened again."""
        case = await self._visible(request)
        title = request.words("care.more.reopen_title", ref=case.ref)
        field = self._note(request, "care.more.reopen_note")
        return Form.of("case:v1:reopen", case.id, title=title, fields=[field])

    @submits("case:v1:reopen")
    async def reopen(self, request: Request) -> None:
        """Open a closed case again."""
        case = await request.services.case_closing.reopen(
            request.arg(), await request.staff(), request.text(WORDS)
        )
        await redraw(self.bot, request, case)

    async def _visible(self, request: Request) -> Case:
        return await request.services.case_desk.visible(request.arg(), await request.staff())

    def _note(self, request: Request, key: str) -> TextField:
        return TextField(
            key=WORDS, label=request.words(key), long=True, required=False, max_length=1000
        )

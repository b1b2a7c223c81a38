"""The questions of the check-in: clinicians change them without touching a file."""

from typing import Any

import discord

from bot.checks import StaffGroup
from bot.client import Bot
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.prompt_edit import DEFAULT_LOCALE, Edition, Wording, in_language
from bot.domain.prompt_set import QuestionKind
from bot.errors import UserError
from bot.services.prompt_sets import EDITORS
from bot.ui.cards import Card
from bot.ui.checkin import questions_form
from bot.ui.forms import Form
from bot.ui.prompts import (
    EDIT,
    MUST,
    OWN,
    PREVIEW,
    TITLE,
    edit_form,
    own_form,
    previewed_card,
    question_card,
    set_card,
    title_form,
)
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, pressed, submits

SPARE, OWN_KIND = "spare", "own"


class PromptCog(FeatureCog[Bot]):
    """Shows, changes, previews and publishes the questions."""

    prompts = StaffGroup(name="prompts", description="The questions of the check-in")

    @prompts.command()
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """See the questions of the check-in, and change them."""
        await self.open(self.bot.request(interaction))

    @prompts.command()
    async def preview(self, interaction: discord.Interaction[Any]) -> None:
        """Open the check-in as it would look now. Nothing is kept."""
        request = self.bot.request(interaction)
        await request.open(await self.preview_form(request))

    @pressed("prompts:v1:open")
    async def open(self, request: Request) -> None:
        """Show the questions in a language."""
        await request.update(await self._card(request, self._locale(request)))

    @pressed("prompts:v1:question")
    async def question(self, request: Request) -> None:
        """Show one question."""
        if not request.selected:
            raise UserError("core.old_card")
        await self._show_question(request, request.selected[0])

    @form(TITLE)
    async def title_form(self, request: Request) -> Form:
        """Ask for the title and the window."""
        sets, locale = await self._working(request)
        return title_form(request.words, in_language(sets, locale), locale)

    @submits(TITLE)
    async def title(self, request: Request) -> None:
        """Take in the title and the window."""
        member, locale = await request.staff(), self._locale(request)
        hours = _number(request.text("hours"))
        await request.services.prompt_sets.retitle(member, locale, request.text("title"), hours)
        await request.update(await self._card(request, locale))

    @form(EDIT)
    async def edit_form(self, request: Request) -> Form:
        """Ask for a question's wording."""
        sets, locale = await self._working(request)
        question = in_language(sets, locale).question(request.arg(1))
        if question is None:
            raise UserError("prompts.gone")
        return edit_form(request.words, question, locale)

    @submits(EDIT)
    async def edit(self, request: Request) -> None:
        """Take in a question's wording."""
        member, locale = await request.staff(), self._locale(request)
        await request.services.prompt_sets.reword(
            member, locale, request.arg(1), _wording(request), is_optional=_is_optional(request)
        )
        await self._show_question(request, request.arg(1))

    @pressed("prompts:v1:add")
    async def add(self, request: Request) -> None:
        """Add a question that comes with the program, or ask for a new one."""
        chosen, _, name = (request.selected[0] if request.selected else "").partition("-")
        member, locale = await request.staff(), self._locale(request)
        if chosen == SPARE:
            await request.services.prompt_sets.add_spare(member, name)
            await request.update(await self._card(request, locale))
        elif chosen == OWN_KIND:
            request.services.prompt_sets.editor(member)
            await request.open(own_form(request.words, carried(QuestionKind, name), locale))
        else:
            raise UserError("core.old_card")

    @form(OWN)
    async def own_form(self, request: Request) -> Form:
        """Ask for a new question."""
        _, locale = await self._working(request)
        return own_form(request.words, carried(QuestionKind, request.arg(1)), locale)

    @submits(OWN)
    async def own(self, request: Request) -> None:
        """Take in a new question."""
        member, locale = await request.staff(), self._locale(request)
        await request.services.prompt_sets.add(
            member,
            carried(QuestionKind, request.arg(1)),
            _wording(request),
            is_optional=_is_optional(request),
        )
        await request.update(await self._card(request, locale))

    @pressed("prompts:v1:up")
    async def up(self, request: Request) -> None:
        """Move a question up."""
        member = await request.staff()
        await request.services.prompt_sets.move(member, request.arg(1), -1)
        await self._show_question(request, request.arg(1))

    @pressed("prompts:v1:down")
    async def down(self, request: Request) -> None:
        """Move a question down."""
        member = await request.staff()
        await request.services.prompt_sets.move(member, request.arg(1), 1)
        await self._show_question(request, request.arg(1))

    @pressed("prompts:v1:remove")
    async def remove(self, request: Request) -> None:
        """Take a question out."""
        await request.services.prompt_sets.remove(await request.staff(), request.arg(1))
        await request.update(await self._card(request, self._locale(request)))

    @form(PREVIEW)
    async def preview_form(self, request: Request) -> Form:
        """Open the form exactly as it would look."""
        await request.staff()
        locale = self._locale(request)
        sets, _ = await request.services.prompt_sets.working()
        prompt_set = in_language(sets, locale)
        words = self.bot.catalog.words(locale)
        return questions_form(words, prompt_set, PREVIEW, locale, title=prompt_set.title)

    @submits(PREVIEW)
    async def previewed(self, request: Request) -> None:
        """Keep nothing of a preview."""
        await request.reply(previewed_card(request.words))

    @pressed("prompts:v1:publish")
    async def publish(self, request: Request) -> None:
        """Ask the changed questions from now on."""
        edition = await request.services.prompt_sets.publish(await request.staff())
        await self._log(request, edition)
        await request.update(await self._card(request, self._locale(request)))

    @pressed("prompts:v1:discard")
    async def discard(self, request: Request) -> None:
        """Throw the changes away."""
        await request.services.prompt_sets.discard(await request.staff())
        await request.update(await self._card(request, self._locale(request)))

    @pressed("prompts:v1:put_back")
    async def put_back(self, request: Request) -> None:
        """Ask the questions that came with the program again."""
        edition = await request.services.prompt_sets.put_back(await request.staff())
        await self._log(request, edition)
        await request.update(await self._card(request, self._locale(request)))

    async def _log(self, request: Request, edition: Edition) -> None:
        actor = Subject.staff(request.user_id)
        await request.services.audit.record(
            actor, AuditAction.PROMPT_SET_PUBLISHED, PROGRAMME, version=edition.version
        )

    async def _working(self, request: Request) -> tuple[Any, str]:
        request.services.prompt_sets.editor(await request.staff())
        sets, _ = await request.services.prompt_sets.working()
        return sets, self._locale(request)

    async def _show_question(self, request: Request, key: str) -> None:
        sets, locale = await self._working(request)
        prompt_set = in_language(sets, locale)
        question = prompt_set.question(key)
        if question is None:
            raise UserError("prompts.gone")
        await request.update(question_card(request.words, prompt_set, question, locale))

    async def _card(self, request: Request, locale: str) -> Card:
        member = await request.staff()
        service = request.services.prompt_sets
        sets, is_changed = await service.working()
        return set_card(
            request.words,
            sets,
            service.spares(sets),
            service.current,
            locale,
            is_changed=is_changed,
            may_edit=member.role in EDITORS,
        )

    def _locale(self, request: Request) -> str:
        wished = request.args[0] if request.args else request.words.locale
        return wished if wished in self.bot.catalog.languages else DEFAULT_LOCALE


def _wording(request: Request) -> Wording:
    lines = (line.strip() for line in request.text("options").splitlines())
    return Wording(
        label=request.text("label"),
        description=request.text("description"),
        options=[line for line in lines if line],
    )


def _is_optional(request: Request) -> bool:
    return request.choice("optional") != MUST


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise UserError("prompts.window_range") from error


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PromptCog(bot))

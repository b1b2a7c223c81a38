"""The plan of two people: drafts, versions, names under them, and each one's private page."""

from collections.abc import Mapping

from bot.client import Bot
from bot.content.couple_texts import CoupleTexts, PlanTemplate
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.domain.plan import PlanDraft, PlanSection, PlanVersion, Signing
from bot.errors import UserError
from bot.services.pair_mail import PAIR
from bot.services.plans import PLAN, PLAN_REVIEW
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.plans import (
    DAY,
    TEXT,
    begin_card,
    draft_card,
    file_card,
    page_card,
    page_form,
    plan_card,
    review_form,
    section_form,
    template_texts,
    version_card,
    versions_card,
)
from bot.ui.private import private_form, private_gate
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, opens, pressed, submits
from cogs._typed_day import typed_day


class PlanCog(FeatureCog[Bot]):
    """Shows the plan to each of the two; all of it is behind the private word."""

    @pressed("plan:v1:open")
    async def show(self, request: Request) -> None:
        """Show the plan."""
        if await private_gate(request):
            space = await self._space(request)
            await request.update(await self._plan(request, space))

    @pressed("plan:v1:versions")
    async def versions(self, request: Request) -> None:
        """List the versions."""
        if await private_gate(request):
            space = await self._space(request)
            versions = await request.services.plans.versions(space)
            await request.update(versions_card(request.words, space, versions))

    @pressed("plan:v1:version")
    async def version(self, request: Request) -> None:
        """Show one version."""
        if await private_gate(request):
            space = await self._space(request)
            version = await request.services.plans.version(space, request.arg(1))
            await request.update(await self._version(request, space, version))

    @pressed("plan:v1:file")
    async def file(self, request: Request) -> None:
        """Hand the plan over as a file, once both have signed it."""
        if await private_gate(request):
            space = await self._space(request)
            version = await request.services.plans.signed(space, request.arg(1))
            await request.update(file_card(request.words, space, version))

    @pressed("plan:v1:sign")
    async def sign(self, request: Request) -> None:
        """Put someone's name under a version; where a newer one came, show that one."""
        participant = await request.participant()
        if not await private_gate(request):
            return
        space, plans = await self._space(request), request.services.plans
        signing = await plans.sign(participant, space, request.arg(1))
        version = await plans.version(space, request.arg(1))
        if signing is Signing.STALE:
            version = (await plans.versions(space))[0]
        notice = request.words(f"plan.signing.{signing.value}")
        await request.update(await self._version(request, space, version, notice))

    @pressed("plan:v1:draft")
    async def draft(self, request: Request) -> None:
        """Show someone's own draft, or ask what it begins with."""
        if not await private_gate(request):
            return
        space, plans = await self._space(request), request.services.plans
        draft = await plans.draft(space)
        if draft is not None:
            await self._show_draft(request, space, draft)
            return
        latest = (await plans.view(space)).latest
        templates = self._texts(request).plans
        await request.update(begin_card(request.words, space, templates, latest))

    @pressed("plan:v1:template")
    async def template(self, request: Request) -> None:
        """Begin with the words of a template."""
        space = await self._space(request)
        if not await private_gate(request, f"plan:v1:draft:{space.pair_id}"):
            return
        template = self._texts(request).by_id.get(request.selected[0])
        if not isinstance(template, PlanTemplate):
            raise UserError("core.old_card")
        await self._begin(request, space, template_texts(template))

    @pressed("plan:v1:empty")
    async def empty(self, request: Request) -> None:
        """Begin with nothing."""
        if await private_gate(request):
            await self._begin(request, await self._space(request), {})

    @pressed("plan:v1:change")
    async def change(self, request: Request) -> None:
        """Begin with the words of a version."""
        if await private_gate(request):
            space = await self._space(request)
            version = await request.services.plans.version(space, request.arg(1))
            await self._begin(request, space, version.words_for(space.mine))

    @pressed("plan:v1:discard")
    async def discard(self, request: Request) -> None:
        """Delete someone's own draft."""
        space = await self._space(request)
        await request.services.plans.discard(space)
        notice = request.words("plan.discarded")
        await request.update(await self._plan(request, space, notice))

    @pressed("plan:v1:propose")
    async def propose(self, request: Request) -> None:
        """Put a draft before the other one."""
        participant = await request.participant()
        if not await private_gate(request):
            return
        space, plans = await self._space(request), request.services.plans
        version = await plans.propose(participant, space, seen=carried(int, request.arg(1)))
        if version is None:
            # Their draft stays; first they read what came meanwhile.
            latest = (await plans.versions(space))[0]
            notice = request.words("plan.came_meanwhile")
            await request.update(await self._version(request, space, latest, notice))
            return
        notice = request.words("plan.is_put")
        await request.update(await self._version(request, space, version, notice))

    @form("plan:v1:section")
    async def section_form(self, request: Request) -> Form:
        """Ask for one section."""
        space, section = await self._space(request), carried(PlanSection, request.arg(1))
        asked = await private_form(request)
        draft = await request.services.plans.draft(space)
        return asked or section_form(request.words, space, section, draft)

    @submits("plan:v1:section")
    async def write(self, request: Request) -> None:
        """Keep one section."""
        participant = await request.participant()
        space, plans = await self._space(request), request.services.plans
        await plans.write(
            participant, space, carried(PlanSection, request.arg(1)), request.text(TEXT)
        )
        await self._after(request, space)

    @form("plan:v1:review")
    async def review_form(self, request: Request) -> Form:
        """Ask when to look at it again."""
        return review_form(request.words, await self._space(request))

    @submits("plan:v1:review")
    async def review(self, request: Request) -> None:
        """Keep when to look at it again."""
        space = await self._space(request)
        day = typed_day(request, space, request.text(DAY))
        await request.services.plans.set_review(space, day)
        await self._after(request, space)

    @pressed("plan:v1:page")
    async def page(self, request: Request) -> None:
        """Show someone's own private page."""
        if await private_gate(request):
            space = await self._space(request)
            text = await request.services.plans.page(space)
            await request.update(page_card(request.words, space, text))

    @form("plan:v1:write_page")
    async def page_form(self, request: Request) -> Form:
        """Ask for the words of the page."""
        space = await self._space(request)
        asked = await private_form(request)
        text = await request.services.plans.page(space)
        return asked or page_form(request.words, space, text)

    @submits("plan:v1:write_page")
    async def write_page(self, request: Request) -> None:
        """Keep someone's own private page."""
        participant = await request.participant()
        space = await self._space(request)
        text = request.text(TEXT)
        await request.services.plans.write_page(participant, space, text)
        notice = request.words("plan.page.saved")
        await request.update(page_card(request.words, space, text, notice))

    @opens(PLAN.name)
    async def put_note(self, request: Request, note: Note) -> None:
        """Show the plan: a version was put forward, or signed."""
        await self._open_note(request, note)

    @opens(PLAN_REVIEW.name)
    async def review_note(self, request: Request, note: Note) -> None:
        """Show the plan, which is to be looked at again."""
        await self._open_note(request, note, request.words("plan.look_again"))

    async def _open_note(self, request: Request, note: Note, notice: str | None = None) -> None:
        participant = await request.participant()
        if not await private_gate(request, f"note:v1:open:{note.id}"):
            return
        space = await request.services.pairs.space(participant, Tool.PLAN, note.args[PAIR])
        await request.reply(await self._plan(request, space, notice))

    async def _plan(self, request: Request, space: Space, notice: str | None = None) -> Card:
        view = await request.services.plans.view(space)
        return plan_card(request.words, space, view, notice)

    async def _version(
        self, request: Request, space: Space, version: PlanVersion, notice: str | None = None
    ) -> Card:
        latest = (await request.services.plans.versions(space))[0]
        is_latest = latest.id == version.id
        return version_card(request.words, space, version, is_latest=is_latest, notice=notice)

    async def _begin(
        self, request: Request, space: Space, texts: Mapping[PlanSection, str]
    ) -> None:
        """Begin a draft; one there is stays as it is, and is shown."""
        draft, notice = await request.services.plans.draft(space), None
        if draft is None:
            draft = await request.services.plans.begin(space, texts)
        else:
            notice = request.words("plan.draft_is_there")
        await self._show_draft(request, space, draft, notice)

    async def _after(self, request: Request, space: Space) -> None:
        """Show the draft after something was written."""
        draft = await request.services.plans.draft(space)
        await self._show_draft(request, space, draft or PlanDraft())

    async def _show_draft(
        self, request: Request, space: Space, draft: PlanDraft, notice: str | None = None
    ) -> None:
        view = await request.services.plans.view(space)
        await request.update(draft_card(request.words, space, draft, view, notice))

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.PLAN, request.arg())

    def _texts(self, request: Request) -> CoupleTexts:
        return request.content.texts(request.locale).couples


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PlanCog(bot))

"""The team list: who is on it, and codes for those who join."""

from typing import Any, Literal

import discord
from discord import app_commands

from bot.builder.roles import DiscordRoles
from bot.checks import StaffGroup, home, is_lead, is_staff
from bot.client import Bot
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.building import BuildError
from bot.services.team import RoleGap
from bot.ui.people import code_card, enrolled_card, person_card, removed_card, team_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed
from bot.ui.setup import gap_lines


class PeopleCog(FeatureCog[Bot]):
    """`/people` and its cards; for leads."""

    people = StaffGroup(
        name="people",
        description="The team: who is on it",
        check=is_lead,
        own={"reset-word": is_staff},
    )

    @people.command(name="add")
    async def add(
        self,
        interaction: discord.Interaction[Any],
        user: discord.User,
        role: Literal["moderator", "clinician", "lead"],
    ) -> None:
        """Add someone to the team, or change what they do.

        Args:
            user: Who.
            role: What this person does.
        """
        await self._enrol(self.bot.request(interaction), user.id, StaffRole(role))

    @people.command(name="remove")
    async def remove(self, interaction: discord.Interaction[Any], user: discord.User) -> None:
        """Take someone off the team.

        Args:
            user: Who.
        """
        await self._let_go(self.bot.request(interaction), user.id)

    @people.command(name="list")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show who is on the team."""
        await self.show_team(self.bot.request(interaction))

    @people.command(name="code")
    async def code(
        self,
        interaction: discord.Interaction[Any],
        number: app_commands.Range[str, 1, 12] | None = None,
    ) -> None:
        """Make a join code for one person.

        Args:
            number: Their number in your own records, such as P-104; the next free one otherwise.
        """
        await self._issue(self.bot.request(interaction), number)

    @people.command(name="reset-word")
    async def reset_word(self, interaction: discord.Interaction[Any], user: discord.User) -> None:
        """Reset the private word of someone who is with you and lost it.

        Args:
            user: Whose word.
        """
        request = self.bot.request(interaction)
        await request.services.private_word.reset(user.id, await request.staff())
        await request.say("people.word.reset")

    @pressed("people:v1:list")
    async def show_team(self, request: Request) -> None:
        """Show the team list."""
        await is_lead(request)
        on_duty = {member.user_id for member in request.services.duty.on_duty()}
        members = request.services.staff.members
        await request.reply(team_card(request.words, members, on_duty, request.zone))

    @pressed("people:v1:pick")
    async def pick(self, request: Request) -> None:
        """Offer what can be done about the person who was chosen."""
        await is_lead(request)
        user_id = int(request.selected[0])
        member = request.services.staff.get(user_id)
        await request.reply(person_card(request.words, user_id, member))

    @pressed("people:v1:enrol")
    async def enrol(self, request: Request) -> None:
        """Enrol the person on the card."""
        await is_lead(request)
        await self._enrol(request, int(request.arg(0)), StaffRole(request.arg(1)))

    @pressed("people:v1:remove")
    async def let_go(self, request: Request) -> None:
        """Take the person on the card off the list."""
        await is_lead(request)
        await self._let_go(request, int(request.arg()))

    @pressed("people:v1:code")
    async def issue(self, request: Request) -> None:
        """Make a join code for the next free number."""
        await is_lead(request)
        await self._issue(request, None)

    async def _enrol(self, request: Request, user_id: int, role: StaffRole) -> None:
        person = home(request).get_member(user_id)
        if person is None:
            raise UserError("people.not_here")
        if person.bot:
            raise UserError("people.no_bots")
        await request.defer()
        member = await request.services.team.enrol(
            user_id, role, by=request.user_id, locale=self._locale(user_id)
        )
        roles = await self._follow(request, user_id)
        await request.reply(enrolled_card(request.words, member, roles))

    async def _let_go(self, request: Request, user_id: int) -> None:
        await request.defer()
        await request.services.team.let_go(user_id, by=request.user_id)
        roles = await self._follow(request, user_id)
        await request.reply(removed_card(request.words, user_id, roles))

    async def _follow(self, request: Request, user_id: int) -> str:
        """Bring the Discord roles in line and say how that went."""
        if request.services.places.get(PlaceKey.ROLE_LEAD) is None:
            return request.words("people.done.not_set_up")
        try:
            await request.services.team.follow(DiscordRoles(home(request)), user_id)
        except BuildError as error:
            gap = RoleGap(user_id=user_id, failure=error.failure)
            return " ".join(gap_lines(request.words, [gap]))
        return request.words("people.done.followed")

    async def _issue(self, request: Request, number: str | None) -> None:
        if not request.services.programme.current.codes:
            raise UserError("people.code.off")
        issued = await request.services.joining.issue_code(request.user_id, number)
        await request.reply(code_card(request.words, issued, request.zone))

    def _locale(self, user_id: int) -> str:
        known: StaffMember | None = self.bot.services.staff.get(user_id)
        return known.locale if known else self.bot.services.programme.current.locale


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PeopleCog(bot))

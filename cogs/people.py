"""The team list: who is on it, and codes for those who join."""

from collections.abc import Iterable
from typing import Any, Literal

import discord
from discord import app_commands

from bot.builder.roles import DiscordRoles
from bot.checks import StaffGroup, home, is_lead, is_staff
from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.departure import Departure
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.building import BuildError, Failure
from bot.services.team import RoleGap
from bot.text import Words
from bot.ui.cards import Card, button
from bot.ui.people import code_card, enrolled_card, person_card, removed_card, team_card
from bot.ui.request import Request
from bot.ui.room_desk import apart_card
from bot.ui.routing import FeatureCog, pressed, renders
from bot.ui.setup import gap_lines


class PeopleCog(FeatureCog[Bot]):
    """`/people` and its cards; for leads."""

    people = StaffGroup(
        name="people",
        description="The team: who is on it",
        check=is_lead,
        own={"reset-word": is_staff},
    )

    apart = app_commands.Group(
        name="apart", description="People who share no room, group or session", parent=people
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
    async def remove(
        self,
        interaction: discord.Interaction[Any],
        user: discord.User,
        colleague: discord.User | None = None,
    ) -> None:
        """Someone leaves the team: roles, shifts and access end, requests are passed on.

        Args:
            user: Who leaves.
            colleague: Who takes over what can wait; all else rings again at once.
        """
        to = None if colleague is None else colleague.id
        await self._let_go(self.bot.request(interaction), user.id, to)

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

    @apart.command(name="add")
    async def keep_apart(
        self,
        interaction: discord.Interaction[Any],
        stays: discord.User,
        leaves: discord.User,
        reason: app_commands.Range[str, 1, 400] | None = None,
    ) -> None:
        """Keep two people apart; neither of them is told.

        Args:
            stays: Who keeps their place where both are in one room.
            leaves: Who makes way there.
            reason: Why, for the leads only.
        """
        request = self.bot.request(interaction)
        check_own_line(request, stays.id, leaves.id)
        await request.defer()
        await request.services.keep_apart.add(
            stays.id, leaves.id, by=request.user_id, reason=reason or ""
        )
        await request.say("rooms.apart.added", one=stays.mention, other=leaves.mention)

    @apart.command(name="remove")
    async def end_apart(
        self, interaction: discord.Interaction[Any], first: discord.User, second: discord.User
    ) -> None:
        """Let two people share rooms again.

        Args:
            first: The one.
            second: The other.
        """
        request = self.bot.request(interaction)
        check_own_line(request, first.id, second.id)
        await request.services.keep_apart.remove(first.id, second.id, by=request.user_id)
        await request.say("rooms.apart.removed", one=first.mention, other=second.mention)

    @apart.command(name="list")
    async def show_apart(self, interaction: discord.Interaction[Any]) -> None:
        """Show who is kept apart, and why."""
        request = self.bot.request(interaction)
        kept = request.services.keep_apart
        lines = [line for line in kept.all() if not is_own_line(request, line.users)]
        told = [(line, await kept.reason(line)) for line in lines]
        await request.reply(apart_card(request.words, told))

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
        """Take the person on the card off the list, and pass on what they have."""
        await is_lead(request)
        await self._let_go(request, int(request.arg()), None)

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
        # Their own requests must be off the board before they can see it.
        request.services.board.touch()
        roles = await self._follow(request, user_id)
        await request.reply(enrolled_card(request.words, member, roles))

    async def _let_go(self, request: Request, user_id: int, to: int | None) -> None:
        await request.defer()
        departures = request.services.departures
        departure = await departures.leave(user_id, by=request.user_id, to=to)
        keeper = DiscordRoles(home(request))
        failure = await departures.follow(keeper, departure)
        request.services.board.touch()
        await request.reply(removed_card(request.words, departure, failure))

    @renders("staff.departed")
    async def departed(self, row: OutboxRow) -> Card:
        """Tell the leads what was done when somebody left, and what is still to be done."""
        words = team_words(self.bot)
        if "late" in row.args:
            return Card(body=words("people.leaves.late", user=row.args["who"]))
        departure = Departure(
            user_id=int(row.args["who"]),
            to=int(row.args["to"]) if "to" in row.args else None,
            freed=int(row.args["freed"]),
            handed=int(row.args["handed"]),
            turns=int(row.args["turns"]),
        )
        failure = Failure(row.args["failure"]) if "failure" in row.args else None
        return removed_card(words, departure, failure)

    @renders("staff.handed")
    async def handed(self, row: OutboxRow) -> Card:
        """Tell a colleague what is theirs now; they are mentioned only while on duty."""
        to = int(row.args["to"])
        body = team_words(self.bot)("people.leaves.yours", user=to, n=int(row.args["count"]))
        ring = [to] if self.bot.services.duty.is_on(to) else []
        mine = button("case:v1:mine", label=team_words(self.bot)("care.staff_panel.mine"))
        return Card(body=body, rows=[[mine]], mentions=ring)

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


def is_own_line(request: Request, users: Iterable[int]) -> bool:
    """Tell whether a line is about the presser, or someone they are kept away from."""
    return request.user_id in request.services.duty.excluded(list(users))


def check_own_line(request: Request, *users: int) -> None:
    """Check that a lead does not judge their own line.

    Raises:
        UserError: It is about them, or about someone they are kept away from.
    """
    if is_own_line(request, users):
        raise UserError("rooms.apart.own")


def team_words(bot: Bot) -> Words:
    """Return the language of the team's channels."""
    return bot.catalog.words(bot.services.programme.current.locale)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PeopleCog(bot))

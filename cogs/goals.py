"""Goals: set one up, mark it, look at it, let it rest."""

from typing import Any, Literal

import discord
from discord import app_commands

from bot.client import Bot
from bot.content import Starter
from bot.domain.goal import CURRENT, Topic
from bot.domain.progress import Mark
from bot.errors import StoreError, UserError
from bot.ui.goal_forms import ALONE, OWN, topics_card
from bot.ui.goals import list_card, marked_card, retire_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed
from cogs._goal_cards import day_of, mark_of, show
from cogs._goal_forms import GoalFormCog, new_form
from cogs._goal_notes import GoalNoteCog
from cogs._goal_shared import SharedGoalCog

MOST_CHOICES = 25
CHOICE_LENGTH = 100


class GoalCog(FeatureCog[Bot]):
    """Lists, shows, marks and rests goals."""

    goals = app_commands.Group(name="goals", description="Your goals")

    @goals.command()
    async def add(
        self,
        interaction: discord.Interaction[Any],
        starter: str | None = None,
        topic: Literal["recovery", "emotional", "relationship", "own_life", "practical"]
        | None = None,
        together: discord.Member | None = None,
    ) -> None:
        """Set up a goal.

        Args:
            starter: An idea to start from; you can change every word
            topic: What it is about
            together: Someone to share it with, if they say yes too
        """
        request = self.bot.request(interaction)
        invite = str(together.id) if together else ALONE
        found = _starter(request, starter)
        if found is not None:
            await request.open(await new_form(request, found.topic, found.id, invite))
        elif topic is not None:
            await request.open(await new_form(request, Topic(topic), OWN, invite))
        else:
            await request.participant()
            await request.reply(topics_card(request.words, invite))

    @goals.command(name="list")
    async def list_(self, interaction: discord.Interaction[Any]) -> None:
        """See your goals."""
        await self.open_list(self.bot.request(interaction))

    @goals.command()
    async def show(self, interaction: discord.Interaction[Any], goal: str) -> None:
        """Look at one goal: its times, its plan and your days.

        Args:
            goal: Which one
        """
        request = self.bot.request(interaction)
        await show(request, goal)

    @goals.command()
    async def edit(self, interaction: discord.Interaction[Any], goal: str) -> None:
        """Change a goal or its times.

        Args:
            goal: Which one
        """
        request = self.bot.request(interaction)
        request.args = [goal]
        forms = self.bot.router.forms["goals:v1:edit"]
        await request.open(await forms.build(request))

    @goals.command()
    async def done(
        self,
        interaction: discord.Interaction[Any],
        goal: str,
        how: Literal["done", "partly", "not_today"] = "done",
    ) -> None:
        """Say how a goal went today.

        Args:
            goal: Which one
            how: How it went
        """
        await self._mark(self.bot.request(interaction), goal, Mark(how))

    @goals.command()
    async def pause(self, interaction: discord.Interaction[Any], goal: str) -> None:
        """Let a goal rest for a while.

        Args:
            goal: Which one
        """
        await self._pause(self.bot.request(interaction), goal)

    @goals.command()
    async def retire(self, interaction: discord.Interaction[Any], goal: str) -> None:
        """Put a goal away. You need no reason.

        Args:
            goal: Which one
        """
        request = self.bot.request(interaction)
        participant = await request.participant()
        part = await request.services.goals.goals.part(participant, goal)
        await request.reply(retire_card(request.words, part))

    @add.autocomplete("starter")
    async def starters(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer starters that hold what was typed."""
        request = self.bot.request(interaction)
        wanted = current.casefold()
        topic = getattr(interaction.namespace, "topic", None)
        return [
            app_commands.Choice(name=one.what[:CHOICE_LENGTH], value=one.id)
            for one in request.content.texts(request.locale).starters
            if wanted in one.what.casefold() and (topic is None or one.topic == topic)
        ][:MOST_CHOICES]

    @show.autocomplete("goal")
    @edit.autocomplete("goal")
    @done.autocomplete("goal")
    @pause.autocomplete("goal")
    @retire.autocomplete("goal")
    async def own_goals(
        self, interaction: discord.Interaction[Any], current: str
    ) -> list[app_commands.Choice[str]]:
        """Offer a person's own goals."""
        return await self._choices(self.bot.request(interaction), current)

    @pressed("goals:v1:open")
    async def open_list(self, request: Request) -> None:
        """Show a person's goals."""
        participant = await request.participant()
        lines = await request.services.goals.marks.lines(participant)
        await request.update(list_card(request.words, lines, request.zone))

    @pressed("goals:v1:show")
    async def open_one(self, request: Request) -> None:
        """Show one goal."""
        await show(request, request.selected[0] if request.selected else request.arg())

    @pressed("goals:v1:done_today")
    async def done_today(self, request: Request) -> None:
        """Mark a goal of the list."""
        if not request.selected:
            raise UserError("core.old_card")
        await self._mark(request, request.selected[0], Mark.DONE)

    @pressed("goals:v1:today")
    async def today(self, request: Request) -> None:
        """Mark today on a goal's own card."""
        await self._mark(request, request.arg(), mark_of(request.arg(1)))

    @pressed("goals:v1:mark")
    async def mark(self, request: Request) -> None:
        """Mark the time a reminder was about, however long ago it came."""
        slot = request.arg(2)
        participant = await request.participant()
        marked = await request.services.goals.marks.mark(
            participant,
            request.arg(),
            mark_of(request.arg(3)),
            day=day_of(request.arg(1)),
            slot="" if slot == "-" else slot,
        )
        await request.update(marked_card(request.words, marked))

    @pressed("goals:v1:pause")
    async def pause_one(self, request: Request) -> None:
        """Let a goal rest."""
        await self._pause(request, request.arg())

    @pressed("goals:v1:go_on")
    async def go_on(self, request: Request) -> None:
        """Take a goal up again."""
        participant = await request.participant()
        part = await request.services.goals.goals.go_on(participant, request.arg())
        await show(request, part.id, said=request.words("goals.show.goes_on"))

    async def _mark(self, request: Request, part_id: str, mark: Mark) -> None:
        participant = await request.participant()
        marked = await request.services.goals.marks.mark(participant, part_id, mark)
        await request.update(marked_card(request.words, marked))

    async def _pause(self, request: Request, part_id: str) -> None:
        participant = await request.participant()
        part = await request.services.goals.goals.pause(participant, part_id)
        await show(request, part.id, said=request.words("goals.show.rests"))

    async def _choices(self, request: Request, current: str) -> list[app_commands.Choice[str]]:
        try:
            participant = await request.participant()
            names = await request.services.goals.marks.names(participant, CURRENT)
        except (UserError, StoreError):
            return []
        wanted = current.casefold()
        return [
            app_commands.Choice(name=name[:CHOICE_LENGTH], value=part_id)
            for part_id, name in names.items()
            if wanted in name.casefold()
        ][:MOST_CHOICES]


def _starter(request: Request, starter_id: str | None) -> Starter | None:
    starters = request.content.texts(request.locale).starters
    return next((one for one in starters if one.id == starter_id), None)


async def setup(bot: Bot) -> None:
    """Add every part."""
    await bot.add_cog(GoalCog(bot))
    await bot.add_cog(GoalFormCog(bot))
    await bot.add_cog(GoalNoteCog(bot))
    await bot.add_cog(SharedGoalCog(bot))

"""Buddies: a wish, an offer, and a way out; all of it from the panel."""

from typing import Any

import discord

from bot.client import Bot
from bot.domain.ids import ParticipantId
from bot.domain.note import Note
from bot.services.buddies import BUDDY
from bot.ui.buddies import buddy_card, matches_card, offer_card, started_card
from bot.ui.cards import Card, button
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, pressed
from cogs._moderating import add_to_group


class BuddyCog(FeatureCog[Bot]):
    """Brings two together who both want it."""

    @pressed("buddies:v1:open")
    async def show(self, request: Request) -> None:
        """Show how a person's own wish stands."""
        await self._show(request)

    @pressed("buddies:v1:wish")
    async def wish(self, request: Request) -> None:
        """Keep that a person would like a buddy."""
        await request.services.buddies.wish(await request.participant())
        await self._show(request)

    @pressed("buddies:v1:unwish")
    async def unwish(self, request: Request) -> None:
        """Keep that a person would not like one any more."""
        await request.services.buddies.unwish(await request.participant())
        await self._show(request)

    @pressed("buddies:v1:yes")
    async def accept(self, request: Request) -> None:
        """Say yes; the reply is the same as for a no."""
        await self._answer(request, accepts=True)

    @pressed("buddies:v1:no")
    async def decline(self, request: Request) -> None:
        """Say no; nobody is told."""
        await self._answer(request, accepts=False)

    @pressed("buddies:v1:end")
    async def end(self, request: Request) -> None:
        """Let a buddy go; nobody is told."""
        participant = await request.participant()
        await request.services.buddies.end(request.arg(), participant)
        await request.update(Card(body=request.words("buddies.ended")))

    @opens("buddy.offered")
    async def offered(self, request: Request, note: Note) -> None:
        """Show an offer, as long as it waits for this person."""
        buddies = await request.services.buddies.mine(note.args[BUDDY], note.participant_id)
        if buddies.answer_of(note.participant_id):
            await request.say("buddies.saved")
            return
        await request.reply(offer_card(request.words, buddies))

    @opens("buddy.started")
    async def started(self, request: Request, note: Note) -> None:
        """Name the buddy, as long as it goes on for this person."""
        buddies = await request.services.buddies.mine(note.args[BUDDY], note.participant_id)
        content = request.content.texts(request.locale)
        await request.reply(started_card(request.words, content, buddies, note.participant_id))

    @opens("buddy.over")
    async def over(self, request: Request, note: Note) -> None:
        """Say that the time is over, in the same words for every reason."""
        again = button("buddies:v1:open", label=request.words("buddies.title"))
        await request.reply(Card(body=request.words("buddies.over"), rows=[[again]]))

    async def matches_command(self, interaction: discord.Interaction[Any]) -> None:
        """See who would like a buddy, and offer two people to each other."""
        await self.matches(self.bot.request(interaction))

    @pressed("buddies:v1:matches")
    async def matches(self, request: Request) -> None:
        """List who could be offered to whom."""
        member = await request.staff()
        found = await request.services.buddies.matches(member)
        await request.reply(matches_card(request.words, found))

    @pressed("buddies:v1:propose")
    async def propose(self, request: Request) -> None:
        """Offer two people to each other."""
        member = await request.staff()
        first, _, second = request.selected[0].partition(".")
        await request.services.buddies.propose(ParticipantId(first), ParticipantId(second), member)
        await request.say("buddies.proposed")

    async def _answer(self, request: Request, *, accepts: bool) -> None:
        participant = await request.participant()
        await request.services.buddies.answer(request.arg(), participant, accepts=accepts)
        await request.update(Card(body=request.words("buddies.saved")))

    async def _show(self, request: Request) -> None:
        participant = await request.participant()
        standing = await request.services.buddies.standing(participant)
        content = request.content.texts(request.locale)
        await request.update(buddy_card(request.words, content, standing, participant.id))


async def setup(bot: Bot) -> None:
    """Add the cog, and its command to the team's group."""
    cog = BuddyCog(bot)
    await bot.add_cog(cog)
    add_to_group(bot, "care", cog.matches_command, name="buddies")

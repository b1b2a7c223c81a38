"""Speak and listen: a card in the couple's thread keeps the turns by a tap."""

from bot.client import Bot
from bot.domain.delivery import OutboxRow, RefusedError
from bot.domain.pair import Pair, Space, Tool
from bot.domain.turn import Move, Turn, TurnStep
from bot.errors import UserError
from bot.services.turns import IN_THREAD, STEP, TURN
from bot.text import Words
from bot.ui.cards import Card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed, renders
from bot.ui.turns import begin_card, begun_card, kept_card, turn_card

MOVED_ON = "turns.moved_on"


class TurnCog(FeatureCog[Bot]):
    """Begins a talk, takes the taps, and asks what shall become of what was written."""

    @pressed("turns:v1:open")
    async def open(self, request: Request) -> None:
        """Say how it goes, or that a talk is on."""
        space = await self._space(request)
        turn = await request.services.alone.turns.current(space)
        await request.update(begin_card(request.words, space, turn))

    @pressed("turns:v1:begin")
    async def begin(self, request: Request) -> None:
        """Begin a talk in the thread."""
        space = await self._space(request)
        await request.services.alone.turns.begin(await request.participant(), space)
        await request.update(begun_card(request.words))

    @pressed("turns:v1:said")
    async def said(self, request: Request) -> None:
        """The speaker has spoken."""
        await self._move(request, Move.SAID)

    @pressed("turns:v1:said_back")
    async def said_back(self, request: Request) -> None:
        """The listener has said it back."""
        await self._move(request, Move.SAID_BACK)

    @pressed("turns:v1:yes")
    async def yes(self, request: Request) -> None:
        """The speaker was heard; they swap."""
        await self._move(request, Move.YES)

    @pressed("turns:v1:not_quite")
    async def not_quite(self, request: Request) -> None:
        """The speaker says it once more."""
        await self._move(request, Move.NOT_QUITE)

    @pressed("turns:v1:stop")
    async def stop(self, request: Request) -> None:
        """End the talk."""
        await self._move(request, Move.STOP)

    @pressed("turns:v1:keep")
    async def keep(self, request: Request) -> None:
        """Keep that someone would keep what was written; only both together show."""
        space = await self._space(request)
        participant = await request.participant()
        await request.services.alone.turns.keep(participant, space, request.arg(1))
        await request.reply(kept_card(request.words))

    @renders(IN_THREAD.name)
    async def card(self, row: OutboxRow) -> Card:
        """Make the card in the thread, as it stands now."""
        turn = await self.bot.services.alone.turns.get(row.args[TURN])
        pair = None if turn is None else await self.bot.services.pair_life.of_key(row.subject_id)
        if turn is None or pair is None:
            raise RefusedError("the talk is gone")
        if turn.step.value != row.args[STEP] and not turn.is_on:
            raise RefusedError("the talk has moved on")
        return self._card(turn, pair)

    async def _move(self, request: Request, move: Move) -> None:
        space = await self._space(request)
        seen = request.arg(2)
        if not seen.isdecimal():
            raise UserError("core.old_card")
        turns = request.services.alone.turns
        participant = await request.participant()
        try:
            turn = await turns.move(participant, space, request.arg(1), int(seen), move)
        except UserError as error:
            found = await turns.get(request.arg(1))
            if error.key != MOVED_ON or found is None or not found.is_on:
                raise
            # The card was left behind, as by a crash between the tap and the answer.
            turn = found
        pair = await request.services.pair_life.of_key(space.pair_id)
        if pair is None:
            raise UserError("together.closed")
        if turn.step is TurnStep.DECIDING:
            words = self._words()
            await request.rewrite(
                Card(title=words("together.tool.turns"), body=words("turns.stopped"))
            )
        else:
            await request.rewrite(self._card(turn, pair))

    def _card(self, turn: Turn, pair: Pair) -> Card:
        speaker = pair.member(turn.speaker)
        listener = pair.other(turn.speaker)
        accounts = {
            "speaker": speaker.user_id if speaker else 0,
            "listener": listener.user_id if listener else 0,
        }
        return turn_card(self._words(), turn, accounts, pair.zone)

    def _words(self) -> Words:
        return self.bot.catalog.words(self.bot.services.programme.current.locale)

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.TURNS, request.arg())


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(TurnCog(bot))

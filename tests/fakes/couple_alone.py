"""What one does alone, or in turns with the other one: built on a world of two."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.domain.case import CaseSource
from bot.domain.delivery import DeliveryError
from bot.domain.turn import Move, Turn, TurnStep
from bot.services.alone_group import AloneGroup, build_alone
from bot.services.pair_group import PairGroup
from bot.services.pair_mail import PairMail
from bot.store.own_notes import OwnNoteStore
from bot.store.pair_screening import PairScreeningStore
from bot.store.sayings import SayingStore
from bot.store.turns import TurnStore

if TYPE_CHECKING:
    from bot.store.vault import Vault
    from tests.fakes.couples import CoupleWorld

LEADS = ("I feel", "when", "I need")


@dataclass
class AloneStores:
    """What these features keep."""

    sayings: SayingStore
    own_notes: OwnNoteStore
    pair_screening: PairScreeningStore
    turns: TurnStore


class Eraser:
    """Removes words from threads, or cannot."""

    def __init__(self) -> None:
        self.erased: list[tuple[int, frozenset[int], datetime, datetime]] = []
        self.broken: DeliveryError | None = None

    async def erase(
        self, thread_id: int, authors: Collection[int], since: datetime, until: datetime
    ) -> None:
        """Remove what was written."""
        if self.broken is not None:
            raise self.broken
        self.erased.append((thread_id, frozenset(authors), since, until))


def alone_of(world: "CoupleWorld", group: PairGroup, mail: PairMail, vault: "Vault") -> AloneGroup:
    """Build the services on a world's files, and let a person see what they show."""
    database = world.database
    world.observers += [own, talked]
    return build_alone(
        AloneStores(
            SayingStore(database, vault),
            OwnNoteStore(database, vault),
            PairScreeningStore(database),
            TurnStore(database),
        ),
        group,
        pairs=world.pair_store,
        mail=mail,
        database=database,
        schedules=world.schedules,
        outbox=world.outbox,
        profiles=world.profiles,
        clock=world.clock,
    )


async def own(world: "CoupleWorld", user_id: int) -> Any:
    """Return what somebody keeps for themselves, and their own yes to a look at the thread."""
    person = await world.person(user_id)
    spaces = await world.pairs.spaces(person.id)
    return (
        [(one.text, one.at) for one in await world.alone.sayings.drafts(person)],
        [one.text for one in await world.alone.own_notes.strengths(person)],
        [one.text for one in await world.alone.own_notes.looks(person)],
        [await world.alone.screening.wants(space) for space in spaces],
    )


async def talked(world: "CoupleWorld", user_id: int) -> Any:
    """Return the talk in turns that is on, as both see it."""
    found = []
    for space in await world.pairs.spaces((await world.person(user_id)).id):
        turn = await world.alone.turns.current(space)
        if turn is not None:
            found.append((turn.step, turn.moves, turn.speaker == space.mine, turn.ends_at))
    return found, len(world.eraser.erased)


async def draft(world: "CoupleWorld", user_id: int) -> str:
    """Make words, and keep them."""
    person = await world.person(user_id)
    parts = ["tense", "plans change", "a message"]
    saying = await world.alone.sayings.write(person, "i_statement", LEADS, parts)
    return saying.id


async def keep_words(world: "CoupleWorld", user_id: int) -> None:
    """Make words, and keep them."""
    await draft(world, user_id)


async def say(world: "CoupleWorld", user_id: int) -> None:
    """Make words, and send them."""
    made = await draft(world, user_id)
    person, space = await world.person(user_id), await world.space(user_id)
    await world.alone.sayings.send(person, space, made)


async def add_strength(world: "CoupleWorld", user_id: int) -> None:
    """Write a strength down."""
    await world.alone.own_notes.add_strength(await world.person(user_id), f"I am {user_id}")


async def look(world: "CoupleWorld", user_id: int) -> None:
    """Look at what one carries."""
    await world.alone.own_notes.look(await world.person(user_id), ["calls", "money"])


async def screening_yes(world: "CoupleWorld", user_id: int) -> None:
    """Say yes to a look at the thread."""
    await world.alone.screening.say(await world.space(user_id), yes=True)


async def screening_no(world: "CoupleWorld", user_id: int) -> None:
    """Take a yes back."""
    await world.alone.screening.say(await world.space(user_id), yes=False)


async def talk_alone(world: "CoupleWorld", user_id: int) -> None:
    """Say yes to the safety question, or tick the same box of the check-in."""

    await world.cases.ask(user_id, CaseSource.CHECKIN_ALONE)


async def ask_later(world: "CoupleWorld", user_id: int) -> None:
    """Put the safety question off."""
    await world.alone.safety.later(await world.person(user_id))


async def turn(world: "CoupleWorld", user_id: int) -> None:
    """Do whatever is next in a talk in turns, or begin one."""
    person, space = await world.person(user_id), await world.space(user_id)
    now = await world.alone.turns.current(space)
    if now is None:
        await world.alone.turns.begin(person, space)
    elif now.step is TurnStep.DECIDING:
        await world.alone.turns.keep(person, space, now.id)
    else:
        await world.alone.turns.move(person, space, now.id, now.moves, _next(now, person.id))


def _next(now: Turn, who: str) -> Move:
    if now.step is TurnStep.SAY_BACK:
        return Move.SAID_BACK
    if now.step is TurnStep.CHECK:
        return Move.YES
    return Move.SAID if who == now.speaker else Move.STOP

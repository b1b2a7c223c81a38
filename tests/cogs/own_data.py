"""People with their own data before them, for the stories about it."""

from typing import Any

import simcord

from bot.domain.participant import Participant
from bot.text import Words
from tests.fakes.joined import join
from tests.fakes.server import lobby, set_up
from tests.fakes.simulation import World, shown

WORD = "Blue Heron"
SECRET = "I was <b>angry</b> & sad"


class Owner:
    """Someone with a card before them."""

    def __init__(self, world: World, name: str, locale: str = "en") -> None:
        self.world = world
        self.person = world.person(name)
        self.locale = locale
        self.card: Any = None

    @property
    def words(self) -> Words:
        return self.world.app.bot.catalog.words(self.locale)

    async def me(self) -> Participant:
        found = await self.world.app.services.participants.find(self.person.id)
        assert found is not None
        return found

    async def slash(self, command: str, **options: Any) -> simcord.InteractionResult:
        result = await self.person.slash(lobby(self.world), command, **options)
        return self._seen(result)

    async def press(self, key: str) -> simcord.InteractionResult:
        """Press the button with this label, given by its locale key."""
        return self._seen(await self.person.click(self.card, label=self.words(key)))

    async def submit(
        self, opened: simcord.InteractionResult, **values: str
    ) -> simcord.InteractionResult:
        return self._seen(await self.person.submit_modal(opened, values))

    async def set_word(self, word: str = WORD) -> None:
        """Set a private word in settings."""
        await self.slash("settings")
        await self.press("settings.button.word")
        await self.submit(await self.press("private.card.set"), word=word, again=word)

    def _seen(self, result: simcord.InteractionResult) -> simcord.InteractionResult:
        if result.modal is None and shown(result) is not None:
            self.card = shown(result)
        return result


async def owner(world: World, name: str = "ana", **hours: Any) -> Owner:
    """Let someone join a programme that is set up."""
    if world.app.services.programme.current.guild_id is None:
        await set_up(world)
    await join(world, name, **hours)
    return Owner(world, name, hours.get("locale", "en"))


async def answer(ana: Owner, note: str = SECRET) -> None:
    opened = await ana.slash("checkin now")
    await ana.submit(opened, mood="bad", support="mostly", note=note)

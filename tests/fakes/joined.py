"""Joining as people do it: through the real screens."""

from dataclasses import dataclass
from typing import Any

import simcord

from bot.domain.participant import Delivery, Participant
from bot.text import Words
from tests.fakes.server import lobby
from tests.fakes.simulation import World, shown


@dataclass
class Newcomer:
    """Someone at the joining screens, with the card before them."""

    world: World
    person: simcord.MemberActor
    card: Any
    locale: str = "en"
    latest: simcord.InteractionResult | None = None

    @property
    def words(self) -> Words:
        """The language of the card."""
        return self.world.app.bot.catalog.words(self.locale)

    async def press(self, key: str) -> simcord.InteractionResult:
        """Press the button with this label, given by its locale key."""
        result = await self.person.click(self.card, label=self.words(key))
        return self._seen(result)

    async def pick(self, custom_id: str, value: str) -> simcord.InteractionResult:
        """Pick an option of a select."""
        return self._seen(await self.person.select(self.card, [value], custom_id=custom_id))

    async def submit(
        self, opened: simcord.InteractionResult, values: dict[str, Any]
    ) -> simcord.InteractionResult:
        """Send a form off."""
        return self._seen(await self.person.submit_modal(opened, values))

    async def look(self) -> None:
        """Look at the card again: it may have changed by itself."""
        await self.world.env.settle()
        if self.latest is not None:
            self.card = shown(self.latest)

    def _seen(self, result: simcord.InteractionResult) -> simcord.InteractionResult:
        if result.modal is None and shown(result) is not None:
            self.latest = result
            self.card = shown(result)
        return result


async def at_the_door(world: World, name: str) -> Newcomer:
    """Open `/menu` and press *Join*."""
    person = world.person(name)
    newcomer = Newcomer(world, person, shown(await person.slash(lobby(world), "menu")))
    await newcomer.press("panel.join")
    return newcomer


async def confirm_adult(newcomer: Newcomer, code: str | None = None) -> None:
    """Say that one is 18, and give the code where the programme takes one."""
    services = newcomer.world.app.services
    opened = await newcomer.press("join.adult")
    if opened.modal is not None:
        if code is None:
            code = (await services.joining.issue_code(services.staff.members[0].user_id)).text
        await newcomer.submit(opened, {"code": code})


async def answer_hours(
    newcomer: Newcomer,
    *,
    zone: str = "America/New_York",
    locale: str = "en",
    daily: bool = True,
    weekday: str | None = None,
    weekend: str | None = None,
) -> None:
    """Fill in the second screen."""
    if locale != newcomer.locale:
        await newcomer.pick("settings:v1:set_language:join", locale)
        newcomer.locale = locale
    opened = await newcomer.press("settings.zone.type_place")
    await newcomer.submit(opened, {"place": zone})
    await newcomer.press(f"join.hours.daily_{'yes' if daily else 'no'}")
    if weekday or weekend:
        opened = await newcomer.press("settings.button.times")
        times = {"weekday": weekday or "18:00", "weekend": weekend or "11:00"}
        await newcomer.submit(opened, times)
    await newcomer.press("join.go_on")


async def choose_way(newcomer: Newcomer, way: Delivery = Delivery.THREAD) -> None:
    """Fill in the third screen, and tap the test note where one comes."""
    await newcomer.press(f"join.way.{way}")
    if way is Delivery.NOTHING:
        return
    await newcomer.world.run_due()
    newcomer.card = shown(await open_note(newcomer.world, newcomer.person, newcomer.words))


async def open_note(
    world: World, person: simcord.MemberActor, words: Words
) -> simcord.InteractionResult:
    """Tap *Open* on a person's newest note."""
    note = await last_note(world, person)
    hands = person if note.guild else person.user
    return await hands.click(note, label=words("core.note_open"))


def options(message: Any, custom_id: str) -> list[str]:
    """Return what a select offers, by value."""
    found: list[str] = []

    def walk(component: dict[str, Any]) -> None:
        if component.get("custom_id") == custom_id:
            found.extend(option["value"] for option in component["options"])
        for child in component.get("components", ()):
            walk(child)

    for component in message.components:
        walk(component if isinstance(component, dict) else component.to_dict())
    return found


async def own_thread(world: World, person: simcord.MemberActor) -> simcord.ChannelHandle | None:
    """Return a person's private thread, once there is one."""
    participant = await world.app.services.participants.find(person.id)
    thread_id = participant.preferences.thread_id if participant else None
    threads = [
        thread
        for channel in world.guild.channels.values()
        if hasattr(channel, "threads")
        for thread in channel.threads
    ]
    return next((thread for thread in threads if thread.id == thread_id), None)


async def last_note(world: World, person: simcord.MemberActor) -> Any:
    """Return the newest note of a person, wherever it went."""
    places = [person.user.dm_channel, await own_thread(world, person)]
    messages = [message for place in places if place for message in place.history()]
    notes = [message for message in messages if message.content]
    assert notes, "no note came"
    return max(notes, key=lambda message: message.id)


async def join(
    world: World,
    name: str,
    *,
    way: Delivery = Delivery.THREAD,
    code: str | None = None,
    **hours: Any,
) -> Participant:
    """Let a person join through the three screens; the server must be set up.

    Args:
        world: The simulated world.
        name: The person's name; also `world.person(name)`.
        way: Where their notes go.
        code: The join code; one is issued where the programme takes one.
        hours: `zone`, `locale`, `daily`, `weekday`, `weekend` of the second screen.
    """
    newcomer = await at_the_door(world, name)
    await confirm_adult(newcomer, code)
    await answer_hours(newcomer, **hours)
    await choose_way(newcomer, way)
    participant = await world.app.services.participants.find(newcomer.person.id)
    assert participant is not None
    assert participant.is_active
    return participant

"""What the authored story is told with: people find things by what they read and press them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from bot.demo.actions import Actions, RefusedError, controls
from bot.demo.places import PlaceKind, list_places, visible_messages
from bot.demo.session import Session
from bot.demo.snapshot import messages, people
from bot.demo.world import PERSONAS

MENTION = re.compile(r"<@!?(\d+)>")
MOMENT = re.compile(r"<t:(\d+)(?::\w)?>")
MARKS = re.compile(r"^(?:#{1,3}|-#) ", re.MULTILINE)
TEXT_DISPLAY, BUTTON = 10, 2
SELECTS = (3, 5, 6, 7, 8)


class StoryError(Exception):
    """The story cannot go on as written: something it looks for is not there."""


class LineKind(StrEnum):
    """What a line of the story is."""

    SCENE = "scene"
    DOES = "does"
    SEES = "sees"
    FAULT = "fault"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the story, for whoever tells it."""

    kind: LineKind
    at: datetime
    who: str
    text: str


Teller: TypeAlias = Callable[[Line], None]
Part: TypeAlias = dict[str, Any]


def walk(node: Any) -> Iterator[Part]:
    """Yield every component of a message, outermost first."""
    if isinstance(node, list):
        for item in node:
            yield from walk(item)
    elif isinstance(node, dict):
        if "type" in node:
            yield node
        for name in ("components", "component", "accessory"):
            if name in node:
                yield from walk(node[name])


def plain_text(message: Mapping[str, Any]) -> str:
    """Return what a message says, with its buttons in brackets."""
    lines = [message["content"]]
    lines += [
        f"{embed.get('title', '')}\n{embed.get('description', '')}".strip()
        for embed in message["embeds"]
    ]
    buttons = []
    for part in walk(message["components"]):
        if part["type"] == TEXT_DISPLAY:
            lines.append(part["content"])
        elif part["type"] == BUTTON:
            buttons.append(f"[{part.get('label') or 'button'}]")
        elif part["type"] in SELECTS:
            buttons.append(f"[{part.get('placeholder') or 'choose'} ▾]")
        for item in part.get("items") or []:
            lines.append(f"(picture: {item.get('description') or 'no description'})")
    return "\n".join([*filter(None, lines), "  ".join(buttons)]).strip()


class Stage:
    """Lets personas act in the story, through the same door as the page."""

    def __init__(self, session: Session, teller: Teller | None = None) -> None:
        self.session = session
        self._actions = Actions(session)
        self._teller = teller
        self._known: dict[tuple[str, int], str] = {}

    def tell(self, kind: LineKind, who: str, text: str) -> None:
        """Hand a line to the teller, if there is one."""
        if self._teller is not None:
            self._teller(Line(kind=kind, at=self.session.now(), who=who, text=text))

    # What people do

    async def say(self, who: str, place: str, text: str) -> None:
        """Write in a place."""
        await self._do(
            who, f"writes in {place}: {text}", verb="send", place=self.place(who, place), text=text
        )

    async def slash(self, who: str, command: str, /, *, place: str, **options: Any) -> "Shown":
        """Use a slash command in a place."""
        given = "".join(f" {name}:{value}" for name, value in options.items())
        return await self._do(
            who,
            f"uses /{command}{given}",
            verb="slash",
            place=self.place(who, place),
            name=command,
            options=options,
        )

    async def menu(self, who: str, name: str, *, place: str, text: str) -> "Shown":
        """Use a message menu on the newest message that holds a text."""
        place_id = self.place(who, place)
        for message in reversed(messages(self.session, who, int(place_id))):
            if text in plain_text(message):
                return await self._do(
                    who,
                    f"opens the menu of a message and takes {name}",
                    verb="menu",
                    place=place_id,
                    name=name,
                    message=message["id"],
                )
        raise StoryError(f"{who} sees no message with {text!r} in {place}")

    async def press(self, who: str, wanted: str, *, place: str | None = None) -> "Shown":
        """Press the newest button with this label, or with a route that begins so."""
        place_id, message, part = self.find(who, wanted, (BUTTON,), place=place)
        return await self._do(
            who,
            f"presses [{part.get('label') or wanted}]",
            verb="click",
            place=place_id,
            message=message,
            custom_id=part["custom_id"],
        )

    async def choose(
        self, who: str, wanted: str, *labels: str, place: str | None = None
    ) -> "Shown":
        """Choose in the newest select with this placeholder or route, by the options' labels."""
        place_id, message, part = self.find(who, wanted, SELECTS, place=place)
        values = [_option(part, label) for label in labels]
        return await self._do(
            who,
            f"chooses {', '.join(labels)}",
            verb="select",
            place=place_id,
            message=message,
            custom_id=part["custom_id"],
            type=part["type"],
            values=values,
        )

    async def fill(self, shown: "Shown", **answers: Any) -> "Shown":
        """Fill in and send a form; answers go by the end of a field's custom ID or its label."""
        if shown.form is None:
            raise StoryError(f"{shown.who} was shown no form")
        values = {}
        for part in controls(shown.form):
            name = str(part["custom_id"])
            for wanted, answer in answers.items():
                if name == wanted or re.split(r"[:.]", name)[-1] == wanted:
                    values[name] = _answer(part, answer)
        if missing := len(answers) - len(values):
            known = ", ".join(part["custom_id"] for part in controls(shown.form))
            raise StoryError(f"{missing} answers fit no field; the form has {known}")
        return await self._do(
            shown.who,
            f"sends the form “{shown.form['title']}”",
            verb="submit",
            token=shown.form["token"],
            values=values,
        )

    # What people see

    def place(self, who: str, name: str) -> str:
        """Return the ID of a place by its name; `dm` is the direct messages with the bot.

        Raises:
            StoryError: This person sees no such place.
        """
        for found in reversed(list_places(self.session, who)):
            if found["kind"] is PlaceKind.CATEGORY:
                continue
            if found["name"] == name or (name == "dm" and found["kind"] is PlaceKind.DM):
                return str(found["id"])
        raise StoryError(f"{who} sees no place {name!r}")

    def find(
        self, who: str, wanted: str, kinds: tuple[int, ...], *, place: str | None = None
    ) -> tuple[str, str, Part]:
        """Find the newest pressable thing with this label or route.

        Returns:
            The place's ID, the message's ID and the component.

        Raises:
            StoryError: This person sees no such thing.
        """
        only = self.place(who, place) if place is not None else None
        found: list[tuple[int, str, Part]] = []
        for spot in list_places(self.session, who):
            if spot["kind"] is PlaceKind.CATEGORY or (only is not None and spot["id"] != only):
                continue
            for message in messages(self.session, who, int(spot["id"])):
                found += [
                    (int(message["id"]), spot["id"], part)
                    for part in walk(message["components"])
                    if part["type"] in kinds and _is(part, wanted)
                ]
        if not found:
            raise StoryError(f"{who} sees nothing called {wanted!r}")
        message_id, spot_id, part = max(found, key=lambda item: item[0])
        return spot_id, str(message_id), part

    def read(self, who: str, pattern: str, *, place: str | None = None) -> str:
        """Return the newest text before somebody's eyes that fits a pattern.

        Raises:
            StoryError: This person reads nothing like it.
        """
        only = self.place(who, place) if place is not None else None
        found = [
            (int(message["id"]), match.group())
            for spot in list_places(self.session, who)
            if spot["kind"] is not PlaceKind.CATEGORY and only in (None, spot["id"])
            for message in messages(self.session, who, int(spot["id"]))
            if (match := re.search(pattern, plain_text(message)))
        ]
        if not found:
            raise StoryError(f"{who} reads nothing like {pattern}")
        return max(found)[1]

    def look(self, who: str, *, quietly: bool = False) -> None:
        """Let somebody look at what came by itself.

        Args:
            who: The persona.
            quietly: What was there before is not told.
        """
        self._look(who, quietly=quietly)

    async def _do(self, who: str, doing: str, **asked: Any) -> "Shown":
        self._look(who, quietly=True)
        self.tell(LineKind.DOES, who, doing)
        try:
            came = await self._actions.perform(who, asked)
        except RefusedError as refusal:
            raise StoryError(f"{who} {doing}: {refusal}") from refusal
        if came.get("failed"):
            raise StoryError(f"{who} {doing}: the bot did not answer")
        self._look(who)
        return Shown(who=who, form=came.get("form"))

    def _look(self, who: str, *, quietly: bool = False) -> None:
        """Tell what is new or has changed before somebody's eyes."""
        if self._teller is None:
            return
        for spot in list_places(self.session, who):
            if spot["kind"] is PlaceKind.CATEGORY:
                continue
            fresh = {
                message.id
                for message in visible_messages(self.session, who, int(spot["id"]))
                if self._is_news(who, message)
            }
            if quietly or not fresh:
                continue
            for message in messages(self.session, who, int(spot["id"])):
                # What people write is told when they write it.
                if int(message["id"]) in fresh and message["author"]["bot"]:
                    self.tell(LineKind.SEES, who, self._in_words(who, plain_text(message)))

    def _is_news(self, who: str, message: Any) -> bool:
        text = f"{message.content}{message.components}{message.embeds}"
        was = self._known.get((who, message.id))
        self._known[who, message.id] = text
        return was != text

    def _in_words(self, who: str, text: str) -> str:
        """Put names, times and plain lines in the place of Discord's marks."""
        zone = ZoneInfo(PERSONAS[who].zone)
        names = {person["id"]: person["name"] for person in people(self.session)}
        text = MENTION.sub(lambda found: f"@{names.get(found[1], 'someone')}", text)
        text = MOMENT.sub(
            lambda found: f"{datetime.fromtimestamp(int(found[1]), zone):%A %H:%M}", text
        )
        return MARKS.sub("", text).replace("**", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What an action led to: perhaps a form, open before this person."""

    who: str
    form: Part | None = None


def _is(part: Part, wanted: str) -> bool:
    named = wanted in (part.get("label"), part.get("placeholder"))
    return (
        "custom_id" in part
        and not part.get("disabled")
        and (named or str(part["custom_id"]).startswith(wanted))
    )


def _option(part: Part, label: str) -> str:
    for option in part.get("options") or []:
        if label in (option["label"], option["value"]):
            return str(option["value"])
    if part["type"] != SELECTS[0] and part["type"] in SELECTS:
        return label
    raise StoryError(f"there is no choice {label!r} in {part.get('custom_id')}")


def _answer(part: Part, answer: Any) -> Any:
    if not part.get("options"):
        return answer
    if isinstance(answer, (list, tuple)):
        return [_option(part, item) for item in answer]
    chosen = _option(part, str(answer))
    return chosen if part["type"] not in (*SELECTS, 22) else [chosen]

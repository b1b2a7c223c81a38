"""Routes: which handler answers a press, a submit, or the opening of a note."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from discord.ext import commands

from bot.domain.delivery import OutboxRow
from bot.domain.note import Note
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.request import Host, Request

HostT = TypeVar("HostT", bound=Host)

Handler: TypeAlias = Callable[[Request], Awaitable[None]]
Builder: TypeAlias = Callable[[Request], Awaitable[Form]]
Opener: TypeAlias = Callable[[Request, Note], Awaitable[None]]
CardMaker: TypeAlias = Callable[[OutboxRow], Awaitable[Card]]
Method = Callable[..., Awaitable[Any]]

MARK = "__interlude_routes__"


@dataclass(kw_only=True, slots=True)
class FormRoute:
    """A form's builder and what takes its submit.

    Attributes:
        is_kept: What was typed is kept as a draft where the form is refused.
    """

    build: Builder
    submit: Handler | None = None
    is_kept: bool = True


@dataclass(kw_only=True, slots=True)
class Router:
    """Every route by its name, such as `checkin:v1:answer`."""

    presses: dict[str, Handler] = field(default_factory=dict)
    forms: dict[str, FormRoute] = field(default_factory=dict)
    openers: dict[str, Opener] = field(default_factory=dict)
    card_makers: dict[str, CardMaker] = field(default_factory=dict)

    def add(self, cog: "FeatureCog[Any]") -> None:
        """Take in the routes a cog declares.

        Raises:
            ValueError: Two handlers claim one route.
        """
        for mark, method in _marked(cog):
            if mark.kind == "submit":
                self.forms[mark.route].submit = method
                self.forms[mark.route].is_kept = mark.is_kept
            elif mark.kind == "form":
                self._claim(self.forms, mark.route, FormRoute(build=method))
            elif mark.kind == "press":
                self._claim(self.presses, mark.route, method)
            elif mark.kind == "card":
                self._claim(self.card_makers, mark.route, method)
            else:
                self._claim(self.openers, mark.route, method)

    def remove(self, cog: "FeatureCog[Any]") -> None:
        """Drop the routes a cog declares."""
        for mark, _ in _marked(cog):
            self.presses.pop(mark.route, None)
            self.forms.pop(mark.route, None)
            self.openers.pop(mark.route, None)
            self.card_makers.pop(mark.route, None)

    def _claim(self, table: dict[str, Any], route: str, handler: object) -> None:
        if route in table:
            raise ValueError(f"two handlers for {route}")
        table[route] = handler


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What a decorated method answers."""

    kind: str
    route: str
    is_kept: bool = True


KINDS: Mapping[str, int] = {"form": 0, "submit": 1, "press": 0, "opener": 0, "card": 0}


def _marked(cog: "FeatureCog[Any]") -> Iterator[tuple[Mark, Any]]:
    found = [
        (mark, getattr(cog, name))
        for name in dir(type(cog))
        for mark in getattr(getattr(type(cog), name), MARK, ())
    ]
    # A form comes before its submit.
    yield from sorted(found, key=lambda pair: KINDS[pair[0].kind])


def _mark(kind: str, route: str, method: Method, *, is_kept: bool = True) -> None:
    marks: list[Mark] = getattr(method, MARK, [])
    marks.append(Mark(kind=kind, route=route, is_kept=is_kept))
    setattr(method, MARK, marks)


MethodT = TypeVar("MethodT", bound=Method)


def pressed(*routes: str) -> Callable[[MethodT], MethodT]:
    """Let a method answer the press of a button or select."""

    def mark(method: MethodT) -> MethodT:
        for route in routes:
            _mark("press", route, method)
        return method

    return mark


def opens(*kinds: str) -> Callable[[MethodT], MethodT]:
    """Let a method show what a neutral note of this kind holds."""

    def mark(method: MethodT) -> MethodT:
        for kind in kinds:
            _mark("opener", kind, method)
        return method

    return mark


def renders(*kinds: str) -> Callable[[MethodT], MethodT]:
    """Let a method make the card of a message that goes to a channel: `(self, row) -> Card`."""

    def mark(method: MethodT) -> MethodT:
        for kind in kinds:
            _mark("card", kind, method)
        return method

    return mark


def form(route: str) -> Callable[[MethodT], MethodT]:
    """Let a method build the form of a route.

    A press on a component with the route opens the form; a refused submit is kept and opened
    again through the same builder.
    """

    def mark(method: MethodT) -> MethodT:
        _mark("form", route, method)
        return method

    return mark


def submits(*routes: str, is_kept: bool = True) -> Callable[[MethodT], MethodT]:
    """Let a method take the submit of a form.

    Args:
        routes: The forms.
        is_kept: What was typed is kept as a draft where it is refused; never a secret.
    """

    def mark(method: MethodT) -> MethodT:
        for route in routes:
            _mark("submit", route, method, is_kept=is_kept)
        return method

    return mark


class FeatureCog(commands.Cog, Generic[HostT]):
    """A feature's commands, listeners and routes."""

    def __init__(self, bot: HostT) -> None:
        self.bot = bot

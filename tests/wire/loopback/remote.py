"""The other end of the control interface, for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

Payload = dict[str, Any]


class RefusedError(Exception):
    """A person's client would not let them do that."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a person sees after an interaction; ``kind`` is ``None`` when nothing came."""

    interaction: int
    kind: str | None
    modal: Payload | None
    messages: list[Payload]

    @property
    def text(self) -> str:
        """Everything readable in the answer."""
        return "\n".join(text_of(message) for message in self.messages)

    @property
    def message_id(self) -> int:
        return int(self.messages[-1]["id"])


class Remote:
    """Drives a loopback Discord; a verb fails with ``RefusedError`` or ``TimeoutError``."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def call(self, verb: str, **arguments: Any) -> Any:
        """Carry out one verb of ``control.Control``."""
        assert self._session is not None
        url = f"{self._address}/control/{verb}"
        async with self._session.post(url, json=arguments) as response:
            if response.status == 408:
                raise TimeoutError((await response.json())["error"])
            if response.status == 409:
                raise RefusedError((await response.json())["error"])
            response.raise_for_status()
            return (await response.json())["result"]

    async def user(self, name: str, locale: str = "en-US") -> int:
        made: int = await self.call("user", name=name, locale=locale)
        return made

    async def slash(self, user: int, channel: int, name: str, **options: Any) -> Outcome:
        shown = await self.call("slash", user=user, channel=channel, name=name, options=options)
        return Outcome(**shown)

    async def press(self, user: int, channel: int, message: int, **which: str) -> Outcome:
        """Press the button with this ``custom_id`` or this ``label``."""
        shown = await self.call("press", user=user, channel=channel, message=message, **which)
        return Outcome(**shown)

    async def choose(
        self, user: int, channel: int, message: int, custom_id: str, *values: str
    ) -> Outcome:
        shown = await self.call(
            "choose",
            user=user,
            channel=channel,
            message=message,
            custom_id=custom_id,
            values=list(values),
        )
        return Outcome(**shown)

    async def submit(self, opened: Outcome, **values: Any) -> Outcome:
        """Send the modal of ``opened``, its fields by custom_id."""
        shown = await self.call("submit", interaction=opened.interaction, values=values)
        return Outcome(**shown)

    async def fault(self, kind: str, **fields: Any) -> None:
        """Add a rule; see ``faults.Fault``."""
        await self.call("fault", kind=kind, **fields)

    async def requests(self, method: str, path: str, **narrow: Any) -> list[Payload]:
        found: list[Payload] = await self.call("requests", method=method, path=path, **narrow)
        return found

    async def wait_requests(self, method: str, path: str, **narrow: Any) -> list[Payload]:
        found: list[Payload] = await self.call("wait_requests", method=method, path=path, **narrow)
        return found

    async def wait_gateway(self, kind: str, **narrow: Any) -> list[Payload]:
        found: list[Payload] = await self.call("wait_gateway", kind=kind, **narrow)
        return found

    async def messages(self, channel: int) -> list[Payload]:
        found: list[Payload] = await self.call("messages", channel=channel)
        return found


def components_of(message: Payload) -> Iterator[Payload]:
    """Every component of a message or modal, however deep."""
    waiting: list[Any] = [message]
    while waiting:
        node = waiting.pop(0)
        if "type" in node and node is not message:
            yield node
        children = [*(node.get("components") or [])]
        children += [node[key] for key in ("accessory", "component") if node.get(key)]
        waiting = children + waiting


def text_of(message: Payload) -> str:
    """The content and every text display of a message, in reading order."""
    shown = [message.get("content") or ""]
    shown += [part["content"] for part in components_of(message) if part["type"] == 10]
    return "\n".join(part for part in shown if part)


def button_ids(message: Payload) -> dict[str, str]:
    """The custom_id of each button by its label."""
    return {
        part.get("label") or "": part["custom_id"]
        for part in components_of(message)
        if part["type"] == 2 and part.get("custom_id")
    }

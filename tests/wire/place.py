"""A small server with two people in it, for tests of the wire."""

from __future__ import annotations

from dataclasses import dataclass

from tests.wire.loopback.remote import Remote


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A server, a channel in it, and who is there."""

    guild: int
    channel: int
    ana: int
    ben: int


async def furnish(wire: Remote) -> Place:
    """Make the server; both people have joined."""
    guild = await wire.call("guild", name="Clinic")
    channel = await wire.call("channel", guild=guild, name="general")
    ana, ben = await wire.user("ana"), await wire.user("ben", locale="es-419")
    for user in (ana, ben):
        await wire.call("join", guild=guild, user=user)
    return Place(guild=guild, channel=channel, ana=ana, ben=ben)

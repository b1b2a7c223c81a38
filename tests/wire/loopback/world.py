"""One simulated Discord: its backend, its rules, its faults and its record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import discord
from simcord.backend.errors import BackendError
from simcord.backend.models import Message

from tests.wire.loopback.backend import LoopbackBackend
from tests.wire.loopback.faults import Faults
from tests.wire.loopback.ledger import Ledger
from tests.wire.loopback.limits import Limits

TOKEN = "loopback-token"  # it opens nothing but this server
NONCE_LENGTH = 25
# Discord says "the past few minutes".
NONCE_MEMORY = timedelta(minutes=3)
# The application flags by which Discord says which privileged intents are approved.
INTENT_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}


@dataclass(slots=True)
class NonceMemory:
    """Which message a nonce made, for a few minutes."""

    known: dict[str, tuple[datetime, int, int]] = field(default_factory=dict)

    def remember(self, nonce: str, message: Message, now: datetime) -> None:
        self.known[nonce] = (now, message.channel_id, message.id)

    def find(self, nonce: str, now: datetime) -> tuple[int, int] | None:
        """The channel and message this nonce made, if Discord still knows."""
        entry = self.known.get(nonce)
        if entry is None or now - entry[0] > NONCE_MEMORY:
            return None
        return entry[1], entry[2]


@dataclass(kw_only=True)
class World:
    """Everything one reset throws away."""

    token: str = TOKEN
    approved: discord.Intents = field(default_factory=discord.Intents.all)
    heartbeat_ms: int = 41250
    backend: LoopbackBackend = field(default_factory=LoopbackBackend)
    ledger: Ledger = field(default_factory=Ledger)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    nonces: NonceMemory = field(default_factory=NonceMemory)
    locales: dict[int, str] = field(default_factory=dict)

    def application_flags(self) -> int:
        return sum(flag for name, flag in INTENT_FLAGS.items() if getattr(self.approved, name))

    def missing_intents(self, intents: discord.Intents) -> list[str]:
        """The privileged intents asked for and not approved."""
        return [
            name
            for name in INTENT_FLAGS
            if getattr(intents, name) and not getattr(self.approved, name)
        ]

    def message_by_nonce(self, nonce: str) -> Message | None:
        """The message an enforced nonce already made."""
        known = self.nonces.find(nonce, self.backend.clock.now())
        if known is None:
            return None
        try:
            return self.backend.get_message(*known)
        except BackendError:
            return None

"""What set-up needs of Discord, and how Discord says no."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.blueprint import Blueprint, Part
from bot.domain.place import PartKey, Place
from bot.domain.readiness import ServerFacts
from bot.domain.setup_plan import Observed


class Failure(StrEnum):
    """Why Discord did not do what set-up asked."""

    FORBIDDEN = "forbidden"
    FULL = "full"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


class BuildError(Exception):
    """Discord refused, or did not answer.

    Attributes:
        is_doubtful: It may have done it all the same.
    """

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(failure, detail)
        self.failure = failure
        self.detail = detail

    @property
    def is_doubtful(self) -> bool:
        return self.failure is Failure.NO_ANSWER


class Builder(Protocol):
    """What set-up needs of Discord, for one server."""

    @property
    def marks(self) -> Mapping[PartKey, str]:
        """The panels' content, as digests."""

    async def observe(
        self, known: Mapping[PartKey, Place], begun: Mapping[PartKey, datetime]
    ) -> Observed:
        """Look at the server."""

    def facts(self, wanted: Blueprint, known: Mapping[PartKey, Place]) -> ServerFacts:
        """Say how the bot stands in the server."""

    async def make(self, part: Part, ids: Mapping[PartKey, int]) -> int:
        """Make a part and return Discord's ID."""

    async def put_right(
        self,
        part: Part,
        discord_id: int,
        aspects: frozenset[str],
        ids: Mapping[PartKey, int],
    ) -> None:
        """Bring some aspects of a part to what they should be."""


class RoleKeeper(Protocol):
    """Who holds which role, in one server."""

    def held_by(self, user_id: int) -> frozenset[int] | None:
        """Return the roles a person holds; nothing where they are not in the server."""

    def holders(self, role_id: int) -> frozenset[int]:
        """Return everyone who holds a role."""

    async def give(self, user_id: int, role_id: int) -> None:
        """Give a person a role."""

    async def take(self, user_id: int, role_id: int) -> None:
        """Take a role from a person."""

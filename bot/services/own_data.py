"""One's own data: everything a person gave, who opened it, and how to be gone."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import OPERATOR, Opened, Subject
from bot.domain.case import Case
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant
from bot.domain.readable import Opening, OwnData, Row, Section, plain_row
from bot.domain.retention import ACCESS_SHOWN
from bot.errors import KeyLostError
from bot.services.erasure import ErasureService, Forgotten

log = logging.getLogger(__name__)


class Exporter(Protocol):
    """A store with rows about people."""

    async def export(self, participant_id: ParticipantId) -> Sequence[Mapping[str, Any]]: ...


class SafetyExporter(Protocol):
    """A store with rows that the team hands over in person."""

    async def export_safety(self, participant_id: ParticipantId) -> Sequence[Mapping[str, Any]]: ...


class Openings(Protocol):
    """Who opened what."""

    async def openings(
        self, participant_id: ParticipantId, since: datetime
    ) -> Sequence[Opening]: ...


class AccessLog(Protocol):
    """Takes in that somebody looked at something."""

    async def record(self, viewer: Subject, subject: Subject, what: Opened) -> None: ...


class Cases(Protocol):
    """A person's own open requests."""

    async def own_requests(self, user_id: int) -> Sequence[Case]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Parting:
    """What someone who deletes everything should know first."""

    open_requests: int
    has_thread: bool
    is_staff: bool


class OwnDataService:
    """Shows people all that is theirs, and deletes it when they say so."""

    def __init__(
        self,
        *,
        exporters: Mapping[str, Exporter],
        safety: Mapping[str, SafetyExporter],
        openings: Openings,
        access: AccessLog,
        cases: Cases,
        erasure: ErasureService,
        clock: Clock,
    ) -> None:
        self._exporters = exporters
        self._safety = safety
        self._openings = openings
        self._access = access
        self._cases = cases
        self._erasure = erasure
        self._clock = clock

    async def export(self, participant: Participant) -> OwnData:
        """Return all that a person may take with them themselves.

        What others gave about them and what the team hands over in person are left out, the
        same for everyone.
        """
        return await self._collect(participant, is_whole=False)

    async def export_whole(self, participant: Participant) -> OwnData:
        """Return all that is a person's, for the one who runs the bot; it is logged as opened."""
        data = await self._collect(participant, is_whole=True)
        await self._access.record(OPERATOR, Subject.participant(participant.id), Opened.EVERYTHING)
        return data

    async def access(self, participant: Participant) -> Sequence[Opening]:
        """Return who opened what of a person's within the last year, the latest first."""
        since = self._clock() - ACCESS_SHOWN
        return await self._openings.openings(participant.id, since)

    async def parting(self, participant: Participant, *, is_staff: bool) -> Parting:
        """Return what a person should know before everything is deleted."""
        return Parting(
            open_requests=len(await self._cases.own_requests(participant.user_id)),
            has_thread=participant.preferences.thread_id is not None,
            is_staff=is_staff,
        )

    async def delete(self, participant: Participant) -> Forgotten | None:
        """Delete everything about a person, on their own word."""
        return await self._erasure.forget(participant.id, Subject.participant(participant.id))

    async def _collect(self, participant: Participant, *, is_whole: bool) -> OwnData:
        sections = [
            await _section(name, store.export, participant.id)
            for name, store in self._exporters.items()
        ]
        if is_whole:
            sections += [
                await _section(name, store.export_safety, participant.id, is_safety=True)
                for name, store in self._safety.items()
            ]
        return OwnData(
            participant_id=participant.id,
            code=participant.code,
            made_at=self._clock(),
            sections=sections,
            is_whole=is_whole,
        )


async def _section(
    name: str, export: Any, participant_id: ParticipantId, *, is_safety: bool = False
) -> Section:
    try:
        rows: Sequence[Row] = [plain_row(row) for row in await export(participant_id)]
    except KeyLostError:
        log.warning("what %s keeps about %s cannot be read any more", name, participant_id)
        return Section(name=name, rows=(), is_safety=is_safety, is_unreadable=True)
    return Section(name=name, rows=rows, is_safety=is_safety)

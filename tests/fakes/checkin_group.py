"""The check-in services over fakes, with one person to try them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.config import DATA
from bot.content import load_content
from bot.domain.checkin import CheckInState
from bot.domain.consent import ConsentKind
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant, ParticipantState, Preferences
from bot.domain.prompt_edit import Sets
from bot.services.checkin_group import CheckInGroup, build_checkins
from bot.services.prompt_sets import DAILY, EXTRA
from tests.fakes.checkin_ports import FakeCases, FakeConsents, FakeOutbox, FakeSchedules
from tests.fakes.checkins import (
    FakeAwayStore,
    FakeCheckInStore,
    FakePromptSetStore,
    FakeSignalStore,
    FakeTransactor,
)
from tests.fakes.clock import FakeClock

ADA = ParticipantId("ada")
CONTENT = load_content(DATA)


def sets(name: str) -> Sets:
    """Return a shipped set in every language."""
    return {code: one.prompt_sets[name] for code, one in CONTENT.languages.items()}


def person(**changes: Any) -> Participant:
    """Make somebody in New York who is asked at 6 in the evening."""
    chosen: dict[str, Any] = {
        "zone": "America/New_York",
        "checkins": True,
        "weekday_time": time(18),
        "weekend_time": time(18),
    }
    return Participant(
        id=ADA,
        user_id=7,
        state=ParticipantState.ACTIVE,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        preferences=Preferences(**chosen | changes),
    )


class FakeParticipants:
    """Finds one person, and others where a test adds them."""

    def __init__(self, participant: Participant) -> None:
        self.one = participant
        self.others: dict[ParticipantId, Participant] = {}

    async def by_id(self, participant_id: ParticipantId) -> Participant | None:
        """Find them."""
        return self.one if participant_id == self.one.id else self.others.get(participant_id)


class CheckInWorld:
    """Everything around the check-in services."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.store = FakeCheckInStore()
        self.aways = FakeAwayStore()
        self.signal_store = FakeSignalStore()
        self.set_store = FakePromptSetStore()
        self.outbox = FakeOutbox()
        self.schedules = FakeSchedules()
        self.consents = FakeConsents({ConsentKind.DAILY_PROMPTS, ConsentKind.HEADS_UPS})
        self.cases = FakeCases()
        self.ada = person()
        self.participants: Any = FakeParticipants(self.ada)
        self.group = self.build()

    def build(self, shipped: Sets | None = None) -> CheckInGroup:
        """Build the services anew, as after a restart."""
        return build_checkins(
            store=self.store,
            aways=self.aways,
            signal_store=self.signal_store,
            set_store=self.set_store,
            database=FakeTransactor(),
            schedules=self.schedules,
            outbox=self.outbox,
            participants=self.participants,
            consents=self.consents,
            cases=self.cases,
            shipped=shipped or sets(DAILY),
            extra=sets(EXTRA),
            clock=self.clock,
        )

    async def state(self, day: date) -> CheckInState | None:
        """Return where a day stands."""
        checkin = await self.store.get(ADA, day)
        return checkin.state if checkin else None

    def become(self, **changes: Any) -> Participant:
        """Change what the person chose."""
        chosen = replace(self.ada.preferences, **changes)
        self.ada = self.participants.one = replace(self.ada, preferences=chosen)
        return self.ada

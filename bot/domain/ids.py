"""Identifiers: ours are random, Discord's are integers."""

import secrets
from typing import NewType

ParticipantId = NewType("ParticipantId", str)
CaseId = NewType("CaseId", str)
OutboxId = NewType("OutboxId", str)
ScheduleId = NewType("ScheduleId", str)
CheckInId = NewType("CheckInId", str)
ConcernId = NewType("ConcernId", str)
GoalId = NewType("GoalId", str)
PartId = NewType("PartId", str)
RoomId = NewType("RoomId", str)
LeftNoteId = NewType("LeftNoteId", str)
ApartId = NewType("ApartId", str)
PairId = NewType("PairId", str)
InviteId = NewType("InviteId", str)
OpeningId = NewType("OpeningId", str)
MiddleWayId = NewType("MiddleWayId", str)
PauseId = NewType("PauseId", str)
PlanVersionId = NewType("PlanVersionId", str)
AgreementId = NewType("AgreementId", str)
ThanksId = NewType("ThanksId", str)
TellingId = NewType("TellingId", str)
SignId = NewType("SignId", str)
HitId = NewType("HitId", str)
SayingId = NewType("SayingId", str)
OwnNoteId = NewType("OwnNoteId", str)
TurnId = NewType("TurnId", str)
ModerationId = NewType("ModerationId", str)
QuestionId = NewType("QuestionId", str)
BuddyId = NewType("BuddyId", str)

ID_LENGTH = 22


def new_id() -> str:
    """Return 128 random bits in base64url, 22 characters, without the time of creation."""
    return secrets.token_urlsafe(16)

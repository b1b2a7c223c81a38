"""Check-ins as people use them: answer, change, put off, skip, look back."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.domain.answers import call_source, read_answers, read_calls
from bot.domain.checkin import (
    ANSWERED,
    OPEN,
    Answers,
    CheckIn,
    CheckInState,
    Snooze,
    asked_weekdays,
    prompt_rule,
    snoozes,
)
from bot.domain.draft import FormValue
from bot.domain.history import History, make_history
from bot.domain.ids import CheckInId, OutboxId, ParticipantId, new_id
from bot.domain.localtime import QuietHours, find_zone, local_day
from bot.domain.participant import Participant
from bot.domain.prompt_edit import Edition
from bot.domain.prompt_set import MessageMe
from bot.domain.recurrence import occurrences
from bot.errors import UserError
from bot.services.checkin_ports import Asked, AwayStore, Cases, CheckInStore, Outbox
from bot.services.checkin_prompts import ANSWERED as DONE
from bot.services.checkin_prompts import PROMPT, CheckInPrompts
from bot.services.database_port import Transactor
from bot.services.prompt_sets import DAILY, PromptSetService
from bot.services.signals import NUDGE, SignalService

SKIPPED = "skipped"
EDIT_DAYS = timedelta(days=1)
"""Today's and yesterday's answers can be changed: later, memory writes another story."""

FARTHEST = timedelta(days=60)
"""A form for an older day can only be a forged one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """What a form asks.

    Attributes:
        answers: What was answered before, to be changed.
        is_today: The day is the person's own today.
    """

    day: date
    edition: Edition
    answers: Answers | None
    is_today: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """What a prompt's note shows.

    Attributes:
        closes_at: Until when an answer is on time; nothing where none is waited for.
        newer: Another day's prompt came out since; this one takes no answer any more.
        may_change: Its answer is recent enough to be changed.
    """

    checkin: CheckIn
    snoozes: Mapping[Snooze, datetime]
    closes_at: datetime | None
    is_today: bool
    newer: bool
    may_change: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of an answer.

    Attributes:
        asked: What the team's side says, where a person was asked for.
        is_change: There was an answer before.
        other_is_out: It came so late that the next day's check-in is open too.
        offers_heads_ups: The consent to heads-ups is to be asked now, once.
    """

    checkin: CheckIn
    asked: Asked | None
    is_change: bool
    is_today: bool
    other_is_out: bool
    offers_heads_ups: bool


class CheckInService:
    """Everything a person does about their check-ins."""

    def __init__(
        self,
        *,
        store: CheckInStore,
        aways: AwayStore,
        database: Transactor,
        outbox: Outbox,
        sets: PromptSetService,
        prompts: CheckInPrompts,
        signals: SignalService,
        cases: Cases,
        clock: Clock,
    ) -> None:
        self._store = store
        self._aways = aways
        self._database = database
        self._outbox = outbox
        self._sets = sets
        self._prompts = prompts
        self._signals = signals
        self._cases = cases
        self._clock = clock
        # Called with who wrote what, once it is kept.
        self.noted: list[Callable[[int, str], None]] = []

    def today(self, participant: Participant) -> date:
        """Return the date it is for a person."""
        return local_day(self._clock(), find_zone(participant.preferences.zone))

    async def sheet(self, participant: Participant, day: date | None = None) -> Sheet:
        """Return what to ask now.

        Args:
            participant: Who answers.
            day: The day to answer for. Without one it is today, unless an earlier day's prompt is
                still open in its window, as shortly after midnight. A day that no longer takes an
                answer turns into today.
        """
        now, today = self._clock(), self.today(participant)
        if day is None:
            on_offer = [
                checkin.day
                for checkin in await self._store.open_of(participant.id)
                if checkin.is_on_offer(now)
            ]
            day = on_offer[0] if on_offer else today
        elif day != today and await self._newer_is_out(participant.id, day):
            day = today
        known = await self._store.get(participant.id, day)
        if known is None or not known.is_answered:
            return Sheet(day=day, edition=self._sets.current, answers=None, is_today=day == today)
        texts = await self._store.texts(participant.id, day)
        return Sheet(
            day=day,
            edition=self._sets.edition(known.set_version),
            answers=Answers(levels=known.levels, texts=texts),
            is_today=day == today,
        )

    async def last_sheet(self, participant: Participant) -> Sheet:
        """Return the last answer, to be changed.

        Raises:
            UserError: There is none of today or yesterday.
        """
        today = self.today(participant)
        recent = await self._store.since(participant.id, today - EDIT_DAYS)
        answered = [checkin for checkin in recent if checkin.is_answered]
        if not answered:
            raise UserError("checkin.nothing_to_change")
        last = answered[-1]
        return Sheet(
            day=last.day,
            edition=self._sets.edition(last.set_version),
            answers=Answers(
                levels=last.levels, texts=await self._store.texts(participant.id, last.day)
            ),
            is_today=last.day == today,
        )

    async def answer(
        self,
        participant: Participant,
        day: date,
        version: int,
        locale: str,
        values: Mapping[str, FormValue],
    ) -> Outcome:
        """Keep the answer of a day, however late, and pass a call for a person on.

        Two submits at once make one check-in; the last one stands.

        Raises:
            UserError: The day or the version was never asked.
        """
        now, today = self._clock(), self.today(participant)
        if not today - FARTHEST <= day <= today + EDIT_DAYS:
            raise UserError("core.old_card")
        prompt_set = self._sets.edition(version).texts(locale)
        # First of all: whatever becomes of the answer, the call reaches the team.
        asked = await self._call(participant, read_calls(prompt_set, values))
        answers = read_answers(prompt_set, values)
        sealed = await self._store.seal(participant.id, day, answers.texts)
        agreed = await self._signals.agreed(participant.id)
        async with self._database.transaction() as tx:
            before = await self._store.get(participant.id, day, tx)
            known = before or _unasked(participant.id, day, version)
            kept = replace(
                known,
                set_version=version,
                state=known.state_if_answered(now),
                answered_at=known.answered_at or now,
                edited_at=now if known.is_answered else None,
                levels=answers.levels,
            )
            await self._store.save(tx, kept, sealed)
            await self._silence(tx, participant.id, day, DONE)
            if agreed:
                await self._signals.read_answers(tx, participant.id, today)
        for callback in self.noted:
            callback(participant.user_id, "\n".join(answers.texts.values()))
        return Outcome(
            checkin=kept,
            asked=asked,
            is_change=before is not None and before.is_answered,
            is_today=day == today,
            other_is_out=day != today and await self._newer_is_out(participant.id, day),
            offers_heads_ups=await self._signals.offer(participant.id),
        )

    async def open(self, participant: Participant, day: date) -> Prompt:
        """Return what a prompt's note shows, and note that it was opened.

        Raises:
            UserError: There is no such check-in.
        """
        now, preferences = self._clock(), participant.preferences
        await self._store.move(
            participant.id,
            [day],
            CheckInState.OPENED,
            among={CheckInState.SCHEDULED, CheckInState.SENT},
            at=now,
        )
        checkin = await self._store.get(participant.id, day)
        if checkin is None:
            raise UserError("core.old_card")
        quiet = QuietHours(start=preferences.quiet_start, end=preferences.quiet_end)
        today = self.today(participant)
        newer = day != today and await self._newer_is_out(participant.id, day)
        return Prompt(
            checkin=checkin,
            snoozes=snoozes(checkin, now, find_zone(preferences.zone), quiet),
            closes_at=checkin.closes_at if checkin.is_on_offer(now) else None,
            is_today=day == today,
            newer=newer,
            may_change=today - day <= EDIT_DAYS and not newer,
        )

    async def snooze(
        self, participant: Participant, day: date, outbox_id: str, which: Snooze
    ) -> datetime:
        """Let a prompt come again, and say when.

        Raises:
            UserError: The check-in is done or closed, the time lies outside its window by now, or
                the prompt comes again already.
        """
        prompt = await self.open(participant, day)
        self._check_open(prompt.checkin)
        at = prompt.snoozes.get(which)
        if at is None:
            raise UserError("checkin.too_late_to_wait")
        row = await self._outbox.get(OutboxId(outbox_id))
        if row is None or row.participant_id != participant.id or row.nominal_date != day:
            raise UserError("core.old_card")
        again = await self._outbox.again(row, due_at=at, expires_at=prompt.checkin.closes_at)
        if again is None:
            raise UserError("checkin.comes_again_already")
        return at

    async def skip(self, participant: Participant, day: date) -> None:
        """Let a day go; it can still be answered.

        Raises:
            UserError: It is answered, or over.
        """
        async with self._database.transaction() as tx:
            checkin = await self._store.get(participant.id, day, tx)
            if checkin is None:
                raise UserError("core.old_card")
            self._check_open(checkin)
            await self._store.move(participant.id, [day], CheckInState.SKIPPED, tx=tx)
            await self._silence(tx, participant.id, day, SKIPPED)

    async def history(self, participant: Participant, span: int, to: date | None = None) -> History:
        """Return a person's days up to today, or to another last day."""
        return make_history(
            await self._store.since(participant.id, date.min),
            [(away.first, away.last) for away in await self._aways.of(participant.id)],
            today=to or self.today(participant),
            span=span,
            asked=asked_weekdays(participant.preferences.pace),
        )

    async def day(self, participant: Participant, day: date) -> tuple[CheckIn, Edition, Answers]:
        """Return one answered day with what was typed.

        Raises:
            UserError: There is no answer of that day.
        """
        checkin = await self._store.get(participant.id, day)
        if checkin is None or not checkin.is_answered:
            raise UserError("core.old_card")
        texts = await self._store.texts(participant.id, day)
        edition = self._sets.edition(checkin.set_version)
        return checkin, edition, Answers(levels=checkin.levels, texts=texts)

    async def next_prompt(self, participant: Participant) -> datetime | None:
        """Return when the next prompt is due; nothing while check-ins are off."""
        preferences = participant.preferences
        if not preferences.checkins:
            return None
        zone, now = find_zone(preferences.zone), self._clock()
        aways = await self._aways.of(participant.id, self.today(participant))
        upcoming = occurrences(prompt_rule(preferences), zone, now, now + FARTHEST * 2)
        return next(
            (
                one.due_at
                for one in upcoming
                if not any(away.covers(one.nominal_date) for away in aways)
            ),
            None,
        )

    def edition(self, version: int) -> Edition:
        """Return a version of the questions."""
        return self._sets.edition(version)

    async def reschedule(self, participant: Participant) -> None:
        """Ask at the times a person chose from now on, or no more."""
        await self._prompts.reschedule(participant)

    async def pause(self, participant: Participant) -> None:
        """Stop asking someone who left."""
        await self._prompts.pause(participant)

    async def resume(self, participant: Participant) -> None:
        """Ask someone again who came back."""
        await self._prompts.resume(participant)

    async def _call(self, participant: Participant, calls: Collection[MessageMe]) -> Asked | None:
        if not calls:
            return None
        return await self._cases.ask(participant.user_id, call_source(calls))

    async def _newer_is_out(self, participant_id: ParticipantId, day: date) -> bool:
        later = await self._store.since(participant_id, day + timedelta(days=1))
        return any(checkin.sent_at is not None or checkin.is_answered for checkin in later)

    async def _silence(self, tx: object, person: ParticipantId, day: date, reason: str) -> None:
        now = self._clock()
        await self._outbox.close_for(
            now=now,
            reason=reason,
            participant_id=person,
            nominal_date=day,
            kinds={PROMPT.name},
            tx=tx,
        )
        # A prompt's old note says how its day stands; a nudge has nothing more to say.
        await self._outbox.close_for(
            now=now,
            reason=reason,
            participant_id=person,
            kinds={NUDGE.name},
            also_sent=True,
            tx=tx,
        )

    def _check_open(self, checkin: CheckIn) -> None:
        if checkin.state in ANSWERED:
            raise UserError("checkin.answered_already")
        if checkin.state not in OPEN or not checkin.is_on_offer(self._clock()):
            raise UserError("checkin.closed")


def _unasked(participant_id: ParticipantId, day: date, version: int) -> CheckIn:
    return CheckIn(
        id=CheckInId(new_id()),
        participant_id=participant_id,
        day=day,
        set_id=DAILY,
        set_version=version,
        state=CheckInState.OPENED,
    )

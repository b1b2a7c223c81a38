"""Duty by shift and by hand, and the rota's own rows."""

from datetime import date, timedelta

import pytest

from bot.domain.oncall import CallWay, Rules, Rung
from bot.domain.rota import Hours, Level, OverlapError
from bot.domain.staff import StaffRole
from bot.errors import KeyLostError, UserError
from bot.store.database import SqliteDatabase
from bot.store.rota import TARGET
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rota import BO, CAM, DEE, EVERY_DAY, LEAD, MONDAY, RotaDesk, at, shift_of

ANA = 42
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
async def desk(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> RotaDesk:
    return await RotaDesk(database, vault, clock).begin()


async def test_a_shift_starts_and_ends_at_its_exact_minute(desk: RotaDesk) -> None:
    await desk.add(BO, "13:00", "15:00")
    seen = []

    for moment, expected in (
        (at("2026-01-05 12:59:59"), []),
        (at("2026-01-05 13:00:00"), [BO]),
        (at("2026-01-05 14:59:59"), [BO]),
        (at("2026-01-05 15:00:00"), []),
    ):
        wakes = await desk.go_to(moment)
        seen.append(wakes)
        assert desk.on() == expected

    assert seen[0] == at("2026-01-05 13:00:00")
    assert desk.changes == 3  # the first look, the start, the end


async def test_after_an_outage_the_state_is_right_at_once(desk: RotaDesk) -> None:
    await desk.add(BO, "09:00", "11:00")
    await desk.add(CAM, "11:00", "17:00")
    await desk.go_to(at("2026-01-05 10:00"))
    after = RotaDesk(desk.database, desk.stores.rota._vault, desk.clock)
    desk.clock.now = at("2026-01-05 16:00")
    await after.load()

    assert after.on() == [CAM]
    await after.watch.sweep(desk.clock.now)
    assert after.changes == 1


async def test_what_is_read_back_is_what_was_kept(desk: RotaDesk) -> None:
    kept = shift_of(
        CAM,
        "22:00",
        "06:30",
        days=frozenset({0, 6}),
        zone="America/New_York",
        last_day=date(2026, 6, 1),
        level=Level.SECOND,
        rooms=frozenset({"a", "b"}),
    )
    await desk.rota.add(kept, by=LEAD)
    once = await desk.add(None, days=frozenset(), first_day=date(2026, 1, 9))

    await desk.rota.load()

    assert desk.rota.known(kept.id) == kept
    assert desk.rota.known(once.id) == once


async def test_two_shifts_of_one_person_at_once_are_refused_unless_meant(desk: RotaDesk) -> None:
    first = await desk.add(BO, "09:00", "17:00")
    late = shift_of(BO, "16:00", "20:00")

    with pytest.raises(OverlapError) as refused:
        await desk.rota.add(late, by=LEAD)
    assert refused.value.other.shift == first
    assert desk.rota.rota.shifts == [first]

    await desk.rota.add(late, by=LEAD, allow_overlap=True)
    assert len(desk.rota.rota.shifts) == 2


@pytest.mark.parametrize(
    ("shift", "key"),
    [
        (shift_of(77), "rota.not_staff"),
        (shift_of(BO, "09:00", "11:00", days=frozenset(), first_day=MONDAY), "rota.past"),
        (shift_of(BO, last_day=date(2026, 1, 4)), "rota.over"),
        (
            shift_of(
                BO,
                "02:30",
                "03:00",
                days=frozenset(),
                first_day=date(2026, 3, 8),
                zone="America/New_York",
            ),
            "rota.no_such_hours",
        ),
    ],
)
async def test_what_can_not_be_is_refused(desk: RotaDesk, shift: object, key: str) -> None:
    with pytest.raises(UserError) as refused:
        await desk.rota.add(shift, by=LEAD)
    assert refused.value.key == key
    assert desk.rota.rota.shifts == []


async def test_off_during_a_shift_ends_it_and_on_takes_it_up_again(desk: RotaDesk) -> None:
    await desk.add(BO, "09:00", "17:00")
    assert desk.on() == [BO]

    [ended] = await desk.duty.go_off(BO)
    assert ended.end == at("2026-01-05 17:00")
    assert desk.on() == []
    with pytest.raises(UserError, match=r"care\.duty\.already_off"):
        await desk.duty.go_off(BO)

    desk.clock.advance(timedelta(hours=1))
    resumed = await desk.duty.go_on(BO)
    assert resumed is not None
    assert desk.on() == [BO]
    await desk.go_to(at("2026-01-05 17:00"))
    assert desk.on() == []
    await desk.go_to(at("2026-01-06 09:00"))
    assert desk.on() == [BO]


async def test_on_by_hand_lasts_past_the_end_of_a_shift(desk: RotaDesk) -> None:
    await desk.add(CAM, "09:00", "17:00")
    await desk.duty.go_on(BO)
    with pytest.raises(UserError, match=r"care\.duty\.already_on"):
        await desk.duty.go_on(CAM)

    await desk.go_to(at("2026-01-05 20:00"))

    assert desk.on() == [BO]


async def test_each_change_of_duty_is_told(desk: RotaDesk) -> None:
    await desk.watch.sweep(desk.clock())
    before = desk.changes

    await desk.duty.go_on(BO)
    await desk.duty.go_off(BO)
    await desk.add(CAM, "09:00", "17:00")

    assert desk.changes == before + 3


async def test_one_that_fails_keeps_the_change_from_no_other(desk: RotaDesk) -> None:
    async def fails() -> None:
        raise RuntimeError("this one fails")

    told: list[bool] = []

    async def heard() -> None:
        told.append(True)

    desk.duty.on_change(fails)
    desk.duty.on_change(heard)

    with pytest.raises(RuntimeError):
        await desk.duty.changed()

    assert told == [True]


async def test_next_on_is_of_who_may_help(desk: RotaDesk) -> None:
    await desk.add(BO, "18:00", "20:00")
    await desk.add(LEAD, "21:00", "22:00")
    await desk.duty.keep_apart(BO, ANA)

    assert desk.duty.next_on([]) == at("2026-01-05 18:00")
    assert desk.duty.next_on([ANA]) == at("2026-01-05 21:00")
    desk.clock.now = at("2026-01-05 21:30")
    assert desk.duty.next_on([ANA]) == desk.clock.now


async def test_without_a_rota_nothing_is_planned(desk: RotaDesk) -> None:
    assert desk.duty.next_on([ANA]) is None
    assert not desk.duty.has_rota()


async def test_a_shift_hosts_its_own_rooms_and_one_without_all(desk: RotaDesk) -> None:
    await desk.add(BO, rooms=frozenset({"quiet"}))
    assert [desk.duty.is_hosted(room) for room in ("quiet", "loud")] == [True, False]

    await desk.duty.go_on(CAM)
    assert desk.duty.is_hosted("loud")
    await desk.duty.go_off(CAM)

    await desk.add(DEE)
    assert desk.duty.is_hosted("loud")


async def test_people_are_rung_in_order_and_off_duty_only_who_agreed(desk: RotaDesk) -> None:
    await desk.add(CAM, level=Level.SECOND)
    await desk.add(DEE)
    await desk.rota.volunteer(BO, CallWay.EMAIL, "bo@example.org")
    await desk.rota.volunteer(LEAD, CallWay.PHONE, "+1 555 0100")

    team = desk.duty.callable_now([ANA], leads_only=False)

    assert [(one.member.user_id, one.rung) for one in team] == [
        (DEE, Rung.FIRST),
        (CAM, Rung.SECOND),
        (LEAD, Rung.VOLUNTEER),
        (BO, Rung.VOLUNTEER),
    ]
    assert [one.volunteer and one.volunteer.target for one in team[2:]] == [
        "+1 555 0100",
        "bo@example.org",
    ]
    owned = desk.duty.callable_now([ANA], leads_only=False, owner_id=BO)
    assert [one.member.user_id for one in owned] == [DEE, CAM, BO, LEAD]
    assert [one.member.user_id for one in desk.duty.callable_now([ANA], leads_only=True)] == [LEAD]


async def test_a_small_team_has_the_lead_second_and_may_let_people_sleep(desk: RotaDesk) -> None:
    await desk.add(CAM, level=Level.SECOND)
    await desk.add(LEAD)
    await desk.rota.volunteer(BO, CallWay.EMAIL, "bo@example.org")
    await desk.rota.decide(Rules(is_small=True, calls_volunteers=False), by=LEAD)

    team = desk.duty.callable_now([ANA], leads_only=False)

    assert [(one.member.user_id, one.rung) for one in team] == [
        (CAM, Rung.FIRST),
        (LEAD, Rung.LEAD),
    ]


async def test_a_conflict_keeps_volunteers_out_too(desk: RotaDesk) -> None:
    await desk.rota.volunteer(BO, CallWay.EMAIL, "bo@example.org")
    await desk.duty.keep_apart(BO, ANA)

    assert desk.duty.callable_now([ANA], leads_only=False) == []


async def test_an_address_is_sealed_and_goes_with_the_word(
    desk: RotaDesk, database: SqliteDatabase
) -> None:
    await desk.rota.volunteer(BO, CallWay.EMAIL, "bo@example.org")
    [row] = await database.fetch_all("SELECT target FROM volunteers")
    assert b"example" not in row["target"]

    await desk.rota.withdraw(BO)

    assert await database.fetch_all("SELECT * FROM volunteers") == []
    with pytest.raises(UserError, match=r"rota\.volunteer\.not_on"):
        await desk.rota.withdraw(BO)


async def test_who_leaves_leaves_their_shifts_to_nobody(
    desk: RotaDesk, database: SqliteDatabase, vault: Vault
) -> None:
    shift = await desk.add(BO)
    await desk.add(CAM, "18:00", "20:00")
    await desk.rota.volunteer(BO, CallWay.EMAIL, "bo@example.org")
    [row] = await database.fetch_all("SELECT target FROM volunteers")

    async with database.transaction() as tx:
        emptied = await desk.rota.drop(BO, tx)
        await desk.stores.staff.remove(BO, tx)
    await desk.staff.load()
    await desk.rota.changed()

    assert {turn.shift.id for turn in emptied} == {shift.id}
    assert [turn.day for turn in emptied] == [MONDAY + days * DAY for days in range(15)]
    assert desk.on() == []
    assert desk.rota.known(shift.id).user_id is None
    assert list(desk.rota.volunteers) == []
    assert desk.duty.next_on([]) == at("2026-01-05 18:00")
    with pytest.raises(KeyLostError):
        await vault.open(f"volunteer:{BO}", row["target"], at=TARGET, row=str(BO))


async def test_who_could_not_leave_is_called_as_before(
    desk: RotaDesk, database: SqliteDatabase
) -> None:
    await desk.rota.volunteer(BO, CallWay.EMAIL, "bo@example.org")

    async def leaves() -> None:
        async with database.transaction() as tx:
            await desk.rota.drop(BO, tx)
            raise UserError("people.last_lead")

    with pytest.raises(UserError):
        await leaves()
    await desk.rota.changed()

    assert desk.rota.volunteers[BO].target == "bo@example.org"


async def test_rules_come_back_as_they_were_decided(desk: RotaDesk) -> None:
    cover = Hours(
        start=at("2026-01-05 09:00").time(),
        end=at("2026-01-05 21:00").time(),
        zone="Europe/Madrid",
        first_day=MONDAY,
        days=EVERY_DAY,
    )
    rules = Rules(cover=cover, is_small=True, calls_volunteers=False, outside="555 0100")
    await desk.rota.decide(rules, by=LEAD)

    await desk.rota.load()

    assert desk.rota.rules == rules


async def test_editing_the_hours_undoes_what_was_swapped_for_them(desk: RotaDesk) -> None:
    shift = await desk.add(BO, "09:00", "17:00")
    swap = await desk.swaps.ask(BO, (shift.id, MONDAY + DAY), CAM)
    await desk.swaps.accept(swap.id, CAM)
    later = await desk.swaps.ask(BO, (shift.id, MONDAY + 2 * DAY), CAM)
    changed = shift_of(BO, "10:00", "18:00")

    saved = await desk.rota.edit(
        type(changed)(id=shift.id, user_id=BO, hours=changed.hours), by=LEAD
    )

    assert saved.undone == [MONDAY + DAY]
    assert desk.rota.rota.handed == {}
    with pytest.raises(UserError, match=r"rota\.swap\.stale"):
        await desk.swaps.accept(later.id, CAM)


async def test_what_is_over_is_deleted_in_time(desk: RotaDesk) -> None:
    once = await desk.add(BO, days=frozenset(), first_day=date(2026, 1, 6))
    weekly = await desk.add(CAM)
    swap = await desk.swaps.ask(CAM, (weekly.id, MONDAY + DAY), DEE)
    await desk.swaps.accept(swap.id, DEE)

    removed = await desk.stores.rota.purge(at("2026-01-07 00:00"), 100)
    removed += await desk.stores.swaps.purge(at("2026-01-07 00:00"), 100)

    assert removed == 3
    await desk.rota.load()
    assert desk.rota.rota.shift(once.id) is None
    assert desk.rota.rota.shift(weekly.id) is not None
    assert desk.rota.rota.handed == {}


async def test_a_lead_who_was_made_a_moderator_is_no_lead_on_duty(desk: RotaDesk) -> None:
    await desk.add(LEAD)
    await desk.enrol(LEAD, StaffRole.MODERATOR)
    await desk.staff.load()

    assert desk.duty.callable_now([ANA], leads_only=True) == []

"""Gaps that come near, and handovers at the start of a shift."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.oncall import Rules
from bot.domain.rota import Hours
from bot.errors import UserError
from bot.services.rota_watch import read_gaps
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rota import (
    BO,
    CAM,
    DEE,
    EVERY_DAY,
    LEAD,
    MONDAY,
    WEEKDAYS,
    RotaDesk,
    at,
    shift_of,
)

ANA = 420_000_000_000_000_042
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
async def desk(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> RotaDesk:
    return await RotaDesk(database, vault, clock).begin()


async def cover(desk: RotaDesk, start: str, end: str, days: frozenset[int] = EVERY_DAY) -> None:
    hours: Hours = shift_of(None, start, end, days=days).hours
    await desk.rota.decide(Rules(cover=hours), by=LEAD)


async def told(desk: RotaDesk) -> list[tuple[str, str]]:
    """Return every gap the leads were told of, as UTC."""
    gaps = [gap for row in await desk.sent("rota.gaps") for gap in read_gaps(row.args["gaps"])]
    return [(f"{gap.start:%a %H:%M}", f"{gap.end:%a %H:%M}") for gap in gaps]


async def test_the_gaps_of_the_week_are_told_to_the_leads_once(desk: RotaDesk) -> None:
    await cover(desk, "09:00", "17:00")
    await desk.add(BO, "09:00", "17:00", days=WEEKDAYS)

    for hours in range(0, 30, 3):
        await desk.go_to(at("2026-01-05 12:00") + hours * HOUR)

    assert await told(desk) == [("Sat 09:00", "Sat 17:00"), ("Sun 09:00", "Sun 17:00")]
    [row] = await desk.sent("rota.gaps")
    assert row.address.key == "channel.lead"


async def test_a_week_later_the_next_ones_are_told(desk: RotaDesk) -> None:
    await cover(desk, "09:00", "17:00", days=frozenset({5}))

    for days in range(9):
        await desk.go_to(at("2026-01-05 12:00") + days * DAY)

    assert await told(desk) == [("Sat 09:00", "Sat 17:00"), ("Sat 09:00", "Sat 17:00")]


async def test_a_gap_that_was_filled_and_opens_again_is_told_again(desk: RotaDesk) -> None:
    await cover(desk, "09:00", "17:00", days=frozenset({5}))
    await desk.go_to(at("2026-01-05 12:00"))
    filled = await desk.add(BO, days=frozenset({5}))
    await desk.go_to(at("2026-01-05 14:00"))
    await desk.rota.remove(filled.id, by=LEAD)
    await desk.go_to(at("2026-01-05 16:00"))

    assert await told(desk) == [("Sat 09:00", "Sat 17:00")] * 2


async def test_a_gap_that_grows_is_told_of_its_new_part(desk: RotaDesk) -> None:
    await cover(desk, "09:00", "17:00", days=frozenset({5}))
    morning = await desk.add(BO, "09:00", "12:00", days=frozenset({5}))
    await desk.go_to(at("2026-01-05 12:00"))
    await desk.rota.remove(morning.id, by=LEAD)
    await desk.go_to(at("2026-01-05 14:00"))

    assert await told(desk) == [("Sat 12:00", "Sat 17:00"), ("Sat 09:00", "Sat 12:00")]


async def test_without_hours_to_cover_only_what_somebody_left_is_a_gap(desk: RotaDesk) -> None:
    await desk.add(BO, days=frozenset({2}))
    await desk.go_to(at("2026-01-05 12:00"))
    assert await told(desk) == []

    async with desk.database.transaction() as tx:
        await desk.rota.drop(BO, tx)
    await desk.rota.changed()
    await desk.go_to(at("2026-01-05 13:30"))

    assert await told(desk) == [("Wed 09:00", "Wed 17:00")]


async def test_a_restart_tells_nothing_twice(desk: RotaDesk, vault: Vault) -> None:
    await cover(desk, "09:00", "17:00", days=frozenset({5}))
    await desk.go_to(at("2026-01-05 12:00"))
    again = RotaDesk(desk.database, vault, desk.clock)
    await again.load()

    await again.go_to(at("2026-01-05 12:01"))

    assert len(await told(desk)) == 1


async def test_the_leads_learn_that_a_shift_ended_early_leaves_nobody(desk: RotaDesk) -> None:
    await desk.watch.left_nobody(BO, at("2026-01-05 17:00"))

    [row] = await desk.sent("rota.nobody")

    assert (row.address.key, row.args["by"]) == ("channel.lead", str(BO))


async def test_a_note_waits_for_who_comes_on_next(desk: RotaDesk) -> None:
    await desk.add(BO, "09:00", "17:00")
    await desk.add(CAM, "17:00", "22:00")
    await desk.go_to(at("2026-01-05 16:59"))
    note = await desk.handovers.write(await desk.staff.enrolled(BO), "Room 2 was loud.")
    await desk.watch.written(note)
    assert await desk.sent("rota.handover") == []

    for moment in ("2026-01-05 17:00", "2026-01-05 17:01"):
        await desk.go_to(at(moment))

    [row] = await desk.sent("rota.handover")
    assert (row.address.key, row.args["who"]) == ("channel.staff", str(CAM))
    assert "loud" not in str(row.args)


async def test_a_note_written_late_reaches_who_is_on_already(desk: RotaDesk) -> None:
    await desk.add(CAM, "09:00", "17:00")
    await desk.go_to(at("2026-01-05 12:00"))

    note = await desk.handovers.write(await desk.staff.enrolled(BO), "Left out before.")
    await desk.watch.written(note)

    assert [row.args["who"] for row in await desk.sent("rota.handover")] == [str(CAM)]


async def test_what_was_read_is_offered_no_more(desk: RotaDesk) -> None:
    cam = await desk.staff.enrolled(CAM)
    note = await desk.handovers.write(await desk.staff.enrolled(BO), "Room 2 was loud.")

    assert [one.id for one in await desk.handovers.unread(cam)] == [note.id]
    [read] = await desk.handovers.read(cam)

    assert read.text == "Room 2 was loud."
    assert await desk.handovers.unread(cam) == []
    assert len(await desk.handovers.readable(cam)) == 1


async def test_notes_are_shown_for_three_days(desk: RotaDesk) -> None:
    await desk.handovers.write(await desk.staff.enrolled(BO), "Old news.")
    desk.clock.advance(3 * DAY)

    assert await desk.handovers.unread(await desk.staff.enrolled(CAM)) == []


async def test_who_must_not_know_of_a_person_is_not_shown_a_note_about_them(
    desk: RotaDesk,
) -> None:
    await desk.duty.keep_apart(CAM, ANA)
    bo, cam, dee = [await desk.staff.enrolled(one) for one in (BO, CAM, DEE)]
    await desk.handovers.write(bo, f"<@{ANA}> may write tonight.")
    await desk.add(CAM, "13:00", "15:00")

    await desk.go_to(at("2026-01-05 13:00"))

    assert await desk.handovers.readable(cam) == []
    assert len(await desk.handovers.readable(dee)) == 1
    assert await desk.sent("rota.handover") == []


async def test_a_note_is_sealed_and_its_key_goes_with_it(
    desk: RotaDesk, database: SqliteDatabase, vault: Vault
) -> None:
    note = await desk.handovers.write(await desk.staff.enrolled(BO), "Room 2 was loud.")
    [row] = await database.fetch_all("SELECT note FROM handovers")
    assert b"loud" not in row["note"]

    assert await desk.stores.handovers.purge(desk.clock() + HOUR, 10) == 1

    assert await database.fetch_all("SELECT * FROM handover_reads") == []
    assert await vault._key(note.id) is None


async def test_a_sweep_wakes_for_the_next_boundary_or_the_next_look_for_gaps(
    desk: RotaDesk,
) -> None:
    assert await desk.go_to(at("2026-01-05 12:00")) == at("2026-01-05 13:00")
    shift = await desk.add(BO, "12:30", "14:00")
    assert await desk.go_to(at("2026-01-05 12:01")) == at("2026-01-05 12:30")
    later = replace(shift, hours=replace(shift.hours, first_day=MONDAY + DAY))
    await desk.rota.edit(later, by=LEAD)
    assert await desk.go_to(at("2026-01-05 12:02")) == at("2026-01-05 13:00")


async def test_nothing_is_kept_of_a_shift_that_is_not_there(desk: RotaDesk) -> None:
    with pytest.raises(UserError, match=r"rota\.unknown"):
        await desk.rota.remove("gone", by=LEAD)

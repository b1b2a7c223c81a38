"""Acts of moderation on a real database, with Discord and the rooms faked."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.domain.audit import AuditAction
from bot.domain.moderation import (
    BEGUN_LASTS,
    GIVEN_UP,
    LONGEST_SLOW,
    STUCK,
    UNTIL_OPENED,
    Act,
    ActKind,
    ActState,
    Permission,
    Target,
)
from bot.errors import UserError
from bot.services.building import Failure
from bot.services.moderation import ModerationService, Order, Post
from bot.services.room_ports import RoomError
from bot.store.database import SqliteDatabase
from bot.store.moderation import ModerationStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.room_tools import (
    ANA,
    MODERATOR,
    ROOM,
    FakeAudit,
    FakeHands,
    FakeOutbox,
    FakePeople,
    FakeRooms,
    keep,
    person,
)

POST = Post(channel_id=900, message_id=7, author_id=ANA, text="my own words")


@dataclass
class Desk:
    """A moderator's desk."""

    service: ModerationService
    store: ModerationStore
    clock: FakeClock
    rooms: FakeRooms
    hands: FakeHands
    people: FakePeople
    audit: FakeAudit
    outbox: FakeOutbox
    orders: int = field(default=0)

    async def hide(self, act: Act, reason: str = "Named a place.") -> Act:
        return await self.service.hide(
            act, reason=reason, note="details", words="Take care.", hands=self.hands
        )

    async def order(self, kind: ActKind, **about: object) -> Act:
        self.orders += 1
        given = {"id": f"order-{self.orders}", "reason": "Harsh words.", **about}
        order = Order(kind=kind, member=MODERATOR, **given)  # type: ignore[arg-type]  # as given
        return await self.service.order(order, self.hands)


@pytest.fixture
async def desk(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Desk:
    ana = person("ana", ANA)
    await keep(database, ana)
    store, rooms = ModerationStore(database, vault), FakeRooms(inside={ana.id})
    people, audit, outbox = FakePeople(joined={ANA: ana}), FakeAudit(), FakeOutbox()
    service = ModerationService(
        store=store,
        rooms=rooms,
        members=rooms,
        posting=rooms,
        participants=people,
        staff=people,
        outbox=outbox,
        audit=audit,
        database=database,
        clock=clock,
    )
    return Desk(service, store, clock, rooms, FakeHands(), people, audit, outbox)


async def test_a_post_is_hidden_once_with_a_note_and_an_audit_line(desk: Desk) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)

    done = await desk.hide(act)

    assert done.state is ActState.DONE
    assert desk.hands.deleted == [7]
    assert [action for action, _ in desk.audit.lines] == [AuditAction.POST_HIDDEN]
    assert desk.outbox.kinds() == ["room.moderated"]
    told, post = await desk.service.note(act.id, person("ana", ANA).id)
    assert (told.note, told.words, post) == ("details", "Take care.", "my own words")


async def test_two_presses_hide_a_post_once(desk: Desk) -> None:
    one = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    two = await desk.service.begin_hide(POST, ROOM, MODERATOR)

    results = await asyncio.gather(desk.hide(one), desk.hide(two), return_exceptions=True)

    refused = [result for result in results if isinstance(result, UserError)]
    assert [error.key for error in refused] == ["moderation.hidden_by"]
    assert desk.hands.deleted == [7]
    assert desk.outbox.kinds() == ["room.moderated"]
    with pytest.raises(UserError, match="hidden_by"):
        await desk.service.begin_hide(POST, ROOM, MODERATOR)


async def test_a_form_sent_twice_is_done_once(desk: Desk) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    await desk.hide(act)

    with pytest.raises(UserError, match=r"moderation\.done_before"):
        await desk.service.begun(act.id, MODERATOR)
    await desk.order(ActKind.TIMEOUT, id="same", user_id=ANA, seconds=600)
    with pytest.raises(UserError, match=r"moderation\.done_before"):
        await desk.order(ActKind.TIMEOUT, id="same", user_id=ANA, seconds=6000)
    assert desk.hands.timeouts == {ANA: desk.clock() + timedelta(minutes=10)}


async def test_a_post_that_is_gone_is_said_and_nobody_is_told(desk: Desk) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    desk.hands.messages.clear()

    with pytest.raises(UserError, match=r"moderation\.gone"):
        await desk.hide(act)

    assert desk.outbox.added == []
    assert desk.audit.lines == []
    assert await desk.store.post(act.id) is None


@pytest.mark.parametrize("was_done", [True, False])
async def test_what_discord_did_not_answer_is_made_sure_of_and_settled_once(
    desk: Desk, *, was_done: bool
) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    desk.hands.error = RoomError(Failure.NO_ANSWER)
    with pytest.raises(UserError, match=r"moderation\.refused\.no_answer"):
        await desk.hide(act)
    if was_done:
        desk.hands.messages.clear()

    desk.clock.advance(STUCK + timedelta(seconds=1))
    await desk.service.sweep(desk.clock(), desk.hands)
    desk.hands.error = None
    await desk.service.sweep(desk.clock(), desk.hands)
    await desk.service.sweep(desk.clock(), desk.hands)

    kept = await desk.store.get(act.id)
    assert kept is not None
    assert kept.state is ActState.DONE
    assert POST.message_id not in desk.hands.messages
    assert await desk.store.post(act.id) == "my own words"
    assert desk.outbox.kinds() == ["room.moderated"]
    assert len(desk.audit.lines) == 1


async def test_what_discord_never_answers_to_is_given_up(desk: Desk) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    desk.hands.error = RoomError(Failure.NO_ANSWER)
    with pytest.raises(UserError):
        await desk.hide(act)

    desk.clock.advance(GIVEN_UP + timedelta(seconds=1))
    await desk.service.sweep(desk.clock(), desk.hands)

    kept = await desk.store.get(act.id)
    assert kept is not None
    assert kept.state is ActState.REFUSED
    assert await desk.store.post(act.id) is None


@pytest.mark.parametrize("failure", [one for one in Failure if one is not Failure.NO_ANSWER])
async def test_a_refusal_of_discords_is_said_and_keeps_nothing(
    desk: Desk, failure: Failure
) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    desk.hands.error = RoomError(failure)

    with pytest.raises(UserError, match=rf"moderation\.refused\.{failure.value}"):
        await desk.hide(act)

    kept = await desk.store.get(act.id)
    assert kept is not None
    assert kept.state is ActState.REFUSED
    assert await desk.store.post(act.id) is None
    assert desk.audit.lines == []


async def test_nothing_is_done_without_a_reason(desk: Desk) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)

    with pytest.raises(UserError, match=r"moderation\.no_reason"):
        await desk.hide(act, reason="")
    for kind in (ActKind.PAUSE, ActKind.RESUME, ActKind.SLOW):
        with pytest.raises(UserError, match=r"moderation\.no_reason"):
            await desk.order(kind, reason="", room_id=ROOM.id)
    with pytest.raises(UserError, match=r"moderation\.no_reason"):
        await desk.order(ActKind.TIMEOUT, reason="", user_id=ANA)

    assert desk.hands.deleted == []
    assert desk.rooms.room.paused_until is None


@pytest.mark.parametrize(
    ("kind", "permission", "about"),
    [
        (ActKind.TIMEOUT, Permission.MODERATE_MEMBERS, {"user_id": ANA, "seconds": 600}),
        (ActKind.SLOW, Permission.MANAGE_CHANNELS, {"room_id": ROOM.id, "seconds": 5}),
        (ActKind.PAUSE, Permission.MANAGE_ROLES, {"room_id": ROOM.id}),
        (ActKind.RESUME, Permission.MANAGE_ROLES, {"room_id": ROOM.id}),
    ],
)
async def test_a_missing_permission_is_named_before_anything_is_done(
    desk: Desk, kind: ActKind, permission: Permission, about: dict[str, object]
) -> None:
    desk.hands.missing = {permission}

    with pytest.raises(UserError, match=rf"moderation\.lacks\.{permission.value}"):
        await desk.order(kind, **about)

    assert desk.hands.timeouts == {}
    assert desk.rooms.room == ROOM


async def test_a_post_is_only_hidden_in_a_room_and_never_a_colleagues(desk: Desk) -> None:
    check, by = desk.service.check_hide, MODERATOR.user_id
    desk.hands.targets = {5: Target(user_id=5, is_bot=True, is_us=True)}

    for room, author, key in (
        (None, ANA, "moderation.no_room"),
        (ROOM, by, "moderation.bar_hide.self"),
        (ROOM, 5, "moderation.bar_hide.bot"),
        (ROOM, 502, "moderation.bar_hide.colleague"),
    ):
        with pytest.raises(UserError, match=key):
            check(room, author, by, desk.hands)
    desk.hands.missing = {Permission.MANAGE_MESSAGES}
    with pytest.raises(UserError, match=r"lacks\.manage_messages"):
        check(ROOM, ANA, by, desk.hands)


async def test_someone_who_left_meanwhile_is_not_timed_out(desk: Desk) -> None:
    desk.hands.targets = {ANA: Target(user_id=ANA, is_here=False)}

    with pytest.raises(UserError, match=r"moderation\.bar_timeout\.left"):
        await desk.order(ActKind.TIMEOUT, user_id=ANA, seconds=600)


async def test_a_room_pauses_and_opens_again(desk: Desk) -> None:
    await desk.order(ActKind.PAUSE, room_id=ROOM.id, seconds=900)
    assert desk.rooms.room.paused_until == desk.clock() + timedelta(minutes=15)
    await desk.order(ActKind.PAUSE, room_id=ROOM.id)
    assert desk.rooms.room.paused_until == desk.clock() + UNTIL_OPENED
    await desk.order(ActKind.RESUME, room_id=ROOM.id)

    assert desk.rooms.room.paused_until is None
    assert [action for action, _ in desk.audit.lines] == [
        AuditAction.ROOM_PAUSED,
        AuditAction.ROOM_PAUSED,
        AuditAction.ROOM_RESUMED,
    ]
    assert desk.outbox.added == []


@pytest.mark.parametrize("seconds", [-1, LONGEST_SLOW + 1, None])
async def test_slow_mode_out_of_range_is_refused(desk: Desk, seconds: int | None) -> None:
    with pytest.raises(UserError, match=r"moderation\.slow_range"):
        await desk.order(ActKind.SLOW, room_id=ROOM.id, seconds=seconds)


async def test_discord_not_following_yet_is_known(desk: Desk) -> None:
    act = await desk.order(ActKind.SLOW, room_id=ROOM.id, seconds=30)
    assert desk.rooms.room.slow_seconds == 30
    assert not desk.service.is_refused(act)

    desk.rooms.trouble = "forbidden"

    assert desk.service.is_refused(act)


async def test_someone_is_taken_out_of_a_room_once(desk: Desk) -> None:
    await desk.order(ActKind.REMOVE, user_id=ANA, room_id=ROOM.id)

    [removed] = desk.rooms.removed
    assert removed[2] == MODERATOR.user_id
    assert desk.outbox.kinds() == ["room.moderated"]
    with pytest.raises(UserError, match=r"moderation\.not_in_room"):
        await desk.order(ActKind.REMOVE, user_id=ANA, room_id=ROOM.id)
    with pytest.raises(UserError, match=r"bar_remove\.self"):
        await desk.order(ActKind.REMOVE, user_id=MODERATOR.user_id, room_id=ROOM.id)


async def test_what_a_crash_cut_off_is_finished_once(desk: Desk, database: SqliteDatabase) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    cut_off = replace(act, reason="x", note="details", begun_at=desk.clock())
    sealed = await desk.store.seal(cut_off)
    async with database.transaction() as tx:
        await desk.store.start(cut_off, sealed, tx)
    desk.hands.messages.clear()  # Discord had done it.
    await desk.service.sweep(desk.clock(), desk.hands)
    assert desk.outbox.added == []

    desk.clock.advance(STUCK + timedelta(seconds=1))
    await desk.service.sweep(desk.clock(), desk.hands)
    await desk.service.sweep(desk.clock(), desk.hands)

    kept = await desk.store.get(act.id)
    assert kept is not None
    assert kept.state is ActState.DONE
    assert desk.outbox.kinds() == ["room.moderated"]
    assert len(desk.audit.lines) == 1


async def test_a_form_nobody_sent_keeps_the_post_an_hour_at_most(desk: Desk) -> None:
    act = await desk.service.begin_hide(POST, ROOM, MODERATOR)
    assert await desk.store.post(act.id) == "my own words"

    desk.clock.advance(BEGUN_LASTS + timedelta(seconds=1))
    await desk.service.sweep(desk.clock(), desk.hands)

    assert await desk.store.post(act.id) is None
    with pytest.raises(UserError, match=r"moderation\.form_old"):
        await desk.service.begun(act.id, MODERATOR)


async def test_someone_who_has_not_joined_gets_no_note(desk: Desk) -> None:
    act = await desk.service.begin_hide(replace(POST, author_id=777), ROOM, MODERATOR)

    assert (await desk.hide(act)).participant_id is None
    assert desk.outbox.added == []

"""Set-up's rules about who, where and when."""

import asyncio

import pytest

from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from bot.errors import UserError
from bot.services.building import BuildError, Failure
from tests.fakes.building import FakeServer
from tests.fakes.simulation import World

OWNER, LEAD, STRANGER = 7, 8, 9


class NoRoles:
    """A server where nobody holds any role."""

    def held_by(self, user_id: int) -> frozenset[int] | None:
        return None

    def holders(self, role_id: int) -> frozenset[int]:
        return frozenset()

    async def give(self, user_id: int, role_id: int) -> None:
        raise AssertionError

    async def take(self, user_id: int, role_id: int) -> None:
        raise AssertionError


class StuckRoles(NoRoles):
    """A server where everyone is, and Discord refuses every change."""

    def held_by(self, user_id: int) -> frozenset[int] | None:
        return frozenset()

    async def give(self, user_id: int, role_id: int) -> None:
        raise BuildError(Failure.FORBIDDEN)


def refusal(error: pytest.ExceptionInfo[UserError]) -> str:
    return error.value.key


async def test_the_owner_and_leads_may_and_others_may_not(world: World) -> None:
    setup = world.app.services.setup
    await world.app.services.team.enrol(LEAD, StaffRole.LEAD, by=LEAD)

    setup.check_person(OWNER, OWNER)
    setup.check_person(LEAD, OWNER)
    with pytest.raises(UserError) as error:
        setup.check_person(STRANGER, OWNER)
    assert refusal(error) == "setup.not_allowed"


async def test_one_server_needs_no_setting_and_several_do(world: World) -> None:
    setup = world.app.services.setup

    setup.check_server(1, guilds=1)
    with pytest.raises(UserError) as error:
        setup.check_server(1, guilds=2)
    assert refusal(error) == "setup.several_servers"


async def test_a_bound_bot_stays_with_its_server_and_language(world: World) -> None:
    setup, programme = world.app.services.setup, world.app.services.programme
    await setup.bind(1, OWNER, locale="es-ES")
    await setup.bind(2, OWNER, locale="en-US")

    assert (programme.current.guild_id, programme.current.locale) == (1, "es")
    setup.check_server(1, guilds=3)
    with pytest.raises(UserError) as error:
        setup.check_server(2, guilds=3)
    assert refusal(error) == "core.other_server"


async def test_who_binds_becomes_a_lead_only_where_there_is_none(world: World) -> None:
    await world.app.services.team.enrol(LEAD, StaffRole.LEAD, by=LEAD)

    await world.app.services.setup.bind(1, OWNER, locale="en")

    assert world.app.services.staff.get(OWNER) is None


async def test_two_people_cannot_apply_at_once(world: World) -> None:
    setup, server = world.app.services.setup, FakeServer()

    outcomes = await asyncio.gather(
        setup.apply(server, NoRoles(), by=OWNER),
        setup.apply(server, NoRoles(), by=LEAD),
        return_exceptions=True,
    )

    (error,) = [outcome for outcome in outcomes if isinstance(outcome, UserError)]
    assert error.key == "setup.busy"


async def test_progress_is_told_of_each_part_that_is_touched(world: World) -> None:
    told: list[tuple[int, int, PlaceKey]] = []

    async def progress(number: int, count: int, part: object) -> None:
        told.append((number, count, part.key))

    server = FakeServer()
    await world.app.services.setup.apply(server, NoRoles(), by=OWNER, progress=progress)
    await world.app.services.setup.apply(server, NoRoles(), by=OWNER, progress=progress)

    assert [number for number, _, _ in told] == list(
        range(1, len(PlaceKey))
    )  # all but the alert channel


async def test_applying_is_in_the_audit_log_once_something_was_made(world: World) -> None:
    server = FakeServer()
    for _ in range(2):
        await world.app.services.setup.apply(server, NoRoles(), by=OWNER)

    rows = await world.app.database.fetch_all(
        "SELECT facts FROM audit_entries WHERE action = 'setup.applied'"
    )
    assert len(rows) == 1


async def test_roles_discord_refuses_are_returned(world: World) -> None:
    services = world.app.services
    await services.team.enrol(LEAD, StaffRole.LEAD, by=LEAD)

    applied = await services.setup.apply(FakeServer(), StuckRoles(), by=OWNER)

    assert [(gap.user_id, gap.failure) for gap in applied.gaps] == [(LEAD, Failure.FORBIDDEN)]


async def test_what_is_gone_is_told_once_and_what_is_not_ours_never(world: World) -> None:
    services, server = world.app.services, FakeServer()
    await services.setup.apply(server, NoRoles(), by=OWNER)
    gone = services.places.get(PlaceKey.CHANNEL_ROOM)

    assert await services.setup.gone(gone) is PlaceKey.CHANNEL_ROOM
    assert await services.setup.gone(gone) is None
    assert await services.setup.gone(424242) is None

    rows = await world.app.database.fetch_all("SELECT * FROM outbox WHERE kind = 'setup.gone'")
    assert len(rows) == 1

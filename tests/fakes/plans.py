"""Steps towards a plan of two people, on the services."""

from bot.domain.plan import PlanSection, PlanVersion, Signing
from bot.store.database import SqliteDatabase
from tests.fakes.couples import ADA, BEN, CoupleWorld

SIGNS = PlanSection.SIGNS
MINE = PlanSection.MINE


async def write(world: CoupleWorld, user_id: int, text: str, section: PlanSection = SIGNS) -> None:
    person, space = await world.person(user_id), await world.space(user_id)
    await world.plans.write(person, space, section, text)


async def put(world: CoupleWorld, user_id: int, text: str, mine: str = "") -> PlanVersion:
    """Put a version before the other one."""
    await write(world, user_id, text)
    await write(world, user_id, mine, MINE)
    space = await world.space(user_id)
    seen = (await world.plans.view(space)).number
    version = await world.plans.propose(await world.person(user_id), space, seen=seen)
    assert version is not None
    return version


async def sign(world: CoupleWorld, user_id: int, version: PlanVersion) -> Signing:
    person, space = await world.person(user_id), await world.space(user_id)
    return await world.plans.sign(person, space, version.id)


async def in_force(world: CoupleWorld, text: str = "no sleep") -> PlanVersion:
    """Bring a version into force."""
    version = await put(world, ADA, text, "I go to my group")
    assert await sign(world, BEN, version) is Signing.SIGNED
    assert await sign(world, ADA, version) is Signing.IN_FORCE
    return await world.plans.version(await world.space(ADA), version.id)


async def rows(database: SqliteDatabase, table: str) -> int:
    row = await database.fetch_one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])

"""Wakes the services once they are built: what they keep in memory, and whom they follow."""

from bot.app.following import keep_nobody_forgotten, keep_partners_apart, keep_schedules_right
from bot.app.room_tools import keep_room_tools_right
from bot.app.rooms import keep_rooms_right
from bot.app.rota import keep_rota_right
from bot.app.watch import keep_watch_right
from bot.services.container import Services


async def wake(services: Services) -> None:
    """Read what is kept in memory too, and let each follow what it must."""
    for service in (
        services.profiles,
        services.consents,
        services.staff,
        services.programme,
        services.places,
        services.rooms,
        services.room_members,
        services.room_posting,
        services.keep_apart,
        services.pairs,
        services.alone.screening,
        services.rota,
        services.duty,
        services.prompt_sets,
        services.watch_health,
        services.automod,
    ):
        await service.load()
    for keep_right in (
        keep_rota_right,
        keep_schedules_right,
        keep_partners_apart,
        keep_nobody_forgotten,
        keep_rooms_right,
        keep_room_tools_right,
        keep_watch_right,
    ):
        keep_right(services)

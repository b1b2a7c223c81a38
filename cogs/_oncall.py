"""The group that all commands about duty and the rota belong to."""

from collections.abc import Mapping

from bot.checks import StaffGroup
from bot.client import Bot
from bot.services.container import Services
from bot.ui.routing import FeatureCog


class OncallCommands(FeatureCog[Bot]):
    """What the parts of `/oncall` have in common."""

    oncall = StaffGroup(name="oncall", description="Who is on duty")


def room_names(services: Services) -> Mapping[str, str]:
    """Name the rooms by their channels."""
    named = {room.id: services.rooms.channel_of(room.id) for room in services.rooms.all()}
    return {room_id: f"<#{channel_id}>" for room_id, channel_id in named.items() if channel_id}

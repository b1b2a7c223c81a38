"""Joining, screen by screen, as people meet it."""

from datetime import time

from bot.domain.participant import Delivery
from tests.fakes.joined import join
from tests.fakes.server import set_up
from tests.fakes.simulation import World


async def test_two_minutes_and_three_screens_lead_in(world: World) -> None:
    await set_up(world)

    ana = await join(world, "ana", zone="Bogotá", weekday="7pm", weekend="10:30")

    assert ana.preferences.zone == "America/Bogota"
    assert ana.preferences.country == "CO"
    assert ana.preferences.weekday_time == time(19)
    assert ana.preferences.delivery is Delivery.THREAD
    assert ana.preferences.delivery_confirmed

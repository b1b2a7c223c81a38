"""Settings, as a participant meets them."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import simcord

from bot.domain.consent import ConsentKind
from bot.domain.participant import Delivery, Pace, Participant, SafeContact
from tests.fakes.joined import join, open_note, options, own_thread
from tests.fakes.server import lobby, set_up
from tests.fakes.simulation import World, fields, labels, shown, texts


class Desk:
    """Someone with their settings open."""

    def __init__(self, world: World, person: simcord.MemberActor, card: Any) -> None:
        self.world = world
        self.person = person
        self.card = card

    async def press(self, label: str) -> simcord.InteractionResult:
        return self._seen(await self.person.click(self.card, label=label))

    async def pick(self, custom_id: str, value: str) -> None:
        self._seen(await self.person.select(self.card, [value], custom_id=custom_id))

    async def fill(self, label: str, **values: str) -> None:
        """Press a button that opens a form, and send it off."""
        opened = await self.press(label)
        self._seen(await self.person.submit_modal(opened, values))

    async def me(self) -> Participant:
        return await self.world.app.services.participants.active(self.person.id)

    def _seen(self, result: simcord.InteractionResult) -> simcord.InteractionResult:
        if result.modal is None:
            self.card = shown(result)
        return result


@pytest.fixture
async def desk(world: World) -> Desk:
    """Ana, joined, with her settings open."""
    await set_up(world)
    await join(world, "ana")
    ana = world.person("ana")
    return Desk(world, ana, shown(await ana.slash(lobby(world), "settings")))


async def test_the_card_shows_everything_chosen(desk: Desk) -> None:
    said = texts(desk.card)

    for line in (
        "New York, United States", "Language:** English", "Crisis lines for:** United States",
        "Daily check-in:** on", "every day", "Quiet hours:** from", "your private thread",
        "The team may write to me:** in any way",
    ):  # fmt: skip
        assert line in said
    assert len(labels(desk.card)) == 13


async def test_settings_are_for_those_who_joined(world: World) -> None:
    await set_up(world)

    result = await world.person("kim").slash(lobby(world), "settings")

    assert "people who have joined" in texts(shown(result))


async def test_an_iana_zone_is_taken_with_the_command(desk: Desk) -> None:
    result = await desk.person.slash(lobby(desk.world), "settings", place="America/Bogota")

    assert "Bogota, Colombia" in texts(shown(result))
    assert (await desk.me()).preferences.zone == "America/Bogota"
    assert (await desk.me()).preferences.country == "CO"


async def test_places_are_suggested_while_typing(desk: Desk) -> None:
    found = await desk.person.autocomplete(lobby(desk.world), "settings", "place", "bogo")

    assert {"name": "Bogota, Colombia", "value": "America/Bogota"} in [
        {"name": choice["name"], "value": choice["value"]} for choice in found
    ]


@pytest.mark.parametrize(
    ("typed", "said"), [("Londen", "Europe/London"), ("Qqqqqq", "don't know a place")]
)
async def test_an_unknown_zone_gets_a_sentence(desk: Desk, typed: str, said: str) -> None:
    result = await desk.person.slash(lobby(desk.world), "settings", place=typed)

    assert said in texts(shown(result))
    assert (await desk.me()).preferences.zone == "America/New_York"


async def test_a_vague_place_asks_which(desk: Desk) -> None:
    result = await desk.person.slash(lobby(desk.world), "settings", place="Mexico")
    desk.card = shown(result)

    await desk.pick("zone:v1:pick:settings", "America/Tijuana")

    assert (await desk.me()).preferences.zone == "America/Tijuana"


async def test_the_place_is_changed_by_the_clock(desk: Desk) -> None:
    await desk.press("Place and time")
    assert 20 <= len(options(desk.card, "zone:v1:clock:settings")) <= 25

    await desk.pick("zone:v1:clock:settings", "60")
    await desk.pick("zone:v1:pick:settings", "Europe/Madrid")

    assert (await desk.me()).preferences.zone == "Europe/Madrid"
    assert "Saved." in texts(desk.card)


async def test_another_language_shows_at_once_and_stays(desk: Desk) -> None:
    await desk.press("Language")
    await desk.pick("settings:v1:set_language:settings", "es")

    assert "Ajustes" in texts(desk.card)
    thread = await own_thread(desk.world, desk.person)
    assert thread is not None
    panels = [message for message in thread.history() if "Cómo estoy" in labels(message)]
    assert len(panels) == 1
    again = await desk.person.slash(lobby(desk.world), "settings")
    assert "Idioma:** Español" in texts(shown(again))


async def test_the_country_of_the_crisis_lines(desk: Desk) -> None:
    await desk.press("Country")
    await desk.pick("settings:v1:set_country", "MX")
    assert "Crisis lines for:** Mexico" in texts(desk.card)

    await desk.press("Country")
    await desk.fill("Another country", country="Atlantis")
    assert "don't know a country" in texts(desk.card)

    await desk.fill("Open again", country="Norway")
    assert (await desk.me()).preferences.country == "NO"


async def test_times_are_read_as_people_type_them(desk: Desk) -> None:
    await desk.fill("Check-in times", weekday="7:30 p.m.", weekend="10 de la mañana")

    preferences = (await desk.me()).preferences
    assert (preferences.weekday_time, preferences.weekend_time) == (time(19, 30), time(10))


async def test_a_time_that_is_none_hands_everything_back(desk: Desk) -> None:
    await desk.fill("Check-in times", weekday="7pm", weekend="25:70")
    assert "25:70" in texts(desk.card)

    opened = await desk.press("Open again")
    kept = fields(opened)

    assert kept["weekday"]["value"] == "7pm"
    assert kept["weekend"]["value"] == "25:70"
    assert (await desk.me()).preferences.weekday_time == time(18)


async def test_the_form_comes_filled_in_and_may_be_sent_as_it_is(desk: Desk) -> None:
    opened = await desk.press("Check-in times")
    shown_times = {key: field["value"] for key, field in fields(opened).items()}
    await desk.person.submit_modal(opened, shown_times)

    preferences = (await desk.me()).preferences
    assert (preferences.weekday_time, preferences.weekend_time) == (time(18), time(11))


async def test_a_time_that_does_not_exist_one_night_is_taken_without_a_word(desk: Desk) -> None:
    await desk.fill("Check-in times", weekday="2:30 am", weekend="2:30 am")

    assert "Saved." in texts(desk.card)
    assert (await desk.me()).preferences.weekday_time == time(2, 30)


async def test_the_pace(desk: Desk) -> None:
    await desk.press("How often")
    await desk.pick("settings:v1:set_pace", "weekly")

    assert (await desk.me()).preferences.pace is Pace.WEEKLY
    assert "once a week" in texts(desk.card)


async def test_quiet_hours_are_set_and_taken_away(desk: Desk) -> None:
    await desk.fill("Quiet hours", start="9pm", end="7:15")
    preferences = (await desk.me()).preferences
    assert (preferences.quiet_start, preferences.quiet_end) == (time(21), time(7, 15))

    await desk.fill("Quiet hours", start="9pm", end="")
    assert "both" in texts(desk.card)

    await desk.fill("Open again", start="", end="")
    assert "Quiet hours:** none" in texts(desk.card)


async def test_another_way_of_delivery_is_tried_with_a_note(desk: Desk) -> None:
    await desk.press("Where notes go")
    await desk.press("A direct message")
    assert not (await desk.me()).preferences.delivery_confirmed

    await desk.world.run_due()
    words = desk.world.app.bot.catalog.words("en")
    tapped = await open_note(desk.world, desk.person, words)

    assert "notes come here from now on" in texts(shown(tapped))
    preferences = (await desk.me()).preferences
    assert preferences.delivery is Delivery.DM
    assert preferences.delivery_confirmed


async def test_closed_dms_fall_back_to_the_thread_and_say_so(desk: Desk) -> None:
    path = f"/channels/{desk.person.user.dm_channel.id}/messages"
    desk.world.env.inject_error("POST", path, status=403, code=50007, times=1)
    await desk.press("Where notes go")
    pressed = await desk.press("A direct message")
    await desk.world.run_due()
    desk.card = shown(pressed)

    assert "direct messages are closed" in texts(desk.card)
    assert "notes go to your private thread" in texts(desk.card)
    assert (await desk.me()).preferences.delivery is Delivery.THREAD
    thread = await own_thread(desk.world, desk.person)
    assert thread is not None
    assert sum(message.content == "You have a note." for message in thread.history()) == 2


async def test_no_notes_at_all(desk: Desk) -> None:
    await desk.press("Where notes go")
    await desk.press("Nothing")

    assert "Notes go to:** nothing" in texts(desk.card)
    assert (await desk.me()).preferences.delivery is Delivery.NOTHING


async def test_how_the_team_may_write_first(desk: Desk) -> None:
    await desk.press("How to reach me")
    await desk.pick("settings:v1:set_safe", "server_only")
    await desk.fill("Only at these hours", start="6pm", end="8pm")

    preferences = (await desk.me()).preferences
    assert preferences.safe_contact is SafeContact.SERVER_ONLY
    assert preferences.safe_hours == "18:00-20:00"
    assert "only in this server, from" in texts(desk.card)

    await desk.fill("Only at these hours", start="6pm", end="18:00")
    assert "are the same" in texts(desk.card)

    await desk.fill("Open again", start="", end="")
    assert (await desk.me()).preferences.safe_hours is None


async def test_each_consent_is_shown_with_where_it_stands(desk: Desk) -> None:
    await desk.press("What I agreed to")

    said = texts(desk.card)
    assert "Daily check-in:** agreed" in said
    assert "Peer rooms:** not asked yet" in said
    assert set(options(desk.card, "settings:v1:consent")) == {
        "groups", "daily_prompts", "reminders", "heads_ups", "room_screening", "shared_space"
    }  # fmt: skip


async def test_taking_the_daily_consent_back_stops_the_check_ins_at_once(desk: Desk) -> None:
    await desk.press("What I agreed to")
    await desk.pick("settings:v1:consent", "daily_prompts")
    await desk.press("Take it back")

    assert "Daily check-in:** not agreed" in texts(desk.card)
    assert not (await desk.me()).preferences.checkins


async def test_giving_a_consent_in_settings_leads_back_to_the_list(desk: Desk) -> None:
    await desk.press("What I agreed to")
    await desk.pick("settings:v1:consent", "heads_ups")
    await desk.press("I agree")
    await desk.press("Continue")

    assert "Heads-ups to the team:** agreed" in texts(desk.card)
    me = await desk.me()
    assert await desk.world.app.services.consents.given(me.id, ConsentKind.HEADS_UPS)


async def test_settings_outlive_a_restart(desk: Desk) -> None:
    await desk.fill("Check-in times", weekday="6:15", weekend="9")
    await desk.world.restart()

    await desk.press("How often")
    await desk.pick("settings:v1:set_pace", "three")

    preferences = (await desk.me()).preferences
    assert preferences.weekday_time == time(6, 15)
    assert preferences.pace is Pace.THREE


async def test_a_card_with_an_option_that_is_gone_gets_a_sentence(desk: Desk) -> None:
    me = await desk.me()

    with pytest.raises(simcord.SetupError):
        await desk.pick("settings:v1:set_pace", "hourly")

    assert await desk.me() == me


async def test_the_clock_on_the_card_is_the_persons(desk: Desk) -> None:
    await desk.person.slash(lobby(desk.world), "settings", place="Asia/Tokyo")
    opened = await desk.person.slash(lobby(desk.world), "settings")

    local: datetime = desk.world.env.now().astimezone(ZoneInfo("Asia/Tokyo"))
    words = desk.world.app.bot.catalog.words("en")
    assert words.time(local.time()) in texts(shown(opened))

"""People of the team who must not see whose requests: they find no trace of them."""

import pytest
import simcord

from bot.domain.participant import Delivery
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from bot.errors import UserError
from tests.fakes.care import ask, channel, joined, on_duty, page
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, labels, shown, texts


@pytest.fixture
async def ready(world: World) -> World:
    """A server that is set up, with a moderator and a clinician; the week is reported."""
    await set_up(world)
    await world.run_due()
    return world


@pytest.fixture
async def partner(ready: World) -> World:
    """Ana's partner is the moderator on duty, and the leads keep him away from her requests."""
    await joined(ready, "ana")
    await on_duty(ready)
    lead = owner_of(ready)
    await lead.slash(
        ready.guild.channels["general"],
        "oncall apart add",
        staff=ready.person("moderator"),
        person=ready.person("ana"),
    )
    return ready


async def test_a_partner_on_the_team_is_told_nothing_of_a_request(partner: World) -> None:
    staff_channel = channel(partner, PlaceKey.CHANNEL_STAFF)
    before = len(staff_channel.history())
    moderator = partner.person("moderator")

    answer = await ask(partner, "ana")
    lead_card = await page(partner, PlaceKey.CHANNEL_LEAD)

    assert "No one is on right now" in texts(shown(answer))
    assert "Kept among the leads" in texts(lead_card)
    assert moderator.mention not in texts(lead_card)
    assert len(staff_channel.history()) == before
    with pytest.raises(simcord.SetupError):
        channel(partner, PlaceKey.CHANNEL_LEAD).history(viewer=moderator)


async def test_a_partner_on_the_team_finds_no_trace_in_any_list(partner: World) -> None:
    outcome = await partner.app.services.cases.ask(partner.person("ana").id)
    staff_channel = channel(partner, PlaceKey.CHANNEL_STAFF)
    moderator = partner.person("moderator")
    queue_empty = texts(shown(await moderator.slash(staff_channel, "care queue")))

    by_ref = await moderator.slash(staff_channel, "care case", ref=outcome.case.ref)
    never = await moderator.slash(staff_channel, "care case", ref="XXXXX")
    off = await moderator.slash(staff_channel, "oncall off")
    on = await moderator.slash(staff_channel, "oncall on")

    assert "Nothing is waiting" in queue_empty
    assert texts(shown(by_ref)) == texts(shown(never))
    for seen in (off, on):
        assert outcome.case.ref not in texts(shown(seen))
        assert "Waiting for someone" not in texts(shown(seen))


async def test_a_partner_on_the_team_cannot_use_a_button_kept_from_before(partner: World) -> None:
    case = (await partner.app.services.cases.ask(partner.person("ana").id)).case
    services = partner.app.services
    member = await services.staff.enrolled(partner.person("moderator").id)

    for act in (
        services.case_desk.claim(case.id, member),
        services.case_desk.contacted(case.id, member),
        services.case_desk.note(case.id, member, "x"),
        services.case_desk.open_file(case.id, member, reason="curious"),
    ):
        with pytest.raises(UserError, match=r"care\.case\.unknown"):
            await act


async def test_a_concern_about_a_moderator_stays_away_from_them(ready: World) -> None:
    await joined(ready, "ana")
    await on_duty(ready)
    general = ready.guild.channels["general"]
    post = await ready.person("moderator").send(general, "You are all hopeless")
    staff_channel = channel(ready, PlaceKey.CHANNEL_STAFF)
    before = len(staff_channel.history())

    form = await ready.person("ana").context_menu(general, "Raise a concern", post)
    await ready.person("ana").submit_modal(form, {"reason": "unkind", "words": "That hurt."})
    card = await page(ready, PlaceKey.CHANNEL_LEAD)

    assert "someone raised a concern" in texts(card)
    assert len(staff_channel.history()) == before


async def test_a_conflict_needs_a_lead_and_two_people(ready: World) -> None:
    general = ready.guild.channels["general"]
    moderator, lead = ready.person("moderator"), owner_of(ready)

    refused = await moderator.slash(
        general, "oncall apart add", staff=ready.person("clinician"), person=ready.person("ana")
    )
    selfish = await lead.slash(general, "oncall apart add", staff=moderator, person=moderator)
    outsider = await lead.slash(
        general, "oncall apart add", staff=ready.person("ana"), person=moderator
    )

    assert "Only a programme lead" in texts(shown(refused))
    assert "needs no entry" in texts(shown(selfish))
    assert "not on the care team" in texts(shown(outsider))


async def test_a_lead_with_a_conflict_sees_nothing_and_another_lead_does(ready: World) -> None:
    await joined(ready, "ana")
    other = ready.person("second lead")
    services = ready.app.services
    await services.team.enrol(other.id, StaffRole.LEAD, by=owner_of(ready).id)
    await services.duty.keep_apart(owner_of(ready).id, ready.person("ana").id)
    lead_channel = channel(ready, PlaceKey.CHANNEL_LEAD)
    before = [message.id for message in lead_channel.history() if labels(message)]

    await ask(ready, "ana")
    await ready.run_due()
    [thread] = lead_channel.threads
    members = await ready.app.bot.get_channel(thread.id).fetch_members()

    assert [message.id for message in lead_channel.history() if labels(message)] == before
    assert other.id in {member.id for member in members}
    assert owner_of(ready).id not in {member.id for member in members}
    assert "asked for a person" in texts(thread.last_message)


async def test_when_everyone_is_kept_apart_the_person_is_told_to_look_elsewhere(
    ready: World, caplog: pytest.LogCaptureFixture
) -> None:
    await joined(ready, "ana")
    await ready.app.services.duty.keep_apart(owner_of(ready).id, ready.person("ana").id)
    lead_channel = channel(ready, PlaceKey.CHANNEL_LEAD)
    before = len(lead_channel.history())

    answer = texts(shown(await ask(ready, "ana")))
    await ready.run_due()

    assert "No one on the team here can take this one" in answer
    assert len(lead_channel.history()) == before
    caplog.clear()


async def test_asking_again_stays_away_from_who_was_put_on_the_list_since(ready: World) -> None:
    await joined(ready, "ana")
    await ask(ready, "ana")
    await page(ready)
    staff_channel = channel(ready, PlaceKey.CHANNEL_STAFF)
    before = len(staff_channel.history())
    ana, moderator = ready.person("ana"), ready.person("moderator")
    await ready.app.services.duty.keep_apart(moderator.id, ana.id)
    await ready.advance(601)

    await ready.app.services.cases.ask(ana.id)
    card = await page(ready, PlaceKey.CHANNEL_LEAD)

    assert len(staff_channel.history()) < before, "the first card is taken down"
    assert "Kept among the leads" in texts(card)


async def test_a_partner_on_the_team_is_not_told_that_a_person_is_out_of_reach(
    partner: World,
) -> None:
    services, ana = partner.app.services, partner.person("ana")
    participant = await services.participants.find(ana.id)
    await services.participants.change(participant, delivery=Delivery.DM)
    path = f"/channels/{ana.user.dm_channel.id}/messages"
    partner.env.inject_error("POST", path, status=403, code=50007, times=1)
    staff_channel = channel(partner, PlaceKey.CHANNEL_STAFF)
    before = len(staff_channel.history())

    await services.crisis.check_back(ana.id, 1)
    await partner.advance(3601)
    card = await page(partner, PlaceKey.CHANNEL_LEAD)

    assert "can't be reached" in texts(card)
    assert len(staff_channel.history()) == before


async def test_a_lead_cannot_lift_an_entry_about_themselves(ready: World) -> None:
    lead, ana = owner_of(ready), ready.person("ana")
    await ready.app.services.duty.keep_apart(lead.id, ana.id)

    refused = await lead.slash(
        ready.guild.channels["general"], "oncall apart remove", staff=lead, person=ana
    )

    assert "Ask another programme lead" in texts(shown(refused))
    assert lead.id in ready.app.services.duty.excluded([ana.id])

"""A partner who is a moderator sees nothing anywhere: every surface that could show a case.

`SURFACES` is the one list of them. A new place in which a case can show goes in here, and the
story below walks it: what the partner sees must be the same with a request as without one.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
import simcord

from bot.domain.case import CaseSource, Resolution, Severity
from bot.domain.place import PlaceKey
from tests.fakes.care import ask, channel, joined, on_duty
from tests.fakes.server import owner_of, set_up
from tests.fakes.simulation import World, shown, texts

See = Callable[[World], Awaitable[str]]

TWINS = (
    "case",
    "claim",
    "contacted",
    "backup",
    "busy",
    "tried",
    "steps",
    "write",
    "open",
    "note",
    "close",
    "reopen",
    "handto",
)
"""The commands that take a reference."""

BUTTONS = (
    "claim",
    "contacted",
    "backup",
    "more",
    "open",
    "steps",
    "busy",
    "tried",
    "write",
    "hand",
    "decline",
    "note",
    "shift",
    "severity",
    "close",
    "close_late",
    "reopen",
    "reason",
)
"""The buttons of a case's cards: an old card may be in somebody's hands."""


def partner(world: World) -> simcord.MemberActor:
    return world.person("moderator")


async def slash(world: World, name: str, **options: Any) -> str:
    """Use a command in the staff channel and return all that the answer says."""
    result = await partner(world).slash(channel(world, PlaceKey.CHANNEL_STAFF), name, **options)
    return texts(shown(result))


def command(name: str, **options: Any) -> See:
    async def see(world: World) -> str:
        return await slash(world, name, **options)

    return see


def posts(key: PlaceKey) -> See:
    """Everything in a channel that the partner can read, mentions included."""

    async def see(world: World) -> str:
        await world.app.draw_boards()
        await world.env.settle()
        try:
            channel(world, key).history(viewer=partner(world))
        except simcord.SetupError:
            return "not theirs to see"
        # Without a viewer: the answers to their own commands are walked by themselves.
        return "\n".join(texts(message) for message in channel(world, key).history())

    return see


async def threads(world: World) -> str:
    """The private threads that have the partner in them, or that they could list."""
    found = []
    for key in (PlaceKey.CHANNEL_LEAD, PlaceKey.CHANNEL_PERSONAL, PlaceKey.CHANNEL_STAFF):
        for thread in channel(world, key).threads:
            members = await world.app.bot.get_channel(thread.id).fetch_members()
            if partner(world).id in {member.id for member in members}:
                found.append(thread.name)
    parent = world.app.bot.get_channel(channel(world, PlaceKey.CHANNEL_PERSONAL).id)
    sees = parent.permissions_for(parent.guild.get_member(partner(world).id)).view_channel
    return f"{found} {sees}"


async def autocomplete(world: World) -> str:
    offered = await partner(world).autocomplete(
        channel(world, PlaceKey.CHANNEL_STAFF), "care claim", "ref", ""
    )
    return str(offered)


async def notices(world: World) -> str:
    """What was sent to the partner, in private."""
    dm = partner(world).user.dm_channel
    return "" if dm is None else "\n".join(texts(message) for message in dm.history())


async def board_of_their_own(world: World) -> str:
    """The copy of the board behind its button."""
    state = await world.app.services.board.look(_team())
    return str([row.case.ref for row in state.rows])


def _team() -> Any:
    from bot.domain.board import BoardName  # noqa: PLC0415 - beside its one use

    return BoardName.TEAM


async def verify(world: World) -> str:
    """What the log's proof prints: a count of lines, and never of whom."""
    verdict = await world.app.services.audit.verify()
    return str(verdict.fault)


SURFACES: Mapping[str, See] = {
    "the staff channel, its cards, board and mentions": posts(PlaceKey.CHANNEL_STAFF),
    "the leads' channel": posts(PlaceKey.CHANNEL_LEAD),
    "private threads, and the parent of people's threads": threads,
    "direct messages": notices,
    "/care queue": command("care queue"),
    "/care mine": command("care mine"),
    "/care report": command("care report"),
    "/care handover": command("care handover"),
    "/oncall week": command("oncall week"),
    "autocomplete of a reference": autocomplete,
    "the board's rows": board_of_their_own,
    "/people list": command("people list"),
    "going on duty, and what waits then": command("oncall on"),
    "going off duty": command("oncall off"),
    "audit verify": verify,
}
"""Every surface, by name; references, buttons and menus of hand-over are walked below."""


def plain(text: str) -> str:
    """Leave out the moments, which pass by themselves."""
    return re.sub(r"<t:\d+:?\w?>|\d\d?:\d\d\S*", "", text)


async def look_around(world: World) -> dict[str, str]:
    """Walk every surface as the partner."""
    return {name: plain(await see(world)) for name, see in SURFACES.items()}


@pytest.fixture
async def ready(world: World) -> World:
    """Ana's partner is a moderator on duty, and the leads keep him away from her requests."""
    await set_up(world)
    await joined(world, "ana")
    await on_duty(world)
    await owner_of(world).slash(
        world.guild.channels["general"],
        "oncall apart add",
        staff=world.person("moderator"),
        person=world.person("ana"),
    )
    await settled(world)
    return world


async def settled(world: World) -> None:
    """Send what is due, and let the boards stand."""
    await world.run_due()
    await world.advance(10)
    await world.app.draw_boards()
    await world.env.settle()


async def test_a_partner_who_is_a_moderator_sees_nothing_anywhere(ready: World) -> None:
    before = await look_around(ready)

    await ask(ready, "ana")
    await ready.app.services.cases.ask(
        ready.person("ana").id, CaseSource.CHECKIN_ALONE, Severity.NOW
    )
    await ready.run_due()
    await on_duty(ready)
    after = await look_around(ready)

    assert len(await ready.app.stores.cases.unclosed()) == 2
    for name in SURFACES:
        assert after[name] == before[name], name


async def test_what_a_lead_does_with_it_shows_the_partner_nothing(ready: World) -> None:
    before = await look_around(ready)
    services = ready.app.services
    case = (await services.cases.ask(ready.person("ana").id)).case
    lead = await services.staff.enrolled(owner_of(ready).id)

    await services.case_desk.claim(case.id, lead)
    await services.case_handover.backup(case.id, lead)
    await services.case_handover.rate(case.id, lead, Severity.SOON)
    await ready.run_due()
    await services.case_closing.close(case.id, lead, Resolution.TALKED)
    await services.case_closing.settled(case.id, ready.person("ana").id)
    await services.case_closing.not_really(case.id, ready.person("ana").id)
    await ready.run_due()
    await on_duty(ready)

    after = await look_around(ready)
    for name in SURFACES:
        assert after[name] == before[name], name


async def test_a_reference_he_overheard_is_like_one_that_never_was(ready: World) -> None:
    case = (await ready.app.services.cases.ask(ready.person("ana").id)).case

    for twin in TWINS:
        real = await slash(ready, f"care {twin}", ref=case.ref)
        never = await slash(ready, f"care {twin}", ref="XXXXX")
        assert real == never, twin
    real = await slash(ready, "care severity", ref=case.ref, level="now")
    assert real == await slash(ready, "care severity", ref="XXXXX", level="now")


async def test_a_card_kept_from_before_is_like_one_that_never_was(ready: World) -> None:
    case = (await ready.app.services.cases.ask(ready.person("ana").id)).case
    router, bot = ready.app.bot.router, ready.app.bot
    assert {
        name.split(":")[-1] for name in (*router.presses, *router.forms) if "case:v1:" in name
    } <= {
        *BUTTONS,
        *("queue", "mine", "pick", "tick", "offer"),
    }, "a new button goes into BUTTONS"

    for action in BUTTONS:
        answers = []
        for case_id in (case.id, "x" * 22):
            route = f"case:v1:{action}"
            handler = router.presses.get(route) or router.forms[route].build
            request = bot.request(_pressed_by(ready))
            request.args = [case_id]
            with pytest.raises(Exception, match=r"care\.") as refused:
                await handler(request)
            answers.append(str(refused.value))
        assert answers[0] == answers[1], action


def _pressed_by(world: World) -> Any:
    """Stand in for an interaction of the partner's that nobody answers."""

    class Pressed:
        user = world.app.bot.get_guild(world.guild.id).get_member(partner(world).id)
        guild = world.app.bot.get_guild(world.guild.id)
        message = None
        locale = "en-US"
        data: Mapping[str, Any] = {}

    return Pressed()


async def test_no_menu_of_hand_over_names_who_must_not_know(ready: World) -> None:
    services = ready.app.services
    case = (await services.cases.ask(ready.person("ana").id)).case
    lead = await services.staff.enrolled(owner_of(ready).id)
    await services.case_desk.claim(case.id, lead)

    colleagues = await services.case_handover.colleagues(case.id, lead)

    assert partner(ready).id not in [one.user_id for one in colleagues]


async def test_a_conflict_added_later_takes_his_card_down(world: World) -> None:
    await set_up(world)
    await joined(world, "ana")
    await on_duty(world)
    ready = world
    await settled(ready)
    before = await look_around(ready)
    await on_duty(ready)
    await ask(ready, "ana")
    await ready.run_due()
    with_case = await SURFACES["/care queue"](ready)

    await owner_of(ready).slash(
        ready.guild.channels["general"],
        "oncall apart add",
        staff=partner(ready),
        person=ready.person("ana"),
    )
    await ready.run_due()
    await ready.run_due()
    after = await look_around(ready)

    assert "asked for a person" in with_case
    for name in SURFACES:
        assert after[name] == before[name], name
    lead_cards = [texts(message) for message in channel(ready, PlaceKey.CHANNEL_LEAD).history()]
    assert any("asked for a person" in text for text in lead_cards)

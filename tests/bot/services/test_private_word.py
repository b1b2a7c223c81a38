"""The private word where stories do not reach: who may reset one, and what is kept."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.domain.participant import Participant, ParticipantState, Preferences
from bot.domain.staff import StaffRole
from bot.errors import UserError
from tests.fakes.clock import FakeClock
from tests.fakes.simulation import settings_in

ANA, NINA = 812345678901234501, 812345678901234502


@pytest.fixture
async def app(tmp_path: Path, clock: FakeClock) -> AsyncIterator[App]:
    async with open_app(settings_in(tmp_path), clock=clock) as app:
        yield app


@pytest.fixture
async def ana(app: App) -> Participant:
    person = await app.services.participants.begin(ANA, Preferences())
    return await app.services.participants.move(person, ParticipantState.ACTIVE)


async def test_nobody_resets_their_own(app: App, ana: Participant) -> None:
    lead = await app.services.team.enrol(ANA, StaffRole.LEAD, by=None)
    await app.services.private_word.set(ana.id, "blue heron", "blue heron")

    with pytest.raises(UserError, match=r"people\.word\.someone_else"):
        await app.services.private_word.reset(ANA, lead)

    assert await app.services.private_word.is_set(ana.id)


async def test_a_partner_on_the_team_may_not_reset_it(app: App, ana: Participant) -> None:
    nina = await app.services.team.enrol(NINA, StaffRole.CLINICIAN, by=None)
    await app.services.private_word.set(ana.id, "blue heron", "blue heron")
    await app.services.duty.keep_apart(NINA, ANA)

    with pytest.raises(UserError, match=r"people\.word\.someone_else"):
        await app.services.private_word.reset(ANA, nina)

    await app.services.duty.end_apart(NINA, ANA)
    await app.services.private_word.reset(ANA, nina)
    assert not await app.services.private_word.is_set(ana.id)


async def test_a_reset_ends_the_wait_after_too_many_tries(app: App, ana: Participant) -> None:
    nina = await app.services.team.enrol(NINA, StaffRole.CLINICIAN, by=None)
    words = app.services.private_word
    await words.set(ana.id, "blue heron", "blue heron")
    for _ in range(5):
        with pytest.raises(UserError):
            await words.say(ana.id, "guess")

    await words.reset(ANA, nina)
    await words.set(ana.id, "grey goose", "grey goose")

    await words.say(ana.id, "grey goose")


async def test_the_right_word_gives_all_tries_back(app: App, ana: Participant) -> None:
    words = app.services.private_word
    await words.set(ana.id, "blue heron", "blue heron")
    for _ in range(4):
        with pytest.raises(UserError):
            await words.say(ana.id, "guess")
    await words.say(ana.id, "blue heron")

    with pytest.raises(UserError) as refused:
        await words.say(ana.id, "guess")

    assert refused.value.values == {"n": 4}


async def test_the_wait_is_told_to_the_minute(app: App, ana: Participant, clock: FakeClock) -> None:
    words = app.services.private_word
    await words.set(ana.id, "blue heron", "blue heron")
    for _ in range(5):
        with pytest.raises(UserError):
            await words.say(ana.id, "guess")
    clock.advance(timedelta(minutes=20, seconds=30))

    with pytest.raises(UserError) as refused:
        await words.say(ana.id, "blue heron")

    assert (refused.value.key, refused.value.values) == ("private.too_many", {"n": 40})


async def test_two_people_with_one_word_have_different_digests(app: App, ana: Participant) -> None:
    bo = await app.services.participants.begin(NINA, Preferences())
    for person in (ana, bo):
        await app.services.private_word.set(person.id, "blue heron", "blue heron")

    kept = [await app.stores.private_words.get(person.id) for person in (ana, bo)]

    assert kept[0] is not None
    assert kept[1] is not None
    assert kept[0].digest != kept[1].digest
    assert len(kept[0].salt) == 16


async def test_someone_without_a_word_has_nothing_to_say(app: App, ana: Participant) -> None:
    words = app.services.private_word
    await words.say(ana.id, "anything")
    await words.remove(ana.id, "anything")
    await words.lock(ana.id)

    assert await words.is_open(ana.id)

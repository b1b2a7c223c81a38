"""The private word, as someone with a shared phone meets it."""

from datetime import timedelta

import pytest

from tests.cogs.own_data import WORD, Owner, owner
from tests.fakes.joined import last_note, open_note
from tests.fakes.server import lobby, owner_of
from tests.fakes.simulation import World, fields, labels, shown, texts

HOUR = timedelta(hours=1).total_seconds()


@pytest.fixture
async def ana(world: World) -> Owner:
    return await owner(world)


async def locked(ana: Owner) -> Owner:
    """Set the word and let the hour pass."""
    await ana.set_word()
    await ana.world.env.advance_time(HOUR)
    return ana


async def test_nothing_is_asked_without_a_word(ana: Owner) -> None:
    opened = await ana.slash("checkin history")

    assert opened.modal is None
    assert "check-in" in texts(ana.card).lower()


async def test_a_word_is_set_in_settings_and_closes_the_history(ana: Owner) -> None:
    await locked(ana)

    opened = await ana.slash("checkin history", days=30)
    await ana.submit(opened, word="  blue   HERON ")

    assert "last 30 days" in texts(ana.card)


async def test_it_is_asked_once_an_hour(ana: Owner) -> None:
    await locked(ana)
    await ana.submit(await ana.slash("checkin history"), word=WORD)

    await ana.world.env.advance_time(HOUR - 60)
    again = await ana.slash("checkin history")
    await ana.world.env.advance_time(60)
    later = await ana.slash("checkin history")

    assert again.modal is None
    assert later.modal is not None


@pytest.mark.parametrize("command", ["checkin history", "my-data export", "my-data access"])
async def test_it_guards_what_looks_back(ana: Owner, command: str) -> None:
    await locked(ana)

    opened = await ana.slash(command)

    assert "word" in fields(opened)
    assert shown(opened) is None


async def test_it_guards_deleting_and_every_press(ana: Owner) -> None:
    await locked(ana)
    await ana.slash("my-data delete")
    await ana.slash("menu")
    await ana.press("panel.more")

    pressed = await ana.press("panel.entry.history")
    await ana.press("panel.entry.data")
    exported = await ana.press("data.card.export")
    opened = await ana.press("data.card.access")

    assert [one.modal is not None for one in (pressed, exported, opened)] == [True] * 3


async def test_an_answer_given_before_is_closed_too(ana: Owner) -> None:
    opened = await ana.slash("checkin now")
    await ana.submit(opened, mood="bad", support="some", note="something private")
    await locked(ana)

    asked = await ana.slash("checkin edit")
    assert list(fields(asked)) == ["word"]
    await ana.submit(asked, word=WORD)
    edited = await ana.press("private.say.go_on")

    assert fields(edited)["note"]["value"] == "something private"


async def test_help_now_and_a_first_answer_are_never_closed(ana: Owner) -> None:
    await locked(ana)

    assert (await ana.slash("crisis")).modal is None
    assert "mood" in fields(await ana.slash("checkin now"))


async def test_a_word_that_does_not_fit_says_how_many_tries_are_left(ana: Owner) -> None:
    await locked(ana)

    await ana.submit(await ana.slash("my-data export"), word="grey heron")

    assert "4 more tries" in texts(ana.card)
    assert labels(ana.card) == ["Try again", "Help now"]
    await ana.submit(await ana.press("private.again"), word=WORD)
    assert "You get two files" in texts(ana.card)


async def test_five_tries_an_hour_then_not_even_the_right_word(ana: Owner) -> None:
    await locked(ana)
    for left in (4, 3, 2, 1):
        await ana.submit(await ana.slash("my-data access"), word="guess")
        assert f"{left} more tr" in texts(ana.card)
    await ana.submit(await ana.slash("my-data access"), word="guess")
    assert "last try" in texts(ana.card)

    await ana.submit(await ana.slash("my-data access"), word=WORD)
    assert "Please wait 60 minutes" in texts(ana.card)

    await ana.world.env.advance_time(HOUR)
    await ana.submit(await ana.slash("my-data access"), word=WORD)
    assert "Nobody opened" in texts(ana.card)


async def test_a_typed_word_is_kept_nowhere(ana: Owner, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    await locked(ana)
    await ana.submit(await ana.slash("my-data export"), word="almost blue heron")

    drafts = await ana.world.app.database.fetch_all("SELECT * FROM drafts")
    kept = ana.world.app.settings.database_file.read_bytes()

    assert drafts == []
    assert not any("heron" in record.getMessage().lower() for record in caplog.records)
    assert b"heron" not in kept.lower()
    assert "heron" not in texts(ana.card).lower()


@pytest.mark.parametrize(
    ("word", "again", "sentence"),
    [
        ("abc", "abc", "too short"),
        ("  a  ", "a", "too short"),
        ("x" * 65, "x" * 65, "too long"),
        ("blue heron", "blue herron", "not the same"),
    ],
)
async def test_a_word_that_cannot_be_one_gets_a_sentence(
    ana: Owner, word: str, again: str, sentence: str
) -> None:
    await ana.slash("settings")
    await ana.press("settings.button.word")
    await ana.submit(await ana.press("private.card.set"), word=word, again=again)

    assert sentence in texts(ana.card)
    assert not await ana.world.app.services.private_word.is_set((await ana.me()).id)


async def test_changing_and_taking_away_ask_for_the_word_even_while_it_is_open(
    ana: Owner,
) -> None:
    await ana.set_word()
    form = await ana.press("private.card.change")
    await ana.submit(form, current="wrong", word="grey goose", again="grey goose")
    assert "That is not your private word" in texts(ana.card)

    await ana.submit(
        await ana.press("private.again"), current=WORD, word="grey goose", again="grey goose"
    )
    assert "is set" in texts(ana.card)
    await ana.submit(await ana.press("private.card.remove"), current=WORD)
    assert "That is not your private word" in texts(ana.card)
    await ana.submit(await ana.press("private.again"), current="Grey Goose")

    assert "Your private word is gone" in texts(ana.card)


async def test_it_can_be_closed_at_once(ana: Owner) -> None:
    await ana.set_word()
    await ana.press("private.card.lock")

    assert (await ana.slash("checkin history")).modal is not None


async def test_a_restart_neither_opens_nor_forgets(ana: Owner) -> None:
    await locked(ana)
    await ana.world.restart()

    opened = await ana.slash("my-data export")
    await ana.submit(opened, word=WORD)

    assert "You get two files" in texts(ana.card)


async def test_the_team_resets_it_in_person_and_the_person_is_told(ana: Owner) -> None:
    world = ana.world
    await locked(ana)
    clinician = world.person("clinician")

    reset = await clinician.slash(lobby(world), "people reset-word", user=ana.person)
    await world.run_due()

    assert reset.ephemeral
    assert "it is gone now" in texts(shown(reset))
    assert (await last_note(world, ana.person)).content == "You have a note."
    told = shown(await open_note(world, ana.person, ana.words))
    assert "The team took your private word away" in texts(told)
    assert (await ana.slash("checkin history")).modal is None
    row = await world.app.database.fetch_one(
        "SELECT count(*) AS lines FROM audit_entries WHERE action = 'private.word_reset'"
    )
    assert row is not None
    assert row["lines"] == 1


async def test_the_answer_to_the_team_does_not_tell_whether_there_was_a_word(ana: Owner) -> None:
    world = ana.world
    lead = owner_of(world)
    without = await lead.slash(lobby(world), "people reset-word", user=ana.person)
    await world.run_due()
    notes = len(await world.app.database.fetch_all("SELECT 1 FROM outbox WHERE kind LIKE 'priv%'"))
    await ana.set_word()
    with_one = await lead.slash(lobby(world), "people reset-word", user=ana.person)

    assert texts(shown(without)) == texts(shown(with_one))
    assert notes == 0


async def test_who_may_not_reset_a_word(ana: Owner) -> None:
    world = ana.world
    await ana.set_word()
    moderator, clinician = world.person("moderator"), world.person("clinician")
    await world.app.services.duty.keep_apart(clinician.id, ana.person.id)

    async def refused(by: object, user: object) -> str:
        return texts(shown(await by.slash(lobby(world), "people reset-word", user=user)))

    assert "Only a clinician" in await refused(moderator, ana.person)
    assert "Someone else on the team" in await refused(clinician, ana.person)
    assert "has not joined" in await refused(owner_of(world), world.person("zoe"))
    assert await world.app.services.private_word.is_set((await ana.me()).id)


async def test_the_whole_of_it_in_spanish(world: World) -> None:
    luz = await owner(world, "luz", locale="es")
    await locked(luz)

    asked = await luz.slash("my-data export")
    await luz.submit(asked, word="otra")

    assert "Esa no es tu palabra privada" in texts(luz.card)
    await luz.submit(await luz.press("private.again"), word=WORD)
    assert "Recibes dos archivos" in texts(luz.card)

"""What a persona can do on the page, and what is refused in a sentence."""

import base64

import pytest

from bot.demo.actions import RefusedError
from bot.demo.commands import commands
from tests.demo.conftest import Hands


async def test_text_is_written_and_answered(hands: Hands) -> None:
    await hands.do("ana", "send", text="hello")
    (first,) = hands.seen("ben")

    await hands.do("ben", "send", text="hello you", reply_to=first["id"])

    answer = hands.seen("ana")[-1]
    assert answer["reply"] == {"author": "Ana", "text": "hello"}


async def test_a_file_is_sent(hands: Hands) -> None:
    data = base64.b64encode(b"\x89PNG").decode()

    await hands.do("ana", "send", text="", files=[{"name": "a.png", "data": data}])

    assert hands.seen("ben")[0]["attachments"][0]["name"] == "a.png"


async def test_a_form_takes_every_control(hands: Hands) -> None:
    await hands.do("ana", "slash", name="post")
    (card,) = hands.seen("ana")
    shown = await hands.do("ana", "click", message=card["id"], custom_id="open")
    data = base64.b64encode(b"abc").decode()

    await hands.do(
        "ana",
        "submit",
        token=shown["form"]["token"],
        values={
            "mood": "2",
            "note": "fine",
            "ask": ["contact"],
            "who": [str(hands.session.world.actor("ben").id)],
            "file": [{"name": "a.txt", "data": data}],
        },
    )

    assert hands.seen("ana")[-1]["content"] == (
        "mood=2 note=fine ask=['contact'] who=['Ben'] files=['a.txt']"
    )


async def test_a_form_is_its_openers_alone(hands: Hands) -> None:
    await hands.do("ana", "slash", name="post")
    (card,) = hands.seen("ana")
    shown = await hands.do("ana", "click", message=card["id"], custom_id="open")

    with pytest.raises(RefusedError, match="no longer open"):
        await hands.do("ben", "submit", token=shown["form"]["token"], values={"mood": "2"})


async def test_selects_take_texts_and_people(hands: Hands) -> None:
    await hands.do("ana", "slash", name="post")
    (card,) = hands.seen("ana")
    ben = str(hands.session.world.actor("ben").id)

    await hands.do(
        "ana", "select", message=card["id"], custom_id="pick", type=3, values=["Walk", "Rest"]
    )
    assert hands.seen("ana")[-1]["content"] == "chosen=['Walk', 'Rest']"

    await hands.do("ana", "select", message=card["id"], custom_id="people", type=5, values=[ben])
    assert hands.seen("ana")[-1]["content"] == f"chosen=['{ben}']"


async def test_a_command_takes_options_of_each_kind(hands: Hands) -> None:
    ben = str(hands.session.world.actor("ben").id)

    await hands.do(
        "ana", "slash", name="zone", options={"zone": "Europe/Madrid", "count": "3", "who": ben}
    )

    assert hands.seen("ana")[-1]["content"] == "Europe/Madrid 3 Ben"


async def test_autocomplete_offers_what_the_bot_offers(hands: Hands) -> None:
    came = await hands.do("ana", "autocomplete", name="zone", option="zone", typed="mad")

    assert came["choices"] == [{"name": "Europe/Madrid", "value": "Europe/Madrid"}]


async def test_a_message_menu_acts_on_its_message(hands: Hands) -> None:
    await hands.do("ben", "send", text="something hard")
    (message,) = hands.seen("ana")

    await hands.do("ana", "menu", name="Raise a concern", message=message["id"])

    assert hands.seen("ana")[-1]["content"] == "About something hard"
    assert len(hands.seen("ben")) == 1


async def test_commands_are_those_a_person_may_use(hands: Hands) -> None:
    general = int(hands.place("ana", "general"))

    own = {leaf["name"] for leaf in commands(hands.session, "ana", general)["slash"]}
    lead = {leaf["name"] for leaf in commands(hands.session, "maya", general)["slash"]}

    assert lead - own == {"admin"}
    assert commands(hands.session, "ana", general)["message"] == [{"name": "Raise a concern"}]


async def test_a_bot_that_does_not_answer_is_a_failed_interaction(hands: Hands) -> None:
    await hands.do("ana", "slash", name="post")
    (card,) = hands.seen("ana")

    came = await hands.do("ana", "click", message=card["id"], custom_id="fail")

    assert came == {"failed": True}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"verb": "click", "message": "1", "custom_id": "open"}, "gone"),
        ({"verb": "click"}, "incomplete"),
        ({"verb": "send", "text": ""}, "too long or empty"),
        ({"verb": "send", "text": "x" * 2001}, "too long or empty"),
        ({"verb": "slash", "name": "admin"}, "not available"),
        ({"verb": "fly"}, "unknown"),
        ({"verb": "send", "text": "x", "place": "17"}, "cannot see"),
    ],
)
async def test_what_cannot_be_done_is_refused_in_a_sentence(
    hands: Hands, asked: dict[str, str], sentence: str
) -> None:
    place = hands.place("ana", "general")

    with pytest.raises(RefusedError, match=sentence):
        await hands.actions.perform("ana", {"place": place, **asked})


async def test_another_persons_thread_takes_no_action(hands: Hands) -> None:
    await hands.do("ana", "slash", name="thread")
    thread = hands.place("ana", "own-ana")

    with pytest.raises(RefusedError, match="cannot see"):
        await hands.actions.perform("ben", {"verb": "send", "place": thread, "text": "hi"})

"""What a persona's page is given, and what it never is."""

from typing import Any

from bot.demo.places import list_places
from bot.demo.snapshot import stored_file, view
from tests.demo.conftest import Hands


def parts(node: Any) -> list[dict[str, Any]]:
    """Flatten a message's components."""
    found = []
    for item in node if isinstance(node, list) else [node]:
        found.append(item)
        for name in ("components", "accessory"):
            if item.get(name):
                found += parts(item[name])
    return found


async def test_a_card_reaches_the_page_with_every_part(hands: Hands) -> None:
    await hands.do("ana", "slash", name="post")

    (message,) = hands.seen("ana")
    kinds = {part["type"] for part in parts(message["components"])}
    assert kinds == {17, 10, 14, 9, 2, 12, 1, 3, 5}
    gallery = next(part for part in parts(message["components"]) if part["type"] == 12)
    assert gallery["items"][0]["description"] == "A chart"
    assert gallery["items"][0]["media"]["url"].startswith("/file/ana/")
    assert message["author"]["bot"]
    assert message["command"] == {"user": "Ana", "name": "post"}
    assert message["attachments"] == []


async def test_an_embeds_picture_is_fetched_from_the_page_itself(hands: Hands) -> None:
    await hands.do("ana", "slash", name="picture")

    (message,) = hands.seen("ana")
    assert message["embeds"][0]["title"] == "Seven days"
    assert message["embeds"][0]["image"]["url"].startswith("/file/ana/")
    assert message["attachments"] == []


async def test_an_ephemeral_answer_is_its_owners_alone(hands: Hands) -> None:
    await hands.do("ana", "slash", name="whisper")

    (secret,) = hands.seen("ana")
    assert secret["ephemeral"]
    assert secret["content"] == "a secret of ana"
    for other in ("ben", "theo", "maya"):
        assert "secret" not in str(view(hands.session, other, int(hands.place(other, "general"))))


async def test_a_dismissed_ephemeral_is_gone(hands: Hands) -> None:
    await hands.do("ana", "slash", name="whisper")
    (secret,) = hands.seen("ana")

    hands.actions.dismiss("ana", int(secret["id"]))

    assert hands.seen("ana") == []


async def test_a_private_thread_is_unknown_to_others(hands: Hands) -> None:
    await hands.do("ana", "slash", name="thread")

    thread = hands.place("ana", "own-ana")
    assert hands.seen("ana", "own-ana")[0]["content"] == "You have a note."
    for other in ("ben", "eli"):
        page = view(hands.session, other, int(thread))
        assert "own-ana" not in str(page)
        assert page["messages"] == []


async def test_a_file_of_a_private_thread_stays_there(hands: Hands) -> None:
    await hands.do("ana", "slash", name="thread")
    (message,) = hands.seen("ana", "own-ana")
    channel, attachment = (int(part) for part in message["attachments"][0]["url"].split("/")[3:5])

    found = stored_file(hands.session, "ana", channel, attachment)

    assert found is not None
    assert found[0] == "chart.png"
    assert found[1].startswith(b"\x89PNG")
    assert stored_file(hands.session, "ben", channel, attachment) is None


async def test_a_direct_message_is_its_owners_alone(hands: Hands) -> None:
    await hands.do("ana", "slash", name="write")

    dm = int(hands.place("ana", "Interlude"))
    assert hands.seen("ana", "Interlude")[0]["content"] == "You have a note."
    assert view(hands.session, "ben", dm)["messages"] == []
    assert dm != int(hands.place("ben", "Interlude"))


async def test_what_was_not_read_is_marked(hands: Hands) -> None:
    await hands.do("ana", "send", text="hello")
    general = {
        who: next(one for one in list_places(hands.session, who) if one["name"] == "general")
        for who in ("ana", "ben")
    }

    assert general["ana"]["unread"] == 0
    assert general["ben"]["unread"] == 1

    hands.session.marks.read("ben", int(general["ben"]["id"]), int(general["ben"]["last"]))
    again = next(one for one in list_places(hands.session, "ben") if one["name"] == "general")
    assert again["unread"] == 0


async def test_a_mention_counts_apart_and_is_news(hands: Hands) -> None:
    ben = hands.session.world.actor("ben").id

    await hands.do("ana", "send", text=f"are you there <@{ben}>?")

    page = view(hands.session, "ana", None)
    general = next(one for one in list_places(hands.session, "ben") if one["name"] == "general")
    assert general["mentions"] == 1
    assert [who["key"] for who in page["personas"] if who["news"]] == ["ben"]


async def test_markup_in_a_message_is_carried_as_text(hands: Hands) -> None:
    await hands.do("ana", "send", text="<img src=x onerror=alert(1)> **b**")

    assert hands.seen("ben")[0]["content"] == "<img src=x onerror=alert(1)> **b**"


async def test_the_ids_are_the_same_on_every_run(hands: Hands) -> None:
    first = hands.session.world.actor("ana").id

    assert first == 1456074443980800002

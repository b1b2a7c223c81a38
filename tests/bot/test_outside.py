"""Calling people outside of Discord, over real sockets on this machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.domain.delivery import RefusedError, TryLaterError
from bot.domain.oncall import CallWay, Volunteer
from bot.errors import StartError
from bot.outside import MAIL, WEBHOOK, CallOut, Outside, reach_of
from bot.services.pages import VOLUNTEER
from tests.fakes.outside import Hook, Mailbox, a_hook, a_mailbox
from tests.fakes.simulation import settings_in

SAID = CallOut(id="row-1", subject="A request is waiting", text="A request marked Now is waiting.")


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with a_hook() as hook:
        yield hook


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with a_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def settings(tmp_path: Path, hook: Hook, mailbox: Mailbox) -> Settings:
    return settings_in(
        tmp_path,
        outside_webhook=hook.url,
        outside_mail_to="night@example.org, lead@example.org",
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
        smtp_from="interlude@example.org",
    )


async def test_a_webhook_gets_the_text_and_an_id_for_repetitions(
    settings: Settings, hook: Hook
) -> None:
    await Outside(settings).call(WEBHOOK, SAID)

    assert hook.calls == [{"id": "row-1", "text": SAID.text, "content": SAID.text}]


async def test_an_e_mail_goes_to_all_with_the_same_id_at_each_try(
    settings: Settings, mailbox: Mailbox
) -> None:
    for _ in range(2):
        await Outside(settings).call(MAIL, SAID)

    first, second = mailbox.letters
    assert first["Subject"] == SAID.subject
    assert first.get_payload(decode=True).decode().strip() == SAID.text
    assert first["Message-ID"] == second["Message-ID"] == "<row-1@example.org>"
    assert mailbox.to == ["night@example.org", "lead@example.org"] * 2


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_a_webhook_that_refuses_is_tried_again_and_its_address_told_nobody(
    settings: Settings, hook: Hook, status: int
) -> None:
    hook.status = status

    with pytest.raises(TryLaterError) as refused:
        await Outside(settings).call(WEBHOOK, SAID)

    assert refused.value.after is not None
    assert "secret" not in repr(refused.value)


async def test_a_line_that_is_dead_is_tried_again(settings: Settings, tmp_path: Path) -> None:
    dead = settings.model_copy(update={"smtp_port": 1})
    gone = settings_in(tmp_path, outside_webhook="http://127.0.0.1:1/secret")

    for one, key in ((dead, MAIL), (gone, WEBHOOK)):
        with pytest.raises(TryLaterError) as refused:
            await Outside(one).call(key, SAID)
        assert refused.value.__cause__ is None


async def test_a_mail_server_that_says_not_now_is_tried_again(
    settings: Settings, mailbox: Mailbox
) -> None:
    mailbox.is_closed = True

    with pytest.raises(TryLaterError):
        await Outside(settings).call(MAIL, SAID)


async def test_volunteers_are_called_the_way_they_chose(
    settings: Settings, hook: Hook, mailbox: Mailbox
) -> None:
    agreed = {
        1: Volunteer(user_id=1, way=CallWay.EMAIL, target="one@example.org"),
        2: Volunteer(user_id=2, way=CallWay.WEBHOOK, target=hook.url),
        3: Volunteer(user_id=3, way=CallWay.PHONE, target="+1 555 0100"),
    }
    outside = Outside(settings, agreed.get)

    for user_id in agreed:
        await outside.call(f"{VOLUNTEER}{user_id}", SAID)

    assert mailbox.to == ["one@example.org"]
    assert [call.get("phone") for call in hook.calls] == [None, "+1 555 0100"]
    with pytest.raises(RefusedError):
        await outside.call(f"{VOLUNTEER}4", SAID)


def test_what_can_be_called_follows_the_settings(settings: Settings, tmp_path: Path) -> None:
    assert reach_of(settings).channels == (WEBHOOK, MAIL)
    assert reach_of(settings).ways == set(CallWay)
    assert reach_of(settings_in(tmp_path)).channels == ()
    assert reach_of(settings_in(tmp_path)).ways == {CallWay.WEBHOOK}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"outside_mail_to": "nobody"}, "not an e-mail address: nobody"),
        ({"outside_mail_to": "a@example.org"}, "INTERLUDE_SMTP_HOST"),
        ({"smtp_host": "mail.example.org"}, "INTERLUDE_SMTP_FROM"),
        ({"outside_webhook": "pager.example.org"}, "must begin with https://"),
    ],
)
def test_settings_that_would_fail_at_night_are_refused_at_the_start(
    wrong: dict[str, str], said: str
) -> None:
    with pytest.raises(StartError, match=said):
        load_settings(_env_file=None, **wrong)


def test_an_address_with_a_secret_is_never_shown(settings: Settings) -> None:
    assert "/call/" not in repr(settings)
    assert "/call/" not in str(settings.model_dump())


async def test_the_command_line_calls_as_a_test(
    settings: Settings, hook: Hook, mailbox: Mailbox
) -> None:
    from bot.cli.check import try_call_out  # noqa: PLC0415 - Typer is slow to import

    hook.status = 500

    found = {one.what: one.state for one in await try_call_out(settings)}

    assert found == {"test by webhook": "FAULT", "test by mail": "good"}
    [letter] = mailbox.letters
    assert "This is a test" in letter.get_payload(decode=True).decode()

"""*Message me* in a check-in while the database does not work."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cogs.crisis import join, put_on_duty, staff_channels
from tests.fakes.simulation import World, settings_in, simulated, texts


@pytest.fixture
async def shaky(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[World]:
    """A world whose database a test locks; a lock is waited for only a moment."""
    monkeypatch.setattr("bot.store.database.BUSY_SECONDS", 0.05)
    async with simulated(tmp_path) as world:
        yield world
    caplog.clear()


@pytest.mark.parametrize("calls", [["contact"], []], ids=["calls", "only answers"])
async def test_a_call_reaches_the_team_though_the_answer_cannot_be_kept(
    shaky: World, tmp_path: Path, calls: list[str]
) -> None:
    staff, _ = await staff_channels(shaky)
    mod = await put_on_duty(shaky, "mod")
    ana = await join(shaky, "ana")
    anywhere = shaky.guild.create_text_channel("anywhere")
    await shaky.env.settle()
    form = await ana.slash(anywhere, "checkin now")
    typed = {
        "mood": "bad",
        "support": "a_little",
        "note": "It was a long day.",
        "message_me": calls,
    }
    with closing(
        sqlite3.connect(settings_in(tmp_path).database_file, isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")

        answered = await ana.submit_modal(form, typed)

        other.execute("ROLLBACK")

    said = "\n".join(texts(one) for one in (answered.response, *answered.followups) if one)
    assert "It was a long day." in said
    if calls:
        assert f"<@{ana.id}>" in texts(staff.last_message)
        assert mod.mention in texts(staff.last_message)
        assert "posted where the team can see it" in said
    else:
        assert staff.last_message is None

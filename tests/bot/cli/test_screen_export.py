"""`screen export`, as an operator runs it."""

import asyncio
import json

import pytest

from bot.app import open_app
from bot.config import Settings
from bot.domain.ids import HitId
from bot.domain.risk import RiskClass, Tier
from bot.domain.watch import Hit, Verdict, Where
from tests.bot.cli.conftest import Cli
from tests.fakes.clock import START
from tests.fakes.screen import FakeScreen

pytestmark = pytest.mark.usefixtures("installed")


async def judge(settings: Settings) -> None:
    """Keep two findings that the team judged, one with its text."""
    async with open_app(settings, screen=FakeScreen()) as app:
        for number, text in enumerate(("a text", None)):
            hit = Hit(
                id=HitId(f"hit-{number}".ljust(22, "-")),
                user_id=1,
                participant_id=None,
                where=Where.ROOM,
                label=RiskClass.SELF_HARM,
                tier=Tier.REVIEW,
                version="v1",
                found_at=START,
                message_id=number,
            )
            sealed = None if text is None else await app.stores.hits.seal(hit, text)
            await app.stores.hits.add(hit, sealed)
            await app.stores.hits.judge(hit.id, Verdict.NOT_A_RISK, 5, START)


def test_marks_are_written_out_and_texts_only_where_they_are_kept(
    cli: Cli, settings: Settings
) -> None:
    asyncio.run(judge(settings))
    result = cli("screen", "export")
    first, second = map(json.loads, result.out.splitlines())

    assert first == {
        "id": "hit-0".ljust(22, "-"),
        "label": "self_harm",
        "tier": "review",
        "verdict": "not_a_risk",
        "version": "v1",
        "text": "a text",
    }
    assert "text" not in second
    assert "1" not in {str(value) for value in second.values()}

"""Deletions that were cut off are finished at the next start."""

from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.domain.participant import Participant, Preferences
from bot.errors import KeyLostError
from bot.store.deletions import DeletionList
from tests.fakes.clock import FakeClock
from tests.fakes.simulation import settings_in

ANA, BO = 812345678901234501, 812345678901234502
PLACE = {"at": "a.b", "row": "c"}


class PowerCutError(Exception):
    """The machine is gone."""


async def come_in(app: App, user_id: int) -> Participant:
    return await app.services.participants.begin(user_id, Preferences())


@pytest.mark.parametrize("moment", ["rows", "key"])
async def test_a_deletion_that_was_cut_off_is_finished_at_the_next_start(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    settings = settings_in(tmp_path)
    async with open_app(settings, clock=clock) as app:
        ana, bo = await come_in(app, ANA), await come_in(app, BO)
        sealed = {one.id: await app.vault.seal(one.id, "text", **PLACE) for one in (ana, bo)}

        async def cut(*_: object) -> None:
            raise PowerCutError

        where, name = (
            (app.stores.participants, "forget") if moment == "rows" else (app.vault, "destroy")
        )
        with monkeypatch.context() as broken:
            broken.setattr(where, name, cut)
            with pytest.raises(PowerCutError):
                await app.services.own_data.delete(ana)
        assert DeletionList(settings.data_dir).owners() == {ana.id}

    async with open_app(settings, clock=clock) as app:
        assert await app.services.participants.find(ANA) is None
        assert app.services.profiles.get(ANA) is None
        assert await app.services.participants.find(BO) == bo
        assert await app.vault.open(bo.id, sealed[bo.id], **PLACE) == "text"
        with pytest.raises(KeyLostError):
            await app.vault.open(ana.id, sealed[ana.id], **PLACE)


async def test_nothing_is_finished_where_nothing_was_cut_off(
    tmp_path: Path, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_in(tmp_path)
    async with open_app(settings, clock=clock) as app:
        await app.services.own_data.delete(await come_in(app, ANA))
        assert await app.services.erasure.finish() == 0

    async with open_app(settings, clock=clock):
        assert "cut off" not in caplog.text


async def test_someone_unknown_is_forgotten_without_a_word(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with open_app(settings_in(tmp_path), clock=clock) as app:
        ana = await come_in(app, ANA)
        await app.services.own_data.delete(ana)

        assert await app.services.own_data.delete(ana) is None

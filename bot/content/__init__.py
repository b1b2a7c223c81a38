"""Authored content: prompt sets, consents, rooms, joining, crisis and care texts, crisis lines."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from bot.content.carrying import Carrying, read_carrying
from bot.content.couple_texts import CoupleTexts, filled
from bot.content.couples import read_couples
from bot.content.lines import read_directory
from bot.content.playbooks import Playbooks, PlaybookStep, read_playbooks
from bot.content.plays import Script, ScriptStep, read_plays
from bot.content.reader import ContentError, Fault, Table, read_toml
from bot.content.room_life import (
    HiddenNote,
    ModerationTexts,
    Resource,
    TopicTexts,
    read_moderation,
    read_topics,
)
from bot.content.starters import Starter, read_starters
from bot.content.wording import (
    Barrier,
    CareTexts,
    CheckBackAnswer,
    Consent,
    CrisisTexts,
    FirstWords,
    JoiningTexts,
    Point,
    Reason,
    RoomTexts,
    Screen,
    read_care,
    read_consents,
    read_crisis_texts,
    read_joining,
    read_prompt_set,
    read_rooms,
)
from bot.domain.consent import ConsentKind
from bot.domain.crisis import CrisisDirectory
from bot.domain.prompt_set import PromptSet
from bot.domain.rehearsal import Play

__all__ = [
    "Barrier",
    "CareTexts",
    "CheckBackAnswer",
    "Consent",
    "Content",
    "ContentError",
    "CrisisTexts",
    "Fault",
    "FirstWords",
    "HiddenNote",
    "JoiningTexts",
    "LocaleContent",
    "ModerationTexts",
    "PlaybookStep",
    "Point",
    "Reason",
    "Resource",
    "RoomTexts",
    "Screen",
    "Script",
    "ScriptStep",
    "Starter",
    "TopicTexts",
    "load_content",
]

DEFAULT_LOCALE = "en"
CRISIS_LINES = "crisis_lines.toml"
COUPLES = "couples"
"""Entries of these may be missing in a language; then English is shown, and marked."""

T = TypeVar("T")

_SAME_EVERYWHERE = frozenset(
    {
        "action",
        "hours",
        "id",
        "in_use",
        "key",
        "kind",
        "max_length",
        "meaning",
        "optional",
        "sources",
        "topic",
        "value",
        "version",
        "window_minutes",
    }
)
"""Keys whose values are rules or names, not wording: equal in every language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocaleContent:
    """All content of one language."""

    locale: str
    prompt_sets: Mapping[str, PromptSet]
    consents: Mapping[ConsentKind, Consent]
    rooms: RoomTexts
    joining: JoiningTexts
    crisis: CrisisTexts
    care: CareTexts
    playbooks: Playbooks
    starters: tuple[Starter, ...]
    plays: Mapping[Play, Script]
    topics: TopicTexts
    moderation: ModerationTexts
    couples: CoupleTexts
    carrying: Carrying


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """All content, loaded once at start."""

    languages: Mapping[str, LocaleContent]
    crisis: CrisisDirectory

    def texts(self, locale: str | None) -> LocaleContent:
        """Give a language's content, English where it is not there.

        Args:
            locale: Ours or Discord's code, such as `es` or `es-419`.
        """
        code = (locale or DEFAULT_LOCALE).split("-", maxsplit=1)[0].lower()
        return self.languages.get(code, self.languages[DEFAULT_LOCALE])


def load_content(data: Path, crisis_file: Path | None = None) -> Content:
    """Load everything under ``data/content`` and the crisis lines.

    Args:
        data: The directory that holds `content/` and `crisis_lines.toml`.
        crisis_file: The operator's own crisis lines, used instead of the shipped ones.

    Raises:
        ContentError: Something is missing, wrong or differs between languages; every fault
            of every file is in it.
    """
    faults: list[Fault] = []
    folders = sorted(folder for folder in (data / "content").glob("*") if folder.is_dir())
    locales = tuple(folder.name for folder in folders)
    if DEFAULT_LOCALE not in locales:
        faults.append(Fault(file=f"content/{DEFAULT_LOCALE}", key="", problem="is missing"))
    languages = {folder.name: _read_locale(folder, faults) for folder in folders}
    if (base := languages.get(DEFAULT_LOCALE)) is not None:
        languages = {
            code: replace(one, couples=filled(one.couples, base.couples))
            for code, one in languages.items()
        }
    faults.extend(_differences(folders))
    crisis = read_directory(data / CRISIS_LINES, crisis_file, locales, faults)
    if faults:
        raise ContentError(tuple(dict.fromkeys(faults)))
    return Content(languages=languages, crisis=crisis)


def _read_locale(folder: Path, faults: list[Fault]) -> LocaleContent:
    def read(name: str, reader: Callable[[Table], T]) -> T:
        file = f"{folder.name}/{name}"
        values = read_toml(folder / name, file, faults)
        if values is None:
            return reader(Table({}, file=file, faults=[]))  # blank; the one fault is noted
        return Table(values, file=file, faults=faults).whole(reader)

    def offered(name: str, reader: Callable[[Table], T]) -> T:
        """Read what a language may leave out: every entry is there in English."""
        if folder.name != DEFAULT_LOCALE and not (folder / name).exists():
            return reader(Table({}, file=name, faults=[]))
        return read(name, reader)

    sets = [
        read(f"prompts/{file.name}", read_prompt_set)
        for file in sorted((folder / "prompts").glob("*.toml"))
    ]
    return LocaleContent(
        locale=folder.name,
        prompt_sets={prompt_set.id: prompt_set for prompt_set in sets},
        consents=read("consents.toml", read_consents),
        rooms=read("rooms.toml", read_rooms),
        joining=read("joining.toml", read_joining),
        crisis=read("crisis.toml", read_crisis_texts),
        care=read("care.toml", read_care),
        playbooks=read("playbooks.toml", read_playbooks),
        starters=read("goals.toml", read_starters),
        plays=read("rehearsal.toml", read_plays),
        topics=read("topics.toml", read_topics),
        moderation=read("moderation.toml", read_moderation),
        couples=read_couples(offered),
        carrying=read("carrying.toml", read_carrying),
    )


def _differences(folders: list[Path]) -> Iterator[Fault]:
    base = next((folder for folder in folders if folder.name == DEFAULT_LOCALE), None)
    if base is None:
        return
    expected = _files(base)
    for folder in folders:
        found = _files(folder)
        for name in sorted(expected.keys() ^ found.keys()):
            where = folder.name if name in expected else DEFAULT_LOCALE
            yield Fault(file=f"{where}/{name}", key="", problem="this file is missing")
        for name in sorted(expected.keys() & found.keys()):
            for key, problem in _compare(expected[name], found[name], ""):
                yield Fault(file=f"{folder.name}/{name}", key=key, problem=problem)


def _files(folder: Path) -> dict[str, dict[str, Any]]:
    ignored: list[Fault] = []  # noted by the typed reading
    tables = {
        file.relative_to(folder).as_posix(): read_toml(file, file.name, ignored)
        for file in sorted(folder.rglob("*.toml"))
        if file.parent.name != COUPLES
    }
    return {name: table for name, table in tables.items() if table is not None}


def _compare(ours: object, theirs: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            at = f"{path}.{key}" if path else key
            if key not in theirs:
                yield at, f"is missing, {DEFAULT_LOCALE} has it"
            elif key not in ours:
                yield at, f"is not in {DEFAULT_LOCALE}"
            elif key in _SAME_EVERYWHERE and not isinstance(ours[key], dict):
                if ours[key] != theirs[key]:
                    yield at, f"is {theirs[key]!r}, {DEFAULT_LOCALE} has {ours[key]!r}"
            else:
                yield from _compare(ours[key], theirs[key], at)
    elif isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield path, f"has {len(theirs)} entries, {DEFAULT_LOCALE} has {len(ours)}"
        for place, (one, other) in enumerate(zip(ours, theirs, strict=False), start=1):
            yield from _compare(one, other, f"{path}[{place}]")

"""What is posted in rooms, where to find more, and the notes about a post that was hidden."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.content.reader import Table
from bot.content.wording import CHOICE_LABEL_LENGTH, TITLE_LENGTH, Point
from bot.domain.room_life import Topic

TOPIC_LENGTH = 600
LEAST_WEEKLY, LEAST_EVENING = 26, 40
"""Half a year of themes, and more than a month of evenings, before any comes again."""

MOST_NOTES = 10
"""A radio group holds as many."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One place to find more."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicTexts:
    """Themes of the week, topics of the evening, and shared resources."""

    weekly: tuple[Topic, ...]
    evening: tuple[Topic, ...]
    resources: tuple[Resource, ...]

    def topic(self, topic_id: str) -> Topic | None:
        """Return a theme or topic; nothing where it is no longer among them."""
        return next((one for one in (*self.weekly, *self.evening) if one.id == topic_id), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class HiddenNote:
    """What the author of a hidden post reads; the label is for the team."""

    id: str
    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ModerationTexts:
    """Notes to people whose post was hidden, and ideas for two who write to each other."""

    hidden: tuple[HiddenNote, ...]
    buddy_ideas: tuple[Point, ...]

    def note(self, note_id: str) -> HiddenNote:
        """Return a note; the last one where it is no longer among them."""
        return next((one for one in self.hidden if one.id == note_id), self.hidden[-1])


def read_topics(table: Table) -> TopicTexts:
    """Read `topics.toml`."""
    texts = TopicTexts(
        weekly=table.tables("weekly", _reader_of_topics(has_title=True)),
        evening=table.tables("evening", _reader_of_topics(has_title=False)),
        resources=table.tables("resources", _read_resource),
    )
    for key, found, least in (
        ("weekly", texts.weekly, LEAST_WEEKLY),
        ("evening", texts.evening, LEAST_EVENING),
    ):
        if len(found) < least:
            table.fault(key, f"has {len(found)} entries, at least {least} are needed")
    ids = [topic.id for topic in (*texts.weekly, *texts.evening)]
    if twice := {one for one in ids if ids.count(one) > 1}:
        table.fault("weekly", f"ids used twice: {', '.join(sorted(twice))}")
    return texts


def read_moderation(table: Table) -> ModerationTexts:
    """Read `moderation.toml`."""
    texts = ModerationTexts(
        hidden=table.tables("hidden", _read_note),
        buddy_ideas=table.tables("buddy_ideas", _read_idea),
    )
    if not 1 <= len(texts.hidden) <= MOST_NOTES:
        table.fault("hidden", f"needs 1 to {MOST_NOTES} entries")
    return texts


def _reader_of_topics(*, has_title: bool) -> Callable[[Table], Topic]:
    def read(table: Table) -> Topic:
        return Topic(
            id=table.text("id", most=32),
            text=table.text("text", most=TOPIC_LENGTH),
            title=table.text("title", most=TITLE_LENGTH) if has_title else "",
        )

    return read


def _read_resource(table: Table) -> Resource:
    return Resource(
        id=table.text("id", most=32),
        title=table.text("title", most=TITLE_LENGTH),
        text=table.text("text", most=TOPIC_LENGTH),
    )


def _read_note(table: Table) -> HiddenNote:
    return HiddenNote(
        id=table.text("id", most=32),
        label=table.text("label", most=CHOICE_LABEL_LENGTH),
        text=table.text("text", most=1000),
    )


def _read_idea(table: Table) -> Point:
    return Point(id=table.text("id", most=32), text=table.text("text", most=300))

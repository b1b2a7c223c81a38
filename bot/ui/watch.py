"""What is shown of what the risk screen found: to its author, to the team, on the leads' card."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from discord import ButtonStyle
from discord.utils import format_dt

from bot.domain.case import Circle
from bot.domain.crisis import ADVICE_NUMBERS
from bot.domain.delivery import OutboxRow
from bot.domain.risk import Tier
from bot.domain.watch import GROUPS, Group, Hit, Verdict, Where
from bot.services.automod import FAILURE
from bot.services.building import Failure
from bot.services.watch_desk import Told
from bot.services.watch_health import COUNT, LATE, POSTS, SINCE, WHY
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, button, escape
from bot.ui.crisis import ASK, NOWHERE
from bot.ui.crisis import OPEN as CRISIS

MOST_LISTED = 5
MOST_IN_FILE = 2
"""How many findings of a case have buttons; the latest ones."""

ADDRESS = "https://discord.com/channels"


def author_card(words: Words, told: Told, country: str | None, numbers: Sequence[str]) -> Card:
    """Make the private card of somebody whose words sounded like danger; no questions in it.

    Args:
        told: What is true of who is on, and who will see it.
        country: Whose crisis lines the next card shows.
        numbers: The country's emergency numbers.
    """
    group = GROUPS[told.hit.label]
    lead = words(f"watch.card.{group}", numbers=_either(words, numbers))
    code = country or NOWHERE
    asking = button(ASK, code, label=words("watch.card.ask"), style=ButtonStyle.primary)
    okay = button("watch:v1:okay", told.hit.id, label=words("watch.card.okay"))
    more = button(CRISIS, code, label=words("watch.card.more"))
    silence = button("watch:v1:silence", told.hit.id, label=words("watch.card.silence"))
    return Card(
        title=words("watch.card.title"),
        body=[lead, f"{words('watch.card.automatic')} {_who(words, told)}"],
        rows=[[asking, okay, more], [silence]],
        accent=Accent.CARE,
    )


def safe_first_card(words: Words, hit: Hit) -> Card:
    """Ask first whether it is safe to read on; says nothing by itself."""
    return Card(
        body=words("watch.card.safe_now"),
        rows=[
            [
                button("watch:v1:read", hit.id, label=words("watch.card.safe_yes")),
                button("watch:v1:later", label=words("watch.card.safe_no")),
            ]
        ],
    )


def needs_safety(hit: Hit) -> bool:
    """Whether somebody else at the screen could be a danger."""
    return GROUPS.get(hit.label) is Group.HARM


def cards_card(words: Words, *, is_silent: bool, back: Item) -> Card:
    """Show whether a person gets these cards, and let them change it."""
    key = "off" if is_silent else "on"
    change = button("watch:v1:cards", int(is_silent), label=words(f"watch.silence.turn_{key}"))
    return Card(
        title=words("watch.silence.title"),
        body=words(f"watch.silence.{key}"),
        rows=[[change, back]],
    )


def digest_card(words: Words, count: int) -> Card:
    """Tell the team how much waits for a look; no word of it stands in a channel."""
    look = button("watch:v1:look", label=words("watch.look.button"), style=ButtonStyle.primary)
    return Card(body=words("watch.look.waits", n=count), rows=[[look]])


def look_card(
    words: Words, hits: Sequence[Hit], guild_id: int | None, codes: Sequence[str]
) -> Card:
    """List what waits for a look, each with what can be done.

    Args:
        codes: The programme's number of each one's author, empty where there is none.
    """
    if not hits:
        return Card(title=words("watch.look.title"), body=words("watch.look.empty"))
    shown = hits[:MOST_LISTED]
    lines = [
        f"{number}. {line}{f' · {code}' if code else ''}"
        for number, (line, code) in enumerate(
            zip((_line(words, hit, guild_id) for hit in shown), codes, strict=False), start=1
        )
    ]
    rest = len(hits) - len(shown)
    return Card(
        title=words("watch.look.title"),
        body=["\n".join(lines), *([words("watch.look.rest", n=rest)] if rest else [])],
        rows=[_row(words, hit, number) for number, hit in enumerate(shown, start=1)],
        footer=words("watch.look.how"),
    )


def hit_lines(words: Words, hits: Sequence[Hit], guild_id: int | None) -> list[str]:
    """Say what was found of a case, and what its author was told."""
    lines = []
    for number, hit in enumerate(hits, start=1):
        parts = [f"{number}. {_line(words, hit, guild_id)}"]
        parts.append(words("watch.file.informed" if hit.is_informed else "watch.file.not_informed"))
        if hit.said_okay:
            parts.append(words("watch.file.okay"))
        if hit.verdict is not None:
            parts.append(words(f"watch.file.{hit.verdict}"))
        lines.append(" ".join(parts))
    return lines


def hit_rows(words: Words, hits: Sequence[Hit]) -> list[list[Item]]:
    """Let the team say of a case's latest findings whether they were right."""
    numbered = list(enumerate(hits, start=1))
    return [_verdicts(words, hit, number) for number, hit in numbered[-MOST_IN_FILE:]]


def down_card(words: Words, row: OutboxRow) -> Card:
    """Tell the leads that nothing is screened, and since when."""
    since = format_dt(datetime.fromisoformat(row.args[SINCE]), "f")
    return Card(
        title=words("watch.down.title"),
        body=[
            words("watch.down.since", since=since),
            words(f"watch.down.{row.args[WHY]}"),
            words("watch.down.do"),
        ],
        accent=Accent.URGENT,
    )


def back_card(words: Words, row: OutboxRow, guild_id: int | None) -> Card:
    """Tell the leads that texts are screened again, and which were not."""
    since = format_dt(datetime.fromisoformat(row.args[SINCE]), "f")
    lines = [words("watch.down.back", since=since)]
    if late := int(row.args[LATE]):
        lines.append(words("watch.down.late", n=late))
    count = int(row.args[COUNT])
    lines.append(words("watch.down.lost" if count else "watch.down.none_lost", n=count))
    links = [f"{ADDRESS}/{guild_id}/{post}" for post in row.args[POSTS].split()]
    return Card(title=words("watch.down.back_title"), body=["\n".join([*lines, *links])])


def filter_card(words: Words, count: int, channel_id: int | None, failure: Failure | None) -> Card:
    """Say that Discord's own filter watches, what it misses and who sees what it finds."""
    if failure is not None or channel_id is None:
        why = words(f"watch.filter.{failure or Failure.REFUSED}")
        return Card(title=words("watch.filter.title"), body=[words("watch.filter.not_yet"), why])
    return Card(
        title=words("watch.filter.title"),
        body=[
            words("watch.filter.on"),
            words("watch.filter.misses", n=count),
            words("watch.filter.sees", channel=f"<#{channel_id}>"),
        ],
    )


def filter_trouble_card(words: Words, row: OutboxRow) -> Card:
    """Tell the leads why Discord's own filter does not look for danger words."""
    why = words(f"watch.filter.{row.args[FAILURE]}")
    return Card(title=words("watch.filter.title"), body=[words("watch.filter.not_yet"), why])


def _row(words: Words, hit: Hit, number: int) -> list[Item]:
    label = words("watch.look.open", n=number)
    return [*_verdicts(words, hit, number), button("watch:v1:case", hit.id, label=label)]


def _verdicts(words: Words, hit: Hit, number: int) -> list[Item]:
    return [
        button(
            "watch:v1:judge",
            hit.id,
            verdict.value,
            label=words(f"watch.look.{verdict}", n=number),
            disabled=hit.verdict is verdict,
        )
        for verdict in Verdict
    ]


def _line(words: Words, hit: Hit, guild_id: int | None) -> str:
    place = words(f"watch.where.{hit.where}")
    if hit.where is Where.ROOM and hit.message_id is not None:
        place = f"{ADDRESS}/{guild_id}/{hit.channel_id}/{hit.message_id}"
    found = words(f"watch.class.{hit.label}")
    if hit.tier is Tier.REVIEW:
        found = words("watch.unsure", found=found)
    return f"**{found}** · {format_dt(hit.found_at, 'R')} · {place}"


def _who(words: Words, told: Told) -> str:
    if told.circle is Circle.NOBODY:
        return " ".join(_nobody(words, told.outside))
    who = "team" if told.circle is Circle.TEAM else "leads"
    return words(f"watch.card.{who}_{'on' if told.is_on else 'off'}")


def _nobody(words: Words, outside: str) -> Iterator[str]:
    yield words("watch.card.nobody")
    if outside:
        yield words("care.ask.outside", text=escape(outside))


def _either(words: Words, numbers: Sequence[str]) -> str:
    known = numbers or ADVICE_NUMBERS
    if len(known) < 2:
        return "".join(known)
    return words("crisis.or", head=", ".join(known[:-1]), tail=known[-1])

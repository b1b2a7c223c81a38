"""What is said while a case waits: to the team, to its person, and outside of Discord."""

from dataclasses import replace

from bot.domain.delivery import OutboxRow
from bot.services.pages import REF, REOPENED, SEVERITY, WAITED
from bot.text import Words
from bot.ui.cards import Card


def with_waiting(words: Words, card: Card, row: OutboxRow, *, is_free: bool) -> Card:
    """Add to a page how long nobody took or answered it, and why it is open again."""
    lines = [card.body] if isinstance(card.body, str) else list(card.body)
    if REOPENED in row.args:
        lines.append(words("waiting.reopened"))
    if minutes := int(row.args.get(WAITED, "0")):
        key = "waiting.page" if is_free else "waiting.unanswered"
        lines.append(words(key, time=duration(words, minutes)))
    return replace(card, body="\n".join(lines))


def call_out_card(words: Words, row: OutboxRow) -> Card:
    """Make what is said outside of Discord; it names nobody."""
    severity = words(f"care.severity.p{row.args[SEVERITY]}")
    minutes = int(row.args[WAITED])
    key = "waiting.call_out" if minutes else "waiting.call_out_now"
    text = words(key, severity=severity, ref=row.args[REF], time=duration(words, minutes))
    return Card(title=words("waiting.subject"), body=text)


def told_text(words: Words, kind: str, until: str | None) -> str:
    """Say to a person how their request stands while nobody has it, and no more than is true."""
    if kind == "case.emergency":
        return words("waiting.emergency")
    if kind == "case.no_one":
        return words("waiting.no_one")
    if until is None:
        return words("waiting.no_one_planned")
    return words("waiting.until", time=until)


def duration(words: Words, minutes: int) -> str:
    """Write a length of time in minutes, hours or days, whichever says it shortest."""
    for key, size in (("days", 24 * 60), ("hours", 60)):
        if minutes >= size and minutes % size < size // 10:
            return words(f"waiting.{key}", n=minutes // size)
    if minutes >= 24 * 60:
        return words("waiting.days", n=minutes // (24 * 60))
    return words("waiting.minutes", n=minutes)

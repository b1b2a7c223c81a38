"""Looking back: the same days as a picture and as sentences."""

from collections.abc import Callable, Iterator, Sequence
from statistics import median

from bot.domain.answers import label_of, labels_ticked
from bot.domain.checkin import Answers, CheckIn, CheckInState
from bot.domain.history import SPANS, History, HistoryDay
from bot.domain.prompt_edit import Edition
from bot.domain.prompt_set import Meaning, Question, QuestionKind
from bot.text import Words
from bot.ui.cards import Attachment, Card, Item, Option, Picture, button, quote, select
from bot.ui.chart import Chart, Draw, Line, draw
from bot.ui.checkin import now_button

MOST_DAY_LINES = 2600
"""Characters; more go by week: a card holds 4,000 in all."""

MOST_DAY = 3000
MOST_PART = 600
MOST_ALT = 1000
MOST_OPTIONS = 25

EditionOf = Callable[[int], Edition]


async def history_card(
    words: Words, history: History, current: Edition, of: EditionOf, paint: Draw = draw
) -> Card:
    """Show the last days; nothing in it names a day without an answer as a fault.

    Args:
        words: The person's language.
        history: Their days.
        current: The version asked now, whose words name the scales.
        of: Finds the version a day answered.
        paint: Draws the picture.
    """
    span = len(history.days)
    if not history.total:
        return Card(
            title=words("checkin.history.title", n=span),
            body=words("checkin.history.empty"),
            rows=[[now_button(words)]],
        )
    lines = list(count_lines(words, history))
    picture = None
    if history.meanings:
        picture = Picture(
            filename="check-ins.png",
            png=await paint(history_chart(words, history, current, history.meanings)),
            alt=_alt(words, history, current, lines),
        )
    return Card(
        title=words("checkin.history.title", n=span),
        body=["\n".join(lines), "\n".join(day_lines(words, history, current, of))],
        image=picture,
        rows=_rows(words, history),
        footer=words("checkin.only_you"),
    )


def day_card(words: Words, checkin: CheckIn, edition: Edition, answers: Answers) -> Card:
    """Show all of one day, as its own version asked it."""
    prompt_set = edition.texts(words.locale)
    parts = [
        part
        for question in prompt_set.questions
        if (part := _answer(question, answers)) is not None
    ]
    files = []
    if sum(map(len, parts)) > MOST_DAY:
        # A card holds 4,000 characters; what is cut here is whole in the file.
        whole = "\n\n".join(answers.texts.values())
        files = [Attachment(filename=f"{checkin.day.isoformat()}.txt", content=whole.encode())]
        parts = [part if len(part) <= MOST_PART else f"{part[:MOST_PART]}…" for part in parts]
    return Card(
        title=first_upper(words.date(checkin.day)),
        body=parts or words("checkin.history.nothing_kept"),
        files=files,
        rows=[[button("checkin:v1:history", label=words("core.back"))]],
        footer=words("checkin.only_you"),
    )


def _answer(question: Question, answers: Answers) -> str | None:
    level = answers.levels.get(question.key)
    if level is not None:
        return f"**{question.label}** {label_of(question, level)}"
    text = answers.texts.get(question.key)
    if text is None:
        return None
    if question.kind is QuestionKind.TEXT:
        return f"**{question.label}**\n{quote(text)}"
    return f"**{question.label}** {', '.join(labels_ticked(question, text))}"


def count_lines(words: Words, history: History) -> Iterator[str]:
    """Say what can be counted over the last days and a person's whole time."""
    yield words("checkin.history.last_days", n=history.last_answered)
    if history.last_away:
        yield words("checkin.history.away", n=history.last_away)
    yield words("checkin.history.best_run", n=history.best_run)
    yield words("checkin.history.total", n=history.total)


def day_lines(
    words: Words, history: History, current: Edition, of: EditionOf, most: int = MOST_DAY_LINES
) -> Sequence[str]:
    """Tell the days one by one, or by week where that takes more characters than there are."""
    # A day without a row was not asked; one that is still open may get its answer yet.
    lines = [
        _day_line(words, day, of)
        for day in history.days
        if day.is_away or (day.checkin is not None and not day.checkin.is_open)
    ]
    if len("\n".join(lines)) <= most:
        return lines
    return [
        _week_line(words, week, history.meanings, current)
        for week in history.weeks()
        if any(day.checkin for day in week)
    ]


def _day_line(words: Words, day: HistoryDay, of: EditionOf) -> str:
    date = first_upper(words.date(day.day))
    if day.checkin is None or not day.is_answered:
        state = "away" if day.is_away else "no_answer"
        return words(f"checkin.history.day_{state}", day=date)
    prompt_set = of(day.checkin.set_version).texts(words.locale)
    parts = [
        words("checkin.history.value", name=meaning_name(words, level.meaning), value=label)
        for key, level in day.checkin.levels.items()
        if level.meaning
        and (question := prompt_set.question(key)) is not None
        and (label := label_of(question, level))
    ]
    if day.checkin.state is CheckInState.LATE:
        parts.append(words("checkin.history.late"))
    return words("checkin.history.day", day=date, answers=", ".join(parts))


def _week_line(
    words: Words, week: Sequence[HistoryDay], meanings: Sequence[Meaning], current: Edition
) -> str:
    answered = sum(day.is_answered for day in week)
    parts = [words("checkin.history.week", day=words.date(week[0].day), n=answered)]
    for meaning in meanings:
        shares = [share for day in week if (share := day.share(meaning)) is not None]
        question = current.texts(words.locale).asking(meaning)
        if not shares or question is None:
            continue
        low, middle, high = (
            label_at(question, share) for share in (min(shares), median(shares), max(shares))
        )
        key = "checkin.history.value" if low == high else "checkin.history.value_range"
        parts.append(
            words(key, name=meaning_name(words, meaning), value=middle, low=low, high=high)
        )
    return ". ".join(parts) + "."


def history_chart(
    words: Words, history: History, current: Edition, meanings: Sequence[Meaning]
) -> Chart:
    """Lay some scales out over the days."""
    lines = [
        Line(
            name=meaning_name(words, meaning),
            shares=[day.share(meaning) for day in history.days],
            scale=_scale(words, meaning, current),
        )
        for meaning in meanings
    ]
    is_week = len(history.days) <= SPANS[0]
    return Chart(
        days=[day.day for day in history.days],
        day_labels=[words.short_day(day.day, weekday=is_week) for day in history.days],
        lines=lines,
        late=frozenset(
            day.day
            for day in history.days
            if day.checkin and day.checkin.state is CheckInState.LATE
        ),
        away=frozenset(day.day for day in history.days if day.is_away),
        not_asked=frozenset(day.day for day in history.days if day.is_not_due),
        away_label=words("checkin.chart.away"),
        late_label=words("checkin.chart.late"),
    )


def _alt(words: Words, history: History, current: Edition, counts: Sequence[str]) -> str:
    parts = [words("checkin.chart.alt", n=len(history.days))]
    for meaning in history.meanings:
        shares = [share for day in history.days if (share := day.share(meaning)) is not None]
        question = current.texts(words.locale).asking(meaning)
        if question is not None and shares:
            parts.append(
                words(
                    "checkin.chart.alt_line",
                    name=meaning_name(words, meaning),
                    low=label_at(question, min(shares)),
                    high=label_at(question, max(shares)),
                    last=label_at(question, shares[-1]),
                )
            )
    return " ".join([*parts, *counts]).replace("**", "")[:MOST_ALT]


def _scale(words: Words, meaning: Meaning, current: Edition) -> Sequence[tuple[float, str]]:
    question = current.texts(words.locale).asking(meaning)
    if question is None:
        # Asked by an earlier version only: the ends of the scale are named in general words.
        return (0.0, words("checkin.chart.least")), (1.0, words("checkin.chart.most"))
    top = len(question.options) - 1
    places = {0, top} | ({top // 2} if top > 1 and top % 2 == 0 else set())
    return [(place / top, question.options[place].label) for place in sorted(places)]


def label_at(question: Question, share: float) -> str:
    """Name a place on a scale."""
    return question.options[round(share * (len(question.options) - 1))].label


def meaning_name(words: Words, meaning: Meaning | None) -> str:
    """Name a scale."""
    return words(f"checkin.meaning.{meaning}")


def first_upper(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def _rows(words: Words, history: History) -> Sequence[Sequence[Item]]:
    span = len(history.days)
    spans = [
        button(
            "checkin:v1:history",
            days,
            label=words("checkin.history.span", n=days),
            disabled=days == span,
        )
        for days in SPANS
    ]
    days = [
        Option(value=day.day.isoformat(), label=first_upper(words.date(day.day)))
        for day in history.answered[::-1][:MOST_OPTIONS]
    ]
    if not days:
        return [spans]
    placeholder = words("checkin.history.open_day")
    return [spans, [select("checkin:v1:day", options=days, placeholder=placeholder)]]

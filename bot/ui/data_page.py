"""One's own data as a page: sentences and tables, readable offline, without scripts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from itertools import chain
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.domain.answers import label_of, labels_ticked
from bot.domain.checkin import Level
from bot.domain.prompt_edit import Edition
from bot.domain.prompt_set import QuestionKind
from bot.domain.readable import OwnData, Row, Section, is_technical, read_day, read_moment
from bot.text import Words

AnswersOf = Callable[[Row], Sequence[tuple[str, str]]]
"""The questions and answers of a check-in's row, as they were asked."""

ANSWERS = "answers"
CHECKINS = "checkins"

STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #4a5568; --paper: #ffffff;
  --band: #f1f4f8; --line: #c3ccd8; --link: #1f5fa8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf0; --soft: #b3bccb;
  --paper: #15191f; --band: #1f252e; --line: #465264; --link: #8ab8f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; color: var(--ink);
  background: var(--paper); font: 1.0625rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.25; } h2 { margin-top: 2.5rem; font-size: 1.3rem; }
a { color: var(--link); } nav ul { columns: 2 16rem; padding-left: 1.2rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
.soft { color: var(--soft); } .scroll { overflow-x: auto; }
.scroll:focus { outline: 3px solid var(--link); }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; padding: .25rem 0; color: var(--soft); }
th, td { padding: .45rem .6rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: break-word; }
.scroll th, .scroll td { min-width: 6.5rem; } .scroll td dl { min-width: 16rem; }
thead th { background: var(--band); } tbody th { font-weight: 600; }
td ul, td dl { margin: 0; padding-left: 1rem; } dt { font-weight: 600; } dd { margin: 0 0 .4rem; }
@media print { nav, .skip { display: none; } body { max-width: none; } }
"""


def page(words: Words, zone: ZoneInfo, data: OwnData, answers_of: AnswersOf) -> str:
    """Write the page, in the person's language and by the clock of their zone."""
    writer = _Writer(words, zone, answers_of)
    told = [section for section in data.sections if section.rows or section.is_unreadable]
    empty = [section for section in data.sections if not section.rows]
    title = escape(words("data.page.title"))
    made = writer.moment(data.made_at)
    contents = "".join(
        f'<li><a href="#{section_id(one)}">{escape(section_title(words, one))}</a></li>'
        for one in told
    )
    sections = "\n".join(writer.section(one) for one in told)
    nothing = words.listing([section_title(words, one) for one in empty if one not in told])
    return f"""<!doctype html>
<html lang="{words.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#main">{escape(words("data.page.skip"))}</a>
<header>
<h1>{title}</h1>
<p>{escape(words("data.page.made", moment=made, zone=zone.key))}</p>
<p>{escape(words("data.page.whole" if data.is_whole else "data.page.own"))}</p>
<p>{escape(words("data.page.machine"))}</p>
</header>
<nav aria-label="{escape(words("data.page.contents"))}">
<h2>{escape(words("data.page.contents"))}</h2>
<ul>{contents}</ul>
</nav>
<main id="main">
{sections}
</main>
<footer>
<p class="soft">{escape(words("data.page.nothing", what=nothing) if nothing else "")}</p>
</footer>
</body>
</html>
"""


def section_id(section: Section) -> str:
    """Name a section so that a link finds it."""
    return f"{section.name}-safety" if section.is_safety else section.name


def section_title(words: Words, section: Section) -> str:
    """Name a section for a person; a store without a title of its own goes by its name."""
    name = _name(section)
    key = f"data.table.{name}.title"
    return words(key) if words.has(key) else name.replace("_", " ").capitalize()


def column_title(words: Words, section: str, column: str) -> str:
    """Name a column for a person; one without a title of its own goes by its name."""
    for key in (f"data.column.{section}.{column}", f"data.column.any.{column}"):
        if words.has(key):
            return words(key)
    return column.replace("_", " ").capitalize()


def columns_of(section: Section) -> Sequence[str]:
    """Return what a section tells a person, in the order of its rows.

    Of several rows, a column that is empty in each is left out.
    """
    names = dict.fromkeys(chain.from_iterable(section.rows))
    if len(section.rows) > 1:
        names = {name: None for name in names if any(_is_told(row, name) for row in section.rows)}
    if section.name == CHECKINS and not section.is_safety:
        names = {name: None for name in names if name not in ("levels", "texts")} | {ANSWERS: None}
    return [
        name
        for name in names
        if not is_technical(name) and not is_technical(f"{section.name}.{name}")
    ]


def _is_told(row: Row, column: str) -> bool:
    return row.get(column) not in (None, "", {}, [])


def answers_from(edition: Callable[[int], Edition], locale: str) -> AnswersOf:
    """Make what reads a check-in's answers in the words they were asked in."""

    def read(row: Row) -> Sequence[tuple[str, str]]:
        levels, texts, version = row.get("levels"), row.get("texts"), row.get("set_version")
        if not isinstance(version, int):
            return []
        asked = edition(version).texts(locale)
        found: list[tuple[str, str]] = []
        for question in asked.questions:
            if isinstance(levels, Mapping) and question.key in levels:
                place, top = levels[question.key]
                level = Level(level=place, top=top, meaning=question.meaning)
                found.append((question.label, label_of(question, level)))
            elif isinstance(texts, Mapping) and question.key in texts:
                text = str(texts[question.key])
                if question.kind is not QuestionKind.TEXT:
                    text = ", ".join(labels_ticked(question, text))
                found.append((question.label, text))
        return found

    return read


class _Writer:
    """Writes sections in one language and zone."""

    def __init__(self, words: Words, zone: ZoneInfo, answers_of: AnswersOf) -> None:
        self._words = words
        self._zone = zone
        self._answers_of = answers_of

    def moment(self, moment: datetime) -> str:
        """Write a day with its year, and the time."""
        local = moment.astimezone(self._zone)
        day = str(format_date(local.date(), "long", locale=self._words.rules))
        return self._words("core.moment", day=day, time=self._words.time(local.timetz()))

    def section(self, section: Section) -> str:
        words, name = self._words, _name(section)
        about = f"data.table.{name}.about"
        title = section_title(words, section)
        parts = [f'<section id="{section_id(section)}">', f"<h2>{escape(title)}</h2>"]
        if words.has(about):
            parts.append(f"<p>{escape(words(about))}</p>")
        if section.is_unreadable:
            parts.append(f"<p>{escape(words('data.page.unreadable'))}</p>")
        elif section.rows:
            parts.append(self._table(section, title))
        return "\n".join([*parts, "</section>"])

    def _table(self, section: Section, title: str) -> str:
        columns = columns_of(section)
        count = escape(self._words("data.page.rows", n=len(section.rows)))
        if len(section.rows) == 1:
            rows = "".join(
                f'<tr><th scope="row">{self._head(section, column)}</th>'
                f'<td dir="auto">{self._cell(section, section.rows[0], column)}</td></tr>'
                for column in columns
            )
            return f"<table><caption>{count}</caption><tbody>{rows}</tbody></table>"
        head = "".join(f'<th scope="col">{self._head(section, one)}</th>' for one in columns)
        body = "".join(
            "<tr>"
            + "".join(f'<td dir="auto">{self._cell(section, row, one)}</td>' for one in columns)
            + "</tr>"
            for row in section.rows
        )
        return (
            # A region of its own that the keyboard can scroll.
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
            f"<table><caption>{count}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def _head(self, section: Section, column: str) -> str:
        return escape(column_title(self._words, section.name, column))

    def _cell(self, section: Section, row: Row, column: str) -> str:
        if column == ANSWERS and section.name == CHECKINS:
            return _pairs((escape(asked), _text(given)) for asked, given in self._answers_of(row))
        return self._value(section.name, column, row.get(column))

    def _value(self, section: str, column: str, value: object) -> str:
        if value is None or value in ("", {}, []):
            return f'<span class="soft">{escape(self._words("data.page.none"))}</span>'
        if isinstance(value, bool):
            return escape(self._words("data.page.yes" if value else "data.page.no"))
        if isinstance(value, Mapping):
            return _pairs(
                (escape(column_title(self._words, section, name)), self._value(section, name, one))
                for name, one in value.items()
                if not is_technical(name)
            )
        if isinstance(value, list):
            items = "".join(f"<li>{self._item(section, column, one)}</li>" for one in value)
            return f"<ul>{items}</ul>"
        if (moment := read_moment(column, value)) is not None:
            return escape(self.moment(moment))
        if (day := read_day(column, value)) is not None:
            return escape(str(format_date(day, "long", locale=self._words.rules)))
        key = f"data.value.{section}.{column}.{value}"
        return escape(self._words(key)) if self._words.has(key) else _text(str(value))

    def _item(self, section: str, column: str, item: object) -> str:
        if not isinstance(item, list):
            return self._value(section, column, item)
        return ", ".join(self._value(section, column, part) for part in item if part)


def _name(section: Section) -> str:
    return f"{section.name}_safety" if section.is_safety else section.name


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f'<dt>{name}</dt><dd dir="auto">{told}</dd>' for name, told in pairs)
        + "</dl>"
    )


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")

"""The crisis cards: made from local data alone, so that they work while the database does not."""

from collections.abc import Iterator, Sequence

from discord import ButtonStyle

from bot.content import Barrier, CheckBackAnswer, CrisisTexts
from bot.domain.crisis import (
    ADVICE_NUMBERS,
    DIRECTORY_URL,
    BarrierAction,
    ChannelKind,
    CrisisDirectory,
    CrisisLine,
    LineChannel,
    in_locale,
)
from bot.services.crisis import Asked, DirectPage
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, Option, button, escape, link, select
from bot.ui.request import Request

OPEN = "crisis:v1:open"
MORE = "crisis:v1:more"
ASK = "crisis:v1:ask"
COUNTRIES = "crisis:v1:countries"
COUNTRY = "crisis:v1:country"
BARRIER = "crisis:v1:barrier"
CHECK_BACK = "crisis:v1:check_back"
FEELING = "crisis:v1:feeling"

NOWHERE = "XX"
"""Stands for "my country is not here" (a code ISO 3166 leaves free for such use)."""

SELECT_OPTIONS = 25
COUNTRY_SELECTS = 4

_FALLBACKS = {
    BarrierAction.CALL: (ChannelKind.CALL, ChannelKind.TEXT, ChannelKind.CHAT),
    BarrierAction.TEXT: (ChannelKind.TEXT, ChannelKind.CHAT, ChannelKind.CALL),
    BarrierAction.CHAT: (ChannelKind.CHAT, ChannelKind.TEXT, ChannelKind.CALL),
}


class CrisisCards:
    """The cards of one language and country.

    Args:
        country: Whose lines to show; none where it is not known.
        checks_back: Whether a check-back can reach this person.
    """

    def __init__(
        self,
        words: Words,
        texts: CrisisTexts,
        directory: CrisisDirectory,
        *,
        country: str | None,
        checks_back: bool,
    ) -> None:
        self._words = words
        self._texts = texts
        self._directory = directory
        self._country = None if country == NOWHERE else country
        self._code = country or NOWHERE
        self._choice = directory.choose(self._country)
        self._checks_back = checks_back

    def lines(self) -> Card:
        """Make the first card: the emergency number, two or three lines, what else helps."""
        rows: list[list[Item]] = [self._buttons(), [self._barriers()]]
        if self._checks_back:
            rows.append([self._hours()])
        if self._name is None:
            rows[1:1] = self._country_selects()[: 5 - len(rows)]
        return Card(
            title=self._words("crisis.title"),
            body=[self._emergency(), self._texts.opening, *self._first()],
            rows=rows,
            accent=Accent.URGENT,
            footer=self._footer(),
        )

    def more(self) -> Card:
        """Make the card with every other line."""
        return Card(
            title=self._words("crisis.place.more_title"),
            body=[
                self._emergency(),
                *line_paragraphs(self._words, self._choice.more),
                self._words("crisis.place.more_world", url=DIRECTORY_URL),
            ],
            rows=[[self._ask(), self._back()]],
            accent=Accent.URGENT,
            footer=self._footer(),
        )

    def countries(self) -> Card:
        """Make the card to choose a country."""
        return Card(
            title=self._words("crisis.country.title"),
            body=[self._emergency(), self._words("crisis.country.body")],
            rows=[*self._country_selects(), [self._back()]],
        )

    def barrier(self, barrier: Barrier) -> Card:
        """Make the answer to what makes calling hard, with one thing to do."""
        step, item = self._action(barrier.action)
        row = [self._back()] if item is None else [item, self._back()]
        body = [barrier.answer]
        if step:
            body.append(f"{self._words('crisis.barrier.now')}\n{step}")
        return Card(title=barrier.label, body=body, rows=[row], footer=self._footer())

    def asked(self, receipt: str) -> Card:
        """Make the card after asking for a person; ``receipt`` says who is on, truthfully."""
        return Card(
            title=self._words("crisis.button.ask"),
            body=[receipt, self._emergency(), *self._first()],
            rows=[[self._back()]],
            footer=self._footer(),
        )

    def check_back_saved(self, time: str) -> Card:
        """Make the card that says when the check-back comes."""
        saved = self._words("crisis.check_back.saved", time=time)
        return Card(body=saved, rows=[[self._back()]])

    def check_back(self) -> Card:
        """Make what the check-back note holds: how is it now, and the lines again."""
        answers = [
            button(FEELING, answer.id, label=answer.label)
            for answer in self._texts.check_back_answers
        ]
        return Card(
            title=self._words("crisis.title"),
            body=[self._texts.check_back_question, self._emergency(), *self._first()],
            rows=[answers, [self._ask(), self._back()]],
            footer=self._words("crisis.check_back.not_kept"),
        )

    def feeling(self, answer: CheckBackAnswer) -> Card:
        """Make the reply to how it is now, with the lines under it."""
        return Card(
            title=answer.label,
            body=[answer.reply, self._emergency(), *self._first()],
            rows=[[self._ask(), self._back()], [self._hours()]],
            footer=self._words("crisis.check_back.not_kept"),
        )

    @property
    def _name(self) -> str | None:
        return self._directory.name(self._country, self._words.locale)

    def _emergency(self) -> str:
        return emergency(self._words, self._directory, self._country)

    def _first(self) -> list[str]:
        """The first lines, or where to look instead."""
        if self._choice.first:
            return line_paragraphs(self._words, self._choice.first)
        if self._name:
            key = "crisis.place.no_lines"
            return [self._words(key, country=self._name, url=DIRECTORY_URL)]
        return [self._words("crisis.place.unknown", url=DIRECTORY_URL)]

    def _footer(self) -> str:
        only_you = self._words("crisis.only_you")
        if self._name is None:
            return only_you
        return f"{self._words('crisis.place.of', country=self._name)} {only_you}"

    def _buttons(self) -> list[Item]:
        buttons = [self._ask()]
        if self._choice.more:
            buttons.append(button(MORE, self._code, label=self._words("crisis.button.more")))
        if not self._choice.first:
            buttons.append(link(self._words("crisis.button.directory"), DIRECTORY_URL))
        if self._name is not None:
            label = self._words("crisis.button.country")
            buttons.append(button(COUNTRIES, self._code, label=label))
        return buttons

    def _ask(self) -> Item:
        label = self._words("crisis.button.ask")
        return button(ASK, self._code, label=label, style=ButtonStyle.primary)

    def _back(self) -> Item:
        return button(OPEN, self._code, label=self._words("crisis.button.back"))

    def _barriers(self) -> Item:
        options = [
            Option(value=barrier.id, label=barrier.label) for barrier in self._texts.barriers
        ]
        return select(
            BARRIER, self._code, options=options, placeholder=self._texts.barrier_question
        )

    def _hours(self) -> Item:
        options = [
            Option(value=str(hours), label=self._words("crisis.check_back.hours", n=hours))
            for hours in self._texts.check_back_hours
        ]
        placeholder = self._words("crisis.check_back.choose")
        return select(CHECK_BACK, self._code, options=options, placeholder=placeholder)

    def _country_selects(self) -> list[list[Item]]:
        """Selects of countries: those with lines first, with a way out for everyone else."""
        known = self._directory.countries
        with_lines = [code for code in known if self._directory.choose(code).first]
        others = sorted(
            (code for code in known if code not in with_lines),
            key=lambda code: in_locale(known[code].name, self._words.locale),
        )
        first = [self._country_option(code) for code in with_lines[: SELECT_OPTIONS - 1]]
        first.append(Option(value=NOWHERE, label=self._words("crisis.country.elsewhere")))
        rest = [self._country_option(code) for code in [*with_lines[SELECT_OPTIONS - 1 :], *others]]
        groups = [first, *_in_groups(rest, SELECT_OPTIONS)][:COUNTRY_SELECTS]
        # One custom_id per select of a message: the number tells them apart.
        return [
            [
                select(
                    COUNTRY,
                    number,
                    options=group,
                    placeholder=self._words(f"crisis.country.{'others' if number else 'first'}"),
                )
            ]
            for number, group in enumerate(groups)
        ]

    def _country_option(self, code: str) -> Option:
        name = self._directory.name(code, self._words.locale) or code
        return Option(value=code, label=name, chosen=code == self._code)

    def _action(self, action: BarrierAction) -> tuple[str, Item | None]:
        if action is BarrierAction.ASK_STAFF:
            return "", self._ask()
        if action is BarrierAction.EMERGENCY:
            return self._emergency(), None
        for kind in _FALLBACKS[action]:
            line = self._choice.reachable_by(kind)
            channel = line.channel(kind) if line else None
            if line and channel:
                step = f"**{line.service}**: {channel_words(self._words, channel)}"
                label = self._words("crisis.button.chat")
                return step, link(label, channel.url) if channel.url else None
        return self._emergency(), link(self._words("crisis.button.directory"), DIRECTORY_URL)


def emergency(words: Words, directory: CrisisDirectory, country: str | None) -> str:
    """Say which number to call in danger."""
    numbers = directory.emergency_numbers(country)
    key = "crisis.emergency.known" if numbers else "crisis.emergency.unknown"
    return words(key, numbers=_either(words, numbers or ADVICE_NUMBERS))


def pinned_lines(words: Words, directory: CrisisDirectory, country: str | None) -> list[str]:
    """Give the paragraphs to pin in rooms and on panels, for when the bot is down."""
    first = line_paragraphs(words, directory.choose(country).first)
    world = [words("crisis.place.more_world", url=DIRECTORY_URL)]
    return [emergency(words, directory, country), *(first or world)]


def receipt(
    words: Words, asked: Asked, *, reached: bool, has_joined: bool, until: str | None = None
) -> str:
    """Tell a person who asked how things stand, and no more than is true.

    Args:
        until: When somebody is next on, as it is read; nothing where nobody is planned.
    """
    if asked.nobody:
        return nobody(words, asked.outside)
    if not reached:
        return words("crisis.ask.not_reached")
    if asked.page is not None:
        said = [words("crisis.ask.posted")]
    else:
        said = [words("crisis.ask.stored" if asked.is_new else "crisis.ask.again")]
    if asked.on_duty or until is None:
        said.append(words("crisis.ask.on_duty" if asked.on_duty else "crisis.ask.off_duty"))
    else:
        said.append(words("crisis.ask.off_duty_at", time=until))
    if not has_joined:
        said.append(words("crisis.ask.not_joined"))
    return " ".join(said)


def nobody(words: Words, outside: str) -> str:
    """Say that the whole team is kept apart from a request, and whom to call instead."""
    said = words("care.ask.nobody")
    return f"{said} {words('care.ask.outside', text=escape(outside))}" if outside else said


def direct_page_card(words: Words, page: DirectPage) -> Card:
    """Make the message to the team for when there is no database to open a request in."""
    duty = "" if page.ring else words("crisis.ask.no_duty")
    return Card(
        title=words("crisis.ask.page_title"),
        body=[words("crisis.ask.page", person=f"<@{page.user_id}>"), duty],
        accent=Accent.URGENT,
        mentions=page.ring,
    )


def line_paragraphs(words: Words, lines: Sequence[CrisisLine]) -> list[str]:
    """Give each line its paragraph: what it is, how to reach it, what is known of it."""
    return [_line_paragraph(words, line) for line in lines]


def channel_words(words: Words, channel: LineChannel) -> str:
    """Say how to reach a line this way."""
    key = f"crisis.channel.{channel.kind}"
    if channel.kind is ChannelKind.TEXT and channel.word:
        key = "crisis.channel.text_word"
    if channel.kind is ChannelKind.CALL and channel.press:
        key = "crisis.channel.call_press"
    return words(key, to=channel.to, word=channel.word, press=channel.press)


def _line_paragraph(words: Words, line: CrisisLine) -> str:
    ways = " · ".join(channel_words(words, channel) for channel in line.channels)
    facts = " · ".join(_facts(words, line))
    note = in_locale(line.note, words.locale)
    small = [f"-# {text}" for text in (facts, note) if text]
    return "\n".join([f"**{line.service}**", ways, *small])


def _facts(words: Words, line: CrisisLine) -> Iterator[str]:
    if not line.is_for_everyone:
        yield words("crisis.for_whom", audience=in_locale(line.audience, words.locale))
    for known in (line.hours, line.cost):
        if text := in_locale(known, words.locale):
            yield text
    if line.languages:
        names = [str(words.rules.languages.get(code, code)) for code in line.languages]
        yield words("crisis.languages", languages=words.listing(names))


def _either(words: Words, parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return words("crisis.or", head=", ".join(parts[:-1]), tail=parts[-1])


def _in_groups(options: Sequence[Option], size: int) -> list[list[Option]]:
    return [list(options[start : start + size]) for start in range(0, len(options), size)]


def crisis_cards(request: Request, country: str | None = None) -> CrisisCards:
    """Make cards for the country chosen or carried by the card, else the person's own."""
    service = request.services.crisis
    own = service.country(request.user_id, str(request.interaction.locale))
    return CrisisCards(
        request.words,
        request.content.texts(request.locale).crisis,
        request.content.crisis,
        country=country or _carried(request) or own,
        checks_back=service.checks_back(request.user_id),
    )


def _carried(request: Request) -> str | None:
    """Return the country a card was made for, two capital letters."""
    code = request.args[0] if request.args else ""
    return code if len(code) == 2 and code.isalpha() and code.isupper() else None

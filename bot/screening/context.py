"""What stands around a phrase: denied, long past, quoted, taught, joked, happening now."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property

import re2

BREAK = re.compile(
    r"[.!?;\n]+(?=\s|$)|,? (?:but|though|although|except|however|yet|pero|aunque|sino|ahora bien) "
)
QUOTES = re.compile(r"\"[^\"\n]{2,300}\"|(?:^|(?<=[\s(:,]))'[^'\n]{2,300}'(?=$|[\s).,!?;:])")
WINDOW = 60
"""How far before a phrase, in characters, a denial may stand."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cues:
    """The patterns that tell what stands around; their wording is in the lexicon.

    Attributes:
        denial: Right before a phrase, denies it.
        no_denial: Looks like a denial and is none: "can't stop", "not sure".
        remote: Told from far away in time.
        returned: Brings the past back.
        present: Speaks of today.
        speaker: Somebody or something that is quoted.
        educational: Taught, printed, or worked with.
        joking: Not meant, by its own sign.
        now: Happening or about to.
        means: Something to do it with is at hand.
        alarm: The writer asks for help or is afraid for somebody.
        safe: The writer says that all is well.
        third: About somebody else.
    """

    denial: str
    no_denial: str
    remote: str
    returned: str
    present: str
    speaker: str
    educational: str
    joking: str
    now: str
    means: str
    alarm: str
    safe: str
    third: str


CUE_NAMES = tuple(cue.name for cue in fields(Cues))


class Around:
    """What was found around in a whole message; looked for when it is asked for."""

    def __init__(self, text: str, find: Callable[[str], frozenset[str]]) -> None:
        self.text = text
        self._find = find
        # Every message needs these: the lock of `cached_property` would cost as much as they do.
        self._cues: frozenset[str] | None = None

    @property
    def cues(self) -> frozenset[str]:
        """The names of the cues."""
        if self._cues is None:
            self._cues = self._find(self.text)
        return self._cues

    @cached_property
    def quotes(self) -> tuple[tuple[int, int], ...]:
        """Where something is quoted."""
        return tuple(_stretches(QUOTES, self.text))

    @cached_property
    def breaks(self) -> tuple[tuple[int, int], ...]:
        """What stands between clauses."""
        return tuple(_stretches(BREAK, self.text))

    def clause(self, at: int) -> tuple[int, int]:
        """Give the clause around a place."""
        start, end = 0, len(self.text)
        for first, last in self.breaks:
            if last <= at:
                start = last
            elif first > at:
                return start, first
        return start, end

    def is_quoted(self, start: int, end: int) -> bool:
        """Tell whether a stretch stands within quotation marks."""
        return any(first <= start and end <= last for first, last in self.quotes)


class Context:
    """Finds what stands around in a message."""

    def __init__(self, cues: Cues) -> None:
        self._finders = {name: re2.compile(getattr(cues, name)) for name in CUE_NAMES}
        self._denial = self._finders["denial"]
        self._no_denial = self._finders["no_denial"]
        self._set = re2.Set.SearchSet()
        for name in CUE_NAMES:
            self._set.Add(getattr(cues, name))
        self._set.Compile()

    def around(self, text: str) -> Around:
        """Look at a whole message."""
        return Around(text, self._cues)

    def _cues(self, text: str) -> frozenset[str]:
        return frozenset(CUE_NAMES[index] for index in self._set.Match(text) or ())

    def is_denied(self, around: Around, start: int) -> bool:
        """Tell whether a denial governs the phrase that starts here."""
        if "denial" not in around.cues:
            return False
        first, _ = around.clause(start)
        before = around.text[max(first, start - WINDOW) : start]
        last = None
        for found in self._denial.finditer(before):
            last = found
        if last is None or len(before[last.end() :].split()) > MOST_WORDS_BETWEEN:
            return False
        return self._no_denial.search(before[last.start() :]) is None

    def denials(self, phrase: str) -> Iterator[str]:
        """Give a phrase with each of its denials struck out, one at a time."""
        for found in self._denial.finditer(phrase):
            if self._no_denial.search(phrase[found.start() :]) is None:
                struck = "x" * (found.end() - found.start())
                yield phrase[: found.start()] + struck + phrase[found.end() :]


MOST_WORDS_BETWEEN = 5


def _stretches(pattern: "re.Pattern[str]", text: str) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(text):
        yield found.start(), found.end()

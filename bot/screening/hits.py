"""What the rules find in a text, and what the words around make of it."""

from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.risk import RiskClass, Tier
from bot.screening.context import Around, Context
from bot.screening.lexicon import Guard, Lexicon, Rule
from bot.screening.normaliser import Normalised, View

ALWAYS_SERIOUS = frozenset({RiskClass.SUICIDE_IMMINENT, RiskClass.OVERDOSE_MEDICAL})
"""A joking tone lowers these, never to nothing."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule's phrase in a text.

    Attributes:
        taken_back: What takes it back, or nothing.
        start: Where it stands in the original.
        end: Where it ends there.
    """

    rule: Rule
    tier: Tier
    start: int
    end: int
    taken_back: Guard | None = None

    @property
    def counts(self) -> bool:
        """Whether it stands."""
        return self.taken_back is None


class Found(NamedTuple):
    """All hits of a text, and what stands around them in each of its views."""

    hits: tuple[Hit, ...]
    views: tuple[Around, ...]

    @property
    def cues(self) -> frozenset[str]:
        """The names of the cues of all views."""
        if len(self.views) == 1:
            return self.views[0].cues
        return frozenset().union(*(around.cues for around in self.views))


class RuleBook:
    """Applies the lexicon with its context to a text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._context = Context(lexicon.cues)

    def look(self, text: Normalised) -> Found:
        """Find every hit in both views; a phrase found in both counts once."""
        views = [text.folded] if text.folded is text.plain else [text.folded, text.plain]
        hits: dict[tuple[str, int], Hit] = {}
        arounds = []
        for view in views:
            around = self._context.around(view.text)
            arounds.append(around)
            for rule, start, end in self.lexicon.matches(view.text):
                hit = self._judged(rule, view, around, start, end)
                known = hits.get((rule.id, hit.start))
                # What one view takes back and the other does not, counts.
                if known is None or (hit.counts and not known.counts):
                    hits[rule.id, hit.start] = hit
        return Found(tuple(hits.values()), tuple(arounds))

    def _judged(self, rule: Rule, view: View, around: Around, start: int, end: int) -> Hit:
        first, last = view.span(start, end)
        guard = self._guard(rule, around, start, end)
        if guard is None:
            return Hit(rule, _tier(rule, around), first, last)
        return Hit(rule, Tier.NONE, first, last, guard)

    def _guard(self, rule: Rule, around: Around, start: int, end: int) -> Guard | None:
        guards, cues = rule.guards, around.cues
        if Guard.NEGATED in guards and self._is_denied(rule, around, start, end):
            return Guard.NEGATED
        clause_start, clause_end = around.clause(start)
        if self.lexicon.is_other_matter(rule, around.text[clause_start : max(clause_end, end)]):
            return Guard.FIGURATIVE
        if Guard.REMOTE in guards and _is_past(cues):
            return Guard.REMOTE
        if "alarm" in cues:
            return None
        if Guard.QUOTED in guards and "speaker" in cues and around.is_quoted(start, end):
            return Guard.QUOTED
        if Guard.EDUCATIONAL in guards and "educational" in cues:
            return Guard.EDUCATIONAL
        return None

    def _is_denied(self, rule: Rule, around: Around, start: int, end: int) -> bool:
        """Tell whether a denial governs the phrase: before it, or between its words.

        A denial that belongs to the phrase ("not breathing") is none: without it, the rule would
        not hold.
        """
        if "denial" not in around.cues:
            return False
        if self._context.is_denied(around, start):
            return True
        phrase = around.text[start:end]
        return any(self.lexicon.holds(rule, struck) for struck in self._context.denials(phrase))


def _is_past(cues: frozenset[str]) -> bool:
    """Tell whether a message speaks of long ago, from safety, and nothing is back."""
    if "remote" not in cues or "returned" in cues:
        return False
    return "safe" in cues or "present" not in cues


def _tier(rule: Rule, around: Around) -> Tier:
    if "joking" not in around.cues or "alarm" in around.cues:
        return rule.tier
    return Tier.REVIEW

"""How hard a text is to read, by our own formulas over pyphen's syllables.

English: the Flesch-Kincaid grade, `0.39 * words per sentence + 11.8 * syllables per word - 15.59`.
Spanish: the Fernández Huerta ease, `206.84 - 60 * syllables per word - 1.02 * words per sentence`,
where 70 to 80 is what a 6th grade reads.

Discord's marks, placeholders, links, numbers and quoted labels are not words to be read and are
taken out first. A text is judged by the average of its sentences of eight words or more: one
long word swings the figure of a shorter one by several grades. For the same reason a text with
fewer than 20 such words is given 2 grades, in Spanish 15 points, of tolerance.
"""

import re
from functools import cache

import pyphen

MOST_GRADE = 6.9
LEAST_EASE = 70.0
FEW_WORDS = 20
GRADE_TOLERANCE = 2.0
EASE_TOLERANCE = 15.0
SHORT_SENTENCE = 8

_NOISE = re.compile(r"\{[^}]*\}|https?://\S+|<[^>]*>|`[^`]*`|[*_~#>|]+|\[|\]\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?…:;])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS_EN = re.compile(r"[aeiouy]+")
_SILENT_U = re.compile(r"([qg])u(?=[eiéí])")
_NUCLEUS_ES = re.compile(r"[iuüy]?[aeoáéó](?:[iuüy](?![aeoáéóíú]))?|[íú]|[iuü]+")
_SILENT_E = re.compile(r"(?:[^aeiouyl]e|[^aeiouytd]ed|[^aeiouyscxz]es)$")


@cache
def _hyphenator(locale: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang={"en": "en_US", "es": "es"}[locale])


@cache
def syllables(word: str, locale: str) -> int:
    """Count a word's syllables.

    Places to hyphenate are fewer than syllables ("idea", "día"), so the vowels are counted too
    and the larger figure is taken.
    """
    parts = re.split("[-'’]", word.lower())
    hyphenated = len(_hyphenator(locale).positions(parts[0])) + 1
    hyphenated += sum(len(_hyphenator(locale).positions(part)) for part in parts[1:])
    if locale == "es":
        return max(hyphenated, len(_NUCLEUS_ES.findall(_SILENT_U.sub(r"\1", word.lower()))))
    groups = len(_VOWELS_EN.findall(word.lower())) - bool(_SILENT_E.search(word.lower()))
    return max(hyphenated, groups, 1)


def sentences(text: str) -> list[list[str]]:
    """Split a text into sentences of words."""
    plain = _NOISE.sub(" ", text)
    found = (_WORD.findall(part) for part in _SENTENCE_END.split(plain))
    return [words for words in found if words]


def grade(parts: list[list[str]]) -> float:
    """Give the Flesch-Kincaid grade of English sentences."""
    words = [word for part in parts for word in part]
    per_word = sum(syllables(word, "en") for word in words) / len(words)
    return 0.39 * len(words) / len(parts) + 11.8 * per_word - 15.59


def ease(parts: list[list[str]]) -> float:
    """Give the Fernández Huerta ease of Spanish sentences; higher is easier."""
    words = [word for part in parts for word in part]
    per_word = sum(syllables(word, "es") for word in words) / len(words)
    return 206.84 - 60 * per_word - 1.02 * len(words) / len(parts)


def too_hard(text: str, locale: str) -> str | None:
    """Say how much too hard a text is, or ``None`` when it reads well."""
    judged = [part for part in sentences(text) if len(part) >= SHORT_SENTENCE]
    if not judged:
        return None
    is_short = sum(map(len, judged)) < FEW_WORDS
    if locale == "en":
        reached, most = grade(judged), MOST_GRADE + GRADE_TOLERANCE * is_short
        return f"grade {reached:.1f}, at most {most:.1f}" if reached > most else None
    reached, least = ease(judged), LEAST_EASE - EASE_TOLERANCE * is_short
    return f"ease {reached:.0f}, at least {least:.0f}" if reached < least else None

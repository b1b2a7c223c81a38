"""Consent cards: a text, who sees what, and two buttons of equal standing."""

from bot.domain.consent import ConsentKind
from bot.ui.cards import Card, button
from bot.ui.request import Request

COLON = "."
"""Stands for the colons of a route that travels inside another route."""


def consent_card(
    request: Request, kind: ConsentKind, *, then: str | None = None, is_again: bool = False
) -> Card:
    """Ask for a consent; nothing is ticked beforehand.

    Args:
        request: Who is asked.
        kind: What for.
        then: The custom_id of a button or form that *Continue* leads to once they agreed.
        is_again: They agreed to an earlier text.
    """
    words = request.words
    consent = request.content.texts(words.locale).consents[kind]
    args = (kind, consent.version, *_packed(then))
    return Card(
        title=consent.title,
        body=[
            *([words("consent.changed")] if is_again else []),
            consent.text,
            f"**{words('consent.who_sees')}** {consent.who_sees}",
            words("consent.free"),
        ],
        rows=[
            [
                button("consent:v1:agree", *args, label=words("consent.agree")),
                button("consent:v1:decline", *args, label=words("consent.not_now")),
            ]
        ],
        footer=words("consent.version", version=consent.version),
    )


def agreed_card(request: Request, kind: ConsentKind, *, then: str | None = None) -> Card:
    """Say that the consent was noted, and lead on."""
    return _answered(request, "consent.agreed", kind, then=then)


def declined_card(request: Request, kind: ConsentKind) -> Card:
    """Say that a no was noted and costs nothing."""
    return _answered(request, "consent.declined", kind)


def unpacked(packed: str | None) -> str | None:
    """Return the custom_id that travelled inside another one."""
    return packed.replace(COLON, ":") if packed else None


def _packed(then: str | None) -> list[str]:
    return [then.replace(":", COLON)] if then else []


def _answered(request: Request, key: str, kind: ConsentKind, *, then: str | None = None) -> Card:
    words = request.words
    title = request.content.texts(words.locale).consents[kind].title
    rows = [[button(*then.split(":"), label=words("consent.go_on"))]] if then else []
    return Card(title=title, body=words(key), rows=rows)

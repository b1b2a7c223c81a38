"""A card to pass on: a picture and a text that name nobody."""

from bot.text import Words
from bot.ui.cards import Attachment, Card, Picture, button
from bot.ui.chart import Draw, Poster

LINES = ("what", "how", "private", "free")
OTHER = {"en": "es", "es": "en"}


async def invitation_card(words: Words, theirs: Words, paint: Draw) -> Card:
    """Make the card as files that a person saves and passes on themselves.

    Args:
        words: The language of the person who asks.
        theirs: The language of the card.
        paint: Draws it.
    """
    poster = Poster(
        title=theirs("alone.card.title"),
        lines=tuple(theirs(f"alone.card.{line}") for line in LINES),
        foot=theirs("alone.card.foot"),
    )
    text = "\n\n".join([poster.title, *poster.lines, poster.foot])
    locale = theirs.locale
    return Card(
        title=words("together.alone.invite_card"),
        body=[words("alone.card.about"), words("alone.card.never")],
        image=Picture(
            filename=f"interlude-card-{locale}.png",
            png=await paint(poster),
            alt=text.replace("\n\n", " ")[:1000],
        ),
        files=[Attachment(filename=f"interlude-card-{locale}.txt", content=text.encode())],
        rows=[
            [
                button(
                    "together:v1:card",
                    OTHER.get(locale, "en"),
                    label=words("alone.card.other_language"),
                ),
                button("together:v1:home", label=words("core.back")),
            ]
        ],
    )

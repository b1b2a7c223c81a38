"""A private look at what somebody carries for another: plain items, and words after it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.reader import Table
from bot.domain.own_note import Weight

ITEM_LENGTH = 100
ITEMS = 10
TEXT_LENGTH = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class CarryItem:
    """One thing many people do for somebody they love."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Carrying:
    """The look.

    Attributes:
        after: The words after it, by how many items fit; none of them is a finding.
    """

    items: tuple[CarryItem, ...]
    after: Mapping[Weight, str]


def read_carrying(table: Table) -> Carrying:
    """Read the items and the words after them."""
    items = table.tables("items", _read_item)
    if len({item.id for item in items}) != ITEMS or len(items) != ITEMS:
        table.fault("items", f"must be {ITEMS}, each with an id of its own")
    return Carrying(
        items=items,
        after={weight: table.text(f"after_{weight.value}", most=TEXT_LENGTH) for weight in Weight},
    )


def _read_item(table: Table) -> CarryItem:
    return CarryItem(id=table.text("id", most=24), text=table.text("text", most=ITEM_LENGTH))

"""The programme one bot serves."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme:
    """What the operator and the leads set for everyone.

    Attributes:
        guild_id: The one server this bot serves; none before set-up.
        locale: The language of names, panels and rooms.
        zone: The zone rooms and staff hours are written in.
        country: Whose crisis lines are pinned and shown to those who chose no country.
        codes: Whether joining takes a join code.
        joining_open: Whether the checks before going live were confirmed.
    """

    guild_id: int | None = None
    locale: str = "en"
    zone: str = "UTC"
    country: str | None = None
    codes: bool = True
    joining_open: bool = False

"""The programme one bot serves."""

from dataclasses import dataclass
from datetime import time


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
        boundary_weekday: The day on which shared spaces close, and perhaps open, for everyone
            together; 0 is Monday.
        boundary_time: The hour of that day, in the programme's zone.
        opens_in_batches: Shared spaces open on that day only.
    """

    guild_id: int | None = None
    locale: str = "en"
    zone: str = "UTC"
    country: str | None = None
    codes: bool = True
    joining_open: bool = False
    boundary_weekday: int = 6
    boundary_time: time = time(20)
    opens_in_batches: bool = False

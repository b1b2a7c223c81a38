"""The programme's one row."""

from datetime import time

from bot.domain.programme import Programme
from bot.store.database import Database


class ProgrammeStore:
    """What is set for everyone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self) -> Programme:
        """Return the programme."""
        row = await self._database.fetch_one("SELECT * FROM programme")
        if row is None:
            return Programme()
        return Programme(
            guild_id=row["guild_id"],
            locale=row["locale"],
            zone=row["zone"],
            country=row["country"],
            codes=bool(row["codes"]),
            joining_open=bool(row["joining_open"]),
            boundary_weekday=row["boundary_weekday"],
            boundary_time=time.fromisoformat(row["boundary_time"]),
            opens_in_batches=bool(row["opens_in_batches"]),
        )

    async def save(self, programme: Programme) -> None:
        """Replace what is set."""
        await self._database.execute(
            "UPDATE programme SET guild_id = :guild, locale = :locale, zone = :zone, "
            "country = :country, codes = :codes, joining_open = :joining_open, "
            "boundary_weekday = :weekday, boundary_time = :at, opens_in_batches = :batches",
            {
                "guild": programme.guild_id,
                "locale": programme.locale,
                "zone": programme.zone,
                "country": programme.country,
                "codes": int(programme.codes),
                "joining_open": int(programme.joining_open),
                "weekday": programme.boundary_weekday,
                "at": programme.boundary_time.isoformat(),
                "batches": int(programme.opens_in_batches),
            },
        )

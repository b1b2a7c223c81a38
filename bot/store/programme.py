"""The programme's one row."""

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
        )

    async def save(self, programme: Programme) -> None:
        """Replace what is set."""
        await self._database.execute(
            "UPDATE programme SET guild_id = :guild, locale = :locale, zone = :zone, "
            "country = :country, codes = :codes, joining_open = :joining_open",
            {
                "guild": programme.guild_id,
                "locale": programme.locale,
                "zone": programme.zone,
                "country": programme.country,
                "codes": int(programme.codes),
                "joining_open": int(programme.joining_open),
            },
        )

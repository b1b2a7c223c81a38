"""Discord's permissions and refusals in set-up's own terms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bot.domain.blueprint import Overwrite, Permissions
from bot.services.building import BuildError, Failure

REASON = "Interlude: /setup apply"
FORBIDDEN = frozenset({50001, 50013})
FULL = frozenset({30005, 30013})
ALIASES = {"read_messages": "view_channel"}


@asynccontextmanager
async def build_errors() -> AsyncIterator[None]:
    """Turn what Discord or the network says into what set-up understands."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code in FORBIDDEN:
            raise BuildError(Failure.FORBIDDEN) from error
        if error.code in FULL:
            raise BuildError(Failure.FULL) from error
        if error.status >= 500 or error.status == 429:
            raise BuildError(Failure.NO_ANSWER, str(error.status)) from error
        raise BuildError(Failure.REFUSED, f"{error.status} {error.code}") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise BuildError(Failure.NO_ANSWER, type(error).__name__) from error


def permissions(wanted: Permissions) -> discord.Permissions:
    """Turn names into Discord's permissions."""
    return discord.Permissions(**dict.fromkeys(wanted, True))


def names(given: discord.Permissions) -> Permissions:
    """Turn Discord's permissions into names."""
    return frozenset(ALIASES.get(name, name) for name, is_on in given if is_on)


def overwrite_of(overwrite: Overwrite) -> discord.PermissionOverwrite:
    """Turn an overwrite into Discord's."""
    return discord.PermissionOverwrite.from_pair(
        permissions(overwrite.allow), permissions(overwrite.deny)
    )

"""Doing several things of which one that fails must not keep the others from being done."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def fault_of(work: Coroutine[Any, Any, object]) -> Exception | None:
    """Do something, and return how it failed; nothing where it did not."""
    [done] = await asyncio.gather(work, return_exceptions=True)
    if isinstance(done, BaseException) and not isinstance(done, Exception):
        raise done
    return done if isinstance(done, Exception) else None

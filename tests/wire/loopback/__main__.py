"""Run the loopback Discord until standard input closes: ``python -m tests.wire.loopback``."""

from __future__ import annotations

import asyncio
import json
import sys

from tests.wire.loopback.server import Server


async def _serve() -> None:
    server = Server()
    port = await server.start()
    sys.stdout.write(json.dumps({"port": port}) + "\n")
    sys.stdout.flush()
    # The parent holds the other end: when it goes, however it goes, this process goes too.
    await asyncio.to_thread(sys.stdin.read)
    await server.stop()


if __name__ == "__main__":
    asyncio.run(_serve())

"""What services need of the outbox to send something by itself."""

from datetime import datetime
from typing import Any, Protocol

from bot.domain.delivery import Address, Args, Kind, OutboxRow


class Outbox(Protocol):
    """Takes messages that are sent once; a repeated key adds nothing."""

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        subject_id: str = "",
        args: Args = ...,
        expires_at: datetime | None = None,
        key: str | None = None,
        tx: Any = None,
    ) -> OutboxRow | None: ...

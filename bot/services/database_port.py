"""What services need of the database to do several things as one."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class Transactor(Protocol):
    """Opens transactions: all that is done in one is kept, or none of it."""

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...

"""The bell that stores ring when there may be something new to plan or send."""

from collections.abc import Callable


class Bell:
    """Tells one listener that rows changed.

    It may ring inside a transaction: whoever listens must open one too before looking, and so
    waits for the commit.
    """

    def __init__(self) -> None:
        self._listener: Callable[[], None] | None = None

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` at every ring from now on."""
        self._listener = listener

    def ring(self) -> None:
        """Tell the listener, if there is one."""
        if self._listener is not None:
            self._listener()

"""What each persona has read and dismissed: the part of a chat client that is not Discord's."""

from collections import defaultdict


class Marks:
    """Read marks and dismissed messages, kept per persona while the demo runs."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], int] = {}
        self._dismissed: defaultdict[str, set[int]] = defaultdict(set)

    def last_read(self, key: str, channel_id: int) -> int:
        """Return the newest message a persona has seen in a place, 0 for none."""
        return self._read.get((key, channel_id), 0)

    def read(self, key: str, channel_id: int, message_id: int) -> bool:
        """Note that a persona has seen a place up to a message; say whether that is news."""
        if message_id <= self.last_read(key, channel_id):
            return False
        self._read[key, channel_id] = message_id
        return True

    def dismiss(self, key: str, message_id: int) -> None:
        """Take an ephemeral message out of a persona's sight."""
        self._dismissed[key].add(message_id)

    def is_dismissed(self, key: str, message_id: int) -> bool:
        """Whether a persona dismissed a message."""
        return message_id in self._dismissed[key]

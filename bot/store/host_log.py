"""What commands did beside a running bot, kept in a file until the audit log can take it in."""

import json
import logging
import os
from datetime import datetime
from pathlib import Path

from bot.domain.audit import AuditAction
from bot.domain.host_action import HostAction

log = logging.getLogger(__name__)

NAME = "host-actions.jsonl"
TAKING = ".taking"


class HostLog:
    """One line for each action; the next start moves them into the audit log.

    Args:
        directory: Where the database is.
    """

    def __init__(self, directory: Path) -> None:
        self._file = directory / NAME
        self._taking = directory / f"{NAME}{TAKING}"

    def add(self, action: AuditAction, at: datetime) -> None:
        """Keep an action.

        Raises:
            OSError: The directory cannot be written to.
        """
        line = json.dumps({"action": action.value, "at": at.isoformat()})
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(f"{line}\n")

    def take(self) -> list[HostAction]:
        """Return what was done since the last start; a line that is none is left out."""
        if not self._taking.exists() and self._file.exists():
            self._file.rename(self._taking)
        if not self._taking.exists():
            return []
        lines = self._taking.read_text(encoding="utf-8", errors="replace").splitlines()
        return [action for line in lines if (action := _read(line)) is not None]

    def taken(self) -> None:
        """Forget what `take` returned, once it is in the audit log."""
        self._taking.unlink(missing_ok=True)


def _read(line: str) -> HostAction | None:
    try:
        values = json.loads(line)
        at = datetime.fromisoformat(values["at"])
        return HostAction(action=AuditAction(values["action"]), at=at)
    except (ValueError, KeyError, TypeError):
        log.warning("a line of %s is not readable", NAME)
        return None

"""The event log: what the bot called, what Discord sent it, what failed. Never content."""

import re
import traceback
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import discord

from bot.demo.session import Session
from bot.errors import UserError

SHOWN_LINES = 250
TOKEN = re.compile(r"simcord_interaction_\d+")
LONG_ID = re.compile(r"\d{15,}")


def journal(session: Session, since: int) -> dict[str, Any]:
    """Return the lines after a position, the newest at the end.

    Args:
        session: The running demo.
        since: The position after the last line already shown.
    """
    transcript = session.env.backend.transcript
    first = max(since, len(transcript) - SHOWN_LINES)
    return {
        "next": len(transcript),
        "lines": [
            _line(session, kind, name, payload) for kind, name, payload in transcript[first:]
        ],
        "errors": [_error(error) for error in failures(session)][-20:],
        "troubles": [
            f"{at.astimezone(UTC):%H:%M} {text}" for at, text in list(session.troubles)[-20:]
        ],
    }


def _line(session: Session, kind: str, name: str, payload: Any) -> dict[str, str]:
    about = _about(session, payload)
    if kind == "CENSORED":
        about = "Discord kept the text from the bot: it has no Message Content intent"
    return {"kind": kind.lower(), "name": _short(session, name), "about": about}


def _short(session: Session, name: str) -> str:
    """Put a channel's name where its ID stands and leave the other long IDs out."""

    def word(match: re.Match[str]) -> str:
        channel = session.env.backend.channels.get(int(match.group()))
        return f"#{channel.name}" if channel is not None and channel.name else "…"

    return LONG_ID.sub(word, TOKEN.sub("…", name))


def failures(session: Session) -> list[BaseException]:
    """Return what the bot failed at; SimCord counts refusals told to a person as well."""
    return [
        error
        for error in session.env.errors_since(0)
        if not isinstance(_cause(error), (UserError, discord.app_commands.CheckFailure))
    ]


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "original", None) or error


def _error(error: BaseException) -> dict[str, str]:
    cause = _cause(error)
    lines = traceback.format_exception_only(cause)
    frames = traceback.extract_tb(cause.__traceback__)
    where = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return {"text": lines[-1].strip()[:300], "where": where}


def _about(session: Session, payload: Any) -> str:
    """Say who and where in a few words; what was written stays out of the log."""
    if not isinstance(payload, Mapping):
        return ""
    parts = []
    author = payload.get("author") or payload.get("user")
    member = payload.get("member")
    if author is None and isinstance(member, Mapping):
        author = member.get("user")
    if isinstance(author, Mapping):
        parts.append(str(author.get("global_name") or author.get("username")))
    data = payload.get("data")
    if isinstance(data, Mapping):
        parts.append(str(data.get("name") or data.get("custom_id") or ""))
    channel = session.env.backend.channels.get(_id(payload.get("channel_id")))
    if channel is not None and channel.name:
        parts.append(f"#{channel.name}")
    return " · ".join(part for part in parts if part)


def _id(value: object) -> int:
    return int(value) if isinstance(value, (str, int)) and str(value).isdigit() else 0

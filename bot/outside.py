"""The way out of Discord: calls people by webhook and e-mail at a request's last step."""

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import aiohttp

from bot.config import Settings
from bot.domain.delivery import (
    Address,
    Channel,
    OutboxRow,
    RefusedError,
    SentRef,
    TryLaterError,
)
from bot.domain.oncall import CallWay, Volunteer
from bot.scheduling.protocols import Gateway
from bot.services.case_clock_ports import Reach
from bot.services.pages import OUTSIDE_PREFIX, VOLUNTEER
from bot.ui.cards import Card

log = logging.getLogger(__name__)

WEBHOOK = f"{OUTSIDE_PREFIX}webhook"
MAIL = f"{OUTSIDE_PREFIX}mail"

WEBHOOK_SECONDS = 10.0
MAIL_SECONDS = 20.0
AGAIN_AFTER = timedelta(seconds=15)
"""How long to wait after a call-out that did not get through."""


def reach_of(settings: Settings) -> Reach:
    """Say how people can be called by these settings."""
    channels, ways = [], {CallWay.WEBHOOK}
    if settings.outside_webhook is not None:
        channels.append(WEBHOOK)
        ways.add(CallWay.PHONE)
    if settings.smtp_host:
        ways.add(CallWay.EMAIL)
        if settings.mail_addresses:
            channels.append(MAIL)
    return Reach(channels=tuple(channels), ways=frozenset(ways))


@dataclass(frozen=True, kw_only=True, slots=True)
class CallOut:
    """What is said outside of Discord: no name, no text of anyone, no programme ID.

    Attributes:
        id: The same for every try, so that a receiver can tell a repetition.
    """

    id: str
    subject: str
    text: str


class Outside:
    """Calls by webhook and e-mail; every failure is one to try again.

    Args:
        volunteer: Finds somebody who agreed to be called, as of now; nothing where they do not
            any more.
    """

    def __init__(
        self, settings: Settings, volunteer: Callable[[int], Volunteer | None] = lambda _: None
    ) -> None:
        self._settings = settings
        self._volunteer = volunteer

    async def call(self, key: str, call_out: CallOut) -> None:
        """Call at one address.

        Raises:
            TryLaterError: It did not get through, or perhaps did not.
            RefusedError: There is nobody to call there any more.
        """
        if key.startswith(VOLUNTEER):
            await self._call_volunteer(int(key.removeprefix(VOLUNTEER)), call_out)
        elif key == WEBHOOK:
            await self._post(self._hook(), call_out)
        else:
            await self._write(self._settings.mail_addresses, call_out)

    async def _call_volunteer(self, user_id: int, call_out: CallOut) -> None:
        volunteer = self._volunteer(user_id)
        if volunteer is None:
            raise RefusedError("they agree to no calls any more")
        if volunteer.way is CallWay.EMAIL:
            await self._write((volunteer.target,), call_out)
        elif volunteer.way is CallWay.WEBHOOK:
            await self._post(volunteer.target, call_out)
        else:
            await self._post(self._hook(), call_out, phone=volunteer.target)

    def _hook(self) -> str:
        if self._settings.outside_webhook is None:
            raise RefusedError("no webhook is set")
        return self._settings.outside_webhook.get_secret_value()

    async def _post(self, url: str, call_out: CallOut, **more: str) -> None:
        # `text` is what Slack, Mattermost and most pagers read, `content` what Discord does.
        said = {"id": call_out.id, "text": call_out.text, "content": call_out.text, **more}
        limit = aiohttp.ClientTimeout(total=WEBHOOK_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(url, json=said, allow_redirects=False) as response,
            ):
                if response.status >= 300:
                    raise TryLaterError(f"webhook {response.status}", after=AGAIN_AFTER)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            # The address may hold a secret: only the kind of failure is told.
            raise TryLaterError(type(error).__name__, after=AGAIN_AFTER) from None

    async def _write(self, to: tuple[str, ...], call_out: CallOut) -> None:
        message = EmailMessage()
        message["Subject"] = call_out.subject
        message["From"] = self._settings.smtp_from
        message["To"] = ", ".join(to)
        message["Message-ID"] = _message_id(call_out, self._settings.smtp_from)
        message.set_content(call_out.text)
        try:
            await asyncio.to_thread(self._hand_over, message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise TryLaterError(type(error).__name__, after=AGAIN_AFTER) from None

    def _hand_over(self, message: EmailMessage) -> None:
        settings = self._settings
        where: dict[str, Any] = {
            "host": settings.smtp_host,
            "port": settings.smtp_port,
            "timeout": MAIL_SECONDS,
        }
        safe = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(**where, context=safe)
            if settings.smtp_security == "tls"
            else smtplib.SMTP(**where)
        ) as server:
            if settings.smtp_security == "starttls":
                server.starttls(context=safe)
            if settings.smtp_user and settings.smtp_password:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(message)


class EveryWay:
    """Sends by Discord, or outside of it where an address leads there."""

    def __init__(self, discord: Gateway[Card], outside: Outside) -> None:
        self._discord = discord
        self._outside = outside

    def scope(self, address: Address) -> str:
        """Name what a lost permission would close."""
        return _outside_key(address) or self._discord.scope(address)

    async def send(self, address: Address, rendered: Card, *, nonce: str) -> SentRef | None:
        """Send a card, or what it says.

        Raises:
            DeliveryError: Why it did not, or perhaps did not, arrive.
        """
        if (key := _outside_key(address)) is None:
            return await self._discord.send(address, rendered, nonce=nonce)
        text = rendered.body if isinstance(rendered.body, str) else "\n".join(rendered.body)
        said = CallOut(id=nonce, subject=rendered.title or "", text=text)
        await self._outside.call(key, said)
        return None

    async def find(self, row: OutboxRow) -> SentRef | None:
        """Look for a row's message; nobody can look into what was called outside."""
        return None if _outside_key(row.address) else await self._discord.find(row)

    async def recreate(self, address: Address) -> None:
        """Make a place that is gone again."""
        await self._discord.recreate(address)


def _outside_key(address: Address) -> str | None:
    """Return where an address leads out of Discord; nothing where it does not."""
    if isinstance(address, Channel) and address.key.startswith(OUTSIDE_PREFIX):
        return address.key
    return None


def _message_id(call_out: CallOut, sender: str) -> str:
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<{call_out.id}@{domain}>"

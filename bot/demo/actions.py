"""What a persona does on the page, carried out by SimCord's actors."""

import base64
import binascii
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import discord
import simcord

from bot.demo.commands import commands
from bot.demo.places import PlaceKind, actor_in, kind_of, list_places, may_see
from bot.demo.session import Session

KEPT_FORMS = 200
FILE_BYTES = 8 * 1024 * 1024
SENTENCES = {
    50001: "You cannot see or write in this place.",
    50013: "You are not allowed to do that here.",
    50035: "Discord would not take this: it is too long or empty.",
    10003: "This place is gone.",
    10008: "This message is gone.",
}


class RefusedError(Exception):
    """What was asked cannot be done; the text is a sentence for the page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenForm:
    """A form shown to a persona and not yet sent."""

    key: str
    shown: simcord.InteractionResult


class Actions:
    """Carries out what the page asks for, one request at a time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._forms: OrderedDict[str, OpenForm] = OrderedDict()
        self._verbs = {
            "send": self._send,
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "menu": self._menu,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "react": self._react,
            "delete": self._delete,
        }

    async def perform(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Do one thing as a persona and say what came of it.

        Raises:
            RefusedError: A person could not do that in Discord either.
        """
        verb = self._verbs.get(str(asked.get("verb")))
        if verb is None:
            raise RefusedError("The page asked for something unknown.")
        try:
            async with self._session.turn():
                came = await verb(key, asked)
                if asked["verb"] != "autocomplete":
                    await self._session.work()
                return came
        except simcord.BackendError as error:
            raise RefusedError(SENTENCES.get(error.code, f"Discord says: {error}")) from error
        except simcord.SetupError as error:
            raise RefusedError(f"Discord would not let you do that: {error}") from error
        except TimeoutError as error:
            self._session.trouble(error)
            raise RefusedError("The bot is still busy with this.") from error
        except (KeyError, TypeError, ValueError) as error:
            raise RefusedError("The page's request was incomplete.") from error

    # Verbs

    async def _send(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        text = str(asked.get("text", ""))[:2001]
        files = [_file(item) for item in asked.get("files") or []]
        places = {place["id"]: place for place in list_places(self._session, key)}
        if not places[str(channel.id)]["can_send"]:
            raise RefusedError("You are not allowed to write here.")
        if kind_of(self._session.env.backend.get_channel(channel.id)) is PlaceKind.DM:
            if files:
                raise RefusedError("In this demo a direct message takes text only.")
            sent = await self._actor(key).user.send_dm(text)
        else:
            reply = self._message(key, asked, "reply_to") if asked.get("reply_to") else None
            sent = await self._actor(key).send(channel, text, reply_to=reply, attachments=files)
        self._session.marks.read(key, channel.id, sent.id)
        return {}

    async def _slash(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        options = self._options(key, channel, asked)
        if isinstance(actor := self._hands(key, channel), simcord.MemberActor):
            return self._came_of(key, await actor.slash(channel, str(asked["name"]), **options))
        return self._came_of(key, await actor.slash(str(asked["name"]), **options))

    async def _autocomplete(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        name, option, typed = str(asked["name"]), str(asked["option"]), str(asked["typed"])
        filled = self._options(key, channel, asked)
        if isinstance(actor := self._hands(key, channel), simcord.MemberActor):
            return {"choices": await actor.autocomplete(channel, name, option, typed, **filled)}
        return {"choices": await actor.autocomplete(name, option, typed, **filled)}

    async def _menu(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        target: Any = (
            self._member(int(asked["user"])) if asked.get("user") else self._message(key, asked)
        )
        result = await self._actor(key).context_menu(channel, str(asked["name"]), target)
        return self._came_of(key, result)

    async def _click(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        result = await self._hands(key, channel).click(
            self._message(key, asked), custom_id=str(asked["custom_id"])
        )
        return self._came_of(key, result)

    async def _select(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        message = self._message(key, asked)
        kind = int(asked["type"])
        result = await self._hands(key, channel).select(
            message,
            [self._entity(kind, value) for value in asked["values"]],
            custom_id=str(asked["custom_id"]),
        )
        return self._came_of(key, result)

    async def _submit(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        form = self._forms.get(str(asked["token"]))
        if form is None or form.key != key or form.shown.modal is None:
            raise RefusedError("This form is no longer open.")
        kinds = {part["custom_id"]: part for part in controls(form.shown.modal)}
        values = {
            name: self._value(kinds[name]["type"], value)
            for name, value in asked["values"].items()
            if value is not None
        }
        actor: Any = self._actor(key)
        if form.shown._interaction.guild_id is None:  # noqa: SLF001 - where it was opened
            actor = actor.user
        result = await actor.submit_modal(form.shown, values)
        self._forms.pop(str(asked["token"]), None)
        return self._came_of(key, result)

    async def _react(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        await self._hands(key, channel).set_reaction(
            self._message(key, asked), str(asked["emoji"]), reacted=bool(asked["on"])
        )
        return {}

    async def _delete(self, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._place(key, asked)
        await self._hands(key, channel).delete(self._message(key, asked))
        return {}

    def dismiss(self, key: str, message_id: int) -> None:
        """Take an ephemeral message out of a persona's sight."""
        self._session.marks.dismiss(key, message_id)
        self._session.changed()

    # From the page's words to SimCord's handles

    def _actor(self, key: str) -> simcord.MemberActor:
        return self._session.world.actor(key)

    def _hands(
        self, key: str, channel: simcord.ChannelHandle
    ) -> simcord.MemberActor | simcord.UserHandle:
        return actor_in(self._session, key, channel.id)

    def _place(self, key: str, asked: Mapping[str, Any]) -> simcord.ChannelHandle:
        channel_id = int(asked["place"])
        if not may_see(self._session, key, channel_id):
            raise RefusedError("You cannot see this place.")
        return self._session.world.channel(channel_id)

    def _message(
        self, key: str, asked: Mapping[str, Any], field: str = "message"
    ) -> discord.Message:
        channel = self._place(key, asked)
        wanted = int(asked[field])
        for message in channel.history(viewer=self._hands(key, channel)):
            if message.id == wanted:
                return message
        raise RefusedError("This message is gone.")

    def _member(self, user_id: int) -> simcord.MemberActor:
        world = self._session.world
        return simcord.MemberActor(world.env, world.guild, world.user(user_id))

    def _entity(self, kind: int, value: Any) -> Any:
        world = self._session.world
        if kind in (discord.ComponentType.user_select.value, discord.ComponentType.select.value):
            return (
                str(value)
                if kind == discord.ComponentType.select.value
                else (self._member(int(value)))
            )
        if kind == discord.ComponentType.role_select.value:
            return world.role(int(value))
        if kind == discord.ComponentType.channel_select.value:
            return world.channel(int(value))
        return self._mentionable(int(value))

    def _mentionable(self, wanted: int) -> Any:
        world = self._session.world
        if wanted in world.env.backend.get_guild(world.guild.id).roles:
            return world.role(wanted)
        return self._member(wanted)

    def _value(self, kind: int, value: Any) -> Any:
        if kind == discord.ComponentType.file_upload.value:
            return [_file(item) for item in value]
        if isinstance(value, list) and kind in (3, 5, 6, 7, 8):
            return [self._entity(kind, item) for item in value]
        return value

    def _options(
        self, key: str, channel: simcord.ChannelHandle, asked: Mapping[str, Any]
    ) -> dict[str, Any]:
        leaf = next(
            (
                leaf
                for leaf in commands(self._session, key, channel.id)["slash"]
                if leaf["name"] == asked["name"]
            ),
            None,
        )
        if leaf is None:
            raise RefusedError("This command is not available to you here.")
        kinds = {option["name"]: option["type"] for option in leaf["options"]}
        return {
            name: self._option(kinds[name], value)
            for name, value in (asked.get("options") or {}).items()
            if value not in (None, "")
        }

    def _option(self, kind: int, value: Any) -> Any:
        option = discord.AppCommandOptionType(kind)
        if option is discord.AppCommandOptionType.integer:
            return int(value)
        if option is discord.AppCommandOptionType.number:
            return float(value)
        if option is discord.AppCommandOptionType.user:
            return self._member(int(value))
        if option is discord.AppCommandOptionType.channel:
            return self._session.world.channel(int(value))
        if option is discord.AppCommandOptionType.role:
            return self._session.world.role(int(value))
        if option is discord.AppCommandOptionType.mentionable:
            return self._mentionable(int(value))
        if option is discord.AppCommandOptionType.attachment:
            return _file(value)
        return value

    def _came_of(self, key: str, result: simcord.InteractionResult) -> dict[str, Any]:
        if not result.acknowledged:
            return {"failed": True}
        if result.modal is None:
            return {}
        token = secrets.token_urlsafe(12)
        self._forms[token] = OpenForm(key=key, shown=result)
        while len(self._forms) > KEPT_FORMS:
            self._forms.popitem(last=False)
        return {"form": {**result.modal, "token": token}}


def controls(modal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the parts of a form that take a value."""
    found: list[dict[str, Any]] = []
    for part in modal.get("components") or []:
        inner = [part["component"]] if "component" in part else part.get("components") or [part]
        found.extend(child for child in inner if "custom_id" in child)
    return found


def _file(item: Mapping[str, Any]) -> tuple[str, bytes]:
    try:
        content = base64.b64decode(item["data"], validate=True)
    except binascii.Error as error:
        raise RefusedError("This file arrived damaged.") from error
    if len(content) > FILE_BYTES:
        raise RefusedError("Files up to 8 MB can be sent.")
    return str(item["name"]).replace("/", "_")[:100] or "file", content

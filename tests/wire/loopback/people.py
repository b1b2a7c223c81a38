"""People on the loopback Discord: what they type and press becomes interactions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcord import _modal
from simcord import interactions as wire
from simcord.backend import serializers
from simcord.backend.access import channel_accessible
from simcord.backend.command_access import command_access
from simcord.backend.errors import SetupError
from simcord.backend.models import Interaction, Message
from simcord.components import walk_components
from simcord.enums import AppCommandType, ComponentType, InteractionType, OptionType

from tests.wire.loopback.world import World

Payload = dict[str, Any]
ENTITY_SELECTS = {
    ComponentType.USER_SELECT: "users",
    ComponentType.ROLE_SELECT: "roles",
    ComponentType.CHANNEL_SELECT: "channels",
    ComponentType.MENTIONABLE_SELECT: "users",
}
ENTITY_OPTIONS = {
    OptionType.USER: "users",
    OptionType.ROLE: "roles",
    OptionType.CHANNEL: "channels",
    OptionType.MENTIONABLE: "users",
}


class People:
    """Acts for people; refuses with ``SetupError`` what their client would not let them do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.backend = world.backend

    def say(self, user_id: int, channel_id: int, content: str) -> Message:
        """Type a message."""
        channel = self.backend.get_channel(channel_id)
        permission = "send_messages_in_threads" if channel.is_thread else "send_messages"
        self.backend.require_permissions(channel.guild_id, user_id, channel_id, permission)
        return self.backend.create_message(channel_id, user_id, content)

    def slash(
        self, user_id: int, channel_id: int, name: str, options: Mapping[str, Any]
    ) -> Interaction:
        """Use a slash command that the bot has registered; ``name`` may be ``group command``."""
        words = name.split()
        root = self._command(user_id, channel_id, words[0], AppCommandType.CHAT_INPUT)
        leaf, nesting = wire.walk_to_subcommand(root, words[1:])
        resolved: dict[str, Payload] = {}
        values = self._options(
            user_id=user_id,
            channel_id=channel_id,
            name=name,
            leaf=leaf,
            given=options,
            resolved=resolved,
        )
        data: Payload = {
            "id": root["id"],
            "name": root["name"],
            "type": AppCommandType.CHAT_INPUT,
            "options": wire.nest_options(root, nesting, values),
        }
        if resolved:
            data["resolved"] = resolved
        return self._interact(InteractionType.APPLICATION_COMMAND, user_id, channel_id, data)

    def complete(
        self, user_id: int, channel_id: int, name: str, option: str, value: str
    ) -> Interaction:
        """Type into an option with autocomplete."""
        words = name.split()
        root = self._command(user_id, channel_id, words[0], AppCommandType.CHAT_INPUT)
        leaf, nesting = wire.walk_to_subcommand(root, words[1:])
        spec = {item["name"]: item for item in leaf.get("options") or []}[option]
        typed = [{"name": option, "type": spec["type"], "value": value, "focused": True}]
        data: Payload = {
            "id": root["id"],
            "name": root["name"],
            "type": AppCommandType.CHAT_INPUT,
            "options": wire.nest_options(root, nesting, typed),
        }
        kind = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
        return self._interact(kind, user_id, channel_id, data)

    def menu(
        self, user_id: int, channel_id: int, name: str, target_id: int, *, on_message: bool
    ) -> Interaction:
        """Choose an entry of the menu on a message or a person."""
        kind = AppCommandType.MESSAGE if on_message else AppCommandType.USER
        root = self._command(user_id, channel_id, name, kind)
        resolved: dict[str, Payload] = {}
        if on_message:
            message = self._visible(user_id, channel_id, target_id)
            shown = dict(serializers.message_payload(self.backend, message))
            resolved["messages"] = {str(target_id): shown}
        else:
            self._resolve("users", user_id, channel_id, target_id, resolved)
        data: Payload = {
            "id": root["id"],
            "name": root["name"],
            "type": kind,
            "target_id": str(target_id),
            "resolved": resolved,
        }
        return self._interact(InteractionType.APPLICATION_COMMAND, user_id, channel_id, data)

    def press(
        self, user_id: int, channel_id: int, message_id: int, *, custom_id: str, label: str
    ) -> Interaction:
        """Press the button with this custom_id, or the one that shows this label."""
        message = self._visible(user_id, channel_id, message_id)
        button = _component(message, {ComponentType.BUTTON}, custom_id, label)
        data = {"custom_id": button["custom_id"], "component_type": ComponentType.BUTTON}
        return self._on_message(user_id, message, data)

    def choose(
        self, user_id: int, channel_id: int, message_id: int, custom_id: str, values: list[str]
    ) -> Interaction:
        """Choose in a select; entities are given by their ID."""
        message = self._visible(user_id, channel_id, message_id)
        kinds = {ComponentType.STRING_SELECT, *ENTITY_SELECTS}
        menu = _component(message, kinds, custom_id, "")
        kind = ComponentType(menu["type"])
        if not menu.get("min_values", 1) <= len(values) <= menu.get("max_values", 1):
            raise SetupError("that many values cannot be chosen")
        data: Payload = {"custom_id": menu["custom_id"], "component_type": kind, "values": values}
        if kind in ENTITY_SELECTS:
            resolved: dict[str, Payload] = {}
            for value in values:
                self._resolve(ENTITY_SELECTS[kind], user_id, channel_id, int(value), resolved)
            data["resolved"] = resolved
        elif not {option["value"] for option in menu["options"]}.issuperset(values):
            raise SetupError("no such option")
        return self._on_message(user_id, message, data)

    def submit(self, opened: Interaction, values: Mapping[str, Any]) -> Interaction:
        """Send the modal that an interaction opened, filled in by custom_id."""
        if opened.modal is None or opened.modal_consumed:
            raise SetupError("that interaction has no open modal")
        spec = opened.modal
        known = set(_modal._modal_control_map(spec))
        if not known.issuperset(values):
            raise SetupError(f"no such field: {sorted(set(values) - known)}")
        components = _modal._modal_submit_nodes(
            spec["components"], None, dict(values), {}, opened.channel_id, []
        )
        opened.modal_consumed = True
        data: Payload = {"custom_id": spec["custom_id"], "components": components}
        if opened.source_message_id is None:
            kind = InteractionType.MODAL_SUBMIT
            return self._interact(kind, opened.user_id, opened.channel_id, data)
        source = self.backend.get_message(opened.channel_id, opened.source_message_id)
        return self._on_message(opened.user_id, source, data, InteractionType.MODAL_SUBMIT)

    # ---------------------------------------------------------------- plumbing

    def _interact(
        self,
        kind: InteractionType,
        user_id: int,
        channel_id: int,
        data: Payload,
        source: Message | None = None,
    ) -> Interaction:
        if not channel_accessible(self.backend, channel_id, user_id):
            raise SetupError("that channel is not visible to this person")
        guild_id = self.backend.get_channel(channel_id).guild_id
        record, payload = wire.base_payload(
            self.backend,
            type=kind,
            channel_id=channel_id,
            guild_id=guild_id,
            user_id=user_id,
            data=data,
        )
        payload["locale"] = self.world.locales.get(user_id, "en-US")
        if guild_id is not None:
            payload["guild_locale"] = self.backend.get_guild(guild_id).preferred_locale
        if source is not None:
            record.source_message_id = source.id
            payload["message"] = dict(serializers.message_payload(self.backend, source))
        self.backend.emit("INTERACTION_CREATE", payload)
        return record

    def _on_message(
        self,
        user_id: int,
        message: Message,
        data: Payload,
        kind: InteractionType = InteractionType.MESSAGE_COMPONENT,
    ) -> Interaction:
        return self._interact(kind, user_id, message.channel_id, data, message)

    def _visible(self, user_id: int, channel_id: int, message_id: int) -> Message:
        message = self.backend.get_message(channel_id, message_id)
        if not message.visible_to(user_id):
            raise SetupError("that message is not visible to this person")
        return message

    def _command(self, user_id: int, channel_id: int, name: str, kind: AppCommandType) -> Payload:
        guild_id = self.backend.get_channel(channel_id).guild_id
        root = self.backend.find_command(name, guild_id, type=kind)
        if root is None:
            raise SetupError(f"the bot has registered no command {name!r}")
        access = command_access(self.backend, root, user_id=user_id, channel_id=channel_id)
        if not access.allowed:
            raise SetupError(f"/{name} is not shown to this person here: {access.reason}")
        return root

    def _options(
        self,
        *,
        user_id: int,
        channel_id: int,
        name: str,
        leaf: Payload,
        given: Mapping[str, Any],
        resolved: dict[str, Payload],
    ) -> list[Payload]:
        declared = {option["name"]: option for option in leaf.get("options") or []}
        missing = [n for n, option in declared.items() if option.get("required") and n not in given]
        if missing or not declared.keys() >= given.keys():
            raise SetupError(f"/{name}: missing {missing}, given {sorted(given)}")
        built = []
        for key, value in given.items():
            kind = OptionType(declared[key]["type"])
            if kind in ENTITY_OPTIONS:
                self._resolve(ENTITY_OPTIONS[kind], user_id, channel_id, int(value), resolved)
                built.append({"name": key, "type": kind, "value": str(value)})
            else:
                checked = wire.validate_option_value(name, declared[key], value)
                built.append({"name": key, "type": kind, "value": checked})
        return built

    def _resolve(
        self, sort: str, user_id: int, channel_id: int, value: int, into: dict[str, Payload]
    ) -> None:
        key = str(value)
        guild_id = self.backend.get_channel(channel_id).guild_id
        guild = self.backend.guilds.get(guild_id or 0)
        if sort == "users":
            user = self.backend.get_user(value)
            into.setdefault("users", {})[key] = dict(serializers.user_payload(user))
            if guild is not None and value in guild.members:
                member = serializers.member_payload(
                    self.backend, guild, guild.members[value], with_user=False
                )
                into.setdefault("members", {})[key] = dict(member)
        elif sort == "roles" and guild is not None:
            role = serializers.role_payload(guild.roles[value])
            into.setdefault("roles", {})[key] = dict(role)
        elif guild is not None:
            channel = dict(serializers.channel_payload(self.backend, self.backend.channels[value]))
            held = self.backend.compute_permissions(guild.id, user_id, value)
            into.setdefault("channels", {})[key] = channel | {"permissions": str(held)}


def _component(message: Message, kinds: set[ComponentType], custom_id: str, label: str) -> Payload:
    found: list[Payload] = [
        component
        for component in walk_components(message.components)
        if component.get("type") in kinds
        and component.get("custom_id")
        and (not custom_id or component["custom_id"] == custom_id)
        and (not label or component.get("label") == label)
    ]
    if len(found) != 1:
        raise SetupError(f"{len(found)} components match {custom_id or label!r}")
    if found[0].get("disabled"):
        raise SetupError("that component is disabled")
    return found[0]

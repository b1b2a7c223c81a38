"""The simulated server and the people in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import simcord

GUILD_NAME = "Riverside Evening IOP"
BOT_NAME = "Interlude"
ZONE = "America/New_York"


@dataclass(frozen=True, kw_only=True, slots=True)
class Persona:
    """Somebody whose eyes and hands the page can borrow.

    Attributes:
        key: A short word the page and the story call this person by.
        part: What this person is in the programme, in a few words.
        zone: The IANA zone their device shows times in.
    """

    key: str
    name: str
    part: str
    zone: str = ZONE


PERSONAS: Mapping[str, Persona] = MappingProxyType(
    {
        persona.key: persona
        for persona in (
            Persona(key="ana", name="Ana", part="Half of a couple"),
            Persona(key="ben", name="Ben", part="Half of a couple"),
            Persona(key="chris", name="Chris", part="Peer"),
            Persona(key="dee", name="Dee", part="Peer"),
            Persona(key="eli", name="Eli", part="Visitor, has not joined"),
            Persona(key="theo", name="Theo", part="Moderator"),
            Persona(key="nadia", name="Nadia", part="Clinician"),
            Persona(key="maya", name="Maya", part="Programme lead, owns the server"),
        )
    }
)
OWNER = "maya"


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """The server with its people, all driven through SimCord's public actors."""

    env: simcord.Env
    guild: simcord.GuildHandle
    actors: Mapping[str, simcord.MemberActor]

    def actor(self, key: str) -> simcord.MemberActor:
        """Return the hands of a persona.

        Raises:
            KeyError: Nobody has this key.
        """
        return self.actors[key]

    def key_of(self, user_id: int) -> str | None:
        """Return whose account this is, `None` for the bot and for strangers."""
        return next((key for key, actor in self.actors.items() if actor.id == user_id), None)

    def channel(self, channel_id: int) -> simcord.ChannelHandle:
        """Return a channel, thread or DM by its ID.

        Raises:
            simcord.BackendError: There is none.
        """
        channel = self.env.backend.get_channel(channel_id)
        guild = self.guild if channel.guild_id is not None else None
        return simcord.ChannelHandle(self.env, guild, channel)

    def user(self, user_id: int) -> simcord.UserHandle:
        """Return an account by its ID.

        Raises:
            simcord.BackendError: There is none.
        """
        return simcord.UserHandle(self.env, self.env.backend.get_user(user_id))

    def role(self, role_id: int) -> simcord.RoleHandle:
        """Return a role by its ID.

        Raises:
            simcord.BackendError: There is none.
        """
        role = self.env.backend.get_role(self.guild.id, role_id)
        return simcord.RoleHandle(self.env, self.guild, role)


def build_world(env: simcord.Env, *, start: datetime) -> World:
    """Make the server as it stands before the bot first starts, then set the clock.

    Every ID is made before the clock moves, so that they are the same on each run.
    """
    env.backend.bot_user.name = BOT_NAME
    users = {key: env.create_user(key, global_name=who.name) for key, who in PERSONAS.items()}
    guild = env.create_guild(GUILD_NAME, owner=users[OWNER])
    guild.create_text_channel("general", topic="Hellos, and where the next session is.")
    actors = {
        key: simcord.MemberActor(env, guild, user)
        if key == OWNER  # an owner is a member from the first moment
        else guild.add_member(user)
        for key, user in users.items()
    }
    env.backend.advance_clock(max(0.0, (start - env.now()).total_seconds()))
    return World(env=env, guild=guild, actors=MappingProxyType(actors))

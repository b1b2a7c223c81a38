"""Our AutoMod rules in Discord: they only tell, they never block."""

import aiohttp
import discord

from bot.domain.automod import PREFIX, FilterPlan, FilterRule
from bot.services.automod import FilterError
from bot.services.building import Failure
from bot.services.container import Services

REASON = "Interlude: looks for danger words in rooms"


class DiscordFilter:
    """What the filter asks of Discord; a rule that is right already is not written again."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services

    async def sync(self, plan: FilterPlan) -> int:
        """Make our rules what they are to be, and count what had to change.

        Raises:
            FilterError: Discord refused, or did not answer.
        """
        guild = self._guild()
        changed = 0
        try:
            known = {rule.name: rule for rule in await self._ours(guild)}
            for wanted in plan.rules:
                rule = known.pop(wanted.name, None)
                if rule is None:
                    await _make(guild, wanted, plan)
                elif not _is_right(rule, wanted, plan):
                    await _put_right(rule, wanted, plan)
                else:
                    continue
                changed += 1
            for rule in known.values():
                await rule.delete(reason=REASON)
                changed += 1
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise FilterError(_failure(error)) from error
        return changed

    async def remove(self) -> None:
        """Take our rules away.

        Raises:
            FilterError: Discord refused, or did not answer.
        """
        try:
            for rule in await self._ours(self._guild()):
                await rule.delete(reason=REASON)
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise FilterError(_failure(error)) from error

    async def _ours(self, guild: discord.Guild) -> list[discord.AutoModRule]:
        return [
            rule
            for rule in await guild.fetch_automod_rules()
            if rule.creator_id == guild.me.id and rule.name.startswith(PREFIX)
        ]

    def _guild(self) -> discord.Guild:
        guild = self._client.get_guild(self._services.programme.current.guild_id or 0)
        if guild is None:
            raise FilterError(Failure.NO_ANSWER)
        if not guild.me.guild_permissions.manage_guild:
            raise FilterError(Failure.FORBIDDEN)
        return guild


def _is_right(rule: discord.AutoModRule, wanted: FilterRule, plan: FilterPlan) -> bool:
    return (
        rule.enabled
        and frozenset(rule.trigger.keyword_filter) == wanted.keywords
        and [action.channel_id for action in rule.actions] == [plan.channel_id]
        and frozenset(rule.exempt_role_ids) == plan.roles
        and frozenset(rule.exempt_channel_ids) == plan.channels
    )


async def _make(guild: discord.Guild, wanted: FilterRule, plan: FilterPlan) -> None:
    await guild.create_automod_rule(
        name=wanted.name,
        event_type=discord.AutoModRuleEventType.message_send,
        trigger=_trigger(wanted),
        actions=[discord.AutoModRuleAction(channel_id=plan.channel_id)],
        enabled=True,
        exempt_roles=[discord.Object(role) for role in sorted(plan.roles)],
        exempt_channels=[discord.Object(channel) for channel in sorted(plan.channels)],
        reason=REASON,
    )


async def _put_right(rule: discord.AutoModRule, wanted: FilterRule, plan: FilterPlan) -> None:
    await rule.edit(
        trigger=_trigger(wanted),
        actions=[discord.AutoModRuleAction(channel_id=plan.channel_id)],
        enabled=True,
        exempt_roles=[discord.Object(role) for role in sorted(plan.roles)],
        exempt_channels=[discord.Object(channel) for channel in sorted(plan.channels)],
        reason=REASON,
    )


def _trigger(wanted: FilterRule) -> discord.AutoModTrigger:
    return discord.AutoModTrigger(
        type=discord.AutoModRuleTriggerType.keyword, keyword_filter=sorted(wanted.keywords)
    )


def _failure(error: Exception) -> Failure:
    if isinstance(error, discord.Forbidden):
        return Failure.FORBIDDEN
    if isinstance(error, discord.HTTPException) and error.status < 500 and error.status != 429:
        return Failure.REFUSED
    return Failure.NO_ANSWER

"""`/oncall rules` and `/oncall volunteer`: hours to cover, and who is called off hours."""

import re
from typing import Any, Literal

import discord

from bot.domain.localtime import find_zone, local_day
from bot.domain.oncall import CallWay, Rules
from bot.domain.rota import Hours
from bot.errors import UserError
from bot.ui.cards import Card, Option, escape
from bot.ui.forms import CheckField, Field, Form, RadioField, TextField
from bot.ui.request import Request
from bot.ui.rota import days_text, rules_card
from bot.ui.routing import form, submits
from cogs._oncall import OncallCommands
from cogs._shift_texts import read_shift_days, read_shift_hours

DAYS, START, END, CHOICES, OUTSIDE = "days", "start", "end", "choices", "outside"
SMALL, CALLS = "small", "calls"
WAY, TARGET = "way", "target"

TARGETS = {
    CallWay.WEBHOOK: re.compile(r"https://[^\s/]+\.[^\s/]+(/\S*)?"),
    CallWay.EMAIL: re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    CallWay.PHONE: re.compile(r"\+?[\d ()./-]{5,30}"),
}


class RuleCommands(OncallCommands):
    """What is decided for everyone, and what each decides for themselves."""

    @OncallCommands.oncall.command(name="rules")
    async def rules(self, interaction: discord.Interaction[Any]) -> None:
        """Show or change the hours to cover and who is called off hours."""
        request = self.bot.request(interaction)
        member = await request.staff()
        await request.reply(self._rules_card(request, is_lead=member.is_lead))

    @OncallCommands.oncall.command(name="volunteer")
    async def volunteer(
        self, interaction: discord.Interaction[Any], choice: Literal["on", "off"]
    ) -> None:
        """Agree to be called out while you are off duty, or end that.

        Args:
            choice: on asks how to call you; off ends it at once.
        """
        request = self.bot.request(interaction)
        await request.staff()
        if choice == "on":
            await request.open(await self.volunteer_form(request))
            return
        await request.services.rota.withdraw(request.user_id)
        await request.say("rota.volunteer.off")

    @form("rota:v1:volunteer")
    async def volunteer_form(self, request: Request) -> Form:
        """Ask how somebody may be called."""
        words = request.words
        ways = [
            Option(value=way.value, label=words(f"rota.volunteer.way.{way.value}"))
            for way in CallWay
        ]
        fields: list[Field] = [
            RadioField(key=WAY, label=words("rota.volunteer.form_way"), options=ways),
            TextField(
                key=TARGET,
                label=words("rota.volunteer.form_target"),
                description=words("rota.volunteer.form_hint"),
                required=False,
                max_length=300,
            ),
        ]
        title = words("rota.volunteer.form_title")
        return Form.of("rota:v1:volunteer", title=title, fields=fields)

    @submits("rota:v1:volunteer")
    async def agree(self, request: Request) -> None:
        """Keep how somebody may be called."""
        await request.staff()
        if (chosen := request.choice(WAY)) is None:
            raise UserError("rota.volunteer.way_missing")
        way, target = CallWay(chosen), request.text(TARGET)
        if not TARGETS[way].fullmatch(target):
            raise UserError(f"rota.volunteer.bad.{way.value}", typed=escape(target))
        await request.services.rota.volunteer(request.user_id, way, target)
        await request.reply(Card(body=request.words("rota.volunteer.on")))

    @form("rota:v1:rules")
    async def rules_form(self, request: Request) -> Form:
        """Ask for the rules, filled in as they are."""
        await request.services.staff.lead(request.user_id)
        words, rules = request.words, request.services.rota.rules
        cover = rules.cover
        ticked = [SMALL] if rules.is_small else []
        options = [
            Option(value=one, label=words(f"rota.rules.tick_{one}")) for one in (SMALL, CALLS)
        ]
        fields: list[Field] = [
            TextField(
                key=DAYS,
                label=words("rota.rules.form_days"),
                description=words("rota.rules.form_days_hint"),
                required=False,
                max_length=60,
                value=days_text(words, cover) if cover else None,
            ),
            _time_field(START, words("rota.rules.form_start"), cover and cover.start),
            _time_field(END, words("rota.rules.form_end"), cover and cover.end),
            CheckField(
                key=CHOICES,
                label=words("rota.rules.form_choices"),
                options=options,
                values=[*ticked, *([CALLS] if rules.calls_volunteers else [])],
            ),
            TextField(
                key=OUTSIDE,
                label=words("rota.rules.form_outside"),
                description=words("rota.rules.form_outside_hint"),
                required=False,
                max_length=200,
                value=rules.outside or None,
            ),
        ]
        return Form.of("rota:v1:rules", title=words("rota.rules.title"), fields=fields)

    @submits("rota:v1:rules")
    async def decide(self, request: Request) -> None:
        """Keep the rules."""
        await request.services.staff.lead(request.user_id)
        ticked = request.choices(CHOICES)
        rules = Rules(
            cover=self._cover(request),
            is_small=SMALL in ticked,
            calls_volunteers=CALLS in ticked,
            outside=request.text(OUTSIDE),
        )
        await request.services.rota.decide(rules, by=request.user_id)
        await request.reply(self._rules_card(request, is_lead=True))

    def _cover(self, request: Request) -> Hours | None:
        days, start, end = (request.text(key) for key in (DAYS, START, END))
        if not days and not start and not end:
            return None
        if not days or not start or not end:
            raise UserError("rota.rules.half")
        zone = request.services.programme.current.zone
        today = local_day(request.now, find_zone(zone))
        typed = read_shift_days(request, days, today)
        if not typed.weekdays:
            raise UserError("rota.rules.weekly")
        first, last = read_shift_hours(start, end, are_both=True)
        return Hours(start=first, end=last, zone=zone, first_day=today, days=typed.weekdays)

    def _rules_card(self, request: Request, *, is_lead: bool) -> Card:
        rota = request.services.rota
        return rules_card(request.words, rota.rules, list(rota.volunteers), is_lead=is_lead)


def _time_field(key: str, label: str, at: Any) -> TextField:
    value = at.isoformat("minutes") if at is not None else None
    return TextField(key=key, label=label, required=False, max_length=30, value=value)

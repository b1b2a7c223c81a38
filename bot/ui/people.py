"""Cards of the team list."""

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.departure import Departure
from bot.domain.joining import IssuedCode
from bot.domain.staff import StaffMember, StaffRole
from bot.services.building import Failure
from bot.text import Words
from bot.ui.cards import Accent, Card, button, user_select

ORDER = (StaffRole.LEAD, StaffRole.CLINICIAN, StaffRole.MODERATOR)


def team_card(
    words: Words, members: Sequence[StaffMember], on_duty: Collection[int], zone: ZoneInfo
) -> Card:
    """Show who is on the team, by what they do."""
    body = []
    for role in ORDER:
        lines = [
            words(
                "people.list.on_duty" if member.user_id in on_duty else "people.list.line",
                user=member.user_id,
                date=words.date(member.enrolled_at.astimezone(zone).date()),
            )
            for member in members
            if member.role is role
        ]
        if lines:
            body.append("\n".join([f"**{role_name(words, role)}**", *lines]))
    return Card(
        title=words("people.list.title"),
        body=body or words("people.list.empty"),
        rows=[
            [user_select("people:v1:pick", placeholder=words("people.list.pick"))],
            [button("people:v1:code", label=words("people.list.code"))],
        ],
        footer=words("people.list.why"),
    )


def person_card(words: Words, user_id: int, member: StaffMember | None) -> Card:
    """Offer what can be done about one person."""
    if member is None:
        standing = words("people.person.new", user=user_id)
    else:
        role = role_name(words, member.role)
        standing = words("people.person.now", user=user_id, role=role)
    choices = [
        button("people:v1:enrol", user_id, role.value, label=role_name(words, role))
        for role in ORDER
        if member is None or member.role is not role
    ]
    if member is not None:
        remove = words("people.person.remove")
        choices.append(button("people:v1:remove", user_id, label=remove, style=ButtonStyle.danger))
    return Card(
        title=words("people.person.title"),
        body=[standing, words("people.person.ask")],
        rows=[choices],
    )


def enrolled_card(words: Words, member: StaffMember, roles: str) -> Card:
    """Say that someone is on the list now, and how their roles stand."""
    role = role_name(words, member.role)
    said = words("people.done.added", user=member.user_id, role=role)
    return Card(body=[said, roles], accent=Accent.GOOD)


def removed_card(words: Words, departure: Departure, failure: Failure | None) -> Card:
    """Say what ended with someone on the team, and what Discord still has to follow in."""
    lines = [words("people.done.removed", user=departure.user_id)]
    if departure.turns:
        lines.append(words("people.leaves.turns", n=departure.turns))
    if departure.freed:
        lines.append(words("people.leaves.freed", n=departure.freed))
    if departure.handed:
        lines.append(words("people.leaves.handed", user=departure.to, n=departure.handed))
    if failure is None:
        roles = words("people.leaves.followed")
    else:
        roles = words("people.leaves.refused", why=words(f"setup.failure.{failure.value}"))
    return Card(
        title=words("people.leaves.title"),
        body=["\n".join(lines), roles, words("people.leaves.rest")],
        accent=Accent.GOOD if failure is None else Accent.CARE,
    )


def code_card(words: Words, issued: IssuedCode, zone: ZoneInfo) -> Card:
    """Show a join code, once."""
    until = words.date(issued.expires_at.astimezone(zone).date())
    return Card(
        title=words("people.code.title"),
        body=[
            words("people.code.body", code=issued.text),
            words("people.code.for_whom", number=issued.code),
            words("people.code.how", date=until),
        ],
    )


def role_name(words: Words, role: StaffRole) -> str:
    """Name what someone does."""
    return words(f"people.role.{role.value}")

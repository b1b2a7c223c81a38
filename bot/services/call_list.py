"""Whom a case may ring now, and until when it waits where that is nobody."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.case import Case, Circle
from bot.domain.delivery import Args
from bot.domain.ladder import Ladder, Ring, rung_now, volunteers
from bot.domain.localtime import ONE_DAY, find_zone, local_day, resolve
from bot.domain.oncall import OnCall
from bot.services.case_clock_ports import CurrentProgramme, Duty, Reach
from bot.services.pages import RINGS, VOLUNTEER


class CallList:
    """Asks duty, the volunteers and the host's settings; needs no database."""

    def __init__(
        self, duty: Duty, programme: CurrentProgramme, ladder: Ladder, reach: Reach
    ) -> None:
        self._duty = duty
        self._programme = programme
        self._ladder = ladder
        self._reach = reach

    def team(self, case: Case, people: Collection[int]) -> Sequence[OnCall]:
        """Return whom a case may ring and can."""
        team = self._duty.callable_now(people, leads_only=case.is_apart, owner_id=case.owner_id)
        return [
            one for one in team if one.volunteer is None or one.volunteer.way in self._reach.ways
        ]

    def outside(self, case: Case, team: Sequence[OnCall]) -> Sequence[str]:
        """Return where to call for a case: nobody who must not know of it.

        The host's own channels may be read by anyone on the team, so they are called only for
        what the whole team may know of. A drill calls there only where a lead chose so.
        """
        if case.is_drill and not case.drill_calls_out:
            return ()
        shared = self._reach.channels if case.circle is Circle.TEAM else ()
        return [*shared, *(f"{VOLUNTEER}{one.member.user_id}" for one in volunteers(team))]

    def morning(self, people: Collection[int], now: datetime) -> datetime:
        """Return when somebody is next on; where nobody is planned, the next morning."""
        planned = self._duty.next_on(people)
        if planned is not None and planned > now:
            return planned
        zone = find_zone(self._programme.current.zone)
        today = local_day(now, zone)
        mornings = (resolve(day, self._ladder.morning, zone) for day in (today, today + ONE_DAY))
        return next(moment for moment in mornings if moment > now)

    def mentioned(self, case: Case, people: Collection[int], args: Args) -> Sequence[int]:
        """Return whom a page mentions, as of now; never anyone who is off duty."""
        named = args.get(RINGS, Ring.TEAM.value)
        rings = [Ring(ring) for ring in named.split(",") if ring]
        return rung_now(rings, self.team(case, people))

"""What the shocks of a scenario leave of a chain, month by month, and how they come together.

Of one flow across a border the parts that pass are multiplied, and the tightest quota caps what is
left: a closed border stays closed whatever else is approved, and what was held and is approved
later may pass on top of a normal month. Of one plant the parts that are left are multiplied: who is
closed stays closed until the closure ends or is reopened, and parts of it that are reopened one
after the other add up; what closes later is closed again. Factors on demand are multiplied; new
plants and reserves add up. A shock of a part of a month counts by its days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import fsum

from monazite.findings.events.event import ANY, NO_EVENT, Event
from monazite.findings.events.failure_points import Candidate
from monazite.findings.flow_model.study import Study
from monazite.findings.licences.daily_flows import EXPIRES, Licence, parts_passed
from monazite.findings.licences.delays import GammaDelay
from monazite.findings.losses.policy_events import Sale
from monazite.findings.scenarios.calendar_months import Months
from monazite.findings.scenarios.keys import BUILD
from monazite.findings.scenarios.meaning import Meant, is_made
from monazite.findings.scenarios.month_programme import Key, MonthProgramme
from monazite.findings.scenarios.scenario_file import Shock
from monazite.findings.scenarios.touched_flows import ChainFlows

DAYS_OF_YEAR = 365


class ExactEvent(Event):
    """An event that names each flow that it touches: no pattern has to be tried."""

    def left_of_sale(self, stage: str, seller: str, buyer: str, what: str = ANY) -> float:
        """Return the part of a flow that is left.

        Args:
            stage: of the chain.
            seller: pool that sells.
            buyer: pool that buys.
            what: element, product or ore.
        """
        return self.sales.get((stage, seller, buyer, what), 1.0)


class Effects:
    """What shocks leave of one chain; it is asked by the engine, month by month."""

    def __init__(
        self,
        meant: Sequence[Meant],
        months: Months,
        programme: MonthProgramme,
        study: Study,
        members: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Work out all months.

        Args:
            meant: the shocks.
            months: of the scenario.
            programme: of the chain.
            study: of the same chain, which says what fails of it.
            members: symbols of each element chain.
        """
        self.months, self.programme = months, programme
        self._study = study
        self._flows = ChainFlows(study.chain, programme.sales, programme.demand, members)
        self.passes: dict[str, list[float]] = {}
        """By id of the shock: what it lets pass, leaves, adds or releases in each month."""
        self._sales: dict[Sale, list[float]] = {}
        self._caps: dict[Sale, list[float]] = {}
        self._output: dict[tuple[str, ...], list[float]] = {}
        self._added: dict[tuple[str, str, str], list[float]] = {}
        self._demand: dict[Key, list[float]] = {}
        self._reserves: dict[Key, list[float]] = {}
        reopened = [x for x in meant if x.known.shock.kind == "reopen"]
        for each in meant:
            kind = each.known.shock.kind
            if kind in ("embargo", "licence", "quota"):
                self._border(each)
            elif kind in ("close", "price-flood"):
                self._close(each, reopened)
            elif kind == "new-capacity":
                self._new_capacity(each)
            elif kind == "demand":
                self._users(each)
            elif kind == "stockpile":
                self._stockpile(each)
            else:
                self.passes[each.known.shock.id] = self._ramp(each)

    def event(self, month: int, leads: Mapping[str, int]) -> Event:
        """Return what is left when products are made, each stage so many months before.

        Args:
            month: from 0.
            leads: months before, by stage.
        """
        sales: dict[Sale, float] = {}
        for key in {**self._sales, **self._caps}:
            at = month - leads.get(key[0], 0)
            if at >= 0:
                part = self._sales[key][at] if key in self._sales else 1.0
                part = min(part, self._caps[key][at]) if key in self._caps else part
                if part != 1:
                    sales[key] = part
        output = {
            of: parts[month - leads.get(of[0], 0)]
            for of, parts in self._output.items()
            if month >= leads.get(of[0], 0) and parts[month - leads.get(of[0], 0)] != 1
        }
        added = {
            what: tonnes[month - leads.get(what[0], 0)]
            for what, tonnes in self._added.items()
            if month >= leads.get(what[0], 0) and tonnes[month - leads.get(what[0], 0)]
        }
        if not (sales or output or added):
            return NO_EVENT
        return ExactEvent(output=output, sales=sales, added=added)

    def demand(self, month: int) -> Mapping[Key, float]:
        """Return the factor on what users want, where it is not 1."""
        return {key: x[month] for key, x in self._demand.items() if x[month] != 1}

    def reserves(self, month: int) -> Mapping[Key, float]:
        """Return the tonnes that reserves give to users, or take where they are negative."""
        return {key: x[month] for key, x in self._reserves.items() if x[month]}

    def _border(self, each: Meant) -> None:
        shock, found = each.known.shock, self._flows.touched(each)
        during = self.months.shares(each.known.begins, each.known.ends)
        parts: dict[Sale, list[float]] = {}
        if shock.kind == "embargo":
            left = 1 - shock.number("part", 0.0)
            parts = {key: [1 - part * left * x for x in during] for key, part in found.items()}
        elif shock.kind == "quota":
            cap = min(1.0, shock.number("tonnes", 0.0) / shock.number("of_tonnes", 1.0))
            for key, part in found.items():
                caps = [1 - part * (1 - cap) * x for x in during]
                before = self._caps.get(key, [1.0] * self.months.count)
                self._caps[key] = [min(x) for x in zip(before, caps, strict=True)]
            self.passes[shock.id] = self._mean({key: self._caps[key] for key in found})
            return
        else:
            parts = self._licensed(each, found)
        for key, own in parts.items():
            before = self._sales.get(key, [1.0] * self.months.count)
            self._sales[key] = [x * y for x, y in zip(before, own, strict=True)]
        self.passes[shock.id] = self._mean(parts)

    def _licensed(self, each: Meant, found: Mapping[Sale, float]) -> dict[Sale, list[float]]:
        """What a licence lets pass of each flow, covered by the rule or held beside it."""
        shock, known = each.known.shock, each.known
        held = {key: part * shock.number("held", 1.0) for key, part in found.items()}
        beside = shock.number("held_outside", 0.0)
        for key in self._flows.like(each, found):
            held[key] = beside  # none of it where customs keep to the text: it counts as well
        first = self.months.first.toordinal()
        starts = known.begins.toordinal() - first
        ends = None if known.ends is None else known.ends.toordinal() - first + 1
        factors = shock.given.get("destinations", {})
        worked_out: dict[tuple[float, float], list[float]] = {}
        parts = {}
        for key, part in held.items():
            of = (part, float(factors.get(key[2], 1.0)))
            if of not in worked_out:
                rule = Licence(
                    starts=starts,
                    held=part,
                    delay=GammaDelay(
                        shock.number("delay_days", 45), shock.number("delay_shape", 2.0)
                    ),
                    approved=shock.number("approved", 1.0),
                    grace=int(shock.number("grace_days", 0)),
                    expires=int(shock.number("expires_days", EXPIRES)),
                    destination=of[1],
                    ends=ends,
                )
                worked_out[of] = list(parts_passed(rule, self.months.days))
            parts[key] = worked_out[of]
        return parts

    def _mean(self, parts: Mapping[Sale, Sequence[float]]) -> list[float]:
        """What passes of all flows of the last stage that is touched, by their tonnes.

        Of a licence these are all goods that customs look through, covered or not, so that a rule
        by its text and the same rule as it was held are parts of the same goods.
        """
        last = max((self._order(key) for key in parts), default=0)
        base = {key: self.programme.base[self.programme.sales[key]] for key in parts}
        weights = {key: x for key, x in base.items() if self._order(key) == last and x > 0}
        whole = fsum(weights.values())
        return [
            fsum(x * parts[key][at] for key, x in weights.items()) / whole if whole else 1.0
            for at in range(self.months.count)
        ]

    def _order(self, key: Sale) -> int:
        return self._study.stages.index(key[0]) if key[0] in self._study.stages else 0

    def _ramp(self, each: Meant, back: str = "reopening_months") -> list[float]:
        """How far something has come back: 0 before its first day, 1 when it runs as before."""
        months = int(each.known.shock.number(back, 0))
        since = [0.0]
        for share in self.months.shares(each.known.begins, None):
            since.append(since[-1] + share)
        if months == 0:
            return [after - before for before, after in pairwise(since)]
        return [
            min(1.0, (before + after) / 2 / months) if after > 0 else 0.0
            for before, after in pairwise(since)
        ]

    def _closed(self, each: Meant) -> list[float]:
        """The part of a month for which something is closed, with the months of its return."""
        known, wait = each.known, int(each.known.shock.number("closing_months", 0))
        during = self.months.shares(known.begins, known.ends)
        if wait:  # closed only while what closes it goes on
            late = [0.0] * wait + during
            during = [min(x, y) for x, y in zip(during, late, strict=False)]
        back = int(known.shock.number("reopening_months", 0))
        if known.ends is None or back == 0:
            return during
        found, gone = [], 0.0
        after = self.months.shares(date.fromordinal(known.ends.toordinal() + 1), None)
        for closed, over in zip(during, after, strict=True):
            middle = gone + over / 2
            gone += over
            found.append(max(closed, over * max(0.0, 1 - middle / back)))
        return found

    def _close(self, each: Meant, reopened: Sequence[Meant]) -> None:
        closed = self._closed(each)
        least = [1.0] * self.months.count
        for line, part in each.lines:
            back = self._given_back(each, line, reopened)
            stays = [part * x * (1 - y) for x, y in zip(closed, back, strict=True)]
            least = [min(x, 1 - y) for x, y in zip(least, stays, strict=True)]
            for of, left in self._study.event_of(line).output.items():
                before = self._output.get(of, [1.0] * self.months.count)
                self._output[of] = [
                    x * (1 - (1 - left) * y) for x, y in zip(before, stays, strict=True)
                ]
        self.passes[each.known.shock.id] = least

    def _given_back(self, each: Meant, line: Candidate, reopened: Sequence[Meant]) -> list[float]:
        """The part of a closure that reopenings give back: what closes after one stays closed."""
        given = [0.0] * self.months.count
        for other in reopened:
            of_it = any(x.id == line.id for x, _ in other.lines)
            if of_it and each.known.begins <= other.known.begins:
                part = other.known.shock.number("part", 1.0)
                ramp = self._ramp(other)
                given = [min(1.0, x + part * y) for x, y in zip(given, ramp, strict=True)]
        return given

    def _new_capacity(self, each: Meant) -> None:
        shock = each.known.shock
        slip = int(shock.number("slip_months", 0))
        ramp = self._ramp(each, "ramp_months")
        ramp = [*[0.0] * slip, *ramp][: self.months.count]
        base = {key: self.programme.base[column] for key, column in self.outputs_of(shock).items()}
        whole = fsum(base.values())
        for key, tonnes in base.items():
            part = tonnes / whole if whole > 0 else 1 / len(base)
            before = self._added.get(key, [0.0] * self.months.count)
            more = shock.number("tonnes", 0.0) * part
            self._added[key] = [x + more * y for x, y in zip(before, ramp, strict=True)]
        self.passes[shock.id] = ramp

    def outputs_of(self, shock: Shock) -> dict[tuple[str, str, str], int]:
        """Return what plants of a new capacity make, of what the chain makes there already."""
        stage, country = shock.text("stage"), shock.text("country")
        makes = shock.text("makes")
        return {
            key: column
            for key, column in self.programme.outputs.items()
            if key[:2] == (stage, country) and is_made(stage, makes, key[2])
        }

    def _users(self, each: Meant) -> None:
        during = self.months.shares(each.known.begins, each.known.ends)
        factor = each.known.shock.number("factor", 1.0)
        own = [1 + (factor - 1) * x for x in during]
        for key in self._flows.users_of(each.known.shock):
            before = self._demand.get(key, [1.0] * self.months.count)
            self._demand[key] = [x * y for x, y in zip(before, own, strict=True)]
        self.passes[each.known.shock.id] = own

    def _stockpile(self, each: Meant) -> None:
        shock, known = each.known.shock, each.known
        during = self.months.shares(known.begins, known.ends)
        whole = fsum(during)
        sign = -1.0 if shock.text("does") == BUILD else 1.0
        for key in self._flows.users_of(shock):
            tonnes = sign * shock.number("days", 0.0) / DAYS_OF_YEAR * self.programme.demand[key]
            before = self._reserves.get(key, [0.0] * self.months.count)
            self._reserves[key] = [
                x + tonnes * y / whole for x, y in zip(before, during, strict=True)
            ]
        self.passes[shock.id] = [x / whole for x in during]

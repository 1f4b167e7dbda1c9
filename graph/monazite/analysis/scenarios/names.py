"""What a scenario names, of whatever chain: sources, policies and their days, and products."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from monazite.analysis.chokepoints.headline import product_names
from monazite.analysis.policies.acts import Act, Step, read_acts
from monazite.analysis.scenarios.firms import Months
from monazite.analysis.scenarios.keys import FIRST_DAY, until_of
from monazite.analysis.scenarios.scenario_file import Scenario, Shock
from monazite.core.errors import Fault, UnknownNameError, did_you_mean
from monazite.data.parameters import check_text
from monazite.model.contingencies.failure_points import Candidate
from monazite.model.wording import STAGE_NOUNS, listed
from monazite.store.names import named
from monazite.store.queries import ask
from monazite.store.store import Store

NEGLIGIBLE = 0.005  # a smaller part is not shown as a loss


def name_of(product: str) -> str:
    """Return a product as a cell of a table has it: heavy magnets."""
    return product if product.endswith(" in oxide") else product_names(product, "")[1]


def name_meant(kind: str, name: str, known: Mapping[str, str]) -> str:
    """Return the market or product that is meant by a name."""
    codes = {printed: code for code, printed in known.items()} | {code: code for code in known}
    if isinstance(name, str) and (name in codes or name_of(name) in codes):
        return codes[name if name in codes else name_of(name)]
    check_text(name, kind)
    near = did_you_mean(name, codes) or f"it tells of {listed(sorted({*known.values()}))}."
    raise UnknownNameError(f'The scenario tells of no {kind} "{name}"; {near}')


def line_name(line: Candidate) -> str:
    """Return what may fail as the name of a shock; a country's label says its stage already."""
    if line.kind == "country" or not line.stage:
        return line.label
    done = listed(STAGE_NOUNS.get(stage, stage) for stage in line.stage.split(" + "))
    return f"{line.label}: {done}"


ENDED = "ended"  # the event by which an act is over
_NOT_IN_IT = re.compile(r"\b(outside|without)\b")
"""What follows in a name is what the product does not hold, or is not used in."""


def recorded_faults(scenario: Scenario, store: Store, file: str) -> list[Fault]:
    """Return what is wrong with a scenario of which no chain can be worked out."""
    names = RecordedNames(scenario, store, file)
    names.check_sources()
    for shock in scenario.shocks:
        act = names.act(shock)
        if shock.whole:
            names.days(shock, act)
    return names.faults


class RecordedNames:
    """Looks up what a scenario names, and gathers its faults."""

    def __init__(self, scenario: Scenario, store: Store, file: str) -> None:
        """Take a scenario."""
        self.scenario, self.store, self.file = scenario, store, file
        self.months = Months(scenario.start, scenario.months)
        self.faults: list[Fault] = []

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        """Policies by id."""
        return read_acts(self.store).acts

    def fault(self, line: int, what: str, fix: str) -> None:
        """Keep a fault."""
        self.faults.append(Fault(self.file, line, what, fix))

    @cached_property
    def areas(self) -> dict[str, str]:
        """Areas by the codes of the countries that they are of."""
        return {x["country"]: x["area"] for x in ask(self.store, "network-area-members")}

    def check_sources(self) -> None:
        """Look up the sources that the description rests on."""
        if not self.scenario.sources:
            return
        known = {x["source"] for x in ask(self.store, "source-list")}
        line = self.scenario.lines.get("sources", 0)
        for source in self.scenario.sources:
            if source not in known:
                fix = did_you_mean(source, known) or "take an id of the table sources"
                self.fault(line, f'there is no source "{source}"', fix)

    def known(
        self, names: Iterable[str], known: Sequence[str], lines: Mapping[str, int], key: str
    ) -> None:
        """Look up names that a key gives."""
        for name in names:
            if name not in known:
                area = self.areas.get(name)
                fix = f"it is counted in {area}; write that" if area in known else ""
                fix = fix or did_you_mean(name, known) or f"there are {', '.join(known)}"
                self.fault(lines.get(key, 0), f'{key}: "{name}" is none here', fix)

    def act(self, shock: Shock) -> Act | None:
        """Return the policy of a shock; None where it names none that is there."""
        policy = shock.text("policy")
        if policy and policy not in self.acts:
            fix = did_you_mean(policy, self.acts) or "look with monazite policies"
            self.fault(shock.at("policy"), f'there is no policy "{policy}"', fix)
        act = self.acts.get(policy)
        if act is not None and shock.text("seller") not in ("", act.country):
            what = f'"{policy}" is a rule of {named(act.country_label)} ({act.country})'
            self.fault(shock.at("seller"), what, "leave the seller or the policy out")
        return act

    def days(self, shock: Shock, act: Act | None) -> tuple[date | None, date | None]:
        """Return the first and the last day of a shock; of its policy, where the file has none."""
        begins, ends = shock.begins, shock.ends
        if begins is None and act is not None:
            # Of a year its first day, and its last: what ended in 2012 was in force for some of it.
            begins = _day_of(x.earliest for x in _steps(act, "effective"))
            if begins is None:
                what = f'we found no day on which "{act.id}" begins'
                self.fault(shock.at("policy"), what, "write from")
                return None, None
            stops = [_day_of(x.latest for x in _steps(act, y)) for y in (ENDED, "suspended")]
            ends = ends or min((x for x in stops if x and x >= begins), default=None)
        if begins is None:
            return None, None
        if ends is None and until_of(shock.kind) == FIRST_DAY:
            ends = begins
        if begins < self.months.first or begins > self.months.last:
            what = f"it begins on {begins}, outside {self.months.first} to {self.months.last}"
            self.fault(shock.at("from"), what, "move start or months")
        if ends is not None and ends < begins:
            what = f"it ends on {ends}, before it begins on {begins}"
            self.fault(shock.at("until"), what, "write until")
        return begins, ends


def is_named(text: str, product: str) -> bool:
    """Return whether a text names a product: whole words of its name, printed or inner.

    Goods that are used outside magnets are named only by a text that says "outside".
    """
    return any(_has(name.casefold(), text.casefold()) for name in (product, name_of(product)))


def products_named(text: str, products: Iterable[str]) -> tuple[str, ...]:
    """Return the products that a text names; all where there is no text."""
    return tuple(each for each in products if not text or is_named(text, each))


def _has(name: str, text: str) -> bool:
    """Whether a name has the words of a text, and says them of the product itself."""
    away = _NOT_IN_IT.search(name)
    if away and not re.search(rf"\b{away[1]}\b", text):
        if away[1] == "outside":
            return False
        name = name[: away.start()]
    return re.search(rf"(?<!\w){re.escape(text.strip())}s?(?!\w)", name) is not None


def ended_on(act: Act) -> date | None:
    """Return the day by which a whole act ended; None where it did not, or no day is known."""
    return _day_of(x.latest for x in act.steps if x.event == ENDED and not x.part)


def _steps(act: Act, event: str) -> list[Step]:
    steps = [x for x in act.steps if x.event == event]
    return [x for x in steps if not x.part] or steps


def _day_of(days: Iterable[str]) -> date | None:
    for day in days:
        try:
            return date.fromisoformat(day)
        except ValueError:
            continue
    return None

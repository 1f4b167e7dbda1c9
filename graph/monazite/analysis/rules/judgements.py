"""What a rule makes of one item on a day, with the arithmetic in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from monazite.analysis.rules import weighing
from monazite.analysis.rules.compiled import CompiledRules, RuleClause
from monazite.analysis.rules.conditions import COVERS, EXEMPTS, TEXT, RuleCondition
from monazite.core.formats import NOT_KNOWN, exact_percent, figures, fixed, whole
from monazite.core.results import Value

_ANSWER_WORDS = {True: "yes", False: "no", None: NOT_KNOWN}
_NAMED = 3  # elements that are named as not known before they are counted


def asks(condition: RuleCondition) -> str:
    """Say what a condition asks of an item."""
    return _ASKS[condition.test](condition)


def has(condition: RuleCondition, case: weighing.Case, places: Mapping[str, str]) -> str:
    """Say what an item has to a condition; nothing where the answer says it all."""
    found = _HAS.get(condition.test)
    return found(condition, case, places) if found else ""


def number_text(number: float) -> str:
    """Write a number with three digits that count, and whole where it is large."""
    if number >= 1000 or number == int(number):
        return whole(number)
    text = figures(number, 3)
    return fixed(number, 9).rstrip("0") if "e" in text else text


def share_text(low: float, high: float) -> str:
    """Write the range of a share in percent."""
    least, most = exact_percent(low), exact_percent(high)
    return most if least == most else f"{least.removesuffix(' %')} to {most}"


def _known_share(shares: weighing.Shares, missing: str) -> str:
    """Write a share, or what is known of one of which something is missing."""
    low, high, known = shares
    if known:
        return share_text(low, high)
    least = f"at least {exact_percent(low)}, " if low else ""
    return f"{least}{missing}"


def _range_text(number: weighing.Between | None, unit: str = "") -> str:
    if number is None:
        return NOT_KNOWN
    ends = dict.fromkeys(number_text(end) for end in (number.low, number.high))
    return " ".join(filter(None, (" to ".join(ends), unit)))


def _any_of(names: Iterable[str]) -> str:
    """Join alternatives: all of them, for each may be the one that decides."""
    *most, last = list(names) or [NOT_KNOWN]
    return f"{', '.join(most)} or {last}" if most else last


def _labels(condition: RuleCondition, kind: str) -> list[str]:
    return list(condition.named.get(kind, {}).values())


def _elements(condition: RuleCondition) -> str:
    return " + ".join(condition.elements)


def _limit(condition: RuleCondition) -> str:
    compared = condition.comparison.replace("-", " ")
    if condition.percent is not None:
        return f"{compared} {exact_percent(condition.percent / 100)}"
    return f"{compared} {number_text(condition.limit)}"


def _possible(found: weighing.Possible, labels: Mapping[str, str]) -> str:
    if found is None:
        return NOT_KNOWN
    return _any_of(labels.get(each, each) for each in sorted(found))


def _made_words(condition: RuleCondition) -> str:
    stages = [label.lower() for label in _labels(condition, "stage")]
    of = f" ({', '.join(stages)})" if stages else ""
    turned = "not made" if condition.comparison == "is-not" else "made"
    return f"{turned} in {_any_of(_labels(condition, 'place'))}{of}"


def _made_found(condition: RuleCondition, case: weighing.Case, places: Mapping[str, str]) -> str:
    found = []
    for stage in condition.stages or ("",):
        wheres = case.all_where(stage) if stage else [case.made_in]
        sure = {places.get(place, place) for where in wheres if where for place in where.surely}
        may = any(x is None or x.perhaps is None or x.perhaps - x.surely for x in wheres)
        place = "not settled" if may else "none"
        if sure:
            place = f"{', '.join(sorted(sure))}{' or elsewhere' if may else ''}"
        found.append(f"{stage} {place}".strip())
    return "; ".join(found)


def _content_found(condition: RuleCondition, case: weighing.Case, _: object) -> str:
    missing = sorted(condition.ids("element") - case.content.keys())
    names = " and ".join(missing) if len(missing) < _NAMED else f"{len(missing)} of them"
    shares = weighing.together(case.content, condition.ids("element"))
    return _known_share(shares, f"{names} {NOT_KNOWN}")


def _tested_found(condition: RuleCondition, case: weighing.Case, _: object) -> str:
    tested = sorted(condition.ids("element") & case.tested)
    return f"tested of {' and '.join(tested) or 'none that we know of'}"


def _owned_found(_: RuleCondition, case: weighing.Case, __: object) -> str:
    owned = case.owned_by_listed
    return share_text(owned.low, owned.high) if owned else NOT_KNOWN


def _way(_: RuleCondition, case: weighing.Case, places: Mapping[str, str]) -> str:
    return f"from {_possible(case.ships_from, places)} to {_possible(case.destination, places)}"


_ASKS: Mapping[str, Callable[[RuleCondition], str]] = {
    "family": lambda asked: f"{_any_of(_labels(asked, 'type'))} magnet",
    "form": lambda asked: _any_of(label.lower() for label in _labels(asked, "form")),
    "content": lambda asked: f"{_elements(asked)} {_limit(asked)} of mass",
    "tested": lambda asked: f"{_elements(asked)} content was tested",
    "value-share": lambda asked: (
        f"{_elements(asked)} from {_any_of(_labels(asked, 'place'))} {_limit(asked)} of value"
    ),
    "magnet-share": lambda asked: f"magnets {_limit(asked)} of the mass of the item",
    "magnet-mass": lambda asked: f"magnets {_limit(asked)} g in all",
    "shipped-as": lambda asked: (
        f"crosses the border as {_any_of(each.lower() for each in _labels(asked, 'shipped-as'))}"
    ),
    "leaves": lambda asked: f"shipped from {_any_of(_labels(asked, 'place'))} to elsewhere",
    "goes-to": lambda asked: f"shipped to {_any_of(_labels(asked, 'place'))}",
    "onward": lambda asked: f"sent on abroad, outside {_any_of(_labels(asked, 'place'))}",
    "made-in": _made_words,
    "party": lambda asked: f"a buyer or user on the list of: {asked.policy_title}",
    "owned-share": lambda asked: f"a buyer or user owned {_limit(asked)} by listed firms",
    "staff": lambda asked: f"staff {_limit(asked)}",
    "turnover": lambda asked: f"turnover {_limit(asked)} EUR a year",
    "product-class": lambda asked: f"a product that {asked.listed_in} lists",
    "fact": lambda asked: asked.fact_label[:1].lower() + asked.fact_label[1:],
    "goods-of": lambda asked: f"goods of {asked.goods_label}",
    "unread": lambda _: "the text was not read",
}
_HAS: Mapping[str, Callable[[RuleCondition, weighing.Case, Mapping[str, str]], str]] = {
    "family": lambda asked, case, _: _possible(case.magnet_types, asked.named.get("type", {})),
    "form": lambda _, case, __: _possible(case.forms, {}),
    "content": _content_found,
    "tested": _tested_found,
    "value-share": lambda asked, case, _: _known_share(
        weighing.value_from(asked, case), "the rest not known"
    ),
    "magnet-share": lambda _, case, __: _known_share(weighing.magnet_share(case), NOT_KNOWN),
    "magnet-mass": lambda _, case, __: _range_text(case.magnet_mass, "g"),
    "shipped-as": lambda _, case, __: _possible(case.shipped_as, {}),
    "leaves": _way,
    "goes-to": _way,
    "onward": _way,
    "made-in": _made_found,
    "owned-share": _owned_found,
    "staff": lambda _, case, __: _range_text(case.staff),
    "turnover": lambda _, case, __: _range_text(case.turnover, "EUR"),
    "product-class": lambda _, case, __: _possible(case.classes, {}),
    "fact": lambda asked, case, _: _ANSWER_WORDS[case.facts.get(asked.fact)],
}


_ANSWERS = {weighing.YES: "yes", weighing.NO: "no"}


class Judgement(Value):
    """What one layer of a rule makes of an item on a day, and why it is open."""

    rule: str
    rule_label: str
    layer: str
    day: str
    outcome: str
    reasons: tuple[str, ...]
    because: tuple[str, ...]
    rows: tuple[str, ...]


class _Weighed(Value):
    """A clause held against an item on a day: what it is met by, and whether it binds."""

    clause: RuleClause
    met: tuple[weighing.Truth, ...]
    binds: weighing.Truth

    @property
    def truth(self) -> weighing.Truth:
        return weighing.all_of((self.binds, *self.met))


def explain(rules: CompiledRules, case: weighing.Case, day: str) -> tuple[Judgement, ...]:
    """Hold one item against all rules on a day, and say why."""
    place = rules.days.index(day)
    truths, judged = rules.weigh(case), []
    for found in rules.judge(case):
        rule, truth, clauses = found.rule, found.truths[place], rules.rules[found.rule]
        bindings = rules.bindings[rule][place]
        weighed = [
            _Weighed(clause, tuple(met), binds)
            for clause, met, binds in zip(clauses, rules.met(rule, truths), bindings, strict=True)
            if clause.speaks_in(found.layer)
        ]
        deciding = list(_deciding(weighed, weighing.outcome_of(truth)))
        said = [sentence for each in deciding for sentence in _sentences(rules, each, case, day)]
        rows = [each.row for one in deciding for each in one.clause.conditions]
        judged.append(
            Judgement(
                rule=rule,
                rule_label=clauses[0].conditions[0].rule_label,
                layer=found.layer,
                day=day,
                outcome=weighing.outcome_of(truth),
                reasons=weighing.reasons_of(truth),
                because=tuple(dict.fromkeys(said)),
                rows=tuple(dict.fromkeys(rows)),
            )
        )
    return tuple(judged)


def _deciding(weighed: Sequence[_Weighed], outcome: str) -> Iterator[_Weighed]:
    """Return the clauses that decide: what covers, what takes out, or what comes nearest."""
    covering = [each for each in weighed if each.clause.role == COVERS]
    exempting = [each for each in weighed if each.clause.role == EXEMPTS]
    met = [each for each in covering if each.truth == weighing.YES]
    if outcome == weighing.CAUGHT:
        yield met[0]
        return
    out = [each for each in exempting if each.truth == weighing.YES]
    if outcome == weighing.NOT and out and any(each.truth != weighing.NO for each in covering):
        yield from (*(met or covering)[:1], out[0])
        return
    if outcome == weighing.NOT:
        yield max(covering, key=_nearness)
        return
    left = [each for each in covering if each.truth not in (weighing.YES, weighing.NO)]
    yield met[0] if met else max(left, key=_nearness)
    yield from (each for each in exempting if each.truth not in (weighing.YES, weighing.NO))


def _nearness(weighed: _Weighed) -> tuple[int, int, int]:
    """How near a clause comes to being met: few conditions that fail, many that are met."""
    failed = sum(truth == weighing.NO for truth in weighed.met)
    return (
        -failed,
        sum(truth == weighing.YES for truth in weighed.met),
        weighed.binds != weighing.NO,
    )


def _sentences(
    rules: CompiledRules, weighed: _Weighed, case: weighing.Case, day: str
) -> Iterator[str]:
    """Say what each condition of a clause asks and the item has to it, and why it may not bind."""
    clause, fails = weighed.clause, weighing.NO in weighed.met
    taken_out = "" if clause.role == COVERS else "Taken out where: "
    layer = "" if clause.layer == TEXT else f" (by {clause.layer})"
    for condition, truth in zip(clause.conditions, weighed.met, strict=True):
        if fails and truth != weighing.NO:
            continue
        found = has(condition, case, rules.places)
        here = f"; here {found}" if found else ""
        answer = _ANSWERS.get(truth, "open")
        asked = asks(condition)
        yield f"{taken_out}{asked[:1].upper()}{asked[1:]}{layer}{here}: {answer}."
    if weighed.binds == weighing.YES:
        return
    label, status = clause.conditions[0].rule_label, clause.status(rules.statuses[day])
    if status is None:
        yield f"The records hold no act behind {label}."
    elif status.text.startswith("in force"):
        first = {each.first_day for each in clause.conditions if each.first_day}
        last = {each.last_day for each in clause.conditions if each.last_day}
        yield from (f"{label}: this clause holds from {each} on." for each in sorted(first))
        yield from (f"{label}: this clause holds until {each}." for each in sorted(last))
    else:
        yield f"{label} on {day}: {status.text}."
    for start in rules.starts.get(clause.rule, ()):
        if start.started(day) != "surely":
            yield f"{label}: {start.text}."

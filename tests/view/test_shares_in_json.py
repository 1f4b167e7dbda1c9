"""Every share and index in the JSON of every output: one number a fact, or an other figure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import pytest

from monazite.findings.shares.tables import OTHER_FIGURE
from monazite.findings.standing.by_stage import PRINTED_YEARS
from monazite.findings.wording import RECONCILED
from monazite.result import Result
from tests.conftest import view_in_memory
from tests.golden.lines import line_of

ASKED = [("Dy", "USA"), ("NdPr", "JPN"), ("Sm", "USA"), ("Y", "USA"), ("La", "JPN"), ("MREE", "EU")]
INDICES = ("hhi", "hhi_low", "hhi_high", "top3")
SAME = 9
"""Digits after the point to which numbers of one fact are equal."""


class Fact(NamedTuple):
    """What a number is of: all that tells one share or index from another."""

    stage: str
    who: str
    what: str
    year: int | None
    basis: str


class Told(NamedTuple):
    """A number, who tells it, and whether it is called an other figure."""

    number: float
    output: str
    other: bool


Entry = Mapping[str, object]


def entries(value: object, other: bool = False) -> Iterator[tuple[Entry, bool]]:
    """Everything in JSON that has a stage, and whether it stands among other figures."""
    if isinstance(value, dict):
        stage = value.get("share_at") or value.get("stage")
        if isinstance(stage, str):
            told = bool(value.get("why")) or OTHER_FIGURE in str(value.get("figure", ""))
            yield value | {"stage": stage}, other or told
        for name, each in value.items():
            yield from entries(each, other or name == "others")
    elif isinstance(value, list):
        for each in value:
            yield from entries(each, other)


def numbers(entry: Entry) -> Iterator[tuple[str, str, object]]:
    """Who, what and the number: of the leader, of all that are named, of a line, and indices."""
    if "leader" in entry:
        yield str(entry.get("leader_label") or entry["leader"]), "share", entry["share"]
    elif entry.get("kind") == "country":
        yield str(entry["label"]).split(" at ")[0], "share", entry["share"]
    for name in ("then", "shares"):
        named = entry.get(name)
        if isinstance(named, dict):
            yield from ((who, "share", share) for who, share in named.items())
    yield from (("", name, entry[name]) for name in INDICES if name in entry)
    if entry.get("index") == "hhi":
        ends = zip(INDICES, ("value", "low", "high"), strict=False)
        yield from (("", name, entry[end]) for name, end in ends)


@cache
def outputs(element: str, market: str) -> dict[str, Result]:
    """What is asked, each once."""
    view = view_in_memory()
    report, network = view.chokepoints(element, market), view.network(element, market)
    return {
        "report": report,
        "concentration": view.concentration(element),
        "series": view.concentration(element, series=True),
        "cuts": view.cuts(element, market),
        "indices": view.indices(element),
        "figure": view.figure("concentration", element, market),
        "figure of losses": view.figure("losses", element, market),
        "figure of years": view.figure("hhi", element, market),
        "page": view.graph(network=network, findings=report),
    }


@cache
def collected(element: str, market: str) -> dict[Fact, list[Told]]:
    """Every number of every output, by the fact that it is of."""
    codes = view_in_memory().facts(element).country_labels
    found: dict[Fact, list[Told]] = defaultdict(list)
    for output, result in outputs(element, market).items():
        said = json.loads(result.to_json())
        printed = output == "indices" or PRINTED_YEARS in said.get("notes", ())
        for entry, other in entries(said):
            year, basis = entry.get("year"), f"{entry.get('basis')}{wider(said, entry)}"
            for who, what, number in numbers(entry):
                if isinstance(number, float):
                    fact = Fact(str(entry["stage"]), codes.get(who, who), what, year, basis)  # type: ignore[arg-type]
                    found[fact].append(Told(round(number, SAME), output, other or printed))
    return found


def wider(said: Entry, entry: Entry) -> str:
    """The materials of a line where others speak better for its stage: a fact of its own."""
    lines = said.get("lines")
    if "material" not in entry or not isinstance(lines, list):
        return ""
    first = min(line["rank"] for line in lines if line["stage"] == entry["stage"])
    return "" if entry["rank"] == first else f", {entry['material']}"


@pytest.mark.parametrize(("element", "market"), ASKED)
def test_a_fact_has_one_number_in_all_json(element: str, market: str) -> None:
    for fact, told in collected(element, market).items():
        assert len({each.number for each in told}) == 1, (fact, told)


@pytest.mark.parametrize(("element", "market"), ASKED)
def test_beside_the_reconciled_year_all_else_is_called_other(element: str, market: str) -> None:
    found = collected(element, market)
    followed = {fact.stage for fact in found if fact.basis == RECONCILED}
    assert followed
    for fact, told in found.items():
        if fact.basis == RECONCILED:
            assert not any(each.other for each in told), (fact, told)
        elif fact.stage in followed:
            assert all(each.other for each in told), (fact, told)


@pytest.mark.parametrize(("element", "market"), ASKED)
def test_an_other_figure_is_the_number_on_the_card_of_its_row(element: str, market: str) -> None:
    view = view_in_memory()
    found = view.chokepoints(element, market).stages
    others = [other for stage in found for other in stage.others if other.leader]
    assert others
    for other in others:
        row = line_of(other.rows[0])
        cards = json.loads(view.show(other.leader or "").to_json())["rows"]
        (text,) = (each["text"] for each in cards if each["row"] == other.rows[0])
        printed = f"{float(row['percent']):g} percent" if row["percent"] else row["value"]
        assert printed in text.replace(",", "")
        if row["percent"] and other.denominator != "line sum":
            assert float(row["percent"]) == pytest.approx(100 * (other.share or 0.0))


def test_what_is_collected_can_differ() -> None:
    """The collector sees the stage of a whole country, and tells other figures from the first."""
    said = {
        "stages": [
            {
                "stage": "mine",
                "leader": "Laos",
                "share": 0.6,
                "then": {"Chad": 0.4},
                "others": [{"stage": "mine", "leader": "Laos", "share": 0.7, "hhi": 5800.0}],
            },
            {"stage": "metal", "leader": "Chad", "share": 0.9, "why": "of 2022"},
        ],
        "lines": [
            {"stage": "", "share_at": "mine", "kind": "country", "label": "Laos", "share": 0.5},
            {"stage": "mine", "index": "hhi", "value": 5200.0, "low": 1.0, "high": 2.0},
        ],
    }
    told = [
        (entry["stage"], *each, other) for entry, other in entries(said) for each in numbers(entry)
    ]
    assert told == [
        ("mine", "Laos", "share", 0.6, False),
        ("mine", "Chad", "share", 0.4, False),
        ("mine", "Laos", "share", 0.7, True),
        ("mine", "", "hhi", 5800.0, True),
        ("metal", "Chad", "share", 0.9, True),
        ("mine", "Laos", "share", 0.5, False),
        ("mine", "", "hhi", 5200.0, False),
        ("mine", "", "hhi_low", 1.0, False),
        ("mine", "", "hhi_high", 2.0, False),
    ]

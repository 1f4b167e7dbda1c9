"""One fact has one number on every output, or is called an other figure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from typing import NamedTuple

import pytest

from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.concentration.standing import PRINTED_YEARS
from monazite.core.formats import bounded_percent, in_tonnes, percent
from monazite.core.results import Result
from monazite.core.tables import write_tables
from monazite.model.wording import RECONCILED, place_at
from monazite.report.brief.page import shown_text
from monazite.report.graph.cards import Card
from monazite.report.graph.svg import draw
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.sharing import only_whole

MARKETS = ("FRA", "EUE")
NUMBER = r"(\d[\d,.]*) t\b"


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " "))


def taken_in(text: str, product: str) -> set[str]:
    """The tonnes that a text gives as what a market takes or loses of."""
    goods = re.escape(product)
    sentences = (
        rf"what [^.|]*? loses of {NUMBER} \({goods}",
        rf"[Ii]t used {NUMBER} in \d{{4}}",
        rf"the (?:part of )?{NUMBER} of {goods}",
        rf"gives [\w ]+? {NUMBER} of rare-earth magnets",
        rf"{NUMBER} {goods}(?=, \d{{4}})",
        rf"[Pp]art of the {NUMBER} used in \d{{4}}",
    )
    found = {number for each in sentences for number in re.findall(each, plain(text))}
    return {f"{number} t" for number in found}


def outputs_of_magnets(view: View, market: str) -> Iterator[tuple[str, str]]:
    report, network = view.chokepoints("NdPr", market), view.network("NdPr", market)
    brief = view.brief("NdPr", market)
    yield "report", write_tables(report.tables(), "markdown")
    yield "brief", brief.markdown()
    yield "page of the brief", shown_text(brief.html())
    yield "page", shown_text(view.graph(network=network, findings=report).html)
    yield "figure", view.figure("losses", "NdPr", market).alt


@pytest.mark.whole
@pytest.mark.parametrize("market", MARKETS)
def test_what_a_market_takes_is_one_number_on_every_output(market: str) -> None:
    view: View = view_in_memory()
    report = view.chokepoints("NdPr", market)
    assert report.base is not None
    number = in_tonnes(report.base.served)
    for name, text in outputs_of_magnets(view, market):
        assert taken_in(text, report.base.product) == {number}, name
    lines = list(csv.DictReader(io.StringIO(report.to_csv())))
    assert {in_tonnes(float(line["served"])) for line in lines} == {number}
    assert {line["product"] for line in lines} == {report.base.product}
    told = json.loads(report.to_json())["base"]
    assert (in_tonnes(told["served"]), told["product"]) == (number, report.base.product)


def test_the_network_reads_the_tonnes_of_the_losses_and_names_another_reading() -> None:
    element, goods, view = "Dy", "heavy magnets", view_in_memory()
    base = view.chokepoints(element, "USA").base
    assert base is not None
    page = view.graph(element, "USA", all_links=True)
    number = in_tonnes(base.served)
    (market,) = (node for node in page.content()["nodes"] if node["kind"] == "Market")  # type: ignore[attr-defined]
    assert plain(market["quantity"]) == f"{number} {goods}"
    assert f"{number} {goods}" in plain(page.svg)
    told = plain(shown_text(page.html))
    for other in re.findall(rf"{NUMBER} magnets, not that of the losses", told):
        assert "Other figure, " + other in told
        assert f"{other} t" != number
    assert page.content()["answer"] == view.graph(element, "USA").content()["answer"]


def test_an_oxide_has_no_column_of_magnets() -> None:
    view = view_in_memory()
    page = view.graph("La", "USA", all_links=True)
    assert [stage for stage, _ in page.network.graph["stages"]] == ["mine", "separation", "use"]
    assert {node["stage"] for node in page.content()["nodes"]} <= {"Mine", "Separation", "Use"}  # type: ignore[attr-defined]
    asked = view.graph("La", "USA", stage=["magnet"])
    assert {node["stage"] for node in asked.content()["nodes"]} == {"Magnet"}  # type: ignore[attr-defined]
    whole = view.graph("Dy", "USA", all_links=True)
    assert "magnet" in [stage for stage, _ in whole.network.graph["stages"]]


ASKED = [("Dy", "USA"), ("La", "WLD")]
SHARE = r"(?:over |under |up to |at least |[<>])?\d[\d.]* %"
_CELL = re.compile(r"<t[hd].*?</t[hd]>", re.DOTALL)
Told = tuple[str, bool]  # A share as printed, and whether it is called an other figure


def short(share: str) -> str:
    return share.replace("over ", ">").replace("under ", "<")


def records(markdown: str) -> Iterator[dict[str, str]]:
    """The rows of tables in Markdown, by the names of their columns."""
    columns: list[str] = []
    for line in markdown.splitlines():
        cells = [plain(unescape(cell)).strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|"):
            columns = []
        elif not columns:
            columns = [cell.casefold() for cell in cells]
        elif not set(line) <= set("|-: "):
            yield dict(zip(columns, cells, strict=False))


def bare(text: str) -> str:
    return re.sub(r"\[\^\d+\]", "", text).strip()


def in_tables(markdown: str, label: str, stage: str) -> Iterator[Told]:
    """Shares of a country at a stage in tables: who leads, who comes then, and lines of losses."""
    at = ""
    for cells in records(markdown):
        name = bare(cells.get("stage", ""))
        other = name == OTHER_FIGURE
        at = at if other else name
        if at == stage:
            if cells.get("leader") == label:
                yield re.findall(SHARE, cells["share"])[0], other
            for share in re.findall(rf"\b{label} ({SHARE})", cells.get("then", "")):
                yield share, other
        first = bare(next(iter(cells.values())) if "rank" not in cells else [*cells.values()][1])
        column = "share" if "share" in cells else "share of its stage"
        if first.split(" = ")[0] == place_at(label, stage) and cells.get(column):
            yield re.findall(SHARE, cells[column])[0], OTHER_FIGURE in cells.get("figure", "")


def in_words(text: str, label: str, stage: str) -> Iterator[Told]:
    """Shares in sentences of a brief and of the words of a figure."""
    doing = {"mine": "(?:mining|mine)", "magnet": "magnets?"}.get(stage, stage)
    for share in re.findall(rf"\b{label} has ({SHARE}) of (?:the world's )?{doing}", text):
        yield share, False
    for told in re.findall(rf"\b{stage.capitalize()}: (.*?)\.(?= [A-Z]|$)", text):
        for part in told.split("; "):
            for share in re.findall(rf"\b{label} ({SHARE})", part):
                yield share, OTHER_FIGURE in part


def in_page(rows: list[list[str]], label: str, stage: str) -> Iterator[Told]:
    """Shares in the tables of a graph page: of its nodes, and of the reconciled year."""
    for cells in rows:
        if cells[1:3] == ["Country at a stage", stage.capitalize()] and cells[0].startswith(label):
            for part in filter(None, cells[-3].split("; ")):
                yield from ((x, OTHER_FIGURE in part) for x in re.findall(SHARE, part)[:1])
        if len(cells) == 6 and cells[0].casefold() == stage:
            if cells[2] == label:
                yield re.findall(SHARE, cells[3])[0], False
            yield from ((share, True) for share in re.findall(rf"\b{label} ({SHARE})", cells[5]))


def in_picture(rows: list[list[str]], label: str, stage: str) -> Iterator[Told]:
    """Shares in the table of the picture of countries by stage."""
    for cells in rows:
        if len(cells) == 9 and (cells[0].casefold(), cells[1]) == (stage, label):
            yield from ((share, False) for share in re.findall(SHARE, cells[2])[:1])


@cache
def rows_of_page(element: str, market: str, name: str = "page") -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", texts(element, market)[name], re.DOTALL)
    return [
        [plain(unescape(re.sub(r"<[^>]+>", "", x))) for x in _CELL.findall(row)] for row in rows
    ]


@cache
def texts(element: str, market: str) -> dict[str, str]:
    """What the outputs say of an element for a market, each written once."""
    view = view_in_memory()
    report, network = view.chokepoints(element, market), view.network(element, market)
    drawn = view.graph(network=network, findings=report)
    return {
        "report": report.to_text("markdown", full=True),
        "concentration": view.concentration(element).to_text("markdown", full=True),
        "cuts": view.cuts(element, market).to_text("markdown", full=True),
        "brief": view.brief(element, market).markdown(),
        "figure": plain(view.figure("concentration", element).alt),
        "balance": plain(view.figure("balance", element).alt),
        "page": drawn.network_html,
        "picture": drawn.html,
    }


@cache
def cards(element: str, market: str) -> list[Card]:
    view = view_in_memory()
    return draw(view.network(element, market), view.chokepoints(element, market)).all_cards


def on_cards(element: str, market: str, node: str) -> Iterator[Told]:
    for card in cards(element, market):
        if card.node == node and card.aside:
            yield plain(card.aside.rstrip("*")), OTHER_FIGURE in card.figure


def in_balance(text: str, label: str, stage: str) -> Iterator[Told]:
    doing = {"mine": "Mined", "separation": "Separated", "metal": "Made into metal"}
    for sentence in re.findall(rf"{doing.get(stage, 'Magnets')}: {label} [^.]*", text):
        yield from ((share, OTHER_FIGURE in sentence) for share in re.findall(SHARE, sentence))


def collected(element: str, market: str, label: str, node: str) -> dict[str, list[Told]]:
    """Every share of a country at a stage that an output prints, by output."""
    text, stage = texts(element, market), node.split("/")[0]
    names = ("report", "concentration", "cuts", "brief")
    return {
        **{name: [*in_tables(text[name], label, stage)] for name in names},
        "sentences of the brief": [*in_words(plain(text["brief"]), label, stage)],
        "figure": [*in_words(text["figure"], label, stage)],
        "balance": [*in_balance(text["balance"], label, stage)],
        "page": [*in_page(rows_of_page(element, market), label, stage)],
        "picture": [*in_picture(rows_of_page(element, market, "picture"), label, stage)],
        "card": [*on_cards(element, market, node)],
    }


def rounded(share: float | None, figure: str) -> set[str]:
    """A share in whole percent, and with the word of a bound, where it is one."""
    return {short(percent(share)), bounded_percent(share, figure, narrow=True)}


@pytest.mark.whole
@pytest.mark.parametrize(("element", "market"), ASKED)
def test_a_share_is_one_number_or_an_other_figure(element: str, market: str) -> None:
    """Of every country at a stage that the report has, and of those that only others print."""
    view: View = view_in_memory()
    report = view.chokepoints(element, market)
    labels = view.facts(element).country_labels
    made = [each for each in report.chokepoints if each.kind == "country" and each.stage]
    shares = {each.id: (each.share, each.figure) for each in made if each.share is not None}
    assert len(shares) > 5
    told: set[str] = set()
    printed = {str(card.node) for card in cards(element, market) if card.kind.code == "country"}
    for node in sorted({*shares, *printed}):
        stage, country = node.split("/")
        if country not in labels or stage not in {each.split("/")[0] for each in shares}:
            continue
        number = rounded(*shares[node]) if node in shares else set()
        found = collected(element, market, labels[country], node)
        for name, numbers in found.items():
            own = {short(share) for share, other in numbers if not other}
            assert own <= number, (node, name)
        told |= {name for name, numbers in found.items() if numbers}
    assert {"report", "concentration", "cuts", "brief", "figure", "card", "page", "picture"} <= told
    assert "Other figures: shares and concentration" in texts(element, market)["page"]


@pytest.mark.whole
def test_every_output_is_collected_from() -> None:
    """China separation stands on each of them, and on most as an other figure too."""
    told = collected("Dy", "USA", "China", "separation/CHN")
    assert all(found for name, found in told.items() if name != "balance")
    assert sum(any(other for _, other in found) for found in told.values()) >= 4
    assert collected("Dy", "USA", "China", "mine/CHN")["balance"] == [("43 %", True)]


@pytest.mark.parametrize("element", ["Dy", *only_whole("NdPr", "MREE", "Sm", "La")])
def test_the_countries_of_a_stage_are_no_more_than_the_world(element: str) -> None:
    """A pool is counted once: who is not carried is inside the rest of the world, and no line.

    Medians of shares need not sum to 1.
    """
    made: dict[str, float] = defaultdict(float)
    for line in view_in_memory().chokepoints(element).chokepoints:
        if line.kind == "country" and line.stage:
            made[line.stage] += line.share or 0.0
    assert made
    assert all(0.95 < whole < 1.02 for whole in made.values()), made


@pytest.mark.whole
@pytest.mark.parametrize("element", ["Sm", "Dy"])
def test_who_makes_what_in_the_world_does_not_depend_on_the_market(element: str) -> None:
    def shares(market: str) -> list[tuple[str, str | None, float | None]]:
        found = view_in_memory().chokepoints(element, market).stages
        return [(each.stage, each.leader, each.share) for each in found]

    assert shares("USA") == shares("WLD") == shares("JPN")


IN_JSON = [("Dy", "USA"), *only_whole(("NdPr", "JPN"), ("MREE", "EU"))]
INDICES = ("hhi", "hhi_low", "hhi_high", "top3")
SAME = 9  # Digits after the point to which numbers of one fact are equal


class Fact(NamedTuple):
    """What a number is of: all that tells one share or index from another."""

    stage: str
    who: str
    what: str
    year: int | None
    basis: str


class Number(NamedTuple):
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
def results(element: str, market: str) -> dict[str, Result]:
    """What is asked, each once; cuts are of one balance, whose shares are no medians."""
    view = view_in_memory()
    report, network = view.chokepoints(element, market), view.network(element, market)
    return {
        "report": report,
        "concentration": view.concentration(element),
        "series": view.concentration(element, series=True),
        "indices": view.indices(element),
        "figure": view.figure("concentration", element),
        "figure of losses": view.figure("losses", element, market),
        "figure of years": view.figure("hhi", element),
        "page": view.graph(network=network, findings=report),
    }


@cache
def facts_told(element: str, market: str) -> dict[Fact, list[Number]]:
    """Every number of every output, by the fact that it is of."""
    codes = view_in_memory().facts(element).country_labels
    found: dict[Fact, list[Number]] = defaultdict(list)
    for output, result in results(element, market).items():
        said = json.loads(result.to_json())
        printed = output == "indices" or PRINTED_YEARS in said.get("notes", ())
        for entry, other in entries(said):
            year, basis = entry.get("year"), f"{entry.get('basis')}{wider(said, entry)}"
            for who, what, number in numbers(entry):
                if isinstance(number, float):
                    fact = Fact(str(entry["stage"]), codes.get(who, who), what, year, basis)  # type: ignore[arg-type]
                    found[fact].append(Number(round(number, SAME), output, other or printed))
    return found


def wider(said: Entry, entry: Entry) -> str:
    """The materials of a line where others speak better for its stage: a fact of its own."""
    lines = said.get("lines")
    if "material" not in entry or not isinstance(lines, list):
        return ""
    first = min(line["rank"] for line in lines if line["stage"] == entry["stage"])
    return "" if entry["rank"] == first else f", {entry['material']}"


@pytest.mark.parametrize("asked", IN_JSON)
def test_a_fact_has_one_number_in_all_json(asked: tuple[str, str]) -> None:
    """Beside the reconciled year all else is called an other figure."""
    found = facts_told(*asked)
    for fact, told in found.items():
        assert len({each.number for each in told}) == 1, (fact, told)
    followed = {fact.stage for fact in found if fact.basis == RECONCILED}
    assert followed
    for fact, told in found.items():
        if fact.basis == RECONCILED:
            assert not any(each.other for each in told), (fact, told)
        elif fact.stage in followed:
            assert all(each.other for each in told), (fact, told)


@pytest.mark.parametrize("asked", IN_JSON)
def test_an_other_figure_is_the_number_on_the_card_of_its_row(asked: tuple[str, str]) -> None:
    view = view_in_memory()
    found = view.chokepoints(*asked).stages
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

"""One share has one number on every output, or is called an other figure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from html import unescape

import pytest

from monazite.findings.shares.tables import OTHER_FIGURE
from monazite.findings.wording import place_at
from monazite.pages.graph.cards import Card
from monazite.pages.graph.svg import draw
from monazite.safe_text import bounded_percent, percent
from monazite.view import View
from tests.conftest import view_in_memory
from tests.view.test_one_number import plain

ASKED = [("Dy", "USA"), ("NdPr", "JPN"), ("Sm", "USA"), ("Y", "USA"), ("La", "WLD")]
SHARE = r"(?:over |under |up to |at least |[<>])?\d[\d.]* %"
_CELL = re.compile(r"<t[hd].*?</t[hd]>", re.DOTALL)
Told = tuple[str, bool]
"""A share as printed, and whether it is called an other figure."""


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
        if len(cells) == 8 and (cells[0].casefold(), cells[1]) == (stage, label):
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
        "figure": plain(view.figure("concentration", element, market).alt),
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


def test_every_output_is_collected_from() -> None:
    """China separation stands on each of them, and on most as an other figure too."""
    for element, market, others in (("Dy", "USA", 4), ("La", "WLD", 5)):
        told = collected(element, market, "China", "separation/CHN")
        assert all(found for name, found in told.items() if name != "balance")
        assert sum(any(other for _, other in found) for found in told.values()) >= others
    assert collected("Dy", "USA", "China", "mine/CHN")["balance"] == [("46 %", True)]


def test_what_is_collected_can_differ() -> None:
    """The collectors see a number that is not called an other figure, and one that is."""
    table = "| stage | leader | share |\n| --- | --- | --- |\n"
    table += "| mine | China | 31 % |\n| other figure | China | 84 % (proxy) |\n"
    assert [*in_tables(table, "China", "mine")] == [("31 %", False), ("84 %", True)]
    assert [*in_tables(table, "China", "metal")] == []
    words = "Mine: China 31 %, HHI 3,228, 2024; other figure China 84 %: of 2023. Metal: China 9 %."
    assert [*in_words(words, "China", "mine")] == [("31 %", False), ("84 %", True)]


@pytest.mark.parametrize("element", ["NdPr", "Dy", "MREE", "Sm", "La"])
def test_the_countries_of_a_stage_are_no_more_than_the_world(element: str) -> None:
    """A pool is counted once: who is not carried is inside the rest of the world, and no line."""
    made: dict[str, float] = defaultdict(float)
    for line in view_in_memory().chokepoints(element).chokepoints:
        if line.kind == "country" and line.stage:
            made[line.stage] += line.share or 0.0
    assert made
    assert all(0.99 < whole < 1 + 1e-9 for whole in made.values()), made


@pytest.mark.parametrize("element", ["Sm", "Dy"])
def test_who_makes_what_in_the_world_does_not_depend_on_the_market(element: str) -> None:
    def shares(market: str) -> list[tuple[str, str | None, float | None]]:
        found = view_in_memory().chokepoints(element, market).stages
        return [(each.stage, each.leader, each.share) for each in found]

    assert shares("USA") == shares("WLD") == shares("JPN")

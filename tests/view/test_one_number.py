"""One fact has one number on every output: the magnets that a market takes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest

from monazite.pages.brief.shown import shown_text
from monazite.safe_text import in_tonnes
from monazite.tables import write_tables
from monazite.view import View
from tests.conftest import view_in_memory
from tests.sharing import only_whole

MARKETS = ("FRA", "EUE", *only_whole("DEU", "MEX", "USA", "JPN"))
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


def outputs(view: View, market: str) -> Iterator[tuple[str, str]]:
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
    for name, text in outputs(view, market):
        assert taken_in(text, report.base.product) == {number}, name
    lines = list(csv.DictReader(io.StringIO(report.to_csv())))
    assert {in_tonnes(float(line["served"])) for line in lines} == {number}
    assert {line["product"] for line in lines} == {report.base.product}
    told = json.loads(report.to_json())["base"]
    assert (in_tonnes(told["served"]), told["product"]) == (number, report.base.product)


@pytest.mark.parametrize(("element", "goods"), [("Dy", "heavy magnets"), ("La", "La in oxide")])
def test_the_network_reads_the_tonnes_of_the_losses_and_names_another_reading(
    element: str, goods: str
) -> None:
    view = view_in_memory()
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

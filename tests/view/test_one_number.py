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

MARKETS = ("DEU", "FRA", "MEX", "USA", "EUE", "JPN")
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
        rf"takes {NUMBER} of rare-earth magnets",
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

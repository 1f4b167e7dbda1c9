"""What a caller brings belongs to the question: network, report and findings of another do not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import monazite
from monazite.errors import UnknownNameError
from monazite.parameters import Contingency
from monazite.view import View
from monazite.view.belonging import check_network, check_report
from tests.conftest import view_in_memory

Verb = Callable[..., object]


@pytest.mark.parametrize("verb", [View.chokepoints, View.pairs, View.draws, View.graph])
def test_a_network_of_another_question_is_refused(verb: Verb) -> None:
    view = view_in_memory()
    network = view.network("Sm", "USA")
    with pytest.raises(UnknownNameError, match="The network is of Sm for USA, the question of dys"):
        verb(view, "Dy", "EUE", network=network)
    with pytest.raises(UnknownNameError, match="The network is of Sm for USA"):
        verb(view, "Sm", "EUE", network=network)
    with pytest.raises(UnknownNameError, match=r"one that View\.network has built, not a Graph"):
        verb(view, "Sm", "USA", network=nx.path_graph(3))


def test_a_network_of_another_view_is_refused() -> None:
    view = view_in_memory()
    network = view.network("Sm")
    network.graph["view"] = {**view.describe(), "text": "View: another."}
    with pytest.raises(UnknownNameError, match="built from other data"):
        check_network(view, network, "Sm", "WLD")
    with pytest.raises(UnknownNameError, match="built from other data"):
        view.graph(network=network)


def test_a_network_speaks_for_the_question_that_nobody_names() -> None:
    view = view_in_memory()
    check_network(view, view.network("Sm", "USA"), "samarium", "United States")
    assert view.graph(network=view.network("Sm")).title == "Samarium: supply chain to the world"


def test_a_report_of_another_question_is_refused() -> None:
    view = view_in_memory()
    network = view.network("Sm")
    report = view.chokepoints("Sm", year=2024, network=network)
    check_report(view, report, network, Contingency(), 2024)
    other = view.network("Dy")
    verbs: tuple[Verb, ...] = (view.draws, lambda *asked, **given: view.after("x", *asked, **given))
    for verb in verbs:
        with pytest.raises(UnknownNameError, match="The report is of Sm for WLD, the question of"):
            verb("Dy", network=other, report=report)
        with pytest.raises(UnknownNameError, match="of outage, short-run, the question of embargo"):
            verb("Sm", event="embargo", network=network, report=report)
        with pytest.raises(UnknownNameError, match=r"year 2024, the question of .* year 2023"):
            verb("Sm", year=2023, network=network, report=report)
        with pytest.raises(UnknownNameError, match=r"what View.chokepoints returned, not a str"):
            verb("Sm", network=network, report="x")
    with pytest.raises(UnknownNameError, match="The report is of Sm for WLD"):
        view.graph(network=other, findings=report)
    assert report.view is not None
    strange = replace(report, view=replace(report.view, text="View: another."))
    with pytest.raises(UnknownNameError, match="found in other data"):
        check_report(view, strange, network)


def test_what_is_no_network_is_not_drawn(tmp_path: Path) -> None:
    drawn: tuple[Any, ...] = (nx.path_graph(3), nx.DiGraph([("a", "b")]), None)
    for strange in drawn:
        with pytest.raises(UnknownNameError, match=r"is a network as View\.network"):
            monazite.graph(strange, tmp_path / "x.html")
    assert [*tmp_path.iterdir()] == []

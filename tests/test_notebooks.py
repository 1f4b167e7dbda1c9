"""In a notebook networks show their page in a frame, findings and answers their tables."""

from __future__ import annotations

from dataclasses import replace

from monazite.network.graph import Network
from monazite.result import Result
from monazite.triples.answers import Answer
from tests.conftest import view_in_memory


def html_of(thing: Result | Network) -> str:
    found = thing._repr_html_()
    assert found is not None
    return found


def test_a_network_is_its_page_in_a_frame() -> None:
    network = view_in_memory().network("Dy", "USA")
    frame = html_of(network)
    assert frame.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts' in frame
    assert "Content-Security-Policy" in frame
    assert "https://" in frame  # the sources of its rows
    # a part of it, and a copy, are networks as well
    assert html_of(network.copy()) == frame
    assert html_of(network.subgraph(set(network))) == frame


def test_findings_are_tables() -> None:
    view = view_in_memory()
    report = view.chokepoints("Dy", "USA").first(3)
    text = html_of(report)
    assert text.count("<table>") == 2
    assert "China separation" in text
    assert "<caption>" in html_of(view.balance("Dy", year=2024))
    assert "<caption>" in html_of(view.cuts("Dy"))


def test_an_answer_is_a_table_and_labels_are_text() -> None:
    answer = view_in_memory().query("facility-life", facility="mountain-pass")
    assert html_of(answer).count("<tr>") == len(answer.rows) + 1
    hostile = Answer(("<script>alert(1)</script>",), ())
    assert "<script" not in html_of(hostile)
    report = view_in_memory().chokepoints("Dy").first(1)
    bad = replace(report, title="<img src=x onerror=alert(1)>")
    assert "<img" not in html_of(bad)

"""What a view is asked: filters, words for markets, what belongs to a question, and refusals."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import networkx as nx
import pandas as pd
import pytest

import monazite
from monazite.core.errors import MonaziteError, QueryError, UnknownNameError
from monazite.data.parameters import Contingency
from monazite.store.answers import Triples, YesOrNo
from monazite.store.checks import check
from monazite.view.explorer_question import ExplorerQuestion
from monazite.view.opening import load
from monazite.view.validation import check_network, check_report
from monazite.view.view import View
from tests.conftest import view_in_memory, write_small_ontology

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_ontology(tmp_path_factory.mktemp("opening") / "small")


def test_every_filter_is_in_the_view(small: Path) -> None:
    view = load(
        ontology=small, cache=False, valid="2025-06", known="2025", tier=3, without="digest"
    )
    told = view.describe()
    assert view.valid == "2025-06-30"
    assert (told["known"], told["tier"]) == ("2025-12-31", 3)
    assert told["without"] in (["digest"], ("digest",))


def test_without_a_day_it_is_that_of_the_release(small: Path) -> None:
    assert load(ontology=str(small), cache=False).valid == "2026-11-24"


def test_tables_without_a_release_date_ask_for_a_day(small: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(small, tmp_path / "undated"))
    words = folder / "dataset.ttl"
    words.write_text(re.sub(r"dcterms:issued [^;.]*[;.]", "", words.read_text("utf-8")), "utf-8")
    with pytest.raises(UnknownNameError, match="name a day with valid="):
        load(ontology=folder, cache=False)
    assert load(ontology=folder, cache=False, valid="2025").valid == "2025-12-31"


MARKET_VERBS = sorted(
    name
    for name, verb in inspect.getmembers(View, inspect.isfunction)
    if not name.startswith("_") and "market" in inspect.signature(verb).parameters
    if name not in {"diff", "explore", "replace"}  # which draw no network, or several: see below
    if name != "exposure"  # asks another verb, and of a bill: cli/test_exposure.py
)
SPELLED = [("DE", "DEU"), ("uk", "GBR"), ("EU", "EUE"), ("south korea", "KOR"), ("deu", "DEU")]
"""What a market is called, and its code."""
ASKED: dict[str, dict[str, Any]] = {
    "after": {"line": "China"},
    "export": {"format": "graphml"},
    "figure": {"kind": "losses"},
}
"""What else a verb has to be asked."""


class NoNetworkNeededError(Exception):
    """The market was found."""


@pytest.mark.parametrize(("word", "code"), SPELLED)
def test_every_verb_finds_a_market_by_its_words(
    monkeypatch: pytest.MonkeyPatch, word: str, code: str
) -> None:
    view = view_in_memory()
    found: list[object] = []

    def stop(_: object, *args: object, **named: object) -> NoReturn:
        found.append(named.get("market", args[-1]))
        raise NoNetworkNeededError

    monkeypatch.setattr("monazite.model.network.build.build_network", stop)
    monkeypatch.setattr("monazite.analysis.concentration.indices.find_indices", stop)
    over_years = "monazite.analysis.centrality.result.find_centrality_over_years"
    monkeypatch.setattr(over_years, stop)
    assert len(MARKET_VERBS) > 10
    for verb in MARKET_VERBS:
        with pytest.raises(NoNetworkNeededError):
            getattr(view, verb)(element="Dy", market=word, **ASKED.get(verb, {}))
    assert found == [code] * len(MARKET_VERBS)


def test_the_markets_of_an_explorer_are_found_by_their_words() -> None:
    words, codes = zip(*SPELLED, strict=True)
    question = ExplorerQuestion(view_in_memory(), ["Dy"], words)
    assert question.buyers == codes
    assert question.markets("Dy") == ("DEU", "GBR", "EUE", "KOR")


def test_what_changes_for_a_market_and_who_could_replace_are_asked_by_its_words() -> None:
    view, days = view_in_memory(), ("2025-04-01", "2025-04-05")
    assert view.diff(*days, market="DE") == view.diff(*days, market="DEU")
    assert view.replace("Dy", "uk", by=2028).market == "GBR"


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


DY = "<https://w3id.org/monazite/id/element/Dy>"
NS = "https://w3id.org/monazite/ns#"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
OWN = f"SELECT ?name ?number ?none {{ {DY} {LABEL} ?name ; <{NS}atomicNumber> ?number }}"


def test_an_answer_has_a_length_iterates_and_gives_records() -> None:
    answer = view_in_memory().query("production-by-country", element="Dy")
    assert len(answer) == len(answer.rows) == len(list(answer)) > 0
    record = answer.records[0]
    assert isinstance(record["year"], int)
    assert record["country_name"] == answer.dicts()[0]["country_name"]
    assert {type(each["value"]) for each in answer} == {float, type(None)}  # some print a percent
    assert all(key.count("/") == 1 and key[:4] != "row/" for key in answer.row_keys)
    assert len(answer.row_keys) > 0


def test_an_answer_is_a_value_of_one_line() -> None:
    answer = view_in_memory().query("facility-life", facility="mountain-pass")
    again = view_in_memory().query("facility-life", facility="mountain-pass")
    assert {answer, again} == {answer}
    assert repr(answer) == f"<Answer facility-life: {len(answer)} rows>"
    frame = answer.to_dataframe()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == list(answer.variables)
    assert len(frame) == len(answer)


@pytest.fixture
def view(built: Path) -> View:
    """The shipped rows, of which the child process finds the store."""
    return load()


def test_yes_no_and_triples_are_answers_too(view: View) -> None:
    yes = view.query(f"ASK {{ {DY} ?p ?o }}")
    assert isinstance(yes, YesOrNo)
    assert (bool(yes), yes.records, yes.to_csv()) == (True, ({"answer": True},), "true\n")
    assert not view.query("ASK { <a:a> <a:b> <a:c> }")
    made = view.query(f"CONSTRUCT {{ {DY} {LABEL} ?name }} WHERE {{ {DY} {LABEL} ?name }}")
    assert isinstance(made, Triples)
    assert len(made) == len({made, made}.pop().records) == 1
    assert made.to_turtle().startswith("# Data: ")
    with pytest.raises(QueryError, match="Turtle is for CONSTRUCT"):
        yes.to_turtle()


def test_sparql_of_ones_own_has_limits(view: View) -> None:
    with pytest.raises(QueryError, match="more than 10 rows"):
        view.query("SELECT * { ?s ?p ?o }", max_rows=10)
    with pytest.raises(QueryError, match="read-only"):
        view.query("CLEAR ALL")
    with pytest.raises(QueryError, match="was stopped after"):
        view.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=1)


Ask = Callable[..., object]
OPEN: Ask = load
CHECK: Ask = check
STRANGE: dict[str, Ask] = {
    "element": lambda view: view.network(None),
    "market": lambda view: view.network("Sm", 5),
    "empty name": lambda view: view.conflicts(""),
    "words": lambda view: view.ask(None),
    "claim": lambda view: view.claims(5),
    "day": lambda view: view.diff(2025, "2026"),
    "parameter": lambda view: view.query("owners", entity=5),
    "date": lambda view: view.query("policies-in-force", date=2025),
    "horizon": lambda view: view.chokepoints("Sm", horizon=None),
    "approval": lambda view: view.brief("Sm", approval="a"),
    "year of a report": lambda view: view.chokepoints("Sm", year="2024"),
    "line": lambda view: view.after(None, "Sm", year=2024),
    "what fails": lambda view: view.fixes("Sm", what=None, year=2024),
    "sizes": lambda view: view.cuts("Sm", k=7),
    "left": lambda view: view.cuts("Sm", left=float("nan")),
    "threshold": lambda view: view.doubt("Sm", threshold=float("nan")),
    "since": lambda view: view.concentration("TREO", since=1800),
    "stage of shares": lambda view: view.concentration("TREO", stage=5),
    "draws": lambda view: view.draws("Sm", count="a"),
    "no path": lambda view: view.graph("Sm", path=()),
    "path of a text": lambda view: view.graph("Sm", path="ab"),
    "hops": lambda view: view.graph("Sm", around="CHN", hops=10**9),
    "horizon of a figure": lambda view: view.figure("concentration", "Sm", horizon="x"),
    "width": lambda view: view.figure("map", "Sm", width="a"),
    "rows": lambda view: view.evidence(["x"]),
    "sources": lambda view: view.sources([5]),
    "format": lambda view: view.export(None),
    "term": lambda view: view.alignments(5),
    "element of info": lambda view: view.info(None),
    "valid": lambda _: OPEN(valid=2025),
    "without": lambda _: OPEN(without=5),
    "tier": lambda _: OPEN(tier="a"),
    "own tables": lambda _: OPEN(data=5),
    "tables to check": lambda _: CHECK(5),
}


@pytest.mark.parametrize("ask", STRANGE.values(), ids=STRANGE)
def test_what_cannot_be_asked_is_refused_in_a_sentence(ask: Ask) -> None:
    with pytest.raises(MonaziteError) as refused:
        ask(view_in_memory())
    assert str(refused.value).rstrip().endswith((".", "?"))


def test_a_parameter_may_have_any_name() -> None:
    said = r'^The query owners has no parameter "reason"; it takes date, entity\.$'
    with pytest.raises(UnknownNameError, match=said):
        view_in_memory().query("owners", parameters={"reason": "x"})
    view: View = view_in_memory()
    asked: dict[str, Any] = {"entity": "Mountain Pass"}
    assert view.query("owners", parameters=asked) == view.query("owners", **asked)
    assert asked == {"entity": "Mountain Pass"}


def test_places_are_found_by_their_names_and_rows_have_their_sources() -> None:
    view = view_in_memory()
    found = view.replace("dysprosium", "Germany", country="China", by=2028)
    assert found == view.replace("Dy", "DEU", by=2028)
    assert found.view is not None
    for each in found.candidates:
        assert found.sources[each.site.tonnes.row]


def test_the_figure_of_a_finding_is_that_of_its_kind() -> None:
    view = view_in_memory()
    usual = view.figure("replacement", "Dy", "DEU")
    assert view.replacement_figure(view.replace("Dy", "DEU")).svg == usual.svg
    other = view.replacement_figure(view.replace("Dy", "DEU", country="MYS", by=2028))
    assert "outside Malaysia" in other.title
    assert other.svg != usual.svg


def test_a_network_is_exported_and_nothing_else_takes_an_element() -> None:
    view = view_in_memory()
    content = view.export("graphml", element="Dy", market="USA")
    assert isinstance(content, bytes)
    with pytest.raises(UnknownNameError, match="takes an entity"):
        view.export("csv", element="Dy")

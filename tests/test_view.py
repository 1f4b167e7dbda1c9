"""The view, its results and answers: what is filtered, said, frozen, and shown in a notebook."""

from __future__ import annotations

import json
import pickle
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path

import pytest

import monazite as mz
from monazite.core.errors import (
    FaultyTablesError,
    MonaziteError,
    NotKnownError,
    QueryError,
    UnknownNameError,
)
from monazite.core.results import Assumption, Frozen, Result, Value, ViewSummary, frozen
from monazite.core.tables import Table
from monazite.model.network.attributes import (
    AboutNetwork,
    Attribute,
    Network,
    NetworkArc,
    NetworkNode,
    about,
    arcs_of,
    node_of,
    nodes_of,
)
from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import Preferences
from monazite.store.answers import Answer, to_answer
from monazite.store.queries import QueryRecord
from monazite.store.store import store_of
from monazite.view.view import news_read_to


def test_without_filters_every_row_is_there_and_the_day_is_the_release() -> None:
    view = mz.load()
    said = view.describe()
    assert view.valid == said["release"] == "2026-11-24"
    assert said["rows"] == said["all_rows"]
    assert (said["known"], said["tier"], said["without"], said["cost"]) == (None, None, [], {})
    assert view.line().startswith("Data: release of 24 Nov 2026, all dates; ")


def test_a_view_says_what_repeats_it() -> None:
    view = mz.load(valid="2025-05", known="2025-05-20", tier=2, without=["table:baci", "Reuters"])
    said = view.describe()
    assert (said["valid"], said["known"], said["tier"]) == ("2025-05-31", "2025-05-20", 2)
    again = mz.load(
        valid=str(said["valid"]),
        known=str(said["known"]),
        tier=2,
        without=list(said["without"]),  # type: ignore[call-overload]
    )
    assert (again.describe(), again.line()) == (said, view.line())
    said_so = (
        "known by 20 May 2025; sources of tier 2 or better; without table:baci; without Reuters"
    )
    assert said_so in view.line()
    cost = said["cost"]
    assert isinstance(cost, dict)
    assert list(cost)[:3] == ["valid 2025-05-31", "known 2025-05-20", "tier 2"]
    assert f"--tier 2 takes {cost['tier 2']:,}" in view.line()
    assert f"{said['cost_of_undated_sources']:,} have no dated source" in view.line()


@pytest.mark.whole
def test_a_view_of_a_later_day_says_to_which_day_news_was_read() -> None:
    news = str(news_read_to(mz.load().store))
    newest = max(
        row.text("date")[:10]
        for row in mz.load().rows()
        if row.table == "policy_events" and row.text("event") == "stated"
    )
    assert newest <= news
    assert f"; news read to {news}; tables " in mz.load().line()
    assert mz.load().describe()["news_read_to"] == news
    for earlier in (news, "2025-05-15"):
        assert "news read" not in mz.load(valid=earlier).line()
    assert f"news read to {news}" in mz.load(valid="2026").line()
    assert "news read to" not in mz.load(known="2025-10-20").line()


def test_tables_that_do_not_say_to_which_day_news_was_read_promise_none() -> None:
    assert news_read_to(store_of("")) is None


def test_rows_and_store_are_the_same_rows() -> None:
    view = mz.load(valid="2010-12-31", tier=2)
    rows = {f"row/{row.table}/{row.key}" for row in view.rows() if row.table != "sources"}
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    graphs = {row["g"] for row in to_answer(view.store.select(query)).dicts()}
    assert {graph for graph in graphs if graph.startswith("row/")} == rows


def test_a_question_is_asked_of_the_day_of_the_view() -> None:
    view = mz.load(valid="2025-10-20")
    asked = view.query("policies-in-force", element="Ho", shown="all").dicts()
    (found,) = {row["reason"] for row in asked if row["policy_id"] == "mofcom-gac-2025-57"}
    assert found == "takes effect on 2025-11-08, announced on 2025-10-09"
    assert view.query("policies-in-force", date="2025-10-20").rows
    with pytest.raises(UnknownNameError, match="only what is valid on 2025-10-20; ask date=2026"):
        view.query("policies-in-force", date="2026-01-15")


def test_owners_of_a_view_are_those_of_its_day(cut: Path) -> None:
    rows, today = (
        mz.load(valid=day, ontology=cut).query("owners", entity="Mountain Pass").dicts()
        for day in ("2010-12-31", "2026-11-24")
    )
    assert {row["owner_name"] for row in rows} == {"Molycorp"}
    assert {row["row"] for row in rows}.isdisjoint({row["row"] for row in today})


def test_the_suspension_is_not_known_before_it_was_published() -> None:
    status = {
        known: {
            row["policy_id"]: row["reason"]
            for row in mz.load(known=known)
            .query("policies-in-force", date="2026-01-15", shown="all")
            .dicts()
        }["mofcom-gac-2025-57"]
        for known in ("2025-11-05", "2026-01-15")
    }
    assert "suspended" not in status["2025-11-05"]
    assert status["2026-01-15"] == "suspended since 2025-11-07, until 2026-11-10"


def test_findings_rest_only_on_rows_of_the_view() -> None:
    view = mz.load(tier=2, without=["International Energy Agency"])
    findings = view.chokepoints("Dy")
    kept = {f"{row.table}/{row.key}" for row in view.rows()}
    behind = {row for point in findings.chokepoints for row in point.rows}
    assert behind
    assert behind <= kept
    assert json.loads(findings.to_json())["view"] == view.describe()


@pytest.mark.parametrize(
    "asked",
    [{"tier": 1}, {"known": "2015-12-31"}, {"valid": "1998-12-31"}, {"without": ["assumptions"]}],
    ids=str,
)
def test_every_view_answers_or_says_that_it_cannot(asked: dict[str, object]) -> None:
    view = mz.load(**asked)  # type: ignore[arg-type]
    for element in ("Dy", "MREE"):
        try:
            findings = view.chokepoints(element, "USA")
        except NotKnownError as error:
            assert str(error).endswith(".")  # noqa: PT017
        else:
            assert all(point.loss is None or point.loss <= 1 for point in findings.chokepoints)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"valid": "soon"}, '"soon" is not a date'),
        ({"known": "2025-02-30"}, '"2025-02-30" is not a date'),
        ({"known": "1970"}, "The data used has no records: no source was known by 1970-12-31"),
        ({"tier": 5}, "There is no tier 5; tiers are 1 (primary) to 4 (weak)."),
        ({"tier": 0}, "There is no tier 0"),
        ({"without": ["Reutters"]}, 'did you mean "Reuters"?'),
        ({"without": ["capacity/none"]}, "There is no row"),
        ({"without": ["facilities"]}, "is identity, which is in every view"),
        ({"data": "/nowhere"}, "/nowhere cannot be read"),
    ],
)
def test_what_cannot_be_a_view_is_one_sentence(asked: dict[str, object], said: str) -> None:
    with pytest.raises(MonaziteError) as caught:
        mz.load(**asked)  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


OWN = {
    "sources.csv": "id,publisher,title,accessed,kind,tier\n"
    "own-note,We,A note,2026-11-24,company,3\n",
    "ownership.csv": "row,owner,owned,share_percent,status,valid_from,source\n"
    "own-stake,lynas,mountain-pass,51,stated,2026-01,own-note\n",
}


OWN_STAKE = "https://w3id.org/monazite/row/ownership/own-stake"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "own"
    folder.mkdir()
    for name, text in OWN.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_own_rows_are_rows_of_the_view(own: Path, cut: Path) -> None:
    view = mz.load(data=own, ontology=cut)
    assert view.describe()["data"] == "own"
    assert view.store.has_graph(OWN_STAKE)
    owners = view.query("owners", entity="Mountain Pass").dicts()
    assert "row/ownership/own-stake" in {row["row"] for row in owners}
    assert not mz.load(ontology=cut).store.has_graph(OWN_STAKE)
    assert not mz.load(data=own, ontology=cut, tier=2).store.has_graph(OWN_STAKE)
    (own / "prices.ods").touch()
    assert mz.load(data=own, ontology=cut).unread == ("prices.ods",)


def test_faults_of_own_tables_come_all_at_once(own: Path, cut: Path) -> None:
    text = OWN["ownership.csv"].replace("51", "much").replace("lynas", "nobody-at-all")
    (own / "ownership.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FaultyTablesError) as caught:
        mz.load(data=own, ontology=cut)
    assert len(caught.value.faults) == 2
    assert all(fault.file == str(own / "ownership.csv") for fault in caught.value.faults)


# Results


class Part(Value):
    row: str
    shares: dict[str, float] = field(default_factory=dict)


class Lead(Result):
    records_key = "parts"

    parts: tuple[Part, ...]
    other_rows: tuple[str, ...] = ()
    named: str = "not/a-row"

    def content(self) -> dict[str, object]:
        return {"parts": [{"row": part.row} for part in self.parts]}

    def tables(self) -> list[Table]:
        return [Table("", ("row",), [[part.row] for part in self.parts])]


SUMMARY = ViewSummary("View: all", {"valid": "2026-11-24"})
LEAD = Lead(
    (Part("a/2", {"CHN": 0.9}), Part("a/1")),
    ("b/1", "no key"),
    view=SUMMARY,
    assumptions=(Assumption("assumptions/c", "x", 1.0, None, None, "t", "y"),),
    sources={"z/9": "USGS"},
)


def test_row_keys_are_those_of_all_fields_of_rows_and_no_others() -> None:
    assert LEAD.row_keys == ("a/1", "a/2", "assumptions/c", "b/1")


def test_every_form_has_the_content_and_its_view() -> None:
    assert json.loads(LEAD.to_json()) == LEAD.to_dict()
    assert list(LEAD.to_dict()) == ["view", "parts"]
    assert LEAD.to_text().rstrip().endswith("View: all")
    assert LEAD.to_csv().split() == ["row", "a/2", "a/1"]
    assert repr(LEAD) == "<Lead 2 parts>"


def test_nothing_it_holds_can_be_changed() -> None:
    assert {LEAD, LEAD} == {LEAD}
    held = LEAD.parts[0].shares
    for change in (lambda: held.update(x=1.0), lambda: held.pop("CHN"), lambda: held.clear()):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    assert held == {"CHN": 0.9}
    assert isinstance(LEAD.sources, Frozen)
    record = QueryRecord({"row": "row/prices/a"})
    assert frozen((record,))[0] is record, "what is frozen stays what it is"
    with pytest.raises(TypeError):
        record["row"] = "2"


def test_frozen_values_are_equal_after_a_journey() -> None:
    deep = frozen({"a": [{"b": {1, 2}}]})
    assert pickle.loads(pickle.dumps(deep)) == deep
    assert frozen(deep) is deep
    assert hash(deep) == hash(frozen({"a": [{"b": {2, 1}}]}))


# In a notebook


def html_of(thing: Result | Network) -> str:
    found = thing._repr_html_()
    assert found is not None
    return found


def test_a_network_is_its_page_in_a_frame() -> None:
    network = mz.load().network("Dy", "USA")
    frame = html_of(network)
    assert frame.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts' in frame
    assert "Content-Security-Policy" in frame
    assert "https://" in frame  # the sources of its rows
    # a part of it, and a copy, are networks as well
    assert html_of(network.copy()) == frame
    assert html_of(network.subgraph(set(network))) == frame


def test_findings_are_tables() -> None:
    view = mz.load()
    report = view.chokepoints("Dy", "USA").first(3)
    text = html_of(report)
    assert text.count("<table>") == 2
    assert "China separation" in text
    assert "<caption>" in html_of(view.balance("Dy", year=2024))
    assert "<caption>" in html_of(view.cuts("Dy"))


def test_an_answer_is_a_table_and_labels_are_text() -> None:
    answer = mz.load().query("facility-life", facility="mountain-pass")
    assert html_of(answer).count("<tr>") == len(answer.rows) + 1
    hostile = Answer(("<script>alert(1)</script>",), ())
    assert "<script" not in html_of(hostile)
    report = mz.load().chokepoints("Dy").first(1)
    bad = replace(report, title="<img src=x onerror=alert(1)>")
    assert "<img" not in html_of(bad)


# Answers and attributes


def test_a_record_reads_its_texts() -> None:
    texts = {"row": "row/a/b", "year": "2024", "low": "", "part": "0.5", "sure": "true", "old": ""}
    record = QueryRecord(texts, "network-capacity")
    assert (record.row(), record.year(), record["part"]) == ("a/b", 2024, "0.5")
    assert (record.number("part"), record.maybe_number("low")) == (0.5, None)
    assert (record.integer("year"), record.maybe_integer("low")) == (2024, None)
    assert (record.flag("sure"), record.flag("old")) == (True, False)
    assert record.beside(old="false")["old"] == "false"
    assert hash(record) == hash(record.beside())


def test_an_error_names_the_query_and_the_column() -> None:
    record = QueryRecord({"part": "half"}, "network-capacity")
    for read in (record.number, record.integer, record.flag):
        with pytest.raises(QueryError, match='"part" of the query network-capacity gives "half"'):
            read("part")
    with pytest.raises(QueryError, match='query network-capacity has no column "year"'):
        record.year()


def test_every_attribute_has_an_accessor() -> None:
    view = mz.load()
    network = view.graph("Dy", "USA").network
    carried = {
        NetworkNode: {name for node in nodes_of(network) for name in node.cells},
        NetworkArc: {name for arc in arcs_of(network) for name in arc.cells},
        AboutNetwork: set(network.graph),
    }
    for accessors, names in carried.items():
        known = {name for name, found in vars(accessors).items() if isinstance(found, Attribute)}
        assert names <= known, accessors


def test_what_is_not_there_is_the_default_or_a_sentence() -> None:
    network = Network()
    network.add_node("mine/CHN", kind="country")
    node = node_of(network, "mine/CHN")
    assert (node.share, node.rows, about(network).market) == (None, (), "")
    for read in ("pool_share", "of_year"):
        with pytest.raises(NotKnownError, match="mine/CHN"):
            getattr(node, read)


def test_what_is_kept_between_questions_cannot_be_changed() -> None:
    view = mz.load()
    facts = read_facts(view.store, "Dy", view.valid)
    for name in sorted(CACHED):
        held = getattr(facts, name)
        assert isinstance(held, tuple | frozenset | Frozen | Preferences | Value), name
    assert isinstance(view.schema.tables, Frozen)
    view.rows().clear()
    assert view.rows(), "the rows that are handed out are a copy"


CACHED = {
    name
    for name, found in vars(Facts).items()
    if isinstance(found, cached_property) and name != "oxide_factor"
}
"""What facts work out once and hand out; a number cannot be changed anyhow."""

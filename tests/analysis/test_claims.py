"""Claims: the rule of the verdict, the judged rows of the tables, and what a view does to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.claims import (
    CONTRADICTED,
    PARTLY,
    RELATIONS,
    SUPPORTED,
    UNDECIDED,
    VERDICTS,
    Claim,
    ClaimLink,
    Claims,
    Response,
    choose_claims,
    find_claims,
    find_verdict,
    write_claim,
)
from monazite.core.tables import write_tables
from monazite.data.columns import Schema
from monazite.data.reader import Tables
from monazite.store.cards import RowCard, SourceLine
from monazite.store.store import Store
from monazite.view.opening import load
from tests.golden.lines import lines_of
from tests.results import records_in

RULED = {
    frozenset(): UNDECIDED,
    frozenset({"bears-on"}): UNDECIDED,
    frozenset({"supports"}): SUPPORTED,
    frozenset({"contradicts"}): CONTRADICTED,
    frozenset({"partly-contradicts"}): PARTLY,
    frozenset({"supports", "contradicts"}): PARTLY,
    frozenset({"supports", "partly-contradicts"}): PARTLY,
    frozenset({"contradicts", "partly-contradicts"}): PARTLY,
    frozenset({"supports", "contradicts", "partly-contradicts"}): PARTLY,
}
RELATION = st.sampled_from(RELATIONS)


def test_the_rule_for_every_set_of_relations() -> None:
    speaking = [name for name in RELATIONS if name != "bears-on"]
    for size in range(len(speaking) + 1):
        for chosen in combinations(speaking, size):
            assert find_verdict(chosen) == RULED[frozenset(chosen)]


@given(st.lists(RELATION))
def test_order_and_number_of_rows_do_not_matter(relations: list[str]) -> None:
    assert find_verdict(relations) == find_verdict(sorted(set(relations)))


@given(st.lists(RELATION))
def test_what_only_bears_on_a_claim_decides_nothing(relations: list[str]) -> None:
    assert find_verdict([*relations, "bears-on"]) == find_verdict(relations)


@given(st.lists(RELATION), RELATION)
def test_one_more_row_never_makes_a_disputed_claim_clear(relations: list[str], more: str) -> None:
    if find_verdict(relations) == PARTLY:
        assert find_verdict([*relations, more]) == PARTLY


MALAYSIA, FRANCE, CALIFORNIA = "c16-malaysia-1992", "c17-france-1994", "c18-mountain-pass-1998"


@pytest.fixture(scope="module")
def schema(shipped: Tables) -> Schema:
    return shipped.schema


@pytest.fixture(scope="module")
def claims(store: Store, schema: Schema) -> dict[str, Claim]:
    return {claim.id: claim for claim in find_claims(store, store, schema.tables)}


def verdicts(store: Store, schema: Schema, **view: object) -> dict[str, str]:
    """The verdicts when only the rows of a view count."""
    seen = load(**view).store  # type: ignore[arg-type]
    return {claim.id: claim.verdict for claim in find_claims(store, seen, schema.tables)}


def test_every_statement_is_judged_and_by_its_links_alone(claims: dict[str, Claim]) -> None:
    """The verdicts, worked out from the lines of the table without the store."""
    sides: dict[str, set[str]] = defaultdict(set)
    for line in lines_of("statement_links").values():
        sides[line["statement"]].add(line["relation"])
    assert {f"statements/{name}" for name in claims} == set(lines_of("statements"))
    for name, claim in claims.items():
        assert claim.verdict == RULED[frozenset(sides[name] - {"bears-on"})], name
        assert claim.links, f"nobody has looked for rows on {name}"


def test_three_closures_of_the_nineties_are_partly_contradicted(claims: dict[str, Claim]) -> None:
    assert {claims[name].verdict for name in (MALAYSIA, FRANCE, CALIFORNIA)} == {PARTLY}
    said = {
        name: {card.row for card in claims[name].cards("contradicts")}
        for name in (MALAYSIA, FRANCE, CALIFORNIA)
    }
    assert "facility_events/bukit-merah-1994-01-19-closed" in said[MALAYSIA]
    assert "facility_events/la-rochelle-1994-08-restarted" in said[FRANCE]
    assert "production/usa-mine-rare-earths-1999-bgs" in said[CALIFORNIA]
    tiers = {source.tier for card in claims[FRANCE].cards("contradicts") for source in card.sources}
    assert min(tiers) == "1"


def test_a_tier_moves_the_verdict(store: Store, schema: Schema, claims: dict[str, Claim]) -> None:
    primary = verdicts(store, schema, tier=1)
    assert set(primary) == set(claims)  # what is claimed does not depend on the view
    assert primary[MALAYSIA] == UNDECIDED  # news and blogs only
    assert primary[FRANCE] == PARTLY  # the waste agency is a primary source
    assert primary[CALIFORNIA] == CONTRADICTED  # only the surveys are left
    no_weak = verdicts(store, schema, tier=3)
    assert claims["c14-nineties-flood"].verdict == PARTLY
    assert no_weak["c14-nineties-flood"] == SUPPORTED  # the objection is a weak source's


def test_choose_by_number_id_words_verdict_and_speaker(claims: dict[str, Claim]) -> None:
    every = list(claims.values())

    def ids(text: str = "", verdict: str = "", speaker: str = "") -> list[str]:
        return [claim.id for claim in choose_claims(every, text, verdict=verdict, speaker=speaker)]

    assert ids("c16") == ids(MALAYSIA) == ids("MALAYSIA") == [MALAYSIA]
    assert ids("collapsed prices") == ["c14-nineties-flood", "c23-second-flood"]
    assert ids(speaker="hedrick") == ["c07-five-years", "c08-head-start"]
    assert ids(verdict="Not-Known") == ids(verdict="not known") != []
    assert sorted(name for verdict in VERDICTS for name in ids(verdict=verdict)) == sorted(claims)
    assert ids("no such words") == []


HOSTILE = '<script>alert(1)</script> | a "b"'
SOURCE = SourceLine("a", HOSTILE, HOSTILE, "2025", "3", "https://example.org/")
CARD = RowCard("prices/a", "prices", HOSTILE, "2025", HOSTILE, (SOURCE,), {}, perhaps=True)
CLAIM = Claim(
    row="statements/c1",
    speaker=HOSTILE,
    role=HOSTILE,
    actor="",
    subject=HOSTILE,
    date_from="2025",
    date_until="2025",
    stance="Asserted",
    statement="=cmd()",
    numbers="",
    sources=(SOURCE,),
    responses=(Response(HOSTILE, "Denied", HOSTILE, "responses/a"),),
    links=(
        ClaimLink("supports", HOSTILE, "prices/a", "statement_links/a", CARD),
        ClaimLink("contradicts", HOSTILE, "prices/b", "statement_links/b", None),
    ),
)


def test_markdown_has_no_tag() -> None:
    for text in (
        write_claim(CLAIM, "markdown", view=HOSTILE),
        write_tables(Claims((CLAIM,), 1).tables(), "markdown"),
    ):
        assert "<script" not in text
        assert "&lt;script" in text


def test_a_source_has_one_number_and_what_is_left_out_no_text() -> None:
    text = write_claim(CLAIM, "table")
    assert text.startswith("c1: supported\n")
    assert text.count("  [1] ") == 1
    assert "[2]" not in text
    assert "perhaps: " in text
    assert "  contradicts: prices/b\n" in text
    assert "View" not in text


def test_a_claim_has_a_line_for_each_of_its_rows_or_one_that_has_none() -> None:
    for links, verdicts in ((CLAIM.links, ["supported"] * 2), ((), ["not known"])):
        (table,) = Claims((replace(CLAIM, links=links),), 1).csv_tables()
        told = records_in(table)
        assert [each["verdict"] for each in told] == verdicts

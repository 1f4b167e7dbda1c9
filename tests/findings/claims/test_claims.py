"""Claims: the rule of the verdict, the judged rows of the tables, and what a view does to them."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import strategies as st

from monazite.findings.claims.claims import Claim, choose_claims, find_claims
from monazite.findings.claims.verdicts import (
    CONTRADICTED,
    PARTLY,
    RELATIONS,
    SUPPORTED,
    UNDECIDED,
    VERDICTS,
)
from monazite.rows.columns import Schema
from monazite.rows.reader import Tables
from monazite.triples.store import Store
from monazite.view import load
from tests.findings.ruled import RULED
from tests.golden.lines import line_of, lines_of

MALAYSIA, FRANCE, CALIFORNIA = "c16-malaysia-1992", "c17-france-1994", "c18-mountain-pass-1998"
RELATION = st.sampled_from(RELATIONS)


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


# The rule


# The tables


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


def test_what_nothing_speaks_to_is_not_known(claims: dict[str, Claim]) -> None:
    """No price of samarium of the 1990s was found: the row of 2008 decides nothing."""
    assert claims["c15-samarium"].verdict == UNDECIDED
    years = {line["date"][:4] for line in lines_of("prices").values() if "samarium" in line["row"]}
    assert min(years) == "2008"


def test_a_claim_knows_who_makes_it_and_who_does_not_confirm_it(claims: dict[str, Claim]) -> None:
    claim = claims["c03-london-resume"]
    assert (claim.speaker, claim.role) == ("Howard Lutnick", "US Secretary of Commerce")
    assert [(answer.by, answer.stance) for answer in claim.responses] == [
        ("CHN government", "Not confirmed")
    ]
    assert [source.id for source in claim.sources] == ["article-2025-06"]
    assert claims["c14-nineties-flood"].time == "1990 to 1999"
    assert claims[MALAYSIA].time == "1992"
    assert claims[MALAYSIA].speaker == "newspaper article"


def test_reasons_are_sentences_that_no_row_repeats() -> None:
    reasons = [line["reason"] for line in lines_of("statement_links").values()]
    assert all(reason[0].isupper() or reason[0].isdigit() for reason in reasons)
    assert all(reason.endswith(".") and len(reason) > 20 for reason in reasons)
    assert len(set(reasons)) == len(reasons)


def test_figures_in_the_reasons_follow_from_the_rows() -> None:
    """478 t of NdPr oxide in a quarter, of 13,742 t REO that hold 15.7 percent: 22 percent."""
    reo = line_of("capacity/mountain-pass-concentrate-rare-earth-concentrate-actual-output-2024-09")
    ndpr = line_of("capacity/mountain-pass-separation-ndpr-oxide-actual-output-2024-09")
    assay = line_of("assays/mountain-pass-ndpr-treo")
    share = float(ndpr["value"]) / (float(reo["value"]) * float(assay["percent"]) / 100)
    assert round(100 * share) == 22
    link = line_of("statement_links/c25-ndpr-q3-2024")
    assert "22 %" in link["reason"]
    assert ndpr["row"] == link["fact"]


def test_china_has_mined_more_than_the_usa_in_every_year_since_1992() -> None:
    """What the reason of c08 says, from the lines of the default series."""
    mined: dict[tuple[str, str], float] = {}
    for line in lines_of("production").values():
        whole = (line["stage"], line["material"], line["unit"]) == ("mine", "rare-earths", "t")
        if whole and line["value"] and line["year"] >= "1992":
            key = (line["country"], line["year"])
            mined[key] = max(mined.get(key, 0), float(line["value"]))
    years = {year for country, year in mined if country == "USA"}
    assert len(years) > 30
    assert all(mined["CHN", year] > mined["USA", year] for year in years)


# The view


def test_a_tier_moves_the_verdict(store: Store, schema: Schema, claims: dict[str, Claim]) -> None:
    primary = verdicts(store, schema, tier=1)
    assert set(primary) == set(claims)  # what is claimed does not depend on the view
    assert primary[MALAYSIA] == UNDECIDED  # news and blogs only
    assert primary[FRANCE] == PARTLY  # the waste agency is a primary source
    assert primary[CALIFORNIA] == CONTRADICTED  # only the surveys are left
    no_weak = verdicts(store, schema, tier=3)
    assert claims["c14-nineties-flood"].verdict == PARTLY
    assert no_weak["c14-nineties-flood"] == SUPPORTED  # the objection is a weak source's


@pytest.mark.whole
def test_leaving_rows_out_moves_the_verdict(store: Store, schema: Schema) -> None:
    against = [
        line["table"] + "/" + line["fact"]
        for line in lines_of("statement_links").values()
        if line["statement"] == MALAYSIA
        and line["relation"] in {"contradicts", "partly-contradicts"}
    ]
    assert verdicts(store, schema, without=against)[MALAYSIA] == SUPPORTED
    links = [f"statement_links/{name}" for name in ("c17-monazite-ended", "c17-went-on-1994")]
    found = verdicts(store, schema, without=[*links, "statement_links/c17-output-2024"])
    assert found[FRANCE] == UNDECIDED


def test_a_view_of_2011_knows_the_press_version_and_not_the_output_of_2024(
    store: Store, schema: Schema
) -> None:
    seen = load(known="2011-12-31").store
    claims = {claim.id: claim for claim in find_claims(store, seen, schema.tables)}
    counted = {link.fact for link in claims[MALAYSIA].counted}
    assert "facility_events/bukit-merah-1992-closed" in counted
    counted = {link.fact for link in claims[FRANCE].counted}
    assert counted & {"facility_events/la-rochelle-1994-08-restarted"}
    assert not counted & {
        "capacity/la-rochelle-separation-rare-earth-products-actual-output-2024-06"
    }


# Choosing


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

"""What may fail: countries at stages, sites and firms where coverage allows, whole countries."""

from __future__ import annotations

import pytest

from monazite.findings.events.failure_points import (
    Candidate,
    candidates_of,
    find_candidates,
    find_things,
)
from monazite.findings.ownership.site_owners import Owner
from monazite.network.graph import Network
from monazite.view import View
from tests.conftest import view_in_memory
from tests.findings.chains import add_site, chain


def by_id(network: Network) -> dict[str, Candidate]:
    return {each.id: each for each in find_candidates(network)}


def test_a_small_part_of_a_small_country_is_not_the_country() -> None:
    network = chain({"mine": {"A": 0.992, "B": 0.008}, "magnet": {"A": 1.0}})
    network.nodes["mine/B"]["coverage"] = 0.6
    add_site(network, "mine/B", "pit", 0.6, ["digger"])
    found = by_id(network)
    assert found["mine/B"].label == "B mining"
    assert found["mine/pit"].thing == found["firm/digger"].thing == "mine/pit"
    assert found["mine/pit"].share == pytest.approx(0.6 * 0.008)


def test_a_site_that_makes_all_of_its_country_is_the_country_there() -> None:
    network = chain({"mine": {"A": 1.0}, "magnet": {"A": 1.0}})
    network.nodes["mine/A"]["coverage"] = 1.0
    add_site(network, "mine/A", "pit", 1.0, ["digger"])
    assert {each.thing for each in find_candidates(network) if each.stage == "mine"} == {"mine/A"}
    (thing,) = [each for each in find_things(network) if each.stage == "mine"]
    assert thing.label == "A mining = Pit"


def test_a_firm_fails_with_all_its_sites_and_a_joint_site_is_nobodys() -> None:
    network = chain({"mine": {"A": 1.0}, "separation": {"A": 1.0}})
    for stage in ("mine", "separation"):
        network.nodes[f"{stage}/A"]["coverage"] = 0.9
    add_site(network, "mine/A", "pit", 0.5, ["digger"])
    add_site(network, "separation/A", "plant", 0.4, ["digger"])
    add_site(network, "separation/A", "venture", 0.5, ["digger", "partner"])
    found = by_id(network)
    assert found["firm/digger"].stage == "mine + separation"
    assert found["firm/digger"].hits == pytest.approx({"mine/A": 0.5, "separation/A": 0.4})
    assert "firm/partner" not in found
    assert "separation/venture" in found


def test_a_firm_fails_with_what_it_owns_and_others_run() -> None:
    network = chain({"mine": {"A": 1.0}, "separation": {"A": 1.0}})
    for stage in ("mine", "separation"):
        network.nodes[f"{stage}/A"]["coverage"] = 0.9
    add_site(network, "mine/A", "pit", 0.5, ["digger"])
    add_site(network, "separation/A", "plant", 0.4, ["cook"])
    holding = Owner("holding", "Holding", ("ownership/one",))
    found = find_candidates(network, {"mine/pit": holding, "separation/plant": holding})
    (firm,) = [each for each in found if each.id == "firm/holding"]
    assert firm.hits == pytest.approx({"mine/A": 0.5, "separation/A": 0.4})
    assert "ownership/one" in firm.rows
    assert {"firm/digger", "firm/cook"} <= {each.id for each in found}


@pytest.mark.parametrize(("coverage", "ranked"), [(0.5, True), (0.499, False), (None, False)])
def test_a_site_is_ranked_only_where_half_of_its_country_is_known(
    coverage: float | None, ranked: bool
) -> None:
    network = chain({"mine": {"A": 1.0}, "magnet": {"A": 1.0}})
    network.nodes["mine/A"]["coverage"] = coverage
    add_site(network, "mine/A", "pit", 0.3, ["digger"])
    assert ("mine/pit" in by_id(network)) == ranked
    assert ("firm/digger" in by_id(network)) == ranked


def test_an_outage_is_also_of_whole_countries_and_a_border_of_nothing_else() -> None:
    network = chain({"mine": {"A": 0.5, "B": 0.5}, "magnet": {"A": 1.0}})
    outage = {each.id: each for each in candidates_of(network, "outage")}
    assert outage["country/A"].hits == {"mine/A": 1.0, "magnet/A": 1.0}
    assert "country/B" not in outage  # it is B at the mine
    assert [each.id for each in candidates_of(network, "embargo")] == ["country/A", "country/B"]


def test_the_shipped_sites_are_ranked_where_half_of_their_country_is_known() -> None:
    view: View = view_in_memory()
    network = view.network("MREE")
    found = by_id(network)
    for node, cells in network.nodes(data=True):
        if cells["kind"] == "site" and cells.get("of_country"):
            pool = network.nodes.get(f"{cells['stage']}/{cells['country']}", {})
            known = (pool.get("coverage") or 0.0) >= 0.5
            assert (node in found) == known, node
    assert not any(name.endswith("-rest") for name in found)


def candidate(name: str, hits: dict[str, float], kind: str = "country") -> Candidate:
    return Candidate(
        id=name,
        thing=name,
        label=name,
        kind=kind,
        stage="mine",
        country="A",
        hits=hits,
        share=0.5,
        coverage=None,
        basis="",
        year=None,
        rows=(),
    )


def test_a_deposit_is_a_part_of_its_country_at_the_mine_and_of_nothing_else() -> None:
    pit = candidate("mine/A/pit", {"mine/A/pit": 1.0}, "deposit")
    lode = candidate("mine/A/lode", {"mine/A/lode": 1.0}, "deposit")
    mines = candidate("mine/A", {"mine/A": 1.0})
    whole = candidate("country/A", {"mine/A": 1.0, "separation/A": 1.0})
    half = candidate("mine/half", {"mine/A": 0.5}, "site")
    assert pit.places == (("mine", "A", "pit", 1.0),)
    assert mines.places == (("mine", "A", "", 1.0),)
    assert pit.within(mines, 1.0)
    assert pit.within(whole, 1.0)
    assert pit.within(half)
    assert not pit.within(half, 1.0)
    assert not pit.within(lode)
    assert not mines.within(pit)
    assert not whole.within(mines)
    assert mines.within(whole, 1.0)

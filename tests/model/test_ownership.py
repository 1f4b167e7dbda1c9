"""Parents and owners on a day: golden answers read by hand, hand-made links, and laws."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import UnknownNameError
from monazite.data.filters import Filters
from monazite.model.network.attributes import Network
from monazite.model.ownership import MAX_CHAINS, Parents, find_parents, links_on, owners_of, trace
from monazite.store.opening import open_store
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

DAY = "2020-06-30"


def row(
    owner: str,
    owned: str,
    percent: str = "",
    status: str = "stated",
    begins: str = "2000-01-01",
    ends: str = "",
) -> QueryRecord:
    dates = {"from": begins, "fromEarliest": begins, "fromLatest": begins}
    dates |= {"until": ends, "untilEarliest": ends, "untilLatest": ends}
    names = {"owner": owner, "ownerLabel": owner.upper(), "ownerCountry": "", "note": ""}
    names |= {"owned": owned, "ownedLabel": owned.upper(), "percent": percent, "status": status}
    facts = {"inPlace": "false" if status == "announced" else "true"}
    facts |= {"givesControl": "true" if status == "controlling" else ""}
    key = f"row/ownership/{owner}-{owned}-{percent}{status}{begins}"
    return QueryRecord({**names, **facts, **dates, "row": key})


def parents(entity: str, *rows: QueryRecord, day: str = DAY) -> Parents:
    return trace(entity, entity.upper(), links_on(rows, day), day)


def ways(found: Parents) -> list[list[str]]:
    return [[link.owner for link in chain.links] for chain in found.chains]


def others(found: Parents) -> dict[str, tuple[float, ...]]:
    return {link.owner: link.percents for link in found.others}


# Golden answers, worked out by hand from ownership.csv

MP = "mp-materials"
MOUNTAIN_PASS: dict[str, tuple[list[list[str]], str, dict[str, tuple[float, ...]]]] = {
    "1976-06-30": ([["molycorp"]], "surely", {}),
    "1998-12-31": ([["molycorp", "unocal"]], "surely", {}),
    "2006-06-30": ([["molycorp", "unocal", "chevron"]], "surely", {}),
    "2008-06-30": ([["chevron"]], "surely", {}),
    "2015-12-31": ([["molycorp"]], "surely", {}),
    "2019-06-30": (
        [[MP]],
        "surely",
        {"jhl-capital": (), "qvt-financial": (), "shenghe-resources": ()},
    ),
    "2021-01-31": ([[MP]], "surely", {"jhl-capital": (28.2,), "shenghe-resources": (8.0,)}),
    "2026-11-24": (
        [[MP]],
        "surely",
        {
            "jhl-capital": (1.6,),
            "qvt-financial": (7.6,),
            "shenghe-resources": (3.1,),
            "us-dod": (15.0,),
        },
    ),
}


@pytest.mark.parametrize("day", MOUNTAIN_PASS)
def test_who_stood_above_mountain_pass(store: Store, day: str) -> None:
    found = find_parents(store, "Mountain Pass mine and processing facility", day)
    assert (ways(found), found.certainty, others(found)) == MOUNTAIN_PASS[day]


def test_the_year_in_which_molycorp_was_merged_is_told_as_a_doubt(store: Store) -> None:
    """Two rows end and begin in 2007: Molycorp under Unocal, and Chevron by itself."""
    found = find_parents(store, "mountain-pass", "2007-06-30")
    assert ways(found) == [["chevron"], ["molycorp", "unocal", "chevron"]]
    assert found.tops == (("chevron", "Chevron Corporation"),)
    assert found.certainty == "perhaps"
    assert any(remark.startswith("Several chains: Mountain Pass") for remark in found.remarks)


def test_two_funds_held_mp_materials_together(store: Store) -> None:
    found = find_parents(store, MP, "2019-06-30")
    assert (found.tops, found.certainty) == ((), "not known")
    funds = "JHL Capital Group LLC and QVT Financial LP"
    assert f"Joint control: {funds} hold MP Materials Corp. together." in found.remarks


GOLDEN = [
    ("lynas-malaysia-kuantan", "2015-06-30", [["lynas-malaysia", "lynas"]], "surely"),
    ("silmet-sillamae", "2015-12-31", [["silmet", "molycorp"]], "surely"),
    ("silmet-sillamae", "2018-01-01", [["silmet", "neo-performance", "oaktree"]], "surely"),
    ("silmet-sillamae", "2026-11-24", [["silmet", "neo-performance"]], "surely"),
    ("magnequench-anderson", "1990-01-01", [["magnequench", "general-motors"]], "surely"),
    ("magnequench-anderson", "1998-12-31", [["magnequench", "sextant-group"]], "surely"),
    ("magnequench", "2014-12-31", [["neo-material-technologies", "molycorp"]], "surely"),
    ("vac", "2008-12-31", [["one-equity-partners"]], "surely"),
    ("evac", "2026-11-24", [["vac", "ara-partners"]], "perhaps"),
    ("bukit-merah", "1990-06-30", [["asian-rare-earth"]], "surely"),
    ("golden-dragon", "2026-11-24", [["china-rare-earth-group"], ["xiamen-tungsten"]], "perhaps"),
    (
        "northern-rare-earth",
        "2026-11-24",
        [["baogang", "gov-inner-mongolia"], ["baogang", "sasac"]],
        "perhaps",
    ),
]


@pytest.mark.parametrize(("name", "day", "chains", "certainty"), GOLDEN)
def test_golden_chains(
    store: Store, name: str, day: str, chains: list[list[str]], certainty: str
) -> None:
    found = find_parents(store, name, day)
    assert (ways(found), found.certainty) == (chains, certainty)


def test_nobody_is_known_to_control_china_rare_earth_group(store: Store) -> None:
    """31.21 + 3 times 20.33 + 2 times 3.9 is all of it: no share is more than half."""
    found = find_parents(store, "china-rare-earth-resources", "2026-11-24")
    assert ways(found) == [["china-rare-earth-group"]]
    assert others(found)["sasac"] == (31.21,)
    assert (
        "No holder of China Rare Earth Group Co., Ltd. is known to have more than half: "
        "shares on record 100 %."
    ) in found.remarks


def test_shares_are_multiplied_only_where_all_are_known(store: Store) -> None:
    """Shenghe 100 % of Peak, Peak 84 % of Mamba, Mamba 100 % of Ngualla."""
    (chain,) = find_parents(store, "ngualla", "2025-12-31").chains
    assert [link.owner for link in chain.links] == [
        *("mamba-minerals", "peak-rare-earths", "shenghe-resources")
    ]
    assert (chain.percent_low, chain.percent_high) == (84.0, 84.0)
    (chain,) = find_parents(store, "mountain-pass", "2006-06-30").chains
    assert [link.percents for link in chain.links] == [(), (), (100.0,)]
    assert chain.percent_low is None


def test_steps_name_their_rows_and_a_plant_without_an_owner_tells_who_runs_it(store: Store) -> None:
    sold = find_parents(store, "mountain-pass", "1998-12-31")
    assert sold.rows == ("ownership/molycorp-mountain-pass-1952", "ownership/unocal-molycorp-1977")
    found = find_parents(store, "la-rochelle", "1994-12-31")
    assert (found.chains, found.others, found.certainty) == ((), (), "not known")
    assert {one.id for one in found.operators} == {"rhone-poulenc"}
    assert "does not mean that there is none" in found.remarks[0]


def test_what_is_no_firm_or_plant_is_refused(store: Store) -> None:
    with pytest.raises(UnknownNameError, match="no facility or firm"):
        find_parents(store, "dysprosium", DAY)


@pytest.mark.whole
@pytest.mark.parametrize("day", ["2006-06-30", "2017-07-15", "2026-11-24"])
def test_the_rules_infer_the_same_parents(store: Store, day: str) -> None:
    """The rule of a direct fact and networkx, from the same rows."""
    ns = "https://w3id.org/monazite/ns#"
    tops: dict[str, set[str]] = {}
    for answer in open_store(filters=Filters(valid=day)).select(
        f"SELECT ?a ?b {{ ?a <{ns}controlledBy> ?above . ?above <{ns}id> ?b }}"
    ):
        tops.setdefault(answer["a"].value.rsplit("/", 1)[1], set()).add(answer["b"].value)
    assert tops
    links = links_on(ask(store, "network-holdings"), day)
    for entity, held in links.items():
        if not any(one.in_place for link in held for one in link.holdings):
            continue  # what has no owner is controlled by who operates it, which is no parent
        found = trace(entity, entity, links, day)
        assert {top for top, _ in found.tops} == tops.get(entity, set())


# Hand-made links


@pytest.mark.parametrize(
    ("percent", "status", "way"),
    [
        ("50.01", "stated", [["b"]]),
        ("50", "stated", []),
        ("", "stated", []),
        ("", "controlling", [["b"]]),
        ("30", "controlling", [["b"]]),
        ("", "joint", []),
        ("100", "announced", []),
    ],
)
def test_what_makes_a_parent(percent: str, status: str, way: list[list[str]]) -> None:
    found = parents("a", row("b", "a", percent, status))
    assert ways(found) == way
    assert [link.owner for link in found.others] == ([] if way else ["b"])


@pytest.mark.parametrize(
    "rows",
    [
        (row("b", "a", "50"), row("c", "a", "50")),
        (row("b", "a", status="joint"), row("c", "a", status="joint")),
    ],
)
def test_joint_control_ends_the_way(rows: tuple[QueryRecord, ...]) -> None:
    found = parents("a", *rows, row("d", "b", "100"))
    assert (found.tops, found.certainty) == ((), "not known")
    assert "Joint control: B and C hold A together." in found.remarks
    assert "d" not in others(found)


def test_a_circle_has_no_ultimate_parent_and_is_told() -> None:
    circle = [row("b", "a", "60"), row("a", "b", "60")]
    found = parents("m", row("a", "m", "100"), *circle)
    assert (found.tops, found.circles, found.certainty) == ((), (("a", "b"),), "not known")
    assert found.remarks == ("A circle: the records let A, B control each other.",)
    out = parents("a", *circle, row("c", "b", "", "controlling"))
    assert (ways(out), out.certainty) == ([["b", "c"]], "perhaps")


def test_several_chains_are_all_shown_and_none_is_sure() -> None:
    found = parents("a", row("c", "a", "60"), row("b", "a", "", "controlling"))
    assert (ways(found), found.certainty) == ([["b"], ["c"]], "perhaps")
    assert found.remarks == ("Several chains: A has more than one parent on record (B; C).",)


def test_a_perhaps_is_followed_and_marked() -> None:
    found = parents("a", row("b", "a", "60", begins=""), row("c", "b", "60"))
    assert (ways(found), found.certainty) == ([["b", "c"]], "perhaps")
    assert found.remarks == ("Perhaps only: B above A; no first day is on record.",)


def test_rows_of_one_link_stand_together() -> None:
    """One row gives the share, another says that it controls: the way is sure if the latter is."""
    rows = [row("b", "a", "36.7"), row("b", "a", "", "controlling"), row("b", "a", "36.66")]
    (chain,) = parents("a", *rows).chains
    (link,) = chain.links
    assert (link.control, link.percents, len(link.rows)) == ("stated", (36.66, 36.7), 3)
    assert (chain.percent_low, chain.percent_high) == (36.66, 36.7)


def test_what_is_past_or_to_come_is_nothing() -> None:
    past = row("b", "a", "100", ends="2020-06-29")
    to_come = row("c", "a", "100", begins="2020-07-01")
    found = parents("a", past, to_come)
    assert (found.chains, found.others) == ((), ())
    assert ways(parents("a", past, day="2020-06-29")) == [["b"]]


def test_many_chains_are_cut_and_it_is_told() -> None:
    steps = [
        row(f"{side}{level + 1}", f"{lower}{level}", "", "controlling")
        for level in range(8)
        for side in "xy"
        for lower in ("xy" if level else "x")
    ]
    found = parents("x0", *steps)
    assert len(found.chains) == MAX_CHAINS
    assert f"Only {MAX_CHAINS} chains are shown." in found.remarks


FIRMS = st.sampled_from("abcdefg")
HOLDINGS = st.lists(
    st.tuples(FIRMS, FIRMS, st.sampled_from(["", "20", "50", "51", "100"]), st.booleans()),
    max_size=14,
)


def made(drawn: list[tuple[str, str, str, bool]]) -> list[QueryRecord]:
    return [
        row(owner, owned, percent, "controlling" if said else "stated")
        for owner, owned, percent, said in drawn
    ]


@given(HOLDINGS, st.randoms())
def test_the_tops_are_those_of_a_plain_walk_in_any_order(
    drawn: list[tuple[str, str, str, bool]], shuffler: object
) -> None:
    rows = made(drawn)
    above: dict[str, set[str]] = {}
    for one in rows:
        if one["owner"] != one["owned"] and (
            one["status"] == "controlling" or one["percent"] in {"51", "100"}
        ):
            above.setdefault(one["owned"], set()).add(one["owner"])
    seen, queue = {"a"}, ["a"]
    while queue:
        for owner in above.get(queue.pop(), ()):
            if owner not in seen:
                seen.add(owner)
                queue.append(owner)
    found = parents("a", *rows)
    assert {top for top, _ in found.tops} == {one for one in seen - {"a"} if one not in above}
    assert all(link.owned in seen for link in found.others)
    shuffler.shuffle(rows)  # type: ignore[attr-defined]  # a random.Random
    assert parents("a", *rows) == found


@given(HOLDINGS)
def test_a_share_that_is_not_known_is_never_control(
    drawn: list[tuple[str, str, str, bool]],
) -> None:
    rows = [row(owner, owned) for owner, owned, _, _ in drawn]
    assert parents("a", *rows).chains == ()


def owners(*rows: QueryRecord, operators: tuple[str, ...] = ()) -> dict[str, tuple[str, int]]:
    network = Network()
    network.add_node("mine/plant", kind="site", operators=[(each, each) for each in operators])
    network.add_node("mine/CHN", kind="country")
    facts = SimpleNamespace(derive=lambda _, work: work(), date=DAY, ask=lambda _: rows)
    found = owners_of(network, facts)  # type: ignore[arg-type]
    return {node: (owner.label, len(owner.rows)) for node, owner in found.items()}


def test_the_last_parent_on_the_way_owns_the_plant() -> None:
    rows = row("firm", "plant", "100"), row("group", "firm", "60")
    assert owners(*rows) == {"mine/plant": ("GROUP", 2)}


def test_who_runs_it_stands_in_where_the_plant_has_no_owner() -> None:
    rows = (row("group", "firm", "60"),)
    assert owners(*rows, operators=("firm",)) == {"mine/plant": ("GROUP", 1)}
    assert owners(row("other", "plant", "100"), *rows, operators=("firm",)) == {
        "mine/plant": ("OTHER", 1)
    }


def test_what_several_own_or_run_is_nobodys() -> None:
    assert owners(row("a", "plant", "50"), row("b", "plant", "50")) == {}
    two = row("group", "firm", "60"), row("group", "second", "60")
    assert owners(*two, operators=("firm", "second")) == {}
    assert owners() == {}

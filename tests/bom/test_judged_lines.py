"""Rules held against lines of a bill: borders and forms by hand, and what is not said is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.analysis.rules.compiled import CompiledRules, compile_rules
from monazite.analysis.rules.weighing import Between, Case
from monazite.bom.bill import Bill, BillSupplier, ElementContent
from monazite.bom.contents import Materials
from monazite.bom.exposure import country_codes, find_exposure, known_materials
from monazite.bom.filling import NO_PROFILE, BuyerProfile
from monazite.bom.judged_lines import BillJudge, LineJudgement, strongest
from monazite.bom.line_cases import Borders, LineCases, Way, made_shares
from monazite.bom.result import Exposure
from monazite.store.names import Entity
from monazite.store.opening import open_store
from monazite.store.queries import ask
from monazite.store.store import Store
from tests.bom.bills import line

UNION = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
DAYS = ("2025-03-31", "2025-04-04", "2025-10-10", "2026-12-02")


def made(country: str) -> tuple[BillSupplier, ...]:
    return (BillSupplier("Somebody", made_in=country),)


def motor(magnets: str, rotor: str, *, dysprosium: float = 3.0) -> Bill:
    """A motor of unknown make with a rotor, and magnets in it."""
    top = line("motor")
    built = line("rotor", suppliers=made(rotor), above=(0,))
    magnet = replace(
        line(
            *("magnet", 8),
            mass=20,
            material="NdFeB",
            suppliers=made(magnets),
            contents=(ElementContent("Dy", dysprosium, dysprosium, "tested"),),
            above=(1,),
        ),
        row=3,
    )
    return Bill("motor.csv", "", (top, built, magnet))


def judged(store: Store, bill: Bill, market: Entity = UNION) -> dict[tuple[str, str], list[str]]:
    return {
        (x.rule, x.layer): [x.outcomes[day] for day in DAYS] for x in found(store, bill, market)
    }


def of_rule(lines: Iterable[LineJudgement], layer: str, rule: str = "mofcom-18") -> LineJudgement:
    return next(x for x in lines if (x.rule, x.layer) == (rule, layer))


def found(store: Store, bill: Bill, market: Entity = UNION) -> tuple[LineJudgement, ...]:
    shown: Exposure = find_exposure(store, bill, market)
    rules, materials, country = known_of(store)
    judge = BillJudge(rules, bill, shown.lines, materials, shown.market, country)
    return judge.judgements()


@cache
def known_of(store: Store) -> tuple[CompiledRules, Materials, Callable[[str], str]]:
    """What every bill is held against, compiled once."""
    return compile_rules(store, DAYS), known_materials(store), country_codes(store)


@cache
def compiled(store: Store, day: str) -> CompiledRules:
    return compile_rules(store, [day])


def with_magnet(bill: Bill, **given: object) -> Bill:
    """A motor with its magnet changed."""
    return replace(bill, lines=(*bill.lines[:2], replace(bill.lines[2], **given)))  # type: ignore[arg-type]


LOOSE = motor("China", "Germany")
SELLER = (BillSupplier("Somebody", country="Japan"),)
CHINA = Entity("https://w3id.org/monazite/id/country/CHN", "China", frozenset())
EVERY = dict.fromkeys(("text", "guidance", "practice"), ("not", "caught", "caught"))
OPEN = {"text": ("not", "may", "may")}


@pytest.mark.parametrize(
    ("bill", "market", "outcomes"),
    [
        (LOOSE, UNION, EVERY),
        (LOOSE, CHINA, {"text": EVERY["text"]}),  # what China takes back left it first
        (with_magnet(LOOSE, mass=None), UNION, EVERY),  # a stated content needs none
        (motor("China", "Germany", dysprosium=0.05), UNION, {"text": EVERY["text"]}),
        # Mounted in China it is outside by the guidance.
        (motor("China", "China"), UNION, {**EVERY, "guidance": ("not", "caught", "not")}),
        # Where it is made is open unless the bill says so; the country of its seller is none.
        (motor("", "Germany"), UNION, OPEN),
        (motor("Nowhere at all", "Germany"), UNION, OPEN),
        (motor("Rest of the world", "Germany"), UNION, OPEN),
        (with_magnet(motor("", "Germany"), suppliers=SELLER), UNION, OPEN),
    ],
)
def test_what_announcement_18_makes_of_a_magnet(
    store: Store, bill: Bill, market: Entity, outcomes: dict[str, tuple[str, ...]]
) -> None:
    told = judged(store, bill, market)
    for layer, days in outcomes.items():
        before, first, _, last = told["mofcom-18", layer]
        assert (before, first, last) == days, layer
    if bill.lines[2].contents[0].high < 0.1:  # little dysprosium passes by practice alone
        assert told.get(("mofcom-18", "practice"), [""])[-1] != "caught"


def test_a_magnet_made_elsewhere_is_not_under_announcement_18(store: Store) -> None:
    """Unless a motor of unknown make brings it into China and out again."""
    bill = motor("Japan", "Germany")
    assert judged(store, bill)["mofcom-18", "text"][1] == "may"
    assert ("mofcom-18", "text") not in judged(store, with_makers(bill, "Germany"))


def with_makers(bill: Bill, *makers: str) -> Bill:
    """A bill of which it is said where its first lines are made."""
    lines = [replace(x, made_in=each) for x, each in zip(bill.lines, makers, strict=False)]
    return replace(bill, lines=(*lines, *bill.lines[len(lines) :]))


@pytest.mark.parametrize("magnets", ["", "Japan", "China"])
def test_what_leaves_china_in_a_motor_is_caught_wherever_it_was_made(
    store: Store, magnets: str
) -> None:
    """A Japanese rotor and a German car: China lies in the middle of the way."""
    bill = motor(magnets, "China")
    car = with_makers(bill, "Germany")
    told = {layer: x for (rule, layer), x in judged(store, car).items() if rule == "mofcom-18"}
    assert told == {
        "text": ["not", "caught", "caught", "caught"],
        "guidance": ["not", "caught", "not", "not"],
        "practice": ["not", "caught", "caught", "caught"],
    }
    guided = of_rule(found(store, car), "guidance")
    assert any(sentence.startswith("Taken out where") for sentence in guided.because)
    assert judged(store, bill)["mofcom-18", "text"] == told["text"]


PLACES = st.sampled_from(["", "China", "Germany", "Japan", "USA", "China; Germany"])


@settings(max_examples=60, deadline=None)
@given(
    makers=st.lists(PLACES, min_size=2, max_size=5),
    at=st.integers(0, 4),
    fact=st.sampled_from(["China", "Germany", "Japan", "USA"]),
    market=st.sampled_from(["EUE", "USA", "CHN", "WLD"]),
)
def test_one_true_fact_more_never_undoes_what_is_caught_or_left_out(
    makers: list[str], at: int, fact: str, market: str
) -> None:
    """Of rules without an exemption by the way: what leaves China did, and what did not did not."""
    at %= len(makers)
    makers[at] = ""
    rules, *_ = known_of(open_store())
    magnet = Case(
        magnet_types=frozenset({"ndfeb"}),
        forms=frozenset({"magnet"}),
        content={"Dy": Between(0.03, 0.03), "Tb": Between(0.0, 0.0)},
    )

    def outcomes(said: list[str]) -> dict[tuple[str, str], tuple[str, ...]]:
        bill = nested(*said)
        borders = Borders(bill, market, CODES.__getitem__)
        [way] = borders.ways(len(said) - 1)
        each = []
        for part in made_shares(bill.lines[-1], CODES.__getitem__):
            stages = {("magnet", ""): part.made} if part.made else {}
            case = replace(magnet, made_in=part.made, stages=stages)
            crossings = borders.crossings(part.made, way, magnet=True)
            each += [rules.judge(crossing.at(case)) for crossing in crossings]
        return {
            (first.rule, first.layer): strongest(x[at].outcomes for x in each)
            for at, first in enumerate(each[0])
            if first.layer == "text"
        }

    before = outcomes(makers)
    after = outcomes([fact if place == at else made for place, made in enumerate(makers)])
    for rule, days in before.items():
        for was, now in zip(days, after[rule], strict=True):
            assert was == now or was not in ("caught", "not"), (rule, makers, fact)


CODES = {"": "", "China": "CHN", "Germany": "DEU", "Japan": "JPN", "USA": "USA"}


def test_the_arithmetic_is_told_and_its_rows_are_those_of_conditions(store: Store) -> None:
    each = of_rule(found(store, LOOSE), "text")
    assert each.sheet_row == 3
    assert any("3 %" in sentence for sentence in each.because)
    assert all(row.startswith("rule_conditions/") for row in each.rows)


@pytest.mark.parametrize("other", ["USA", "", "Germany"])
def test_of_two_sources_each_is_judged_and_the_share_is_told(store: Store, other: str) -> None:
    """Sixty per cent from China surely need the licence, whatever the rest is."""
    one = with_makers(LOOSE, "Germany")

    def sourced(split: float) -> Bill:
        china = BillSupplier("Somebody", made_in="China", split=split)
        rest = BillSupplier("Other", made_in=other, split=1 - split)
        return with_magnet(one, suppliers=(china, rest))

    both, alone = found(store, sourced(0.6)), judged(store, one)
    for layer in ("text", "guidance", "practice"):
        each = of_rule(both, layer)
        assert [each.outcomes[day] for day in DAYS] == alone["mofcom-18", layer]
        assert each.because[-1] == "This holds for the 60 % from China."
        assert each.reasons == ()
    nothing = judged(store, sourced(0.0)).get(("mofcom-18", "text"))
    assert nothing == (["not", "may", "may", "may"] if other == "" else None)


def on(
    store: Store, day: str, bill: Bill, profile: BuyerProfile, market: Entity = UNION
) -> dict[str, str]:
    """What each rule makes of the magnet by its text on a day."""
    shown = find_exposure(store, bill, market)
    _, materials, country = known_of(store)
    told = BillJudge(
        *(compiled(store, day), bill, shown.lines, materials, shown.market, country, profile)
    ).judgements()
    return {x.rule: x.outcomes[day] for x in told if x.layer == "text" and x.sheet_row == 3}


def test_what_a_buyer_says_once_settles_every_line(store: Store) -> None:
    """Not for US defence: no DFARS; a large firm with a listed product: CRMA 24."""
    told = BuyerProfile(
        staff=900,
        turnover=2e8,
        classes=("article-24-traction-motors",),
        facts={"us-defence": False, "works-in-eu": True, "named-by-state": True},
    )
    profiles = (NO_PROFILE, told, replace(told, staff=100))
    before, after, small = (on(store, "2026-12-02", LOOSE, each) for each in profiles)
    assert (before["dfars-7052"], after.get("dfars-7052")) == ("may", None)
    assert (before["crma-24"], after["crma-24"]) == ("may", "caught")
    assert "crma-24" not in small
    assert after["mofcom-18"] == before["mofcom-18"]


@pytest.mark.whole
def test_the_class_of_a_product_is_that_of_what_is_in_it_and_no_word_on_other_lists(
    store: Store,
) -> None:
    """A traction motor is on the list of Article 24; Article 28 stays open, and none closes it."""
    company = {"works-in-eu": True, "named-by-state": True}

    def outcomes(product: tuple[str, ...], said: tuple[str, ...] = ()) -> dict[str, str]:
        named = replace(LOOSE, lines=(replace(LOOSE.lines[0], classes=product), *LOOSE.lines[1:]))
        profile = BuyerProfile(staff=900, turnover=2e8, classes=said, facts=company)
        return on(store, "2028-12-31", named, profile)

    motors = ("article-24-traction-motors",)
    assert (outcomes(())["crma-24"], outcomes(motors)["crma-24"]) == ("may", "caught")
    assert outcomes(motors)["crma-28"] == outcomes(())["crma-28"] == "may"
    assert outcomes((), motors) == outcomes(motors)
    assert outcomes((), ("article-28-electric-motors",))["crma-24"] == "may"
    assert {"crma-24", "crma-28"}.isdisjoint(outcomes((), ("none",)))


def test_how_it_reaches_the_buyer_may_be_said(store: Store) -> None:
    """Of a motor of unknown make the magnet may leave China as such, in a part or in the motor."""
    bill = motor("China", "")
    borders = Borders(bill, "EUE", country_codes(store))
    [way] = borders.ways(2)
    lines = find_exposure(store, bill, UNION).lines

    def shipped(profile: BuyerProfile) -> list[set[str]]:
        cases = LineCases(bill, lines, known_materials(store), profile)
        china = frozenset({"CHN"})
        found = [x for x in cases.at(2, borders, way) if x.ships_from == china]
        return [{*(x.shipped_as or ())} for x in found]

    every = {"magnet", "assembly", "product"}
    assert shipped(NO_PROFILE) == [{"magnet"}, every]
    assert shipped(BuyerProfile(shipped_as=("magnet",))) == [{"magnet"}, {"magnet"}]
    assert shipped(BuyerProfile(shipped_as=("assembly",))) == [{"assembly"}]


def two_rotors(first: str, second: str) -> Bill:
    """A motor with two rotors of the same magnet, which are made in two countries."""
    bill = motor("China", first)
    top, rotor, magnet = bill.lines
    other = line("other rotor", suppliers=made(second), above=(0,))
    lines = (replace(top, made_in="Germany"), rotor, replace(magnet, above=(1, 3)), other)
    return replace(bill, lines=lines)


def test_a_part_of_two_assemblies_is_judged_each_way(store: Store) -> None:
    """By guidance a magnet that leaves China in a rotor is outside, and loose it is caught."""
    each = of_rule(found(store, two_rotors("China", "Germany")), "guidance")
    assert [(way.through, way.outcomes["2026-12-02"]) for way in each.ways] == [
        ("rotor in motor", "not"),
        ("other rotor in motor", "caught"),
    ]
    assert each.outcomes["2026-12-02"] == "caught"  # what catches most
    turned = judged(store, two_rotors("Germany", "China"))
    assert turned == judged(store, two_rotors("China", "Germany"))
    same = found(store, two_rotors("China", "China"))
    assert [x.ways for x in same if x.ways] == []  # the ways do not differ


def test_of_more_ways_than_are_told_apart_none_is_known(store: Store) -> None:
    """A magnet in 60 rotors of 60 countries: nothing is settled by the first of them."""
    codes = sorted(x["id"] for x in ask(store, "network-places"))[:60]
    rotors = [line(f"rotor {each}", suppliers=made(each), above=(0,)) for each in codes]
    magnet = replace(motor("China", "").lines[2], above=tuple(range(1, 61)))
    bill = Bill("b.csv", "", (line("motor"), *rotors, magnet))
    assert judged(store, bill)["mofcom-18", "text"][3] == "may"


def test_who_makes_it_is_read_where_no_supplier_is_named(store: Store) -> None:
    lines = [replace(x, suppliers=(), made_in=x.suppliers[0].made_in) for x in LOOSE.lines[1:]]
    unnamed = replace(LOOSE, lines=(LOOSE.lines[0], *lines))
    assert judged(store, unnamed) == judged(store, LOOSE)


def test_masses_are_those_of_the_product(store: Store) -> None:
    """64 magnets of 40 g are 2.56 kg, which Article 29 counts together; 8 of 20 g are 160 g."""
    profile = BuyerProfile(classes=("article-28-vehicles",))
    many = with_magnet(LOOSE, quantity=64, mass=40)
    assert "crma-29" in on(store, "2029-02-03", many, profile)
    assert "crma-29" not in on(store, "2029-02-03", LOOSE, profile)


@pytest.mark.parametrize(("said", "kind"), [("Ferrit Y30", "ferrite"), ("AlNiCo 5", "alnico")])
def test_a_ferrite_is_a_magnet_without_rare_earths(store: Store, said: str, kind: str) -> None:
    """Of ferrite and AlNiCo no rule on rare earths asks; the duty on magnets and the label do."""
    usa = Entity("https://w3id.org/monazite/id/country/USA", "United States", frozenset())
    other = with_magnet(LOOSE, material=said, contents=())
    shown = find_exposure(store, other, usa).lines[2]
    assert shown.magnet_type == kind
    assert shown.not_known == "a magnet of a kind without rare earths"
    rules = {rule for rule, _ in judged(store, other, usa)}
    assert rules.isdisjoint({"mofcom-18", "mofcom-61", "dfars-7052", "crma-24"})
    there = with_magnet(motor("China", "USA"), material=said, contents=())
    assert judged(store, there, usa)["us-301", "text"][3] == "not judged"  # it was not read
    lanthanum = with_magnet(LOOSE, material="La-Co Ferrit Y40", contents=())
    held = find_exposure(store, lanthanum, usa).lines[2]
    assert held.not_known == "no record gives what its material holds"


SPELT = {"China": "CHN", "Germany": "DEU", "Poland": "POL"}


def nested(*makers: str) -> Bill:
    """A product and what is in it, one in the other, each made where it is said."""
    lines = [
        replace(line(f"part {place}", above=(place - 1,) if place else ()), made_in=each)
        for place, each in enumerate(makers)
    ]
    return Bill("b.csv", "", tuple(lines))


def crossed(bill: Bill, market: str = "EUE") -> tuple[str, list[bool]]:
    """How the last line of a bill crosses borders (? for any), and what may stop elsewhere."""
    borders = Borders(bill, market, lambda text: SPELT.get(text, ""))
    [way] = borders.ways(len(bill.lines) - 1)
    found = [*borders.crossings(borders.made_in(len(bill.lines) - 1), way, magnet=True)]
    told = [
        f"{words(x.shipped_as)}: {words(x.ships_from)} to {words(x.destination)}" for x in found
    ]
    return "; ".join(told), [x.through_unknown for x in found]


def words(possible: frozenset[str] | None) -> str:
    return "?" if possible is None else " ".join(sorted(possible))


HOME = "assembly product: DEU to EUE"


@pytest.mark.parametrize(
    ("makers", "expected"),
    [
        ("Germany/Germany/China", f"magnet: CHN to DEU; {HOME}"),
        ("Germany/China/China", f"assembly: CHN to DEU; {HOME}"),
        ("China/China/China", "assembly product: CHN to EUE"),
        ("China", "magnet product: CHN to EUE"),
        ("Germany/China/Poland", f"magnet: POL to CHN; assembly: CHN to DEU; {HOME}"),
        ("Germany/China/", f"magnet: ? to CHN; assembly: CHN to DEU; {HOME}"),
        (
            "Poland//China",
            "magnet: CHN to ?; assembly magnet: CHN to POL; assembly: ? to POL; "
            "assembly product: POL to EUE",
        ),
        (
            "Germany/China; Germany/Poland",
            "magnet: POL to CHN DEU; magnet: POL to CHN; magnet: POL to DEU; "
            f"assembly: CHN to DEU; {HOME}",
        ),
    ],
)
def test_every_border_on_the_way_up_is_crossed_in_what_is_made_there(
    makers: str, expected: str
) -> None:
    told, through_unknown = crossed(nested(*makers.split("/")))
    assert told == expected
    # What lies between two countries that are known may stop elsewhere.
    if makers == "Poland//China":
        assert through_unknown == [False, True, False, False]


def test_a_source_that_covers_nothing_makes_nothing() -> None:
    sources = (
        *(BillSupplier("A", made_in="China", split=0.0), BillSupplier("B", made_in="Poland")),
        BillSupplier("C", made_in="Germany; China", split=0.4),
    )
    found = made_shares(line("m", suppliers=sources), lambda text: SPELT.get(text, ""))
    assert [(x.source.name, x.country, x.share) for x in found] == [
        *(("B", "POL", None), ("C", "DEU", None), ("C", "CHN", None))
    ]


def test_the_world_is_no_market_that_goods_are_sent_to() -> None:
    assert crossed(nested("China", "China"), "WLD")[0] == "assembly product: CHN to ?"


def test_ways_that_make_no_difference_are_one_and_a_long_way_is_no_burden() -> None:
    same = nested("Germany", "China", "China")
    part = replace(same.lines[2], above=(1, 3))
    twice = replace(same, lines=(*same.lines[:2], part, same.lines[1]))
    assert len(Borders(twice, "EUE", SPELT.__getitem__).ways(2)) == 1
    deep = Borders(nested(*["China"] * 3000), "EUE", SPELT.__getitem__)
    [way] = deep.ways(2999)
    assert isinstance(way, Way)
    assert sum(1 for _ in way.steps()) == 2999
    assert deep.names(way, str) == "2998 in 2997 in 2996 in more"

"""Cases that tests hold against rules, and laws of knowing more."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from monazite.analysis.rules.weighing import Between, Case, Possible, Whereabouts

CHINA, GERMANY, VIETNAM, JAPAN = (frozenset({code}) for code in ("CHN", "DEU", "VNM", "JPN"))
LOOSE = Case(
    magnet_types=frozenset({"ndfeb"}),
    forms=frozenset({"magnet"}),
    shipped_as=frozenset({"magnet"}),
    content={"Dy": Between(0.02, 0.03), "Tb": Between(0, 0)},
    stages={("magnet", ""): Whereabouts.only("CHN")},
    made_in=Whereabouts.only("CHN"),
    ships_from=CHINA,
    destination=GERMANY,
)
"""A loose magnet with 2 to 3 percent dysprosium, from China to Germany."""
MOUNTED = replace(LOOSE, shipped_as=frozenset({"assembly"}), forms=frozenset({"component"}))
"""The same, fixed in a rotor."""

COUNTRIES = ("CHN", "DEU", "USA", "VNM")
STAGES = ("mine", "separation", "metal", "alloy", "magnet")
TYPES = ("ndfeb", "smco", "ferrite", "none")
FORMS = ("magnet", "oxide", "metal", "alloy", "component", "powder")
SHIPPED = ("magnet", "assembly", "product", "material", "blank")
FACTS = (
    *("us-defence", "cots", "electronic-device", "recycled-us", "use-abroad", "waiver", "relief"),
    *("listed-alloy", "calcined-catalyst", "chinese-technology", "named-by-state", "works-in-eu"),
    "subject-to-ear",
)
CLASSES = ("article-24-traction-motors", "article-28-vehicles", "article-28-dishwashers")
LISTS = ("mofcom-2026-us-ten", "mofcom-2026-20", "mofcom-2025-21", "mofcom-2026-30")
ELEMENTS = ("Dy", "Tb", "Nd", "Pr", "Sm", "Gd", "Ce", "Lu", "Sc", "Y")


def _one_of(names: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(names), min_size=1, max_size=1)


_SHARES = st.sampled_from([0.0, 0.0005, 0.001, 0.0011, 0.02, 0.3, 0.5, 0.7])
_EXACT = _SHARES.map(lambda share: Between(share, share))
_NUMBERS = st.sampled_from([0.0, 500.0, 501.0, 150_000_000.0, 150_000_001.0])
_GRAMS = st.sampled_from([0.0, 200.0, 201.0, 499.0, 500.0])
_NUMBER = _NUMBERS.map(lambda number: Between(number, number))


@st.composite
def known_cases(draw: st.DrawFn) -> Case:
    listed = draw(st.frozensets(st.sampled_from(LISTS), max_size=2))
    parties = frozenset({"mp-materials"}) if "mofcom-2026-us-ten" in listed else frozenset()
    return Case(
        magnet_types=draw(_one_of(TYPES)),
        forms=draw(_one_of(FORMS)),
        shipped_as=draw(_one_of(SHIPPED)),
        content={element: draw(_EXACT) for element in ELEMENTS},
        tested=draw(st.sampled_from([frozenset(), frozenset(ELEMENTS)])),
        value_share={element: draw(_EXACT) for element in ELEMENTS},
        stages={
            (stage, ""): Whereabouts.only(
                *draw(st.frozensets(st.sampled_from(COUNTRIES), max_size=1))
            )
            for stage in STAGES
        },
        made_in=Whereabouts.only(*draw(_one_of(COUNTRIES))),
        ships_from=draw(_one_of(COUNTRIES)),
        destination=draw(_one_of(COUNTRIES)),
        facts={fact: draw(st.booleans()) for fact in FACTS},
        classes=draw(st.frozensets(st.sampled_from(CLASSES), max_size=2)),
        parties=parties,
        listed_on=listed,
        owned_by_listed=draw(_EXACT),
        staff=draw(_NUMBER),
        turnover=draw(_NUMBER),
        magnet_mass=draw(_GRAMS.map(lambda grams: Between(grams, grams))),
        item_mass=Between(1000, 1000),
    )


def _less(draw: st.DrawFn, possible: Possible, others: tuple[str, ...]) -> Possible:
    if possible is None or draw(st.integers(0, 3)) == 0:
        return None
    return possible | draw(st.frozensets(st.sampled_from(others), max_size=1))


def _wider(draw: st.DrawFn, number: Between | None, top: float) -> Between | None:
    if number is None or draw(st.integers(0, 3)) == 0:
        return None
    low = number.low * draw(st.sampled_from([0.0, 0.5, 1.0]))
    return Between(low, min(top, number.high + draw(st.sampled_from([0.0, 0.0005, 0.2])) * top))


def _shares(draw: st.DrawFn, shares: dict[str, Between]) -> dict[str, Between]:
    wider = {element: _wider(draw, share, 1.0) for element, share in shares.items()}
    return {element: share for element, share in wider.items() if share is not None}


def _vaguer(draw: st.DrawFn, where: Whereabouts) -> Whereabouts:
    sure = where.surely & draw(st.frozensets(st.sampled_from(COUNTRIES)))
    return Whereabouts(sure, _less(draw, where.perhaps, COUNTRIES))


@st.composite
def cases_known_less(draw: st.DrawFn, case: Case) -> Case:
    stages = {
        stage: _vaguer(draw, where) for stage, where in case.stages.items() if draw(st.booleans())
    }
    knows_lists = draw(st.booleans())
    made_in = _vaguer(draw, case.made_in) if case.made_in and draw(st.booleans()) else None
    return replace(
        case,
        magnet_types=_less(draw, case.magnet_types, TYPES),
        forms=_less(draw, case.forms, FORMS),
        shipped_as=_less(draw, case.shipped_as, SHIPPED),
        content=_shares(draw, dict(case.content)),
        tested=case.tested if draw(st.booleans()) else frozenset(),
        value_share=_shares(draw, dict(case.value_share)),
        stages=stages,
        made_in=made_in,
        ships_from=_less(draw, case.ships_from, COUNTRIES),
        destination=_less(draw, case.destination, COUNTRIES),
        facts={fact: so for fact, so in case.facts.items() if draw(st.booleans())},
        classes=case.classes if draw(st.booleans()) else None,
        parties=case.parties if draw(st.booleans()) else frozenset(),
        listed_on=case.listed_on if knows_lists else None,
        owned_by_listed=_wider(draw, case.owned_by_listed, 1.0),
        staff=_wider(draw, case.staff, 1e9),
        turnover=_wider(draw, case.turnover, 1e9),
        magnet_mass=_wider(draw, case.magnet_mass, 1e3),
        item_mass=_wider(draw, case.item_mass, 1e4),
    )

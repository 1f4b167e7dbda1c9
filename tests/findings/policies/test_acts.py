"""Acts are read as the tables give them."""

from __future__ import annotations

from monazite.findings.policies.acts import read_acts
from monazite.triples.store import Store


def test_an_act_has_its_issuers_parties_and_steps(store: Store) -> None:
    acts = read_acts(store)
    truce = acts.acts["truce-extension-2026"]
    assert truce.parties == {"CHN", "USA"}  # the ministry's country and the president's
    assert len(truce.issuers) == 2
    assert [(step.event, step.date, step.until) for step in truce.steps] == [
        ("announced", "2026-09-23", ""),
        ("stated", "2026-09-23", "2027-01-10"),
        ("stated", "2026-09-28", "2027-01-10"),
    ]
    assert [link.other for link in acts.of("truce-extension-2026", "says-extends")] == [
        "busan-2025",
        "mofcom-gac-2025-70",
    ]
    assert {link.policy for link in acts.onto("mofcom-2025-61", "suspends")} == {
        "mofcom-gac-2025-70"
    }


def test_steps_carry_the_bounds_of_their_dates(store: Store) -> None:
    step = read_acts(store).acts["china-japan-informal-2026"].steps[0]
    assert (step.date, step.earliest, step.latest) == ("2026-01", "2026-01-01", "2026-01-31")
    assert read_acts(store) is read_acts(store)

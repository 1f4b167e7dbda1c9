"""Sums by the ids of the tables: names of one thing fall together, and bounds are kept."""

from __future__ import annotations

import pytest

from monazite.customs import gathered_sums
from monazite.customs.gathered_sums import GatheredSums
from monazite.customs.names import KnownNames, read_names
from monazite.errors import NotKnownError
from monazite.shipped import ontology_folder


@pytest.fixture(scope="module")
def names() -> KnownNames:
    return read_names(ontology_folder() / "tables")


def summed(code: str = "850511", exporter: str = "CHN", *firms: str | None) -> list[object]:
    firms = firms or (None, None)
    return [None, code, exporter, "USA", 2024, *firms, 2, 1500.0, 2, 0.0, 0]


def test_names_of_one_thing_fall_together(names: KnownNames) -> None:
    gathered = GatheredSums(names, "hs2022")
    for code, exporter in (("850511", "CHN"), ("8505.11", "China")):
        gathered.take(summed(code, exporter, " A  Co.", None))
    (whole,) = gathered.sums({2024: (1, 2)})
    assert (whole.count, whole.grams, whole.seller, whole.buyer) == (4, 3000, "A Co.", "")
    assert whole.months == (1, 2)
    assert gathered.count == 4


def test_more_sums_or_unknown_names_than_are_read_is_said(
    names: KnownNames, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered_sums, "ROWS", 1)
    monkeypatch.setattr(gathered_sums, "_LEFT_OUT", 1)
    gathered = GatheredSums(names, "hs2022")
    gathered.take(summed())
    gathered.take(summed("99"))
    with pytest.raises(NotKnownError, match="The records have more than 1 sums"):
        gathered.take(summed("850511", "MMR"))
    with pytest.raises(NotKnownError, match=r'are not known, the last of them "98"'):
        gathered.take(summed("98"))

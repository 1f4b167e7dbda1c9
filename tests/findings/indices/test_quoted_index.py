"""One quoted index takes year, basis and rows of the shares that it rests on."""

from __future__ import annotations

import pytest

from monazite.findings.indices.quoted_index import READ, RECALLED, of_line
from tests.pages.drawings import year

LINE = year(stage="separation", rows=("production/a",), basis="oxide", denominator="line sum")


def test_it_rests_on_the_line() -> None:
    index = of_line(LINE, "hhi", 5000.0, 4000.0, 6000.0, "0 to 10,000", note="a note")
    assert (index.stage, index.year, index.basis) == ("separation", 2020, "oxide")
    assert (index.denominator, index.rows, index.note) == ("line sum", ("production/a",), "a note")
    assert (index.low, index.value, index.high) == (4000.0, 5000.0, 6000.0)
    assert (index.equation, index.market, index.missing) == (READ, "", ())
    assert of_line(LINE, "x", None, None, None, "part", equation=RECALLED).equation == RECALLED


@pytest.mark.parametrize(
    ("index", "value", "missing"),
    [
        ("hhi", None, ("shares of the rest",)),
        ("top-3", None, ("shares of the rest",)),
        ("top-3", 0.9, ()),
        ("geopolrisk", None, ()),
    ],
)
def test_only_indices_of_all_shares_lack_the_rest(
    index: str, value: float | None, missing: tuple[str, ...]
) -> None:
    assert of_line(LINE, index, value, None, None, "part").missing == missing

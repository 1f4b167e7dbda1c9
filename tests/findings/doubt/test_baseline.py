"""The baseline ranking: what counts as overturned."""

from __future__ import annotations

import pytest

from monazite.findings.doubt.baseline import Baseline
from monazite.findings.doubt.conclusion import Conclusion
from monazite.findings.doubt.verdicts import CROSSED, HOLDS, OTHER, UNKNOWN


def test_what_counts_as_overturned() -> None:
    baseline = Baseline(("A", "B"), 0.9, 0.5)

    def verdict(**losses: float | None) -> str:
        return baseline.verdict(Conclusion(losses))

    assert verdict(A=0.9, B=0.9, C=0.8) == HOLDS
    assert verdict(A=0.906, B=0.897, C=0.9) == HOLDS  # less than a whole percent
    assert verdict(A=0.9, B=0.9, C=0.92) == OTHER
    assert verdict(A=0.9, B=0.88, C=0.1) == OTHER  # one of two is no longer first
    assert verdict(A=0.4, B=0.4, C=0.1) == CROSSED
    assert verdict(A=0.9, B=None) == UNKNOWN
    assert baseline.verdict(Conclusion({}, "nothing")) == UNKNOWN
    assert baseline.margin(Conclusion({"A": 0.9, "B": 0.9, "C": 0.8})) == pytest.approx(0.11)

"""Media types are chosen as RFC 9110 says, whatever a header holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.serve.negotiation import negotiate

OFFERED = ("application/json", "text/csv", "text/turtle")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle; charset=utf-8", "text/turtle"),
        ("text/csv;q=0.3, text/turtle;q=0.7", "text/turtle"),
        ("text/csv;q=0.300, text/turtle; q=0.3", "text/csv"),  # as offered, where both are alike
        ("text/*;q=0.5, text/csv;q=0", "text/turtle"),  # the most specific range counts
        ("*/*, application/json;q=0", "text/csv"),
        ("image/png, */*;q=0.1", "application/json"),
        ("image/png", None),
        ("application/json;q=0", None),
        ("text/csv;q=soon", "application/json"),  # what cannot be read is left out
        ("text/csv;q=2, text/turtle;q=0.1", "text/turtle"),
        ("nonsense", "application/json"),  # no range at all is as no header
    ],
)
def test_the_best_is_chosen(accept: str, chosen: str | None) -> None:
    assert negotiate(accept, OFFERED) == chosen


@given(st.text())
def test_whatever_a_header_holds(accept: str) -> None:
    assert negotiate(accept, OFFERED) in {*OFFERED, None}

"""The first sentence of a picture: fixed words by the range, and what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.backbone.headline import allowed, first_line, headline_of
from tests.pages.backbones import BASE, line, report

LED = ["separation/CHN", "mine/CHN"]


@pytest.mark.parametrize(
    ("loss", "ends", "told"),
    [
        (1.0, (0.996, 1.0), "would lose all of its heavy magnets (with Dy or Tb) if China"),
        (0.8, (0.6, 0.9), "would lose most of its heavy magnets"),
        (0.3, (0.2, 0.36), "would lose some of its heavy magnets"),
        (0.1, (0.0, 0.14), "would lose perhaps none of its heavy magnets"),
        (0.5, (0.1, 0.9), "would lose 10 % to 90 % of its heavy magnets"),
        (0.42, None, "would lose 42 % of its heavy magnets"),
    ],
)
def test_the_word_follows_the_range(
    loss: float, ends: tuple[float, float] | None, told: str
) -> None:
    found = headline_of(report(line("separation", "CHN", loss, ends)), "dysprosium", LED)
    assert found.startswith(f"The United States {told}")
    assert found.endswith(".")
    assert ("size not settled" in found) == (ends == (0.1, 0.9))


def test_the_first_of_the_lines_that_may_lead_does() -> None:
    lines = line("metal", "CHN", 0.9), line("mine", "CHN", 0.4), line("separation", "CHN", 0.2)
    found = report(*lines)
    first = first_line(found, LED)
    assert first is not None
    assert first.id == "mine/CHN"
    assert "China stopped mining" in headline_of(found, "dysprosium", LED)
    assert first_line(found, []) is None


def test_what_is_not_known_is_said_without_a_number() -> None:
    nothing = report(line("separation", "CHN", None), base=None)
    assert headline_of(nothing, "scandium", LED) == (
        "The United States' loss of scandium is not known."
    )
    japan = replace(nothing, market_label="Japan")
    assert headline_of(japan, "scandium", LED) == "Japan's loss of scandium is not known."
    assert allowed(nothing) == ""


def test_an_oxide_is_no_magnet() -> None:
    base = replace(BASE, product="Y in oxide", unit="t of the element")
    found = report(line("separation", "CHN", 1.0, (1.0, 1.0)), base=base)
    assert headline_of(found, "yttrium", LED) == (
        "The United States would lose all of its yttrium oxide if China stopped separating."
    )


def test_nothing_lost_is_said_so() -> None:
    found = report(line("separation", "CHN", 0.0, (0.0, 0.0)))
    assert headline_of(found, "dysprosium", LED) == (
        "No country found here would cost the United States any of its heavy magnets "
        "(with Dy or Tb) if it stopped."
    )


def test_a_border_is_no_outage() -> None:
    embargo = line("separation", "CHN", 0.9, (0.8, 0.9), event="embargo")
    found = report(replace(embargo, label="China", stage=""))
    assert "if China sold nothing abroad." in headline_of(found, "dysprosium", LED)


def test_a_licence_says_what_it_leaves() -> None:
    licence = replace(line("separation", "CHN", 0.4, event="licence"), label="China", stage="")
    found = report(licence, base=replace(BASE, event="licence", approval=0.5))
    assert headline_of(found, "dysprosium", LED).endswith(
        "if China licensed only 50 % of its sales."
    )

"""The first sentence about a market: what it would lose, if who stopped doing what.

``headline_of`` is the one place that words it; a page prints what it returns.
"""

from __future__ import annotations

from collections.abc import Sequence

from monazite.findings.losses.measure import NEGLIGIBLE_LOSS
from monazite.findings.losses.result import Chokepoint, Chokepoints
from monazite.findings.wording import capital
from monazite.parameters import METAL, MINE, SEPARATION
from monazite.safe_text import percent
from monazite.triples.names import named

WIDE = 0.4
"""A range that is wider leaves the size of a loss open."""
DOING = {MINE: "mining", SEPARATION: "separating", METAL: "making metal"}
ALLOWED = {
    "immediate": "three months allowed",
    "short-run": "one year allowed",
    "medium-run": "two to three years allowed",
    "free": "trade without limits",
}


def headline_of(report: Chokepoints, subject: str, of: Sequence[str]) -> str:
    """Return the first sentence.

    Args:
        report: chokepoints of an element and a market.
        subject: the element, as a sentence names it: dysprosium.
        of: ids of the lines that may lead; the largest loss among them does.

    Returns:
        One sentence, without a number that is not known.
    """
    market, product = named(report.market_label), product_of(report, subject)
    first = first_line(report, of)
    if report.base is None:
        whose = f"{market}'" if market.endswith("s") else f"{market}'s"
        return capital(f"{whose} loss of {product} is not known.")
    if first is None:
        return f"No country found here would cost {market} any of its {product} if it stopped."
    what = f"if {stopped(first, report.base.approval)}."
    low, high = first.loss_low, first.loss_high
    if low is None or high is None:
        return capital(f"{market} would lose {percent(first.loss)} of its {product} {what}")
    if high - low > WIDE:
        width = f"{percent(max(0.0, low))} to {percent(high)}"
        left_open = f"{what[:-1]}; size not settled."
        return capital(f"{market} would lose {width} of its {product} {left_open}")
    return capital(f"{market} would lose {amount_word(low, high)} of its {product} {what}")


def first_line(report: Chokepoints, of: Sequence[str]) -> Chokepoint | None:
    """Return the line that leads: the largest known loss among some lines.

    Args:
        report: chokepoints.
        of: ids of lines.
    """
    known = [
        each
        for each in report.chokepoints
        if each.id in set(of) and (each.loss or 0.0) > NEGLIGIBLE_LOSS
    ]
    return known[0] if known else None


def amount_word(low: float, high: float) -> str:
    """Return the fixed word of a loss by where nine in ten trials lie.

    Args:
        low: a twentieth of the losses lies below.
        high: a twentieth lies above.

    >>> amount_word(0.996, 1.0), amount_word(0.9, 0.95), amount_word(0.2, 0.36)
    ('all', 'most', 'some')
    >>> amount_word(0.0, 0.14), amount_word(0.0, 0.004)
    ('perhaps none', 'none')
    """
    if low >= 0.995:
        return "all"
    if low >= 0.5:
        return "most"
    if low >= 0.01:
        return "some"
    return "perhaps none" if high >= 0.01 else "none"


def stopped(point: Chokepoint, approval: float | None = None) -> str:
    """Return what happens to a line, as the clause of an if.

    Args:
        point: a line of the report.
        approval: the part that a licence leaves.

    >>> from types import SimpleNamespace as Line
    >>> stopped(Line(label="China at metal", stage="metal", event="outage"))
    'China stopped making metal'
    """
    place = point.label.split(" = ")[0]
    name = named(place.rsplit(" at ", 1)[0] if point.stage else place)
    if point.event == "embargo":
        return f"{name} sold nothing abroad"
    if point.event == "licence":
        part = "a part" if approval is None else percent(approval)
        return f"{name} licensed only {part} of its sales"
    if not point.stage:
        return f"all plants in {name} stopped"
    return f"{name} stopped {DOING.get(point.stage, f'making {point.stage}s')}"


def product_of(report: Chokepoints, subject: str) -> str:
    """Return what a market loses, in words.

    Args:
        report: chokepoints.
        subject: the element, as a sentence names it.
    """
    if report.base is None:
        return subject
    product = report.base.product
    if product.endswith(" in oxide"):
        return f"{subject} oxide"
    return product.replace("magnets with Dy or Tb", "heavy magnets (with Dy or Tb)")


def allowed(report: Chokepoints) -> str:
    """Return the time that losses allow, in words.

    Args:
        report: chokepoints.
    """
    return "" if report.base is None else ALLOWED.get(report.base.horizon, report.base.horizon)

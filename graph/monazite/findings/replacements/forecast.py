"""What a claim foretells of doing without a country, held against what could replace it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monazite.findings.claims.claims import WorkedOut
from monazite.findings.wording import listed
from monazite.safe_text import percent
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.replacements.replacement import Replacement

ELEMENTS = ("Dy", "NdPr")
"""What magnets cannot do without, of which the need of single markets is known."""
_ALL = 1 - 1e-9


def judge_forecast(found: Sequence[Replacement]) -> WorkedOut:
    """Judge whether a market does without a country by a year.

    It does if what runs or is likely covers its need of every element, in proportion to what all
    need. It does not if even all that is promised, for this market before all others, does not.
    Between the two it depends on who is served first.
    """
    asked = [each.asked for each in found]
    first = found[0]
    market, country = named(first.market_label), named(first.without_label)
    parts = listed(
        f"{percent(year.covered.value)} of the {each.element} ({year.least.stage})"
        for each, year in zip(found, asked, strict=True)
    )
    most = listed(
        f"{percent(year.covered.high)} of the {each.element}"
        for each, year in zip(found, asked, strict=True)
    )
    reason = (
        f"By the end of {first.by}, {parts} that {market} needs could come from outside {country}; "
        f"if all plans begin when their owners say, {most}."
    )
    served_first = min(stage.first.high for year in asked for stage in year.stages)
    if all(year.covered.value >= _ALL for year in asked):
        relation = "supports"
    elif served_first >= _ALL:
        relation = "partly-contradicts"
        reason += (
            f" Only if all plans began so and {market} were served before all others would it be "
            "all."
        )
    else:
        relation = "contradicts"
    return WorkedOut(
        relation,
        reason,
        f"(monazite replace -e {first.element} --from {first.without} -m {first.market} "
        f"--by {first.by})",
        tuple(sorted({row for each in found for row in each.row_keys})),
    )

"""A claim that foretells independence, held against what could replace a country."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.replacements.coverage import StageCover, YearCover
from monazite.findings.replacements.forecast import judge_forecast
from monazite.findings.replacements.need import ValueRange
from monazite.findings.replacements.replacement import Replacement
from tests.conftest import view_in_memory


def covered(part: float, first: float) -> Replacement:
    """What could replace a country, as if one stage covered a part of the need in its year."""
    found = view_in_memory().replace("Dy", "USA", by=2030)
    none = ValueRange(0, 0, 0)
    stage = StageCover(
        *("metal", 0.0, none, none, none, ValueRange(part, part, part)),
        ValueRange(first, first, first),
        1.0,
    )
    years = tuple(YearCover(each.year, (stage,)) for each in found.years)
    return replace(found, years=years)


@pytest.mark.parametrize(
    ("parts", "firsts", "relation"),
    [
        ((1.0, 1.0), (1.0, 1.0), "supports"),
        ((1.0, 0.4), (1.0, 1.0), "partly-contradicts"),
        ((0.4, 0.4), (1.0, 0.9), "contradicts"),
    ],
)
def test_it_is_borne_out_by_all_elements_or_depends_on_who_is_served_first(
    parts: tuple[float, ...], firsts: tuple[float, ...], relation: str
) -> None:
    judged = judge_forecast([covered(*each) for each in zip(parts, firsts, strict=True)])
    assert judged.relation == relation
    assert ("served before all others" in judged.reason) == (relation == "partly-contradicts")


def test_five_years_to_break_the_dependence_has_a_verdict_of_its_own() -> None:
    view = view_in_memory()
    [claim] = view.claims("c07-five-years")
    dysprosium = view.replace("Dy", "USA", by=2030)
    [worked] = claim.worked_out
    assert claim.verdict == {"contradicts": "contradicted"}.get(
        worked.relation, "partly contradicted"
    )
    assert f"{round(100 * dysprosium.asked.covered.value)} % of the Dy" in worked.reason
    assert "monazite replace -e Dy --from CHN -m USA --by 2030" in worked.command
    assert worked.rows
    [alone] = view_in_memory(without=("table:baci",)).claims("c07-five-years")
    assert alone.verdict in {claim.verdict, "not known"}

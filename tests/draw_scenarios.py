"""Work out what the shipped scenarios lead to, for briefs and the explorer, or compare it.

``python -m tests.draw_scenarios`` writes ``ontology/scenarios/outcomes.json`` (minutes);
``--check`` runs them anew without trials and says whether the numbers without range are the same.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import monazite
from monazite.analysis.chokepoints.chokepoints import ReleasedRanges
from monazite.analysis.robustness.sampling import Span
from monazite.analysis.scenarios.model import ScenarioModel
from monazite.analysis.scenarios.released import FILE, hash_of_scenario
from monazite.analysis.scenarios.resolve import name_of
from monazite.analysis.scenarios.result import ScenarioResult
from monazite.view.view import View

ONTOLOGY = Path(__file__).parents[1] / "ontology"
FOLDER = ONTOLOGY / "scenarios"
ELEMENT, DRAWS, SEED = "MREE", 100, 0


def to_lines(
    found: ScenarioResult, elements: Mapping[str, Sequence[str]]
) -> list[dict[str, object]]:
    """Return what is kept of a scenario, a line for each market and product."""
    lines: list[dict[str, object]] = []
    for each in found.totals:
        parts = [_numbers(x.part_short) for x in found.of(each.market, each.product)]
        until = each.until
        lines.append(
            {
                "scenario": found.id,
                "market": each.market,
                "product": each.product,
                "elements": list(elements[each.product]),
                "wanted": round(each.wanted, 1),
                "over": _numbers(each.part_short),
                "most": _numbers(each.most_short),
                "until": [
                    until.middle if x is None else x for x in (until.middle, until.low, until.high)
                ],
                "parts": parts if any(map(any, parts)) else [],
            }
        )
    return lines


def _numbers(part: Span) -> list[float]:
    ends = (part.middle, part.low, part.high)
    return [round(part.middle if end is None else end, 4) for end in ends]


@cache
def model_of(view: View) -> ScenarioModel:
    """The base year that all shipped scenarios are run on."""
    return ScenarioModel(view.network(ELEMENT), view.facts(ELEMENT))


def markets_told(view: View) -> tuple[str, ...]:
    """Markets of which ranges of losses are shipped, and that the base year knows."""
    asked = ReleasedRanges(view.ontology / "ranges", "").markets["Dy+NdPr+Tb"]
    return tuple(each for each in model_of(view).markets if each in asked)


def elements_of(view: View) -> dict[str, tuple[str, ...]]:
    """The element chains that each product holds, by its name in an outcome."""
    model = model_of(view)
    recipe = model.point.chain.recipe
    return {name_of(x): tuple(sorted(e for p, e in recipe if p == x)) for x in model.products}


def written(view: View, found: tuple[ScenarioResult, ...]) -> str:
    elements = elements_of(view)
    about = {
        "tables": view.describe()["tables"],
        "draws": found[0].trials.count if found[0].trials else 0,
        "seed": SEED,
        "scenarios": {
            each.id: {
                "title": each.title,
                "hash": hash_of_scenario(FOLDER, each.id),
                "months": list(each.months),
                "rejected": each.trials.rejected if each.trials else 0,
            }
            for each in found
        },
    }
    head = json.dumps(about, indent=1, ensure_ascii=False)[:-2]
    lines = [json.dumps(x, ensure_ascii=False) for each in found for x in to_lines(each, elements)]
    return head + ',\n "outcomes": [\n' + ",\n".join(lines) + "\n]}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--workers", default=None)
    parser.add_argument("--draws", type=int, default=DRAWS)
    args = parser.parse_args()
    view = monazite.load()
    draws = None if args.check else args.draws
    found = view.scenarios(
        markets=markets_told(view), draws=draws, workers=args.workers, step=_progress
    ).scenarios
    if not args.check:
        (FOLDER / FILE).write_text(written(view, found), encoding="utf-8")
        return 0
    kept = json.loads((FOLDER / FILE).read_text("utf-8"))
    elements = elements_of(view)
    now = _over([x for each in found for x in to_lines(each, elements)])
    then = _over(kept["outcomes"])
    if now != then:
        sys.stderr.write("The outcomes are of another model or of other tables.\n")
    return int(now != then)


def _over(lines: list[Any]) -> dict[tuple[str, ...], float]:
    """What is lacking over all months, by scenario, market and product."""
    return {(x["scenario"], x["market"], x["product"]): x["over"][0] for x in lines}


def _progress(part: float) -> None:
    sys.stderr.write(f"\r{part:4.0%}")


if __name__ == "__main__":
    sys.exit(main())

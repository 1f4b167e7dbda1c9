"""What happens in each of the shipped scenarios?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.asking.question import ScenarioRun, question

if TYPE_CHECKING:
    from monazite.analysis.robustness.sampling import Step
    from monazite.analysis.scenarios.result import ScenarioResults
    from monazite.view.view import View


@question(group="What happens, and when does it end?", command="scenario run all")
def scenarios(view: View, *, asked: ScenarioRun, step: Step | None = None) -> ScenarioResults:
    """Run all scenarios that are shipped; a random trial is worked out once for all of them.

    >>> import monazite
    >>> found = monazite.load().scenarios(markets=["JPN"])
    >>> "kuantan-closed" in [each.id for each in found.scenarios]
    True
    """
    from monazite.analysis.scenarios.result import ScenarioResults
    from monazite.analysis.scenarios.scenario_file import read_shipped
    from monazite.view.scenario_runs import run_scenarios

    return ScenarioResults(run_scenarios(view, read_shipped(view.ontology), asked, step))

"""Which scenarios are shipped?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.asking.question import question

if TYPE_CHECKING:
    from monazite.analysis.scenarios.scenario_file import ScenarioList
    from monazite.view.view import View


@question(group="What happens, and when does it end?", command="scenario list")
def scenario_list(view: View) -> ScenarioList:
    """List the scenarios that are shipped: name, title, first month and shocks of each.

    >>> import monazite
    >>> found = monazite.load().scenario_list()
    >>> "china-halt-3" in [each.name for each in found.scenarios]
    True
    """
    from monazite.analysis.scenarios.scenario_file import list_scenarios

    return list_scenarios(view.ontology)

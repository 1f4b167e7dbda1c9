"""What is wrong with a scenario file?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.asking.question import ScenarioName, question
from monazite.core.errors import FaultyTablesError

if TYPE_CHECKING:
    from monazite.analysis.scenarios.scenario_file import ScenarioCheck
    from monazite.view.view import View


@question(group="What happens, and when does it end?", command="scenario check")
def check_scenario(view: View, name: ScenarioName) -> ScenarioCheck:
    """Find all that is wrong with a scenario file: its text, and what it names.

    >>> import monazite
    >>> found = monazite.load().check_scenario("kuantan-closed")
    >>> found.headline()
    'kuantan-closed.toml: no faults found'
    """
    from monazite.analysis.scenarios.scenario_file import ScenarioCheck, read_text
    from monazite.view.scenario_runs import read_named

    try:
        text = read_text(name, view.ontology)
    except FaultyTablesError as error:
        return ScenarioCheck(error.faults[0].file, tuple(error.faults))
    return ScenarioCheck(text.file, read_named(view, text)[1])

"""What happens month by month when something is done to the chain?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monazite.asking.question import ScenarioName, ScenarioRun, question
from monazite.data.parameters import SEED

if TYPE_CHECKING:
    from monazite.analysis.robustness.sampling import Step
    from monazite.analysis.scenarios.result import ScenarioResult
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


@question(group="What happens, and when does it end?", command="scenario run")
def scenario(
    view: View, name: ScenarioName, *, asked: ScenarioRun, step: Step | None = None
) -> ScenarioResult | OrNotKnown:
    """Run a scenario: what each market is supplied and does without, month by month.

    A file with faults is refused with all of them, each with its line.

    >>> import monazite
    >>> found = monazite.load().scenario("china-halt-3", markets=["USA"])
    >>> found.months[0], found.lost("USA") > 0
    ('2027-01', True)
    """
    from monazite.analysis.scenarios.outcome import ScenarioAsked
    from monazite.analysis.scenarios.scenario_file import read_text, shipped_names
    from monazite.view.scenario_runs import as_asked, run_text

    text = read_text(name, view.ontology)
    own, markets = str(name) not in shipped_names(view.ontology), asked.markets
    said = ScenarioAsked(
        Path(text.file).name if own else str(name),
        text.text if own else "",
        (markets,) if isinstance(markets, str) else tuple(markets),
        *(asked.months, asked.draws or 0, asked.seed or SEED),
    )
    return as_asked(view, run_text(view, text, asked, step), said)

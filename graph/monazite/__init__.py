"""Monazite: what in the rare-earth supply chain can stop you, how sure that is, who says so.

>>> import monazite as mz
>>> view = mz.load()
>>> view.chokepoints("Dy", "USA").chokepoints[0].id
'separation/CHN'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from monazite.core.package import VERSION, register

if TYPE_CHECKING:
    from monazite.analysis.backtest.result import Backtest
    from monazite.analysis.centrality.result import Centrality, CentralityOverYears
    from monazite.analysis.changes import Changes
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.claims import Claims
    from monazite.analysis.concentration.by_year import Concentration
    from monazite.analysis.concentration.indices import Indices
    from monazite.analysis.conflicts.conflicts import Conflicts
    from monazite.analysis.cuts.cuts import Cuts
    from monazite.analysis.inventory import DatasetDescription
    from monazite.analysis.mitigation.after_failure import AfterFailure
    from monazite.analysis.mitigation.fixes import Fixes
    from monazite.analysis.mitigation.joint_failures import JointFailures
    from monazite.analysis.policies.policies import Policies
    from monazite.analysis.replacement.result import Replacement
    from monazite.analysis.reproductions.result import Reproductions
    from monazite.analysis.robustness.draws import Draws
    from monazite.analysis.robustness.result import EvidenceCut
    from monazite.analysis.rules.rules import Rules
    from monazite.analysis.scenarios.library import ScenarioCheck, ScenarioList
    from monazite.analysis.scenarios.result import ScenarioResult, ScenarioResults
    from monazite.analysis.timeline.result import Timeline
    from monazite.bom.result import Exposure
    from monazite.core.errors import MonaziteError
    from monazite.core.results import Result
    from monazite.data.customs.aggregation import aggregate_trade
    from monazite.data.customs.trade_sums import TradeSums
    from monazite.data.importers.imported import Imported, import_file
    from monazite.export.contribution import Contribution, contribute
    from monazite.export.new_table import NewTable, new_table
    from monazite.export.release import ReleasedTables, release
    from monazite.model.balance.result import Balance
    from monazite.model.ownership import Parents
    from monazite.report.brief.briefing import Briefing
    from monazite.report.brief.verification import Verdict
    from monazite.report.explorer.explorer_page import ExplorerPage
    from monazite.report.figures.figure import Figure
    from monazite.report.graph.network_page import GraphPage
    from monazite.report.reference_page import reference
    from monazite.store.alignments import Alignments
    from monazite.store.answers import Answer
    from monazite.store.checks import Report
    from monazite.store.entity_card import EntityCard
    from monazite.store.questions import FoundQuestions
    from monazite.store.remote.pushing import Pushed
    from monazite.view.opening import load
    from monazite.view.own_tables import check
    from monazite.view.pictures import write_graph as graph
    from monazite.view.verification import verify
    from monazite.view.view import View

__version__ = VERSION

__all__ = [
    "AfterFailure",
    "Alignments",
    "Answer",
    "Backtest",
    "Balance",
    "Briefing",
    "Centrality",
    "CentralityOverYears",
    "Changes",
    "Chokepoints",
    "Claims",
    "Concentration",
    "Conflicts",
    "Contribution",
    "Cuts",
    "DatasetDescription",
    "Draws",
    "EntityCard",
    "EvidenceCut",
    "ExplorerPage",
    "Exposure",
    "Figure",
    "Fixes",
    "FoundQuestions",
    "GraphPage",
    "Imported",
    "Indices",
    "JointFailures",
    "MonaziteError",
    "NewTable",
    "Parents",
    "Policies",
    "Pushed",
    "ReleasedTables",
    "Replacement",
    "Report",
    "Reproductions",
    "Result",
    "Rules",
    "ScenarioCheck",
    "ScenarioList",
    "ScenarioResult",
    "ScenarioResults",
    "Timeline",
    "TradeSums",
    "Verdict",
    "View",
    "__version__",
    "aggregate_trade",
    "check",
    "contribute",
    "graph",
    "import_file",
    "load",
    "new_table",
    "reference",
    "release",
    "verify",
]

_HOMES = {
    "AfterFailure": "monazite.analysis.mitigation.after_failure",
    "Alignments": "monazite.store.alignments",
    "Answer": "monazite.store.answers",
    "Backtest": "monazite.analysis.backtest.result",
    "Balance": "monazite.model.balance.result",
    "Briefing": "monazite.report.brief.briefing",
    "Changes": "monazite.analysis.changes",
    "Centrality": "monazite.analysis.centrality.result",
    "CentralityOverYears": "monazite.analysis.centrality.result",
    "Chokepoints": "monazite.analysis.chokepoints.result",
    "Claims": "monazite.analysis.claims",
    "Concentration": "monazite.analysis.concentration.by_year",
    "Conflicts": "monazite.analysis.conflicts.conflicts",
    "Contribution": "monazite.export.contribution",
    "Cuts": "monazite.analysis.cuts.cuts",
    "DatasetDescription": "monazite.analysis.inventory",
    "Draws": "monazite.analysis.robustness.draws",
    "EntityCard": "monazite.store.entity_card",
    "EvidenceCut": "monazite.analysis.robustness.result",
    "Exposure": "monazite.bom.result",
    "Figure": "monazite.report.figures.figure",
    "Fixes": "monazite.analysis.mitigation.fixes",
    "FoundQuestions": "monazite.store.questions",
    "ExplorerPage": "monazite.report.explorer.explorer_page",
    "GraphPage": "monazite.report.graph.network_page",
    "Imported": "monazite.data.importers.imported",
    "Indices": "monazite.analysis.concentration.indices",
    "JointFailures": "monazite.analysis.mitigation.joint_failures",
    "MonaziteError": "monazite.core.errors",
    "NewTable": "monazite.export.new_table",
    "Parents": "monazite.model.ownership",
    "Policies": "monazite.analysis.policies.policies",
    "Pushed": "monazite.store.remote.pushing",
    "ReleasedTables": "monazite.export.release",
    "Replacement": "monazite.analysis.replacement.result",
    "Report": "monazite.store.checks",
    "Reproductions": "monazite.analysis.reproductions.result",
    "Result": "monazite.core.results",
    "Rules": "monazite.analysis.rules.rules",
    "ScenarioCheck": "monazite.analysis.scenarios.library",
    "ScenarioList": "monazite.analysis.scenarios.library",
    "ScenarioResult": "monazite.analysis.scenarios.result",
    "ScenarioResults": "monazite.analysis.scenarios.result",
    "Timeline": "monazite.analysis.timeline.result",
    "TradeSums": "monazite.data.customs.trade_sums",
    "Verdict": "monazite.report.brief.verification",
    "View": "monazite.view.view",
    "aggregate_trade": "monazite.data.customs.aggregation",
    "check": "monazite.view.own_tables",
    "contribute": "monazite.export.contribution",
    "import_file": "monazite.data.importers.imported",
    "load": "monazite.view.opening",
    "new_table": "monazite.export.new_table",
    "reference": "monazite.report.reference_page",
    "release": "monazite.export.release",
    "verify": "monazite.view.verification",
    "graph": "monazite.view.pictures",
}
"""Where a public name is defined, under its own name but for ``graph``."""
_NAMED = {"graph": "write_graph"}


register(lambda: import_module("monazite.analysis.rule_lines").BY_NAME)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: networkx and pyvis are slow to import."""
    if name not in _HOMES:
        raise AttributeError(f"module 'monazite' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), _NAMED.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)

"""Monazite: what in the rare-earth supply chain can stop you, how sure that is, who says so.

>>> import monazite as mz
>>> view = mz.load()
>>> view.chokepoints("Dy", "USA").chokepoints[0].id
'separation/CHN'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from monazite.shipped import VERSION
from monazite.worked_out import enter

if TYPE_CHECKING:
    from monazite.customs.aggregation import aggregate_trade
    from monazite.customs.trade_sums import TradeSums
    from monazite.errors import MonaziteError
    from monazite.exchange.contribution import Contribution, contribute
    from monazite.exchange.new_table import NewTable, new_table
    from monazite.exchange.release import ReleasedTables, release
    from monazite.findings.backtest.backtest import Backtest
    from monazite.findings.balance.balance import Balance
    from monazite.findings.changes.changes import Changes
    from monazite.findings.claims.claims import Claims
    from monazite.findings.conflicts.conflicts import Conflicts
    from monazite.findings.dataset.inventory import DatasetDescription
    from monazite.findings.doubt.result import EvidenceCut
    from monazite.findings.exposure.exposure import Exposure
    from monazite.findings.indices.by_stage import Indices
    from monazite.findings.losses.result import Chokepoints
    from monazite.findings.ownership.parents import Parents
    from monazite.findings.policies.policies import Policies
    from monazite.findings.replacements.replacement import Replacement
    from monazite.findings.reproductions.reproductions import Reproductions
    from monazite.findings.responses.after_failure import AfterFailure
    from monazite.findings.responses.fixes import Fixes
    from monazite.findings.responses.joint_failures import JointFailures
    from monazite.findings.routes.cuts import Cuts
    from monazite.findings.rules.rules import Rules
    from monazite.findings.scenarios.outcome import ScenarioResult, ScenarioResults
    from monazite.findings.scenarios.shelf import ScenarioCheck, ScenarioList
    from monazite.findings.shares.by_year import Concentration
    from monazite.findings.timeline.timeline import Timeline
    from monazite.findings.uncertainty.draws import Draws
    from monazite.imports.imported import Imported, import_file
    from monazite.pages.brief.briefing import Briefing
    from monazite.pages.brief.verification import Verdict
    from monazite.pages.explorer.explorer_page import ExplorerPage
    from monazite.pages.figures.figure import Figure
    from monazite.pages.graph.network_page import GraphPage
    from monazite.pages.reference.page import reference
    from monazite.result import Result
    from monazite.triples.alignments import Alignments
    from monazite.triples.answers import Answer
    from monazite.triples.checks import Report
    from monazite.triples.entity_card import EntityCard
    from monazite.triples.questions import FoundQuestions
    from monazite.triples.remote.pushing import Pushed
    from monazite.view import View, load
    from monazite.view.pictures import write_graph as graph
    from monazite.view.tables.own_tables import check
    from monazite.view.verification import verify

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
    "AfterFailure": "monazite.findings.responses.after_failure",
    "Alignments": "monazite.triples.alignments",
    "Answer": "monazite.triples.answers",
    "Backtest": "monazite.findings.backtest.backtest",
    "Balance": "monazite.findings.balance.balance",
    "Briefing": "monazite.pages.brief.briefing",
    "Changes": "monazite.findings.changes.changes",
    "Centrality": "monazite.findings.centrality.result",
    "CentralityOverYears": "monazite.findings.centrality.over_years",
    "Chokepoints": "monazite.findings.losses.result",
    "Claims": "monazite.findings.claims.claims",
    "Concentration": "monazite.findings.shares.by_year",
    "Conflicts": "monazite.findings.conflicts.conflicts",
    "Contribution": "monazite.exchange.contribution",
    "Cuts": "monazite.findings.routes.cuts",
    "DatasetDescription": "monazite.findings.dataset.inventory",
    "Draws": "monazite.findings.uncertainty.draws",
    "EntityCard": "monazite.triples.entity_card",
    "EvidenceCut": "monazite.findings.doubt.result",
    "Exposure": "monazite.findings.exposure.exposure",
    "Figure": "monazite.pages.figures.figure",
    "Fixes": "monazite.findings.responses.fixes",
    "FoundQuestions": "monazite.triples.questions",
    "ExplorerPage": "monazite.pages.explorer.explorer_page",
    "GraphPage": "monazite.pages.graph.network_page",
    "Imported": "monazite.imports.imported",
    "Indices": "monazite.findings.indices.by_stage",
    "JointFailures": "monazite.findings.responses.joint_failures",
    "MonaziteError": "monazite.errors",
    "NewTable": "monazite.exchange.new_table",
    "Parents": "monazite.findings.ownership.parents",
    "Policies": "monazite.findings.policies.policies",
    "Pushed": "monazite.triples.remote.pushing",
    "ReleasedTables": "monazite.exchange.release",
    "Replacement": "monazite.findings.replacements.replacement",
    "Report": "monazite.triples.checks",
    "Reproductions": "monazite.findings.reproductions.reproductions",
    "Result": "monazite.result",
    "Rules": "monazite.findings.rules.rules",
    "ScenarioCheck": "monazite.findings.scenarios.shelf",
    "ScenarioList": "monazite.findings.scenarios.shelf",
    "ScenarioResult": "monazite.findings.scenarios.outcome",
    "ScenarioResults": "monazite.findings.scenarios.outcome",
    "Timeline": "monazite.findings.timeline.timeline",
    "TradeSums": "monazite.customs.trade_sums",
    "Verdict": "monazite.pages.brief.verification",
    "View": "monazite.view",
    "aggregate_trade": "monazite.customs.aggregation",
    "check": "monazite.view.tables.own_tables",
    "contribute": "monazite.exchange.contribution",
    "import_file": "monazite.imports.imported",
    "load": "monazite.view",
    "new_table": "monazite.exchange.new_table",
    "reference": "monazite.pages.reference.page",
    "release": "monazite.exchange.release",
    "verify": "monazite.view.verification",
    "graph": "monazite.view.pictures",
}
"""Where a public name is defined, under its own name but for ``graph``."""
_NAMED = {"graph": "write_graph"}


enter(lambda: import_module("monazite.findings.rule_lines").BY_NAME)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: networkx and pyvis are slow to import."""
    if name not in _HOMES:
        raise AttributeError(f"module 'monazite' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), _NAMED.get(name, name))


def __dir__() -> list[str]:
    return sorted(__all__)

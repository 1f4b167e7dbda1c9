"""The public names: each stands here once, with its home."""

from collections.abc import Mapping

from monazite.analysis.backtest.hindcast import Hindcast as Hindcast
from monazite.analysis.backtest.result import Backtest as Backtest
from monazite.analysis.centrality.result import Centrality as Centrality
from monazite.analysis.centrality.result import CentralityOverYears as CentralityOverYears
from monazite.analysis.changes import Changes as Changes
from monazite.analysis.chokepoints.result import Chokepoints as Chokepoints
from monazite.analysis.claims import Claims as Claims
from monazite.analysis.concentration.by_year import Concentration as Concentration
from monazite.analysis.concentration.indices import Indices as Indices
from monazite.analysis.conflicts.conflicts import Conflicts as Conflicts
from monazite.analysis.cuts.cuts import Cuts as Cuts
from monazite.analysis.inventory import DatasetDescription as DatasetDescription
from monazite.analysis.mitigation.after_failure import AfterFailure as AfterFailure
from monazite.analysis.mitigation.after_failure import JointFailures as JointFailures
from monazite.analysis.mitigation.fixes import Fixes as Fixes
from monazite.analysis.policies.policies import Policies as Policies
from monazite.analysis.replacement.result import Replacement as Replacement
from monazite.analysis.reproductions.result import Reproductions as Reproductions
from monazite.analysis.robustness.draws import Draws as Draws
from monazite.analysis.robustness.result import EvidenceCut as EvidenceCut
from monazite.analysis.rules.rules import Rules as Rules
from monazite.analysis.scenarios.result import ScenarioResult as ScenarioResult
from monazite.analysis.scenarios.result import ScenarioResults as ScenarioResults
from monazite.analysis.scenarios.scenario_file import ScenarioCheck as ScenarioCheck
from monazite.analysis.scenarios.scenario_file import ScenarioList as ScenarioList
from monazite.analysis.timeline.result import Timeline as Timeline
from monazite.bom.result import Exposure as Exposure
from monazite.core.errors import MonaziteError as MonaziteError
from monazite.core.results import NotKnown as NotKnown
from monazite.core.results import Result as Result
from monazite.data.alignments import Alignments as Alignments
from monazite.data.customs.aggregation import aggregate_trade as aggregate_trade
from monazite.data.customs.trade_sums import TradeSums as TradeSums
from monazite.data.importers.imported import Imported as Imported
from monazite.data.importers.imported import import_file as import_file
from monazite.export.contribution import Contribution as Contribution
from monazite.export.contribution import contribute as contribute
from monazite.export.new_table import NewTable as NewTable
from monazite.export.new_table import new_table as new_table
from monazite.export.release import ReleasedTables as ReleasedTables
from monazite.export.release import release as release
from monazite.model.balance.result import Balance as Balance
from monazite.model.ownership import Parents as Parents
from monazite.report.brief.briefing import Briefing as Briefing
from monazite.report.brief.verification import Verdict as Verdict
from monazite.report.explorer.page import ExplorerPage as ExplorerPage
from monazite.report.figures.figure import Figure as Figure
from monazite.report.graph.network_page import GraphPage as GraphPage
from monazite.report.reference_page import reference as reference
from monazite.store.answers import Answer as Answer
from monazite.store.checks import Report as Report
from monazite.store.entity_card import EntityCard as EntityCard
from monazite.store.questions import FoundQuestions as FoundQuestions
from monazite.store.remote.pushing import Pushed as Pushed
from monazite.view.opening import load as load
from monazite.view.own_tables import check as check
from monazite.view.pictures import write_graph as write_graph
from monazite.view.verification import verify as verify
from monazite.view.view import View as View

__version__: str
__all__: list[str]
_HOMES: Mapping[str, tuple[str, str]]

graph = write_graph

"""Written by ``examples/reference/build.py``; change the questions, not this file."""

from collections.abc import Iterable
from monazite.analysis.centrality.result import Centrality
from monazite.analysis.centrality.result import CentralityOverYears
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import Concentration
from monazite.analysis.concentration.indices import Indices
from monazite.analysis.conflicts.conflicts import Conflicts
from monazite.analysis.cuts.cuts import Cuts
from monazite.analysis.mitigation.after_failure import AfterFailure
from monazite.analysis.mitigation.fixes import Fixes
from monazite.analysis.mitigation.joint_failures import JointFailures
from monazite.analysis.robustness.draws import Draws
from monazite.analysis.robustness.sampling import Step
from monazite.model.network.attributes import Network
from monazite.model.ownership import Parents

class Questions:
    def after(self, line: str, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None, report: Chokepoints | None = None) -> AfterFailure:
        """Find what output and trade become after one line of the report, and what is then short.

        Shifts are the least changes, in tonnes; a marginal value is what is served more, in tonnes,
        for a tonne more of what is at its bound.

        Args:
            line: Id or name of a line: separation/CHN, China separation.
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            event: outage: plants shut down; embargo: the border closes; licence: a part is approved.
            approval: Part of sales that a licence covers.
            year: Default: the newest year with trade figures.

        >>> import monazite
        >>> monazite.load().after("China separation", "Sm", year=2024)
        <AfterFailure if China stopped separating: 17 shifts, 1 marginal values>
        """

    def centrality(self, element: str = 'MREE', market: str = 'WLD', *, kind: str = 'flow', by: str | None = None, year: int | None = None, draws: int | None = None, seed: int | None = None, step: Step | None = None) -> Centrality:
        """Print what lies in the middle of flows, firms or acts, and whether that is what costs most.

        Every number is what networkx gives on the graph, which Python hands out. Beside each measure
        stands what the market would lose without the place, with the rank correlation of the two.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            kind: flow: tonnes between countries; firms: who supplies whom; policy: whose acts apply to whom.
            by: Order by: betweenness, on_paths, pagerank, tonnes_in, tonnes_out; links, customers, suppliers; in_force_against, in_force_by.
            year: Default: the newest year with trade figures.
            draws: Run N random trials of the flows. Default: none.
            seed: Of draws; default 0.

        >>> import monazite
        >>> found = monazite.load().centrality("Dy", year=2024)
        >>> found.nodes[0].label, found.node("mine/MMR").measures["betweenness"]
        ('China separation', 0.0)
        >>> found.graph.in_degree("separation/CHN", weight="tonnes") > 2000
        True
        """

    def centrality_over_years(self, element: str = 'MREE', market: str = 'WLD', years: tuple[int, int] = ..., *, kind: str = 'flow', by: str | None = None) -> CentralityOverYears:
        """Rank what lies in the middle of flows, firms or acts, year by year: ranks only.

        Of firms and acts the last day of each year counts.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            years: The first and the last.
            kind: flow: tonnes between countries; firms: who supplies whom; policy: whose acts apply to whom.
            by: Order by: betweenness, on_paths, pagerank, tonnes_in, tonnes_out; links, customers, suppliers; in_force_against, in_force_by.

        >>> import monazite
        >>> found = monazite.load().centrality_over_years("Dy", years=(2023, 2024))
        >>> found.lines[0].label, found.lines[0].ranks["betweenness"]
        ('China separation', (1, 1))
        """

    def chokepoints(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None, full: bool = False) -> Chokepoints:
        """Rank what a market cannot do without: who leads each stage, and what a failure takes away.

        The loss is of the magnets that hold the element, or of its oxide, in one year. Contracts are
        met first, in proportion; home first is another rule. Nine in ten random trials lie in the
        range. Trials move figures, yields and assays together. They are shipped for one year allowed;
        --draws runs them for everything else.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            event: outage: plants shut down; embargo: the border closes; licence: a part is approved.
            approval: Part of sales that a licence covers.
            year: Default: the newest year with trade figures.
            full: Add what is lost if the market is served before all others.

        >>> import monazite
        >>> monazite.load().chokepoints("Dy", year=2024)
        <Chokepoints Dy for WLD 2024, short run: 23 lines, China separation 100 %>
        """

    def concentration(self, element: str = 'TREO', *, stage: str | None = None, series: bool = False, since: int = 1985) -> Concentration:
        """Print shares, the three largest and the HHI of each stage; TREO is all rare earths together.

        The reconciled year comes first; what sources print is another figure beneath it, with why it
        differs. With --full: what each share was divided by, the basis and the series. Years whose
        figures do not add up have no index and say why.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            stage: Only this stage: mine, separation ...
            series: One line a year; else the newest year of each stage.
            since: First year of the series.

        >>> import monazite
        >>> found = monazite.load().concentration("TREO", stage="mine")
        >>> found.lines[0].leader, round(found.lines[0].share, 2)
        ('CHN', 0.69)
        """

    def conflicts(self, name: str | None = None, *, kind: str = 'real') -> Conflicts:
        """List facts on which rows differ, the biggest difference first, with who says what.

        Rows that copy one root count once, and a later edition takes the place of an earlier one.

        Args:
            name: A name or id: a plant, firm, country, element.
            kind: real, basis, definition, year, edition, rounding or all.

        >>> import monazite
        >>> found = monazite.load().conflicts("Bukit Merah")
        >>> [line.text for line in found.conflicts[0].lines]
        ['1992', '1994-01-19']
        """

    def cuts(self, element: str = 'MREE', market: str = 'WLD', *, k: int = 2, left: float = 0.1) -> Cuts:
        """Print the sets of countries at stages and known sites that cut a market off an element.

        The smallest sets after which nothing arrives, the sets of up to --k that leave little, and
        what each country at a stage is to the routes between the mines and the market. Who brings
        the last 2 % of what the market takes at a stage is left out. With --fix, what capacity, and
        where, offsets a shutdown within the time allowed.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            k: How many things a set may have at most.
            left: What may still arrive, of the base.

        >>> import monazite
        >>> monazite.load().cuts("Dy", k=1)
        <Cuts Dy for WLD: 3 sets of up to 1 that leave at most 10 %>
        """

    def draws(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None, count: int = 200, seed: int | None = None, line: Iterable[str] = ..., report: Chokepoints | None = None, step: Step | None = None) -> Draws:
        """Draw all assumptions and contradicted numbers, and tell how far losses and ranks reach.

        The middle nine tenths of the random trials are the range of a loss and of a rank. They are
        drawn by a Latin hypercube (McKay, Beckman and Conover 1979).

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            event: outage: plants shut down; embargo: the border closes; licence: a part is approved.
            approval: Part of sales that a licence covers.
            year: Default: the newest year with trade figures.
            count: How many random trials; 200 take two minutes.
            seed: Of draws; default 0.
            line: With draws: what moves this line, one number at a time, "China mining".

        >>> import monazite
        >>> monazite.load().draws("Sm", year=2024, count=3)
        <Draws Sm for WLD 2024, short run: 3 draws, 0 rejected, 15 lines>
        """

    def fixes(self, element: str = 'MREE', market: str = 'WLD', *, what: str = 'first', horizon: str = 'short-run', year: int | None = None) -> Fixes:
        """Find what capacity, and where, brings back what an outage takes from a market.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            what: Id or name of what fails, separation/CHN; first is what costs most.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            year: Default: the newest year with trade figures.

        >>> import monazite
        >>> found = monazite.load().fixes("Dy", what="mine/MMR")
        >>> found.label, found.fixes[0].stage
        ('Myanmar mining', 'mine')
        """

    def indices(self, element: str = 'TREO', *, stage: str | None = None, market: str = 'USA') -> Indices:
        """Work out the indices that people quote, for the newest year of each stage.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            stage: Only this stage: mine, separation ...
            market: Whose imports GeoPolRisk counts.

        >>> import monazite
        >>> found = monazite.load().indices("Dy", stage="mine")
        >>> [line.index for line in found][:2]
        ['hhi', 'top-3']
        """

    def pairs(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None) -> JointFailures:
        """Find the pairs of failures that cost more together than their two losses added up.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            event: outage: plants shut down; embargo: the border closes; licence: a part is approved.
            approval: Part of sales that a licence covers.
            year: Default: the newest year with trade figures.

        >>> import monazite
        >>> monazite.load().pairs("Sm", year=2024)
        <JointFailures 1 of 72 pairs cost more together than apart>
        """

    def parents(self, name: str) -> Parents:
        """Follow a firm or plant up to its ultimate parent on a day; list the other holders.

        A parent holds more than half, or a source says that it controls; a share that is not known is
        no control. Each step names its record and source.

        Args:
            name: Id or name of a firm or plant.

        >>> import monazite
        >>> monazite.load(valid="1998-12-31").parents("mountain-pass").tops
        (('unocal', 'Union Oil Company of California (Unocal)'),)
        """

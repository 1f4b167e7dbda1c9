"""Written by ``examples/reference/build.py``; change the functions, not this file."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from monazite.analysis.backtest.hindcast import Hindcast
from monazite.analysis.backtest.result import Backtest
from monazite.analysis.centrality.result import Centrality
from monazite.analysis.centrality.result import CentralityOverYears
from monazite.analysis.changes import Changes
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.claims import Claims
from monazite.analysis.concentration.by_year import Concentration
from monazite.analysis.concentration.indices import Indices
from monazite.analysis.conflicts.conflicts import Conflicts
from monazite.analysis.cuts.cuts import Cuts
from monazite.analysis.inventory import DatasetDescription
from monazite.analysis.mitigation.after_failure import AfterFailure
from monazite.analysis.mitigation.after_failure import JointFailures
from monazite.analysis.mitigation.fixes import Fixes
from monazite.analysis.policies.policies import Policies
from monazite.analysis.replacement.result import Replacement
from monazite.analysis.reproductions.result import Reproductions
from monazite.analysis.robustness.draws import Draws
from monazite.analysis.robustness.result import EvidenceCut
from monazite.analysis.robustness.sampling import Step
from monazite.analysis.rules.rules import Rules
from monazite.analysis.scenarios.result import ScenarioResult
from monazite.analysis.scenarios.result import ScenarioResults
from monazite.analysis.scenarios.scenario_file import ScenarioCheck
from monazite.analysis.scenarios.scenario_file import ScenarioList
from monazite.analysis.timeline.result import Timeline
from monazite.bom.result import Exposure
from monazite.core.results import OrNotKnown
from monazite.core.tables import Table
from monazite.data.alignments import Alignments
from monazite.export.selection import Progress
from monazite.model.balance.result import Balance
from monazite.model.network.attributes import Network
from monazite.model.ownership import Parents
from monazite.report.brief.briefing import Briefing
from monazite.report.explorer.page import ExplorerPage
from monazite.report.figures.figure import Figure
from monazite.report.graph.network_page import GraphPage
from monazite.store.entity_card import EntityCard
from monazite.store.questions import FoundQuestions
from monazite.store.remote.pushing import Pushed
from pathlib import Path
from typing import BinaryIO

OTHERS: Mapping[str, tuple[str, ...]]

class Methods:
    def after(self, line: str, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None, report: Chokepoints | None = None) -> AfterFailure | OrNotKnown:
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
        <AfterFailure if China stopped separating: 20 shifts, 1 marginal values>
        """

    def alignments(self, term: str | None = None) -> Alignments:
        """List what corresponds to what elsewhere, and what must not be taken for each other.

        Args:
            term: A class, property, concept or entity, or one of theirs.

        >>> import monazite
        >>> monazite.load().alignments("Nd").alignments[0].object_label
        'neodymium atom'
        """

    def ask(self, words: str = '', group: str = '') -> FoundQuestions:
        """Find the command or question that answers what you want to know.

        It compares words with the names, titles and parameters of questions and commands, and with
        other words that people use for them; it knows no meaning. Names of elements, countries, plants
        and firms go into the line to paste. Exit 1 if nothing fits.

        Args:
            words: Words to look for, or a name.
            group: commands, entities, supply, policies, ownership, time or evidence.

        >>> import monazite
        >>> monazite.load().ask("who owns")
        <FoundQuestions 4 questions: holdings-of, owners, ownership-on, parents>
        """

    def backtest(self, episode: str = '2025', *, fit_until: str | None = None) -> Backtest:
        """Foretell a past episode from what was published at the time, and score it.

        Every later month is scored from every day on which a month was printed, on three bases, beside
        simple methods; then earlier rules alone, the text alone, the rule of allocation that the months
        support, and sizes of lost output by others. 2010 is put together again, with nothing fitted.

        Args:
            episode: 2025, China's licences on magnets; or 2010, quota and embargo.
            fit_until: Foretell from this day alone, by what was published until then.

        >>> import monazite
        >>> monazite.load().backtest("2025", fit_until="2025-07-21").verdict
        'no skill'
        """

    def balance(self, element: str = 'MREE', *, year: int | None = None) -> Balance:
        """Balance an element: made, traded, used, and what is unaccounted for.

        All amounts are tonnes of the element. The reconciled year leads, the least change to figures
        inside their ranges; what records print stands beside it. A surplus or shortfall is never closed
        by hand. With --full: what records print by country, what the change moved, what other
        interpretations leave, and the trade.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            year: Default: the newest year with trade figures.

        >>> import monazite
        >>> monazite.load().balance("NdPr", year=2024).closings[0].stage
        'mine'
        """

    def balance_html(self, found: Balance, tables: Sequence[Table] | None = None) -> str:
        """Return the page of a balance, one HTML file: its Sankey diagram and its tables.

        Args:
            found: what ``balance`` returned.
            tables: the tables below the diagram; ``found.tables()`` if None.

        Returns:
            The text of the HTML document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.balance_html(view.balance("Dy", year=2024))[:15]
        '<!doctype html>'
        """

    def balance_programme(self, element: str = 'MREE', *, year: int | None = None) -> str:
        """Return the linear programme that reconciles a year, in the LP format, with its names.

        Args:
            element: symbol, name or group of elements that share one reconciliation.
            year: the last one with trade rows if None.

        Returns:
            The text of an LP file.

        Raises:
            UnknownNameError: there is no such element, or its members have several programmes.
            NotKnownError: the view leaves out an assumption that is needed.

        >>> import monazite
        >>> "ore_sold(AUS,mt_weld,MYS)" in monazite.load().balance_programme("Dy", year=2024)
        True
        """

    def balance_svg(self, found: Balance) -> str:
        """Draw a balance as a Sankey diagram: an SVG document that records the view.

        Args:
            found: what ``balance`` returned.

        Returns:
            The text of the SVG document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.balance_svg(view.balance("Dy", year=2024))[:4]
        '<svg'
        """

    def brief(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, bom: Path | str | None = None, matches: Path | str | None = None, profile: Path | str | None = None, redact: bool = False) -> Briefing:
        """Write a briefing: what stops, why, how sure, what would fix it and what is due, with sources.

        The first page answers, the rest stands behind it. The HTML page is one file that works
        offline. PDF, DOCX and PPTX need the extra: pip install 'monazite[brief]'. All but Markdown
        carry the records they rest on, and can be checked with monazite verify.

        Name the format of --output with -f, or a file for each: --pdf, --docx, --pptx, --markdown.

        --bom adds parts on a bill of materials: what stops first, rules on the day, what to ask. The
        bill is not in the file: whoever verifies it needs the bill too.

        --sign puts into the page of --output who issued it; other formats cannot be signed. It needs
        pip install 'monazite[sign]' and a key: openssl genpkey -algorithm ed25519 -out KEY.pem, and
        openssl pkey -in KEY.pem -pubout -out KEY.pub for all who verify.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            event: outage, embargo or licence.
            approval: Part of sales that a licence covers.
            year: Default: the newest year with trade figures.
            bom: Also parts on this bill of materials.
            matches: Of the bill: firms and materials.
            profile: Of the company and the product.
            redact: Codes in place of all names of the bill.

        Returns:
            The briefing, which gives itself as HTML, PDF, DOCX, PPTX and Markdown.

        Raises:
            UnknownNameError: the element, the market or a word is not known.
            NotKnownError: no row splits any stage of the element.
            UnreadableError: a file of the bill cannot be read.
            FaultyTablesError: something in such a file is wrong; all faults are told.

        >>> import monazite
        >>> briefing = monazite.load().brief("Sm")
        >>> briefing.brief.question
        'What can stop samarium for the world?'
        """

    def catalogue(self, format: str) -> str:
        """Describe the view for catalogues of data, with checksums by which copies are compared.

        Args:
            format: croissant (1.1), dcat (DCAT 3 as Turtle) or dcat-jsonld.

        Returns:
            The description: the files that ``export csv`` and ``export canonical`` write, each
            with its size and SHA-256, and what repeats the view. ``verify`` compares it.

        Raises:
            UnknownNameError: there is no such format.

        >>> import monazite
        >>> monazite.load().catalogue("dcat").count("spdx:checksumValue") > 60
        True
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

    def centrality_html(self, found: Centrality) -> str:
        """Return the page of a measured graph, one HTML file: nodes sized by the measure, tables.

        Args:
            found: what ``centrality`` returned.

        Returns:
            The text of the HTML document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.centrality_html(view.centrality("Dy", year=2024))[:15]
        '<!doctype html>'
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

    def check_scenario(self, name: str | Path | BinaryIO) -> ScenarioCheck:
        """Find all that is wrong with a scenario file: its text, and what it names.

        Args:
            name: A scenario that is shipped, a TOML file, or one that is open.

        >>> import monazite
        >>> found = monazite.load().check_scenario("kuantan-closed")
        >>> found.headline()
        'kuantan-closed.toml: no faults found'
        """

    def chokepoints(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None, full: bool = False) -> Chokepoints:
        """Rank what a market cannot do without: who leads each stage, and what a failure takes away.

        Two parts of a year's use of the magnets that hold the element: what is lost in the first year,
        with stocks and lead times, and for good, the rate once stocks are gone. Where no magnet holds
        it, as Y, use is not known and no loss. Contracts are met first, in proportion; home first is
        another rule. Both are medians of random trials that move figures, yields, assays and stocks
        together; in brackets nine in ten. They are shipped for the short run, and hold wherever the
        losses of one balance are still those of then; elsewhere numbers are of that balance, until
        --draws runs the trials.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            event: outage: plants shut down; embargo: the border closes; licence: a part is approved.
            approval: Part of sales that a licence covers.
            year: Default: the newest year with trade figures.
            full: Add the loss if the market is served first, and new plants.

        >>> import monazite
        >>> monazite.load().chokepoints("Dy", year=2024)
        <Chokepoints Dy for WLD 2024, short run: 31 lines, China separation >99 %>
        """

    def claims(self, text: str = '', *, verdict: str = '', speaker: str = '') -> Claims:
        """List public claims with a verdict by the rows of the view; one claim with all its records.

        Exit 1 if no claim is meant.

        Args:
            text: Words of the claim, or its id: c16.
            verdict: supported, partly-contradicted, contradicted or not-known.
            speaker: Only who is called so.

        >>> import monazite
        >>> found = monazite.load().claims("Malaysia")
        >>> [(claim.id, claim.verdict) for claim in found]
        [('c16-malaysia-1992', 'partly contradicted')]
        """

    def concentration(self, element: str = 'TREO', *, stage: str | None = None, series: bool = False, since: int = 1985) -> Concentration:
        """Print shares, the three largest and the HHI of each stage; TREO is all rare earths together.

        The reconciled year comes first; what sources print is another figure beneath it, with why it
        differs. With --full: what each share was divided by, the basis and the series. Years whose
        figures do not add up have no index and say why.

        --indices adds HHI weighted by governance, EU, USGS and GeoPolRisk supply risks, N-1 and the
        EU limit of 65 %; what has no figures is not known, and the table says what is missing.
        GeoPolRisk counts the imports of the country, or area, of --market.

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
        the last 2 % of what the market takes at a stage is left out. With --fix, what new plants
        together offset a shutdown, where, and how much of it is likely.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            k: How many things a set may have at most.
            left: What may still arrive, of the base.

        >>> import monazite
        >>> monazite.load().cuts("Dy", k=1)
        <Cuts Dy for WLD: 3 sets of up to 1 that leave at most 10 %>
        """

    def diff(self, date1: str, date2: str | None = None, *, element: str = 'MREE', market: str = 'WLD') -> Changes:
        """Say in sentences what changed between two days; --known DATE1 DATE2 compares what was known.

        What changes for the market comes first; what certainly does not touch the element is left out.
        Two folders are two releases of the tables, or folders as ontology/tables: each record that was
        added, changed or removed is told as well.

        Args:
            date1: The earlier day, or release.
            date2: The later day, or release; with known DATE1, none is needed.
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.

        >>> import monazite
        >>> found = monazite.load().diff("2014-12-31", "2016-06-30")
        >>> [each.kind for each in found if each.subject.startswith("Mountain Pass mine")]
        ['suspended']
        >>> monazite.load(known="2025-05-20").diff("2026-11-24").before
        'what was known by 2025-05-20'
        """

    def doubt(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', year: int | None = None, threshold: float | None = None, exact: int = 2, trials: int = 2000, step: Step | None = None) -> EvidenceCut | OrNotKnown:
        """Print the figures and assumptions that, if wrong or dropped, unseat the first chokepoint.

        The smallest set of them, what dropping each figure or moving it does to rank one and its loss,
        and how much of the result rests on news, weak sources and assumptions.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            year: Default: the newest year with trade figures.
            threshold: Loss that must not be crossed; half of the loss if not given.
            exact: Size of sets up to which all are tried.
            trials: Sets of a size are all tried if they are no more than this; 25 take a second.

        >>> import monazite
        >>> found = monazite.load().doubt("Sm", exact=1, trials=0)
        >>> found.label, [len(each.members) for each in found.sets]
        ('China separation', [2])
        """

    def draws(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None, count: int = 200, seed: int | None = None, line: Iterable[str] = ..., report: Chokepoints | None = None, step: Step | None = None) -> Draws | OrNotKnown:
        """Draw all assumptions and contradicted numbers, and tell how far losses and ranks reach.

        The middle nine tenths of the random trials are the range of a loss and of a rank, of the first
        ten lines and of those that are named. They are drawn by a Latin hypercube (McKay, Beckman and
        Conover 1979).

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
        <Draws Sm for WLD 2024, short run: 3 draws, 1 rejected, 10 lines>
        """

    def explore(self, element: Iterable[str] = ..., market: Iterable[str] = ..., *, step: Callable[[float], object] = ...) -> ExplorerPage:
        """Draw all elements, markets and tiers of sources as one HTML file that works offline.

        Chain, map, events and the cards of sites, firms and acts, linked; a search over names in
        English and Chinese and over sources; two questions side by side; the rules in force. It takes
        minutes the first time, and is kept. monazite verify checks it.

        Args:
            element: Only this element or group; may be repeated; the first is seen first.
            market: Only this country or union; may be repeated; the first is seen first.
            step: called with the part of the work that is done, 0 to 1.

        Returns:
            The page, which gives itself as HTML; of all rare earths, and of the markets whose ranges
            are shipped, where none are named.

        Raises:
            UnknownNameError: an element or a market is not known.

        >>> import monazite
        >>> page = monazite.load(tier=1).explore(["Sm"], ["JPN"])
        >>> page, page.html.startswith("<!doctype html>")  # doctest: +ELLIPSIS
        (<ExplorerPage 1 view, ... cards>, True)
        """

    def export(self, format: str, name: str | None = None, *, element: str | None = None, market: str | None = None, progress: Progress | None = None) -> bytes | dict[str, bytes]:
        """Write the rows, or those of one entity, in a format that other tools read.

        Args:
            format: turtle, trig, nquads, canonical, jsonld, rdfxml, rdf12, cube, ftm, csv, xlsx, sqlite, parquet, graphml or context.
            name: Only the records that speak of it: id or name.
            element: Of graphml; as in graph.
            market: Of graphml; as in graph.
            progress: told now and then which share of the work is done, 0 to 1.

        Returns:
            The bytes of one file; for csv and parquet those of each file of a folder, by name.

        Raises:
            UnknownNameError: there is no such format, entity, element or market, or the format
                takes no entity, or no element and market.
            NotKnownError: no row splits any stage of the element.
            NotInstalledError: parquet is asked for, and its extra is not installed.

        >>> import monazite
        >>> view = monazite.load()
        >>> sorted(view.export("csv", "mountain-pass"))[:2]
        ['area_demand.csv', 'areas.csv']
        """

    def exposure(self, bill: Path | str, market: str = 'WLD', *, matches: Path | str | None = None, profile: Path | str | None = None, licence: str | None = None, answers: Path | str | None = None, record: str | None = None, passport: bool = False, losses: bool = False, redact: bool = False, days: Sequence[str] = ..., questionnaire: bool = False) -> Exposure:
        """Weigh the rare earths in a bill of materials, line by line, and say what is not known.

        A material, grade or firm is matched only where it is sure; all else is asked. Contents are
        ranges by kind of evidence: what the bill says, then records of the grade, then of the material.
        Where no record gives a content it is not known. Nothing of the bill leaves the machine or is
        kept.

        Rules are asked about each line on the day of --valid; several days stand between commas:
        --valid 2025-03-31,2025-04-04 asks all records about each of them.

        A profile says once what rules ask of the company and the product, and of every line:
        staff = 600, turnover-eur = 2e8, product-class, ships-as = "magnet", us-defence = false.

        With --losses: in which order parts stop the product, by days of stock, then by the loss of the
        market; through which plants each supplier's path runs; and what would help, worked out anew.
        The weakest hop of a path is the least certain; then one that no other record doubles; then the
        one nearest to the mine. usd-per-eur = 1.1 in the profile holds prices against euros.

        What to ask is written with --questions questions.xlsx, the answer that settles most judgements
        first; filled in, it is given back with --answers questions.xlsx, and the judgements change.

        -o bill.html writes a page that works offline, -o bill.xlsx a workbook with every line, -o
        bill.json the JSON. The bill is in none; monazite verify takes it to check the page.

        Matches are decided in a file: write it with --matches-out matches.csv, set decision to
        accepted, not, none or no rare earths, and give it back with --matches matches.csv.

        Args:
            bill: Bill of materials: .csv, .tsv or .xlsx.
            market: Country or union; WLD is the world.
            matches: What you decided on firms and materials.
            profile: What is so of the company and product.
            licence: Also the documents that a licence under this act asks for.
            answers: Answers to a questionnaire.
            record: Also the map that crma-24 asks for.
            passport: Also what CRMA 28 and 29 ask of each magnet.
            losses: Also what stops first: losses, paths, shared plants, what helps.
            redact: Codes in place of all names of the bill.
            days: on which rules are asked about the lines; the day of the view if none.
            questionnaire: whether it is found what to ask whom, the answer that settles most
                judgements first.

        Raises:
            UnreadableError: a file cannot be read, or is of a kind that is not read.
            FaultyTablesError: something in a file is wrong, or an answer contradicts the bill; all
                faults are told.
            UnknownNameError: the market or the act is not known, or a day is no date.
            NotKnownError: no row tells which documents a licence of the act asks for.

        >>> import monazite
        >>> found = monazite.load().exposure("examples/bills/generator.csv", "EUE")
        >>> found.elements[0].element
        'Dy'
        """

    def exposure_html(self, found: Exposure) -> str:
        """Return an exposure as one HTML file that needs nothing else, with its record and seal.

        The bill is not in it; the records that it was held against are.

        Args:
            found: what ``exposure`` returned.

        Returns:
            The text of the page.

        >>> import monazite
        >>> view = monazite.load()
        >>> found = view.exposure("examples/bills/generator.csv", "EUE")
        >>> view.exposure_html(found)[:15]
        '<!doctype html>'
        """

    def figure(self, kind: str, element: str = 'MREE', market: str = 'WLD', *, year: int | None = None, horizon: str = 'short-run', event: str = 'outage', by: str | None = None, flows: bool = False, width: int | float | None = None) -> Figure:
        """Draw a figure: shares, HHI, balance, losses, timeline, map, centrality and others.

        The SVG and the PNG come from one drawing, the same bytes each time. Title and alt text are
        written from the data, and stand in the file with the data used.

        Args:
            kind: concentration, hhi, balance, losses, timeline, map, centrality, replacement, fixes or backtest.
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            year: Base year of a balance or of losses.
            horizon: Of losses and fixes: immediate, short-run, medium-run or free.
            event: Of losses: outage, embargo or licence.
            by: Of centrality: betweenness, pagerank ...
            flows: On the map: trade between countries.
            width: Width of the figure in CSS pixels.

        Returns:
            The figure, which gives itself as SVG, PNG and alternative text.

        Raises:
            UnknownNameError: there is no such kind, element, market, horizon or event, no such
                width, or no such year.
            NotKnownError: no row of the view answers.

        >>> import monazite
        >>> figure = monazite.load().figure("concentration", "Dy")
        >>> figure.svg.startswith("<svg"), figure.png(96)[1:4]
        (True, b'PNG')
        """

    def fixes(self, element: str = 'MREE', market: str = 'WLD', *, what: str = 'first', horizon: str = 'short-run', year: int | None = None, below: float | None = None) -> Fixes | OrNotKnown:
        """Find what capacity, and where, cuts what an outage takes from a market.

        New separation, metal and magnet plants together, with the sales that they need: the least
        tonnes if the market is served first, if no other loses, and if all are served alike; how much
        of that plans on record make likely. Mines grow only where plants alone fall short.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            what: Id or name of what fails, separation/CHN; first is what costs most.
            horizon: immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.
            year: Default: the newest year with trade figures.
            below: Loss that new plants are to leave at most; half of the loss if not given.

        >>> import monazite
        >>> found = monazite.load().fixes("Dy", what="mine/MMR")
        >>> found.label, found.fixes[0].rule, found.fixes[0].added[0].stage
        ('Myanmar mining', 'market first', 'mine')
        """

    def graph(self, element: str = 'MREE', market: str = 'WLD', *, around: str | None = None, hops: int = 1, path: tuple[str, str] | None = None, stage: Iterable[str] = ..., top: int = 40, series: bool = False, all_links: bool = False, network: Network | None = None, findings: Chokepoints | None = None, heading: str | None = None) -> GraphPage:
        """Draw the chain of an element as one HTML file that works offline.

        Cards are countries at a stage, shaded by what would be lost if each stopped, with the range.
        All sites and links are a click away. --network, or a part (--around, --path, --stage, --top),
        draws them at once. A name that ends in .svg or .png takes the picture alone.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            around: Only what is near this country or site.
            hops: How many links away around reaches.
            path: Only what is on a route from one to the other.
            stage: Only this stage; may be repeated.
            top: How many sites and firms to draw.
            series: Add who led each stage in earlier years.
            all_links: Draw all sites and links, not the countries by stage.
            network: one that this view has built, or a part of it; its element and market are
                then taken where none are named.
            findings: chokepoints of this element and market, to ring them; they are found if None.
            heading: of the page; made from the network if None.

        Returns:
            The page, which gives itself as HTML, SVG, PNG and as a frame for a notebook.

        Raises:
            UnknownNameError: the element, the market, a name or a stage is not known, a number may
                not be asked for, or network or findings are of another question.
            NotKnownError: no row splits any stage, or nothing is left to draw.

        >>> import monazite
        >>> page = monazite.load().graph("Dy", "USA", stage=["metal", "magnet"])
        >>> page.title, len(page.row_keys) > 20, page.svg.startswith("<svg")
        ('Dysprosium: supply chain to the United States', True, True)
        >>> page.backbone is None, monazite.load().graph("Dy", "USA").backbone.first
        (True, 'separation/CHN')
        """

    def hindcast(self) -> Hindcast:
        """Set what the models say of three past episodes beside what happened.

        The takeover of Kachin's mines in October 2024, the halt of sales to Japan in 2010, and China's
        magnet exports by destination from April to October 2025: ranges from what was known, what
        happened, how many ranges cover it, and whether a rebound after a rule would help.

        >>> import monazite
        >>> monazite.load().hindcast().earns_its_place
        False
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

    def info(self, element: str = 'MREE') -> DatasetDescription:
        """Describe the data set: counts, sources by tier and age, coverage, licence, version.

        For catalogues of data: Croissant 1.1 and DCAT 3, of the files that monazite export csv and
        export canonical write, each with its size and SHA-256. monazite verify says whether this copy
        is the one that such a file describes.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.

        >>> import monazite
        >>> found = monazite.load().info()
        >>> found.title.issued, found.inventory.sources > 1000
        ('2026-11-24', True)
        """

    def pairs(self, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None) -> JointFailures | OrNotKnown:
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
        <JointFailures 1 of 92 pairs cost more together than apart>
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

    def policies(self, element: str | None = None, *, to: str | None = None, by: str | None = None, since: str | None = None) -> Policies:
        """List acts: in force or not, since when, what they cover, at whom, who says so.

        May be in force means that the records leave it open; the column why says how. Without --valid
        it is asked of the release day. To see whether it was so in May, name a day of May and compare.

        Args:
            element: Only what covers this element or group.
            to: Only acts aimed at it, at a firm there, or at all countries.
            by: Only acts that this country or union issued.
            since: Only acts that began, changed or ended since this day.

        >>> import monazite
        >>> found = monazite.load().policies("Dy", to="JPN", by="CHN", since="2026")
        >>> [(line.policy, line.status.text) for line in found if line.policy == "mofcom-2026-1"]
        [('mofcom-2026-1', 'in force: since 2026-01-06')]
        """

    def push(self, address: str, *, update: str | None = None, progress: Callable[[float], object] | None = None) -> Pushed:
        """Load the graph, or the data used, into a SPARQL store.

        It takes the place of what the store holds below https://w3id.org/monazite/. Run it again where
        it broke off; query --endpoint asks it. Name and password come from MONAZITE_ENDPOINT_USER and
        MONAZITE_ENDPOINT_PASSWORD, a token from MONAZITE_ENDPOINT_TOKEN.

        Args:
            address: The address where the store takes queries.
            update: Where it takes updates. Default: as Oxigraph, Virtuoso or Fuseki does.
            progress: told now and then which share of the work is done, 0 to 1.

        Returns:
            How many quads the store holds, and how many were sent now.

        Raises:
            EndpointError: the store does not answer, or does not take them.
            NotInstalledError: the extra ``remote`` is not installed.

        >>> import monazite
        >>> monazite.load().push("ftp://example.org")
        Traceback (most recent call last):
        monazite.core.errors.EndpointError: ftp://example.org is no address of an endpoint; ...
        """

    def replace(self, element: str = 'Dy', market: str = 'WLD', *, country: str = 'CHN', by: int = 2030, year: int | None = None) -> Replacement | OrNotKnown:
        """Find who could replace what a country makes of an element for a market, and by when.

        Plants outside the country that run, are being built or planned: what they add, when they are
        to begin, the odds of that by how late plans of the past began, what is spoken for, where they
        get what they work on, and rules aimed at them. Then what of the need that covers, to 2035.

        Args:
            element: Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.
            market: Country or union; WLD is the world.
            country: The country that is to be replaced.
            by: The year at whose end the question is asked.
            year: Default: the newest year with trade figures.

        >>> import monazite
        >>> found = monazite.load().replace("Dy", "DEU", by=2028)
        >>> found.asked.year, found.asked.covered.low < 0.1
        (2028, True)
        """

    def replacement_figure(self, found: Replacement, *, width: float | None = None) -> Figure:
        """Draw what of a need is covered without a country, at each stage, year by year.

        Args:
            found: what ``replace`` returned.
            width: in pixels of CSS, 600 to 2,400.

        Returns:
            The figure, as :meth:`figure` draws it of the country and year that are usual.

        Raises:
            UnknownNameError: there is no such width.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.replacement_figure(view.replace("Dy", "DEU", by=2028)).kind
        'replacement'
        """

    def reproduce(self) -> Reproductions:
        """Put printed numbers beside ours, with the difference and its reason.

        Which number is held against which records is the table of reproductions. Exit 0 if every number
        that is to come out again does, 1 if one no longer does, 2 if there was nothing to ask.

        >>> import monazite
        >>> monazite.load().reproduce().broken
        ()
        """

    def rules(self, element: str | None = None, *, by: str | None = None) -> Rules:
        """List the conditions by which items come under acts, and whether they bind on that day.

        A view of a day holds only the clauses that can hold on it.

        Args:
            element: Only what covers this element or group.
            by: Only acts that this country or union issued.

        >>> import monazite
        >>> found = monazite.load().rules("Dy", by="CHN")
        >>> [line.asks for line in found if line.condition.clause == "tested-low"]
        ['Dy + Tb at most 0.1 % of mass', 'NdFeB magnet', 'Dy + Tb content was tested']
        """

    def scenario(self, name: str | Path | BinaryIO, *, markets: Iterable[str] = ..., months: int | None = None, draws: int | None = None, seed: int | None = None, workers: int | None = None, step: Step | None = None) -> ScenarioResult | OrNotKnown:
        """Run a scenario: what each market is supplied and does without, month by month.

        A file with faults is refused with all of them, each with its line.

        Args:
            name: A scenario that is shipped, a TOML file, or one that is open.
            markets: Code of a market to tell of; may be repeated. Default: those of the file.
            months: How many months. Default: as the file says.
            draws: Run N random trials for ranges. Default: none.
            seed: Of draws; default 0.
            workers: Processes for draws. Default: this one.

        >>> import monazite
        >>> found = monazite.load().scenario("china-halt-3", markets=["USA"])
        >>> found.months[0], found.lost("USA") > 0
        ('2027-01', True)
        """

    def scenario_figure(self, found: ScenarioResult, *, beside: ScenarioResult | None = None, width: float | None = None) -> Figure:
        """Draw a scenario: what is supplied, the rules, firms that stop and stocks, by month.

        Args:
            found: what ``scenario`` returned.
            beside: another scenario, whose lines are drawn beside.
            width: in pixels of CSS, 600 to 2,400.

        Returns:
            The figure, which gives itself as SVG and as PNG.

        Raises:
            UnknownNameError: there is no such width, or both share no month.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.scenario_figure(view.scenario("china-halt-1", markets=["USA"])).kind
        'scenario'
        """

    def scenario_html(self, found: ScenarioResult, *, beside: ScenarioResult | None = None) -> str:
        """Return a scenario as one HTML file that needs nothing else, with its record and seal.

        Args:
            found: what ``scenario`` returned.
            beside: another scenario, whose lines are drawn beside.

        Returns:
            The text of the page.

        Raises:
            UnknownNameError: both share no month.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.scenario_html(view.scenario("china-halt-1", markets=["USA"]))[:15]
        '<!doctype html>'
        """

    def scenario_list(self) -> ScenarioList:
        """List the scenarios that are shipped: name, title, first month and shocks of each.

        >>> import monazite
        >>> found = monazite.load().scenario_list()
        >>> "china-halt-3" in [each.name for each in found.scenarios]
        True
        """

    def scenarios(self, *, markets: Iterable[str] = ..., months: int | None = None, draws: int | None = None, seed: int | None = None, workers: int | None = None, step: Step | None = None) -> ScenarioResults:
        """Run all scenarios that are shipped; a random trial is worked out once for all of them.

        Args:
            markets: Code of a market to tell of; may be repeated. Default: those of the file.
            months: How many months. Default: as the file says.
            draws: Run N random trials for ranges. Default: none.
            seed: Of draws; default 0.
            workers: Processes for draws. Default: this one.

        >>> import monazite
        >>> found = monazite.load().scenarios(markets=["JPN"])
        >>> "kuantan-closed" in [each.id for each in found.scenarios]
        True
        """

    def show(self, name: str, *, full: bool = False) -> EntityCard:
        """Print the card of a plant, firm, act, country, element or material, with its sources.

        State, products, amounts, owners, buyers, rules, what is disputed. --full prints all records. A
        name of several things has an answer for each, with kind and id.

        Args:
            name: Id or name, in English or Chinese; kind/id for one of several.
            full: Only the rows, without the short card, which takes a second once.

        >>> import monazite
        >>> monazite.load().show("Mountain Pass").entity.label
        'Mountain Pass mine and processing facility'
        >>> monazite.load().show("mofcom-gac-2025-18").opening.split(". ")[0]
        'In force: since 2025-04-04'
        """

    def timeline(self, name: str | None = None, *, policy: str | None = None, stage: str | None = None, from_: str | None = None, until: str | None = None, all_: bool = False) -> Timeline:
        """Print what happened, in order: events, policies, owners, links, prices, shares, statements.

        Args:
            name: A facility, organisation, element, country or material. One of name, policy, stage must be given.
            policy: The steps of a policy. One of name, policy, stage must be given.
            stage: Only, or all of, this stage. One of name, policy, stage must be given.
            from_: The first day shown.
            until: The last day shown.
            all_: Also what changes no state, of a country or stage.

        >>> import monazite
        >>> found = monazite.load().timeline("Mountain Pass", until="1952")
        >>> [(each.date, each.event) for each in found if each.event]
        [('1949', 'Discovered'), ('1952', 'Opened')]
        """

    def timeline_html(self, found: Timeline) -> str:
        """Return the page of a timeline, one HTML file: its picture and every line with sources.

        Args:
            found: what ``timeline`` returned.

        Returns:
            The text of the HTML document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.timeline_html(view.timeline("Bukit Merah"))[:15]
        '<!doctype html>'
        """

    def timeline_svg(self, found: Timeline) -> str:
        """Draw a timeline on an even scale of years: an SVG document that records the view.

        Args:
            found: what ``timeline`` returned.

        Returns:
            The text of the SVG document.

        >>> import monazite
        >>> view = monazite.load()
        >>> view.timeline_svg(view.timeline("Bukit Merah"))[:4]
        '<svg'
        """

"""What lies in the middle of the chain? Centrality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.core.errors import UnknownNameError
from monazite.core.results import do_nothing
from monazite.data.parameters import ELEMENT, FLOW, GRAPHS, MARKET, SEED, check_word, check_year
from monazite.view.scenario_pictures import ScenarioPictures

if TYPE_CHECKING:
    from monazite.analysis.centrality.result import Centrality, CentralityOverYears
    from monazite.analysis.robustness.sampling import Step


class CentralityQuestions(ScenarioPictures):
    """What lies in the middle of the chain?"""

    def centrality(
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        *,
        kind: str = FLOW,
        by: str | None = None,
        year: int | None = None,
        draws: int | None = None,
        seed: int | None = None,
        step: Step | None = None,
    ) -> Centrality:
        """Measure what lies in the middle of flows, firms or acts, beside what its failure costs.

        The graph that was measured is ``.graph``, a frozen ``networkx.DiGraph``: every number is
        what networkx gives on it. ``flow`` has the tonnes of the reconciled year between countries
        at a stage, ``firms`` who supplies whom by who controls them, ``policy`` who binds whom by
        acts in force that restrict.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            kind: flow, firms or policy.
            by: the measure that nodes are ordered by: betweenness, on_paths, pagerank, tonnes_in,
                tonnes_out; of firms links, customers, suppliers; of policies in_force_against,
                in_force_by. The first of the kind if None.
            year: of flows and losses; the last one with trade rows if None.
            draws: how often the ranges of flows are drawn; not at all if None.
            seed: of the draws, 0 if None.
            step: is told which share of the draws is done, 0 to 1.

        Returns:
            Nodes with tonnes, counts or parts of 1 and their losses in parts of 1; Spearman's
            rank correlation of each measure with the losses; where they disagree, in sentences.

        Raises:
            UnknownNameError: element, market, kind or measure is not known, draws are no count, or
                are asked of what is not drawn.
            NotKnownError: the graph cannot be built; the sentence says why.

        References:
            Freeman 1977 and Brandes 2001 for betweenness, Page and others 1999 for PageRank,
            Spearman 1904 for the correlation; in :mod:`monazite.analysis.centrality.measures`.

        >>> import monazite
        >>> found = monazite.load().centrality("Dy", year=2024)
        >>> found.nodes[0].label, found.node("mine/MMR").measures["betweenness"]
        ('China separation', 0.0)
        >>> found.graph.in_degree("separation/CHN", weight="tonnes") > 2000
        True
        """
        from monazite.analysis.centrality.centrality import find_centrality
        from monazite.analysis.centrality.measures import measure_named

        measure_named(check_word(kind, GRAPHS, "kind of graph"), by)
        check_year(year)
        _check_draws(kind, draws, seed)
        network, facts = self.network(element, market), self.facts(element)
        report = self.chokepoints(element, market, year=year, network=network)
        found = find_centrality(facts, report, kind=kind, by=by)
        if draws is not None:
            from monazite.analysis.centrality.centrality import with_draws

            asked = (found, network, facts, report)
            found = with_draws(*asked, count=draws, seed=seed or SEED, step=step or do_nothing)
        return self._recorded(found)

    def centrality_over_years(
        self,
        element: str = ELEMENT,
        market: str = MARKET,
        years: tuple[int, int] = (2018, 2024),
        *,
        kind: str = FLOW,
        by: str | None = None,
    ) -> CentralityOverYears:
        """Rank what lies in the middle of flows, firms or acts, year by year: ranks only.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            years: the first and the last.
            kind: flow, firms or policy; of the last two the last day of each year counts.
            by: the measure that lines are ordered by; the first of the kind if None.

        Returns:
            Ranks by measure and year, and which years and stages are left out; ``.graphs`` are
            those that were measured, by year.

        Raises:
            UnknownNameError: element, market, kind or measure is not known, or the years are none.
            NotKnownError: none of the years can be measured; the sentence says why.

        >>> import monazite
        >>> found = monazite.load().centrality_over_years("Dy", years=(2023, 2024))
        >>> found.lines[0].label, found.lines[0].ranks["betweenness"]
        ('China separation', (1, 1))
        """
        from monazite.analysis.centrality.result import find_centrality_over_years
        from monazite.store.names import find_entity

        check_word(kind, GRAPHS, "kind of graph")
        facts = self.facts(element)
        place = find_entity(self.store, market, "Country", "Area", what="market")
        found = find_centrality_over_years(
            facts, years, market=place.id, label=place.label, kind=kind, by=by
        )
        return self._recorded(found)

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
        from monazite.report.centrality_page import centrality_html

        return centrality_html(found, self.line())


def _check_draws(kind: str, draws: int | None, seed: int | None) -> None:
    """Refuse draws of what is not drawn, and a seed without them."""
    if draws is None:
        if seed is not None:
            raise UnknownNameError("A seed belongs to draws: take draws as well.")
        return
    from monazite.analysis.robustness.sampling import check_draws

    check_draws(draws, seed or SEED)
    if kind != FLOW:
        raise UnknownNameError("Only flows are drawn: leave draws, or take the kind flow.")

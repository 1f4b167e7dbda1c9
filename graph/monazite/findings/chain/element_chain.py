"""The chain of one element in a base year, reconciled.

From the reconciled ledger (``reconcile``): what each pool of countries makes at a stage, takes of
the stage before, sells and lacks. A pool is a country whose output and use are known at the stage,
or the rest of the world. What no row explains stays: it is there in the base year and after, and a
report says how large it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import fsum

from monazite.findings.balance.ledger import Ledger
from monazite.findings.balance.line import STAGES, StageLine
from monazite.findings.balance.reconcile import Reconciled, reconcile
from monazite.network.shares import REST
from monazite.parameters import MAGNET, MINE, SEPARATION
from monazite.quantities.trade_content import ElementFlow


@dataclass(frozen=True)
class ElementChain:
    """The reconciled quantities of one element, in tonnes of the element in the base year.

    Attributes:
        element: symbol, or ``NdPr`` for the two together, which plants do not part.
        made: by stage and pool.
        taken: what the next stage and users take, by stage and pool.
        flows: by stage, seller and buyer; no flow inside a pool.
        missing: what no row explains and the next stage needs, by stage and pool.
        scrap: oxide from scrap, by pool of separation.
        home: the pool of each country, by stage.
        parts: what single countries make, by stage: parts of their pool.
        rows: rows that output rests on, by stage and country.
        used: oxide that is used as it is, by pool of separation.
    """

    element: str
    made: Mapping[tuple[str, str], float]
    taken: Mapping[tuple[str, str], float]
    flows: Mapping[tuple[str, str, str], float]
    missing: Mapping[tuple[str, str], float]
    scrap: Mapping[str, float]
    home: Mapping[str, frozenset[str]]
    parts: Mapping[tuple[str, str], float]
    rows: Mapping[tuple[str, str], tuple[str, ...]]
    used: Mapping[str, float] = field(default_factory=dict)

    def pool(self, stage: str, country: str) -> str:
        """Return the pool of a country at a stage.

        Args:
            stage: of the chain.
            country: its code.

        Returns:
            The country where it is a pool of its own, else ``ROW``.
        """
        return country if country in self.home.get(stage, frozenset()) else REST

    def pools(self, stage: str) -> list[str]:
        """Return the pools of a stage.

        Args:
            stage: of the chain.

        Returns:
            Codes of countries and ``ROW``, sorted.
        """
        return sorted({pool for at, pool in self.made if at == stage})

    def gain(self, pool: str | None = None) -> float:
        """Return the yield of separation: oxide from ore over ore taken.

        Args:
            pool: of separation; all pools if None.

        Returns:
            Tonnes of the element in oxide for each tonne in ore; 0 where no ore is taken.
        """
        pools = self.pools(SEPARATION) if pool is None else [pool]
        made = fsum(self.made[SEPARATION, at] - self.scrap.get(at, 0.0) for at in pools)
        taken = fsum(
            amount
            for (stage, at), amount in self.taken.items()
            if stage == MINE and self.pool(SEPARATION, at) in pools
        )
        return max(0.0, made) / taken if taken > 0 else 0.0


def to_element_chain(
    element: str, lines: list[StageLine], ledgers: Iterable[Ledger]
) -> ElementChain:
    """Reconcile the lines of an element into its chain.

    Args:
        element: symbol, or ``NdPr`` for the two together.
        lines: the merged lines of its ledgers.
        ledgers: the ledgers, for what crosses borders.

    Returns:
        The chain of the element.

    >>> from monazite.findings.balance.line import StageLine
    >>> from monazite.quantities.amount import NOTHING, exactly
    >>> line = StageLine("mine", "A", exactly(5.0), "rows", 2024, NOTHING, NOTHING, exactly(6.0))
    >>> to_element_chain("Dy", [line], []).missing
    {('mine', 'A'): 1.0}
    """
    flows: dict[tuple[str, str, str], float] = {}
    traded = [flow for ledger in ledgers for flow in ledger.traded]
    found = reconcile(lines, _summed(traded))
    home = _homes(lines)
    for (stage, seller, buyer), amount in sorted(found.flows.items()):
        ends = tuple(x if x in home.get(stage, frozenset()) else REST for x in (seller, buyer))
        if ends[0] != ends[1] and amount > 0:
            key = (stage, ends[0], ends[1])
            flows[key] = flows.get(key, 0.0) + amount
    known = [line for line in lines if line.made is not None]
    return ElementChain(
        element=element,
        made=dict(sorted(found.made.items())),
        taken=dict(sorted(found.taken.items())),
        flows=flows,
        missing={key: -gap for key, gap in sorted(found.gap.items()) if gap < -1e-9},
        scrap=_scrap(lines, found),
        home=home,
        parts={(line.stage, line.country): line.made.value for line in known if line.made},
        rows={(line.stage, line.country): line.made.rows for line in known if line.made},
        used={pool: tonnes for (_, pool), tonnes in sorted(found.used.items()) if tonnes > 0},
    )


def _summed(traded: Iterable[ElementFlow]) -> list[ElementFlow]:
    merged: dict[tuple[str, str, str], ElementFlow] = {}
    for flow in traded:
        key = (flow.stage, flow.exporter, flow.importer)
        before = merged.get(key)
        merged[key] = (
            flow if before is None else replace(before, amount=before.amount + flow.amount)
        )
    return [merged[key] for key in sorted(merged)]


def _homes(lines: list[StageLine]) -> dict[str, frozenset[str]]:
    """Countries that are a pool of their own, by stage, as ``reconcile`` has them."""
    return {
        stage: frozenset(
            line.country
            for line in lines
            if line.stage == stage
            and line.country != REST
            and line.made is not None
            and (line.taken is not None or stage == MAGNET)
        )
        for stage in STAGES
    }


def _scrap(lines: list[StageLine], found: Reconciled) -> dict[str, float]:
    """Scrap of a pool, no more than it makes after the least change."""
    return {
        line.country: min(line.scrap.value, found.made.get((SEPARATION, line.country), 0.0))
        for line in lines
        if line.stage == SEPARATION and line.scrap.value
    }

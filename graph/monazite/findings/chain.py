"""The chain of the magnet elements in a base year, as the contingencies need it.

For each element the reconciled ledger (``reconcile``): what each pool of countries makes at a
stage, takes of the stage before, sells and lacks. A pool is a country whose output and use are
known at the stage, or the rest of the world. What no row explains is kept as it is: it is there in
the base year and after, and a report says how large it is.

Demand is what the base year serves: magnets by user, in tonnes of finished weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.findings.ledger import MAGNET, SEPARATION, STAGES, Ledger, Line
from monazite.findings.reconcile import Reconciled, reconcile
from monazite.network.chemistry import Chemistry
from monazite.network.shares import REST
from monazite.network.trade import MarketMix
from monazite.network.traded import NDFEB, Traded

HEAVY_MAGNETS, LIGHT_MAGNETS = "magnets with Dy or Tb", "magnets without"
NDPR = "NdPr"


@dataclass(frozen=True)
class Strand:
    """One element through the chain, tonnes of the element in the base year.

    Attributes:
        element: symbol, or ``NdPr`` for the two together, which plants do not part.
        made: by stage and pool.
        taken: what the next stage takes, by stage and pool.
        flows: by stage, seller and buyer; no flow inside a pool.
        missing: what no row explains and the next stage needs, by stage and pool.
        scrap: oxide from scrap, by pool of separation.
        home: the pool of each country, by stage.
        parts: what single countries make, by stage: parts of their pool.
        rows: rows that output rests on, by stage and country.
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

    def pool(self, stage: str, country: str) -> str:
        """The pool of a country at a stage."""
        return country if country in self.home.get(stage, frozenset()) else REST

    def pools(self, stage: str) -> list[str]:
        """The pools of a stage, in order."""
        return sorted({pool for at, pool in self.made if at == stage})


@dataclass(frozen=True)
class Chain:
    """The strands, and the magnets that join them.

    Attributes:
        strands: by element.
        magnets: tonnes of magnets made, by product and pool.
        recipe: tonnes of an element in a tonne of a product.
        sold: tonnes of a product sold by a pool to a user, by product, pool and user.
    """

    year: int
    strands: Mapping[str, Strand]
    magnets: Mapping[tuple[str, str], float]
    recipe: Mapping[tuple[str, str], float]
    sold: Mapping[tuple[str, str, str], float]

    @property
    def users(self) -> list[str]:
        """Who uses magnets, in order."""
        return sorted({user for *_, user in self.sold})


def to_strand(element: str, lines: list[Line], ledgers: Iterable[Ledger]) -> Strand:
    """Reconcile the lines of an element, or of two that go together, into a strand.

    >>> from monazite.findings.ledger import Line
    >>> from monazite.network.amounts import NOTHING, exactly
    >>> line = Line("mine", "A", exactly(5.0), "rows", 2024, NOTHING, NOTHING, exactly(6.0))
    >>> to_strand("Dy", [line], []).missing
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
    return Strand(
        element=element,
        made=dict(sorted(found.made.items())),
        taken=dict(sorted(found.taken.items())),
        flows=flows,
        missing={key: -gap for key, gap in sorted(found.gap.items()) if gap < -1e-9},
        scrap=_scrap(lines, found),
        home=home,
        parts={(line.stage, line.country): line.made.value for line in known if line.made},
        rows={(line.stage, line.country): line.made.rows for line in known if line.made},
    )


def _summed(traded: Iterable[Traded]) -> list[Traded]:
    merged: dict[tuple[str, str, str], Traded] = {}
    for flow in traded:
        key = (flow.stage, flow.exporter, flow.importer)
        before = merged.get(key)
        merged[key] = (
            flow if before is None else replace(before, amount=before.amount + flow.amount)
        )
    return [merged[key] for key in sorted(merged)]


def _homes(lines: list[Line]) -> dict[str, frozenset[str]]:
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


def _scrap(lines: list[Line], found: Reconciled) -> dict[str, float]:
    """Scrap of a pool, no more than it makes after the least change."""
    return {
        line.country: min(line.scrap.value, found.made.get((SEPARATION, line.country), 0.0))
        for line in lines
        if line.stage == SEPARATION and line.scrap.value
    }


def to_chain(
    year: int,
    lines: Mapping[str, list[Line]],
    ledgers: Mapping[str, list[Ledger]],
    chemistry: Chemistry,
    mix: MarketMix | None = None,
    market: str = "",
) -> Chain | None:
    """Join the strands at the magnets; None where no row gives magnets or what they hold.

    Args:
        year: the base year.
        lines: the lines of each strand; ``NdPr`` must be one of them.
        ledgers: the ledgers behind them.
        chemistry: recipes and assumptions.
        mix: from where a market takes its magnets, to set it apart from the rest of the world.
        market: code of that market.
    """
    content = sum(
        part.value
        for part in (chemistry.of("element-per-magnet", NDFEB, each) for each in ("Nd", "Pr"))
        if part is not None
    )
    heavy = chemistry.of("heavy-magnet-share", NDFEB)
    magnets = [x for x in lines[NDPR] if x.stage == MAGNET and x.made is not None]
    if not content or heavy is None or not magnets:
        return None
    strands = {each: to_strand(each, lines[each], ledgers[each]) for each in sorted(lines)}
    parts = {HEAVY_MAGNETS: heavy.value, LIGHT_MAGNETS: 1 - heavy.value}
    made = {
        (product, line.country): line.made.value / content * part
        for product, part in parts.items()
        for line in magnets
        if line.made is not None
    }
    whole = sum(made.values())
    recipe = {(product, NDPR): content for product in parts}
    for element in strands:
        if element != NDPR:
            held = sum(x.made.value for x in lines[element] if x.stage == MAGNET and x.made)
            recipe[HEAVY_MAGNETS, element] = held / (whole * heavy.value)
    sold = _sold(lines[NDPR], content, parts)
    if mix is not None:
        sold = _set_apart(sold, mix, market, parts)
    return Chain(year, strands, made, recipe, sold)


def _set_apart(
    sold: Mapping[tuple[str, str, str], float],
    mix: MarketMix,
    market: str,
    parts: Mapping[str, float],
) -> dict[tuple[str, str, str], float]:
    """Take a market out of the rest of the world: what it buys of each pool, no more than is sold.

    Sellers that are no pool of magnets are the rest of the world.
    """
    found = dict(sold)
    sellers = {seller for _, seller, _ in sold} - {REST}
    shares = {seller: mix.shares.get(seller, 0.0) for seller in sorted(sellers)}
    shares[REST] = max(0.0, 1 - sum(shares.values()))
    for product, part in parts.items():
        for seller, share in shares.items():
            there = found.get((product, seller, REST), 0.0)
            bought = min(there, mix.tonnes * share * part)
            if bought > 0:
                found[product, seller, market] = bought
                found[product, seller, REST] = there - bought
    return found


def _sold(
    lines: list[Line], content: float, parts: Mapping[str, float]
) -> dict[tuple[str, str, str], float]:
    """Who sells magnets to whom: China's exports go to the rest, all else stays."""
    found: dict[tuple[str, str, str], float] = {}
    for line in lines:
        if line.stage != MAGNET or line.made is None:
            continue
        exported = min(line.exports.value, line.made.value)
        for product, part in parts.items():
            at_home = (line.made.value - exported) / content * part
            found[product, line.country, line.country] = at_home
            if exported:
                found[product, line.country, REST] = exported / content * part
    return found

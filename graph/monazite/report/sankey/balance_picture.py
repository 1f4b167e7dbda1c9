"""The balance of an element as a Sankey picture: from ore to magnets, with what does not close."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from monazite.core.formats import NOT_KNOWN, marked, tonnes
from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.balance.result import Balance
from monazite.model.network.shares import REST
from monazite.model.reconciliation.ledger import ROWS, STAGES, StageLine
from monazite.model.wording import place_at

GAP, FOLDED_REST = "gap", "rest"
MAX_BARS = 14  # Bars of a column; what is smaller is folded into one bar


class SankeyNode(Struct):
    """A bar of who holds what (country, rest, use or gap); if not known, as high as its bands."""

    id: str
    label: str
    column: int
    kind: str
    value: float | None
    title: str


class SankeyLink(Struct):
    """A band from one bar to another; ``kind`` is ``domestic``, ``trade`` or ``gap``."""

    source: str
    target: str
    value: float
    kind: str
    title: str


class Sankey(Struct):
    """What flows where, in one unit, in columns from left to right."""

    title: str
    unit: str
    columns: tuple[str, ...]
    nodes: tuple[SankeyNode, ...]
    links: tuple[SankeyLink, ...]
    notes: tuple[str, ...]


def weights_of(nodes: Sequence[SankeyNode], links: Sequence[SankeyLink]) -> dict[str, float]:
    """How high each bar is: its value, or more where the bands that meet it are more."""
    into: dict[str, float] = defaultdict(float)
    out: dict[str, float] = defaultdict(float)
    for link in links:
        into[link.target] += link.value
        out[link.source] += link.value
    return {n.id: max(n.value or 0.0, into[n.id], out[n.id]) for n in nodes}


def folded(picture: Sankey) -> Sankey:
    """Fold the smallest bars of a crowded column into one, what does not close apart from facts."""
    weights = weights_of(picture.nodes, picture.links)
    stands_for: dict[str, str] = {}
    nodes: list[SankeyNode] = []
    for column in range(len(picture.columns)):
        here = [node for node in picture.nodes if node.column == column]
        here.sort(key=lambda node: (-weights[node.id], node.label, node.id))
        kept = MAX_BARS if len(here) <= MAX_BARS else MAX_BARS - 2
        nodes += here[:kept]
        for is_gap in (False, True):
            small = [node for node in here[kept:] if (node.kind == GAP) == is_gap]
            if len(small) < 2:
                nodes += small
                continue
            names = ", ".join(node.label for node in small)
            fold = SankeyNode(
                id="\0".join(["others", str(column), *(node.id for node in small)]),
                label=f"{len(small)} other gaps" if is_gap else f"{len(small)} others",
                column=column,
                kind=GAP if is_gap else FOLDED_REST,
                value=sum(weights[node.id] for node in small),
                title=f"{len(small)} together: {names}",
            )
            stands_for |= {node.id: fold.id for node in small}
            nodes.append(fold)
    links: dict[tuple[str, str, str], list[SankeyLink]] = defaultdict(list)
    for link in picture.links:
        ends = (stands_for.get(end, end) for end in (link.source, link.target))
        links[(*ends, link.kind)].append(link)  # type: ignore[index] # two ends and a kind
    joined = [
        replace(group[0], source=source, target=target)
        if len(group) == 1
        else SankeyLink(
            source,
            target,
            sum(link.value for link in group),
            kind,
            "; ".join(link.title for link in group),
        )
        for (source, target, kind), group in links.items()
    ]
    return replace(picture, nodes=tuple(nodes), links=tuple(joined))


TITLES = {MINE: "Mined", SEPARATION: "Separated", METAL: "Metal", MAGNET: "Magnets"}
VISIBLE = 0.002  # A band thinner than this part of the widest stage is left to the table


def balance_picture(balance: Balance) -> Sankey:
    """Return the picture of a balance, in tonnes of the element."""
    drawing = _BarsAndBands(balance)
    for stage in STAGES[:-1]:
        drawing.join(stage)
    drawing.use()
    told = sorted({line.figure for line in balance.lines} - {""})
    star = f"A star marks what rests on numbers that are not measured: {', '.join(told)}."
    return Sankey(
        title=f"{balance.title} in {balance.year}: what is made, sold, used and unaccounted for",
        unit="t of the element",
        columns=(*(TITLES[stage] for stage in drawing.stages), "Used"),
        nodes=drawing.linked(),
        links=tuple(drawing.links),
        notes=(*balance.notes, *([star] if told else [])),
    )


class _BarsAndBands:
    def __init__(self, balance: Balance) -> None:
        self.balance = balance
        self.nodes: dict[str, SankeyNode] = {}
        self.links: list[SankeyLink] = []
        self._made = {
            f"{line.stage}/{line.country}": line.made.value
            for line in balance.lines
            if line.made is not None
        }
        self.lines = {(line.stage, line.country): line for line in balance.lines}
        self.stages = [stage for stage in STAGES if any(at == stage for at, _ in self.lines)]
        made: dict[str, float] = defaultdict(float)
        for line in balance.lines:
            made[line.stage] += line.made.value if line.made else 0.0
        self._least = max((made[stage] for stage in STAGES), default=0.0) * VISIBLE

    def linked(self) -> tuple[SankeyNode, ...]:
        """The bars that a band meets, each with its tonnes."""
        sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for link in self.links:
            sums[link.source][0] += link.value
            sums[link.target][1] += link.value
        return tuple(
            replace(node, label=self._label(node, max(sums[key])))
            for key, node in sorted(self.nodes.items())
            if key in sums
        )

    def _label(self, node: SankeyNode, flow: float) -> str:
        if node.id in self._made:
            made = self._made[node.id]
            more = f", sells {tonnes(flow)}" if node.column == 0 and flow > made * 1.05 else ""
            return f"{node.label} {tonnes(made)}{'*' * bool(self._figure(node.id))}{more}"
        last = len(self.stages)
        sells = "sells " if (node.column, node.kind) != (0, "rest") and node.column < last else ""
        return f"{node.label} {sells if node.kind in {'country', 'rest'} else ''}{tonnes(flow)}"

    def _figure(self, key: str) -> str:
        stage, _, country = key.partition("/")
        line = self.lines.get((stage, country))
        return line.figure if line is not None else ""

    def join(self, stage: str) -> None:
        """Lead the product of a stage to the next one."""
        after = STAGES[STAGES.index(stage) + 1]
        here = [line for line in self.balance.lines if line.stage == stage]
        spare = {line.country: _sellable(line) for line in here}
        bought = self._bought(stage)
        for line in here:
            takers = self._takers(line, after)
            need = sum(takers.values())
            if not need:
                continue
            parts = {taker: tonnes / need for taker, tonnes in takers.items()}
            own = min(spare.get(line.country, 0.0), need)
            spare[line.country] = spare.get(line.country, 0.0) - own
            need -= own
            flows = bought.get(line.country, {})
            whole = sum(flows.values())
            used = min(need, whole)
            self._share(self._bar(line), parts, own, "domestic")
            for seller, amount in sorted(flows.items() if whole else ()):
                its = self.lines.get((stage, seller))
                source = self._gap(stage, "shortfall") if its is None else self._bar(its)
                self._share(source, parts, amount * used / whole, "trade")
                spare_part = amount * (1 - used / whole)
                self._link(source, self._gap(after, "surplus"), spare_part, "gap")
            self._share(self._gap(stage, "shortfall"), parts, need - used, "gap")
            target = self.lines.get((after, line.country))
            if target is not None:
                scrap = SankeyNode("scrap", "Scrap", 0, "rest", None, "Oxide from magnet scrap")
                self.nodes.setdefault(scrap.id, scrap)
                self._link(scrap.id, self._bar(target), target.scrap.value, "domestic")
        for line in here:
            if line.made is not None and line.taken is not None:
                left = self._gap(after, "surplus")
                self._link(self._bar(line), left, spare[line.country], "gap")

    def _share(self, source: str, parts: dict[str, float], value: float, kind: str) -> None:
        for taker, part in parts.items():
            self._link(source, taker, part * value, kind)

    def _takers(self, line: StageLine, after: str) -> dict[str, float]:
        found: dict[str, float] = {}
        target = self.lines.get((after, line.country))
        if target is not None and line.needed is not None and line.needed.value:
            found[self._bar(target)] = line.needed.value
        if line.used is not None and line.used.value:
            # Who uses what no magnet takes stands beside the next stage if there is one.
            of = "other uses" if after in self.stages else ""
            outside = f"outside/{line.country}"
            found[self._user(outside, line.country, self._column(after), of)] = line.used.value
        return found

    def _column(self, stage: str) -> int:
        return self.stages.index(stage) if stage in self.stages else len(self.stages)

    def use(self) -> None:
        """Lead magnets to those who use them."""
        for line in self.balance.lines:
            if line.stage != MAGNET or line.made is None:
                continue
            used = self._used(line.country)
            self._link(self._bar(line), used, _sellable(line), "domestic")
        for flow in self.balance.traded:
            if flow.stage == MAGNET and (MAGNET, flow.exporter) in self.lines:
                source = self._bar(self.lines[MAGNET, flow.exporter])
                self._link(source, self._used(flow.importer), flow.amount.value, "trade")

    def _bought(self, stage: str) -> dict[str, dict[str, float]]:
        named = {country for at, country in self.lines if at == stage}
        found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for flow in self.balance.traded:
            if flow.stage != stage:
                continue
            # Who has no line of his own is the rest of the world.
            ends = flow.exporter, flow.importer
            seller, buyer = (country if country in named else REST for country in ends)
            if seller != buyer:
                found[buyer][seller] += flow.amount.value
        return found

    def _bar(self, line: StageLine) -> str:
        key = f"{line.stage}/{line.country}"
        if key not in self.nodes:
            label = self.balance.labels.get(line.country, line.country)
            made = NOT_KNOWN if line.made is None else f"{tonnes(line.made.value)} t made"
            made = marked(made, self._figure(key))
            how = "records" if line.how == ROWS else line.how
            rows = ", ".join(line.made.rows[:3]) if line.made is not None else ""
            self.nodes[key] = SankeyNode(
                id=key,
                label="Rest of the world" if line.country == REST else label,
                column=self._column(line.stage),
                kind="rest" if line.country == REST else "country",
                value=None,
                title=f"{place_at(label, line.stage)}: {made} ({how}) {rows}".strip(),
            )
        return key

    def _used(self, country: str) -> str:
        return self._user(f"use/{country}", country, len(self.stages), "")

    def _user(self, key: str, country: str, column: int, of: str) -> str:
        if key not in self.nodes:
            label = self.balance.labels.get(country, country)
            name = "Rest of the world" if country == REST else label
            magnets = key.startswith("use/")
            what = "Magnets for the industry" if magnets else "Oxide for uses outside magnets"
            self.nodes[key] = SankeyNode(
                id=key,
                label=f"{name}, {of}" if of else name,
                column=column,
                kind="use",
                value=None,
                title=f"{what} of {label}",
            )
        return key

    def _gap(self, stage: str, what: str) -> str:
        key = f"gap/{stage}/{what}"
        if key not in self.nodes:
            column = self._column(stage)
            text = "no record gives it" if what == "shortfall" else "no record says where it went"
            self.nodes[key] = SankeyNode(key, what, column, "gap", None, f"{what}: {text}")
        return key

    def _link(self, source: str, target: str, value: float, kind: str) -> None:
        if value >= self._least:
            names = " to ".join(self.nodes[key].label for key in (source, target))
            title = f"{names}: {tonnes(value)} t"
            self.links.append(SankeyLink(source, target, value, kind, title))


def _sellable(line: StageLine) -> float:
    """What a country makes and does not sell abroad."""
    return max(0.0, (line.made.value if line.made else 0.0) - line.exports.value)

"""A reconciled year: what every pool makes, takes, buys and sells, and how far numbers moved.

A pool is *carried* where a row gives what it makes, or the least is a fifth of the most or more.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, field, replace
from functools import cached_property, partial
from importlib.metadata import version
from math import fsum

from monazite.core.package import hash_of
from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chemistry import Amount, Chemistry, DrawnNumbers, summed
from monazite.model.linear_programme import LinearProgramme, Name
from monazite.model.network.facts import MAGNET_RARE_EARTHS, Facts, read_facts
from monazite.model.network.shares import REST
from monazite.model.reconciliation.columns import MOVE_COST, NEAR, Moved
from monazite.model.reconciliation.ledger import Ledger
from monazite.model.reconciliation.numbers import YearNumbers, fingerprint, gather
from monazite.model.reconciliation.programme import YearProgramme
from monazite.model.reconciliation.year_rows import YearRows, read_year_rows
from monazite.model.trade_content import NDFEB, NDPR
from monazite.store.store import Store

CARRIED = 0.2  # The least output of a pool that is carried, as a part of the most
WORTH_CARRYING = 0.002  # A pool whose output is a smaller part of the world's is not asked for
ROUNDS, SETTLED = 1000, 1e-12


class PoolRange(Struct):
    """Output of a pool at a stage, in tonnes."""

    _json = "stage pool found low high what carried"

    stage: str  #: metal or magnet
    pool: str  #: code of a country or area
    found: float  #: what the reconciliation found
    low: float  #: the least
    high: float  #: the most
    what: str = ""  #: of what the tonnes are: elements, or finished magnets
    stated: bool = False  # A row of a fact or an assumption gives its output

    @property
    def carried(self) -> bool:
        """Whether it is a pool of its own: a row gives it, or its least is a fifth of its most."""
        return self.low > 0 and (self.stated or self.low >= CARRIED * self.high)


class ReconciledYear(Struct):
    """The solution of a reconciliation, in the units of its programme."""

    numbers: YearNumbers
    values: Mapping[Name, float]
    moved: tuple[Moved, ...]  # every number with a range, and where it ended
    ranges: tuple[PoolRange, ...] = ()
    model: LinearProgramme | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The programme in the LP format, with its names."""
        return "" if self.model is None else self.model.text()

    def value(self, *name: str) -> float:
        """Return a value by its name; 0 where there is no such column."""
        return self.values.get(name, 0.0)

    @cached_property
    def fingerprint(self) -> str:
        """The hash of the numbers that it was solved from."""
        return fingerprint(self.numbers)

    @cached_property
    def ore(self) -> dict[tuple[str, str, str], float]:
        """Ore sold, by country, ore and buyer, in tonnes of rare-earth oxide."""
        return {
            (name[1], name[2], name[3]): value
            for name, value in self.values.items()
            if name[0] == "ore_sold"
        }

    @cached_property
    def carried(self) -> dict[str, frozenset[str]]:
        """The pools that are carried at each stage after mining, and so at those before it."""
        if not self.numbers.magnet:
            users = frozenset(name[1] for name in self.values if name[0] == "used") - {REST}
            return dict.fromkeys((SEPARATION, METAL, MAGNET), users)
        magnet, metal = (
            frozenset(x.pool for x in self.ranges if x.stage == stage and x.carried)
            for stage in (MAGNET, METAL)
        )
        separate = {x.pool for x in self.numbers.output[SEPARATION] if x.amount.high > 0}
        separate |= {pool for pool, _ in self.numbers.shares}
        return {MAGNET: magnet, METAL: magnet | metal, SEPARATION: magnet | metal | separate}

    def pool(self, stage: str, place: str) -> str:
        """Return the pool that carries a country or pool at a stage."""
        if stage == MINE:
            return place
        area = self.numbers.areas.get(place, place)
        return area if area in self.carried[stage] else REST

    def magnets_by_maker(self) -> dict[tuple[str, str], float]:
        """Return finished magnets by who made them and who uses them, in tonnes."""
        made = {name[1]: x for name, x in self.values.items() if name[0] == "finished" and x > 0}
        sold = {
            (name[1], name[2]): x
            for name, x in self.values.items()
            if name[0] == "magnets_sold" and x > 0
        }
        users = sorted({*made, *(end for ends in sold for end in ends)})
        supply = {
            user: made.get(user, 0.0) + fsum(x for (_, to), x in sold.items() if to == user)
            for user in users
        }
        used = {
            user: max(0.0, supply[user] - fsum(x for (of, _), x in sold.items() if of == user))
            for user in users
        }
        mix = {user: {user: 1.0} if made.get(user) else {} for user in users}

        def mixed(user: str) -> dict[str, float]:
            """The makers of what a user has, as parts: its own, and those of its sellers before."""
            parts: dict[str, float] = defaultdict(float)
            parts[user] += made.get(user, 0.0)
            for (seller, buyer), amount in sorted(sold.items()):
                for maker, part in mix[seller].items() if buyer == user else ():
                    parts[maker] += amount * part
            return {maker: amount / supply[user] for maker, amount in parts.items() if amount > 0}

        for _ in range(ROUNDS):
            before, mix = mix, {user: mixed(user) for user in users}
            apart = (
                abs(before[user].get(maker, 0.0) - mix[user].get(maker, 0.0))
                for user in users
                for maker in {*before[user], *mix[user]}
            )
            if max(apart, default=0.0) < SETTLED:
                break
        return summed(
            ((self.pool(MAGNET, maker), user), part * used[user])
            for user in users
            for maker, part in sorted(mix[user].items())
            if part * used[user] > 0
        )


def reconcile_year(
    numbers: YearNumbers,
    before: ReconciledYear | None = None,
    *,
    asks: bool = True,
    chance: str = "",
) -> ReconciledYear:
    """Reconcile a year: the least that is missing or left over, then the least change.

    Which pools are carried is taken over from a year before, or asked for. By a chance it is one of
    the years that cost little more.
    """
    if not chance and before is not None and before.fingerprint == fingerprint(numbers):
        return replace(before, numbers=numbers)
    programme = YearProgramme(numbers)
    values = programme.solve()
    blanks = fsum(x for name, x in values.items() if name[0] == "blanks")
    if blanks:
        recipes = {
            element: fsum(
                x for name, x in values.items() if name[0] == "in_blanks" and name[2] == element
            )
            / blanks
            for element in numbers.elements
        }
        programme = programme.with_recipes(recipes)
        values = programme.near_best(chance) if chance else programme.solve()
    elif chance:
        values = programme.near_best(chance)
    if chance:
        return ReconciledYear(numbers, values, (), () if before is None else before.ranges)
    moved, solved = tuple(programme.moved()), programme.model.copy()
    ranges = () if before is None else before.ranges
    if before is None and asks:
        ranges = tuple(_ranges(programme, values))
    return ReconciledYear(numbers, values, moved, ranges, solved)


def _ranges(programme: YearProgramme, values: Mapping[Name, float]) -> Iterable[PoolRange]:
    """The least and the most of each pool that makes a part of the world's that is worth asking."""
    numbers, columns = programme.numbers, programme.columns
    main = [each for each in NDPR if each in numbers.elements] or [*numbers.elements]
    makers = sorted(numbers.makers[METAL] | numbers.makers[MAGNET])
    names: dict[tuple[str, str], list[Name]] = {
        **{(METAL, pool): [("metal", pool, each) for each in main] for pool in makers},
        **{(MAGNET, pool): [("finished", pool)] for pool in sorted(numbers.makers[MAGNET])},
    }
    sums = {key: fsum(values.get(name, 0.0) for name in own) for key, own in names.items()}
    least = {
        stage: WORTH_CARRYING * fsum(found for (at, _), found in sums.items() if at == stage)
        for stage in (METAL, MAGNET)
    }
    stated = {(METAL, each.pool) for each in numbers.output[METAL]}
    stated |= {(MAGNET, pool) for pool, made in numbers.blanks.items() if made.name}
    asked = {key: x for key, x in sums.items() if x > least[key[0]] or (key in stated and x > 0)}
    if not asked:
        return
    end = programme.held_at_best(NEAR * MOVE_COST)
    for (stage, pool), found in asked.items():
        own = [columns[name] for name in names[stage, pool] if name in columns]
        low = end(own, 1.0)
        high = end(own, -1.0) if low > 0 else max(found, low)
        what = " and ".join(main) if stage == METAL else "magnets"
        yield PoolRange(
            stage, pool, found, min(low, found), max(high, found), what, (stage, pool) in stated
        )


_SOLVED_BY = (
    *(f"model/reconciliation/{name}.py" for name in ("programme", "columns", "numbers", "year")),
    *("model/chemistry.py", "model/trade_content.py"),
    *("model/linear_programme.py", "model/network/shares.py", "data/parameters.py"),
)


def cached_year(numbers: YearNumbers, store: Store) -> ReconciledYear:
    """Reconcile a year, or read the solution that was found for the same numbers before."""

    def solution() -> bytes:
        """Numbers as JSON gives them back to the last digit."""
        year = reconcile_year(numbers)
        found = {"values": [*year.values.items()], "ranges": [astuple(x) for x in year.ranges]}
        return json.dumps(found).encode()

    solver = version("highspy")
    question = f"reconciled year {hash_of(*_SOLVED_BY)} {solver} {fingerprint(numbers)}"
    found = json.loads(store.kept(question, solution))
    values = {tuple(name): value for name, value in found["values"]}
    return ReconciledYear(numbers, values, (), tuple(PoolRange(*each) for each in found["ranges"]))


Drawn = Mapping[str, Amount]


def reconcile_members(facts: Facts, chemistry: Chemistry, year: int) -> dict[str, ReconciledYear]:
    """Reconcile a year for the members of an element or group."""
    group = read_facts(facts.store, MAGNET_RARE_EARTHS, facts.date)
    numbers = magnet_numbers(read_year_rows(group, year), chemistry)
    first = None if numbers is None else reconcile_year(numbers)
    rows = read_year_rows(facts, year)
    return {
        ledger.element: first
        if first is not None and ledger.element in first.numbers.ledgers
        else reconcile_year(other_numbers(rows, ledger, first, chemistry))
        for ledger in rows.ledgers(chemistry)
    }


def drawn_from(drawn: Drawn | None) -> str:
    """The chance of a draw; none where numbers were put in by hand."""
    return drawn.chance if isinstance(drawn, DrawnNumbers) else ""


def year_of_ore(
    rows: YearRows,
    chemistry: Chemistry,
    drawn: Drawn | None = None,
    *,
    solve: Callable[[YearNumbers], ReconciledYear] | None = None,
) -> ReconciledYear | None:
    """Reconcile the elements of neodymium magnets, once, for the ore that they say is sold."""
    numbers = magnet_numbers(rows, chemistry, drawn)
    if numbers is None:
        return None
    chance = drawn_from(drawn)
    found = solve or partial(reconcile_year, asks=False, chance=chance)
    key = (fingerprint(numbers), chance)
    return rows.parts.of("year of the ore", key, lambda: found(numbers))


def magnet_numbers(
    rows: YearRows, chemistry: Chemistry, drawn: Drawn | None = None
) -> YearNumbers | None:
    """Gather the numbers of the elements of neodymium magnets; None where no row speaks of them."""
    ledgers = [each for each in rows.ledgers(chemistry, drawn) if each.magnet == NDFEB]
    return gather(rows, ledgers, chemistry, drawn) if ledgers else None


def other_numbers(
    rows: YearRows,
    ledger: Ledger,
    first: ReconciledYear | None,
    chemistry: Chemistry,
    drawn: Drawn | None = None,
) -> YearNumbers:
    """Gather the numbers of an element that is reconciled by itself."""
    numbers = gather(rows, [ledger], chemistry, drawn)
    return numbers if first is None else replace(numbers, ore=first.ore)

"""Which reconciliation an element belongs to: elements that share magnets are one, others alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from monazite.findings.reconciliation.fingerprint import fingerprint
from monazite.findings.reconciliation.ledger import Ledger
from monazite.findings.reconciliation.numbers import YearNumbers, gather
from monazite.findings.reconciliation.year import PoolRange, ReconciledYear, reconcile_year
from monazite.findings.reconciliation.year_rows import YearRows, read_year_rows
from monazite.network.facts import ALL_RARE_EARTHS, MAGNET_RARE_EARTHS, Facts, read_facts
from monazite.quantities.amount import Amount
from monazite.quantities.chemistry import Chemistry
from monazite.quantities.trade_content import NDFEB

Drawn = Mapping[str, Amount]
Ranges = tuple[PoolRange, ...]


def reconcile_members(
    facts: Facts, chemistry: Chemistry, year: int, drawn: Drawn | None = None, market: str = ""
) -> dict[str, ReconciledYear]:
    """Reconcile a year for the members of an element or group.

    The elements of neodymium magnets come first, as they alone are checked at every stage; what
    they say of ore holds for all other elements, each of which is reconciled by itself.

    >>> from monazite.quantities.chemistry import read_chemistry
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> reconcile_members(facts, read_chemistry(facts), 2024)["Dy"].numbers.elements
    ('Dy', 'Nd', 'Pr', 'Tb')
    """
    everything = read_facts(facts.store, ALL_RARE_EARTHS, facts.date)
    group = read_facts(facts.store, MAGNET_RARE_EARTHS, facts.date)
    first = magnet_year(read_year_rows(group, everything, year), chemistry, drawn)
    rows = read_year_rows(facts, everything, year, market)
    return {
        ledger.element: first
        if first is not None and ledger.element in first.numbers.ledgers
        else reconcile_year(other_numbers(rows, ledger, first, chemistry, drawn))
        for ledger in rows.ledgers(chemistry, drawn)
    }


def solved(numbers: YearNumbers) -> ReconciledYear:
    """Reconcile without asking which pools are carried."""
    return reconcile_year(numbers, ())


def magnet_year(
    rows: YearRows,
    chemistry: Chemistry,
    drawn: Drawn | None = None,
    ranges: Ranges | None = None,
    before: ReconciledYear | None = None,
) -> ReconciledYear | None:
    """Reconcile the elements of neodymium magnets; None where no row speaks of them."""
    numbers = magnet_numbers(rows, chemistry, drawn)
    return None if numbers is None else reconcile_year(numbers, ranges, before)


def year_of_ore(
    rows: YearRows,
    chemistry: Chemistry,
    drawn: Drawn | None = None,
    *,
    solve: Callable[[YearNumbers], ReconciledYear] = solved,
) -> ReconciledYear | None:
    """Reconcile the elements of neodymium magnets for the ore that they say is sold.

    It is solved once for all elements that ask of the same numbers one after the other.
    """
    numbers = magnet_numbers(rows, chemistry, drawn)
    if numbers is None:
        return None
    return rows.parts.of("year of the ore", (fingerprint(numbers),), lambda: solve(numbers))


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

"""Reconciled years that are kept beside a store: solved once, by whoever asks first."""

from __future__ import annotations

import json
from dataclasses import astuple
from importlib.metadata import version

from monazite.findings.reconciliation.fingerprint import fingerprint
from monazite.findings.reconciliation.numbers import YearNumbers
from monazite.findings.reconciliation.year import PoolRange, ReconciledYear, reconcile_year
from monazite.shipped import hash_of
from monazite.triples.store import Store

_SOLVED_BY = (
    *(f"findings/reconciliation/{name}.py" for name in ("programme", "columns", "year")),
    *(f"findings/reconciliation/{name}.py" for name in ("fingerprint", "numbers", "kept_year")),
    *(f"quantities/{name}.py" for name in ("amount", "output", "trade_content", "chemistry")),
    *("findings/linear_programme.py", "network/shares.py", "parameters.py"),
)
"""What decides a solution beside the numbers, and the solver."""


def kept_year(numbers: YearNumbers, store: Store) -> ReconciledYear:
    """Reconcile a year, or read the solution that was found for the same numbers before."""
    solver = version("highspy")
    question = f"reconciled year {hash_of(*_SOLVED_BY)} {solver} {fingerprint(numbers)}"
    found = json.loads(store.kept(question, lambda: _bytes(reconcile_year(numbers))))
    return ReconciledYear(
        numbers,
        {tuple(name): value for name, value in found["values"]},
        (),
        tuple(PoolRange(*each) for each in found["ranges"]),
    )


def _bytes(year: ReconciledYear) -> bytes:
    """Numbers as JSON gives them back to the last digit."""
    found = {"values": [*year.values.items()], "ranges": [astuple(each) for each in year.ranges]}
    return json.dumps(found).encode()

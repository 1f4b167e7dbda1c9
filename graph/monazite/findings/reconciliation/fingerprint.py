"""What a reconciliation is solved from, as one hash: equal hashes have one solution.

Rows and reasons are no part of it: a row more behind a number that stays the same changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass

from monazite.findings.reconciliation.numbers import YearNumbers
from monazite.parameters import horizons
from monazite.quantities.amount import Amount
from monazite.quantities.chemistry import Chemistry

_WORDS = {"rows", "reasons", "materials"}
"""Fields of which nothing is solved: where numbers come from, and why; goods were read before."""


def fingerprint(numbers: YearNumbers) -> str:
    """Return the hash of all numbers of a year that its programme reads."""
    ledgers = {
        element: (ledger.magnet, ledger.mined, ledger.separated, ledger.magnets, ledger.scrap)
        for element, ledger in numbers.ledgers.items()
    }
    others = {
        each.name: getattr(numbers, each.name)
        for each in fields(numbers)
        if each.name not in {"ledgers", "chemistry"}
    }
    chemistry = numbers.chemistry.about({*numbers.elements})
    return _hash(_plain(others), _plain(ledgers), _chemistry(chemistry))


def fingerprint_of(*values: object) -> str:
    """Return the hash of all numbers and names in values: rows and reasons are no part of it.

    >>> from monazite.quantities.amount import Amount
    >>> one, other = Amount(1.0, 0.5, 2.0, ("a",)), Amount(1.0, 0.5, 2.0, ("b",))
    >>> fingerprint_of({"Dy": one}) == fingerprint_of({"Dy": other})
    True
    >>> fingerprint_of({"Dy": one}) == fingerprint_of({"Tb": one})
    False
    """
    return _hash(*map(_plain, values))


def _hash(*said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _chemistry(chemistry: Chemistry) -> object:
    """Horizons are no part of a year."""
    known = {*horizons()}
    assumed = {key: x for key, x in chemistry.assumed.items() if key[1] not in known}
    return _plain({**_fields(chemistry), "assumed": assumed})


def _fields(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    return {x.name: getattr(value, x.name) for x in fields(value) if x.name not in _WORDS}


def _plain(value: object) -> object:
    if isinstance(value, Amount):
        return value.value, value.low, value.high
    if isinstance(value, Mapping):
        return tuple(sorted((key, _plain(each)) for key, each in value.items()))
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    if isinstance(value, Set):
        return tuple(sorted(map(_plain, value), key=repr))
    return _plain(_fields(value)) if is_dataclass(value) else value

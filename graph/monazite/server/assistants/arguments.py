"""What an assistant asks, checked against what a tool takes: each fault is a sentence to act on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import in_brief, visible
from monazite.data.dates import TAKE_TODAY, read_today
from monazite.server.assistants.tools import DATE, DAY, Offer

LONGEST = 2_000  # characters of a text that is asked for
_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "string": ((str,), "a text"),
    "integer": ((int,), "a whole number"),
    "number": ((int, float), "a number"),
    "boolean": ((bool,), "true or false"),
    "array": ((list,), "a list of texts"),
    "object": ((dict,), "names with texts"),
}


def check_arguments(offer: Offer, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a tool without those that are null, or say all that is wrong."""
    asked = {name: value for name, value in given.items() if value is not None}
    schemas: Any = offer.schema["properties"]
    faults = []
    for name in (each for each in asked if each not in schemas):
        fix = did_you_mean(name, schemas) or f"it takes {', '.join(schemas)}."
        faults.append(f'{offer.tool} has no parameter "{in_brief(visible(name), 60)}"; {fix}')
    faults += [f"{offer.tool} needs {name}." for name in offer.required if name not in asked]
    for name, value in asked.items():
        if name in schemas:
            faults += _faults(name, value, schemas[name])
    if faults:
        raise UnknownNameError(" ".join(faults))
    return {name: read_today(each) if name in TAKE_TODAY else each for name, each in asked.items()}


def _faults(name: str, value: object, schema: Mapping[str, Any]) -> Iterator[str]:
    kinds, words = _KINDS[schema["type"]]
    wrong_bool = isinstance(value, bool) and bool not in kinds
    if not isinstance(value, kinds) or wrong_bool or not _holds_texts(value):
        yield f"{name} is {words}, not {in_brief(visible(repr(value)), 60)}."
        return
    if isinstance(value, str):
        yield from _faults_of_text(name, value, schema)
    if "minimum" in schema and isinstance(value, int | float):
        low, high = schema["minimum"], schema.get("maximum")
        if value < low or (high is not None and value > high):
            bounds = f"{low} or more" if high is None else f"{low} to {high}"
            yield f"{name} is {bounds}, not {value}."


def _faults_of_text(name: str, value: str, schema: Mapping[str, Any]) -> Iterator[str]:
    if len(value) > LONGEST:
        yield f"{name} has {len(value):,} characters; at most {LONGEST:,} are read."
    elif "pattern" in schema and not re.fullmatch(schema["pattern"][1:-1], value):
        shown = in_brief(visible(value), 60)
        if schema["pattern"] in {f"^{DATE}$", f"^{DAY}$"}:
            yield f'{name} is a date, 2025, 2025-06 or 2025-06-11, not "{shown}".'
        else:
            yield f'{name} is the name of a question, as ask lists them, not "{shown}".'


def _holds_texts(value: object) -> bool:
    """Tell whether what a list or a mapping holds are texts that are not too long."""
    if not isinstance(value, list | dict):
        return True
    held = value if isinstance(value, list) else [*value, *value.values()]
    fit = (isinstance(each, str) and len(each) <= LONGEST for each in held)
    return len(held) <= LONGEST and all(fit)

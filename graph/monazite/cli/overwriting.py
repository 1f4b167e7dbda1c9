"""What a command reads is never what it writes, by whatever name or link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from monazite.errors import UnknownNameError


def refuse_overwriting(parameters: Iterable[Any], given: Mapping[str, Any]) -> None:
    """Refuse a file to write that is a file to read, before anything is written."""
    read: list[tuple[str, object]] = []
    written: list[tuple[str, object]] = []
    for each in parameters:
        place = given.get(each.name)
        readable = getattr(each.type, "readable", None)
        if place is None or not (readable is not None or "FILE" in (each.metavar or "")):
            continue
        (written if readable is False else read).append((_name(each), place))
    for output, target in written:
        for source, file in read:
            if _is_same(target, file):
                raise UnknownNameError(
                    f"{output} and {source} name the same file, which would be overwritten; name "
                    f"another for {output}."
                )


def _name(parameter: Any) -> str:  # noqa: ANN401 - of Click
    """An option as it is written, an argument as the help names it."""
    option = next((each for each in parameter.opts if each.startswith("--")), "")
    return option or str(parameter.metavar or parameter.name).strip("[]")


def _is_same(one: object, other: object) -> bool:
    try:
        place = Path(str(one))
        return place.is_file() and place.samefile(str(other))
    except (OSError, ValueError):  # one of them is not there
        return False

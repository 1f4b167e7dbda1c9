"""Which of the formats that there are a client wants, by its Accept header."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_LONGEST = 4_096
"""Characters of an Accept header that are read."""


def negotiate(accept: str, offered: Sequence[str]) -> str | None:
    """Return the media type that a client likes most, and of several the one offered first.

    References:
        HTTP Semantics, RFC 9110, section 12.5.1: the most specific range counts for a type.

    >>> negotiate("text/csv;q=0.5, application/json", ("text/csv", "application/json"))
    'application/json'
    >>> negotiate("text/*, */*;q=0.1", ("application/json", "text/csv"))
    'text/csv'
    >>> negotiate("image/png", ("text/csv",)) is None
    True
    """
    ranges = _read(accept[:_LONGEST]) or {"*/*": 1.0}
    liked = {media: _quality(ranges, media) for media in offered}
    best = max(offered, key=lambda media: liked[media])
    return best if liked[best] > 0 else None


def _read(accept: str) -> dict[str, float]:
    """The ranges of a header, and how much each is liked; what is no range is left out."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (each.strip().casefold() for each in part.split(";"))
        liked = _q(parameters)
        if name.count("/") == 1 and liked is not None:
            ranges[name] = max(ranges.get(name, 0.0), liked)
    return ranges


def _q(parameters: Sequence[str]) -> float | None:
    """How much a range is liked; None where that cannot be read."""
    for each in parameters:
        key, _, value = each.partition("=")
        if key.strip() == "q":
            return float(value) if _WEIGHT.fullmatch(value.strip()) else None
    return 1.0


def _quality(ranges: dict[str, float], media: str) -> float:
    kind = media.partition("/")[0]
    return next((ranges[name] for name in (media, f"{kind}/*", "*/*") if name in ranges), 0.0)

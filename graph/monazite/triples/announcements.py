"""The number of an announcement, as readers write it and as the names of policies hold it.

The Ministry of Commerce of China counts its announcements anew each year, alone and together with
the customs, so that one number may be that of several years. It stands in the Chinese name of a
policy, else in its id: ``mofcom-2025-61``, ``mofcom-gac-2025-18``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_ID = re.compile(r"mofcom(?:-gac)?-(?P<year>\d{4})-(?P<number>\d{1,3})")
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_NUMBER = r"(?:(?:no\.?|number|#)\s*)?(?P<number>\d{1,3})"
_ISSUER_ZH = r"(?:商务部)?[\s、,]*(?:海关总署)?\s*"
_WRITTEN = [
    re.compile(pattern)
    for pattern in (
        rf"(?:mofcom )?announcement {_NUMBER}(?:(?: of |\s?/\s?|, ?| ?\(| ){_YEAR}\)?)?",
        rf"(?:mofcom )?announcement (?:no\.? )?{_YEAR}[ /]{_NUMBER}",
        rf"{_ISSUER_ZH}(?:公告)?\s*(?:{_YEAR}\s*年)?\s*第?\s*(?P<number>\d{{1,3}})\s*号\s*(?:公告)?",
    )
]


class Announcement(NamedTuple):
    """The number of an announcement, and its year; the year is empty where none is written."""

    number: int
    year: str

    def is_that_of(self, policy: str, names: Iterable[str] = ()) -> bool:
        """Tell whether a policy may be the announcement.

        >>> Announcement(61, "").is_that_of("mofcom-2025-61")
        True
        >>> Announcement(28, "").is_that_of("mofcom-2026-28", ["商务部公告2026年第27号"])
        False
        """
        held = [read for read in map(read_announcement, names) if read is not None]
        if not held and (found := _ID.fullmatch(policy)):
            held = [Announcement(int(found["number"]), found["year"])]
        return any(self.number == each.number and self.year in ("", each.year) for each in held)


def read_announcement(text: str) -> Announcement | None:
    """Return the announcement that a text numbers, in English or Chinese; None for any other text.

    >>> read_announcement("MOFCOM Announcement No. 61 of 2025")
    Announcement(number=61, year='2025')
    >>> read_announcement("商务部公告2025年第61号"), read_announcement("Announcement")
    (Announcement(number=61, year='2025'), None)
    """
    plain = " ".join(text.casefold().replace("-", " ").split())
    for pattern in _WRITTEN:
        if found := pattern.fullmatch(plain):
            return Announcement(int(found["number"]), found["year"] or "")
    return None

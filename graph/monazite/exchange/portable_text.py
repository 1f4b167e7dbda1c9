"""Text that other formats can hold."""

from __future__ import annotations

import re

from monazite.safe_text import reveal

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    r"""Put U+FFFD for each character that XML 1.0 cannot hold, whatever its escape, or hides.

    >>> xml_text("Dy\x00\x1b 镝")
    'Dy�� 镝'
    """
    return reveal(_NOT_XML.sub("\ufffd", text))


def iri_of(term: object) -> str:
    """Return the IRI of a term of the engine, or the text of a literal; else an empty text."""
    return str(getattr(term, "value", ""))

"""Hand-made readings of facts, and who says them."""

from __future__ import annotations

from monazite.findings.conflicts.readings import Reading
from monazite.findings.conflicts.values import read_number
from monazite.rows.roots import SourceAttribution

T = "https://w3id.org/monazite/scheme/unit/t"


def says(
    name: str, author: str, known: str = "2024-12-31", root: str = "", tier: int = 2
) -> SourceAttribution:
    newest = tuple(-ord(character) for character in known)
    return SourceAttribution(tier, newest, name, author, known[:4], root or name, author, known)


def reading(value: str, *sources: SourceAttribution, **other: object) -> Reading:
    given: dict[str, object] = {
        "row": f"capacity/{value}-{'-'.join(source.id for source in sources)}",
        "table": "capacity",
        "fact": (("facility", "plant"),),
        "labels": ("Plant",),
        "unit": T,
        "basis": ("",),
        "defined": (),
        "period": ("2024",),
        "printed": read_number([value]),
        "text": value,
        "sources": sources,
        "line": "",
        **other,
    }
    return Reading(**given)  # type: ignore[arg-type]

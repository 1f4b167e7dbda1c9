"""What each text of a bill is taken for: what is sure is accepted, all else is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from monazite.bom.bill import BillLine
from monazite.bom.contents import Materials
from monazite.bom.decisions import ACCEPTED, ASKED, FIRM, MATERIAL, NOT, Decision, match_key
from monazite.bom.firms import Firms
from monazite.bom.grades import OTHER, UNKNOWN, MaterialNamed, name_material

YOURS = "your file of matches"


@dataclass(frozen=True)
class BillMatch:
    """What a text of a bill is taken for.

    Attributes:
        kind: firm or material.
        text: as the bill writes it.
        decision: accepted, asked, unknown (the tables have nothing like it), other (a material of
            another kind), none or no rare earths (both said by the reader).
        id: of the tables; blank where it is not accepted.
        label: its name.
        by_grade: whether a grade names the material.
        why: in a few words.
        candidates: id and name of what may be meant.
        ruled_out: ids that the reader said it is not.
        lines: of the bill that have the text.
        magnet_type: of a magnet whose material the tables do not have; else empty.
    """

    kind: str
    text: str
    decision: str
    id: str = ""
    label: str = ""
    by_grade: bool = False
    why: str = ""
    candidates: tuple[tuple[str, str], ...] = ()
    ruled_out: tuple[str, ...] = ()
    lines: int = 0
    magnet_type: str = ""


def material_text(one: BillLine) -> str:
    """Return by what a line names its material: its columns, or its description."""
    return " ".join(filter(None, (one.material, one.grade))) or one.description


class Matcher:
    """Matches the texts of a bill, each once."""

    def __init__(
        self,
        firms: Firms,
        materials: Materials,
        country: Callable[[str], str],
        decisions: Iterable[Decision] = (),
    ) -> None:
        self._firms, self._materials, self._country = firms, materials, country
        self._ruled_out: dict[tuple[str, str], list[str]] = {}
        self._decided: dict[tuple[str, str], Decision] = {}
        for one in decisions:
            key = (one.kind, match_key(one.text))
            if one.decision == NOT:
                self._ruled_out.setdefault(key, []).append(one.id)
            else:
                self._decided[key] = one
        self._kept: dict[tuple[str, ...], BillMatch] = {}

    def material(self, one: BillLine) -> BillMatch:
        """Match the material of a line."""
        description = "" if one.material or one.grade else one.description
        key = (MATERIAL, one.material, one.grade, description)
        if key not in self._kept:
            named = name_material(*key[1:], self._materials.names, self._materials.grades)
            self._kept[key] = self._decide(MATERIAL, material_text(one), named)
        return self._kept[key]

    def firm(self, name: str, country: str = "") -> BillMatch:
        """Match the name of a supplier, whose country the bill may say."""
        key = (FIRM, name, country)
        if key not in self._kept:
            named = self._firms.name(name, self._country(country) if country else "")
            found = MaterialNamed(named.state, named.firm, False, named.why, named.candidates)
            self._kept[key] = self._decide(FIRM, name, found)
        return self._kept[key]

    def unused(self) -> tuple[BillMatch, ...]:
        """Return what the reader decided of texts that the bill does not have, to be kept."""
        met = {(each.kind, match_key(each.text)) for each in self._kept.values()}
        unmet = (one for key, one in self._decided.items() if key not in met)
        return tuple(
            BillMatch(x.kind, x.text, x.decision, x.id, self._label(x.kind, x.id), why=YOURS)
            for x in unmet
        )

    def _label(self, kind: str, name: str) -> str:
        labels = self._firms.labels if kind == FIRM else self._materials.labels
        return labels.get(name, "")

    def _decide(self, kind: str, text: str, named: MaterialNamed) -> BillMatch:
        key = (kind, match_key(text))
        out = tuple(self._ruled_out.get(key, ()))
        candidates = tuple((x, self._label(kind, x)) for x in named.candidates if x not in out)
        decided = self._decided.get(key)
        if decided is not None:
            found = decided.id if decided.decision == ACCEPTED else ""
            by_grade = bool(found) and named.material == found and named.by_grade
            # the letters of a grade end its id
            by_grade = by_grade or found.rpartition("-")[2] in {*"nmh", "sh", "uh", "eh", "ah"}
            taken = (decided.decision, found, self._label(kind, found), by_grade)
            return BillMatch(kind, text, *taken, YOURS, candidates, out)
        if named.material in out:
            return BillMatch(
                kind, text, ASKED, why=f"{YOURS} rules it out", candidates=candidates, ruled_out=out
            )
        if named.state != ACCEPTED:
            state = UNKNOWN if named.state == ASKED and not candidates else named.state
            return BillMatch(
                *(kind, text, state),
                why=named.why,
                candidates=candidates,
                ruled_out=out,
                magnet_type=named.magnet_type,
            )
        label = self._label(kind, named.material)
        own = (named.material, label, named.by_grade, named.why)
        return BillMatch(kind, text, ACCEPTED, *own, ruled_out=out)


def match_records(matches: Iterable[BillMatch]) -> list[list[str]]:
    """Return matches as lines of the file that a reader edits; what is asked once is asked."""
    merged: dict[tuple[str, str], BillMatch] = {}
    for one in matches:
        key = (one.kind, match_key(one.text))
        other = merged.get(key, one)
        first = min(one, other, key=lambda each: (each.decision != ASKED, each is not other))
        lines = one.lines + (other.lines if other is not one else 0)
        merged[key] = replace(first, lines=lines)
    records: list[list[str]] = []
    for one in merged.values():
        own, count = (one.kind, one.text), str(one.lines)
        records += [[*own, NOT, each, "", "", YOURS, count] for each in one.ruled_out]
        if one.decision != OTHER:
            decision = ASKED if one.decision == UNKNOWN else one.decision
            listed = "; ".join(f"{key} ({label})" for key, label in one.candidates)
            records.append([*own, decision, one.id, one.label, listed, one.why, count])
    return records

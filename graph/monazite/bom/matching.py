"""Which firm and material a bill names: what is sure is accepted, all else is asked."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from itertools import islice

from monazite.bom.bill import BillLine
from monazite.bom.contents import Materials
from monazite.bom.decisions import ACCEPTED, ASKED, FIRM, MATERIAL, NOT, Decision, match_key
from monazite.bom.grades import OTHER, UNKNOWN, Named, name_material
from monazite.bom.headers import words_of
from monazite.core.results import Struct
from monazite.store.queries import QueryRecord

_ALIKE = {"corporation": "corp", "incorporated": "corp", "inc": "corp", "corp": "corp",
          "company limited": "co ltd", "limited": "ltd", "company": "co"}  # fmt: skip
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_REMARK = re.compile(r"\s*[(（](?!group|集团)[^)）]*[)）]\s*$", re.IGNORECASE)
"""A remark of the tables that ends a name; what stands in brackets elsewhere is of the name."""
_SHORT = 4  # letters of a name that others have as well, if no registered form stands beside it
_NEAR = 0.55
_SUGGESTED = 3
_COMMON_PART = 25  # names that share a word; a word of more tells nothing

OLD_FIRM = "the firm ended, or is a part of another"
SEVERAL = "more than one firm has the name"
ONE_WORD = "one word that is not its full name is also that of others"
SHARED_NAME = "others in the tables begin with the same name"
SHORT_NAME = "so short a name is also that of others"
OTHER_COUNTRY = "its country is not that of the firm"
OTHER_FORM = "its registered form is not of the firm's country"
NEAR = "no firm has this name; some are like it"
FIRST_WORDS = "no firm has this name; names of some begin with it"
NOBODY = "no firm of the tables has this name"


class _Known(Struct):
    """A name of a firm."""

    firm: str
    label: bool
    form: str


class Firms:
    """The firms of the tables by their names."""

    def __init__(self, answers: Iterable[QueryRecord]) -> None:
        self.labels: dict[str, str] = {}
        self.countries: dict[str, str] = {}
        self._ended: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[_Known]] = defaultdict(set)
        self._by_part: dict[str, set[str]] = defaultdict(set)
        for answer in answers:
            firm = answer["id"]
            self.labels[firm], self.countries[firm] = answer["label"], answer["country"]
            if answer["now"]:
                self._ended[firm].add(answer["now"])
            key, form = name_and_form(_REMARK.sub("", answer["name"]))
            if key:
                self._names[key].add(_Known(firm, answer["name"] == answer["label"], form))
                for part in _parts(key):
                    self._by_part[part].add(key)

    def name(self, text: str, country: str = "") -> Named:
        """Return which firm a text names: accepted only where its whole name is a firm's own."""
        key, form = name_and_form(text)
        known = self._names.get(key, set())
        firms = sorted({each.firm for each in known})
        if not firms:
            if 0 < len(begun := self._begun(key)) <= _SUGGESTED:
                return Named(ASKED, why=FIRST_WORDS, candidates=tuple(sorted(begun)))
            near = tuple(self._near(key))
            state, why = (ASKED, NEAR) if near else (UNKNOWN, NOBODY)
            return Named(state, why=why, candidates=near)
        others = {now for firm in firms for now in self._ended.get(firm, ())}
        candidates = tuple(dict.fromkeys([*firms, *sorted(others)]))
        if why := self._doubt(key, form, known, country):
            return Named(ASKED, why=why, candidates=candidates)
        return Named(ACCEPTED, firms[0], why="its name", candidates=candidates)

    def _doubt(self, key: str, form: str, known: set[_Known], country: str) -> str:
        firms = {each.firm for each in known}
        if len(firms) > 1:
            return SEVERAL
        [firm] = firms
        seat, places = self.countries[firm], words_of("form").get(form, "").split()
        own = {each.form for each in known} - {""}
        is_short = key.isascii() and len(key.replace(" ", "")) <= _SHORT
        is_registered = bool(form) and any(each.label and each.form == form for each in known)
        is_one_word = " " not in key
        is_shared = key in self._by_part and bool(self._begun(key) - firms)
        # with the registered form that a record has, or with none as there
        is_same = any(_ALIKE.get(form, form) == _ALIKE.get(x.form, x.form) for x in known)
        checks = (
            (OLD_FIRM, firm in self._ended),
            (SHORT_NAME, is_short and not is_registered),
            (ONE_WORD, is_one_word and key.isascii() and not any(each.label for each in known)),
            (SHARED_NAME, is_shared and not is_same),
            (OTHER_FORM, bool(places) and seat not in places and form not in own),
            (OTHER_COUNTRY, bool(country) and bool(seat) and country != seat),
        )
        return next((why for why, holds in checks if holds), "")

    def _begun(self, key: str) -> set[str]:
        """Firms whose names begin with these words and go on: to be asked, never taken."""
        keys = self._by_part.get(next(_parts(key), ""), ())
        begun = (each for each in keys if each.startswith(f"{key} "))
        return {known.firm for each in begun for known in self._names[each]}

    def _near(self, key: str) -> Iterator[str]:
        """Firms whose names share a telling word and are most like it: to be asked, never taken."""
        shared = [self._by_part.get(part, set()) for part in _parts(key)]
        keys = {each for keys in shared if len(keys) <= _COMMON_PART for each in keys}
        scored = sorted((-SequenceMatcher(None, key, each).ratio(), each) for each in keys)
        near = (each for ratio, each in scored if -ratio >= _NEAR)
        firms = (firm for each in near for firm in sorted(x.firm for x in self._names[each]))
        yield from islice(dict.fromkeys(firms), _SUGGESTED)


def name_and_form(text: str) -> tuple[str, str]:
    """Take a name apart into what names the firm and its registered form.

    A group is another body than the firm that stands in it, so that ``Group`` and ``集团`` stay.
    """
    text = _INITIALS.sub(lambda found: found[0].replace(".", ""), text)
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    words = " ".join(re.sub(r"[^\w&]+", " ", unicodedata.normalize("NFC", plain)).split())
    for form in _forms_by_length():
        if words.endswith(f" {form}") or (not form.isascii() and words.endswith(form)):
            rest = words[: len(words) - len(form)].strip(" &")
            if rest:
                return rest, form
        if not form.isascii() and words.startswith(form) and words != form:
            return words[len(form) :].strip(), form
    return words, ""


@cache
def _forms_by_length() -> Sequence[str]:
    """Registered forms of firms, those first that others may end in."""
    return sorted(words_of("form"), key=len, reverse=True)


def _parts(key: str) -> Iterator[str]:
    """Words of a name; of Chinese, which writes no blanks, pairs of letters."""
    for word in key.split():
        if word.isascii():
            yield word
        else:
            yield from (word[place : place + 2] for place in range(max(len(word) - 1, 1)))


YOURS = "your file of matches"


class BillMatch(Struct):
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
            self._kept[key] = self._decide(FIRM, name, named)
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

    def _decide(self, kind: str, text: str, named: Named) -> BillMatch:
        key = (kind, match_key(text))
        out = tuple(self._ruled_out.get(key, ()))
        candidates = tuple((x, self._label(kind, x)) for x in named.candidates if x not in out)
        asked = BillMatch(kind, text, ASKED, candidates=candidates, ruled_out=out)
        decided = self._decided.get(key)
        if decided is not None:
            found = decided.id if decided.decision == ACCEPTED else ""
            by_grade = bool(found) and named.id == found and named.by_grade
            # the letters of a grade end its id
            by_grade = by_grade or found.rpartition("-")[2] in {*"nmh", "sh", "uh", "eh", "ah"}
            label = self._label(kind, found)
            taken = replace(asked, decision=decided.decision, id=found, label=label)
            return replace(taken, by_grade=by_grade, why=YOURS)
        if named.id in out:
            return replace(asked, why=f"{YOURS} rules it out")
        if named.state != ACCEPTED:
            state = UNKNOWN if named.state == ASKED and not candidates else named.state
            return replace(asked, decision=state, why=named.why, magnet_type=named.magnet_type)
        own = (named.id, self._label(kind, named.id), named.by_grade, named.why)
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

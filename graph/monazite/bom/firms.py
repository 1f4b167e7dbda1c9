"""Which firm of the tables a bill names: by exact name and registered form, never by likeness."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from monazite.bom.decisions import ACCEPTED, ASKED
from monazite.bom.grades import UNKNOWN
from monazite.store.queries import QueryRecord

_FORMS_OF = {
    "": "se;inc;incorporated;corp;corporation;co;company;co ltd;company limited;corp ltd;ltd;"
    "limited;sa;jsc",
    "DEU AUT CHE LIE": "ag",
    "DEU AUT CHE": "gmbh",
    "DEU AUT": "gmbh & co kg;kg",
    "USA": "llc;lp",
    "GBR IRL": "plc",
    "AUS": "pty ltd",
    "IND": "pvt ltd",
    "IND SGP": "private limited",
    "FRA": "sas",
    "FRA LUX CHE": "sarl",
    "ITA": "spa",
    "ITA ROU": "srl",
    "NLD": "bv",
    "NLD BEL": "nv",
    "SWE FIN": "ab",
    "NOR DNK CZE SVK TUR EST": "as",
    "NOR DNK CZE SVK TUR": "a s",
    "FIN": "oy;oyj",
    "EST": "ou",
    "SVN HRV SRB": "doo;d o o",
    "JPN": "kk;kabushiki kaisha;株式会社",
    "MYS": "sdn bhd",
    "RUS UKR": "pjsc",
    "RUS": "ooo",
    "CHN TWN": "股份有限公司",
    "CHN": "有限责任公司",
    "CHN TWN HKG": "有限公司",
}
"""Registered forms of firms by the countries that have them; blank where many do."""
_FORMS = {form: where for where, forms in _FORMS_OF.items() for form in forms.split(";")}
_ALIKE = {"corporation": "corp", "incorporated": "corp", "inc": "corp", "corp": "corp",
          "company limited": "co ltd", "limited": "ltd", "company": "co"}  # fmt: skip
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_BY_LENGTH = sorted(_FORMS, key=len, reverse=True)
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


@dataclass(frozen=True)
class FirmNamed:
    """What a text says of the firm."""

    state: str
    firm: str = ""
    why: str = ""
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Known:
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

    def name(self, text: str, country: str = "") -> FirmNamed:
        """Return which firm a text names: accepted only where its whole name is a firm's own."""
        key, form = name_and_form(text)
        known = self._names.get(key, set())
        firms = sorted({each.firm for each in known})
        if not firms:
            if begun := self._begun(key):
                return FirmNamed(ASKED, why=FIRST_WORDS, candidates=begun)
            near = tuple(self._near(key))
            state, why = (ASKED, NEAR) if near else (UNKNOWN, NOBODY)
            return FirmNamed(state, why=why, candidates=near)
        others = {now for firm in firms for now in self._ended.get(firm, ())}
        candidates = tuple(dict.fromkeys([*firms, *sorted(others)]))
        if why := self._doubt(key, form, known, country):
            return FirmNamed(ASKED, why=why, candidates=candidates)
        return FirmNamed(ACCEPTED, firms[0], "its name", candidates)

    def _doubt(self, key: str, form: str, known: set[_Known], country: str) -> str:
        firms = {each.firm for each in known}
        if len(firms) > 1:
            return SEVERAL
        [firm] = firms
        seat, places = self.countries[firm], _FORMS.get(form, "").split()
        own = {each.form for each in known} - {""}
        is_short = key.isascii() and len(key.replace(" ", "")) <= _SHORT
        is_registered = bool(form) and any(each.label and each.form == form for each in known)
        is_one_word = key.isascii() and " " not in key
        # with the registered form that a record has, or with none as there
        is_same = any(_ALIKE.get(form, form) == _ALIKE.get(x.form, x.form) for x in known)
        checks = (
            (OLD_FIRM, firm in self._ended),
            (SHORT_NAME, is_short and not is_registered),
            (ONE_WORD, is_one_word and not any(each.label for each in known)),
            (SHARED_NAME, self._is_shared(key, firms) and not is_same),
            (OTHER_FORM, bool(places) and seat not in places and form not in own),
            (OTHER_COUNTRY, bool(country) and bool(seat) and country != seat),
        )
        return next((why for why, holds in checks if holds), "")

    def _is_shared(self, key: str, firms: set[str]) -> bool:
        """Whether a name of one word begins the name of another firm as well."""
        if " " in key:
            return False
        begun = (each for each in self._by_part.get(key, ()) if each.startswith(f"{key} "))
        return any(one.firm not in firms for each in begun for one in self._names[each])

    def _begun(self, key: str) -> tuple[str, ...]:
        """Firms whose names begin with these words: to be asked, never taken."""
        first = next(_parts(key), "")
        keys = (each for each in self._by_part.get(first, ()) if each.startswith(f"{key} "))
        firms = sorted({known.firm for each in keys for known in self._names[each]})
        return tuple(firms) if len(firms) <= _SUGGESTED else ()

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
    for form in _BY_LENGTH:
        if words.endswith(f" {form}") or (not form.isascii() and words.endswith(form)):
            rest = words[: len(words) - len(form)].strip(" &")
            if rest:
                return rest, form
        if not form.isascii() and words.startswith(form) and words != form:
            return words[len(form) :].strip(), form
    return words, ""


def _parts(key: str) -> Iterator[str]:
    """Words of a name; of Chinese, which writes no blanks, pairs of letters."""
    for word in key.split():
        if word.isascii():
            yield word
        else:
            yield from (word[place : place + 2] for place in range(max(len(word) - 1, 1)))

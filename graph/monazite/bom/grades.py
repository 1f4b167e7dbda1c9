"""What a text of a bill says of its material: where a name may stand in it, and what is sure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from monazite.bom.decisions import ACCEPTED, ASKED
from monazite.core.errors import UnreadableError
from monazite.core.results import Struct, Value
from monazite.store.queries import ask
from monazite.store.store import Store

SURE, LIKELY, AMBIGUOUS = "sure", "likely", "ambiguous"
_ORDER = (SURE, LIKELY, AMBIGUOUS)
_LEFT_OUT = re.compile(r"[\s\-_]+")
_PLAIN = re.compile(r"(?:\[[^\[\]\\]+\](?:\{[0-9]{1,2}(?:,[0-9]{1,2})?\})?|[^\[\]{}*+\\.^$])+")
"""What a pattern is made of: letters, classes with a count, groups, alternatives, what may be."""
_LONGEST = 40  # what is longer is no name, and is held against no pattern


class GradeName(Value):
    """A pattern of a name and what it means; empty where it does not tell, or many use it."""

    row: str
    pattern: str
    material: str
    magnet_type: str
    grade: str
    certainty: str
    example: str

    def matches(self, name: str) -> bool:
        """Tell whether a name is of the pattern, whatever its capitals, blanks and hyphens."""
        plain = _LEFT_OUT.sub("", name).upper()
        return len(plain) <= _LONGEST and re.fullmatch(self.pattern, plain) is not None


def read_grade_names(store: Store) -> tuple[GradeName, ...]:
    """Read the patterns of grade names, once."""
    names = ("material", "type", "grade", "certainty", "example")
    return store.derive(
        ("grade-names",),
        lambda: tuple(
            GradeName(x.row(), checked_pattern(x.row(), x["pattern"]), *map(x.__getitem__, names))
            for x in ask(store, "grade-names")
        ),
    )


def checked_pattern(row: str, pattern: str) -> str:
    """Return a pattern of which no name takes long.

    >>> checked_pattern("grade_names/ndfeb-sh", "N(2[7-9]|[34][0-9])SH?")
    'N(2[7-9]|[34][0-9])SH?'
    """
    try:
        plain = _PLAIN.fullmatch(pattern)
        if plain and re.compile(pattern):
            return pattern
    except re.error:
        pass
    raise UnreadableError(
        f"{row}: the pattern is not plain; write letters, classes such as [0-9]{{2}}, "
        "alternatives such as (L|M), and ? after a letter or a group."
    )


class GradeNames:
    """The names of grades, to be looked up again and again."""

    def __init__(self, names: Iterable[GradeName] = ()) -> None:
        self._names = sorted(names, key=lambda each: (_ORDER.index(each.certainty), each.row))
        self.find = cache(self._find)

    def all(self, name: str) -> tuple[GradeName, ...]:
        """Return what a name can mean, the surest first."""
        return tuple(each for each in self._names if each.matches(name))

    def _find(self, name: str) -> GradeName | None:
        """Return what a name means most surely; None where no pattern matches."""
        return next(iter(self.all(name)), None)


OTHER, UNKNOWN = "other", "unknown"
"""How a text may stand to the tables, beside accepted and asked: of another kind, not in them."""
_NEODYMIUM = re.compile(r"nd[- ]?fe[- ]?b|nd2fe14b|neodym|钕铁硼|neo magnet")
_SAMARIUM = re.compile(r"sm2?[- ]?co|samarium[- ]?[ck]obalt|钐钴")
_BONDED = re.compile(r"bonded|gebunden|spritzgegossen|injection[- ]mou?lded|粘结|注塑")
_SINTERED = re.compile(r"sinter|烧结")
_TWO_SEVENTEEN = re.compile(r"2\s?[:/-]\s?17|sm2co17")
_ONE_FIVE = re.compile(r"1\s?[:/-]\s?5(?![0-9])|smco5")
_GRADE = re.compile(
    r"(?<![a-z0-9.,x])(?:(n)[- ]?)?([2-5][0-9])"
    r"(?:[- ]?(sh|uh|eh|ah|th|vh)|-?(m|h)|(?(1)|(?!)))(?![a-z0-9])"
)
"""A grade: with an N before its number, or letters behind it; a bare number is none."""
_OTHER_MAGNET = re.compile(r"ferrit|alnico|steel|stahl|铁氧体|铝镍钴|钢")
_WITHOUT = re.compile(
    r"(?<![a-z])(ohne|no|non|not|kein\w*|without|holder|halter\w*|fixture|tool|werkzeug)(?![a-z])|"
    r"(?<![a-z])free(?![a-z])|[- ]?frei(?![a-z])|不含|无"
)
_SAYS_MAGNET = re.compile(r"magnet|磁(?!力轴承)")
_NO_MAGNET = re.compile(
    r"ferrit|alnico|steel|stahl|copper|kupfer|brass|messing|bronze|alumin|plastic|kunststoff|"
    r"rubber|gummi|glass|glas(?![a-z])|zinc|zink|epox|silikon|silicone|wood|holz|papier|paper|"
    r"cast iron|guss|polyamid|nylon|铁氧体|铝镍钴|钢|铜|铝|塑料|橡胶|玻璃|铸铁|"
    r"(?<![a-z0-9])(pa6|pa66|pbt|pps|pom|abs|fr4|fr-4|epdm|nbr|fkm|cu|al|c45|"
    r"42crmo4|16mncr5|s235|s355|1\.[0-9]{4}|m[0-9]{3}-[0-9]{2}a|en aw-?[0-9]{4})(?![a-z0-9])"
)
_SINTERED_ID, _FAMILY = "ndfeb-sintered-magnet", "ndfeb-magnet"
_WITHOUT_RARE_EARTHS = {
    "ferrite": re.compile(r"hart ?ferrit|hard ?ferrite|永磁铁氧体"),
    "alnico": re.compile(r"al-?ni-?co|铝镍钴"),
}
"""Magnets of other kinds by their names; a ferrite alone may be soft, and is no magnet."""
_FERRITE = re.compile(r"ferrit|铁氧体")
_LANTHANUM = re.compile(r"(?<![a-z])la(?![a-z])|lanthan|la-?co|镧")
_SMCO = {"family": "smco-magnet", "2:17": "sm2co17-magnet", "1:5": "smco5-magnet"}

SUFFIX = "the letters behind the number are no grade of the tables"
NO_RARE_EARTHS_IN = "a magnet of a kind without rare earths"
LANTHANUM = "a ferrite with lanthanum, of which no record gives the content"
DENIED = "it names NdFeB and says that it is not, or another material"
ANY_MAGNET = "it names a magnet without its material"


class Named(Struct):
    """What a text says of the material, or of the firm."""

    state: str
    id: str = ""
    by_grade: bool = False
    why: str = ""
    candidates: tuple[str, ...] = ()  # ids of what may be meant, where it is asked
    magnet_type: str = ""  # of a magnet whose material the tables do not have


def name_material(
    material: str, grade: str, description: str, names: Mapping[str, str], grades: GradeNames
) -> Named:
    """Return which material a line of a bill names."""
    text = folded(f"{material} {grade}")
    if not text:
        return _of_description(folded(description), grades)
    if (exact := names.get(folded(material))) is not None and not grade:
        return Named(ACCEPTED, exact, why="its name")
    return _of_family(text, grades) or _without_family(text, grades)


def folded(text: str) -> str:
    """Return a text in small letters with single blanks, as names are compared."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _of_description(text: str, grades: GradeNames) -> Named:
    """Of a description only what names the family, or a grade beside the word magnet."""
    if named := _of_family(text, grades):
        return named
    if not _SAYS_MAGNET.search(text):
        return Named(UNKNOWN)
    if _NO_MAGNET.search(text):
        return _without_rare_earths(text, grades) or Named(UNKNOWN)
    found = _GRADE.search(text)
    if found and found[1]:
        return _of_grade(found, grades)
    return _asked(ANY_MAGNET, _FAMILY, _SMCO["family"])


def _of_family(text: str, grades: GradeNames) -> Named | None:
    neodymium, samarium = _NEODYMIUM.search(text), _SAMARIUM.search(text)
    if samarium and (neodymium or _GRADE.search(text) or _WITHOUT.search(text)):
        return _asked("it names NdFeB and SmCo", _FAMILY, _SMCO["family"])
    if neodymium:
        return _of_neodymium(text, grades)
    if samarium or _TWO_SEVENTEEN.fullmatch(text):
        kinds = {"2:17": _TWO_SEVENTEEN, "1:5": _ONE_FIVE}
        kind = next((name for name, words in kinds.items() if words.search(text)), "family")
        return Named(ACCEPTED, _SMCO[kind], kind != "family", "its family")
    return None


def _of_neodymium(text: str, grades: GradeNames) -> Named:
    if _WITHOUT.search(text) or _OTHER_MAGNET.search(text):
        return _asked(DENIED, _FAMILY)
    found = [*_GRADE.finditer(_NEODYMIUM.sub(" ", text))]
    if len({*map(_suffix, found)}) > 1:
        return _asked("it names two grades", _FAMILY)
    if _BONDED.search(text):
        return Named(ACCEPTED, "ndfeb-bonded-magnet", why="its process")
    if found:
        return _of_grade(found[0], grades)
    if _SINTERED.search(text):
        return Named(ACCEPTED, _SINTERED_ID, why="its process")
    return Named(ACCEPTED, _FAMILY, why="sintered or bonded is not said")


def _of_grade(found: re.Match[str], grades: GradeNames) -> Named:
    """Of a grade that is one of NdFeB: with its letter N, or where the family is named."""
    named = grades.find(f"N{found[2]}{_suffix(found)}")
    if named is None or not named.material:
        return _asked(SUFFIX, _SINTERED_ID)
    return Named(ACCEPTED, named.material, by_grade=True, why="its grade")


def _without_family(text: str, grades: GradeNames) -> Named:
    says_magnet = bool(_SAYS_MAGNET.search(text))
    if _NO_MAGNET.search(text):
        sure = _GRADE.search(text)
        if sure and sure[1] and _suffix(sure):
            return _asked(DENIED, _SINTERED_ID)
        return _without_rare_earths(text, grades) or Named(OTHER)
    if (whole := grades.find(text)) is not None:
        return _of_name(whole, sure=says_magnet)
    found = _GRADE.fullmatch(text) or (says_magnet and _GRADE.search(text)) or None
    if found is not None:
        if found[1] or says_magnet:
            return _of_grade(found, grades)
        if _suffix(found):
            return _asked(SUFFIX, _SINTERED_ID)
    return _asked(ANY_MAGNET, _FAMILY, _SMCO["family"]) if says_magnet else Named(UNKNOWN)


def _of_name(named: GradeName, *, sure: bool) -> Named:
    """What a whole name means; a likely one of a single letter is asked like an ambiguous one."""
    if not named.material:
        kind = "" if named.magnet_type == "none" or named.certainty != SURE else named.magnet_type
        return Named(OTHER, why=NO_RARE_EARTHS_IN if kind else "", magnet_type=kind)
    is_likely = named.certainty == LIKELY and len(named.grade) > 1
    if sure or is_likely or named.certainty == SURE:
        return Named(ACCEPTED, named.material, bool(named.grade), "its grade")
    steel, trade = "the grade alone may also be a steel", "a trade grade that is not sure"
    return _asked(steel if named.grade else trade, named.material)


def _without_rare_earths(text: str, grades: GradeNames) -> Named | None:
    """A magnet of a kind without rare earths, where the text says that it is a magnet."""
    kind = next((name for name, words in _WITHOUT_RARE_EARTHS.items() if words.search(text)), "")
    if not kind and _FERRITE.search(text):
        rest = [grades.find(word) for word in _FERRITE.sub(" ", text).split()]
        graded = any(each is not None and each.magnet_type == "ferrite" for each in rest)
        kind = "ferrite" if graded or _SAYS_MAGNET.search(text) else ""
    if not kind or _WITHOUT.search(text):
        return None
    why = LANTHANUM if kind == "ferrite" and _LANTHANUM.search(text) else NO_RARE_EARTHS_IN
    return Named(OTHER, why=why, magnet_type=kind)


def _suffix(found: re.Match[str]) -> str:
    return found[3] or found[4] or ""


def _asked(why: str, *candidates: str) -> Named:
    return Named(ASKED, why=why, candidates=candidates)

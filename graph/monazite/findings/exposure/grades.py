"""The grammar of magnet materials and grades: what a bill may write, and which is sure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from monazite.bills.decisions import ACCEPTED, ASKED

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
_SAMARIUM_GRADE = re.compile(r"(?<![a-z])yxg?[- ]?[0-9]{2}h?(?![a-z0-9])")
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
_SURE_ALONE = {"sh", "uh", "eh", "ah", "th"}
_SINTERED_ID, _FAMILY = "ndfeb-sintered-magnet", "ndfeb-magnet"
_OF_SUFFIX = {"": "n", "th": "ah"}
"""Grades whose material is named otherwise: without a letter, and one letter for another."""
_SMCO = {"family": "smco-magnet", "2:17": "sm2co17-magnet", "1:5": "smco5-magnet"}

NO_PROCESS = "sintered or bonded is not said"
STEEL_TOO = "the grade alone may also be a steel"
TWO_FAMILIES = "it names NdFeB and SmCo"
SUFFIX = "the letters behind the number are no grade of the tables"
TRADE_GRADE = "a trade grade of SmCo, which the tables do not have"
TWO_GRADES = "it names two grades"
DENIED = "it names NdFeB and says that it is not, or another material"
ANY_MAGNET = "it names a magnet without its material"


@dataclass(frozen=True)
class MaterialNamed:
    """What a text says of the material.

    Attributes:
        state: accepted, asked, other or unknown.
        material: id; empty where none is named.
        by_grade: whether a grade names it.
        why: in a few words that quote nothing.
        candidates: ids of what may be meant, where it is asked.
    """

    state: str
    material: str = ""
    by_grade: bool = False
    why: str = ""
    candidates: tuple[str, ...] = ()


def name_material(
    material: str, grade: str, description: str, names: Mapping[str, str]
) -> MaterialNamed:
    """Return which material a line of a bill names.

    Args:
        material: as the bill writes it.
        grade: as the bill writes it.
        description: which is read only where both are blank.
        names: ids of materials by their names, folded by :func:`folded`.

    >>> name_material("NdFeB", "N42SH", "", {}).material
    'ndfeb-sintered-magnet-sh'
    >>> name_material("", "40H", "", {}).state, name_material("NdFeB 40H", "", "", {}).material
    ('asked', 'ndfeb-sintered-magnet-h')
    >>> name_material("SmCo 2:17", "", "", {}).material, name_material("steel", "40H", "", {}).state
    ('sm2co17-magnet', 'other')
    """
    text = folded(f"{material} {grade}")
    if not text:
        return _of_description(folded(description))
    if (exact := names.get(folded(material))) is not None and not grade:
        return MaterialNamed(ACCEPTED, exact, why="its name")
    return _of_family(text) or _without_family(text)


def folded(text: str) -> str:
    """Return a text in small letters with single blanks, as names are compared.

    >>> folded(" NdFeB  Ｎ42 ")
    'ndfeb n42'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _of_description(text: str) -> MaterialNamed:
    """Of a description only what names the family, or a grade beside the word magnet."""
    if named := _of_family(text):
        return named
    found = _GRADE.search(text)
    if not _SAYS_MAGNET.search(text) or _NO_MAGNET.search(text):
        return MaterialNamed(UNKNOWN)
    if found and found[1]:
        return _of_grade(_suffix(found))
    return _asked(ANY_MAGNET, _FAMILY, _SMCO["family"])


def _of_family(text: str) -> MaterialNamed | None:
    neodymium, samarium = _NEODYMIUM.search(text), _SAMARIUM.search(text)
    if neodymium and samarium:
        return _asked(TWO_FAMILIES, _FAMILY, _SMCO["family"])
    if neodymium:
        return _of_neodymium(text)
    if samarium and (_GRADE.search(text) or _WITHOUT.search(text)):
        return _asked(TWO_FAMILIES, _FAMILY, _SMCO["family"])
    if samarium or _TWO_SEVENTEEN.fullmatch(text):
        kind = "2:17" if _TWO_SEVENTEEN.search(text) else "1:5" if _ONE_FIVE.search(text) else ""
        return MaterialNamed(ACCEPTED, _SMCO[kind or "family"], bool(kind), "its family")
    return None


def _of_neodymium(text: str) -> MaterialNamed:
    if _WITHOUT.search(text) or _OTHER_MAGNET.search(text):
        return _asked(DENIED, _FAMILY)
    if len({*map(_suffix, _GRADE.finditer(_NEODYMIUM.sub(" ", text)))}) > 1:
        return _asked(TWO_GRADES, _FAMILY)
    if _BONDED.search(text):
        return MaterialNamed(ACCEPTED, "ndfeb-bonded-magnet", why="its process")
    found = _GRADE.search(_NEODYMIUM.sub(" ", text))
    if found:
        return _of_grade(_suffix(found))
    if _SINTERED.search(text):
        return MaterialNamed(ACCEPTED, _SINTERED_ID, why="its process")
    return MaterialNamed(ACCEPTED, _FAMILY, why=NO_PROCESS)


def _suffix(found: re.Match[str]) -> str:
    return found[3] or found[4] or ""


def _of_grade(suffix: str) -> MaterialNamed:
    if suffix == "vh":
        return _asked(SUFFIX, f"{_SINTERED_ID}-eh", f"{_SINTERED_ID}-ah")
    letter = _OF_SUFFIX.get(suffix, suffix)
    return MaterialNamed(ACCEPTED, f"{_SINTERED_ID}-{letter}", by_grade=True, why="its grade")


def _without_family(text: str) -> MaterialNamed:
    if _NO_MAGNET.search(text):
        sure = _GRADE.search(text)
        if sure and sure[1] and _suffix(sure):
            return _asked(DENIED, f"{_SINTERED_ID}-{_suffix(sure)}")
        return MaterialNamed(OTHER)
    found = _GRADE.fullmatch(text) or (_SAYS_MAGNET.search(text) and _GRADE.search(text)) or None
    if found is not None:
        suffix = _suffix(found)
        if found[1] or suffix in _SURE_ALONE or _SAYS_MAGNET.search(text):
            return _of_grade(suffix)
        if suffix:
            return _asked(STEEL_TOO, f"{_SINTERED_ID}-{suffix}")
    if _SAMARIUM_GRADE.search(text):
        return _asked(TRADE_GRADE, *_SMCO.values())
    if _SAYS_MAGNET.search(text):
        return _asked(ANY_MAGNET, _FAMILY, _SMCO["family"])
    return MaterialNamed(UNKNOWN)


def _asked(why: str, *candidates: str) -> MaterialNamed:
    return MaterialNamed(ASKED, why=why, candidates=candidates)

"""The grammar of grades: what is sure, what is asked, and what is another material."""

from __future__ import annotations

import pytest

from monazite.findings.exposure.grades import folded, name_material
from monazite.findings.rules.grade_names import GradeNames, read_grade_names
from monazite.triples.opening import open_store

SINTERED = "ndfeb-sintered-magnet"
GRADES = GradeNames(read_grade_names(open_store()))


@pytest.mark.parametrize(
    ("material", "grade", "found"),
    [
        ("NdFeB", "N35", f"{SINTERED}-n"),
        ("NdFeB", "N48M", f"{SINTERED}-m"),
        ("NdFeB", "N42H", f"{SINTERED}-h"),
        ("Nd-Fe-B", "N42SH", f"{SINTERED}-sh"),
        ("", "N42-SH", f"{SINTERED}-sh"),
        ("", "38UH", f"{SINTERED}-uh"),
        ("", "N35EH", f"{SINTERED}-eh"),
        ("NdFeB", "30AH", f"{SINTERED}-ah"),
        ("NdFeB", "33TH", f"{SINTERED}-ah"),
        ("NdFeB", "40H", f"{SINTERED}-h"),
        ("烧结钕铁硼", "42SH", f"{SINTERED}-sh"),
        ("NdFeB sintered", "", SINTERED),
        ("NdFeB gesintert 20 x 10 x 5", "", SINTERED),
        ("Neodym-Magnet", "", "ndfeb-magnet"),
        ("NdFeB 20 x 10 x 5", "", "ndfeb-magnet"),
        ("bonded NdFeB", "", "ndfeb-bonded-magnet"),
        ("NdFeB kunststoffgebunden", "", "ndfeb-bonded-magnet"),
        ("粘结钕铁硼", "", "ndfeb-bonded-magnet"),
        ("SmCo 2:17", "", "sm2co17-magnet"),
        ("Sm2Co17", "", "sm2co17-magnet"),
        ("SmCo", "1:5", "smco5-magnet"),
        ("SmCo5", "", "smco5-magnet"),
        ("Samarium-Cobalt", "", "smco-magnet"),
        ("", "YXG-28H", "sm2co17-magnet"),
        ("XGS26", "", "sm2co17-magnet"),
        ("", "BNP-8", "ndfeb-bonded-magnet"),
    ],
)
def test_what_is_sure(material: str, grade: str, found: str) -> None:
    named = name_material(material, grade, "", {}, GRADES)
    assert (named.state, named.material) == ("accepted", found)


@pytest.mark.parametrize(
    ("material", "grade", "description", "state"),
    [
        ("", "40H", "", "asked"),
        ("", "38M", "", "asked"),
        ("", "N38VH", "", "asked"),
        ("", "YX18", "", "asked"),
        ("", "30AH", "", "asked"),
        ("NdFeB / SmCo", "", "", "asked"),
        ("Magnet", "", "", "asked"),
        ("", "", "Rotor magnet", "asked"),
        ("Steel", "40H", "", "other"),
        ("1.4301", "", "", "other"),
        ("Hartferrit", "Y30", "", "other"),
        ("", "", "Ferrite magnet", "other"),
        ("Unobtainium", "", "", "unknown"),
        ("", "40", "", "unknown"),
        ("", "", "Bolt M8x40", "unknown"),
        ("", "", "", "unknown"),
    ],
)
def test_what_is_not_sure(material: str, grade: str, description: str, state: str) -> None:
    named = name_material(material, grade, description, {}, GRADES)
    assert (named.state, named.material) == (state, "")


def test_a_description_counts_only_where_nothing_else_stands() -> None:
    told = "Magnet 20x10x5 N45SH"
    assert name_material("", "", told, {}, GRADES).material == f"{SINTERED}-sh"
    assert name_material("Steel", "", told, {}, GRADES).state == "other"


def test_a_name_of_the_tables_is_taken_whole() -> None:
    names = {folded("Mischmetal"): "mischmetal"}
    assert name_material("MISCHMETAL", "", "", names, GRADES).material == "mischmetal"
    assert name_material("Mischmetal alloy", "", "", names, GRADES).state == "unknown"


@pytest.mark.parametrize(
    "said",
    [
        *("NdFeB N35/N42SH", "SmCo N42SH", "ohne NdFeB", "no NdFeB magnet", "NdFeB-frei"),
        *("Holder for NdFeB magnet", "Ferrite N42SH", "Steel N42SH"),
    ],
)
def test_what_says_two_things_is_asked(said: str) -> None:
    assert name_material(said, "", "", {}, GRADES).state == "asked"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        *(("Ferrit Y30", "ferrite"), ("Hartferrit", "ferrite"), ("Ferrite magnet", "ferrite")),
        *(("AlNiCo 5", "alnico"), ("铝镍钴", "alnico"), ("Ferrite core 3C90", ""), ("Ferrit", "")),
        *(("4140H", ""), ("holder for ferrite magnet", "")),
    ],
)
def test_magnets_without_rare_earths_are_known_as_such(said: str, kind: str) -> None:
    named = name_material(said, "", "", {}, GRADES)
    assert (named.state, named.material, named.magnet_type) == ("other", "", kind)


def test_a_ferrite_with_lanthanum_is_told_apart() -> None:
    plain, held = (name_material(x, "", "", {}, GRADES) for x in ("Ferrit Y30", "La-Co Ferrit Y40"))
    assert "without rare earths" in plain.why
    assert "lanthanum" in held.why

"""The grammar of grades: what is sure, what is asked, and what is another material."""

from __future__ import annotations

import pytest

from monazite.findings.exposure.grades import folded, name_material

SINTERED = "ndfeb-sintered-magnet"


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
    ],
)
def test_what_is_sure(material: str, grade: str, found: str) -> None:
    named = name_material(material, grade, "", {})
    assert (named.state, named.material) == ("accepted", found)


@pytest.mark.parametrize(
    ("material", "grade", "description", "state"),
    [
        ("", "40H", "", "asked"),
        ("", "38M", "", "asked"),
        ("", "N38VH", "", "asked"),
        ("", "YXG-28H", "", "asked"),
        ("NdFeB / SmCo", "", "", "asked"),
        ("Magnet", "", "", "asked"),
        ("", "", "Rotor magnet", "asked"),
        ("Steel", "40H", "", "other"),
        ("1.4301", "", "", "other"),
        ("Hartferrit", "Y30", "", "other"),
        ("", "", "Ferrite magnet", "unknown"),
        ("Unobtainium", "", "", "unknown"),
        ("", "40", "", "unknown"),
        ("", "", "Bolt M8x40", "unknown"),
        ("", "", "", "unknown"),
    ],
)
def test_what_is_not_sure(material: str, grade: str, description: str, state: str) -> None:
    named = name_material(material, grade, description, {})
    assert (named.state, named.material) == (state, "")


def test_a_description_counts_only_where_nothing_else_stands() -> None:
    told = "Magnet 20x10x5 N45SH"
    assert name_material("", "", told, {}).material == f"{SINTERED}-sh"
    assert name_material("Steel", "", told, {}).state == "other"


def test_a_name_of_the_tables_is_taken_whole() -> None:
    names = {folded("Mischmetal"): "mischmetal"}
    assert name_material("MISCHMETAL", "", "", names).material == "mischmetal"
    assert name_material("Mischmetal alloy", "", "", names).state == "unknown"


@pytest.mark.parametrize(
    "said",
    [
        *("NdFeB N35/N42SH", "SmCo N42SH", "ohne NdFeB", "no NdFeB magnet", "NdFeB-frei"),
        *("Holder for NdFeB magnet", "Ferrite N42SH", "Steel N42SH"),
    ],
)
def test_what_says_two_things_is_asked(said: str) -> None:
    assert name_material(said, "", "", {}).state == "asked"

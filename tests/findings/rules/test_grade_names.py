"""Names of grades: each pattern matches its example, and names that mean no magnet do not pass."""

from __future__ import annotations

import pytest

from monazite.errors import UnreadableError
from monazite.findings.rules.grade_names import (
    GradeName,
    checked_pattern,
    meanings_of,
    read_grade_names,
)
from monazite.triples.opening import open_store

NAMES = read_grade_names(open_store())


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.row)
def test_a_pattern_matches_its_own_example(name: GradeName) -> None:
    assert name.matches(name.example)


@pytest.mark.parametrize(
    ("name", "material", "certainty"),
    [
        ("N42SH", "ndfeb-sintered-magnet-sh", "sure"),
        ("n42 sh", "ndfeb-sintered-magnet-sh", "sure"),
        ("N35", "ndfeb-sintered-magnet-n", "sure"),
        ("N38TH", "ndfeb-sintered-magnet-ah", "sure"),
        ("38UH", "ndfeb-sintered-magnet-uh", "likely"),
        ("40H", "ndfeb-sintered-magnet-h", "ambiguous"),
        ("SmCo 2:17", "sm2co17-magnet", "sure"),
        ("SmCo5", "smco5-magnet", "sure"),
        ("SmCo", "smco-magnet", "sure"),
        ("YXG-30H", "sm2co17-magnet", "sure"),
        ("XGS26", "sm2co17-magnet", "sure"),
        ("YX18", "smco5-magnet", "likely"),
        ("BNP-8", "ndfeb-bonded-magnet", "sure"),
        ("bonded NdFeB", "ndfeb-bonded-magnet", "sure"),
        ("钕铁硼", "ndfeb-magnet", "sure"),
    ],
)
def test_what_a_name_means(name: str, material: str, certainty: str) -> None:
    (found,) = meanings_of(open_store(), name)
    assert (found.material, found.certainty) == (material, certainty)


@pytest.mark.parametrize(
    ("name", "magnet_type"), [("Y30BH", "ferrite"), ("C8", "ferrite"), ("4140H", "none")]
)
def test_names_of_other_goods_are_known_as_such(name: str, magnet_type: str) -> None:
    (found,) = meanings_of(open_store(), name)
    assert (found.material, found.magnet_type) == ("", magnet_type)


@pytest.mark.parametrize(
    "name", ["", "N", "SH", "N420SH", "N42SH1", "42CrMo4", "S235JR", "1.4301", "H7", "x" * 10_000]
)
def test_what_is_no_grade_means_nothing(name: str) -> None:
    assert meanings_of(open_store(), name) == ()


def test_what_is_ambiguous_says_what_else_it_is() -> None:
    assert [x.row for x in NAMES if x.certainty == "ambiguous" and not x.means_instead] == []
    assert [x.row for x in NAMES if x.means_instead and x.certainty == "sure" and x.material] == []


@pytest.mark.parametrize("pattern", ["(A+)+B", "N.*", "N(", "[A-Z", "N{999}", "N\\d", "(A{9}){9}"])
def test_a_pattern_that_could_take_long_or_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(UnreadableError, match="grade_names/x: the pattern is not plain"):
        checked_pattern("grade_names/x", pattern)

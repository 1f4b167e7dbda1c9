"""Codes of one nomenclature, countries by any of their names, and firms letter for letter."""

from __future__ import annotations

import pytest

from monazite.customs.names import names_system, new_firm, read_names
from monazite.errors import UnknownNameError
from monazite.shipped import ontology_folder

NAMES = read_names(ontology_folder() / "tables")


def test_a_code_is_of_its_nomenclature_alone() -> None:
    assert NAMES.code("8505.11", "hs2022") == "hs2022-850511"
    assert NAMES.code("85051100", "hs2022") == "hs2022-850511", "national digits are left"
    assert NAMES.code("8505.11", "hs1992") is None, "the same digits of an older edition"
    assert NAMES.code("HS2022-284690", "hs1992") == "hs2022-284690", "the prefix says more"
    assert NAMES.code("8505110070", "htsus") == "htsus-8505110070"
    assert NAMES.code("8505110071", "htsus") is None
    for none in ("", "850511 (HS2017)", "850511-HS2012", "HS2012-850511", "850511*", "٨٥٠٥١١"):
        assert NAMES.code(none, "hs2022") is None, none
    for same in (" 8505.11 ", "8505 11 10", "8505-11", "8505. 11"):
        assert NAMES.code(same, "hs2022") == "hs2022-850511", same
    assert [names_system(each, NAMES) for each in ("hs2022-284690", "2846-90")] == [True, False]
    assert NAMES.check_system("HS 2022") == "hs2022"
    with pytest.raises(UnknownNameError, match='There is no nomenclature "hs2027"'):
        NAMES.check_system("hs2027")


def test_countries_and_firms_are_found_by_their_names() -> None:
    names = ("CHN", "cn", "  china ", "Viet Nam", "中国", "WLD", "", "Other Asia, nes")
    assert [NAMES.country(each) for each in names] == [
        *("CHN", "CHN", "CHN", "VNM", "CHN"),
        *(None, None, None),
    ]
    assert NAMES.firm("mp materials corp.") == "mp-materials"
    assert NAMES.firm("MP Materials") is None, "part of a name is no name"
    assert new_firm("A B") == new_firm(" a  b ")
    assert new_firm("稀土") != new_firm("有研")
    assert new_firm("匠倄有限公司") != new_firm("勵倂有限公司"), "alike in 24 bits of their hashes"

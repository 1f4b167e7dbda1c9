"""Customs codes: which are taken, and under which rows they stand."""

from __future__ import annotations

import csv

import pytest

from monazite.errors import UnknownNameError
from monazite.imports.goods import GoodsCodes, digits_in, edition_of
from monazite.shipped import ontology_folder


def test_a_code_named_takes_the_place_of_all() -> None:
    codes = GoodsCodes(["8505.19"])
    assert (codes.takes("850519"), codes.takes("8505190010"), codes.takes("850511")) == (
        *(True, True),
        False,
    )
    with pytest.raises(UnknownNameError, match="six digits or more"):
        GoodsCodes(["8505"])


def test_editions_that_correspond_and_those_of_which_it_is_not_known() -> None:
    codes = GoodsCodes()
    assert codes.stand("hs1992", "284690", "").codes == ("hs2022-284690",)
    assert codes.stand("eu-cn", "85051110", "").codes == ("hs2022-850511", "eu-cn-85051110")
    assert codes.stand("htsus", "8505110070", "").basis == "magnet"
    assert codes.own == {}, "all of these have rows"
    assert codes.stand("hs2007", "284690", "Compounds").codes == ("hs2007-284690",)
    assert codes.own["hs2007-284690"]["description"] == "Compounds"
    assert "is not known" in codes.own["hs2007-284690"]["note"]


def test_files_name_rows_that_are_there() -> None:
    home = ontology_folder()
    with (home / "tables" / "codes.csv").open(encoding="utf-8") as lines:
        known = {row["id"] for row in csv.DictReader(lines)}
    with (home / "imports" / "correspondences.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            assert row["code"] in {"", *known}
            assert row["digits"] == digits_in(row["digits"])
            assert row["reason"]


def test_editions_by_year() -> None:
    assert [edition_of(year) for year in (2022, 2021, 2012, 1988)] == [
        *("hs2022", "hs2017", "hs2012"),
        "hs1992",
    ]

"""Scenarios by name and by file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monazite.errors import FaultyTablesError, UnknownNameError, UnreadableError
from monazite.findings.scenarios import keys
from monazite.findings.scenarios.shelf import (
    list_scenarios,
    read_shipped,
    read_text,
    shipped_names,
)
from monazite.shipped import ontology_folder

SHIPPED = ontology_folder()


def test_shipped_scenarios_are_found_by_name_and_say_what_happens() -> None:
    names = shipped_names(SHIPPED)
    assert {"japan-2010-embargo", "licence-2025-text", "china-halt-12"} <= {*names}
    assert read_text("china-halt-12", SHIPPED).file == "china-halt-12.toml"
    for each in list_scenarios(SHIPPED).scenarios:
        assert each.title
        assert each.description.endswith(".")
        assert "\n" not in each.description, "lines are joined"


def test_sentences_of_descriptions_are_short() -> None:
    for each in list_scenarios(SHIPPED).scenarios:
        for sentence in re.split(r"(?<=\.)\s", each.description):
            words = re.sub(r"(\d) ([%t])", r"\1\2", sentence).split()
            assert len(words) <= 22, (each.name, sentence)


def test_what_is_shipped_is_small() -> None:
    for each in read_shipped(SHIPPED):
        assert each.months <= keys.MOST_MONTHS
        assert len(each.shocks) <= 3


def test_a_file_of_ones_own_is_read_where_it_lies(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('title = "Ä"\n', "utf-8")
    assert read_text(file, SHIPPED).text == 'title = "Ä"\n'


def test_the_mark_of_utf_8_before_a_text_is_no_part_of_it(tmp_path: Path) -> None:
    """Editors of Windows write it."""
    file = tmp_path / "own.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert read_text(file, SHIPPED).text == "a = 1\n"


def test_a_name_that_is_none_is_refused_with_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match='did you mean "china-halt-12"'):
        read_text("china-halt-12x", SHIPPED)
    with pytest.raises(UnknownNameError, match=r"A file ends with \.toml"):
        read_text("../../../etc/passwd", SHIPPED)
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_text(tmp_path / "none.toml", SHIPPED)
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_text(folder, SHIPPED)


def test_what_is_too_long_or_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(b"#" * (keys.MOST_BYTES + 1))
    with pytest.raises(UnreadableError, match="more than 65,536 bytes"):
        read_text(file, SHIPPED)
    file.write_bytes(b"a = 1\nb = \xff\n")
    with pytest.raises(FaultyTablesError, match=r"own\.toml:2: this is no UTF-8"):
        read_text(file, SHIPPED)

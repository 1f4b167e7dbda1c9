"""One import: what is refused, what comes of hostile files, and what it says of itself."""

from __future__ import annotations

import contextlib
import csv
import json
from pathlib import Path

import pytest

from monazite.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.imports.imported import import_file, kind_named, recognise
from monazite.rows.foreign_files import kind_of_file, read_kinds
from tests.imports.importing import EXAMPLES, example, faults, rows, written


def test_what_is_said_of_an_import(tmp_path: Path) -> None:
    found, folder = example("wgi", "wgi-long.csv", tmp_path)
    told = json.loads(found.to_json())
    assert told["tables"] == [{"table": "governance", "rows": 4}, {"table": "sources", "rows": 1}]
    assert (told["kind"], told["folder"], told["licence"]) == ("wgi", str(folder), "CC BY 4.0")
    assert found.headline() == f"wgi: 5 rows in {folder}"
    assert "Left out" in found.to_text("table")
    (source,) = rows(folder, "sources")
    assert source["id"] == found.source
    assert "accessed" not in source, "no clock is read"
    import_file("wgi", EXAMPLES / "wgi-long.csv", folder, accessed="2026-11-27")
    assert rows(folder, "sources")[0]["accessed"] == "2026-11-27"


def test_names_and_places_that_are_none(tmp_path: Path) -> None:
    file = EXAMPLES / "wgi-long.csv"
    with pytest.raises(UnknownNameError, match='did you mean "comtrade"'):
        kind_named("comtrad")
    with pytest.raises(UnknownNameError, match="no edition"):
        import_file("wgi", file, tmp_path / "own", edition="hs2023")
    with pytest.raises(UnknownNameError, match="is not a date"):
        import_file("wgi", file, tmp_path / "own", accessed="yesterday")
    with pytest.raises(UnreadableError, match=r"is a folder: .* looks like a file of"):
        import_file("comtrade", EXAMPLES, tmp_path / "own")
    text = "codeindyr,code,year,indicator,estimate\nx,LUX,2025,ge,1\n"
    other = written(tmp_path, "ge.csv", text)
    with pytest.raises(UnreadableError, match=r"Nothing of .* 1 lines of other indicators"):
        import_file("wgi", other, tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_more_rows_than_are_read_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monazite.imports.collected.ROWS", 3)
    assert "rows would be written" in faults("wgi", EXAMPLES / "wgi-long.csv")[0][1]


@pytest.mark.parametrize("kind", read_kinds())
def test_each_kind_has_an_example_that_is_known_by_its_headers(kind: str) -> None:
    known = {file.name: kind_of_file(file) for file in EXAMPLES.iterdir() if file.is_file()}
    names = [name for name, each in known.items() if each is not None and each.name == kind]
    assert names
    assert f"monazite import {kind} " in recognise(EXAMPLES / names[0])
    chosen = read_kinds()[kind]
    assert chosen.licence
    assert chosen.given_on.endswith(".")
    assert chosen.address or chosen.by_hand
    assert chosen.terms.startswith("https://")


def test_examples_say_that_they_are_invented() -> None:
    said = (b"nvented", b"INVENTED", "例として".encode("cp932"))
    for file in EXAMPLES.iterdir():
        if not file.name.startswith(("country_codes", "product_codes", "comext", "wikidata")):
            content = file.read_bytes()
            assert any(each in content for each in said), file.name
    about = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert all(file.name in about for file in EXAMPLES.iterdir())


def test_hostile_cells_are_texts(tmp_path: Path) -> None:
    name = "=1+1\u202e\x00|é"
    record = {
        "id": "a\u202e;/..",
        "schema": "Person",
        "properties": {"name": [name], "alias": ["@x", "a;b"]},
    }
    import_file("ftm", written(tmp_path, "x.json", json.dumps(record)), tmp_path / "own")
    with (tmp_path / "own" / "persons.csv").open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert row["id"] == "ftm-a-37bae35fe4dc", "with a hash of what no key has"
    assert row["name"].startswith("'=1+1")
    assert "\u202e" not in row["name"]
    assert row["names"] == "'@x;a,b"


def _is_of(file: Path, kind: str) -> bool:
    found = kind_of_file(file)
    return found is not None and found.name == kind


@pytest.mark.parametrize("kind", read_kinds())
def test_broken_files_end_in_sentences(tmp_path: Path, kind: str) -> None:
    files = [each for each in sorted(EXAMPLES.iterdir()) if _is_of(each, kind)]
    for file in files:
        content = file.read_bytes()
        for cut in (content[: len(content) // 2], content[::-1][:400], b"\x00" * 9, b""):
            broken = written(tmp_path, f"x{file.suffix}", cut)
            with contextlib.suppress(MonaziteError):  # some halves are good
                import_file(kind, broken, tmp_path / "own", edition="hs2022")


def test_nothing_is_recognised_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="neither a kind of import nor a file"):
        recognise(tmp_path / "none")
    with pytest.raises(UnknownNameError, match="like no source that is read"):
        recognise(written(tmp_path, "x.csv", "a,b\n1,2\n"))

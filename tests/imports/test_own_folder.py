"""The folder that imports fill: whole or not at all, added to, and nobody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import UnreadableError
from monazite.imports.imported import import_file
from monazite.imports.own_folder import OwnFolder
from monazite.rows.columns import read_schema
from monazite.shipped import ontology_folder
from tests.imports.importing import EXAMPLES, rows, written

BACI, WGI = EXAMPLES / "BACI_HS22_Y2024_V202601.csv", EXAMPLES / "wgi-long.csv"


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_imports_add_to_a_folder_and_twice_is_once(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "own"
    import_file("baci", BACI, folder)
    alone = content(folder)
    import_file("baci", BACI, folder)
    assert content(folder) == alone
    import_file("wgi", WGI, folder)
    both = content(folder)
    assert both["baci.csv"] == alone["baci.csv"]
    assert {row["via"] for row in rows(folder, "sources")} == {
        "monazite import baci",
        "monazite import wgi",
    }
    import_file("baci", BACI, folder)
    import_file("wgi", WGI, folder)
    assert content(folder) == both
    assert [file.name for file in folder.parent.iterdir()] == ["own"], "nothing lies beside it"


def test_what_another_file_said_is_not_said_again(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    import_file("wgi", WGI, folder)
    before = content(folder)
    with pytest.raises(
        UnreadableError, match=r"2 rows of governance stand in .* would count twice"
    ):
        import_file("wgi", EXAMPLES / "wgi-wide.csv", folder)
    assert content(folder) == before


@pytest.mark.parametrize("name", ["notes.txt", "prices.csv", "sub"])
def test_folders_of_others_are_left_alone(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    if name == "sub":
        (folder / name).mkdir()
    else:
        (folder / name).write_text("row,material\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match="name a folder of its own"):
        import_file("wgi", WGI, folder)
    assert [file.name for file in folder.iterdir()] == [name]
    with pytest.raises(UnreadableError, match="is no folder"):
        import_file("wgi", WGI, WGI)


def test_a_folder_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    import_file("wgi", WGI, folder)
    before = content(folder)

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(UnreadableError, match="No space left on device"):
        import_file("baci", BACI, folder)
    assert content(folder) == before
    assert [file.name for file in tmp_path.iterdir()] == ["own"]


def test_rows_of_codes_are_shared(tmp_path: Path) -> None:
    schema = read_schema(ontology_folder())
    folder = OwnFolder(tmp_path / "own", schema)
    for source in ("b", "a"):
        folder.take(
            {
                "codes": {"hs2007-284690": {"system": "hs2007", "source": source}},
                "sources": {source: {"via": "monazite import baci"}},
            },
            source,
        )
    assert folder.rows["codes"]["hs2007-284690"]["source"] == "a;b"
    folder.take({}, "b")
    assert folder.rows["codes"]["hs2007-284690"]["source"] == "a"
    assert [*folder.rows["sources"]] == ["a"]


def test_a_flow_that_another_file_has_is_refused(tmp_path: Path) -> None:
    """A blank line makes another source of the same flows; a value alone may join a weight."""
    text, folder = (EXAMPLES / "comtrade.csv").read_text(encoding="utf-8"), tmp_path / "own"
    import_file("comtrade", written(tmp_path, "one.csv", text), folder)
    before = content(folder)
    with pytest.raises(UnreadableError, match=r"rows of trade stand in .* would count twice"):
        import_file("comtrade", written(tmp_path, "two.csv", text + "\n"), folder)
    assert content(folder) == before
    head = "Data Type,HTS Number,Country,Quantity Description,2024\n"
    weight = "General First Unit of Quantity,280530,Japan,kilograms,5\n"
    for name, line in (("w.csv", weight), ("v.csv", "General Customs Value,280530,Japan,,7\n")):
        import_file("usitc", written(tmp_path, name, head + line), folder)
    with pytest.raises(UnreadableError, match="1 row of trade stands in"):
        import_file("usitc", written(tmp_path, "x.csv", head + weight + "\n"), folder)

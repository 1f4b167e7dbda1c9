"""Own tables: blank ones with their help, a patch of ours made of them, and a release of all."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monazite.core.errors import FaultyTablesError, UnknownNameError, UnreadableError
from monazite.data.columns import Column, Schema, read_schema
from monazite.data.reader import read_tables
from monazite.data.releases import read_release
from monazite.export.contribution import FOLDER, Contribution, contribute
from monazite.export.new_table import ColumnHelp, new_table
from monazite.export.release import ReleasedTables, release
from monazite.store.checks import check
from monazite.view.opening import load
from tests.conftest import SMALL_TABLES, write_small_ontology

pytestmark = pytest.mark.whole


HEADER = "row,owner,owned,share_percent,status,valid_from,source\n"
NEW = "mine-1,lynas,kuantan-east,51,stated,2026-02,annual\n"
PLAIN = st.text(alphabet="abc ,;\"'#+-@稀", min_size=1, max_size=8).map(str.strip)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def state_of(folder: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def applied(found: Contribution, ontology: Path, place: Path) -> Path:
    """Apply the patch as a maintainer does, to a copy."""
    copy = place / "checkout"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ontology, copy / "ontology")
    done = subprocess.run(
        ["git", "apply", "-"],
        cwd=copy,
        input=found.patch.encode(),
        capture_output=True,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(place)},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return copy / "ontology"


def said_by(ontology: Path) -> dict[str, dict[str, list[str]]]:
    tables = read_tables(ontology / "tables", read_schema(ontology))
    return {
        f"{row.table}/{row.key}": {
            name: [cell.text for cell in cells] for name, cells in row.cells.items()
        }
        for row in tables.rows
    }


def test_a_patch_is_headed_by_what_it_changes_and_edits_nothing_itself(
    small_ontology: Path, own: Path, tmp_path: Path
) -> None:
    (own / "ownership.csv").write_text(HEADER + NEW, encoding="utf-8")
    (own / "facilities.csv").write_text("id,name\nkuantan,Kuantan works\n", encoding="utf-8")
    before = state_of(small_ontology), state_of(own)
    found = contribute(own, small_ontology)
    assert (state_of(small_ontology), state_of(own)) == before
    assert found.faults == ()
    assert found.patch.splitlines()[:5] == [
        "# 1 record added, 1 changed, in 2 tables: no faults found; 0 facts differ from others.",
        "# changed facilities/kuantan",
        "#   name: Kuantan plant, now Kuantan works",
        "# added ownership/mine-1",
        "#   owner lynas; owned kuantan-east; share_percent 51; status stated; valid_from 2026-02; "
        "source annual",
    ]
    assert f"+++ b/{FOLDER}/facilities.csv\n" in found.patch
    after = said_by(applied(found, small_ontology, tmp_path))
    assert after["facilities/kuantan"]["country"] == ["MYS"]
    assert contribute(own, small_ontology).patch == found.patch


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(
    shares=st.dictionaries(
        st.sampled_from(["mine-1", "a-1", "lynas-kuantan"]), st.integers(0, 100), min_size=1
    ),
    note=PLAIN,
    windows=st.booleans(),
)
def test_what_is_contributed_applies_checks_clean_and_is_all_that_came(
    shares: dict[str, int], note: str, windows: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("law")
    ontology = write_small_ontology(place / "ontology")
    own = place / "own"
    own.mkdir()
    quoted = '"' + note.replace('"', '""') + '"'
    rows = "".join(
        f"{key},lynas,kuantan-east,{share},stated,2026-02,annual,{quoted}\n"
        for key, share in shares.items()
    )
    text = HEADER.strip() + ",note\n" + rows
    text = "\ufeff" + text.replace("\n", "\r\n") if windows else text
    (own / "ownership.csv").write_bytes(text.encode())
    found = contribute(own, ontology)
    after = applied(found, ontology, place)
    assert check(after).faults == ()
    old, new = said_by(ontology), said_by(after)
    assert {key for key in new if new[key] != old.get(key)} == {f"ownership/{k}" for k in shares}
    assert old.keys() <= new.keys()
    for key, share in shares.items():
        assert new[f"ownership/{key}"]["share_percent"] == [str(share)]
    facts = [len(load(ontology=each, cache=False).rows()) for each in (ontology, after)]
    assert facts[1] - facts[0] == len(shares.keys() - {"lynas-kuantan"})


def said_of(found: Contribution, own: Path) -> list[str]:
    assert found.patch == ""
    return [str(fault).replace(str(own), "own") for fault in found.faults]


WRONG = "mine-1,lynas,nowhere,x,stated,2026-02,annual\n"
UNSOURCED = "mine-2,lynas,kuantan-east,5,stated,2026-02,\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "ownership",
            HEADER + WRONG,
            [':2: in column "owned", ', ':2: in column "share_percent", '],
        ),
        (
            *("ownership", HEADER + WRONG + UNSOURCED + NEW),
            [
                ":3: the row has no source; name one of sources.csv, or add it to a sources.csv",
                ':4: the key "mine-1" stands in own/ownership.csv:2 already; leave one of the two',
            ],
        ),
        (
            *("ownership", "row,owner,source\nmine-1,lynas,annual\n"),
            [
                ':2: the column "owned" is blank; write it, for example mountain-pass',
                ':2: the column "status" is blank; write it, for example stated',
            ],
        ),
        (
            *("persons", "id,name,source,locator\nann,Ann,annual,p. 3\n"),
            [':2: our persons.csv has no column "locator"; leave it out, or write a note'],
        ),
    ],
)
def test_every_fault_is_told_at_the_line_of_the_own_file(
    small_ontology: Path, own: Path, name: str, text: str, said: list[str]
) -> None:
    (own / f"{name}.csv").write_text(text, encoding="utf-8")
    told = said_of(contribute(own, small_ontology), own)
    assert len(told) == len(said)
    for each, start in zip(told, said, strict=True):
        assert each.startswith(f"own/{name}.csv{start}")


def test_rows_that_say_what_ours_say_change_nothing(small_ontology: Path, own: Path) -> None:
    shutil.copy(small_ontology / "tables" / "ownership.csv", own)
    found = contribute(own, small_ontology)
    assert (found.patch, found.faults, len(found)) == ("", (), 0)


def test_facts_on_which_rows_then_differ_are_shown_and_do_not_stop_it(
    small_ontology: Path, own: Path
) -> None:
    rows = "mine-1,lynas,kuantan,40,stated,2012,digest\n"
    (own / "ownership.csv").write_text(HEADER + rows, encoding="utf-8")
    found = contribute(own, small_ontology)
    assert [conflict.kind for conflict in found.conflicts] == ["real"]
    assert found.patch
    assert "Sources that disagree (1 fact)" in found.to_text()


def test_a_hostile_folder_is_a_sentence(small_ontology: Path, own: Path) -> None:
    with pytest.raises(UnreadableError, match="holds no table"):
        contribute(own, small_ontology)
    (own / "view.json").write_text("{}")
    with pytest.raises(UnreadableError, match=r"holds no table in view.json"):
        contribute(own, small_ontology)
    os.mkfifo(own / "prices.csv")
    (fault,) = said_of(contribute(own, small_ontology), own)
    assert fault.startswith("own/prices.csv: it is a pipe and no file")
    (own / "prices.csv").unlink()
    (own / "persons.csv").write_bytes(b"id,name,source\nann,\xff,annual\n")
    (own / "invoices-2026.csv").write_text("Order,Customer\n1,2\n")
    assert said_of(contribute(own, small_ontology), own) == [
        "own/invoices-2026.csv: there is no table of that name; "
        "name it as a table of ontology/tables",
        "own/persons.csv:2: the text is not UTF-8; save the file as UTF-8",
    ]


def test_faults_of_ours_are_no_faults_of_a_contribution(small_ontology: Path, own: Path) -> None:
    (own / "ownership.csv").write_text(HEADER + NEW, encoding="utf-8")
    (small_ontology / "shapes" / "ownership.ttl").write_text("broken", encoding="utf-8")
    with pytest.raises(FaultyTablesError, match=r"shapes/ownership.ttl"):
        contribute(own, small_ontology)


LETTERS = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), min_size=1)


def test_help_says_what_unit_whether_and_gives_an_example() -> None:
    told = {each.column: each for each in new_table("capacity")}
    assert (told["facility"].given, told["facility"].takes) == ("yes", "a key of facilities")
    assert (told["value"].unit, told["locator"].given) == ("in the unit of the row", "no")
    assert ("separation", "Separation") in told["stage"].words
    assert told["as_of"].example
    assert new_table("ownership").columns[3].unit == "percent"
    undescribed = [each.column for each in new_table("capacity") if not (each.what and each.takes)]
    assert undescribed == []


def test_help_says_which_columns_a_check_asks_one_of(ontology_copy: Path) -> None:
    told = new_table("capacity", ontology_copy)
    several = [each.column for each in told if each.given == "one of these"]
    assert several == ["value", "value_low", "value_high", "value_as_printed", "note"]
    assert told.headline().endswith(f"must be given, and one of {', '.join(several)}")
    flows = {each.column: each.given for each in new_table("baci", ontology_copy)}
    assert (flows["usd"], flows["tonnes"]) == ("yes", "no"), "what must be given is one of them"
    scopes = {each.column: each.given for each in new_table("policy_scope", ontology_copy)}
    assert (scopes["covers"], scopes["exempts"]) == ("where kind is element", "no")


def test_an_unknown_table_is_told_which_there_are() -> None:
    said = 'There is no table "polices"; did you mean "policies"? tables are area_demand,'
    with pytest.raises(UnknownNameError, match=re.escape(said)) as refused:
        new_table("polices")
    assert "yields." in str(refused.value)


def test_an_ending_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"An empty table is .csv or .xlsx"):
        new_table("persons").empty("persons.ods")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_ontology(tmp_path_factory.mktemp("new") / "ontology")


told_of = cache(new_table)


class Drawn:
    """Valid rows of a table, as its help says what stands in them."""

    def __init__(self, schema: Schema, keys: dict[str, list[str]]) -> None:
        self.schema, self.keys = schema, keys

    def cell(self, column: Column, told: ColumnHelp) -> st.SearchStrategy[str]:
        if column.kind == "reference":
            known = [word for word, _ in told.words]
            for name in column.classes:
                known += [key for t in self.schema.tables_of(name) for key in self.keys[t.name]]
            return st.sampled_from(known) if known else st.just("")
        low, high = column.minimum, column.maximum
        kinds: dict[str, st.SearchStrategy[Any]] = {
            "integer": st.integers(int(low or 0), int(high or 9999)),
            "decimal": st.decimals(low or 0, high or 9999, places=3),
            "boolean": st.sampled_from(["true", "false"]),
            "date": st.dates().map(lambda day: day.isoformat()),
            "anyURI": LETTERS.map(lambda text: f"https://example.org/{text}"),
        }
        return kinds.get(column.kind, LETTERS).map(str)

    def rows(self, name: str) -> st.SearchStrategy[list[dict[str, str]]]:
        table = self.schema.tables[name]
        told = {each.column: each for each in told_of(name)}
        cells = {}
        for column in table.columns:
            drawn = self.cell(column, told[column.name])
            needed = told[column.name].given != "no" and column.kind != "in-table"
            cells[column.name] = drawn if needed else st.just("") | drawn
            if column.kind == "in-table":
                cells[column.name] = st.just("")
        rows = st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=3)
        return rows.map(
            lambda found: [
                {**row, table.key_column: f"mine-{place}"} for place, row in enumerate(found)
            ]
        )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
@given(data=st.data())
def test_a_table_that_is_filled_as_its_help_says_is_clean(home: Path, data: st.DataObject) -> None:
    schema = read_schema(home)
    keys = {
        name: [line.split(",")[0] for line in SMALL_TABLES[name].splitlines()[1:]]
        for name in schema.tables
    }
    name = data.draw(st.sampled_from(sorted(schema.tables)))
    drawn = Drawn(schema, keys)
    required = [each for each in schema.tables[name].columns if each.required]
    if any(drawn.cell(each, ColumnHelp("", "", "", "", "", "")).is_empty for each in required):
        return
    rows = data.draw(drawn.rows(name))
    file = home / f"{name}.csv"
    text = told_of(name).empty(file).decode()
    out = io.StringIO()
    writer = csv.DictWriter(out, text.strip().split(","), lineterminator="\n")
    writer.writerows(rows)
    file.write_text(text + out.getvalue(), encoding="utf-8")
    found = check(file, home=home)
    assert [str(each) for each in found.faults] == []
    assert dict(found.counts) == {name: len(rows)}


@pytest.fixture
def own_tables(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of a cut, in a folder of their own."""
    for module in ("export.release", "store.checks", "data.releases"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: cut)
    return Path(shutil.copytree(cut / "tables", tmp_path / "tables"))


def write(found: ReleasedTables, folder: Path) -> Path:
    for name, content in found.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_what_is_written_is_read(own_tables: Path, tmp_path: Path) -> None:
    found = release(own_tables, issued="2026-12-24")
    assert found == release(own_tables, issued="2026-12-24")
    assert found.headline().startswith("Release of 2026-12-24: ")
    read = read_release(write(found, tmp_path / "release"))
    assert (read.issued, read.news_read_to, read.schema) == ("2026-12-24", "2026-10-08", 1)
    assert dict(read.files) == {file.name: file.read_bytes() for file in own_tables.glob("*.csv")}
    assert [*found.files][-1] == "release.json"
    assert "LICENSE-CC-BY-4.0.txt" in found.files
    assert sum(found.counts.values()) > 100
    again = release(tmp_path / "release", issued="2026-12-24")
    assert again.files == found.files


def test_tables_with_faults_are_not_released(own_tables: Path) -> None:
    with (own_tables / "persons.csv").open("a", encoding="utf-8") as file:
        file.write("ann\n")
    with pytest.raises(FaultyTablesError, match=r"persons.csv:\d+: 1 field stands"):
        release(own_tables)


def test_a_day_that_is_none_and_tables_of_ones_own_are_refused(
    own_tables: Path, tmp_path: Path
) -> None:
    for day in ("soon", "2026-13-01", "2026-12"):
        with pytest.raises(UnknownNameError, match="write"):
            release(own_tables, issued=day)
    own = tmp_path / "own"
    own.mkdir()
    (own / "persons.csv").write_text("id,name,source\nann,Ann,monazite-compilation\n")
    with pytest.raises(UnknownNameError, match="a release holds all; contribute them first"):
        release(own)

"""Own tables as a patch of ours: it applies, checks clean, and brings exactly what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monazite.errors import FaultyTablesError, UnreadableError
from monazite.exchange.contribution import FOLDER, Contribution, contribute
from monazite.rows.columns import read_schema
from monazite.rows.reader import read_tables
from monazite.triples.checks import check
from monazite.view import load
from tests.conftest import write_small_ontology

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


@pytest.mark.whole
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


def test_every_fault_is_told_at_the_line_of_the_own_file(small_ontology: Path, own: Path) -> None:
    (own / "ownership.csv").write_text(
        HEADER
        + "mine-1,lynas,nowhere,x,stated,2026-02,annual\n"
        + "mine-2,lynas,kuantan-east,5,stated,2026-02,\n"
        + NEW
        + NEW,
        encoding="utf-8",
    )
    assert said_of(contribute(own, small_ontology), own) == [
        "own/ownership.csv:3: the row has no source; name one of sources.csv, or add it to a "
        "sources.csv of your own",
        'own/ownership.csv:4: the key "mine-1" stands in own/ownership.csv:2 already; '
        "leave one of the two",
        'own/ownership.csv:5: the key "mine-1" stands in own/ownership.csv:2 already; '
        "leave one of the two",
    ]
    rows = "mine-1,lynas,nowhere,x,stated,2026-02,annual\n"
    (own / "ownership.csv").write_text(HEADER + rows, encoding="utf-8")
    said = said_of(contribute(own, small_ontology), own)
    assert [each.partition(",")[0] for each in said] == [
        'own/ownership.csv:2: in column "owned"',
        'own/ownership.csv:2: in column "share_percent"',
    ]


def test_a_new_row_needs_all_columns_that_must_be_given(small_ontology: Path, own: Path) -> None:
    (own / "ownership.csv").write_text("row,owner,source\nmine-1,lynas,annual\n", encoding="utf-8")
    assert said_of(contribute(own, small_ontology), own) == [
        'own/ownership.csv:2: the column "owned" is blank; write it, for example mountain-pass',
        'own/ownership.csv:2: the column "status" is blank; write it, for example stated',
    ]


def test_a_column_that_our_table_has_not_is_no_reason_to_write_it_anew(
    small_ontology: Path, own: Path
) -> None:
    text = "id,name,source,locator\nann,Ann,annual,p. 3\n"
    (own / "persons.csv").write_text(text, encoding="utf-8")
    assert said_of(contribute(own, small_ontology), own) == [
        'own/persons.csv:2: our persons.csv has no column "locator"; leave it out, or write a note'
    ]


def test_rows_that_say_what_ours_say_change_nothing(small_ontology: Path, own: Path) -> None:
    shutil.copy(small_ontology / "tables" / "ownership.csv", own)
    found = contribute(own, small_ontology)
    assert (found.patch, found.faults, len(found)) == ("", (), 0)


def test_the_order_of_own_rows_and_their_form_say_nothing(small_ontology: Path, own: Path) -> None:
    rows = [NEW, NEW.replace("mine-1", "mine-0")]
    (own / "ownership.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    one = contribute(own, small_ontology).patch
    (own / "ownership.csv").write_text(HEADER + "".join(reversed(rows)), encoding="utf-8")
    assert contribute(own, small_ontology).patch == one
    assert one.index("+mine-0,") < one.index("+mine-1,")


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


def test_a_text_that_would_end_a_line_of_the_head_does_not(
    small_ontology: Path, own: Path, tmp_path: Path
) -> None:
    note = '"one\n--- a/ontology/tables/sources.csv\n+++ b/x"'
    text = f"id,name,source,note\nann,Ann,annual,{note}\n"
    (own / "persons.csv").write_text(text, encoding="utf-8")
    found = contribute(own, small_ontology)
    if found.faults:
        return  # a line end is no text of this column
    head = found.patch.partition("\n\n")[0].splitlines()
    assert all(line.startswith("#") for line in head)
    assert said_by(applied(found, small_ontology, tmp_path))["persons/ann"]["name"] == ["Ann"]


def test_faults_of_ours_are_no_faults_of_a_contribution(small_ontology: Path, own: Path) -> None:
    (own / "ownership.csv").write_text(HEADER + NEW, encoding="utf-8")
    (small_ontology / "shapes" / "ownership.ttl").write_text("broken", encoding="utf-8")
    with pytest.raises(FaultyTablesError, match=r"shapes/ownership.ttl"):
        contribute(own, small_ontology)

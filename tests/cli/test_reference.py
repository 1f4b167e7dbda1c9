"""``monazite reference``: one file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from monazite.shipped import ontology_folder
from tests.cli.conftest import Run
from tests.pages.test_reference import page_of


def test_the_page_goes_to_a_file_or_to_stdout(run: Run, tmp_path: Path) -> None:
    page = page_of(ontology_folder()).encode()
    file = tmp_path / "ontology.html"
    done = run("reference", str(file))
    assert (done.code, done.out) == (0, "")
    assert done.err == f"The reference is in {file}.\n"
    assert file.read_bytes() == page
    assert run("reference", "-").out.encode() == page


def test_a_folder_is_no_file(run: Run, tmp_path: Path) -> None:
    assert "is a folder" in run("reference", str(tmp_path)).assert_refused()

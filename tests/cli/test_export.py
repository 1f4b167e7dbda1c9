"""``monazite export``: where the data goes, what is refused, and that filters reach it."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from monazite.cli import progress, waiting
from monazite.exchange.formats import EXPORT_FORMATS
from tests.cli.conftest import Run

TEXTS = sorted(name for name, form in EXPORT_FORMATS.items() if form.kind == "text")


class Terminal(io.StringIO):
    """A stream that a reader looks at."""

    buffer = io.BytesIO()

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("name", TEXTS)
def test_text_goes_to_stdout_and_nothing_to_stderr(name: str, run: Run) -> None:
    done = run("export", name, "lynas-malaysia-kuantan")
    assert (done.code, done.err) == (0, "")
    assert done.out
    assert run("export", name, "lynas-malaysia-kuantan", "-o", "-").out == done.out


def test_a_file_is_written_and_said_with_its_view(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    done = run("export", "turtle", "Mountain Pass", "-o", str(file), "--tier", "2")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(f"{file}: Data: ")
    assert "tier 2 or better" in done.err
    quads = list(ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE))
    assert len(quads) > 500
    assert [path.name for path in tmp_path.iterdir()] == ["mine.ttl"]


def test_filters_reach_the_export(run: Run) -> None:
    words = ("export", "nquads", "mountain-pass")
    everything, primary = run(*words), run(*words, "--tier", "1")
    assert len(primary.out) < len(everything.out)
    assert "row/ownership/mp-materials-mountain-pass-2017>" in everything.out
    without = run(*words, "--without", "table:ownership")
    assert not re.search(r"/row/ownership/[^>]*> \.$", without.out, re.MULTILINE)


def test_the_network_takes_element_and_market(run: Run) -> None:
    done = run("export", "graphml", "-e", "Dy", "-m", "USA")
    assert (done.code, done.err) == (0, "")
    assert "separation/CHN" in done.out
    assert "market/USA" in done.out
    assert "market/USA" not in run("export", "graphml", "-e", "Dy").out


def test_a_folder_is_made_and_replaced_and_foreign_files_stay(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "tables"
    assert run("export", "csv", "mountain-pass", "-o", str(folder)).code == 0
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "prices.csv").write_text("broken", encoding="utf-8")
    done = run("export", "csv", "mountain-pass", "-o", str(folder))
    assert (done.code, done.out) == (0, "")
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (folder / "prices.csv").read_text(encoding="utf-8").startswith("row,material,date,")
    assert [file.name for file in folder.iterdir() if file.name.startswith(".")] == []
    view = json.loads((folder / "view.json").read_bytes())["view"]
    assert view["entity"] == "mountain-pass"


def test_a_workbook_goes_to_a_file_or_a_pipe_but_not_to_a_terminal(
    run: Run, run_process: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.xlsx"
    assert run("export", "xlsx", "mountain-pass", "-o", str(file)).code == 0
    assert file.read_bytes().startswith(b"PK")
    monkeypatch.setattr(sys, "stdout", Terminal())
    done = run("export", "xlsx", "mountain-pass")
    assert (done.code, done.err) == (
        2,
        "xlsx is nothing a terminal can show: name a file with --output, or pipe it.\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("turtel",), 'There is no format "turtel"; did you mean "turtle"[?]'),
        (("zzz",), 'There is no format "zzz"; formats are turtle, trig, .*, context.'),
        (("csv",), "csv is a folder of files: name it with --output DIR."),
        (("csv", "-o", "-"), "csv is a folder of files: name it with --output DIR."),
        (("csv", "-o", "FILE"), ".*FILE is a file; name a folder."),
        (("csv", "-o", "FILE/x"), ".*FILE/x cannot be made: Not a directory; name another place."),
        (("turtle", "-o", "."), "[.] cannot be written: it is a folder; name a file in it."),
        (("turtle", "kuantam"), 'There is no name "kuantam"; .*'),
        (("gexf", "Dy"), "gexf is the network of an element: take -e and -m, not an entity."),
        (("turtle", "-e", "Dy"), "-e and -m are for graphml and gexf; turtle takes an entity."),
        (("gexf", "-e", "Xx"), 'There is no element .*"Xx".*'),
        (("turtle", "--tier", "9"), "There is no tier 9; .*"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    words: tuple[str, ...], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "FILE").write_text("x", encoding="utf-8")
    assert re.fullmatch(said, run("export", *words).assert_refused())
    assert [path.name for path in tmp_path.iterdir()] == ["FILE"]


def test_a_bar_shows_to_a_reader_who_has_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.ProgressBar("Writing turtle") as bar:
        bar(0.5)
    assert screen.getvalue() == ""
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    with progress.ProgressBar("Writing turtle") as bar:
        bar(0.5)
    assert "Writing turtle" in screen.getvalue()
    assert "100%" in screen.getvalue()


def test_no_bar_shows_where_nobody_looks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 0.0)
    with progress.ProgressBar("Writing turtle") as bar:
        bar(0.5)
    assert capsys.readouterr().err == ""


def test_the_help_names_every_format(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    shown = run("export", "--help").out
    assert [name for name in EXPORT_FORMATS if not re.search(rf"\b{name}\b", shown)] == []


@pytest.mark.whole
def test_a_whole_export_writes_the_same_bytes_twice(
    run: Run, run_process: Run, tmp_path: Path
) -> None:
    here, there = tmp_path / "here.trig", tmp_path / "there.trig"
    assert run("export", "trig", "-o", str(here)).code == 0
    assert run_process("export", "trig", "-o", str(there), PYTHONHASHSEED="2").code == 0
    assert here.read_bytes() == there.read_bytes()

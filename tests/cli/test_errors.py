"""What cannot be done is one sentence on stderr and exit 2; files that stood stay whole."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.sharing import only_whole

HTML = "<!doctype html>"
UNKNOWN: list[tuple[list[str], str]] = [
    (["chokepoints", "-e", "Xx"], 'There is no element "Xx"'),
    (["chokepoints", "-e", ""], 'There is no element ""'),
    (["chokepoints", "-e", "dysprosum"], "near matches: Dy (dysprosium, element)"),
    (["chokepoints", "-m", "Atlantis"], 'There is no market "Atlantis"'),
    (["chokepoints", "--valid", "yesterday"], '"yesterday" is not a date'),
    (["chokepoints", "--valid", "2025-13"], '"2025-13" is not a date'),
    (["chokepoints", "--valid", "1900"], "no country shares up to 1900"),
    (["chokepoints", "--known", "2025-02-30"], '"2025-02-30" is not a date'),
    (["chokepoints", "--known", "1970"], "no source was known by 1970-12-31, the first is of"),
    (["chokepoints", "--tier", "7"], "There is no tier 7; tiers are 1 (primary) to 4 (weak)."),
    (["chokepoints", "--without", "Reutters"], 'did you mean "Reuters"?'),
    (["chokepoints", "--without", "assumptions"], "needs the assumption"),
    (["chokepoints", "--data", "./nowhere"], "nowhere cannot be read: No such file"),
    (["show", "Dy", "--without", "facilities"], "is identity, which is in every view"),
    (
        ["query", "policies-in-force", "--valid", "2025", "-p", "date=2026"],
        "only what is valid on 2025-12-31",
    ),
    (["chokepoints", "-f", "xml"], 'There is no format "xml"'),
    (["show", "Dy", "-f", "turtle"], 'There is no format "turtle"'),
    (["check", "-f", "tabel"], 'did you mean "table"?'),
    (["graph", "x.html", "-e", "Xx"], 'There is no element "Xx"'),
    (["query", "policies-in-forse"], 'did you mean "policies-in-force"?'),
    (["query", "nothing-like-it"], "monazite query --list"),
    (["query", "policies-in-force", "-f", "xml"], 'There is no format "xml"'),
    (["query", "policies-in-force", "-p", "dat=2025"], 'did you mean "date"?'),
    (["query", "policies-in-force", "-p", "date"], "write --param name=value"),
    (["query", "policies-in-force", "-p", "date="], "needs --param date=... ("),
    (["query", "policies-in-force", "-p", "date=soon"], '"soon" is not a date'),
    (["query", "policies-in-force", "-p", "country=Atlantis"], 'There is no country "Atlantis"'),
    (["query", "evidence-of", "-p", "row=capacity/none"], "write it as table/key"),
    (["query", "facilities-by-element", "-p", "stage=mining"], "There is no stage"),
    (["query", "production-by-country", "-p", "from=20x4"], "write four digits"),
    (["query", "-"], "There is no query on stdin"),
    (["query", "./none.rq"], "none.rq cannot be read: No such file"),
    (["show", "zzzzzzzz"], 'There is no name "zzzzzzzz"'),
    (["check", "./none"], "none cannot be read"),
]


@pytest.mark.parametrize(("words", "sentence"), UNKNOWN, ids=lambda case: " ".join(case)[:50])
def test_unknown_is_one_sentence(words: list[str], sentence: str, run: Run) -> None:
    assert sentence in run(*words).assert_refused()


OUTPUTS = [
    ["graph", "-e", "Dy", "{}"],
    ["chokepoints", "-e", "Dy", "--graph", "{}"],
    ["query", "facility-life", "-p", "facility=mountain-pass", "-o", "{}"],
]
BY_COMMAND = [words[0] for words in OUTPUTS]
A_PICTURE_AND_TEXT = [OUTPUTS[0], *only_whole(OUTPUTS[1]), OUTPUTS[2]]
"""The report draws the same picture."""


def fill(words: list[str], path: Path) -> list[str]:
    return [str(path) if word == "{}" else word for word in words]


@pytest.mark.parametrize("words", OUTPUTS, ids=BY_COMMAND)
def test_output_is_written(words: list[str], run: Run, tmp_path: Path) -> None:
    file = tmp_path / "out.html"
    assert run(*fill(words, file)).code == 0
    assert file.stat().st_size > 100
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("words", OUTPUTS, ids=BY_COMMAND)
def test_output_in_a_folder_that_is_not_there(words: list[str], run: Run, tmp_path: Path) -> None:
    file = tmp_path / "none" / "out.html"
    said = run(*fill(words, file)).assert_refused()
    assert said == f"{file} cannot be written: No such file or directory; name another place."


@pytest.mark.parametrize("words", OUTPUTS, ids=BY_COMMAND)
def test_output_under_a_file(words: list[str], run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = tmp_path / "file" / "out.html"
    said = run(*fill(words, file)).assert_refused()
    assert said == f"{file} cannot be written: Not a directory; name another place."


@pytest.mark.parametrize("words", OUTPUTS, ids=BY_COMMAND)
def test_output_to_the_folder_itself(words: list[str], run: Run) -> None:
    assert "cannot be written" in run(*fill(words, Path())).assert_refused()


@pytest.mark.parametrize("words", A_PICTURE_AND_TEXT, ids=BY_COMMAND)
def test_full_disk_leaves_the_old_file(
    words: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out.html"
    file.write_text("as it was", encoding="utf-8")
    real = Path.open

    class Full(io.FileIO):
        def write(self, content: Any) -> int:
            super().write(content[:7])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def open_full(path: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
        return Full(path, mode) if mode == "xb" else real(path, mode, *given, **named)

    monkeypatch.setattr(Path, "open", open_full)
    said = run(*fill(words, file)).assert_refused()
    assert said == f"{file} cannot be written: No space left on device; name another place."
    assert file.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files.")
@pytest.mark.parametrize("words", A_PICTURE_AND_TEXT, ids=BY_COMMAND)
def test_a_pipe_without_a_reader_is_a_sentence_and_stays_a_pipe(
    words: list[str], run: Run, tmp_path: Path
) -> None:
    pipe = tmp_path / "out.html"
    os.mkfifo(pipe)
    said = run(*fill(words, pipe)).assert_refused()
    assert said == f"{pipe} cannot be written: nobody reads from it; start its reader first."
    assert pipe.is_fifo()


@pytest.mark.parametrize("words", A_PICTURE_AND_TEXT[:2], ids=BY_COMMAND[:2])
def test_a_failure_while_drawing_leaves_the_old_file(
    words: list[str], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out.html"
    file.write_text("as it was", encoding="utf-8")

    def fail(*_: object, **__: object) -> str:
        raise MemoryError

    monkeypatch.setattr("monazite.pages.graph.page.graph_html", fail)
    with pytest.raises(MemoryError):
        run(*fill(words, file))
    assert file.read_text(encoding="utf-8") == "as it was"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="This system has no /dev/full.")
@pytest.mark.parametrize("words", [["query", "--list"], ["show", "Dy"], ["query", "facility-life"]])
def test_full_disk_behind_stdout(words: list[str], built: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "monazite", *words]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == "No space left on device; make room or name another place.\n"


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["query", "--list"],
        ["query", "trade-between"],
        ["query", "trade-between", "-f", "csv"],
        ["chokepoints", "-e", "Dy"],
        ["show", "Dy"],
    ],
    ids=" ".join,
)
@pytest.mark.whole
def test_a_reader_who_stops_reading_gets_no_traceback(words: list[str], built: Path) -> None:
    command = [sys.executable, "-m", "monazite", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        said = started.stderr.read().decode()
    assert said == ""


def test_a_cache_that_cannot_be_written(run_process: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run_process("query", "facility-life", MONAZITE_CACHE=str(tmp_path / "file" / "cache"))
    assert (done.code, done.out) == (2, "")
    last = done.err.splitlines()[-1]
    assert last.startswith(f"The cache folder {tmp_path / 'file' / 'cache'} cannot be written")
    assert "--no-cache" in last
    assert "Traceback" not in done.err


def test_graph_to_stdout(run: Run) -> None:
    done = run("graph", "-", "-e", "Dy")
    assert done.code == 0
    assert done.out.startswith(HTML)
    assert done.err == ""


@pytest.mark.parametrize(
    "words",
    [
        ("cuts", "-e", "Sm", "--left", "nan"),
        ("doubt", "-e", "Sm", "--threshold", "nan", "-f", "json"),
        ("graph", "--png", "x.png", "--scale", "nan", "-e", "Sm"),
        ("chokepoints", "-e", "Sm", "--approval", "nan"),
        ("figure", "concentration", "-o", "x.svg", "--horizon", "x"),
        ("conflicts", ""),
    ],
)
def test_what_is_no_number_or_word_is_refused_in_a_sentence(
    run: Run, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    assert done.err.strip().endswith(".")
    assert [*tmp_path.iterdir()] == []

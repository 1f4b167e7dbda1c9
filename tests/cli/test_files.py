"""Files that are written: whole or not at all, as named, and over nothing that is read."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

import monazite as mz
from monazite.core.tables import FORMATS
from monazite.view.view import View
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.sharing import only_whole

if TYPE_CHECKING:
    from tests.cli.conftest import Run

from tests.cli.contract import check_result

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
def test_a_place_that_is_none_is_said(words: list[str], run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place, why in (("none", "No such file or directory"), ("file", "Not a directory")):
        file = tmp_path / place / "out.html"
        said = run(*fill(words, file)).assert_refused()
        assert said == f"{file} cannot be written: {why}; name another place."
    assert "cannot be written" in run(*fill(words, tmp_path)).assert_refused()


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


SAME = "{} and {} name the same file, which would be overwritten; name another for {}."
BRIEF = ("brief", "-o", "x.html", "--bom", "bill.csv")


def test_what_is_read_is_not_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("bill.csv", "p.toml", "a.csv", "m.csv", "q.rq")
    for name in names:
        Path(name).write_text("kept", encoding="utf-8")
    Path("link.csv").symlink_to("bill.csv")
    os.link("bill.csv", "hard.csv")
    asked = ("exposure", "bill.csv")
    cases = [
        ((*asked, "-o", "bill.csv"), "--output", "BILL"),
        ((*asked, "-o", "link.csv"), "--output", "BILL"),
        ((*asked, "--matches-out", "hard.csv"), "--matches-out", "BILL"),
        ((*asked, "--blank", "bill.csv"), "--blank", "BILL"),
        ((*asked, "--profile", "p.toml", "-f", "md", "-o", "p.toml"), "--output", "--profile"),
        ((*asked, "--answers", "a.csv", "--questions", "a.csv"), "--questions", "--answers"),
        ((*asked, "--matches", "m.csv", "--matches-out", "m.csv"), "--matches-out", "--matches"),
        ((*BRIEF, "--markdown", "bill.csv"), "--markdown", "--bom"),
        (("query", "q.rq", "-o", "q.rq"), "--output", "NAME|SPARQL|FILE.rq|-"),
        (("verify", "bill.csv", "-o", "bill.csv"), "--output", "FILE"),
    ]
    for words, output, source in cases:
        assert run(*words).assert_refused() == SAME.format(output, source, output)
    assert {Path(name).read_text("utf-8") for name in names} == {"kept"}
    assert not Path("x.html").exists()


def test_an_empty_bill_is_written_over_an_empty_bill_alone(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "bill.csv"
    assert [run("exposure", "--blank", str(place)).code for _ in range(2)] == [0, 0]
    filled = place.read_bytes() + b"filled"
    place.write_bytes(filled)
    said = run("exposure", "--blank", str(place)).assert_refused()
    assert said.endswith("is no empty bill; name another file.")
    assert place.read_bytes() == filled


@pytest.mark.parametrize("fmt", [fmt for fmt in FORMATS if fmt != "xlsx"])  # which is no text
def test_a_file_gets_what_stdout_would(fmt: str, run: Run, tmp_path: Path) -> None:
    words = ("policies", "--by", "JPN", "-f", fmt)
    shown = run(*words)
    assert shown.out
    assert run(*words, "-o", "-").out == shown.out
    written = run(*words, "-o", str(tmp_path / "acts"))
    assert (written.code, written.out) == (0, "")
    assert (tmp_path / "acts").read_text(encoding="utf-8") == shown.out


def test_the_name_of_a_file_says_its_form_where_no_format_is_given(
    run: Run, tmp_path: Path
) -> None:
    asked = ["concentration", "-e", "Dy", "--tier", "1"]
    for name, form in (("a.json", "json"), ("a.csv", "csv"), ("a.tsv", "tsv"), ("a.md", "md")):
        assert run(*asked, "-o", str(tmp_path / name)).code == 0
        assert (tmp_path / name).read_text("utf-8") == run(*asked, "-f", form).out
    assert run(*asked, "-o", str(tmp_path / "a.xlsx")).code == 0
    assert (tmp_path / "a.xlsx").read_bytes()[:2] == b"PK"
    run(*asked, "-o", str(tmp_path / "a.txt"))
    run(*asked, "-f", "table", "-o", str(tmp_path / "b.json"))
    table = run(*asked).out
    assert (tmp_path / "a.txt").read_text("utf-8") == table
    assert (tmp_path / "b.json").read_text("utf-8") == table


@pytest.mark.whole
@pytest.mark.parametrize("writable", [True, False])
def test_nothing_is_said_but_the_sentence(writable: bool, run_process: Run, tmp_path: Path) -> None:
    """The plotting library builds a cache of fonts, or finds no place for it, quietly."""
    config = tmp_path / "config"
    if not writable:
        config.write_text("a file where a folder should be")
    done = run_process(
        "figure", "concentration", "-e", "Dy", "-o", "a.png", MPLCONFIGDIR=str(config)
    )
    assert done.code == 0
    assert done.err.count("\n") == 1, done.err


PICTURES: dict[str, Callable[[View], str]] = {
    "balance -e Dy -y 2024 --svg": lambda view: view.balance_svg(view.balance("Dy", year=2024)),
    "balance -e Dy -y 2024 --html": lambda view: view.balance_html(view.balance("Dy", year=2024)),
    "timeline bukit-merah --svg": lambda view: view.timeline_svg(view.timeline("bukit-merah")),
    "timeline bukit-merah --html": lambda view: view.timeline_html(view.timeline("bukit-merah")),
    "replace -e Dy -m DEU --svg": lambda view: (
        view.replacement_figure(view.replace("Dy", "DEU")).svg
    ),
    "centrality -e Dy --page": lambda view: view.centrality_html(view.centrality("Dy")),
    "figure losses -e Dy -m USA -o": lambda view: view.figure("losses", "Dy", "USA").svg,
    "reference": lambda view: mz.reference(),
    "scenario run china-halt-1 -m USA --months 2 -f svg -o": lambda view: (
        view.scenario_figure(view.scenario("china-halt-1", markets=["USA"], months=2)).svg
    ),
}
"""Options that write a picture or a page, and what draws it."""


@pytest.mark.parametrize(
    "line", [[*PICTURES][2], *only_whole(*(x for x in PICTURES if "merah --svg" not in x))]
)
def test_a_picture_is_that_of_the_verb_in_a_file_and_on_stdout(
    line: str, run: Run, tmp_path: Path
) -> None:
    drawn = PICTURES[line](view_in_memory())
    file = tmp_path / ("a.html" if drawn.startswith("<!doctype html>") else "a.svg")
    words = line.split()
    done = run(*words, str(file))
    assert done.code == 0
    assert f" is in {file}.\n" in done.err
    assert [*tmp_path.iterdir()] == [file]
    assert file.read_text(encoding="utf-8") == drawn == run(*words, "-").out
    if file.suffix == ".svg":
        assert ElementTree.fromstring(drawn).tag.endswith("svg")


QUESTION = ("-e", "Dy", "-m", "USA")


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@pytest.mark.whole
def test_page_svg_png_and_frame_of_one_picture(run: Run, tmp_path: Path) -> None:
    page, svg, png = (tmp_path / f"dy graph.{end}" for end in ("html", "svg", "png"))
    done = run(
        *("graph", str(page), *QUESTION, "--top", "5", "--svg", str(svg), "--png", str(png)),
        *("--width", "900", "--embed", "--series"),
    )
    assert done.code == 0, done.err
    assert [line.split()[1] for line in done.err.splitlines()] == ["picture", "picture", "graph"]
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    wide, high = float(str(root.get("width"))), float(str(root.get("height")))
    assert size_of(png.read_bytes())[0] == 900
    assert size_of(png.read_bytes())[1] == pytest.approx(high * 900 / wide, abs=1)
    assert "var(" not in svg.read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    cards = re.findall(r'<g class="card [^>]*>', text)
    assert cards == re.findall(r'<g class="card [^>]*>', svg.read_text(encoding="utf-8"))
    assert "Earlier years: who led each stage" in text
    assert 'id="year"' not in text
    assert "Bound by a policy in force" in text
    assert "中国" in text
    assert done.out.startswith('<iframe src="dy%20graph.html" title="Dysprosium: supply chain')
    assert re.search(r' height="\d{3,4}" ', done.out)
    again = tmp_path / "again.png"
    assert run("graph", *QUESTION, "--top", "5", "--png", str(again), "--width", "900").code == 0
    assert again.read_bytes() == png.read_bytes()


@pytest.mark.whole
def test_the_default_is_the_backbone_and_network_draws_all_links(run: Run, tmp_path: Path) -> None:
    page, all_links, png = tmp_path / "dy.html", tmp_path / "all.html", tmp_path / "dy.png"
    assert run("graph", str(page), *QUESTION, "--png", str(png), "--width", "650").code == 0
    assert run("graph", str(all_links), *QUESTION, "--network").code == 0
    text, network = page.read_text("utf-8"), all_links.read_text("utf-8")
    assert 'class="backbone wide"' in text
    assert "stopped separating and stocks were gone" in text
    assert len(text) < 3_000_000
    assert 'id="canvas"' in network
    assert 'class="backbone wide"' not in network
    [held] = re.findall(r'id="network-page">(.*?)</script>', text)
    assert json.loads(held) == network
    assert size_of(png.read_bytes())[0] == 650


@pytest.mark.whole
def test_python_writes_the_very_page_of_the_command(run: Run, tmp_path: Path) -> None:
    view = view_in_memory()
    network = view.network("Dy", market="USA")
    before = {name: dict(cells) for name, cells in network.nodes(data=True)}, dict(network.graph)
    findings = view.chokepoints("Dy", "USA", network=network)
    mz.graph(network, tmp_path / "python.html", findings=findings)
    assert run("graph", str(tmp_path / "command.html"), *QUESTION).code == 0
    page, other = (
        (tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("python", "command")
    )
    assert re.findall(r'href="(https?://[^"]+)"', page)
    [held] = re.findall(r'id="network-page">(.*?)</script>', page)
    assert len(set(re.findall(r'href="(https?://[^"]+)"', json.loads(held)))) > 100
    drawn = view.graph("Dy", "USA")
    assert page == other == drawn.html
    check_result("graph", drawn)
    # what was given is as it was
    now = {name: dict(cells) for name, cells in network.nodes(data=True)}, dict(network.graph)
    assert now == before


@pytest.mark.whole
def test_open_asks_the_browser_of_the_machine(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(url: str) -> bool:
        asked.append(url)
        return False

    monkeypatch.setattr(webbrowser, "open", refuse)
    page = tmp_path / "dy.html"
    done = run("graph", str(page), *QUESTION, "--stage", "Metal", "--open")
    assert (done.code, asked) == (0, [page.as_uri()])
    assert "No browser could be started" in done.err


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
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.xlsx"
    assert run("export", "xlsx", "mountain-pass", "-o", str(file)).code == 0
    assert file.read_bytes().startswith(b"PK")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    done = run("export", "xlsx", "mountain-pass")
    assert (done.code, done.err) == (
        2,
        "xlsx is nothing a terminal can show: name a file with --output, or pipe it.\n",
    )

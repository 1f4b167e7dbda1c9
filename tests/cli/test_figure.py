"""Figures from the command line: files whole and repeatable, wrong wishes refused in a sentence."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from tests.cli.conftest import Run


def test_an_svg_and_a_png_are_written(run: Run, tmp_path: Path) -> None:
    svg, png = tmp_path / "losses.svg", tmp_path / "losses.PNG"
    done = run("figure", "losses", "-e", "Dy", "-m", "USA", "--year", "2024", "-o", str(svg))
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("If China stopped separating, the United States would lose all")
    assert done.err.endswith(f"The figure is in {svg}.\n")
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    assert "Data: release of 24 Nov 2026" in str(root[-1].text)
    words = ("figure", "losses", "-e", "Dy", "-m", "USA", "--dpi", "96", "--width", "600")
    assert run(*words, "-o", str(png)).code == 0
    with Image.open(png) as image:
        assert image.size[0] == 600
        assert "United States" in image.info["Description"]


def test_stdout_is_the_svg_and_the_same_each_time(run: Run) -> None:
    first = run("figure", "concentration", "-e", "Dy", "-o", "-")
    assert first.out.startswith("<svg ")
    assert first == run("figure", "concentration", "-e", "Dy", "-o", "-")


def test_a_view_changes_the_figure(run: Run) -> None:
    now = run("figure", "concentration", "-e", "TREO", "-o", "-").out
    then = run("figure", "concentration", "-e", "TREO", "--valid", "2015-12-31", "-o", "-").out
    assert "valid 2015-12-31" in then
    assert now != then


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("los", "-o", "a.svg"), 'There is no figure "los"; did you mean "losses"?'),
        (("map", "-o", "a.pdf"), 'A figure is .svg or .png, not "a.pdf"; name the file'),
        (("map", "-o", "a.svg", "--dpi", "300"), "An SVG has no resolution; leave --dpi"),
        (("map", "-o", "a.png", "--dpi", "9999"), "A PNG has 24 to 600 dots to an inch"),
        (("map", "-o", "a.png", "--width", "1"), "A figure is 600 to 2,400 pixels wide"),
        (("map", "-o", "no/such/a.svg"), "no/such"),
        (("hhi", "-e", "Unobtainium", "-o", "a.svg"), "Unobtainium"),
        (("losses", "-m", "Atlantis", "-o", "a.svg"), "Atlantis"),
        (("losses", "--event", "flood", "-o", "a.svg"), "flood"),
        (("balance", "-e", "Dy", "--year", "1950", "-o", "a.svg"), "1950"),
    ],
)
def test_wrong_wishes_are_refused(
    words: tuple[str, ...], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in run("figure", *words).assert_refused()
    assert not list(tmp_path.iterdir())


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

"""Scenarios from the command line: list, check, run, formats, and bad input."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import monazite
from tests.cli.conftest import Run

ROOT = Path(__file__).resolve().parents[2]
OWN = (
    'title = "My halt"\ndescription = "By hand."\nstart = "2027-01"\nmonths = 4\n'
    'markets = ["USA"]\n[[shock]]\nkind = "embargo"\nseller = "CHN"\nfrom = 2027-01-01\n'
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.toml"
    file.write_text(OWN, "utf-8")
    return file


def test_the_command_and_the_verb_find_the_same(run: Run, own: Path) -> None:
    view = monazite.load()
    done = run("scenario", "run", str(own), "-f", "json")
    assert done.out == view.scenario(own).to_json()
    assert run("scenario", "run", str(own), "-f", "csv").out == view.scenario(own).to_csv()


@pytest.mark.whole
def test_trials_give_ranges_that_hold_by_seed(run: Run, own: Path) -> None:
    words = ("scenario", "run", str(own), "--draws", "3", "--seed", "1", "-f", "csv")
    done = run(*words)
    assert done.out == run(*words).out
    lines = list(csv.DictReader(io.StringIO(done.out)))
    assert [line["month"] for line in lines[:4]] == ["2027-01", "2027-02", "2027-03", "2027-04"]
    for line in lines:
        assert float(line["short_low"]) <= float(line["short_high"])


@pytest.mark.whole
def test_the_view_of_a_file_is_the_one_that_is_asked(run: Run, own: Path) -> None:
    own.write_text(OWN.replace("[[shock]]", "[view]\ntier = 3\n[[shock]]"), "utf-8")
    found = json.loads(run("scenario", "run", str(own), "-f", "json").out)
    assert found["view"]["tier"] == 3


def test_a_file_is_read_from_stdin(run: Run, own: Path) -> None:
    for action in ("check", "run"):
        done = run("scenario", action, "-", stdin=OWN)
        assert done.code == 0, done.err
        told = run("scenario", action, str(own))
        assert done.out == told.out
    done = run("scenario", "check", "-", stdin=OWN.replace('"CHN"', '"CHM"'))
    assert done.code == 1
    assert 'stdin:8  seller: "CHM" is none here' in done.out
    assert "stdin: 1 fault found." in done.err


@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [
        (b"#" * 70_000, 2, "What stands on stdin has more than 65,536 bytes: it is no scenario."),
        (b"title = '\xff'", 1, "stdin:1  this is no UTF-8"),
        (b"", 1, "title is missing"),
    ],
)
def test_stdin_that_is_no_scenario_is_refused(run: Run, sent: bytes, code: int, said: str) -> None:
    done = run("scenario", "check", "-", stdin=sent)
    assert done.code == code, done
    assert said in done.out + done.err


def test_a_check_tells_all_faults_and_ends_with_one(run: Run, own: Path) -> None:
    own.write_text(OWN.replace('"CHN"', '"CHM"') + "part = 2\n", "utf-8")
    done = run("scenario", "check", str(own), "-f", "json")
    assert done.code == 1
    assert [each["line"] for each in json.loads(done.out)["faults"]] == [8, 10]
    own.write_text(OWN.replace('"CHN"', '"CHM"'), "utf-8")
    done = run("scenario", "check", str(own))
    assert done.code == 1
    assert 'own.toml:8  seller: "CHM" is none here  did you mean "CHN"?' in done.out
    assert str(own.parent) not in done.out
    found = json.loads(run("scenario", "check", str(own), "-f", "json").out)
    assert [each["file"] for each in found["faults"]] == [str(own)]
    assert done.err == f"{own}: 1 fault found.\n"
    own.write_text("#" * 70_000, "utf-8")
    assert run("scenario", "check", str(own)).code == 2
    own.write_text("title = ", "utf-8")
    assert "own.toml  this is no TOML: Invalid value" in run("scenario", "check", str(own)).out
    assert run("scenario", "check", "licence-2025-text").code == 0


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('element = "Xx"', 'there is no element "Xx"'),
        ('element = "HREE"', "HREE (Dy, Er, Gd, Ho, Lu, Sc, Tb, Tm, Y, Yb): we found no country"),
        ("year = 1991", "we found no magnets made in 1991, or no assumption on what they hold"),
        ('[view]\nvalid = "20x5"', "valid is '20x5'"),
        ('[view]\nwithout = ["table:x"]', 'there is no row, source, publisher or table "table:x"'),
        ('[view]\nknown = "1980"', "the data used has no records: no source was known by"),
    ],
)
def test_a_chain_that_is_none_is_told_beside_all_else(
    run: Run, own: Path, line: str, what: str
) -> None:
    """The element, the year or the view is wrong; sources, policies and days are told as well."""
    text = OWN.replace('seller = "CHN"', 'policy = "no-such"').replace("2027-01-01", "2026-01-01")
    own.write_text(text.replace("[[shock]]", f'sources = ["no"]\n{line}\n[[shock]]'), "utf-8")
    shock = 8 + line.count("\n")
    done = run("scenario", "check", str(own), "-f", "json")
    assert done.code == 1
    found = json.loads(done.out)["faults"]
    expected = [
        (6, 'there is no source "no"'),
        (6 + len(line.splitlines()), what),
        (shock + 2, 'there is no policy "no-such"'),
        (shock + 3, "it begins on 2026-01-01, outside 2027-01-01 to 2027-04-30"),
    ]
    assert [each["line"] for each in found] == [line for line, _ in expected]
    for each, (_, said) in zip(found, expected, strict=True):
        assert each["what"].startswith(said)
    assert all(each["fix"] for each in found)
    assert not any(" -e " in each["fix"] or "--year" in each["fix"] for each in found)
    fixes = {"HREE": 'element = "Dy"', "1991": "ask another year by the key year"}
    assert all(fix in found[1]["fix"] for key, fix in fixes.items() if key in line)
    done = run("scenario", "run", str(own))
    assert done.code == 2
    assert done.err.count(f"{own}:") == 4, "to run it tells all of them too"


def test_what_is_asked_on_the_command_line_is_no_fault_of_the_file(run: Run, own: Path) -> None:
    done = run("scenario", "check", str(own), "--tier", "1")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "We found no trade of any year: use more of the data, or write the key year in a file of "
        "your own.\n"
    )
    own.write_text(f"year = 2024\n{OWN}", "utf-8")
    assert "no trade of any year" not in run("scenario", "check", str(own), "--tier", "1").err


def test_the_example_prints_what_a_check_prints(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the example, with the two mistakes that it speaks of."""
    example = (ROOT / "examples" / "scenario.md").read_text("utf-8")
    text = example.split("```toml\n")[1].split("```")[0]
    printed = example.split("```\nFaults")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    Path("halt.toml").write_text(text, "utf-8")
    assert run("scenario", "check", "halt.toml").code == 0
    wrong = text.replace('"CHN"', '"CHM"').replace("until = 2027-04-30", "until = 2027-03-31")
    Path("halt.toml").write_text(wrong, "utf-8")
    done = run("scenario", "check", "halt.toml")
    assert done.out.startswith(f"Faults{printed}")
    assert "halt.toml: 2 faults found." in done.err
    Path("halt.toml").write_text(text.replace('"CHN"', '"CHM"'), "utf-8")
    assert "halt.toml: 1 fault found." in run("scenario", "check", "halt.toml").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "no-such"), 'There is no scenario "no-such"'),
        (("run",), "Name a scenario to run"),
        (("lst",), 'There is no action "lst"; did you mean "list"?'),
        (("check", "kuantan-closed", "--draws", "5"), "Only run takes --draws"),
        (("run", "kuantan-closed", "-m", "FRA"), 'A scenario tells of no market "FRA" by itself; '),
        (("run", "kuantan-closed", "--months", "61"), "The number of months is a whole number"),
        (("run", "kuantan-closed", "--draws", "9999"), "The number of trials is a whole number"),
        (("run", "kuantan-closed", "--seed", "1"), "A seed belongs to trials"),
        (("run", "kuantan-closed", "--workers", "0"), "Workers are a number, 1 to 256"),
    ],
)
def test_bad_input_is_a_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    done = run("scenario", *words)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


@pytest.mark.whole
def test_the_name_of_the_file_says_in_which_form(run: Run, own: Path, tmp_path: Path) -> None:
    begins = {"x.html": b"<!doctype html>", "x.svg": b"<svg", "x.png": b"\x89PNG", "x.json": b"{"}
    for name, first in begins.items():
        done = run("scenario", "run", str(own), "-o", str(tmp_path / name))
        assert done.code == 0, done.err
        assert (tmp_path / name).read_bytes().startswith(first)
    done = run("scenario", "run", str(own), "-f", "svg")
    assert done.out == (tmp_path / "x.svg").read_text("utf-8")


@pytest.mark.whole
def test_two_scenarios_are_drawn_side_by_side_and_the_page_verifies(
    run: Run, own: Path, tmp_path: Path
) -> None:
    page = tmp_path / "both.html"
    done = run("scenario", "run", str(own), "--beside", "china-halt-3", "-o", str(page))
    assert done.err == f"The page is in {page}.\n"
    text = page.read_text("utf-8")
    assert 'class="beside"' in text
    assert "Dash-dotted: China sells nothing abroad for three months." in text
    done = run("verify", str(page))
    assert done.code == 0
    assert done.out.startswith("Same, byte for byte")

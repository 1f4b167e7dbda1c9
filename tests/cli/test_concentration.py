"""Concentration from the command line: the newest years, the series, formats and bad input."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_newest_year_of_each_stage(run: Run) -> None:
    done = run("concentration", "--full", "-e", "MREE")
    assert done.code == 0
    stages, lines = iter(done.out.splitlines()), {}
    for line in stages:
        if line.startswith(("mine ", "separation ")) and "reconciled" in line:
            lines[line.split()[0]] = line, next(stages)
    assert all("the reconciled year" in own for own, _ in lines.values())
    assert [other.split()[:2] for _, other in lines.values()] == [["other", "figure"]] * 2
    assert "China    61 %" in lines["mine"][1]
    assert "iea-2025" in lines["separation"][1]
    assert "mine 2024, other figure: of magnet rare earths" in done.out
    assert "Only records in percent. Only China's share found." in done.out
    assert "Data: release of 24 Nov 2026" in done.out


def test_one_line_a_year_with_denominator_basis_series_and_break(run: Run) -> None:
    out = run("concentration", "--full", "--stage", "mine", "--series").out
    lines = {line[:4]: line for line in reversed(out.splitlines()) if line[:2] in ("19", "20")}
    assert "9,653" in lines["2010"]
    assert "line sum" in lines["2010"]
    assert "none: the bases do not add" in lines["1985"]
    assert "break" in lines["2018"]
    assert "1988: Not comparable: China 29,640 t, United States 11,983 t in REO" in out
    assert "2018 breaks the series; series: bgs + usgs-mcs-2019 to wmd." in out


def test_json_and_csv_keep_the_plain_numbers(run: Run) -> None:
    found = json.loads(run("concentration", "--stage", "mine", "--series", "-f", "json").out)
    years = {line["year"]: line for line in found["lines"]}
    assert round(years[2024]["hhi_countries"]) == 5_220
    assert years[1985]["hhi"] is None
    assert years[2010]["shares"]["CHN"] == pytest.approx(0.98243, abs=1e-5)
    out = run("concentration", "--stage", "mine", "--series", "--since", "1975", "-f", "csv").out
    lines = list(csv.DictReader(io.StringIO(out)))
    assert (lines[0]["year"], lines[0]["hhi"], lines[0]["leader"]) == ("1975", "", "")
    assert lines[0]["basis"] == "reo and gross-concentrate"


def test_a_valid_day_ends_the_series(run: Run) -> None:
    out = run("concentration", "--stage", "mine", "--series", "--valid", "2011-06-30", "-f", "csv")
    years = [line["year"] for line in csv.DictReader(io.StringIO(out.out))]
    assert max(years) == "2010"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-e", "Xx"], 'There is no element "Xx"'),
        (["--stage", "mining"], 'There is no stage "mining" in the network'),
        (["--stage", "use"], "No record up to 2025 splits the stage use of TREO into countries."),
        (["-f", "yaml"], 'There is no format "yaml"'),
        (["--indices", "--series"], "--indices are of the newest year; leave --series"),
        (["--indices", "-m", "Narnia"], 'There is no market "Narnia"'),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], said: str, run: Run) -> None:
    assert run("concentration", *words).assert_refused().startswith(said)


def test_indices_say_what_is_missing_and_what_they_rest_on(run: Run) -> None:
    done = run("concentration", "--full", "-e", "Dy", "--stage", "mine", "--indices")
    assert done.code == 0
    assert "Dy at stage mine: indices that people quote" in done.out
    assert "HHI weighted by political stability only" in done.out
    assert "spending of using industries" in done.out
    assert "Data: release of 24 Nov 2026" in done.out
    words = ("concentration", "-e", "Dy", "-s", "separation", "--indices", "-m", "Japan", "-f")
    found = json.loads(run(*words, "json").out)
    lines = {line["index"]: line for line in found["indices"]}
    assert (found["element"], found["market"], len(lines)) == ("Dy", "JPN", 11)
    assert lines["geopolrisk"]["market"] == "JPN"
    plain = {line["index"]: line for line in csv.DictReader(io.StringIO(run(*words, "csv").out))}
    assert (plain["hhi-wgi"]["value"], plain["hhi-wgi"]["equation"]) == ("", "read")


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    words = ("concentration", "-f", "json")
    view = view_in_memory()
    newest, years = view.concentration(), view.concentration("TREO", stage="mine", series=True)
    assert_is_what_the_command_prints(newest, run(*words).out)
    assert_is_what_the_command_prints(years, run(*words, "--stage", "mine", "--series").out)
    assert [line.year for line in years] == [line.year for line in years.lines]
    indices = view.indices("Dy", market="Japan")
    out = run(*words, "-e", "Dy", "--indices", "-m", "Japan").out
    assert_is_what_the_command_prints(indices, out)
    assert len(indices) == len(indices.indices)

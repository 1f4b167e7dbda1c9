"""``monazite trade aggregate``: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monazite import aggregate_trade
from tests.cli.conftest import Run
from tests.customs.records import HEADER, made, write

pytest.importorskip("duckdb")
pytest.importorskip("narwhals")


def test_it_prints_what_was_summed_and_writes_the_tables(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("records/a.csv"), [*made(40), ("99", "CHN", "USA", "2024", "1", "1", "A", "B")])
    words = ("trade", "aggregate", "records/*.csv", "--system", "hs2022")
    done = run(*words)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("41 records of 1 file in ")
    assert "no code of ours  99" in done.out
    assert "take --whole-years" in " ".join(done.out.split())
    assert "take --whole-years" not in " ".join(run(*words, "--whole-years").out.split())
    found = aggregate_trade("records/*.csv", system="hs2022")
    told = run(*words, "-f", "json")
    assert json.loads(told.out) == json.loads(found.to_json())
    assert json.loads(told.out)["sha256"] == found.sha256
    assert run(*words, "-f", "csv", "-o", "-").out == found.to_csv()
    written = run(*words, "-o", "own")
    assert (written.code, written.out) == (0, done.out)
    assert written.err.startswith("own: ")
    names = sorted(each.name for each in Path("own").iterdir())
    assert names == ["organisations.csv", "sources.csv", "supply_links.csv", "trade.csv"]
    again = run(*words, "-o", "own").assert_refused()
    assert again.startswith("own holds organisations.csv, sources.csv, supply_links.csv, trade.csv")
    renamed = [("mass" if each == "kg" else each) for each in HEADER]
    write(Path("b.csv"), made(3), renamed)
    said = run("trade", "aggregate", "b.csv").assert_refused()
    assert said.startswith(f"{tmp_path}/b.csv is no file of customs records: it has no column kg")
    assert run("trade", "aggregate", "b.csv", "--column", "kg=mass", "--system", "hs2022").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("agregate", "x"), 'trade cannot "agregate"; did you mean "aggregate"?'),
        (("sum", "x"), 'trade cannot "sum"; write "aggregate" and the files.'),
        (("aggregate", "none.csv"), '"none.csv" names no file; name files that end in .csv or'),
        (("aggregate", "x", "--system", "hs2099"), 'There is no nomenclature "hs2099"'),
        (("aggregate", "x", "--column", "kg"), "A column is told as NAME=HEADER"),
        (("aggregate", "x", "--engine", "flink"), 'There is no engine "flink"; engines are'),
        (("aggregate", "x", "-f", "xml"), 'There is no format "xml"'),
    ],
)
def test_what_cannot_be_is_one_sentence(words: tuple[str, ...], said: str, run: Run) -> None:
    assert run("trade", *words).assert_refused().startswith(said)

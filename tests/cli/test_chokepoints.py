"""The main job from the command line: table, JSON contract, CSV, and the graph beside it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.cli.conftest import Run


def test_graph_beside_the_report(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "dy.html"
    plain = run("chokepoints", "-e", "Dy", "-m", "USA")
    drawn = run("chokepoints", "-e", "Dy", "-m", "USA", "--graph", str(file))
    assert drawn.out == plain.out
    assert drawn.err == f"The graph is in {file}.\n"
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_is_the_documented_contract(run: Run) -> None:
    found = json.loads(run("chokepoints", "-e", "Dy", "-f", "json", "--top", "3").out)
    names = "view element market stages chokepoints assumptions notes"
    assert list(found) == names.split()
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    contract = readme[readme.index("The JSON of `--format json` is a contract") :].split("\n\n")[0]
    for part in ("stages", "chokepoints", "assumptions"):
        for record in found[part]:
            missing = [name for name in record if name not in contract]
            assert missing == [], f"{part} of the README name no {missing}"
    assert len(found["chokepoints"]) <= 3
    for point in found["chokepoints"]:
        assert 0 <= point["loss_low"] <= point["loss"] <= point["loss_high"] <= 1
        assert point["rows"]


def test_csv_has_a_line_a_chokepoint(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("chokepoints", "-f", "csv", "-n", "4").out)))
    assert len(rows) == 4
    assert rows[0]["rank"] == "1"


def test_today_reads_the_clock(run: Run) -> None:
    found = json.loads(run("chokepoints", "-f", "json", "--valid", "today").out)
    assert found["view"]["valid"] >= "2026-11-24"


def test_same_question_same_bytes(run_process: Run, tmp_path: Path) -> None:
    pages = []
    for seed in ("1", "2"):
        words = ["chokepoints", "-e", "Dy", "-f", "json", "--graph", f"{seed}.html"]
        done = run_process(*words, PYTHONHASHSEED=seed)
        assert done.code == 0
        pages.append((done.out, (tmp_path / f"{seed}.html").read_bytes()))
    assert pages[0] == pages[1]

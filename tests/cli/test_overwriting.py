"""No command writes over what it reads, whatever the link; an empty bill over nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run

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
        ((*asked, "--questions", "./bill.csv"), "--questions", "BILL"),
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

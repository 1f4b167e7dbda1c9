"""What cannot be done is one sentence on stderr and exit 2, whichever command is asked."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.sharing import only_whole

SAID = {
    "balance -e Dy --top 2 -f json": "--top changes nothing in json",
    "show Nd -f csv --limit 1": "--limit changes nothing in csv",
    "chokepoints -e Dy --graph x.html -o x.html": "name the same file",
    "figure balance -e Dy -o f.svg --by pagerank": "--by belongs to figure centrality",
    "graph g.html -e Dy --hops 4": "take --around NAME as well",
    "scenario list --months 0": "Only run takes --months",
    # names
    "chokepoints -e ''": 'There is no element ""',
    "chokepoints -e dysprosum": "near matches: Dy (dysprosium, element)",
    "chokepoints -m Atlantis": 'There is no market "Atlantis"',
    "cuts -e Dy -m Korea": "KOR (South Korea, country), PRK (North Korea, country)",
    "conflicts xyzzy": "no name",
    "conflicts ''": ".",
    "conflicts --kind bases": 'There is no kind of conflict "bases"; did you mean "basis"?',
    "claims --verdict suported": 'There is no verdict "suported"; did you mean "supported"?',
    "concentration --stage mining": 'There is no stage "mining" in the network',
    "alignments Polcy": "did you mean",
    "ask -g foo": "groups are commands, entities",
    "timeline --policy nothing-like-it": 'There is no policy "nothing-like-it"',
    "timeline --stage minin": 'did you mean "mine"?',
    "query none.rq": "none.rq cannot be read: No such file",
    "query nothing-like-it": "monazite query --list",
    "query policies-in-force -p dat=2025": 'did you mean "date"?',
    "query policies-in-force -p date": "write --param name=value",
    "query policies-in-force -p date=": "needs --param date=... (",
    "query policies-in-force -p country=Atlantis": 'There is no country "Atlantis"',
    "query evidence-of -p row=capacity/none": "write it as table/key",
    "query production-by-country -p from=20x4": "write four digits",
    "query -": "There is no query on stdin",
    "figure los -o a.svg": 'There is no figure "los"; did you mean "losses"?',
    "scenario run no-such": 'There is no scenario "no-such"',
    "scenario lst": 'There is no action "lst"; did you mean "list"?',
    "trade agregate x": 'trade cannot "agregate"; did you mean "aggregate"?',
    "trade aggregate none.csv": '"none.csv" names no file; name files that end in .csv or',
    "import nosuch": "neither a kind of import nor a file",
    "import wgi": "Name the file",
    "new-table persons -o persons.ods": "An empty table is .csv or .xlsx",
    "explore -e TREO -o -": "go into different products",
    "export graphml Dy": "graphml is the network of an element: take -e and -m, not an entity.",
    "export turtle -e Dy": "-e and -m are for graphml; turtle takes an entity.",
    "graph x.html -e Dy --around Kuantann": 'There is no "Kuantann" in the network',
    "graph x.html -e Dy -m USA --path 'United States' Myanmar": "No known route leads from",
    # views
    "chokepoints --valid yesterday": '"yesterday" is not a date',
    "chokepoints --valid 1900": "no country shares up to 1900",
    "chokepoints --known 2025-02-30": '"2025-02-30" is not a date',
    "chokepoints --known 1970": "no source was known by 1970-12-31, the first is of",
    "chokepoints --tier 7": "There is no tier 7; tiers are 1 (primary) to 4 (weak).",
    "chokepoints --without Reutters": 'did you mean "Reuters"?',
    "chokepoints --without assumptions": "needs the assumption",
    "chokepoints --data ./nowhere": "nowhere cannot be read: No such file",
    "show Dy --without facilities": "is identity, which is in every view",
    "query policies-in-force --valid 2025 -p date=2026": "only what is valid on 2025-12-31",
    "timeline ford-chicago-assembly --known 2005-01-01": "No dated record of the data used speaks",
    # words of options
    "chokepoints --event outrage": 'did you mean "outage"?',
    "cuts --horizon long": 'There is no horizon "long"',
    "cuts -e Sm --left nan": ".",
    "doubt -e Sm --threshold nan": ".",
    "chokepoints -e Sm --approval nan": ".",
    "chokepoints --draws 0": "--draws takes a number from 1 on",
    "chokepoints --seed 3": "take --draws N as well",
    "centrality --kind flows": "There is no kind of graph",
    "centrality --by degree": "has no measure",
    "centrality --years 2024": "Years are the first and the last",
    "centrality --years 2020:2024 --draws 3": "--years prints ranks only: leave --draws",
    "concentration --indices --series": "--indices are of the newest year; leave --series",
    "policies --rules --to USA --since 2026": "--to and --since",
    "diff 2026-01-01 2025-01-01": "2026-01-01 comes after 2025-01-01; write the earlier day",
    "diff 2025-01-01": "Name two days: monazite diff 2025-05-15 2026-01-15.",
    "diff 2025 2026 --valid 2025": "A comparison of two days takes no --valid",
    "timeline": "Name an entity, a policy (--policy) or a stage (--stage).",
    "timeline Dy --policy x": "Name an entity or a policy, not both.",
    "backtest 2010 --fit-until 2025-07-21": "leave --fit-until",
    "scenario check kuantan-closed --draws 5": "Only run takes --draws",
    "scenario run kuantan-closed --months 61": "The number of months is a whole number",
    "scenario run kuantan-closed --seed 1": "A seed belongs to trials",
    "scenario run kuantan-closed --workers 0": "Workers are a number, 1 to 256",
    "exposure": "--blank",
    "brief -e Dy -o - --redact": "take --bom BILL as well",
    "figure map -o a.svg --dpi 300": "An SVG has no resolution; leave --dpi",
    "figure map -o a.png --dpi 9999": "A PNG has 24 to 600 dots to an inch",
    "graph --png x.png --width 99999 -e Dy": "pixels is too large",
    "graph a.html -o b.html": "Two places are named, a.html and b.html; name one.",
    "graph -e Dy": "There is nothing to write: name a file",
    "graph - --embed -e Dy": "Only one thing can go to stdout",
    # formats and places
    "chokepoints -f xml": 'There is no format "xml"',
    "check -f tabel": 'did you mean "table"?',
    "brief -e Dy": "Name a file to write",
    "brief -e Dy -f pdf -o a.pdf --pdf b.pdf": "Two places are named",
    "brief -e Dy -f md -o - --sign k.pem": "--sign signs the page",
    "brief -e Dy -o nowhere/brief.html": "cannot be written",
    "brief -e Dy -o - --template nowhere": "is no folder",
    "brief -e Dy -o - --bom none.csv": "none.csv cannot be read",
    "explore -o explorer.pdf": "An explorer is .html or .htm",
    "export csv": "csv is a folder of files: name it with --output DIR.",
    "export csv -o FILE": "FILE is a file; name a folder.",
    "export turtle -o .": "it is a folder; name a file in it.",
    "reference .": "is a folder",
    "scenario list -f html": "There is no picture of what list finds",
    "scenario run china-halt-3 --beside china-halt-1": "--beside is for pictures",
    "verify none.html": "cannot be read",
    "verify FILE": "holds no briefing",
    "verify /dev/zero": "/dev/zero cannot be read: it is a device and no file",
    "contribute FILE -o FILE.csv": "A patch is .patch or .diff, not",
}
"""What is asked, and what is said."""
SLOW = {
    "balance -e Dy --year 1900": "No record of 1900 says",
    "chokepoints -e NdPr --after 'China at min'": 'did you mean "China mining"?',
    "chokepoints -e NdPr --after 'Vietnam mining'": "Everybody is served in full",
    "chokepoints -e Dy -m USA --event licence --draws 3 --line policy/mofcom-gac-2025-18": (
        "and no policy"
    ),
    "chokepoints -e Dy --network": "--network belongs to --graph",
    "cuts -e Dy --fix separation/CHM": 'did you mean "separation/CHN"?',
    "replace -m CHN": "China cannot be replaced for itself: name another market.",
    "replace -e MREE": "ask for one of NdPr, Dy, Tb.",
    "scenario run kuantan-closed -m FRA": 'A scenario tells of no market "FRA" by itself; ',
}
"""The same, where a chain is worked out before it is seen."""


@pytest.mark.parametrize("line", [*SAID, *only_whole(*SLOW)])
def test_what_cannot_be_is_one_sentence(
    line: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("FILE").write_text("x", encoding="utf-8")
    said = run(*shlex.split(line)).assert_refused()
    assert {**SAID, **SLOW}[line] in said
    assert said.endswith((".", "?", ")")) or "; " in said
    assert [each.name for each in tmp_path.iterdir()] == ["FILE"]


def test_all_that_is_wrong_is_said_at_once(run: Run) -> None:
    words = ("policies", "-e", "Xq", "--by", "Atlantis", "--valid", "soon", "--tier", "9")
    said = run(*words).assert_refused()
    assert all(word in said for word in ("Xq", "Atlantis", "soon", "tier 9"))
    assert "Xq" not in run("policies", "-e", "Dy", "--valid", "soon").assert_refused()

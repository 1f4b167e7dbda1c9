"""The words of default reports: none that only the method uses, short sentences, 80 columns.

A corpus of runs stands for all that leaves the program. What is quoted from records, and what a
reader types, is exempt by one of :data:`QUOTED`; each says why.
"""

from __future__ import annotations

import re

import pytest

from monazite.core.tables import wide
from monazite.report.brief.page import shown_text
from tests.cli import conftest
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.reference_pages import build

pytestmark = pytest.mark.whole


run, told, told_before = conftest.run, conftest.told, conftest.told_before

OF_RECORDS = frozenset({"taken", "binds?|binding", "nobody", "readings?"})
"""Words that records use too: not looked for where their text stands without quotes."""
QUOTING = frozenset({"policies", "timeline", "diff", "conflicts", "claims"})
"""Commands that print text of records without quotes."""
BANNED = {
    r"rows?": "figure, record",
    r"pools?": "country, rest of the world",
    r"binds?|binding": "apply to",
    r"tiers? [1-4]": "official or company; agency or study; news; weak",
    r"views?": "data used",
    r"at stage": "at mining, at separation",
    r"taken": "used",
    r"left over": "surplus",
    r"unexplained|no row explains": "unaccounted for",
    r"queue": "who is served first",
    r"outages?": "shutdown",
    r"limited by": "runs short",
    r"sole": "on every route",
    r"in cut": "in a smallest cut set",
    r"base year": "the year",
    r"NdPr for": "neodymium-praseodymium (NdPr)",
    r"HRE": "heavy rare earths, named",
    r"readings?": "other interpretation",
    r"(?<!to )draws?": "random trial",
    r"surely": "yes",
    r"magnets with Dy or Tb": "heavy magnets",
    r"does it close|does not close": "unaccounted for",
    r"nobody": "we found no figure",
}
"""What no default report prints, and what it prints instead."""
QUOTED = {
    r'"[^"]*"': "text of records and what a reader typed stand in quotes",
    r"'[^']*'": "as above",
    r"monazite [a-z]+[^.;]*": "a command to paste",
    r"--[a-z-]+": "names of options",
    r"\b[a-z_]+/[\w.+-]+": "keys of records",
    r"https?://\S+": "addresses",
}
"""What the words are not looked for in, and why."""
HELP_OF_QUERIES = frozenset({"query"})  # Commands whose help speaks of the rows that SPARQL gives
IN_HELP = frozenset({"outages?", r"(?<!to )draws?"})
"""What a help may say: outage is a value of --event, and a picture is drawn."""
LONGEST = 22  # Words of a sentence at most
NOT_SAID = re.compile(
    r"[A-Z][a-z]{2,} at (?:mine|separation|metal|magnet)\b|[Nn]obody prints|(?<!--)\b[Hh]orizon\b"
    r"|\bBinds\b|is taken to be|the print\b|\d percent\b|[Nn]o row says"
)
"""What no brief says."""
CASES = ("Dy USA", "NdPr EUE", "Y JPN", "La WLD", "Sc DEU", "MREE DEU")
REPORTS = {
    **{
        f"chokepoints {case}": ("chokepoints", "-e", *case.replace(" ", " -m ").split())
        for case in CASES
    },
    "licence": ("chokepoints", "-e", "Dy", "-m", "USA", "--event", "licence"),
    "balance Dy": ("balance", "-e", "Dy"),
    "concentration Dy": ("concentration", "-e", "Dy"),
    "cuts Dy": ("cuts", "-e", "Dy", "-m", "USA"),
    "conflicts": ("conflicts", "Mountain Pass"),
    "claims": ("claims",),
    "policies": ("policies", "-e", "Dy", "--to", "USA"),
    "timeline": ("timeline", "Mountain Pass"),
    "diff": ("diff", "2025-05-15", "2026-01-15", "-e", "Dy", "-m", "JPN"),
    "centrality": ("centrality", "-e", "Dy", "-m", "USA"),
    "parents": ("parents", "mp-materials"),
    "scenario": ("scenario", "run", "licence-2025-held", "-m", "USA", "-m", "JPN"),
    "info": ("info",),
    "show plant": ("show", "mountain-pass"),
    "show act": ("show", "mofcom-gac-2025-18"),
    "ask": ("ask", "who", "owns", "Mountain", "Pass"),
    "pairs": ("chokepoints", "-e", "Sm", "--pairs", "--top", "3"),
    "after": ("chokepoints", "-e", "Sm", "--after", "China metal", "--top", "3"),
    "backtest 2025": ("backtest", "2025"),
    "hindcast": ("validate", "hindcast"),
}
"""Commands as a reader gives them first."""
REFUSED = {
    "no chain": ("chokepoints", "-e", "Pm"),
    "no element": ("chokepoints", "-e", "Lynas"),
    "no query": ("query", "nosuch"),
    "before all": ("chokepoints", "-e", "Dy", "--valid", "1900"),
}


def own_words(text: str) -> str:
    for quoted in QUOTED:
        text = re.sub(quoted, " ", text)
    return text


def address(line: str) -> bool:
    """Whether a line is an address, or a command to paste, alone: it is broken nowhere."""
    return re.fullmatch(r" *(?:https?://\S+|monazite .+)", line) is not None


def long_sentences(text: str) -> list[str]:
    """Sentences of prose that have more words than a reader takes in at once."""
    paragraphs = re.split(r"\n(?! {2}\S)", text)
    prose = [" ".join(each.split()) for each in paragraphs if not re.search(r"\S {2,}\S", each)]
    own = [own_words(re.sub(r"(?<=\d) (?=(?:t|%|to|kg)\b)", "", each)) for each in prose]
    sentences = [part for each in own for part in re.split(r"(?<=[.;:]) +", each)]
    return [each for each in sentences if len(each.split()) > LONGEST]


def banned_in(text: str, but: frozenset[str] = frozenset()) -> list[str]:
    """Banned words of a text, each with what is printed instead and where it stands."""
    own = own_words(text)
    return [
        f"{found[0]} ({instead}): ...{own[max(0, found.start() - 40) : found.end() + 30]}..."
        for word, instead in BANNED.items()
        if word not in but
        for found in re.finditer(rf"\b(?:{word})\b", own)
    ]


@pytest.mark.parametrize("words", REPORTS.values(), ids=REPORTS)
def test_a_default_report_has_plain_words_short_sentences_and_fits_80_columns(
    words: tuple[str, ...], told: Run
) -> None:
    done = told(*words)
    assert done.code == 0, done.err
    quoting = words[0] in QUOTING
    assert banned_in(done.out, OF_RECORDS if quoting else frozenset()) == []
    assert [line for line in done.out.splitlines() if wide(line) > 80 and not address(line)] == []
    assert re.findall(r"\d…|…\d" if quoting else r"\d%|\d…|…\d", own_words(done.out)) == []
    assert quoting or long_sentences(done.out) == []


def test_a_help_has_plain_words(told: Run) -> None:
    for command in {*build.commands()} - HELP_OF_QUERIES:
        out = told(command, "-h").out
        assert banned_in(" ".join(out.split()), IN_HELP) == [], command


def test_a_refusal_has_plain_words(told: Run) -> None:
    for name, words in REFUSED.items():
        done = told(*words)
        assert (done.code, banned_in(done.err)) == (2, []), name


@pytest.mark.parametrize("case", ["Y JPN", "La WLD", "Sc DEU"])
def test_an_oxide_has_no_magnets(case: str, told: Run) -> None:
    element, market = case.split()
    out = told("chokepoints", "-e", element, "-m", market, "--full").out
    assert "magnet" not in out.replace("other uses than magnets", "")


def brief(case: str, told: Run) -> str:
    element, market = case.split()
    done = told("brief", "-e", element, "-m", market, "--markdown", "-")
    assert done.code == 0, done.err
    return done.out.partition("\n## Sources")[0]


@pytest.mark.parametrize("case", ["Dy USA", "Y JPN", "Sc WLD"])
def test_pages_pictures_and_briefs_have_plain_words(case: str) -> None:
    element, market = case.split()
    view = view_in_memory()
    shown = {
        "page": shown_text(view.graph(element, market).html),
        "brief": view.brief(element, market).markdown().partition("\n## Sources")[0],
        "timeline page": shown_text(view.timeline_html(view.timeline(element))),
    }
    for kind in ("losses", "fixes", "concentration", "map", "timeline", "balance"):
        own = market if kind in {"losses", "fixes", "map"} else "WLD"
        figure = view.figure(kind, element, own)
        plain = re.sub(r"<(style|metadata).*?</\1>", "", figure.svg, flags=re.S)
        shown[kind] = f"{figure.alt} {' '.join(re.findall('>([^<>]+)<', plain))}"
    found = {name: banned_in(text, OF_RECORDS) for name, text in shown.items()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("case", ["Dy USA", "Y JPN", "NdPr EUE", "MREE WLD"])
def test_a_brief_says_what_new_plants_take_where_a_loss_is_known(case: str, told: Run) -> None:
    text = brief(case, told)
    assert ("it takes" in text or "stays lost whatever" in text) == (case != "Y JPN")
    assert "no single addition" not in text
    assert re.findall(NOT_SAID, text) == []
    assert re.findall(r"^- .*\b[a-z_]+/[a-z]+-[\w-]+", text, re.M) == []


def test_a_brief_says_nothing_of_magnets_where_there_are_none(told: Run) -> None:
    oxide = brief("La EUE", told).replace("other uses than magnets", "")
    assert "magnet" not in oxide.casefold()
    no_chain = brief("Sc USA", told)
    assert "8505" not in no_chain
    assert "China metal" not in no_chain
    shares = [line for line in no_chain.splitlines() if "94 %" in line]
    assert [line for line in shares if "of a wider group" not in line] == []

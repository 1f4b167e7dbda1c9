"""Briefs for the page tests: a small one by hand, and one of hostile text."""

from __future__ import annotations

from monazite.report.brief.document import (
    Brief,
    BriefAnswer,
    BriefLine,
    BriefPart,
    NumberedSource,
    Sentence,
)
from monazite.report.brief.page import TOP, BriefPicture
from tests.report.hostile import HOSTILE

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">'
    '<rect width="40" height="20" fill="#0072b2"/></svg>'
)


def source(
    number: int, *, url: str = "https://example.org/a", text: str = "USGS"
) -> NumberedSource:
    return NumberedSource(
        number, f"s{number}", text, f"Report {number}", "2026-01", "1", url, ("prices/a",)
    )


def small_brief() -> Brief:
    """A brief with one part of each kind."""
    return Brief(
        title="Dysprosium for the United States",
        question="What can stop dysprosium for the United States?",
        headline="The United States would lose all of it if China stopped separating.",
        answer=(
            BriefAnswer("What stops", "If separation in China stops, 3,890 t are lost.", (1, 2)),
            BriefAnswer("How sure", "It rests on 2 rows.", (1, 2, 3)),
            BriefAnswer("What would fix it", "Nothing is known to help."),
        ),
        front=(
            BriefPart(
                "largest",
                "The largest losses",
                columns=("What stops", "Loss"),
                lines=(BriefLine(("China separation", "100 %"), (1,)),),
                right=("Loss",),
                finding="China separation costs most",
            ),
        ),
        parts=(
            BriefPart("told", "What is told", (Sentence("One sentence.", (3,)),)),
            BriefPart(
                "points", "What is not known", (Sentence("First."), Sentence("Second.", (2,)))
            ),
            BriefPart(
                "losses",
                "What would be lost",
                columns=("What stops", "Loss"),
                lines=(
                    BriefLine(("China separation", "100 %"), (1,)),
                    BriefLine(("China", "69 %")),
                ),
                remarks=(Sentence("Loss: of magnets.", (2,)),),
                right=("Loss",),
            ),
        ),
        sources=(source(1), source(2, url=""), source(3, url="javascript:alert(1)")),
        rows=("prices/a",),
        day="2026-11-24",
        command="monazite brief -e Dy -m USA -o brief.html",
        view="View: all rows.",
    )


def hostile_brief() -> Brief:
    """Every text hostile, and a line for each of them."""
    sentences = tuple(Sentence(text, (1,)) for text in HOSTILE)
    lines = tuple(BriefLine((text, text), (1, 2)) for text in HOSTILE)
    return Brief(
        title=HOSTILE[0],
        question=HOSTILE[1],
        headline=HOSTILE[2],
        answer=tuple(BriefAnswer(HOSTILE[n], HOSTILE[n], (1,)) for n in range(8)),
        front=(BriefPart("largest", HOSTILE[6], columns=HOSTILE[:2], lines=lines[:2]),),
        parts=(BriefPart("all", HOSTILE[7], sentences, HOSTILE[:2], lines, sentences),),
        sources=tuple(
            NumberedSource(n, text, text, text, text, text, text, (text,))
            for n, text in enumerate(HOSTILE, start=1)
        ),
        rows=HOSTILE,
        day="2026",
        command=HOSTILE[8],
        view=HOSTILE[9],
    )


def pictures() -> tuple[BriefPicture, ...]:
    """A picture on top and one of a part."""
    return (
        BriefPicture("network", TOP, "The network", "Two sites.", SQUARE, SQUARE),
        BriefPicture("bars", "losses", "Losses", "Two bars.", SQUARE, SQUARE),
    )

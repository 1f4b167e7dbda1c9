"""Numbers, ranges and names as words of a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.core.formats import NOT_KNOWN, bounded_percent, marked, percent, visible
from monazite.data.parameters import stages

_DONE = {"mine": "mining", "separation": "separation", "use": "use"}
STAGES = {stage: _DONE.get(stage, f"{stage} making") for stage in stages()}
DOING = {
    "mine": "mining",
    "separation": "separating",
    "metal": "making metal",
    "alloy": "making alloys",
    "magnet": "making magnets",
}
STAGE_NOUNS = {"mine": "mining", "alloy": "alloys", "magnet": "magnets"}  # where it is not its own
SOLD = {
    "mine": "ore",
    "separation": "oxide",
    "metal": "metal",
    "alloy": "alloys",
    "magnet": "magnets",
}
NDPR_NAME = "neodymium-praseodymium (NdPr)"  # At its first use
RECONCILED = "reconciled, contained element"  # In what shares of a reconciled year are counted


def figure_word(figure: str, basis: str) -> str:
    """What the number of a share is: of a reconciled year it is worked out, and no row prints it.

    >>> figure_word("", "share-of-world-output"), figure_word("forecast", RECONCILED)
    ('measured', 'forecast')
    """
    return figure or ("reconciled" if basis == RECONCILED else "measured")


def between(low: float | None, high: float | None) -> str:
    """Format a range as whole percents; one number where both ends print alike."""
    one, other = percent(low), percent(high)
    return one if one == other or low is None else f"{one} to {other}"


def ranged(value: float | None, low: float | None, high: float | None, figure: str = "") -> str:
    """Format a share as a percentage, with its range where it has one, and with its mark."""
    ends = NOT_KNOWN if high is None else between(low, high)
    text = bounded_percent(value, figure)
    told = [] if ends in {percent(value), NOT_KNOWN} else [ends]
    return marked(text, "; ".join([*told, figure] if figure else told))


def listed(words: Iterable[str]) -> str:
    """Join words as a list in a sentence, with commas and a last *and*."""
    found = list(words)
    return f"{', '.join(found[:-1])} and {found[-1]}" if found[1:] else "".join(found)


def elements_listed(symbols: Iterable[str]) -> str:
    """Return symbols of elements as a list that can begin a sentence.

    >>> elements_listed(["Dy", "NdPr"]), elements_listed(["NdPr"])
    ('Dy and neodymium-praseodymium (NdPr)', 'Neodymium-praseodymium (NdPr)')
    """
    return capital(listed(NDPR_NAME if each == "NdPr" else each for each in symbols))


def capital(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def at_stage(text: str, stage: str) -> str:
    """Return a share with the stage that it is of, where its line is not of one stage.

    >>> at_stage("95 %", "metal"), at_stage("95 %", "")
    ('95 % at metal', '95 %')
    """
    return f"{text} at {stage}" if stage else text


def place_at(place: str, stage: str) -> str:
    """Return the name of what a country does at a stage, as lines of reports have it."""
    return f"{place} {STAGE_NOUNS.get(stage, stage)}"


def maker_of(label: str, stage: str) -> str:
    """Return the country of a line of a stage.

    >>> maker_of("Japan magnets", "magnet"), maker_of("China mining = Pit", "mine")
    ('Japan', 'China')
    """
    name = label.split(" = ")[0]
    return name.removesuffix(place_at("", stage)) if stage else name


def place_noun(label: str) -> str:
    """Return the name of a line as a reader says it: the country, and what is done there.

    >>> place_noun("China at mine = Russia at magnet"), place_noun("Mill at Dawn")
    ('China mining = Russia magnets', 'Mill at Dawn')
    """
    return " = ".join(map(_noun, label.split(" = ")))


def _noun(label: str) -> str:
    country, _, stage = label.rpartition(" at ")
    return place_at(country, stage) if stage in STAGES and country else label


def basis_words(basis: str) -> str:
    """Return a code of the scheme of bases as words.

    >>> basis_words("share-of-world-supply-eu-study")
    'share of world supply EU study'
    """
    words = visible(basis).split("-")
    return " ".join(word.upper() if word in {"eu", "reo", "us"} else word for word in words)


def yes(known: bool | None) -> str:
    """Return yes or no, or that it is not known."""
    return NOT_KNOWN if known is None else "yes" if known else "no"

"""Descriptions of a copy that ``verify`` reads: refused, or compared, and the same only if so."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from monazite.errors import UnreadableError
from monazite.exchange.catalogues.comparison import compare_copies, read_description
from monazite.exchange.catalogues.formats import find_catalogue
from monazite.exchange.catalogues.published import publish
from monazite.parameters import CATALOGUES
from monazite.view import load
from tests.fuzz.edits import edited, encoded
from tests.fuzz.target import Target, require
from tests.small_ontology import write_cut

_WORDS = (
    *('"@graph"', '"distribution"', '"view"', "canonical.nq", "0" * 64, "{}", "null", "[", "1e400"),
    *('"http://192.0.2.1/c"', "_:b", "@prefix", "<urn:a>", "\\ud800", "spdx:checksum"),
)


def descriptions(folder: Path) -> Target:
    """A description of anything: a sentence, or a comparison that says which files differ."""
    here = publish(load(ontology=write_cut(folder / "cut"), cache=False))
    sums = {each.name: each.sha256 for each in here.files}
    sizes = {each.name: str(each.size) for each in here.files}
    seeds = [find_catalogue(form)(here) for form in CATALOGUES]
    short = [text if len(text) < 40_000 else text[:400] + text[-400:] for text in seeds]

    def check(content: bytes) -> None:
        try:
            there = read_description(content, "copy")
        except UnreadableError as error:
            require("\n" not in str(error), "a line")
            return
        same, sentences = compare_copies(there, here)
        require(
            same == ((there.sums, there.sizes) == (sums, sizes)), "what differs is called the same"
        )
        require(sentences and all("\n" not in each for each in sentences), "a line each")

    return Target(st.one_of(encoded(edited(short, _WORDS))), check, words=_WORDS)

"""Texts near to real ones: a seed from the shipped files, cut, doubled, and mixed with pieces."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.pages.hostile import HOSTILE

LONG = 4_000
"""Characters of the longest run of one piece."""
CHARACTERS = st.text(
    alphabet=st.one_of(
        st.sampled_from("\x00\x07\x1b\r\n\t ,;:=+-@'\"\\/<>{}[]()|#$%&?^`~\x7f\x85\xa0"),
        st.sampled_from("\u200b\u202e\u2028\ufeff\ufffe\ud800٣Ⅷ²−½稀İßﬁ🧲"),
        st.characters(),
    ),
    max_size=12,
)
HOSTILE_TEXT = st.one_of(CHARACTERS, st.text(max_size=40), st.sampled_from(HOSTILE))
NUMBERS = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.decimals(allow_nan=True).map(str),
    st.sampled_from(("9" * 40, "9" * 5_000, "-0", "00", "1e400", "0x1f", "1_000", "0." + "0" * 30)),
)


@st.composite
def edited(draw: DrawFn, seeds: Sequence[str], pieces: Sequence[str], *, most: int = 5) -> str:
    """A seed with a few edits: a part is left out, doubled, or replaced by pieces."""
    text = draw(st.sampled_from(seeds))
    piece = st.one_of(st.sampled_from(pieces), CHARACTERS) if pieces else CHARACTERS
    for _ in range(draw(st.integers(0, most))):
        place = draw(st.integers(0, len(text)))
        end = min(len(text), place + draw(st.sampled_from((0, 0, 1, 2, 5, 20, 200))))
        kind = draw(st.integers(0, 9))
        if kind == 0:
            new = text[place:end] * 2
        elif kind == 1:
            new = draw(piece) * draw(st.sampled_from((2, 10, 100)))
        else:
            new = draw(piece)
        text = text[:place] + new[:LONG] + text[end:]
    return text


def encoded(texts: SearchStrategy[str]) -> SearchStrategy[bytes]:
    """Bytes of texts: mostly UTF-8, sometimes with a mark, in another code, or broken."""
    return st.one_of(
        texts.map(lambda text: text.encode("utf-8", "replace")),
        st.tuples(texts, st.sampled_from(("utf-8-sig", "utf-16", "latin-1", "utf-8"))).map(
            lambda pair: pair[0].encode(pair[1], "surrogatepass" if "utf" in pair[1] else "replace")
        ),
        st.tuples(texts, st.binary(max_size=8), st.integers(0, 200)).map(
            lambda parts: (
                (coded := parts[0].encode("utf-8", "replace"))[: parts[2]]
                + parts[1]
                + coded[parts[2] :]
            )
        ),
    )

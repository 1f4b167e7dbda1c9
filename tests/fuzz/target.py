"""A target of fuzzing: inputs of one kind, texts near to real ones, and what must hold of each."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.report.hostile import HOSTILE

SECONDS = 5.0  # Of the processor; an input of a few kilobytes that takes longer is a find


class FindError(AssertionError):
    """An input that is handled wrongly, though nothing broke off."""


def require(holds: object, what: str) -> None:
    if not holds:
        raise FindError(what)


@dataclass
class Target:
    """What is tried."""

    inputs: SearchStrategy[Any]
    check: Callable[[Any], None]
    seconds: float = SECONDS
    raw: Callable[[bytes], Any] | None = None
    seeds: tuple[bytes, ...] = ()
    words: tuple[str, ...] = ()
    last: object = field(default=None, init=False)

    def check_timed(self, chosen: object) -> None:
        """Check an input; one that takes too long is a find."""
        self.last = chosen
        begun = time.process_time()
        self.check(chosen)
        require(time.process_time() - begun < self.seconds, f"it took more than {self.seconds:g} s")

    def law(self, check: Callable[[Any], None], **how: Any) -> Callable[[], None]:
        """Return a test of hypothesis: any input is checked; ``how`` are settings for it."""

        def holds(chosen: object) -> None:
            check(chosen)

        shared = settings(deadline=None, suppress_health_check=list(HealthCheck), **how)
        return shared(given(self.inputs)(holds))

    def of_bytes(self) -> Callable[[bytes], bool]:
        """Return what a fuzzer calls: bytes give an input; False where they give no whole one."""
        test: Any = self.law(self.check_timed, database=None, print_blob=False)
        choose: Callable[[bytes], bytes | None] = test.hypothesis.fuzz_one_input

        def one(data: bytes) -> bool:
            if self.raw is not None and data[:1] < b"\x80":
                self.check_timed(self.raw(data[1:]))
                return True
            return choose(data[1:]) is not None

        return one


def text_target(
    inputs: SearchStrategy[str],
    check: Callable[[str], None],
    seeds: Sequence[str] = (),
    words: tuple[str, ...] = (),
) -> Target:
    return Target(
        inputs,
        check,
        raw=lambda data: data.decode("utf-8", "replace"),
        seeds=tuple(text.encode() for text in seeds),
        words=words,
    )


LONG = 4_000  # Characters of the longest run of one piece
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


class Listener:
    """Takes connections on a free port of loopback, counts them, and closes each at once."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self.calls = 0
        threading.Thread(target=self._listen, name="listener", daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()

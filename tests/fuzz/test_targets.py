"""Each target with a few inputs here, a hundred thoroughly, and for minutes by ``run.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from tests.fuzz import queries, run
from tests.fuzz.run import TARGETS, make
from tests.fuzz.target import FindError, Listener, Target, require
from tests.sharing import only_whole

SLOW = {
    *("bills", "commands", "contributions", "descriptions", "drawings"),
    *("names", "pages", "records", "scenarios"),
}
CALLING = [
    each for each in queries.SERVICES if "<E>" in each and "?e" not in each and "\\u" not in each
]
"""Services that the engine asks; where a variable names the endpoint, it asks none."""


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("name", [*sorted({*TARGETS} - SLOW), *only_whole(*sorted(SLOW))])
def test_nothing_but_a_sentence_comes_of_any_input(name: str, tmp_path: Path) -> None:
    target = make(name, tmp_path)
    examples = max(8, settings().max_examples // 4)
    target.law(target.check, max_examples=examples)()


@pytest.mark.parametrize("service", CALLING)
def test_a_query_that_calls_out_is_heard_where_no_judge_stands(service: str) -> None:
    listener, engine = Listener(), queries.tiny_store()
    text = f"SELECT * {{ ?s ?p ?o . {service} }}".replace("<E>", f"<{listener.address}>")
    queries.answer(text, engine)
    listener.close()
    assert listener.calls


def test_an_input_that_breaks_takes_long_or_is_handled_wrongly_is_a_find() -> None:
    def check(number: int) -> None:
        require(number != 7, "seven")
        if number == 8:
            raise KeyError(number)

    target = Target(st.integers(7, 8), check)
    choose = target.of_bytes()
    found = set()
    for byte in range(256):
        try:
            choose(bytes([255, *[byte] * 8]))
        except (FindError, KeyError) as error:
            found.add((run.place_of(error).partition(" at ")[0], target.last))
    assert found == {("FindError seven", 7), ("KeyError ", 8)}
    with pytest.raises(FindError, match="it took more than 0 s"):
        Target(st.integers(), check, seconds=0).check_timed(1)


@pytest.mark.whole
@pytest.mark.parametrize("engine", ["atheris", "hypothesis"])
def test_the_long_form_counts_inputs_and_finds(engine: str, tmp_path: Path) -> None:
    if engine == "atheris":
        pytest.importorskip("atheris", reason="pip install -e '.[fuzz]' adds it, where it runs.")
    words = [sys.executable, run.__file__, "dates", "--inputs", "300", "--engine", engine]
    done = subprocess.run(
        [*words, "--folder", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    count, _, rest = done.stdout.splitlines()[-1].partition(" ")
    assert (int(count.replace(",", "")) >= 300, rest) == (True, "inputs, finds in 0 places")

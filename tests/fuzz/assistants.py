"""What a model may send as arguments: taken as they are, or refused by one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from monazite.assistants.arguments import check_arguments
from monazite.assistants.offers import offers
from monazite.errors import UnknownNameError
from monazite.safe_text import first_hidden
from tests.fuzz.target import Target, require

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda held: (
        st.lists(held, max_size=4) | st.dictionaries(st.text(max_size=8), held, max_size=4)
    ),
    max_leaves=12,
)


def arguments(folder: Path) -> Target:
    """Arguments of anything."""
    del folder
    names = sorted({name for each in offers().values() for name in each.parameters})
    keys = st.sampled_from([*names, "valid", "tier", "without", "part", "limit"]) | st.text()

    def check(given: tuple[str, dict[str, Any]]) -> None:
        tool, asked = given
        try:
            taken = check_arguments(offers()[tool], asked)
        except UnknownNameError as error:
            require("\n" not in str(error) and not first_hidden(str(error)), "one line, all seen")
        else:
            require(taken.items() <= asked.items(), "other arguments")

    return Target(
        st.tuples(st.sampled_from([*offers()]), st.dictionaries(keys, _JSON, max_size=5)), check
    )

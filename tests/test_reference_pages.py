"""The pages of the reference are those that the code writes."""

from __future__ import annotations

import pytest

from tests.reference_pages import FOLDER, build


@pytest.mark.parametrize("name", ["api.md", "commands.md", "json.md", "scenarios.md"])
def test_the_page_is_in_step(name: str) -> None:
    kept = (FOLDER / name).read_text(encoding="utf-8")
    in_step = kept == build.pages()[name]  # a difference of whole pages helps nobody
    assert in_step, "run examples/reference/build.py examples/reference"


def test_there_are_no_other_pages() -> None:
    assert {file.name for file in FOLDER.glob("*.md")} == {*build.pages()}


def test_each_verb_is_described_with_its_parameters() -> None:
    for name, verb in build.verbs().items():
        text = build.as_markdown(verb)
        missing = [each for each in build.parameters_of(verb) if f"- `{each}`: " not in text]
        assert name in UNTOLD or missing == [], name


UNTOLD = {"evidence", "sources"}
"""Verbs whose parameters its one sentence names."""

"""What a page records decides its bytes, and all that decides them is recorded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from monazite.pages.brief.record import LIBRARIES, code_hash, made_with
from monazite.pages.brief.seal import FORMAT, open_page
from tests.conftest import view_in_memory

DRAWN = """
import json, sys
import monazite
from tests.pages.brief.pages import page_of
import monazite.pages.figures.losses, monazite.pages.graph.page, monazite.exchange.evidence_rows
page_of()
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
NO_SAY = {"pyparsing", "rdflib", "typer"}
"""Packages that Monazite asks for, are loaded, and have no say in a page."""


def test_a_record_has_versions_house_and_seed() -> None:
    record = open_page(view_in_memory().brief("Dy", "LAO").html(), "page").record
    assert record["format"] == FORMAT
    assert record["made_with"] == made_with()
    assert (record["code"], record["house"]) == (code_hash(), None)
    assert (record["seed"], record["signer"]) == (None, None)


def test_the_code_is_its_modules_and_its_templates(tmp_path: Path) -> None:
    from monazite.pages.brief.record import _code

    package = tmp_path / "monazite"
    (package / "pages" / "templates").mkdir(parents=True)
    (package / "a.py").write_text("")
    (package / "pages" / "templates" / "brief.css").write_text("")
    assert {file.name for file in _code(package)} == {"a.py", "brief.css"}


@pytest.mark.whole
def test_every_library_that_draws_is_recorded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", DRAWN], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    loaded = set(json.loads(done.stdout))
    declared = {"highspy", "jinja2", "matplotlib", "networkx", "pyoxigraph", "pyvis", "rdflib"}
    assert (loaded & declared) - NO_SAY <= set(LIBRARIES)
    assert set(made_with()) == {"python", "machine", *LIBRARIES}

"""What is shipped: the version is that of the project, the ontology is whole."""

from __future__ import annotations

import tomllib
from pathlib import Path

from monazite.shipped import VERSION, ontology_folder

ROOT = Path(__file__).resolve().parents[1]


def test_the_version_is_that_of_the_project() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["project"]["version"] == VERSION


def test_the_ontology_has_all_its_parts() -> None:
    parts = {path.name for path in ontology_folder().iterdir()}
    assert {"monazite.ttl", "shapes", "schemes", "tables", "queries", "checks", "rules"} <= parts

"""The targets by name, each made in a folder of its own, and their parts of a long run."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.target import Target


@dataclass(frozen=True)
class Making:
    """Where a target is made, and how much of the time of a long run it gets.

    Its module is imported only when it is made, so that a fuzzer can first see to it that what is
    imported counts which of its lines an input reaches.
    """

    module: str
    part: int = 1

    def make(self, name: str, folder: Path) -> Target:
        """Make the target in a folder of its own."""
        made: Target = getattr(import_module(f"tests.fuzz.{self.module}"), name)(folder)
        return made


TARGETS = {
    "arguments": Making("assistants", 1),
    "bills": Making("bills", 4),
    "cells": Making("cells", 4),
    "commands": Making("commands", 3),
    "contributions": Making("releases", 2),
    "dates": Making("cells", 2),
    "descriptions": Making("descriptions", 2),
    "documents": Making("documents", 2),
    "drawings": Making("names", 1),
    "explorers": Making("explorers", 2),
    "filters": Making("names", 2),
    "headers": Making("queries", 2),
    "houses": Making("houses", 1),
    "imports": Making("imports", 3),
    "keys": Making("houses", 1),
    "names": Making("names", 2),
    "pages": Making("pages", 4),
    "parameters": Making("queries", 2),
    "queries": Making("queries", 5),
    "records": Making("records", 3),
    "releases": Making("releases", 2),
    "scenarios": Making("scenarios", 3),
    "tables": Making("tables", 4),
    "templates": Making("houses", 3),
    "texts": Making("names", 2),
    "workbooks": Making("tables", 4),
}


def make(name: str, folder: Path) -> Target:
    """Make a target by its name."""
    return TARGETS[name].make(name, folder)

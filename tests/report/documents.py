"""Documents of a brief for their tests, made where their engines are installed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from monazite.core.errors import NotInstalledError
from monazite.report.brief import documents
from monazite.report.brief import docx as brief_docx
from monazite.report.brief import pptx as brief_pptx
from monazite.report.brief.document import Brief
from monazite.report.brief.page import Extras
from tests.report.briefs import pictures, small_brief

ENGINES: dict[str, Any] = {"pdf": documents, "docx": brief_docx, "pptx": brief_pptx}


Make = Callable[..., bytes]


def make(
    kind: str, brief: Brief | None = None, extras: Extras | None = None, written: str = ""
) -> bytes:
    """The document; without its engine the test skips, or fails where engines are required."""
    try:
        documents.find_engine(kind)
    except NotInstalledError as missing:
        if os.environ.get("MONAZITE_REQUIRE_BRIEF") == "1":
            pytest.fail(f"MONAZITE_REQUIRE_BRIEF=1, but: {missing}")
        pytest.skip(str(missing))
    write: Make = getattr(ENGINES[kind], f"brief_{kind}")
    return write(brief or small_brief(), extras or Extras(pictures()), written)

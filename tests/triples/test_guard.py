"""A reader's own query: what is refused, in a sentence, before anything is run."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from monazite.errors import QueryError
from monazite.triples.guard import Limits, check_query, run_guarded


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ASK { ?s ?p ?o }", "ASK"),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } } }", "SELECT"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("DESCRIBE <urn:a>", "DESCRIBE"),
    ],
)
def test_what_asks_is_let_through(text: str, kind: str) -> None:
    assert check_query(text) == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT * { OPTIONAL { SERVICE SILENT <urn:a> { ?s ?p ?o } } }", "SERVICE would send"),
        ("SELECT * { FILTER EXISTS { SERVICE ?x { ?s ?p ?o } } }", "SERVICE would send"),
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", "FROM is not used here"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "ask a query, not an update"),
        ("DROP ALL", "ask a query, not an update"),
        ("SELECT * {\n ?s ?p }", "cannot be parsed: line "),
    ],
)
def test_what_writes_reaches_out_or_is_broken_is_refused(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=re.escape(said)):
        check_query(text)


@pytest.mark.parametrize(
    ("code", "stderr", "said"),
    [
        (2, b"Prefix not found: foo", "a prefix that no PREFIX line declares"),
        (2, b"There are more\nthan 5 rows.", "There are more than 5 rows."),
        (2, b"x" * 400, "x" * 300 + " ..."),
        (-9, b"", "more than 4 GiB of memory, or broke off"),
    ],
)
def test_what_the_child_says_is_a_sentence(
    code: int, stderr: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = subprocess.CompletedProcess([], code, b"", stderr)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    with pytest.raises(QueryError, match=re.escape(said)):
        run_guarded("ASK {}", "json", Path(), cache=False, limits=Limits())


def test_a_query_that_takes_too_long_says_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, timeout: float, **__: object) -> NoReturn:
        raise subprocess.TimeoutExpired([], timeout)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(QueryError, match="stopped after 7 seconds"):
        run_guarded("ASK {}", "json", Path(), cache=False, limits=Limits(seconds=7))

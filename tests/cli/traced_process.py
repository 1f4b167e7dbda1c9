"""Run many commands in one process, so that a tracer has to start but one.

``python -m tests.cli.traced_process`` reads a JSON list of commands from stdin, each with its words
and what it reads from its own stdin, and writes what became of each as JSON. What takes long and
reads no file is worked out once: whether a command calls anybody does not depend on it.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import sys
from typing import Any
from unittest import mock

from monazite.cli import main
from monazite.view import figure_findings
from tests.model.evidence_by_hand import CUT


def run(words: list[str], stdin: str) -> dict[str, object]:
    """Run a command in this process, and return its exit code and what it said."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    code: object = 0
    with (
        mock.patch.object(sys, "argv", ["monazite", *words]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()))),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code or 0
    return {"words": words, "code": code, "told": err.getvalue()}


def once(find: Any) -> Any:
    """Find a thing once for each question, whatever the view: all commands here have the same."""
    found: dict[object, object] = {}

    @functools.wraps(find)
    def ask(view: object, question: object) -> object:
        if question not in found:
            found[question] = find(view, question)
        return found[question]

    return ask


def run_all() -> None:
    """Run what stdin lists."""
    commands = json.load(sys.stdin)
    findings = once(figure_findings.write_findings)
    doubted = "monazite.analysis.robustness.evidence_cut.find_evidence_cut"
    with (
        mock.patch.object(figure_findings, "write_findings", findings),
        mock.patch(doubted, return_value=CUT),
    ):
        done = [run(each["words"], each.get("stdin", "")) for each in commands]
    os.write(1, json.dumps(done).encode())


if __name__ == "__main__":
    run_all()

"""The JSON of a report is a contract: whatever a test has a command print is held against it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from jsonschema import Draft202012Validator

from monazite.core.results import Result
from tests.reference_pages import build

OF_OPTIONS = {"--indices": "indices", "--years": "centrality_over_years", "--rules": "rules"}
"""Reports that a command prints instead of its own, by the option that asks for them."""
OF_WORDS = {
    ("scenario", "list"): "scenario_list",
    ("scenario", "check"): "check_scenario",
    ("scenario", "run", "all"): "scenarios",
    ("validate",): "hindcast",
}
"""Reports that a command prints instead of its own, by the words after it."""


@cache
def commands() -> frozenset[str]:
    """The names of the commands."""
    return frozenset(build.commands())


def report_of(words: Sequence[str]) -> str:
    """The name of the report that a command prints; empty where it has none of its own."""
    if not words or words[0] not in commands() or {"--list", "--prefixes"} & {*words}:
        return ""
    for said, report in OF_WORDS.items():
        if tuple(words[: len(said)]) == said:
            return report
    return next((OF_OPTIONS[word] for word in words if word in OF_OPTIONS), words[0])


@cache
def validator(report: str) -> Draft202012Validator | None:
    """The schema of a report; None where it has none."""
    schema = build.schemas().get(report)
    return None if schema is None else Draft202012Validator(schema)


def is_json(words: Sequence[str]) -> bool:
    """Tell whether a command is asked for JSON."""
    return any(pair in {("-f", "json"), ("--format", "json")} for pair in pairwise(words))


def faults_of(report: str, content: Any) -> list[str]:
    """What of a report its schema does not know."""
    found = validator(report)
    assert found is not None, f"examples/reference/schemas/{report}.json is missing"
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in found.iter_errors(content)]


def check_result(report: str, found: Result) -> None:
    """Fail where what a result gives a program is not what its schema says."""
    assert faults_of(report, json.loads(found.to_json())) == []


def check_contract(words: Sequence[str], out: str) -> None:
    """Fail where what a command printed is not what its schema says."""
    report = report_of(words)
    if report and is_json(words) and out:
        assert faults_of(report, json.loads(out)) == [], words

"""Every command: it says where to write as all do, its example runs, its JSON has a schema."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.main
from jsonschema import Draft202012Validator

import monazite
from monazite.cli.app import app, commands, groups
from monazite.core.package import question_names
from monazite.core.results import Result
from monazite.core.tables import FORMATS
from tests.cli.conftest import Run
from tests.cli.contract import OF_OPTIONS, OF_WORDS
from tests.conftest import view_in_memory
from tests.reference_pages import build
from tests.results import own_results

SERVES = {"mcp", "serve"}
"""Commands that answer questions until they are stopped: they are no verb and write nothing."""
FOLDERS = {"import"}  # Commands that write a folder, which stdout cannot be
TABLES_NOWHERE = {"brief", "explore", "export", "figure", "graph", "reference", "verify"}
"""Commands that write a page, a picture, a file of others or sentences, and no tables."""


@pytest.mark.parametrize("command", sorted({*build.commands()} - SERVES - {*question_names()}))
def test_a_command_says_alike_where_and_how_to_write(command: str) -> None:
    options = {each.name: each for each in build.commands()[command].params}
    assert {*options["output"].opts} >= {"--output", "-o"}
    assert command in FOLDERS or "- is stdout" in options["output"].help
    if command not in TABLES_NOWHERE:
        fmt = options["fmt"]
        assert {*fmt.opts} == {"--format", "-f"}
        assert [word for word in FORMATS if word not in fmt.help] == []
        context = typer.Context(build.commands()[command])
        assert fmt.process_value(context, "md") == "markdown"


SCHEMAS = build.schemas()
NO_REPORT = {"export", "validate"}
"""Commands with a format whose JSON is that of others: RDF as JSON-LD, FtM, a question."""
OTHERWISE = {
    "Triples": "an Answer: query.json",
    "YesOrNo": "an Answer: query.json",
    "ExplorerPage": "a page and no records: explore prints none",
    "NotKnown": "the other answer of questions of losses: it stands in the schema of each",
    "OrNotKnown": "the same, by the name that editors see",
    "Listing": "what results are made of that one goes through",
}
"""Results whose schema has the name of another, with what they are."""


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if isinstance(schema.get("required"), list):
            yield schema
        for each in schema.values():
            yield from objects(each)


RESULTS = {"after", "brief", "draws", "figure", "fixes", "graph", "pairs", "verify"}
"""Results that no command prints alone as JSON: tests hold them with ``check_result``."""


def test_a_command_prints_what_the_verb_finds(run: Run) -> None:
    found = view_in_memory().query("facility-life")
    assert_is_a_value(found)
    assert run("query", "facility-life", "-f", "csv").out == found.to_csv()


def test_commands_of_tables_print_what_functions_find(
    run: Run, small_ontology: Path, tmp_path: Path
) -> None:
    assert run("new-table", "persons", "-f", "json").out == monazite.new_table("persons").to_json()
    tables = small_ontology / "tables"
    (tables / "persons.csv").write_text("id,name,source\nann,Ann,nosuch\n", encoding="utf-8")
    found = monazite.check(small_ontology)
    assert not found.ok
    assert run("check", str(small_ontology), "-f", "json").out == found.to_json()


def test_every_report_has_a_schema() -> None:
    having = {
        name
        for name, command in build.commands().items()
        if any(option.name == "fmt" for option in command.params)
    }
    assert {*SCHEMAS} == (having | {*RESULTS, *OF_OPTIONS.values(), *OF_WORDS.values()}) - NO_REPORT


def test_each_result_names_its_schema() -> None:
    titles = {schema["title"] for schema in SCHEMAS.values()}
    without = [
        f"{name} has no schema: write one with that title in examples/reference/schemas"
        for name in sorted({*own_results()} - titles - {*OTHERWISE})
    ]
    assert not without, "\n".join(without)
    assert titles <= {*own_results()}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_closed_and_says_what_each_field_is(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["description"].count("`monazite ") == 1
    for each in objects(SCHEMAS[name]):
        assert each["additionalProperties"] is False
        for field, said in each["properties"].items():
            assert said.get("description") or said.get("$ref"), field
            of = [x.get("type") for x in said.get("anyOf", ())]
            kinds = said.get("type", of)
            if "$ref" not in said:
                assert ("null" in said["description"].lower()) == ("null" in kinds), (field, said)


@pytest.mark.parametrize("words", [["bogus"], ["chokepoints", "--top", "0"], ["show"]])
def test_wrong_usage_says_how(words: list[str], run: Run) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: monazite")
    assert done.err.count("Error: ") == 1


@pytest.mark.parametrize("command", commands())
def test_the_example_of_a_help_is_understood(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = build.commands()[command]
    example = re.search(r"Example: monazite (.+)", asked.help)
    assert example, asked.help
    name, *words = shlex.split(example[1])
    assert name == command
    assert asked.make_context(name, words).params


FRAME = re.compile(r"[│╭╮╰╯─]+")


def words_of(text: str) -> str:
    return " ".join(FRAME.sub(" ", text).split())


def test_every_command_stands_below_its_group_with_its_whole_summary(run: Run) -> None:
    shown = words_of(run("--help").out)
    assert "..." not in shown.partition("COMMAND [ARGS]...")[2]
    built = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    wanted = ""
    for group, names in groups().items():
        wanted += f" {group}"
        for name in names:
            summary = " ".join(built[name].help.split("\n\n")[0].split())
            wanted += f" {name} {summary}"
    assert wanted.strip() in shown
    assert len(commands()) == len({*commands()})


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_no_line_is_wider_than_the_terminal(
    width: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for words in (["--help"], ["brief", "--help"]):
        assert max(map(len, run(*words).out.splitlines())) <= int(width)


def test_options_of_the_data_have_a_panel_of_their_own(run: Run) -> None:
    own, _, data = run("info", "--help").out.partition("Data used")
    for option in ("--valid", "--known", "--tier", "--without", "--data", "--no-cache"):
        assert option in data
        assert option not in own.partition("Options")[2]


def assert_is_a_value(found: Result) -> None:
    """A result hashes as its copy does, and is said in a line."""
    assert hash(found) == hash(deepcopy(found))
    assert len(repr(found)) < 200
    assert "\n" not in repr(found)
    assert len(found.to_dataframe()) == len(found.records)
    assert found.view is not None or not found.row_keys

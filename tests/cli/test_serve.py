"""``monazite serve``: what it refuses before it listens; ``tests/serve`` holds how it serves."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from monazite.assistants import server as assistants
from monazite.cli import serve as command
from monazite.serve import server
from monazite.serve.settings import Settings
from tests.cli.conftest import Run


def test_without_its_extra_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "uvicorn" else name)
    said = run("serve").assert_refused()
    assert said == "To serve needs the packages uvicorn: pip install 'monazite[serve]'."


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "data.example", "::"])
def test_who_lets_others_in_says_by_which_name(host: str, run: Run) -> None:
    said = run("serve", "--host", host).assert_refused()
    assert said == f"Others can reach {host}; say by which name they do, with --allow-host NAME."


def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        said = run("serve", "--port", str(port)).assert_refused()
    assert said.startswith(f"Nobody can listen at port {port} of 127.0.0.1: ")
    assert said.endswith("; name another with --port or --host.")


def test_others_are_let_in_with_a_warning(run: Run) -> None:
    """The address is nobody's: it warns, and then cannot listen there."""
    ended = run("serve", "--host", "192.0.2.1", "--allow-host", "data.example")
    warning, refused = ended.err.splitlines()
    assert warning.startswith("Warning: whoever reaches 192.0.2.1 may ask all that this server ")
    assert refused.startswith("Nobody can listen at port 8000 of 192.0.2.1: ")
    assert ended.code == 2


def test_wrong_filters_are_told_before_it_listens(run: Run) -> None:
    assert '"soon" is not a date' in run("serve", "--valid", "soon").assert_refused()


@pytest.mark.parametrize(
    "origin", ["foo", "https://a.example/", "https://a.example/b", "a.example"]
)
def test_an_origin_that_no_browser_sends_is_refused(origin: str, run: Run) -> None:
    said = run("serve", "--allow-origin", origin).assert_refused()
    assert said.startswith(f"'{origin}' is not the origin of a page; write it as https://")


@pytest.mark.parametrize("verb", ["serve", "mcp"])
@pytest.mark.whole
def test_own_tables_that_are_edited_meanwhile_are_served_as_they_were(
    verb: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that starts later opens the same rows, and so does each other view."""
    mine = tmp_path / "mine"
    mine.mkdir()
    table = mine / "facility_events.csv"
    header, row = "row,facility,event,date,source", "mine-1,bukit-merah,closed,1993-05-01,wise-406"
    table.write_text(f"{header}\n{row}\n")
    (mine / "remarks.txt").write_text("not read")
    held: dict[str, object] = {}

    def look(settings: Settings) -> None:
        assert settings.data is not None
        table.write_text(f"{header}\n{row.replace('05', '06')}\n")
        held["name"], held["folder"] = settings.data.name, settings.data
        held["rows"] = (settings.data / table.name).read_text()
        held["unread"] = (settings.data / "remarks.txt").exists()

    class Looking:
        def __init__(self, settings: Settings, began: Callable[[str], None]) -> None:
            self.settings = settings

        def run(self) -> None:
            look(self.settings)

    monkeypatch.setattr(server, "Listening", Looking)
    monkeypatch.setattr(assistants, "run", look)
    ended = run(verb, "--data", str(mine))
    assert ended.code == 0, ended.err
    assert held["rows"] == f"{header}\n{row}\n"
    assert (held["name"], held["unread"]) == ("mine", True)
    assert isinstance(held["folder"], Path)
    assert not held["folder"].exists()

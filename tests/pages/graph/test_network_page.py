"""A network that is handed over: its page, SVG, PNG and frame are of one picture."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from monazite import graph
from monazite.errors import UnknownNameError, UnreadableError
from monazite.network.graph import Network
from monazite.pages.graph.network_page import GraphPage
from monazite.view import load
from tests.cli.conftest import Run, run
from tests.conftest import view_in_memory
from tests.pages.networks import small_findings, small_network

__all__ = ["run"]


def page() -> GraphPage:
    return GraphPage(small_network(), small_findings())


def test_it_can_be_hashed_compared_and_says_what_it_is_in_a_line() -> None:
    made = page()
    assert {made, made} == {made}
    assert made == page()
    assert made != GraphPage(small_network(), small_findings(), "Another heading")
    assert len(repr(made)) < 200
    assert repr(made).startswith("<GraphPage ")
    frame = made.to_dataframe()
    assert len(frame) == len(made.network)
    assert {"title", "stage", "loss"} <= set(frame.columns)
    assert [len(table.rows) > 0 for table in made.tables()] == [True, True]
    assert set(made.to_dict()) == {"view", "title", "answer", "nodes", "links", "sources"}


def test_a_file_is_written_by_its_ending(tmp_path: Path) -> None:
    made = page()
    for ending, begins in (("html", b"<!doctype html>"), ("SVG", b"<svg"), ("png", b"\x89PNG")):
        made.write(tmp_path / f"dy.{ending}")
        assert (tmp_path / f"dy.{ending}").read_bytes().startswith(begins)


def test_the_frame_holds_the_page_or_names_it() -> None:
    made = page()
    assert made.iframe("dy graph.html").startswith('<iframe src="dy%20graph.html" title="')
    assert made.iframe() == made._repr_html_()
    assert made.iframe().startswith("<iframe srcdoc=")


def test_a_network_that_no_view_built_has_no_page_in_a_notebook() -> None:
    assert Network()._repr_html_() is None


def test_a_copy_in_depth_leaves_the_view_behind() -> None:
    network = Network()
    network.built_by = object()  # type: ignore[assignment]
    network.add_node("a")
    assert network.copy().built_by is network.subgraph(["a"]).built_by is network.built_by
    assert copy.deepcopy(network).built_by is None
    assert set(copy.deepcopy(network)) == {"a"}


def test_a_page_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "dy.html"
    path.write_text("old")
    graph(small_network(), path, findings=small_findings(), title="磁铁")
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "<h1><bdi>磁铁</bdi></h1>" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dy.html"
    path.write_text("old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UnreadableError, match="No space"):
        graph(small_network(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be written"):
        graph(small_network(), tmp_path / "no" / "dy.html")


@pytest.mark.parametrize(("element", "market"), [("Sm", "WLD"), ("Dy", "USA")])
def test_a_network_that_a_view_built_has_the_page_of_the_command(
    element: str, market: str, built: Path, run: Run, tmp_path: Path
) -> None:
    network = load().network(element, market)
    graph(network, tmp_path / "library.html")
    ended = run("graph", str(tmp_path / "command.html"), "-e", element, "-m", market)
    assert ended.code == 0, ended.err
    assert (tmp_path / "library.html").read_bytes() == (tmp_path / "command.html").read_bytes()


def test_an_ending_that_is_no_page_is_refused(tmp_path: Path) -> None:
    for write in (lambda file: graph(small_network(), file), page().write):
        with pytest.raises(UnknownNameError, match=r'A page is .html, .svg or .png, not "x.pdf"'):
            write(tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


def test_pages_that_show_the_same_are_equal_here_and_in_another_process() -> None:
    view = view_in_memory()
    made, again, other = view.graph("Sm"), view.graph("Sm"), view.graph("Sm", "USA")
    assert {made, again, pickle.loads(pickle.dumps(made)), copy.deepcopy(made)} == {made}
    assert made != other
    assert made.assumptions == view.chokepoints("Sm").assumptions != ()
    assert made.notes[:1] == view.chokepoints("Sm").notes[:1]

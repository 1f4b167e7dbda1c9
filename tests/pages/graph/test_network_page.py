"""A network that is handed over: its page, SVG, PNG and frame are of one picture."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from monazite import graph
from monazite.errors import UnreadableError
from monazite.network.graph import Network
from monazite.pages.graph.network_page import GraphPage
from tests.pages.networks import small_findings, small_network


def page() -> GraphPage:
    return GraphPage(small_network(), small_findings())


def test_it_can_be_hashed_compared_and_says_what_it_is_in_a_line() -> None:
    made = page()
    assert {made, made} == {made}
    assert made != page()  # another network
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

from __future__ import annotations

import json
import re
import webbrowser
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

import monazite as mz
from tests.conftest import view_in_memory

if TYPE_CHECKING:
    from tests.cli.conftest import Run
from tests.cli.contract import check_result

QUESTION = ("-e", "Dy", "-m", "USA")


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_the_name_of_a_file_says_what_is_drawn_into_it(run: Run, tmp_path: Path) -> None:
    svg, named, png = (tmp_path / name for name in ("a.svg", "b.SVG", "c.png"))
    few = (*QUESTION, "--top", "5")
    assert run("graph", "-o", str(svg), *few).err == f"The picture is in {svg}.\n"
    assert run("graph", str(named), *few).code == 0
    assert ElementTree.fromstring(svg.read_text("utf-8")).tag.endswith("svg")
    assert named.read_bytes() == svg.read_bytes()
    assert run("graph", "-o", str(png), *few).code == 0
    assert png.read_bytes().startswith(b"\x89PNG")


def test_page_svg_png_and_frame_of_one_picture(run: Run, tmp_path: Path) -> None:
    page, svg, png = (tmp_path / f"dy graph.{end}" for end in ("html", "svg", "png"))
    done = run(
        *("graph", str(page), *QUESTION, "--top", "5", "--svg", str(svg), "--png", str(png)),
        *("--width", "900", "--embed", "--series"),
    )
    assert done.code == 0, done.err
    assert [line.split()[1] for line in done.err.splitlines()] == ["picture", "picture", "graph"]
    root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
    wide, high = float(str(root.get("width"))), float(str(root.get("height")))
    assert size_of(png.read_bytes())[0] == 900
    assert size_of(png.read_bytes())[1] == pytest.approx(high * 900 / wide, abs=1)
    assert "var(" not in svg.read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    cards = re.findall(r'<g class="card [^>]*>', text)
    assert cards == re.findall(r'<g class="card [^>]*>', svg.read_text(encoding="utf-8"))
    assert "Earlier years: who led each stage" in text
    assert 'id="year"' not in text
    assert "Bound by a policy in force" in text
    assert "中国" in text
    assert done.out.startswith('<iframe src="dy%20graph.html" title="Dysprosium: supply chain')
    assert re.search(r' height="\d{3,4}" ', done.out)
    again = tmp_path / "again.png"
    assert run("graph", *QUESTION, "--top", "5", "--png", str(again), "--width", "900").code == 0
    assert again.read_bytes() == png.read_bytes()


def test_the_default_is_the_backbone_and_network_draws_all_links(run: Run, tmp_path: Path) -> None:
    page, all_links, png = tmp_path / "dy.html", tmp_path / "all.html", tmp_path / "dy.png"
    assert run("graph", str(page), *QUESTION, "--png", str(png), "--width", "650").code == 0
    assert run("graph", str(all_links), *QUESTION, "--network").code == 0
    text, network = page.read_text("utf-8"), all_links.read_text("utf-8")
    assert 'class="backbone wide"' in text
    assert "stopped separating.</bdi></h1>" in text
    assert len(text) < 3_000_000
    assert 'id="canvas"' in network
    assert 'class="backbone wide"' not in network
    [held] = re.findall(r'id="network-page">(.*?)</script>', text)
    assert json.loads(held) == network
    assert size_of(png.read_bytes())[0] == 650


def test_chokepoints_draw_the_same_page_and_on_demand_all_links(run: Run, tmp_path: Path) -> None:
    drawn, page, network = (tmp_path / f"{name}.html" for name in ("a", "b", "c"))
    assert run("graph", str(drawn), *QUESTION).code == 0
    assert run("chokepoints", *QUESTION, "--graph", str(page)).code == 0
    assert run("chokepoints", *QUESTION, "--graph", str(network), "--network").code == 0
    assert page.read_bytes() == drawn.read_bytes()
    assert 'id="canvas"' in network.read_text("utf-8")
    refused = run("chokepoints", *QUESTION, "--network").assert_refused()
    assert "--network belongs to --graph" in refused


def test_python_writes_the_very_page_of_the_command(run: Run, tmp_path: Path) -> None:
    view = view_in_memory()
    network = view.network("Dy", market="USA")
    before = {name: dict(cells) for name, cells in network.nodes(data=True)}, dict(network.graph)
    findings = view.chokepoints("Dy", "USA", network=network)
    mz.graph(network, tmp_path / "python.html", findings=findings)
    assert run("graph", str(tmp_path / "command.html"), *QUESTION).code == 0
    page, other = (
        (tmp_path / f"{name}.html").read_text(encoding="utf-8") for name in ("python", "command")
    )
    assert re.findall(r'href="(https?://[^"]+)"', page)
    [held] = re.findall(r'id="network-page">(.*?)</script>', page)
    assert len(set(re.findall(r'href="(https?://[^"]+)"', json.loads(held)))) > 100
    drawn = view.graph("Dy", "USA")
    assert page == other == drawn.html
    check_result("graph", drawn)
    # what was given is as it was
    now = {name: dict(cells) for name, cells in network.nodes(data=True)}, dict(network.graph)
    assert now == before


def test_a_part_of_a_network_brings_its_evidence_and_what_the_whole_loses(
    tmp_path: Path,
) -> None:
    network = view_in_memory().network("Dy", market="USA")
    part = network.subgraph([node for node in network if node.startswith("metal/")])
    mz.graph(part, tmp_path / "part.html")
    text = (tmp_path / "part.html").read_text(encoding="utf-8")
    assert 'href="https://' in text
    assert "if China stopped separating." in text


def test_embed_without_a_file_holds_the_whole_page(run: Run, tmp_path: Path) -> None:
    done = run("graph", *QUESTION, "--around", "Lynas Malaysia", "--embed")
    assert done.code == 0, done.err
    [held] = re.findall(r'^<iframe srcdoc="([^"]*)" title="', done.out)
    page = unescape(held)
    assert page.startswith("<!doctype html>")
    names = set(re.findall(r'<tr><th scope="row"><bdi data-opens="n\d+">([^<]*)', page))
    assert "Lynas Malaysia" in " ".join(names)
    assert 2 <= len(names) < 10
    assert "Content-Security-Policy" in page


def test_a_path_keeps_only_what_lies_on_it(run: Run, tmp_path: Path) -> None:
    svg = tmp_path / "path.svg"
    done = run("graph", *QUESTION, "--path", "Myanmar", "United States", "--svg", str(svg))
    assert done.code == 0, done.err
    titles = re.findall(
        r'<g class="card[^>]*><title>([^<(]*[^<( ])', svg.read_text(encoding="utf-8")
    )
    assert {"Myanmar", "China", "United States"} <= set(titles)
    assert not {"India", "Burundi", "Russia"} & set(titles)


def test_open_asks_the_browser_of_the_machine(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(url: str) -> bool:
        asked.append(url)
        return False

    monkeypatch.setattr(webbrowser, "open", refuse)
    page = tmp_path / "dy.html"
    done = run("graph", str(page), *QUESTION, "--stage", "Metal", "--open")
    assert (done.code, asked) == (0, [page.as_uri()])
    assert "No browser could be started" in done.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "There is nothing to write: name a file"),
        (["--open", "--embed"], "--open needs a page"),
        (["-", "--embed"], "Only one thing can go to stdout"),
        (["x.html", "--around", "Kuantann"], 'There is no "Kuantann" in the network'),
        (["x.html", "--around", "mountain"], "may be several in the network: "),
        (["x.html", "--stage", "mien"], 'There is no stage "mien"'),
        (["x.html", "--path", "United States", "Myanmar"], "No known route leads from"),
        (["--png", "x.png", "--width", "99999"], "pixels is too large"),
        (["no/x.html"], "cannot be written"),
    ],
    ids=lambda case: " ".join(case)[:30] if isinstance(case, list) else "",
)
def test_what_cannot_be_is_one_sentence(
    words: list[str], sentence: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sentence in run("graph", *words, *QUESTION).assert_refused()
    assert list(tmp_path.iterdir()) == []

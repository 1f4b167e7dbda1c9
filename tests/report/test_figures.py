"""Figures: the finding's numbers in the picture, the same bytes, and text that stays text."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from monazite.analysis.concentration.by_year import concentration_series
from monazite.analysis.concentration.shares import StageShares
from monazite.analysis.timeline.result import Timeline
from monazite.core.errors import UnknownNameError
from monazite.core.results import ViewSummary
from monazite.model.facilities.mapped_sites import MappedSite, MappedSites
from monazite.model.network.facts import read_facts
from monazite.report.drawing.palette import DARK, LIGHT
from monazite.report.drawing.plotting import Drawable, DrawnFigure
from monazite.report.figures.concentration import best_lines, concentration_drawing, hhi_drawing
from monazite.report.figures.figure import KINDS, Figure
from monazite.report.figures.from_svg import scenario_figure, timeline_figure
from monazite.report.figures.losses import losses_drawing
from monazite.report.figures.sites_map import map_drawing
from monazite.report.sankey.balance_picture import Sankey
from monazite.report.sankey.page import framed_sankey
from monazite.view.view import View
from tests.cli.contract import check_result
from tests.conftest import view_in_memory
from tests.report.drawings import SVG, across, middle, part, point, report, step, words, year
from tests.report.hostile import HOSTILE
from tests.report.outcomes import small_outcome
from tests.report.sankeys import hostile_sankey, small_sankey
from tests.report.timelines import hostile_timeline, small_timeline
from tests.sharing import only_whole

pytestmark = pytest.mark.whole


DAY = "2026-11-24"

EACH_LIBRARY = [
    *only_whole(*[each for each in KINDS if each not in {"hhi", "timeline"}]),
    "hhi",
    "timeline",
]
"""One that matplotlib draws, and one that we draw."""

LABELS = {"mine": "Mine", "separation": "Separation", "magnet": "Magnet"}


def of(kind: str) -> tuple[str, ...]:
    """The element, and the market where a figure is of one."""
    markets = {"losses", "map", "centrality", "replacement", "fixes"}
    return ("Dy", *(["USA"] if kind in markets else []))


@pytest.fixture(scope="module")
def view() -> View:
    return view_in_memory()


@pytest.fixture(scope="module")
def figures(view: View) -> dict[str, Figure]:
    return {kind: view.figure(kind, *of(kind)) for kind in KINDS}


@pytest.mark.parametrize("kind", EACH_LIBRARY)
def test_bytes_repeat_and_say_the_view(kind: str, view: View, figures: dict[str, Figure]) -> None:
    figure, again = figures[kind], view.figure(kind, *of(kind))
    assert figure == again
    check_result("figure", figure)
    assert figure.svg == again.svg
    root = ElementTree.fromstring(figure.svg)
    assert root.findall(f"{SVG}metadata")[-1].text == view.line()
    assert len(root.findall(f"{SVG}metadata")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_alt_text_says_leader_number_unit_and_year(kind: str, figures: dict[str, Figure]) -> None:
    alt = figures[kind].alt
    leader = {"map": "United States", "timeline": "Mountain Pass"}.get(kind, "China")
    unit = {
        "map": "plants",
        "balance": " t (forecast)",
        "hhi": "HHI ",
        "timeline": "dollars per",
        "backtest": "t against",
    }.get(kind, "\N{NO-BREAK SPACE}%")
    assert leader in alt
    assert unit in alt
    assert re.search(r"\b20[12]\d\b", alt)
    root = ElementTree.fromstring(figures[kind].svg)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert desc.text == alt == figures[kind].alt
    assert title.text == figures[kind].title
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_a_dark_form_and_a_credit_with_source_and_date(
    kind: str, figures: dict[str, Figure]
) -> None:
    figure = figures[kind]
    assert "prefers-color-scheme:dark" in figure.svg
    assert DARK["paper"] in figure.picture.svg("dark").lower()
    assert LIGHT["paper"] not in figure.picture.svg("dark").lower()
    light, dark = (
        Image.open(BytesIO(figure.png(48, dark=each))).convert("RGB").getpixel((1, 1))
        for each in (False, True)
    )
    assert (light, dark) == (rgb(LIGHT["paper"]), rgb(DARK["paper"]))
    root = ElementTree.fromstring(figure.svg)
    said = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    assert "Sources: " in said
    assert "Release of 24 Nov 2026." in said


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


@pytest.mark.parametrize("kind", EACH_LIBRARY)
def test_png_opens_and_has_the_asked_size_and_words(kind: str, figures: dict[str, Figure]) -> None:
    figure = figures[kind]
    root = ElementTree.fromstring(figure.svg)
    wide, high = float(root.get("width", 0)), float(root.get("height", 0))
    dpi = 48
    image = Image.open(BytesIO(figure.png(dpi)))
    image.load()
    assert image.size[0] == round(wide * dpi / 96)
    assert abs(image.size[1] - high * dpi / 96) <= 1
    assert round(image.info["dpi"][0]) == dpi
    assert image.info["Description"] == figure.alt
    assert image.info["Title"] == figure.title
    assert image.info["Source"] == (figure.view.text if figure.view else "")
    assert len(image.convert("L").getcolors() or ()) > 20


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_drawing_needs_a_style_or_a_network(
    kind: str, figures: dict[str, Figure]
) -> None:
    svg = figures[kind].svg
    assert " style=" not in svg
    assert "<script" not in svg
    assert not re.search(r'(?:href|src)="(?!#)', svg)
    if kind not in {"balance", "timeline", "map"}:
        assert svg.count("<style") == 1  # of dark screens alone: light needs none
        assert "<style" not in figures[kind].picture.svg("light")
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))


def test_bars_are_as_long_as_the_shares(view: View, figures: dict[str, Figure]) -> None:
    figure = figures["concentration"]
    for stage in view.chokepoints("Dy", "USA").stages:
        whole = across(part(figure, f"concentration-whole-{stage.stage}"))
        if stage.share is None:
            assert f"concentration-gap-{stage.stage}" in figure.svg
            continue
        bar = across(part(figure, f"concentration-share-{stage.stage}"))
        assert bar / whole == pytest.approx(stage.share, abs=1e-4)
        for other in stage.others:
            assert f"concentration-other-{other.stage}" in figure.svg
            assert f"other figure {other.leader}" in figure.alt.replace("\N{NO-BREAK SPACE}", " ")
        assert stage.hhi is not None
        assert words(figure, f"concentration-hhi-{stage.stage}") == f"{stage.hhi:,.0f}"


def test_marks_of_the_hhi_stand_at_index_and_year(view: View, figures: dict[str, Figure]) -> None:
    lines = best_lines(concentration_series(read_facts(view.store, "Dy", view.valid)))
    places = {
        (line.year, line.hhi): middle(part(figures["hhi"], f"hhi-hhi-{line.stage}-{line.year}"))
        for line in lines
        if line.stage in {"mine", "separation"}  # marks that are even about their middle
    }
    told = sorted(places)
    (year_a, hhi_a), (year_b, hhi_b) = told[0], max(told, key=lambda pair: pair[1] or 0)
    assert hhi_a is not None
    assert hhi_b is not None
    down = (places[year_a, hhi_a][1] - places[year_b, hhi_b][1]) / (hhi_b - hhi_a)
    along = (places[year_b, hhi_b][0] - places[year_a, hhi_a][0]) / (year_b - year_a)
    for (when, index), (x, y) in places.items():
        assert index is not None
        assert x == pytest.approx(places[year_a, hhi_a][0] + along * (when - year_a), abs=0.1)
        expected = places[year_a, hhi_a][1] - down * (index - hhi_a)
        assert y == pytest.approx(expected, abs=1.5)  # a triangle's middle is not its centre


def sankey_figure(picture: Sankey, title: str, alt: str, width: float | None = None) -> DrawnFigure:
    def document(theme: str, source: str) -> str:
        return framed_sankey(picture, title, alt, source, theme)

    return DrawnFigure(title, alt, document, width)


def hostile_pictures() -> list[Drawable]:
    stages = [
        StageShares(text, 0.5, text, 0.5, 2500.0, text, text, 2020, (), text, 0.4, 0.6, 1.0, 2.0)
        for text in HOSTILE
    ]
    losses = [
        point(id=text, label=text, kind=("country", text)[n % 2], event=text)
        for n, text in enumerate(HOSTILE)
    ]
    sites = [
        MappedSite(text, text, ("mine", text)[n % 2], text, n * 7.0, n * 14.0, text, text, ())
        for n, text in enumerate(HOSTILE)
    ]
    lines = [
        year(stage=text, material=text, leader_label=text, rank=2, year=2000 + n)
        for n, text in enumerate(HOSTILE)
    ]
    steps = [step(text, "Effective", "2010-01-01") for text in HOSTILE]
    labels = {text: text for text in HOSTILE}
    kinds = dict.fromkeys(HOSTILE, "Export ban")
    return [
        concentration_drawing(stages, labels, HOSTILE[0], 760),
        losses_drawing(report(*losses, title=HOSTILE[1], market_label=HOSTILE[5]), 760),
        hhi_drawing(lines, labels, steps, kinds, HOSTILE[0], DAY, 760),
        map_drawing(MappedSites(tuple(sites), ((HOSTILE[0], HOSTILE[1]),)), labels, DAY, 760),
        sankey_figure(hostile_sankey(), HOSTILE[0], HOSTILE[1], 760),
        timeline_figure(hostile_timeline()),
    ]


@pytest.mark.parametrize("number", range(6))
def test_hostile_text_stays_text(number: int) -> None:
    figure = Figure("hostile", hostile_pictures()[number], view=ViewSummary(HOSTILE[0], {}))
    root = ElementTree.fromstring(figure.svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert not tags & {"script", "img", "foreignObject", "a", "b"}
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on")]
    assert "\u202e" not in figure.svg
    shown = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    assert max(map(len, shown)) < 200
    assert Image.open(BytesIO(figure.png(48))).size[0] > 100


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "lossses"}, 'There is no figure "lossses"; did you mean "losses"?'),
        ({"kind": "map", "width": 10}, "A figure is 600 to 2,400 pixels wide, not 10."),
    ],
)
def test_what_cannot_be_drawn_is_refused(given: dict[str, object], said: str, view: View) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(said)):
        view.figure(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_it_can_be_hashed_and_says_what_it_is(kind: str, figures: dict[str, Figure]) -> None:
    figure = figures[kind]
    assert {figure, figure} == {figure}
    assert repr(figure).startswith(f"<Figure {kind}: ")
    assert figure.row_keys
    assert list(figure.to_dataframe()["row"]) == list(figure.row_keys)
    assert list(figure.to_dict()) == ["view", "kind", "title", "alt", "rows"]


def test_a_figure_is_written_by_its_ending(figures: dict[str, Figure], tmp_path: Path) -> None:
    figures["hhi"].write(tmp_path / "hhi.png", dpi=48)
    figures["hhi"].write(tmp_path / "hhi.svg")
    assert (tmp_path / "hhi.png").read_bytes() == figures["hhi"].png(48)
    assert (tmp_path / "hhi.svg").read_text("utf-8") == figures["hhi"].svg
    with pytest.raises(UnknownNameError, match=r'A figure is .svg or .png, not "x.pdf"'):
        figures["hhi"].write(tmp_path / "x.pdf")
    with pytest.raises(UnknownNameError, match="24 to 600 dots to an inch, not 5000"):
        figures["hhi"].png(5000)
    assert len([*tmp_path.iterdir()]) == 2


def test_a_width_is_kept(view: View) -> None:
    figure = view.figure("concentration", "Dy", width=600)
    assert ElementTree.fromstring(figure.svg).get("width") == "600"
    assert Image.open(BytesIO(figure.png(96))).size[0] == 600


def test_the_outer_picture_alone_is_named_and_described() -> None:
    root = ElementTree.fromstring(sankey_figure(small_sankey(), "Who & what", "All <of> it").svg())
    assert [each.text for each in root.findall(f"{SVG}title")] == ["Who & what"]
    assert [each.text for each in root.iter(f"{SVG}desc")] == ["All <of> it"]


def test_a_width_scales_the_whole() -> None:
    own, twice = (
        ElementTree.fromstring(sankey_figure(small_sankey(), "T", "A", width).svg())
        for width in (None, 600)
    )
    assert twice.get("width") == "600"
    assert twice.get("viewBox") == own.get("viewBox")
    part = 600 / float(own.get("width", 0))
    assert float(twice.get("height", 0)) == pytest.approx(part * float(own.get("height", 0)), 1e-3)


def test_a_timeline_says_what_it_finds_and_names_each_event_of_its_picture() -> None:
    timeline = small_timeline()
    figure = timeline_figure(timeline)
    assert figure.title == timeline.finding
    assert figure.alt.startswith(f"{timeline.finding} ")
    for turn in timeline.short:
        assert turn.event.what in figure.alt
    assert f"Of all {len(timeline.events)} lines by kind" in figure.alt
    empty = Timeline("A mine", None, None, "1960-01-01", None, (), ())
    assert timeline_figure(empty).alt == "No dated record speaks of A mine."


OUTCOME = small_outcome()


def test_svg_and_png_have_the_width_that_is_asked_for() -> None:
    figure = scenario_figure(OUTCOME, width=600)
    assert ' width="600" height="' in figure.svg()
    assert figure.pixels(96).size[0] == 600
    assert figure.pixels(192, "dark").size[0] == 1200

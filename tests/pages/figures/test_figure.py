"""Figures: the finding's numbers in the picture, the same bytes, and text that stays text."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from monazite.errors import UnknownNameError
from monazite.findings.losses.result import BaseYearFigures, Chokepoint, Chokepoints
from monazite.findings.plants.mapped_sites import MappedSite, MappedSites, find_mapped_sites
from monazite.findings.shares.by_year import ConcentrationYear, concentration_series
from monazite.findings.shares.concentration import StageShares, stage_shares
from monazite.findings.timeline.dated_events import DatedEvent
from monazite.network.facts import read_facts
from monazite.pages.drawing.plotting import Drawing
from monazite.pages.figures.bars import concentration_drawing
from monazite.pages.figures.figure import KINDS, Drawable, Figure, alt_text
from monazite.pages.figures.from_svg import SvgFigure
from monazite.pages.figures.hhi import best_lines, hhi_drawing
from monazite.pages.figures.losses import losses_drawing
from monazite.pages.figures.policy_spans import restraint_spans
from monazite.pages.figures.projection import project, read_world
from monazite.pages.figures.worldmap import map_drawing
from monazite.pages.sankey.page import sankey_svg
from monazite.pages.timeline.svg import timeline_svg
from monazite.result import ViewSummary
from monazite.view import View
from monazite.view.figure_findings import FIGURES
from tests.conftest import view_in_memory
from tests.pages.hostile import HOSTILE
from tests.pages.sankeys import hostile_sankey
from tests.pages.timelines import hostile_timeline

SVG = "{http://www.w3.org/2000/svg}"
DAY = "2026-11-24"
_COMPARED = ("hhi", "losses", "map")
LABELS = {"mine": "Mine", "separation": "Separation", "magnet": "Magnet"}


@pytest.fixture(scope="module")
def view() -> View:
    return view_in_memory()


@pytest.fixture(scope="module")
def figures(view: View) -> dict[str, Figure]:
    return {kind: view.figure(kind, "Dy", "USA") for kind in KINDS}


def part(figure: Figure | Drawable, name: str) -> list[tuple[float, float]]:
    """The corners of a named part of an SVG."""
    text = figure.svg if isinstance(figure, Figure) else figure.svg()
    root = ElementTree.fromstring(text)
    found = next(each for each in root.iter() if each.get("id") == name)
    numbers = re.findall(r"-?[\d.]+", found.findall(f".//{SVG}path")[0].get("d", ""))
    return [(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def words(figure: Figure | Drawable, name: str) -> str:
    text = figure.svg if isinstance(figure, Figure) else figure.svg()
    root = ElementTree.fromstring(text)
    return "".join(next(e for e in root.iter() if e.get("id") == name).itertext()).strip()


def across(points: list[tuple[float, float]]) -> float:
    xs = [x for x, _ in points]
    return max(xs) - min(xs)


def middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2


def point(**given: object) -> Chokepoint:
    plain = Chokepoint(
        1, "separation/CHN", "China at separation", "country", "separation", "CHN", "outage",
        0.7, 0.5, 0.9, 0.7, (), "", None, None, None, None, None, None, "", 2024, (), (),
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


def report(*points: Chokepoint, **given: object) -> Chokepoints:
    base = BaseYearFigures(
        2024, "magnets", "t", 100.0, "short-run", 1.5, 1.0, None, "outage", None, {}, {}, (), ()
    )
    plain = Chokepoints("Dy", "Dysprosium", "USA", "United States", (), points, base)
    return replace(plain, **given)  # type: ignore[arg-type]


def year(**given: object) -> ConcentrationYear:
    plain = ConcentrationYear(
        "mine", 1, "dysprosium", 2020, 5000.0, 5000.0, 5000.0, None, None, "CHN", "China", 0.7,
        3, 0.0, "line sum", "reo", ("bgs",), (), {"CHN": 0.7},
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_repeat_and_say_the_view(kind: str, view: View, figures: dict[str, Figure]) -> None:
    figure, again = figures[kind], view.figure(kind, "Dy", "USA")
    assert figure == again
    assert figure.svg == again.svg
    root = ElementTree.fromstring(figure.svg)
    assert root.findall(f"{SVG}metadata")[-1].text == view.line()
    assert len(root.findall(f"{SVG}metadata")) == 1


@pytest.mark.whole
@pytest.mark.parametrize("kind", KINDS)
def test_pixels_repeat(kind: str, view: View, figures: dict[str, Figure]) -> None:
    assert figures[kind].png(48) == view.figure(kind, "Dy", "USA").png(48)


@pytest.mark.whole
def test_bytes_are_the_same_in_another_process(figures: dict[str, Figure]) -> None:
    """Another process has another hash seed."""
    code = (
        "import hashlib, sys, monazite as mz\n"
        "view = mz.load()\n"
        f"for kind in {_COMPARED}:\n"
        "    drawn = view.figure(kind, 'Dy', 'USA')\n"
        "    print(hashlib.sha256(drawn.svg.encode()).hexdigest())\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = [hashlib.sha256(figures[kind].svg.encode()).hexdigest() for kind in _COMPARED]
    assert done.stdout.split() == ours


@pytest.mark.parametrize("kind", KINDS)
def test_alt_text_says_leader_number_unit_and_year(kind: str, figures: dict[str, Figure]) -> None:
    alt = alt_text(figures[kind])
    leader = "United States" if kind == "map" else "China"
    unit = {"map": "plants", "balance": " t of ", "hhi": "HHI "}.get(kind, "\N{NO-BREAK SPACE}%")
    said = alt if kind != "timeline" else alt.replace(" %", unit)
    assert leader in said
    assert unit in said
    assert re.search(r"\b20[12]\d\b", alt)
    root = ElementTree.fromstring(figures[kind].svg)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert desc.text == alt == figures[kind].alt
    assert title.text == figures[kind].title
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


@pytest.mark.parametrize("kind", KINDS)
def test_png_opens_and_has_the_asked_size_and_words(kind: str, figures: dict[str, Figure]) -> None:
    figure = figures[kind]
    root = ElementTree.fromstring(figure.svg)
    wide, high = float(root.get("width", 0)), float(root.get("height", 0))
    for dpi in (48, 96):
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
    if kind not in {"balance", "timeline"}:
        assert "<style" not in svg
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))


def test_bars_are_as_long_as_the_shares(view: View, figures: dict[str, Figure]) -> None:
    figure, told = figures["concentration"], stage_shares(view.network("Dy", "USA"))
    for stage in told:
        whole = across(part(figure, f"concentration-whole-{stage.stage}"))
        if stage.share is None:
            assert f"concentration-gap-{stage.stage}" in figure.svg
            continue
        bar = across(part(figure, f"concentration-share-{stage.stage}"))
        assert bar / whole == pytest.approx(stage.share, abs=1e-4)
        assert stage.share_low is not None
        assert stage.share_high is not None
        if stage.share_high > stage.share_low:
            line = across(part(figure, f"concentration-range-{stage.stage}"))
            assert line / whole == pytest.approx(stage.share_high - stage.share_low, abs=1e-4)
        assert stage.hhi is not None
        assert words(figure, f"concentration-hhi-{stage.stage}") == f"{stage.hhi:,.0f}"


def test_a_hand_made_loss_stands_where_it_belongs() -> None:
    low, high = point(id="a", loss=0.0, loss_low=0.0, loss_high=0.0), point()
    drawing = losses_drawing(report(high, low), 760)
    zero, lost = (middle(part(drawing, f"losses-loss-{each}"))[0] for each in ("a", high.id))
    whole = (lost - zero) / 0.7
    span = part(drawing, f"losses-range-{high.id}")
    assert sorted(x for x, _ in span) == pytest.approx(
        [zero + 0.5 * whole, zero + 0.9 * whole], abs=0.05
    )
    assert words(drawing, f"losses-label-{high.id}").replace("\N{NO-BREAK SPACE}", " ") == "70 %"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Without China at separation, the United States loses 70 % of its magnets"),
        ({"loss": 1.0 - 1e-12}, "Without China at separation, the United States loses all its"),
        ({"loss": 1e-12}, "Without China at separation, the United States loses nothing of its"),
        ({"event": "licence"}, "If China at separation is licensed, the United States loses 70"),
    ],
)
def test_the_sentence_of_the_losses(given: dict[str, object], said: str) -> None:
    title = losses_drawing(report(point(**given)), 760).title
    assert title.replace("\N{NO-BREAK SPACE}", " ").startswith(said)


def test_a_loss_not_known_is_not_drawn_as_nothing() -> None:
    drawing = losses_drawing(report(point(loss=None), base=None), 760)
    assert drawing.title == "What the United States would lose of dysprosium is not known"
    assert "losses-loss-" not in drawing.svg()


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


def test_a_line_breaks_where_the_series_does() -> None:
    lines = [year(year=when, hhi=5000.0 + when) for when in (2018, 2019, 2020, 2021)]
    whole = hhi_drawing(lines, LABELS, (), {}, "Dy", DAY, 760).svg()
    lines[2] = replace(lines[2], broken="series: a to b")
    parted = hhi_drawing(lines, LABELS, (), {}, "Dy", DAY, 760)
    solid = 'stroke="#009e73" stroke-width="1.6"'
    assert (whole.count(solid), parted.svg().count(solid)) == (1, 2)


def test_the_title_says_that_a_peak_is_of_another_series() -> None:
    lines = [year(year=2019, hhi=9000.0), year(year=2020, hhi=5000.0)]
    same = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert same == "The HHI of mining of dysprosium peaked at 9,000 in 2019; in 2020 it is 5,000"
    lines[1] = replace(lines[1], broken="series: a to b")
    other = hhi_drawing(lines, LABELS, (), {}, "dysprosium", DAY, 760).title
    assert other == f"{same}, in another series"


def step(title: str, what: str, day: str, until: str = "") -> DatedEvent:
    return DatedEvent(
        "policy", day, day, day, title, what, what, (f"policy_events/{title}-{what}",),
        until=until, until_earliest=until, until_latest=until,
    )  # fmt: skip


def test_policies_are_spans_from_effective_to_ended() -> None:
    steps = [
        step("Quota", "Announced", "1998-01-01"),
        step("Quota", "Effective", "1999-01-01"),
        step("Quota", "Ended", "2014-12-31"),
        step("Control", "Effective", "2025-10-01"),
        step("Control", "Suspended until 2026-11-10", "2025-11-01", "2026-11-10"),
        step("Never", "Announced", "2020-01-01"),
        step("Loan", "Effective", "2020-01-01"),
    ]
    quota, control = restraint_spans(steps, {"Quota", "Control", "Never"})
    assert (quota.title, quota.begins, round(quota.ends or 0, 1)) == ("Quota", 1999.0, 2015.0)
    assert quota.paused is None
    assert (control.begins, control.ends) == (2025.75, None)
    assert control.paused is not None
    assert control.paused[0] == pytest.approx(2025.83, abs=0.01)
    assert control.paused[1] == pytest.approx(2026.86, abs=0.01)
    assert len(quota.rows) == 3


def test_a_policy_issued_year_by_year_is_one_span() -> None:
    steps = [
        each
        for when in (2011, 2012, 2013)
        for each in (
            step(f"Quota {when}", "Effective", f"{when}-01-01"),
            step(f"Quota {when}", "Ended", f"{when}-12-31"),
        )
    ]
    (span,) = restraint_spans(steps, {"Quota 2011", "Quota 2012", "Quota 2013"})
    assert (span.title, span.begins, round(span.ends or 0, 1)) == (
        "Quota, year by year",
        2011,
        2014,
    )
    assert len(span.rows) == 6


def test_the_map_places_facilities_where_the_rows_do(
    view: View, figures: dict[str, Figure]
) -> None:
    sites = find_mapped_sites(read_facts(view.store, "Dy", view.valid)).found
    chosen = [site for site in sites if site.stage == "separation" and site.runs]
    alone = [s for s in chosen if sum(o.facility == s.facility for o in sites) == 1]
    placed = []
    for site in alone:
        x, y = middle(part(figures["map"], f"map-spot-separation-{site.facility}"))
        east, north = project(site.longitude, site.latitude)
        placed.append((x, y, east, -north))
    assert len(placed) > 3
    for one, other in pairwise(sorted(placed)):
        if other[2] - one[2] > 0.05:
            scale = (other[0] - one[0]) / (other[2] - one[2])
            assert scale == pytest.approx(712 / 4.9, rel=0.15)


def test_the_projection_keeps_areas() -> None:
    """A cell of a degree has, on the sphere of radius 1, the area that its sine gives."""
    from math import radians, sin

    for south in (-50.0, 0.0, 30.0, 70.0):
        ring = [(11.0, south), (12.0, south), (12.0, south + 1), (11.0, south + 1)]
        flat = [project(*each) for each in ring]
        area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*flat, flat[0]]))) / 2
        true = radians(1) * (sin(radians(south + 1)) - sin(radians(south)))
        assert area == pytest.approx(true, rel=1e-3)


def test_the_land_is_where_it_should_be() -> None:
    def inside(longitude: float, latitude: float) -> bool:
        odd = False
        for ring in read_world().land:
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
                if (y1 > latitude) != (y2 > latitude):
                    odd ^= longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
        return odd

    land = [(109.97, 41.78), (-115.5, 35.5), (122.5, -28.9), (178.5, 67.0), (185.0, 67.0)]
    assert all(inside(*place) for place in land)  # Bayan Obo, Mountain Pass, Mt Weld, Chukotka
    assert not any(inside(*place) for place in [(-30.0, 30.0), (-140.0, 0.0), (51.0, 42.0)])


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
        SvgFigure("balance", HOSTILE[0], HOSTILE[1], sankey_svg(hostile_sankey()), 760),
        SvgFigure("timeline", HOSTILE[5], HOSTILE[3], timeline_svg(hostile_timeline()), None),
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


def test_a_dollar_is_a_dollar() -> None:
    stage = StageShares("mine", None, "US$ and A$", 0.5, 2500.0, "", "", 2020, ())
    svg = concentration_drawing([stage], {"mine": "$x^2$ mine"}, "Dy", 760).svg()
    assert "US$ and A$ 50" in svg
    assert ">$x^2$ mine<" in svg


def test_what_the_font_lacks_is_a_box_in_the_picture_and_itself_in_the_words() -> None:
    stage = StageShares("mine", None, "中国", 0.5, 2500.0, "", "", 2020, ())
    drawing = concentration_drawing([stage], {"mine": "Mine"}, "Dy", 760)
    texts = [
        "".join(e.itertext()) for e in ElementTree.fromstring(drawing.svg()).iter(f"{SVG}text")
    ]
    assert any(text.startswith("□□ 50") for text in texts)
    assert "中国" in drawing.alt


def test_nothing_of_the_readers_settings_gets_in_or_is_changed() -> None:
    import matplotlib as mpl

    stage = StageShares("mine", None, "China", 0.5, 2500.0, "", "", 2020, ())
    drawing = concentration_drawing([stage], {"mine": "Mine"}, "Dy", 760)
    plain = drawing.svg()
    with mpl.rc_context({"svg.fonttype": "path", "lines.linewidth": 9, "svg.hashsalt": None}):
        before = dict(mpl.rcParams)
        assert drawing.svg() == plain
        assert dict(mpl.rcParams) == before


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
    assert len(repr(figure)) < 200
    assert figure.row_keys
    assert list(figure.to_dataframe()["row"]) == list(figure.row_keys)
    assert list(figure.to_dict()) == ["view", "kind", "title", "alt", "rows"]
    assert "<svg" in figure._repr_html_()


def test_a_figure_is_written_by_its_ending(figures: dict[str, Figure], tmp_path: Path) -> None:
    figures["map"].write(tmp_path / "map.png", dpi=48)
    figures["map"].write(tmp_path / "map.svg")
    assert (tmp_path / "map.png").read_bytes() == figures["map"].png(48)
    assert (tmp_path / "map.svg").read_text("utf-8") == figures["map"].svg


def test_there_is_a_drawing_of_each_kind() -> None:
    assert tuple(FIGURES) == KINDS


def test_a_resolution_has_bounds(figures: dict[str, Figure]) -> None:
    with pytest.raises(UnknownNameError, match="24 to 600 dots to an inch, not 5000"):
        figures["losses"].png(5000)


def test_a_notebook_shows_the_svg(figures: dict[str, Figure]) -> None:
    assert figures["hhi"]._repr_svg_() == figures["hhi"].svg


def test_a_width_is_kept_by_every_kind(view: View) -> None:
    for kind in ("concentration", "balance"):
        figure = view.figure(kind, "Dy", width=600)
        assert ElementTree.fromstring(figure.svg).get("width") == "600"
        assert Image.open(BytesIO(figure.png(96))).size[0] == 600


def test_a_drawing_holds_nothing_from_the_clock() -> None:
    drawing = Drawing("losses", "T", "", "A", 480, 100, lambda page: page.text(9, 90, "x"))
    assert drawing.svg() == drawing.svg()
    assert not re.search(r"20\d\d-\d\d-\d\d", drawing.svg())

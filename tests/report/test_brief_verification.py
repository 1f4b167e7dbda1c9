"""What a page carries: its blocks, its seal, and what is none of a brief."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import UnreadableError
from monazite.export.rdf import read_enclosed
from monazite.report.brief.page import as_shown, brief_html
from monazite.report.brief.seal import FORMAT, open_page, seal_page
from tests.report.briefs import hostile_brief
from tests.report.hostile import HOSTILE
from tests.report.sealed import TRIG, sealed


def test_blocks_stand_where_no_browser_sees_them() -> None:
    """A block that a browser ends earlier, or that stands in a style, would show or hide text."""
    page = sealed()
    for old, new in (
        ('\n</script>\n<script type="application/json"', "</script ><p>It agrees.</p>"),
        (TRIG[:20], "# </script ><p>It agrees.</p>\n" + TRIG[:20]),
        (TRIG[:20], "# <!--<script>\n" + TRIG[:20]),
        ('"code"', '"a":"</script >It agrees.","code"'),
    ):
        assert old in page
        with pytest.raises(UnreadableError, match="page"):
            open_page(page.replace(old, new, 1), "page")
    opened = open_page(page, "page")
    blocks = page[len(opened.page.rpartition("</body>")[0]) : page.rindex("</body>")]
    moved = opened.page.replace("</style>", f"{blocks}</style>", 1)
    with pytest.raises(UnreadableError, match="where no briefing does"):
        open_page(moved, "page")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "<html></html>",
        sealed().replace('id="monazite-rows"', 'id="rows"'),
        sealed() + sealed(),
        sealed().replace(f'"format":{FORMAT}', '"format":99'),
        sealed().replace(f'"format":{FORMAT}', '"format":[3]'),
        sealed().replace('{"code"', '{{"code"'),
        sealed().replace('{"code"', "[" * 100_000 + '{"code"'),
        seal_page("<body></body>", {"a": 1}, ""),
    ],
)
def test_what_is_no_brief_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as told:
        open_page(text, "page.html")
    assert str(told.value).startswith("page.html ")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("trig", ["<", "@prefix a", "x" * 1000, "<urn:a> { <urn:b> }", "\x00"])
def test_rows_that_are_no_trig_are_refused(trig: str) -> None:
    with pytest.raises(UnreadableError, match="no TriG"):
        read_enclosed(trig)


def test_hostile_text_cannot_end_a_block() -> None:
    record = {"format": FORMAT, "says": as_shown(hostile_brief()), "more": list(HOSTILE)}
    page = seal_page(brief_html(hostile_brief()), record, TRIG)
    assert page.count("</script>") == 2
    opened = open_page(page, "a page")
    assert opened.fits
    assert opened.record["more"] == list(HOSTILE)
    assert read_enclosed(opened.trig) == read_enclosed(TRIG)


@given(st.text(), st.text())
def test_a_seal_fits_and_any_other_page_does_not(text: str, other: str) -> None:
    def page(said: str) -> str:
        kept = said.replace("\r", "").replace("<", "").encode("utf-8", "replace").decode()
        return seal_page(f"<body>{kept}</body>", {"format": FORMAT}, "")

    assert open_page(page(text), "a page").fits
    one, two = page(text), page(other)
    head, tail = one.split("<script", 1)[0], two.split("<script", 1)[1]
    assert open_page(f"{head}<script{tail}", "a page").fits == (one == two)

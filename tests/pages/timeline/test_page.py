"""The page of a timeline: one file, a strict policy, every line with its numbered sources."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from monazite.findings.plants.lives import read_lives
from monazite.pages.timeline.page import (
    tell_life,
    timeline_csv,
    timeline_dict,
    timeline_html,
    timeline_tables,
)
from monazite.triples.store import Store
from tests.pages.elements import Reader
from tests.pages.timelines import hostile_timeline, small_timeline


def test_the_policy_allows_the_one_style_and_nothing_else() -> None:
    page = timeline_html(small_timeline())
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(m["content"] for m in Reader(page).all("meta") if "http-equiv" in m)
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy


def test_nothing_in_it_reaches_out() -> None:
    reader = Reader(timeline_html(small_timeline()))
    assert {"script", "img", "iframe", "object", "embed"} & {
        tag for tag, _ in reader.elements
    } == set()
    assert [link["href"] for link in reader.all("link")] == ["data:,"]
    addresses = [a["href"] or "" for a in reader.all("a")]
    assert {a for a in addresses if not a.startswith("#")} == {"https://example.org/a"}


def test_every_line_stands_in_the_table_with_numbered_sources() -> None:
    timeline = small_timeline()
    page = timeline_html(timeline, "View: all")
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    assert body.count("<tr>") == len(timeline.happenings)
    for happening in timeline.happenings:
        assert happening.rows[0] in body
    ids = {li["id"] for li in Reader(page).all("li") if "id" in li}
    linked = {a["href"] for a in Reader(page).all("a") if (a["href"] or "").startswith("#")}
    assert {f"#{name}" for name in ids} == linked == {"#source-1", "#source-2"}
    assert "A survey" in page
    assert "undated, tier 4" in page
    assert "View: all" in page
    assert "3 rows are left out." in page
    assert "only the year" in body


def test_hostile_text_stays_text() -> None:
    page = timeline_html(hostile_timeline(), hostile_timeline().title)
    reader = Reader(page)
    assert "script" not in {tag for tag, _ in reader.elements}
    assert "img" not in {tag for tag, _ in reader.elements}
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not str(attributes.get("href") or "").lower().startswith("javascript")
    assert "{{ 7 * 7 }}" in page
    assert "49" not in re.findall(r">(49)<", page)


def test_same_timeline_same_bytes() -> None:
    assert timeline_html(small_timeline()) == timeline_html(small_timeline())


def test_the_table_and_the_json_tell_the_same() -> None:
    timeline = small_timeline()
    (table,) = timeline_tables(timeline)
    content = timeline_dict(timeline)
    lines = content["lines"]
    assert isinstance(lines, list)
    assert len(table.rows) == len(lines) == len(timeline.happenings)
    for row, line in zip(table.rows, lines, strict=True):
        assert row[0] == line["date"]
        assert row[3] == line["sentence"]
        assert row[-1] == line["rows"][0]
    assert table.remarks == ("3 rows are left out.",)
    partial = next(line for line in lines if line["date"] == "1952")
    assert (partial["certainty"], partial["earliest"], partial["latest"]) == (
        "year",
        "1952-01-01",
        "1952-12-31",
    )
    assert partial["sources"][0]["publisher"] == "A survey"
    assert partial["sources"][0]["tier"] == "1"


def test_csv_has_a_line_a_happening() -> None:
    table = timeline_csv(small_timeline())
    assert len(table.rows) == len(small_timeline().happenings)
    assert dict(zip(table.columns, table.rows[0], strict=True))["sources"] == "paper"


def test_a_life_in_a_sentence(store: Store) -> None:
    lives = read_lives(store)
    assert tell_life(lives.on("mountain-pass", "2010-12-31")) == (
        "On 2010-12-31: perhaps partly operating (other versions: suspended); mine operating, "
        "separation suspended. Owner: Molycorp. Operator: Molycorp."
    )
    assert tell_life(lives.on("bukit-merah", "1999-01-01")) == (
        "On 1999-01-01: closed. Owner: not known (last on record: Asian Rare Earth Sdn Bhd until "
        "1994). Operator: not known."
    )

"""The served explorer: its page, its parts, what is refused, and what is not there yet."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from monazite.rows.view_filters import Filters
from monazite.serve import answers
from monazite.serve.answers import Underway
from monazite.serve.live_explorer import LiveExplorer
from monazite.serve.settings import Settings
from monazite.serve.verbs import read_asked
from monazite.view.explorer import live
from tests.loops import run_in_loop
from tests.serve.near import NearDoor

VIEW = "/explorer/parts/view?element=Sc&market=USA"


def until_there(near: httpx.Client, path: str) -> object:
    """The part, when it is there."""
    for _ in range(600):
        answer = near.get(path)
        if answer.status_code != 202:
            assert answer.status_code == 200, answer.text
            return answer.json()
        assert answer.json()["seconds"] >= 0
    pytest.fail("it never comes")


def test_the_page_may_ask_this_server_and_nobody_else(near: httpx.Client) -> None:
    while "comes again by itself" in (page := near.get("/")).text:
        time.sleep(0.2)
    policy = page.headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert "http://" not in policy
    assert '<select id="horizon">' in page.text


def test_a_part_is_json_as_it_is_or_compressed(near: httpx.Client) -> None:
    part = until_there(near, VIEW)
    assert isinstance(part, dict)
    assert "scandium" in part["views"]
    plain = near.get(VIEW, headers={"Accept-Encoding": "identity"})
    while plain.status_code == 202:
        plain = near.get(VIEW, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == part


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("view?element=Xx&market=USA", 400, "no element"),
        ("view?element=Sc", 400, "needs market"),
        ("view?element=Sc&market=USA&valid=2025-13", 400, "is not a date"),
        ("view?element=Sc&market=USA&tier=9", 400, "There is no tier"),
        ("view?element=Sc&market=USA&horizon=soon", 400, "soon"),
        ("view?element=Sc&market=Nowhere", 400, "search with: /questions/entities-named?name=NAME"),
        ("view?element=Sc&market=USA&without=usgs-mcs-2026", 400, 'takes no "without"'),
        ("view?element=Sc&market=USA&tier=2&tier=4", 400, "is given twice"),
        ("nosuch", 404, "The explorer has no such part"),
        ("card", 400, "needs card"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    near: httpx.Client, asked: str, status: int, said: str
) -> None:
    answer = near.get(f"/explorer/parts/{asked}")
    while answer.status_code == 202:
        answer = near.get(f"/explorer/parts/{asked}")
    assert answer.status_code == status
    assert said in answer.json()["detail"]
    assert "monazite " not in answer.json()["detail"]


def test_days_and_tiers_narrow_the_view_of_the_server() -> None:
    door = NearDoor(Settings(Path(), filters=Filters(tier=2)), lambda _: pytest.fail("asked"))
    explorer = LiveExplorer(door)

    def filters(query: str) -> Filters:
        from starlette.requests import Request

        scope = {"type": "http", "query_string": query.encode(), "headers": []}
        return explorer.filters_of(Request(scope))

    assert filters("") == Filters(tier=2)
    assert filters("tier=all&valid=2025&known=2025-06") == Filters("2025-12-31", "2025-06-30", 2)
    assert filters("tier=3") == Filters(tier=2)  # no wider than the server's
    assert filters("tier=1") == Filters(tier=1)


def test_what_a_server_leaves_out_no_address_and_no_assistant_lets_in() -> None:
    served = Filters(known="2025-12-31", tier=2, without=("table:prices",))
    asked = [("known", "2026"), ("tier", "4"), ("without", "table:costs"), ("valid", "2020")]
    kept = Filters("2020", "2025-12-31", 2, ("table:prices", "table:costs"))
    assert read_asked(asked, (), served).filters == kept
    wider = {"known": "2026-05", "tier": 3, "without": ["table:costs"], "valid": "2020"}
    assert served.narrowed(wider) == kept
    assert served.narrowed({"known": "2024", "tier": 1}) == Filters(
        None, "2024-12-31", 1, ("table:prices",)
    )
    assert served.narrowed({"tier": 9}).tier == 9  # refused where the view is opened
    assert served.narrowed({}) == served


def test_what_takes_long_is_worked_out_once_and_waits_for_who_asked() -> None:
    async def ask() -> None:
        underway, worked = Underway(NearDoor(Settings(Path()), lambda _: None)), []  # type: ignore[arg-type,return-value]

        def slow(view: object, given: object) -> bytes:
            worked.append(given)
            time.sleep(0.3)
            return b"done"

        first = await underway.ask(slow, {"a": 1}, Filters(), patience=0.01)
        assert isinstance(first, float)
        assert await underway.ask(slow, {"a": 1}, Filters(), patience=5) == b"done"
        assert worked == [{"a": 1}]

    run_in_loop(ask)


def test_work_that_is_begun_anew_is_not_forgotten_with_the_work_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answers, "_LEFT", 0.3)

    async def ask() -> None:
        underway, takes = Underway(NearDoor(Settings(Path()), lambda _: None)), [0.0, 0.8]  # type: ignore[arg-type,return-value]

        def slow(view: object, given: object) -> bytes:
            time.sleep(takes.pop(0))
            return b"done"

        assert await underway.ask(slow, {}, Filters(), patience=5, keep=False) == b"done"
        begun = await underway.ask(slow, {}, Filters(), patience=0.4, keep=False)
        going_on = await underway.ask(slow, {}, Filters(), patience=0.01, keep=False)
        assert isinstance(begun, float)
        assert isinstance(going_on, float)
        assert going_on > begun, "the seconds do not begin anew"
        assert await underway.ask(slow, {}, Filters(), patience=5, keep=False) == b"done"
        assert not takes

    run_in_loop(ask)


def test_an_error_reaches_who_asks_again() -> None:
    async def ask() -> None:
        underway = Underway(NearDoor(Settings(Path()), lambda _: None))  # type: ignore[arg-type,return-value]

        def wrong(view: object, given: object) -> bytes:
            time.sleep(0.1)
            raise LookupError("not this one")

        assert isinstance(await underway.ask(wrong, {}, Filters(), patience=0.01), float)
        with pytest.raises(LookupError, match="not this one"):
            await underway.ask(wrong, {}, Filters(), patience=5)

    run_in_loop(ask)


def test_a_card_and_the_names_come_too(near: httpx.Client) -> None:
    card = until_there(near, "/explorer/parts/card?card=facility/mountain-pass")
    assert isinstance(card, dict)
    assert "Mountain Pass" in card["markup"]
    assert until_there(near, "/explorer/parts/names")
    assert live.names_part.__module__ == "monazite.view.explorer.live"  # a worker imports it

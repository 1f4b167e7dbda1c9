"""Pages of things and of the explorer: the form that is taken, and what is not there."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from starlette.requests import Request

from monazite.data.filters import Filters
from monazite.server.answers import Underway, refusal
from monazite.server.findings import read_asked
from monazite.server.pages import LiveExplorer
from monazite.server.settings import Settings
from tests.conftest import view_in_memory
from tests.loops import run_in_loop
from tests.server.near import NearDoor

pytestmark = pytest.mark.whole


MINE = "/id/facility/mountain-pass"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (BROWSER, "text/html"),
        ("*/*", "text/turtle"),
        ("", "text/turtle"),
        ("text/turtle;q=0.5, application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/trig", "application/trig"),
        ("text/*;q=0.3, text/turtle;q=0.1", "text/html"),
    ],
)
def test_the_form_is_the_one_that_is_taken(near: httpx.Client, accept: str, media: str) -> None:
    answer = near.get(MINE, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media
    assert "Accept" in answer.headers["vary"]
    assert f'type="{media}"' not in answer.headers["link"]
    assert answer.headers["link"].count('rel="alternate"') == 4


@pytest.mark.parametrize(
    ("ending", "media"),
    [
        (".ttl", "text/turtle"),
        (".jsonld", "application/ld+json"),
        (".nt", "application/n-triples"),
        (".trig", "application/trig"),
        (".html", "text/html"),
    ],
)
def test_the_ending_comes_before_the_header(near: httpx.Client, ending: str, media: str) -> None:
    answer = near.get(f"{MINE}{ending}", headers={"Accept": "image/png"})
    assert answer.headers["content-type"].split(";")[0] == media
    assert answer.headers["content-location"] == f"{MINE}{ending}"


def test_what_takes_none_of_the_forms_is_refused(near: httpx.Client) -> None:
    answer = near.get(MINE, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


def test_the_data_are_those_of_an_export(near: httpx.Client) -> None:
    view = view_in_memory()
    turtle = near.get(f"{MINE}.ttl").content
    assert turtle == view.export("turtle", "facility/mountain-pass")
    triples = {*map(str, ox.parse(turtle, format=ox.RdfFormat.TURTLE))}
    lines = near.get(f"{MINE}.nt").content
    assert {*map(str, ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))} == triples


def test_an_id_that_another_took_the_place_of_leads_there(near: httpx.Client) -> None:
    answer = near.get("/id/organisation/us-dow")
    assert answer.status_code == 301
    assert answer.headers["location"] == "/id/organisation/us-dod"
    assert near.get("/id/organisation/us-dow.html").headers["location"].endswith("us-dod.html")
    merged = near.get("/id/facility/Mountain-Pass.ttl")
    assert merged.headers["location"] == f"{MINE}.ttl"


def test_what_is_not_there_is_said_with_what_comes_near(near: httpx.Client) -> None:
    page = near.get("/id/facility/mountain-pas.html")
    assert page.status_code == 404
    assert "There is no facility" in page.text
    assert f'href="{MINE}"' in page.text
    data = near.get("/id/facility/mountain-pas")
    assert data.status_code == 404
    assert "id/facility/mountain-pass" in data.json()["detail"]
    other_kind = near.get("/id/organisation/mountain-pass").json()["detail"]
    assert "id/facility/mountain-pass" in other_kind
    assert "Near" not in near.get("/id/element/Zz").json()["detail"]  # no country for an element


@pytest.mark.parametrize(
    "path",
    [
        "/id/facility/..%2f..%2f..%2fetc%2fpasswd",
        "/id/Facility/mountain-pass",
        "/id/facility/%3Cscript%3E.html",
        "/id/facility/" + "a" * 5000,
        "/row/capacity/nosuch",
        "/row/..%2f/nosuch",
        "/scheme/..%2fmonazite",
        "/scheme/stage/nosuch",
        "/shape/nosuch.ttl",
        "/ns/../tables/sources.csv",
    ],
)
def test_tricks_with_paths_find_nothing(near: httpx.Client, path: str) -> None:
    answer = near.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text
    assert "<script>" not in answer.text
    assert "<b" not in answer.text.partition("<body>")[2].replace("<bdi", "")


def test_a_record_says_who_says_so(near: httpx.Client) -> None:
    path = "/row/ownership/mp-materials-mountain-pass-2017"
    page = near.get(f"{path}.html").text
    assert f'href="{MINE}"' in page
    assert 'href="/source/' in page
    turtle = near.get(f"{path}.ttl").text
    assert "<https://w3id.org/monazite" not in turtle.partition(" a mz:Ownership")[0][-200:]
    assert "prov:wasDerivedFrom" in turtle


def test_records_beyond_the_first_are_had_by_table(near: httpx.Client) -> None:
    page = near.get(f"{MINE}.html").text
    link = f"{MINE}.html?table=capacity&amp;from=20"
    assert link in page
    more = near.get(f"{MINE}.html?table=capacity&from=20").text
    assert "21 to " in more
    assert "All that is said of it" in more
    for begin in ("-1", "x", "9" * 30, ""):
        assert near.get(f"{MINE}.html?table=capacity&from={begin}").status_code == 200


def test_the_vocabulary_is_a_page_whose_anchors_are_its_terms(near: httpx.Client) -> None:
    page = near.get("/ns", headers={"Accept": BROWSER})
    assert page.status_code == 200
    for path in ("/scheme/stage/mine", "/scheme/stage"):
        told = near.get(path, headers={"Accept": BROWSER})
        assert told.status_code == 303
        address, _, anchor = told.headers["location"].partition("#")
        assert address == "/ns"
        assert f'id="{anchor}"' in page.text
    assert near.get("/ns/0.2.0", headers={"Accept": BROWSER}).headers["location"] == "/ns"


@pytest.mark.parametrize(
    "path",
    ["/ns", "/dataset", "/alignments", "/shape/capacity", "/scheme/stage", "/context.jsonld"],
)
@pytest.mark.parametrize("accept", [BROWSER, "*/*"])
def test_each_form_that_is_named_is_there(near: httpx.Client, path: str, accept: str) -> None:
    answer = near.get(path, headers={"Accept": accept})
    assert answer.status_code in {200, 303}
    links = re.findall("<([^>]+)>", near.get(path).headers.get("link", ""))
    assert bool(links) == (path != "/context.jsonld")
    for each in (*links, near.get(path).headers["content-location"]):
        assert near.get(each).status_code in {200, 303}


def test_a_browser_gets_a_page_where_nothing_is(near: httpx.Client) -> None:
    answer = near.get("/nothing", headers={"Accept": BROWSER})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in answer.text
    assert near.get("/nothing").json()["detail"] == "There is nothing at this address."
    for accept in (BROWSER, "*/*"):
        unknown = near.get("/questions/xyzzyxyzzy", headers={"Accept": accept}).text
        assert "list them with: /questions" in unknown
        assert "monazite query" not in unknown


@pytest.mark.parametrize(("status", "heading"), [(503, "Busy now"), (400, "")])
def test_a_browser_gets_each_refusal_as_a_page(status: int, heading: str) -> None:
    scope = {
        "type": "http",
        "path": "/findings/indices",
        "headers": [(b"accept", BROWSER.encode())],
    }
    answer = refusal(Request(scope), status, "Come again later.", {"Retry-After": "2"})
    text = bytes(answer.body).decode()
    assert f"<h1>{heading or 'Not possible'}</h1>" in text
    assert "Come again later." in text
    assert (answer.headers["retry-after"], answer.headers["vary"]) == ("2", "Accept")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    scope["headers"] = []
    plain = json.loads(bytes(refusal(Request(scope), status, "Come again later.").body))
    assert plain["detail"] == "Come again later."


def test_lists_shapes_and_terms_are_had_as_data(near: httpx.Client) -> None:
    for path, said in (
        ("/ns", "mz:Facility"),
        ("/scheme/stage", "skos:ConceptScheme"),
        ("/scheme/stage/mine", "skos:prefLabel"),
        ("/shape/capacity", "sh:NodeShape"),
        ("/dataset", "void:"),
    ):
        answer = near.get(path)
        assert answer.headers["content-type"].startswith("text/turtle")
        assert said in answer.text
    concept = near.get("/scheme/stage/mine.nt").text
    assert {line.split(" ")[0] for line in concept.splitlines()} == {
        "<https://w3id.org/monazite/scheme/stage/mine>"
    }
    assert json.loads(near.get("/ns.jsonld").content)
    context = near.get(f"{MINE}.jsonld").json()["@context"]
    assert context == near.get("/context.jsonld").json()["@context"]
    assert context["mz"] == "https://w3id.org/monazite/ns#"


def test_pages_forbid_all_but_their_style(near: httpx.Client) -> None:
    answer = near.get(f"{MINE}.html")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("frame-ancestors 'none'")
    assert "script-src" not in policy
    assert "<script" not in answer.text


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
    assert read_asked(asked, (), served) == ({}, kept)
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

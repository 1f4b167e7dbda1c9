"""Health and metrics: what a watcher reads, in a form that its own parser takes."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from monazite.shipped import VERSION
from tests.serve.conftest import Served


def counts(served: Served) -> dict[tuple[str, frozenset[str]], float]:
    text = served.client.get("/metrics").text
    return {
        (each.name, frozenset(each.labels.values())): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def test_it_is_well(small: Served) -> None:
    answer = small.client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": VERSION})
    assert answer.headers["cache-control"] == "no-store"


def test_requests_are_counted_by_what_answered_them(small: Served) -> None:
    key = ("monazite_requests_total", frozenset({"sparql", "GET", "400"}))
    other = ("monazite_requests_total", frozenset({"none", "other", "404"}))
    before = counts(small)
    small.client.get("/sparql?query=nonsense")
    small.client.request("BREW", "/coffee/1")
    small.client.request("BREW", "/coffee/2")
    after = counts(small)
    assert after[key] == before.get(key, 0) + 1
    assert after[other] == before.get(other, 0) + 2  # an address that nobody knows has no name


def test_what_is_done_now_is_told(small: Served) -> None:
    found = counts(small)
    for name in ("monazite_working", "monazite_waiting", "monazite_killed_total"):
        for team in ("quick", "long", "views"):
            assert found[(name, frozenset({team}))] >= 0
    assert found[("monazite_kept_bytes", frozenset())] >= 0
    kept = ("monazite_kept_answers_total", frozenset[str]())
    before = counts(small)[kept]
    for _ in range(2):
        small.ask("ASK { ?s ?p 'counted' }")
    assert counts(small)[kept] == before + 1


def test_both_formats_of_prometheus_are_spoken(small: Served) -> None:
    plain = small.client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=")
    asked = {"Accept": "application/openmetrics-text; version=1.0.0"}
    open_ = small.client.get("/metrics", headers=asked)
    assert open_.headers["content-type"].startswith("application/openmetrics-text")
    assert open_.text.endswith("# EOF\n")

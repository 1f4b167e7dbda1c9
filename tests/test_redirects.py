"""The map of redirects at w3id.org: every IRI of ours leads to one place, which is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox
import pytest

from monazite.findings.dataset.tables import view_iri
from monazite.rows.iris import BASE
from monazite.rows.reader import Tables
from monazite.shipped import ontology_folder
from monazite.triples.store import Store

FOLDER = ontology_folder()
SITE = "%{ENV:SITE}/"
PAGE = "ontology.html"
"""The page that ``monazite reference`` writes, which is not in the folder."""


@dataclass(frozen=True)
class Rule:
    """A line of the map; ``for_pages`` where it is for who asks for HTML."""

    pattern: re.Pattern[str]
    target: str
    for_pages: bool


def read_rules() -> list[Rule]:
    found, for_pages = [], False
    for line in (FOLDER / "w3id.htaccess").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] == ["RewriteCond"]:
            assert words[1:] == ["%{HTTP_ACCEPT}", "text/html"]
            for_pages = True
        elif words[:1] == ["RewriteRule"] and words[2] != "-":
            assert words[2].startswith(SITE)
            assert words[3].startswith("[R=303,")
            found.append(Rule(re.compile(words[1]), words[2].removeprefix(SITE), for_pages))
            for_pages = False
    return found


RULES = read_rules()


def led(iri: str, *, page: bool = False) -> set[str]:
    """Where the rules lead an IRI, of which a server sees no fragment, and unquoted."""
    path = unquote(iri.removeprefix(BASE).partition("#")[0])
    return {
        found.expand(rule.target.replace("$", "\\"))
        for rule in RULES
        if rule.for_pages == page and (found := rule.pattern.match(path))
    }


def test_every_iri_of_the_store_leads_to_one_file_that_is_there(store: Store) -> None:
    terms = {
        term
        for quad in store.quads()
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
    }
    named = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    iris = {iri for iri in named if iri.startswith(BASE)}
    assert len(iris) > 20_000
    targets = {iri: led(iri) for iri in iris}
    assert {iri: found for iri, found in targets.items() if len(found) != 1} == {}
    files = {file for found in targets.values() for file in found}
    assert {file for file in files if not (FOLDER / file).is_file()} == set()


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("ns#country", "monazite.ttl"),
        ("ns/0.1.0", "monazite.ttl"),
        ("file/examples/dysprosium-usa.svg", "../examples/dysprosium-usa.svg"),
        ("id/facility/mt-weld", "tables/facilities.csv"),
        ("row/prices/a%2Fb", "tables/prices.csv"),
        ("shape/prices", "shapes/prices.ttl"),
        ("alignments", "alignments.ttl"),
        ("graph/alignments", "alignments.ttl"),
        ("graph/direct-evidence", "dataset.ttl"),
        ("cube/production/value/structure", "dataset.ttl"),
        ("cube/dimension/country", "dataset.ttl"),
        ("observation/production/a/value", "dataset.ttl"),
        (view_iri({"valid": "2025-05-15"}).removeprefix(BASE), "dataset.ttl"),
        ("nothing/of/ours", None),
    ],
)
def test_what_only_exports_name_leads_there_too(path: str, file: str | None) -> None:
    assert led(BASE + path) == ({file} if file else set())


def test_every_kind_of_thing_leads_to_its_own_table(shipped: Tables) -> None:
    for table in shipped.schema.tables.values():
        path = f"{table.id_path}a" if table.id_path else f"row/{table.name}/a"
        assert led(BASE + path) == {f"tables/{table.name}.csv"}


def test_who_asks_for_pages_is_led_to_the_anchor() -> None:
    assert led(f"{BASE}ns#country", page=True) == {PAGE}
    assert led(f"{BASE}scheme/stage", page=True) == {f"{PAGE}#scheme-stage"}
    assert led(f"{BASE}scheme/stage/mine", page=True) == {f"{PAGE}#scheme-stage-mine"}

"""Opening a view: its filters are checked, and none is lost on the way."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any, NoReturn

import pytest

from monazite.errors import UnknownNameError
from monazite.view import View, load
from monazite.view.explorer.question import ExplorerQuestion
from tests.conftest import view_in_memory, write_small_ontology


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_ontology(tmp_path_factory.mktemp("opening") / "small")


def test_every_filter_is_in_the_view(small: Path) -> None:
    view = load(
        ontology=small, cache=False, valid="2025-06", known="2025", tier=3, without="digest"
    )
    told = view.describe()
    assert view.valid == "2025-06-30"
    assert (told["known"], told["tier"]) == ("2025-12-31", 3)
    assert told["without"] in (["digest"], ("digest",))


def test_without_a_day_it_is_that_of_the_release(small: Path) -> None:
    assert load(ontology=str(small), cache=False).valid == "2026-11-24"


@pytest.mark.parametrize("tier", [0, 5])
def test_a_tier_is_one_of_four(tier: int, small: Path) -> None:
    said = f"There is no tier {tier}; tiers are 1 (primary) to 4 (weak)."
    with pytest.raises(UnknownNameError, match=re.escape(said)):
        load(ontology=small, cache=False, tier=tier)


def test_tables_without_a_release_date_ask_for_a_day(small: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(small, tmp_path / "undated"))
    words = folder / "dataset.ttl"
    words.write_text(re.sub(r"dcterms:issued [^;.]*[;.]", "", words.read_text("utf-8")), "utf-8")
    with pytest.raises(UnknownNameError, match="name a day with valid="):
        load(ontology=folder, cache=False)
    assert load(ontology=folder, cache=False, valid="2025").valid == "2025-12-31"


MARKET_VERBS = sorted(
    name
    for name, verb in inspect.getmembers(View, inspect.isfunction)
    if not name.startswith("_") and "market" in inspect.signature(verb).parameters
    if name not in {"diff", "explore", "replace"}  # which draw no network, or several: see below
    if name != "exposure"  # asks another verb, and of a bill: cli/test_exposure.py
)
SPELLED = [
    *(("DE", "DEU"), ("de", "DEU"), ("UK", "GBR"), ("uk", "GBR"), ("EU", "EUE"), ("eu", "EUE")),
    *(("South Korea", "KOR"), ("south korea", "KOR"), ("Czech Republic", "CZE")),
    *(("czech republic", "CZE"), ("deu", "DEU"), ("Germany", "DEU")),
]
"""What a market is called, and its code."""
ASKED: dict[str, dict[str, Any]] = {
    "after": {"line": "China"},
    "export": {"format": "graphml"},
    "figure": {"kind": "losses"},
}
"""What else a verb has to be asked."""


class NoNetworkNeededError(Exception):
    """The market was found."""


@pytest.mark.parametrize(("word", "code"), SPELLED)
def test_every_verb_finds_a_market_by_its_words(
    monkeypatch: pytest.MonkeyPatch, word: str, code: str
) -> None:
    view = view_in_memory()
    found: list[object] = []

    def stop(_: object, *args: object, **named: object) -> NoReturn:
        found.append(named.get("market", args[-1]))
        raise NoNetworkNeededError

    monkeypatch.setattr("monazite.network.build.build_network", stop)
    monkeypatch.setattr("monazite.findings.indices.by_stage.find_indices", stop)
    over_years = "monazite.findings.centrality.over_years.find_centrality_over_years"
    monkeypatch.setattr(over_years, stop)
    assert len(MARKET_VERBS) > 10
    for verb in MARKET_VERBS:
        with pytest.raises(NoNetworkNeededError):
            getattr(view, verb)(element="Dy", market=word, **ASKED.get(verb, {}))
    assert found == [code] * len(MARKET_VERBS)


@pytest.mark.parametrize("word", ["DE", "germany"])
def test_what_changed_for_a_market_is_found_by_its_words(word: str) -> None:
    view = view_in_memory()
    days = ("2025-04-01", "2025-04-05")
    assert view.diff(*days, market=word) == view.diff(*days, market="DEU")


def test_the_markets_of_an_explorer_are_found_by_their_words() -> None:
    words, codes = zip(*SPELLED, strict=True)
    question = ExplorerQuestion(view_in_memory(), ["Dy"], words)
    assert question.buyers == codes
    assert question.markets("Dy") == ("DEU", "GBR", "EUE", "KOR", "CZE")


@pytest.mark.parametrize("word", ["uk", "Germany"])
def test_who_could_replace_a_country_is_asked_for_a_market_by_its_words(word: str) -> None:
    found = view_in_memory().replace("Dy", word, by=2028)
    assert found.market == dict(SPELLED)[word]

"""The store of a view: its rows, links and marks, loaded at first and kept for next time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monazite.errors import KeptStoreWarning, NotKnownError
from monazite.rows.filters import Filters
from monazite.rows.iris import EVIDENCE
from monazite.shipped import ontology_folder
from monazite.triples import opening
from monazite.triples.chunks import VIEW, read_chunks
from monazite.triples.opening import open_store
from monazite.triples.store import Store, store_of

KUANTAN_2024 = "https://w3id.org/monazite/row/capacity/kuantan-2024"
FROM = "http://www.w3.org/ns/prov#wasDerivedFrom"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MONAZITE_CACHE", str(folder))
    return folder


def sources_of(store: Store, row: str) -> set[str]:
    found = store.select(f"SELECT ?s {{ <{row}> <{FROM}> ?s }}")
    return {answer["s"].value.rsplit("/", 1)[1] for answer in found}


def open_kept(ontology: Path, filters: Filters) -> Store:
    view = open_store(ontology, filters=filters)
    view.wait()
    return view


def lines(store: Store) -> set[str]:
    return {str(quad) for quad in store.quads()}


def graphs(store: Store) -> set[str]:
    return {str(quad.graph_name)[1:-1] for quad in store.quads()}


def test_a_view_without_filters_is_the_store(cache: Path, small_ontology: Path) -> None:
    everything = open_store(small_ontology)
    assert lines(open_store(small_ontology, filters=Filters())) == lines(everything)
    wide = open_store(small_ontology, filters=Filters(tier=4))
    assert lines(wide) == lines(everything)
    assert wide.extent.rows == everything.extent.rows == wide.extent.all_rows


def test_a_row_keeps_only_links_to_sources_of_the_view(cache: Path, small_ontology: Path) -> None:
    assert sources_of(open_store(small_ontology), KUANTAN_2024) == {"annual", "digest"}
    filters = Filters(tier=2, without=("country_boxes",))  # boxes are in every view, and cite it
    view = open_store(small_ontology, filters=filters)
    assert sources_of(view, KUANTAN_2024) == {"annual"}
    described = view.select("SELECT ?s { ?s a <https://w3id.org/monazite/ns#Source> }")
    assert [answer["s"].value.rsplit("/", 1)[1] for answer in described] == ["annual"]


def test_identity_stays_without_its_sources(cache: Path, small_ontology: Path) -> None:
    view = open_store(small_ontology, filters=Filters(without=("digest",)))
    east = "https://w3id.org/monazite/row/facilities/kuantan-east"
    assert view.has_graph(east)
    assert sources_of(view, east) == set()


def test_what_perhaps_holds_is_marked_in_the_graph_of_the_view(
    cache: Path, small_ontology: Path
) -> None:
    view = open_store(small_ontology, filters=Filters(valid="2025-06-11"))
    marks = [quad for quad in view.quads() if str(quad.graph_name) == f"<{VIEW}>"]
    assert {str(quad.subject) for quad in marks} == {
        "<https://w3id.org/monazite/row/capacity/kuantan-2025>"  # 2025 is not over
    }
    assert {str(quad.object).split("^")[0] for quad in marks} == {'"2025-06-11"'}
    assert view.extent.perhaps == 1
    early = open_store(small_ontology, filters=Filters(valid="2011-06-11"))
    assert not early.has_graph(KUANTAN_2024)
    assert graphs(early) < graphs(open_store(small_ontology))
    assert EVIDENCE in graphs(early)


def test_a_view_is_kept_and_opened_like_the_store(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = Filters(valid="2025-06-11", tier=1)
    first = open_store(small_ontology, filters=filters)
    assert first.folder is None
    first.wait()
    monkeypatch.setattr(opening, "_open_view", None)
    again = open_store(small_ontology, filters=filters)
    assert again.folder is not None
    assert again.folder.name.startswith("view-")
    assert (lines(again), again.extent) == (lines(first), first.extent)
    with pytest.raises(TypeError):  # another view is another folder
        open_store(small_ontology, filters=Filters(valid="2025-06-12", tier=1))


def test_a_view_in_memory_is_the_same(cache: Path, small_ontology: Path) -> None:
    filters = Filters(known="2024-12-31")
    kept = open_kept(small_ontology, filters)
    found = lines(kept)
    shutil.rmtree(cache)
    memory = open_store(small_ontology, filters=filters, cache=False)
    assert lines(memory) == found
    assert not cache.exists()


@pytest.mark.parametrize("victim", ["rows.nq", "index.json"])
def test_damaged_chunks_are_built_again(cache: Path, small_ontology: Path, victim: str) -> None:
    built = open_store(small_ontology)
    built.wait()
    assert built.folder is not None
    file = built.folder / victim
    content = file.read_bytes()
    file.write_bytes(content.replace(b"1200", b"9200"))
    assert file.read_bytes() != content or victim == "index.json"
    file.write_bytes(file.read_bytes().replace(b'"annual"', b'"ennual"'))
    with pytest.warns(KeptStoreWarning, match="damaged and is built anew"):
        view = open_store(small_ontology, filters=Filters(tier=1))
    view.wait()
    assert view.extent.rows == 4
    assert lines(view) == lines(open_store(small_ontology, filters=Filters(tier=1), cache=False))
    assert file.read_bytes() == content


def test_a_full_cache_does_not_keep_the_view_from_its_reader(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_store(small_ontology).wait()

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(opening, "fill", full)
    with pytest.warns(KeptStoreWarning, match=r"No space left .* What is answered is right\."):
        view = open_kept(small_ontology, Filters(tier=1))
    assert view.extent.rows == 4
    assert [path.name.split("-")[0] for path in cache.iterdir()] == ["store"]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (
            Filters(known="1900-01-01"),
            "The data used has no records: no source was known by 1900-01-01, the first is of "
            "2024-10-31;"
            " take a later --known.",
        ),
        (
            Filters(without=("annual", "digest")),
            "The data used has no records: of 4 facts --without annual takes 3, --without digest "
            "takes 1, "
            "1 have no one source that passes all; widen one of them.",
        ),
        (
            Filters(tier=1, known="2024-01-01"),
            "The data used has no records: no source was known by 2024-01-01, the first is of "
            "2024-10-31;"
            " take a later --known.",
        ),
        (
            Filters(valid="1990-01-01", without=("coordinates",)),
            "The data used has no records: of 4 facts --valid 1990-01-01 takes 3, "
            "--without coordinates takes 1; widen one of them.",
        ),
    ],
)
def test_a_view_with_no_rows_says_what_emptied_it(
    cache: Path, small_ontology: Path, filters: Filters, said: str
) -> None:
    with pytest.raises(NotKnownError) as caught:
        open_store(small_ontology, filters=filters)
    assert str(caught.value) == said


def test_one_filter_alone_can_empty_a_view(cache: Path, small_ontology: Path) -> None:
    for table in ("capacity", "coordinates"):
        file = small_ontology / "tables" / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(NotKnownError, match=r"--valid 1990-01-01 alone leaves none; widen it\."):
        open_store(small_ontology, filters=Filters(valid="1990-01-01", tier=4))


def test_the_kept_chunks_of_shipped_rows_hold_every_row(cache: Path, cut: Path) -> None:
    built = open_store(cut)
    built.wait()
    assert built.folder is not None
    chunks = read_chunks(built.folder, ontology_folder())
    assert len(chunks.index.entries) == len(chunks.rows) > 300
    assert lines(store_of(chunks.text.decode())) == lines(open_store(cut, cache=False))

"""The store is a cache: built when it must be, never half-written, and chosen from by a view."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from monazite.core.errors import FaultyTablesError, KeptStoreWarning, NotKnownError, UnreadableError
from monazite.data.filters import Filters
from monazite.data.iris import EVIDENCE
from monazite.store import opening
from monazite.store.cache import content_hash
from monazite.store.chunks import VIEW
from monazite.store.opening import open_store
from monazite.store.store import Extent, Store
from tests.sharing import only_whole

pytestmark = pytest.mark.whole


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
VALUE = (
    "SELECT ?v { <https://w3id.org/monazite/row/capacity/kuantan-2025>"
    " <https://w3id.org/monazite/ns#value> ?v }"
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own for one test; it does not exist yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("MONAZITE_CACHE", str(folder))
    return folder


def open_kept(ontology: Path) -> Store:
    """Open a store, and wait until it is in the cache."""
    store = open_store(ontology)
    store.wait()
    return store


def names_in(cache: Path) -> list[str]:
    """The kinds of what is kept; answers lie beside, and are tested on their own."""
    kinds = (path.name.split("-")[0] for path in cache.iterdir())
    return sorted(kind for kind in kinds if kind not in {"answers", "monazite"})


def change_value(ontology: Path, value: str) -> None:
    file = ontology / "tables" / "capacity.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[2].split(",")
    cells[6] = value
    lines[2] = ",".join(cells)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def value_in(ontology: Path) -> str:
    (solution,) = open_kept(ontology).select(VALUE)
    return str(solution["v"].value)


def test_a_store_is_built_once_and_reopened(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = open_store(small_ontology)
    monkeypatch.setattr(opening, "Building", None)
    again = open_store(small_ontology)
    assert again.folder == built.folder
    assert len(again) == len(built) > 1000
    assert names_in(cache) == ["store"]


def test_a_cached_store_and_one_in_memory_hold_the_same(cache: Path, small_ontology: Path) -> None:
    open_kept(small_ontology)
    cached, memory = open_store(small_ontology), open_store(small_ontology, cache=False)
    assert memory.folder is None
    assert set(cached.quads()) == set(memory.quads())


def test_changed_tables_make_the_store_stale(cache: Path, small_ontology: Path) -> None:
    assert value_in(small_ontology) == "1200"
    change_value(small_ontology, "1300")
    assert value_in(small_ontology) == "1300"
    change_value(small_ontology, "1200")
    assert value_in(small_ontology) == "1200"
    assert names_in(cache) == ["store", "store"]


def test_old_stores_are_forgotten_and_their_readers_undisturbed(
    cache: Path, small_ontology: Path
) -> None:
    first = open_kept(small_ontology)
    assert first.folder is not None
    for place, value in enumerate(("1", "2", "3", "4")):
        if first.folder.exists():
            os.utime(first.folder, (place, place))
        change_value(small_ontology, value)
        assert value_in(small_ontology) == value
    assert names_in(cache) == ["store", "store", "store"]
    assert not first.folder.exists()
    assert [row["v"].value for row in first.select(VALUE)] == ["1200"]


def test_a_store_that_is_in_use_is_not_forgotten(cache: Path, small_ontology: Path) -> None:
    first = open_kept(small_ontology)
    assert first.folder is not None
    for place, value in enumerate(("1", "2", "3", "4")):
        for folder in cache.iterdir():
            os.utime(folder, (place, place))
        change_value(small_ontology, "1200")
        assert open_store(small_ontology).folder == first.folder  # built first, used last
        change_value(small_ontology, value)
        open_kept(small_ontology)
    assert names_in(cache) == ["store", "store", "store"]
    assert first.folder.exists()


def test_an_unwritable_cache_is_a_sentence(
    tmp_path: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    monkeypatch.setenv("MONAZITE_CACHE", str(file / "cache"))
    with pytest.raises(UnreadableError, match=r"cannot be written \(Not a directory\); name ano"):
        open_store(small_ontology)


def fill_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("when", ["filling", "renaming"])
def test_a_full_disk_leaves_nothing_half_written_and_answers(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    room = r"No space left on device\); make room, .* What is answered is right\."
    with monkeypatch.context() as full:
        if when == "renaming":
            full.setattr(Path, "rename", fill_disk)
            full.setattr("time.sleep", lambda _: None)
        else:
            full.setattr(opening, "fill", fill_disk)
        with pytest.warns(KeptStoreWarning, match=room):
            store = open_kept(small_ontology)
    assert next(store.select(VALUE))["v"].value == "1200"
    assert names_in(cache) == []
    assert value_in(small_ontology) == "1200"
    assert names_in(cache) == ["store"]


def test_a_disk_too_full_for_the_rows_is_a_sentence(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("monazite.store.chunks.write_chunks", fill_disk)
        with pytest.raises(UnreadableError, match=r"\(No space left on device\); make room"):
            open_store(small_ontology)
    assert names_in(cache) == []


def test_who_asks_is_answered_before_the_store_is_written(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    fill = opening.fill

    def fill_later(*told: Any) -> None:
        assert asked.wait(60)
        fill(*told)

    monkeypatch.setattr(opening, "fill", fill_later)
    store = open_store(small_ontology)
    (solution,) = store.select(VALUE)
    asked.set()
    store.wait()
    assert (solution["v"].value, names_in(cache)) == ("1200", ["store"])


def test_a_process_that_asks_nothing_keeps_what_it_built(cache: Path, small_ontology: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(small_ontology)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr, names_in(cache)) == (0, "", ["store"])


@pytest.mark.parametrize("count", [0, 1, 3, 7])
def test_a_store_is_filled_in_parts_and_loses_no_line(tmp_path: Path, count: int) -> None:
    text = "".join(f'<a:s> <a:p> "{"x" * n}" <a:g> .\n' for n in range(count))
    (tmp_path / "rows.nq").write_text(text, encoding="utf-8")
    opening.fill(tmp_path / "store", tmp_path / "rows.nq", Extent())
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == count


def test_faulty_tables_leave_no_store(cache: Path, small_ontology: Path) -> None:
    change_value(small_ontology, "much")
    with pytest.raises(FaultyTablesError, match=r'capacity\.csv:3: .*"much" is not a number'):
        open_store(small_ontology)
    with pytest.raises(FaultyTablesError):
        open_store(small_ontology, cache=False)
    assert not cache.exists()


def test_an_ontology_that_is_not_there_is_a_sentence(cache: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"monazite\.ttl cannot be read: No such file"):
        open_store(tmp_path / "nowhere")


OPEN = """
import sys
from pathlib import Path
from monazite.store.opening import open_store
open_store(Path(sys.argv[1]))
"""
BUILD = """
import sys
from pathlib import Path
from monazite.store.opening import open_store
(solution,) = open_store(Path(sys.argv[1])).select(sys.argv[2])
print(solution["n"].value)
"""


def test_two_processes_at_once_build_one_store(cache: Path, small_ontology: Path) -> None:
    command = [sys.executable, "-c", BUILD, str(small_ontology), COUNT]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ended = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], ended
    assert len({out for out, _ in ended}) == 1
    assert names_in(cache) == ["store"]


OTHERS = ["building-plans", "removed-items", "damaged-photos", "store-room", "store-2", "view-3"]


def test_a_cache_among_other_folders_touches_none(cache: Path, small_ontology: Path) -> None:
    for name in OTHERS:
        (cache / name).mkdir(parents=True)
        (cache / name / "thesis.txt").write_text("mine", encoding="utf-8")
    for value in ("1", "2", "3", "4", "5"):
        change_value(small_ontology, "1200")
        change_value(small_ontology, value)
        open_store(small_ontology).wait()
        change_value(small_ontology, "1200")
    assert {path.parent.name for path in cache.glob("*/thesis.txt")} == {*OTHERS}


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize(
    "name", ["complete", *only_whole("LOCK", "CURRENT", "extent.json"), "rows.nq"]
)
def test_a_pipe_in_a_kept_store_is_damage_and_never_waited_for(
    cache: Path, small_ontology: Path, name: str
) -> None:
    open_store(small_ontology).wait()
    store = open_store(small_ontology)
    assert store.folder is not None
    file = store.folder / name
    file.unlink()
    os.mkfifo(file)
    with pytest.warns(KeptStoreWarning, match="was damaged"):
        again = open_store(small_ontology)
    assert set(again.quads()) == set(open_store(small_ontology, cache=False).quads())


KUANTAN_2024 = "https://w3id.org/monazite/row/capacity/kuantan-2024"
FROM = "http://www.w3.org/ns/prov#wasDerivedFrom"


def sources_of(store: Store, row: str) -> set[str]:
    found = store.select(f"SELECT ?s {{ <{row}> <{FROM}> ?s }}")
    return {answer["s"].value.rsplit("/", 1)[1] for answer in found}


def keep_view(ontology: Path, filters: Filters) -> Store:
    view = open_store(ontology, filters=filters)
    view.wait()
    return view


def lines_in(store: Store) -> set[str]:
    return {str(quad) for quad in store.quads()}


def graphs(store: Store) -> set[str]:
    return {str(quad.graph_name)[1:-1] for quad in store.quads()}


def test_a_view_without_filters_is_the_store(cache: Path, small_ontology: Path) -> None:
    everything = open_store(small_ontology)
    assert lines_in(open_store(small_ontology, filters=Filters())) == lines_in(everything)
    wide = open_store(small_ontology, filters=Filters(tier=4))
    assert lines_in(wide) == lines_in(everything)
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
    monkeypatch.setattr(opening, "choose", None)
    again = open_store(small_ontology, filters=filters)
    assert again.folder is not None
    assert again.folder.name.startswith("view-")
    assert (lines_in(again), again.extent) == (lines_in(first), first.extent)
    with pytest.raises(TypeError):  # another view is another folder
        open_store(small_ontology, filters=Filters(valid="2025-06-12", tier=1))


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


@pytest.mark.parametrize("part", ["tables/capacity.csv", "shapes/capacity.ttl", "monazite.ttl"])
def test_whatever_a_store_is_built_from_is_in_its_name(small_ontology: Path, part: str) -> None:
    before = content_hash(small_ontology)
    assert content_hash(small_ontology) == before
    file = small_ontology / part
    file.write_bytes(file.read_bytes() + b"\n")
    assert content_hash(small_ontology) != before


def test_the_name_of_a_store_does_not_depend_on_where_the_tables_lie(
    small_ontology: Path, tmp_path: Path
) -> None:
    elsewhere = shutil.copytree(small_ontology, tmp_path / "elsewhere")
    assert content_hash(elsewhere) == content_hash(small_ontology)

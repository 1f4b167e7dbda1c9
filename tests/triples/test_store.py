"""The store is a cache: built when it must be, never half-written, and always rebuilt."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import FaultyTablesError, KeptStoreWarning, QueryError, UnreadableError
from monazite.triples import filling, opening
from monazite.triples.opening import open_store
from monazite.triples.store import Store, store_of
from tests.sharing import only_whole

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
    monkeypatch.setattr(opening, "_build", None)
    again = open_store(small_ontology)
    assert again.folder == built.folder
    assert len(again) == len(built) > 1000
    assert names_in(cache) == ["store"]


def test_a_cached_store_and_one_in_memory_hold_the_same(cache: Path, small_ontology: Path) -> None:
    open_kept(small_ontology)
    cached, memory = open_store(small_ontology), open_store(small_ontology, cache=False)
    assert memory.folder is None
    assert set(cached.quads()) == set(memory.quads())


def test_without_cache_nothing_is_written(cache: Path, small_ontology: Path) -> None:
    assert len(open_store(small_ontology, cache=False)) > 1000
    assert not cache.exists()


def test_an_open_store_cannot_be_written(cache: Path, small_ontology: Path) -> None:
    open_kept(small_ontology)
    dataset = open_store(small_ontology).dataset
    quad = next(iter(dataset.quads()))
    with pytest.raises(QueryError, match="The rows are read-only here"):
        dataset.remove(quad[:3])


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


@pytest.mark.parametrize("how", ["truncated", "missing"])
@pytest.mark.parametrize("which", [*only_whole("CURRENT", "complete"), "largest"])
def test_a_damaged_store_is_built_again(
    cache: Path, small_ontology: Path, which: str, how: str
) -> None:
    sound = open_kept(small_ontology)
    assert sound.folder is not None
    expected, folder = set(sound.quads()), sound.folder
    del sound
    largest = max(folder.glob("*.sst"), key=lambda file: file.stat().st_size)
    victim = largest if which == "largest" else folder / which
    if how == "missing":
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[: victim.stat().st_size // 2])
    with pytest.warns(KeptStoreWarning, match="damaged and is built anew"):
        again = open_kept(small_ontology)
    assert again.folder == folder
    assert set(again.quads()) == expected
    assert names_in(cache) == ["store"]


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


@pytest.mark.parametrize("when", ["marking", "filling", "renaming"])
def test_a_full_disk_leaves_nothing_half_written_and_answers(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    room = r"No space left on device\); make room, .* What is answered is right\."
    with monkeypatch.context() as full:
        if when == "marking":
            full.setattr("monazite.triples.cache._write_ready", fill_disk)
        elif when == "renaming":
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
        full.setattr("monazite.triples.chunks.write_chunks", fill_disk)
        with pytest.raises(UnreadableError, match=r"\(No space left on device\); make room"):
            open_store(small_ontology)
    assert names_in(cache) == []


def test_the_same_process_waits_for_what_it_writes(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_store(small_ontology)
    monkeypatch.setattr(opening, "_build", None)
    assert set(open_store(small_ontology).quads()) == set(first.quads())


def test_to_open_a_kept_store_counts_nothing_of_it(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_kept(small_ontology)
    monkeypatch.setattr(Store, "__len__", None)  # which also answers whether it is anything
    assert open_store(small_ontology).folder is not None


def test_who_asks_nothing_has_nothing_loaded_into_memory(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling.ViewTexts, "load", None)
    store = open_kept(small_ontology)
    (solution,) = store.select(VALUE)
    assert (solution["v"].value, names_in(cache)) == ("1200", ["store"])


def test_who_asks_is_answered_before_the_store_is_written(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()
    fill = filling.fill

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


def test_a_store_holds_every_line_of_its_text_in_whatever_parts(
    cache: Path, small_ontology: Path
) -> None:
    store = open_kept(small_ontology)
    assert store.folder is not None
    lines = (store.folder / "rows.nq").read_bytes().splitlines()
    assert len(store) == len(set(lines))


@given(st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=12))
def test_the_parts_of_a_file_are_its_lines_in_order(lines: list[bytes]) -> None:
    text = b"".join(line + b"\n" for line in lines)
    parts = []
    for part in filling._parts(io.BytesIO(text)):
        pieces = iter(lambda part=part: part.read(7), b"")  # type: ignore[misc]
        parts.append(b"".join(pieces))
    assert b"".join(parts) == text
    assert all(part.endswith(b"\n") for part in parts if part)


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
from monazite.triples.opening import open_store
open_store(Path(sys.argv[1]))
"""
BUILD = """
import sys
from pathlib import Path
from monazite.triples.opening import open_store
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


def test_the_union_of_all_graphs_answers(cache: Path, small_ontology: Path) -> None:
    for store in (open_store(small_ontology), open_store(small_ontology, cache=False)):
        assert next(store.select(COUNT))["n"].value != "0"
        assert store.has_graph("https://w3id.org/monazite/row/capacity/kuantan-2025")
        assert not store.has_graph("https://w3id.org/monazite/row/capacity/nowhere")


def test_a_store_of_text_holds_its_quads() -> None:
    quads = "<https://a.org/s> <https://a.org/p> <https://a.org/o> <https://a.org/g> .\n"
    assert [str(quad.graph_name) for quad in store_of(quads * 2).quads()] == ["<https://a.org/g>"]
    assert len(store_of("")) == 0


def test_a_broken_query_is_an_error_of_its_own() -> None:
    with pytest.raises(QueryError, match="cannot be parsed"):
        store_of("").select("SELECT {")


def test_a_dump_is_read_back(tmp_path: Path, small_ontology: Path) -> None:
    store = open_store(small_ontology, cache=False)
    store.dump(tmp_path / "all.nq")
    again = store_of((tmp_path / "all.nq").read_text(encoding="utf-8"))
    assert set(again.quads()) == set(store.quads())


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
@pytest.mark.parametrize("device", [False, True])
def test_a_pipe_in_a_kept_store_is_damage_and_never_waited_for(
    cache: Path, small_ontology: Path, name: str, device: bool
) -> None:
    open_store(small_ontology).wait()
    store = open_store(small_ontology)
    assert store.folder is not None
    file = store.folder / name
    file.unlink()
    if device:
        file.symlink_to("/dev/zero")
    else:
        os.mkfifo(file)
    with pytest.warns(KeptStoreWarning, match="was damaged"):
        again = open_store(small_ontology)
    assert set(again.quads()) == set(open_store(small_ontology, cache=False).quads())

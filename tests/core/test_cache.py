"""Answers that are kept: right or not there, whatever happens to their files."""

from __future__ import annotations

import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite
from monazite.core.cache import Kept
from monazite.core.errors import UnreadableError
from monazite.data.filters import Filters
from monazite.store import opening
from monazite.store.cache import answers_of, content_hash, is_sound, is_whole
from monazite.store.opening import open_store
from monazite.store.store import Store

ROWS = "SELECT ?v WHERE { ?v <http://www.w3.org/ns/prov#wasDerivedFrom> ?source }"
VALUE = "SELECT ?v WHERE { ?c <https://w3id.org/monazite/ns#value> ?v }"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("MONAZITE_CACHE", str(folder))
    return folder


@pytest.fixture
def opened(cache: Path, small_ontology: Path) -> Store:
    open_store(small_ontology).wait()
    return open_store(small_ontology)


def values(store: Store, question: str = VALUE) -> list[str]:
    return sorted(str(row["v"]) for row in store.select(question))


def forbid_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the store was opened")

    monkeypatch.setattr(ox.Store, "read_only", refuse)


@given(pairs=st.dictionaries(st.text(max_size=20), st.binary(max_size=40), max_size=8))
def test_what_is_read_is_what_was_kept_for_this_very_question(
    tmp_path_factory: pytest.TempPathFactory, pairs: dict[str, bytes]
) -> None:
    kept = Kept(tmp_path_factory.mktemp("kept") / "answers")
    for question, answer in pairs.items():
        kept.keep(question, answer)
    for question, answer in pairs.items():
        assert kept.read(question) in {answer, None}


def test_a_folder_stays_small_and_questions_that_share_a_place_get_no_answer_of_each_other(
    tmp_path: Path,
) -> None:
    kept = Kept(tmp_path / "answers")
    kept.folder.mkdir()
    for place in range(2_048):
        (kept.folder / f"{place:04}").touch()
    questions = [str(number) for number in range(120)]
    for question in questions:
        kept.keep(question, question.encode())
    found = {question: kept.read(question) for question in questions}
    assert len([*kept.folder.iterdir()]) == 2_048
    assert 100 < sum(answer is not None for answer in found.values()) < 120
    assert all(answer in {None, asked.encode()} for asked, answer in found.items())


def test_what_is_long_is_not_kept(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "answers")
    kept.keep("short", bytes(1 << 22))
    kept.keep("long", bytes((1 << 22) + 1))
    assert (kept.read("short"), kept.read("long")) == (bytes(1 << 22), None)


def test_an_answer_is_asked_once_and_needs_no_open_store(
    opened: Store, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = values(opened)
    forbid_engine(monkeypatch)
    assert values(open_store(small_ontology)) == asked


def test_a_view_answers_for_itself(opened: Store, small_ontology: Path) -> None:
    everything = values(opened, ROWS)
    filters = Filters(known="2024-12-31")
    right = values(open_store(small_ontology, filters=filters, cache=False), ROWS)
    for _ in range(2):
        view = open_store(small_ontology, filters=filters)
        view.wait()
        assert values(view, ROWS) == right != everything
    assert values(open_store(small_ontology), ROWS) == everything


def test_rows_are_kept_with_their_language_type_and_order(
    opened: Store, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "https://w3id.org/monazite/row/"
    everything = [*opened.quads()]
    named = {str(quad.graph_name)[1:-1] for quad in everything}
    graphs = sorted(each for each in named if each.startswith(rows))
    nodes = [ox.NamedNode(each) for each in graphs]
    right = {node.value: [quad for quad in everything if quad.graph_name == node] for node in nodes}
    assert opened.quads_of([*graphs, "x:nowhere"]) == right
    forbid_engine(monkeypatch)
    assert open_store(small_ontology).quads_of([*graphs, "x:nowhere"]) == right


def _replace_by(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def replace(file: Path) -> None:
        file.unlink()
        make(file)

    return replace


DAMAGES: dict[str, Callable[[Path], object]] = {
    "a byte": lambda file: file.write_bytes(_other_byte(file.read_bytes())),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-3]),
    "empty": lambda file: file.write_bytes(b""),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"\n"),
    "a folder": _replace_by(Path.mkdir),
    "a pipe": _replace_by(os.mkfifo),
    "a device": _replace_by(partial(Path.symlink_to, target="/dev/zero")),
    "gone": Path.unlink,
}


def _other_byte(content: bytes) -> bytes:
    place = random.Random(len(content)).randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_damaged_answer_is_asked_again(opened: Store, small_ontology: Path) -> None:
    assert opened.folder is not None
    folder = answers_of(opened.folder)
    right = values(open_store(small_ontology, cache=False))
    for name, damage in DAMAGES.items():
        assert values(open_store(small_ontology)) == right, name
        (file,) = folder.iterdir()
        damage(file)
        for _ in range(2):
            assert values(open_store(small_ontology)) == right, name
        shutil.rmtree(folder)
    folder.write_text("nothing can stand here", encoding="utf-8")
    assert values(open_store(small_ontology)) == right


@pytest.mark.whole
def test_answers_go_with_their_store(cache: Path, small_ontology: Path) -> None:
    file = small_ontology / "tables" / "capacity.csv"
    for place in range(5):
        file.write_bytes(file.read_bytes() + b"\n")
        store = open_store(small_ontology)
        store.wait()
        values(store)
        for folder in cache.iterdir():
            os.utime(folder, (place, place))
    kept = {each.name.partition("-")[2] for each in cache.glob("store-*")}
    answered = {each.name.partition("-")[2] for each in cache.glob("answers-*")}
    assert answered <= kept
    assert len(kept) == 3
    (cache / "answers-of-mine").mkdir()
    in_memory = cache / f"answers-{'0' * 32}"
    in_memory.mkdir()  # of a store that lies nowhere yet
    shutil.rmtree(cache / f"store-{sorted(kept)[0]}")
    file.write_bytes(file.read_bytes() + b"\n")
    open_store(small_ontology).wait()
    assert not (cache / f"answers-{sorted(kept)[0]}").exists()
    assert (cache / "answers-of-mine").is_dir()
    assert in_memory.is_dir()


HASHED = """
import sys
from pathlib import Path
from monazite.data import own_files
from monazite.store import cache
read, seen = own_files.read_file, []
own_files.read_file = lambda file: seen.append(file.name) or read(file)
print(cache.content_hash(*map(Path, sys.argv[1:])), *seen)
"""


def hashed(*folders: Path) -> tuple[str, set[str]]:
    words = [sys.executable, "-c", HASHED, *map(str, folders)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found, *seen = done.stdout.split()
    return found, {*seen}


def shipped_copy(folder: Path, small_ontology: Path) -> Path:
    """A package of its own whose ontology is the small one, as if it had been shipped."""
    shutil.copytree(
        Path(monazite.__file__).parent,
        folder / "graph" / "monazite",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copytree(small_ontology, folder / "ontology")
    return folder / "ontology"


@pytest.mark.whole
def test_the_hash_of_files_left_alone_is_kept_and_of_changed_ones_is_not(
    cache: Path, small_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stamps that a writer sets back are no matter: the system's own stamp tells."""
    cache.mkdir()
    shipped = shipped_copy(tmp_path / "own", small_ontology)
    monkeypatch.setenv("PYTHONPATH", str(shipped.with_name("graph")))
    assert "capacity.csv" in hashed(shipped)[1]
    assert [*cache.iterdir()] == [], "what was just written may change and keep its stamp"
    time.sleep(2.1)
    before, read = hashed(shipped)
    assert "capacity.csv" in read
    assert hashed(shipped) == (before, set())
    file = shipped / "tables" / "capacity.csv"
    found = file.stat()
    file.write_bytes(file.read_bytes().replace(b"1200", b"1300"))
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert file.stat().st_size == found.st_size
    after, read = hashed(shipped)
    assert after != before
    assert "capacity.csv" in read


def test_the_files_of_others_are_hashed_each_time(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is mapped, or mounted from another image, can change and keep its stamps."""
    cache.mkdir()
    own = small_ontology.parent / "own"
    own.mkdir()
    (own / "persons.csv").write_text("id,name,source\nann,Ann,annual\n", encoding="utf-8")
    reads: list[str] = []

    def read(file: Path) -> bytes:
        reads.append(file.name)
        return file.read_bytes()

    monkeypatch.setattr("monazite.data.own_files.read_file", read)
    for _ in range(2):
        reads.clear()
        content_hash(small_ontology, own)
        assert {"persons.csv", "capacity.csv"} <= {*reads}
    assert [*cache.iterdir()] == []


def test_tables_that_change_while_they_are_read_are_read_again(
    cache: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of a store are those that its name was worked out of."""
    file = small_ontology / "tables" / "capacity.csv"
    read_all = opening.read_all
    changes: Iterator[bytes] = iter([b"1300", b"1400"])

    def read_and_change(*given: Any) -> Any:
        tables = read_all(*given)
        value = next(changes, None)
        if value is not None:
            file.write_bytes(re.sub(rb",1[234]00,", b"," + value + b",", file.read_bytes()))
        return tables

    monkeypatch.setattr(opening, "read_all", read_and_change)
    assert '"1400"' in " ".join(values(open_store(small_ontology)))
    file.write_bytes(file.read_bytes().replace(b",1400,", b",1200,"))
    changes = itertools.cycle((b"1300", b"1400"))
    with pytest.raises(UnreadableError, match="change while they are read"):
        open_store(small_ontology)


def test_answers_of_another_folder_or_behind_a_link_are_not_believed(tmp_path: Path) -> None:
    one, other = Kept(tmp_path / "answers-1"), Kept(tmp_path / "answers-2")
    one.keep("question", b"one")
    other.keep("question", b"other")
    one.folder.rename(tmp_path / "aside")
    other.folder.rename(one.folder)
    assert one.read("question") is None
    one.folder.rename(other.folder)
    one.folder.symlink_to(other.folder)
    assert one.read("question") is None
    one.keep("another", b"one")
    assert len([*other.folder.iterdir()]) == 1


def test_a_link_in_the_place_of_an_answer_is_never_written_through(tmp_path: Path) -> None:
    kept, other = Kept(tmp_path / "answers"), tmp_path / "other"
    kept.keep("first", b"1")
    other.write_bytes(b"mine")
    for _ in range(2):  # it has another place, until that is a link too
        (place,) = (each for each in kept.folder.iterdir() if not each.is_symlink())
        place.unlink()
        place.symlink_to(other)
        kept.keep("first", b"1")
    assert kept.read("first") == b"1"
    assert other.read_bytes() == b"mine"


def test_a_store_under_the_name_of_another_is_not_believed(
    cache: Path, small_ontology: Path, tmp_path: Path
) -> None:
    open_store(small_ontology).wait()
    store = open_store(small_ontology)
    assert store.folder is not None
    other = store.folder.with_name("store-" + "0" * 32)
    shutil.copytree(store.folder, other)
    assert is_sound(store.folder)
    assert not is_whole(other)

"""A kept store heals, whatever happened to it; who asks meanwhile is answered right."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import KeptStoreWarning, UnreadableError
from monazite.store import cache as caches
from monazite.store import opening, store
from monazite.store.cache import KeyedFile, Packing, discard, is_sound, is_whole
from monazite.store.opening import open_store
from monazite.store.store import Store
from tests.conftest import write_small_ontology
from tests.kill_and_damage import BASE_ONLY, Kept, damages, flip_blocks, kill

pytestmark = pytest.mark.whole


ANEW = r"^The kept store was damaged and is built anew\.$"
VALUE = (
    "SELECT ?v { <https://w3id.org/monazite/row/capacity/kuantan-2025>"
    " <https://w3id.org/monazite/ns#value> ?v }"
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A store and a view of it, each read and kept."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONAZITE_CACHE", str(folder / "cache"))
        return Kept(write_small_ontology(folder / "small"), folder / "cache")


@pytest.fixture
def cache(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache as it was built."""
    monkeypatch.setenv("MONAZITE_CACHE", str(kept.cache))
    kept.restore()
    return kept.cache


@pytest.fixture
def opened(kept: Kept, cache: Path) -> Store:
    """The kept store, open before anything happens to it."""
    store = open_store(kept.ontology)
    assert store.folder == kept.folders()[0]
    return store


@pytest.mark.parametrize(
    ("which", "name"),
    [
        pytest.param(0, "MANIFEST-000005: a bit in the middle"),
        pytest.param(0, "extent.json: gone", marks=pytest.mark.whole),
        pytest.param(0, "a changed extent", marks=pytest.mark.whole),
        pytest.param(0, "a number in rows.nq"),
        pytest.param(0, "two files swapped", marks=pytest.mark.whole),
        pytest.param(0, "a file for the folder", marks=pytest.mark.whole),
        pytest.param(1, "CURRENT: empty", marks=pytest.mark.whole),
        pytest.param(1, "garbage in complete", marks=pytest.mark.whole),
        pytest.param(1, "a dead link for the folder"),
    ],
)
def test_what_is_damaged_heals_with_a_word(kept: Kept, cache: Path, which: int, name: str) -> None:
    folder = kept.folders()[which]
    if name == "a number in rows.nq":  # read where a view is chosen
        discard(kept.folders()[1])
        BASE_ONLY[name](folder)
        with pytest.warns(KeptStoreWarning, match=ANEW):
            assert kept.ask() == kept.right
        return
    known = dict(damages(folder))
    assert kept.damage(folder, known[name])


@pytest.mark.parametrize("seconds", [0.5, 0.9, 1.3])
def test_a_killed_build_leaves_nothing_half_written_that_is_used(
    kept: Kept, tmp_path: Path, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(kept.ontology, tmp_path / "cache", seconds)
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    assert kept.ask() == kept.right
    names = {each.name.partition("-")[0] for each in (tmp_path / "cache").iterdir()}
    assert {"store", "view"} <= names <= {"store", "view", "answers", "monazite"}


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "select": lambda store: {str(row) for row in store.select(VALUE)},
    "quads": lambda store: set(store.quads()),
    "copy": lambda store: set(store.copy().quads()),
    "dataset": lambda store: len(store.dataset),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_damaged_while_it_is_open_heals_too(
    kept: Kept, opened: Store, question: str
) -> None:
    ask = QUESTIONS[question]
    right = ask(open_store(kept.ontology, cache=False))
    assert opened.folder is not None
    flip_blocks(opened.folder)
    with pytest.warns(KeptStoreWarning, match=ANEW):
        assert ask(opened) == right
    opened.wait()
    assert is_sound(kept.folders()[0])
    assert ask(opened) == right


def test_what_another_process_healed_is_opened_again(kept: Kept, opened: Store) -> None:
    assert opened.folder is not None
    right = {str(row) for row in opened.select(VALUE)}
    flip_blocks(opened.folder)
    discard(opened.folder)
    open_store(kept.ontology).wait()
    assert is_sound(opened.folder)
    asked: list[int] = []

    def ask() -> set[str]:
        asked.append(len(asked))
        if len(asked) == 1:
            raise RuntimeError("Corruption")
        return {str(row) for row in opened.select(VALUE)}

    assert opened.attempt(ask) == right


def test_an_error_of_a_sound_store_is_an_error(opened: Store) -> None:
    def fail() -> None:
        raise RuntimeError("not the store's fault")

    with pytest.raises(RuntimeError, match="not the store's fault"):
        opened.attempt(fail)


def test_what_cannot_be_taken_away_is_answered_from_memory(
    kept: Kept, opened: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache of somebody else that we may only read."""
    assert opened.folder is not None
    flip_blocks(opened.folder)
    for module in (store, opening):
        monkeypatch.setattr(module, "discard", lambda _: False)
    with pytest.warns(KeptStoreWarning, match=ANEW):
        assert [row["v"].value for row in opened.select(VALUE)] == ["1200"]
    assert opened.folder is None


def test_tables_that_changed_meanwhile_are_not_mixed_with_what_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONAZITE_CACHE", str(tmp_path / "cache"))
    ontology = write_small_ontology(tmp_path / "small")
    open_store(ontology).wait()
    store = open_store(ontology)
    assert store.folder is not None
    flip_blocks(store.folder)
    file = ontology / "tables" / "capacity.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("1200", "1300"), encoding="utf-8")
    with pytest.raises(UnreadableError, match="the tables have changed since"):
        store.select(VALUE)


class Windows:
    """Renames as Windows does: onto nothing only, and not while a file is open."""

    def __init__(self, busy: int) -> None:
        self.busy, self.rename = busy, Path.rename

    def __call__(self, path: Path, target: Path) -> Path:
        if os.path.lexists(target):
            raise FileExistsError(17, "Cannot create a file when that file already exists")
        if path.name.startswith("building-") and self.busy:
            self.busy -= 1  # a scanner looks at new files
            raise PermissionError(13, "Access is denied")
        return self.rename(path, target)


@pytest.mark.parametrize("stands", [False, True])
def test_a_folder_is_renamed_as_windows_allows_it(
    kept: Kept, cache: Path, stands: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = kept.folders()[0]
    windows = Windows(busy=2)
    monkeypatch.setattr(Path, "rename", lambda path, target: windows(path, target))
    monkeypatch.setattr("time.sleep", lambda _: None)
    discard(folder)
    if stands:
        folder.mkdir()
        (folder / "foreign").touch()
    caches.keep(folder, lambda beside: (beside / "file").touch())
    assert windows.busy == 0
    assert is_whole(folder)
    assert (folder / "file").exists()


def pack(folder: Path, texts: dict[str, bytes]) -> KeyedFile:
    file, index = folder / "texts", folder / "index"
    with file.open("wb") as out:
        packing = Packing(out)
        for key, text in texts.items():
            assert packing.write(key, text) == len(text)
    packing.write_index(index)
    return KeyedFile(file, index)


@given(texts=st.dictionaries(st.text(max_size=9), st.binary(max_size=30), max_size=20))
def test_what_is_read_is_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, bytes]
) -> None:
    packed = pack(tmp_path_factory.mktemp("packed"), texts)
    assert packed.read([*texts, "a key of nothing"]) == texts
    assert [packed.read([key]) for key in texts] == [{key: texts[key]} for key in texts]


def test_a_byte_that_was_changed_is_told(tmp_path: Path) -> None:
    right = {"dy": b"66", "tb": b"65"}
    pack(tmp_path, right)
    for name in ("texts", "index"):
        file = tmp_path / name
        written = file.read_bytes()
        for place in range(len(written)):
            changed = bytearray(written)
            changed[place] ^= 4
            file.write_bytes(changed)
            with pytest.raises(OSError, match="is not what was written"):
                KeyedFile(tmp_path / "texts", tmp_path / "index").read(right)
        file.write_bytes(written[:-1])
        with pytest.raises(OSError, match="is not what was written"):
            KeyedFile(tmp_path / "texts", tmp_path / "index").read(right)
        file.write_bytes(written)
    assert KeyedFile(tmp_path / "texts", tmp_path / "index").read(right) == right


def test_the_text_of_another_key_is_not_looked_at(tmp_path: Path) -> None:
    packed = pack(tmp_path, {"dy": b"66", "tb": b"65"})
    (tmp_path / "texts").write_bytes(b"66xx")
    assert packed.read(["dy"]) == {"dy": b"66"}

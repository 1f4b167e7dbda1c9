"""Opening the store of some tables, or a view of it: built once, opened read-only ever after.

Its folder is named by the content it was built from. Who asks first is answered from memory while
the store is written for the next time.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from monazite.core.cache import Kept
from monazite.core.errors import KeptStoreWarning, UnreadableError
from monazite.core.package import ontology_folder
from monazite.core.results import do_nothing
from monazite.store.cache import (
    WRITE_ERRORS,
    Building,
    answers_of,
    cache_folder,
    content_hash,
    discard,
    is_sound,
    is_whole,
    keep,
    mark_used,
)
from monazite.store.loader import EXTENT, Step, ViewTexts, choose, fill, read_all, write_rows
from monazite.store.store import _BEING_KEPT, Extent, Keeping, Store, warn_of_damage

if TYPE_CHECKING:
    from monazite.data.filters import Filters
    from monazite.data.reader import Tables

STEPS = 2  # steps of a build: tables read, triples written
_TRIES = 3  # times that tables are read which change meanwhile
_DAMAGE = (OSError, RuntimeError, ValueError, KeyError, TypeError)


def open_store(
    ontology: Path | None = None,
    *,
    data: Path | None = None,
    filters: Filters | None = None,
    cache: bool = True,
    step: Step = do_nothing,
) -> Store:
    """Open the store of an ontology folder, or a view of it, building what there is not."""
    ontology = ontology or ontology_folder()
    if not cache:
        return _in_memory(read_all(ontology, data, step), ontology, filters, step)
    base = _folder(ontology, data)
    folder = view_folder(base, filters) if filters else base
    if keeping := _BEING_KEPT.get(base):  # it is not to be built twice
        keeping.wait()
    store = open_ready(folder, partial(_open_again, folder, ontology, data, filters))
    if store is None and filters:
        store = open_filtered(base, ontology, filters)
    if store is None:  # a store has a length, which is counted: ask nothing else of it here
        return _build(ontology, data, filters, step)
    return store


def is_built(ontology: Path | None = None, data: Path | None = None) -> bool:
    """Tell whether the store of an ontology folder lies ready in the cache."""
    folder = _folder(ontology or ontology_folder(), data)
    return folder in _BEING_KEPT or is_whole(folder)


def _folder(ontology: Path, data: Path | None) -> Path:
    return cache_folder() / f"store-{content_hash(ontology, data)}"


def view_folder(base: Path, filters: Filters) -> Path:
    """Return where the store of a filtered view is kept, beside that of all rows."""
    asked = json.dumps([filters.valid, filters.known, filters.tier, filters.without])
    name = hashlib.sha256(f"{base.name} {asked}".encode()).hexdigest()[:32]
    return base.parent / f"view-{name}"


@atexit.register
def wait_for_all() -> None:
    """Wait until all that this process writes to the cache is there."""
    for keeping in list(_BEING_KEPT.values()):
        keeping.wait()


def _open_again(
    folder: Path, ontology: Path, data: Path | None, filters: Filters | None, *, cache: bool = True
) -> Store:
    """Open a store whose folder was taken away; in memory alone where it could not be."""
    base = _folder(ontology, data)
    if folder != (view_folder(base, filters) if filters else base):
        what = "The kept store was damaged, and the tables have changed since it was opened"
        raise UnreadableError(f"{what}; ask again.")
    cache = cache and (not os.path.lexists(folder) or is_sound(folder))
    return open_store(ontology, data=data, filters=filters, cache=cache)


def open_ready(folder: Path, reopen: Callable[[], Store]) -> Store | None:
    """Open a finished store; None where there is none, or it is damaged, which takes it away."""
    try:
        if is_whole(folder):
            extent = Extent(**json.loads((folder / EXTENT).read_bytes()))
            mark_used(folder)
            kept = Kept(answers_of(folder))

            def engine() -> Store:
                return Store(ox.Store.read_only(str(folder)))

            return Store(engine, folder, extent, reopen, answers=kept)
    except _DAMAGE:
        pass
    _discard_damaged(folder)
    return None


def _discard_damaged(folder: Path) -> None:
    """Take a folder away that is not as it was written, and say so."""
    if os.path.lexists(folder) and not is_sound(folder):
        discard(folder)
        warn_of_damage()


def _warn_of_loss(error: UnreadableError) -> None:
    warnings.warn(f"{error} What is answered is right.", KeptStoreWarning, stacklevel=2)


def open_filtered(base: Path, ontology: Path, filters: Filters) -> Store | None:
    """Load a view of a kept store into memory, and keep it; None where there is no sound store."""
    from concurrent.futures import ThreadPoolExecutor

    from monazite.store.chunks import are_whole, read_chunks

    try:
        chunks = read_chunks(base, ontology, checked=False)
    except _DAMAGE:
        _discard_damaged(base)
        return None
    with ThreadPoolExecutor(1) as other:  # looks for damage while the engine loads
        whole = other.submit(are_whole, chunks, base)
        try:
            texts, extent = choose(chunks, filters)
            engine = texts.load()
        except Exception:
            if whole.result():
                raise
    if not whole.result():
        _discard_damaged(base)
        return None
    work = partial(keep_view, base, filters, texts, extent)
    keeping = Keeping(view_folder(base, filters), work)
    keeping.begin()
    return Store(engine, None, extent, keeping=keeping)


def keep_view(base: Path, filters: Filters, texts: ViewTexts, extent: Extent) -> None:
    """Write the store of a filtered view beside that of all rows."""

    def write(beside: Path) -> None:
        quads = beside / "view.nq"
        with quads.open("wb") as out:
            out.writelines(texts)
        fill(beside, quads, extent)
        quads.unlink()

    try:
        keep(view_folder(base, filters), write)
    except UnreadableError as error:  # the view is there all the same
        _warn_of_loss(error)


def _in_memory(tables: Tables, ontology: Path, filters: Filters | None, step: Step) -> Store:
    from monazite.store.chunks import to_chunks

    chunks = to_chunks(tables.rows, tables.schema, ontology)
    step()
    texts, extent = choose(chunks, filters)
    store = Store(texts.load(), None, extent)
    step()
    return store


def _read_named(ontology: Path, data: Path | None, step: Step) -> tuple[Path, Tables]:
    """Read the tables, and return them with the folder that their content names."""
    for _ in range(_TRIES):
        base = _folder(ontology, data)
        tables = read_all(ontology, data, step)
        if _folder(ontology, data) == base:
            return base, tables
    raise UnreadableError("The tables change while they are read; ask again when they are saved.")


def _build(ontology: Path, data: Path | None, filters: Filters | None, step: Step) -> Store:
    """Write the chunks of a store; answer from memory while the engine writes its files."""
    from monazite.store.chunks import rows_file

    base, tables = _read_named(ontology, data, step)
    folder = view_folder(base, filters) if filters else base
    building = Building(base)
    texts, extent, whole = write_rows(tables, ontology, filters, building)
    del tables  # a third of the memory, which the engine needs
    step()

    def write() -> None:
        try:
            fill(building.folder, rows_file(building.folder), whole)
            building.finish()
        except WRITE_ERRORS as error:
            _warn_of_loss(building.refusal(error))
        else:
            if filters:
                keep_view(base, filters, texts, extent)
        finally:
            building.drop()

    keeping = Keeping(base, write)

    def answer() -> Store:
        with keeping.turn:  # Windows renames nothing that is being read
            if not keeping.is_done:
                engine = texts.load()
                keeping.begin()
                return Store(engine)
        again = partial(_open_again, folder, ontology, data, filters)
        ready = open_ready(folder, again)
        return again(cache=False) if ready is None else ready

    kept = Kept(answers_of(folder))
    return Store(answer, None if filters else base, extent, keeping=keeping, answers=kept)

"""Opening the store of some tables, or a view of it: built once, opened read-only ever after.

Its folder is named by the content it was built from. Who asks first is answered from memory while
the store is written for the next time.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from monazite.core.cache import Kept
from monazite.core.errors import FaultyTablesError, KeptStoreWarning, NotKnownError, UnreadableError
from monazite.core.formats import counted
from monazite.core.package import ontology_folder
from monazite.core.results import do_nothing
from monazite.data.iris import BASE, NS
from monazite.store.cache import (
    WRITE_ERRORS,
    Building,
    Packing,
    answers_of,
    cache_folder,
    content_hash,
    discard,
    is_content_of,
    is_sound,
    is_whole,
    keep,
    mark_used,
)
from monazite.store.queries import INNER, read_query, read_text
from monazite.store.store import (
    _BEING_KEPT,
    ANSWERS,
    RELEASE,
    ROWS,
    Extent,
    Keeping,
    Store,
    warn_of_damage,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from monazite.data.filters import Filters, Index
    from monazite.data.reader import Tables
    from monazite.store.chunks import Chunks

NEWS = f"SELECT ?day {{ <{BASE}dataset> <{NS}newsReadTo> ?day }}"
_ANSWERED = "\n# answered: with the store\n"  # says that the answer is written with the store


Step: TypeAlias = Callable[[], None]
EXTENT = "extent.json"  # the file of a kept store that says how many facts it holds
_BLOCK = 1 << 22  # bytes of text that the engine is given at once
_PARTS = 2  # loads that fill the engine's files: one takes twice the memory, three slow questions


class ViewTexts:
    """The N-Quads of a view, in pieces that end with a line; they can be asked for again."""

    def __init__(
        self, rows: Callable[[], Iterable[bytes]], facts: Callable[[], bytes] | None = None
    ) -> None:
        self.rows = rows
        self.facts = cache(facts or bytes)

    def load(self) -> ox.Store:
        """Load them into memory block by block, which holds less; other threads work meanwhile."""
        from concurrent.futures import ThreadPoolExecutor

        engine = ox.Store()
        with ThreadPoolExecutor(2) as others:
            facts = others.submit(self.facts)
            for block in _one_ahead(_blocks(self.rows()), others):
                engine.load(block, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
            engine.load(facts.result(), format=ox.RdfFormat.N_QUADS, lenient=True)
        return engine

    def __iter__(self) -> Iterator[bytes]:
        yield from self.rows()
        yield self.facts()


def _blocks(texts: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _one_ahead(blocks: Iterator[bytes], other: Executor) -> Iterator[bytes]:
    """Yield blocks in their order; the next is made in another thread meanwhile."""
    coming = other.submit(next, blocks, b"")
    while block := coming.result():
        coming = other.submit(next, blocks, b"")
        yield block


def _read_blocks(quads: Path) -> Iterator[bytes]:
    """Read a file of N-Quads in blocks that end with a line."""
    with quads.open("rb") as opened:
        while block := opened.read(_BLOCK):
            yield block + opened.readline()


def choose(chunks: Chunks, filters: Filters | None) -> tuple[ViewTexts, Extent]:
    """The quads of a view, and what it holds of all."""
    if not filters:
        return ViewTexts(chunks.all), _whole_extent(chunks.index)
    from monazite.data.filters import select

    chosen = select(chunks.index, filters)
    counts = (chosen.claims, chosen.all_claims, len(chosen.perhaps), chosen.undated)
    extent = Extent(*counts, chosen.cost)
    if not chosen.claims:
        known = [each.known for each in chunks.index.sources.values() if each.known]
        first = min(known, default="")
        alone = [name for name, cost in chosen.cost.items() if cost == chosen.all_claims]
        facts, costs = counted(chosen.all_claims, "fact"), Extent(cost=chosen.cost).costs()
        why = f"of {facts} {', '.join(costs)}; widen one of them"
        if filters.known and filters.known < first:
            why = f"no source was known by {filters.known}, the first is of {first}; take a later "
            why += "--known"
        elif alone:
            why = f"--{alone[0]} alone leaves none; widen it"
        raise NotKnownError(f"The data used has no records: {why}.")
    rows, facts_of = partial(chunks.view, chosen, filters), partial(chunks.facts, chosen, filters)
    return ViewTexts(rows, facts_of), extent


def _whole_extent(index: Index) -> Extent:
    claims = sum(map(index.is_claim, index.entries))
    return Extent(claims, claims)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Do not look for dead objects while rows are made: none dies, and looking costs a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_all(ontology: Path, data: Path | None, step: Step) -> Tables:
    """Read the tables of an ontology folder, and those of the reader's own."""
    from monazite.data.columns import read_schema
    from monazite.data.reader import read_tables

    with _no_collector():
        tables = read_tables(ontology / "tables", read_schema(ontology), data)
    if tables.faults:
        raise FaultyTablesError(tables.faults)
    step()
    return tables


def fill(beside: Path, quads: Path, extent: Extent) -> None:
    """Load a file of N-Quads into the files of the engine, and write answers beside them."""
    engine = ox.Store(str(beside))
    size = quads.stat().st_size // _PARTS + 1
    with quads.open("rb") as opened:
        while part := opened.read(size) + opened.readline():
            engine.bulk_load(part, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
    engine.flush()
    del engine  # closes the files
    store = Store(ox.Store.read_only(str(beside)))
    inner = sorted((ontology_folder() / "queries" / INNER).glob("*.rq"))
    named = [read_query(file.stem).text for file in inner if _ANSWERED in read_text(file)]
    texts, index = (beside / name for name in ANSWERS)
    with texts.open("wb") as out:
        packing = Packing(out)
        for question in (RELEASE, NEWS, *named):
            packing.write(question, store.serialize(question))
    packing.write_index(index)
    (beside / EXTENT).write_text(json.dumps(asdict(extent)), encoding="utf-8")


STEPS = 2  # steps of a build: tables read, triples written
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
        from monazite.store.chunks import to_chunks

        tables = read_all(ontology, data, step)
        chunks = to_chunks(tables.rows, tables.schema, ontology)
        step()
        texts, extent = choose(chunks, filters)
        store = Store(texts.load(), None, extent)
        step()
        return store
    base = _folder(ontology, data)
    folder = view_folder(base, filters) if filters else base
    if keeping := _BEING_KEPT.get(base):  # it is not to be built twice
        keeping.wait()
    found = open_ready(folder, partial(_open_again, folder, ontology, data, filters))
    if found is None and filters:
        found = open_filtered(base, ontology, filters)
    if found is None:  # a store has a length, which is counted: ask nothing else of it here
        return _build(ontology, data, filters, step)
    return found


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

    from monazite.store.chunks import read_chunks

    try:
        chunks = read_chunks(base, ontology, checked=False)
    except _DAMAGE:
        _discard_damaged(base)
        return None
    with ThreadPoolExecutor(1) as other:  # looks for damage while the engine loads
        whole = other.submit(_is_text_of, chunks, base)
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


def _is_text_of(chunks: Chunks, folder: Path) -> bool:
    """Tell whether the quads are those that were written to a finished folder."""
    try:
        return is_content_of(folder, ROWS[0], chunks.text)
    except (OSError, ValueError, KeyError):
        return False


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


def _read_named(ontology: Path, data: Path | None, step: Step) -> tuple[Path, Tables]:
    """Read the tables, and return them with the folder that their content names."""
    for _ in range(3):  # they may change meanwhile
        base = _folder(ontology, data)
        tables = read_all(ontology, data, step)
        if _folder(ontology, data) == base:
            return base, tables
    raise UnreadableError("The tables change while they are read; ask again when they are saved.")


def _build(ontology: Path, data: Path | None, filters: Filters | None, step: Step) -> Store:
    """Write the chunks of a store; answer from memory while the engine writes its files."""
    from monazite.store.chunks import read_chunks, write_chunks

    base, tables = _read_named(ontology, data, step)
    folder = view_folder(base, filters) if filters else base
    building = Building(base)
    try:
        with _no_collector():
            whole = _whole_extent(
                write_chunks(tables.rows, tables.schema, ontology, building.folder)
            )
        texts, extent = ViewTexts(partial(_read_blocks, building.folder / ROWS[0])), whole
        if filters:
            texts, extent = choose(read_chunks(building.folder, ontology, finished=False), filters)
    except WRITE_ERRORS as error:
        building.drop()
        raise building.refusal(error) from None
    except BaseException:
        building.drop()
        raise
    del tables  # a third of the memory, which the engine needs
    step()

    def write() -> None:
        try:
            fill(building.folder, building.folder / ROWS[0], whole)
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

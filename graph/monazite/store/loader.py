"""Filling a store: tables read, the rows of a view chosen, quads loaded into memory or files."""

from __future__ import annotations

import gc
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

import pyoxigraph as ox

from monazite.core.errors import FaultyTablesError, NotKnownError
from monazite.core.formats import counted
from monazite.core.package import ontology_folder
from monazite.data.iris import BASE, NS
from monazite.store.cache import WRITE_ERRORS, Building
from monazite.store.keyed_file import Packing
from monazite.store.queries import INNER, read_query, read_text
from monazite.store.store import ANSWERS, RELEASE, Extent, Store

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from monazite.data.filters import Filters, Index, KeptRows
    from monazite.data.reader import Tables
    from monazite.store.chunks import Chunks

NEWS = f"SELECT ?day {{ <{BASE}dataset> <{NS}newsReadTo> ?day }}"
_ANSWERED = "\n# answered: with the store\n"  # says that the answer is written with the store


def write_answers(store: Store, folder: Path) -> None:
    """Write the answers beside the files of a store."""
    texts, index = (folder / name for name in ANSWERS)
    inner = sorted((ontology_folder() / "queries" / INNER).glob("*.rq"))
    named = [read_query(file.stem).text for file in inner if _ANSWERED in read_text(file)]
    with texts.open("wb") as out:
        packing = Packing(out)
        for question in (RELEASE, NEWS, *named):
            packing.write(question, store.serialize(question))
    packing.write_index(index)


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
    if not chosen.claims:
        raise NotKnownError(_empty(chunks, chosen, filters))
    counts = chosen.claims, chosen.all_claims, len(chosen.perhaps), chosen.undated
    extent = Extent(*counts, chosen.cost)
    rows, facts = partial(chunks.view, chosen, filters), partial(chunks.facts, chosen, filters)
    return ViewTexts(rows, facts), extent


def _whole_extent(index: Index) -> Extent:
    claims = sum(map(index.is_claim, index.entries))
    return Extent(claims, claims)


def _empty(chunks: Chunks, chosen: KeptRows, filters: Filters) -> str:
    """Say which filter emptied a view."""
    first = min((each.known for each in chunks.index.sources.values() if each.known), default="")
    if filters.known and filters.known < first:
        return (
            f"The data used has no records: no source was known by {filters.known}, the first is "
            f"of {first}; take a later --known."
        )
    alone = [name for name, cost in chosen.cost.items() if cost == chosen.all_claims]
    if alone:
        return f"The data used has no records: --{alone[0]} alone leaves none; widen it."
    costs = ", ".join(Extent(cost=chosen.cost).costs())
    facts = counted(chosen.all_claims, "fact")
    return f"The data used has no records: of {facts} {costs}; widen one of them."


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


def write_rows(
    tables: Tables, ontology: Path, filters: Filters | None, building: Building
) -> tuple[ViewTexts, Extent, Extent]:
    """Write the chunks of a store, in blocks; return the quads of the view, its extent and all."""
    from monazite.store.chunks import read_chunks, rows_file, write_chunks

    try:
        with _no_collector():
            index = write_chunks(tables.rows, tables.schema, ontology, building.folder)
        whole = extent = _whole_extent(index)
        texts = ViewTexts(partial(_read_blocks, rows_file(building.folder)))
        if filters:
            chunks = read_chunks(building.folder, ontology, finished=False)
            texts, extent = choose(chunks, filters)
    except WRITE_ERRORS as error:
        building.drop()
        raise building.refusal(error) from None
    except BaseException:
        building.drop()
        raise
    return texts, extent, whole


class _Part(io.RawIOBase):
    """A file from where it stands to a place."""

    def __init__(self, opened: BinaryIO, end: int) -> None:
        self._opened, self._end = opened, end

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = self._end - self._opened.tell()
        return self._opened.read(left if size < 0 else min(size, left))


def _parts(opened: BinaryIO) -> Iterator[BinaryIO]:
    """Yield the parts of a file of lines, one after the other; nothing of them is held."""
    size = opened.seek(0, os.SEEK_END)
    begin = 0
    for part in range(1, _PARTS + 1):
        opened.seek(size * part // _PARTS)
        opened.readline()
        end = opened.tell()
        opened.seek(begin)
        yield cast("BinaryIO", _Part(opened, end))
        begin = end


def fill(beside: Path, quads: Path, extent: Extent) -> None:
    """Load a file of N-Quads into the files of the engine."""
    engine = ox.Store(str(beside))
    with quads.open("rb") as opened:
        for part in _parts(opened):
            engine.bulk_load(part, format=ox.RdfFormat.N_QUADS, lenient=True)  # we wrote it
    engine.flush()
    del engine  # closes the files
    write_answers(Store(ox.Store.read_only(str(beside))), beside)
    (beside / EXTENT).write_text(json.dumps(asdict(extent)), encoding="utf-8")

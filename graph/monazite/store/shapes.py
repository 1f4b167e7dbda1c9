"""The shapes of tables as they are written beside a store, which is quicker than to parse them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from monazite.data.columns import Column, TableShape, TableShapes
from monazite.store.store import FACTS, Store


class StoredShapes(Mapping[str, TableShape]):
    """The tables of an ontology folder by name, each read from the store when it is asked for."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._parsed = TableShapes(folder)
        self._read: dict[str, TableShape] = {}

    def __getitem__(self, name: str) -> TableShape:
        if name not in self._read:
            key = shape_key(name)
            text = (self._store.read_packed(FACTS, [key]) or {}).get(key)
            self._read[name] = self._parsed[name] if text is None else _unpack(text)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parsed)

    def __len__(self) -> int:
        return len(self._parsed)


def shape_key(table: str) -> str:
    """Return the key of the packed shape of a table."""
    return f"shape {table}"


def pack_shape(table: TableShape) -> bytes:
    """Return what is packed of a shape."""
    columns = [vars(column) for column in table.columns]
    return json.dumps({**vars(table), "columns": columns}, default=str).encode()


def _unpack(text: bytes) -> TableShape:
    content = json.loads(text)
    columns = tuple(map(_column, content.pop("columns")))
    times = tuple(content.pop("time_columns"))
    return TableShape(columns=columns, time_columns=times, **content)


def _column(content: dict[str, Any]) -> Column:
    bounds = {
        name: None if content[name] is None else Decimal(content[name])
        for name in ("minimum", "maximum")
    }
    return Column(**{**content, **bounds, "classes": tuple(content["classes"])})

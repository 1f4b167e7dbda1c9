"""Packed texts: each is found alone, and what was changed is told from what was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.triples.packed import Packed, Packing


def pack(folder: Path, texts: dict[str, bytes]) -> Packed:
    file, index = folder / "texts", folder / "index"
    with file.open("wb") as out:
        packing = Packing(out)
        for key, text in texts.items():
            assert packing.write(key, text) == len(text)
    packing.write_index(index)
    return Packed(file, index)


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
                Packed(tmp_path / "texts", tmp_path / "index").read(right)
        file.write_bytes(written[:-1])
        with pytest.raises(OSError, match="is not what was written"):
            Packed(tmp_path / "texts", tmp_path / "index").read(right)
        file.write_bytes(written)
    assert Packed(tmp_path / "texts", tmp_path / "index").read(right) == right


def test_the_text_of_another_key_is_not_looked_at(tmp_path: Path) -> None:
    packed = pack(tmp_path, {"dy": b"66", "tb": b"65"})
    (tmp_path / "texts").write_bytes(b"66xx")
    assert packed.read(["dy"]) == {"dy": b"66"}


def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    packed = pack(tmp_path, {"dy": b"66"})
    (tmp_path / "texts").unlink()
    with pytest.raises(FileNotFoundError):
        packed.read(["dy"])

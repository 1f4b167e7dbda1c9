"""The checksums are those of the files that a reader gets, and of no others."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from monazite.exchange.catalogues.published import CANONICAL, PublishedView, publish
from monazite.view import View, load
from tests.exchange.catalogues.conftest import WriteCopy


def test_sizes_and_hashes_are_those_of_the_exported_files(
    published: PublishedView, write_copy: WriteCopy
) -> None:
    folder = write_copy("dcat", "dataset.ttl").parent
    for each in published.files:
        content = (folder / each.name).read_bytes()
        assert (each.size, each.sha256) == (len(content), sha256(content).hexdigest())
    names = {each.name for each in published.files}
    assert names == {file.name for file in folder.glob("*.csv")} | {CANONICAL}


def test_the_canonical_hash_is_that_of_another_canonicalisation(
    small_view: View, published: PublishedView
) -> None:
    written = small_view.export("nquads")
    assert isinstance(written, bytes)
    rows = ox.Dataset(
        quad
        for quad in ox.parse(written, format=ox.RdfFormat.N_QUADS)
        if not str(quad.graph_name.value).endswith("/graph/view")
    )
    rows.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    text = "".join(sorted(f"{quad} .\n" for quad in rows))
    assert published.files[-1].sha256 == sha256(text.encode()).hexdigest()


def test_the_same_rows_have_the_same_hash_wherever_they_lie(cut: Path, tmp_path: Path) -> None:
    import shutil

    copied = tmp_path / "elsewhere"
    shutil.copytree(cut, copied)
    assert publish(load(ontology=copied, cache=False)).files == publish(load(ontology=cut)).files


def test_a_view_has_its_own_address_and_what_repeats_it(cut: Path) -> None:
    whole, part = publish(load(ontology=cut)), publish(load(ontology=cut, tier=1, known="2024"))
    assert whole.is_whole
    assert not part.is_whole
    assert whole.iri == "https://w3id.org/monazite/dataset"
    assert part.iri.startswith("https://w3id.org/monazite/view/")
    assert json.loads(part.repeated_json) == {
        "valid": None,
        "known": "2024-12-31",
        "tier": 1,
        "without": [],
        "data": None,
    }
    assert part.files[-1].sha256 != whole.files[-1].sha256
    assert "tier 1" in part.description

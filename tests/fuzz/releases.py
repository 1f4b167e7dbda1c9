"""Releases and contributions: what is not as it was issued is refused, and a patch is a patch."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import strategies as st

from monazite.errors import FaultyTablesError, MonaziteError, UnreadableError
from monazite.exchange.contribution import contribute
from monazite.rows.releases import RECORD, SIGNATURE, read_release
from tests.conftest import write_small_ontology
from tests.fuzz.edits import edited, encoded
from tests.fuzz.tables import OWN, PIECES
from tests.fuzz.target import Target, require
from tests.keys import write_keys
from tests.rows.test_releases import FILES, write_release

_WORDS = ('"schema": 2', '"schema": null', "../", '"bytes": -1', "sha256", "{}", "[", "1e400")


def releases(folder: Path) -> Target:
    """A record and a signature of anything: the tables as issued, or sentences."""
    private, public = write_keys(folder)
    place = write_release(folder / "release", private)
    names = (RECORD, SIGNATURE)
    right = {name: (place / name).read_bytes() for name in names}
    seeds = [content.decode() for content in right.values()]

    def check(given: tuple[str, bytes]) -> None:
        name, content = given
        for each in names:
            (place / each).write_bytes(content if each == name else right[each])
        for key in (None, public):
            try:
                found = read_release(place, key=key)
            except (FaultyTablesError, UnreadableError) as error:
                require("\n" not in str(error) or isinstance(error, FaultyTablesError), "a line")
            else:
                require(dict(found.files) == FILES, "other tables")
                require((place / RECORD).read_bytes() == right[RECORD], "another record is taken")

    return Target(
        st.tuples(st.sampled_from(names), encoded(edited(seeds, _WORDS))), check, words=_WORDS
    )


def contributions(folder: Path) -> Target:
    """A table of anything: faults and no patch, or one that applies and checks clean."""
    ontology = write_small_ontology(folder / "ontology")
    own = folder / "own"
    own.mkdir()
    texts = encoded(edited([*OWN.values()], PIECES, most=3))

    def check(given: tuple[str, bytes]) -> None:
        name, content = given
        for old in own.iterdir():
            old.unlink()
        (own / f"{name}.csv").write_bytes(content)
        try:
            found = contribute(own, ontology)
        except MonaziteError:
            return
        require(not (found.patch and found.faults), "a patch with faults")
        if found.patch:
            done = subprocess.run(
                ["git", "apply", "--check", "-"],
                cwd=folder,
                input=found.patch.encode(),
                capture_output=True,
                check=False,
            )
            require(done.returncode == 0, done.stderr.decode())

    return Target(st.tuples(st.sampled_from([*OWN]), texts), check, seconds=10.0)

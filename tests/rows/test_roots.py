"""Roots: who says a thing in the end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monazite.rows.reader import Tables
from monazite.rows.roots import read_attributions, root_of
from tests.golden.lines import lines_of

NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, NAMES), NAMES)
def test_a_root_is_found_whatever_the_chain(roots: dict[str, str], source: str) -> None:
    """Also in a circle, which the check ``root-circle`` finds; a root of a root is the root."""
    found = root_of(source, roots)
    assert found == source or found in roots.values()
    if found not in roots:
        assert root_of(found, roots) == found


def test_every_root_of_the_tables_is_a_source_and_no_copy_of_a_copy_is_lost(
    shipped: Tables,
) -> None:
    says = read_attributions(shipped.rows, shipped.schema)
    lines = {line["id"]: line for line in lines_of("sources").values()}
    assert set(says) == set(lines)
    for name, line in lines.items():
        root = says[name].root
        assert lines[root]["root"] == ""
        assert (root != name) == bool(line["root"])
        assert says[name].author == lines[root]["publisher"]


def test_what_was_not_read_says_so_and_carries_no_row(shipped: Tables) -> None:
    unread = {line["id"] for line in lines_of("sources").values() if not line["accessed"]}
    named = {line["root"] for line in lines_of("sources").values()}
    for name in ("usgs-mcs-2023", "iea-gcmo-2024"):
        assert name in unread & named
        assert lines_of("sources")[f"sources/{name}"]["via"].startswith("not read; named by ")
        assert not any(
            cell.text == name for row in shipped.rows for cell in row.cells.get("source", ())
        )

"""The verb: places by their names, sources of what it shows, and its picture."""

from __future__ import annotations

from tests.conftest import view_in_memory


def test_places_are_found_by_their_names_and_rows_have_their_sources() -> None:
    view = view_in_memory()
    found = view.replace("dysprosium", "Germany", country="China", by=2028)
    assert found == view.replace("Dy", "DEU", by=2028)
    assert found.view is not None
    for each in found.candidates:
        assert found.sources[each.site.tonnes.row]


def test_the_figure_of_a_finding_is_that_of_its_kind() -> None:
    view = view_in_memory()
    usual = view.figure("replacement", "Dy", "DEU")
    assert view.replacement_figure(view.replace("Dy", "DEU")).svg == usual.svg
    other = view.replacement_figure(view.replace("Dy", "DEU", country="MYS", by=2028))
    assert "outside Malaysia" in other.title
    assert other.svg != usual.svg

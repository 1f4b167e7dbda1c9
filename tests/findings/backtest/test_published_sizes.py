from monazite.findings.backtest.published_sizes import published_sizes
from monazite.triples.store import Store


def test_sizes_stand_as_their_authors_gave_them(store: Store) -> None:
    found = {each.row.partition("/")[2]: each for each in published_sizes(store)}
    assert found["imf-2026-073-jpn"].size == "1.8 %"
    assert found["imf-2026-073-jpn"].horizon == "less than one year"
    assert found["ecb-2026-usa-partial"].size == "0.3 to 0.6 %"
    assert found["oxford-2025-usa-growth"].size == "at least 1 %"
    assert found["usgs-2025-1047-usa-dysprosium"].weighted
    assert not any("gallium" in name for name in found)

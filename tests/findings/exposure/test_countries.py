"""Countries of a bill: what is understood in any language of the records, and what is not."""

from __future__ import annotations

from dataclasses import replace

from monazite.bills.bill import Bill, BillSupplier, ReadColumn, line
from monazite.findings.exposure.countries import countries_not_understood
from monazite.findings.exposure.exposure import country_codes
from monazite.triples.store import Store

COLUMNS = (ReadColumn("Land", "country of the supplier"), ReadColumn("COO", "country where it is"))


def told(store: Store, *countries: str, hide: bool = False) -> list[str]:
    lines = [
        replace(line("x", suppliers=(BillSupplier("A", country=each),)), row=row)
        for row, each in enumerate(countries, start=2)
    ]
    bill = Bill("b.csv", "", tuple(lines))
    return list(countries_not_understood(bill, COLUMNS, country_codes(store), hide=hide))


def test_names_of_the_records_are_understood_in_english_chinese_and_by_code(store: Store) -> None:
    assert told(store, "中国", "德国", "China", "DE", "USA", "World", "") == []


def test_each_text_is_told_once_with_its_rows(store: Store) -> None:
    [said] = told(store, *["Nirgendwo"] * 7)
    assert said == (
        'The country "Nirgendwo" is not understood and counts as not known: row 2, 3, 4, 5, 6 and '
        "2 more, column Land. Write its English name or its code, as Poland or POL."
    )
    [hidden] = told(store, "Nirgendwo", hide=True)
    assert "Nirgendwo" not in hidden

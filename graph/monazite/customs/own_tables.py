"""Yearly sums as tables of one's own, which ``--data`` and ``monazite check`` read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from monazite.customs.names import KnownNames, new_firm, read_names
from monazite.customs.trade_sums import RecordSum, TradeSums
from monazite.folders import write_new_folder
from monazite.safe_text import counted, reveal
from monazite.shipped import ontology_folder
from monazite.tables import safe_cell

_SHOWN = 5
_SOURCE = ("id", "publisher", "title", "kind", "tier", "licence", "note")
_TRADE = (
    *("row", "exporter", "importer", "code", "year", "period_from", "period_until", "kind"),
    *("figure_kind", "value", "value_low"),
    *("unit", "unit_as_printed", "basis", "value_usd", "value_as_printed", "source", "note"),
)
_FIRMS = ("id", "name", "kind", "country", "source", "note")
_LINKS = (
    *("row", "supplier", "customer", "kind", "value", "value_low", "unit", "unit_as_printed"),
    *("basis", "material_as_printed", "value_as_printed", "valid_from", "valid_until"),
    *("source", "note"),
)


def to_tables(sums: TradeSums, names: KnownNames) -> dict[str, bytes]:
    """Return sums as CSV files by name: their source, trade, and links between firms.

    A firm that no table names gets a row of its own. A sum of which some records say no weight
    is a lower bound. Values stand where every record says one.
    """
    links, firms = _firms(sums, names)
    made = {
        "sources.csv": (_SOURCE, [_source(sums)]),
        "trade.csv": (_TRADE, [_trade(each, sums.source) for each in sums.sums]),
        "organisations.csv": (_FIRMS, firms),
        "supply_links.csv": (_LINKS, links),
    }
    return {name: _csv(header, rows) for name, (header, rows) in made.items() if rows}


def write_sums(sums: TradeSums, folder: Path) -> int:
    """Write sums as tables to a new or empty folder."""
    files = to_tables(sums, read_names(ontology_folder() / "tables"))
    write_new_folder(folder, files)
    return sum(content.count(b"\n") - 1 for content in files.values())


def _csv(header: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _source(sums: TradeSums) -> dict[str, str]:
    count = len(sums.files)
    named = ", ".join(map(reveal, sums.files[:_SHOWN]))
    more = f" and {count - _SHOWN:,} more" if count > _SHOWN else ""
    return {
        "id": sums.source,
        "publisher": safe_cell(" ".join(reveal(sums.publisher).split()) or "own records"),
        "title": f"Customs or shipment records: {named}{more}",
        "kind": "data",
        "tier": "2",
        "licence": "own records, not stated",
        "note": (
            f"{counted(sums.count, 'record')} in {counted(count, 'file')}; "
            f"sha256 of names and contents {sums.sha256}"
        ),
    }


def _trade(each: RecordSum, source: str) -> dict[str, str]:
    key = f"{source}-{each.exporter}-{each.importer}-{each.code}-{each.year}"
    first, last = _span(each)
    return {
        "row": f"{key}{'-part' if each.months else ''}".lower(),
        "period_from": first if each.months else "",
        "period_until": last if each.months else "",
        "exporter": each.exporter,
        "importer": each.importer,
        "code": each.code,
        "year": str(each.year),
        "kind": "quantity",
        "value_usd": each.usd if each.valued == each.count else "",
        "source": source,
        "note": _note(each),
        "figure_kind": "derived" if each.is_whole else "derived;lower-bound",
        **_weight(each),
    }


def _span(each: RecordSum) -> tuple[str, str]:
    """The year, or its first and last month of which there are records."""
    told = [f"{each.year}-{month:02}" for month in each.months] or [str(each.year)]
    return told[0], told[-1]


def _weight(each: RecordSum) -> dict[str, str]:
    if not each.weighed:
        return {"value": "", "value_low": ""}
    return {
        "value": each.tonnes if each.is_whole else "",
        "value_low": "" if each.is_whole else each.tonnes,
        "unit": "t",
        "unit_as_printed": "kg",
        "basis": "gross-weight",
        "value_as_printed": each.kilograms,
    }


def _note(each: RecordSum) -> str:
    said = [f"sum of {each.count} {'record' if each.count == 1 else 'records'}, kg / 1000"]
    if each.months:
        said.append(f"months {', '.join(f'{month:02}' for month in each.months)} alone")
    if not each.is_whole:
        said.append(f"{each.count - each.weighed} of them without a weight")
    if each.valued not in (0, each.count):
        said.append(f"{each.valued} of them with a value, {each.usd} dollars together")
    return "; ".join(said)


def _firms(sums: TradeSums, names: KnownNames) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Links between firms, and rows of those that the tables do not have."""
    links = []
    new: dict[str, tuple[str, set[str]]] = {}
    for each in sums.firms:
        ends: list[str] = []
        for name, country in ((each.seller, each.exporter), (each.buyer, each.importer)):
            known = names.firm(name)
            if known is None:
                known = new_firm(name)
                new.setdefault(known, (name, set()))[1].add(country)
            ends.append(known)
        supplier, customer = ends
        if supplier != customer:
            links.append(_link(each, supplier, customer, sums.source))
    return links, [_firm(key, *new[key], sums.source) for key in sorted(new)]


def _firm(key: str, name: str, countries: set[str], source: str) -> dict[str, str]:
    (country,) = countries if len(countries) == 1 else ("",)
    said = (
        "" if country else f", which name several countries for it: {', '.join(sorted(countries))}"
    )
    return {
        "id": key,
        "name": safe_cell(reveal(name)),
        "kind": "company",
        "country": country,
        "source": source,
        "note": f"named in these records alone{said}",
    }


def _link(each: RecordSum, supplier: str, customer: str, source: str) -> dict[str, str]:
    key = f"{source}-{supplier}-{customer}-{each.exporter}-{each.importer}-{each.code}-{each.year}"
    first, last = _span(each)
    return {
        "row": key.lower(),
        "supplier": supplier,
        "customer": customer,
        "kind": "shipment",
        "material_as_printed": each.code,
        "valid_from": first,
        "valid_until": last,
        "source": source,
        "note": f"{each.exporter} to {each.importer}; {_note(each)}",
        **_weight(each),
    }

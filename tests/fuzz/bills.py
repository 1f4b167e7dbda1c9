"""Bills of materials, matches and answers: faults in sentences, or lines that can be weighed."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.bills.answer_values import COUNT, AnswerReader
from monazite.bills.answers import read_answers
from monazite.bills.askable import QUESTIONS
from monazite.bills.bill import Bill, top_down
from monazite.bills.decisions import read_decisions, write_decisions
from monazite.bills.reading import read_bill
from monazite.errors import MonaziteError
from monazite.findings.exposure.exposure import (
    Exposure,
    country_codes,
    element_names,
    find_exposure,
)
from monazite.findings.exposure.matching import match_records
from monazite.triples.names import Entity
from monazite.triples.opening import open_store
from monazite.triples.store import Store
from tests.fuzz.edits import HOSTILE_TEXT, NUMBERS, edited, encoded
from tests.fuzz.tables import CONTROL, changed_workbooks, seed_of
from tests.fuzz.target import Target, require

MARKET = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
HEADER = (
    "Pos;Level;Parent;Part;Description;Qty;Unit;Mass (g);Total weight;Weight unit;Material;Grade;"
    "Dy %;Evidence;Supplier;Country;Split;Supplier 2;Tier 2 supplier;Value;Currency;Stock"
)
BILLS = {
    "levels": (
        "Level;Teil;Benennung;Menge;Masse (g);Werkstoff;Güte;Lieferant\n"
        "0;A;Motor;1;1.265.000,5;;;\n.1;B;Rotor;2;3,25;;;\n..2;C;Magnet;12;1,5;NdFeB;N42SH;VAC\n"
    ),
    "parents": (
        "序号,上级序号,物料编码,数量,单重（kg）,材料,Dy %,Evidence,供应商,Split,Supplier 2\n"
        "1,,A,1,5,,,,,,\n2,1,B,4,0.5,SmCo 2:17,1.5,tested,JL MAG (60 %); Muster AG (40 %),,\n"
    ),
    "points": "Item\tPart no.\tQty\tWeight\n1\tA\t1\t2 kg\n1.1\tB\t3\t5 oz\n1.2\tC\t1\t12 g\n",
}
"""Bills without a fault."""
ANSWERS = (
    "key,supplier,answer,evidence,date\nmade-in-1,A,China; Japan,,2026-11-28\n"
    "content-1,A,Dy 0.5-1.2 %; Tb 0,tested,\nmass-1,A,12.5 g,,\nyour-staff,,600,,\n"
)
KINDS = {**{f"{kind}-1": kind for kind in QUESTIONS}, "your-staff": COUNT}
PIECES = (
    *("12-14", "1.350", "1,350", "=1+1", "MX-4471", "kg", "mg", "oz", "%", "ppm", "N42SH", "40H"),
    *("Summe", "tested", "1.1.1", "..3", "-1", "1e9", "9" * 400, "0", "2024-12-14", "GmbH", "集团"),
    *(";", ",", "\t", "|", '"', "\n", "\r", "#", "\0", "\ufeff", "Ã¤", "(", ")", "NdFeB", "SmCo"),
    *HEADER.split(";"),
)


def bills(folder: Path) -> Target:
    """A bill as text in any encoding, or a workbook that was changed, and its matches."""
    store = open_store()
    texts = st.one_of(edited([*BILLS.values(), ANSWERS], PIECES), lines_of_any_cells())
    ending = st.sampled_from((".csv", ".tsv"))
    written = st.tuples(ending, encoded(texts))
    packed = changed_workbooks([seed_of({"bom": BILLS["parents"]})])
    inputs = st.one_of(written, written, st.tuples(st.just(".xlsx"), packed))

    def check(given: tuple[str, bytes]) -> None:
        ending, content = given
        file = folder / f"bill{ending}"
        file.write_bytes(content)
        (folder / "matches.csv").write_bytes(content)
        check_matches(store, folder / "matches.csv")
        check_answers(store, file)
        check_bill(store, file)

    return Target(
        inputs,
        check,
        raw=lambda data: (".csv", data),
        seeds=tuple(text.encode() for text in (*BILLS.values(), ANSWERS)),
        words=PIECES,
    )


@st.composite
def lines_of_any_cells(draw: DrawFn) -> str:
    """Any columns that are read, above rows of any cells."""
    columns = draw(st.lists(st.sampled_from(HEADER.split(";")), max_size=14))
    cell = st.one_of(st.sampled_from(PIECES), HOSTILE_TEXT, NUMBERS, st.just(""), st.just("1"))
    out = io.StringIO()
    write = csv.writer(out, delimiter=draw(st.sampled_from(",;\t|"))).writerow
    write([*columns, "Part", "Qty"])
    for _ in range(draw(st.integers(0, 4))):
        write(
            [
                *(draw(cell) for _ in columns),
                draw(cell),
                draw(st.sampled_from(("1", "2,5", "9" * 14, "9" * 400, *PIECES))),
            ]
        )
    return out.getvalue()


@cache
def _names() -> dict[str, str]:
    return element_names(open_store())


def check_bill(store: Store, file: Path) -> None:
    """Read a bill; what is without fault is weighed, shown and redacted."""
    try:
        bill = read_bill(file, _names())
    except MonaziteError as error:
        told = str(error)
        require(told.strip(), "an error says nothing")
        require(not CONTROL.search(told.replace("\n", "")), f"it plays on the terminal: {told!a}")
        return
    check_levels(bill)
    for redact in (False, True):
        found = find_exposure(store, bill, MARKET, redact=redact)
        check_grams(found)
        for text in (found.to_text(width=80), found.to_text(full=True), found.to_csv()):
            bare = text.replace("\n", "").replace("\r", "").replace("\t", "")
            require(not CONTROL.search(bare), "an output plays on the terminal")
        found.to_json()
    records = match_records(found.matches)
    (file.parent / "back.csv").write_text(write_decisions(records), encoding="utf-8")


def check_levels(bill: Bill) -> None:
    """Every line has its place, and pieces are above zero."""
    order, left = top_down([one.above for one in bill.lines])
    require(not left and len(order) == len(bill.lines), "a circle was read")
    require(all(one.quantity > 0 for one in bill.lines), "a quantity is not above zero")
    masses = [one.mass for one in bill.lines if one.mass is not None]
    require(all(mass >= 0 for mass in masses), "a mass is below zero")


def check_grams(found: Exposure) -> None:
    """Ranges are ranges, and no line holds more than it weighs."""
    for line in found.lines:
        for each in line.grams:
            require(0 <= each.low <= each.high, "a range is none")
            require(0 <= each.percent_high <= 100, "a content is more than the whole")
        require(bool(line.grams) != bool(line.not_known), "a line is neither known nor not")


def check_answers(store: Store, file: Path) -> None:
    """Read a file of answers."""
    reader = AnswerReader(KINDS, country_codes(store), _names(), {})
    try:
        found = read_answers(file, reader)
    except MonaziteError as error:
        told = str(error)
        require(told.strip(), "an error says nothing")
        require(not CONTROL.search(told.replace("\n", "")), f"it plays on the terminal: {told!a}")
        return
    require(all(each.key in KINDS for each in found.given), "an answer to no question was read")


def check_matches(store: Store, file: Path) -> None:
    """Read a file of matches."""
    try:
        read_decisions(file, {"firm": {"vac"}, "material": {"smco-magnet"}})
    except MonaziteError as error:
        require(str(error).strip(), "an error says nothing")

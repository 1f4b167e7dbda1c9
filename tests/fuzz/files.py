"""Files of others: bills, answers, open sources, customs records and scenarios."""

from __future__ import annotations

import csv
import io
import shutil
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.analysis.scenarios import keys
from monazite.analysis.scenarios.model import ScenarioModel
from monazite.analysis.scenarios.scenario_file import read_scenario
from monazite.bom.answers import COUNT, QUESTIONS, AnswerReader, read_answers
from monazite.bom.bill import Bill, top_down
from monazite.bom.decisions import read_decisions, write_decisions
from monazite.bom.exposure import country_codes, element_names, find_exposure
from monazite.bom.matching import match_records
from monazite.bom.reading import read_bill
from monazite.bom.result import Exposure
from monazite.core.errors import FaultyTablesError, MonaziteError
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.data.customs.aggregation import aggregate_trade
from monazite.data.importers.imported import import_file
from monazite.data.own_files import find_own_files, kind_of_file
from monazite.data.reader import read_cell, split_cell
from monazite.store.names import Entity
from monazite.store.opening import open_store
from monazite.store.store import Store
from tests.conftest import view_in_memory
from tests.data.importers.importing import EXAMPLES
from tests.fuzz.tables import CONTROL, changed_workbooks, seed_of
from tests.fuzz.target import HOSTILE_TEXT, NUMBERS, Target, edited, encoded, require, text_target

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
BILL_PIECES = (
    *("12-14", "1.350", "1,350", "=1+1", "MX-4471", "kg", "mg", "oz", "%", "ppm", "N42SH", "40H"),
    *("Summe", "tested", "1.1.1", "..3", "-1", "1e9", "9" * 400, "0", "2024-12-14", "GmbH", "集团"),
    *(";", ",", "\t", "|", '"', "\n", "\r", "#", "\0", "\ufeff", "Ã¤", "(", ")", "NdFeB", "SmCo"),
    *HEADER.split(";"),
)


def bills(folder: Path) -> Target:
    """A bill as text in any encoding, or a workbook that was changed, and its matches."""
    store = open_store()
    texts = st.one_of(edited([*BILLS.values(), ANSWERS], BILL_PIECES), lines_of_any_cells())
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
        words=BILL_PIECES,
    )


@st.composite
def lines_of_any_cells(draw: DrawFn) -> str:
    columns = draw(st.lists(st.sampled_from(HEADER.split(";")), max_size=14))
    cell = st.one_of(st.sampled_from(BILL_PIECES), HOSTILE_TEXT, NUMBERS, st.just(""), st.just("1"))
    out = io.StringIO()
    write = csv.writer(out, delimiter=draw(st.sampled_from(",;\t|"))).writerow
    write([*columns, "Part", "Qty"])
    for _ in range(draw(st.integers(0, 4))):
        write(
            [
                *(draw(cell) for _ in columns),
                draw(cell),
                draw(st.sampled_from(("1", "2,5", "9" * 14, "9" * 400, *BILL_PIECES))),
            ]
        )
    return out.getvalue()


@cache
def _names() -> dict[str, str]:
    return element_names(open_store())


def check_sentence(error: MonaziteError) -> None:
    told = str(error)
    require(told.strip(), "an error says nothing")
    require(not CONTROL.search(told.replace("\n", "")), f"it plays on the terminal: {told!a}")


def check_bill(store: Store, file: Path) -> None:
    """Read a bill; what is without fault is weighed, shown and redacted."""
    try:
        bill = read_bill(file, _names())
    except MonaziteError as error:
        check_sentence(error)
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
    order, left = top_down([one.above for one in bill.lines])
    require(not left and len(order) == len(bill.lines), "a circle was read")
    require(all(one.quantity > 0 for one in bill.lines), "a quantity is not above zero")
    masses = [one.mass for one in bill.lines if one.mass is not None]
    require(all(mass >= 0 for mass in masses), "a mass is below zero")


def check_grams(found: Exposure) -> None:
    for line in found.lines:
        for each in line.grams:
            require(0 <= each.low <= each.high, "a range is none")
            require(0 <= each.percent_high <= 100, "a content is more than the whole")
        require(bool(line.grams) != bool(line.not_known), "a line is neither known nor not")


def check_answers(store: Store, file: Path) -> None:
    reader = AnswerReader(KINDS, country_codes(store), _names(), {})
    try:
        found = read_answers(file, reader)
    except MonaziteError as error:
        check_sentence(error)
        return
    require(all(each.key in KINDS for each in found.given), "an answer to no question was read")


def check_matches(store: Store, file: Path) -> None:
    try:
        read_decisions(file, {"firm": {"vac"}, "material": {"smco-magnet"}})
    except MonaziteError as error:
        require(str(error).strip(), "an error says nothing")


SOURCE_PIECES = (
    *("-1", "NA", "W", "e", "1e9", "9" * 40, "490", "W00", "H5", "202452", "8505SSS1", "=1+1"),
    *(",", ";", "\t", '"', "\n", "\r", "\0", "[", "]", "{", "}", ":", "null", "—", "100 kg"),
    *("850511", "28469000", "CHN", "WORLD", "Q1", "Point(1 2)", "2024", "\ufeff", "\u202e"),
)
SEEDS = {
    "comtrade": "comtrade.csv",
    "comext": "comext.dat",
    "ftm": "entities.ftm.json",
    "japan-customs": "japan-customs.csv",
    "usgs-mcs": "mcs2023-raree_world.csv",
    "wgi": "wgi-wide.csv",
    "wikidata": "wikidata.json",
}
"""Kinds with an example without a fault."""


def imports(folder: Path) -> Target:
    """A file of a kind that was changed, in any encoding."""
    texts = {kind: (EXAMPLES / name).read_text(encoding="utf-8") for kind, name in SEEDS.items()}
    inputs = st.one_of(
        *(
            st.tuples(st.just(kind), encoded(edited([text], SOURCE_PIECES)))
            for kind, text in texts.items()
        )
    )

    def check(given: tuple[str, bytes]) -> None:
        kind, content = given
        file, own = folder / Path(SEEDS[kind]).name, folder / "own"
        file.write_bytes(content)
        shutil.rmtree(own, ignore_errors=True)
        kind_of_file(file)
        try:
            import_file(kind, file, own, edition="hs2022", again=True)
        except MonaziteError as error:
            require(str(error).strip() != "", "an error says what is wrong")
            require(not own.exists(), "nothing is written where anything is wrong")
        else:
            check_cells(own)

    kinds = [*texts]
    return Target(
        inputs,
        check,
        raw=lambda data: (kinds[data[0] % len(kinds)] if data else "wgi", data[1:]),
        seeds=tuple(bytes([at]) + text.encode() for at, text in enumerate(texts.values())),
        words=SOURCE_PIECES,
    )


def check_cells(own: Path) -> None:
    """Each cell that was written is one that tables may have."""
    tables = read_schema(ontology_folder()).tables
    files = find_own_files(own).tables
    require(len(files) > 1, "rows stand with their source")
    for file in files:
        shape = tables[file.stem]
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for column in shape.columns:
                    parts = split_cell(row[column.name], column)
                    require(parts or not column.required, f"{file.stem}: {column.name} is blank")
                    for part in parts:
                        read_cell(part, column)


RECORDS = (
    "code,exporter,importer,date,kg,usd,seller,buyer\n"
    '850511,CHN,USA,2024-01-02,1000.5,9,"A, Inc",B\n284690,MMR,CN,202312,,7,"C\nD",\n',
    "HS code;Origin;Destination;Period;Net kg;Classification\n8505.11;China;US;2024;1e3;HS 2022\n",
)
"""Records without a fault, of both kinds of headers."""
RECORD_PIECES = (
    *("-1", "1,5", "NaN", "inf", "9" * 400, "1e99", "0.0005", "20x4", "01/02/2024", "2024-Q1"),
    *("2024-02-31", "850511 (HS2017)", "hs2022-850511"),
    *(";", ",", "\t", "|", '"', "\n", "\r", "\0", "\ufeff", "NULL", "net kg", "value", "kg", "usd"),
)


def records(folder: Path) -> Target:
    """A file of records in any encoding, or bytes that call themselves Parquet."""

    def check(content: bytes) -> None:
        file = folder / "records.csv"
        file.write_bytes(content)
        try:
            found = aggregate_trade(str(file), system="hs2022")
        except MonaziteError as error:
            require(str(error), "a sentence")
            return
        summed = sum(each.count for each in found.sums)
        summed += sum(each.count for each in found.left_out)
        require(summed == found.count, "each record is summed or left out, and said")
        require(all(each.grams >= 0 for each in found.sums), "no weight below zero")

    texts = encoded(edited(RECORDS, RECORD_PIECES))
    inputs = st.one_of(texts, texts, st.binary(max_size=200).map(lambda cut: b"PAR1" + cut))
    return Target(
        inputs,
        check,
        raw=lambda content: content,
        seeds=tuple(each.encode() for each in RECORDS),
        words=RECORD_PIECES,
    )


SCENARIO_WORDS = tuple(
    sorted({x.name for own in keys.file_keys().values() for x in own} | {*keys.shock_kinds()})
)
SCENARIO_PIECES = (
    *SCENARIO_WORDS,
    *("[[shock]]", "[view]", " = ", "1e999", "nan", "true", "1979-05-27", '"""', "\\u0000"),
)


def scenarios(_: Path) -> Target:
    """Any text as a scenario file: what is read can be meant, and shortly run."""
    folder = ontology_folder() / "scenarios"
    texts = [file.read_text("utf-8") for file in sorted(folder.glob("*.toml"))]
    view = view_in_memory()
    model = ScenarioModel(view.network("MREE"), view.facts("MREE"))
    lines: list[None] = []

    def check(text: str) -> None:
        try:
            found = read_scenario(text, "a.toml")
            meant = model.means(found)
        except FaultyTablesError as refused:
            require(refused.faults, "a refusal without a fault")
            for fault in refused.faults:
                require(0 <= fault.line <= text.count("\n") + 2, f"line {fault.line}")
                require("\n" not in str(fault), "a fault of two lines")
            return
        require(found.months <= keys.MOST_MONTHS, "months")
        if found.element == "MREE" and not lines:
            lines.append(None)  # one run is enough to see that what is meant can be run
            model.point.run(found, meant, steps=4)

    return text_target(
        st.one_of(edited(texts, SCENARIO_PIECES), HOSTILE_TEXT), check, texts[:4], SCENARIO_WORDS
    )

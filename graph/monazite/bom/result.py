"""What a bill holds, as tables, and the sentences that a buyer learns first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import fsum

from monazite.analysis.rules.weighing import CAUGHT, MAY
from monazite.bom import figures
from monazite.bom.contents import EVIDENCE_WORDS, ElementTotal, grams_words, number_words
from monazite.bom.decisions import ASKED, write_decisions
from monazite.bom.grades import OTHER, UNKNOWN
from monazite.bom.lines import ExposedLine, OpenQuestion
from monazite.bom.market_supply import YES
from monazite.bom.matching import match_records
from monazite.bom.rule_tables import judgement_records, record_tables, rule_tables
from monazite.bom.sheets import exposure_sheets
from monazite.bom.stop_order import days_of_stock
from monazite.bom.stop_tables import LOSS_COLUMNS, line_records, more_lines, stop_short, stop_tables
from monazite.core.columns import Column, blank, known, table
from monazite.core.formats import NOT_KNOWN, counted, grouped
from monazite.core.tables import Table
from monazite.data.dates import day_words
from monazite.model.wording import DOING, listed
from monazite.store.names import named

LESSONS = 3  # sentences that a buyer learns first
_NAMED = 3  # elements that a sentence names


def exposure_lessons(found: figures.ExposureFigures) -> tuple[str, ...]:
    """Return the three sentences that a buyer learns of a bill; fewer where less is known."""
    told = [*_stops(found), *_same_plant(found), *_caught(found), *_loses(found), *_held(found)]
    told += [
        f"One answer settles most: {x.question} It is about {x.about}." for x in found.questions[:1]
    ]
    return tuple(told[:LESSONS])


def lasting_lines(lines: Sequence[ExposedLine]) -> list[tuple[float, ExposedLine]]:
    """Return the lines with rare earths whose stock is known, with its days, the shortest first."""
    stocked = ((days_of_stock(line), line) for line in lines if line.grams)
    lasting = [(days, line) for days, line in stocked if days is not None]
    return sorted(lasting, key=lambda each: (each[0], each[1].sheet_row, each[1].name))


def _stops(found: figures.ExposureFigures) -> Iterator[str]:
    first = [(each.days, each.name, each.sheet_row) for each in found.stops[:1]]
    first += [(days, x.name, x.sheet_row) for days, x in lasting_lines(found.lines)[:1]]
    if not first:
        return
    days, name, sheet_row = first[0]
    part = f"{name} (row {sheet_row})"
    if days is None:
        yield f"By loss {part} stands first; how long its stock lasts is not given."
    else:
        lasts = f"its stock lasts {number_words(days)} days if nothing more comes"
        yield f"{part} stops first: {lasts}."


def _loses(found: figures.ExposureFigures) -> Iterator[str]:
    """What the market would lose of what the first of these lines that has a loss is made of."""
    products = {x: each.product for each in found.supplies for x in each.elements}
    for each in found.stops:
        product, doing = products.get(each.element), DOING.get(each.stage)
        if product and doing and each.loss is not None:
            yield (
                f"If {named(each.country)} stopped {doing}, {named(found.market_label)} would lose "
                f"{each.loss_cell} of its {product} once stocks are gone, {each.first_year_cell} "
                "in the first year."
                + ("" if each.holds == YES else f" {each.name} may hold no {each.element}.")
            )
            return


def _same_plant(found: figures.ExposureFigures) -> Iterator[str]:
    for plant in found.shared:
        if plant.same_source:
            rows = listed(grouped(row) for row in plant.same_source[:_NAMED])
            name = plant.label or "One plant"
            yield f"Row {rows} may have no second source: {name} stands behind all its sources."
            return


def _caught(found: figures.ExposureFigures) -> Iterator[str]:
    if not found.judgements:
        return
    day = found.days[-1]
    lines: dict[str, set[tuple[str, int]]] = {CAUGHT: set(), MAY: set()}
    for each in found.judgements:
        if each.outcomes[day] in lines and each.layer == "text":
            lines[each.outcomes[day]].add((each.rule_label, each.sheet_row))
    on_day = f"On {day_words(day)}, by their texts,"
    if lines[CAUGHT]:
        rules = Counter(rule for rule, _ in lines[CAUGHT])
        told = [f"{rule} catches {counted(x, 'line')}" for rule, x in rules.most_common(_NAMED)]
        yield f"{on_day} {listed(told)}."
    elif lines[MAY]:
        yield f"{on_day} rules may catch {counted(len({row for _, row in lines[MAY]}), 'line')}."
    else:
        yield f"{on_day} no rule of the records catches a line."


def _held(found: figures.ExposureFigures) -> Iterator[str]:
    if found.elements:
        ranked = sorted(found.elements, key=lambda each: (-each.high, each.element))
        told = [f"{x.element} {grams_words(x.low, x.high)}" for x in ranked[:_NAMED]]
        more = len(ranked) - _NAMED
        told += [counted(more, "other element")] if more > 0 else []
        yield f"Known of one product: {listed(told)}."


_SHOWN, _ASKED_FIRST = 10, 5
_TAKEN_FOR = {UNKNOWN: "not in the tables", OTHER: "a material of another kind"}
_LICENCE_REMARK = (
    "Have: by your profile (documents = [...]). Not ours: the exporter or an authority gives it. "
    "This is no legal advice."
)


def full_tables(found: figures.ExposureFigures, *, bare: bool = False) -> list[Table]:
    """Return the grams, every line, every match and every question; masses are numbers if bare."""
    tables = [*stop_tables(found), held := _elements(found), _assemblies(found, bare=bare)]
    tables += [_losses(found), _all_lines(found, bare=bare), _stock(found, None)]
    tables += [*rule_tables(found), *_licence(found), _matches(found)]
    tables += [_questions(found.questions, None, bare=bare), *record_tables(found)]
    return [each for each in tables if each.rows or each is held]


def _elements(found: figures.ExposureFigures) -> Table:
    held = found.headline()
    columns = (
        Column("Element", "element"),
        Column("In one product", lambda x: grams_words(x.low, x.high), right=True),
        Column("Known by", _known_by),
        Column("Lines", "lines", grouped, right=True),
    )
    remarks = (_counts(found.lines), *found.notes)
    return table(f"{held}." if found.elements else held, found.elements, columns, remarks)


def _known_by(each: ElementTotal) -> str:
    if len(each.by_evidence) == 1:
        return EVIDENCE_WORDS[each.by_evidence[0].evidence]
    return "; ".join(
        f"{EVIDENCE_WORDS[x.evidence]} {grams_words(x.low, x.high)}" for x in each.by_evidence
    )


def _counts(lines: Sequence[ExposedLine]) -> str:
    """How many lines are counted, and why the others are not."""
    taken = sum(not line.not_known for line in lines)
    others = Counter(line.not_known for line in lines if line.not_known)
    ranked = sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [f"{why}, {grouped(count)}" for why, count in ranked]
    read = f"{counted(len(lines), 'line')} read, {grouped(taken)} counted"
    return f"{read}. Others: {'; '.join(told) or 'none'}."


def most_held(found: figures.ExposureFigures, most: int, where: str = "--full") -> Table:
    """Return the lines that hold most."""
    lines = [line for line in found.lines if line.grams]
    lines.sort(key=lambda line: (-fsum(each.high for each in line.grams), line.sheet_row))
    more = len(lines) - most
    columns = (
        Column("Row", "sheet_row", right=True),
        Column("Part", "name"),
        Column("Pieces", "pieces", number_words, right=True),
        Column("Matched to", lambda line: line.material_label or "as stated"),
        Column("Grams", "grams", figures.all_grams),
    )
    remarks = (f"{counted(more, 'more line')}: {where}",) if more > 0 else ()
    return table("Lines that hold most", lines[:most], columns, remarks)


def _assemblies(found: figures.ExposureFigures, *, bare: bool = False) -> Table:
    heading = "By the parts right below the product"
    if not bare:
        both = (Column("Part", "name"), Column("Grams", "elements", figures.all_grams))
        return table(heading, found.assemblies, both)
    columns = (
        *(Column("Part", lambda x: x[0]), Column("Element", lambda x: x[1].element)),
        Column("Least, g", lambda x: x[1].low, number_words, right=True),
        Column("Most, g", lambda x: x[1].high, number_words, right=True),
    )
    return table(heading, [(x.name, y) for x in found.assemblies for y in x.elements], columns)


def _stock(found: figures.ExposureFigures, most: int | None) -> Table:
    """How long the stock of lines with rare earths lasts, the shortest first."""
    lasting = lasting_lines(found.lines)
    columns = (
        Column("Row", lambda x: x[1].sheet_row, right=True),
        Column("Part", lambda x: x[1].name),
        Column("Days", lambda x: x[0], number_words, right=True),
    )
    remarks = ("By stock and use a day as the bill gives them.",) if lasting else ()
    return table("How long stock lasts if nothing more comes", lasting[:most], columns, remarks)


def _licence(found: figures.ExposureFigures) -> list[Table]:
    """The file of a licence, what is missing first."""
    order = (figures.MISSING, figures.HAVE, figures.NOT_OURS)
    columns = (
        Column("Document", "document"),
        Column("From", lambda x: x.given_by.replace("-", " ")),
        Column("Form", _form_of),
        Column("State", "state"),
        Column("By its", "layer"),
        Column("Since", "since", full=True),
        Column("Name in a profile", "id", full=True),
    )
    documents = sorted(found.licence, key=lambda each: order.index(each.state))
    heading = f"The file of a licence: {found.licence_of}"
    return [table(heading, documents, columns, (_LICENCE_REMARK,))] if documents else []


def _form_of(each: figures.LicenceDocument) -> str:
    form = " or ".join("in their system" if x == "system" else x for x in each.forms)
    return form + (", in Chinese too" if each.translated else "")


def _losses(found: figures.ExposureFigures) -> Table:
    columns = (
        Column("Element", "element"),
        Column("If this stops", "failure"),
        *LOSS_COLUMNS,
        Column("Year", "year", blank(str)),
    )
    heading = f"Losses of the market ({found.market_label}) by element, whatever the bill"
    remark = "A loss is a part of what the whole market uses in a year, whoever your suppliers are."
    why = (f"{each.element}: {each.remark}" for each in found.losses if each.remark)
    return table(heading, found.losses, columns, (remark, *why))


def _all_lines(found: figures.ExposureFigures, *, bare: bool) -> Table:
    columns = (
        Column("row", "sheet_row", right=True),
        Column("position", "position"),
        Column("part", "name"),
        Column("part number", "part_number"),
        Column("pieces", "pieces", number_words, right=True),
        Column("mass", "mass", known(grams_words), right=True, when=not bare),
        Column("mass, g", "mass", known(number_words), right=True, when=bare),
        Column("material", "material_text"),
        Column("matched to", "material_label"),
        Column("grams", "grams", figures.all_grams, when=not bare),
        Column(NOT_KNOWN, "not_known"),
        Column(
            "suppliers",
            lambda x: "; ".join(f"{y.text} ({y.firm or y.decision})" for y in x.suppliers),
        ),
        Column("records", lambda x: "; ".join(sorted({row for y in x.grams for row in y.rows}))),
    )
    return table("All lines", found.lines, columns)


def _asked(found: figures.ExposureFigures) -> Table:
    asked = [each for each in found.matches if each.decision == ASKED]
    columns = (
        Column("What", "kind"),
        Column("In the bill", "text"),
        Column("Perhaps", lambda x: "; ".join(label for _, label in x.candidates) or NOT_KNOWN),
        Column("Why it is asked", "why"),
    )
    heading = "Not sure: decide in a file of matches (--matches-out FILE)"
    return table(heading, asked[:_SHOWN], columns, more_lines(len(asked) - _SHOWN))


def _matches(found: figures.ExposureFigures) -> Table:
    columns = (
        Column("what", "kind"),
        Column("in the bill", "text"),
        Column("decision", lambda x: _TAKEN_FOR.get(x.decision, x.decision)),
        *(Column("id", "id"), Column("name", "label")),
        Column("perhaps", lambda x: "; ".join(key for key, _ in x.candidates)),
        Column("why", "why"),
        Column("lines", "lines", grouped, right=True),
    )
    return table("What each text was taken for", found.matches, columns)


def _questions(questions: Sequence[OpenQuestion], most: int | None, *, bare: bool = False) -> Table:
    settled = known(lambda grams: grams_words(grams) if grams else "no grams")
    columns = (
        Column("Question", "question"),
        Column("About", "about"),
        Column("Settles", "grams", settled, right=True, when=not bare),
        Column("Settles, g", "grams", known(number_words), right=True, when=bare),
        Column("Lines", "lines", grouped, right=True),
    )
    heading = "What to ask, the answer that settles most first"
    shown = questions[:most]
    return table(heading, shown, columns, more_lines(len(questions) - len(shown)))


class Exposure(figures.ExposureFigures):
    """What a bill of materials holds of the rare earths, as far as it is known."""

    records_key = "lines"
    _json = (
        "product market market_label lines elements assemblies matches questions columns reading "
        "losses days judgements licence_of licence questionnaire map_24 passports stops supplies "
        "paths shared remedies value_shares paths_known assumptions notes"
    )

    def tables(self) -> list[Table]:
        """Return the grams, every line, every match and every question."""
        return full_tables(self)

    def sheets(self) -> dict[str, Table]:
        """Return the tables of a workbook: grams and records first, masses in grams."""
        tables, records = full_tables(self, bare=True), self.csv_tables()
        return exposure_sheets(self, tables, records, exposure_lessons(self))

    def short_tables(self) -> list[Table]:
        """Return the grams, the lines that hold most, and what to ask first."""
        tables = [*stop_short(self), held := _elements(self), most_held(self, _SHOWN)]
        tables += [_assemblies(self), _stock(self, _SHOWN), *rule_tables(self)[:1]]
        tables += [*_licence(self), _losses(self), _asked(self)]
        tables += [_questions(self.questions, _ASKED_FIRST), *record_tables(self)]
        return [each for each in tables if each.rows or each is held]

    def csv_tables(self) -> list[Table]:
        """Return a record for each element of each line, one where it has none, and judgements."""
        return [line_records(self), *judgement_records(self), *record_tables(self)]

    def match_file(self) -> str:
        """Return the file of matches as CSV, to be edited and given back.

        >>> import monazite
        >>> found = monazite.load().exposure("examples/bills/generator.csv")
        >>> found.match_file().splitlines()[0]
        'kind,text,decision,id,name,candidates,why,lines'
        """
        return write_decisions(match_records(self.matches))

    def headline(self) -> str:
        """Return the product and its grams."""
        told = figures.all_grams(self.elements).replace("; ", ", ")
        return f"{self.product}: {told or 'no rare earth known'}"

"""The rare earths of a bill of materials: what each line was matched to, grams, and what to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from monazite.bills.bill import Bill, BillLine, ReadColumn
from monazite.bills.codes import Codes
from monazite.bills.decisions import ASKED, FIRM, FREE, Decision, write_decisions
from monazite.bills.levels import parts_too_heavy
from monazite.errors import UnknownNameError
from monazite.findings.exposure.asked import BillQuestion
from monazite.findings.exposure.asking.questionnaire import AskedQuestion
from monazite.findings.exposure.assemblies import AssemblyTotal, assemblies_of
from monazite.findings.exposure.contents import BY_GRADE, MaterialContents, Materials
from monazite.findings.exposure.countries import countries_not_understood
from monazite.findings.exposure.firms import Firms
from monazite.findings.exposure.grades import LANTHANUM
from monazite.findings.exposure.grams import (
    ElementGrams,
    ElementTotal,
    counted_in_parts,
    grams_of,
    together_note,
    totals,
)
from monazite.findings.exposure.judged_lines import LineJudgement
from monazite.findings.exposure.lines import (
    IN_PARTS,
    NO_CONTENT,
    NO_MASS,
    NO_MATERIAL,
    NO_RARE_EARTHS,
    NOT_IN_TABLES,
    TO_BE_ASKED,
    WITHOUT_RARE_EARTHS,
    ExposedLine,
    exposed_line,
)
from monazite.findings.exposure.matching import BillMatch, Matcher, match_records, material_text
from monazite.findings.exposure.questions import OpenQuestion, rank_questions
from monazite.findings.exposure.records.licence import LicenceDocument
from monazite.findings.exposure.stops.market_supply import ElementSupply
from monazite.findings.exposure.stops.remedies import Remedy
from monazite.findings.exposure.stops.shared_plants import SharedPlant
from monazite.findings.exposure.stops.stop_order import StoppingLine
from monazite.findings.exposure.stops.supply_paths import SupplyPath
from monazite.findings.exposure.stops.value_shares import ValueShare
from monazite.findings.exposure.tables import (
    exposure_csv,
    exposure_headline,
    exposure_short,
    exposure_tables,
)
from monazite.findings.rules.grade_names import read_grade_names
from monazite.network.shares import REST, WORLD
from monazite.result import Result, own_content
from monazite.tables import Table
from monazite.triples.names import Entity, find_entity
from monazite.triples.queries import ask
from monazite.triples.store import Store

if TYPE_CHECKING:
    from monazite.findings.exposure.records.article_24 import Article24Map
    from monazite.findings.exposure.records.passport import MagnetPassport


@dataclass(frozen=True)
class ElementLoss:
    """What the market would lose of the products of an element, by the model of its flows.

    Attributes:
        element: symbol.
        failure: what stops, of the largest loss.
        loss: part of what the market used, 0 to 1; None where no loss is known.
        low: 5 % of the trials; None where none were drawn.
        high: 95 % of the trials; None where none were drawn.
        year: of the flows.
    """

    element: str
    failure: str
    loss: float | None
    low: float | None
    high: float | None
    year: int | None


@dataclass(frozen=True)
class ExposureFigures(Result):
    """The figures of an exposure, of which its sentences and tables are made."""

    product: str
    market: str
    market_label: str
    lines: tuple[ExposedLine, ...]
    elements: tuple[ElementTotal, ...]
    assemblies: tuple[AssemblyTotal, ...]
    matches: tuple[BillMatch, ...]
    questions: tuple[OpenQuestion, ...]
    columns: tuple[ReadColumn, ...] = ()
    reading: tuple[str, ...] = ()
    losses: tuple[ElementLoss, ...] = ()
    days: tuple[str, ...] = ()
    judgements: tuple[LineJudgement, ...] = ()
    licence_of: str = ""
    licence: tuple[LicenceDocument, ...] = ()
    questionnaire: tuple[AskedQuestion, ...] = ()
    map_24: Article24Map | None = None
    passports: tuple[MagnetPassport, ...] = ()
    stops: tuple[StoppingLine, ...] = ()
    supplies: tuple[ElementSupply, ...] = ()
    paths: tuple[SupplyPath, ...] = ()
    shared: tuple[SharedPlant, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    value_shares: tuple[ValueShare, ...] = ()
    paths_known: int = 0
    asked: BillQuestion | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Exposure(ExposureFigures):
    """What a bill of materials holds of the rare earths, as far as it is known.

    Attributes:
        product: its name.
        market: code of the market where it is used.
        market_label: its name.
        lines: of the bill, in its order.
        elements: grams in one product, by element.
        assemblies: the same grams by the parts right below the product.
        matches: what each text was taken for.
        questions: what to ask, the answer that settles most first.
        columns: what each column of the bill was taken for.
        reading: how the bill was read and what was passed over, in sentences.
        losses: of the market, by element, where they were asked for.
        days: on which rules were asked about the lines.
        judgements: what rules make of the lines on these days.
        licence_of: name of the act whose licence was asked about; empty for none.
        licence: the documents that it asks for.
        questionnaire: what to ask whom, where that was asked for.
        map_24: the map that CRMA 24 asks for, where that was asked for.
        passports: what CRMA 28 and 29 ask to be told of each magnet, where that was asked for.
        stops: the lines in the order in which they stop the product, where losses were asked for.
        supplies: of each element of the lines, who supplies the market at each stage.
        paths: from the suppliers of the bill back towards the mines; none where names are hidden.
        shared: plants behind several suppliers; without names where names are hidden.
        remedies: what would help, with its effect.
        value_shares: part of the value of a piece that its rare earths make up.
        paths_known: how many paths records give, also where names are hidden.
        asked: what was asked; None where a finding was called without a view.
    """

    records_key: ClassVar[str] = "lines"

    def content(self) -> dict[str, object]:
        """Return the lines, sums, matches and questions as JSON has them."""
        assumed = [vars(each) for each in self.assumptions]
        own = {name: held for name, held in own_content(self).items() if name != "asked"}
        return {**own, "assumptions": assumed, "notes": list(self.notes)}

    def tables(self) -> list[Table]:
        """Return grams, lines, matches and questions, all of them."""
        return exposure_tables(self)

    def short_tables(self) -> list[Table]:
        """Return the grams, the lines that hold most, and what settles most."""
        return exposure_short(self)

    def csv_tables(self) -> list[Table]:
        """Return a line for each element of each line of the bill, bare numbers."""
        return exposure_csv(self)

    def match_file(self) -> str:
        """Return the file of matches as CSV, to be edited and given back.

        Returns:
            A line for each text that is matched or asked, and what was decided before.

        >>> import monazite
        >>> found = monazite.load().exposure("examples/bills/generator.csv")
        >>> found.match_file().splitlines()[0]
        'kind,text,decision,id,name,candidates,why,lines'
        """
        return write_decisions(match_records(self.matches))

    def headline(self) -> str:
        """Return the product and its grams."""
        return exposure_headline(self)


def known_materials(store: Store) -> Materials:
    """Return the materials of a store, with what they hold."""
    return Materials(
        *(ask(store, "bill-materials"), ask(store, "bill-contents"), read_grade_names(store))
    )


def known_firms(store: Store) -> Firms:
    """Return the firms of a store."""
    return Firms(ask(store, "bill-firms"))


def element_names(store: Store) -> dict[str, str]:
    """Return the symbols of the rare earths by symbol and English name, in small letters."""
    found: dict[str, str] = {}
    for answer in ask(store, "bill-elements"):
        found[answer["element"].casefold()] = answer["element"]
        found[answer["label"].casefold()] = answer["element"]
    return found


_NO_PLACE = frozenset({WORLD, REST, "ALL"})
"""Areas that may be anywhere."""


def country_codes(store: Store) -> Callable[[str], str]:
    """Return what gives the code of a country by its name or code, blank where it is not known."""

    @cache
    def country(text: str) -> str:
        if not text:
            return ""
        try:
            found = find_entity(store, text, "Country", "Area", what="country").id
        except UnknownNameError:
            return ""
        return "" if found in _NO_PLACE else found

    return country


def find_exposure(
    store: Store,
    bill: Bill,
    market: Entity,
    decisions: Iterable[Decision] = (),
    *,
    redact: bool = False,
) -> Exposure:
    """Find what a bill holds of the rare earths.

    Method: a content is what the bill states, then what rows say of the grade, then of the wider
    material; each within what shared bounds leave to it. Grams are mass times pieces times content;
    a line whose parts are counted is not counted itself. Sums of ranges are sums of their ends.
    """
    materials = known_materials(store)

    country = country_codes(store)
    matcher = Matcher(known_firms(store), materials, country, decisions)
    codes = Codes(hide=redact)
    matched = [matcher.material(one) for one in bill.lines]
    names = [_holds(one, match) for one, match in zip(bill.lines, matched, strict=True)]
    inside = counted_in_parts(bill, names)
    product = codes("product", bill.product)
    lines: list[ExposedLine] = []
    used: Counter[BillMatch] = Counter()
    counted_in: list[tuple[MaterialContents, float]] = []
    for place, (one, match) in enumerate(zip(bill.lines, matched, strict=True)):
        if not inside[place] and (names[place] or not bill.below[place]):
            used[match] += 1
        firms = [matcher.firm(each.name, each.country) for each in one.suppliers]
        used.update(firms)
        contents = materials.contents(match.id, by_grade=match.by_grade, stated=one.contents)
        grams, why = _grams(one, match, contents, bill.quantities[place], inside=inside[place])
        if grams:
            counted_in.append((contents, (one.mass or 0.0) * bill.quantities[place]))
        lines.append(
            exposed_line(
                *(one, match, firms, grams, why, bill.quantities[place], codes),
                contradicts=contents.contradicts,
                country=country,
            )
        )
    counted = [replace(match, lines=count) for match, count in used.items()]
    found = totals(line.grams for line in lines)
    columns = tuple(_shown(each, codes) for each in bill.columns)
    return Exposure(
        product=product,
        market=market.id,
        market_label=market.label,
        lines=tuple(lines),
        elements=found,
        assemblies=tuple(assemblies_of(bill, lines)),
        matches=tuple(
            _hidden(match, codes) for match in (*counted, *matcher.unused()) if match.text.strip()
        ),
        questions=rank_questions(lines),
        columns=columns,
        reading=() if redact else bill.notes,
        assumptions=materials.assumptions(
            {row for line in lines for each in line.grams for row in each.rows}
        ),
        notes=(
            *countries_not_understood(bill, columns, country, hide=redact),
            *filter(None, [parts_too_heavy(bill), together_note(counted_in)]),
            *_notes(lines),
        ),
    )


def _holds(one: BillLine, match: BillMatch) -> bool:
    """Whether a line names a material with rare earths, or states a content."""
    return bool(match.id) or (bool(one.contents) and match.decision != FREE)


def _grams(
    one: BillLine, match: BillMatch, contents: MaterialContents, pieces: float, *, inside: bool
) -> tuple[tuple[ElementGrams, ...], str]:
    """Grams of a line, or why they are not known."""
    if inside:
        return (), IN_PARTS
    if match.decision == FREE:
        return (), NO_RARE_EARTHS
    if match.magnet_type:
        return (), NO_CONTENT if match.why == LANTHANUM else WITHOUT_RARE_EARTHS
    if not _holds(one, match):
        if not material_text(one).strip():
            return (), NO_MATERIAL
        return (), TO_BE_ASKED if match.decision == ASKED else NOT_IN_TABLES
    if not contents.elements:
        return (), NO_CONTENT
    if one.mass is None:
        return (), NO_MASS
    return grams_of(contents.elements, one.mass, pieces), ""


def _hidden(match: BillMatch, codes: Codes) -> BillMatch:
    """A match as it is shown; of a firm nothing is left that names it."""
    if not codes.hide:
        return match
    text = codes("firm" if match.kind == FIRM else "material", match.text)
    if match.kind == FIRM:
        return replace(match, text=text, id="", label="", candidates=(), ruled_out=())
    return replace(match, text=text)


def _shown(column: ReadColumn, codes: Codes) -> ReadColumn:
    """A column as it is shown: its header may name what the bill is of."""
    return replace(column, header=codes("column", column.header))


def _notes(lines: list[ExposedLine]) -> Iterable[str]:
    held = [each for line in lines for each in line.grams]
    if any((each.element, each.evidence) == ("Dy", BY_GRADE) for each in held):
        yield (
            "Dysprosium by grade is assumed, for magnets made without diffusion at grain "
            "boundaries; diffused ones hold less."
        )
    elements = {each.element for each in held}
    if "Nd" in elements and "Tb" not in elements:
        yield "No record gives the terbium of these grades: it is not counted, and may be there."
    odd = [str(line.sheet_row) for line in lines if line.contradicts]
    if odd:
        more = f" and {len(odd) - 5:,} more" if len(odd) > 5 else ""
        yield (
            f"The bill states more than records of the material allow: row {', '.join(odd[:5])}"
            f"{more}. What it states stands."
        )
    unknown = Counter(line.not_known for line in lines)
    for why in (TO_BE_ASKED, NO_CONTENT, NO_MASS):
        if unknown[why]:
            yield f"Not counted: {_lines(unknown[why])}: {why}. Grams would be larger."


def _lines(count: int) -> str:
    return f"{count:,} line{'s' * (count != 1)}"

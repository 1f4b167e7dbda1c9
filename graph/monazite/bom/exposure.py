"""The rare earths of a bill of materials: what each line was matched to, grams, and what to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from monazite.bom.bill import Bill, BillLine, ReadColumn, countries_in
from monazite.bom.contents import (
    BY_GRADE,
    ElementGrams,
    MaterialContents,
    Materials,
    counted_in_parts,
    grams_of,
    together_note,
    totals,
)
from monazite.bom.decisions import ASKED, FIRM, FREE, Codes, Decision
from monazite.bom.grades import LANTHANUM, read_grade_names
from monazite.bom.headers import meanings
from monazite.bom.lines import (
    IN_PARTS,
    NO_CONTENT,
    NO_MASS,
    NO_MATERIAL,
    NO_RARE_EARTHS,
    NOT_IN_TABLES,
    TO_BE_ASKED,
    WITHOUT_RARE_EARTHS,
    ExposedLine,
    assemblies_of,
    exposed_line,
    rank_questions,
)
from monazite.bom.market_supply import ElementSupply, LineCase, shared_plants
from monazite.bom.matching import BillMatch, Firms, Matcher, material_text
from monazite.bom.reading import parts_too_heavy
from monazite.bom.result import Exposure
from monazite.bom.stop_order import StopFinder, ordered_stops
from monazite.bom.stopping import RemedyFinder, bill_paths, hide_plants
from monazite.bom.supply_paths import PathFinder, read_plant_links
from monazite.core.errors import UnknownNameError
from monazite.core.formats import counted, first_rows, in_brief
from monazite.model.network.shares import REST, WORLD
from monazite.store.names import Entity, find_entity
from monazite.store.queries import ask
from monazite.store.store import Store

_PLACES = {"world", "rest of the world", "all"}  # understood, and they say nothing


def countries_not_understood(
    bill: Bill, columns: Sequence[ReadColumn], country: Callable[[str], str], *, hide: bool
) -> Iterator[str]:
    """Yield a sentence for each text that should be a country and is none that is known."""
    rows: dict[tuple[str, str], list[int]] = {}
    for line in bill.lines:
        for field, text in dict.fromkeys(_texts(line)):
            if text and not country(text) and text.casefold() not in _PLACES:
                rows.setdefault((field, text), []).append(line.row)
    for (field, text), found in rows.items():
        headers = [each.header for each in columns if each.meaning.startswith(meanings()[field])]
        told = "" if hide else f' "{in_brief(text, 60)}"'
        yield (
            f"The country{told} is not understood and counts as not known: row "
            f"{first_rows(found)}, column {' or '.join(headers)}. "
            "Write its English name or its code, as Poland or POL."
        )


def _texts(line: BillLine) -> Iterator[tuple[str, str]]:
    for each in line.suppliers:
        yield "country", each.country
        yield from (("made_in", text) for text in each.countries)
    yield from (("made_in", text) for text in countries_in(line.made_in))


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
    return {
        answer[name].casefold(): answer["element"]
        for answer in ask(store, "bill-elements")
        for name in ("element", "label")
    }


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
        return "" if found in {WORLD, REST, "ALL"} else found  # these may be anywhere

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
    materials, country, codes = known_materials(store), country_codes(store), Codes(hide=redact)
    matcher = Matcher(known_firms(store), materials, country, decisions)
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
        pieces = bill.quantities[place]
        grams, why = _grams(one, match, contents, pieces, inside=inside[place])
        if grams:
            counted_in.append((contents, (one.mass or 0.0) * pieces))
        odd = contents.contradicts
        lines.append(exposed_line(one, match, firms, grams, why, odd, pieces, codes, country))
    matches = [*(replace(match, lines=count) for match, count in used.items()), *matcher.unused()]
    columns = tuple(replace(x, header=codes("column", x.header)) for x in bill.columns)
    rows = {row for line in lines for each in line.grams for row in each.rows}
    return Exposure(
        *(product, market.id, market.label, tuple(lines), totals(line.grams for line in lines)),
        assemblies=tuple(assemblies_of(bill, lines)),
        matches=tuple(_hidden(match, codes) for match in matches if match.text.strip()),
        questions=rank_questions(lines),
        columns=columns,
        reading=() if redact else bill.notes,
        assumptions=materials.assumptions(rows),
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
    if not codes.hide or match.kind != FIRM:
        return replace(match, text=codes("material", match.text))
    text = codes("firm", match.text)
    return replace(match, text=text, id="", label="", candidates=(), ruled_out=())


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
    if odd := [line.sheet_row for line in lines if line.contradicts]:
        yield (
            f"The bill states more than records of the material allow: row {first_rows(odd)}. What "
            "it states stands."
        )
    unknown = Counter(line.not_known for line in lines)
    for why in (TO_BE_ASKED, NO_CONTENT, NO_MASS):
        if unknown[why]:
            yield f"Not counted: {counted(unknown[why], 'line')}: {why}. Grams would be larger."


Sources = Callable[[Iterable[str]], Mapping[str, str]]  # who says records, by their keys


def with_stops(
    found: Exposure,
    bill: Bill,
    places: Mapping[int, LineCase],
    supplies: tuple[ElementSupply, ...],
    materials: Materials,
    store: Store,
    day: str,
    sources: Sources,
    *,
    redact: bool = False,
) -> Exposure:
    """Return an exposure with what stops its lines, and what would help."""
    stops = StopFinder(supplies, PathFinder(read_plant_links(store, day, materials)))
    order = ordered_stops(bill, found.lines, places, stops)
    cases = {found.lines[place].sheet_row: case for place, case in places.items()}
    paths = bill_paths(cases, stops.finder)
    shared = shared_plants(paths, cases)
    who_says = sources({hop.row for path in paths for hop in path.hops} - {""})
    grades = {row["material"] for row in ask(store, "grade-names") if row["grade"]}
    lines = {each.sheet_row: each for each in found.lines}
    tried = RemedyFinder(stops, materials, tuple(sorted(grades)), lines)
    helps = tried.remedies((each.sheet_row, cases[each.sheet_row]) for each in order)
    told = tuple(
        replace(x, hops=tuple(replace(y, source=who_says.get(y.row, "")) for y in x.hops))
        for x in paths
    )
    if redact:
        told = ()
        order, shared, helps = hide_plants(order, shared, helps)
    found = replace(found, stops=order, supplies=supplies, shared=shared, remedies=helps)
    return replace(found, paths=told, paths_known=len(paths))

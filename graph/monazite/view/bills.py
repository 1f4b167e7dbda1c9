"""What does a bill of materials of one's own hold and depend on?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Market
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.data.declared import Param
from monazite.data.parameters import CRMA_24, MARKET

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.rules.compiled import CompiledRules
    from monazite.bom.bill import Bill
    from monazite.bom.decisions import Decision
    from monazite.bom.figures import ElementLoss, PublicStage
    from monazite.bom.filling import BuyerProfile
    from monazite.bom.inquiry import Inquiry
    from monazite.bom.lines import ExposedLine
    from monazite.bom.market_supply import ElementSupply
    from monazite.bom.result import Exposure
    from monazite.store.names import Entity
    from monazite.view.view import View


def exposure(
    view: View,
    bill: Annotated[
        Path | str, Param("Bill of materials: .csv, .tsv or .xlsx.", metavar="BILL", position=True)
    ],
    market: Market = MARKET,
    *,
    matches: Annotated[
        Path | str | None, Param("What you decided on firms and materials.", metavar="FILE")
    ] = None,
    profile: Annotated[
        Path | str | None, Param("What is so of the company and product.", metavar="FILE.toml")
    ] = None,
    licence: Annotated[
        str | None,
        Param(
            "Also the documents that a licence under this act asks for.",
            metavar="ACT",
            completes=("policy",),
        ),
    ] = None,
    answers: Annotated[
        Path | str | None, Param("Answers to a questionnaire.", metavar="FILE")
    ] = None,
    record: Annotated[
        str | None, Param("Also the map that crma-24 asks for.", metavar="ARTICLE", option="for")
    ] = None,
    passport: Annotated[bool, Param("Also what CRMA 28 and 29 ask of each magnet.")] = False,
    losses: Annotated[
        bool, Param("Also what stops first: losses, paths, shared plants, what helps.")
    ] = False,
    redact: Annotated[bool, Param("Codes in place of all names of the bill.")] = False,
    days: Sequence[str] = (),
    questionnaire: bool = False,
) -> Exposure:
    """Weigh the rare earths in a bill of materials, line by line, and say what is not known.

    A material, grade or firm is matched only where it is sure; all else is asked. Contents are
    ranges by kind of evidence: what the bill says, then records of the grade, then of the material.
    Where no record gives a content it is not known. Nothing of the bill leaves the machine or is
    kept.

    Rules are asked about each line on the day of --valid; several days stand between commas:
    --valid 2025-03-31,2025-04-04 asks all records about each of them.

    A profile says once what rules ask of the company and the product, and of every line:
    staff = 600, turnover-eur = 2e8, product-class, ships-as = "magnet", us-defence = false.

    With --losses: in which order parts stop the product, by days of stock, then by the loss of the
    market; through which plants each supplier's path runs; and what would help, worked out anew.
    The weakest hop of a path is the least certain; then one that no other record doubles; then the
    one nearest to the mine. usd-per-eur = 1.1 in the profile holds prices against euros.

    Example: monazite exposure --blank bill.csv

    What to ask is written with --questions questions.xlsx, the answer that settles most judgements
    first; filled in, it is given back with --answers questions.xlsx, and the judgements change.

    -o bill.html writes a page that works offline, -o bill.xlsx a workbook with every line, -o
    bill.json the JSON. The bill is in none; monazite verify takes it to check the page.

    Matches are decided in a file: write it with --matches-out matches.csv, set decision to
    accepted, not, none or no rare earths, and give it back with --matches matches.csv.

    Args:
        days: on which rules are asked about the lines; the day of the view if none.
        questionnaire: whether it is found what to ask whom, the answer that settles most
            judgements first.

    Raises:
        UnreadableError: a file cannot be read, or is of a kind that is not read.
        FaultyTablesError: something in a file is wrong, or an answer contradicts the bill; all
            faults are told.
        UnknownNameError: the market or the act is not known, or a day is no date.
        NotKnownError: no row tells which documents a licence of the act asks for.

    >>> import monazite
    >>> found = monazite.load().exposure("examples/bills/generator.csv", "EUE")
    >>> found.elements[0].element
    'Dy'
    """
    from monazite.analysis.rules.compiled import compile_rules
    from monazite.analysis.rules.conditions import product_class_words
    from monazite.bom.answers import read_answers
    from monazite.bom.decisions import FIRM, MATERIAL, hidden_names, read_decisions
    from monazite.bom.exposure import element_names, find_exposure, known_firms, known_materials
    from monazite.bom.figures import BillQuestion
    from monazite.bom.inquiry import Inquiry
    from monazite.bom.reading import read_bill
    from monazite.store.names import find_entity

    if record not in (None, CRMA_24):
        raise UnknownNameError(f'No record is named "{record}"; write {CRMA_24}.')
    losses = losses or record is not None  # a map of the article says what would be lost
    place = find_entity(view.store, market, "Country", "Area", what="market")
    files = {"bill": bill, "matches": matches, "profile": profile, "answers": answers}
    words = {str(Path(file)): word for word, file in files.items() if file is not None}
    with hidden_names(words, hide=redact):
        read = read_bill(*(Path(bill), element_names(view.store), product_class_words(view.store)))
        decided: tuple[Decision, ...] = ()
        if matches is not None:
            known = {
                FIRM: known_firms(view.store).labels,
                MATERIAL: known_materials(view.store).labels,
            }
            decided = read_decisions(Path(matches), known)
        held = Inquiry(view.store, read, _profile(view, profile))
        if answers is not None:
            held = replace(held, answers=read_answers(Path(answers), held.reader))
        found = find_exposure(view.store, held.bill, place, decided, redact=redact)
        held = _valued(view, held, found, max(days or (view.valid,)))
        rules = compile_rules(view._store_of_all_days(), dict.fromkeys(days or (view.valid,)))
        if held.answers.given:
            before = find_exposure(view.store, read, place, decided, redact=redact)
            held.check(before, found, rules)
    found = _judged_bill(view, found, held, rules, licence)
    given = tuple(word for word in words.values() if word != "bill")
    asked = BillQuestion(
        market=place.id,
        days=tuple(days),
        losses=losses,
        redact=redact,
        licence=licence or "",
        questionnaire=questionnaire,
        record=record or "",
        passport=passport,
        files=given,
    )
    found = replace(found, asked=asked)
    if questionnaire:
        more = passport or record is not None
        found = replace(found, questionnaire=held.questions(found, rules, records=more))
    if record is not None:
        leaders = _leaders(view, [each.element for each in found.elements])
        found = replace(found, map_24=held.map_24(found, rules, leaders))
    if passport:
        found = replace(found, passports=held.passports(found))
    if losses:
        plain = find_exposure(view.store, held.bill, place, decided) if redact else found
        found = _with_stops(view, found, plain.lines, held.bill, place, redact=redact)
        found = replace(found, value_shares=held.worth.shares() if held.worth else ())
    return view._recorded(found)


def _profile(view: View, profile: Path | str | None) -> BuyerProfile:
    """What a buyer says once of all lines; nothing without a file."""
    from monazite.analysis.rules.conditions import product_class_words, profile_words
    from monazite.bom.filling import NO_PROFILE, read_profile

    if profile is None:
        return NO_PROFILE
    facts, _, shipped_as, documents = profile_words(view.store)
    classes = product_class_words(view.store)
    return read_profile(Path(profile), facts, classes, shipped_as, documents)


def _valued(view: View, held: Inquiry, found: Exposure, day: str) -> Inquiry:
    """A bill with what works out shares of value, by the prices of the last day asked about."""
    from monazite.bom.value_shares import Valuation, read_prices
    from monazite.data.dates import date_bounds

    rates = {"EUR": held.buyer.dollars} if held.buyer.dollars else {}
    prices = read_prices(view.store, date_bounds(day)[1])
    return replace(held, worth=Valuation(prices, rates, held.bill, found.lines))


def _judged_bill(
    view: View, found: Exposure, held: Inquiry, rules: CompiledRules, licence: str | None
) -> Exposure:
    """An exposure with what rules make of its lines."""
    from monazite.analysis.rules.compiled import rules_named
    from monazite.analysis.rules.rules import read_documents
    from monazite.bom.inquiry import licence_file

    found = replace(found, days=rules.days, judgements=held.judge(found, rules).judgements())
    if licence is None:
        return found
    chosen, label = rules_named(view.store, rules, licence)
    documents = licence_file(
        *(read_documents(view.store), chosen, label, found.market),
        *(rules.days[-1], held.buyer.documents),
    )
    return replace(found, licence_of=label, licence=documents)


def _leaders(view: View, elements: Sequence[str]) -> dict[tuple[str, str], PublicStage]:
    """Who leads each stage of some elements in the world, by element and stage."""
    from monazite.bom.figures import PublicStage

    found: dict[tuple[str, str], PublicStage] = {}
    for element in elements:
        try:
            lines = view.concentration(element).lines
        except NotKnownError:
            continue
        for line in lines:
            if line.leader and (element, line.stage) not in found:
                found[element, line.stage] = PublicStage(
                    line.leader, line.share, line.year, line.hhi, tuple(line.rows)
                )
    return found


def _with_stops(
    view: View,
    found: Exposure,
    named: Sequence[ExposedLine],
    bill: Bill,
    market: Entity,
    *,
    redact: bool,
) -> Exposure:
    """An exposure with what stops its lines; ``named`` has the ids of firms though hidden."""
    from monazite.bom.exposure import country_codes, known_materials, with_stops
    from monazite.bom.market_supply import cases_of

    supplies, losses = _supplies(view, [x.element for x in found.elements], market)
    materials = known_materials(view.store)
    places = cases_of(bill, named, materials, country_codes(view.store))
    found = replace(found, losses=losses)
    return with_stops(
        *(found, bill, places, supplies, materials, view.store, view.valid, view.sources),
        redact=redact,
    )


def _supplies(
    view: View, elements: Iterable[str], market: Entity
) -> tuple[tuple[ElementSupply, ...], tuple[ElementLoss, ...]]:
    """Who supplies the market, of each element once or of its group, and its largest losses."""
    groups: dict[str, list[str]] = {}
    for element in elements:
        groups.setdefault(_counted_as(view, element), []).append(element)
    supplies: list[ElementSupply] = []
    losses: dict[str, ElementLoss] = {}
    for name, members in groups.items():
        report: Chokepoints | None = None
        with suppress(NotKnownError):
            report = view.chokepoints(name, market.id)
        if report is not None:
            supplies.append(_supply(view, name, members, report, market))
        losses |= {each: _loss(each, report) for each in members}
    return tuple(supplies), tuple(losses[name] for name in sorted(losses))


def _counted_as(view: View, element: str) -> str:
    """What the model counts an element in: neodymium and praseodymium are one."""
    from monazite.model.chain.base_year import chain_elements

    try:
        names = chain_elements(view.facts(element)).names
    except NotKnownError:
        return element
    return names[0] if len(names) == 1 else element


def _supply(
    view: View, name: str, members: Iterable[str], report: Chokepoints, market: Entity
) -> ElementSupply:
    from monazite.analysis.concentration.standing import read_known_year
    from monazite.analysis.countries_of_chain import parts_of_market
    from monazite.bom.market_supply import element_supply
    from monazite.model.network.shares import WORLD
    from monazite.store.names import find_entity

    parts: dict[str, dict[str, float]] = {}
    if report.base is not None and market.id != WORLD:  # what the world uses is its output
        year = report.base.year
        model, _ = read_known_year(view.facts(name), market.id, market.label, year)
        if model is not None:
            parts = parts_of_market(model, market.id, report.base.product)
    return element_supply(
        *(report, members, parts),
        lambda code: find_entity(view.store, code, "Country", "Area").label if code else "",
    )


def _loss(element: str, report: Chokepoints | None) -> ElementLoss:
    """The largest loss of a market by one failure, by the model of its flows."""
    from monazite.analysis.chokepoints.headline import first_line
    from monazite.bom.figures import ElementLoss
    from monazite.bom.market_supply import lost_of
    from monazite.core.formats import NOT_KNOWN

    first = first_line(report) if report is not None else None
    if report is None or first is None or report.base is None:
        notes = () if report is None else report.notes[:1]
        return ElementLoss(element, NOT_KNOWN, None, *notes)
    stops = first.label if first.stage else f"{first.label}, all stages"
    weak = f"weak: {report.base.weak}." if report.base.weak else ""
    return ElementLoss(element, stops, report.base.year, weak, **lost_of(first))

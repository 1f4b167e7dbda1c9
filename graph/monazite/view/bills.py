"""What does a bill of materials of one's own hold and depend on?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.errors import FaultyTablesError, NotKnownError
from monazite.parameters import MARKET
from monazite.view.chokepoints import ChokepointQuestions

if TYPE_CHECKING:
    from monazite.bills.bill import Bill
    from monazite.bills.decisions import Decision
    from monazite.bills.profile import BuyerProfile
    from monazite.findings.exposure.exposure import ElementLoss, Exposure
    from monazite.findings.exposure.lines import ExposedLine
    from monazite.findings.exposure.stops.market_supply import ElementSupply
    from monazite.findings.exposure.stops.value_shares import Valuation
    from monazite.findings.losses.result import Chokepoints
    from monazite.triples.names import Entity


class BillQuestions(ChokepointQuestions):
    """What does a bill of materials of one's own hold and depend on?"""

    def exposure(
        self,
        bill: Path | str,
        market: str = MARKET,
        *,
        matches: Path | str | None = None,
        losses: bool = False,
        redact: bool = False,
        days: Sequence[str] = (),
        profile: Path | str | None = None,
        licence: str | None = None,
    ) -> Exposure:
        """Find the rare earths in a bill of materials: matches, grams with ranges, what to ask.

        The bill is read and nothing of it is kept. What is not sure is asked and never taken.

        Args:
            bill: CSV, TSV or XLSX.
            market: code or name of the country or union where the product is used.
            matches: CSV of what you decided on firms and materials, as ``--matches-out`` writes it.
            losses: whether it is found what stops first: losses of the market by stage, the named
                paths of suppliers and their weakest hop, plants behind several of them, what would
                help, and which part of the value is rare earths.
            redact: whether codes stand in place of the names of the bill, also in its faults.
            days: on which rules are asked about the lines; the day of the view if none.
            profile: TOML of what you say once of the company and the product: ``staff``,
                ``turnover-eur``, ``product-class``, ``ships-as``, ``us-defence`` and the like.
            licence: act whose licence is asked about: which documents, whose, and which are there.

        Returns:
            The lines with what they were matched to, grams by element, and what is not known.

        Raises:
            UnreadableError: a file cannot be read, or is of a kind that is not read.
            FaultyTablesError: something in a file is wrong; all faults are told.
            UnknownNameError: the market or the act is not known, or a day is no date.
            NotKnownError: no row tells which documents a licence of the act asks for.

        >>> import monazite
        >>> found = monazite.load().exposure("examples/bills/generator.csv", "EUE")
        >>> found.elements[0].element
        'Dy'
        """
        from dataclasses import replace

        from monazite.bills.codes import without_quotes
        from monazite.bills.decisions import FIRM, MATERIAL, read_decisions
        from monazite.bills.reading import read_bill
        from monazite.findings.exposure.asked import BillQuestion
        from monazite.findings.exposure.exposure import (
            element_names,
            find_exposure,
            known_firms,
            known_materials,
        )
        from monazite.triples.names import find_entity

        place = find_entity(self.store, market, "Country", "Area", what="market")
        try:
            read = read_bill(Path(bill), element_names(self.store))
            decided: tuple[Decision, ...] = ()
            if matches is not None:
                known = {
                    FIRM: known_firms(self.store).labels,
                    MATERIAL: known_materials(self.store).labels,
                }
                decided = read_decisions(Path(matches), known)
        except FaultyTablesError as error:
            if redact:
                raise FaultyTablesError(without_quotes(error.faults)) from None
            raise
        found = find_exposure(self.store, read, place, decided, redact=redact)
        buyer = self._profile(profile)
        worth = self._worth(read, found, buyer, max(days or (self.valid,)))
        found = self._judged_bill(found, read, days or (self.valid,), buyer, worth, licence)
        given = {"matches": matches, "profile": profile}
        files = tuple(name for name, file in given.items() if file is not None)
        asked = BillQuestion(place.id, tuple(days), losses, redact, licence or "", files)
        found = replace(found, asked=asked)
        if losses:
            plain = find_exposure(self.store, read, place, decided) if redact else found
            found = self._with_stops(found, plain.lines, read, place, redact=redact)
            found = replace(found, value_shares=worth.shares())
        return self._seen(found)

    def _profile(self, profile: Path | str | None) -> BuyerProfile:
        from monazite.bills.profile import NO_PROFILE, read_profile
        from monazite.findings.rules.conditions import profile_words

        if profile is None:
            return NO_PROFILE
        return read_profile(Path(profile), *profile_words(self.store))

    def _worth(self, bill: Bill, found: Exposure, buyer: BuyerProfile, day: str) -> Valuation:
        """What works out shares of value, by the prices of the last day asked about."""
        from monazite.findings.exposure.stops.value_shares import Valuation, read_prices
        from monazite.rows.dates import date_bounds

        rates = {"EUR": buyer.dollars} if buyer.dollars else {}
        prices = read_prices(self.store, date_bounds(day)[1])
        return Valuation(prices, rates, bill, found.lines)

    def _judged_bill(
        self,
        found: Exposure,
        bill: Bill,
        days: Sequence[str],
        buyer: BuyerProfile,
        worth: Valuation,
        licence: str | None,
    ) -> Exposure:
        """An exposure with what rules make of its lines."""
        from dataclasses import replace

        from monazite.findings.exposure.exposure import country_codes, known_materials
        from monazite.findings.exposure.judged_lines import judge_lines
        from monazite.findings.exposure.licence import licence_file
        from monazite.findings.rules.compiled import compile_rules, rules_of
        from monazite.findings.rules.rules import read_documents
        from monazite.triples.names import find_entity
        from monazite.triples.opening import open_store

        store = self.store
        if self.filters.valid is not None:  # a rule that begins later is a row of the day before
            every = replace(self.filters, valid=None)
            store = open_store(
                self.ontology, data=self.data, filters=every or None, cache=self.cached
            )
        rules = compile_rules(store, dict.fromkeys(days))
        judged = judge_lines(
            *(rules, bill, found.lines, known_materials(self.store), found.market),
            *(country_codes(self.store), buyer, worth),
        )
        found = replace(found, days=rules.days, judgements=judged)
        if licence is None:
            return found
        act = find_entity(self.store, licence, "Policy", what="act")
        documents = licence_file(
            *(read_documents(self.store), rules_of(rules, act.id), act.label, found.market),
            *(rules.days[-1], buyer.documents),
        )
        return replace(found, licence_of=act.label, licence=documents)

    def _with_stops(
        self,
        found: Exposure,
        named: Sequence[ExposedLine],
        bill: Bill,
        market: Entity,
        *,
        redact: bool,
    ) -> Exposure:
        """An exposure with what stops its lines; ``named`` has the ids of firms though hidden."""
        from dataclasses import replace

        from monazite.findings.exposure.exposure import country_codes, known_materials
        from monazite.findings.exposure.stops.stopping import cases_of, with_stops

        supplies, losses = self._supplies([x.element for x in found.elements], market)
        materials = known_materials(self.store)
        places = cases_of(bill, named, materials, country_codes(self.store))
        found = replace(found, losses=losses)
        return with_stops(
            *(found, bill, places, supplies, materials, self.store, self.valid, self.sources),
            redact=redact,
        )

    def _supplies(
        self, elements: Iterable[str], market: Entity
    ) -> tuple[tuple[ElementSupply, ...], tuple[ElementLoss, ...]]:
        """Who supplies the market, of each element once or of its group, and its largest losses."""
        groups: dict[str, list[str]] = {}
        for element in elements:
            groups.setdefault(self._counted_as(element), []).append(element)
        supplies: list[ElementSupply] = []
        losses: dict[str, ElementLoss] = {}
        for name, members in groups.items():
            report = self._report(name, market.id)
            losses |= {each: _loss(each, report) for each in members}
            if report is not None:
                supplies.append(self._supply(name, members, report, market))
        return tuple(supplies), tuple(losses[name] for name in sorted(losses))

    def _counted_as(self, element: str) -> str:
        """What the model counts an element in: neodymium and praseodymium are one."""
        from monazite.findings.chain.base_year import chain_elements

        try:
            names = chain_elements(self.facts(element)).names
        except NotKnownError:
            return element
        return names[0] if len(names) == 1 else element

    def _report(self, name: str, market: str) -> Chokepoints | None:
        try:
            return self.chokepoints(name, market)
        except NotKnownError:
            return None

    def _supply(
        self, name: str, members: Iterable[str], report: Chokepoints, market: Entity
    ) -> ElementSupply:
        from monazite.findings.backbone.origins import parts_of_market
        from monazite.findings.exposure.stops.market_supply import element_supply
        from monazite.findings.standing.makers import read_known_year
        from monazite.triples.names import find_entity

        parts: dict[str, dict[str, float]] = {}
        if report.base is not None:
            year = report.base.year
            model, _ = read_known_year(self.facts(name), market.id, market.label, year)
            if model is not None:
                parts = parts_of_market(model, market.id, report.base.product)
        return element_supply(
            *(report, members, parts),
            lambda code: find_entity(self.store, code, "Country", "Area").label if code else "",
        )


def _loss(element: str, report: Chokepoints | None) -> ElementLoss:
    """The largest loss of a market by one failure, by the model of its flows."""
    from monazite.findings.exposure.exposure import ElementLoss
    from monazite.safe_text import NOT_KNOWN

    first = next(iter(report.chokepoints), None) if report is not None else None
    if report is None or first is None or report.base is None:
        return ElementLoss(element, NOT_KNOWN, None, None, None, None)
    stops = first.label if first.stage else f"{first.label}, all stages"
    year = report.base.year
    return ElementLoss(element, stops, first.loss, first.loss_low, first.loss_high, year)


def blank_bill(file: Path | str) -> bytes:
    """Return an empty bill of materials, as the ending of its file asks.

    Args:
        file: whose name ends in .csv or .xlsx.

    Raises:
        UnknownNameError: it ends in something else.

    >>> len(blank_bill("bill.xlsx")) > 1000
    True
    """
    from monazite.exchange.blank_bill import blank_bill as write_blank

    return write_blank(Path(file))

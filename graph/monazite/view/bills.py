"""What does a bill of materials of one's own hold and depend on?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.errors import FaultyTablesError, NotKnownError
from monazite.parameters import MARKET
from monazite.view.chokepoints import ChokepointQuestions

if TYPE_CHECKING:
    from monazite.bills.bill import Bill
    from monazite.bills.decisions import Decision
    from monazite.findings.exposure.exposure import ElementLoss, Exposure


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
            losses: whether the largest loss of the market is found for each element.
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
        found = self._judged_bill(found, read, days or (self.valid,), profile, licence)
        if losses:
            lost = tuple(self._loss(each.element, place.id) for each in found.elements)
            found = replace(found, losses=lost)
        return self._seen(found)

    def _judged_bill(
        self,
        found: Exposure,
        bill: Bill,
        days: Sequence[str],
        profile: Path | str | None,
        licence: str | None,
    ) -> Exposure:
        """An exposure with what rules make of its lines."""
        from dataclasses import replace

        from monazite.bills.profile import NO_PROFILE, read_profile
        from monazite.findings.exposure.exposure import country_codes, known_materials
        from monazite.findings.exposure.judged_lines import judge_lines
        from monazite.findings.exposure.licence import licence_file
        from monazite.findings.rules.compiled import compile_rules, rules_of
        from monazite.findings.rules.conditions import profile_words
        from monazite.findings.rules.rules import read_documents
        from monazite.triples.names import find_entity
        from monazite.triples.opening import open_store

        said = NO_PROFILE
        if profile is not None:
            said = read_profile(Path(profile), *profile_words(self.store))
        store = self.store
        if self.filters.valid is not None:  # a rule that begins later is a row of the day before
            every = replace(self.filters, valid=None)
            store = open_store(
                self.ontology, data=self.data, filters=every or None, cache=self.cached
            )
        rules = compile_rules(store, dict.fromkeys(days))
        judged = judge_lines(
            *(rules, bill, found.lines, known_materials(self.store), found.market),
            *(country_codes(self.store), said),
        )
        found = replace(found, days=rules.days, judgements=judged)
        if licence is None:
            return found
        act = find_entity(self.store, licence, "Policy", what="act")
        documents = licence_file(
            *(read_documents(self.store), rules_of(rules, act.id), act.label, found.market),
            *(rules.days[-1], said.documents),
        )
        return replace(found, licence_of=act.label, licence=documents)

    def _loss(self, element: str, market: str) -> ElementLoss:
        """The largest loss of a market by one failure, by the model of its flows."""
        from monazite.findings.exposure.exposure import ElementLoss
        from monazite.safe_text import NOT_KNOWN

        try:
            found = self.chokepoints(element, market)
        except NotKnownError:
            return ElementLoss(element, NOT_KNOWN, None, None, None, None)
        first = next(iter(found.chokepoints), None)
        if first is None or found.base is None:
            return ElementLoss(element, NOT_KNOWN, None, None, None, None)
        stops = first.label if first.stage else f"{first.label}, all stages"
        return ElementLoss(
            element, stops, first.loss, first.loss_low, first.loss_high, found.base.year
        )


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

"""The rare earths of a bill of materials as a value, with its tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from monazite.bom.decisions import write_decisions
from monazite.bom.figures import ExposureFigures
from monazite.bom.matching import match_records
from monazite.bom.tables import exposure_csv, exposure_headline, exposure_short, exposure_tables
from monazite.core.results import own_content
from monazite.core.tables import Table


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

        >>> import monazite
        >>> found = monazite.load().exposure("examples/bills/generator.csv")
        >>> found.match_file().splitlines()[0]
        'kind,text,decision,id,name,candidates,why,lines'
        """
        return write_decisions(match_records(self.matches))

    def headline(self) -> str:
        """Return the product and its grams."""
        return exposure_headline(self)

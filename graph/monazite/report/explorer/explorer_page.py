"""The explorer as it is handed over: its page, and what it holds in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from monazite.core.files import check_ending, write_whole
from monazite.core.formats import grouped
from monazite.core.package import VERSION
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.report.explorer.page import ExplorerParts, explorer_html

ENDINGS = (".html",)  # What a file may end in


@dataclass(frozen=True, eq=False)
class ExplorerPage(Result):
    """The page of many elements, markets and tiers; the same parts give the same bytes.

    Attributes:
        parts: what it holds.
        question: elements and markets that were named, to be asked again.
    """

    records_key: ClassVar[str] = "elements"

    parts: ExplorerParts
    question: tuple[tuple[str, ...], tuple[str, ...]]

    @cached_property
    def html(self) -> str:
        """The page with its record and seal: one file that asks the network for nothing."""
        from monazite.report.brief.seal import seal_page

        return seal_page(self.page, self.record, "")

    @cached_property
    def page(self) -> str:
        """The page without record and seal."""
        return explorer_html(self.parts)

    @cached_property
    def record(self) -> dict[str, object]:
        """What it was made from, and with which versions, for whoever verifies it."""
        from monazite.report.brief.briefing import code_hash, filters_of, made_with
        from monazite.report.brief.seal import FORMAT

        view = {} if self.view is None else self.view.record
        elements, markets = self.question
        return {
            "format": FORMAT,
            "page": EXPLORER,
            "version": VERSION,
            "code": code_hash(),
            "made_with": made_with(),
            "signer": None,
            "tables": view.get("tables"),
            "release": view.get("release"),
            "question": {"elements": list(elements), "markets": list(markets)},
            "view": {**filters_of(self.view), "data": view.get("data")},
        }

    def write(self, path: Path | str) -> None:
        """Write the page; the file ends in .html and its folder must exist."""
        check_ending(path, ENDINGS, "page")
        write_whole(Path(path), self.html.encode())

    def content(self) -> dict[str, object]:
        """Return what the page holds: elements with their markets, tiers, how many cards."""
        first, *_ = self.parts.tiers.values()
        return {
            "tiers": list(self.parts.tiers),
            "elements": [
                {"element": each.element, "title": each.title, "markets": list(each.views)}
                for each in first
            ],
            "cards": len(self.parts.cards),
        }

    def tables(self) -> list[Table]:
        """Return the elements, and for how many markets each is shown."""
        first, *_ = self.parts.tiers.values()
        rows = [[each.element, each.title, str(len(each.views))] for each in first]
        return [Table(self.headline(), ("element", "name", "markets"), rows)]

    def headline(self) -> str:
        """Return how many views and cards there are."""
        views = sum(len(each.views) for held in self.parts.tiers.values() for each in held)
        return f"{grouped(views)} views, {grouped(len(self.parts.cards))} cards"


EXPLORER = "explorer"  # What the record of such a page says it is

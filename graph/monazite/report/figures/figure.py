"""A figure for a document: one question, one sentence, one picture, as SVG and as PNG."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple

from monazite.core.errors import UnknownNameError
from monazite.core.formats import grouped, shorten, visible
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.data.parameters import DPIS, FIGURE_WIDTHS, check_word, shown
from monazite.report.drawing.lettering import accessible_text
from monazite.report.drawing.plotting import Drawable, png_of
from monazite.report.drawing.templates import record_view

KINDS = (
    *("concentration", "hhi", "balance", "losses", "timeline", "map", "centrality"),
    *("replacement", "fixes", "backtest"),
)
ENDINGS = (".svg", ".png")  # What a file may end in, by which it is written
WIDTH, DPI = 760, 192


class FigureRow(NamedTuple):
    """A row that a figure rests on."""

    row: str  #: its key, ``table/key``


class Figure(Result):
    """A figure of one kind; the same view gives the same bytes."""

    records_key = "rows"
    _json = "kind title alt rows=_rows"
    _words: ClassVar = {"kind": KINDS}

    kind: str  #: which figure it is
    picture: Drawable  #: what is drawn
    found: object = field(default=None, compare=False)  #: the finding that it draws

    @property
    def title(self) -> str:
        """What the figure finds, in a sentence."""
        return self.picture.title

    @property
    def alt(self) -> str:
        """The figure in words, for those who do not see it: who leads, numbers, units, years."""
        return accessible_text(self.picture.alt)

    @cached_property
    def svg(self) -> str:
        """The figure as one SVG document that records the view; dark where a screen prefers it."""
        return record_view(self.picture.svg("screen"), "" if self.view is None else self.view.text)

    def png(self, dpi: float = DPI, *, dark: bool = False) -> bytes:
        """Return the figure as PNG, with title, alt text and view; 96 dpi is a dot a pixel."""
        check_size(None, dpi)
        line = "" if self.view is None else self.view.text
        words = {"Title": self.title, "Description": self.alt, "Source": line}
        return png_of(self.picture.pixels(dpi, "dark" if dark else "light"), dpi, words)

    def write(self, file: Path | str, *, dpi: float = DPI, dark: bool = False) -> None:
        """Write SVG or PNG, as the file ends; an older file stays until it is whole."""
        from monazite.core.files import check_ending, write_whole

        place = Path(file)
        check_ending(place, ENDINGS, "figure")
        drawn = self.png(dpi, dark=dark) if place.suffix.lower() == ".png" else self.svg.encode()
        write_whole(place, drawn)

    @property
    def _rows(self) -> tuple[FigureRow, ...]:
        """On what it rests."""
        return tuple(map(FigureRow, self.row_keys))

    def tables(self) -> list[Table]:
        """Return the figure in words."""
        return [Table(self.title, ("figure", "alt"), [[self.kind, self.alt]])]

    def headline(self) -> str:
        """Return what the figure finds, shortened to a line."""
        return f"{self.kind}: {shorten(visible(self.title), 80)}"

    def _repr_html_(self) -> str:
        """Show the figure in a notebook."""
        return self.svg

    _repr_svg_ = _repr_html_


def check_kind(kind: str) -> None:
    """Refuse a kind of figure that there is not."""
    check_word(kind, KINDS, "figure")


def check_size(width: float | None, dpi: float | None) -> None:
    """Refuse a width or a resolution that no program opens."""
    if width is not None and not FIGURE_WIDTHS.holds(width):
        raise UnknownNameError(
            f"A figure is {grouped(FIGURE_WIDTHS.low)} to {grouped(FIGURE_WIDTHS.high)} pixels "
            f"wide, not {shown(width)}."
        )
    if dpi is not None and not DPIS.holds(dpi):
        raise UnknownNameError(
            f"A PNG has {DPIS.low} to {grouped(DPIS.high)} dots to an inch, not {shown(dpi)}."
        )

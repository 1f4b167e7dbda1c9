"""A briefing as it is handed over: one question, written as HTML, PDF, DOCX, PPTX or Markdown."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from monazite.result import Result, ViewSummary
from monazite.safe_text import counted
from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.brief.document import Brief
    from monazite.findings.brief.gathered import BriefFindings
    from monazite.findings.exposure.asked import BillQuestion
    from monazite.pages.brief.house_style import HouseStyle
    from monazite.pages.brief.pictures import BriefPicture
    from monazite.pages.graph.network_page import GraphPage


@dataclass(frozen=True)
class BriefQuestion:
    """What is asked, in the reader's own words; ``approval`` is a part, 0 to 1."""

    element: str
    market: str
    horizon: str
    event: str
    approval: float
    year: int | None


@dataclass(frozen=True)
class Briefing(Result):
    """A briefing of one question; the same view gives the same bytes.

    Attributes:
        question: what was asked.
        brief: sentences, tables and numbered sources.
        found: the findings that it was written from.
        page: the network that it shows.
        trig: the rows that it rests on, which its page carries.
        bill: what was asked of the reader's own bill, which is not in it; None without one.
    """

    records_key: ClassVar[str] = "sources"

    question: BriefQuestion
    brief: Brief
    found: BriefFindings = field(compare=False)
    page: GraphPage = field(compare=False)
    trig: str = field(compare=False)
    bill: BillQuestion | None = None

    @cached_property
    def pictures(self) -> tuple[BriefPicture, ...]:
        """The pictures, in their order."""
        from monazite.pages.brief.pictures import pictures_of

        return pictures_of(self.found, self.page.network, self.page.backbone)

    def html(
        self,
        template: HouseStyle | Path | str | None = None,
        *,
        sign: Path | str | None = None,
    ) -> str:
        """Return the page: one file, offline, with the rows it rests on, its record and its seal.

        Args:
            template: a house style, or its folder; the shipped one if None.
            sign: the private key of who issues it, a file with Ed25519 as PEM; unsigned if None.

        Returns:
            The text of the HTML page.

        Raises:
            NotInstalledError: the extra that signs is not installed.
            UnreadableError: the house style or the key cannot be used.

        >>> import monazite
        >>> briefing = monazite.load().brief("Dy", "USA")
        >>> briefing.html().startswith("<!doctype html>")
        True
        """
        from monazite.pages.brief.record import page_and_record
        from monazite.pages.brief.seal import seal_page
        from monazite.signatures import read_signing_key

        key = None if sign is None else read_signing_key(Path(sign))
        page, record = page_and_record(self, _house(template))
        return seal_page(page, record, self.trig, key)

    def pdf(self, template: HouseStyle | Path | str | None = None) -> bytes:
        """Return the briefing for print, with its record attached.

        Args:
            template: a house style, or its folder; the shipped one if None.

        Returns:
            The bytes of the PDF.

        Raises:
            NotInstalledError: WeasyPrint, or what it needs, is not installed.
            UnreadableError: the house style cannot be used.
        """
        from monazite.pages.brief.documents import render_document

        return render_document(self, "pdf", _house(template))

    def docx(self, template: HouseStyle | Path | str | None = None) -> bytes:
        """Return the briefing to be edited in a word processor, with its record.

        Args:
            template: a house style, or its folder; the shipped one if None.

        Returns:
            The bytes of the DOCX file.

        Raises:
            NotInstalledError: python-docx is not installed.
            UnreadableError: the house style cannot be used, or a picture cannot be drawn.
        """
        from monazite.pages.brief.documents import render_document

        return render_document(self, "docx", _house(template))

    def pptx(self, template: HouseStyle | Path | str | None = None) -> bytes:
        """Return the briefing as slides, with its record.

        Args:
            template: a house style, or its folder; the shipped one if None.

        Returns:
            The bytes of the PPTX file.

        Raises:
            NotInstalledError: python-pptx is not installed.
            UnreadableError: the house style cannot be used, or a picture cannot be drawn.
        """
        from monazite.pages.brief.documents import render_document

        return render_document(self, "pptx", _house(template))

    def markdown(self) -> str:
        """Return the briefing as Markdown, its sources as footnotes.

        Returns:
            The text, which ends with the sources.

        >>> import monazite
        >>> monazite.load().brief("Sm").markdown()[:2]
        '# '
        """
        from monazite.pages.brief.markdown import brief_markdown

        return brief_markdown(self.brief)

    @property
    def row_keys(self) -> tuple[str, ...]:
        """The keys of all rows that the briefing rests on, ``table/key``, sorted."""
        return self.brief.rows

    def content(self) -> dict[str, object]:
        """Return what the briefing says, as its page records it."""
        from monazite.pages.brief.page import brief_dict

        return brief_dict(self.brief)

    def tables(self) -> list[Table]:
        """Return the answer, then each part, as tables."""
        brief = self.brief
        answer = [["What it finds", brief.headline]]
        answer += [[each.heading, each.text] for each in brief.answer]
        parts = [
            Table(
                part.heading,
                part.columns,
                [line.cells for line in part.lines],
                tuple(each.text for each in (*part.sentences, *part.remarks)),
                right=part.right,
            )
            for part in brief.all_parts
        ]
        return [Table(brief.question, ("about", "answer"), answer), *parts]

    def headline(self) -> str:
        """Return what is asked and how many sources answer, in a line."""
        return f"{self.brief.question} {counted(len(self.brief.sources), 'source')}"


def _house(template: HouseStyle | Path | str | None) -> HouseStyle:
    from monazite.pages.brief.house_style import HouseStyle, read_house

    if template is None or isinstance(template, HouseStyle):
        return template or HouseStyle()
    return read_house(Path(template))


def command_of(question: BriefQuestion, view: ViewSummary, bill: BillQuestion | None = None) -> str:
    """Return the words of the command line that write a brief again.

    >>> asked = BriefQuestion("Dy", "USA", "short-run", "licence", 0.3, None)
    >>> command_of(asked, ViewSummary("", {"tier": 2})).partition("--event")[2]
    ' licence --approval 30 --tier 2 -o brief.html'
    """
    given = ["monazite", "brief", "-e", question.element, "-m", question.market]
    given += ["--horizon", question.horizon, "--event", question.event]
    given += ["--approval", f"{100 * question.approval:g}"] if question.event == "licence" else []
    given += ["--year", str(question.year)] if question.year else []
    if bill is not None:
        for name in ("bom", *bill.files):
            given += [f"--{name}", name.upper()]
        given += ["--redact"] if bill.redact else []
    from monazite.pages.brief.record import filters_of

    filters = filters_of(view)
    for name in ("valid", "known", "tier"):
        given += [f"--{name}", str(filters[name])] if filters[name] else []
    for name in filters["without"]:
        given += ["--without", str(name)]
    given += ["--data", str(view.record["data"])] if view.record.get("data") else []
    return shlex.join([*given, "-o", "brief.html"])


def check_engines(kinds: Iterable[str]) -> None:
    """Refuse kinds of document whose engine is not installed, before any work is done."""
    from monazite.pages.brief import docx, pdf, pptx

    engines = {"pdf": pdf.find_engine, "docx": docx.find_engine, "pptx": pptx.find_engine}
    for kind in kinds:
        if kind in engines:
            engines[kind]()

"""A briefing as it is handed over: one question, written as HTML, PDF, DOCX, PPTX or Markdown."""

from __future__ import annotations

import platform
import re
import shlex
import sys
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, field
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.core.formats import counted, visible
from monazite.core.package import VERSION
from monazite.core.results import Result, Struct, ViewSummary
from monazite.core.signatures import read_signing_key
from monazite.core.tables import Table, markdown_text
from monazite.data.dates import day_words
from monazite.data.sameness import tier_word
from monazite.report.brief.document import Brief
from monazite.report.brief.documents import brief_pdf, find_engine
from monazite.report.brief.docx import brief_docx
from monazite.report.brief.embedded_record import written_record
from monazite.report.brief.house_style import HouseStyle, read_house
from monazite.report.brief.page import (
    Extras,
    as_shown,
    brief_html,
    not_shown,
    pictures_of,
    shown_text,
)
from monazite.report.brief.pptx import brief_pptx
from monazite.report.brief.seal import FORMAT, seal_page
from monazite.report.drawing.templates import LICENCE, fill_template

if TYPE_CHECKING:
    from monazite.bom.figures import BillQuestion
    from monazite.report.brief.gathered import BriefFindings
    from monazite.report.brief.page import BriefPicture
    from monazite.report.graph.network_page import GraphPage


def brief_markdown(brief: Brief) -> str:
    """Return the brief as Markdown: a heading for each part, sources as numbered footnotes."""
    from markupsafe import Markup

    def said(text: str) -> Markup:
        return Markup(markdown_text(visible(text)))  # noqa: S704 - escaped for Markdown

    fields = {
        "brief": brief,
        "day": day_words(brief.day),
        "version": VERSION,
        "licence": LICENCE,
        "is_web": re.compile("https?://").match,
        "tier_word": tier_word,
    }
    return fill_template("brief.md", fields, filters={"said": said}, trimmed=True)


LIBRARIES = (  # Packages of others that have a say in what a page holds
    *("highspy", "jinja2", "markupsafe", "matplotlib"),
    *("networkx", "numpy", "pyoxigraph", "pyvis"),
)
ENGINES = {  # the same of documents
    "pdf": ("fonttools", "pydyf", "tinycss2", "weasyprint"),
    "docx": ("lxml", "python-docx", "resvg_py"),
    "pptx": ("lxml", "python-pptx", "resvg_py"),
}


def page_and_record(briefing: Briefing, house: HouseStyle) -> tuple[str, dict[str, object]]:
    """Return a page without its blocks, and its record."""
    carries = f"{counted(len(briefing.brief.rows), 'record')}"
    extras = Extras(briefing.pictures, briefing.page.network_html, carries, house)
    page = brief_html(briefing.brief, extras)
    record = record_of(briefing, house)
    return page, {**record, "left_out": not_shown(briefing.brief, shown_text(page))}


def record_of(briefing: Briefing, house: HouseStyle, kind: str = "html") -> dict[str, object]:
    """Return what a file of a briefing records of itself."""
    return page_record(
        briefing.view,
        asdict(briefing.question),
        kind,
        house=house.digest,
        seed=None,  # nothing in a briefing is drawn by chance
        command=briefing.brief.command,
        says=as_shown(briefing.brief),
        left_out=[],
        **({} if briefing.bill is None else {"bill": asdict(briefing.bill)}),
    )


def page_record(
    view: ViewSummary | None, question: object, kind: str = "html", /, **more: object
) -> dict[str, object]:
    """Return what a page was made from, and with which versions, for whoever verifies it."""
    record = {} if view is None else view.record
    return {
        "format": FORMAT,
        "version": VERSION,
        "code": code_hash(),
        "made_with": made_with(kind),
        "signer": None,
        "tables": record.get("tables"),
        "release": record.get("release"),
        "question": question,
        "view": {**filters_of(view), "data": record.get("data")},
        **more,
    }


def filters_of(view: ViewSummary | None) -> dict[str, Any]:
    """What was asked of the view: only a day that it filters by is one."""
    record: Mapping[str, Any] = {} if view is None else view.record
    return {
        "valid": record.get("valid") if record.get("filtered_by_valid") else None,
        "known": record.get("known"),
        "tier": record.get("tier"),
        "without": list(record.get("without") or ()),
    }


def made_with(kind: str = "html") -> dict[str, str]:
    """Return versions of all else that decides the bytes of a page; Python has letter tables."""
    found = {"python": platform.python_version(), "machine": f"{sys.platform} {platform.machine()}"}
    for name in (*LIBRARIES, *ENGINES.get(kind, ())):
        found[name] = "not installed"
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found | ({"zlib": zlib.ZLIB_RUNTIME_VERSION} if kind in ENGINES else {})


@cache
def code_hash() -> str:
    """Return a hash of the code and its templates, which tells two states of one version apart."""
    package = Path(__file__).parents[2]
    templates = (file for file in (package / "report" / "templates").iterdir() if file.is_file())
    digest = sha256()
    for file in sorted({*package.rglob("*.py"), *templates}):
        digest.update(file.relative_to(package).as_posix().encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


_WRITERS = {"pdf": brief_pdf, "docx": brief_docx, "pptx": brief_pptx}


def render_document(
    briefing: Briefing, kind: str, house: HouseStyle, claimed: Mapping[str, object] | None = None
) -> bytes:
    """Return a briefing as a document that carries its record."""
    record = {**record_of(briefing, house, kind), "page": kind, **(claimed or {})}
    written = written_record(record, briefing.trig)
    return _WRITERS[kind](briefing.brief, Extras(briefing.pictures, house=house), written)


class BriefQuestion(Struct):
    """What is asked, in the reader's own words; ``approval`` is a part, 0 to 1."""

    element: str
    market: str
    horizon: str
    event: str
    approval: float
    year: int | None


class Briefing(Result):
    """A briefing of one question; the same view gives the same bytes."""

    records_key = "sources"

    question: BriefQuestion  #: what was asked
    brief: Brief  #: sentences, tables and numbered sources
    found: BriefFindings = field(compare=False)  #: the findings that it was written from
    page: GraphPage = field(compare=False)  #: the network that it shows
    trig: str = field(compare=False)  #: the rows that it rests on, which its page carries
    #: what was asked of the reader's own bill, which is not in it; None without one
    bill: BillQuestion | None = None

    @cached_property
    def pictures(self) -> tuple[BriefPicture, ...]:
        """The pictures, in their order."""
        assert self.page.backbone is not None, "a briefing is of a whole chain"
        return pictures_of(self.found, self.page.network, self.page.backbone)

    def html(
        self, template: HouseStyle | Path | str | None = None, *, sign: Path | str | None = None
    ) -> str:
        """Return the page in a house style, or its own, signed by an Ed25519 key (PEM) if given."""
        key = None if sign is None else read_signing_key(Path(sign))
        page, record = page_and_record(self, _house(template))
        return seal_page(page, record, self.trig, key)

    def pdf(self, template: HouseStyle | Path | str | None = None) -> bytes:
        """Return the briefing for print, with its record attached; needs WeasyPrint."""
        return render_document(self, "pdf", _house(template))

    def docx(self, template: HouseStyle | Path | str | None = None) -> bytes:
        """Return the briefing for a word processor, with its record; needs python-docx."""
        return render_document(self, "docx", _house(template))

    def pptx(self, template: HouseStyle | Path | str | None = None) -> bytes:
        """Return the briefing as slides, with its record; needs python-pptx."""
        return render_document(self, "pptx", _house(template))

    def markdown(self) -> str:
        """Return the briefing as Markdown, its sources as footnotes."""
        return brief_markdown(self.brief)

    @property
    def row_keys(self) -> tuple[str, ...]:
        """The keys of all rows that the briefing rests on, ``table/key``, sorted."""
        return self.brief.rows

    def content(self) -> dict[str, object]:
        """Return what the briefing says, as its page records it."""
        return as_shown(self.brief)

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

    filters = filters_of(view)
    for name in ("valid", "known", "tier"):
        given += [f"--{name}", str(filters[name])] if filters[name] else []
    for name in filters["without"]:
        given += ["--without", str(name)]
    given += ["--data", str(view.record["data"])] if view.record.get("data") else []
    return shlex.join([*given, "-o", "brief.html"])


def check_engines(kinds: Iterable[str]) -> None:
    """Refuse kinds of document whose engine is not installed, before any work is done."""
    for kind in kinds:
        if kind in ENGINES:
            find_engine(kind)

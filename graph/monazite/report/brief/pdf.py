"""A brief as PDF, by WeasyPrint: page numbers, bookmarks, links, and the pictures as vectors."""

from __future__ import annotations

import logging
from typing import Any

from monazite.core.errors import NotInstalledError
from monazite.report.brief.document import Brief
from monazite.report.brief.office_files import moment_of
from monazite.report.brief.page import Extras, print_html

_INSTALL = (
    "A PDF needs WeasyPrint and Pango, which are not here{why}: pip install 'monazite[brief]', and "
    "Pango from your system (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0)."
)


def find_engine() -> Any:  # noqa: ANN401 - weasyprint has no types
    """Return WeasyPrint."""
    try:
        import weasyprint
    except ImportError:
        raise NotInstalledError(_INSTALL.format(why="")) from None
    except OSError as error:
        why = str(error).split("\n", 1)[0][:80]
        raise NotInstalledError(_INSTALL.format(why=f" ({why})")) from None
    return weasyprint


def brief_pdf(brief: Brief, extras: Extras | None = None, written: str = "") -> bytes:
    """Return the brief as a tagged PDF; the same brief gives the same bytes."""
    weasyprint = find_engine()
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # rules for screens are no news
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    only_data = weasyprint.URLFetcher(allowed_protocols={"data"})  # nothing is fetched
    document = weasyprint.HTML(string=print_html(brief, extras), url_fetcher=only_data)
    moment = moment_of(brief.day)
    record = weasyprint.Attachment(
        string=written,
        name="monazite-record.json",
        description="What monazite verify checks this briefing by",
        created=moment,
        modified=moment,
        relationship="Data",
    )
    return bytes(
        document.write_pdf(pdf_variant="pdf/ua-1", attachments=[record] if written else None)
    )

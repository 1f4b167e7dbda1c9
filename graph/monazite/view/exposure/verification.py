"""Whether the page of an exposure still says what the tables say; the bill must be at hand.

Without the bill only the records that the page carries and its seal can be checked. A seal tells
accidents alone: whoever alters a page can work it out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.errors import UnreadableError
from monazite.findings.wording import listed
from monazite.pages.brief.verification import Verdict
from monazite.safe_text import counted, visible
from monazite.view.exposure.page_again import BROKEN_SEAL, PageAgain, compare_again, first_of, moved

if TYPE_CHECKING:
    from monazite import View
    from monazite.findings.exposure.asked import BillQuestion
    from monazite.findings.exposure.exposure import Exposure
    from monazite.pages.brief.seal import OpenedPage

BillFiles = Mapping[str, Path | str | None]
"""The bill and the files that were given beside it, by the names of their options."""
_OTHERWISE = (
    "Tables and code are the same: the page was altered, or the bill or a file beside it is not "
    "the one it was written from."
)


def verify_exposure(opened: OpenedPage, name: str, view: View, files: BillFiles) -> Verdict:
    """Work a page out again from the bill, and say whether it is the same."""
    from monazite.exchange.evidence_rows import enclose, read_enclosed

    asked = read_question(opened.record.get("question"), name)
    then = read_enclosed(opened.trig, name)
    now = read_enclosed(enclose(view, then))
    differs = [] if opened.fits else [BROKEN_SEAL]
    differs += [f"{visible(row)} says something else in the tables." for row in moved(then, now)]
    if files.get("bom") is not None:
        check_files(asked, files, name)
        return _worked_out_again(opened, view, asked_again(view, asked, files), differs)
    if not differs:
        raise UnreadableError(
            f"{name} is of a bill of materials, which is private and not in it. Its "
            f"{_records(then)} say the same in these tables, and its seal fits; name "
            f"{listed(_options(asked))} to work the rest out again."
        )
    return Verdict(same=False, sentences=first_of(differs), view=view.summary)


def read_question(asked: Any, name: str) -> BillQuestion:  # noqa: ANN401 - of a page
    """Return what a page says was asked of a bill; anything else than such a question is refused."""
    from monazite.findings.exposure.asked import BillQuestion

    texts = dict.fromkeys(("market", "licence", "record"), str)
    flags = dict.fromkeys(("losses", "redact", "questionnaire", "passport"), bool)
    kinds = {**texts, **flags}
    known = {each.name for each in fields(BillQuestion)}
    if (
        isinstance(asked, dict)
        and asked.keys() == known
        and all(isinstance(asked[each], kind) for each, kind in kinds.items())
        and all(_are_texts(asked[each]) for each in ("days", "files"))
        and {*asked["files"]} <= {"matches", "profile", "answers"}
    ):
        return BillQuestion(**asked)
    raise UnreadableError(f"{name} carries no question that can be asked: it was altered.")


def check_files(asked: BillQuestion, files: BillFiles, name: str) -> None:
    """Refuse to work out a bill without what was given beside it, or with more."""
    given = {each for each, file in files.items() if file is not None}
    if given != {"bom", *asked.files}:
        raise UnreadableError(
            f"{name} was written with {listed(_options(asked))}, of a bill that is private and not "
            "in it: name these, and no other file."
        )


def asked_again(view: View, asked: BillQuestion, files: BillFiles) -> Exposure:
    """Return the exposure that a page is of, worked out anew."""
    return view.exposure(
        str(files["bom"]),
        asked.market,
        matches=files.get("matches"),
        losses=asked.losses,
        redact=asked.redact,
        days=asked.days,
        profile=files.get("profile"),
        licence=asked.licence or None,
        answers=files.get("answers"),
        questionnaire=asked.questionnaire,
        record=asked.record or None,
        passport=asked.passport,
    )


def _worked_out_again(
    opened: OpenedPage, view: View, found: Exposure, differs: list[str]
) -> Verdict:
    """The page written anew, and what it is that differs."""
    from monazite.pages.exposure.page import exposure_html
    from monazite.pages.exposure.record import carried_rows, exposure_record

    again = PageAgain(
        exposure_html(found),
        exposure_record(found),
        carried_rows(found),
        "the bill and the tables",
        _OTHERWISE,
    )
    return compare_again(opened, view, again, differs)


def _records(rows: Iterable[str]) -> str:
    """How many rows there are, their sources aside."""
    return counted(sum(not each.startswith("source") for each in rows), "record")


def _options(asked: BillQuestion) -> list[str]:
    return [f"--{each}" for each in ("bom", *asked.files)]


def _are_texts(held: object) -> bool:
    return isinstance(held, list) and all(isinstance(each, str) for each in held)

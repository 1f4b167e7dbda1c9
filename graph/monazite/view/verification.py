"""Whether a page still says what the tables say: it is worked out again from its record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.files import read_bounded
from monazite.parameters import Contingency
from monazite.progress import do_nothing
from monazite.safe_text import visible
from monazite.triples.filling import Step
from monazite.view.opening import load
from monazite.view.tables.chosen_tables import choose_tables

if TYPE_CHECKING:
    from monazite import View
    from monazite.pages.brief.briefing import Briefing, BriefQuestion
    from monazite.pages.brief.house_style import HouseStyle
    from monazite.pages.brief.seal import OpenedPage
    from monazite.pages.brief.verification import RecomputedBrief, Verdict
    from monazite.view.exposure.verification import BillFiles

_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("element", "market", "horizon", "event"), (str,)),
    "approval": (int, float),
    "year": (int, type(None)),
}


def verify(
    file: Path | str,
    data: Path | str | None = None,
    *,
    bom: Path | str | None = None,
    matches: Path | str | None = None,
    profile: Path | str | None = None,
    answers: Path | str | None = None,
    template: Path | str | None = None,
    signer: Path | str | None = None,
    tables: Path | str | None = None,
    tables_key: Path | str | None = None,
    unsigned_tables: bool = False,
    ontology: Path | str | None = None,
    cache: bool = True,
    step: Step = do_nothing,
) -> Verdict:
    """Render a page anew from the tables, and say whether it is the same.

    Of a description of a copy, the files of its view are made anew and their hashes compared.
    A briefing is a page, PDF, DOCX or PPTX; its Markdown carries no record. The view is the one
    that the page records. With the versions that it was made with, the page
    must be the same byte for byte; else every number, sentence and link in it, and where its style,
    pictures or network look otherwise, it is not called the same. Nothing in the page is run.

    Args:
        file: a page or document that ``monazite brief``, ``explore``, ``exposure`` or ``scenario``
            wrote, or the verb of that name; or a description of a copy of the tables, of ``info``.
        data: the reader's own tables, where the briefing rests on some.
        bom: the bill of materials that it is of, or has a part on.
        matches: what was decided on firms and materials of the bill, where that was given.
        profile: of the company and the product, where that was given.
        answers: to the questionnaire, where they were given.
        template: the folder of the house style that the page was written with.
        signer: the public key of who should have issued it, a file with Ed25519 as PEM.
        tables: the release of the tables that it was made with, where these are not the shipped.
        tables_key: the public key of who should have signed that release.
        unsigned_tables: take a release without a signature.
        ontology: another ontology folder than the shipped one.
        cache: keep the store in the user's cache folder; False builds it in memory.
        step: called after each step of building the store, for a progress bar.

    Returns:
        Whether it is the same; if not, what differs and why: other tables or rows, another
        version, an altered page, another signer.

    Raises:
        NotInstalledError: the extra that checks a signature or writes a document is not there.
        UnreadableError: the file is no briefing that can be checked, or the house style, the key
            or the tables are not those that it needs.

    >>> import monazite
    >>> monazite.verify("README.md")
    Traceback (most recent call last):
    monazite.errors.UnreadableError: README.md holds no briefing that can be checked; take what ...
    """
    from monazite.exchange.catalogues.comparison import (
        compare_copies,
        is_description,
        read_description,
    )
    from monazite.exchange.catalogues.published import publish
    from monazite.exchange.evidence_rows import read_enclosed
    from monazite.pages.brief.briefing import check_engines
    from monazite.pages.brief.carried import is_document, open_document
    from monazite.pages.brief.house_style import HouseStyle, read_house
    from monazite.pages.brief.issuer import find_issuer
    from monazite.pages.brief.seal import HTML, open_page
    from monazite.pages.brief.verification import Verdict, compare
    from monazite.pages.explorer.explorer_page import EXPLORER
    from monazite.pages.exposure.record import EXPOSURE
    from monazite.signatures import read_signer
    from monazite.view.explorer.verification import verify_explorer
    from monazite.view.exposure.verification import verify_exposure
    from monazite.view.scenarios.pictures import SCENARIO
    from monazite.view.scenarios.verification import verify_scenario

    chosen = choose_tables(
        tables, key=tables_key, unsigned=unsigned_tables, ontology=ontology
    ).ontology
    page = Path(file)
    content = _read(page)
    if is_description(content):
        copy = read_description(content, page.name)
        kept = _view({"view": copy.view}, page, data, ontology=chosen, cache=cache, step=step)
        same, sentences = compare_copies(copy, publish(kept))
        return Verdict(same=same, sentences=sentences, compared="bytes", view=kept.summary)
    if is_document(content):
        opened = open_document(content, page.name)
        check_engines([opened.kind])
    else:
        opened = open_page(_text(content, page), page.name)
    if opened.kind == HTML and opened.record.get("page") == EXPLORER:
        view = _view(opened.record, page, data, ontology=chosen, cache=cache, step=step)
        return verify_explorer(opened, page.name, view, template=template, signer=signer)
    files = {"bom": bom, "matches": matches, "profile": profile, "answers": answers}
    if opened.kind == HTML and opened.record.get("page") == EXPOSURE:
        view = _view(opened.record, page, data, ontology=chosen, cache=cache, step=step)
        return verify_exposure(opened, page.name, view, files)
    if opened.kind == HTML and opened.record.get("page") == SCENARIO:
        view = _view(opened.record, page, data, ontology=chosen, cache=cache, step=step)
        return verify_scenario(opened, page.name, view)
    question = _question(opened, page)
    expected = None if signer is None else read_signer(Path(signer))
    issued = find_issuer(opened, expected, page.name)
    house = HouseStyle() if template is None else read_house(Path(template))
    rows = read_enclosed(opened.trig, page.name)
    view = _view(opened.record, page, data, ontology=chosen, cache=cache, step=step)
    bill = _bill_of(opened, page, files)
    try:
        briefing = view.brief(**vars(question), **bill)
    except MonaziteError as error:
        told = f"It cannot be worked out again: {error}"
        return Verdict(
            same=False,
            sentences=(told, *issued.sentences),
            signer=issued.fingerprint,
            view=view.summary,
        )
    now = replace(_recomputed(opened, view, briefing, house), rows=_rows_now(view, rows))
    found = compare(opened, rows, now)
    return Verdict(
        same=found.same and issued.fits,
        sentences=(*found.sentences, *issued.sentences),
        compared=found.compared,
        signer=issued.fingerprint,
        view=view.summary,
    )


def _bill_of(opened: OpenedPage, file: Path, files: BillFiles) -> dict[str, Any]:
    """What a brief asks of a bill, whose files must be at hand."""
    from monazite.view.exposure.verification import check_files, read_question

    if "bill" not in opened.record:
        return {}
    asked = read_question(opened.record["bill"], file.name)
    check_files(asked, files, file.name)
    kept = {name: file for name, file in files.items() if name != "answers"}
    return {**kept, "redact": asked.redact}


def _rows_now(view: View, rows: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    from monazite.exchange.evidence_rows import enclose, read_enclosed

    return read_enclosed(enclose(view, rows))


def _recomputed(
    opened: OpenedPage, view: View, briefing: Briefing, house: HouseStyle
) -> RecomputedBrief:
    """The file rendered anew, with the versions that it says it was made with."""
    from monazite.pages.brief.carried import shown_texts
    from monazite.pages.brief.documents import render_document
    from monazite.pages.brief.record import code_hash, made_with, page_and_record
    from monazite.pages.brief.seal import FORMAT, HTML, blank_page
    from monazite.pages.brief.verification import RecomputedBrief
    from monazite.shipped import VERSION

    claimed, blank = _claimed(opened.record), None
    if opened.kind != HTML:
        document = render_document(briefing, opened.kind, house, claimed)
        page, blank = shown_texts(document), document.decode("latin-1")
    else:
        page, record = page_and_record(briefing, house)
        if opened.record["format"] == FORMAT:
            signed = opened.signature is not None
            blank = blank_page(page, {**record, **claimed}, briefing.trig, signed=signed)
    return RecomputedBrief(
        content=briefing.content(),
        rows={},
        version=VERSION,
        code=code_hash(),
        tables=str(view.describe()["tables"]),
        made_with=made_with(opened.kind),
        house=house.digest,
        page=page,
        blank=blank,
    )


def _claimed(record: dict[str, Any]) -> dict[str, object]:
    """What a page says of its versions and signer, none of which it shows."""
    texts = {name: record.get(name) for name in ("version", "code", "signer")}
    made = record.get("made_with")
    made = made if isinstance(made, dict) else {}
    if not all(isinstance(each, str | None) for each in (*texts.values(), *made.values())):
        return {}
    return {**texts, "made_with": made}


def _read(file: Path) -> bytes:
    from monazite.pages.brief.seal import MAX_BYTES

    too_big = f"is larger than a briefing can be ({MAX_BYTES:,} bytes)."
    return read_bounded(file, MAX_BYTES, too_big)


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(
            f"{file} is no HTML in UTF-8; take a page of monazite brief."
        ) from None


def _question(opened: OpenedPage, file: Path) -> BriefQuestion:
    """The question as the page records it; anything else than such a question is refused."""
    from monazite.pages.brief.briefing import BriefQuestion
    from monazite.pages.brief.seal import IN_PER_CENT

    asked = opened.record.get("question")
    if (
        not isinstance(asked, dict)
        or asked.keys() != _KINDS.keys()
        or not all(isinstance(asked[name], kind) for name, kind in _KINDS.items())
    ):
        raise _unreadable(file, "question")
    if opened.record["format"] == IN_PER_CENT:
        asked = {**asked, "approval": asked["approval"] / 100}
    question = BriefQuestion(**asked)
    try:
        Contingency(event=question.event, horizon=question.horizon, approval=question.approval)
    except UnknownNameError:
        raise _unreadable(file, "question") from None
    return question


def _view(
    record: Mapping[str, object],
    file: Path,
    data: Path | str | None,
    *,
    ontology: Path,
    cache: bool,
    step: Step,
) -> View:
    """The view that the page records."""
    kept: Any = record.get("view")
    texts = (str, type(None))
    if not (
        isinstance(kept, dict)
        and kept.keys() >= {"valid", "known", "tier", "without", "data"}
        and all(isinstance(kept.get(name), texts) for name in ("valid", "known", "data"))
        and isinstance(kept.get("tier"), int | None)
        and isinstance(kept.get("without"), list)
        and all(isinstance(name, str) for name in kept["without"])
    ):
        raise _unreadable(file, "view")
    if kept["data"] and data is None:
        raise UnreadableError(
            f"{file} rests on tables of your own ({visible(kept['data'])}); name them with --data."
        )
    if kept["data"] and Path(str(data)).resolve().name != kept["data"]:
        raise UnreadableError(
            f"{file} rests on tables of your own called {visible(kept['data'])}, and says so; give "
            "the folder or workbook that --data names the same name."
        )
    return load(
        valid=kept["valid"],
        known=kept["known"],
        tier=kept["tier"],
        without=tuple(kept["without"]),
        data=data,
        ontology=ontology,
        cache=cache,
        step=step,
    )


def _unreadable(file: Path, what: str) -> UnreadableError:
    return UnreadableError(f"{file} carries no {what} that can be asked: it was altered.")

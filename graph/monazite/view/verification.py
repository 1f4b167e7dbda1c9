"""Whether a page still says what the tables say: it is worked out again from its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any

from monazite.analysis.scenarios import keys
from monazite.core.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.core.files import read_bounded
from monazite.core.formats import counted, grouped, visible
from monazite.core.package import VERSION
from monazite.core.results import do_nothing
from monazite.data.parameters import Contingency
from monazite.model.wording import listed
from monazite.report.brief.briefing import (
    BriefQuestion,
    check_engines,
    code_hash,
    made_with,
    page_and_record,
    render_document,
)
from monazite.report.brief.seal import (
    FORMAT,
    HTML,
    IN_PER_CENT,
    MAX_BYTES,
    OpenedPage,
    blank_page,
    find_issuer,
    open_page,
)
from monazite.report.brief.verification import (
    BYTES,
    MAX_DIFFERENCES,
    SENTENCES,
    RecomputedBrief,
    Verdict,
    compare,
    other_versions,
)
from monazite.report.explorer.verification import compare_explorer
from monazite.store.opening import Step
from monazite.view.opening import load
from monazite.view.own_tables import choose_tables

if TYPE_CHECKING:
    from monazite import View
    from monazite.analysis.scenarios.outcome import ScenarioAsked
    from monazite.analysis.scenarios.result import ScenarioResult
    from monazite.bom.figures import BillQuestion
    from monazite.bom.result import Exposure
    from monazite.report.brief.briefing import Briefing
    from monazite.report.brief.house_style import HouseStyle


def verify_explorer(
    opened: OpenedPage,
    name: str,
    view: View,
    *,
    template: Path | str | None,
    signer: Path | str | None,
) -> Verdict:
    """Draw an explorer anew, and say whether it is the same."""
    if template is not None or signer is not None:
        raise UnreadableError(
            f"{name} is an explorer, which has no house style and no signature; leave --template "
            "and --signer out."
        )
    elements, markets = _explorer_question(opened.record.get("question"), name)
    try:
        now = view.explore(elements, markets)
    except MonaziteError as error:
        return _refused(error, view)
    found = compare_explorer(opened, _now(opened, view, now.page, now.record), now.headline())
    return Verdict(
        same=found.same, sentences=found.sentences, compared=found.compared, view=view.summary
    )


def _refused(error: MonaziteError, view: View) -> Verdict:
    told = f"It cannot be worked out again: {error}"
    return Verdict(same=False, sentences=(told,), view=view.summary)


def _now(
    opened: OpenedPage, view: View, page: str, record: Mapping[str, object], trig: str = ""
) -> RecomputedBrief:
    """A page as it is written now, with the versions that the opened one says it was made with."""
    claimed = {each: opened.record.get(each) for each in ("version", "code", "made_with")}
    return RecomputedBrief(
        content={},
        rows={},
        version=VERSION,
        code=code_hash(),
        tables=str(view.describe()["tables"]),
        made_with=made_with(),
        house=None,
        page=page,
        blank=blank_page(page, {**record, **claimed}, trig),
    )


def _explorer_question(asked: Any, name: str) -> tuple[list[str], list[str]]:  # noqa: ANN401 - of a page
    """Elements and markets as the page records them; anything else is refused."""
    if _holds(asked, {"elements": _TEXTS, "markets": _TEXTS}):
        return asked["elements"], asked["markets"]
    raise _unreadable(name)


_Kind = type | UnionType
_TEXTS = list  # of which each is a text


def _holds(asked: object, kinds: Mapping[str, _Kind]) -> bool:
    """Whether a page recorded exactly these names, each with what it may have."""
    return (
        isinstance(asked, dict)
        and asked.keys() == kinds.keys()
        and all(isinstance(asked[name], kind) for name, kind in kinds.items())
        and all(isinstance(x, str) for y in asked.values() if isinstance(y, list) for x in y)
    )


BROKEN_SEAL = "The page was altered after it was written: its seal does not fit."
_UNLIKE = (
    "Every number, sentence and link is the same, but its style is not what this version writes; "
    "verify it with Monazite {}."
)


@dataclass(frozen=True)
class PageAgain:
    """A page that was written anew, from what, and what may differ where tables and code do not."""

    page: str
    record: dict[str, object]
    rows: tuple[str, ...]
    source: str
    otherwise: str


def compare_again(
    opened: OpenedPage, view: View, again: PageAgain, differs: Sequence[str]
) -> Verdict:
    """Say whether a page is the one that was written anew."""
    from monazite.export.rdf import enclose
    from monazite.report.brief.comparison import Allowed, compare_shown

    record = opened.record
    now = _now(opened, view, again.page, again.record, enclose(view, again.rows))
    carried = f", with the {counted(len(again.rows), 'record')} it carries" if again.rows else ""
    told = f"worked out again from {again.source}{carried}."
    if opened.fits and opened.blank == now.blank:
        same = f"Same, byte for byte: {told}"
        return Verdict(same=True, sentences=(same,), compared=BYTES, view=view.summary)
    others = tuple(other_versions(record, now))
    shown = compare_shown(
        opened.page,
        again.page,
        Allowed(
            strict=not others,
            versions=(visible(record.get("version")), VERSION),
            tables=(visible(record.get("tables")), now.tables),
        ),
    )
    differs = [*differs, *shown.added, *shown.missing]
    if shown.unlike and not differs:
        differs = [_UNLIKE.format(visible(record.get("version")))]
    if others and not differs:
        same = f"Same in every number, sentence and link: {told}"
        return Verdict(same=True, sentences=(same, *others), compared=SENTENCES, view=view.summary)
    sentences = (*first_of(differs), *(others or (again.otherwise,)))
    compared = SENTENCES if others else BYTES
    return Verdict(same=False, sentences=sentences, compared=compared, view=view.summary)


def _altered(opened: OpenedPage, name: str, view: View) -> tuple[Iterable[str], list[str]]:
    """The rows that a page carries, and what of its seal and rows is not as it was written."""
    from monazite.export.rdf import enclose, read_enclosed

    then = read_enclosed(opened.trig, name)
    now = read_enclosed(enclose(view, then))
    differs = [] if opened.fits else [BROKEN_SEAL]
    moved = (row for row in sorted(then) if then[row] != now.get(row))
    return then, [
        *differs,
        *(f"{visible(row)} says something else in the tables." for row in moved),
    ]


def first_of(differs: Sequence[str]) -> tuple[str, ...]:
    """Return the first differences, and how many more there are."""
    left = len(differs) - MAX_DIFFERENCES
    more = (f"And {counted(left, 'more difference')}.",) if left > 0 else ()
    return (*differs[:MAX_DIFFERENCES], *more)


BillFiles = Mapping[str, Path | str | None]
"""The bill and the files that were given beside it, by the names of their options."""
_EXPOSURE_OTHERWISE = (
    "Tables and code are the same: the page was altered, or the bill or a file beside it is not "
    "the one it was written from."
)


def verify_exposure(opened: OpenedPage, name: str, view: View, files: BillFiles) -> Verdict:
    """Work a page out again from the bill, and say whether it is the same."""
    from monazite.report.exposure_page import carried_rows, exposure_html, exposure_record

    asked = read_question(opened.record.get("question"), name)
    rows, differs = _altered(opened, name, view)
    if files.get("bom") is not None:
        check_files(asked, files, name)
        found = asked_again(view, asked, files)
        page, record = exposure_html(found), exposure_record(found)
        source = "the bill and the tables"
        again = PageAgain(page, record, carried_rows(found), source, _EXPOSURE_OTHERWISE)
        return compare_again(opened, view, again, differs)
    if not differs:
        held = sum(not each.startswith("source") for each in rows)  # their sources aside
        raise UnreadableError(
            f"{name} is of a bill of materials, which is private and not in it. Its "
            f"{counted(held, 'record')} say the same in these tables, and its seal fits; name "
            f"{listed(_options(asked))} to work the rest out again."
        )
    return Verdict(same=False, sentences=first_of(differs), view=view.summary)


def read_question(asked: Any, name: str) -> BillQuestion:  # noqa: ANN401 - of a page
    """Return what a page says was asked of a bill; anything else is refused."""
    from monazite.bom.figures import BillQuestion

    kinds: dict[str, _Kind] = {
        **dict.fromkeys(("market", "licence", "record"), str),
        **dict.fromkeys(("losses", "redact", "questionnaire", "passport"), bool),
        **dict.fromkeys(("days", "files"), _TEXTS),
    }
    if _holds(asked, kinds) and {*asked["files"]} <= {"matches", "profile", "answers"}:
        return BillQuestion(**asked)
    raise _unreadable(name)


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


def _options(asked: BillQuestion) -> list[str]:
    return [f"--{each}" for each in ("bom", *asked.files)]


_OTHERWISE = "Tables and code are the same: the page was altered, or the scenario file was."


def verify_scenario(opened: OpenedPage, name: str, view: View) -> Verdict:
    """Run the scenario of a page again, and say whether the page is the same."""
    from monazite.view.scenario_runs import scenario_parts

    asked = opened.record.get("question")
    if not isinstance(asked, dict) or asked.keys() != {"scenario", "beside"}:
        raise _unreadable(name)
    first = read_asked(asked["scenario"], name)
    other = None if asked["beside"] is None else read_asked(asked["beside"], name)
    _, differs = _altered(opened, name, view)
    try:
        found = scenario_again(view, first)
        beside = None if other is None else scenario_again(view, other)
    except MonaziteError as error:
        return _refused(error, view)
    page, record, rows = scenario_parts(view, found, beside)
    again = PageAgain(page, record, rows, "the scenario and the tables", _OTHERWISE)
    return compare_again(opened, view, again, differs)


def scenario_again(view: View, asked: ScenarioAsked) -> ScenarioResult:
    """Run a scenario as it was asked before: a shipped one by its name, else from its text."""
    from monazite.analysis.scenarios.scenario_file import ScenarioText, read_text, shipped_names
    from monazite.asking.parameters import ScenarioRun
    from monazite.view.scenario_runs import run_text

    if asked.text:
        text = ScenarioText(asked.name, asked.text)
    elif asked.name in shipped_names(view.ontology):
        text = read_text(asked.name, view.ontology)
    else:
        raise UnknownNameError(f'There is no scenario "{asked.name}" with these tables.')
    seed = asked.seed if asked.draws else None
    again = ScenarioRun(asked.markets, asked.months, asked.draws or None, seed)
    return replace(run_text(view, text, again), asked=asked)


def read_asked(held: Any, name: str) -> ScenarioAsked:  # noqa: ANN401 - of a page
    """Return what a page says was asked; anything else than such a question is refused."""
    from monazite.analysis.scenarios.outcome import ScenarioAsked

    kinds: dict[str, _Kind] = {
        "name": str,
        "text": str,
        "markets": _TEXTS,
        "months": int | None,
        "draws": int,
        "seed": int,
    }
    if _holds(held, kinds) and 0 <= held["draws"] <= keys.MOST_DRAWS:
        return ScenarioAsked(**{**held, "markets": tuple(held["markets"])})
    raise _unreadable(name)


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
    >>> monazite.verify("README.md")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    monazite.core.errors.UnreadableError: README.md holds no briefing that can be checked; take ...
    """
    from monazite.core.signatures import read_signer
    from monazite.export.catalogues import compare_copies, is_description, publish, read_description
    from monazite.export.rdf import enclose, read_enclosed
    from monazite.report.brief.embedded_record import is_document, open_document
    from monazite.report.brief.house_style import HouseStyle, read_house
    from monazite.report.explorer.page import EXPLORER
    from monazite.report.exposure_page import EXPOSURE
    from monazite.view.scenario_runs import SCENARIO

    chosen = choose_tables(tables, ontology=ontology).ontology
    page = Path(file)
    content = read_bounded(
        page, MAX_BYTES, f"is larger than a briefing can be ({grouped(MAX_BYTES)} bytes)."
    )
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
    files = {"bom": bom, "matches": matches, "profile": profile, "answers": answers}
    kind = opened.record.get("page") if opened.kind == HTML else None
    if kind in (EXPLORER, EXPOSURE, SCENARIO):
        view = _view(opened.record, page, data, ontology=chosen, cache=cache, step=step)
        if kind == EXPLORER:
            return verify_explorer(opened, page.name, view, template=template, signer=signer)
        if kind == EXPOSURE:
            return verify_exposure(opened, page.name, view, files)
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
        told = _refused(error, view)
        sentences = (*told.sentences, *issued.sentences)
        return replace(told, sentences=sentences, signer=issued.fingerprint)
    now = replace(
        _recomputed(opened, view, briefing, house), rows=read_enclosed(enclose(view, rows))
    )
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
    if "bill" not in opened.record:
        return {}
    asked = read_question(opened.record["bill"], file.name)
    check_files(asked, files, file.name)
    kept = {name: file for name, file in files.items() if name != "answers"}
    return {**kept, "redact": asked.redact}


def _recomputed(
    opened: OpenedPage, view: View, briefing: Briefing, house: HouseStyle
) -> RecomputedBrief:
    """The file rendered anew, with the versions that it says it was made with."""
    from monazite.report.brief.embedded_record import shown_texts

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


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(
            f"{file} is no HTML in UTF-8; take a page of monazite brief."
        ) from None


def _question(opened: OpenedPage, file: Path) -> BriefQuestion:
    """The question as the page records it; anything else than such a question is refused."""
    asked: Any = opened.record.get("question")
    kinds: dict[str, _Kind] = {
        **dict.fromkeys(("element", "market", "horizon", "event"), str),
        "approval": int | float,
        "year": int | None,
    }
    if not _holds(asked, kinds):
        raise _unreadable(file)
    if opened.record["format"] == IN_PER_CENT:
        asked = {**asked, "approval": asked["approval"] / 100}
    question = BriefQuestion(**asked)
    try:
        Contingency(event=question.event, horizon=question.horizon, approval=question.approval)
    except UnknownNameError:
        raise _unreadable(file) from None
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


def _unreadable(file: Path | str, what: str = "question") -> UnreadableError:
    return UnreadableError(f"{file} carries no {what} that can be asked: it was altered.")

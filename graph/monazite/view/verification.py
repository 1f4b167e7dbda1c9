"""Whether a page still says what the tables say: it is worked out again from its record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, fields, replace
from functools import cached_property
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any

from monazite.analysis.scenarios import keys
from monazite.core.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.core.files import read_bounded
from monazite.core.formats import counted, grouped, visible
from monazite.core.package import VERSION
from monazite.core.results import Struct, do_nothing
from monazite.data.declared import Param, declared
from monazite.data.parameters import Contingency
from monazite.model.wording import listed
from monazite.report.brief import seal
from monazite.report.brief.briefing import (
    BriefQuestion,
    check_engines,
    code_hash,
    made_with,
    page_and_record,
    render_document,
)
from monazite.report.brief.page import as_dict, as_list
from monazite.report.brief.verification import (
    BROKEN_SEAL,
    BYTES,
    Anew,
    Verdict,
    first_of,
    judge,
    moved_rows,
    read_claims,
    read_counts,
)
from monazite.report.explorer.verification import explorer_differences
from monazite.store.opening import Step
from monazite.view.opening import load
from monazite.view.own_tables import choose_tables
from monazite.view.view import View

if TYPE_CHECKING:
    from monazite.analysis.scenarios.outcome import ScenarioAsked
    from monazite.analysis.scenarios.result import ScenarioResult
    from monazite.bom.figures import BillQuestion
    from monazite.bom.result import Exposure
    from monazite.report.brief.house_style import HouseStyle


class _ClaimedView(View):
    """A view that counts and calls its tables as a page says; what it finds is of these tables."""

    named: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _measures(self) -> dict[str, Any]:
        return {**super()._measures, **self.named}


class _Page(Struct):
    """A page under test, what it claims, and the view that it records."""

    opened: seal.OpenedPage
    name: str
    claims: Mapping[str, Any]  # of its making and its tables, each of a form that says no more
    ours: View

    @cached_property
    def view(self) -> View:
        """The view with the counts and the hash that the page names."""
        named = {each: self.claims[each] for each in self.claims if each in self.ours._measures}
        given = {each.name: getattr(self.ours, each.name) for each in fields(View)}
        return _ClaimedView(**given, named=named)

    def made(self) -> dict[str, Any]:
        """What its record claims of its making."""
        return {name: self.claims[name] for name in ("version", "code", "made_with", "signer")}

    def written(self, page: str, record: Mapping[str, object], trig: str = "") -> tuple[str, str]:
        """The same page as it is written now, with what it claims, and what of it a reader sees."""
        page = page.replace(_WRITTEN_BY.format(VERSION), _WRITTEN_BY.format(self.claims["version"]))
        signed = self.opened.signature is not None
        return seal.blank_page(page, {**record, **self.made()}, trig, signed=signed), page

    def verdict(self, anew: Anew, differs: Iterable[str] = ()) -> Verdict:
        """Say whether it is the page that was rendered anew."""
        ours = {"code": code_hash(), "made_with": made_with(self.opened.kind)}
        found = judge(self.opened, anew, self.claims, {**ours, **self.ours._measures}, differs)
        return replace(found, view=self.ours.summary)

    def refused(self, error: MonaziteError) -> Verdict:
        """Say that what it asks has no answer in these tables."""
        told = f"It cannot be worked out again: {error}"
        return Verdict(same=False, sentences=(told,), view=self.ours.summary)

    def moved(self) -> tuple[Iterable[str], list[str]]:
        """The rows that it carries, and which of them the tables have otherwise."""
        from monazite.export.rdf import enclose, read_enclosed

        then = read_enclosed(self.opened.trig, self.name)
        recorded = as_list(as_dict(self.opened.record.get("says")).get("rows"))
        now = read_enclosed(enclose(self.ours, then))
        return then, [*moved_rows(then, now, map(visible, recorded))]


_WRITTEN_BY = "Written by Monazite {}."


def verify_explorer(page: _Page) -> Verdict:
    """Draw an explorer anew, and say whether it is the same."""
    elements, markets = _explorer_question(page.opened.record.get("question"), page.name)
    try:
        now = page.ours.explore(elements, markets)
    except MonaziteError as error:
        return page.refused(error)
    told = f"rendered anew from the tables, with {now.headline()}"
    anew = Anew(*page.written(now.page, now.record), told, _ALTERED)
    return page.verdict(anew, explorer_differences(page.opened.page, now.page))


_ALTERED = "Tables and code are the same: the page was altered after it was written."


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
        and not any(isinstance(asked[name], bool) for name in kinds if kinds[name] is not bool)
        and all(isinstance(x, str) for y in asked.values() if isinstance(y, list) for x in y)
    )


def _with_records(source: str, rows: Collection[str]) -> str:
    carried = f", with the {counted(len(rows), 'record')} it carries" if rows else ""
    return f"worked out again from {source}{carried}"


BillFiles = Mapping[str, Path | str | None]
"""The bill and the files that were given beside it, by the names of their options."""
_EXPOSURE_OTHERWISE = (
    "Tables and code are the same: the page was altered, or the bill or a file beside it is not "
    "the one it was written from."
)


def verify_exposure(page: _Page, files: BillFiles) -> Verdict:
    """Work a page out again from the bill, and say whether it is the same."""
    from monazite.export.rdf import enclose
    from monazite.report.exposure_page import carried_rows, exposure_html, exposure_record

    asked = read_question(page.opened.record.get("question"), page.name)
    rows, moved = page.moved()
    if files.get("bom") is not None:
        check_files(asked, files, page.name)
        found = asked_again(page.view, asked, files)
        carried, record = carried_rows(found), exposure_record(found)
        written = page.written(exposure_html(found), record, enclose(page.view, carried))
        told = _with_records("the bill and the tables", carried)
        return page.verdict(Anew(*written, told, _EXPOSURE_OTHERWISE), moved)
    if not page.opened.fits or moved:
        sentences = [] if page.opened.fits else [BROKEN_SEAL]
        return Verdict(False, (*sentences, *first_of(moved)), view=page.ours.summary)
    held = sum(not each.startswith("source") for each in rows)  # their sources aside
    raise UnreadableError(
        f"{page.name} is of a bill of materials, which is private and not in it. Its "
        f"{counted(held, 'record')} say the same in these tables, and its seal fits; name "
        f"{listed(_options(asked))} to work the rest out again."
    )


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


def verify_scenario(page: _Page) -> Verdict:
    """Run the scenario of a page again, and say whether the page is the same."""
    from monazite.export.rdf import enclose
    from monazite.view.scenario_runs import scenario_parts

    asked = page.opened.record.get("question")
    if not isinstance(asked, dict) or asked.keys() != {"scenario", "beside"}:
        raise _unreadable(page.name)
    first = read_asked(asked["scenario"], page.name)
    other = None if asked["beside"] is None else read_asked(asked["beside"], page.name)
    _, moved = page.moved()
    try:
        found = scenario_again(page.view, first)
        beside = None if other is None else scenario_again(page.view, other)
    except MonaziteError as error:
        return page.refused(error)
    drawn, record, rows = scenario_parts(page.view, found, beside)
    written = page.written(drawn, record, enclose(page.view, rows))
    told = _with_records("the scenario and the tables", rows)
    return page.verdict(Anew(*written, told, _OTHERWISE), moved)


def scenario_again(view: View, asked: ScenarioAsked) -> ScenarioResult:
    """Run a scenario as it was asked before: a shipped one by its name, else from its text."""
    from monazite.analysis.scenarios.scenario_file import ScenarioText, read_text, shipped_names
    from monazite.asking.question import ScenarioRun
    from monazite.view.scenario_runs import as_asked, run_text

    if asked.text:
        text = ScenarioText(asked.name, asked.text)
    elif asked.name in shipped_names(view.ontology):
        text = read_text(asked.name, view.ontology)
    else:
        raise UnknownNameError(f'There is no scenario "{asked.name}" with these tables.')
    seed = asked.seed if asked.draws else None
    again = ScenarioRun(asked.markets, asked.months, asked.draws or None, seed)
    return as_asked(view, run_text(view, text, again), asked)


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
    if (
        _holds(held, kinds)
        and 0 <= held["draws"] <= keys.MOST_DRAWS
        and (held["draws"] or held["seed"] == 0)
    ):
        return ScenarioAsked(**{**held, "markets": tuple(held["markets"])})
    raise _unreadable(name)


@declared
def verify(
    file: Annotated[
        Path | str,
        Param(
            "Page, PDF, DOCX or PPTX of monazite brief, explore, exposure or scenario; or a "
            "description with checksums, of monazite info.",
            metavar="FILE",
            position=True,
        ),
    ],
    data: Annotated[
        Path | str | None, Param("Your own tables, where the brief rests on some.", metavar="DIR")
    ] = None,
    *,
    bom: Annotated[
        Path | str | None, Param("The bill of materials that the page is of.", metavar="BILL")
    ] = None,
    matches: Annotated[
        Path | str | None, Param("The matches given with the bill.", metavar="FILE")
    ] = None,
    profile: Annotated[
        Path | str | None, Param("The profile given with the bill.", metavar="FILE.toml")
    ] = None,
    answers: Annotated[
        Path | str | None, Param("The answers given with the bill.", metavar="FILE")
    ] = None,
    template: Annotated[
        Path | str | None, Param("The house style that the page was written with.", metavar="DIR")
    ] = None,
    signer: Annotated[
        Path | str | None, Param("Who should have issued it: Ed25519 as PEM.", metavar="KEY.pub")
    ] = None,
    tables: Path | str | None = None,
    ontology: Path | str | None = None,
    cache: bool = True,
    step: Step = do_nothing,
) -> Verdict:
    """Render a page anew from the tables: is it the same, and who signed it?

    Compared byte for byte, with the version, hashes and counts of facts that the page names. PDF,
    DOCX and PPTX need pip install 'monazite[brief]'; only pages are signed. Markdown cannot be
    checked. A description (info --format croissant or dcat) is compared with this copy of the
    tables by the hashes of its files, and what differs is named.
    The page of a bill is worked out again where the bill is named (--bom), which is not in it.
    Exit 0 the same; 1 it differs, and why: other tables or records, another version, an altered
    page, another signer; 2 it cannot be checked; 3 the same but for the release, version or
    counts that it names, which are others here. Nothing in it is run.

    Example: monazite verify brief.html

    Args:
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
    from monazite.report.brief.embedded_record import is_document, open_document
    from monazite.report.brief.house_style import HouseStyle, read_house
    from monazite.report.explorer.page import EXPLORER
    from monazite.report.exposure_page import EXPOSURE
    from monazite.view.scenario_runs import SCENARIO

    chosen = choose_tables(tables, ontology=ontology).ontology
    page = Path(file)
    content = read_bounded(
        page, seal.MAX_BYTES, f"is larger than a briefing can be ({grouped(seal.MAX_BYTES)} bytes)."
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
        opened = seal.open_page(_text(content, page), page.name)
    files = {"bom": bom, "matches": matches, "profile": profile, "answers": answers}
    kind = opened.record.get("page") if opened.kind == seal.HTML else None
    if kind in (EXPLORER, EXPOSURE, SCENARIO) and (template is not None or signer is not None):
        raise UnreadableError(
            f"{page.name} is no briefing: it has no house style and no signature; leave --template "
            "and --signer out."
        )
    claims = read_claims(opened, page.name, made_with(opened.kind))
    if kind != EXPLORER:  # whose parts are kept, and whose tables are not only in its record
        claims |= read_counts(opened)
    expected = None if signer is None else read_signer(Path(signer))
    issued = seal.find_issuer(opened, expected, page.name)
    house = HouseStyle() if template is None else read_house(Path(template))
    view = _view(opened.record, page, data, ontology=chosen, cache=cache, step=step)
    under_test = _Page(opened, page.name, claims, view)
    if kind == EXPLORER:
        found = verify_explorer(under_test)
    elif kind == EXPOSURE:
        found = verify_exposure(under_test, files)
    elif kind == SCENARIO:
        found = verify_scenario(under_test)
    else:
        found = _verify_brief(under_test, _bill_of(opened, page, files), house)
    return replace(
        found,
        same=found.same and issued.fits,
        compared=found.compared if issued.fits else BYTES,
        sentences=(*found.sentences, *issued.sentences),
        signer=issued.fingerprint,
    )


def _bill_of(opened: seal.OpenedPage, file: Path, files: BillFiles) -> dict[str, Any]:
    """What a brief asks of a bill, whose files must be at hand."""
    if "bill" not in opened.record:
        return {}
    asked = read_question(opened.record["bill"], file.name)
    check_files(asked, files, file.name)
    kept = {name: file for name, file in files.items() if name != "answers"}
    return {**kept, "redact": asked.redact}


def _verify_brief(page: _Page, bill: Mapping[str, Any], house: HouseStyle) -> Verdict:
    """Write a briefing anew, and say whether it is the same."""
    from monazite.report.brief.embedded_record import shown_texts

    opened, kind = page.opened, page.opened.kind
    question = _question(opened, page.name)
    _check_house(opened.record.get("house"), house)
    _, moved = page.moved()
    try:
        briefing = page.view.brief(**vars(question), **bill)
    except MonaziteError as error:
        return page.refused(error)
    what = "page" if kind == seal.HTML else "file"
    if kind == seal.HTML:
        drawn, record = page_and_record(briefing, house)
        written = page.written(drawn, record, briefing.trig)
    else:
        document = render_document(briefing, kind, house, page.made())
        written = document.decode("latin-1"), shown_texts(document)
    count = counted(len(briefing.brief.rows), "record")
    told = f"rendered anew from the tables, with the {count} it carries"
    fonts = ", or the fonts of the system are others" if kind == "pdf" else ""
    otherwise = f"Tables and code are the same: the {what} was altered after it was written{fonts}."
    found = page.verdict(Anew(*written, told, otherwise), moved)
    return replace(found, sentences=(*found.sentences, *_of_house(opened, house, found)))


def _check_house(written: object, house: HouseStyle) -> None:
    if written == house.digest:
        return
    how = f"with the house style {visible(written)}" if written else "without a house style"
    named = f"--template names {house.digest}" if house.digest else "none was named"
    raise UnreadableError(
        f"The page was written {how}, and {named}; name the folder that it was written with in "
        "--template, or none if there was none."
    )


def _of_house(opened: seal.OpenedPage, house: HouseStyle, found: Verdict) -> Iterator[str]:
    if found.same and house.digest:
        yield f"Its house style is the one that --template names ({house.digest})."
        if left := len(as_list(opened.record.get("left_out"))):
            yield f"Its house style leaves {counted(left, 'text')} of the brief out of the page."


def _text(content: bytes, file: Path) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(
            f"{file} is no HTML in UTF-8; take a page of monazite brief."
        ) from None


def _question(opened: seal.OpenedPage, file: str) -> BriefQuestion:
    """The question as the page records it; anything else than such a question is refused."""
    asked: Any = opened.record.get("question")
    kinds: dict[str, _Kind] = {
        **dict.fromkeys(("element", "market", "horizon", "event"), str),
        "approval": int | float,
        "year": int | None,
    }
    if not _holds(asked, kinds):
        raise _unreadable(file)
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
        and not isinstance(kept.get("tier"), bool)
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

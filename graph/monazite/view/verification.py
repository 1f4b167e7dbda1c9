"""Whether a briefing still says what the tables say: it is worked out again from its record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.parameters import Contingency
from monazite.progress import do_nothing
from monazite.triples.store import Step
from monazite.view.opening import load

if TYPE_CHECKING:
    from monazite.pages.brief.briefing import BriefQuestion
    from monazite.pages.brief.seal import OpenedPage
    from monazite.pages.brief.verification import Verdict
    from monazite.view.view import View

_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("element", "market", "horizon", "event"), (str,)),
    "approval": (int, float),
    "year": (int, type(None)),
}


def verify(
    file: Path | str,
    data: Path | str | None = None,
    *,
    cache: bool = True,
    step: Step = do_nothing,
) -> Verdict:
    """Work a briefing out again from the tables, and say whether it is the same.

    The view is the one that the page records. Nothing in the page is run.

    Args:
        file: a page that ``monazite brief`` or :meth:`View.brief` wrote.
        data: the reader's own tables, where the briefing rests on some.
        cache: keep the store in the user's cache folder; False builds it in memory.
        step: called after each step of building the store, for a progress bar.

    Returns:
        Whether it is the same; if not, what differs and why: other tables or rows, another
        version, an altered page.

    Raises:
        UnreadableError: the file is no briefing that can be checked.

    >>> import monazite
    >>> monazite.verify("README.md")
    Traceback (most recent call last):
    monazite.errors.UnreadableError: README.md holds no briefing that can be checked; take one ...
    """
    from monazite.exchange.evidence_rows import enclose, read_enclosed
    from monazite.pages.brief.page import brief_dict
    from monazite.pages.brief.seal import code_hash, open_page
    from monazite.pages.brief.verification import RecomputedBrief, Verdict, compare
    from monazite.shipped import VERSION
    from monazite.view.brief_findings import write_findings

    page = Path(file)
    opened = open_page(_read(page), page.name)
    question = _question(opened, page)
    rows = read_enclosed(opened.trig, page.name)
    view = _view(opened, page, data, cache=cache, step=step)
    try:
        written_brief, _, _ = write_findings(view, question)
    except MonaziteError as error:
        return Verdict(
            same=False, sentences=(f"It cannot be worked out again: {error}",), view=view.summary
        )
    now = RecomputedBrief(
        content=brief_dict(written_brief),
        rows=read_enclosed(enclose(view, rows)),
        version=VERSION,
        code=code_hash(),
        tables=str(view.describe()["tables"]),
    )
    same, sentences = compare(opened, rows, now)
    return Verdict(same=same, sentences=sentences, view=view.summary)


def _read(file: Path) -> str:
    from monazite.pages.brief.seal import MAX_BYTES

    try:
        if file.stat().st_size > MAX_BYTES:
            raise UnreadableError(f"{file} is larger than a briefing can be ({MAX_BYTES:,} bytes).")
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(
            f"{file} is no HTML in UTF-8; take a page of monazite brief."
        ) from None
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}.") from None


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
    opened: OpenedPage, file: Path, data: Path | str | None, *, cache: bool, step: Step
) -> View:
    """The view that the page records."""
    kept: Any = opened.record.get("view")
    texts = (str, type(None))
    if not (
        isinstance(kept, dict)
        and all(isinstance(kept.get(name), texts) for name in ("valid", "known", "data"))
        and isinstance(kept.get("tier"), int | None)
        and isinstance(kept.get("without"), list)
        and all(isinstance(name, str) for name in kept["without"])
    ):
        raise _unreadable(file, "view")
    if kept["data"] and data is None:
        raise UnreadableError(
            f"{file} rests on tables of your own ({kept['data']}); name them with --data."
        )
    return load(
        valid=kept["valid"],
        known=kept["known"],
        tier=kept["tier"],
        without=tuple(kept["without"]),
        data=data,
        cache=cache,
        step=step,
    )


def _unreadable(file: Path, what: str) -> UnreadableError:
    return UnreadableError(f"{file} carries no {what} that can be asked: it was altered.")

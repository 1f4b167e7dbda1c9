"""``monazite verify``: whether a briefing still says what the tables say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monazite.cli.brief import Words, compose
from monazite.cli.common import NoCache, ViewOptions, write_out
from monazite.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.parameters import Contingency

if TYPE_CHECKING:
    from monazite.pages.brief.seal import Opened
    from monazite.view import View


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.html", help="As monazite brief wrote it.")],
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Your own tables, where the brief rests on some."),
    ] = None,
    no_cache: NoCache = False,
) -> None:
    """Work a briefing out again from the tables, and say whether it is the same.

    Exit 0 the same; 1 it differs, and why: other tables or rows, another version, an altered
    page; 2 it is no briefing that can be checked. Nothing in the page is run.

    Example: monazite verify brief.html
    """
    from monazite.exchange.enclosed import enclose, read_enclosed
    from monazite.pages.brief.page import brief_dict
    from monazite.pages.brief.seal import code_hash, open_page
    from monazite.pages.brief.verification import Now, compare
    from monazite.shipped import VERSION

    opened = open_page(_read(file), file.name)
    words = _words(opened, file)
    rows = read_enclosed(opened.trig, file.name)
    view = _view(opened, file, data, no_cache=no_cache)
    try:
        _, _, told = compose(view, words)
    except MonaziteError as error:
        write_out(f"It cannot be worked out again: {error}\n")
        raise typer.Exit(1) from None
    now = Now(
        says=brief_dict(told),
        rows=read_enclosed(enclose(view, rows)),
        version=VERSION,
        code=code_hash(),
        tables=str(view.describe()["tables"]),
    )
    verdict = compare(opened, rows, now)
    write_out("".join(f"{sentence}\n" for sentence in verdict.sentences))
    if not verdict.same:
        raise typer.Exit(1)


def _read(file: Path) -> str:
    from monazite.pages.brief.seal import MOST

    try:
        if file.stat().st_size > MOST:
            raise UnreadableError(f"{file} is larger than a briefing can be ({MOST:,} bytes).")
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(
            f"{file} is no HTML in UTF-8; take a page of monazite brief."
        ) from None
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}.") from None


def _words(opened: Opened, file: Path) -> Words:
    """The question as the page records it; anything else than such a question is refused."""
    asked = opened.record.get("question")
    kinds: dict[str, tuple[type, ...]] = {
        **dict.fromkeys(("element", "market", "horizon", "event"), (str,)),
        "approval": (int, float),
        "year": (int, type(None)),
    }
    if (
        not isinstance(asked, dict)
        or asked.keys() != kinds.keys()
        or not all(isinstance(asked[name], kind) for name, kind in kinds.items())
    ):
        raise _unreadable(file, "question")

    words = Words(**asked)
    try:
        Contingency(words.event, words.horizon, words.approval / 100)
    except UnknownNameError:
        raise _unreadable(file, "question") from None
    return words


def _view(opened: Opened, file: Path, data: Path | None, *, no_cache: bool) -> View:
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
    return ViewOptions(
        valid=kept["valid"],
        known=kept["known"],
        tier=kept["tier"],
        without=tuple(kept["without"]),
        data=data,
        no_cache=no_cache,
    ).open()


def _unreadable(file: Path, what: str) -> UnreadableError:
    return UnreadableError(f"{file} carries no {what} that can be asked: it was altered.")

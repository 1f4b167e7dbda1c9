"""Whether an explorer still says what the tables say: it is drawn again from its record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from monazite.errors import MonaziteError, UnreadableError
from monazite.pages.brief.record import code_hash, made_with
from monazite.pages.brief.seal import OpenedPage, blank_page
from monazite.pages.brief.verification import RecomputedBrief, Verdict
from monazite.pages.explorer.verification import compare_explorer
from monazite.shipped import VERSION

if TYPE_CHECKING:
    from monazite import View


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
    elements, markets = _question(opened.record.get("question"), name)
    try:
        now = view.explore(elements, markets)
    except MonaziteError as error:
        told = f"It cannot be worked out again: {error}"
        return Verdict(same=False, sentences=(told,), view=view.summary)
    record = opened.record
    claimed = {each: record.get(each) for each in ("version", "code", "made_with")}
    found = compare_explorer(
        opened,
        RecomputedBrief(
            content={},
            rows={},
            version=VERSION,
            code=code_hash(),
            tables=str(view.describe()["tables"]),
            made_with=made_with(),
            house=None,
            page=now.page,
            blank=blank_page(now.page, {**now.record, **claimed}, ""),
        ),
        now.headline(),
    )
    return Verdict(
        same=found.same, sentences=found.sentences, compared=found.compared, view=view.summary
    )


def _question(asked: Any, name: str) -> tuple[list[str], list[str]]:  # noqa: ANN401 - of a page
    """Elements and markets as the page records them; anything else is refused."""
    if isinstance(asked, dict) and asked.keys() == {"elements", "markets"}:
        held = [asked["elements"], asked["markets"]]
        if all(isinstance(x, list) and all(isinstance(y, str) for y in x) for x in held):
            return held[0], held[1]
    raise UnreadableError(f"{name} carries no question that can be asked: it was altered.")

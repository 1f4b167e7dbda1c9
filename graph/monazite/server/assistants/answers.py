"""An answer for an assistant: what was found, its rows, its range, its view, what is not known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from monazite.core.formats import NOT_KNOWN, counted, in_brief, reveal, visible
from monazite.core.spoken_commands import for_assistant
from monazite.data.columns import Schema
from monazite.data.iris import BASE, row_iri, row_name
from monazite.server.assistants.extracts import FEWEST, PartShown, Wanted, check_offset, extract
from monazite.server.assistants.tools import Offer

if TYPE_CHECKING:
    from monazite.core.results import Result
    from monazite.view.view import View

LONGEST = 80  # characters of a name in a sentence
_LANGUAGE = re.compile(r"@[a-zA-Z-]{2,12}$")


def quoting(view: View, *, alone: bool = True) -> Callable[[str], str]:
    """Return what puts names that are not ours into quotes: even an order is then seen as data."""
    names = _names_in(view)
    fields = frozenset() if alone else frozenset(names)
    return lambda text: quote_names(text, names) if names and text not in fields else text


def has_own_commands(view: View) -> bool:
    """Return whether a text that is not ours reads like a command or an option."""
    return any("--" in each or "monazite " in each for each in _names_in(view))


def _names_in(view: View) -> tuple[str, ...]:
    return () if view.data is None else _names(view.data, view.schema, view.describe()["tables"])


def quote_names(sentence: str, names: Iterable[str]) -> str:
    r"""Return a sentence with each of some names in quotes."""

    def quoted(found: re.Match[str]) -> str:
        return '"{}"'.format(in_brief(found[0].replace('"', "'"), LONGEST))

    there = [re.escape(each) for each in names if each in sentence]
    return re.sub("|".join(there), quoted, sentence) if there else sentence


@lru_cache(maxsize=2)
def _names(data: Path, schema: Schema, _tables: object) -> tuple[str, ...]:
    """Texts of own tables with a blank or like an option, and parts of lists, the longest first."""
    from monazite.data.own_files import find_own_files
    from monazite.data.reader import TableReading, read_own_texts

    own = read_own_texts(find_own_files(data).tables, TableReading(schema))
    cells = {cell for table in own for _, line in table.lines for cell in line}
    parts = {_LANGUAGE.sub("", part) for cell in cells for part in (cell, *cell.split(";"))}
    return _longest_first({visible(part) for part in parts if _stands(part)})


def _stands(text: str) -> bool:
    """Whether a text is more than a word like others: it has a blank, or is like an option."""
    return bool(text.split()[1:]) or "--" in text


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=lambda each: (-len(each), each)))


ROWS = "/rows"  # the list of rows, which lies beside the answer
MOST_ROWS = 10  # rows that are quoted where nobody pages through them
_LONGEST_REPORT = 3_000
_QUOTED = "> "
"""What each line of a report begins with: whatever names it holds, it is seen to be quoted."""
_NOTHING = "No record of this view answers that; that does not mean that there is nothing."
_ENDS = ("low", "high")


def answer_of(view: View, offer: Offer, found: Result, wanted: Wanted) -> dict[str, Any]:
    """Return what a tool answers."""
    content: Any = json.loads(json.dumps(found.content(), default=dict))
    main = wanted.part or _main_list(found, content)
    of_answer = Wanted() if main == ROWS else replace(wanted, part=main)
    whole, left = extract({"answer": content}, of_answer)
    shown = whole["answer"]
    said, quote = for_model(view), quoting(view, alone=False)
    # Data that reads like a command is no lead of ours: all of it stays as it is.
    lead = str if has_own_commands(view) else for_assistant
    listed = _main_list(found, content)
    items: Any = content if listed else []
    for step in listed.split("/")[2:]:
        items = items[step]
    # a named question names rows by their IRIs
    named = (_row_of(x) for x in _texts(content) if x.startswith(f"{BASE}row/"))
    keys, begins = _in_order(found.row_keys or tuple(dict.fromkeys(named)), items, content)
    # a record was found, and the headline could say what
    known = not _is_empty(found, content) and not found.headline().endswith(NOT_KNOWN)
    begin = begins[wanted.offset] if main == listed and begins else 0
    page = wanted if main == ROWS else Wanted(ROWS, begin, MOST_ROWS)
    check_offset(page.offset, keys)
    is_first = not wanted.part and not wanted.offset
    rows = keys[page.offset : page.offset + page.limit]
    if len(rows) < len(keys):
        left.append(PartShown(ROWS, page.offset, len(rows), len(keys)))
    return {
        "known": known,
        "headline": said(visible(found.headline())),
        "report": in_report(lead(found.to_text(width=80))) if is_first else "",
        "answer": _led(shown, lambda text: lead(quote(text))),
        "range": {"given": known and _gives_range(shown), "says": offer.range},
        "not_known": [said(visible(each)) for each in _not_known(found, content)],
        "view": dict(found.view.record) if found.view else view.describe(),
        "rows": quoted_rows(view, rows),
        "left_out": [asdict(each) for each in left],
    }


def unknown_answer(view: View, offer: Offer, sentence: str) -> dict[str, Any]:
    """Return what a tool answers where the question is fine and the rows cannot answer it."""
    return {
        "known": False,
        "headline": NOT_KNOWN,
        "report": "",
        "answer": None,
        "range": {"given": False, "says": offer.range},
        "not_known": [for_model(view)(visible(sentence))],
        "view": view.describe(),
        "rows": [],
        "left_out": [],
    }


def quoted_rows(view: View, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Return rows with what they say and who says it."""
    from monazite.store.cards import read_cards

    found, asked = [], [*keys]
    cards = read_cards(view.store, view.schema.tables, asked)
    for name in asked:
        if (card := cards.get(name)) is None:
            continue
        table, _, key = name.partition("/")
        sources = [
            {
                "source": f"{BASE}source/{source.id}",
                "publisher": visible(source.publisher),
                "title": in_brief(visible(source.title), 300),
                "published": visible(source.published),
                "tier": int(source.tier),
                "address": reveal(source.url),
            }
            for source in card.sources
        ]
        text = in_brief(visible(card.text), 400)
        found.append({"row": row_iri(table, key), "key": name, "quoted": text, "sources": sources})
    return found


def for_model(view: View) -> Callable[[str], str]:
    """Return what words a sentence for a model: commands are tools, own names stand in quotes."""
    quote = quoting(view)
    return lambda sentence: for_assistant(quote(sentence))


def _led(value: Any, lead: Callable[[str], str]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same with the tools where sentences lead to commands; ``command`` stays one to paste."""
    if isinstance(value, str):
        return lead(value)
    if isinstance(value, Mapping):
        return {name: x if name == "command" else _led(x, lead) for name, x in value.items()}
    return [_led(each, lead) for each in value] if isinstance(value, list) else value


def in_report(text: str) -> str:
    """Return the first lines of a report, each quoted, as many as a model can read."""
    lines = [f"{_QUOTED}{line}".rstrip() for line in reveal(text).splitlines()]
    sizes = accumulate(len(line) + 1 for line in lines)
    kept = sum(size <= _LONGEST_REPORT for size in sizes)
    more = len(lines) - kept
    return "\n".join(lines[:kept] + ([f"({counted(more, 'more line')})"] if more else []))


def _main_list(found: Result, content: Mapping[str, Any]) -> str:
    """The list of the records, of a named question its bindings; empty where there is none."""
    if isinstance(content.get(found.records_key), list):
        return f"/answer/{found.records_key}"
    return "/answer/results/bindings" if "bindings" in content.get("results", {}) else ""


def _in_order(
    keys: tuple[str, ...], items: list[Any], content: object
) -> tuple[list[str], list[int]]:
    """The rows in one order, and where those of each item begin: first the first few of each."""
    known, order = {*keys}, dict[str, None]()

    def named(part: object) -> Iterable[str]:
        return (name for name in map(_row_of, _texts(part)) if name in known)

    begins = []
    for item in items:
        begins.append(len(order))
        order |= dict.fromkeys([*dict.fromkeys(named(item))][:FEWEST])
    order |= dict.fromkeys([*named(content), *keys])
    return [*order], [min(each, max(0, len(order) - 1)) for each in begins]


def _row_of(text: str) -> str:
    """The key of a row that a text names, by its IRI or by itself."""
    return unquote(row_name(text)) if text.startswith(f"{BASE}row/") else text


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held)


def _gives_range(shown: object) -> bool:
    """Tell whether a number of an answer, not of an assumption, has its lower or upper end."""
    if isinstance(shown, Mapping):
        return any(
            (isinstance(held, float | int) and str(name).rpartition("_")[2] in _ENDS)
            or _gives_range(held)
            for name, held in shown.items()
            if name != "assumptions"
        )
    return isinstance(shown, list) and any(map(_gives_range, shown))


def _is_empty(found: Result, content: Mapping[str, Any]) -> bool:
    """Tell whether the list of the records, or of a named question its bindings, is empty."""
    bindings = (content.get("results") or {}).get("bindings") if "head" in content else None
    return [] in (content.get(found.records_key), bindings)


def _not_known(found: Result, content: Mapping[str, Any]) -> list[str]:
    """What a result says is missing; of a list without items, that nothing was found."""
    told = [*found.notes]
    for name in ("notes", "remarks", "missing"):
        held = content.get(name)
        told += [each for each in held if isinstance(each, str)] if isinstance(held, list) else []
    if _is_empty(found, content):
        told.append(_NOTHING)
    return [*dict.fromkeys(told)]

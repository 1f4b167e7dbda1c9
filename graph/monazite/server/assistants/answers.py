"""What a worker does for an assistant: an answer with rows, range, view and what is not known."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from monazite.asking.question import questions
from monazite.core.errors import MonaziteError, NotKnownError, UnknownNameError, did_you_mean
from monazite.core.formats import NOT_KNOWN, counted, in_brief, reveal, visible
from monazite.core.results import NotKnown, Result, Struct
from monazite.core.spoken_commands import for_assistant
from monazite.data.columns import Schema
from monazite.data.iris import BASE, row_iri, row_name
from monazite.server.assistants.tools import PAGING, USUAL, Offer, offers

if TYPE_CHECKING:
    from monazite.view.view import View


MOST_CHARACTERS = 24_000  # of the JSON of an answer: about six thousand words of a model
FEWEST = 3  # items that each list keeps where another can still be cut
_LONGEST_TEXT = 2_000
_INDEX = re.compile(r"(?<=/)\d+(?=/|$)")


class Wanted(Struct):
    """Which part of an answer is wanted."""

    part: str = ""  # the JSON pointer of a list; empty for the main one
    offset: int = 0
    limit: int = USUAL


class PartShown(Struct):
    """A list of which not all is given."""

    part: str  # its JSON pointer; ``*`` stands for each item of the list around it
    offset: int
    shown: int  # how many are given, of all such lists together
    of: int


def extract(
    content: Mapping[str, Any], wanted: Wanted, *, most: int = MOST_CHARACTERS
) -> tuple[dict[str, Any], list[PartShown]]:
    """Return a part of an answer that has no more than so many characters of JSON.

    The wanted list is cut to its page; then the longest lists are halved, the others first.
    """
    if wanted.part:
        check_offset(wanted.offset, _list_at(content, wanted.part))
    caps: dict[str, int] = {}
    while True:
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        sizes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        cut = _cut(content, "", wanted, caps, counts)
        if len(json.dumps(cut, ensure_ascii=False)) <= most:
            break
        _measure(cut, "", sizes)
        if not _tighten(caps, sizes, _alike(wanted.part)):
            break
    left = [
        PartShown(part, first, shown, total)
        for part, (first, shown, total) in sorted(counts.items())
        if shown < total
    ]
    return cut, left


def _alike(part: str) -> str:
    """The place of a list and of those like it in the items beside."""
    return _INDEX.sub("*", part)


def check_offset(offset: int, items: Sequence[object]) -> None:
    """Refuse a page that begins after the end of a list."""
    if offset and offset >= len(items):
        raise UnknownNameError(f"The list has {counted(len(items), 'item')}; take a lower offset.")


def _list_at(content: Mapping[str, Any], part: str) -> Sequence[object]:
    found: Any = content
    for step in part.split("/")[1:]:
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        elif isinstance(found, list | tuple) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            found = None
    if not isinstance(found, list | tuple):
        lists = [*_lists(content, "")]
        fix = did_you_mean(part, lists) or f"lists are {', '.join(lists) or 'none'}."
        raise UnknownNameError(f'The answer has no list "{in_brief(reveal(part), 60)}"; {fix}')
    return found


def _lists(content: Mapping[str, Any], part: str) -> Iterator[str]:
    """The lists that lie in no other list."""
    for name, held in content.items():
        if isinstance(held, Mapping):
            yield from _lists(held, f"{part}/{name}")
        elif isinstance(held, list | tuple):
            yield f"{part}/{name}"


def _cut(
    value: Any,  # noqa: ANN401 - whatever JSON holds
    part: str,
    wanted: Wanted,
    caps: Mapping[str, int],
    counts: dict[str, list[int]],
) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return in_brief(visible(value), _LONGEST_TEXT)
    if isinstance(value, Mapping):
        return {
            reveal(str(name)): _cut(held, f"{part}/{name}", wanted, caps, counts)
            for name, held in value.items()
        }
    if not isinstance(value, list | tuple):
        return value
    first, most = 0, caps.get(_alike(part), len(value))
    told = _alike(part)
    if part == wanted.part:
        told, first, most = part, wanted.offset, min(wanted.limit, caps.get(told, wanted.limit))
    elif wanted.part.startswith(f"{part}/"):  # of what lies around it, the one item on the way
        told, first, most = part, int(wanted.part[len(part) + 1 :].partition("/")[0]), 1
    kept = value[first : first + most]
    counts[told][0] = first
    counts[told][1] += len(kept)
    counts[told][2] += len(value)
    return [
        _cut(held, f"{part}/{first + place}", wanted, caps, counts)
        for place, held in enumerate(kept)
    ]


def _measure(value: Any, part: str, sizes: dict[str, list[int]]) -> None:  # noqa: ANN401
    """Note how much JSON the lists at a place come to, and how long the longest of them is."""
    if isinstance(value, Mapping | list):
        for name, held in value.items() if isinstance(value, Mapping) else enumerate(value):
            _measure(held, f"{part}/{name}", sizes)
    if isinstance(value, list):
        alike = _alike(part)
        sizes[alike][0] += len(json.dumps(value, ensure_ascii=False))
        sizes[alike][1] = max(sizes[alike][1], len(value))


def _tighten(caps: dict[str, int], sizes: Mapping[str, list[int]], part: str) -> bool:
    """Halve the longest list that may be cut; tell whether there was one."""
    for may, fewest in ((part, FEWEST), ("", 1), (part, 0)):
        longest = [
            (size, name, max(fewest, most // 2))
            for name, (size, most) in sizes.items()
            if name != may and max(fewest, most // 2) < min(most, caps.get(name, most))
        ]
        if longest:
            _, name, cap = max(longest)
            caps[name] = cap
            return True
    return False


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
    # what is more than a word like others: it has a blank, or is like an option
    told = {visible(part) for part in parts if part.split()[1:] or "--" in part}
    return tuple(sorted(told, key=lambda each: (-len(each), each)))


def answer_tool(view: View, given: Mapping[str, Any]) -> bytes:
    """Return the answer of a tool, as JSON."""
    offer, arguments = offers()[given["tool"]], given["arguments"]
    wanted = Wanted(**{name: arguments[name] for name in PAGING if name in arguments})
    try:
        found = _ask(view, offer, arguments)
    except NotKnownError as unknown:
        found = NotKnown("", "", str(unknown))
    except MonaziteError as refused:
        refused.args = (for_model(view)(visible(refused)),)
        raise
    if isinstance(found, NotKnown):
        return _json(unknown_answer(view, offer, found.why))
    return _json(answer_of(view, offer, found, wanted))


def draw_page(view: View, given: Mapping[str, Any]) -> bytes:
    """Return the page of a tool that draws, as HTML."""
    page: Any = _ask(view, offers()[given["tool"]], given["arguments"])
    return str(page.html).encode()


def quote_row(view: View, given: Mapping[str, Any]) -> bytes:
    """Return a record with its sources, as JSON."""
    rows = quoted_rows(view, [given["row"]])
    if not rows:
        raise UnknownNameError(f'The view has no record "{given["row"]}".')
    return _json(rows[0])


def _ask(view: View, offer: Offer, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a Result
    own = {name: value for name, value in arguments.items() if name in offer.parameters}
    if offer.tool in questions():
        return questions()[offer.tool].ask_outside(view, own)
    if offer.tool == "query":
        return view.query(own.pop("question"), **own)
    return getattr(view, offer.tool)(**own)


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


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

"""The text of a reader's query: judged, and rewritten so that the engine reads what was judged.

The text that runs is one line of the tokens that were judged, without remarks, line ends and
escapes: nothing is left that the engine could take for something else, such as a call.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from monazite.core.errors import QueryError
from monazite.core.formats import grouped
from monazite.core.results import Struct
from monazite.data.parameters import LONGEST_QUERY

KINDS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_CODE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_TOKEN = re.compile(
    rf"""
    (?P<gap>    (?:\s++|\#[^\n]*+)++)
  | (?P<long>   \"{{3}}(?:[^"\\]++|\\.|"(?!""))*+\"{{3}}|'{{3}}(?:[^'\\]++|\\.|'(?!''))*+'{{3}})
  | (?P<short>  "(?:[^"\\\n]++|\\[^\n])*+"|'(?:[^'\\\n]++|\\[^\n])*+')
  | (?P<iri>    <(?:[^\x00-\x20<>"{{}}|^`\\]++|{_CODE})*+>)
  | (?P<word>   (?:\w++|{_CODE})++)
  | (?P<local>  \\[-_~.!$&'()*+,;=/?\#@%])
  | (?P<sign>   [^"'\\])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(rf"({_CODE})|\\.", re.DOTALL)
_NO_IRI = re.compile(r"""[\x00-\x20<>"'{}|^`\\]""")
_NAMED = (":", "?", "$", "@", "-")  # directly before a word of a name, a variable or a language
_CALL = (
    "SERVICE would send a request; ask that endpoint by itself. A name that has the word in it "
    "is written as a whole address in < and >."
)


class _Token(Struct):
    kind: str
    text: str
    place: int


class JudgedQuery(Struct):
    """A query that may run, and as the reader wrote it."""

    kind: str
    text: str
    written: str
    places: tuple[tuple[int, int], ...]  # where each token stands in both
    chooses_graphs: bool = False  # whether it has FROM

    def where(self, column: int) -> str:
        """Say where a column of the text to run, counted from 1, stands as it was written."""
        ran, written = self.places[
            max(0, bisect_right(self.places, (column - 1, LONGEST_QUERY)) - 1)
        ]
        place = min(written + column - 1 - ran, len(self.written))
        begin = self.written.rfind("\n", 0, place) + 1
        end = self.written.find("\n", place)
        line = self.written[begin : end if end >= 0 else None].strip()
        number = self.written.count("\n", 0, place) + 1
        return f"line {number}, column {place - begin + 1}, near {line[:60]!r}"


def judge(text: str, *, may_choose_graphs: bool = False) -> JudgedQuery:
    """Judge a query, and rewrite it as the one line that may run.

    Escapes, white space, comments and terminals: SPARQL 1.1 Query Language (W3C, 2013), section 19.
    """
    written = _plain(text)
    tokens = [*_tokens(written)]
    chooses_graphs = _refuse_calls(tokens)
    if chooses_graphs and not may_choose_graphs:
        raise QueryError("FROM is not used here: every query sees the union of all graphs.")
    kind = _kind(iter(tokens))
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    length, before = 0, ""
    for token in tokens:
        part = _rewritten(token)
        if part[:1] in {'"', "'"} and before[-1:] in {'"', "'"}:
            part = f" {part}"  # two strings never become one of another kind
        places.append((length, token.place))
        parts.append(part)
        length, before = length + len(part), part
    return JudgedQuery(kind, "".join(parts), written, tuple(places), chooses_graphs)


def kind_of(text: str) -> str:
    """Return the kind of a query from its first words, before it is judged as a whole."""
    return _kind(_tokens(_plain(text)))


def _plain(text: str) -> str:
    """The text with one kind of line end."""
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"The query is longer than {grouped(LONGEST_QUERY)} characters; shorten it."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
            stands = "a backslash stands where none can"
            what = stands if text[place] == "\\" else "a string is not closed"
            raise QueryError(f"The query cannot be parsed: {what}, line {line}, column {column}.")
        assert found.lastgroup is not None
        if found.lastgroup == "iri" and "'" in found[0]:  # or a comparison with a string
            line = text.count("\n", 0, place) + 1
            raise QueryError(
                f"{found[0][:60]} on line {line} may be an address or a comparison; write %27 for "
                "its quote, or a space after <."
            )
        yield _Token(found.lastgroup, found[0], place)
        place = found.end()


def _refuse_calls(tokens: list[_Token]) -> bool:
    """Refuse words that reach out, wherever some reader could take them for such words.

    What is surely part of a name, a variable or a language is none; what only may be is refused.
    """
    before, chooses_graphs = "", False
    for place, token in enumerate(tokens):
        if token.kind == "word" and before not in _NAMED:
            word = _decoded(token).casefold()
            if "service" in word:
                raise QueryError(_CALL)
            following = tokens[place + 1].text if place + 1 < len(tokens) else ""
            chooses_graphs |= word == "from" and following != ":"
        before = token.text
    return chooses_graphs


def _kind(tokens: Iterator[_Token]) -> str:
    for token in tokens:
        if token.kind == "gap":
            continue
        word = token.text.upper()
        if word in KINDS:
            return word
        if word in {"PREFIX", "BASE", "VERSION"}:
            next((each for each in tokens if each.kind in {"iri", "short", "long"}), None)
        elif word in _UPDATES:
            raise QueryError("The store is read-only: ask a query, not an update.")
        else:
            raise QueryError(
                f"The query cannot be parsed: it begins with {token.text[:60]!r}, and should with "
                f"PREFIX, BASE, {', '.join(KINDS[:-1])} or {KINDS[-1]}."
            )
    raise QueryError("The query cannot be parsed: it asks nothing.")


def _rewritten(token: _Token) -> str:
    """A token as the engine is to read it."""
    if token.kind == "gap":
        return " "
    if token.kind == "long":
        return f'"{_decoded(token, inside=token.text[3:-3], quote=chr(34))}"'
    if token.kind == "short":
        quote = token.text[0]
        return f"{quote}{_decoded(token, inside=token.text[1:-1], quote=quote)}{quote}"
    return _decoded(token) if token.kind in {"iri", "word"} else token.text


def _decoded(token: _Token, inside: str | None = None, quote: str = "") -> str:
    """A token without escaped code points; what would end a string is escaped in its own way."""
    text = token.text if inside is None else inside

    def replace(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        character = _character(found[1])
        if token.kind == "word" and not re.fullmatch(r"\w", character):
            raise QueryError(f"{found[1]} is no letter; write names without such escapes.")
        if token.kind == "iri" and _NO_IRI.match(character):
            raise QueryError(f"{found[1]} cannot stand in an IRI; write it as %-code.")
        return "\\\\" if character == "\\" else character

    plain = _ESCAPE.sub(replace, text) if "\\" in text else text
    if not quote:
        return plain
    return re.sub(
        rf"(\\.)|{quote}|\n|\r",
        lambda found: found[1] or {"\n": "\\n", "\r": "\\r"}.get(found[0], f"\\{quote}"),
        plain,
        flags=re.DOTALL,
    )


def _character(code: str) -> str:
    number = int(code[2:], 16)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        raise QueryError(f"{code} is no character; write another.")
    return chr(number)

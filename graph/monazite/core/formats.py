"""Numbers and foreign text as a reader may safely see them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from math import isfinite

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
NO_BREAK = "\N{NO-BREAK SPACE}"
NOT_KNOWN = "not known"  # what stands where no row says
_OPEN_ENDS = {"upper bound": "up to", "lower bound": "at least"}
_NO_TONNES, _WHOLE_TONNES = 0.0005, 10  # tonnes that print as none, and from which they print whole
_PRECISION = 5e-6  # of a solver, in parts of 1
_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # what turns text round or has no width
    "\u2028\u2029"  # ends of lines and paragraphs
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and signs that are blank
    "\ud800-\udfff"  # halves of characters
    "\ufdd0-\ufdef"  # what is no character, with the last two of each plane
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
"""What no reader sees, or sees elsewhere. Joiners are not among them: they hold emoji and Indic
words together and cannot turn text round."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"'\\]+", re.IGNORECASE)


def first_hidden(text: str) -> str:
    """The first hidden character of a text, or nothing."""
    found = _HIDDEN.search(text)
    return found[0] if found else ""


def reveal(text: str) -> str:
    """Text with each hidden character replaced by one that shows; blanks stay as they are."""
    return _HIDDEN.sub(lambda x: chr(0x2400 + ord(x[0])) if x[0] < " " else REPLACEMENT, text)


def xml_text(text: str) -> str:
    """Put U+FFFD for each character that XML 1.0 cannot hold, whatever its escape, or hides."""
    return reveal(_NOT_XML.sub("\ufffd", text))


def escape_hidden(text: str) -> str:
    """Text of JSON with each hidden character as its escape: none is lost."""

    def escapes(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be", "surrogatepass").hex()
        return re.sub("....", r"\\u\g<0>", units)

    return _by_line(text, escapes)


def _by_line(text: str, escapes: Callable[[re.Match[str]], str]) -> str:
    """Text with each hidden character escaped; most lines have none, and are soon passed."""
    return "\n".join(
        line if line.isascii() and line.isprintable() else _HIDDEN.sub(escapes, line)
        for line in text.split("\n")
    )


def escape_hidden_turtle(text: str) -> str:
    r"""Text of Turtle, TriG or N-Quads with each hidden character as its escape: none is lost.

    >>> escape_hidden_turtle('"' + chr(0xE0001) + '"')
    '"\\U000e0001"'
    """
    return _by_line(text, lambda found: f"\\U{ord(found[0]):08x}")


def visible(text: object) -> str:
    """Text in one line, with each hidden character replaced by one that shows."""
    if text is None:
        return ""
    return reveal(re.sub(r"[ \t\r\n]+", " ", str(text))).strip()


def escaped(text: str) -> str:
    r"""Text in which each character that does not show stands as Python writes it.

    >>> print(escaped("a" + chr(0x202E) + "b" + chr(10) + chr(0x9B) + "c 稀土"))
    a\u202eb\n\x9bc 稀土
    """
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def in_brief(text: str, longest: int) -> str:
    """Text whose middle is left out where it is longer than so many characters.

    >>> in_brief("Lynas Kalgoorlie", 9)
    'Lyna…rlie'
    """
    if len(text) <= longest:
        return text
    half = (longest - 1) // 2
    return text[:half] + ELLIPSIS + text[-half:]


def em_width(text: str) -> float:
    """About how wide text is set, in ems, on the generous side."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.04
    if character in "iljtfrI1.,:;'|()[] -":
        return 0.36
    if character in "MWmw%@\N{REPLACEMENT CHARACTER}":
        return 0.94
    return 0.7 if character.isupper() else 0.57


def shorten(text: str, ems: float) -> str:
    """Text cut with an ellipsis where it would be set wider than ``ems``."""
    room, width, cut = ems - 1, 0.0, 0
    for place, character in enumerate(text):
        width += _em(character)
        if width <= room:
            cut = place + 1
        if width > ems:
            return text[:cut].rstrip() + ELLIPSIS
    return text


def two_lines(text: str, ems: float) -> tuple[str, str]:
    """Text broken at a space into two lines no wider than ``ems``, the second cut if need be."""
    if em_width(text) <= ems:
        return text, ""
    places = [place for place, character in enumerate(text[:200]) if character == " "]
    fitting = [place for place in places if em_width(text[:place]) <= ems]
    if not fitting:
        return shorten(text, ems), ""
    return text[: fitting[-1]], shorten(text[fitting[-1] + 1 :], ems)


FINE = 0.9
"""Shares from which a whole point may be finer than what is known of them."""


def percent(share: object, *, narrow: bool = False, space: str = " ") -> str:
    """Return a share in whole percent; what rounds away is neither nothing nor everything.

    A difference at the precision of a solver is none.
    """
    number = number_of(share)
    if number is None:
        return NOT_KNOWN
    whole = round(100 * number)
    sign = ""
    if whole == 0 and abs(number) > _PRECISION:
        below = "-<" if number < 0 else "<"
        whole, sign = 1, below if narrow else "under "
    elif whole == 100 and number < 1 - _PRECISION:
        whole, sign = 99, ">" if narrow else "over "
    return f"{sign}{whole}{space}%"


def supported(share: float | None, low: float | None, high: float | None) -> float | None:
    """Round a share above 90 % to what its range supports: to 5 or 10 where half of it is as wide.

    >>> supported(0.908, 0.812, 0.942), supported(0.94, 0.914, 0.957), supported(0.5, 0.3, 0.9)
    (0.9, 0.94, 0.5)
    """
    if share is None or low is None or high is None or share < FINE:
        return share
    step = max((each for each in (5, 10) if each <= 50 * (high - low)), default=1)
    rounded = step * round(100 * share / step) / 100
    return rounded if low <= rounded <= high and rounded < 1 else share


def with_ends(number: float | None, low: float | None, high: float | None, to: str = "-") -> str:
    """Return a part of 1 in per cent, with the ends of its range.

    >>> with_ends(0.27, 0.15, 0.38), with_ends(1.0, 1.0, 1.0), with_ends(0.0, 0.0, 0.002)
    ('27 % (15-38)', '100 %', '0 %')
    """
    told = percent(number, narrow=True)
    if number is None or low is None or high is None:
        return told
    one, middle, other = (round(100 * part) for part in (low, number, high))
    return told if one == middle == other else f"{told} ({one}{to}{other})"


def between_ends(low: float | None, high: float | None) -> str:
    """A range of whole per cents with one sign of them: ``92 to 100 %``."""
    if low is None or high is None:
        return NOT_KNOWN
    one, other = points(low), points(high)
    return f"{one} %" if one == other else f"{one} to {other} %"


def bounded_percent(
    share: object, figure: str = "", *, narrow: bool = False, space: str = " "
) -> str:
    """A share in percent, as :func:`percent` writes it; of a bound, the end that is open."""
    number = number_of(share)
    end = next((word for bound, word in _OPEN_ENDS.items() if bound in figure), "")
    if number is None or not end:
        return percent(share, narrow=narrow, space=space)
    return f"{end} {round(100 * number, 1):g}{space}%"


def points(share: float) -> str:
    """A share in whole per cent without the sign, where a heading or a range has it."""
    return f"{round(100 * share)}"


def exact_percent(share: float) -> str:
    """A share in percent to three figures, where whole ones would tell too little of it.

    >>> exact_percent(0.245), exact_percent(0.0005), exact_percent(1.0)
    ('24.5 %', '0.05 %', '100 %')
    """
    return f"{100 * share:.3g} %"


def error_percent(error: float) -> str:
    """Return an error as parts of what happened: it has no upper end, and 100 % is no whole.

    >>> error_percent(0.9977), error_percent(1.0021), error_percent(3.72)
    ('100 %', '100 %', '372 %')
    """
    return f"{100 * error:,.0f} %"


def index_words(index: object, low: object = None, high: object = None) -> str:
    """An index of concentration with its range; where one end alone is known, it is open.

    >>> index_words(5054.4), index_words(7225.0, 7225.0, 8872.0), index_words(None)
    ('5,054', '7,225 (7,225 to 8,872)', 'not known')
    """
    value, least, most = map(number_of, (index, low, high))
    if value is None:
        if least is None and most is not None:
            return f"up to {most:,.0f}"
        return NOT_KNOWN if least is None or most is not None else f"at least {least:,.0f}"
    text = f"{value:,.0f}"
    ends = [f"{end:,.0f}" for end in (least, most) if end is not None]
    return text if len(set(ends)) < 2 else f"{text} ({' to '.join(ends)})"


def marked(text: str, figure: str) -> str:
    """A number as text, with what it is where it is not measured."""
    return f"{text} ({figure})" if figure else text


def short_mark(share: object, figure: str, *, space: str = " ") -> str:
    """A share where there is room for a mark alone: a bound as a sign, else a star.

    >>> short_mark(0.999, "upper bound"), short_mark(0.84, "proxy"), short_mark(0.58, "")
    ('≤99.9 %', '84 %*', '58 %')
    """
    text = bounded_percent(share, figure, narrow=True, space=space)
    for words, sign in (("up to ", "≤"), ("at least ", "≥")):
        if text.startswith(words):
            return sign + text.removeprefix(words)
    return f"{text}*" if figure else text


def tonnes(number: float | None) -> str:
    """Tonnes without their unit: whole, or to three figures below 10. All outputs round so."""
    if number is None:
        return NOT_KNOWN
    if abs(number) < _NO_TONNES:
        return "0"
    return f"{number:,.0f}" if abs(number) >= _WHOLE_TONNES else f"{number:,.3g}"


def between(low: float, high: float, form: Callable[[float], str] = tonnes) -> str:
    """Two numbers as the ends of a range."""
    return f"{form(low)} to {form(high)}"


def whole(number: float | None) -> str:
    """A number without decimals, in groups of three digits."""
    return NOT_KNOWN if number is None else f"{number:,.0f}"


def grouped(number: float | Decimal | None) -> str:
    """A count with all its digits, in groups of three."""
    return NOT_KNOWN if number is None else f"{number:,}"


def signed(number: float | None) -> str:
    """A whole number with its sign; none has none."""
    return NOT_KNOWN if number is None else f"{round(number):+,d}" if round(number) else "0"


def fixed(number: float, decimals: int) -> str:
    """A number to some decimals."""
    return f"{number:.{decimals}f}"


def with_decimals(number: float, decimals: int, *, sign: bool = False) -> str:
    """A number to some decimals, in groups of three, with its sign if it is a difference.

    >>> with_decimals(5072.4, 0), with_decimals(-0.001, 2), with_decimals(1.25, 1, sign=True)
    ('5,072', '0.00', '+1.2')
    """
    return f"{round(number, decimals) + 0.0:{'+' if sign else ''},.{decimals}f}"


def one_decimal(number: float | None) -> str:
    """A number to one decimal."""
    return NOT_KNOWN if number is None else fixed(number, 1)


def tenths(number: float | None) -> str:
    """A number to one decimal, in groups of three; nothing where it is not known."""
    return "" if number is None else f"{number:,.1f}"


def two_decimals(number: float | None) -> str:
    """A number to two decimals."""
    return NOT_KNOWN if number is None else fixed(number, 2)


def figures(number: float, digits: int) -> str:
    """A number to some significant digits, without zeros at its end."""
    return f"{number:.{digits}g}"


def grouped_figures(number: float, digits: int) -> str:
    """A number to some significant digits, in groups of three."""
    return f"{number:,.{digits}g}"


def three_figures(number: float) -> str:
    """A number to three significant digits."""
    return figures(number, 3)


def exact(number: float | None) -> str:
    """A number with the digits that it has, up to six."""
    return NOT_KNOWN if number is None else f"{number:g}"


def four_figures(number: float) -> str:
    """A number to four significant digits."""
    return figures(number, 4)


def without_exponent(number: float | Decimal) -> str:
    """A number with all its decimals."""
    return f"{number:f}"


def in_tonnes(number: float) -> str:
    """Tonnes with their unit."""
    return f"{tonnes(number)} t"


def amount(quantity: object, unit: object) -> str:
    """A number of tonnes with its unit; nothing for what is no number."""
    number = number_of(quantity)
    return "" if number is None else f"{tonnes(number)}{NO_BREAK}{visible(unit)}".strip()


def number_of(cell: object) -> float | None:
    """The number in a cell, or ``None`` for anything that is no finite number."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    return float(cell) if isfinite(cell) else None


def web_address(url: object) -> str | None:
    """The address if it is plainly a web page's, else ``None``: it may become a link."""
    if not isinstance(url, str) or visible(url) != url or not _WEB_ADDRESS.fullmatch(url):
        return None
    return url


_KEY = r"[a-z_]+/[\w.>+]+(?:-[\w.>+]+)+"
_LISTED = rf"\({_KEY}(?:(?:, | and |; ){_KEY})*(?: \+\d+)?"
_KEYS, _KEYS_FIRST = re.compile(rf" {_LISTED}\)"), re.compile(rf"{_LISTED}; ")


def without_keys(text: str) -> str:
    """Return a sentence without the keys of records in brackets, which no reader looks up.

    >>> without_keys("Mining gives at most 3 % more, by its quota (quotas/chn-2024 +2).")
    'Mining gives at most 3 % more, by its quota.'
    """
    return _KEYS_FIRST.sub("(", _KEYS.sub("", text))


_OF_THE_METHOD = (
    (r"\bwiden the view\b", "use more of the data"),
    (r"\bthis view leaves out\b", "the data used leave out"),
    (r" of this view\b", ""),
    (r"\b(?:this|the) view\b", "the data used"),
    (r"\b[Rr]ow\b", "record"),
    (r"\b[Rr]ows\b", "records"),
    (r"\bthe base year\b", "that year"),
    (r"\bmagnets with Dy or Tb\b", "heavy magnets"),
    (r"\b([Ww]hat [^:;.,]+?) is taken to be\b", r"we assume that \1 is"),
    (r"\b[Nn]obody prints\b", "we found no figure for"),
    (r"\b[Nn]o records? says? (?=what|who|where|from where|how)", "we found no figure for "),
    (r"\b[Hh]orizon\b", "time allowed"),
    (r"\b[Tt]he print\b", "the printed figure"),
    (r"(?<=\d) percent\b", " %"),
)


def plain(text: str) -> str:
    """Return a sentence of the model in the words of reports."""
    parts = text.split('"')
    for place in range(0, len(parts), 2):
        for pattern, words in _OF_THE_METHOD:
            parts[place] = re.sub(pattern, partial(_like, words), parts[place])
    return '"'.join(parts)


def _like(words: str, found: re.Match[str]) -> str:
    """Words that begin as what they stand for: with a capital or without."""
    words = re.sub(r"\\1", lambda _: found[1][:1].lower() + found[1][1:], words)
    return words[:1].upper() + words[1:] if found[0][:1].isupper() else words


def one_or_many(count: int, one: str, many: str) -> str:
    """Return the noun that stands after a number."""
    return one if count == 1 else many


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count:,} {one_or_many(count, one, many or f'{one}s')}"


def first_rows(rows: Sequence[object], most: int = 5) -> str:
    """Return the first rows or names, and how many more there are."""
    more = f" and {len(rows) - most:,} more" if len(rows) > most else ""
    return ", ".join(map(str, rows[:most])) + more

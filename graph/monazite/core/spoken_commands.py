"""Commands and options that a sentence leads to, said anew where there is no terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from urllib.parse import quote, urlencode

from monazite.core.package import question_names
from monazite.core.results import Struct

SHORT = {"e": "element", "m": "market", "p": "param", "f": "format", "o": "output"}
STARTS = ("allow-host", "data", "no-cache", "tables")  # who starts the server chooses them
WHOLE = ("full", "format", "assumptions", "list", "help", "limit", "output")
POSITIONS = {"query": "question", "ask": "words", "claims": "text", "diff": "date1"}
"""What the first word after a command is; of all others it is a name."""
NEEDS = {"entities-named": "name"}  # questions that a sentence leads to without what they need
TERMINAL = frozenset({
    "alignments", "backtest", "brief", "check", "contribute", "explore", "exposure", "figure",
    "import", "push", "release", "scenario", "trade", "validate", "verify",
})  # fmt: skip
"""Commands that only a terminal has. A mineral is called as the program is: what is no command
stays as it stands."""
TOOLS = frozenset({name for name in question_names() if "_" not in name} | {
    "graph", "query",
}) - TERMINAL - {"draws", "scenarios"}  # fmt: skip
VIEWED = (TOOLS - {"ask"}) | {"backtest", "brief", "explore", "exposure", "figure", "validate"}
FINDINGS = TOOLS - {"after", "ask", "graph", "fixes", "pairs", "query"}
_FLAG = r"--(?:full|list|help|all|prefixes)\b"
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|[A-Za-z0-9][\w=:+/<>-]*(?:\.\w+)*)"
_OPTION = rf"\s+(?:{_FLAG}|(?:-\w|--[a-z][a-z-]*)\s+{_VALUE})"
_PROSE = "and|as|does|for|has|is|lists|of|or|says|shows|that|then|to|with|without|writes"
_COMMAND = re.compile(
    r"(?<![\w-])monazite ([a-z]+(?:-[a-z]+)?)\b"
    rf"(?: (?!(?:{_PROSE})\b)({_VALUE})|\s+([a-z]+-[\w-]+))?((?:{_OPTION})*)"
)
_QUOTED = re.compile(rf'{_COMMAND.pattern}|(?P<text>"[^"]*")')
"""A command with its own quotes, or what else stands in quotes."""
_LONE = re.compile(r"(?<![\w-])--([a-z][a-z-]*)\b(?![-:\w])(?:\s([A-Z]{1,4}\b|\d[\d-]*\b|all\b))?")
_PARAMETER = re.compile(r"--param (?=\w+=\.\.\.)")
_MORE = re.compile(r"\n?More: --full\b")


class SpokenCommand(Struct):
    """A command as a sentence names it."""

    verb: str
    asked: Mapping[str, str | Mapping[str, str]]  # what is asked, by the name of the parameter
    whole: str


def for_assistant(sentence: str) -> str:
    """Return a sentence whose commands are tools, and whose options are parameters of tools.

    What stands in quotes is what somebody wrote, and stays as it is.
    """
    return Wording(_tool, "answer").of(sentence)


def for_page(sentence: str, *, markup: bool = False) -> str:
    """Return a sentence whose commands are addresses of a server, and whose options are fields."""
    if markup:
        spoken = Wording(lambda command: escape(_address(command), quote=False), "JSON")
        return spoken.of_part(sentence)  # quotes of HTML belong to its attributes
    return Wording(_address, "JSON").of(sentence)


def for_view(sentence: str, options: str) -> str:
    """Return a sentence whose commands ask the view that its reader has asked."""
    if not options or "monazite " not in sentence:
        return sentence

    def of_view(found: re.Match[str]) -> str:
        viewed = found["text"] is None and found[1] in VIEWED and "--list" not in found[0]
        return f"{found[0]} {options}" if viewed else found[0]

    return _QUOTED.sub(of_view, sentence)


class Wording(Struct):
    """How commands and options are said where there is no terminal."""

    command: Callable[[SpokenCommand], str]
    whole: str  # what stands for the options that give an answer whole

    def of(self, sentence: str) -> str:
        """Return a sentence in these words, but for what stands in quotes and in no command."""
        found, at = "", 0
        for quoted in _QUOTED.finditer(sentence):
            if quoted["text"] is not None:
                found += self.of_part(sentence[at : quoted.start()]) + quoted[0]
                at = quoted.end()
        return found + self.of_part(sentence[at:])

    def of_part(self, part: str) -> str:
        """Return a part without quotes, or all of a page, in these words."""
        if "--" not in part and "monazite " not in part:
            return part
        part = _PARAMETER.sub("", _MORE.sub("", part))
        part = _COMMAND.sub(lambda found: _command(found, self.command), part)
        return _LONE.sub(partial(_option, self.whole), part)


def _command(found: re.Match[str], reword: Callable[[SpokenCommand], str]) -> str:
    verb, word, next_line, options = found.groups()
    word = word or next_line
    if verb not in TOOLS | TERMINAL:
        return found[0]
    asked: dict[str, str | dict[str, str]] = {}
    given: dict[str, str] = {}
    if word:
        word = word.strip("'\"")
        asked[POSITIONS.get(verb, "name")] = word
        given = {NEEDS[word]: "NAME"} if word in NEEDS else {}
    for letter, long, value in re.findall(rf"(?:-(\w)|--([a-z-]+))\s+({_VALUE})", options):
        name, value = SHORT.get(letter, letter) or long.replace("-", "_"), value.strip("'\"")
        if name == "param":
            key, _, value = value.partition("=")
            given[key] = value
        elif name not in WHOLE:
            asked[name] = value
    if given:
        asked["parameters"] = given
    return reword(SpokenCommand(verb, asked, " ".join(found[0].split())))


def _tool(command: SpokenCommand) -> str:
    if command.verb not in TOOLS:
        return f"the terminal command {command.whole}"
    if command.verb == "query" and not command.asked:
        return "the tool ask"  # finds questions by words
    asked = f" with {json.dumps(command.asked, ensure_ascii=False)}" if command.asked else ""
    return f"the tool {command.verb}{asked}"


def _address(command: SpokenCommand) -> str:
    asked = dict(command.asked)
    parameters = asked.pop("parameters", {})
    if command.verb == "query":
        place = f"/questions/{asked.pop('question')}" if "question" in asked else "/questions"
        place = "/query" if "--prefixes" in command.whole else place
        asked.update(parameters if isinstance(parameters, Mapping) else {})
    elif command.verb == "show" and re.fullmatch("[A-Z][a-z]?", str(asked.get("name"))):
        place = f"/id/element/{asked.pop('name')}"
    elif command.verb in FINDINGS:
        place = f"/findings/{command.verb}"
    else:
        return f"the terminal command {command.whole}"
    fields = urlencode(asked, quote_via=quote)
    return f"{place}?{fields}" if fields else place


def _option(whole: str, found: re.Match[str]) -> str:
    name, value = found.groups()
    if name in STARTS:
        return f'the server\'s option "{name}"'
    if name in WHOLE:
        return whole
    name = name.replace("-", "_")
    return f"{name}={value}" if value else f'"{name}"'

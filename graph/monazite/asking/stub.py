"""The methods of a view for type checkers and editors: the text of ``asking/methods.pyi``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module

from monazite.asking.parameters import parts_of
from monazite.asking.question import Question, questions
from monazite.asking.schema import imported_for_types, names_in

HEAD = '"""Written by ``examples/reference/build.py``; change the questions, not this file."""'


def view_stub() -> str:
    """Return a class with a method for each question, with its signature and documentation."""
    asked = [*questions().values()]
    homes = sorted({home for each in asked for home in _homes(each)})
    imports = [f"from {home} import {name}" for home, name in homes]
    methods = "\n\n".join(map(_method, asked))
    return "\n".join([HEAD, "", *imports, "", "class Questions:", methods, ""])


def _method(asked: Question) -> str:
    signature = asked.signature
    parameters = [each.replace(default=_default(each)) for each in signature.parameters.values()]
    text = str(signature.replace(parameters=parameters)).replace("'", "").replace('"', "'")
    body = asked.documentation.replace("\\", "\\\\").replace("\n", "\n        ")
    body = re.sub(r"\n +\n", "\n\n", body)
    return f'    def {asked.verb}{text}:\n        """{body}\n        """'


def _default(given: inspect.Parameter) -> object:
    """The default as a stub has it: what is no plain value is left to the function."""
    if given.default is given.empty or given.default is None:
        return given.default
    plain = isinstance(given.default, str | int | float)
    return _Written(repr(given.default).replace("'", '"') if plain else "...")


class _Written:
    """A default that prints as it is written."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _homes(asked: Question) -> Iterator[tuple[str, str]]:
    """Home and name of the classes that the signature of a question names."""
    said = " ".join(
        str(each)
        for each in [
            asked.signature.return_annotation,
            *(x.annotation for x in asked.signature.parameters.values()),
        ]
    )
    words = set(re.findall(r"[A-Za-z_]\w*", said))
    homes = dict.fromkeys(home for _, home in parts_of(asked.run))
    for module in homes:
        yield from ((home, name) for home, name in imported_for_types(module) if name in words)
        for name in words & vars(import_module(module)).keys():
            found = names_in(module)[name]
            if isinstance(found, type) and found.__module__ != "builtins":
                yield found.__module__, name

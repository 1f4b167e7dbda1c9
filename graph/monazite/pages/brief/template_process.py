"""The child process in which a template of a house runs: bounded in time, memory and output."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Mapping
from typing import Any

from monazite.errors import MonaziteError, UnreadableError

NAME = "brief.html of the house style"


def render(texts: Mapping[str, str], page: Mapping[str, Any], most: int) -> str:
    """Fill ``brief.html`` with a page; what is not marked safe is escaped.

    What would give another page each time is taken out: a page is verified by rendering it anew.

    Args:
        texts: the templates by name.
        page: the fields, as the template names them after ``page.``.
        most: characters that it may give.

    Raises:
        UnreadableError: the template is faulty, asks for what a brief has not, or gives too much.

    >>> render({"brief.html": "<p>{{ page.title }}</p>"}, {"title": "a < b"}, 100)
    '<p>a &lt; b</p>'
    """
    from jinja2 import DictLoader, StrictUndefined, TemplateError, UndefinedError
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined
    )
    del environment.filters["random"], environment.globals["lipsum"]
    try:
        return _bounded(environment.get_template("brief.html").generate(page=page), most)
    except UndefinedError as error:
        raise UnreadableError(
            f"{NAME} asks for what a brief has not: {error.message}; "
            f"page has {', '.join(sorted(page))}."
        ) from None
    except SecurityError as error:
        raise UnreadableError(f"{NAME} does what no template may: {error}; take it out.") from None
    except TemplateError as error:
        line = f", line {error.lineno}" if hasattr(error, "lineno") else ""
        raise UnreadableError(f"{NAME} is no Jinja template{line}: {error}; mend it.") from None
    except RecursionError:
        raise UnreadableError(f"{NAME} calls itself without an end; mend it.") from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise UnreadableError(f"{NAME} fails: {error}; mend it.") from None


def _bounded(chunks: Any, most: int) -> str:  # noqa: ANN401 - what a template generates
    parts, length = [], 0
    for chunk in chunks:
        length += len(chunk)
        if length > most:
            raise UnreadableError(f"{NAME} gives more than {most:,} characters; shorten it.")
        parts.append(chunk)
    return "".join(parts)


def main() -> int:
    """Read templates and page from stdin as JSON, and write the page to stdout."""
    told = json.loads(sys.stdin.buffer.read())
    _limit(told["seconds"], told["memory"])
    try:
        page = render(told["texts"], told["page"], told["most"])
        sys.stdout.buffer.write(page.encode("utf-8", "surrogatepass"))
    except MonaziteError as error:
        sys.stderr.buffer.write(f"{error}\n".encode("utf-8", "replace"))
        return 2
    except MemoryError:
        sys.stderr.write(f"{NAME} takes more memory than a page needs; shorten it.\n")
        return 2
    return 0


def _limit(seconds: int, memory: int) -> None:
    """Bound time and memory where the system can; it ends by itself if its parent is gone."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main())

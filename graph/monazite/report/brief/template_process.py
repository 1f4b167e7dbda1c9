"""The child process in which a template of a house runs, behind the walls of any such process."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from monazite.core.errors import UnreadableError
from monazite.core.formats import grouped
from monazite.core.limited_process import limit_memory, serve

if TYPE_CHECKING:
    from jinja2 import Template

NAME = "brief.html of the house style"


def render(texts: Mapping[str, str], page: Mapping[str, Any], most: int) -> str:
    """Fill ``brief.html`` with a page, escaped unless marked safe, and the same each time."""
    from jinja2 import TemplateError, UndefinedError
    from jinja2.exceptions import SecurityError

    try:
        parts, length = [], 0
        for chunk in _compiled(tuple(texts.items())).generate(page=page):
            length += len(chunk)
            if length > most:
                raise UnreadableError(
                    f"{NAME} gives more than {grouped(most)} characters; shorten it."
                )
            parts.append(chunk)
        return "".join(parts)
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


@lru_cache(maxsize=1)
def _compiled(texts: tuple[tuple[str, str], ...]) -> Template:
    """Compile ``brief.html``; a page is drawn, and drawn anew to be verified, from one of them."""
    from jinja2 import DictLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(dict(texts)), autoescape=True, undefined=StrictUndefined
    )
    del environment.filters["random"], environment.globals["lipsum"]
    return environment.get_template("brief.html")


def answer(task: dict[str, Any], sent: bytes) -> bytes:
    """Render the templates and the page that were sent as JSON."""
    limit_memory(task["memory"])
    return render(**json.loads(sent)).encode("utf-8", "surrogatepass")


if __name__ == "__main__":
    sys.exit(serve(answer))

"""Which command or question answers what one wants to know?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import question
from monazite.data.declared import Param

if TYPE_CHECKING:
    from monazite.store.questions import FoundQuestions
    from monazite.view.view import View


def _remarks(found: FoundQuestions, _: str) -> Iterator[str]:
    missing = ", ".join(found.missing)
    if not found:
        yield f"Nothing fits; no command or question has: {missing}; {found.near}"
    elif missing:
        yield f"Passed over, as nothing has it: {missing}."


@question(
    group="Ask something of your own",
    rank=1,
    title="Find the question to ask",
    says="Finds named questions and commands by words; it matches words, not meaning. Ask the "
    "named question that fits with the tool query, by its name and parameters. Start here where "
    "no other tool fits.",
    range="None: these are names, not numbers.",
    is_free=True,
    is_no=True,
    remarks=_remarks,
)
def ask(
    view: View | None,
    words: Annotated[
        str,
        Param(
            "Words to look for, or a name.",
            metavar="[WORDS...]",
            position=True,
            several=True,
            reads=lambda words: " ".join(words or ()),
        ),
    ] = "",
    group: Annotated[
        str,
        Param("commands, entities, supply, policies, ownership, time or evidence.", "-g", "GROUP"),
    ] = "",
) -> FoundQuestions:
    """Find the command or question that answers what you want to know.

    It compares words with the names, titles and parameters of questions and commands, and with
    other words that people use for them; it knows no meaning. Names of elements, countries, plants
    and firms go into the line to paste. Exit 1 if nothing fits.

    Example: monazite ask who owns Mountain Pass

    >>> import monazite
    >>> monazite.load().ask("who owns")
    <FoundQuestions 4 questions: holdings-of, owners, ownership-on, parents>
    """
    from monazite.store.questions import find_questions

    return find_questions(words, group, None if view is None else view.ontology / "queries")

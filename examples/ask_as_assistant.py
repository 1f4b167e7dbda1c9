"""Asks ten questions as an assistant does, and writes them into the page beside this script.

Run it again after a change of the tables or of what is offered (pip install 'monazite[mcp]'):
    python examples/ask_as_assistant.py examples/assistant.md
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters

BEGIN = "## Ten questions"
"""What stands before this heading is written by hand."""


@dataclass(frozen=True)
class Asked:
    """A question: its words, the tool, the parts of the answer that are shown, and the command.

    Attributes:
        words: what a person asks.
        tool: that answers it.
        given: its arguments.
        shown: JSON pointers below ``answer``.
        command: what prints the same numbers in a terminal.
    """

    words: str
    tool: str
    given: dict[str, Any]
    shown: tuple[str, ...]
    command: str
    rows: int = field(default=2)


QUESTIONS = (
    Asked(
        "What would the United States lose if China stopped separating dysprosium?",
        "chokepoints",
        {"element": "Dy", "market": "USA"},
        (
            *("/base/year", "/chokepoints/0/label", "/chokepoints/0/loss"),
            *("/chokepoints/0/loss_low", "/chokepoints/0/loss_high", "/chokepoints/0/share"),
        ),
        "chokepoints -e Dy -m USA",
    ),
    Asked(
        "Who could replace China's dysprosium for Germany by the end of 2028?",
        "replace",
        {"element": "Dy", "market": "DEU", "by": 2028},
        ("/covered/value", "/covered/low", "/covered/high", "/least_stage", "/base_year"),
        "replace -e Dy -m DEU --by 2028",
    ),
    Asked(
        "Who mines dysprosium, and how concentrated is that?",
        "concentration",
        {"element": "Dy", "stage": "mine"},
        (
            *("/lines/0/leader_label", "/lines/0/share", "/lines/0/year", "/lines/0/basis"),
            *("/lines/0/hhi", "/lines/0/hhi_low", "/lines/0/hhi_high"),
        ),
        "concentration -e Dy --stage mine",
    ),
    Asked(
        "Who leads the separation of promethium?",
        "concentration",
        {"element": "Pm", "stage": "separation"},
        (),
        "concentration -e Pm --stage separation",
    ),
    Asked(
        "What is Mountain Pass?",
        "show",
        {"name": "mountain-pass"},
        ("/label", "/iri"),
        "show mountain-pass",
    ),
    Asked(
        "Who stands above MP Materials?",
        "parents",
        {"name": "mp-materials"},
        (
            *("/label", "/certainty", "/other_holders/0/holder/label"),
            *("/other_holders/0/rows/0/percent", "/other_holders/0/rows/0/from"),
        ),
        "parents mp-materials",
    ),
    Asked(
        "Which acts aimed at the United States were in force on 15 May 2025?",
        "policies",
        {"to": "USA", "valid": "2025-05-15", "limit": 3},
        ("/day", "/policies/0/title", "/policies/0/status", "/policies/1/title"),
        "policies --to USA --valid 2025-05-15",
    ),
    Asked(
        "Does what is known of dysprosium add up?",
        "balance",
        {"element": "Dy", "year": 2024},
        ("/unit", "/closings/0/stage", "/closings/0/low", "/closings/0/high"),
        "balance -e Dy --year 2024",
    ),
    Asked(
        "Is it true that Mountain Pass refines more than half of what it mines?",
        "claims",
        {"text": "c25-half-refined"},
        ("/claims/0/statement", "/claims/0/verdict", "/claims/0/links/0/reason"),
        "claims c25-half-refined",
    ),
    Asked(
        "How large are Brazil's reserves?",
        "query",
        {"question": "reserves", "parameters": {"country": "BRA"}},
        (
            *("/results/bindings/0/value/value", "/results/bindings/0/unit/value"),
            *("/results/bindings/0/year/value", "/results/bindings/0/basis/value"),
        ),
        "query reserves -p country=BRA",
    ),
)


def at(content: Any, pointer: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what stands at a JSON pointer.

    Args:
        content: as JSON has it.
        pointer: whose steps are names and places.
    """
    for step in pointer.split("/")[1:]:
        content = content[int(step)] if isinstance(content, list) else content[step]
    return content


def transcript(asked: Asked, answer: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return a question with its answer as Markdown.

    Args:
        asked: the question.
        answer: what the tool answered; a text where it refused.
    """
    call = f"`{asked.tool}` `{json.dumps(asked.given)}`"
    lines = [f"**{asked.words}** {call}", ""]
    if isinstance(answer, str):
        return "\n".join([*lines, f"Refused: {answer}", ""])
    if asked.shown:
        lines += ["| answer | |", "| --- | --- |"]
        lines += [
            f"| `{each}` | {json.dumps(at(answer['answer'], each), ensure_ascii=False)} |"
            for each in asked.shown
        ]
        lines.append("")
    else:
        lines += [f"Known: {'yes' if answer['known'] else 'no'}.", ""]
    lines += [f"- Range: {answer['range']['says']}"]
    lines += [f"- Not known: {each}" for each in answer["not_known"][:2]]
    for row in answer["rows"][: asked.rows]:
        said = "; ".join(f"{x['publisher']}, {x['published'] or 'undated'}" for x in row["sources"])
        lines.append(f"- Record: [{row['key']}]({row['row']}) ({said})")
    left = [f"{each['part']} {each['shown']} of {each['of']}" for each in answer["left_out"][:2]]
    lines += [f"- Left out: {', '.join(left)}"] if left else []
    lines += [f"- {answer['view']['text']}", f"- In a terminal: `monazite {asked.command}`", ""]
    return "\n".join(lines)


async def ask(client: Client) -> str:
    """Return the transcript of all questions.

    Args:
        client: that speaks with a server.
    """
    parts = [f"{BEGIN}\n\nWritten by `examples/ask_as_assistant.py`: what was asked, and what of "
             "the answers matters.\n"]  # fmt: skip
    for number, asked in enumerate(QUESTIONS, 1):
        found = await client.call_tool(asked.tool, asked.given)
        text: Any = found.content[0]
        parts.append(
            f"{number}. "
            + transcript(asked, text.text if found.is_error else found.structured_content)
        )
    return "\n".join(parts)


async def main() -> None:
    """Ask a server of one's own over stdin and stdout, and write the page."""
    kept = Path(__file__).with_name("assistant.md")
    page = Path(sys.argv[1] if len(sys.argv) > 1 else kept.name)
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "monazite", "mcp"], env=dict(os.environ)
    )
    async with Client(server) as client:
        written = await ask(client)
    by_hand = kept.read_text(encoding="utf-8").partition(BEGIN)[0]
    page.write_text(by_hand + written, encoding="utf-8")


if __name__ == "__main__":
    anyio.run(main)

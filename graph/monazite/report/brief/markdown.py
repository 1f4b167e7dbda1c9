"""A brief as Markdown, with footnotes."""

from __future__ import annotations

from collections.abc import Iterator

from monazite.core.formats import visible
from monazite.core.package import VERSION
from monazite.core.tables import markdown_text
from monazite.data.dates import day_words
from monazite.data.roots import tier_word
from monazite.report.brief.document import Brief, BriefAnswer, BriefPart, Sentence
from monazite.report.drawing.static_page import LICENCE


def brief_markdown(brief: Brief) -> str:
    """Return the brief as Markdown: a heading for each part, sources as numbered footnotes."""
    return "\n".join(_lines(brief)) + "\n"


def _lines(brief: Brief) -> Iterator[str]:
    asked = f"{_text(brief.question)} {_text(day_words(brief.day))}"
    yield from (f"# {_text(brief.headline)}", "", asked, "")
    for answer in brief.answer:
        yield from (f"**{_text(answer.heading)}.** {_sentence(answer)}", "")
    for part in brief.all_parts:
        yield from (f"## {_text(part.heading)}", "")
        yield from _part(part)
    yield from ("## How it was made", "", f"Written by Monazite {VERSION}. {_text(brief.view)}", "")
    yield from (LICENCE, "", "## Sources", "")
    for source in brief.sources:
        when = _text(source.published) or "undated"
        address = f" <{source.url}>" if source.url.startswith(("http://", "https://")) else ""
        yield (
            f"[^{source.number}]: {_text(source.publisher)}: *{_text(source.title)}*, {when}, "
            f"{_text(tier_word(source.tier))}.{_text(address) if '<' in source.url else address}"
        )


def _part(part: BriefPart) -> Iterator[str]:
    mark = "- " if len(part.sentences) > 1 else ""
    for sentence in part.sentences:
        yield mark + _sentence(sentence)
    yield from ("",) if part.sentences else ()
    if part.columns:
        marks = ["---:" if name in part.right else "---" for name in part.columns]
        yield f"| {' | '.join(map(_text, part.columns))} |"
        yield f"| {' | '.join(marks)} |"
        for line in part.lines:
            first, *rest = map(_text, line.cells)
            yield f"| {' | '.join([first + _notes(line.notes), *rest])} |"
        yield ""
    for sentence in part.remarks:
        yield f"- {_sentence(sentence)}"
    yield from ("",) if part.remarks else ()


def _sentence(sentence: Sentence | BriefAnswer) -> str:
    return _text(sentence.text) + _notes(sentence.notes)


def _notes(notes: tuple[int, ...]) -> str:
    return "".join(f"[^{number}]" for number in notes)


def _text(text: str) -> str:
    return markdown_text(visible(text))

"""What Spark says went wrong, as a sentence that names the file and says what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from monazite.safe_text import escaped, in_brief

_LONGEST = 300
_ELSE = "take --engine duckdb"
_SENTENCES = (
    (
        r"MALFORMED_",
        "cannot be read: a line has other fields than the header; mend it. --engine duckdb names "
        "the line.",
    ),
    (
        r"PARQUET_TYPE_|UNSUPPORTED_\w*TYPE",
        f"has a column of a type that Spark does not read; leave it out, or {_ELSE}.",
    ),
    (
        r"PATH_NOT_FOUND|FILE_NOT_EXIST|FileNotFoundException",
        "is not there for Spark; each machine must see it under this path.",
    ),
    (r"FAILED_READ_FILE", "cannot be read: it is damaged, or no Parquet; get it again."),
)
"""Names of Spark's errors, and what is said of the file; the first that is found is the reason."""
_CAUSE = re.compile(
    r"^(?:Caused by: )?(?:: )?[\w.$]+(?:Exception|Error): *(?=\S)(.*)", re.MULTILINE
)
_NOISE = re.compile(r"\[[A-Z][A-Z_.]+\] *| *SQLSTATE: \w+")
_CALL = "An error occurred while calling"


def in_words(message: str, files: Sequence[Path] = (), alike: Path | None = None) -> str:
    """Return the sentence."""
    named = [file for file in files if str(file) in message or _coded(file) in message]
    file = max(named, key=lambda each: len(str(each)), default=alike)
    for pattern, said in _SENTENCES:
        if re.search(pattern, message):
            return f"{escaped(str(file)) if file else 'A file'} {said}"
    return f"{in_brief(f'Spark cannot sum the records: {_cause(message)}', _LONGEST)}; {_ELSE}."


def _coded(file: Path) -> str:
    return file.as_uri().removeprefix("file://")


def _cause(message: str) -> str:
    """The last cause that is told, which is what happened first."""
    lines = [line for line in message.splitlines() if line.strip() and not line.startswith(_CALL)]
    found = _CAUSE.findall(message) or lines[:1]
    return _NOISE.sub("", found[-1] if found else "").strip(" .;") or "it gave up"

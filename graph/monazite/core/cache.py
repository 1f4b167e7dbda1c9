"""Answers that were worked out before, kept in a folder; what is damaged is worked out again."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from monazite.core.errors import UnreadableError
from monazite.core.files import read_plain, write_whole

_SLOTS = 1 << 11
"""Files that a folder has at the most: each question has two of them to lie in, and who is asked
when both are taken takes the place of another."""
_LONGEST = 1 << 22  # bytes of an answer that is kept; who reads more, exports, reads it once
_DIGEST = 64


class Kept:
    """Answers by their questions, in the files of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, question: str) -> bytes | None:
        """Return the answer to a question; None where it is not kept."""
        asked = question.encode()
        for file in self._files(asked):
            try:
                content = read_plain(file, _DIGEST + _LONGEST)
            except OSError:
                continue
            answer = content[_DIGEST:]
            if content[:_DIGEST] == self._digest(asked, answer):
                return answer
        return None

    def keep(self, question: str, answer: bytes) -> None:
        """Keep an answer, unless it is long."""
        if len(answer) > _LONGEST:
            return
        asked = question.encode()
        with suppress(OSError, UnreadableError):
            if self.folder.is_symlink():
                return
            self.folder.mkdir(mode=0o700, exist_ok=True)
            first, second = self._files(asked)
            file = second if first.exists() else first
            if file.is_symlink():
                file.unlink()  # never written through
            write_whole(file, self._digest(asked, answer) + answer)

    def _files(self, asked: bytes) -> tuple[Path, Path]:
        places = hashlib.sha256(asked).hexdigest()
        first, second = (int(places[at : at + 8], 16) % _SLOTS for at in (0, 8))
        return self.folder / f"{first:04}", self.folder / f"{second:04}"

    def _digest(self, asked: bytes, answer: bytes) -> bytes:
        """Of both and the folder: what was answered to another question, or elsewhere, is none."""
        said = b"%b %d %b%b" % (os.fsencode(self.folder.name), len(asked), asked, answer)
        return hashlib.sha256(said).hexdigest().encode()

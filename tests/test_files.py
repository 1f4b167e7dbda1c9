"""Files are written whole or not at all, and a place where none can stand is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import UnknownNameError, UnreadableError
from monazite.files import check_ending, check_place, write_whole


def test_what_stood_there_is_replaced_and_nothing_stays_beside(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    write_whole(file, b"old and long")
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_the_old_file_alone(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises((UnreadableError, KeyboardInterrupt)) as raised:
        write_whole(file, b"new")
    assert raised.type is (UnreadableError if isinstance(error, OSError) else KeyboardInterrupt)
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_places_where_no_file_can_stand(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnreadableError, match="it is a folder; name a file in it"):
        check_place(tmp_path)
    for place in (tmp_path / "nowhere" / "a", tmp_path / "file" / "a"):
        with pytest.raises(UnreadableError, match="name another place"):
            check_place(place)
    check_place(tmp_path / "new")


def test_what_no_form_ends_in_is_refused_with_what_there_is() -> None:
    check_ending("a.HTML", (".html", ".svg"), "page")
    for name in ("page", "page.pdf", ".svg"):
        with pytest.raises(UnknownNameError, match=f'^A page is .html or .svg, not "{name}"; '):
            check_ending(name, (".html", ".svg"), "page")

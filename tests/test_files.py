"""Files are written whole or not at all, and a place where none can stand is refused."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite
from monazite.errors import UnknownNameError, UnreadableError
from monazite.files import check_ending, check_place, read_bounded, read_plain, write_whole
from monazite.leftovers import Hold


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


NEW = b"new\n" * 40_000
"""More than a pipe holds."""
UNIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files.")


def device(place: Path, minor: int) -> Path:
    """A device of our own: what goes wrong breaks no device of the machine."""
    try:
        os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        place.write_bytes(b"")
    except (OSError, AttributeError):
        pytest.skip("Only root makes devices, where the system allows it.")
    return place


def null(folder: Path) -> Path:
    return device(folder / "null", 3)


def link_to(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    def link(folder: Path) -> Path:
        (folder / "link").symlink_to(make(folder))
        (folder / "link to link").symlink_to("link")
        return folder / "link to link"

    return link


@UNIX
@pytest.mark.parametrize("make", [null, link_to(null)], ids=["device", "link"])
def test_a_device_is_written_through(make: Callable[[Path], Path], tmp_path: Path) -> None:
    place = make(tmp_path)
    before = sorted((each.name, each.lstat().st_ino) for each in tmp_path.iterdir())
    check_place(place)
    write_whole(place, NEW)
    assert place.is_char_device()
    assert sorted((each.name, each.lstat().st_ino) for each in tmp_path.iterdir()) == before


@UNIX
def test_a_terminal_is_written_through() -> None:
    ours, theirs = os.openpty()
    place = Path(os.ttyname(theirs))
    write_whole(place, b"new\n")
    assert os.read(ours, 10) == b"new\r\n"
    assert place.is_char_device()
    os.close(ours)
    os.close(theirs)


@UNIX
@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_written_to_its_reader(linked: bool, tmp_path: Path) -> None:
    place, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(place)
    reader = threading.Thread(target=lambda: got.append(place.read_bytes()))
    with pytest.raises(UnreadableError, match="nobody reads from it; start its reader first"):
        write_whole(place, NEW)
    asked = tmp_path / "link" if linked else place
    if linked:
        asked.symlink_to("pipe")
    reader.start()
    for _ in range(1000):
        try:
            write_whole(asked, NEW)
        except UnreadableError:  # its reader has not come yet
            continue
        break
    reader.join()
    assert got == [NEW]
    assert place.is_fifo()
    assert asked.is_symlink() is linked


@UNIX
def test_a_full_device_is_a_sentence(tmp_path: Path) -> None:
    place = device(tmp_path / "full", 7) if os.geteuid() == 0 else Path("/dev/full")
    with pytest.raises(UnreadableError, match="full cannot be written: No space left on device; "):
        write_whole(place, NEW)
    assert place.is_char_device()


OPEN = """
import sys
from pathlib import Path
from monazite.files import check_place, write_whole
sys.stdout.write("before\\n")
sys.stdout.flush()
check_place(Path(sys.argv[1]))
write_whole(Path(sys.argv[1]), b"new\\n")
sys.stdout.write("after\\n")
"""


@UNIX
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("to", ["pipe", "file"])
def test_what_is_open_is_written_where_it_stands(name: str, to: str, tmp_path: Path) -> None:
    if not Path(name).parent.exists():
        pytest.skip("The system names its open files otherwise.")
    (tmp_path / "link").symlink_to("/dev/stdout")
    command = [sys.executable, "-c", OPEN, name]
    if to == "pipe":
        done = subprocess.run(command, cwd=tmp_path, check=True, stdout=subprocess.PIPE)
        got = done.stdout
    else:
        with (tmp_path / "out").open("wb") as out:
            subprocess.run(command, cwd=tmp_path, check=True, stdout=out)
        got = (tmp_path / "out").read_bytes()
    assert got == b"before\nnew\nafter\n"
    assert (tmp_path / "link").is_symlink()


def test_a_link_stays_and_its_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    file, link = tmp_path / "folder" / "file", tmp_path / "link"
    link.symlink_to("folder/file")
    for content in (b"first", NEW):  # a link to nothing first
        before = file.stat().st_ino if file.exists() else 0
        write_whole(link, content)
        assert (link.readlink(), file.read_bytes()) == (Path("folder/file"), content)
        assert file.stat().st_ino != before
    assert list(file.parent.iterdir()) == [file]


def test_a_link_that_leads_nowhere_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "far").symlink_to("nowhere/file")
    (tmp_path / "down").symlink_to(tmp_path)
    for name, reason in {
        "a": "Too many levels of symbolic links",
        "far": "No such file",
        "down": "it is a folder; name a file in it",
    }.items():
        for do in (check_place, lambda place: write_whole(place, NEW)):
            with pytest.raises(UnreadableError, match=reason):
                do(tmp_path / name)
        assert (tmp_path / name).is_symlink()


@UNIX
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o4750])
def test_permissions_stay_and_a_new_file_has_those_of_all_new_files(
    mode: int, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    write_whole(file, b"old")
    (tmp_path / "other").touch()
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode
    file.chmod(mode)
    write_whole(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


@UNIX
def test_the_owner_stays_where_root_writes(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    try:
        os.chown(file, 12345, 23456)
    except OSError:
        pytest.skip("Only root gives files away.")
    write_whole(file, b"new")
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)


def test_a_file_that_may_not_be_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, _: path != file)  # root may write everything
    for do in (check_place, lambda place: write_whole(place, NEW)):
        with pytest.raises(UnreadableError, match="Permission denied"):
            do(file)
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["nul\0", "lone \ud800", "", "..", "x" * 300])
def test_what_no_file_can_be_called_is_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"cannot be written: .*; name "):
        write_whole(tmp_path / name, NEW)
    assert list(tmp_path.iterdir()) == []


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    file = tmp_path / ("镝" * 85)  # 255 bytes
    write_whole(file, NEW)
    assert list(tmp_path.iterdir()) == [file]


@UNIX
def test_a_socket_and_a_disk_are_left_alone(tmp_path: Path) -> None:
    import socket

    place = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(place))
        with pytest.raises(UnreadableError, match="it is a disk or a socket; name another place"):
            write_whole(place, NEW)
    assert place.is_socket()


KILLED = """
import os, signal, sys
from pathlib import Path
from monazite.files import write_whole
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
write_whole(Path(sys.argv[1]), b"new")
"""


@UNIX
def test_what_a_killed_writer_left_goes_and_what_is_being_written_stays(tmp_path: Path) -> None:
    file = tmp_path / "file"
    subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
    (_,) = tmp_path.iterdir()
    writing = tmp_path / f".monazite-{'0' * 16}.part"
    writing.touch()
    hold = Hold(writing)
    write_whole(file, b"new")
    assert sorted(tmp_path.iterdir()) == sorted([file, writing])
    hold.release()
    write_whole(file, b"new")
    assert list(tmp_path.iterdir()) == [file]


def make_file(place: Path) -> None:
    place.write_bytes(b"old")


def make_socket(place: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(place))


KINDS: dict[str, Callable[[Path], object]] = {
    "nothing": lambda _: None,
    "file": make_file,
    "folder": Path.mkdir,
    "socket": make_socket,
    "pipe": os.mkfifo if hasattr(os, "mkfifo") else make_file,
}
if hasattr(os, "geteuid") and os.geteuid() == 0:
    KINDS["device"] = lambda place: device(place, 3)


def kinds_in(folder: Path) -> dict[Path, int]:
    return {each: stat.S_IFMT(each.lstat().st_mode) for each in folder.iterdir()}


@UNIX
@given(kind=st.sampled_from(sorted(KINDS)), links=st.integers(0, 3))
def test_whatever_stands_there_only_a_regular_file_is_replaced(
    kind: str, links: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The law: after writing, everything is of the kind that it was; a file is new and whole."""
    folder = tmp_path_factory.mktemp("place")
    place = asked = folder / "place"
    KINDS[kind](place)
    for link in range(links):
        (folder / f"link {link}").symlink_to(asked.name)
        asked = folder / f"link {link}"
    before = kinds_in(folder)
    with suppress(UnreadableError):
        write_whole(asked, NEW)
    after = kinds_in(folder)
    if kind in {"nothing", "file"}:
        assert place.read_bytes() == NEW
        before[place] = stat.S_IFREG
    assert after == before


WRITERS = {"write_text", "write_bytes", "touch", "copyfile", "copytree", "move", "mkstemp"}
MAY_WRITE = {
    "files.py",
    "limited_process.py",  # opens the device that swallows everything
    "columnar/duckdb_engine.py",  # rows for the engine, in a folder of its own
    "columnar/spark_engine.py",  # what the machine of Java logs
    "exchange/contribution.py",  # a copy that is checked, in a folder of its own
    "serve/held_files.py",  # a copy of a reader's tables, in a folder of its own
    "serve/workers/work_process.py",  # its answers, to its parent
    "triples/remote/copying.py",  # the quads of a copy, in a folder of the cache
    "triples/released_tables.py",  # a copy of a release, in a folder of its own
    "folders.py",
    "imports/fetching.py",  # what is fetched, block by block
    *(
        f"triples/{name}.py"
        for name in ("cache", "chunks", "facts", "filling", "opening", "packed", "ready")
    ),
}


def writes(call: ast.Call) -> bool:
    """Whether a call writes a file: by its name, or by the mode in which it opens one."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    modes = [each.value for each in call.args if isinstance(each, ast.Constant)]
    opens = any(isinstance(mode, str) and re.fullmatch("[wax][bt+]*", mode) for mode in modes)
    return name in WRITERS or (name in {"open", "fdopen"} and opens)


def test_nobody_writes_a_file_but_this_module_and_the_cache() -> None:
    """The law of the house: what a reader names is written by ``write_whole`` alone."""
    package = Path(monazite.__file__).parent
    found = {
        module.relative_to(package).as_posix()
        for module in package.rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and writes(node)
    }
    assert "files.py" in found
    assert found <= MAY_WRITE


def test_what_no_form_ends_in_is_refused_with_what_there_is() -> None:
    check_ending("a.HTML", (".html", ".svg"), "page")
    for name in ("page", "page.pdf", ".svg"):
        with pytest.raises(UnknownNameError, match=f'^A page is .html or .svg, not "{name}"; '):
            check_ending(name, (".html", ".svg"), "page")


def test_a_plain_file_is_read_within_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"abcd")
    assert (read_plain(file, 4), read_plain(file, 2)) == (b"abcd", b"abc")
    assert read_bounded(file, 4, "is too large.") == b"abcd"
    with pytest.raises(UnreadableError, match=r"a is too large\.$"):
        read_bounded(file, 3, "is too large.")
    for name in ("none", "a\0b"):
        with pytest.raises(UnreadableError, match="cannot be read: "):
            read_bounded(tmp_path / name, 3, "is too large.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place, kind in (
        (tmp_path / "pipe", "a pipe"),
        (Path("/dev/zero"), "a device"),
        (tmp_path, "a folder"),
    ):
        with pytest.raises(UnreadableError, match=f"cannot be read: it is {kind} and no file"):
            read_bounded(place, 3, "is too large.")


def test_only_unfinished_files_of_ours_are_leftovers(tmp_path: Path) -> None:
    (tmp_path / ".monazite-notes.part").write_text("mine", encoding="utf-8")
    folder = tmp_path / f".monazite-{'0' * 16}.part"
    folder.mkdir()
    (tmp_path / f".monazite-{'1' * 16}.part").touch()
    write_whole(tmp_path / "page.html", b"new")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {".monazite-notes.part", folder.name, "page.html"}

"""Files and folders are written whole or not at all, and what killed writers left goes."""

from __future__ import annotations

import os
import socket
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

from monazite.core import package
from monazite.core.errors import UnknownNameError, UnreadableError
from monazite.core.files import check_ending, check_place, read_bounded, read_plain, write_whole
from monazite.core.locks import Lock


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


NEW = b"new\n" * 40_000  # More than a pipe holds
UNIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files.")


def device(place: Path, minor: int) -> Path:
    """A device of our own: what goes wrong breaks no device of the machine."""
    try:
        os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        place.write_bytes(b"")
    except (OSError, AttributeError):
        pytest.skip("Only root makes devices, where the system allows it.")
    return place


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
from monazite.core.files import check_place, write_whole
sys.stdout.write("before\\n")
sys.stdout.flush()
check_place(Path(sys.argv[1]))
write_whole(Path(sys.argv[1]), b"new\\n")
sys.stdout.write("after\\n")
"""


@UNIX
@pytest.mark.parametrize("name", ["/dev/stdout", "link"])
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
@pytest.mark.parametrize("mode", [0o600, 0o4750])
def test_permissions_and_owner_stay_and_a_new_file_has_those_of_all_new_files(
    mode: int, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    write_whole(file, b"old")
    (tmp_path / "other").touch()
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode
    file.chmod(mode)
    with suppress(OSError):  # only root gives files away
        os.chown(file, 12345, 23456)
        file.chmod(mode)
    owner = file.stat().st_uid, file.stat().st_gid
    write_whole(file, b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert (file.stat().st_uid, file.stat().st_gid) == owner


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


@UNIX
def test_a_socket_and_a_disk_are_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "socket"
    make_socket(place)
    with pytest.raises(UnreadableError, match="it is a disk or a socket; name another place"):
        write_whole(place, NEW)
    assert place.is_socket()


KILLED = """
import os, signal, sys
from pathlib import Path
from monazite.core.files import write_whole
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
    hold = Lock(writing)
    write_whole(file, b"new")
    assert sorted(tmp_path.iterdir()) == sorted([file, writing])
    hold.release()
    write_whole(file, b"new")
    assert list(tmp_path.iterdir()) == [file]


def make_file(place: Path) -> None:
    place.write_bytes(b"old")


def make_socket(place: Path) -> None:
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


# What is shipped


def test_a_package_without_its_ontology_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "__file__", str(tmp_path / "a" / "monazite" / "core/package.py"))
    with pytest.raises(UnreadableError, match="install monazite again"):
        package.ontology_folder.__wrapped__()


@pytest.mark.parametrize("place", ["a/monazite/ontology", "ontology"])
def test_the_ontology_lies_in_the_package_or_beside_the_checkout(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "__file__", str(tmp_path / "a" / "monazite" / "core/package.py"))
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "monazite.ttl").touch()
    assert package.ontology_folder.__wrapped__() == tmp_path / place

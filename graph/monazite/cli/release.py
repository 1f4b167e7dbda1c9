"""``monazite release``: a release of the tables, as a folder that others can check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import FORMATS, FormatOfReport, choose_format, is_stdout, say, write_result
from monazite.cli.options import Full


def release(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="All tables, a CSV file each. Default: the shipped ones."
        ),
    ] = None,
    issued: Annotated[
        str | None,
        typer.Option("--issued", metavar="DATE", help="Its day. Default: that of the shipped."),
    ] = None,
    news: Annotated[
        str | None,
        typer.Option("--news", metavar="DATE", help="To which day news was read. Default: as it."),
    ] = None,
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY.pem", help="Sign it: Ed25519 as PEM.")
    ] = None,
    fmt: FormatOfReport = "table",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="A new folder to write; without it, and with - is stdout, nothing but what it "
            "would hold is told.",
        ),
    ] = None,
    full: Full = False,
) -> None:
    """Write a release of the tables, which --tables of every command takes.

    The folder names the hash of each table, the day and the schema, and who signed it. Its tables
    are checked first. A key is made by: openssl genpkey -algorithm ed25519 -out KEY.pem.

    Example: monazite release -o release --issued 2026-12-24
    """
    from monazite import release as make_release

    choose_format(fmt, *FORMATS)
    place = None if is_stdout(output) else output
    if place is not None:
        _check_new(place)
    found = make_release(folder, issued=issued, news=news, sign=sign)
    if place is not None:
        _write(place, dict(found.files))
        say(f"The release is in {place}.")
    write_result(found, fmt, full=full)


def _check_new(folder: Path) -> None:
    """Refuse a folder that holds something: nothing of others is written over or mixed in."""
    from monazite.errors import UnreadableError

    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UnreadableError(f"{folder} is there and not empty; name a new folder.")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no folder can have this name"
        raise UnreadableError(f"{folder} cannot be written: {reason}; name another.") from None


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Write the files, the record last: without it a folder is no release."""
    from monazite.errors import UnreadableError
    from monazite.files import write_whole

    for name, content in files.items():
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnreadableError(
                f"{folder} cannot be made: {error.strerror}; name another place."
            ) from None
        write_whole(folder / name, content)

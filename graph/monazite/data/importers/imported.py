"""One import: which files, what was taken of them, what was left out, and on which terms."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Mapping, Sequence
from http.client import HTTPException, HTTPMessage
from importlib import import_module
from pathlib import Path
from typing import IO, Annotated, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from monazite.core.columns import Column, table
from monazite.core.errors import (
    BadDateError,
    BadFileError,
    Fault,
    FaultyTablesError,
    UnknownNameError,
    UnreadableError,
    did_you_mean,
)
from monazite.core.formats import counted, escaped, first_rows, grouped, visible
from monazite.core.package import ontology_folder
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.data.columns import read_schema
from monazite.data.dates import date_bounds
from monazite.data.declared import Param, declared
from monazite.data.importers import collected
from monazite.data.importers.source_file import SourceFile, look_through
from monazite.data.own_files import DEFAULT_FOLDER, ImportKind, read_kinds, which_command

MOST_BYTES = 256 << 20  # that are fetched
_LONGEST = 8_192  # characters of an address


def address_of(kind: ImportKind, named: str | None) -> str:
    """Return the address that a kind of source is fetched from."""
    address = named or kind.address
    if not address:
        raise UnknownNameError(f"{kind.name} is not fetched: {kind.by_hand}.")
    told = escaped(address[:_LONGEST])
    try:
        parts = urlsplit(address)
    except ValueError:
        raise UnknownNameError(f"{told} is no address; write it from https:// on.") from None
    if parts.scheme != "https" or not address.isascii() or not address.isprintable():
        raise UnknownNameError(f"{told} is no address that is fetched; write it from https:// on.")
    if len(address) > _LONGEST or " " in address:
        raise UnknownNameError(f"{told} is no address that is fetched: it is too long or broken.")
    if parts.netloc.lower() not in kind.hosts:
        raise UnknownNameError(
            f"{told} is not of {kind.publisher}; {kind.name} is fetched from "
            f"{' or '.join(kind.hosts)} alone."
        )
    return address


def fetch(address: str, folder: Path, context: ssl.SSLContext | None = None) -> Path:
    """Fetch what is at an address into a folder, in a file whose name any system takes."""
    opener = build_opener(
        HTTPSHandler(context=context or ssl.create_default_context()), _SameHost(address)
    )
    asked = Request(address, headers={"User-Agent": "monazite"})  # noqa: S310 - https alone
    parts = urlsplit(address)
    named = parse_qs(parts.query).get("name", [""])[0] or parts.path.rpartition("/")[2]
    place = folder / collected.key_of(unquote(named).replace("_", "-0-")).replace("-0-", "_")
    try:
        with opener.open(asked, timeout=60) as answer, place.open("xb") as out:
            size = 0
            while block := answer.read(1 << 16):
                size += len(block)
                if size > MOST_BYTES:
                    raise _refused(address, f"it has more than {MOST_BYTES >> 20} MB")
                out.write(block)
            told = answer.headers.get("Content-Length", "")
            if told.isdigit() and int(told) != size:
                raise _refused(address, f"{grouped(size)} of {grouped(int(told))} bytes came")
    except HTTPError as error:
        raise _refused(address, f"the other end says {error.code}") from None
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise _refused(address, str(reason) or type(error).__name__) from None
    return place


def _refused(address: str, reason: str) -> UnreadableError:
    return UnreadableError(
        f"{escaped(address)} was not fetched: {escaped(reason)[:200]}; get the file in a browser."
    )


class _SameHost(HTTPRedirectHandler):
    """Follows a redirect to the same host by https, and no other."""

    def __init__(self, address: str) -> None:
        self._address = address

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        first, then = urlsplit(self._address), urlsplit(newurl)
        if (then.scheme, then.netloc) != (first.scheme, first.netloc):
            raise _refused(self._address, f"it sends on to {then.scheme}://{then.netloc}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_NAMED = 3  # files that the title of a source names


class WrittenTable(NamedTuple):
    """A table that was written."""

    table: str  #: name of the table
    rows: int  #: rows of this import


class LeftOutLines(NamedTuple):
    """What was left out."""

    #: lines, cells or rows
    count: int  # type: ignore[assignment]
    why: str  #: what they are


class Imported(Result):
    """What an import wrote, and what it left out.

    Attributes:
        kind: kind of the source.
        source: id of its row of sources.
        folder: folder that was written.
        licence: terms of the source, in a few words.
        given_on: what may be given on.
        terms: address of the terms.
        counts: rows by table.
        left_out: what was left out, the most first.
        notes: what has to be said of the whole.
    """

    records_key = "tables"
    _json = "kind source folder licence given_on terms tables=written left_out notes"

    kind: str
    source: str
    folder: str
    licence: str
    given_on: str
    terms: str
    counts: Mapping[str, int]
    left_out: tuple[LeftOutLines, ...]

    @property
    def written(self) -> tuple[WrittenTable, ...]:
        """The tables that were written."""
        return tuple(WrittenTable(*each) for each in self.counts.items())

    def headline(self) -> str:
        """Return how many rows were written, and of what."""
        return f"{self.kind}: {counted(sum(self.counts.values()), 'row')} in {self.folder}"

    def tables(self) -> list[Table]:
        """Return the tables that were written, and what was left out."""
        columns = (Column("table", "table"), Column("rows", "rows", grouped, right=True))
        found = [table(f"Written to {self.folder}", self.written, columns, self.notes)]
        if self.left_out:
            columns = (Column("count", "count", grouped, right=True), Column("what", "why"))
            found.append(table("Left out", self.left_out, columns))
        return found


def kind_named(name: str) -> ImportKind:
    """Return a kind of source."""
    kinds = read_kinds()
    if name not in kinds:
        fix = did_you_mean(name, kinds) or f"kinds are {', '.join(kinds)}."
        raise UnknownNameError(f'There is no kind "{name}" of import; {fix}')
    return kinds[name]


def recognise(place: Path) -> str:
    """Say which command reads a file or a folder."""
    name = escaped(str(place))
    if not place.exists():
        raise UnreadableError(f"{name} is neither a kind of import nor a file or folder.")
    told = which_command(place)
    if not told:
        raise UnknownNameError(
            f"{name} is like no source that is read; kinds are {', '.join(read_kinds())}."
        )
    return f"{told}."


@declared
def import_file(
    kind: Annotated[
        str,
        Param(
            "baci, comtrade, comext, japan-customs, usgs-mcs, wgi, wikidata or ftm; "
            "a file alone is told its kind.",
            metavar="KIND",
            position=True,
            suggests=lambda: tuple(read_kinds()),
        ),
    ],
    file: Annotated[
        str | Path, Param("File of the source; of BACI the folder of an archive.", metavar="FILE")
    ],
    output: Annotated[
        str | Path, Param("Folder of tables to write or add to.", "-o", "DIR")
    ] = DEFAULT_FOLDER,
    *,
    code: Annotated[
        Sequence[str],
        Param(
            "Customs code to take, six digits or more; may be repeated. Default: 280530, "
            "284610, 284690, 850511 and what is below them.",
            metavar="DIGITS",
            several=True,
        ),
    ] = (),
    edition: Annotated[
        str,
        Param(
            "Edition of the HS to take: hs2022.", metavar="HS", suggests=lambda: collected.EDITIONS
        ),
    ] = "",
    accessed: Annotated[
        str, Param("Day on which you got the file, for its source.", metavar="DATE")
    ] = "",
    again: Annotated[bool, Param("Also write what the shipped tables say already.")] = False,
    address: str = "",
) -> Imported:
    """Read an open source that lies on your disk into tables for --data, and say its terms.

    Sums over countries stay apart, one flow is written once, and what is not known stays blank.
    Lines that are left out are counted with why; faults are told with file and line, and then
    nothing is written. The same file gives the same bytes.

    A second import into a folder adds to it. Nothing is fetched without --fetch.

    Example: monazite import baci BACI_HS22_Y2024_V202601.csv -o own

    Args:
        address: where the file was fetched from, for its source.

    Returns:
        What was written and left out.

    Raises:
        UnknownNameError: the kind, a code, the edition or the day is not known.
        UnreadableError: the file cannot be read, or the folder not be written.
        FaultyTablesError: the file has faults; all of them are told.

    >>> import monazite
    >>> monazite.import_file("bacci", "BACI_HS22_Y2024.csv")
    Traceback (most recent call last):
    monazite.core.errors.UnknownNameError: There is no kind "bacci" of import; did you mean "baci"?
    """
    chosen, place = kind_named(kind), Path(file)
    if edition and edition not in collected.EDITIONS:
        raise UnknownNameError(
            f'There is no edition "{edition}" of the HS; editions are '
            f"{', '.join(collected.EDITIONS)}."
        )
    try:
        _ = date_bounds(accessed) if accessed else None
    except BadDateError as error:
        raise UnknownNameError(str(error)) from None
    taken = collected.Collected(collected.NamedPlaces(), collected.GoodsCodes(code), edition)
    target = collected.OwnFolder(Path(output), read_schema(ontology_folder()))
    sources = _read(chosen, place, taken)
    if len(taken.faults):
        raise FaultyTablesError(taken.faults.gathered())
    digests = "".join(sorted(each.digest for each in sources))
    source = f"{chosen.name}-{hashlib.sha256(digests.encode()).hexdigest()[:12]}"
    rows = _finished(taken, source, again=again)
    ranked = sorted(taken.left_out.items(), key=lambda each: (-each[1], each[0]))
    if not rows:
        left = "; ".join(f"{grouped(count)} {why}" for why, count in ranked) or "it has no lines"
        raise UnreadableError(f"Nothing of {escaped(str(place))} can be taken: {left}.")
    shown = first_rows([visible(each.path.name) for each in sources], _NAMED)
    release = f" {taken.release}" if taken.release else ""
    hashes = ", ".join(each.digest for each in sources[:_NAMED])
    terms = f"terms: {chosen.terms} ({chosen.terms_read})"
    rows["sources"] = {
        source: {
            "publisher": chosen.publisher,
            "title": f"{chosen.title}{release}: {shown}",
            "published": taken.published,
            "kind": chosen.source_kind,
            "tier": chosen.tier,
            "licence": f"{chosen.licence}. {chosen.given_on}",
            "via": f"{collected.VIA} {chosen.name}",
            "note": collected.as_note(f"SHA-256 {hashes}", terms, taken.units),
            "accessed": accessed,
            "url": address or chosen.url,
        }
    }
    target.take(rows, source)
    target.write()
    return Imported(
        kind=chosen.name,
        source=source,
        folder=str(Path(output)),
        licence=chosen.licence,
        given_on=chosen.given_on,
        terms=chosen.terms,
        counts={name: len(rows[name]) for name in sorted(rows)},
        left_out=tuple(LeftOutLines(count, why) for why, count in ranked),
        notes=tuple(filter(None, (taken.units, *taken.notes))),
    )


def _read(kind: ImportKind, place: Path, taken: collected.Collected) -> list[SourceFile]:
    """Let the reader of a kind read the files."""
    reader = import_module(f"monazite.data.importers.{kind.name.replace('-', '_')}")
    files = [place]
    if place.is_dir():
        files = reader.files_of(place) if hasattr(reader, "files_of") else []
        if not files:
            told = which_command(place) or "name a file of it"
            raise UnreadableError(f"{escaped(str(place))} is a folder: {told}.")
    sources = [look_through(file, kind.encodings) for file in files]
    try:
        reader.read(sources, taken)
    except BadFileError as error:
        taken.faults.append(Fault(str(place), 0, error.what, error.fix))
    return sources


def _finished(taken: collected.Collected, source: str, *, again: bool) -> collected.Rows:
    """Rows with their source and the keys that they keep, less what is known already."""
    schema, differing = read_schema(ontology_folder()), 0
    rows: collected.Rows = {}
    for name, held in taken.rows.items():
        shipped = {} if again else collected.shipped_facts(name)
        for key, cells in held.items():
            there = next(
                (shipped[x] for x in collected.facts_of(name, cells) if x in shipped), None
            )
            if there is not None:
                differing += collected.differs(name, cells, there)
                taken.leave(f"rows of {name} that the shipped tables have already")
                continue
            whole = f"{key}-{source}" if schema.tables[name].kind == "record" else key
            rows.setdefault(name, {})[whole] = {**cells, "source": source}
    every = (row for held in rows.values() for row in held.values())
    used = {code for row in every for code in row.get("code", "").split(";")}
    if own := {code: row for code, row in taken.goods.own.items() if code in used}:
        rows["codes"] = {code: {**row, "source": source} for code, row in own.items()}
    if differing:
        taken.notes.append(
            f"{grouped(differing)} of the rows that the shipped tables have already differ from "
            "them, or say more: write them too with --again, and ask --without the shipped source."
        )
    return rows

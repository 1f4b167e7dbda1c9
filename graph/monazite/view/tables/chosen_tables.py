"""Whose tables a view has: the shipped ones, or those of a release that was checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from monazite.errors import UnknownNameError, UnreadableError
from monazite.parameters import read_path
from monazite.rows.releases import is_release, read_release
from monazite.safe_text import escaped
from monazite.shipped import ontology_folder
from monazite.triples.cache import files_digest, table_files
from monazite.triples.released_tables import ontology_of


@dataclass(frozen=True)
class ChosenTables:
    """The ontology folder with the tables that were asked for, and what is to be said of them."""

    ontology: Path
    sentence: str = ""


def choose_tables(
    tables: Path | str | None,
    *,
    key: Path | str | None = None,
    unsigned: bool = False,
    ontology: Path | str | None = None,
) -> ChosenTables:
    """Return the ontology folder with the tables of a release; the shipped one without.

    The shipped tables themselves need no record: their folder may be named as well.
    """
    folder = read_path(tables, "folder of a release")
    home = read_path(ontology, "ontology folder")
    if folder is None:
        if key is not None or unsigned:
            raise UnknownNameError(
                "A key or --unsigned-tables is for --tables DIR; name a release."
            )
        return ChosenTables(home or ontology_folder())
    if home is not None:
        raise UnknownNameError("Name an ontology folder or a release of the tables, not both.")
    if _are_shipped(folder):
        return ChosenTables(ontology_folder())
    release = read_release(folder, key=read_path(key, "public key"), unsigned=unsigned)
    return ChosenTables(ontology_of(release), release.sentence(str(folder)))


def _are_shipped(folder: Path) -> bool:
    """Tell whether a folder without a record holds the shipped tables, byte for byte."""
    if is_release(folder):
        return False
    try:
        files = sorted(folder.glob("*.csv"))
        ours = table_files(ontology_folder())
        same = [each.name for each in files] == [each.name for each in ours]
        return same and files_digest(files) == files_digest(ours)
    except (OSError, ValueError, UnreadableError):
        return False


def compared_tables(name: str) -> ChosenTables | None:
    """Return the tables of a folder that is to be compared; None where the name is no folder.

    Nothing is claimed of them, so that nobody has to have signed: what is not signed is said.
    """
    from monazite.triples.released_tables import ontology_with

    folder = Path(name)
    if not is_folder(folder):
        return None
    if is_release(folder):
        release = read_release(folder, unsigned=True)
        return ChosenTables(ontology_of(release), release.sentence(str(folder)))
    if (folder / "shapes").is_dir():
        return ChosenTables(folder)
    if not (folder / "sources.csv").is_file():
        raise UnreadableError(
            f"{escaped(name)} holds no full set of tables; name a release, or a folder as "
            "ontology/tables."
        )
    said = "" if _are_shipped(folder) else f"Tables of {escaped(name)}: no release, as they stand."
    return ChosenTables(ontology_with(folder), said)


def is_folder(folder: Path) -> bool:
    """Tell whether there is a folder of a name, whatever the name is."""
    try:
        return folder.is_dir()
    except (OSError, ValueError):
        return False

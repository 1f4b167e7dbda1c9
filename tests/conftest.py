"""Folders to break, and a store to ask."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monazite.core.package import ontology_folder
from monazite.data.reader import Tables
from monazite.store.store import Store
from monazite.view.opening import load
from monazite.view.view import View, release_date
from tests.sharing import share
from tests.small_ontology import read_shipped, write_cut

SMALL_TABLES: dict[str, str] = {
    "sources": (
        "id,publisher,title,url,published,accessed,kind,tier,licence,via,root,note\n"
        "annual,Lynas,Annual report,https://example.org/a,2024-10,2026-11-24,company,1,,,,\n"
        "digest,A newspaper,A digest,,2025,2026-11-24,news,3,,,,\n"
    ),
    "countries": (
        "id,iso2,name,names,wikidata,region,groups,source,note\n"
        "MYS,MY,Malaysia,马来西亚@zh,Q833,south-eastern-asia,,digest,\n"
        "NAM,NA,Namibia,,Q1030,sub-saharan-africa,,digest,\n"
    ),
    "facilities": (
        "id,name,names,country,region,place,source,note\n"
        "kuantan,Kuantan plant,,MYS,,,annual,\n"
        "kuantan-east,Kuantan East,,MYS,,,digest,\n"
    ),
    "organisations": (
        "id,name,names,kind,country,wikidata,ticker,cik,website,source,note\n"
        "lynas,Lynas,,company,MYS,,,,,annual,\n"
    ),
    "persons": "id,name,names,source,note\n",
    "ownership": (
        "row,owner,owned,share_percent,status,valid_from,valid_until,value_as_printed,source,"
        "attribution,locator,note\n"
        "lynas-kuantan,lynas,kuantan,100,stated,2012,,,annual,,,\n"
    ),
    "coordinates": (
        "row,facility,lat,lon,precision,source,attribution,locator,note\n"
        "kuantan-site,kuantan,3.99,103.38,site,annual,,,\n"
    ),
    "country_boxes": (
        "row,country,west,south,east,north,source,attribution,locator,note\n"
        "mys-box,MYS,99.6,0.85,119.3,7.4,digest,,,\n"
    ),
    "elements": (
        "id,name,names,atomic_number,class,oxide,cas,wikidata,key_uses,source,note\n"
        "Dy,dysprosium,,66,hree,Dy2O3,,,magnets,digest,\n"
    ),
    "codes": "id,notation,system,description,covers,source,note\n",
    "materials": (
        "id,name,names,stage,form,broader,elements,composition,code,code_as_printed,origin,"
        "source,note\n"
        "dysprosium-oxide,dysprosium oxide,,separation,oxide,,Dy,,,,compiled,digest,\n"
    ),
    "capacity": (
        "row,facility,stage,material,kind,as_of,value,value_low,value_high,unit,unit_as_printed,"
        "unit_detail,basis,basis_as_printed,material_as_printed,value_as_printed,source,"
        "attribution,locator,note\n"
        "kuantan-2024,kuantan,separation,dysprosium-oxide,nameplate,2024-02,1.50,1,2,t-per-year,,,"
        "reo,,,,annual;digest,,table 3,\n"
        "kuantan-2025,kuantan,separation,dysprosium-oxide,actual-output,2025,1200,,,t-per-year,,,"
        "reo,,,,annual,,,\n"
    ),
}
"""A few real shapes with rows of a few cells: a whole ontology that is read in a moment."""


def pytest_configure(config: pytest.Config) -> None:
    share(config)


@pytest.fixture(scope="session")
def shipped() -> Tables:
    """The shipped tables, read once."""
    return read_shipped()


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small cut of the shipped ontology, to be read: some hundred real rows."""
    return write_cut(tmp_path_factory.mktemp("cut") / "ontology")


@pytest.fixture(scope="session")
def store() -> Store:
    """The shipped tables as a store."""
    return view_in_memory().store


@pytest.fixture(scope="session")
def view(store: Store) -> View:
    """The shipped tables on the day of their release."""
    return View(store, ontology_folder(), str(release_date(store)))


def view_in_memory(
    *, tier: int | None = None, known: str | None = None, without: tuple[str, ...] = ()
) -> View:
    """The shipped tables as a view; whoever asks for the same has the same store."""
    return load(tier=tier, known=known, without=without)


@pytest.fixture
def ontology_copy(tmp_path: Path) -> Path:
    """The whole shipped ontology, to be changed."""
    return Path(shutil.copytree(ontology_folder(), tmp_path / "ontology"))


@pytest.fixture
def small_ontology(tmp_path: Path) -> Path:
    """The vocabulary, the schemes and a dozen tables of a few rows, to be changed."""
    return write_small_ontology(tmp_path / "small")


def write_small_ontology(folder: Path) -> Path:
    """Write the small ontology into a new folder."""
    source = ontology_folder()
    (folder / "tables").mkdir(parents=True)
    (folder / "shapes").mkdir()
    (folder / "checks").mkdir()
    shutil.copytree(source / "schemes", folder / "schemes")
    for name in ("monazite", "dataset"):
        shutil.copy(source / f"{name}.ttl", folder)
    for name in ["evidence", *SMALL_TABLES]:
        shutil.copy(source / "shapes" / f"{name}.ttl", folder / "shapes")
    for name, text in SMALL_TABLES.items():
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder

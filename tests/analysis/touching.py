"""Which acts touch what, straight from the tables: no query, no selection."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from monazite.core.package import ontology_folder

Row = Mapping[str, str]
MEMBERS = {"EUE": {"DEU", "FRA", "EST", "ITA", "SWE", "NLD"}}
"""Some members of a union, as far as acts of the last year name them."""
BORDER = {"export-licence", "export-quota", "export-ban", "export-tax", "technology-export-ban"}


@cache
def table(name: str) -> list[dict[str, str]]:
    with (ontology_folder() / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def home() -> Mapping[str, str]:
    """The country of each firm and plant."""
    rows = [*table("organisations"), *table("facilities")]
    return {row["id"]: row["country"] for row in rows}


@cache
def chain() -> frozenset[str]:
    """Plants, who runs them and who holds these."""
    runs = [row for row in table("operations") if row["stage"]]
    held = {row["facility"] for row in runs} | {row["operator"] for row in runs if row["operator"]}
    while True:
        more = {row["owner"] for row in table("ownership") if row["owned"] in held} - held
        if not more:
            return frozenset(held)
        held |= more


@cache
def scope() -> Mapping[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in table("policy_scope"):
        found[row["policy"]].append(row)
    return found


def named(act: str, column: str) -> set[str]:
    return {name for row in scope().get(act, ()) for name in row[column].split(";")} - {""}


@cache
def of_other_goods() -> frozenset[str]:
    """Acts on named goods, all outside the chain of rare earths, and at no one of the chain."""
    outside = {row["id"] for row in table("materials") if row["form"] == "other"}
    codes = {row["id"] for row in table("codes")}
    goods = {act: named(act, "covers") - codes for act in scope()}
    return frozenset(
        act
        for act, held in goods.items()
        if held and held <= outside and not named(act, "targets") & chain()
    )


def aimed_at(places: Collection[str]) -> Iterator[str]:
    """Acts aimed at some countries, at firms there or at all, or issued there."""
    for act in table("policies"):
        aims = named(act["id"], "targets")
        issuers = {home().get(name, "") for name in act["issuer"].split(";")} | {act["country"]}
        aimed = aims & {*places} or {home().get(name, "") for name in aims} & {*places}
        abroad = act["country"] not in places
        everybody = abroad and ("ALL" in aims or (not aims and act["kind"] in BORDER))
        if aimed or everybody or issuers & {*places}:
            yield act["id"]


def touches(element: str, market: str) -> Iterator[str]:
    """Acts that touch an element, a market or the chain."""
    of_element = {row["id"] for row in table("materials") if element in row["elements"].split(";")}
    groups = {row["id"] for row in table("element_groups") if element in row["members"].split(";")}
    aimed = set(aimed_at({market, *MEMBERS.get(market, ())}))
    for row in table("policies"):
        act = row["id"]
        covers = named(act, "covers")
        by_name = {element, *groups} & covers and element not in named(act, "exempts")
        if by_name or of_element & covers or act in aimed or named(act, "targets") & chain():
            yield act


def touches_site(names: Collection[str], countries: Collection[str]) -> set[str]:
    """Acts aimed at some plants and firms, or that touch their countries."""
    aimed = {act for act in scope() if named(act, "targets") & {*names}}
    return aimed | (set(aimed_at(countries)) - of_other_goods())

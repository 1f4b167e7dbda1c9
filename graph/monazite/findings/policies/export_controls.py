"""Export controls in force on a day: goods by stage and element, sellers and buyers.

Read from the columns of rows, never from their words: which goods a control covers and in which
forms, what it exempts, how far it reaches, and at whom it is aimed; the ontology says at which
stage a good is made and for which elements it stands. What could not be read is said in the
remarks; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from monazite.findings.policies.acts import Act, read_acts
from monazite.findings.policies.scope_remarks import (
    remarks_on_aims,
    remarks_on_goods,
    remarks_on_rest,
    remarks_on_state,
)
from monazite.findings.policies.scope_rows import (
    COUNTRY,
    EVERYBODY,
    FOREIGN_MADE,
    NO_VOLUME_LIMIT,
    ONLY_ABROAD,
    RESALE,
    Places,
    ScopeRow,
    read_places,
    to_scope_rows,
)
from monazite.findings.policies.status import IN_FORCE, PolicyStatus, read_statuses
from monazite.findings.reconciliation.line import STAGES
from monazite.result import Value
from monazite.triples.queries import ask, day_of
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

_NOT_BEGUN_OR_OVER = ("not yet", "announced", "proposed", "ended", "no measure")
_END_USE_RULE = "end-use-rule"

Goods = Mapping[str, frozenset[str]]
"""Elements by stage: of the goods that the stage makes, those with any of the elements."""


@dataclass(frozen=True)
class Scope(Value):
    """What an export control binds on a day.

    Attributes:
        policy: its id.
        title: its name.
        country: the state, or union, that issued it and whose border it guards.
        kind: its kind, such as ``export-licence``.
        status: its status on the day, with the reason.
        goods: what is bound when the country sells it, or others sell it on: see ``at_border`` and
            ``resale``. Of magnets the elements are those that one must contain to be bound: Tb or
            Dy, not the Nd that it has anyway.
        abroad: what is bound although others made it, when it has content from the country.
        at_border: whether goods are bound when they leave the country.
        resale: whether goods of the country are bound also when others sell them on.
        destinations: the countries whose purchases are bound; None is all; none at all where it is
            aimed at users within countries, which flows do not tell.
        threshold: the least share of content that binds goods made abroad, percent of value.
        threshold_row: the row that prints it.
        unlimited_row: the row that says that no limit of volume stands: a licence is needed, and
            holds nothing back; empty where none says so.
        rows: the rows of policy_events and policy_scope that this was read from.
        remarks: what could not be read, a sentence each.
    """

    policy: str
    title: str
    country: str
    kind: str
    status: PolicyStatus
    goods: Goods
    abroad: Goods
    at_border: bool
    resale: bool
    destinations: frozenset[str] | None
    threshold: float | None
    threshold_row: str
    rows: tuple[str, ...]
    remarks: tuple[str, ...]
    unlimited_row: str = ""

    @property
    def state(self) -> str:
        """Its status on the day in a word or two, as a line of a table has it."""
        return self.status.short

    @property
    def in_force(self) -> bool:
        """Whether the control is in force on the day, at least in part."""
        return self.status.value == IN_FORCE

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages whose goods are bound, in order."""
        return tuple(stage for stage in STAGES if stage in self.goods)

    @property
    def elements(self) -> frozenset[str]:
        """The elements of all goods that are bound."""
        return frozenset[str]().union(*self.goods.values())

    @property
    def third_country(self) -> bool:
        """Whether goods made elsewhere with content from the country are bound."""
        return bool(self.abroad)

    def binds(
        self,
        stage: str,
        element: str,
        seller: str,
        buyer: str,
        *,
        content: str = "",
        origin: str = "",
    ) -> bool:
        """Return whether a flow would be bound if the control were in force (see ``state``).

        Args:
            stage: whose product is sold: mine, separation, metal (with alloys) or magnet.
            element: its symbol; of a magnet, one that it contains.
            seller: the country that sells.
            buyer: the country that buys.
            content: the country that made the element in it, where this is not the seller.
            origin: the country that made the good itself, where this is not the seller.

        Returns:
            True where the control binds it.

        >>> from monazite.triples.opening import open_store
        >>> (found,) = [scope for scope in read_scopes(open_store(), "2025-06-30")
        ...     if scope.policy == "mofcom-gac-2025-18"]
        >>> found.binds("magnet", "Dy", "CHN", "DEU"), found.binds("magnet", "Nd", "CHN", "DEU")
        (True, False)
        >>> found.binds("magnet", "Dy", "JPN", "DEU", content="CHN")
        False
        """
        if buyer in (seller, self.country):
            return False
        if self.destinations is not None and buyer not in self.destinations:
            return False
        bound = element in self.goods.get(stage, ())
        if seller == self.country:
            return self.at_border and bound
        if origin == self.country and self.resale and bound:
            return True
        return content == self.country and element in self.abroad.get(stage, ())


def read_scopes(store: Store, date: str) -> tuple[Scope, ...]:
    """Return the export controls that are in force, may be, or are suspended on a day, by id.

    Controls that are only announced, or have ended, are not among them; nor are controls of
    technology, which no flow of goods carries. One that names no goods of the chain (gallium, a
    list of firms) is, with empty ``goods``, and its remarks say so.

    >>> from monazite.triples.opening import open_store
    >>> [scope.policy for scope in read_scopes(open_store(), "2024-12-31") if scope.goods]
    ['china-export-licence-2015', 'china-processing-trade-ban-2010', 'malaysia-raw-export-ban-2024']
    """
    day = day_of(date)
    return store.derive(("scopes", day), lambda: _read_scopes(store, day))


def _read_scopes(store: Store, day: str) -> tuple[Scope, ...]:
    places = read_places(store)
    acts = read_acts(store).acts
    standing = {
        policy: status
        for policy, status in read_statuses(store, day).items()
        if status.state not in _NOT_BEGUN_OR_OVER
    }
    by_policy = groupby(ask(store, "policy-scopes"), key=lambda answer: answer["policy"])
    return tuple(
        _to_scope(acts[policy], standing[policy], tuple(answers), places, day)
        for policy, answers in by_policy
        if policy in standing
    )


def _to_scope(
    act: Act,
    status: PolicyStatus,
    answers: tuple[QueryRecord, ...],
    places: Mapping[tuple[str, str], Places],
    day: str,
) -> Scope:
    written = list(to_scope_rows(answers, places))
    begun = [row for row in written if row.runs(day)]
    rows = [row for row in begun if row.exports]
    kind = answers[0]["policy_kind"]
    resale = [row for row in rows if row.reach & {RESALE, ONLY_ABROAD}]
    content = [row for row in rows if row.percent and FOREIGN_MADE in row.reach]
    foreign = [row for row in rows if FOREIGN_MADE in row.reach] if content else []
    destinations, aimed = _destinations(rows, kind)
    used = {row.id for row in rows if row.named("exempts") or row.goods}
    unlimited = [row for row in rows if row.meaning == NO_VOLUME_LIMIT]
    used |= {row.id for row in (*resale, *content, *aimed, *unlimited)}
    return Scope(
        policy=answers[0]["policy"],
        title=act.title,
        country=act.country,
        kind=kind,
        status=status,
        goods=_goods(rows),
        abroad=_goods(foreign),
        at_border=not any(ONLY_ABROAD in row.reach for row in rows),
        resale=bool(resale),
        destinations=destinations,
        threshold=float(content[0].percent) if content else None,
        threshold_row=content[0].id if content else "",
        rows=(*sorted(status.rows), *sorted(used)),
        remarks=(
            *remarks_on_state(status),
            *(f"Does not run on the day: {row.words}." for row in written if row not in begun),
            *(f"Applies to imports, not exports: {row.words}." for row in begun if not row.exports),
            *remarks_on_goods(rows),
            *remarks_on_aims(rows, aimed),
            *remarks_on_rest([row for row in rows if row.id not in used]),
        ),
        unlimited_row=unlimited[0].id if unlimited else "",
    )


def _goods(rows: Iterable[ScopeRow]) -> Goods:
    """The elements that rows cover, by stage, without those that they exempt."""
    held = list(rows)
    exempt = frozenset[str]().union(*(row.named("exempts") for row in held))
    places = [place for row in held for place in row.goods]
    found = {stage: frozenset(e for at, e in places if at == stage) - exempt for stage in STAGES}
    return {stage: elements for stage, elements in found.items() if elements}


def _destinations(rows: list[ScopeRow], kind: str) -> tuple[frozenset[str] | None, list[ScopeRow]]:
    """Return the countries that a control is aimed at whole, and the rows that say so.

    A rule on end uses, or on some users, that names a country is not aimed at all of it.
    """
    aims = [row for row in rows if row.kind == COUNTRY]
    everybody = [row for row in aims if EVERYBODY in row.named("targets")]
    if everybody or not aims:
        return None, everybody
    whole = [row for row in aims if kind != _END_USE_RULE and not row.users]
    return frozenset[str]().union(*(row.named("targets") for row in whole)), whole

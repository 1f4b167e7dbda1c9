"""Export controls in force on a day: goods by stage and element, sellers and buyers.

Read from the columns of rows, never from their words: which goods a control covers and in which
forms, what it exempts, how far it reaches, and at whom it is aimed; the ontology says at which
stage a good is made and for which elements it stands. What could not be read is said in the
remarks; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from monazite.analysis.policies.acts import IN_FORCE, Act, PolicyStatus, read_acts
from monazite.analysis.policies.status import read_statuses
from monazite.core.results import Value
from monazite.model.reconciliation.ledger import STAGES, balanced_stage
from monazite.store.queries import QueryRecord, ask, day_of
from monazite.store.store import Store

COUNTRY, ELEMENT, EVERYBODY = "target-country", "element", "ALL"
RESALE, ONLY_ABROAD, FOREIGN_MADE = "resale", "only-abroad", "foreign-made"
EXPORT = "export"
NO_VOLUME_LIMIT = "no-volume-limit"

Places = tuple[tuple[str, str], ...]
"""Stages and elements."""


@dataclass(frozen=True, order=True)
class ScopeTarget:
    """What a row covers, exempts or targets; a member stands beside its group."""

    relation: str
    kind: str
    id: str


@dataclass(frozen=True)
class ScopeRow:
    """A row of policy_scope, what it names, and where in the chain what it covers stands.

    Attributes:
        kind: a code of the scheme ``scope-kind``: element, threshold, target-country.
        percent: the threshold that it prints, 0 to 100; empty for none.
        begins: its first day as printed; empty for that of the policy.
        forms: stages of the forms that it states of a covered element: metal, of metal and alloy.
        reach: what it binds beyond goods that leave the country (scheme ``scope-reach``).
        users: at whom within its target it is aimed (scheme ``scope-users``); none is everybody.
        directions: export, import or both; none where it states none.
        meaning: a code of the scheme ``scope-class`` where it names nothing with an identifier.
        covered: each thing that it covers, with its stages and elements.
    """

    id: str
    kind: str
    text: str
    detail: str
    percent: str
    begins: str
    ends: str
    things: tuple[ScopeTarget, ...]
    forms: tuple[str, ...]
    reach: frozenset[str]
    users: frozenset[str]
    directions: frozenset[str]
    meaning: str
    covered: tuple[tuple[ScopeTarget, Places], ...]

    @property
    def goods(self) -> list[tuple[str, str]]:
        """Stages and elements that it covers."""
        return [place for _, places in self.covered for place in places]

    @property
    def exports(self) -> bool:
        """Whether it speaks of exports, and not of imports alone."""
        return not self.directions or EXPORT in self.directions

    @property
    def words(self) -> str:
        """Its text as printed, in quotation marks, and its detail."""
        return f'"{self.text}"' + (f" ({self.detail})" if self.detail else "")

    def named(self, relation: str) -> frozenset[str]:
        """Return what the row names in one relation."""
        return frozenset(thing.id for thing in self.things if thing.relation == relation)

    def runs(self, day: str) -> bool:
        """Return whether this part of the scope is in force on a day."""
        return self.begins <= day <= (self.ends or "9999-12-31")


def read_places(store: Store) -> Mapping[tuple[str, str], Places]:
    """Read the stages and elements for which goods stand."""
    places: dict[tuple[str, str], Places] = {}
    for answer in ask(store, "policy-goods"):
        stage = balanced_stage(answer["stage"])
        if stage in STAGES:
            key = answer["class"], answer["item"]
            places[key] = (*places.get(key, ()), (stage, answer["element"]))
    return places


def to_scope_rows(
    answers: Iterable[QueryRecord], places: Mapping[tuple[str, str], Places]
) -> Iterator[ScopeRow]:
    """Take the answers of the query ``policy-scopes`` on one policy, a row at a time."""
    for row, lines in groupby(answers, key=lambda answer: answer["row"]):
        if row:
            yield _to_row(list(lines), places)


def _to_row(lines: list[QueryRecord], places: Mapping[tuple[str, str], Places]) -> ScopeRow:
    first = lines[0]
    forms = {place for form in _all(lines, "form") for place, _ in places.get(("form", form), ())}
    things = {
        ScopeTarget(line["relation"], line["class"], thing)
        for line in lines
        for thing in (line["item"], line["member"])
        if thing
    }

    def stand(thing: ScopeTarget) -> Places:
        if thing.kind == ELEMENT and forms and (thing.kind, thing.id) in places:
            return tuple((stage, thing.id) for stage in sorted(forms))
        return places.get((thing.kind, thing.id), ())

    return ScopeRow(
        id=first.row(),
        kind=first["kind"],
        text=first["text"],
        detail=first["detail"],
        percent=first["percent"],
        begins=first["from"],
        ends=first["until"],
        things=tuple(sorted(things)),
        forms=tuple(sorted(forms)),
        reach=_all(lines, "reach"),
        users=_all(lines, "users"),
        directions=_all(lines, "direction"),
        meaning=first["meaning"],
        covered=tuple(
            (thing, stand(thing)) for thing in sorted(things) if thing.relation == "covers"
        ),
    )


def _all(lines: Iterable[QueryRecord], column: str) -> frozenset[str]:
    return frozenset(line[column] for line in lines) - {""}


def remarks_on_state(status: PolicyStatus) -> Iterator[str]:
    """Say why a control is not simply in force."""
    if status.state != "in force":
        yield f"{status.text[0].upper()}{status.text[1:]}."


def remarks_on_goods(rows: list[ScopeRow]) -> Iterator[str]:
    """Say which goods were read from words, and which belong to no stage of the chain."""
    formless = [
        (row.text, place)
        for row in rows
        for thing, places in row.covered
        for place in places
        if thing.kind == ELEMENT and not row.forms
    ]
    if formless:
        names = ", ".join(sorted({text for text, _ in formless}))
        stages = ", ".join(s for s in STAGES if s in {stage for _, (stage, _) in formless})
        yield f"The form of {names} is not stated: read as the products of {stages}, not magnets."
    placeless = {
        thing.id
        for row in rows
        for thing, places in row.covered
        if thing.kind == "material" and not places
    }
    if placeless:
        yield f"No stage or element of the chain is known for {', '.join(sorted(placeless))}."
    if not any(row.goods for row in rows):
        yield "No record names goods of the chain: it applies to no flow in the model."


def remarks_on_aims(rows: list[ScopeRow], aimed: list[ScopeRow]) -> Iterator[str]:
    """Say at whom a control is aimed where that is no whole country."""
    for row in rows:
        if row.kind == COUNTRY and row not in aimed:
            yield f"Aimed at users within a country, not at the country: {row.words}."
        elif row.kind == COUNTRY and row.detail and EVERYBODY not in row.named("targets"):
            yield f"Said of the country it is aimed at, and not read: {row.words}."
    firms = [row.text for row in rows if row.kind in ("target-organisation", "target-facility")]
    if firms:
        yield f"Names users or firms, which flows do not tell apart: {'; '.join(firms)}."


def remarks_on_rest(rows: list[ScopeRow]) -> Iterator[str]:
    """Say which rows of a control were not read."""
    codes = [row.text for row in rows if row.kind in ("cn-code", "hs-code")]
    if codes:
        yield f"Customs codes name no elements and are not read: {', '.join(codes)}."
    technology = [row.text for row in rows if row.kind == "technology"]
    if technology:
        yield f"Technology, which no flow of goods carries: {'; '.join(technology)}."
    for row in rows:
        if row.kind in ("threshold", "exempt"):
            yield f"Not read: {row.words}."


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

        >>> from monazite.store.opening import open_store
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

    >>> from monazite.store.opening import open_store
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

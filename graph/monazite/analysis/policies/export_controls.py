"""Export controls in force on a day: goods by stage and element, sellers and buyers.

Read from the columns of rows, never from their words; what could not be read the remarks say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from monazite.analysis.policies.acts import IN_FORCE, NEVER_ENDS, Act, PolicyStatus, read_acts
from monazite.analysis.policies.status import read_statuses
from monazite.core.results import Value
from monazite.model.reconciliation.ledger import STAGES, balanced_stage
from monazite.model.wording import capital
from monazite.store.queries import QueryRecord, ask, day_of
from monazite.store.store import Store

Goods = Mapping[str, frozenset[str]]
"""Elements by stage: of the goods that the stage makes, those with any of the elements."""
Places = tuple[tuple[str, str], ...]
"""Stages and elements."""
COUNTRY = "target-country"


class ScopeRow:
    """A row of policy_scope with what it names, and where in the chain what it covers stands."""

    def __init__(self, lines: list[QueryRecord], places: Mapping[tuple[str, str], Places]) -> None:
        first = lines[0]
        self.id, self.kind, self.meaning = first.row(), first["kind"], first["meaning"]
        self.text, self.detail, self.percent = first["text"], first["detail"], first["percent"]
        self.begins, self.ends = first["from"], first["until"] or NEVER_ENDS
        self.words = f'"{self.text}"' + (f" ({self.detail})" if self.detail else "")
        self.reach, self.users, directions, forms = (
            {line[column] for line in lines} - {""}
            for column in ("reach", "users", "direction", "form")
        )
        self.exports = not directions or "export" in directions
        self.things = {  # relation, class and id of what it names; members beside groups
            (x["relation"], x["class"], each)
            for x in lines
            for each in (x["item"], x["member"])
            if each
        }
        stages = {stage for form in forms for stage, _ in places.get(("form", form), ())}
        self.forms = tuple(sorted(stages))
        self.covered: dict[tuple[str, str, str], Places] = {}
        for thing in sorted(each for each in self.things if each[0] == "covers"):
            stands = places.get(thing[1:], ())
            if thing[1] == "element" and self.forms and stands:
                stands = tuple((stage, thing[2]) for stage in self.forms)
            self.covered[thing] = stands
        self.goods = [place for stands in self.covered.values() for place in stands]

    def named(self, relation: str) -> frozenset[str]:
        """Ids of what it covers, exempts or targets."""
        return frozenset(each for named, _, each in self.things if named == relation)


def read_places(store: Store) -> Mapping[tuple[str, str], Places]:
    """Read the stages and elements for which goods stand."""
    places: dict[tuple[str, str], Places] = {}
    for answer in ask(store, "policy-goods"):
        stage = balanced_stage(answer["stage"])
        if stage in STAGES:
            key = answer["class"], answer["item"]
            places[key] = (*places.get(key, ()), (stage, answer["element"]))
    return places


def remarks_on_state(status: PolicyStatus) -> Iterator[str]:
    """Say why a control is not simply in force."""
    if status.state != "in force":
        yield f"{capital(status.text)}."


def _unread(rows: list[ScopeRow], aimed: list[ScopeRow], rest: list[ScopeRow]) -> Iterator[str]:
    """What was read from words, belongs to no stage, is aimed at no country, or was not read."""
    covered = [(row, *each) for row in rows for each in row.covered.items()]
    formless = [
        (row.text, stage)
        for row, (_, kind, _), places in covered
        for stage, _ in places
        if kind == "element" and not row.forms
    ]
    if formless:
        names = ", ".join(sorted({text for text, _ in formless}))
        stages = ", ".join(stage for stage in STAGES if stage in {x for _, x in formless})
        yield f"The form of {names} is not stated: read as the products of {stages}, not magnets."
    if placeless := {each for _, (_, kind, each), at in covered if kind == "material" and not at}:
        yield f"No stage or element of the chain is known for {', '.join(sorted(placeless))}."
    if not any(row.goods for row in rows):
        yield "No record names goods of the chain: it applies to no flow in the model."
    for row in rows:
        if row.kind == COUNTRY and row not in aimed:
            yield f"Aimed at users within a country, not at the country: {row.words}."
        elif row.kind == COUNTRY and row.detail and "ALL" not in row.named("targets"):
            yield f"Said of the country it is aimed at, and not read: {row.words}."
    firms = "Names users or firms, which flows do not tell apart"
    for kinds, among, said, mark in (
        (("target-organisation", "target-facility"), rows, firms, "; "),
        (("cn-code", "hs-code"), rest, "Customs codes name no elements and are not read", ", "),
        (("technology",), rest, "Technology, which no flow of goods carries", "; "),
    ):
        if texts := [row.text for row in among if row.kind in kinds]:
            yield f"{said}: {mark.join(texts)}."
    for row in rest:
        if row.kind in ("threshold", "exempt"):
            yield f"Not read: {row.words}."


class Scope(Value):
    """What an export control binds on a day."""

    policy: str
    title: str
    country: str  #: the state, or union, that issued it and whose border it guards
    kind: str
    status: PolicyStatus
    #: what is bound when the country sells it, or others sell it on (``at_border``, ``resale``). Of
    #: magnets the elements that one must contain to be bound: Tb or Dy
    goods: Goods
    abroad: Goods  #: what is bound although others made it, when it has content from the country
    at_border: bool  #: whether goods are bound when they leave the country
    resale: bool  #: whether goods of the country are bound also when others sell them on
    #: the countries whose purchases are bound; None is all; none at all where it is aimed at users
    #: within countries, which flows do not tell
    destinations: frozenset[str] | None
    #: the least share of content that binds goods made abroad, percent of value
    threshold: float | None
    threshold_row: str
    rows: tuple[str, ...]  #: the rows of policy_events and policy_scope that this was read from
    remarks: tuple[str, ...]  #: what could not be read, a sentence each
    unlimited_row: str = ""  #: the row that says that a licence holds nothing back; empty for none

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
        """
        away = self.destinations is not None and buyer not in self.destinations
        if buyer in (seller, self.country) or away:
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
    """
    day = day_of(date)

    def read() -> Iterator[Scope]:
        places, acts = read_places(store), read_acts(store).acts
        statuses = read_statuses(store, day)
        for policy, answers in groupby(ask(store, "policy-scopes"), key=lambda x: x["policy"]):
            by_row = groupby(answers, key=lambda x: x["row"])
            rows = [ScopeRow(list(lines), places) for row, lines in by_row if row]
            status = statuses[policy]
            if status.state not in ("not yet", "announced", "proposed", "ended", "no measure"):
                yield _to_scope(acts[policy], status, rows, day)

    return store.derive(("scopes", day), lambda: tuple(read()))


def _to_scope(act: Act, status: PolicyStatus, written: list[ScopeRow], day: str) -> Scope:
    begun = [row for row in written if row.begins <= day <= row.ends]
    rows = [row for row in begun if row.exports]
    resale = [row for row in rows if row.reach & {"resale", "only-abroad"}]
    content = [row for row in rows if row.percent and "foreign-made" in row.reach]
    foreign = [row for row in rows if "foreign-made" in row.reach] if content else []
    unlimited = [row for row in rows if row.meaning == "no-volume-limit"]
    destinations, aimed = _destinations(rows, act.kind)
    named = [row for row in rows if row.named("exempts") or row.goods]
    used = {row.id for row in (*named, *resale, *content, *aimed, *unlimited)}
    return Scope(
        policy=act.id,
        title=act.title,
        country=act.country,
        kind=act.kind,
        status=status,
        goods=_goods(rows),
        abroad=_goods(foreign),
        at_border=not any("only-abroad" in row.reach for row in rows),
        resale=bool(resale),
        destinations=destinations,
        threshold=float(content[0].percent) if content else None,
        threshold_row=content[0].id if content else "",
        rows=(*sorted(status.rows), *sorted(used)),
        remarks=(
            *remarks_on_state(status),
            *(f"Does not run on the day: {row.words}." for row in written if row not in begun),
            *(f"Applies to imports, not exports: {row.words}." for row in begun if not row.exports),
            *_unread(rows, aimed, [row for row in rows if row.id not in used]),
        ),
        unlimited_row=unlimited[0].id if unlimited else "",
    )


def _goods(rows: list[ScopeRow]) -> Goods:
    """The elements that rows cover, by stage, without those that they exempt."""
    exempt = frozenset[str]().union(*(row.named("exempts") for row in rows))
    places = [place for row in rows for place in row.goods]
    found = {stage: frozenset(e for at, e in places if at == stage) - exempt for stage in STAGES}
    return {stage: elements for stage, elements in found.items() if elements}


def _destinations(rows: list[ScopeRow], kind: str) -> tuple[frozenset[str] | None, list[ScopeRow]]:
    """Return the countries that a control is aimed at whole, not at users there, and the rows."""
    aims = [row for row in rows if row.kind == COUNTRY]
    everybody = [row for row in aims if "ALL" in row.named("targets")]
    if everybody or not aims:
        return None, everybody
    whole = [row for row in aims if kind != "end-use-rule" and not row.users]
    return frozenset[str]().union(*(row.named("targets") for row in whole)), whole

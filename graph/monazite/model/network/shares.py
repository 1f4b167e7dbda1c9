"""Which rows speak for a stage: the national shares of an element's output in one year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from math import fsum
from operator import itemgetter

from monazite.core.results import Frozen, Struct, Value
from monazite.store.cards import figure_words
from monazite.store.queries import QueryRecord

SERIES, ROW, YEAR, RANGE = "series", "row", "year", "range"
Criteria = tuple[tuple[str, int | None], ...]  # in order, each with its limit


class Preferences(Value):
    """For each choice its criteria, the one that decides first at the front."""

    choices: Mapping[str, Criteria] = field(default_factory=Frozen)

    def order(self, choice: str, looks: Mapping[str, object]) -> tuple[object, ...]:
        """Return what sorts the preferred first."""
        criteria = self.choices.get(choice) or (("name", None),)
        return tuple(_capped(looks[criterion], limit) for criterion, limit in criteria)

    def speaks(self, choice: str, age: int) -> bool:
        """Return whether a row of some age counts; else it only widens the range."""
        limits = [limit for name, limit in self.choices.get(choice, ()) if name == "not-older"]
        return age >= 0 and all(limit is None or age <= limit for limit in limits)


def _capped(value: object, limit: int | None) -> object:
    """Past its limit a criterion that counts makes no difference; counts are negative."""
    return max(value, -limit) if limit is not None and isinstance(value, int) else value


def read_preferences(answers: Iterable[QueryRecord]) -> Preferences:
    """Convert answers of the query ``network-preferences`` to the rule."""
    found: dict[str, list[tuple[int, str, int | None]]] = defaultdict(list)
    for answer in answers:
        limit = answer.maybe_integer("limit")
        found[answer["choice"]].append((answer.integer("rank"), answer["criterion"], limit))
    for rules in found.values():
        rules.sort(key=lambda rule: rule[:2])
    return Preferences(
        {choice: tuple(rule[1:] for rule in rules) for choice, rules in found.items()}
    )


WORLD, REST = "WLD", "ROW"
PRINTED_TOTAL = "printed total"
"""What shares were divided by, where a row prints what the world makes."""
ROUNDING = 1e-9  # Lines that exceed a printed total by less than this part of it are equal to it
NO_RULE = 99  # Preference of a series that no rule names


class OutputFigure(Struct):
    """One row of output: a country or an aggregate, at a stage, in a year."""

    row: str
    place: str
    total: bool
    stage: str
    rank: int
    year: int
    series: str
    basis: str
    tier: int
    published: str
    preference: int
    material: str
    tonnes: tuple[float | None, float | None, float | None]
    percent: tuple[float | None, float | None, float | None]
    own_rule: bool = False
    joint: tuple[str, ...] = ()
    roots: frozenset[str] = frozenset()
    kind: str = ""
    rule: Preferences = field(default_factory=Preferences, compare=False, repr=False)

    @property
    def figure(self) -> str:
        """What the number is, where it is not measured of one material alone."""
        names = (name.replace("-", " ") for name in self.joint)
        return ", ".join(filter(None, (self.kind, figure_words((), joint=names))))

    @property
    def is_share(self) -> bool:
        """Whether the row is printed in percent."""
        return any(number is not None for number in self.percent)


class Share(Struct):
    """A country's share of a stage, 0 to 1, with the range of what other rows say."""

    share: float
    low: float
    high: float
    tonnes: float | None
    rows: tuple[str, ...]
    others: tuple[str, ...] = ()
    low_row: str = ""
    high_row: str = ""
    kind: str = ""
    figure: str = ""

    @property
    def ends(self) -> tuple[float | None, float | None]:
        """The least and the most that rows print; None where a bound leaves the end open."""
        upper, lower = ("upper bound" in self.kind, "lower bound" in self.kind)
        return None if upper else self.low, None if lower else self.high

    @property
    def range_rows(self) -> tuple[str, ...]:
        """The rows that print the lowest and the highest share, if they differ."""
        ends = (self.low_row, self.high_row) if self.low < self.high else ()
        return tuple(dict.fromkeys(ends))


class Split(Value):
    """A stage split into countries; ``rest`` is what no country row claims."""

    stage: str
    year: int
    basis: str
    rank: int
    denominator: str
    world_tonnes: float | None
    shares: Mapping[str, Share]
    rest: float
    rest_rows: tuple[str, ...] = ()
    total_rows: tuple[str, ...] = field(default=())

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows behind the split."""
        found = {row for share in self.shares.values() for row in share.rows}
        return tuple(sorted(found | set(self.rest_rows) | set(self.total_rows)))


def to_figures(
    answers: Iterable[QueryRecord], rule: Preferences | None = None
) -> list[OutputFigure]:
    """Convert answers of the query ``network-shares`` to figures, one a row."""
    grouped: dict[tuple[str, str], list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        grouped[answer["row"], answer["stage"]].append(answer)
    return [_figure(group, rule or Preferences()) for _, group in sorted(grouped.items())]


def _figure(group: list[QueryRecord], rule: Preferences) -> OutputFigure:
    best = min(group, key=lambda answer: answer.integer("rank"))
    return best.to(
        OutputFigure,
        tier=min(answer.integer("tier") for answer in group),
        published=max(answer["published"] for answer in group),
        preference=min(answer.maybe_integer("preference") or NO_RULE for answer in group),
        tonnes=_numbers(best, "tonnes", "tonnesLow", "tonnesHigh"),
        percent=_numbers(best, "percent", "percentLow", "percentHigh"),
        own_rule=any(answer.flag("ownRule") for answer in group),
        joint=tuple(filter(None, best.get("joint", "").split(";"))),
        roots=frozenset(answer["root"] for answer in group),
        kind=figure_words({answer["figureKind"] for answer in group}, best["proxyOf"]),
        rule=rule,
    )


def _numbers(answer: QueryRecord, *names: str) -> tuple[float | None, float | None, float | None]:
    value, low, high = (answer.number(name) if answer[name] else None for name in names)
    if value is None and (low is not None or high is not None):
        value = low if high is None else high if low is None else (low + high) / 2
    return value, low, high


def split_stage(
    figures: Iterable[OutputFigure], stage: str, year: int, *, exact: bool = False
) -> Split | None:
    """Split one stage into countries, by the newest year that is measured; None without a row."""
    here = [
        figure
        for figure in figures
        if figure.stage == stage
        and figure.rule.speaks(YEAR, year - figure.year)
        and (figure.tonnes[0] is not None or figure.percent[0] is not None)
    ]
    national = [figure for figure in here if not figure.total]
    for rank in sorted({figure.rank for figure in national}):
        of_rank = [figure for figure in here if figure.rank == rank]
        own = [figure for figure in of_rank if not figure.total]
        measured = {figure.year for figure in own if not figure.kind}
        years = sorted({f.year for f in own}, key=lambda year: (year not in measured, -year))
        years = [each for each in years if each == year or not exact]
        for candidate in years:
            split = _split_year(of_rank, stage, rank, candidate)
            if split is not None:
                return split
    return None


def _split_year(figures: list[OutputFigure], stage: str, rank: int, year: int) -> Split | None:
    groups: dict[tuple[str, str, bool], list[OutputFigure]] = defaultdict(list)
    for figure in figures:
        if figure.year == year:
            groups[figure.series, figure.basis, figure.is_share].append(figure)
    ranked = sorted(groups.values(), key=_preference)
    for group in ranked:
        split = _split_group(_with_own_rules(group, figures), stage, rank, year)
        if split is not None:
            return _with_ranges(split, figures, year)
    return None


def _with_own_rules(group: list[OutputFigure], figures: list[OutputFigure]) -> list[OutputFigure]:
    first = group[0]
    if all(figure.preference == NO_RULE for figure in group):
        return group
    own = [
        figure
        for figure in figures
        if figure.own_rule
        and (figure.year, figure.basis, figure.is_share)
        == (first.year, first.basis, first.is_share)
    ]
    places = {figure.place for figure in own}
    return [figure for figure in group if figure.place not in places] + own


def _preference(group: list[OutputFigure]) -> tuple[object, ...]:
    first = group[0]
    return first.rule.order(
        SERIES,
        {
            "measured-first": all(figure.kind for figure in group if not figure.total),
            "series-rank": min(figure.preference for figure in group),
            "more-countries": -len({figure.place for figure in group if not figure.total}),
            "better-tier": min(figure.tier for figure in group),
            "newer-source": _descending(max(figure.published for figure in group)),
            "name": (first.series, first.basis, first.is_share),
        },
    )


def _descending(text: str) -> tuple[int, ...]:
    return tuple(-ord(character) for character in text)


def _split_group(group: list[OutputFigure], stage: str, rank: int, year: int) -> Split | None:
    chosen: dict[str, OutputFigure] = {}
    for figure in sorted(group, key=_row_preference):
        chosen.setdefault(figure.place, figure)  # its rivals are the range
    countries = {place: figure for place, figure in chosen.items() if not figure.total}
    if not countries:
        return None
    share_rows = group[0].is_share
    numbers = {place: _number(figure) for place, figure in countries.items()}
    printed = chosen.get(WORLD)
    rest_row = chosen.get(REST)
    rest_number = _number(rest_row) if rest_row else 0.0
    line_sum = fsum(numbers.values()) + rest_number
    world = 100.0 if share_rows else _number(printed) if printed else 0.0
    if not world and len(countries) == 1:
        return None  # one country's tonnes and no world total: a share is not known
    over = line_sum > world * (1 + ROUNDING)
    total, denominator = (line_sum, "line sum") if over else (world, PRINTED_TOTAL)
    if share_rows and denominator == PRINTED_TOTAL:
        denominator = "world, as the share is printed"
    if not total:
        return None
    shares = {}
    for place, figure in sorted(countries.items()):
        value, (_, low, high) = numbers[place], figure.percent if share_rows else figure.tonnes
        shares[place] = Share(
            share=value / total,
            low=(value if low is None else low) / total,
            high=(value if high is None else high) / total,
            tonnes=None if share_rows else value,
            rows=(figure.row,),
            low_row=figure.row,
            high_row=figure.row,
            kind=figure.kind,
            figure=figure.figure,
        )
    return Split(
        stage=stage,
        year=year,
        basis=group[0].basis,
        rank=rank,
        denominator=denominator,
        world_tonnes=None if share_rows else total,
        shares=shares,
        rest=max(0.0, 1 - fsum(numbers.values()) / total),
        rest_rows=(rest_row.row,) if rest_row else (),
        total_rows=(printed.row,) if printed else (),
    )


def _row_preference(figure: OutputFigure) -> tuple[object, ...]:
    ends = figure.percent[1:] if figure.is_share else figure.tonnes[1:]
    return figure.rule.order(
        ROW,
        {
            "measured-first": bool(figure.kind),
            "printed-value": any(end is not None for end in ends),  # a range, not its middle
            "better-tier": figure.tier,
            "newer-source": _descending(figure.published),
            "name": figure.row,
        },
    )


def _number(figure: OutputFigure) -> float:
    value = figure.percent[0] if figure.is_share else figure.tonnes[0]
    return value or 0.0


def _with_ranges(split: Split, figures: list[OutputFigure], year: int) -> Split:
    """The split with what rival rows print as the ends of its shares."""
    rivals: dict[str, list[OutputFigure]] = defaultdict(list)
    for figure in figures:
        if figure.is_share and not figure.total and figure.rule.speaks(RANGE, year - figure.year):
            rivals[figure.place].append(figure)
    by_row = {figure.row: figure for figure in figures}
    shares = {}
    for place, share in split.shares.items():
        apart = _of_own_root(by_row[share.rows[0]], rivals[place])
        others = {rival.row: _against(rival, share) for rival in apart}
        ends = [(share.low, share.low_row), (share.high, share.high_row)]
        ends += [(number, row) for row, numbers in others.items() for number in numbers]
        (low, low_row), (high, high_row) = (end(ends, key=itemgetter(0)) for end in (min, max))
        shares[place] = replace(
            share,
            low=low,
            high=high,
            low_row=low_row,
            high_row=high_row,
            others=tuple(sorted(row for row, numbers in others.items() if numbers)),
        )
    return replace(split, shares=shares)


def _of_own_root(chosen: OutputFigure, rivals: list[OutputFigure]) -> list[OutputFigure]:
    """Leave out rows that repeat another of the same year: rows of one root count once."""
    counted = {(root, chosen.year) for root in chosen.roots}
    found = []
    for rival in sorted(rivals, key=_row_preference):
        said_by = {(root, rival.year) for root in rival.roots}
        if rival.row != chosen.row and not said_by & counted:
            found.append(rival)
            counted |= said_by
    return found


def _against(rival: OutputFigure, share: Share) -> list[float]:
    """The shares that a rival sets against one: a bound only what it forbids, a proxy none."""
    if "proxy" in rival.kind and "proxy" not in share.kind:
        return []
    numbers = [number / 100 for number in rival.percent if number is not None]
    if "lower bound" in rival.kind:
        numbers = [number for number in numbers if number > share.share]
    if "upper bound" in rival.kind:
        numbers = [number for number in numbers if number < share.share]
    return numbers

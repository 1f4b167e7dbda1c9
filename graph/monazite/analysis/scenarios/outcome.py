"""What a scenario leads to, month by month: what is supplied, what is not, and who stops.

Tonnes are of the product, in a month. Ends of a ``Span`` are None where no trial was made.
"""

from __future__ import annotations

from monazite.analysis.robustness.sampling import MonthSpan, Span
from monazite.core.results import Value

USERS, PLANTS, UNDER_WAY = "users", "plants", "under way"
"""Where a stock is: with those who use the product, with plants, or in transit between both."""


class MonthSupply(Value):
    """What a market is supplied of a product in a month, in tonnes."""

    month: str  #: as 2025-04
    market: str  #: its code; WLD is the world
    product: str  #: what is used
    wanted: Span  #: tonnes that users take, had they all they need
    supplied: Span  #: tonnes that they use, from what arrives and from their stocks
    short: Span  #: tonnes that they do without: wanted less supplied
    part_short: Span  #: the same as a part of what they want, 0 to 1, trial by trial


class UseTotal(Value):
    """What a market does without of a product over all months."""

    market: str  #: its code; WLD is the world
    product: str  #: what is used
    wanted: float  #: tonnes that users take over all months, had they all they need
    short: Span  #: tonnes that they do without
    part_short: Span  #: the same as a part of what they want, 0 to 1, trial by trial
    most_short: Span  #: the part that they do without in the worst month, of each trial its own
    #: last month in which more than next to nothing is lacking, of each trial its own
    until: MonthSpan


class MonthStock(Value):
    """What lies in a place at the end of a month."""

    month: str  #: as 2025-04
    place: str  #: code of the market or of the country of the plants
    where: str  #: users, plants or under way
    stage: str  #: whose product it is
    what: str  #: product, or element
    tonnes: Span  #: what lies there
    cover: Span  #: in months of the normal use of it there


class FirmsStopped(Value):
    """The part of the firms of a class that stand still in a month."""

    month: str  #: as 2025-04
    market: str  #: its code
    product: str  #: what they use
    days: float  #: of stock that firms of the class hold when all is well
    share: float  #: of the market's use that firms of the class take, 0 to 1
    stopped: Span  #: the part of the class that has nothing to work with, 0 to 1


class MonthLimit(Value):
    """What runs short in a month in which not all is supplied, at the value of every figure."""

    month: str  #: as 2025-04
    short: float  #: what the world does without, over what it wants, 0 to 1
    limits: tuple[str, ...]  #: what would bring back most of it: elements, borders or plants
    cut: tuple[str, ...]  #: codes of markets that do without, most tonnes first


class RuleInForce(Value):
    """A shock of the scenario, and what it lets pass month by month."""

    id: str  #: of the shock, its place in the file
    kind: str  #: of the shock
    label: str  #: in a few words
    policy: str  #: id of the policy it is read from; empty for none
    begins: str  #: first day
    ends: str  #: last day; empty where it stays
    #: month and the part that it lets pass, or leaves, or adds; only months in which it changes
    #: something
    passes: tuple[tuple[str, float], ...]
    rows: tuple[str, ...] = ()  #: keys of its records


class TrialsMade(Value):
    """Which random trials were made."""

    count: int  #: of the trials
    seed: int  #: of the trials; the same seed gives the same numbers
    rejected: int  #: trials that were left out


class ScenarioAsked(Value):
    """What was asked of a scenario: enough to ask it again."""

    name: str  #: of a scenario that is shipped, or of a reader's own file
    text: str  #: of the reader's own file; empty for one that is shipped
    markets: tuple[str, ...]  #: that were named; none for those of the file
    months: int | None  #: that were asked for; None for those of the file
    draws: int  #: random trials; 0 for none
    seed: int  #: of the trials

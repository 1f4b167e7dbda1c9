"""The backbone as a value: places, flows, controls and sites, with the report they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.findings.losses.result import Chokepoint, Chokepoints
from monazite.result import Value


@dataclass(frozen=True)
class PlaceSite(Value):
    """A site or a firm of a country at a stage.

    Attributes:
        id: its node in the network.
        label: its name.
        country: name of its country.
        code: of its country.
        status: operating, planned ... as the events leave it; not known where none says.
        sure: whether the events are sure of it.
        firm: whether it is a firm of which no site is known.
    """

    id: str
    label: str
    country: str
    code: str
    status: str
    sure: bool
    firm: bool = False


@dataclass(frozen=True)
class StagePlace(Value):
    """A country at a stage.

    Attributes:
        stage: of the chain.
        code: of the country or area; ``ROW`` is the rest of the world.
        label: its name.
        share: its part of the world's output at the stage, 0 to 1; None is not known.
        share_low: the least that figures print.
        share_high: the most.
        figure: what the share is where it is not measured: forecast.
        year: of the share.
        point: the line of the report that says what is lost if it fails; None where none does.
        sites: known sites and firms there.
    """

    stage: str
    code: str
    label: str
    share: float | None
    share_low: float | None
    share_high: float | None
    figure: str
    year: int | None
    point: Chokepoint | None
    sites: tuple[PlaceSite, ...]

    @property
    def id(self) -> str:
        """``stage/code``, as lines of the report have it."""
        return f"{self.stage}/{self.code}"

    @property
    def loss(self) -> float | None:
        """What is lost if it fails, 0 to 1."""
        return None if self.point is None else self.point.loss


@dataclass(frozen=True)
class PlaceFlow(Value):
    """What one place delivers to another, or to the market.

    Attributes:
        stage: of the seller.
        seller: code of who made it; empty where no figure says who.
        to: the stage of the buyer; ``use`` is the market.
        buyer: code of who uses it.
        tonnes: of the element, to the market of the product; None where no year is reconciled.
        part: of the world's output of the stage; to the market, of what that takes.
        controls: ids of the controls in force that cover it.
    """

    stage: str
    seller: str
    to: str
    buyer: str
    tonnes: float | None
    part: float | None
    controls: tuple[str, ...] = ()


@dataclass(frozen=True)
class ControlInForce(Value):
    """A control of exports in force on the day that covers a flow.

    Attributes:
        id: of the policy.
        title: its name.
        country: code of who issued it.
        state: its state on the day, in a word or two.
    """

    id: str
    title: str
    country: str
    state: str


@dataclass(frozen=True)
class Backbone(Value):
    """The countries that carry a chain to a market, and what flows between them.

    Attributes:
        report: what each number of losses is of.
        headline: the first sentence.
        first: id of the line that it speaks of; empty where none.
        subject: the element, as a sentence names it.
        product: what the market loses, in words.
        day: of the view; states of sites and of controls are of it.
        allowed: the time that losses allow, in words.
        stages: codes and names of the stages that are drawn, in order, without the market.
        places: by stage.
        flows: between them.
        controls: those that cover a flow.
        world_parts: what of all that each maker makes of the last product the market takes, by
            code.
        missing: what is not known, in sentences.
        ask: commands that ask for what is known instead.
    """

    report: Chokepoints
    headline: str
    first: str
    subject: str
    product: str
    day: str
    allowed: str
    stages: tuple[tuple[str, str], ...]
    places: tuple[StagePlace, ...]
    flows: tuple[PlaceFlow, ...]
    controls: tuple[ControlInForce, ...]
    world_parts: tuple[tuple[str, float], ...] = ()
    missing: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()

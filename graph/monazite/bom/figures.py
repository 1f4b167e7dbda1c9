"""The rare earths of a bill of materials as a value, with the maps and passports it may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monazite.bom.answers import STAGES
from monazite.bom.bill import ReadColumn
from monazite.bom.contents import ElementGrams, ElementTotal, grams_words
from monazite.bom.judged_lines import LineJudgement
from monazite.bom.lines import AssemblyTotal, ExposedLine, OpenQuestion
from monazite.bom.market_supply import ElementSupply, MarketLoss, SharedPlant
from monazite.bom.matching import BillMatch
from monazite.bom.questionnaire import AskedQuestion
from monazite.bom.stop_order import StoppingLine
from monazite.bom.stopping import Remedy
from monazite.bom.supply_paths import SupplyPath
from monazite.bom.value_shares import ValueShare
from monazite.core.formats import NOT_KNOWN
from monazite.core.results import Result, Value
from monazite.data.parameters import MAGNET


@dataclass(frozen=True)
class BillQuestion(Value):
    """The question of an exposure, without a name or a word of the bill."""

    market: str  #: where the product is used
    days: tuple[str, ...] = ()  #: on which rules are asked; none for the day of the view
    losses: bool = False  #: whether losses of the market were asked for
    redact: bool = False  #: whether names are hidden
    licence: str = ""  #: act whose licence was asked about; empty for none
    questionnaire: bool = False  #: whether it was asked what to ask whom
    record: str = ""  #: article whose record was asked for; empty for none
    passport: bool = False  #: whether passports of magnets were asked for
    files: tuple[str, ...] = ()  #: other files that were given, by the names of their options


@dataclass(frozen=True)
class ElementLoss(MarketLoss):
    """What the market would lose of the products of an element, by the model of its flows."""

    element: str  #: symbol
    failure: str  #: what stops, of the largest loss
    year: int | None  #: of the flows
    remark: str = ""  #: why it is weak or not known; empty where it is neither


BY_ANSWER, BY_BILL, BY_PUBLIC, BY_NOBODY = "answer", "bill", "public information", NOT_KNOWN
KNOWN_BY = (BY_ANSWER, BY_BILL, BY_PUBLIC, BY_NOBODY)
MAPPED = (*STAGES, MAGNET)


@dataclass(frozen=True)
class PublicStage(Value):
    """Who leads a stage of an element in the world, by public records."""

    country: str
    share: float | None  #: of the world, 0 to 1; None where it is not printed
    year: int  #: of the share
    hhi: float | None  #: concentration of the stage, 0 to 10,000; None where it is not known
    rows: tuple[str, ...]  #: that say so


@dataclass(frozen=True)
class MappedStage(Value):
    """Where a stage of an element of a line lies."""

    sheet_row: int
    name: str  #: of the part, as the line shows it
    element: str  #: symbol
    low: float  #: grams in one product
    high: float  #: grams in one product
    stage: str  #: mine, separation, metal, alloy or magnet
    countries: tuple[str, ...]  #: codes, all of them where several
    known_by: str  #: answer, bill, public information or not known
    #: what public records say, where they stand in for an answer; None elsewhere
    public: PublicStage | None = None


@dataclass(frozen=True)
class MassCoverage(Value):
    """For which part of the mass of an element it is known where a stage lies, and by what."""

    element: str  #: symbol
    stage: str  #: mine, separation, metal, alloy or magnet
    #: parts of the grams, 0 to 1, by what they are known; a range of grams counts by its middle
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Article24Map(Value):
    """The map of a product."""

    day: str  #: on which the article was asked about
    outcome: str  #: whether it asks this company for the map: caught, may, not or not judged
    elements: tuple[str, ...]  #: strategic rare earths that the product holds
    stages: tuple[MappedStage, ...]  #: of each element of each line
    coverage: tuple[MassCoverage, ...]  #: by element and stage
    #: per cent that sources answered to be recycled, by row of the sheet
    recycled: Mapping[str, float]
    #: names of the rules that may catch lines, with how many they catch and may catch
    acts: Mapping[str, tuple[int, int]]
    single_sources: tuple[int, ...]  #: rows of lines that one source supplies alone
    unanswered: tuple[AskedQuestion, ...]  #: requests that were not answered
    #: rows of lines that are or may be magnets, and of which no grams are known
    left_out: tuple[int, ...]


@dataclass(frozen=True)
class MagnetPassport(Value):
    """What is known of a magnet of a product."""

    sheet_row: int
    name: str  #: of the part, as the line shows it
    pieces: float  #: in one product
    kind: str  #: type of magnet, a code of the scheme ``magnet-type``
    material: str  #: its name
    mass: float | None  #: grams of a piece; None where it is not known
    contents: tuple[ElementGrams, ...]  #: of each element, with ranges, kind of evidence and rows
    coating: str  #: empty where it is not known
    seat: str  #: where in the product it sits: by an answer, or by what the bill builds it into
    recycled: float | None  #: per cent of its rare earths; None where it is not known
    #: whether each of the two articles asks for it, by the code of the rule
    asked: Mapping[str, str]


HAVE, MISSING, NOT_OURS = "have", "missing", "not ours"
THEIRS = frozenset({"exporter", "authority"})  # who gives what a buyer has not to bring


@dataclass(frozen=True)
class LicenceDocument(Value):
    """A document that a licence asks for."""

    id: str  #: key of its row, by which a profile names it
    document: str  #: what it is
    given_by: str  #: who gives it
    forms: tuple[str, ...]  #: original, copy or system
    translated: bool  #: whether with a Chinese translation
    layer: str  #: text, guidance or practice
    since: str  #: from when it is asked for, as printed; empty where no row says
    state: str  #: have, missing or not ours
    row: str  #: that says so


@dataclass(frozen=True)
class ExposureFigures(Result):
    """The figures of an exposure, of which its sentences and tables are made."""

    product: str  #: its name
    market: str  #: code of the market where it is used
    market_label: str
    lines: tuple[ExposedLine, ...]  #: of the bill, in its order
    elements: tuple[ElementTotal, ...]  #: grams in one product, by element
    assemblies: tuple[AssemblyTotal, ...]  #: the same grams by the parts right below the product
    matches: tuple[BillMatch, ...]  #: what each text was taken for
    questions: tuple[OpenQuestion, ...]  #: what to ask, the answer that settles most first
    columns: tuple[ReadColumn, ...] = ()  #: what each column of the bill was taken for
    reading: tuple[str, ...] = ()  #: how the bill was read and what was passed over, in sentences
    losses: tuple[ElementLoss, ...] = ()  #: of the market, by element, where they were asked for
    days: tuple[str, ...] = ()  #: on which rules were asked about the lines
    judgements: tuple[LineJudgement, ...] = ()  #: what rules make of the lines on these days
    licence_of: str = ""  #: name of the act whose licence was asked about; empty for none
    licence: tuple[LicenceDocument, ...] = ()  #: the documents that it asks for
    questionnaire: tuple[AskedQuestion, ...] = ()  #: what to ask whom, where that was asked for
    map_24: Article24Map | None = None  #: the map that CRMA 24 asks for, where that was asked for
    #: what CRMA 28 and 29 ask to be told of each magnet, where that was asked for
    passports: tuple[MagnetPassport, ...] = ()
    #: the lines in the order in which they stop the product, where losses were asked for
    stops: tuple[StoppingLine, ...] = ()
    #: of each element of the lines, who supplies the market at each stage
    supplies: tuple[ElementSupply, ...] = ()
    #: from the suppliers of the bill back towards the mines; none where names are hidden
    paths: tuple[SupplyPath, ...] = ()
    #: plants behind several suppliers; without names where names are hidden
    shared: tuple[SharedPlant, ...] = ()
    remedies: tuple[Remedy, ...] = ()  #: what would help, with its effect
    #: part of the value of a piece that its rare earths make up
    value_shares: tuple[ValueShare, ...] = ()
    paths_known: int = 0  #: how many paths records give, also where names are hidden
    #: what was asked; None where a finding was called without a view
    asked: BillQuestion | None = field(default=None, compare=False)


def all_grams(grams: Iterable[ElementGrams | ElementTotal]) -> str:
    """Return the grams of each element, in one line."""
    return "; ".join(f"{each.element} {grams_words(each.low, each.high)}" for each in grams)

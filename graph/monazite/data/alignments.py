"""What corresponds to what elsewhere: the SSSOM file, and what vocabulary and tables already say.

``alignments.sssom.tsv`` (Simple Standard for Sharing Ontological Mappings) holds what somebody
judged. Those of the vocabulary, schemes, tables and ``mz:idSpace`` are derived here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from monazite.core.errors import Fault, FaultyTablesError, UnknownNameError, did_you_mean
from monazite.core.formats import counted
from monazite.data.columns import Schema
from monazite.data.iris import BASE, NS, PREFIXES, entity_iri, local_name
from monazite.data.reader import Row

FILE = "alignments.sssom.tsv"
_CELLS = (
    "subject_id predicate_id predicate_modifier object_id object_label mapping_justification "
    "confidence comment"
)
COLUMNS = tuple(_CELLS.split())
_SKOS, _RDFS = PREFIXES["skos"], PREFIXES["rdfs"]
_SEMAPV = "https://w3id.org/semapv/vocab/"
EXACT = _SKOS + "exactMatch"
PREDICATES = (
    *(_SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch")),
    *(_SKOS + "relatedMatch", _RDFS + "subClassOf", _RDFS + "subPropertyOf"),
)
_MANUAL, _LEXICAL, _READ = (
    _SEMAPV + name for name in ("ManualMappingCuration", "LexicalMatching", "UnspecifiedMatching")
)


@dataclass(frozen=True)
class Alignment:
    """One correspondence; a negative one says that it does not hold.

    Attributes:
        subject: IRI of our term.
        predicate: IRI of the relation.
        object: IRI of the term elsewhere.
        negative: whether it must not be taken for it.
        object_label: its name there.
        justification: how it was made, a term of SEMAPV.
        confidence: 0 to 1.
        comment: why, or under which limits.
        origin: file or table that holds it.
    """

    _json = (
        "subject predicate object negative object_label justification confidence=part comment "
        "origin"
    )

    subject: str
    predicate: str
    object: str
    negative: bool = False
    object_label: str = ""
    justification: str = _MANUAL
    confidence: Decimal = Decimal(1)
    comment: str = ""
    origin: str = FILE

    @property
    def part(self) -> float:
        """The confidence as a number, 0 to 1."""
        return float(self.confidence)

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """What makes two alignments the same."""
        return (self.subject, self.predicate, self.object, self.negative)


def read_prefixes(ontology: Path) -> dict[str, str]:
    """Return the prefixes of the SSSOM file, from its ``curie_map``."""
    return _prefixes(read_header(ontology))


def read_header(ontology: Path) -> list[str]:
    """Return the lines of metadata at the head of the SSSOM file."""
    return [line for line in _lines(ontology) if line.startswith("#")]


def read_alignments(ontology: Path) -> list[Alignment]:
    """Read the SSSOM file of an ontology folder; a folder without one has none."""
    header = read_header(ontology)
    prefixes = _prefixes(header)
    rows = [line.split("\t") for line in _lines(ontology)[len(header) :]]
    if not rows:
        return []
    if tuple(rows[0]) != COLUMNS:
        what = f"the columns are not {', '.join(COLUMNS)}"
        raise FaultyTablesError([Fault(FILE, len(header) + 1, what, "write them in this order")])
    faults: list[Fault] = []
    found = []
    for number, row in enumerate(rows[1:], len(header) + 2):
        wrong = list(_faults(row, prefixes))
        faults += [Fault(FILE, number, what, fix) for what, fix in wrong]
        if not wrong:
            found.append(_alignment(row, prefixes))
    if faults:
        raise FaultyTablesError(faults)
    return found


def derive_alignments(schema: Schema, rows: Iterable[Row]) -> Iterator[Alignment]:
    """Yield what the vocabulary, the schemes and the tables say of things elsewhere."""
    spaces: dict[str, str] = {}
    for triple in schema.vocabulary:
        subject = str(getattr(triple.subject, "value", ""))
        value = str(getattr(triple.object, "value", ""))
        predicate = triple.predicate.value
        if predicate == NS + "idSpace":
            spaces[subject] = value
        elif predicate in PREDICATES and subject.startswith(BASE) and not value.startswith(BASE):
            origin = "monazite.ttl" if subject.startswith(NS) else "schemes"
            yield Alignment(subject, predicate, value, origin=origin)
    for row in rows:
        yield from _of_row(row, schema, spaces)


def all_alignments(ontology: Path, schema: Schema, rows: Iterable[Row]) -> list[Alignment]:
    """Return curated and derived alignments together, sorted, each once."""
    found = {each.key: each for each in derive_alignments(schema, rows)}
    found.update((each.key, each) for each in read_alignments(ontology))
    return [found[key] for key in sorted(found)]


def short(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the shortest ``prefix:name`` of an IRI, or the IRI."""
    fits = [
        f"{name}:{iri.removeprefix(start)}"
        for name, start in prefixes.items()
        if iri.startswith(start) and iri != start
    ]
    return min(fits, key=lambda text: (len(text), text), default=iri)


def find_alignments(
    alignments: Iterable[Alignment], term: str, prefixes: Mapping[str, str]
) -> list[Alignment]:
    """Return the alignments of a term: ours by name, theirs by ``prefix:name``, or any by IRI."""
    named: dict[str, list[Alignment]] = {}
    for each in alignments:
        ours = {each.subject, short(each.subject, prefixes), local_name(each.subject)}
        for name in sorted(ours | {each.object, short(each.object, prefixes)}):
            named.setdefault(name, []).append(each)
    folded = [name for name in named if name.casefold() == term.casefold()]
    found = named.get(term) or [each for name in folded for each in named[name]]
    if not found:
        fix = did_you_mean(term, named) or "monazite alignments without a name lists them all."
        raise UnknownNameError(f'No alignment speaks of "{term}"; {fix}')
    return found


def _of_row(row: Row, schema: Schema, spaces: Mapping[str, str]) -> Iterator[Alignment]:
    table = schema.tables[row.table]
    if not table.id_path:
        return
    subject = entity_iri(table.id_path, row.key)
    made = Alignment(subject, EXACT, "", origin=row.table, confidence=Decimal("0.9"))
    if table.class_iri in spaces:
        target = spaces[table.class_iri] + row.key
        yield replace(made, object=target, justification=_LEXICAL)
    for column in table.columns:
        if column.path in spaces:
            for cell in row.cells.get(column.name, ()):
                yield replace(made, object=spaces[column.path] + cell.text, justification=_READ)


def _lines(ontology: Path) -> list[str]:
    try:
        return (ontology / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        what = f"cannot be read: {error}"
        raise FaultyTablesError([Fault(FILE, 0, what, "save it as UTF-8")]) from None


def _prefixes(header: list[str]) -> dict[str, str]:
    """Read the block under ``curie_map``: SSSOM writes its metadata as YAML behind ``#``."""
    found: dict[str, str] = {}
    inside = False
    for line in header:
        if not line.startswith("#  "):
            inside = line == "#curie_map:"
        elif inside:
            name, _, iri = line[3:].partition(": ")
            found[name] = iri.strip()
    return found


def _faults(row: list[str], prefixes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if len(row) != len(COLUMNS):
        what = f"{counted(len(row), 'field')} instead of {len(COLUMNS)}"
        yield what, "one tab between two fields"
        return
    cells = dict(zip(COLUMNS, row, strict=True))
    for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        prefix, colon, name = cells[column].partition(":")
        if not colon or not name or prefix not in prefixes:
            fix = did_you_mean(prefix, prefixes) or "put its prefix into curie_map"
            yield f'{column} "{cells[column]}" has no known prefix', fix
    prefix, _, name = cells["predicate_id"].partition(":")
    if prefixes.get(prefix, "") + name not in PREDICATES:
        fix = "take a match of SKOS, rdfs:subClassOf or rdfs:subPropertyOf"
        yield f'predicate_id "{cells["predicate_id"]}" is no alignment', fix
    if cells["predicate_modifier"] not in {"", "Not"}:
        yield f'predicate_modifier is "{cells["predicate_modifier"]}"', "write Not, or nothing"
    if not _is_share(cells["confidence"]):
        yield f'confidence "{cells["confidence"]}" is no number from 0 to 1', "write 0.8"


def _is_share(text: str) -> bool:
    try:
        return 0 <= Decimal(text) <= 1
    except InvalidOperation:
        return False


def _alignment(row: list[str], prefixes: Mapping[str, str]) -> Alignment:
    def whole(curie: str) -> str:
        prefix, _, name = curie.partition(":")
        return prefixes[prefix] + name

    subject, predicate, modifier, target, label, justification, confidence, comment = row
    triple = whole(subject), whole(predicate), whole(target)
    why = whole(justification), Decimal(confidence), comment
    return Alignment(*triple, modifier == "Not", label, *why)

"""What corresponds to what elsewhere: the SSSOM file, and what vocabulary and tables already say.

``alignments.sssom.tsv`` (Simple Standard for Sharing Ontological Mappings) holds what somebody
judged. Those of the vocabulary, schemes, tables and ``mz:idSpace`` are derived here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import groupby
from pathlib import Path

from monazite.core.columns import Column, table
from monazite.core.errors import Fault, FaultyTablesError, UnknownNameError, did_you_mean
from monazite.core.formats import counted
from monazite.core.results import Result, Struct
from monazite.core.tables import Table
from monazite.data.columns import Schema
from monazite.data.iris import BASE, NS, PREFIXES, entity_iri, local_name
from monazite.data.reader import Row

FILE = "alignments.sssom.tsv"
COLUMNS = (
    *("subject_id", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "confidence", "comment"),
)
_SKOS, _RDFS = PREFIXES["skos"], PREFIXES["rdfs"]
EXACT = _SKOS + "exactMatch"
PREDICATES = (
    *(f"{_SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")),
    *(_RDFS + "subClassOf", _RDFS + "subPropertyOf"),
)
_MANUAL, _LEXICAL, _READ = (
    f"https://w3id.org/semapv/vocab/{name}"
    for name in ("ManualMappingCuration", "LexicalMatching", "UnspecifiedMatching")
)


class Alignment(Struct):
    """One correspondence; a negative one says that it does not hold."""

    _json = (
        "subject predicate object negative object_label justification confidence=part comment "
        "origin"
    )

    subject: str  #: IRI of our term
    predicate: str  #: IRI of the relation
    object: str  #: IRI of the term elsewhere
    negative: bool = False  #: whether it must not be taken for it
    object_label: str = ""  #: its name there
    justification: str = _MANUAL  #: how it was made, a term of SEMAPV
    confidence: Decimal = Decimal(1)  #: 0 to 1
    comment: str = ""  #: why, or under which limits
    origin: str = FILE  #: file or table that holds it

    @property
    def part(self) -> float:
        """The confidence as a number, 0 to 1."""
        return float(self.confidence)

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """What makes two alignments the same."""
        return (self.subject, self.predicate, self.object, self.negative)


def read_prefixes(ontology: Path) -> dict[str, str]:
    """Return the prefixes of the SSSOM file: the block ``curie_map`` of its YAML behind ``#``."""
    found: dict[str, str] = {}
    inside = False
    for line in read_header(ontology):
        if not line.startswith("#  "):
            inside = line == "#curie_map:"
        elif inside:
            name, _, iri = line[3:].partition(": ")
            found[name] = iri.strip()
    return found


def read_header(ontology: Path) -> list[str]:
    """Return the lines of metadata at the head of the SSSOM file."""
    return [line for line in _lines(ontology) if line.startswith("#")]


def read_alignments(ontology: Path) -> list[Alignment]:
    """Read the SSSOM file of an ontology folder; a folder without one has none."""
    header, prefixes = read_header(ontology), read_prefixes(ontology)
    rows = [line.split("\t") for line in _lines(ontology)[len(header) :]]
    if rows and tuple(rows[0]) != COLUMNS:
        what = f"the columns are not {', '.join(COLUMNS)}"
        raise FaultyTablesError([Fault(FILE, len(header) + 1, what, "write them in this order")])

    def whole(curie: str) -> str:
        prefix, _, name = curie.partition(":")
        return prefixes[prefix] + name

    if faults := [
        Fault(FILE, number, what, fix)
        for number, row in enumerate(rows[1:], len(header) + 2)
        for what, fix in _faults(row, prefixes)
    ]:
        raise FaultyTablesError(faults)
    found = []
    for subject, predicate, modifier, target, label, justification, confidence, comment in rows[1:]:
        triple = whole(subject), whole(predicate), whole(target)
        why = whole(justification), Decimal(confidence), comment
        found.append(Alignment(*triple, modifier == "Not", label, *why))
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
    try:
        is_share = 0 <= Decimal(cells["confidence"]) <= 1
    except InvalidOperation:
        is_share = False
    if not is_share:
        yield f'confidence "{cells["confidence"]}" is no number from 0 to 1', "write 0.8"


_OWN = {
    "dcterms": "http://purl.org/dc/terms/",
    "mz": PREFIXES["mz"],
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": PREFIXES["rdfs"],
    "void": "http://rdfs.org/ns/void#",
}
_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_TITLE = "Alignments of the Monazite vocabulary and its entities"
_ABOUT = (
    "Written by the command monazite alignments. What somebody judged stands in "
    "alignments.sssom.tsv, with confidence and reason; the rest follows from the vocabulary, the "
    "schemes and the tables. Correspondences are matches, nothing is owl:sameAs; what must not be "
    "taken for each other is a negative assertion."
)


class Alignments(Result):
    """What corresponds to what elsewhere; it has a length and iterates over the alignments."""

    records_key = "alignments"
    _json = "alignments"

    alignments: tuple[Alignment, ...]  #: sorted; of one term, or all
    prefixes: Mapping[str, str]  #: prefix and IRI of the vocabularies
    header: tuple[str, ...] = ()  #: the metadata of the curated SSSOM file
    term: str | None = None  #: of which the alignments are; None for all

    def __len__(self) -> int:
        return len(self.alignments)

    def __iter__(self) -> Iterator[Alignment]:
        return iter(self.alignments)

    def headline(self) -> str:
        """Return how many there are, and of what."""
        return f"{len(self)}" + ("" if self.term is None else f" of {self.term}")

    def tables(self) -> list[Table]:
        """Return one table, IRIs with their prefixes."""
        columns = (
            Column("ours", lambda each: short(each.subject, self.prefixes)),
            Column("is", lambda each: "not " * each.negative + local_name(each.predicate)),
            Column("theirs", lambda each: short(each.object, self.prefixes)),
            Column("label", "object_label", spare=2),
            Column("confidence", "confidence", right=True),
            Column("from", "origin", spare=1),
            Column("remark", "comment"),
        )
        return [table("", self.alignments, columns)]

    def to_turtle(self) -> str:
        """Return the alignments as Turtle, with negative assertions for what is none.

        Returns:
            The text; only prefixes that are used are declared.

        >>> import monazite
        >>> monazite.load().alignments("Policy").to_turtle()[:7]
        '@prefix'
        """
        known = {**self.prefixes, **_OWN}
        blocks = [
            f"{curie(BASE + 'alignments', known)} a owl:Ontology ;\n"
            f"  dcterms:title {literal(_TITLE)} ;\n"
            f"  dcterms:description {literal(_ABOUT)} ;\n"
            f"  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .\n"
        ]
        holds = [each for each in self.alignments if not each.negative]
        for subject, group in groupby(holds, key=lambda each: each.subject):
            pairs = [f"{curie(x.predicate, known)} {curie(x.object, known)}" for x in group]
            blocks.append(f"{curie(subject, known)} " + " ;\n  ".join(pairs) + " .\n")
        blocks += _linksets(holds, known)
        blocks += [_negative(each, known) for each in self.alignments if each.negative]
        body = "\n".join(blocks)
        used = {name: iri for name, iri in known.items() if re.search(rf"(?m)(^|\s){name}:", body)}
        head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(used.items()))
        return f"{head}\n{body}"

    def to_sssom(self) -> str:
        """Return the alignments as a TSV file with its metadata.

        Returns:
            The text: metadata as remarks, a line for the columns and one for each alignment.

        References:
            N. Matentzoglu et al., A Simple Standard for Sharing Ontological Mappings (SSSOM),
            Database 2022, baac035.
        """
        lines = [*self.header, "\t".join(COLUMNS)]
        for each in self.alignments:
            iris = (each.subject, each.predicate, each.object, each.justification)
            subject, predicate, target, justification = (short(x, self.prefixes) for x in iris)
            told = (target, each.object_label, justification, str(each.confidence), each.comment)
            lines.append("\t".join((subject, predicate, "Not" if each.negative else "", *told)))
        return "\n".join(lines) + "\n"


def _linksets(holds: Iterable[Alignment], prefixes: Mapping[str, str]) -> Iterator[str]:
    """What links the data set to each vocabulary elsewhere, by each predicate: how many links."""
    counted: Counter[tuple[str, str]] = Counter()
    for each in holds:
        name, colon, _ = short(each.object, prefixes).partition(":")
        if colon and name in prefixes:
            counted[name, each.predicate] += 1
    for (name, predicate), links in sorted(counted.items()):
        own = f"<{BASE}alignments#{name}-{local_name(predicate)}>"
        yield (
            f"{own} a void:Linkset ;\n"
            f"  void:subjectsTarget <{BASE}dataset> ;\n"
            f"  void:objectsTarget <{prefixes[name]}> ;\n"
            f"  void:linkPredicate {curie(predicate, prefixes)} ;\n"
            f"  void:triples {links} .\n"
        )


def _negative(each: Alignment, prefixes: Mapping[str, str]) -> str:
    return (
        "[] a owl:NegativePropertyAssertion ;\n"
        f"  owl:sourceIndividual {curie(each.subject, prefixes)} ;\n"
        f"  owl:assertionProperty {curie(each.predicate, prefixes)} ;\n"
        f"  owl:targetIndividual {curie(each.object, prefixes)} ;\n"
        f"  rdfs:comment {literal(each.comment)} .\n"
    )


def curie(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI as Turtle writes it: ``prefix:name`` where the name needs no escape."""
    text = short(iri, prefixes)
    return text if text != iri and _LOCAL.fullmatch(text.partition(":")[2]) else f"<{iri}>"


def literal(text: str, language: str = "en") -> str:
    """Return a text as a Turtle literal."""
    return f'"{text.translate(_ESCAPES)}"' + (f"@{language}" if language else "")

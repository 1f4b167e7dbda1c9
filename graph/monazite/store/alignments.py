"""Alignments as a result, as Turtle and as SSSOM: ``ontology/alignments.ttl`` is written here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from monazite.core.columns import Column, table
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.data.alignments import COLUMNS, Alignment, short
from monazite.data.iris import BASE, PREFIXES, local_name

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


@dataclass(frozen=True)
class Alignments(Result):
    """What corresponds to what elsewhere; it has a length and iterates over the alignments.

    Attributes:
        alignments: sorted; of one term, or all.
        prefixes: prefix and IRI of the vocabularies.
        header: the metadata of the curated SSSOM file.
        term: of which the alignments are; None for all.
    """

    records_key: ClassVar[str] = "alignments"
    _json = "alignments"

    alignments: tuple[Alignment, ...]
    prefixes: Mapping[str, str]
    header: tuple[str, ...] = ()
    term: str | None = None

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
        return to_turtle(self.alignments, self.prefixes)

    def to_sssom(self) -> str:
        """Return the alignments as a TSV file with its metadata.

        Returns:
            The text: metadata as remarks, a line for the columns and one for each alignment.

        References:
            N. Matentzoglu et al., A Simple Standard for Sharing Ontological Mappings (SSSOM),
            Database 2022, baac035.
        """
        return to_sssom(self.alignments, self.prefixes, self.header)


def to_turtle(alignments: Sequence[Alignment], prefixes: Mapping[str, str]) -> str:
    """Return alignments as Turtle: one triple each, and a negative assertion for what is none."""
    known = {**prefixes, **_OWN}
    blocks = [
        f"{curie(BASE + 'alignments', known)} a owl:Ontology ;\n"
        f"  dcterms:title {literal(_TITLE)} ;\n"
        f"  dcterms:description {literal(_ABOUT)} ;\n"
        f"  dcterms:license <https://creativecommons.org/licenses/by/4.0/> .\n"
    ]
    holds = [each for each in alignments if not each.negative]
    for subject, group in groupby(holds, key=lambda each: each.subject):
        pairs = [f"{curie(each.predicate, known)} {curie(each.object, known)}" for each in group]
        blocks.append(f"{curie(subject, known)} " + " ;\n  ".join(pairs) + " .\n")
    blocks += _linksets(holds, known)
    blocks += [_negative(each, known) for each in alignments if each.negative]
    body = "\n".join(blocks)
    used = {name: iri for name, iri in known.items() if re.search(rf"(?m)(^|\s){name}:", body)}
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(used.items()))
    return f"{head}\n{body}"


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
    lines = [
        "[] a owl:NegativePropertyAssertion",
        f"owl:sourceIndividual {curie(each.subject, prefixes)}",
        f"owl:assertionProperty {curie(each.predicate, prefixes)}",
        f"owl:targetIndividual {curie(each.object, prefixes)}",
        f"rdfs:comment {literal(each.comment)}",
    ]
    return " ;\n  ".join(lines) + " .\n"


def to_sssom(
    alignments: Iterable[Alignment], prefixes: Mapping[str, str], header: Sequence[str]
) -> str:
    """Return alignments as SSSOM, with the header of the curated file."""
    lines = [*header, "\t".join(COLUMNS)]
    for each in alignments:
        cells = (
            short(each.subject, prefixes),
            short(each.predicate, prefixes),
            "Not" if each.negative else "",
            short(each.object, prefixes),
            each.object_label,
            short(each.justification, prefixes),
            str(each.confidence),
            each.comment,
        )
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n"


def curie(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return an IRI as Turtle writes it: ``prefix:name`` where the name needs no escape."""
    text = short(iri, prefixes)
    return text if text != iri and _LOCAL.fullmatch(text.partition(":")[2]) else f"<{iri}>"


def literal(text: str, language: str = "en") -> str:
    """Return a text as a Turtle literal."""
    return f'"{text.translate(_ESCAPES)}"' + (f"@{language}" if language else "")

"""The public promise: names, signatures and fields do not change without a word in the changelog.

What is promised stands below, literally. After a change that CONTRIBUTING.md allows, write it anew
with ``MONAZITE_UPDATE_API=1``, and say in the changelog what changes for the reader.
"""

from __future__ import annotations

import os
import re
import textwrap
from pathlib import Path

from tests.reference_pages import build

PROMISED = """
monazite.check(folder: Path | str | None = None, *, reference: bool = False) -> Report
monazite.graph(network: nx.MultiDiGraph[Any], path: Path, *, findings: Chokepoints | None =
    None, title: str | None = None) -> None
monazite.load(*, valid: str | None = None, known: str | None = None, tier: int | None = None,
    without: Iterable[str] = (), data: Path | str | None = None, reason: bool = False, ontology:
    Path | str | None = None, cache: bool = True, step: Step = do_nothing) -> View
monazite.reference(ontology: Path | str | None = None) -> str
View.alignments(term: str | None = None) -> Alignments
View.ask(words: str = '', group: str = '') -> FoundQuestions
View.balance(element: str = 'MREE', *, year: int | None = None) -> Balance
View.brief(element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str
    = 'outage', approval: float = 0.5, year: int | None = None) -> Brief
View.chokepoints(element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run',
    event: str = 'outage', approval: float = 0.5, year: int | None = None, top: int | None =
    None, network: Network | None = None) -> Chokepoints
View.claims(*, cache: bool = True) -> tuple[Claim, ...]
View.conflicts(name: str | None = None) -> list[Conflict]
View.cuts(element: str = 'MREE', market: str = 'WLD', *, k: int = 2, left: float = 0.1) -> Cuts
View.describe() -> dict[str, object]
View.export(format: str, name: str | None = None, *, element: str | None = None, market: str |
    None = None, progress: Progress | None = None) -> bytes | dict[str, bytes]
View.figure(kind: str, element: str = 'MREE', market: str = 'WLD', *, year: int | None = None,
    horizon: str = 'short-run', event: str = 'outage', width: float | None = None) -> Figure
View.info(element: str = 'MREE') -> DatasetDescription
View.line() -> str
View.network(element: str = 'MREE', market: str = 'WLD') -> Network
View.parents(name: str) -> Parents
View.query(question: str | NamedQuery, /, *, reason: bool = False, timeout: float = 30.0,
    max_rows: int = 100000, **given: str) -> Answer
View.reason() -> Self
View.rows() -> list[Row]
View.sources(rows: Iterable[str]) -> dict[str, str]
View.timeline(name: str | None = None, *, stage: str | None = None) -> Timeline
View.with_evidence(network: Network, findings: Chokepoints | None = None) -> Network
View: cached, data, dataset, filters, known, ontology, reasoned, schema, store, summary, tier,
    valid, without
Addition: site, label, country, stage, what, tonnes, kind, start, rows
Alignment: subject, predicate, object, negative, object_label, justification, confidence,
    comment, origin, key
Alignments: alignments, prefixes, header, term, to_sssom, to_turtle
Alternative: text, left
Amount: value, low, high, rows, assumptions, at, less, name, times
Answer: variables, rows, name, dicts, records, texts, to_tsv, to_turtle
Assumption: row, text, value, low, high, unit, reason
Balance: element, title, year, lines, labels, closings, alternatives, traded, assumptions, notes
Base: year, product, unit, served, horizon, trade, throughput, new_pairs, event, approval,
    unexplained, outside, rows, market_rows
Brief: title, question, answer, parts, sources, rows, day, command, view
BriefLine: cells, notes
BriefPart: id, heading, sentences, columns, lines, remarks, right
Cell: text, language, iri
Chokepoint: rank, id, label, kind, stage, country, event, loss, loss_low, loss_high, alone,
    limited_by, limited_at, dominator, in_minimum_cut, routes_without, betweenness, share,
    coverage, basis, year, rows, assumptions, remark, note, range_rows
Chokepoints: view, element, title, market, market_label, stages, chokepoints, assumptions,
    notes, base, stocks, built, built_remarks
Claim: row, speaker, role, actor, subject, date_from, date_until, stance, statement, numbers,
    sources, responses, links, cards, counted, id, time, verdict
ClaimLink: relation, reason, fact, row, card
Closing: stage, made, taken, left, low, high, reconciled, used
Conflict: kind, table, fact, difference, measure, lines, mentions, rows
ConflictLine: row, text, value, low, high, basis, defined, year, sources, stands, remark
CountedSource: tier, published
CutSet: members, labels, supply, left, rows
Cuts: view, element, market, fewest, least, sets, worst, k, left, bound, complete, assumptions,
    notes
DatasetDescription: title, inventory, element, tiers, to_turtle, view_record
DatasetTitle: iri, title, description, issued, licence
Drawable: alt, pixels, svg, title
FacilityEvent: row, facility, event, label, state, printed, earliest, latest, stage, part,
    detail, tier
Fault: file, line, what, fix
Figure: kind, picture, view_line, alt, png, title
FoundQuestions: questions, missing, exactly, words, near
Happening: kind, date, earliest, latest, subject, what, short, rows, edge, event, until,
    until_earliest, until_latest, note, sources, begins, certainty, ends, sentence
Holder: id, label, percent, certainty, row, until
Holding: owned, owner, percent, status, in_place, gives_control, certainty, begins, ends, note,
    row, controls
Inventory: tables, tiers, ages, coverage, statistics, rows, sources
Life: facility, label, country, day, state, certainty, others, stages, owners, owners_before,
    operators, last_event, rows
NamedQuery: name, title, group, about, parameters, example, text, bound
NumberedSource: number, id, publisher, title, published, tier, url, rows
Operator: id, label, stage, certainty, row
OwnershipChain: links, certainty, percent_high, percent_low
OwnershipLink: owned, owned_label, owner, owner_label, country, control, certainty, holdings,
    percents, rows
Parameter: name, type, default, optional, about
Parents: entity, label, day, tops, certainty, chains, others, circles, operators, remarks, rows
Report: faults, counts, ok
Response: by, stance, text, row
Result: view, assumptions, notes, sources, content, csv_tables, headline, records_key, row_keys,
    tables, to_csv, to_dataframe, to_dict, to_json, to_text
Row: table, key, file, line, cells, text
RowCard: row, table, text, time, note, sources, cells, identity, directed, perhaps
Says: tier, newest, id, publisher, published, root, author, known
Sentence: text, notes
SourceCount: group, sources, facts
SourceLine: id, publisher, title, published, tier, url
StageCoverage: stage, coverage, basis, year
StageLine: stage, country, made, how, year, imports, exports, needed, scrap, used, left,
    left_range, taken
StageShares: stage, coverage, leader, share, hhi, denominator, basis, year, rows, note,
    share_low, share_high, hhi_low, hhi_high, range_rows
StageState: stage, state, certainty, others, rows
Statistics: quads, triples, subjects, tables, classes, properties, sources, evidence
Stock: holder, country, material_label, days, low, high, as_of, row, note, tonnes, rows
TableCount: table, class_iri, kind, rows
Timeline: title, entity, stage, day, life, happenings, left_out, between
Traded: stage, exporter, importer, amount, gross, unit_value
Triples: variables, rows, name, turtle, dicts, records, texts, to_tsv, to_turtle
ViewSummary: text, record
YesOrNo: variables, rows, name, dicts, records, texts, to_tsv, to_turtle
"""


def promised() -> str:
    wrapped = (
        textwrap.fill(line, 96, subsequent_indent="    ", break_on_hyphens=False)
        for line in build.promise()
    )
    return "\n".join(["", *wrapped, ""])


def test_what_is_promised_is_kept() -> None:
    if os.environ.get("MONAZITE_UPDATE_API") == "1":
        file = Path(__file__)
        text = file.read_text(encoding="utf-8")
        parts = re.split(r'(?<=PROMISED = """)[^"]*(?=""")', text, maxsplit=1)
        file.write_text(promised().join(parts), encoding="utf-8")
        return
    assert promised() == PROMISED


def test_the_promise_is_explained() -> None:
    root = Path(__file__).resolve().parents[1]
    contributing = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    promise = re.search(r"^## What is promised\n(.*?)\n\n", contributing, re.DOTALL | re.MULTILINE)
    assert promise is not None
    assert len(re.findall(r"\.(?= |$)", promise[1])) == 3
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert "CONTRIBUTING.md#what-is-promised" in readme

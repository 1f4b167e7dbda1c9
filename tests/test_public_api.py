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
monazite: AfterFailure, Alignments, Answer, Backtest, Balance, Briefing, Centrality,
    CentralityOverYears, Changes, Chokepoints, Claims, Concentration, Conflicts, Contribution,
    Cuts, DatasetDescription, Draws, EntityCard, EvidenceCut, ExplorerPage, Exposure, Figure,
    Fixes, FoundQuestions, GraphPage, Imported, Indices, JointFailures, MonaziteError, NewTable,
    Parents, Policies, Pushed, ReleasedTables, Replacement, Report, Reproductions, Result,
    Rules, ScenarioCheck, ScenarioList, ScenarioResult, ScenarioResults, Timeline, TradeSums,
    Verdict, View, __version__, aggregate_trade, check, contribute, graph, import_file, load,
    new_table, reference, release, verify
monazite.aggregate_trade(files: str | Sequence[str], *, engine: str = 'duckdb', master: str |
    None = None, system: str | None = None, columns: Sequence[str] = (), publisher: str = 'own
    records', whole_years: bool = False) -> TradeSums
monazite.check(folder: Path | str | None = None, *, reference: bool = False, tables: Path | str
    | None = None, tables_key: Path | str | None = None, unsigned_tables: bool = False,
    ontology: Path | str | None = None) -> Report
monazite.contribute(folder: Path | str, ontology: Path | str | None = None) -> Contribution
monazite.graph(network: nx.MultiDiGraph[Any], path: Path | str, *, findings: Chokepoints | None
    = None, title: str | None = None) -> None
monazite.import_file(kind: str, file: str | Path, output: str | Path = PosixPath(own-tables), *,
    code: Sequence[str] = (), edition: str = '', accessed: str = '', again: bool = False) ->
    Imported
monazite.load(*, valid: str | None = None, known: str | None = None, tier: int | None = None,
    without: Iterable[str] = (), data: Path | str | None = None, tables: Path | str | None =
    None, tables_key: Path | str | None = None, unsigned_tables: bool = False, endpoint: str |
    None = None, reason: bool = False, ontology: Path | str | None = None, cache: bool = True,
    step: Step = do_nothing) -> View
monazite.new_table(name: str, ontology: Path | str | None = None) -> NewTable
monazite.reference(ontology: Path | str | None = None) -> str
monazite.release(folder: Path | str | None = None, *, issued: str | None = None, news: str |
    None = None, sign: Path | str | None = None) -> ReleasedTables
monazite.verify(file: Path | str, data: Path | str | None = None, *, bom: Path | str | None =
    None, matches: Path | str | None = None, profile: Path | str | None = None, answers: Path |
    str | None = None, template: Path | str | None = None, signer: Path | str | None = None,
    tables: Path | str | None = None, tables_key: Path | str | None = None, unsigned_tables:
    bool = False, ontology: Path | str | None = None, cache: bool = True, step: Step =
    do_nothing) -> Verdict
View.after(line: str, element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run',
    event: str = 'outage', approval: float = 0.5, year: int | None = None, network: Network |
    None = None, report: Chokepoints | None = None) -> AfterFailure
View.alignments(term: str | None = None) -> Alignments
View.ask(words: str = '', group: str = '') -> FoundQuestions
View.backtest(episode: str = '2025', *, fit_until: str | None = None) -> Backtest
View.balance(element: str = 'MREE', *, year: int | None = None) -> Balance
View.balance_html(found: Balance, tables: Sequence[Table] | None = None) -> str
View.balance_programme(element: str = 'MREE', *, year: int | None = None) -> str
View.balance_svg(found: Balance) -> str
View.brief(element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str
    = 'outage', approval: float = 0.5, year: int | None = None, bom: Path | str | None = None,
    matches: Path | str | None = None, profile: Path | str | None = None, redact: bool = False)
    -> Briefing
View.catalogue(format: str) -> str
View.centrality(element: str = 'MREE', market: str = 'WLD', *, kind: str = 'flow', by: str |
    None = None, year: int | None = None, draws: int | None = None, seed: int | None = None,
    step: Step | None = None) -> Centrality
View.centrality_html(found: Centrality) -> str
View.centrality_over_years(element: str = 'MREE', market: str = 'WLD', years: tuple[int, int] =
    (2018, 2024), *, kind: str = 'flow', by: str | None = None) -> CentralityOverYears
View.check_scenario(name: str | Path | BinaryIO) -> ScenarioCheck
View.chokepoints(element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run',
    event: str = 'outage', approval: float = 0.5, year: int | None = None, full: bool = False,
    network: Network | None = None) -> Chokepoints
View.claims(text: str = '', *, verdict: str = '', speaker: str = '') -> Claims
View.concentration(element: str = 'TREO', *, stage: str | None = None, series: bool = False,
    since: int = 1985) -> Concentration
View.conflicts(name: str | None = None, *, kind: str = 'real') -> Conflicts
View.cuts(element: str = 'MREE', market: str = 'WLD', *, k: int = 2, left: float = 0.1) -> Cuts
View.describe() -> dict[str, object]
View.diff(date1: str, date2: str | None = None, *, element: str = 'MREE', market: str = 'WLD')
    -> Changes
View.doubt(element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', year: int
    | None = None, threshold: float | None = None, exact: int = 2, trials: int = 2000, step:
    Callable[[float], None] = do_nothing) -> EvidenceCut
View.draws(element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str
    = 'outage', approval: float = 0.5, year: int | None = None, count: int = 200, seed: int |
    None = None, line: Iterable[str] = (), network: Network | None = None, report: Chokepoints |
    None = None, step: Step | None = None) -> Draws
View.evidence(rows: Iterable[str]) -> dict[str, dict[str, Any]]
View.explore(element: Sequence[str] = (), market: Sequence[str] = (), *, step: Callable[[float],
    object] = do_nothing) -> ExplorerPage
View.export(format: str, name: str | None = None, *, element: str | None = None, market: str |
    None = None, progress: Progress | None = None) -> bytes | dict[str, bytes]
View.exposure(bill: Path | str, market: str = 'WLD', *, matches: Path | str | None = None,
    losses: bool = False, redact: bool = False, days: Sequence[str] = (), profile: Path | str |
    None = None, licence: str | None = None, answers: Path | str | None = None, questionnaire:
    bool = False, record: str | None = None, passport: bool = False) -> Exposure
View.exposure_html(found: Exposure) -> str
View.exposure_xlsx(found: Exposure) -> bytes
View.facts(element: str = 'MREE') -> Facts
View.figure(kind: str, element: str = 'MREE', market: str = 'WLD', *, year: int | None = None,
    horizon: str = 'short-run', event: str = 'outage', width: float | None = None, by: str |
    None = None, flows: bool = False) -> Figure
View.fixes(element: str = 'MREE', market: str = 'WLD', *, what: str = 'first', horizon: str =
    'short-run', year: int | None = None) -> Fixes
View.graph(element: str = 'MREE', market: str = 'WLD', *, around: str | None = None, hops: int =
    1, path: Sequence[str] | None = None, stage: Sequence[str] = (), top: int = 40, series: bool
    = False, all_links: bool = False, network: Network | None = None, findings: Chokepoints |
    None = None, heading: str | None = None) -> GraphPage
View.indices(element: str = 'TREO', *, stage: str | None = None, market: str = 'USA') -> Indices
View.info(element: str = 'MREE') -> DatasetDescription
View.line() -> str
View.network(element: str = 'MREE', market: str = 'WLD') -> Network
View.open_here() -> None
View.pairs(element: str = 'MREE', market: str = 'WLD', *, horizon: str = 'short-run', event: str
    = 'outage', approval: float = 0.5, year: int | None = None, network: Network | None = None)
    -> JointFailures
View.parents(name: str) -> Parents
View.policies(element: str | None = None, *, to: str | None = None, by: str | None = None,
    since: str | None = None) -> Policies
View.push(address: str, *, update: str | None = None, progress: Callable[[float], object] | None
    = None) -> Pushed
View.query(question: str | NamedQuery, /, *, reason: bool = False, timeout: float = 30.0,
    max_rows: int = 100000, parameters: Mapping[str, str] | None = None, **given: str) -> Answer
View.reason() -> Self
View.replace(element: str = 'Dy', market: str = 'WLD', *, country: str = 'CHN', by: int = 2030,
    year: int | None = None) -> Replacement
View.replacement_figure(found: Replacement, *, width: float | None = None) -> Figure
View.reproduce() -> Reproductions
View.rows() -> list[Row]
View.rules(element: str | None = None, *, by: str | None = None) -> Rules
View.scenario(name: str | Path | BinaryIO, *, markets: Iterable[str] = (), months: int | None =
    None, draws: int | None = None, seed: int | None = None, workers: int | str | None = None,
    step: Step | None = None) -> ScenarioResult
View.scenario_figure(found: ScenarioResult, *, beside: ScenarioResult | None = None, width:
    float | None = None) -> Figure
View.scenario_html(found: ScenarioResult, *, beside: ScenarioResult | None = None) -> str
View.scenario_list() -> ScenarioList
View.scenarios(*, markets: Iterable[str] = (), months: int | None = None, draws: int | None =
    None, seed: int | None = None, workers: int | str | None = None, step: Step | None = None)
    -> ScenarioResults
View.show(name: str, *, full: bool = False) -> EntityCard
View.sources(rows: Iterable[str]) -> dict[str, str]
View.store_of(filters: Filters) -> Store
View.timeline(name: str | None = None, *, policy: str | None = None, stage: str | None = None,
    from_: str | None = None, until: str | None = None, all_: bool = False) -> Timeline
View.timeline_html(found: Timeline) -> str
View.timeline_svg(found: Timeline) -> str
View: cached, data, dataset, filters, known, ontology, prefixes, reasoned, released,
    released_outcomes, remote, schema, store, summary, tier, unread, valid, without
Addition: site, label, country, stage, what, tonnes, kind, start, rows
Adjustment: name, text, unit, value, low, high, found, part, rows
AfterFailure: id, label, clause, event, shifts, margins, rows, names
Agreement: measure, spearman, places, first, first_loss, spread
Alignment: subject, predicate, object, negative, object_label, justification, confidence,
    comment, origin, key
Alignments: alignments, prefixes, header, term, to_sssom, to_turtle
Allocation: months, ratio, low, high, supports
AllocationMonth: month, in_proportion, home_first, happened
Alternative: text, left
Amount: value, low, high, rows, assumptions, at, less, name, times
Answer: variables, rows, name, dicts, texts, to_tsv, to_turtle
Article24Map: day, outcome, elements, stages, coverage, recycled, acts, single_sources,
    unanswered, left_out
AskedQuestion: key, supplier, question, parts, settles, grams, write
AssemblyTotal: name, elements
Assumption: row, text, value, low, high, unit, reason
Backbone: report, headline, first, subject, product, day, allowed, stages, places, flows,
    controls, world_parts, missing, ask
Backtest: episode, label, rule_day, origin, origins, fits, forecasts, scores, all_scores,
    cross_scores, earlier, text, catching_up, destinations, destination_score, allocation,
    spreads, reconstruction, published, has_skill, tests, verdict
Balance: element, title, year, lines, labels, closings, alternatives, traded, marks,
    reconciliation, figure, figure_of
BaseYearFigures: year, product, unit, served, horizon, trade, throughput, new_pairs, event,
    approval, unexplained, outside, rows, market_rows, served_low, served_high
BegunStep: years, began, awaited
BillMatch: kind, text, decision, id, label, by_grade, why, candidates, ruled_out, lines,
    magnet_type
BillQuestion: market, days, losses, redact, licence, questionnaire, record, passport, files
Brief: title, question, headline, answer, front, parts, sources, rows, day, command, view,
    all_parts
BriefAnswer: heading, text, notes
BriefFindings: contingency, report, border, later, fixes, controls, news, mix, gaps, led, costs,
    cards, members, labels, missing, day, outcomes
BriefLine: cells, notes
BriefPart: id, heading, sentences, columns, lines, remarks, right, finding
BriefQuestion: element, market, horizon, event, approval, year
Briefing: question, brief, found, page, trig, bill, docx, html, markdown, pdf, pictures, pptx
CardFact: text, sources, named
CardLine: heading, facts
CatchingUp: base, lost, last, brought_back, rows, part
Cell: text, language, iri
CellChange: column, before, after
CentralNode: id, label, stage, role, country, measures, loss, loss_low, loss_high, alone,
    ranges, rows, ranking
Centrality: element, title, market, market_label, kind, by, year, day, graph, nodes, agreements,
    said, draws, edges, measure, measures, node, with_ranges
CentralityLine: id, label, stage, ranks, rows
CentralityOverYears: element, title, market, market_label, kind, by, years, graphs, lines,
    stages, left_out, measure
Change: group, kind, subject, text, rows, market
Changes: before, after, element, market, changes, counts
Chokepoint: rank, id, label, kind, stage, country, event, loss, loss_low, loss_high, alone,
    limited_by, limited_at, dominator, in_minimum_cut, routes_without, share, coverage, basis,
    year, rows, assumptions, remark, note, range_rows, figure, home_first, market_first,
    loss_median, home_first_low, home_first_high, moved_by, share_at, with_range
Chokepoints: element, title, market, market_label, stages, chokepoints, base, stocks, built,
    built_remarks, draws, evidence, first, known_base, line, with_ranges
Claim: row, speaker, role, actor, subject, date_from, date_until, stance, statement, numbers,
    sources, responses, links, forecast, worked_out, cards, counted, id, time, verdict
ClaimLink: relation, reason, fact, row, card
Claims: claims, known
Closing: stage, made, taken, left, low, high, reconciled, used, causes
ColumnHelp: column, given, what, unit, takes, example, words, in_words
Concentration: element, series, lines
ConcentrationYear: stage, rank, material, year, hhi, hhi_low, hhi_high, hhi_countries, top3,
    leader, leader_label, share, countries, rest, denominator, basis, series, rows, shares,
    note, broken, figure, figures, then, why, range_rows, leader_figure, share_words
Conflict: kind, table, fact, difference, measure, lines, mentions, rows
ConflictLine: row, text, value, low, high, basis, defined, year, sources, stands, remark
Conflicts: conflicts, kind, counts, entity, label
Contingency: event, horizon, approval
Contribution: changes, patch, faults, conflicts
ControlInForce: id, title, country, state
CountedSource: tier, published
CutSet: members, labels, supply, figure, left, rows
Cuts: element, market, market_label, structure, fewest, least, sets, worst, k, left, bound,
    complete
CutsAndFixes: cuts, fixes
DatasetDescription: title, inventory, element, tiers, to_turtle, view_record
DatasetTitle: iri, title, description, issued, licence
DatedEvent: kind, date, earliest, latest, subject, what, short, rows, edge, event, until,
    until_earliest, until_latest, note, sources, act, part, begins, certainty, ends, sentence
Delay: years, happened
DestinationMonth: destination, month, tonnes, base, part, world_part, kind, model_part, rows,
    factor
DestinationSpread: month, destinations, least, most, spread
DocumentLine: row, rule, document, given_by, forms, translated, places, layer, begins, asked_on
Drawable: alt, pixels, svg, title
Draws: report, count, seed, limit, rejected, inputs, ranges, moved, texts, taken, apart
DrawsMade: count, seed, rejected, limit, shipped
EarlierMonth: goods, rule_day, month, tonnes, base, own_base, part, rows
EarlierRules: months, fit, missing
EditionIndex: year, series, countries, index, of_total, denominator, leader, share, figure,
    rows, of_printed, of_year_before
ElementFlow: stage, exporter, importer, amount, gross, unit_value
ElementGrams: element, low, high, percent_low, percent_high, evidence, rows
ElementLoss: element, failure, loss, low, high, year
ElementPart: element, title, views, compared, marks, lanes, listed, cards, sources
ElementStop: element, failure, loss, low, high, home_first
ElementSupply: element, elements, year, product, stages, missing
ElementTotal: element, low, high, lines, by_evidence
Entity: iri, label, classes, id, is_a, kind, place
EntityCard: entity, cards, opening, others, short
Evidence: figures, weak, word
EvidenceCut: element, market, market_label, year, horizon, first, label, beside, loss, second,
    second_loss, threshold, method, exact, trials, sets, lines, untouched, resting, needed,
    unlisted, rows, top
EvidenceGrams: evidence, low, high
ExplorerPage: parts, question, html, page, record, write
ExplorerParts: first, markets, tiers, cards, names, rules, day, data
ExposedLine: sheet_row, position, name, part_number, pieces, mass, material_text, material,
    material_label, decision, not_known, contradicts, grams, suppliers, value, currency, stock,
    use_per_day, product_class, magnet_type
ExposedSupplier: text, tier, firm, decision, country, made_in, split
Exposure: product, market, market_label, lines, elements, assemblies, matches, questions,
    columns, reading, losses, days, judgements, licence_of, licence, questionnaire, map_24,
    passports, stops, supplies, paths, shared, remedies, value_shares, paths_known, asked,
    match_file
FacilityEvent: row, facility, event, label, state, printed, earliest, latest, stage, part,
    detail, tier, step
Facts: store, element, date, all_rare_earths, areas, ask, assumed, country_labels, derive,
    figures, flows, links, magnet_figures, magnet_prices, marks, materials, members,
    own_figures, oxide_factor, preferences, routes, site_figures, sites, splits, stages, symbol,
    title, trade_year, year
Fault: file, line, what, fix, count, kind
Feed: sellers, through, rows
Figure: kind, picture, found, alt, png, svg, title, write
FirmsStopped: month, market, product, days, share, stopped
Fix: stage, pool, new, mix, points, halves, half_back, best, then, then_by, borders, rows
FixPoint: tonnes, loss, unbound
Fixes: element, market, market_label, id, label, clause, year, horizon, product, loss,
    limited_by, limited_at, fixes, tried, rows, beside
Forecast: market, country, by
FoundQuestions: questions, missing, exactly, words, near
Goods: elements, codes, of, surely_without
GraphPage: network, findings, heading, backbone, html, iframe, network_html, png, svg, title,
    write
Growth: factors, scenarios, material, rows
Holder: id, label, percent, certainty, row, until
Holding: owned, owner, percent, status, in_place, gives_control, certainty, begins, ends, note,
    row, controls
Imported: kind, source, folder, licence, given_on, terms, counts, left_out
Indices: element, market, indices
Inventory: tables, tiers, ages, coverage, statistics, rows, sources
JointFailure: one, other, labels, loss, apart, excess, rows
JointFailures: pairs, things, screened, solved, superadditive
JudgedWay: through, outcomes
KnownCost: plant, measure, number, date, row
LeftOut: why, name, count, grams
LicenceDocument: id, document, given_by, forms, translated, layer, since, state, row
LicenceFit: nearest, trials, fitting, tried, ranges
LicenceTrial: held, approved, grace, mean, shape, passed
Life: facility, label, country, day, state, certainty, others, stages, owners, owners_before,
    operators, last_event, rows
LineJudgement: sheet_row, name, rule, rule_label, layer, outcomes, reasons, because, rows, ways
ListedAct: line, scope, rows, names, since
MagnetPassport: sheet_row, name, pieces, kind, material, mass, contents, coating, seat,
    recycled, asked
MappedStage: sheet_row, name, element, low, high, stage, countries, known_by, public
MarginalValue: stage, pool, buyer, what, base, step, right, left, unit, market_right,
    market_left, resolution, market_unit
MarketMix: year, shares, rest, tonnes, basis, rows, remarks, low, high, at, ranges
MassCoverage: element, stage, shares
Member: rows, text, sources, tier, how, value, unit
MethodScore: kind, origin, base, method, first, last, score
MonthForecast: kind, origin, base, method, month, tonnes, low, high, happened, before
MonthLimit: month, short, limits, cut
MonthSpan: middle, low, high, cell, words
MonthStock: month, place, where, stage, what, tonnes, cover
MonthSupply: month, market, product, wanted, supplied, short, part_short
NamedQuery: name, title, group, about, parameters, example, text, worked_out, bound, with_lines,
    works_out
Need: market, others, world, product, taken, of_all
NewTable: table, description, columns, empty
News: first, events, due, now, reasons, weights, left_out, passed
NodeRole: id, label, kind, stage, country, dominator, in_minimum_cut, routes_without, share,
    figure, coverage, basis, year, rows, left_out
NumberedSource: number, id, publisher, title, published, tier, url, rows
Odds: value, low, high
OpenQuestion: question, about, grams, lines
Operator: id, label, stage, certainty, row
Order: measure, what, numbers, pairs, kept, market, tied, spearman, kendall, places
OrderPlace: element, printed, unit, ours, our_unit, printed_row, reason, first, last, our_first,
    our_last, out, is_out
OriginBase: origin, base, growth, factor, known_until, fit, rows
Outcome: how, value, verdict, first, loss, why
OverturningSet: members, outcome
OwnershipChain: links, certainty, percent_high, percent_low
OwnershipLink: owned, owned_label, owner, owner_label, country, control, certainty, holdings,
    percents, rows
Parameter: name, type, default, optional, about
Parents: entity, label, day, tops, certainty, chains, others, circles, operators, remarks, rows
Percentiles: median, low, high
PlaceFlow: stage, seller, to, buyer, tonnes, part, controls
PlaceSite: id, label, country, code, status, sure, firm
Plan: facility, stage, step, part, printed, earliest, latest, said, row
Policies: day, element, to, by, since, policies
PolicyLine: policy, title, kind, country, country_label, issuers, status, covers, aimed_at,
    touches, last, sources, rows, kind_label, rule, says_so, text
PolicyStatus: value, state, reason, since, begins, rows, part, parts, short, stands, text,
    with_state, words
PoolRange: stage, pool, found, low, high, what, carried
PremiseLine: rows, text, sources, tier, value, unit, low, high, ranged_by, range_rows, outcomes,
    effect
ProductLimit: steps, delays, begun, median
PublicStage: country, share, year, hhi, rows
PublishedSize: market, measure, goods, size, supposed, horizon, author, weighted, row
Pushed: endpoint, quads, sent, hash
QueryRecord: beside, flag, integer, maybe_integer, maybe_number, number, row, text, year
QuotedIndex: stage, index, value, low, high, unit, year, basis, denominator, rows, equation,
    market, missing, note, figure
Range: line, loss, half, rank, top
ReadColumn: header, meaning
Reconciliation: moved, implied, unexplained, pools, left
ReconstructedMonth: series, cause, month, tonnes, low, high, happened, row
Reconstruction: base, japan, quota, over_quota, months, scores, rows
RecordSum: code, exporter, importer, year, count, grams, weighed, cents, valued, seller, buyer,
    months, is_whole, kilograms, tonnes, usd
ReleasedOutcome: scenario, title, market, product, elements, months, wanted, over, parts, most,
    until, draws, is_past, is_short, worst
ReleasedTables: issued, news_read_to, schema, counts, signer, files
Remedy: measure, what, sheet_rows, quantity, before, after, before_low, before_high, after_low,
    after_high, helps, rows
Replacement: element, title, without, without_label, market, market_label, by, day, base_year,
    candidates, years, need, growth, slips, hangs, missing, asked, stages
ReplacementCandidate: site, odds, kind, orders, free, feed, acts
ReplacementSite: facility, label, country, stage, status, certainty, in_base, tonnes, plan,
    first, since, rows, runs
Report: faults, counts, beside, conflicts, ok
Reproduction: row, measure, what, element, stage, place, year, printed, printed_low,
    printed_high, figure, ours, low, high, our_figure, difference, unit, tolerance, expected,
    outcome, reason, note, series, printed_row, rows, broken
Reproductions: lines, orders, editions, left_out, broken, count, summary
Response: by, stance, text, row
Result: view, assumptions, notes, sources, content, csv_tables, headline, records, records_key,
    row_keys, short_tables, tables, to_csv, to_dataframe, to_dict, to_json, to_text
Row: table, key, file, line, cells, text
RowCard: row, table, text, time, note, sources, cells, identity, directed, perhaps, figure,
    to_come, named
RowChange: table, key, kind, cells, row, sentences
RuleCondition: row, rule, rule_label, policy, policy_title, part, clause, role, layer, test,
    comparison, named, fact, fact_label, goods_of, goods_label, listed_in, percent, value, unit,
    begins, ends, needs, words, note, ids, limit, places
RuleInForce: id, kind, label, policy, begins, ends, passes, rows
RuleLine: condition, asks, binds, status, sources
RuleStart: row, rule, rule_label, policy, depends_on, due, years_after, starts, bounds, state,
    read_to, earliest, started, text
Rules: day, element, by, conditions, starts, documents
ScenarioAsked: name, text, markets, months, draws, seed
ScenarioCheck: file, faults
ScenarioList: scenarios
ScenarioResult: id, title, description, element, start, months, base_year, allocation, supply,
    totals, stocks, firms, limits, rules, trials, source_ids, labels, asked, published, lost,
    markets, named, of, products
ScenarioResults: scenarios
Scope: policy, title, country, kind, status, goods, abroad, at_border, resale, destinations,
    threshold, threshold_row, rows, remarks, unlimited_row, binds, elements, in_force, stages,
    state, third_country
Score: months, mape, rmse, bias, direction, skill, has_skill, verdict
Sensitivity: name, amount, at_low, at_high, moved
Sentence: text, notes
SharedPlant: facility, label, stages, country, elements, suppliers, sheet_rows, same_source,
    certainty, rows
Shift: stage, seller, buyer, what, base, after
ShippedScenario: name, title, start, months, kinds, description, source_ids
ShortCard: status, lines, named, sources, to_bytes
Slip: facility, label, stage, said, planned, began, given_up, years, rows
Slips: found, curves, first, first_plan, kind, odds
SourceAttribution: tier, newest, id, publisher, published, root, author, known, in_words
SourceCount: group, sources, facts
SourceLine: id, publisher, title, published, tier, url, original, addresses, in_words
Span: middle, low, high
StageCover: stage, base, added, need, need_of_all, covered, first, with_country
StageCoverage: stage, coverage, basis, year
StageHang: stage, part, short, words
StageLine: stage, country, made, how, year, imports, exports, needed, scrap, used, left,
    left_range, taken
StagePlace: stage, code, label, share, share_low, share_high, figure, year, point, sites, id,
    loss
StageShares: stage, coverage, leader, share, hhi, denominator, basis, year, rows, note,
    share_low, share_high, hhi_low, hhi_high, range_rows, figure, then, others, why, figures
StageState: stage, state, certainty, others, rows
StageSupply: stage, shares, of_world, largest, country, failure, failure_label, loss, low, high,
    home_first
Statistics: quads, triples, subjects, tables, classes, properties, sources, evidence
Stock: holder, country, material_label, days, low, high, as_of, row, note, tonnes, rows
StoppingLine: rank, sheet_row, name, days, element, failure, stage, country, loss, low, high,
    home_first, reaches, through_low, through_high, holds_up, value, currency, bottleneck,
    plants, plants_known, holds, sure_loss, untold, by_element
Structure: routes, fewest, standings, assumptions, notes
SupplyOrder: customer, country, kind, goods, by, tonnes, told, since, until, row
SupplyPath: sheet_rows, supplier, firm, elements, hops, weakest, to_mine
TableCount: table, class_iri, kind, rows
TextMonth: month, base, told, told_low, told_high, happened, over, over_low, over_high, rows
TierWeight: tier, premises, needed, weight, without
Timeline: title, entity, stage, day, life, events, left_out, core, between, finding, short
Tonnage: value, low, high, printed, kind, quarter, joint, product, row
TradeSums: source, files, sha256, publisher, count, sums, firms, left_out
TrialsMade: count, seed, rejected
Triples: variables, rows, name, turtle, dicts, texts, to_tsv, to_turtle
Unexplained: stage, pool, element, missing, surplus
UseTotal: market, product, wanted, short, part_short, most_short, until
ValueRange: value, low, high, times
ValueShare: sheet_row, name, element, low, high, price_low, price_high, since, until, not_known,
    rows, beyond
Verdict: same, sentences, compared, signer
ViewSummary: text, record
WorkedOut: relation, reason, command, rows
YearCover: year, stages, covered, least
YesOrNo: variables, rows, name, dicts, texts, to_tsv, to_turtle
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

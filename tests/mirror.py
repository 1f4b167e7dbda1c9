"""Which test holds a module: the file of its name in its room, or one that is listed with why."""

from __future__ import annotations

from pathlib import Path

import monazite

PACKAGE = Path(monazite.__file__).parent
TESTS = Path(__file__).parent

HELD_BY = {
    "findings/backtest/tables.py": (
        "findings/backtest/test_backtest.py",
        "The tables are held there as one report, and as JSON.",
    ),
    "findings/assumption_tables.py": (
        "findings/scenarios/test_tables.py",
        "The table of a scenario is held there, with its numbers and ranges.",
    ),
    "findings/backtest/story_tables.py": (
        "findings/backtest/test_backtest.py",
        "The tables are held there as one report.",
    ),
    "exchange/catalogues/formats.py": (
        "cli/test_info.py",
        "Each description is asked for there by its name.",
    ),
    "assistants/work_of_tools.py": (
        "assistants/test_server.py",
        "What is worked out is what a client is answered there, tool by tool.",
    ),
    **dict.fromkeys(
        (f"rows/xlsx/{name}.py" for name in ("numbers", "package", "parts", "sheet_cells")),
        ("rows/xlsx/test_workbook.py", "Whole workbooks are read there, each broken in one way."),
    ),
    "findings/replacements/answer_tables.py": (
        "findings/replacements/test_tables.py",
        "The tables are held there as one report.",
    ),
    "findings/replacements/plant_tables.py": (
        "findings/replacements/test_tables.py",
        "The tables are held there as one report.",
    ),
    "findings/replacements/slip_tables.py": (
        "findings/replacements/test_tables.py",
        "The tables are held there as one report.",
    ),
    "findings/replacements/plain_forms.py": (
        "findings/replacements/test_tables.py",
        "JSON and CSV are held there against the value and the text.",
    ),
    "findings/replacements/candidates.py": (
        "findings/replacements/test_site_reader.py",
        "It only gathers the rows of plants, whose readings are held there.",
    ),
    "findings/replacements/candidate_sites.py": (
        "findings/replacements/test_site_reader.py",
        "It holds values alone, which the reader fills.",
    ),
    "findings/scenarios/outcome.py": (
        "findings/scenarios/test_tables.py",
        "The values are held there as tables and JSON.",
    ),
    "view/scenarios/questions.py": (
        "cli/test_scenario.py",
        "Each verb is held against its command there.",
    ),
    "columnar/duckdb_engine.py": (
        "customs/test_aggregation.py",
        "It reads, groups and refuses files only as a run does, whose sums are held there.",
    ),
    "customs/trade_sums.py": (
        "customs/test_aggregation.py",
        "The sums and their tables are those of the runs there.",
    ),
    "cli/app.py": (
        "cli/test_help.py",
        "It only gathers the commands, whose names and help are held there.",
    ),
    "cli/import_.py": (
        "cli/test_import.py",
        "The command is import, which no module of Python can be called.",
    ),
    "imports/known_facts.py": (
        "imports/test_own_folder.py",
        "Facts that are known are those of folders that are filled twice there.",
    ),
    "imports/trade_reports.py": (
        "imports/readers/test_comtrade.py",
        "Both sides, months and sums of a flow are read of whole files there.",
    ),
    "cli/formats.py": (
        "cli/test_options.py",
        "The option stands in every command, where it is held to be the same.",
    ),
    "cli/writing.py": (
        "cli/test_options.py",
        "What is written where, and in which format, is held there for commands alike.",
    ),
    "cli/common.py": (
        "cli/test_errors.py",
        "What commands share is seen where a whole command fails.",
    ),
    "bills/columns.py": (
        "bills/test_reading.py",
        "A column is read as a part of a bill, whose faults are all held there.",
    ),
    "bills/sheets.py": (
        "bills/test_reading.py",
        "What a file holds is seen in the bill that is read of it there.",
    ),
    "bills/stated.py": (
        "bills/test_reading.py",
        "Contents and suppliers are those of the bills that are read there.",
    ),
    "bills/units.py": (
        "bills/test_headers.py",
        "Units stand in headers, and are held there with them.",
    ),
    "findings/exposure/assemblies.py": (
        "findings/exposure/test_exposure.py",
        "Its sums are those of whole bills, whose parts add up there.",
    ),
    "findings/exposure/lines.py": (
        "findings/exposure/test_exposure.py",
        "A line is the shape in which what was found is shown there.",
    ),
    "findings/exposure/tables.py": (
        "cli/test_exposure.py",
        "The command prints nothing but these tables.",
    ),
    "findings/exposure/line_cases.py": (
        "findings/exposure/test_judged_lines.py",
        "A case is seen in what rules make of it, line by line, there.",
    ),
    "findings/exposure/records/record_tables.py": (
        "cli/test_exposure.py",
        "The command prints nothing but these tables.",
    ),
    "findings/exposure/asking/inquiry.py": (
        "cli/test_exposure.py",
        "Questions are asked and answers read back by the command there.",
    ),
    "findings/exposure/amounts.py": (
        "cli/test_exposure.py",
        "Grams and numbers are read in the tables that the command prints.",
    ),
    "findings/exposure/stops/bill_paths.py": (
        "findings/exposure/stops/test_shared_plants.py",
        "The paths of a bill are those that its shared plants are found on there.",
    ),
    "findings/exposure/stops/hidden_plants.py": (
        "cli/test_exposure.py",
        "No output of a redacted bill names a plant there.",
    ),
    "findings/exposure/stops/stop_tables.py": (
        "cli/test_exposure.py",
        "The first screen of the command is these tables.",
    ),
    "findings/exposure/stops/stopping.py": (
        "cli/test_exposure.py",
        "What stops a bill is asked there of the whole command.",
    ),
    "findings/exposure/asked.py": (
        "pages/exposure/test_page.py",
        "What was asked is seen in the record of a page there.",
    ),
    "findings/exposure/sheet_tables.py": (
        "exchange/test_sheets.py",
        "The sheets are those of the workbook that is read back there.",
    ),
    "pages/exposure/record.py": (
        "pages/exposure/test_page.py",
        "The record is a part of the page that is written there.",
    ),
    "cli/private_bills.py": (
        "cli/test_exposure.py",
        "A mistake is seen where a whole command fails.",
    ),
    "view/exposure/verification.py": (
        "cli/test_exposure.py",
        "A page is verified where a command has written it.",
    ),
    "view/bills.py": ("cli/test_exposure.py", "Each verb is held against its command there."),
    "rows/view_filters.py": (
        "rows/test_filters.py",
        "What is asked of a view is seen in the rows that it keeps.",
    ),
    "triples/opening.py": (
        "triples/test_store.py",
        "A store is opened, built and opened again there; views are in test_views.",
    ),
    "triples/filling.py": (
        "triples/test_store.py",
        "What a store is filled with is asked of it there, and of views in test_views.",
    ),
    "exchange/databases/parquet.py": (
        "exchange/databases/test_sqlite.py",
        "Both hold the same typed tables, and are read back against CSV there.",
    ),
    "exchange/databases/typed_tables.py": (
        "exchange/databases/test_sqlite.py",
        "Kinds and references are those of the data base that is read back there.",
    ),
    "exchange/evidence_rows.py": (
        "pages/brief/test_seal.py",
        "Rows are enclosed for a page, which is sealed and read back there.",
    ),
    "findings/rule_lines.py": (
        "triples/test_direct.py",
        "The lines are bound in rules, whose facts are held there against what findings say.",
    ),
    "worked_out.py": (
        "triples/test_direct.py",
        "It hands over what findings work out, which the facts that rest on it show there.",
    ),
    "findings/rules/tables.py": (
        "cli/test_policies.py",
        "The tables and the JSON of rules are seen in what policies --rules prints.",
    ),
    "findings/reconciliation/year_rows.py": (
        "findings/balance/test_balance.py",
        "It reads the year of a balance, whose tonnes are worked out by hand there.",
    ),
    "pages/backbone/pieces.py": (
        "pages/backbone/test_svg.py",
        "The parts are seen in the whole drawing, which is taken apart again there.",
    ),
    "findings/backbone/result.py": (
        "findings/backbone/test_backbone.py",
        "It is the shape of a backbone; its numbers are held there against the report.",
    ),
    "findings/cards/act_card.py": (
        "findings/cards/test_card.py",
        "Cards of all kinds are held there against what the tables say.",
    ),
    "findings/cards/card_view.py": (
        "findings/cards/test_card.py",
        "Cards of all kinds are held there against what the tables say.",
    ),
    "findings/cards/firm_card.py": (
        "findings/cards/test_card.py",
        "Cards of all kinds are held there against what the tables say.",
    ),
    "findings/cards/matter_cards.py": (
        "findings/cards/test_card.py",
        "Cards of all kinds are held there against what the tables say.",
    ),
    "findings/cards/place_card.py": (
        "findings/cards/test_card.py",
        "Cards of all kinds are held there against what the tables say.",
    ),
    "findings/cards/plant_card.py": (
        "findings/cards/test_card.py",
        "Cards of all kinds are held there against what the tables say.",
    ),
    "findings/cards/shared_lines.py": (
        "findings/cards/test_card.py",
        "Cards of all kinds are held there against what the tables say.",
    ),
    "findings/brief/answer.py": (
        "findings/brief/test_brief.py",
        "The answer is the head of a brief, and each of its rules is held there.",
    ),
    "findings/brief/costs.py": (
        "findings/brief/test_brief.py",
        "What costs are told, and that none is made up, is seen in the answers there.",
    ),
    "findings/brief/dates.py": (
        "findings/brief/test_brief.py",
        "The answer on dates and the parts behind it are held there.",
    ),
    "findings/brief/front.py": (
        "findings/brief/test_brief.py",
        "The first page is made of parts of the brief that is written there.",
    ),
    "findings/brief/loss_words.py": (
        "findings/brief/test_brief.py",
        "Each loss of the brief that is written there has its range beside it.",
    ),
    "findings/brief/remedies.py": (
        "findings/brief/test_brief.py",
        "The answers on what would help are held there, rule by rule.",
    ),
    "findings/brief/within_days.py": (
        "findings/brief/test_news.py",
        "Which rows fall within the days is held there against the tables.",
    ),
    "findings/brief/document.py": (
        "findings/brief/test_brief.py",
        "It is the shape of a brief and does nothing by itself.",
    ),
    "findings/brief/gathered.py": (
        "findings/brief/test_brief.py",
        "Gathering takes the whole shipped store, which is read once there.",
    ),
    "findings/brief/help.py": (
        "findings/brief/test_brief.py",
        "It is a part of the brief that is written there.",
    ),
    "findings/brief/limits.py": (
        "findings/brief/test_brief.py",
        "It is a part of the brief that is written there.",
    ),
    "findings/brief/parts.py": (
        "findings/brief/test_brief.py",
        "These are the parts of the brief that is written there.",
    ),
    "findings/chain/site_capacity.py": (
        "findings/events/test_under_construction.py",
        "Capacity of sites counts where plants are added, by hand there.",
    ),
    "findings/policies/part_life.py": (
        "findings/policies/test_status.py",
        "The rules of a part are those of the act, by hand on eight days there.",
    ),
    "findings/policies/status_values.py": (
        "findings/policies/test_status.py",
        "It is the shape of a status and does nothing by itself.",
    ),
    "view/centrality.py": (
        "cli/test_centrality.py",
        "Verbs and command find the same, which is compared there.",
    ),
    "findings/centrality/kinds.py": (
        "findings/centrality/test_centrality.py",
        "The three kinds of graph are built, measured and told about there.",
    ),
    "findings/centrality/result.py": (
        "findings/centrality/test_centrality.py",
        "It is the shape of a finding, which is found by hand there.",
    ),
    "findings/centrality/tables.py": (
        "cli/test_centrality.py",
        "Its tables, CSV and JSON are what the command prints.",
    ),
    "findings/changes/comparison.py": (
        "findings/changes/test_tables.py",
        "It is the shape of a change and does nothing by itself.",
    ),
    "findings/changes/new_sources.py": (
        "findings/changes/test_changes.py",
        "It is a group of changes between two views that are opened once there.",
    ),
    "findings/changes/share_changes.py": (
        "findings/changes/test_changes.py",
        "It is a group of changes between two views that are opened once there.",
    ),
    "findings/doubt/conclusion.py": (
        "findings/doubt/test_evidence_cut.py",
        "A conclusion takes a base year, which is worked out once there.",
    ),
    "findings/doubt/premises.py": (
        "findings/doubt/test_evidence_cut.py",
        "Premises are those of the base year that is worked out once there.",
    ),
    "findings/doubt/result.py": (
        "findings/doubt/test_tables.py",
        "It is the shape of a doubt; its tables are made of one by hand there.",
    ),
    "findings/doubt/verdicts.py": (
        "findings/doubt/test_tables.py",
        "It only names the words that stand in the tables.",
    ),
    "findings/chain/elements.py": (
        "findings/chain/test_base_year.py",
        "Which elements share a chain is asked of the base year.",
    ),
    "findings/events/horizons.py": (
        "findings/responses/test_fixes.py",
        "A horizon takes the assumptions of the store, which is read once there.",
    ),
    "findings/flow_model/constraints.py": (
        "findings/flow_model/test_programme.py",
        "Constraints have a meaning only together, in the programme solved there.",
    ),
    "findings/indices/n_minus_1.py": (
        "findings/indices/test_by_stage.py",
        "It quotes formulas that test_formulas holds for stages that are read there.",
    ),
    "findings/indices/supply_risks.py": (
        "findings/indices/test_by_stage.py",
        "It quotes formulas that test_formulas holds for stages that are read there.",
    ),
    "findings/losses/model.py": (
        "findings/losses/test_chokepoints.py",
        "The model only joins balance, chain and horizon, solved once there.",
    ),
    "findings/losses/tables.py": (
        "findings/losses/test_chokepoints.py",
        "Its tables are those of the one large finding that is worked out there.",
    ),
    "findings/policies/tables.py": (
        "cli/test_policies.py",
        "What it writes is what the command prints, and is held there.",
    ),
    "findings/ownership/tables.py": (
        "cli/test_parents.py",
        "The command prints nothing but these tables.",
    ),
    "findings/policies/scope_remarks.py": (
        "findings/policies/test_export_controls.py",
        "Remarks tell what the controls that are found there leave open.",
    ),
    "findings/reproductions/recomputed.py": (
        "findings/reproductions/test_reproductions.py",
        "Its numbers are held against the printed ones there.",
    ),
    "findings/reproductions/tables.py": (
        "findings/indices/test_tables.py",
        "The command prints them beside the indices, and they are held together there.",
    ),
    "findings/responses/fix_sites.py": (
        "findings/responses/test_fixes.py",
        "A place for new capacity counts by the fix that is solved there.",
    ),
    "findings/timeline/dated_events.py": (
        "findings/timeline/test_timeline.py",
        "A timeline is its dated events in order, read once there.",
    ),
    "network/magnet_sourcing.py": (
        "network/test_market.py",
        "Sourcing is the mix of a market, by hand there.",
    ),
    "network/pools.py": (
        "network/test_build.py",
        "Pools are the nodes of the network that is built there.",
    ),
    "network/site_nodes.py": (
        "network/test_sites.py",
        "Nodes of sites are seen in the network that is built there.",
    ),
    "pages/brief/issuer.py": (
        "pages/brief/test_signature.py",
        "Who issued a page is told by its signature, which is made there.",
    ),
    "triples/served_answers.py": (
        "serve/test_sparql.py",
        "Its formats and graphs are those of the protocol, all of which are asked there.",
    ),
    "triples/canonical.py": (
        "pages/brief/test_signature.py",
        "Rows are brought to their canonical form to be signed.",
    ),
    "pages/brief/template_process.py": (
        "pages/brief/test_house_style.py",
        "It runs only what a house brings, and each way not to end is tried there.",
    ),
    "pages/brief/pictures.py": (
        "browser/test_brief_page.py",
        "Pictures of a brief are seen only in the page.",
    ),
    "pages/graph/stage_panel.py": (
        "pages/graph/test_source_tiers.py",
        "The panel is drawn only with the page, whose tiers are held there.",
    ),
    "pages/reference/class_diagram.py": (
        "pages/reference/test_page.py",
        "The diagram is drawn only with the page, whose bytes are held there.",
    ),
    "pages/sankey/balance_picture.py": (
        "findings/balance/test_tables.py",
        "The picture is of the balance that is worked out once there.",
    ),
    "serve/access_log.py": (
        "serve/test_server.py",
        "Its lines are those that a real server wrote there.",
    ),
    "serve/application.py": (
        "serve/test_guards.py",
        "It only puts routes behind guards, and every guard is tried there.",
    ),
    "serve/door.py": (
        "serve/test_limits.py",
        "What passes the door is work in real workers, which is killed there.",
    ),
    "serve/refusals.py": (
        "serve/test_findings.py",
        "Each refusal is the answer to a wrong request, all of which are sent there.",
    ),
    "serve/settings.py": (
        "serve/test_guards.py",
        "Settings have a meaning only for the server that is started with them there.",
    ),
    "serve/verbs.py": (
        "serve/test_findings.py",
        "Verbs and their parameters are those that requests name there.",
    ),
    "serve/workers/team.py": (
        "serve/test_limits.py",
        "A team is real processes, which are started and killed there.",
    ),
    "serve/workers/worker.py": (
        "serve/test_limits.py",
        "A worker is a real process, which is started and killed there.",
    ),
    "serve/workers/work_process.py": (
        "serve/test_limits.py",
        "It runs only as a process of a team, which is seen there.",
    ),
    "signatures.py": (
        "pages/brief/test_signature.py",
        "Keys and signatures are held there in pages, where each is told right from wrong.",
    ),
    "rows/table_texts.py": (
        "rows/test_reader.py",
        "Texts are read there as the rows that they become, with every fault at its place.",
    ),
    "rows/bounds.py": (
        "rows/xlsx/test_workbook.py",
        "Most of the bounds are those of a workbook, and each is refused in a sentence there.",
    ),
    "triples/entity_card.py": (
        "cli/test_show.py",
        "The command prints nothing but the card of a thing.",
    ),
    "triples/queries.py": (
        "triples/test_named_queries.py",
        "A query is what its file says, and all files are read there.",
    ),
    "pages/explorer/explorer_page.py": (
        "cli/test_explore.py",
        "The command writes nothing but this page.",
    ),
    "view/explorer/ahead.py": (
        "cli/test_explore.py",
        "What other processes keep is what the command then reads.",
    ),
    "view/explorer/elements.py": (
        "cli/test_explore.py",
        "Its parts are held against the other commands in the page that is written there.",
    ),
    "view/explorer/question.py": (
        "cli/test_explore.py",
        "What is asked for is seen in the page that the command writes there.",
    ),
    "serve/answers.py": (
        "serve/test_live_explorer.py",
        "What is compressed, what has a policy and what goes on is seen there as answers.",
    ),
    "view/served/descriptions.py": (
        "serve/test_entities.py",
        "Each form of what it describes is taken from its address there.",
    ),
    "view/served/vocabulary_files.py": (
        "serve/test_entities.py",
        "Terms, lists and shapes are taken from their addresses there.",
    ),
    "view/served/query_words.py": (
        "serve/test_query_page.py",
        "The words are those that the page is given there.",
    ),
    "view/explorer/verification.py": (
        "cli/test_explore.py",
        "Pages that were altered are verified there.",
    ),
    "view/balances.py": ("cli/test_balance.py", "Each verb is held against its command there."),
    "view/brief_findings.py": ("cli/test_brief.py", "Each verb is held against its command there."),
    "view/certainty.py": ("cli/test_doubt.py", "Each verb is held against its command there."),
    "view/chokepoints.py": (
        "cli/test_chokepoints.py",
        "Each verb is held against its command there.",
    ),
    "view/figure_findings.py": (
        "pages/figures/test_figure.py",
        "It finds what a figure shows, and every kind is drawn once there.",
    ),
    "view/filtered_rows.py": (
        "test_view.py",
        "A view is one thing, and its filters are held with its questions there.",
    ),
    "view/graph_evidence.py": (
        "cli/test_graph.py",
        "The evidence is seen in the page that the command writes there.",
    ),
    "view/history.py": ("cli/test_timeline.py", "Each verb is held against its command there."),
    "view/exposure/page_again.py": (
        "view/scenarios/test_verification.py",
        "A page and the same page written anew are held against each other there.",
    ),
    "view/pictures.py": ("cli/test_graph.py", "Each verb is held against its command there."),
    "view/statements.py": ("cli/test_claims.py", "Each verb is held against its command there."),
    "view/verification.py": ("cli/test_verify.py", "Each verb is held against its command there."),
    "view/view.py": ("test_view.py", "It only puts the questions of a view together."),
}
"""Modules without a test file of their name: the file that holds each, and why it does."""

LAWS = {
    "cli/test_counts.py": "What no command says of a thing that it counts once.",
    "cli/test_transcript.py": "The page of ten questions that an assistant asked.",
    "cli/test_import.py": "The command import, whose module cannot have its name.",
    "view/test_refusals.py": "What no verb of the view may be asked.",
    "view/test_marks.py": "What no output may print unmarked: a number that is not measured.",
    "view/test_one_number.py": "What every output prints alike: the tonnes that a market takes.",
    "view/test_one_share.py": "What every output prints alike, or calls an other figure: a share.",
    "view/test_shares_in_json.py": "Every share and index in JSON is one number a fact.",
    "view/test_sole.py": "What no line may say of a place on all routes, beside its loss.",
    "triples/test_marks.py": "What every named query says of a number that is not measured.",
    "bench": "Times and sizes of the whole, which no room has alone.",
    "browser": "What a reader sees of a page in a browser.",
    "cli/test_console.py": "How every command ends.",
    "cli/test_contract.py": "What every command promises of its JSON.",
    "cli/test_errors.py": "What every command says when it fails.",
    "cli/test_help.py": "The help of all commands.",
    "cli/test_network.py": "What no command may do: use the network.",
    "cli/test_views.py": "The filters of a view, which all commands share.",
    "triples/remote/test_servers.py": "The servers of the tests end with them.",
    "fuzz": "Input from outside, which no room has alone, as bad as a machine can think of.",
    "pages/test_any_text.py": "Any text in any page stays text.",
    "pages/test_imports.py": "What a page imports, and when.",
    "rows/test_own_tables.py": "A reader's own tables beside the shipped ones.",
    "serve/test_limits.py": "What no request may do: keep a worker for ever, or all of them.",
    "test_contributing.py": "The map of the house and its examples.",
    "test_door.py": "A finding has its verb, its command and its row in README.",
    "test_examples.py": "The shipped examples are in step.",
    "test_house.py": "The plan of the house.",
    "test_method.py": "METHOD says what the code does.",
    "test_notebooks.py": "What a notebook shows of results.",
    "test_ontology.py": "The shipped data.",
    "test_packaging.py": "What is shipped in a package.",
    "test_public_api.py": "The names and signatures that are promised.",
    "test_public_names.py": "The names that are promised behave.",
    "test_readme.py": "The blocks of README run.",
    "test_readme_counts.py": "The counts of README.",
    "test_readme_tables.py": "The tables of README.",
    "test_redirects.py": "Where the IRIs of all rooms lead.",
    "test_reference_pages.py": "The reference pages are in step.",
    "test_seams.py": "What passes from room to room is typed.",
    "test_words.py": "The words and the width of every default report.",
    "test_view.py": "A view and its questions, whose parts are files of one room.",
    "triples/test_healing.py": "Kept stores that are damaged, over cache and store.",
    "triples/test_named_queries.py": "The shipped queries, which are data.",
    "triples/test_whole_answers.py": "What no shipped query may leave out, on rows by hand.",
    "triples/test_views.py": "Stores of filtered rows, over filters, chunks and store.",
}
"""Test files, or folders of them, that hold more than one module: what they are about."""


def module_names() -> list[str]:
    """The modules of the package as paths below it, without what begins with an underscore."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return [path.relative_to(PACKAGE).as_posix() for path in paths if path.name[0] != "_"]


def mirrored(module: str) -> Path:
    """Where the test of a module stands: ``tests`` has the rooms of the package."""
    path = TESTS / module
    return path.with_name(f"test_{path.name}")


def has_own_test(module: str) -> bool:
    """Tell whether a module has the test file of its name in its room."""
    return mirrored(module).is_file()


def is_tested(module: str) -> bool:
    """Tell whether a module has a test file of its name, or is listed with one that holds it."""
    return has_own_test(module) or module in HELD_BY


def files_of_tests() -> list[str]:
    """The test files as paths below ``tests``."""
    return [path.relative_to(TESTS).as_posix() for path in sorted(TESTS.rglob("test_*.py"))]


def is_law(file: str) -> bool:
    """Tell whether a test file, or its folder, is listed as one over several modules."""
    return file in LAWS or file.partition("/")[0] in LAWS

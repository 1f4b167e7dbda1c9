"""Findings as text: tables for a terminal, JSON, CSV and Markdown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from monazite.findings.finding import Chokepoint, Chokepoints, StageShares
from monazite.triples.answers import csv_lines

NOT_KNOWN = "not known"
_LEAST = 16
FORMATS = ("table", "json", "csv", "markdown")


@dataclass(frozen=True)
class Table:
    """A table of texts, with a heading and remarks below it."""

    heading: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    remarks: tuple[str, ...] = field(default=())
    right: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()  # columns that give way, in this order, on a narrow terminal


def write_chokepoints(
    findings: Chokepoints,
    fmt: str,
    *,
    sources: Mapping[str, str] | None = None,
    width: int | None = None,
    view: str = "",
) -> str:
    """Return a chokepoint report as ``table``, ``json``, ``csv`` or ``markdown``.

    Args:
        findings: the report.
        fmt: one of ``FORMATS``.
        sources: who says a row, in a few words, for the tables that people read.
        width: columns of the terminal; None cuts nothing.
        view: the line that records the view, which ends the tables.
    """
    if fmt == "json":
        return to_json(chokepoints_dict(findings))
    if fmt == "csv":
        return "".join(csv_lines(_CSV_COLUMNS, [_csv_row(item) for item in findings.chokepoints]))
    known = sources or {}
    stages, losses = _stage_table(findings, known), _loss_table(findings, known)
    tables = [stages, losses, _assumption_table(findings)]
    return write_tables([table for table in tables if table.rows], fmt, width=width, view=view)


def write_tables(
    tables: Sequence[Table], fmt: str, *, width: int | None = None, view: str = ""
) -> str:
    """Return tables as ``table`` or ``markdown`` text, ending with the line of their view."""
    write = _markdown if fmt == "markdown" else _plain
    parts = [write(table, width) for table in tables]
    if view:
        parts.append(f"{markdown_text(view) if fmt == 'markdown' else view}\n")
    return "\n".join(parts)


def to_json(content: object) -> str:
    """Return JSON as readers and programs like it: indented, Chinese as Chinese."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def chokepoints_dict(findings: Chokepoints) -> dict[str, object]:
    """Return the report as the documented JSON contract: shares 0 to 1, null is not known."""
    return {
        "view": findings.view,
        "element": findings.element,
        "market": findings.market,
        "stages": [asdict(stage) for stage in findings.stages],
        "chokepoints": [asdict(point) for point in findings.chokepoints],
        "assumptions": [asdict(assumption) for assumption in findings.assumptions],
        "notes": list(findings.notes),
    }


def percent(share: float | None) -> str:
    """Return a share in whole percent; what rounds away is not nothing, nor everything.

    >>> percent(0.999), percent(0.004), percent(0.0), percent(None)
    ('>99 %', '<1 %', '0 %', 'not known')
    """
    if share is None:
        return NOT_KNOWN
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "<1 %"
    if whole == 100 and share < 1:
        return ">99 %"
    return f"{whole} %"


def _stage_table(findings: Chokepoints, sources: Mapping[str, str]) -> Table:
    where = "the world" if findings.market == "WLD" else findings.market
    return Table(
        heading=f"{findings.element} for {where}: who leads each stage",
        columns=(
            "stage",
            "leader",
            "share",
            "HHI",
            "of",
            "basis",
            "year",
            "coverage",
            "source",
            "row",
        ),
        rows=[_stage_row(stage, sources) for stage in findings.stages],
        remarks=(
            *(f"{stage.stage}: {stage.note}" for stage in findings.stages if stage.note),
            *(
                f"{stage.stage}: the range is set by {', '.join(stage.range_rows)}."
                for stage in findings.stages
                if stage.range_rows
            ),
        ),
        right=("share", "HHI", "year", "coverage"),
        spare=("row", "of", "basis", "coverage"),
    )


def _stage_row(stage: StageShares, sources: Mapping[str, str]) -> list[str]:
    return [
        stage.stage,
        stage.leader or NOT_KNOWN,
        _ranged(*map(percent, (stage.share, stage.share_low, stage.share_high))),
        _ranged(*map(_index, (stage.hhi, stage.hhi_low, stage.hhi_high))),
        stage.denominator,
        stage.basis,
        str(stage.year or NOT_KNOWN),
        percent(stage.coverage),
        _who(stage.rows, sources),
        _first(stage.rows),
    ]


def _index(hhi: float | None) -> str:
    return NOT_KNOWN if hhi is None else f"{hhi:,.0f}"


def _ranged(value: str, low: str, high: str) -> str:
    """A value, with the range that other rows give it where there is one."""
    return value if low == high or NOT_KNOWN in {low, high} else f"{value} ({low} to {high})"


def _who(rows: Sequence[str], sources: Mapping[str, str]) -> str:
    """Who says the first of some rows."""
    return sources.get(rows[0], "") if rows else ""


def _first(rows: Sequence[str]) -> str:
    if not rows:
        return ""
    more = f" +{len(rows) - 1}" if len(rows) > 1 else ""
    return rows[0] + more


def _loss_table(findings: Chokepoints, sources: Mapping[str, str]) -> Table:
    return Table(
        heading="What is lost if it stops, of the element's own supply",
        columns=(
            "rank",
            "what stops",
            "loss",
            "range",
            "share",
            "sole",
            "between",
            "year",
            "source",
            "row",
        ),
        rows=[_loss_row(point, sources) for point in findings.chokepoints],
        remarks=(
            *findings.notes,
            *(f"{point.label}: {point.note}" for point in findings.chokepoints if point.note),
        ),
        right=("rank", "loss", "share", "between", "year"),
        spare=("row", "between", "sole", "source"),
    )


def _loss_row(point: Chokepoint, sources: Mapping[str, str]) -> list[str]:
    low, high = percent(point.loss_low), percent(point.loss_high)
    between = NOT_KNOWN if point.betweenness is None else f"{point.betweenness:.2f}"
    sole = {True: "yes", False: "no", None: NOT_KNOWN}[point.dominator]
    return [
        str(point.rank or ""),
        point.label,
        percent(point.loss),
        NOT_KNOWN if point.loss_low is None else low if low == high else f"{low} to {high}",
        percent(point.share),
        sole,
        between,
        str(point.year or NOT_KNOWN),
        _who(point.rows, sources),
        _first(point.rows),
    ]


def _assumption_table(findings: Chokepoints) -> Table:
    return Table(
        heading="Assumptions used",
        columns=("assumption", "value", "range", "row"),
        rows=[
            [
                assumption.text,
                f"{assumption.value:g} {assumption.unit}"
                if assumption.value is not None
                else NOT_KNOWN,
                f"{assumption.low:g} to {assumption.high:g}"
                if assumption.low is not None and assumption.high is not None
                else NOT_KNOWN,
                assumption.row,
            ]
            for assumption in findings.assumptions
        ],
    )


_CSV_COLUMNS = (
    "rank",
    "id",
    "label",
    "kind",
    "stage",
    "country",
    "loss",
    "loss_low",
    "loss_high",
    "dominator",
    "betweenness",
    "share",
    "coverage",
    "basis",
    "year",
    "rows",
    "assumptions",
    "note",
)


def _csv_row(point: Chokepoint) -> list[str]:
    return [_csv_cell(value) for value in (getattr(point, name) for name in _CSV_COLUMNS)]


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(table: Table, width: int | None) -> str:
    """Lines of columns; on a narrow terminal spare columns go, then the widest text is cut."""
    table = _narrow(table, width) if width else table
    cells = [list(table.columns), *[list(row) for row in table.rows]]
    widths = _widths(table)
    if width:
        over = sum(widths) + 2 * (len(widths) - 1) - width
        while over > 0 and max(widths) > _LEAST:
            widest = widths.index(max(widths))
            widths[widest] -= 1
            over -= 1
    lines = [table.heading, ""] if table.heading else []
    for row in cells:
        texts = [
            _fit(cell, widths[place], right=table.columns[place] in table.right)
            for place, cell in enumerate(row)
        ]
        lines.append("  ".join(texts).rstrip())
    lines += ["", *table.remarks] if table.remarks else []
    return "\n".join(lines) + "\n"


def _narrow(table: Table, width: int) -> Table:
    """Leave spare columns out, one after the other, until the rest can be cut to fit."""
    left: list[str] = []
    for name in table.spare:
        widths = [min(wide, _LEAST) for wide in _widths(table)]
        if sum(widths) + 2 * (len(widths) - 1) <= width:
            break
        place = table.columns.index(name)
        table = replace(
            table,
            columns=tuple(column for column in table.columns if column != name),
            rows=[[*row[:place], *row[place + 1 :]] for row in table.rows],
        )
        left.append(name)
    if left:
        remark = f"Too narrow here for: {', '.join(left)}; widen, or take --format csv."
        table = replace(table, remarks=(*table.remarks, remark))
    return table


def _widths(table: Table) -> list[int]:
    rows = [table.columns, *table.rows]
    return [max(_wide(row[place]) for row in rows) for place in range(len(table.columns))]


def _fit(text: str, width: int, *, right: bool) -> str:
    text = text.replace("\n", " ")
    while _wide(text) > width:
        text = text[:-2] + "…" if len(text) > 1 else text[:-1]
    pad = " " * (width - _wide(text))
    return pad + text if right else text + pad


def _wide(text: str) -> int:
    """Columns a text takes in a terminal; Chinese characters take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _markdown(table: Table, _: int | None) -> str:
    marks = ["---:" if name in table.right else "---" for name in table.columns]
    lines = [f"**{markdown_text(table.heading)}**", ""] if table.heading else []
    body = (table.columns, marks, *table.rows)
    lines += ["| " + " | ".join(markdown_text(cell) for cell in row) + " |" for row in body]
    lines += (
        ["", *(f"- {markdown_text(remark)}" for remark in table.remarks)] if table.remarks else []
    )
    return "\n".join(lines) + "\n"


def markdown_text(text: str) -> str:
    """Return a text that Markdown shows as it is: no cell ends early, no tag starts."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return escaped.replace("\n", " ")

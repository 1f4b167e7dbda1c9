"""Claims on a page: nothing that a row says can become markup or a formula."""

from __future__ import annotations

from monazite.findings.claims.claims import Claim, ClaimLink, Response
from monazite.findings.claims.tables import claims_csv, claims_table, write_claim
from monazite.tables import csv_lines, write_tables
from monazite.triples.cards import RowCard, SourceLine

HOSTILE = '<script>alert(1)</script> | a "b"'
SOURCE = SourceLine("a", HOSTILE, HOSTILE, "2025", "3", "https://example.org/")
CARD = RowCard("prices/a", "prices", HOSTILE, "2025", HOSTILE, (SOURCE,), {}, perhaps=True)
CLAIM = Claim(
    row="statements/c1",
    speaker=HOSTILE,
    role=HOSTILE,
    actor="",
    subject=HOSTILE,
    date_from="2025",
    date_until="2025",
    stance="Asserted",
    statement="=cmd()",
    numbers="",
    sources=(SOURCE,),
    responses=(Response(HOSTILE, "Denied", HOSTILE, "responses/a"),),
    links=(
        ClaimLink("supports", HOSTILE, "prices/a", "statement_links/a", CARD),
        ClaimLink("contradicts", HOSTILE, "prices/b", "statement_links/b", None),
    ),
)


def test_markdown_has_no_tag() -> None:
    for text in (
        write_claim(CLAIM, "markdown", view=HOSTILE),
        write_tables([claims_table([CLAIM])], "markdown"),
    ):
        assert "<script" not in text
        assert "&lt;script" in text


def test_csv_has_no_formula() -> None:
    table = claims_csv([CLAIM])
    text = "".join(csv_lines(table.columns, table.rows))
    assert ",'=cmd()," in text
    assert text.count("c1,supported") == 2


def test_a_source_has_one_number_and_what_is_left_out_no_text() -> None:
    text = write_claim(CLAIM, "table")
    assert text.startswith("c1: supported\n")
    assert text.count("  [1] ") == 1
    assert "[2]" not in text
    assert "perhaps: " in text
    assert "  contradicts: prices/b\n" in text
    assert "View" not in text


def test_a_claim_without_rows_says_so_in_every_form() -> None:
    from dataclasses import replace

    bare = replace(CLAIM, links=(), responses=())
    assert write_claim(bare, "table").startswith("c1: not known\n")
    (row,) = claims_csv([bare]).rows
    assert row[1] == "not known"
    assert len(row) == len(claims_csv([bare]).columns)
    assert claims_table([bare]).rows[0][2:5] == ["0", "0", "0"]

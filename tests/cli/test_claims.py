"""The command ``claims``: the list, the card of one, and what each format carries."""

from __future__ import annotations

import csv
import io
import json

import pytest

from monazite.errors import UnknownNameError
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


def test_the_list_names_every_claim_with_its_verdict(run: Run) -> None:
    done = run("claims", "--full", "--full")
    assert (done.code, done.err) == (0, "")
    listed = [line for line in done.out.splitlines() if line.startswith("c")][1:]
    assert len(listed) == 26
    assert any(line.startswith("c17-france-1994") for line in listed)
    assert "\nData: release of " in done.out


def test_one_claim_shows_both_sides_with_sources(run: Run) -> None:
    out = run("claims", "malaysia").out
    assert out.startswith("c16-malaysia-1992: partly contradicted\n")
    for part in ("\nsupports\n", "\ncontradicts\n", "\npartly contradicts\n", "\nsources\n"):
        assert part in out
    assert "facility_events/bukit-merah-1994-01-19-closed: " in out
    assert "(1994-02-11, news)" in out
    assert run("claims", "c16").out == out


def test_the_view_says_what_it_leaves_out(run: Run) -> None:
    out = run("claims", "c16", "--tier", "1").out
    assert out.startswith("c16-malaysia-1992: not known\n")
    assert "left out by the data used: they do not count" in out
    assert "contradicts: facility_events/bukit-merah-1994-01-19-closed" in out
    assert "sources of tier 1 or better" in " ".join(out.split())


def test_who_does_not_confirm(run: Run) -> None:
    assert "not confirmed by CHN government" in run("claims", "c03").out
    assert "not confirmed by CHN government" in run("claims", "--speaker", "lutnick").out


def test_json_has_the_view_and_the_rows(run: Run) -> None:
    found = json.loads(run("claims", "c18", "--tier", "1", "-f", "json").out)
    assert found["view"]["tier"] == 1
    (claim,) = found["claims"]
    assert claim["verdict"] == "contradicted"
    counted = [link for link in claim["links"] if link["counts"]]
    assert {link["relation"] for link in counted} == {"contradicts", "bears-on"}
    assert all("sources" not in link for link in claim["links"] if not link["counts"])


def test_csv_is_one_flat_table(run: Run) -> None:
    done = run("claims", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert len({row["claim"] for row in rows}) == 26
    assert {row["relation"] for row in rows} == {
        "supports",
        "contradicts",
        "partly-contradicts",
        "bears-on",
    }
    assert done.err.startswith("Data: ")


def test_markdown(run: Run) -> None:
    out = run("claims", "c17", "-f", "markdown").out
    assert out.startswith("# c17-france-1994: partly contradicted\n")
    assert "\n## contradicts\n" in out


def test_filters(run: Run) -> None:
    found = json.loads(run("claims", "--verdict", "not-known", "-f", "json").out)["claims"]
    assert {claim["verdict"] for claim in found} == {"not known"}
    assert "c15-samarium" in {claim["claim"] for claim in found}


def test_nothing_meant_is_a_no_and_a_wrong_verdict_a_mistake(run: Run) -> None:
    done = run("claims", "zzz")
    assert (done.code, done.out) == (1, "")
    assert done.err == "No claim is meant; without words, all 26 are listed.\n"
    said = run("claims", "--verdict", "suported").assert_refused()
    assert said == 'There is no verdict "suported"; did you mean "supported"?'


@pytest.mark.whole
def test_same_bytes(run: Run, run_process: Run) -> None:
    words = ["claims", "c19", "-f", "json"]
    assert run_process(*words, PYTHONHASHSEED="2") == run(*words)


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    view = view_in_memory(tier=1)
    every = view.claims()
    assert_is_what_the_command_prints(every, run("claims", "--tier", "1", "-f", "json").out)
    assert repr(every) == "<Claims 26 of 26 claims>"
    one = view.claims("c18", verdict="contradicted", speaker="")
    assert_is_what_the_command_prints(one, run("claims", "c18", "--tier", "1", "-f", "json").out)
    assert repr(one) == "<Claims c18-mountain-pass-1998: contradicted>"
    assert one.to_text("markdown") == run("claims", "c18", "--tier", "1", "-f", "markdown").out
    assert [*one] == [claim for claim in every if claim.id == "c18-mountain-pass-1998"]
    assert not view.claims("zzz")
    with pytest.raises(UnknownNameError, match="There is no verdict"):
        view.claims(verdict="suported")

"""``monazite exposure``: one answer for readers and programs, and nothing kept of a bill."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from monazite.bom import exposure as finding
from monazite.core.tables import wide
from monazite.view.opening import load
from tests.cli.conftest import Run
from tests.conftest import view_in_memory

pytestmark = pytest.mark.whole


BILLS = Path(__file__).parents[2] / "examples" / "bills"
CAR = str(BILLS / "petrol-car.csv")
DRIVE = str(BILLS / "drive-unit.xlsx")
SECRET = "Zyxomma"  # A name that nothing else has
PLANTED = (
    f"# {SECRET}Note;;;;;;;\n"
    f"Teil;Benennung;Menge;Masse (g);Werkstoff;Lieferant;Land;{SECRET}Spalte\n"
    f"{SECRET}1;{SECRET}Rotor;2;12,5;NdFeB N42SH;{SECRET} Magnet GmbH;{SECRET}land;x\n"
    f"{SECRET}2;{SECRET}Magnet;2;12,5;{SECRET}ium;JL MAG;;x\n"
)


@pytest.fixture
def planted(tmp_path: Path) -> str:
    file = tmp_path / f"{SECRET}.csv"
    file.write_text(PLANTED, encoding="utf-8")
    return str(file)


def test_the_name_of_the_file_says_in_which_form(run: Run, tmp_path: Path) -> None:
    begins = {
        "bill.html": b"<!doctype html>",
        "bill.xlsx": b"PK",
        "bill.JSON": b"{",
        "bill.csv": b"sheet_row,",
        "bill.md": b"**Electric drive unit: ",
        "bill.txt": b"Electric drive unit: ",
    }
    for name, begin in begins.items():
        done = run("exposure", DRIVE, "-o", str(tmp_path / name))
        assert (done.code, done.out) == (0, "")
        assert (tmp_path / name).read_bytes().startswith(begin)
    assert run("exposure", DRIVE, "-f", "html").out == (tmp_path / "bill.html").read_text("utf-8")
    for name, fmt in (("bill.html", "json"), ("bill.json", "table"), ("bill.xlsx", "html")):
        place = tmp_path / f"other-{name}"
        said = run("exposure", DRIVE, "-o", str(place), "-f", fmt).assert_refused()
        assert said.startswith(f"--format says {fmt} and ")
        assert not place.exists()


def test_a_page_is_worked_out_again_from_the_bill(run: Run, tmp_path: Path) -> None:
    page, profile = tmp_path / "bill.html", tmp_path / "buyer.toml"
    profile.write_text("us-defence = false\n", encoding="utf-8")
    asked = ("-m", "EUE", "--valid", "2025-10-10,2026-11-24", "--profile", str(profile))
    assert run("exposure", DRIVE, *asked, "--redact", "-o", str(page)).code == 0
    alone = run("verify", str(page)).assert_refused()
    assert re.search("private and not in it. Its [0-9]+ records say the same in these", alone)
    assert "name --bom and --profile to work the rest out again" in alone
    assert "--profile" in run("verify", str(page), "--bom", DRIVE).assert_refused()
    with_files = ("--bom", DRIVE, "--profile", str(profile))
    done = run("verify", str(page), *with_files)
    assert (done.code, done.prose[:41]) == (0, "Same, byte for byte: worked out again fro")
    other = run("verify", str(page), "--bom", CAR, *with_files[2:])
    assert other.code == 1
    assert "the bill or a file beside it is not the one it was written from" in other.prose
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("49.4 to 68.1 g", "9.4 to 68.1 g"), encoding="utf-8")
    for words in ((), with_files):
        altered = run("verify", str(page), *words)
        assert altered.code == 1
        assert "its seal does not fit" in altered.prose
    assert 'does not show what it records: "49.4 to 68.1 g"' in altered.prose
    assert "may load and run" not in altered.prose
    page.write_text(text.replace('"files":["profile"]', '"files":["secret"]'), encoding="utf-8")
    assert "no question that can be asked" in run("verify", str(page), *with_files).err


def test_matches_are_written_edited_and_read_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "matches.csv"
    assert run("exposure", CAR, "--matches-out", str(file)).code == 0
    text = file.read_text(encoding="utf-8")
    assert "material,40H,asked,," in text
    grade = "ndfeb-sintered-magnet-h"
    file.write_text(
        text.replace("material,40H,asked,,", f"material,40H,accepted,{grade},"), encoding="utf-8"
    )
    again = tmp_path / "again.csv"
    done = run("exposure", CAR, "--matches", str(file), "--matches-out", str(again))
    # Six starters' magnets of 21 g are 126 g, of which grade H holds 0.5 to 2.8 % dysprosium.
    assert done.out.startswith("Fahrzeug Kompaktklasse: Dy 4.72 to 12.3 g")
    assert f"material,40H,accepted,{grade}," in again.read_text(encoding="utf-8")


def test_the_first_screen_tells_what_stops_first(run: Run) -> None:
    done = run("exposure", DRIVE, "-m", "EUE", "--losses")
    # 61,000 pieces at 4,800 a day are 12.7 days.
    first = " ".join(done.out.split())
    assert first.startswith("Magnet, inner layer stops first, after 12.7 days, through JL MAG")
    assert max(map(wide, done.out.splitlines())) <= 80
    told = json.loads(run("exposure", DRIVE, "-m", "EUE", "--losses", "-f", "json").out)
    assert [each["name"] for each in told["stops"]][:2] == [
        "Magnet, inner layer",
        "Magnet, outer layer",
    ]
    element = told["stops"][0]["element"]
    line = load().chokepoints(element, "EUE").line("separation/CHN")
    assert told["stops"][0]["loss"] == line.loss
    assert told["stops"][0]["holds_up"] == "Electric drive unit"
    paths = [x for x in told["paths"] if x["supplier"] == "JL MAG"]
    assert {hop["source"] != "" for x in paths for hop in x["hops"] if hop["row"]} == {True}
    assert {each["measure"] for each in told["remedies"]} == {
        *("second source", "other grade", "stock", "split")
    }
    records = csv.DictReader(io.StringIO(run("exposure", DRIVE, "--losses", "-f", "csv").out))
    assert float(next(x for x in records if x["part_number"] == "EDU-1512")["days_of_stock"]) > 12


def test_no_plant_of_a_redacted_bill_is_named(run: Run) -> None:
    plain = json.loads(run("exposure", DRIVE, "--losses", "-f", "json").out)
    names = {hop["seller_label"] for path in plain["paths"] for hop in path["hops"]}
    names |= {each["supplier"] for each in plain["paths"]} | {
        hop["buyer_label"] for path in plain["paths"] for hop in path["hops"]
    }
    assert len(names) > 5
    for fmt in ("json", "table", "csv"):
        told = run("exposure", DRIVE, "--losses", "--redact", "-f", fmt, "--full").out
        assert [each for each in sorted(names) if each in told] == []
    assert "plants, not named" in run("exposure", DRIVE, "--losses", "--redact").out


def test_what_is_missing_or_wrong_is_refused(run: Run, tmp_path: Path) -> None:
    refused = run("exposure", CAR, "--redact", "--matches-out", str(tmp_path / "m.csv"))
    assert "--redact" in refused.assert_refused()
    bad = tmp_path / "bad.csv"
    bad.write_text("Part;Qty\nA;12-14\nB;-1\n", encoding="utf-8")
    done = run("exposure", str(bad))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 2)
    assert 'bad.csv:2: column B ("Qty"): "12-14" is a range' in done.err


def test_nothing_of_a_bill_is_kept(run: Run, on_cut: None, planted: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    done = run("exposure", planted, "-m", "EUE")
    assert SECRET in done.out
    held = [file for file in cache.rglob("*") if file.is_file()]
    assert held
    assert [str(file) for file in held if SECRET.encode() in file.read_bytes()] == []
    assert [str(file) for file in held if SECRET in str(file)] == []


@pytest.mark.parametrize("fmt", ["table", "json", "html"])
def test_no_name_of_a_redacted_bill_in_any_output(run: Run, planted: str, fmt: str) -> None:
    done = run("exposure", planted, "--redact", "-f", fmt, *["--full"][: fmt == "table"])
    assert done.code == 0
    assert SECRET.casefold() not in (done.out + done.err).casefold()
    assert "part 1" in done.out


def test_no_name_of_a_redacted_bill_in_its_faults(run: Run, tmp_path: Path) -> None:
    file = tmp_path / f"{SECRET}.csv"
    wrong = PLANTED.replace(";2;12,5;", f";{SECRET}-7;5 {SECRET};", 1)
    file.write_text(wrong, encoding="utf-8")
    done = run("exposure", str(file), "--redact")
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") >= 2
    assert SECRET not in done.err
    assert SECRET in run("exposure", str(file)).err
    lost = str(tmp_path / f"{SECRET}-lost.csv")
    for words in ((lost,), (CAR, "--matches", lost), (CAR, "--profile", lost), (str(tmp_path),)):
        told = run("exposure", *words, "--redact").assert_refused()
        assert SECRET not in told
        assert str(tmp_path) not in told
    assert run("exposure", lost, "--redact").err.startswith("The file of the bill cannot be ")


def test_a_country_that_is_not_understood_is_said_with_row_and_column(
    run: Run, planted: str, tmp_path: Path
) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(
        "Part;Qty;Supplier;Country;Made in\nA;1;X;Polska;CN\nB;1;Y;PL;Polska\nC;1;Y;World;Polska\n",
        encoding="utf-8",
    )
    told = run("exposure", str(file)).prose
    assert 'The country "Polska" is not understood and counts as not known: row 2, column' in told
    assert "row 3, 4, column Made in. Write its English name or its code" in told
    assert "World" not in told
    hidden = run("exposure", planted, "--redact").prose
    assert "The country is not understood and counts as not known: row 3, column column 7" in hidden


def test_a_mistake_of_ours_quotes_no_bill(
    run: Run, planted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr(finding, "find_exposure", fail)
    said = run("exposure", planted).assert_refused()
    assert "KeyError in test_exposure.py" in said
    assert SECRET not in said


def test_no_cell_of_any_output_runs(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bill.csv"
    file.write_text(
        "Part;Description;Qty;Mass (g);Material;Supplier\n"
        "+1+1;@SUM(1);2;5;NdFeB N42SH;-2+3+cmd|' /C calc'!A0\n",
        encoding="utf-8",
    )
    matches = tmp_path / "matches.csv"
    for fmt in ("csv", "tsv"):
        done = run("exposure", str(file), "-f", fmt, "--matches-out", str(matches))
        assert done.code == 0, done.err
        for text in (done.out, matches.read_text(encoding="utf-8")):
            cells = [
                cell
                for row in csv.reader(io.StringIO(text))
                for part in row
                for cell in re.split(r"\t", part)
            ]
            assert [cell for cell in cells if re.match(r"[=+@\t\r]|-[^0-9]", cell)] == []


def test_rules_are_asked_on_every_day_between_the_commas(run: Run) -> None:
    days = "2025-03-31,2025-04-04"
    done = run("exposure", DRIVE, "-m", "EUE", "--valid", days, "-f", "json")
    told = json.loads(done.out)
    assert told["days"] == days.split(",")
    assert told["view"]["valid"] == view_in_memory().valid  # all records are asked
    rule = [x["outcomes"] for x in told["judgements"] if x["rule"] == "mofcom-18"]
    assert {x["2025-03-31"] for x in rule} == {"not"}
    assert "caught" in {x["2025-04-04"] for x in rule}
    wrong = run("exposure", DRIVE, "--valid", "2025-03-31,spring")
    assert wrong.code == 2
    assert "spring" in wrong.err


def test_the_file_of_a_licence_and_a_profile(run: Run, tmp_path: Path) -> None:
    profile = tmp_path / "buyer.toml"
    profile.write_text("us-defence = false\n", encoding="utf-8")
    asked = ("exposure", DRIVE, "-m", "EUE", "--profile", str(profile))
    done = run(*asked, "--licence", "mofcom-gac-2025-18")
    assert done.code == 0
    assert "The file of a licence: " in done.prose
    assert "DFARS" not in done.prose  # it is said once that it is not for defence
    profile.write_text("us-defense = false\nstaff = -2\n", encoding="utf-8")
    wrong = run(*asked)
    assert (wrong.code, wrong.out) == (2, "")
    assert "buyer.toml:1" in wrong.err
    assert "buyer.toml:2" in wrong.err
    none = run(*asked[:4], "--licence", "eu-crma-2024")
    assert (none.code, none.out) == (2, "")


def answered(text: str, *answers: tuple[str, str, str]) -> str:
    """A questionnaire as CSV with answers: how the key begins, whom it is asked of, the answer."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for key, supplier, answer in answers:
        row = next(
            x for x in rows
            if x["key"].startswith(key) and supplier in (x["supplier"], "") and not x["answer"]
        )  # fmt: skip
        row["answer"] = answer
    out = io.StringIO()
    writer = csv.DictWriter(out, [*rows[0]])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_asked_answered_and_asked_again(run: Run, tmp_path: Path) -> None:
    asked = ("exposure", CAR, "-m", "EUE", "--valid", "2025-04-04,2026-12-02")
    first = run(*asked, "--questions", "-")
    assert first.code == 0
    assert max(int(x["judgements settled"]) for x in csv.DictReader(io.StringIO(first.out))) > 5
    file = tmp_path / "answers.csv"
    yunsheng = "Ningbo Yunsheng"
    given = (("made-in", yunsheng, "China"), ("your-us-defence", "", "no"))
    file.write_text(answered(first.out, *given), encoding="utf-8")
    again = run(*asked, "--answers", str(file), "--questions", "-")
    assert again.code == 0, again.err
    assert again.out.count("\n") < first.out.count("\n")
    before, after = (
        {
            (x["sheet_row"], x["rule"], x["layer"]): x["outcomes"]
            for x in json.loads(run(*asked, *words, "-f", "json").out)["judgements"]
        }
        for words in ((), ("--answers", str(file)))
    )
    assert before != after
    opened = [
        key for key, outcomes in before.items() for day, was in outcomes.items()
        if was in ("caught", "not") and after.get(key, {day: "not"})[day] not in ("caught", "not")
    ]  # fmt: skip
    assert opened == []
    file.write_text(first.out, encoding="utf-8")  # blanks change nothing
    blank = run(*asked, "--answers", str(file), "-f", "json")
    assert json.loads(blank.out) == json.loads(run(*asked, "-f", "json").out)


def test_what_answers_may_not_say_is_told_at_once(run: Run, tmp_path: Path) -> None:
    text = run("exposure", CAR, "--questions", "-").out
    file = tmp_path / "answers.csv"
    wrong = answered(text, ("made-in", "Ningbo Yunsheng", "Polska"), ("your-staff", "", "many"))
    file.write_text(wrong + "made-in-0,,,,,,China,,\n", encoding="utf-8")
    said = run("exposure", CAR, "--answers", str(file))
    assert (said.code, said.out) == (2, "")
    assert all(each in said.err for each in ('"Polska" is no country', '"made-in-0"', "column G"))
    hidden = run("exposure", CAR, "--answers", str(file), "--redact").err
    assert str(tmp_path) not in hidden
    assert hidden.startswith("answers:")


def test_the_map_of_article_24_and_the_passports_of_magnets(run: Run, tmp_path: Path) -> None:
    words = ("exposure", DRIVE, "-m", "EUE", "--for", "crma-24", "--passport")
    first = tmp_path / "first.csv"
    done = run(*words, "--questions", str(first))
    assert "Map for CRMA Article 24 on " in done.prose
    assert done.prose.count("This is no legal advice.") >= 2
    text = first.read_text(encoding="utf-8")
    actuator = [x for x in csv.DictReader(io.StringIO(text)) if x["parts"] == "Actuator magnet"]
    supplier = next(x["supplier"] for x in actuator if x["key"].startswith("mine-"))
    file = tmp_path / "answers.csv"
    given = (("mine-", supplier, "Australia"), ("coating-", supplier, "Ni-Cu-Ni"))
    file.write_text(answered(text, *given), encoding="utf-8")
    told = json.loads(run(*words, "--answers", str(file), "-f", "json").out)
    mined = [x for x in told["map_24"]["stages"] if x["stage"] == "mine"]
    assert {x["known_by"] for x in mined} == {"answer", "public information"}
    assert {x["countries"][0] for x in mined if x["known_by"] == "answer"} == {"AUS"}
    assert all(x["public"] is None for x in mined if x["known_by"] == "answer")
    assert {x["coating"] for x in told["passports"]} == {"", "Ni-Cu-Ni"}
    waiting = {x["key"] for x in told["map_24"]["unanswered"]}
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert waiting <= {x["key"] for x in rows if not x["answer"]}
    assert waiting
    assert "crma-25" in run(*words[:4], "--for", "crma-25").assert_refused()
    assert run(*words, "-f", "csv").out.count("\n\n") >= 4

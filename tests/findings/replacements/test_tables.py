"""The words and tables of a replacement: they fit, agree with the JSON, and say what is what."""

from __future__ import annotations

import csv
import io
import json

from monazite.findings.replacements.plant_tables import odds_words
from monazite.findings.replacements.product_limit import Odds
from monazite.text_columns import wide
from tests.conftest import view_in_memory


def test_the_answer_comes_first_and_fits() -> None:
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    text = found.to_text(width=80)
    assert text.startswith("Dy for Germany without China, by the end of 2028\n\nBy the end of 2028")
    assert max(wide(line) for line in text.splitlines()) <= 80
    covered = f"{round(100 * found.asked.covered.value)} % of what Germany needs of Dy is likely"
    assert covered in " ".join(text.split())
    assert "plant      " in text  # a table, no records
    none = next(x for x in found.candidates if x.odds and x.odds.value == 0 and x.odds.high > 0.9)
    assert odds_words(none.odds) in text


def test_odds_of_nothing_that_may_be_much_are_a_range() -> None:
    assert odds_words(Odds(0.0, 0.0, 0.95)) == "0 to 95 %"
    assert odds_words(Odds(0.0, 0.0, 0.0)) == "0 %"
    assert odds_words(Odds(0.23, 0.07, 0.49)) == "23 %"
    assert odds_words(None) == "not known"


def test_all_ways_to_read_it_say_the_same() -> None:
    found = view_in_memory().replace("NdPr", "USA")
    told = json.loads(found.to_json())
    lines = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert len(lines) == len(told["candidates"]) == len(found.candidates)
    for line, each in zip(lines, found.candidates, strict=True):
        assert line["facility"] == each.site.facility
        assert float(line["tonnes"]) == float(f"{each.site.tonnes.value:.6g}")
        assert line["row"] == each.site.tonnes.row
    assert told["covered"]["value"] == found.asked.covered.value
    full = found.to_text(full=True)
    for each in found.candidates:
        assert each.site.label in full
    for slip in found.slips.found:
        assert slip.label in full

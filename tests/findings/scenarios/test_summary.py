"""What is summed up of a run: parts and covers of the run itself, and sums over all months."""

from __future__ import annotations

import json
from math import fsum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import monazite
from monazite.findings.scenarios.summary import numbers_of
from monazite.findings.uncertainty.spans import NEVER
from monazite.network.shares import WORLD
from tests.findings.scenarios.months import Shock, engine_of, one_market, two_markets
from tests.findings.small_chains import MAGNETS

HALT = Shock(begins=1, ends=3, sales={("*", "A", "*", "*"): 0.0})


def numbers(chain: Any, shock: Shock) -> dict[tuple[str, ...], list[float]]:
    engine = engine_of(chain)
    journey = SimpleNamespace(run=engine.run(shock, 6), engine=engine)
    return numbers_of(cast("Any", journey), ("B", WORLD), (MAGNETS,))


def test_a_part_is_of_what_is_wanted_in_the_same_run() -> None:
    found = numbers(one_market(), HALT)
    short, wanted = found["short", "B", MAGNETS], found["wanted", "B", MAGNETS]
    expected = [x / y for x, y in zip(short, wanted, strict=True)]
    assert found["part", "B", MAGNETS] == expected
    assert 0 == min(expected) < max(expected) <= 1


def test_over_all_months_it_is_their_sum() -> None:
    found = numbers(two_markets(), HALT)
    (whole,), (part,) = found["total", WORLD, MAGNETS], found["over", WORLD, MAGNETS]
    assert whole == pytest.approx(fsum(found["short", WORLD, MAGNETS]))
    assert part == pytest.approx(whole / fsum(found["wanted", WORLD, MAGNETS]))


def test_the_worst_and_the_last_month_are_of_the_same_run() -> None:
    found = numbers(one_market(), HALT)
    parts = found["part", "B", MAGNETS]
    assert found["most", "B", MAGNETS] == [max(parts)]
    (last,) = found["last", "B", MAGNETS]
    assert parts[int(last)] > 0 == max(parts[int(last) + 1 :])
    assert numbers(one_market(), Shock(9, 9))["last", "B", MAGNETS] == [NEVER]


def test_cover_is_in_months_of_the_use_of_the_same_run() -> None:
    found = numbers(one_market(), Shock(9, 9))
    # 1,200 t a year are used, and a month of them is held
    assert found["held", "B", MAGNETS][0] == pytest.approx(100.0)
    assert found["cover", "held", "B", MAGNETS][0] == pytest.approx(1.0)


def test_a_shock_without_a_label_is_called_as_the_plant_is_and_what_stretches_is_assumed() -> None:
    found = monazite.load().scenario("kuantan-closed", months=4)
    (rule,) = found.rules
    assert "Kuantan" in rule.label
    assert "/" not in rule.label
    rows = [each.row for each in found.assumptions]
    assert "assumptions/method-horizon-trade-short-run" in rows
    assert "assumptions/method-horizon-trade-medium-run" not in rows, "four months are no years"


def test_what_is_closed_is_called_as_it_is_elsewhere_with_its_stage_once(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    lines = {
        "magnet/JPN": "Japan magnets",
        "mine/MMR": "Myanmar mining",
        "country/VNM": "Vietnam",
        "mine/mt-weld": "Mt Weld mine and concentration plant: mining",
        "firm/lynas": "Lynas Rare Earths Ltd: mining and separation",
    }
    shock = '[[shock]]\nkind = "close"\nwhat = "{}"\nfrom = 2027-01-01\n'
    file.write_text(
        'title = "A"\ndescription = "A."\nstart = "2027-01"\nmonths = 1\nmarkets = ["JPN"]\n'
        + "".join(map(shock.format, lines)),
        "utf-8",
    )
    found = monazite.load().scenario(file)
    assert [rule.label for rule in found.rules] == [*lines.values()]


def test_by_the_text_and_as_it_was_held_the_goods_that_are_covered_lack_the_same() -> None:
    """What customs held beside is of other goods: that two worst months are alike is no chance."""
    view = monazite.load()
    text, held = (
        view.scenario(f"licence-2025-{name}", markets=["USA"], months=5)
        for name in ("text", "held")
    )
    heavy, other = "heavy magnets", "magnets without Dy or Tb"
    covered = [each.short.middle for each in text.of("USA", heavy)]
    assert max(covered) > 0
    assert covered == pytest.approx([each.short.middle for each in held.of("USA", heavy)])
    assert text.lost("USA", other) == 0 < held.lost("USA", other)


def test_a_product_and_a_country_have_one_name_in_every_table_and_format() -> None:
    """Codes and names of the model are none: a report would speak of one thing as of two."""
    found = monazite.load().scenario("china-halt-1", markets=["USA"], months=5)
    cells = {cell for table in found.tables() for row in table.rows for cell in row}
    assert {"heavy magnets", "magnets without Dy or Tb"} <= cells
    assert not {"magnets without", "magnets with Dy or Tb"} & cells
    for text in (found.to_json(), found.to_csv()):
        assert "heavy magnets" in text
        assert "magnets without Dy or Tb" in text
        assert '"magnets without"' not in text
        assert "magnets with Dy or Tb" not in text
    cut = [
        name
        for table in found.tables()
        if "who does without" in table.columns
        for row in table.rows
        for name in row[-1].split(", ")
    ]
    assert cut
    assert not [name for name in cut if name.isupper()], "a code stands for no name"


def test_a_halt_of_china_has_the_sizes_of_its_own_markets_with_author_time_and_source() -> None:
    found = monazite.load().scenario("china-halt-1", markets=["JPN"], months=3)
    assert {each.market for each in found.published} == {"Japan"}
    table = next(x for x in found.tables() if x.heading.startswith("Lost output that others"))
    assert table.long
    told = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    imf = next(x for x in told if x["author"].startswith("International Monetary Fund"))
    assert (imf["size"], imf["time"]) == ("1.8 %", "less than one year")
    assert imf["source"]
    assert "1.8 %" in {x["size"] for x in json.loads(found.to_json())["published"]}


def test_samarium_is_no_part_of_the_chain_of_these_magnets() -> None:
    found = monazite.load().scenario("china-halt-1", markets=["USA"], months=3)
    goods = {each.goods for each in found.published}
    assert "dysprosium" in goods
    assert "samarium" not in goods


def test_a_plant_that_stops_has_none() -> None:
    assert monazite.load().scenario("kuantan-closed", markets=["JPN"], months=3).published == ()


def test_a_flood_of_prices_is_called_as_the_plants_that_it_closes(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'title = "A"\ndescription = "A."\nstart = "2027-01"\nmonths = 2\n'
        '[[shock]]\nkind = "price-flood"\nfrom = 2027-01-01\nprice = 50\nreason = "By hand."\n'
        'costs = { "firm/lynas" = 60, "mine/MMR" = 40, "mine/USA" = 70 }\n',
        "utf-8",
    )
    found = monazite.load().scenario(file)
    assert [rule.label for rule in found.rules] == [
        "Lynas Rare Earths Ltd: mining and separation; United States mining"
    ]

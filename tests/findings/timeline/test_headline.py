"""The finding of a timeline: how a plant stands, which rule is the newest, where a price peaked."""

from __future__ import annotations

from monazite.findings.timeline.headline import finding
from monazite.findings.timeline.timeline import Timeline
from monazite.view import View
from tests.pages.timelines import dated_event, small_timeline


def test_a_plant_says_how_it_stands_and_when_it_stopped(view: View) -> None:
    """Read in the table of events: stops of 1997 and 2015, restarts of 2010 and 2018."""
    assert finding(view.timeline("mountain-pass")) == (
        "Mountain Pass mine and processing facility: operating. "
        "It stopped in 1997 and 2015 and restarted in 2010 and 2018."
    )


def test_an_element_names_its_newest_rule_and_the_highest_price_with_form_and_unit() -> None:
    steps = [
        dated_event("policy", "2020-05-01", "Effective", subject="A", event="Effective",
                    act="export-ban"),
        dated_event("policy", "2021-06", "Ended", subject="A", event="Ended", act="export-ban"),
    ]  # fmt: skip
    prices = [
        dated_event("price", f"{year}", f"{number} USD/kg", short=number, subject="oxide")
        for year, number in ((2010, "5"), (2011, "90"), (2012, "7"))
    ]
    prices += [
        dated_event("price", "2012-03", "95 USD/kg", short="95", subject="metal"),
        dated_event("price", "2013", "4,000 CNY/t", short="4,000", subject="oxide"),
    ]
    told = Timeline("dysprosium", "Dy", None, "2026-11-24", None, (*prices, *steps), ())
    assert finding(told) == (
        "Newest rule on the trade of dysprosium: A (ended in Jun 2021). "
        "Highest recorded price: metal, 95 USD/kg, Mar 2012."
    )


def test_a_rule_that_is_still_to_come_is_not_the_newest() -> None:
    step = dated_event("policy", "2030", "Effective", subject="A", event="Effective",
                       act="export-ban")  # fmt: skip
    told = Timeline("dysprosium", "Dy", None, "2026-11-24", None, (step,), ())
    assert finding(told) == "dysprosium: 1 dated line, 2030 to 2030."


def test_without_a_turn_it_says_how_much_it_holds() -> None:
    few = tuple(x for x in small_timeline().events if x.kind == "supply")
    told = Timeline("Works", None, None, "2012-06-30", None, few, ())
    assert finding(told) == "Works: 1 dated line, 1999 to 1999."

"""Centrality against losses by hand: correlations, and the sentences where they disagree."""

from __future__ import annotations

import pytest

from monazite.findings.centrality.comparison import (
    comparable,
    correlation,
    disagreements,
    most_central,
)
from monazite.findings.centrality.measures import measure_named
from monazite.findings.centrality.result import CentralNode
from monazite.findings.wording import place_at

BETWEEN = measure_named("flow", "betweenness")


def node(name: str, measure: float, loss: float | None, alone: float | None = None) -> CentralNode:
    stage, _, country = name.partition("/")
    label = place_at(country, stage)
    return CentralNode(
        name, label, stage, stage, country, {"betweenness": measure}, loss=loss, alone=alone
    )


def test_a_correlation_is_over_what_has_both() -> None:
    assert correlation({"a": 3, "b": 2, "c": 1}, {"a": 9, "b": 5, "c": 1}) == 1
    assert correlation({"a": 3, "b": 2, "c": 1}, {"a": 1, "b": 5, "c": 9}) == -1
    assert correlation({"a": 1, "b": 1}, {"a": 1, "b": 5}) is None
    # by hand: ranks 1, 2.5, 2.5 against 1, 2, 3 give 1.5 / sqrt(1.5 * 2)
    tied = correlation({"a": 3, "b": 1, "c": 1}, {"a": 9, "b": 5, "c": 1})
    assert tied == pytest.approx(1.5 / (1.5 * 2) ** 0.5)


def test_a_difference_at_the_last_digit_is_none() -> None:
    assert correlation({"a": 0.1 + 0.2, "b": 0.3}, {"a": 1, "b": 5}) is None


def test_places_are_ranked_by_the_loss_alone_where_there_is_one() -> None:
    assert node("mine/A", 0, 0.5).ranking == 50
    assert node("mine/A", 0, 0.5, 0.1).ranking == 10
    assert node("mine/A", 0, None, 0.1).ranking is None
    assert len(comparable([node("mine/A", 0, None), node("mine/B", 0, 0.0)])) == 1


def test_a_stage_without_any_of_the_measure_is_named_with_its_largest_loss() -> None:
    nodes = [
        node("mine/A", 0, 0.3),
        node("mine/B", 0, 0.6),
        node("metal/A", 0.5, 0.9),
        node("use/A", 0, None),
    ]
    first, *_ = disagreements(nodes, BETWEEN)
    assert first == "No mine has any betweenness, whatever is lost: 60 % without B mining."


def test_a_stage_that_costs_nothing_is_not_named() -> None:
    said = list(disagreements([node("mine/A", 0, 0.0), node("metal/A", 0.5, 0.9)], BETWEEN))
    assert said == [
        "Without the most central by betweenness, A metal, 90 % would be lost; no other place "
        "costs more."
    ]


def test_the_most_central_is_held_against_the_largest_loss() -> None:
    nodes = [node("metal/A", 0.9, 0.1), node("metal/B", 0.1, 0.8)]
    assert most_central(nodes, "betweenness").id == "metal/A"
    assert (
        "Without the most central by betweenness, A metal, 10 % would be lost; the largest "
        "loss is 80 %, without B metal." in list(disagreements(nodes, BETWEEN))
    )


def test_who_is_most_central_without_a_known_loss_is_named_too() -> None:
    nodes = [node("metal/A", 0.9, None), node("metal/B", 0.5, 0.1), node("metal/C", 0.1, 0.8)]
    first, *_ = disagreements(nodes, BETWEEN)
    assert first == (
        "A metal is most central by betweenness; the loss is not known. Of the 2 places with a "
        "known loss, B metal is most central. Without B metal, 10 % would be lost; the "
        "largest loss is 80 %, without C metal."
    )


def test_ties_are_told_and_users_lead_nothing() -> None:
    nodes = [node("metal/B", 0.5, 0.1), node("metal/C", 0.5, 0.8), node("use/A", 0.9, None)]
    first, *_ = disagreements(nodes, BETWEEN)
    assert first == (
        "B metal and C metal tie as most central by betweenness. Without B metal, of "
        "which least hangs, 10 % would be lost; the largest loss is 80 %, without C metal."
    )


def test_a_loss_of_the_element_alone_is_called_so() -> None:
    """China's mine costs 48 % of all, and 18 % if only the element were scarce."""
    nodes = [
        node("mine/MMR", 0, 0.34, 0.34),
        node("mine/CHN", 0, 0.48, 0.18),
        node("metal/CHN", 0.5, 0.93, 0.93),
    ]
    first, *_, last = disagreements(nodes, BETWEEN)
    assert last == "These losses are those if only this element were scarce."
    assert first == ("No mine has any betweenness, whatever is lost: 34 % without MMR mining.")


def test_none_of_a_measure_is_said() -> None:
    nodes = [node("metal/A", 0, 0.5), node("metal/B", 0, 0.1)]
    assert list(disagreements(nodes, BETWEEN)) == [
        "No place with a known loss has any betweenness."
    ]


def test_the_furthest_apart_is_named_with_both_places() -> None:
    nodes = [node(f"metal/{x}", 1 - place / 10, place / 10) for place, x in enumerate("ABCDE")]
    *_, last = disagreements(nodes, BETWEEN)
    assert last == (
        "Furthest apart: E metal, place 5 of 5 by betweenness and place 1 by loss (40 %)."
    )


def test_nothing_known_says_nothing() -> None:
    assert list(disagreements([node("mine/A", 0, None)], BETWEEN)) == []

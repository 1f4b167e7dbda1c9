"""What the page says beside the picture."""

from __future__ import annotations

from monazite.pages.graph.details import answer
from tests.pages.networks import (
    findings_for,
    small_findings,
    small_network,
)


def test_the_answer_is_made_of_the_findings() -> None:
    text = answer(small_network(), small_findings()).replace("\N{NO-BREAK SPACE}", " ")
    assert text == (
        "The largest loss is China separation: its shutdown would take 99 % (from 95 % to 99 %)."
    )


def test_an_unknown_loss_is_said_to_be_not_known() -> None:
    network = small_network()
    text = answer(network, findings_for(network, ("mine/CHN", None)))
    assert text == "The United States' loss of dysprosium is not known."
    assert answer(network, None) == ""

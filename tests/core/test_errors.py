"""The errors: one tree, and faults in the order of their lines; and what may be asked of a view."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import (
    MOST_SHOWN,
    Fault,
    Faults,
    FaultyTablesError,
    SeveralMeantError,
    UnknownNameError,
    all_at_once,
    did_you_mean,
)
from monazite.core.package import ontology_folder
from monazite.data.parameters import (
    ALLOY,
    APPROVAL,
    APPROVALS,
    CUT_SIZES,
    EVENT,
    FREE,
    HORIZON,
    LEFTS,
    MAGNET,
    METAL,
    MINE,
    SCALES,
    SEPARATION,
    TIMEOUTS,
    TRIAL_COUNTS,
    USE,
    Contingency,
    NumberBounds,
    check_text,
    check_word,
    check_year,
    events,
    horizons,
    stages,
)


def test_all_faults_are_told_by_file_and_line() -> None:
    faults = [
        Fault("b.csv", 2, "x", "mend"),
        Fault("a.csv", 10, "y", "mend"),
        Fault("a.csv", 9, "z", "mend"),
    ]
    error = FaultyTablesError(faults)
    assert str(error).split("\n") == ["a.csv:9: z; mend", "a.csv:10: y; mend", "b.csv:2: x; mend"]


def test_what_is_not_known_is_said_at_once() -> None:
    def refuse(what: str) -> None:
        raise UnknownNameError(f"There is no {what}.")

    assert all_at_once(lambda: 1, lambda: None) == [1, None]
    with pytest.raises(UnknownNameError, match=r"^There is no a\. There is no b\.$"):
        all_at_once(lambda: refuse("a"), lambda: None, lambda: refuse("b"))
    alone = SeveralMeantError("Several.", (("deposit", "x", "X"),))

    def several() -> None:
        raise alone

    with pytest.raises(SeveralMeantError) as raised:
        all_at_once(several)
    assert raised.value is alone


def test_a_near_name_is_proposed_as_it_is_written() -> None:
    assert did_you_mean("DYSPROSIUN", ["Dysprosium", "Terbium"]) == 'did you mean "Dysprosium"?'
    assert did_you_mean("x", []) == ""


@given(st.text(), st.text(), st.text())
def test_a_fault_has_only_characters_that_show(file: str, what: str, fix: str) -> None:
    assert str(Fault(file, 1, what, fix)).isprintable()


def test_a_fault_shows_what_would_hide_or_break_a_line() -> None:
    name = "va\nl\x00u\x1be\x9b\u202e\u2028\ufffe"
    said = str(Fault(f"{name}.csv", 1, f'the column "{name}" is not known', "mend it"))
    shown = r"va\nl\x00u\x1be\x9b\u202e\u2028\ufffe"
    assert said == f'{shown}.csv:1: the column "{shown}" is not known; mend it'


def test_a_fault_quotes_no_million_characters() -> None:
    said = str(Fault("own.csv", 2, f'"{"9" * 1_000_000}" is not a number', "write digits"))
    assert len(said) < 1_000
    assert said.endswith('9" is not a number; write digits')


FOUND = st.lists(
    st.builds(
        lambda file, line, kind: Fault(file, line, f"{kind} {line % 3}", "mend it", kind=kind),
        st.sampled_from(["a.csv", "b.csv"]),
        st.integers(1, 99),
        st.sampled_from(["", "odd", "even"]),
    ),
    max_size=150,
)


@given(FOUND)
def test_no_fault_is_lost_where_many_are_counted(found: list[Fault]) -> None:
    faults = Faults(sorted(found))
    gathered = faults.gathered()
    assert len(faults) == len(found) == sum(fault.count for fault in gathered)
    assert gathered == sorted(gathered)
    for fault in gathered:
        alike = [each for each in gathered if (each.file, each.kind) == (fault.file, fault.kind)]
        assert len(alike) <= 3 * (MOST_SHOWN + 1)
    assert Faults(gathered).gathered() == gathered


def test_a_hundred_thousand_faults_are_counted_and_not_printed() -> None:
    found = (
        Fault("own.csv", line, f'"x{line}" is not a number', "write digits", kind="number")
        for line in range(2, 100_002)
    )
    lines = str(FaultyTablesError(found)).split("\n")
    assert len(lines) == MOST_SHOWN + 2
    assert lines[0] == 'own.csv:2: "x2" is not a number; write digits'
    assert lines[-2:] == [
        'own.csv:22: "x22" is not a number (and so on 99,979 more lines); write digits',
        "100,000 faults in all.",
    ]


def test_one_line_stands_for_many_that_say_the_same() -> None:
    faults = [Fault("own.csv", line, "it is blank", "write it") for line in range(2, 102)]
    assert str(FaultyTablesError(faults)).split("\n") == [
        "own.csv:2: it is blank (and so on 99 more lines); write it",
        "100 faults in all.",
    ]


def test_a_text_longer_than_a_name_is_near_to_none() -> None:
    assert did_you_mean("kuantam" * 100_000, ["kuantan"]) == ""


# What is asked


@pytest.mark.parametrize(
    ("scheme", "words"),
    [("horizon", horizons()), ("contingency-event", events()), ("stage", stages())],
)
def test_the_words_are_codes_of_the_scheme(scheme: str, words: tuple[str, ...]) -> None:
    text = (ontology_folder() / "schemes" / f"{scheme}.ttl").read_text("utf-8")
    assert set(words) <= set(re.findall(r'skos:notation "([^"]+)"', text))
    assert len(set(words)) == len(words)


def test_the_defaults_are_words_of_their_lists() -> None:
    assert (EVENT, HORIZON, APPROVAL) == ("outage", "short-run", 0.5)
    assert Contingency() == Contingency(EVENT, HORIZON, APPROVAL)
    assert horizons()[-1] == FREE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"horizon": "short"}, 'There is no horizon "short"; did you mean "short-run"?'),
        ({"event": "war"}, 'There is no event "war"; there are outage, embargo, licence.'),
        ({"approval": 1.2}, "An approval is a part, 0 to 1, not 1.2."),
        ({"approval": -0.1}, "An approval is a part, 0 to 1, not -0.1."),
    ],
)
def test_what_is_no_contingency_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(UnknownNameError, match=f"^{re.escape(said)}$"):
        Contingency(**given)  # type: ignore[arg-type]


def test_a_word_is_asked_for_by_what_it_is() -> None:
    assert check_word("mine", stages(), "stage") == "mine"
    with pytest.raises(UnknownNameError, match=r'There is no stage "zzz"; there are mine, '):
        check_word("zzz", stages(), "stage")


@pytest.mark.parametrize(
    ("bounds", "value", "said"),
    [
        (CUT_SIZES, 7, "The size of a set is a whole number, 1 to 6, not 7."),
        (CUT_SIZES, 2.0, "The size of a set is a whole number, 1 to 6, not 2."),
        (CUT_SIZES, True, "The size of a set is a whole number, 1 to 6, not True."),
        (LEFTS, float("nan"), "What may still arrive is a part, 0 to 1, not nan."),
        (SCALES, float("inf"), "The scale of a PNG is a number, 0.1 to 20, not inf."),
        (TIMEOUTS, 1e30, "The time of a query in seconds is a number, 0.1 to 86400, not 1e+30."),
        (TRIAL_COUNTS, -1, "The number of trials is a whole number, 0 or more, not -1."),
        (APPROVALS, None, "An approval is a part, 0 to 1, not None."),
        (APPROVALS, "a", "An approval is a part, 0 to 1, not 'a'."),
    ],
)
def test_a_number_outside_its_bounds_is_refused(
    bounds: NumberBounds, value: object, said: str
) -> None:
    with pytest.raises(UnknownNameError, match=f"^{re.escape(said)}$"):
        bounds.check(value)


def test_both_ends_of_bounds_may_be_asked_for() -> None:
    for bounds in (CUT_SIZES, LEFTS, SCALES, TIMEOUTS):
        bounds.check(bounds.low)
        bounds.check(bounds.high)
    TRIAL_COUNTS.check(10**30)


@pytest.mark.parametrize("text", ["\ud800", "Dy\udcff"])
def test_half_a_character_is_no_text(text: str) -> None:
    with pytest.raises(UnknownNameError, match="The element holds half of a character"):
        check_text(text, "element")


def test_a_word_a_day_and_a_year_have_their_kind() -> None:
    with pytest.raises(UnknownNameError, match=r"^The horizon is a text, not None\.$"):
        Contingency(horizon=None)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match=r"A year is a whole number, 1 to 9999, not '2024'"):
        check_year("2024")
    check_year(None)


def test_stages_that_code_names_are_those_of_the_scheme() -> None:
    assert stages() == (MINE, SEPARATION, METAL, ALLOY, MAGNET, USE)

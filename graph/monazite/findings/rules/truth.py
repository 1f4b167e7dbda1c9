"""Yes, no, or open with the reasons why: the logic in which conditions are joined.

It is Kleene's logic of three values. An open truth carries the reasons why it is open, as bits, so
that a truth is one small number: twenty thousand items are held against a hundred conditions.
Knowing more can settle what is open and never turns a yes into a no.

S. C. Kleene, Introduction to Metamathematics (1952), section 64: recalled, not read again.
"""

from __future__ import annotations

from collections.abc import Iterable

Truth = int
"""``NO``, ``YES``, or ``OPEN`` with the bits of its reasons."""
NO, YES, OPEN = 0, 1, 2
STRADDLES, MISSING, STATUS, UNREAD, DIFFERS = 4, 8, 16, 32, 64
REASONS = {
    STRADDLES: "range straddles",
    MISSING: "fact missing",
    STATUS: "status unknown",
    UNREAD: "text unread",
    DIFFERS: "guidance differs",
}
"""Why an outcome is open, or differs from that of the text: the closed list."""
CAUGHT, MAY, NOT, NOT_JUDGED = "caught", "may", "not", "not judged"
OUTCOMES = (CAUGHT, MAY, NOT_JUDGED, NOT)
"""What a rule makes of an item on a day."""


def open_for(*reasons: int) -> Truth:
    """Return what is open, for some reasons.

    >>> reasons_of(open_for(MISSING))
    ('fact missing',)
    """
    return OPEN | sum(reasons)


def all_of(truths: Iterable[Truth]) -> Truth:
    """Return whether all of some truths hold; of none it is yes.

    >>> all_of([YES, open_for(MISSING), NO]), all_of([YES, open_for(MISSING)]) == open_for(MISSING)
    (0, True)
    """
    held = YES
    for truth in truths:
        if truth == NO:
            return NO
        if truth != YES:
            held = truth if held == YES else held | truth
    return held


def any_of(truths: Iterable[Truth]) -> Truth:
    """Return whether one of some truths holds; of none it is no.

    >>> any_of([NO, open_for(MISSING), YES]), any_of([])
    (1, 0)
    """
    held = NO
    for truth in truths:
        if truth == YES:
            return YES
        held |= truth
    return held


def negated(truth: Truth) -> Truth:
    """Return the contrary; what is open stays open.

    >>> negated(YES), negated(open_for(STATUS)) == open_for(STATUS)
    (0, True)
    """
    return YES - truth if truth in (YES, NO) else truth


def outcome_of(truth: Truth) -> str:
    """Return the outcome: what is open only because a text was not read is not judged.

    >>> outcome_of(YES), outcome_of(open_for(UNREAD)), outcome_of(open_for(UNREAD, MISSING))
    ('caught', 'not judged', 'may')
    """
    truth &= ~DIFFERS
    if truth in (YES, NO):
        return CAUGHT if truth == YES else NOT
    return NOT_JUDGED if truth == open_for(UNREAD) else MAY


def reasons_of(truth: Truth) -> tuple[str, ...]:
    """Return why it is open, or differs from the text, in the order of the list."""
    return tuple(words for bit, words in REASONS.items() if truth & bit)

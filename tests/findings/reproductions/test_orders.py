"""Places in a printed order and in ours, by hand."""

from __future__ import annotations

from monazite.findings.reproductions.orders import Order, OrderPlace, order_of


def _places(**numbers: tuple[float, float | None]) -> list[OrderPlace]:
    return [
        OrderPlace(name, printed, "t", ours, "%", f"row/{name}", reason="brought along")
        for name, (printed, ours) in numbers.items()
    ]


def _order(**numbers: tuple[float, float | None]) -> Order:
    found = order_of(_places(**numbers), measure="part-lost", what="sizes", market="USA")
    assert found is not None
    return found


def test_an_element_inside_a_tie_is_not_out_of_place() -> None:
    found = _order(a=(5, 100), b=(4, 100), c=(3, 100), d=(2, 1), e=(1, 100), f=(0, None))
    out = {place.element: place.out for place in found.places}
    assert out == {"a": 0, "b": 0, "c": 0, "d": 1, "e": -1, "f": None}
    assert (found.numbers, found.pairs, found.kept, found.tied) == (5, 10, 3, 6)
    assert [place.is_out for place in found.places] == [False] * 6
    assert {place.reason for place in found.places} == {"brought along"}


def test_three_places_are_out_of_place() -> None:
    found = _order(a=(4, 1), b=(3, 7), c=(2, 6), d=(1, 5))
    first, *others = found.places
    assert (first.first, first.our_first, first.out, first.is_out) == (1, 4, 3, True)
    assert [place.out for place in others] == [-1, -1, -1]


def test_the_reason_is_asked_with_how_many_share_the_number() -> None:
    asked: list[tuple[str, int]] = []

    def reason(place: OrderPlace, beside: int) -> str:
        asked.append((place.element, beside))
        return f"{place.our_first} to {place.our_last}"

    given = _places(a=(3, 9), b=(2, 9), c=(1, 4), d=(9, None))
    found = order_of(given, measure="m", what="w", reason=reason)
    assert found is not None
    assert asked == [("a", 1), ("b", 1), ("c", 0)]
    assert [place.reason for place in found.places] == [
        "brought along",
        "1 to 2",
        "1 to 2",
        "3 to 3",
    ]


def test_no_two_printed_numbers_no_order() -> None:
    assert order_of(_places(a=(3, 9), b=(3, 8)), measure="m", what="w") is None
    assert order_of([], measure="m", what="w") is None


def test_sizes_stay_where_nothing_of_ours_is_known() -> None:
    found = _order(a=(3, None), b=(2, None))
    assert (found.numbers, found.pairs, found.spearman, found.kendall) == (0, 0, None, None)
    assert [(place.element, place.printed, place.first) for place in found.places] == [
        *(("a", 3, None), ("b", 2, None)),
    ]

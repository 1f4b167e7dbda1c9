"""A profile: what it says, and every fault of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bills.product_classes import class_words
from monazite.bills.profile import LONGEST, BuyerProfile, read_profile
from monazite.errors import FaultyTablesError, MonaziteError, UnreadableError

KNOWN = (
    {"us-defence", "cots"},
    class_words([("article-24-drones", "drones"), ("none", "none")]),
    {"magnet", "assembly"},
    {"contract"},
)


def read(folder: Path, text: str | bytes) -> BuyerProfile:
    file = folder / "buyer.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_profile(file, *KNOWN)


def test_it_says_what_it_says(tmp_path: Path) -> None:
    said = (
        'staff = 600\nturnover-eur = 2e8\nproduct-class = ["article-24-drones"]\n'
        'ships-as = "magnet"\nus-defence = false\ndocuments = ["contract"]\n'
        "usd-per-eur = 1.1\n"
    )
    assert read(tmp_path, said) == BuyerProfile(
        *(600, 2e8, ("article-24-drones",), ("magnet",), ("contract",), {"us-defence": False}),
        dollars=1.1,
    )
    assert read(tmp_path, "") == BuyerProfile()
    assert read(tmp_path, 'product-class = "Drone"').classes == ("article-24-drones",)


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    said = (
        "staff = -1\nturnover-eur = true\n\nproduct-class = 'cars'\nus-defence = 1\n"
        "colour = 'red'\nusd-per-eur = '1,1'\n[cots]\nyes = 1\n"
    )
    with pytest.raises(FaultyTablesError) as told:
        read(tmp_path, said)
    assert [(each.line, each.what) for each in told.value.faults] == [
        (1, "staff is no number of 0 or more"),
        (2, "turnover-eur is no number of 0 or more"),
        (4, '"cars" is no class of products that rules list'),
        (5, "us-defence is not yes or no"),
        (6, "a profile has no colour"),
        (7, "usd-per-eur is no number of 0 or more"),
        (8, "cots is not yes or no"),
    ]


@pytest.mark.parametrize("text", ["staff = ", "a = 1\na = 2", b"\xff\xfe", "x" * (LONGEST + 1)])
def test_what_is_no_profile_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(FaultyTablesError):
        read(tmp_path, text)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_profile(tmp_path / "none.toml", *KNOWN)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: bytes
) -> None:
    try:
        read(tmp_path_factory.mktemp("profile"), text)
    except MonaziteError:
        return

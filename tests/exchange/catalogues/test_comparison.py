"""Two copies are the same or differ, by whichever description, and what differs is named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monazite.errors import UnreadableError
from monazite.exchange.catalogues.comparison import (
    compare_copies,
    is_description,
    read_description,
)
from monazite.exchange.catalogues.formats import find_catalogue
from monazite.exchange.catalogues.published import CANONICAL, PublishedView
from monazite.parameters import CATALOGUES


def altered(published: PublishedView, *names: str) -> PublishedView:
    files = [replace(x, sha256="0" * 64) if x.name in names else x for x in published.files]
    return replace(published, files=tuple(files))


@pytest.mark.parametrize("form", CATALOGUES)
def test_each_description_is_read_back_as_it_was_written(
    form: str, published: PublishedView
) -> None:
    content = find_catalogue(form)(published).encode()
    assert is_description(content)
    copy = read_description(content, "copy")
    assert copy.sums == {each.name: each.sha256 for each in published.files}
    assert copy.view == json.loads(published.repeated_json)
    same, sentences = compare_copies(copy, published)
    assert same
    assert sentences[0].startswith("Same: ")


@pytest.mark.parametrize("form", CATALOGUES)
def test_what_differs_is_named(form: str, published: PublishedView) -> None:
    content = find_catalogue(form)(altered(published, "capacity.csv", CANONICAL)).encode()
    same, sentences = compare_copies(read_description(content, "copy"), published)
    assert not same
    assert sentences[0].startswith("Not the same: the canonical hash is 000000000000 there and ")
    assert sentences[1] == "Other contents: capacity.csv."


def test_hashes_are_shown_to_where_they_differ(published: PublishedView) -> None:
    held = next(each.sha256 for each in published.files if each.name == CANONICAL)
    other = held[:30] + ("0" if held[30] != "0" else "1") + held[31:]
    content = find_catalogue("ro-crate")(published).replace(held, other).encode()
    (said, *_) = compare_copies(read_description(content, "copy"), published)[1]
    assert other[:31] in said
    assert held[:31] in said


@pytest.mark.parametrize("form", CATALOGUES)
def test_a_file_of_another_size_is_not_the_same(form: str, published: PublishedView) -> None:
    resized = [replace(x, size=1) if x.name == "capacity.csv" else x for x in published.files]
    content = find_catalogue(form)(replace(published, files=tuple(resized))).encode()
    same, sentences = compare_copies(read_description(content, "copy"), published)
    assert not same
    assert sentences[1] == "Other sizes: capacity.csv."


def test_the_same_statements_in_other_files_are_told_apart_from_other_statements(
    published: PublishedView,
) -> None:
    content = find_catalogue("dcat")(altered(published, "capacity.csv")).encode()
    same, sentences = compare_copies(read_description(content, "copy"), published)
    assert not same
    assert sentences[0].startswith("The statements are the same")


def test_a_table_that_only_one_copy_has_is_named(published: PublishedView) -> None:
    fewer = replace(published, files=published.files[1:])
    content = find_catalogue("ro-crate")(fewer).encode()
    same, sentences = compare_copies(read_description(content, "copy"), published)
    assert not same
    assert sentences[-1] == f"Only here: {published.files[0].name}."


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"@context": {}}',
        '{"@context": {}, "distribution": []}',
        '{"@context": {}, "view": "{}", "distribution": [{"contentUrl": "a", "sha256": "b"}]}',
        '{"@context": {}, "view": "{}", "distribution": [{"contentUrl": "canonical.nq",'
        ' "sha256": "../etc"}]}',
        '{"@context": "http://192.0.2.1/c", "@graph": [{"@id": "a"}]}',
        '{"@context": {}, "@graph": [{"@id": "./", "view": "{}", "hasPart": [{"@id": "x"}]}]}',
        "@prefix a: <urn:a> . a:b a:c a:d .",
        "@prefix",
        "[" * 9_000,
    ],
)
def test_what_is_no_description_is_a_sentence(text: str) -> None:
    with pytest.raises(UnreadableError, match="is no description of a copy"):
        read_description(text.encode(), "copy.json")


def test_a_page_is_no_description() -> None:
    assert not is_description(b"<!doctype html><p>@context")
    assert not is_description(b"%PDF-1.7")
    assert not is_description(b"{ no context }")

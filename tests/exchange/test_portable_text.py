"""Text that XML can hold, whatever was in it."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from monazite.exchange.portable_text import iri_of, xml_text


@given(st.text())
def test_any_text_is_text_that_xml_takes(text: str) -> None:
    kept = xml_text(text)
    assert len(kept) == len(text)
    read = ElementTree.fromstring(f"<a>{escape(kept)}</a>".encode()).text or ""
    assert read == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_what_xml_can_hold_is_left_alone() -> None:
    assert xml_text("Dy\t镝\n😀\ufffd") == "Dy\t镝\n😀\ufffd"
    assert xml_text("\ud800\ufffe\x0b") == "\ufffd" * 3


def test_terms_have_an_iri_or_a_text_and_a_triple_has_none() -> None:
    node, text = ox.NamedNode("urn:a"), ox.Literal("镝", language="zh")
    assert (iri_of(node), iri_of(text)) == ("urn:a", "镝")
    assert iri_of(ox.Triple(node, node, text)) == ""
    assert iri_of(ox.DefaultGraph()) == ""

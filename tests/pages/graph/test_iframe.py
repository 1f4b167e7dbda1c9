"""The snippet that embeds a page: a sandbox whose text cannot get out."""

from __future__ import annotations

from monazite.pages.graph.iframe import iframe
from tests.pages.elements import Reader


def attributes(**given: str) -> dict[str, str | None]:
    ((tag, found),) = Reader(iframe('Dy "x" <b>', (1120, 100), **given)).elements
    assert tag == "iframe"
    return dict(found)


def test_a_page_is_held_whole_as_text() -> None:
    page = '<p title="a">&amp;</p><script>f()</script></iframe>'
    found = attributes(page=page)
    assert found["srcdoc"] == page
    assert found["title"] == 'Dy "x" <b>'
    assert "src" not in found


def test_an_address_is_one_that_needs_no_quotes() -> None:
    assert attributes(src='a b".html')["src"] == "a%20b%22.html"


def test_scripts_reach_nothing_round_it() -> None:
    allowed = str(attributes(src="a")["sandbox"]).split()
    assert "allow-scripts" in allowed
    assert "allow-same-origin" not in allowed
    assert "allow-top-navigation" not in allowed


def test_the_height_follows_the_picture() -> None:
    low, high = (Reader(iframe("", (1120, tall), src="a")).elements[0][1] for tall in (100, 300))
    assert int(str(dict(high)["height"])) - int(str(dict(low)["height"])) == 200
    assert 'height="' in iframe("", (0, 0), src="a")

"""A house style is read whole, within limits, and refused in a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from monazite.errors import UnreadableError
from monazite.pages.brief import house_style
from monazite.pages.brief.house_style import MOST_FONT, MOST_LOGO, HouseStyle, read_house
from monazite.pages.brief.page import Extras, brief_html, print_html
from tests.pages.briefs import pictures, small_brief
from tests.sharing import only_whole

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "house-style"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_every_piece_is_read(tmp_path: Path) -> None:
    (tmp_path / "brief.html").write_bytes(b"<p>\r\n</p>")
    (tmp_path / "brief.css").write_text("h1{color:red}", encoding="utf-8")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "logo.png").write_bytes(PNG)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / 'Our"; Serif.woff2').write_bytes(b"wOF2")
    house = read_house(tmp_path)
    assert house.template == "<p>\n</p>"
    assert house.css == "h1{color:red}"
    assert house.logo.startswith("data:image/svg+xml;base64,")
    assert house.logo_bytes == PNG
    assert house.fonts.startswith('@font-face{font-family:"Our Serif";src:url("data:font/woff2')


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("brief.html", b"\xff", "is not UTF-8"),
        ("brief.css", b"</style><script>1</script>", "holds markup"),
        ("brief.css", b"a" * 300_000, "it may have 200,000"),
        ("logo.png", b"GIF89a", "is no PNG"),
        ("logo.svg", b"plain text", "is no SVG"),
        ("logo.svg", b"<svg" + b" " * MOST_LOGO, "it may have 200,000"),
        ("fonts/a.woff2", b"0" * (MOST_FONT + 1), "it may have 1,000,000"),
        ("fonts/notes.txt", b"", "is no font"),
        ("other.txt", b"", "holds no house style"),
    ],
)
def test_what_is_no_house_style_is_refused(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableError, match=said) as told:
        read_house(tmp_path)
    assert "\n" not in str(told.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", ["brief.html", "brief.css", "logo.svg", "fonts/a.woff2"])
def test_a_house_style_is_of_plain_files(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    os.mkfifo(tmp_path / name)
    with pytest.raises(UnreadableError, match="cannot be read: it is a pipe and no file"):
        read_house(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(UnreadableError, match="cannot be read: it is a device and no file"):
        read_house(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(UnreadableError, match="is no folder"):
        read_house(tmp_path / "a")


def test_the_example_fills_a_page_and_paper() -> None:
    extras = Extras(pictures(), house=read_house(EXAMPLE))
    for text in (brief_html(small_brief(), extras), print_html(small_brief(), extras)):
        assert "Ministry of Examples, Unit for Raw Materials" in text
        assert 'class="logo" src="data:image/svg+xml' in text
        assert "--accent:#00594c" in text
        assert 'class="contents"' not in text


def test_the_example_names_every_field_of_a_page() -> None:
    with pytest.raises(UnreadableError) as told:
        brief_html(small_brief(), Extras(house=HouseStyle(template="{{ page.titel }}")))
    fields = set(str(told.value).rpartition("page has ")[2].rstrip(".").split(", "))
    named = set(re.findall(r"`(\w+)`", (EXAMPLE / "README.md").read_text(encoding="utf-8")))
    assert fields <= named


ENDLESS = {
    "loops": "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "a long loop": "{% for i in range(10**9) %}{% endfor %}",
    "a long text": "{{ 'x' * 10**10 }}",
    "a wide format": "{{ '%1000000000d' % 1 }}",
    "a wide format by name": "{{ '{:>2000000000}'.format(1) }}",
    "a wide line": "{{ 'x'|center(10**10) }}",
    "a high power": "{{ (9**9) ** (9**9) }}",
    "much text": "{% for a in range(99999) %}{{ page.style }}{% endfor %}",
    "a macro that calls itself": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "a page that includes itself": "{% include 'brief.html' %}",
    "a page that extends itself": "{% extends 'brief.html' %}",
    "a list that grows": "{% set a = namespace(b=[1]) %}{% for i in range(99) %}"
    "{% set a.b = a.b + a.b %}{% endfor %}",
}


QUICK = ("a long loop", "a long text", "much text")


@pytest.mark.parametrize("kind", [*QUICK, *only_whole(*sorted({*ENDLESS} - {*QUICK}))])
def test_a_template_has_an_end(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house_style, "SECONDS", 3)
    monkeypatch.setattr(house_style, "MOST_PAGE", 3_000_000)
    with pytest.raises(UnreadableError, match=r"brief.html of the house style") as told:
        brief_html(small_brief(), Extras(house=HouseStyle(template=ENDLESS[kind])))
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 700


@pytest.mark.parametrize("text", ["{{ [1, 2]|random }}", "{{ lipsum() }}"])
def test_a_template_gives_the_same_page_each_time(text: str) -> None:
    with pytest.raises(UnreadableError):
        brief_html(small_brief(), Extras(house=HouseStyle(template=text)))


def test_a_house_without_a_template_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", None)
    assert "h1{}" in brief_html(small_brief(), Extras(house=HouseStyle(css="h1{}")))

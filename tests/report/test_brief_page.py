"""The page of a brief: strict, whole in its links, in Markdown, and in the style of a house."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

import monazite
from monazite.core.errors import UnreadableError
from monazite.report.brief import house_style
from monazite.report.brief.briefing import brief_markdown, code_hash, made_with
from monazite.report.brief.document import Brief
from monazite.report.brief.house_style import MOST_FONT, MOST_LOGO, HouseStyle, read_house
from monazite.report.brief.page import Extras, brief_html, not_shown, print_html, shown_text
from monazite.report.brief.seal import FORMAT, open_page, seal_page
from tests.conftest import view_in_memory
from tests.report.briefs import hostile_brief, pictures, small_brief
from tests.report.elements import Reader
from tests.sharing import only_whole


@pytest.mark.parametrize("brief", [small_brief(), hostile_brief()], ids=["small", "hostile"])
def test_every_anchor_leads_somewhere_and_no_id_stands_twice(brief: Brief) -> None:
    page = Reader(brief_html(brief, Extras(pictures())))
    ids = [str(attributes["id"]) for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    aims = {str(x["href"])[1:] for x in page.all("a") if str(x["href"]).startswith("#")}
    labels = {str(x["aria-labelledby"]) for _, x in page.elements if x.get("aria-labelledby")}
    assert {"source-1", "made"} <= aims | labels <= set(ids)


@pytest.mark.parametrize("brief", [small_brief(), hostile_brief()], ids=["small", "hostile"])
def test_the_page_shows_all_that_its_record_says(brief: Brief) -> None:
    page = seal_page(brief_html(brief, Extras(pictures())), {"format": FORMAT}, "")
    assert not_shown(brief, shown_text(open_page(page, "a page").page)) == []


def test_the_policy_names_the_style_and_what_the_network_may_run() -> None:
    graph = (
        '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; '
        "script-src &#39;sha256-A=&#39; &#39;sha256-B=&#39;; style-src &#39;sha256-C=&#39;; "
        'img-src data:"><script>1</script>'
    )
    page = Reader(brief_html(small_brief(), Extras(graph=graph)))
    [said] = [str(x["content"]) for x in page.all("meta") if "http-equiv" in x]
    assert re.search("style-src 'sha256-C=' 'sha256-[^']+'", said)
    assert "script-src 'sha256-A=' 'sha256-B='" in said
    (frame,) = page.all("iframe")
    assert frame["srcdoc"] == graph
    assert "allow-same-origin" not in str(frame["sandbox"])


def test_footnotes_are_runs_that_lead_to_the_first_source_and_no_address_is_text() -> None:
    text = brief_html(small_brief())
    assert '<a href="#source-1" aria-label="sources 1 to 3">1–3</a>' in text
    assert '<a href="#source-3" aria-label="source 3">3</a>' in text
    assert 'href="javascript' not in text
    assert "javascript:alert(1)" in text


def test_paper_has_no_frame_and_plain_colours() -> None:
    text = print_html(small_brief(), Extras(pictures(), graph="<p>live</p>"))
    assert "<iframe" not in text
    assert "var(--paper)" in text
    assert "prefers-color-scheme:dark){:root{--paper" not in text


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ page.titel }}", "asks for what a brief has not"),
        ("{{ pge }}", "asks for what a brief has not"),
        ("{% for %}", "is no Jinja template, line 1"),
        ('{% include "/etc/passwd" %}', "is no Jinja template"),
        ("{{ page.__class__.__mro__ }}", "does what no template may"),
        ("{{ page.parts[0].pop('id') }}", "does what no template may"),
        ("{{ 1 / 0 }}", "fails: division by zero"),
        ("{{ page.title + 1 }}", "fails"),
    ],
)
def test_a_faulty_template_is_told_in_a_sentence(template: str, said: str) -> None:
    with pytest.raises(UnreadableError, match=said) as told:
        brief_html(small_brief(), Extras(house=HouseStyle(template=template)))
    assert "\n" not in str(told.value)


def test_a_template_cannot_leave_marks_unescaped() -> None:
    brief = replace(small_brief(), title="<b>bold</b>")
    text = brief_html(brief, Extras(house=HouseStyle(template="<p>{{ page.title }}</p>")))
    assert text == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


def test_markdown_numbers_every_source() -> None:
    text = brief_markdown(small_brief())
    assert "| China separation[^1] | 100 % |" in text
    assert [int(n) for n in re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE)] == [1, 2, 3]
    assert "javascript" not in text.split("## Sources")[1]


def test_markdown_lets_no_tag_and_no_line_out_of_hostile_text() -> None:
    text = brief_markdown(hostile_brief())
    assert not re.search(r"<(?!https?://)", text)
    assert "\x00" not in text
    assert "\u202e" not in text


EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "house-style"

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


def test_a_record_has_versions_house_and_seed() -> None:
    record = open_page(view_in_memory().brief("Dy", "LAO").html(), "page").record
    assert record["format"] == FORMAT
    assert record["made_with"] == made_with()
    assert (record["code"], record["house"]) == (code_hash(), None)
    assert (record["seed"], record["signer"]) == (None, None)


def test_the_code_is_its_modules_and_its_templates() -> None:
    package = Path(monazite.__file__).parent
    digest = sha256()
    held = (each for each in (package / "report" / "templates").iterdir() if each.is_file())
    for file in sorted({*package.rglob("*.py"), *held}):
        digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    assert code_hash() == digest.hexdigest()[:12]

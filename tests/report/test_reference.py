"""The reference: in step with the Turtle, whole, and made of nothing from outside."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from monazite.core.package import ontology_folder
from monazite.data.alignments import Alignment, all_alignments, read_prefixes
from monazite.data.columns import Schema, read_schema
from monazite.data.iris import NS, SCHEME, local_name
from monazite.data.vocabulary import read_vocabulary
from monazite.report.reference_page import reference_html
from monazite.store.query_process import answer_examples, preset_prefixes

KEPT = Path(__file__).resolve().parents[2] / "examples" / "ontology.html"

HOSTILE = '</script><script>window.hacked = 1</script><img src="x" onerror="alert(1)">'


class Reader(HTMLParser):
    """What the page is made of: tags with their attributes, ids, and links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, name: str, tag: str = "") -> list[str]:
        return [own[name] for what, own in self.tags if name in own and tag in {"", what}]


def page_of(folder: Path, extra: tuple[Alignment, ...] = ()) -> str:
    schema = read_schema(folder)
    alignments = [*all_alignments(folder, schema, ()), *extra]
    return reference_html(
        schema,
        read_vocabulary(schema),
        alignments,
        read_prefixes(folder),
        examples=answer_examples(folder),
        preset=preset_prefixes(folder),
    )


@pytest.fixture(scope="module")
def text() -> str:
    return page_of(ontology_folder())


@pytest.fixture(scope="module")
def read(text: str) -> Reader:
    return Reader(text)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_schema(ontology_folder())


def test_the_kept_page_is_in_step_with_the_ontology(text: str) -> None:
    assert KEPT.read_text(encoding="utf-8") == text, (
        "The vocabulary moved on: write the page again with monazite reference "
        "examples/ontology.html"
    )
    assert len(text.encode()) < 1_500_000


def test_every_term_and_every_concept_has_its_section(read: Reader, schema: Schema) -> None:
    vocabulary = read_vocabulary(schema)
    declared = {
        local_name(str(triple.subject.value))  # type: ignore[union-attr]  # IRIs only
        for triple in schema.vocabulary
        if str(getattr(triple.subject, "value", "")).startswith(NS)
    }
    assert {term.name for term in vocabulary.terms} == declared
    assert declared - set(read.values("id", "article")) == set()
    concepts = {
        "scheme-" + iri.removeprefix(SCHEME).replace("/", "-")
        for codes in schema.codes.values()
        for iri in codes.values()
    }
    assert len(concepts) > 500
    assert concepts - set(read.values("id", "tr")) == set()


def test_every_column_is_told_with_its_words(text: str, schema: Schema) -> None:
    plain = unescape(re.sub(r"<[^>]+>", "", text))
    for table in schema.tables.values():
        _, _, rest = text.partition(f'<article id="{local_name(table.class_iri)}">')
        section = rest.partition("</article>")[0]
        assert f"<code>{table.name}.csv</code>" in section
        for column in table.columns:
            if not column.about_row:
                assert f'<th scope="row"><code>{column.name}</code>' in section, table.name
            assert column.description.replace("`", "") in plain


def test_twenty_questions_stand_there_with_their_answers(text: str) -> None:
    parts = text.split('<div class="question"')[1:]
    examples = answer_examples(ontology_folder())
    assert len(parts) == len(examples) == 20
    for part, example in zip(parts, examples, strict=True):
        plain = unescape(part.partition("</table>")[0])
        assert f"<code>monazite query '{example.text}'</code></pre>" in plain
        assert f">{example.title}</a>" in plain
        for cells in example.answer.texts()[:8]:
            assert "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" in plain
        more = len(example.answer) - 8
        assert (f"{more} more." in part) == (more > 0)


def test_every_anchor_is_there_once(read: Reader) -> None:
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    inside = {href[1:] for href in read.values("href") if href.startswith("#")}
    assert inside - set(ids) == set()


def test_the_page_takes_nothing_from_outside(read: Reader, text: str) -> None:
    assert {tag for tag, own in read.tags if "src" in own or "srcset" in own} == set()
    assert [own["href"] for tag, own in read.tags if tag == "link"] == ["data:,"]
    assert "@import" not in text
    assert "url(" not in text
    for href in read.values("href", "a"):
        assert href.startswith(("#", "http://", "https://"))


def test_the_policy_allows_this_style_and_this_script(text: str, read: Reader) -> None:
    (policy,) = [own["content"] for _, own in read.tags if own.get("http-equiv")]
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        mark = b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{mark}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_hostile_words_are_words(small_ontology: Path) -> None:
    file = small_ontology / "monazite.ttl"
    quoted = HOSTILE.replace('"', '\\"')
    words = file.read_text(encoding="utf-8")
    for label in ("policy", "facility", "country"):
        words = words.replace(f'rdfs:label "{label}"@en', f'rdfs:label "{quoted}"@en')
    file.write_text(words.replace("Who delivers.", f"`{quoted}`"), encoding="utf-8")
    sly = Alignment(NS + "Policy", "urn:is", "javascript:alert(1)", comment=HOSTILE)
    text = page_of(small_ontology, (sly,))
    assert "<img" not in text
    assert text.count("<script") == 1
    assert text.count("&lt;script&gt;") >= 5
    assert not [href for href in Reader(text).values("href") if href.startswith("javascript")]


def test_the_picture_has_a_box_for_each_table_and_none_on_another(
    text: str, schema: Schema
) -> None:
    svg = text[text.index('<svg class="classmap"') : text.index("</svg>")]
    drawn = re.findall(
        r'<a href="#(\w+)"><rect class="\w+" x="([\d.]+)" y="([\d.]+)" '
        r'width="([\d.]+)" height="([\d.]+)"',
        svg,
    )
    wanted = {local_name(table.class_iri) for table in schema.tables.values()} - {"Source"}
    assert {name for name, *_ in drawn} == wanted
    places = [tuple(map(float, place)) for _, *place in drawn]
    for number, (x, y, wide, high) in enumerate(places):
        for other_x, other_y, other_wide, other_high in places[:number]:
            apart = x >= other_x + other_wide or other_x >= x + wide
            assert apart or y >= other_y + other_high or other_y >= y + high
    (_, _, wide, high) = map(float, re.findall(r'viewBox="([\d. ]+)"', svg)[0].split())
    assert all(x + w <= wide and y + h <= high for x, y, w, h in places)


def test_the_picture_draws_what_the_columns_refer_to(text: str, schema: Schema) -> None:
    """A claim's group holds one line for each entity class that its columns name."""
    entities = {table.class_iri for table in schema.tables.values() if table.kind == "entity"}
    claims = [table for table in schema.tables.values() if table.kind == "record"]
    for table in claims:
        named = {
            name for column in table.columns for name in column.classes if not column.about_row
        }
        box = f'<a href="#{local_name(table.class_iri)}">'
        (group,) = [part for part in text.split('<g class="claim">')[1:] if box in part[:9000]][:1]
        lines = group.partition("<a href=")[0].count("<path")
        assert lines == len(named & entities), table.name

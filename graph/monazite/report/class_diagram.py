"""A picture of the classes: claims on the left, what they speak of on the right, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from monazite.core.results import Struct
from monazite.data.columns import Schema, TableShape
from monazite.data.vocabulary import Term, Vocabulary
from monazite.report.drawing.shapes import circle, path, rect, text_at
from monazite.report.drawing.shapes import tenths as _n

_WIDE, _HIGH, _GAP, _BETWEEN = 210, 22, 4, 20
_ENTITY_X, _ENTITY_WIDE, _LINE = 500, 240, 15
_RIGHT, _TOP, _LETTERS = 190, 34, 38
_REST = ""


class Box(Struct):
    """A class in the picture: its term's name, its label, small lines below it, and its place."""

    name: str
    label: str
    lines: tuple[str, ...]
    x: float
    y: float
    wide: float
    high: float

    @property
    def middle(self) -> float:
        """Height at which lines meet the box."""
        return self.y + self.high / 2


def class_map(schema: Schema, vocabulary: Vocabulary) -> str:
    """Return the picture of the classes that have tables, as SVG with links to their sections."""
    terms = {term.iri: term for term in vocabulary.terms}
    tables = sorted(schema.tables.values(), key=lambda table: terms[table.class_iri].label)
    entities = {table.class_iri: table for table in tables if table.kind == "entity"}
    claims = [table for table in tables if table.kind == "record"]
    refers = {table.class_iri: _targets(table, entities) for table in tables}
    groups: dict[str, list[TableShape]] = {entity: [] for entity in (*entities, _REST)}
    for claim in claims:
        groups[next(iter(refers[claim.class_iri]), _REST)].append(claim)
    order = _ordered(groups, refers)
    left, heads, bottom = _left(order, groups, terms)
    right = _right(order, groups, left, terms, vocabulary)
    high = max([bottom, *(box.y + box.high for box in right.values())]) + 16
    wide = _ENTITY_X + _ENTITY_WIDE + _RIGHT
    parts = [
        f'<svg class="classmap" viewBox="0 0 {wide} {_n(high)}" width="{wide}" height="{_n(high)}"'
        ' role="group" aria-label="Picture of the classes; the sections below say the same">',
        text_at("caption", 0, 14, "Claims, by what they are first of all about"),
        text_at("caption", _ENTITY_X, 14, "What they speak of"),
        *heads,
        *(_bow(right, entity, refers[entity]) for entity in order if entity in right),
        *(_claim(left[claim.class_iri], refers[claim.class_iri], right) for claim in claims),
        *(_box(right[entity], "entity") for entity in order if entity in right),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part)


def _targets(table: TableShape, entities: Mapping[str, TableShape]) -> tuple[str, ...]:
    own = [column for column in table.columns if not column.about_row]
    found = [name for column in own for name in column.classes if name in entities]
    return tuple(dict.fromkeys(name for name in found if name != table.class_iri))


def _ordered(
    groups: Mapping[str, Sequence[TableShape]], refers: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """Order the groups so that the lines are short; what speaks of nothing stays last."""
    order = [entity for entity in groups if entity != _REST]
    pairs = [
        (entity, target)
        for entity in order
        for table in groups[entity]
        for target in refers[table.class_iri]
    ]
    pairs += [(entity, target) for entity in order for target in refers[entity]]

    def length_of(order: Sequence[str]) -> float:
        at: dict[str, float] = {}
        top = 0
        for entity in order:
            high = 1 + len(groups[entity])
            at[entity] = top + high / 2
            top += high
        return sum(abs(at[one] - at[other]) for one, other in pairs)

    best = length_of(order)
    improved = True
    while improved:
        improved = False
        for place in range(len(order) - 1):
            tried = [*order]
            tried[place], tried[place + 1] = tried[place + 1], tried[place]
            length = length_of(tried)
            if length < best:
                order, best, improved = tried, length, True
    return [*order, _REST]


def _left(
    order: Sequence[str], groups: Mapping[str, Sequence[TableShape]], terms: Mapping[str, Term]
) -> tuple[dict[str, Box], list[str], float]:
    boxes: dict[str, Box] = {}
    heads: list[str] = []
    y = float(_TOP)
    for entity in order:
        if not groups[entity]:
            continue
        words = terms[entity].label if entity else "any row"
        heads.append(text_at("head", 0, _n(y + 12), words))
        y += 18
        for table in groups[entity]:
            term = terms[table.class_iri]
            boxes[term.iri] = Box(term.name, term.label, (), 0, y, _WIDE, _HIGH)
            y += _HIGH + _GAP
        y += _BETWEEN
    return boxes, heads, y


def _right(
    order: Sequence[str],
    groups: Mapping[str, Sequence[TableShape]],
    left: Mapping[str, Box],
    terms: Mapping[str, Term],
    vocabulary: Vocabulary,
) -> dict[str, Box]:
    """Each entity beside the middle of its claims, pushed down where one above is in the way."""
    boxes: dict[str, Box] = {}
    y = float(_TOP)
    for entity in order:
        if not entity:
            continue
        lines: list[str] = []
        for word in _below(entity, vocabulary):
            if lines and len(lines[-1]) + len(word) + 2 <= _LETTERS:
                lines[-1] += f", {word}"
            else:
                lines.append(word)
        high = 28 + _LINE * len(lines)
        middles = [left[table.class_iri].middle for table in groups[entity]]
        wanted = sum(middles) / len(middles) - high / 2 if middles else y
        term = terms[entity]
        top = max(y, wanted)
        place = (_ENTITY_X, top, _ENTITY_WIDE, high)
        boxes[entity] = Box(term.name, term.label, tuple(lines), *place)
        y = top + high + 10
    return boxes


def _below(entity: str, vocabulary: Vocabulary) -> list[str]:
    found = {entity}
    count = 0
    while len(found) > count:
        count = len(found)
        found |= {term.iri for term in vocabulary.terms if found.intersection(term.above)}
    return [term.label for term in vocabulary.terms if term.iri in found - {entity}]


def _claim(box: Box, targets: Sequence[str], right: Mapping[str, Box]) -> str:
    ways = []
    for place, target in enumerate(targets):
        end = right[target]
        x1, x2, y1, y2 = box.x + box.wide, end.x, _n(box.middle), _n(end.middle)
        bend = (x2 - x1) * 0.45
        way = f"M{_n(x1)} {y1}C{_n(x1 + bend)} {y1} {_n(x2 - bend)} {y2} {_n(x2)} {y2}"
        ways.append(path("also" if place else "first", way))
    return f'<g class="claim">{"".join(ways)}{_box(box, "fact")}</g>'


def _bow(right: Mapping[str, Box], entity: str, targets: Sequence[str]) -> str:
    start = right[entity]
    x, y = start.x + start.wide, _n(start.middle)
    ways = []
    for target in targets:
        end = _n(right[target].middle)
        out = _n(x + min(_RIGHT - 10, 24 + abs(right[target].middle - start.middle) * 0.22))
        ways.append(path("also", f"M{_n(x)} {y}C{out} {y} {out} {end} {_n(x)} {end}"))
        ways.append(circle("end", _n(x), end, 3))
    return f'<g class="bow">{"".join(ways)}</g>' if ways else ""


def _box(box: Box, kind: str) -> str:
    x, high = _n(box.x + 10), 15.5 if kind == "fact" else 18.5
    lines = "".join(
        text_at("small", x, _n(box.y + 33 + _LINE * number), line)
        for number, line in enumerate(box.lines)
    )
    plate = rect(kind, _n(box.x), _n(box.y), _n(box.wide), _n(box.high), 4)
    label = text_at(kind, x, _n(box.y + high), box.label)
    return f'<a href="#{escape(box.name)}">{plate}{label}{lines}</a>'

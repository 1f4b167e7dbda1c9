"""Classes of products, as rules list them: found by key or by name, in one or in many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from monazite.core.formats import escaped, in_brief

ClassWords = Mapping[str, tuple[str, ...]]  # keys of classes by their :func:`class_word`
_NEAR, _SHOWN = 3, 60


def class_word(text: str) -> str:
    """Return the name of a class in one form: small letters, each word in the singular.

    >>> class_word("Traction  motors"), class_word("batteries")
    ('traction motor', 'battery')
    """
    return " ".join(_singular(each) for each in text.casefold().split())


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def class_words(labels: Iterable[tuple[str, str]]) -> ClassWords:
    """Return the keys of classes by key and by name; several where lists have the same name."""
    found: dict[str, tuple[str, ...]] = {}
    for key, label in sorted(labels):
        for name in dict.fromkeys(map(class_word, (key, label, label.partition(",")[0]))):
            found[name] = (*found.get(name, ()), key)
    return found


def classes_named(text: str, words: ClassWords) -> tuple[str, ...]:
    """Return the keys of the classes that a text names, parted by semicolons."""
    named = [words.get(class_word(each), ()) for each in _parts(text)]
    return tuple(dict.fromkeys(key for keys in named for key in keys))


def no_class(text: str, words: ClassWords) -> tuple[str, str] | None:
    """Return what is wrong with a text that should name classes, and what to write; else None."""
    odd = next((each for each in _parts(text) if class_word(each) not in words), None)
    if odd is None:
        return None
    near = get_close_matches(class_word(odd[:_SHOWN]), sorted(words), n=_NEAR, cutoff=0.5)
    said = ", ".join(f'"{each}"' for each in near)
    fix = f"did you mean {said}?" if near else "write a name of the table product_classes, or none"
    return f'"{in_brief(escaped(odd), _SHOWN)}" is no class of products that rules list', fix


def _parts(text: str) -> list[str]:
    return [word for each in text.split(";") if (word := each.strip())]

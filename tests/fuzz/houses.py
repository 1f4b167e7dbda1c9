"""What a house brings to its briefings: templates, styles, logos, fonts, and keys that sign."""

from __future__ import annotations

import contextlib
import shutil
import signal
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from monazite.core.errors import UnreadableError
from monazite.core.signatures import read_signer, read_signing_key
from monazite.report.brief.house_style import read_house
from monazite.report.brief.seal import sign, signature_fits
from monazite.report.brief.template_process import render
from tests.fuzz.target import HOSTILE_TEXT, Target, edited, encoded, require, text_target

MARKUP = "<script>x</script>"
PAGE = {
    "title": MARKUP,
    "lines": [MARKUP, "b"],
    "figures": [{"heading": MARKUP, "cells": [[MARKUP, 1], [2.5, None]]}],
    "empty": "",
    "count": 3,
}
MOST = 20_000  # Characters that a template may give here
LONGEST = 0.5  # Seconds that a template may run here; a command ends its process
TEMPLATES = (
    "<h1>{{ page.title }}</h1>{% for line in page.lines %}<p>{{ line }}</p>{% endfor %}",
    "{% for each in page.figures %}{{ each.heading|upper }}{% for row in each.cells %}"
    "{{ row|join(', ') }}{% endfor %}{% endfor %}",
    "{% macro show(what) %}<b>{{ what }}</b>{% endmacro %}{{ show(page.title) }}",
    "{% set many = namespace(n=0) %}{% for each in range(page.count) %}"
    "{% set many.n = many.n + each %}{% endfor %}{{ many.n }}",
    "{% block head %}{{ page.title }}{% endblock %}{% if page.empty %}a{% else %}b{% endif %}",
    "{% filter upper %}{{ page.title }}{% endfilter %}{# a remark #}{% raw %}{{ x }}{% endraw %}",
    '{% extends "default/brief.html" %}{% block body %}{{ super() }}{% endblock %}',
)
PIECES = (
    *("{{ page.title }}", "{{ page }}", "{{ self }}", "{{ page.lines|list }}", "{{ loop.index }}"),
    *("{% for a in range(999) %}", "{% endfor %}", "{% if page.title %}", "{% endif %}"),
    *("{% macro a() %}", "{{ a() }}", "{% endmacro %}", "{% block x %}", "{% endblock %}"),
    *('{% include "brief.html" %}', '{% extends "brief.html" %}', '{% import "brief.html" as b %}'),
    *("{{ page.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ page.title.format(page) }}"),
    *("{{ cycler.__init__.__globals__ }}", "{{ joiner }}", "{{ dict(a=1) }}", "{{ lipsum() }}"),
    *("{{ 9 * 9 ** 9 }}", "{{ 'a' * 999 }}", "{{ '%s' % page.title }}", "{{ page.title ~ '<' }}"),
    *("|e", "|string", "|striptags", "|urlize", "|tojson", "|xmlattr", "|indent", "|wordwrap(1)"),
    *("|replace('&lt;', '<')", "|center(99)", "|pprint", "|map('upper')", "|batch(2)", "|sum"),
    *("{%- set page = 1 -%}", "{% call a() %}", "{% endcall %}", "{% autoescape false %}"),
    *("{% endautoescape %}", "{{ page.title.unescape() }}", "{{ (page.lines|e)[0] }}", "{%", "}}"),
)
UNSAFE = ("safe", "autoescape", "Markup", "do ", "raw")
"""A template with one of these words may show what it likes as it likes."""


class _LateError(Exception):
    """A template ran too long."""


@contextlib.contextmanager
def _bounded_time() -> Iterator[None]:
    """End what takes long, as the process of a command does; where alarms are, on POSIX."""

    def stop(*_: object) -> None:
        raise _LateError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def templates(_: Path) -> Target:
    """A template of a house: a page, or a sentence; without being told to it shows no markup."""
    shipped = '<title>{{ page.title }}</title>{% block body %}{% endblock %}"'

    def check(text: str) -> None:
        texts = {"brief.html": text, "default/brief.html": shipped}
        try:
            with _bounded_time():
                found = render(texts, PAGE, MOST)
        except UnreadableError as error:
            require("Traceback" not in str(error), "a traceback for a sentence")
            return
        except (_LateError, MemoryError):
            return
        require(len(found) <= MOST, "a page that is too long")
        told = any(word in text for word in UNSAFE) or MARKUP in text
        require(told or MARKUP not in found, "markup of a field is shown as such")

    return text_target(edited(TEMPLATES, PIECES, most=6), check, TEMPLATES, PIECES)


@st.composite
def _folders(draw: DrawFn) -> dict[str, bytes]:
    names = ("brief.html", "brief.css", "logo.svg", "logo.png", "fonts/a.woff2", "fonts/b.txt")
    seeds = ("h1{color:red}</style>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "\x89PNG\r\n")
    content = st.one_of(encoded(edited(seeds, ("</", "<!--", "<svg"))), st.binary(max_size=40))
    png = content.map(lambda data: b"\x89PNG\r\n\x1a\n" + data)
    found = draw(st.dictionaries(st.sampled_from(names), st.one_of(content, png), max_size=4))
    name = draw(st.one_of(st.none(), HOSTILE_TEXT))
    usable = name is not None and not {"/", "\0"} & set(name) and name not in {"", ".", ".."}
    return found | ({f"fonts/{name}.woff2": b"wOF2"} if usable else {})


def houses(folder: Path) -> Target:
    """A folder of a house style: it is read whole, its parts end nothing early, or a sentence."""
    place = folder / "house"

    def check(files: dict[str, bytes]) -> None:
        shutil.rmtree(place, ignore_errors=True)
        (place / "fonts").mkdir(parents=True)
        for name, content in files.items():
            with contextlib.suppress(OSError, UnicodeError):  # no file can have such a name
                (place / name).write_bytes(content)
        try:
            house = read_house(place)
        except UnreadableError as error:
            require("\n" not in str(error).replace(str(place), ""), "a sentence of two lines")
            return
        for part in (house.css, house.fonts):
            require("</" not in part and "<!--" not in part, "a style that ends early")
        require(house.fonts.count("\n") == house.fonts.count("@font-face"), "a rule ends early")
        require(house.logo[:11] in {"", "data:image/"}, "a logo from elsewhere")
        require(house.digest is None or len(house.digest) == 32, "a digest")

    return Target(_folders(), check)


def _pem(key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    locks: tuple[KeySerializationEncryption, ...]
    locks = (NoEncryption(), BestAvailableEncryption(b"lock"))
    private = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock) for lock in locks]
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return b"\n@".join([*private, public]).decode()


def keys(folder: Path) -> Target:
    """A file for a key: a key of the right kind, or a sentence; a changed one signs for nobody."""
    ours = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    others = (rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP256R1()))
    seeds = [text for key in (ours, *others) for text in _pem(key).split("@")]
    pieces = ("-----BEGIN ", "PUBLIC KEY-----", "PRIVATE KEY-----", "ENCRYPTED ", "=", "AAAA", "\r")
    signer = ours.public_key().public_bytes_raw()
    right = sign(ours, "page", b"rows")
    file = folder / "key.pem"
    readers: tuple[Callable[[Path], object], ...] = (read_signing_key, read_signer)

    def check(given: tuple[bytes, str]) -> None:
        content, signature = given
        file.write_bytes(content)
        for read in readers:
            with contextlib.suppress(UnreadableError):
                found = read(file)
                if isinstance(found, bytes):
                    require(len(found) == 32, "a key of another length")
                    require(
                        signature_fits(right, found, "page", b"rows") is (found == signer),
                        "a signer",
                    )
        if signature_fits(
            signature, signer, "page", b"rows"
        ):  # two texts of Base64 can be the same bytes
            require(b64decode(signature) == b64decode(right), "a signature that is another fits")
        else:
            require(signature != right, "the signature does not fit")
        require(not signature_fits(right, signer, "pagE", b"rows"), "another page fits")

    texts = encoded(edited(seeds, pieces, most=3))
    signatures = st.one_of(
        st.just(right),
        edited((right,), ("=", "A", "\n", " "), most=2),
        st.binary(min_size=64, max_size=64).map(lambda data: b64encode(data).decode()),
        HOSTILE_TEXT,
    )
    return Target(st.tuples(texts, signatures), check)

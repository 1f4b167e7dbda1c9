"""What is shipped: one version, and a folder that is found or asked for in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monazite import shipped
from monazite.errors import UnreadableError

ROOT = Path(__file__).parents[1]


def test_the_version_is_that_of_the_package_and_the_last_of_the_changelog() -> None:
    assert f'\nversion = "{shipped.VERSION}"\n' in (ROOT / "pyproject.toml").read_text("utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.findall(r"^## \[(\d[^\]]*)\]", changes, re.MULTILINE)[0] == shipped.VERSION


def test_a_package_without_its_ontology_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "a" / "monazite" / "shipped.py"))
    with pytest.raises(UnreadableError, match="install monazite again"):
        shipped.ontology_folder.__wrapped__()


@pytest.mark.parametrize("place", ["a/monazite/ontology", "ontology"])
def test_the_ontology_lies_in_the_package_or_beside_the_checkout(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "a" / "monazite" / "shipped.py"))
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "monazite.ttl").touch()
    assert shipped.ontology_folder.__wrapped__() == tmp_path / place

"""The wheel and the checkout both find the ontology, and ship nothing else."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from monazite import __version__
from monazite.core.package import VERSION

ROOT = Path(__file__).resolve().parents[1]
AGREED = {
    *("pyproject.toml", "graph", "ontology", "tests", "examples", "constraints.txt"),
    *("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff"),
}
WHERE = "import monazite.core.package as s; print(s.__file__); print(s.ontology_folder())"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    run(words, cwd=folder)
    return next(folder.glob("monazite-*.whl"))


def run(words: list[str], cwd: Path, **environ: str) -> str:
    command = [sys.executable, *words]
    environ = {**os.environ, **environ}
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.whole
def test_wheel_holds_code_ontology_templates_and_types_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "monazite/py.typed",
        "monazite/report/templates/graph.html",
        "monazite/METHOD.md",
        "monazite/schemas/chokepoints.json",
        "monazite/server/assistants/graph_app.html",
    }
    assert wanted <= names
    tops = {name.split("/")[0] for name in names}
    assert {top.split("-")[0] for top in tops} == {"monazite"}
    others = (name.replace("backtest", "") for name in names)  # a finding
    assert not [name for name in others if "test" in name.casefold()]
    assert not [name for name in names if "__pycache__" in name]
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/ontology/LICENSE-CC-BY-4.0.txt") for name in names)


@pytest.mark.whole
def test_metadata_have_project_links_both_licences_and_pictures_that_a_registry_shows(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = [each for each in opened.namelist() if each.endswith("/METADATA")]
        head, _, text = opened.read(name).decode("utf-8").partition("\n\n")
    assert "License-Expression: Apache-2.0 AND CC-BY-4.0" in head
    links = dict(re.findall(r"^Project-URL: (\w+), (\S+)$", head, re.MULTILINE))
    assert {"Homepage", "Documentation", "Method", "Changelog"} <= {*links}
    assert all(link.startswith("https://w3id.org/monazite/") for link in links.values())
    written = re.findall(r"\]\(([^)\s]+)\)", text)
    assert written
    assert [link for link in written if not link.startswith(("https://", "#"))] == []
    files = "https://w3id.org/monazite/file/"
    ours = [link.removeprefix(files) for link in (*links.values(), *written) if files in link]
    assert [each for each in ours if not (ROOT / each.partition("#")[0]).is_file()] == []


@pytest.mark.whole
def test_wheel_holds_every_file_of_the_ontology(wheel: Path) -> None:
    shipped = {
        name.removeprefix("monazite/")
        for name in zipfile.ZipFile(wheel).namelist()
        if name.startswith("monazite/ontology/")
    }
    assert shipped == {name for name in tracked() if name.startswith("ontology/")}


@pytest.mark.whole
def test_installed_wheel_finds_its_own_ontology(wheel: Path, tmp_path: Path) -> None:
    target, elsewhere = tmp_path / "target", tmp_path / "elsewhere"
    elsewhere.mkdir()
    words = ["-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check"]
    run([*words, "--target", str(target), str(wheel)], cwd=elsewhere)
    code, ontology = run(["-c", WHERE], cwd=elsewhere, PYTHONPATH=str(target)).splitlines()
    assert Path(code).is_relative_to(target)
    assert Path(ontology) == target / "monazite" / "ontology"
    words = ["-m", "monazite", "query", "facility-life", "-p", "facility=mountain-pass"]
    assert "Opened" in run(words, cwd=elsewhere, PYTHONPATH=str(target))


def tracked() -> list[str]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("This is no git checkout, so nothing says which files belong to it.")
    words = [git, "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).exists()]


def test_top_of_the_repository_holds_only_the_agreed_names() -> None:
    tops = {name.split("/")[0] for name in tracked()}
    assert {top for top in tops if not top.startswith(".")} == AGREED


def test_constraints_pin_versions_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if line.count("==") < 1 or "://" in line or "@" in line] == []
    names = {pin.split("==")[0].casefold().replace("_", "-") for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {word.split(">=")[0].casefold() for word in asked} <= names


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["version"] == VERSION == __version__
    assert f"version: {VERSION}" in citation
    assert re.findall(r"^## \[(\d[^\]]*)\]", changes, re.MULTILINE)[0] == VERSION

"""environment.yml for conda, pyproject.toml for pip: one list of packages in two files."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
# conda's name for what pip calls otherwise
CONDA_NAMES = {"torch": "pytorch", "msgpack": "msgpack-python"}
CONDA_ALONE = {"python", "pip"}


def split(requirement: str) -> tuple[str, str]:
    name, bound = re.fullmatch(r"([A-Za-z0-9._-]+)\s*(.*)", requirement).groups()
    return name.lower(), bound.replace(" ", "")


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def environment() -> dict:
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def test_conda_installs_what_pip_installs(project, environment):
    """Every dependency of pyproject.toml is in environment.yml, with the same bound."""
    pip = dict(map(split, project["dependencies"]))
    pip = {CONDA_NAMES.get(name, name): bound for name, bound in pip.items()}
    listed = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    conda = dict(map(split, listed))
    assert {name: bound for name, bound in conda.items() if name not in CONDA_ALONE} == pip


def test_conda_has_the_same_python(project, environment):
    """conda's Python is as new as pip asks for."""
    assert f"python{project['requires-python']}" in environment["dependencies"]


def test_conda_installs_the_course_itself(environment):
    """The `course` command comes with the environment."""
    (pip,) = [entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict)]
    assert pip == ["--editable ."]


def test_constraints_satisfy_the_requirements(project):
    """constraints.txt pins a version of every dependency that pip can choose freely."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {re.split(r"==", line)[0].lower() for line in lines if "==" in line}
    free = {name for name, bound in map(split, project["dependencies"]) if "==" not in bound}
    assert {name.replace("_", "-") for name in free} <= {n.replace("_", "-") for n in pinned}

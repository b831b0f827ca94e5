"""The instructor's guide cannot drift: its commands, settings, words and sentences are real."""

import re
import shlex
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.grade.result import Status
from autograder.nbgrader_hooks import Judge
from autograder.sandbox import DEFAULT_REQUIRED, MEANING

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "autograder" / "README.md").read_text(encoding="utf-8")


def section(title):
    """The text below a heading, up to the next heading."""
    return re.split(r"^#+ ", GUIDE, flags=re.M)[headings().index(title) + 1]


def headings():
    return re.findall(r"^#+ (.*)$", GUIDE, flags=re.M)


def rows(title):
    """The rows of the table in a section, without its head."""
    lines = re.findall(r"^\|(.*)\|$", section(title), flags=re.M)
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def test_every_ending_is_explained():
    """The table of endings has each status that a submission can have, and no other."""
    told = [row[0] for row in rows("What a submission ends as")]
    assert sorted(told) == sorted(status.value for status in Status)


def test_every_protection_is_explained():
    """The table of protections is the sandbox's own, and the guide names those of the default."""
    told = {name.strip("`"): meaning for name, meaning in rows("Protections")}
    assert told == MEANING
    assert DEFAULT_REQUIRED == ("files", "network")
    assert "refused where `files` or `network` is missing" in GUIDE


def test_the_settings_exist():
    """Every `c.Class.trait = value` of the guide is a setting that nbgrader takes."""
    classes = {"Judge": Judge, "CourseDirectory": CourseDirectory}
    blocks = re.findall(r"```python\n(.*?)```", GUIDE, flags=re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) >= 2
    for line in lines:
        owner, trait, value = re.fullmatch(r"c\.(\w+)\.(\w+) = (.+)", line).groups()
        assert classes[owner]().has_trait(trait)
        setattr(classes[owner](), trait, eval(value))


def test_dask_takes_the_commands():
    """Every `dask …` of the guide is a call that the installed Dask accepts."""
    from distributed.cli import dask_scheduler, dask_worker

    commands = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}
    lines = [line for line in map(str.strip, GUIDE.splitlines()) if line.startswith("dask ")]
    assert len(lines) == 2
    for line in lines:
        _, name, *words = shlex.split(line)
        commands[name].make_context(name, words)
    options = {option for command in commands.values() for p in command.params for option in p.opts}
    assert set(re.findall(r"`(--tls-[a-z-]+)`", GUIDE)) <= options


@pytest.mark.parametrize("sentence", [row[0].strip("`") for row in rows("When something is wrong")])
def test_what_is_quoted_is_said(sentence):
    """A sentence in the table of troubles is one that the course says."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "autograder").rglob("*.py")]
    # Where a line of the source ends inside a sentence, the string goes on in the next one.
    joined = [re.sub(r'"\s*\n\s*f?"', "", source) for source in sources]
    assert any(sentence in source for source in joined)


def test_the_cost_is_what_the_benchmarks_compute():
    """The guide's formula is the one that the benchmarks use, letter by letter."""
    from tests.bench.cost import STUDENTS, cost

    names = ("cluster computing", "coordinator CPU", "grading start", "MB written", "MB sent")
    [found] = cost(dict.fromkeys(names, 1.0))
    formula = "T = S + N × max(c ÷ n, w)"
    assert formula in GUIDE
    assert formula in found.text
    assert found.title == f"A class of {STUDENTS:,}"
    assert f"“{found.title}”" in GUIDE

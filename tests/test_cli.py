"""The `course` command: every task has help, an example, honest exit codes and one-line errors."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from autograder.cli import app

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = sorted(typer.main.get_command(app).commands)


def course(*words, cwd=ROOT):
    return subprocess.run(
        [sys.executable, "-m", "autograder.cli", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_promised_command_is_there():
    """The commands that the README promises exist."""
    promised = ["build", "lint", "lab", "check", "simulate", "grade", "report", "doctor", "demo"]
    assert set(promised) <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_an_example(name):
    """`course NAME --help` says what the command does and shows a call."""
    command = typer.main.get_command(app).commands[name]
    assert command.help.strip().endswith(".")
    assert re.search(rf"Example: course {name}\b", command.epilog)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name):
    """No command is a secret: the README shows each."""
    assert f"course {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_help_is_quick_to_read():
    """`course --help` lists the commands and ends well."""
    done = course("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


def test_unknown_lesson_is_one_line():
    """A mistyped lesson is answered in one line that lists the right ones."""
    done = course("build", "99")
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [
        line for line in done.stderr.strip().splitlines() if line.startswith("course: ")
    ]
    assert "01_convolution" in done.stderr


def test_outside_a_course_is_one_line(tmp_path):
    """Called elsewhere, the command says where to go."""
    done = course("build", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("course: No course found")
    assert "Traceback" not in done.stderr

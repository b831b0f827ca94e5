"""Documentation that cannot drift: what README and CONTRIBUTING name exists."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from autograder.cli import app

ROOT = Path(__file__).resolve().parent.parent
DOCS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "autograder/README.md"]
COMMANDS = typer.main.get_command(app).commands


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks_of(name):
    """Every line of the shell blocks in a document."""
    blocks = re.findall(r"```bash\n(.*?)```", text_of(name), flags=re.S)
    return [line.strip() for block in blocks for line in block.splitlines()]


def inline_of(name):
    """Every `inline` piece of code in a document."""
    prose = re.sub(r"^ *```.*?^ *```", "", text_of(name), flags=re.S | re.M)
    return re.findall(r"`([^`\n]+)`", prose)


@pytest.mark.parametrize("name", DOCS)
def test_course_commands_take_what_is_written(name):
    """Every `course …` in the documents is a call that the command line accepts."""
    for line in blocks_of(name):
        words = shlex.split(line.split("#")[0])
        if words and Path(words[0]).name == "course":
            # Reads the words as the command would, without running it.
            COMMANDS[words[1]].make_context(words[1], words[2:])
    for words in (piece.split() for piece in inline_of(name)):
        if Path(words[0]).name == "course" and len(words) > 1:
            assert words[1] in COMMANDS


@pytest.mark.parametrize("name", DOCS)
def test_make_targets_exist(name):
    """Every `make …` in the documents is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), flags=re.M))
    named = {
        words[1]
        for line in blocks_of(name) + inline_of(name)
        if (words := line.split("#")[0].split()) and words[0] == "make" and len(words) > 1
    }
    assert named <= targets


@pytest.mark.parametrize("name", DOCS)
def test_links_and_pictures_lead_somewhere(name):
    """Every relative link and picture in the documents is a file of the repository."""
    for target in re.findall(r"\]\(([^)#]+)\)", text_of(name)):
        assert target.startswith("http") or (ROOT / name).parent.joinpath(target).is_file(), target


@pytest.mark.parametrize("name", DOCS)
def test_paths_in_code_exist(name):
    """Every `folder/file` that the documents name exists, generated folders apart."""
    named = [piece for piece in inline_of(name) if re.fullmatch(r"\w[\w.-]*/[\w./-]+", piece)]
    for path in named:
        if not path.startswith((".venv", "classroom")) and "NN" not in path:
            assert (ROOT / path).exists(), path


def test_every_picture_has_alternative_text():
    """A picture in a document says in words what it shows."""
    for name in DOCS:
        for words in re.findall(r"!\[([^\]]*)\]", text_of(name)):
            assert len(words) > 20

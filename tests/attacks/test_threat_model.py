"""SECURITY.md says what the corpus and the sandbox do, and nothing that they do not."""

from __future__ import annotations

import re
from pathlib import Path

from autograder.sandbox import PROTECTIONS
from tests.attacks.attack import cell_attacks, corpus, groups

PAGE = (Path(__file__).resolve().parents[2] / "SECURITY.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[str]:
    """The first column of the tables under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `?([^|`]+?)`? \|", section, re.M)


def test_every_group_of_attacks_is_told():
    """The page's table of groups is the corpus's folders, each with at least two attacks."""
    told = [name for name in rows("Adding an attack") if name != "group"]
    assert sorted(told) == groups()
    assert {name: len(corpus(name)) for name in told if len(corpus(name)) < 2} == {}


def test_every_protection_is_told():
    """The page's table of layers has each protection by the name that a result records."""
    assert [name for name in PROTECTIONS if name not in rows("What each layer holds")] == []


def test_every_attack_says_what_it_tries():
    """An attack without a sentence, or without a cell to attack from, teaches nobody anything."""
    for attack in corpus():
        assert re.fullmatch(r"[A-Z].{10,}\.", attack.says, re.S), attack
    for attack in cell_attacks():
        assert set(attack.cells) <= {"first", "double", "after_double", "total", "last"}, attack
        assert {"double", "last"} & set(attack.cells), attack


def test_remarks_are_understood():
    """What an attack says it costs or earns is read as such: a misspelt one would hide a gain."""
    for attack in corpus():
        head = attack.source.split("# %%")[0]
        said = re.findall(r"^# (costs|earns|ends)\b", attack.source, re.M)
        assert sorted(said) == sorted(attack.remarks), attack
        assert attack.earns < 1, attack
        assert head.startswith('"""'), attack

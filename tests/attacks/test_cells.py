"""Every attack from within a notebook's cells, on real kernels and the real judge."""

from __future__ import annotations

import nbformat
import pytest

from autograder.judge.outputs import VERDICTS
from autograder.sandbox import DEFAULT_REQUIRED
from tests.attacks.attack import Attack, cell_attacks, corpus
from tests.attacks.conftest import JUDGES_MEMORY, JUDGES_OWN, SECONDS, SECRETS, Outcome

FULL = {"double": 4.0, "total": 3.0}


@pytest.mark.parametrize("attack", cell_attacks(), ids=str)
def test_an_attack_earns_nothing_and_harms_nobody(attack, world, answered, put_to_the_judge):
    """No mark is gained, none of anybody's is lost, nothing is learned, and nothing is left."""
    cells = {"double": "", **attack.filled(world.known)}
    outcome = put_to_the_judge(answered(**cells))
    expect_no_gain(attack, outcome)
    expect_no_harm(outcome)
    honest = put_to_the_judge(answered())
    assert honest.judged.points == FULL, "an honest submission that comes next keeps its marks"


def test_without_the_sandbox_an_attack_is_noticed(
    world, answered, put_to_the_judge, start_unprotected
):
    """Unprotected, a message does get out and is heard, and the mark does not claim otherwise."""
    [attack] = [attack for attack in corpus("network") if attack.name == "tcp"]
    outcome = put_to_the_judge(answered(**attack.filled(world.known)), start_unprotected)
    assert "_tcp" in outcome.heard
    assert "network" not in outcome.judged.protections


def test_what_held_is_kept_with_every_mark(answered, put_to_the_judge):
    """A judged notebook tells in each check cell under which protections its points came about."""
    judged = put_to_the_judge(answered()).judged
    assert set(DEFAULT_REQUIRED) <= set(judged.protections)
    bundles = [
        output.data[VERDICTS]["protections"]
        for cell in judged.notebook.cells
        for output in cell.get("outputs", ())
        if VERDICTS in output.get("data", {})
    ]
    assert bundles == [list(judged.protections)] * 2


def expect_no_gain(attack: Attack, outcome: Outcome) -> None:
    """The attacked exercise earns what honest wrong code earns; the other keeps its marks."""
    judged = outcome.judged
    assert judged.points["double"] <= attack.earns, judged.verdicts["double"]
    if not attack.costs:
        assert judged.points["total"] == FULL["total"], judged.verdicts["total"]
    assert not judged.faults, "an attack is no fault of the grader's"
    if attack.ends:
        assert str(judged.verdicts["double"][0].kind) == attack.ends, judged.verdicts["double"][0]


def expect_no_harm(outcome: Outcome) -> None:
    """The judge came back in time, kept its own means, and nothing got out or stayed behind."""
    text = nbformat.writes(outcome.judged.notebook)
    assert [name for name, secret in SECRETS.items() if secret in text] == []
    assert outcome.heard == []
    assert outcome.left == []
    assert outcome.seconds < SECONDS
    assert outcome.own_seconds < JUDGES_OWN
    assert outcome.own_memory < JUDGES_MEMORY

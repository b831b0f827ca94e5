"""Every attack by the notebook's file itself: its cells, its metadata, its size."""

from __future__ import annotations

import time

import nbformat
import pytest

from autograder.intake import NotGradable, parse
from tests.attacks.attack import corpus
from tests.attacks.conftest import JUDGES_MEMORY, JUDGES_OWN, peak
from tests.attacks.test_cells import FULL, expect_no_gain, expect_no_harm

WRONG = "def double(x):\n    return None"


def bytes_of(attack, notebook):
    made = attack.make(notebook)
    return made if isinstance(made, bytes) else nbformat.writes(made).encode()


@pytest.mark.parametrize("attack", corpus("notebook", "bulk"), ids=str)
def test_a_hostile_file_earns_nothing_and_harms_nobody(attack, answered, put_to_the_judge):
    """It is refused with a reason, or judged by its answers alone, in little time and memory."""
    data = bytes_of(attack, answered(double=WRONG))
    memory, began = peak(), time.process_time()
    if attack.ends == "not gradable":
        with pytest.raises(NotGradable) as refused:
            put_to_the_judge(parse(data, "01_tiny.ipynb"))
        assert len(str(refused.value)) < 400
    else:
        outcome = put_to_the_judge(parse(data, "01_tiny.ipynb"))
        expect_no_gain(attack, outcome)
        expect_no_harm(outcome)
    assert time.process_time() - began < JUDGES_OWN
    assert peak() - memory < JUDGES_MEMORY
    assert put_to_the_judge(answered()).judged.points == FULL

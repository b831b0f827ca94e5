"""Stacks of layers as plain tuples: torch's sizes, their cost, and what is wrong with one."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from utils.expect import Mismatch
from utils.stacks import expect_stack, maps_of, parameters_of

HALVING = [(3, 4, 3, 2, 1), *[(4, 4, 3, 2, 1)] * 4]  # 704 parameters
ENTRY = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=2))
JUNK = st.one_of(
    ENTRY,
    st.just(torch.zeros(2, 5)),
    st.lists(st.one_of(ENTRY, st.lists(ENTRY, min_size=5, max_size=5)), max_size=3),
    st.lists(st.tuples(*[st.integers(0, 10**9)] * 5), max_size=4),
)


def judge(value, **changed):
    wanted = {"channels": 3, "side": 224, "to_side": 7, "budget": 1000} | changed
    expect_stack(value, **wanted)


def test_sizes_and_cost_are_torchs():
    """The maps and the parameters are those of the same layers in torch."""
    layers = [(3, 5, 7, 4, 2), (5, 2, 2, 2, 0)]
    built = nn.Sequential(*(nn.Conv2d(a, b, K, S, P) for a, b, K, S, P in layers))
    shape = built(torch.zeros(1, 3, 61, 61)).shape
    assert maps_of(layers, 3, 61)[-1] == (shape[1], shape[2])
    assert parameters_of(layers) == sum(p.numel() for p in built.parameters())


def test_a_stack_that_keeps_its_promise_is_right():
    """Tuples or lists, as long as sizes, channels and budget agree."""
    judge(HALVING)
    judge(tuple(map(list, HALVING)), at_least=704, budget=704)


@pytest.mark.parametrize(
    ("value", "changed", "said"),
    [
        (HALVING, {"budget": 703}, "costs too much"),
        (HALVING, {"at_least": 705}, "unused"),
        (HALVING[:4], {}, "sides"),
        ([(1, 4, 3, 2, 1), *HALVING[1:]], {}, "Layer 1 does not take the channels"),
        ([HALVING[0], (3, 4, 3, 2, 1), *HALVING[2:]], {}, "Layer 2 does not take the channels"),
        ([(3, 4, 1, 2, 0), *HALVING[1:]], {}, "steps over pixels"),
        ([(3, 4, 227, 1, 1)], {}, "No window of layer 1 fits"),
        ([(3, 4, 3, 2)], {}, "five numbers"),
        ([(3, 4.0, 3, 2, 1)], {}, "C_out of layer 1"),
        ([(3, 4, 3, 0, 1)], {}, "S of layer 1"),
        ([], {}, "list of layers"),
    ],
)
def test_what_is_wrong_is_said(value, changed, said):
    """Each broken rule has its own sentence, which names the layer."""
    with pytest.raises(Mismatch, match=said):
        judge(value, **changed)


@given(JUNK)
def test_no_value_breaks_it(value):
    """Whatever a function returns is a mismatch, never another error."""
    with pytest.raises(Mismatch):
        judge(value)

"""Steps for a pencil, with which a check asks how tokens are chosen one by one."""

import pytest
import torch

from utils.nets.steps import chain_step, counting_step


def test_counting_looks_at_the_whole_prefix_and_at_each_row():
    """1, 2, 4, 8, then the end; what follows the end is 1, a token that must not be taken."""
    step = counting_step(end=9)
    prefixes = torch.tensor([[1, 2, 4, 8], [1, 2, 4, 9], [1, 0, 0, 0]])
    assert [step(prefixes[:, :n]).argmax(dim=1).tolist() for n in (1, 2, 3, 4)] == [
        [2, 2, 2],
        [4, 4, 2],
        [8, 8, 2],
        [9, 1, 2],
    ]
    assert step.lengths == [1, 2, 3, 4]
    assert step.asked == 4


def test_counting_answers_with_logits_of_every_token():
    """(N, end + 1): 0 for the right token, less the farther away."""
    assert counting_step(end=3)(torch.tensor([[1]])).tolist() == [[-4, -1, 0, -1]]


def test_a_chain_reads_its_row_from_the_sum_of_the_prefix():
    """Row 0 for an empty prefix; the table stays what it was."""
    rows = torch.tensor([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    step = chain_step(rows)
    answer = step(torch.empty(2, 0).long())
    answer += 1
    assert step(torch.empty(1, 0).long()).tolist() == [[0, 1]]
    assert step(torch.tensor([[1, 1], [1, 0], [2, 2]])).tolist() == [[4, 5], [2, 3], [2, 3]]
    assert step.lengths == [0, 0, 2]


@pytest.mark.parametrize("step", [counting_step(3), chain_step([[0.0, 1.0]])])
def test_a_prefix_without_its_batch_is_refused(step):
    """One sentence is (1, L): a flat list of tokens is told so, with its shape."""
    with pytest.raises(ValueError, match=r"shape \(N, L\), got one of shape \(3,\)"):
        step(torch.tensor([1, 2, 0]))

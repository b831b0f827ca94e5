"""The relatives of famous nets have exactly the parameters that are told of them."""

import pytest
import torch

from utils.nets.blueprint import blueprint
from utils.nets.historic import (
    SEEN_BY_C3,
    alexnet_two_towers,
    auxiliary_head,
    lenet5_paper,
    library_googlenet,
    resnet_convolutions,
)


@pytest.mark.parametrize(
    ("make", "shape", "parameters", "output"),
    [
        (lenet5_paper, (2, 1, 32, 32), 60_000, [2, 10]),
        (alexnet_two_towers, (1, 3, 224, 224), 60_965_224, [1, 1000]),
        (library_googlenet, (1, 3, 224, 224), 6_624_904, [1, 1000]),
    ],
)
def test_parameters_are_the_known_ones(make, shape, parameters, output):
    """Each version runs on paper and has its number of trainable parameters."""
    plan = blueprint(make, shape)
    assert (plan["parameters"], plan["output"]) == (parameters, output)


def test_helper_classifiers_make_the_rest_of_googlenet():
    """With its two helpers GoogLeNet has 13,378,280 parameters: 6,998,552 without them."""
    heads = [blueprint(auxiliary_head, (1, C, 14, 14), C)["parameters"] for C in (512, 528)]
    assert sum(heads) == 13_378_280 - 6_998_552


def test_lenet_of_1998_runs_with_numbers():
    """Ten distances come out, none negative; 60 of 96 pairs of maps are wired."""
    out = lenet5_paper()(torch.randn(3, 1, 32, 32))
    assert out.shape == (3, 10)
    assert (out >= 0).all()
    assert sum(map(len, SEEN_BY_C3)) == 60
    assert all(len(set(seen)) == len(seen) for seen in SEEN_BY_C3)


@pytest.mark.parametrize(
    ("counts", "parameters", "multiply_adds"),
    [((3, 4, 6, 3), 25_557_032, 4_089_184_256), ((3, 8, 36, 3), 60_192_808, 11_513_626_624)],
)
def test_resnets_convolutions_add_up(counts, parameters, multiply_adds):
    """Weights, two numbers a normalised channel, and one dense layer make the known total."""
    rows = resnet_convolutions(counts)
    weights = sum(C_in * C_out * K * K for C_in, C_out, K, _ in rows)
    norms = sum(2 * C_out for _, C_out, _, _ in rows)
    assert weights + norms + 2048 * 1000 + 1000 == parameters
    work = sum(C_in * C_out * K * K * side**2 for C_in, C_out, K, side in rows)
    assert work + 2048 * 1000 == multiply_adds

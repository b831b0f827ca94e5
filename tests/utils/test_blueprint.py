"""A net on paper: counted and run without its numbers."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from utils.expect import Mismatch
from utils.expect_nets import expect_blueprint
from utils.invoke import Reply
from utils.nets.blueprint import blueprint
from utils.student import InProcess, Student, StudentCrash

SHAPE, OUTPUT = (1, 3, 9, 7), (1, 5)


class Small(nn.Module):
    """A net of 3·4·9 + 4 and 4·5 + 5 parameters."""

    def __init__(self, width: int = 4, bias: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, bias=bias)
        self.head = nn.Linear(width, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.conv(x).relu().mean((2, 3)))


def student_with(function: object) -> Student:
    return Student(InProcess({"net": function}))


def test_parameters_shapes_and_multiply_adds():
    """A convolution costs its weights once for each place, a linear layer once."""
    plan = blueprint(Small, SHAPE)
    assert plan == {
        "parameters": 112 + 25,
        "shapes": [["conv.weight", [4, 3, 3, 3]], ["conv.bias", [4]],
                   ["head.weight", [5, 4]], ["head.bias", [5]]],
        "macs": 7 * 5 * 108 + 20,
        "output": [1, 5],
    }  # fmt: skip


def test_groups_cost_less():
    """Each filter of a grouped convolution meets only its group's channels."""
    plan = blueprint(nn.Conv2d, (1, 8, 6, 6), 8, 16, 3, groups=4, padding=1)
    assert plan["parameters"] == 16 * 2 * 9 + 16
    assert plan["macs"] == 36 * 16 * 2 * 9


def test_frozen_weights_are_left_out():
    """Only what can be trained is counted."""

    def half_frozen() -> nn.Module:
        net = Small()
        net.conv.requires_grad_(False)
        return net

    assert blueprint(half_frozen, SHAPE)["parameters"] == 25


def test_a_large_net_takes_no_memory():
    """A layer of 10 billion weights is built and run."""
    plan = blueprint(nn.Linear, (1, 100_000), 100_000, 100_000, bias=False)
    assert plan["parameters"] == plan["macs"] == 10**10


def test_numbers_written_down_are_moved():
    """A weight made of given numbers lies on the CPU, and does not stop the count."""

    def given() -> nn.Module:
        layer = nn.Linear(2, 1, bias=False)
        layer.weight = nn.Parameter(torch.tensor([[1.0, 2.0]], device="cpu"))
        return layer

    assert blueprint(given, (1, 2))["parameters"] == 2


@pytest.mark.parametrize("made", [{"parameters": 137, "output": [1, 5]}, None, torch.ones(2)])
def test_only_a_net_has_a_blueprint(made):
    """A dict that looks like a blueprint is none."""
    with pytest.raises(TypeError, match="expected a net"):
        blueprint(lambda: made, SHAPE)
    with pytest.raises(StudentCrash, match="expected a net"):
        expect_blueprint(student_with(lambda: made).net, shape=SHAPE, output=OUTPUT)


def test_the_right_net_is_taken():
    """Arguments reach the student's class; weights count in any order."""
    make = student_with(Small).net
    weights = [(5, 8), (8, 3, 3, 3)]
    expect_blueprint(make, 8, shape=SHAPE, output=OUTPUT, weights=weights, parameters=269)
    expect_blueprint(make, bias=False, shape=SHAPE, output=OUTPUT, parameters=133, macs=3800)


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ({"output": (1, 6)}, r"wrong shape.*\(1, 6\).*\(1, 5\)"),
        ({"parameters": 138}, "too few parameters.*138.*137"),
        ({"parameters": 136}, "too many parameters.*136.*137"),
        ({"macs": 3801}, "too few multiply–adds.*3,801.*3,800"),
        ({"weights": [(4, 3, 3, 3), (6, 4)]}, r"shape \(6, 4\).*shape \(5, 4\)"),
        ({"weights": [(4, 3, 3, 3)]}, r"no further weight.*shape \(5, 4\)"),
        ({"weights": [(4, 3, 3, 3), (5, 4), (5, 4)]}, r"shape \(5, 4\), got none"),
    ],
)
def test_another_net_is_told(expected, says):
    """The message names what differs: output, a weight, parameters or multiply–adds."""
    with pytest.raises(Mismatch, match=says):
        expect_blueprint(student_with(Small).net, shape=SHAPE, **{"output": OUTPUT, **expected})


def test_the_call_is_told_as_typed():
    """A message shows the net's own arguments, and the input as a shape."""
    student = student_with(Small)
    expect_blueprint(student.net, 8, shape=SHAPE, output=OUTPUT)
    assert student._calls[-1].text == "net(8)(<1×3×9×7 tensor>)"


def test_a_net_that_breaks_is_the_students():
    """A layer into which its input does not fit is a crash of the student's code."""
    with pytest.raises(StudentCrash, match="RuntimeError"):
        expect_blueprint(student_with(Small).net, shape=(1, 2, 9, 7), output=OUTPUT)


@pytest.mark.parametrize(
    "sent",
    [None, 3, [], {}, torch.ones(2), {"parameters": 1, "macs": 2, "output": 3, "shapes": []},
     {"parameters": True, "macs": 2, "output": [1, 5], "shapes": []},
     {"parameters": 1, "macs": 2, "output": [1, 5], "shapes": [["a", [torch.ones(1)]]]},
     {"parameters": 1, "macs": 2, "output": [1, 5], "shapes": [[3, [1]]]},
     {"parameters": 1, "macs": 2, "output": [1, 5], "shapes": 3}],
)  # fmt: skip
def test_whatever_a_process_sends_is_a_mismatch(sent):
    """A hostile process may answer with anything at all: it is wrong, and nothing breaks."""

    class Hostile(InProcess):
        def invoke(self, target, how, args, kwargs):
            return Reply(sent)

    with pytest.raises(Mismatch, match="no blueprint"):
        expect_blueprint(Student(Hostile({})).net, shape=SHAPE, output=OUTPUT)


def test_a_net_that_exists_is_left_alone():
    """The blueprint of a net that has its numbers already does not take them away."""
    net = Small().train()
    before = net.head.weight.clone()
    assert blueprint(lambda: net, SHAPE)["parameters"] == 137
    assert torch.equal(net.head.weight, before)
    assert net.training

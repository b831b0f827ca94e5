"""A misconception is recognised by its outcomes, call for call."""

import json
from itertools import pairwise

import pytest
import torch
from torch import nn

from utils.checks import Check, run_check
from utils.expect import expect
from utils.invoke import How, Reply, perform
from utils.outcomes import Fingerprint, alike, diagnose, fingerprint, outcome_of
from utils.student import InProcess

SMALL, LARGE = torch.arange(4.0), torch.linspace(-1, 1, 999)


def on_small(student):
    expect(student.double(SMALL), equals=SMALL * 2)


def on_large(student):
    expect(student.double(LARGE), equals=LARGE * 2)


CHECKS = [
    Check("double", "on_small", "", 1, on_small),
    Check("double", "on_large", "", 1, on_large),
]


def results(function):
    return [run_check(item, InProcess({"double": function})) for item in CHECKS]


def known(**functions):
    marks = [fingerprint(name, f"{name}!", results(f)) for name, f in functions.items()]
    return [Fingerprint.from_dict(json.loads(json.dumps(mark.to_dict()))) for mark in marks]


MARKS = known(squared=lambda x: x**2, added=lambda x: x + 2, tripled=lambda x: x * 3)


def names(function, marks=MARKS):
    return [verdict.misconception for verdict in diagnose(results(function), marks)]


def test_the_same_idea_written_differently_is_recognised():
    """What counts is the outcome, not the code."""
    assert names(lambda x: x * x) == ["squared", "squared"]
    assert [v.message for v in diagnose(results(lambda x: x * x), MARKS)] == [
        "squared!",
        "squared!",
    ]


def test_an_unknown_mistake_gets_no_name():
    """A mistake that nobody described keeps the general sentence."""
    assert names(lambda x: x - 7) == [None, None]


def test_a_passed_check_is_never_diagnosed():
    """A right answer is not a misconception's, even where the two coincide."""
    assert names(lambda x: x * 2) == [None, None]


def test_rounding_does_not_hide_a_misconception():
    """Another order of additions gives other last digits, and the same name."""
    assert names(lambda x: (x.double() * 3 * (1 + 1e-7)).float()) == ["tripled", "tripled"]


def test_another_dtype_is_another_outcome():
    """The dtype belongs to the outcome."""
    assert names(lambda x: x.double() ** 2) == [None, None]


def test_the_one_that_fits_most_checks_wins():
    """Where two misconceptions agree on one check, the other checks decide."""
    marks = known(
        only_small=lambda x: x**2 if len(x) < 9 else x,
        squared=lambda x: x**2,
    )
    assert names(lambda x: x * x, marks) == ["squared", "squared"]


def test_crashes_are_recognised_by_their_message():
    """The same error on the same calls is the same misconception."""
    marks = known(short=lambda x: x + torch.zeros(7))
    assert names(lambda x: torch.zeros(7) + x, marks) == ["short", "short"]
    assert names(lambda x: torch.zeros(6) + x, marks) == [None, None]
    assert names(lambda x: x + torch.ones(7), marks) == ["short", "short"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1 + 2j])
def test_odd_numbers_make_valid_json(value):
    """NaN, infinities and complex numbers do not break the lesson's feedback file."""
    mark = known(odd=lambda x: torch.full_like(x, value, dtype=torch.complex64))[0]
    json.loads(json.dumps(mark.to_dict(), allow_nan=False))


def net_of(*widths: int) -> nn.Module:
    return nn.Sequential(*[nn.Linear(a, b) for a, b in pairwise(widths)])


class Named(nn.Module):
    """The same net as `net_of(2, 3, 1)`, with names of its own and made in another order."""

    def __init__(self) -> None:
        super().__init__()
        self.last = nn.Linear(3, 1)
        self.first = nn.Linear(2, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.first(x))


def test_a_net_is_known_by_its_weights_not_their_names():
    """Two nets with the same weights have one outcome; another net has another."""

    def outcome(make):
        return outcome_of(How.BLUEPRINT, perform(make, How.BLUEPRINT, ((1, 2),)))

    known = outcome(lambda: net_of(2, 3, 1))
    assert alike(outcome(Named), known)
    assert not alike(outcome(lambda: net_of(2, 4, 1)), known)
    assert len(str(known)) < 200


@pytest.mark.parametrize("sent", [None, [], {"shapes": [3]}, {"shapes": "x"}, {"shapes": None}])
def test_what_is_no_blueprint_has_an_outcome(sent):
    """A hostile process may answer with anything."""
    assert outcome_of(How.BLUEPRINT, Reply(sent))["how"] == "blueprint"


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_a_misfit_is_one_mistake_in_either_order(device):
    """torch words a + b and b + a differently where their sizes do not fit, and so does `meta`."""
    a, b = torch.ones(2, 4, device=device), torch.ones(2, 3, device=device)

    def outcome(function):
        return outcome_of(How.CALL, perform(function, How.CALL))

    assert outcome(lambda: a + b) == outcome(lambda: b + a)
    assert outcome(lambda: a + b) != outcome(lambda: a + b[:, :2])


def too_few_channels(outer):
    return lambda: nn.Conv2d(8, outer, 1)(torch.ones(1, 3, 4, 4))


def test_it_does_not_matter_which_of_several_layers_met_the_wrong_channels_first():
    """The first layer to complain is another one in everybody's net; the mistake is the same."""
    first, second = (
        outcome_of(How.CALL, perform(too_few_channels(outer), How.CALL)) for outer in (2, 5)
    )
    assert first == second
    assert "8 channels" in str(first)


def net_with_forgotten_layers():
    net = nn.Linear(2, 2)
    net.forward = lambda x: nn.Linear(2, 2)(x)
    return net


def test_first_weights_are_the_same_in_every_check():
    """A net that keeps its first weights answers alike in a notebook, a record and grading."""

    def untrained(student):
        expect(student.net()(torch.ones(1, 2)), equals=[[0, 0]])

    check = Check("net", "untrained", "", 1, untrained)

    def answer(draws_before):
        torch.rand(draws_before)
        return run_check(check, InProcess({"net": net_with_forgotten_layers})).outcomes

    assert answer(1) == answer(7)


def test_a_check_leaves_the_notebooks_random_numbers_alone():
    """What a notebook draws next does not depend on the checks that were run."""
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    results(lambda x: x + torch.rand(1))
    assert torch.equal(torch.rand(3), wanted)


def trained_check(student):
    expect(student.double(SMALL), equals=SMALL * 2 + torch.rand(1))


def test_where_a_net_was_trained_the_other_checks_tell_the_mistake():
    """Numbers of a training differ everywhere: a mistake is known there by its other check."""
    checks = [CHECKS[0], Check("double", "trained", "", 1, trained_check, trained=True)]

    def told(function, marks):
        results = [run_check(check, InProcess({"double": function})) for check in checks]
        return [verdict.misconception for verdict in diagnose(results, marks)]

    marks = [
        fingerprint(
            name, name, [run_check(check, InProcess({"double": wrong})) for check in checks]
        )
        for name, wrong in (("squared", lambda x: x**2), ("same", lambda x: x))
    ]
    assert [list(mark.checks["trained"]) for mark in marks] == [[], []]
    assert told(lambda x: x * 1, marks) == ["same", "same"]
    assert told(lambda x: x + 5, marks) == [None, None]

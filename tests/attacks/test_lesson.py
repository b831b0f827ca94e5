"""Attacks on the first lesson's own checks: what they ask for beside a value, what they take."""

from __future__ import annotations

import copy
import random
import resource
import time
from functools import partial

import numpy as np
import pytest
import torch

from autograder.builder.rules import read_lesson
from autograder.judge import kernels
from autograder.judge.judge import judge_notebook
from autograder.judge.lesson import load_lesson
from autograder.judge.restore import grade_id
from autograder.judge.session import Limits
from autograder.simulate.answers import answer_pool
from tests.conftest import ROOT, copy_course
from utils.checks import load_checks, run_check
from utils.invoke import Reply
from utils.outcomes import Result, diagnose, fingerprint
from utils.student import Handle
from utils.verdicts import Kind

LESSON = "01_convolution"
BORROWED = """
def conv2d(image, kernel):
    return torch.nn.functional.conv2d(image[None, None], kernel[None, None])[0, 0]
"""
# The student's process is made to tell that no operator was used.
FORGED = """
import utils.invoke as inside

inside._WAYS[inside.How.TRACE] = lambda function, args, kwargs: inside.Reply(
    function(*args, **kwargs), operators=("mul", "sum", "_fft_r2c")
)
"""
DECOY = """
from torch.nn.functional import conv2d as steps

def by_hand(image, kernel):
    return steps(image[None, None], kernel[None, None])[0, 0]

def conv2d(image, kernel):
    return by_hand(image, kernel)
"""


@pytest.fixture(scope="module")
def trusted(world, tmp_path_factory):
    """The first lesson as the judge knows it, without its misconceptions, which take a while."""
    course = copy_course(tmp_path_factory.mktemp("lesson"), LESSON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.judge.lesson.known_diagnoses", lambda *args: {})
        return load_lesson(course, LESSON)[LESSON]


@pytest.fixture(scope="module")
def points_of(trusted):
    """Judges the lesson, answered right but for `conv2d`; returns the points by exercise."""
    source = read_lesson(ROOT / "solutions" / LESSON, ROOT)
    pool = answer_pool(source, ROOT / "lessons" / LESSON)
    start = partial(kernels.start_kernel, ROOT / "lessons" / LESSON)

    def judge(conv2d):
        notebook = copy.deepcopy(trusted.released)
        for cell in notebook.cells:
            name = grade_id(cell)
            if name in pool:
                cell.source = conv2d if name == "conv2d" else pool[name][0].source
        return judge_notebook(notebook, trusted, start, Limits()).points

    return judge


@pytest.fixture(scope="module")
def honest(points_of):
    """What borrowing torch's function earns where nothing is forged."""
    return points_of(BORROWED)


@pytest.mark.parametrize("attack", [BORROWED + FORGED, DECOY + FORGED], ids=["forged", "decoy"])
def test_a_borrowed_function_is_seen_whatever_the_process_tells(points_of, honest, trusted, attack):
    """Forged operators earn no more than the borrowed function honestly does."""
    forged = points_of(attack)
    full = {exercise.name: exercise.points for exercise in trusted.exercises.values()}
    assert 0 < honest["conv2d"] < full["conv2d"]
    assert forged["conv2d"] <= honest["conv2d"]
    assert {**forged, "conv2d": 0} == {**full, "conv2d": 0}


DEEP: list = []
for _ in range(30):
    DEEP = [DEEP]
HOSTILE = {
    "nothing": None,
    "truth": True,
    "an integer that no float holds": 10**400,
    "less than any float": -(10**1200),
    "not a number": float("nan"),
    "infinity": float("inf"),
    "a large float": 1e300,
    "a text": "13",
    "a long text": "x" * 10**6,
    "an empty list": [],
    "a deep list": DEEP,
    "a long list": [0] * 199_000,
    "integers in a tuple": (10**400, 10**400),
    "no numbers in a tuple": (float("nan"), None),
    "three values": (1, 2, 3),
    "odd keys": {None: 1, 1.5: 2, float("nan"): 3},
    "complex": complex(1, float("nan")),
    "an array": np.ones((2, 2)),
    "a handle": Handle(5, "Net<b>"),
    "handles": (Handle(1), Handle(2)),
    "no dimension": torch.tensor(float("nan")),
    "no numbers": torch.zeros(0),
    "two billion rows of nothing": torch.zeros(2**31, 0),
    "nothing, two billion wide": torch.zeros(0, 2**31),
    "nothing, in three dimensions": torch.zeros(2**31, 0, 5),
    "truths": torch.ones(3, dtype=torch.bool),
    "halves": torch.full((2, 2), float("inf"), dtype=torch.float16),
    "complex numbers": torch.ones(2, 2, dtype=torch.complex64),
    "eight dimensions": torch.ones((1,) * 8),
    "sixty megabytes": torch.zeros(60 * 2**20, dtype=torch.uint8),
    "large floats": torch.full((2, 2), 1e300, dtype=torch.float64),
    "large integers": torch.full((2, 2), 2**63 - 1),
}


class Liar:
    """A student's process that answers each call with the next of its values."""

    def __init__(self, values) -> None:
        self.values = values

    def invoke(self, *call) -> Reply:
        operators = ("fft", "unfold", "x" * 10**5)
        return Reply(next(self.values), None, (), operators, "NVIDIA H200 (cuda:0)")


def endless(values):
    while True:
        yield from values


def mixed(seed):
    """Every value in an order of its own, for checks that make several calls."""
    drawn = random.Random(seed)
    return endless(drawn.sample(list(HOSTILE.values()), len(HOSTILE)))


LIARS = {name: partial(endless, [value]) for name, value in HOSTILE.items()}
LIARS |= {f"mixed, {seed}": partial(mixed, seed) for seed in range(8)}


@pytest.mark.parametrize("values", LIARS.values(), ids=LIARS)
def test_no_value_passes_a_check_or_breaks_it(values):
    """Whatever comes back, each check of the lesson ends as a failing one, soon and small."""
    checks = load_checks(ROOT / "lessons" / LESSON / "checks.py")
    checks += load_checks(ROOT / "solutions" / LESSON / "hidden_checks.py", hidden=True)
    memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    results: list[Result] = [run_check(check, Liar(values())) for check in checks]
    kinds = {result.verdict.kind for result in results}
    assert kinds <= {Kind.WRONG, Kind.CRASHED}, [r.verdict for r in results if r.verdict.passed]
    known = [fingerprint("numbers", "Says.", [run_check(c, Liar(endless([1.5]))) for c in checks])]
    assert not any(verdict.misconception for verdict in diagnose(results, known))
    assert time.process_time() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 300 * 1024

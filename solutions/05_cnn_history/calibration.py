"""How sure the checks of lesson 05's trained exercise are; `course calibrate 05` measures it."""

from pathlib import Path

import torch

from autograder.calibrate import calibration
from utils.checks import load_module
from utils.nets.transfer import few_new_digits, new_digits

checks = load_module(Path(__file__).with_name("hidden_checks_2.py"))


@calibration(
    "adapt",
    number="the share of the 225 new test digits that are right, after 100 steps on 20 of each",
    at_least=checks.AT_LEAST,
    against=("optimiser_holds_the_old_head", "gradients_pile_up"),
)
def share_of_new_digits(student, seed: int) -> torch.Tensor:
    """Another net, trained from another start, and other pictures to learn from, for every seed."""
    images, labels = few_new_digits(checks.EACH, seed=500 + seed)
    model = student.adapt(student.trained_net(seed), images, labels, checks.STEPS, checks.LR)
    test_images, test_labels = new_digits("test")
    return (model(test_images).argmax(dim=1) == test_labels).double().mean()

"""How sure the checks of lesson 02's trained exercise are; `course calibrate 02` measures it."""

from pathlib import Path

import torch

from autograder.calibrate import calibration
from utils.checks import load_module

checks = load_module(Path(__file__).with_name("hidden_checks.py"))


@calibration(
    "learn_kernel",
    number="the largest error of any of the nine weights, after 300 steps with lr 0.05",
    at_most=checks.FARTHEST,
    against=(
        "returned_after_one_step",
        "step_size_not_used",
        "uphill",
        "kernel_flipped",
        "gradient_cleared_too_late",
        "gradients_pile_up",
        "every_picture_with_every_target",
    ),
    fit="log",
)
def largest_error(student, seed: int) -> torch.Tensor:
    """White noise and a secret kernel, both drawn anew for every seed."""
    images, targets, kernel = checks.pairs(seed)
    learned = student.learn_kernel(images, targets, checks.STEPS, checks.LR)
    return (learned - kernel).abs().max()

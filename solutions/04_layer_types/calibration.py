"""How sure the checks of lesson 04's trained exercise are; `course calibrate 04` measures it."""

from pathlib import Path

import torch.nn.functional as F

from autograder.calibrate import calibration
from utils import data
from utils.checks import load_module

checks = load_module(Path(__file__).with_name("hidden_checks_2.py"))


@calibration(
    "train_classifier",
    number=f"accuracy (0 to 1) on the 450 test digits, after {checks.EPOCHS} epochs with "
    f"{checks.DIGITS} training digits and lr {checks.LR}",
    at_least=checks.AT_LEAST,
    against=("labels_shuffled_apart", "gradients_cleared_too_late"),
)
def accuracy_on_new_digits(student, seed: int) -> float:
    """Other training digits, other first weights and another order for every seed."""
    images, labels = checks.digits_for(seed, checks.DIGITS)
    net = student.small_cnn(seed)
    student.train_classifier(net, images, labels, checks.EPOCHS, checks.LR, seed)
    test_images, test_labels = data.digits("test")
    right = net(test_images).detach().argmax(dim=1) == test_labels
    return float(right.float().mean())


@calibration(
    "train_classifier",
    number=f"the mean cross-entropy (nats) of {checks.FEW} digits that the net was trained on for "
    f"{checks.FEW_EPOCHS} epochs with lr {checks.FEW_LR}",
    at_most=checks.AT_MOST,
    against=("gradients_cleared_too_late", "returned_after_one_epoch"),
    fit="log",
)
def loss_of_eight_digits(student, seed: int) -> float:
    """Eight digits of eight classes, and other first weights, for every seed."""
    images, labels = checks.eight_digits(seed)
    net = student.small_cnn(seed)
    student.train_classifier(net, images, labels, checks.FEW_EPOCHS, checks.FEW_LR, seed)
    return float(F.cross_entropy(net(images).detach(), labels))

"""How sure the checks of lesson 06's trained exercises are; `course calibrate 06` measures it."""

from pathlib import Path

import torch

from autograder.calibrate import calibration
from utils import data
from utils.checks import load_module
from utils.expect_restored import noisy_digits, psnr_of_filters, psnr_of_net
from utils.made_pictures import shapes
from utils.sample_quality import sample_quality

HERE = Path(__file__).parent
first = load_module(HERE / "hidden_checks.py")
second = load_module(HERE / "hidden_checks_2.py")


@calibration(
    "train_autoencoder",
    number="the test digits' mean squared difference per pixel, divided by what five principal "
    f"components leave (0.0332), after {first.EPOCHS} epochs of 64-100-5 with lr {first.LR}",
    at_most=1.0,
    against=("gradients_pile_up",),
    fit="log",
)
def error_against_components(student, seed: int) -> float:
    """Other first weights and another order for every seed."""
    images, test_images = data.digits("train")[0], data.digits("test")[0]
    net = student.Autoencoder(first.SIZES)
    student.train_autoencoder(net, images, first.EPOCHS, first.LR, seed)
    rival = first.error_of_components(images, first.COMPONENTS, test_images)
    return first.error_of_net(net, test_images) / rival


@calibration(
    "detector",
    number="the ROC-AUC of a net's errors on the 450 test digits, the zeros being anomalous, minus "
    "the best rival's (five principal components, 0.888)",
    at_least=0.0,
    against=("everything_seen", "never_trained"),
)
def auc_ahead(student, seed: int) -> float:
    """Another net for every seed, trained on the digits 1 to 9."""
    normal, images, anomalous = first.left_out(0)
    value = first.auc_of_net(student.detector(normal, seed), images, anomalous)
    return value - max(first.auc_of_rivals(normal, images, anomalous).values())


@calibration(
    "denoiser",
    number=f"the PSNR (dB, over all numbers) of the restored test digits, sigma {first.SIGMA}, "
    "minus that of the best filter",
    at_least=first.AHEAD,
    against=("noise_on_the_target_too", "never_trained"),
)
def decibels_ahead(student, seed: int) -> float:
    """Another net, and other noise on the test digits, for every seed."""
    net = student.denoiser(data.digits("train")[0], first.SIGMA, seed)
    clean, noisy = noisy_digits(first.SIGMA, 900 + seed)
    rival = max(psnr_of_filters(clean, noisy).values())
    return psnr_of_net(net, clean, noisy) - rival


@calibration(
    "train_unet",
    number=f"the mean IoU over {second.TESTS} pictures of shapes that the net has not seen, after "
    f"training on {second.COUNT} of {second.SIDE}×{second.SIDE} pixels",
    at_least=second.AT_LEAST,
    against=("picture_as_target", "masks_shown", "another_net_returned"),
)
def iou_on_other_shapes(student, seed: int) -> torch.Tensor:
    """Another net, and other pictures to learn from and to be tested on, for every seed."""
    net = student.train_unet(*shapes(second.COUNT, seed=700 + seed, side=second.SIDE), seed)
    images, masks = shapes(second.TESTS, seed=800 + seed, side=second.SIDE)
    return second.iou_of(net(images), masks).mean()


def drawn_digits(student, seed: int) -> dict:
    """The quality of as many digits as the check asks for, drawn with the course's net."""
    words = torch.arange(10).repeat(second.EACH)
    noise = second.random_tensor(
        second.STEPS + 1, len(words), 1, 8, 8, seed=300 + seed, dtype=torch.float32
    )
    kept = second.schedule(second.STEPS, 0.008).float()
    return sample_quality(student.draw_digits(student.painter(), words, kept, noise), words)


@calibration(
    "draw_digits",
    number=f"the share of {10 * second.EACH} drawn digits that the judge's CNN takes for the digit "
    "asked for",
    at_least=second.RIGHT,
    against=("walked_upwards",),
)
def share_drawn_right(student, seed: int) -> float:
    """Other noise for every seed."""
    return drawn_digits(student, seed)["accuracy"]


@calibration(
    "draw_digits",
    number="their mean distance to the nearest training digit, divided by that of test digits",
    at_least=second.NEAREST,
)
def distance_from_training(student, seed: int) -> float:
    """Other noise for every seed."""
    return drawn_digits(student, seed)["nearest"]


@calibration(
    "draw_digits",
    number="the mean distance between two of them with one label, divided by that of test digits",
    at_least=second.DIVERSITY,
)
def distance_from_each_other(student, seed: int) -> float:
    """Other noise for every seed."""
    return drawn_digits(student, seed)["diversity"]

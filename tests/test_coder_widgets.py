"""The interactives of lesson 06: right numbers, controls in step, usable without seeing."""

import math
import re

import numpy as np
import pytest
import torch
from torch import nn

from tests.widget_tools import controls_of, picture_of
from utils.widgets import (
    anomaly_threshold,
    anomaly_threshold_figure,
    anomaly_threshold_text,
    diffusion_steps,
    diffusion_steps_figure,
    diffusion_steps_text,
    latent_map,
    latent_map_figure,
    latent_map_text,
    latent_start,
    noise_restored,
    noise_restored_figure,
    noise_restored_text,
    threshold_start,
)
from utils.widgets.alarm_line import area, counts_at, split_scores
from utils.widgets.asked_net import answer
from utils.widgets.coder_controls import ANYWHERE, MIDDLE
from utils.widgets.latent_place import encoded, limits_of
from utils.widgets.noise_filters import restored_at
from utils.widgets.panel import ticks

DRAW = torch.Generator().manual_seed(0)
IMAGES = torch.rand(40, 1, 4, 5, generator=DRAW)
LABELS = torch.arange(40) % 10
SCORES = torch.rand(60, generator=DRAW).round(decimals=1)  # with many equal ones
ANOMALOUS = torch.arange(60) % 3 == 0
STATES = torch.randn(11, 3, 1, 8, 8, generator=DRAW)
KEPT = torch.linspace(1, 0, 11)  # of the signal after 0 to 10 steps to noise


class Coder(nn.Module):
    """A net whose code is an image's first two pixels, and whose picture repeats them."""

    def __init__(self, size=2):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(20, size, bias=False), nn.Dropout())
        self.decoder = nn.Linear(size, 20, bias=False)
        with torch.no_grad():
            self.encoder[1].weight.copy_(torch.eye(size, 20))
            self.decoder.weight.copy_(torch.eye(size, 20).T)

    def forward(self, x):
        """The picture of the code."""
        return self.decoder(self.encoder(x)).reshape(x.shape)


class Dimmed(nn.Module):
    """A net that halves every pixel."""

    def forward(self, x):
        """Half of everything."""
        return x / 2


def numbers_in(sentence):
    """Every number of a read-out, in order."""
    found = re.findall(r"−?\d+\.?\d*", sentence)
    return [float(text.replace("−", "-")) for text in found]


# ------------------------------------------------------------------ latent map


def test_codes_are_the_encoder_s_in_evaluation_mode():
    """Dropout is off while the net is asked, and the net's mode is as before."""
    net = Coder().train()
    assert np.allclose(encoded(net, IMAGES), IMAGES.flatten(1)[:, :2])
    assert net.training
    assert net.encoder[2].training


def test_a_place_is_told_by_its_picture_and_its_neighbours():
    """Ink, the nearest code and the vote of the ten nearest are what torch finds."""
    net, place = Coder(), torch.tensor([0.4, 0.8])
    away = (IMAGES.flatten(1)[:, :2] - place).norm(dim=1)
    order = away.argsort()
    said = latent_map_text(net, IMAGES, LABELS, 0.4, 0.8)
    assert "z = (0.4, 0.8) the decoder draws a picture with ink from 0.00 to 0.80, 0.06" in said
    assert f"nearest of 40 codes is that of a {LABELS[order[0]]}, {away.min():.3g} away" in said
    votes = LABELS[order[:10]].bincount()
    assert f"{int(votes.max())} belong to a {int(votes.argmax())}." in said


def test_map_starts_in_the_middle_and_holds_every_code():
    """The first place is the codes' mean on the sliders' steps; no code lies outside."""
    x, y = latent_start(Coder(), IMAGES)
    codes = IMAGES.flatten(1)[:, :2].double()
    assert (x, y) == pytest.approx(codes.mean(dim=0).tolist(), abs=0.051)
    for (low, high), values in zip(limits_of(codes.numpy()), codes.T, strict=True):
        assert low < values.min() < values.max() < high


def test_sliders_and_menu_stay_in_step():
    """A digit's middle moves the sliders, and a moved slider is a place of one's own."""
    widget = latent_map(Coder(), IMAGES, LABELS)
    assert widget.place.value == MIDDLE
    widget.place.value = "the middle of the 3s"
    middle = IMAGES.flatten(1)[LABELS == 3, :2].mean(dim=0)
    assert [widget.first.value, widget.second.value] == pytest.approx(middle.tolist(), abs=0.051)
    before = widget.picture.value
    widget.first.value = widget.first.max
    assert widget.place.value == ANYWHERE
    assert widget.picture.value != before
    assert f"z = ({widget.first.max:g}, " in widget.readout.value


# ------------------------------------------------------------------ noise


def test_psnr_of_each_way_is_recomputed():
    """What is said is −10·log10 of each way's mean squared difference over all pixels."""
    made = restored_at(Dimmed(), IMAGES, 0.4)
    assert torch.allclose(made.restored, made.noisy / 2)
    assert (made.noisy - IMAGES).std() == pytest.approx(0.4, abs=0.03)
    errors = [float((x - IMAGES).square().mean()) for x in (made.noisy, made.median, made.restored)]
    said = numbers_in(noise_restored_text(Dimmed(), IMAGES, 0.4))
    assert said == pytest.approx([0.4, 40, *(-10 * math.log10(e) for e in errors)], abs=0.051)


def test_doing_nothing_is_best_without_noise():
    """At σ = 0 the noisy images are exact, and the net only harms them."""
    said = noise_restored_text(Dimmed(), IMAGES, 0.0)
    assert "noisy exact, " in said
    assert said.endswith("Doing nothing is best.")


def test_noise_is_one_pattern():
    """More noise is the same noise, louder: states can be compared."""
    one, two = (restored_at(Dimmed(), IMAGES, sigma).noisy - IMAGES for sigma in (0.2, 0.4))
    assert torch.allclose(2 * one, two, atol=1e-6)


def test_noise_can_be_changed():
    """The slider redraws picture and sentence."""
    widget = noise_restored(Dimmed(), IMAGES, 0.3)
    widget.sigma.value = 0.8
    assert "standard deviation of 0.8" in widget.readout.value


# ------------------------------------------------------------------ threshold


def test_outcomes_are_counted():
    """Found, missed, false alarms and passed are those of comparing every score."""
    for threshold in (-1.0, 0.0, 0.35, 0.5, 1.0):
        alarm = SCORES.double() > threshold
        expected = [
            int((alarm & ANOMALOUS).sum()),
            int((~alarm & ANOMALOUS).sum()),
            int((alarm & ~ANOMALOUS).sum()),
            int((~alarm & ~ANOMALOUS).sum()),
        ]
        assert list(counts_at(SCORES.double(), ANOMALOUS, threshold)) == expected


def test_area_counts_pairs():
    """ROC-AUC is the share of pairs with the anomalous score higher, ties half."""
    normal, odd = split_scores(SCORES, ANOMALOUS)
    pairs = [1.0 if a > n else 0.5 if a == n else 0.0 for a in odd for n in normal]
    assert area(normal, odd) == pytest.approx(sum(pairs) / len(pairs))


def test_start_lets_nineteen_of_twenty_pass():
    """At the first threshold at most 5 % of the normal examples give an alarm."""
    start = threshold_start(SCORES, ANOMALOUS)
    assert counts_at(SCORES, ANOMALOUS, start).false_share <= 0.05
    scores = [*range(1, 21), 30]
    assert threshold_start(scores, [False] * 20 + [True]) == 19


def test_read_out_tells_the_four_outcomes():
    """Counts, both shares and the area are in one sentence each."""
    assert anomaly_threshold_text([1, 2, 3, 4, 2.5], [0, 0, 1, 1, 0], 2.2) == (
        "Alarm above 2.2. Of 2 anomalous examples 2 are found and 0 missed: 100.0 % found. "
        "Of 3 normal ones 1 gives a false alarm and 2 pass: 33.3 % false alarms. "
        "ROC-AUC, over all thresholds: 1.000."
    )


def test_threshold_can_be_moved_to_both_ends():
    """At the lowest end everything is an alarm, at the highest nothing."""
    widget = anomaly_threshold(SCORES, ANOMALOUS)
    widget.threshold.value = widget.threshold.min
    assert "20 are found and 0 missed" in widget.readout.value
    widget.threshold.value = widget.threshold.max
    assert "0 are found and 20 missed" in widget.readout.value


# ------------------------------------------------------------------ diffusion


def test_step_is_told_with_its_share_and_its_distance():
    """Step, t, the share kept, the pixels' range and the way left are recomputed."""
    now = STATES[4]
    said = diffusion_steps_text(STATES, 4, KEPT)
    assert said.startswith("Step 4 of 10, t = 6: 40 % signal and 60 % noise by variance.")
    low, high, pictures, away = numbers_in(said)[5:]
    assert (low, high) == pytest.approx((float(now.min()), float(now.max())), abs=0.006)
    assert (pictures, away) == pytest.approx((3, float((now - STATES[10]).abs().mean())), abs=6e-4)


def test_states_may_be_a_list():
    """States collected in a list are those of one tensor."""
    said = diffusion_steps_text(STATES, 10, KEPT)
    assert diffusion_steps_text(list(STATES), 10, KEPT.tolist()) == said
    assert said.endswith("A pixel is 0.000 away from its finished value on average.")


def test_shares_may_be_of_any_schedule():
    """The read-out tells the share that was given for t, not that of a schedule of its own."""
    kept = torch.tensor([1.0, *[0.3] * 9, 0.1])
    assert "t = 5: 30 % signal and 70 % noise" in diffusion_steps_text(STATES, 5, kept)
    assert "t = 10: 10 % signal and 90 % noise" in diffusion_steps_text(STATES, 0, kept)


def test_steps_can_be_walked():
    """Back and next move by one, and stop at both ends."""
    widget = diffusion_steps(STATES, KEPT)
    assert "Step 5 of 10" in widget.readout.value
    widget.step.forward.click()
    assert "Step 6 of 10" in widget.readout.value
    widget.step.slider.value = 10
    assert widget.step.forward.disabled
    widget.step.slider.value = 0
    assert widget.step.back.disabled
    assert "0 % signal and 100 % noise" in widget.readout.value


# ------------------------------------------------------------------ all


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (-3, 52, [0, 10, 20, 30, 40, 50]), (4, 4.1, None)],
)
def test_ticks_are_round_numbers_inside(least, most, expected):
    """An axis is marked at two to eight round numbers, none of them outside."""
    found = ticks(least, most)
    assert expected is None or found == pytest.approx(expected)
    assert 2 <= len(found) <= 8
    assert min(found) >= least
    assert max(found) <= most


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: latent_map(Coder(5), IMAGES, LABELS), "a net whose code has 2 numbers"),
        (lambda: latent_map_text(Coder(), IMAGES, LABELS[:3], 0, 0), "40 images need as many"),
        (lambda: latent_map(Dimmed(), IMAGES, LABELS), "a part model.encoder; Dimmed has none"),
        (lambda: latent_map(Coder(), IMAGES[0], LABELS), "of shape (N, 1, H, W); got (1, 4, 5)"),
        (lambda: latent_map(Coder(), IMAGES / 0, LABELS), "some codes are inf or nan"),
        (lambda: noise_restored_figure(Dimmed(), IMAGES, 1.5), "sigma must be from 0 to 1"),
        (lambda: noise_restored(nn.Flatten(), IMAGES), "got (40, 20)"),
        (lambda: anomaly_threshold([1.0, 2.0], [True, True]), "normal and anomalous examples"),
        (lambda: anomaly_threshold([1.0, 2.0], [True]), "one number each"),
        (lambda: anomaly_threshold([1.0, math.nan], [True, False]), "finite"),
        (lambda: diffusion_steps(STATES[0], KEPT), "states must have shape (T+1, N, 1, H, W)"),
        (lambda: diffusion_steps(STATES, torch.ones(3)), "a share for each of the 11 states"),
        (lambda: diffusion_steps_figure(STATES, 11, KEPT), "a whole number from 0 to 10"),
    ],
)
def test_bad_settings_say_what_to_do(call, remedy):
    """A setting that cannot be is refused with the way out."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        call()


def test_one_of_everything_can_be_drawn():
    """A single image, equal scores, a single step: each has a picture and a read-out."""
    latent_map_figure(Coder(), IMAGES[:1], LABELS[:1], 9.0, -9.0)
    noise_restored_figure(Dimmed(), IMAGES[:1], 0.1)
    anomaly_threshold_figure([1.0, 1.0], [True, False], 1.0)
    diffusion_steps_figure(STATES[:2, :1], 1, KEPT[:2])
    assert "1 image:" in noise_restored_text(Dimmed(), IMAGES[:1], 0.1)
    assert answer(Dimmed(), "", torch.ones(1)).item() == 0.5


MAKERS = [
    lambda: latent_map(Coder(), IMAGES, LABELS),
    lambda: noise_restored(Dimmed(), IMAGES),
    lambda: anomaly_threshold(SCORES, ANOMALOUS),
    lambda: diffusion_steps(STATES, KEPT),
]


def test_pictures_never_jump():
    """All states of an interactive have pictures of one size, and no two look the same."""
    space, noise, alarm, steps = (make() for make in MAKERS)
    pictures = {widget: [] for widget in (space, noise, alarm, steps)}
    for share in (0.1, 0.5, 0.9):
        for slider, widget in (
            (space.second, space),
            (noise.sigma, noise),
            (alarm.threshold, alarm),
            (steps.step.slider, steps),
        ):
            value = slider.min + share * (slider.max - slider.min)
            slider.value = round(value) if widget is steps else value
            pictures[widget].append(picture_of(widget))
    for kept in pictures.values():
        assert len({picture.shape for picture in kept}) == 1
        assert len({picture.tobytes() for picture in kept}) == len(kept)


@pytest.mark.parametrize("make", MAKERS)
def test_pictures_carry_their_text(make):
    """The image element has the read-out as its alternative text."""
    widget = make()
    alt = re.search(r'alt="([^"]+)"', widget.picture.value)
    assert f">{alt[1]}<" in widget.readout.value


@pytest.mark.parametrize("make", MAKERS)
def test_every_control_is_labelled(make):
    """No control is without a label of its own, and none is out of the keyboard's way."""
    controls = controls_of(make())
    assert len({control.description for control in controls}) == len(controls)
    assert all(control.description.strip() for control in controls)
    assert all(control.tabbable is not False for control in controls)


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_without_a_kernel_shows_a_sentence(make):
    """Where widgets are not drawn the output is a friendly line and not a dump of the object."""
    text = make()._repr_mimebundle_()["text/plain"]
    assert "run this cell in JupyterLab" in text
    assert len(text) < 110  # ipywidgets cuts longer ones off

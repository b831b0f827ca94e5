"""The interactives of lesson 06: thin shells of controls around their pictures."""

from __future__ import annotations

import math
from typing import Any

import ipywidgets
import numpy as np
import torch
from torch import Tensor, nn

from utils.widgets.alarm_line import (
    anomaly_threshold_figure,
    anomaly_threshold_text,
    span_of,
    split_scores,
    threshold_start,
)
from utils.widgets.latent_place import (
    encoded,
    latent_map_figure,
    latent_map_text,
    limits_of,
    rounded,
    step_of,
)
from utils.widgets.noise_filters import (
    MOST_NOISE,
    noise_restored_figure,
    noise_restored_text,
    restored_at,
    scores_over_noise,
)
from utils.widgets.sampling_steps import (
    checked_states,
    diffusion_steps_figure,
    diffusion_steps_text,
)
from utils.widgets.shell import Interactive, Steps

ANYWHERE = "a place of my own"
MIDDLE = "the middle of all codes"


def latent_map(model: nn.Module, images: Tensor, labels: Tensor) -> LatentMap:
    """Controls around `latent_map_figure`: the two numbers of the code, and the digits' middles.

    Parameters: a net with `encoder` and `decoder` and a code of two numbers; `images`
    (N, 1, H, W) and their `labels` (N,), for the map.
    It starts at `latent_start(model, images)`, the middle of all codes.
    Needs a running kernel; put `latent_map_figure` of that place before it.

    It is shown as "Walk through a latent space" where widgets are not drawn.
    """
    return LatentMap(model, images, labels)


def noise_restored(model: nn.Module, images: Tensor, sigma: float = 0.3) -> NoiseRestored:
    """Controls around `noise_restored_figure`: the strength of the noise.

    Parameters: a net that gives back images of the same shape; clean `images` (N, 1, H, W);
    `sigma`, the noise's standard deviation at the start, from 0 to 1.
    Needs a running kernel; put `noise_restored_figure` with the same settings before it.

    >>> noise_restored(nn.Identity(), torch.rand(4, 1, 8, 8), 0.3)
    Restore noisy pictures (interactive: run this cell in JupyterLab to play with it)
    """
    return NoiseRestored(model, images, sigma)


def anomaly_threshold(scores: Any, anomalous: Any) -> AnomalyThreshold:
    """Controls around `anomaly_threshold_figure`: from which score on there is an alarm.

    Parameters: `scores` (N,), higher is stranger; `anomalous` (N,), bool.
    It starts at `threshold_start(scores, anomalous)`, which 95 % of the normal ones do not exceed.
    Needs a running kernel; put `anomaly_threshold_figure` of that threshold before it.

    >>> anomaly_threshold([1.0, 2.0, 3.0, 4.0], [False, False, True, True])
    When to give an alarm? (interactive: run this cell in JupyterLab to play with it)
    """
    return AnomalyThreshold(scores, anomalous)


def diffusion_steps(states: Any, kept: Any) -> DiffusionSteps:
    """Controls around `diffusion_steps_figure`: the step of sampling.

    Parameters: `states` (T+1, N, 1, H, W), the noise first and the finished pictures last;
    `kept` (T+1,), the share of signal that is left after t = 0 … T steps to noise, by variance.
    It starts at step T // 2.
    Needs a running kernel; put `diffusion_steps_figure` of that step before it.

    >>> diffusion_steps(torch.randn(5, 4, 1, 8, 8), [1.0, 0.8, 0.5, 0.2, 0.0])
    Out of noise, step by step (interactive: run this cell in JupyterLab to play with it)
    """
    return DiffusionSteps(states, kept)


class LatentMap(Interactive):
    """Its state is the place; `go` makes sliders, menu and picture show it."""

    def __init__(self, model: nn.Module, images: Tensor, labels: Tensor) -> None:
        codes = encoded(model, images)
        latent_map_text(model, images, labels, *codes[0].tolist())  # refuses what cannot be
        self.net, self.images, self.labels = model, images, labels
        kinds = np.asarray(torch.as_tensor(labels).cpu())
        self.places = {MIDDLE: rounded(codes.mean(axis=0), codes)} | {
            f"the middle of the {digit}s": rounded(codes[kinds == digit].mean(axis=0), codes)
            for digit in np.unique(kinds)
        }
        self.first, self.second = (
            ipywidgets.FloatSlider(
                description=name,
                min=low,
                max=high,
                value=low,
                step=step_of(low, high),
                readout_format=f".{max(0, -round(math.log10(step_of(low, high))))}f",
                layout={"width": "420px"},
            )
            for name, (low, high) in zip(("First z₁", "Second z₂"), limits_of(codes), strict=True)
        )
        self.place = ipywidgets.Dropdown(description="Go to", options=[*self.places, ANYWHERE])
        controls = [self.first, self.second, self.place]
        super().__init__("Walk through a latent space", controls, lines=3)
        for slider in (self.first, self.second):
            self.when_changed(slider, lambda _: self.go(self.first.value, self.second.value))
        self.when_changed(self.place, self._take_place)
        self.go(*self.places[MIDDLE])

    def go(self, x: float, y: float) -> None:
        """Take another place."""
        x, y = round(x, 10), round(y, 10)
        with self.quietly():
            self.first.value, self.second.value = x, y
            same = (name for name, known in self.places.items() if known == (x, y))
            self.place.value = next(same, ANYWHERE)
        settings = (self.net, self.images, self.labels, x, y)
        self.show(latent_map_figure(*settings), latent_map_text(*settings))

    def _take_place(self, name: str) -> None:
        self.go(*self.places.get(name, (self.first.value, self.second.value)))


class NoiseRestored(Interactive):
    """Its state is the strength of the noise."""

    def __init__(self, model: nn.Module, images: Tensor, sigma: float) -> None:
        restored_at(model, images, sigma)  # refuses what cannot be
        self.net, self.images = model, images
        self.scores = scores_over_noise(model, images)
        self.sigma = ipywidgets.FloatSlider(
            description="Noise σ",
            value=sigma,
            min=0,
            max=MOST_NOISE,
            step=0.05,
            readout_format=".2f",
            layout={"width": "420px"},
        )
        super().__init__("Restore noisy pictures", [self.sigma], lines=2)
        self.when_changed(self.sigma, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Draw the state."""
        settings = (self.net, self.images, round(self.sigma.value, 6))
        self.show(noise_restored_figure(*settings, self.scores), noise_restored_text(*settings))


class AnomalyThreshold(Interactive):
    """Its state is the threshold."""

    def __init__(self, scores: Any, anomalous: Any) -> None:
        self.scores, self.anomalous = scores, anomalous
        least, most = span_of(*split_scores(scores, anomalous))
        self.threshold = ipywidgets.FloatSlider(
            description="Alarm above",
            value=threshold_start(scores, anomalous),
            min=least,
            max=most,
            step=(most - least) / 200,
            readout_format=".3g",
            style={"description_width": "90px"},
            layout={"width": "460px"},
        )
        super().__init__("When to give an alarm?", [self.threshold], lines=3)
        self.when_changed(self.threshold, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Draw the state."""
        settings = (self.scores, self.anomalous, self.threshold.value)
        self.show(anomaly_threshold_figure(*settings), anomaly_threshold_text(*settings))


class DiffusionSteps(Interactive):
    """Its state is the step of sampling."""

    def __init__(self, states: Any, kept: Any) -> None:
        self.states, self.kept = checked_states(states, kept)
        last = len(self.states) - 1
        self.step = Steps("Step", last)
        self.step.set(last // 2)
        super().__init__("Out of noise, step by step", [self.step], lines=2)
        self.when_changed(self.step.slider, self.go)
        self.go(last // 2)

    def go(self, step: int) -> None:
        """Show the states after so many steps."""
        with self.quietly():
            self.step.set(step)
        settings = (self.states, step, self.kept)
        self.show(diffusion_steps_figure(*settings), diffusion_steps_text(*settings))

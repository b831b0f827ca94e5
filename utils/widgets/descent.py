"""Gradient descent on one weight: the loss is w², and the learning rate is the learner's to choose.

`descent_figure` and `descent_text` are pure; `descent` puts a thin shell of controls around them.
"""

from __future__ import annotations

import ipywidgets
from matplotlib.figure import Figure

from utils.plots import ACCENT
from utils.widgets.picture import QUIET, number
from utils.widgets.shell import Interactive, Steps

START = 3.0
STEPS = 12
WIDEST, TOP = 4.2, 16.0  # of the picture: weights from −WIDEST to WIDEST, losses from 0 to TOP
INCHES = (6.0, 2.9)


def descent_path(lr: float, steps: int) -> list[float]:
    """The weight before the first step and after each: w ← w − lr · 2w, from w = 3.

    Raises ValueError for a negative learning rate or number of steps.

    >>> descent_path(0.25, 2)
    [3.0, 1.5, 0.75]
    """
    if lr < 0 or steps < 0:
        raise ValueError(f"lr and steps must not be negative, got lr={lr} and steps={steps}.")
    path = [START]
    for _ in range(steps):
        path.append(path[-1] - lr * 2 * path[-1])
    return path


def descent_text(lr: float, steps: int) -> str:
    """A sentence that says what the picture after `steps` steps shows.

    >>> descent_text(0.25, 2)
    'lr = 0.25, after 2 steps: w = 0.75, loss w² = 0.562. Each step makes w 0.5 times what it was.'
    """
    w = descent_path(lr, steps)[-1]
    place = f"w = {number(w)}, loss w² = {number(w * w)}"
    if abs(w) > WIDEST:
        place += ", outside the picture"
    count = "1 step" if steps == 1 else f"{steps} steps"
    times = number(1 - 2 * lr)
    return (
        f"lr = {number(lr)}, after {count}: {place}. Each step makes w {times} times what it was."
    )


def descent_figure(lr: float, steps: int) -> Figure:
    """The loss w² as a valley, and the weight's places in it, from w = 3 to the last step.

    Places outside the picture are not drawn. Raises what `descent_path` raises.

    >>> figure = descent_figure(0.25, 2)
    """
    figure = Figure(figsize=INCHES)
    axes = figure.add_axes((0.1, 0.17, 0.87, 0.8))
    valley = [WIDEST * place / 50 for place in range(-50, 51)]
    axes.plot(valley, [w * w for w in valley], color="0.6", linewidth=1.6)
    inside = [w for w in descent_path(lr, steps) if abs(w) <= WIDEST]
    losses = [w * w for w in inside]
    axes.plot(inside, losses, "--o", color="0.15", markersize=5, linewidth=1.1)
    if abs(descent_path(lr, steps)[-1]) <= WIDEST:
        axes.plot(inside[-1:], losses[-1:], "D", color=ACCENT, markersize=10)
    axes.text(START + 0.15, START**2, "start", ha="left", va="center", color=QUIET)
    axes.set(xlim=(-WIDEST, WIDEST), ylim=(-0.7, TOP), xlabel="weight w", ylabel="loss w²")
    axes.set(xticks=[-3, 0, 3], yticks=[0, 9])
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure


def descent(lr: float = 0.1, steps: int = 0) -> Interactive:
    """Go down the valley step by step, with a learning rate of your own.

    Shows `descent_figure` and `descent_text` for the settings of two sliders, which start here.
    """
    return Descent(lr, steps)


class Descent(Interactive):
    """Its state is the learning rate and the step; `refresh` makes the picture show them."""

    def __init__(self, lr: float, steps: int) -> None:
        self.steps = Steps("Step", STEPS)
        self.steps.set(steps)
        self.lr = ipywidgets.FloatSlider(
            description="lr", value=lr, min=0.0, max=1.2, step=0.05, layout={"width": "420px"}
        )
        super().__init__("Gradient descent", [self.lr, self.steps], lines=2)
        self.when_changed(self.lr, lambda _: self.refresh())
        self.when_changed(self.steps.slider, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Draw the state, and switch off a button that leads nowhere."""
        with self.quietly():
            self.steps.set(self.steps.slider.value)
        settings = (self.lr.value, self.steps.slider.value)
        self.show(descent_figure(*settings), descent_text(*settings))

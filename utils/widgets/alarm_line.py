"""The picture and the sentence of a threshold between normal and anomalous scores."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from matplotlib.figure import Figure

from utils.plots import INK, TINT
from utils.widgets.panel import Panel, ticks
from utils.widgets.picture import QUIET, Sheet, number

BARS = 40
PASSED = 0.95  # of the normal scores lie at or below the threshold at the start

# Inches.
WIDTH, HEIGHT = 9.4, 4.3
HISTOGRAM = ((0.4, 0.75), (3.45, 2.6))
ROC = ((4.6, 0.75), (1.95, 1.95))
TABLE = (7.2, 1.0)  # left top corner of the four counts
CELL = (0.9, 0.62)


class Counts(NamedTuple):
    """What becomes of anomalous and of normal examples at a threshold."""

    found: int
    missed: int
    false_alarms: int
    passed: int

    @property
    def found_share(self) -> float:
        """The share of the anomalous ones that are found."""
        return self.found / (self.found + self.missed)

    @property
    def false_share(self) -> float:
        """The share of the normal ones that give an alarm."""
        return self.false_alarms / (self.false_alarms + self.passed)


def split_scores(scores: Any, anomalous: Any) -> tuple[np.ndarray, np.ndarray]:
    """The scores of the normal and of the anomalous examples, each sorted, in float64.

    >>> split_scores([3.0, 1.0, 2.0], [True, False, False])
    (array([1., 2.]), array([3.]))
    """
    values = torch.as_tensor(scores).detach().cpu().double()
    flags = torch.as_tensor(anomalous).detach().cpu().bool()
    if values.dim() != 1 or values.shape != flags.shape:
        raise ValueError(
            "scores and anomalous must have one number each for every example, shape (N,); "
            f"got {tuple(values.shape)} and {tuple(flags.shape)}."
        )
    if not bool(values.isfinite().all()):
        raise ValueError("every score must be a finite number.")
    if bool(flags.all()) or not bool(flags.any()):
        raise ValueError("there must be normal and anomalous examples, at least one of each.")
    return values[~flags].sort().values.numpy(), values[flags].sort().values.numpy()


def threshold_start(scores: Any, anomalous: Any) -> float:
    """The score that 95 % of the normal examples do not exceed: where the widget starts.

    >>> threshold_start([*range(1, 21), 30], [False] * 20 + [True])  # 19 of 20 are at most 19
    19.0
    """
    normal, _ = split_scores(scores, anomalous)
    return float(normal[int(np.ceil(PASSED * len(normal))) - 1])


def counts_at(scores: Any, anomalous: Any, threshold: float) -> Counts:
    """How many are found, missed, falsely alarmed and passed; an alarm is a score above it."""
    normal, odd = split_scores(scores, anomalous)
    found, alarms = int((odd > threshold).sum()), int((normal > threshold).sum())
    return Counts(found, len(odd) - found, alarms, len(normal) - alarms)


def area(normal: np.ndarray, odd: np.ndarray) -> float:
    """The share of pairs in which the anomalous example scores higher; equal ones count half."""
    below = np.searchsorted(normal, odd, "left").sum()
    upto = np.searchsorted(normal, odd, "right").sum()
    return float((below + upto) / 2 / (len(normal) * len(odd)))


def anomaly_threshold_text(scores: Any, anomalous: Any, threshold: float) -> str:
    """What becomes of the examples at this threshold, with its numbers.

    >>> anomaly_threshold_text([1.0, 2.0, 3.0, 4.0], [False, False, True, True], 3.5)
    'Alarm above 3.5. Of 2 anomalous examples 1 is found and 1 missed: 50.0 % found. \
Of 2 normal ones 0 give a false alarm and 2 pass: 0.0 % false alarms. \
ROC-AUC, over all thresholds: 1.000.'
    """
    counts = counts_at(scores, anomalous, threshold)
    odd, normal = counts.found + counts.missed, counts.false_alarms + counts.passed
    alarms = f"{counts.false_alarms} give{'s' if counts.false_alarms == 1 else ''} a false alarm"
    return (
        f"Alarm above {number(threshold)}. Of {odd} anomalous examples {counts.found} "
        f"{'is' if counts.found == 1 else 'are'} found and {counts.missed} missed: "
        f"{100 * counts.found_share:.1f} % found. Of {normal} normal ones {alarms} and "
        f"{counts.passed} pass{'es' if counts.passed == 1 else ''}: "
        f"{100 * counts.false_share:.1f} % false alarms. "
        f"ROC-AUC, over all thresholds: {area(*split_scores(scores, anomalous)):.3f}."
    )


def anomaly_threshold_figure(scores: Any, anomalous: Any, threshold: float) -> Figure:
    """Scores of normal and anomalous examples, a threshold, and what it finds and misses.

    Parameters: `scores` (N,), higher is stranger; `anomalous` (N,), bool; `threshold`:
    a score above it gives an alarm.
    Left, both histograms as shares of their own group, the anomalous ones upside down.
    In the middle the ROC curve: at each threshold the share found over the share of false alarms.
    Raises ValueError for other shapes, scores that are not finite, or one group only.

    >>> figure = anomaly_threshold_figure([1.0, 2.0, 3.0, 4.0], [False, False, True, True], 2.5)
    """
    normal, odd = split_scores(scores, anomalous)
    counts = counts_at(scores, anomalous, threshold)
    sheet = Sheet(WIDTH, HEIGHT, 1.0)
    _histograms(sheet, normal, odd, threshold)
    _roc(sheet, normal, odd, counts)
    _table(sheet, counts)
    return sheet.finish()


def span_of(normal: np.ndarray, odd: np.ndarray) -> tuple[float, float]:
    """(least, most) of all scores, with a little room on both sides."""
    least, most = float(min(normal[0], odd[0])), float(max(normal[-1], odd[-1]))
    room = 0.03 * (most - least) or 0.5
    return least - room, most + room


def _histograms(sheet: Sheet, normal: np.ndarray, odd: np.ndarray, threshold: float) -> None:
    least, most = span_of(normal, odd)
    span = (min(least, threshold), max(most, threshold))
    edges = np.linspace(least, most, BARS + 1)
    groups = [np.histogram(values, edges)[0] / len(values) for values in (normal, odd)]
    high = 1.12 * max(float(group.max()) for group in groups)
    panel = Panel(sheet, *HISTOGRAM, span, (-high, high))
    (left, top), (wide, tall) = HISTOGRAM
    alarm = panel.at(threshold, 0)[0]
    sheet.axes.fill([alarm, left + wide, left + wide, alarm], [top, top, top + tall, top + tall],
                    color=TINT, linewidth=0, zorder=1)  # fmt: skip
    panel.axes(ticks(*span), [], "score")
    panel.bars(edges, groups[0], "0.82")
    panel.bars(edges, -groups[1], "0.35")
    sheet.axes.hlines(panel.at(0, 0)[1], left, left + wide, color=INK, linewidth=1.0, zorder=5)
    panel.upright(threshold)
    sheet.write(left + wide / 2, 0.28, "how often each score comes", 11)
    sheet.write(left + wide - 0.2, top + 0.18, f"{len(normal)} normal", 10, align="right")
    sheet.write(left + wide - 0.2, top + tall - 0.18, f"{len(odd)} anomalous", 10, align="right")
    side, align = (0.06, "left") if alarm < left + wide - 0.8 else (-0.06, "right")
    sheet.write(alarm + side, top - 0.16, f"alarm above {number(threshold)}", 9.5, align=align)


def _roc(sheet: Sheet, normal: np.ndarray, odd: np.ndarray, counts: Counts) -> None:
    panel = Panel(sheet, *ROC, (0, 1), (0, 1))
    panel.axes([0, 0.5, 1], [0, 0.5, 1], "share of false alarms", "share found")
    steps = np.concatenate([[np.inf], np.unique(np.concatenate([normal, odd]))[::-1], [-np.inf]])
    false = [1 - np.searchsorted(normal, step, "right") / len(normal) for step in steps]
    found = [1 - np.searchsorted(odd, step, "right") / len(odd) for step in steps]
    panel.curve([0, 1], [0, 1], ":", QUIET, 1.4)
    panel.curve(false, found, thick=2.2)
    panel.point(counts.false_share, counts.found_share, 85)
    (left, top), (wide, tall) = ROC
    sheet.write(left + wide / 2, 0.28, "every threshold: the ROC curve", 11)
    words = f"area (ROC-AUC) {area(normal, odd):.3f}"
    sheet.write(left + wide / 2, top + tall + 0.68, words, 10.5)
    sheet.write(left + wide / 2, top + tall + 0.94, "dotted: by chance, 0.5", 9.5, QUIET)


def _table(sheet: Sheet, counts: Counts) -> None:
    """The four outcomes: what it is down, what is said across."""
    left, top = TABLE
    wide, high = CELL
    cells = ((counts.found, counts.missed), (counts.false_alarms, counts.passed))
    names = (("found", "missed"), ("false alarm", "passed"))
    sheet.write(left + wide, 0.28, "at this threshold", 11)
    for column, word in enumerate(("alarm", "no alarm")):
        sheet.write(left + (column + 0.5) * wide, top - 0.14, word, 9.5, QUIET)
    for row, (title, share) in enumerate(
        (
            ("anomalous", f"{100 * counts.found_share:.1f} % found"),
            ("normal", f"{100 * counts.false_share:.1f} % false alarms"),
        )
    ):
        y = top + row * (high + 0.72)
        sheet.write(left, y + high + 0.18, f"{title}: {share}", 9.5, align="left")
        for column in range(2):
            x = left + column * wide
            right = row == column
            sheet.axes.fill(
                [x, x + wide, x + wide, x], [y, y, y + high, y + high],
                facecolor="white" if right else "0.88", edgecolor=INK, linewidth=0.9, zorder=2,
            )  # fmt: skip
            sheet.write(x + wide / 2, y + 0.24, str(cells[row][column]), 14)
            sheet.write(x + wide / 2, y + 0.49, names[row][column], 9)
    sheet.write(left, top + 2 * high + 1.2, "grey: mistakes", 9.5, QUIET, "left")

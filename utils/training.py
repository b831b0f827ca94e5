"""One small training helper for every lesson.

The loop is the one of the warm-up: predict, measure the loss, go back, step.
It is here once so that a lesson can talk about its model instead.
"""

from __future__ import annotations

import contextlib
import copy
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from utils import plots

_batches_an_epoch: int | None = None  # all of them

Data = tuple[Tensor, ...]
Loss = Callable[..., Tensor]


def cross_entropy(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """The classifier's loss: mean over the batch of −log p(right class), in nats.

    images of any shape (N, …), labels of shape (N,); the model returns logits (N, classes).
    """
    return F.cross_entropy(model(images), labels)


def squared_error(model: nn.Module, inputs: Tensor, targets: Tensor) -> Tensor:
    """Mean squared difference over *all* numbers of the batch (not summed per image)."""
    return F.mse_loss(model(inputs), targets)


@dataclass
class History:
    """What happened during training: one number an epoch."""

    loss: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    seconds: float = 0.0
    best_epoch: int = 0
    stopped_early: bool = False

    def plot(self, title: str = "Training") -> None:
        """Show the loss curves, with the numbers in the alt text."""
        fig, ax = plots.canvas(5.2, 2.8)
        epochs = range(1, len(self.loss) + 1)
        ax.plot(epochs, self.loss, "-", color="0.1", label="training")
        said = f"training loss from {self.loss[0]:.3f} to {self.loss[-1]:.3f}"
        if self.validation:
            ax.plot(epochs, self.validation, "--", color="0.45", label="validation")
            ax.axvline(self.best_epoch, linestyle=":", color="0.6", label="kept")
            said += f", best validation loss {min(self.validation):.3f} in epoch {self.best_epoch}"
        ax.set(title=title, xlabel="epoch", ylabel="loss", ylim=(0, None))
        ax.legend()
        plots.show(fig, alt=f"{title}: {said}, {len(self.loss)} epochs.")


def train(
    model: nn.Module,
    data: Data,
    *,
    loss: Loss = cross_entropy,
    epochs: int = 20,
    batch_size: int = 64,
    lr: float = 3e-3,
    validation: Data | float | None = None,
    patience: int | None = None,
    optimizer: torch.optim.Optimizer | None = None,
    seed: int = 0,
    progress: bool = True,
) -> History:
    """Train `model` on `data` with Adam, and return the history.

    `data` is a tuple of tensors whose first size is N, such as `(images, labels)`.
    `loss(model, *batch)` returns one number; the default, `cross_entropy`, is for classifiers.
    `validation` is another such tuple, or the fraction of `data` to put aside for it.
    With `patience=p` training stops after p epochs without a better validation loss;
    the weights of the best epoch are kept whenever there is validation data.

    `seed` fixes the order of the batches and every random choice inside the model (dropout, noise);
    the notebook's own random numbers are left as they were.
    The model's first weights were drawn when it was made: call `torch.manual_seed` before that.
    Batches are moved to the device of the model. Afterwards the model is in `eval()` mode.

    >>> net = nn.Linear(2, 3)
    >>> points, labels = torch.zeros(8, 2), torch.zeros(8, dtype=torch.long)
    >>> history = train(net, (points, labels), epochs=2, progress=False)
    >>> len(history.loss)
    2

    Raises ValueError when the tensors of `data` differ in length or are empty, or when `patience`
    is given without `validation`; FloatingPointError when the loss is not finite.
    """
    data, held_out = _split(data, validation, seed)
    if patience is not None and held_out is None:
        raise ValueError("patience needs validation data; add validation=0.1, for example.")
    optimizer = optimizer or torch.optim.Adam(model.parameters(), lr=lr)
    history, best, start = History(), None, time.perf_counter()
    shuffle = torch.Generator().manual_seed(seed)
    with _own_random_numbers(model, seed), _bar(epochs, progress) as bar:
        for epoch in range(1, epochs + 1):
            batches = itertools.islice(_batches(data, batch_size, shuffle), _batches_an_epoch)
            history.loss.append(_one_epoch(model, batches, loss, optimizer))
            if held_out is not None:
                history.validation.append(_mean_loss(model, held_out, loss, batch_size))
                if history.validation[-1] == min(history.validation):
                    history.best_epoch, best = epoch, copy.deepcopy(model.state_dict())
            bar.set_postfix(_latest(history), refresh=False)
            bar.update()
            if patience is not None and epoch - history.best_epoch >= patience:
                history.stopped_early = True
                break
    if best is not None:
        model.load_state_dict(best)
    model.eval()
    history.seconds = time.perf_counter() - start
    return history


@contextlib.contextmanager
def hurried() -> Iterator[None]:
    """Inside, `train` takes one batch an epoch: for a look at whether cells run, not at results."""
    global _batches_an_epoch
    before, _batches_an_epoch = _batches_an_epoch, 1
    try:
        yield
    finally:
        _batches_an_epoch = before


@torch.no_grad()
def accuracy(model: nn.Module, images: Tensor, labels: Tensor, *, batch_size: int = 512) -> float:
    """The fraction of images whose largest logit is that of the right class, 0 to 1.

    The model is put into `eval()` mode; images of shape (N, …), labels of shape (N,).
    """
    data = _checked((images, labels))
    model.eval()
    right = sum(
        int((model(x).argmax(dim=1) == y).sum())
        for x, y in _to_device(model, _batches(data, batch_size))
    )
    return right / len(labels)


def _split(data: Data, validation: Data | float | None, seed: int) -> tuple[Data, Data | None]:
    """Training data and validation data; a fraction is taken from `data` by a seeded draw."""
    data = _checked(data)
    if validation is None or isinstance(validation, tuple):
        return data, None if validation is None else _checked(validation)
    count = round(len(data[0]) * validation)
    if not 0 < count < len(data[0]):
        raise ValueError(
            f"validation={validation} of {len(data[0])} examples puts {count} aside; "
            "choose a fraction that leaves some on both sides."
        )
    order = torch.randperm(len(data[0]), generator=torch.Generator().manual_seed(seed))
    return tuple(t[order[count:]] for t in data), tuple(t[order[:count]] for t in data)


def _checked(data: Data) -> Data:
    lengths = [len(tensor) for tensor in data]
    if not lengths or min(lengths) == 0:
        raise ValueError("there is nothing to train on: give a tuple of tensors with rows.")
    if len(set(lengths)) > 1:
        raise ValueError(f"every tensor needs the same number of rows; got {lengths}.")
    return data


def _batches(data: Data, size: int, shuffle: torch.Generator | None = None) -> Iterator[Data]:
    count = len(data[0])
    order = torch.arange(count) if shuffle is None else torch.randperm(count, generator=shuffle)
    for rows in order.split(size):
        yield tuple(tensor[rows.to(tensor.device)] for tensor in data)


def _to_device(model: nn.Module, batches: Iterator[Data]) -> Iterator[Data]:
    device = next(iter(model.parameters()), torch.empty(0)).device
    for batch in batches:
        yield tuple(tensor.to(device) for tensor in batch)


def _one_epoch(
    model: nn.Module, batches: Iterator[Data], loss: Loss, optimizer: torch.optim.Optimizer
) -> float:
    """One pass over the data; returns the mean loss per example."""
    model.train()
    total, seen = 0.0, 0
    for batch in _to_device(model, batches):
        value = loss(model, *batch)
        if not torch.isfinite(value):
            raise FloatingPointError(
                f"the loss became {float(value.detach())}; "
                "try a smaller learning rate, and look for a division by zero or a log of zero."
            )
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        total, seen = total + float(value.detach()) * len(batch[0]), seen + len(batch[0])
    return total / seen


@torch.no_grad()
def _mean_loss(model: nn.Module, data: Data, loss: Loss, batch_size: int) -> float:
    model.eval()
    batches = _to_device(model, _batches(data, batch_size))
    return sum(float(loss(model, *batch)) * len(batch[0]) for batch in batches) / len(data[0])


@contextlib.contextmanager
def _own_random_numbers(model: nn.Module, seed: int) -> Iterator[None]:
    """Seeded random numbers inside; outside, the stream goes on as if nothing had happened."""
    device = next(iter(model.parameters()), torch.empty(0)).device
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


def _bar(epochs: int, progress: bool) -> tqdm:
    """On stdout: a notebook paints stderr red, as if training were an error."""
    return tqdm(
        total=epochs,
        unit="epoch",
        file=sys.stdout,
        disable=not progress,
        ncols=80,
        mininterval=0.5,  # a saved notebook keeps every redraw as a line
    )


def _latest(history: History) -> dict[str, str]:
    shown = {"loss": f"{history.loss[-1]:.3f}"}
    if history.validation:
        shown["validation"] = f"{history.validation[-1]:.3f}"
    return shown

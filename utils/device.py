"""Does a function run where its input lives? On a GPU, or on a stand-in that refuses as one does.

`run_on_device` belongs to the student's process. It never touches CUDA before it is called, so
that a process which imports it can still be forked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from inspect import signature
from typing import Any

import torch
from torch import nn

from utils import stand_in

STAND_IN = "a stand-in (this machine has no CUDA device)"


class DeviceError(RuntimeError):
    """The function does not follow its input's device; the message says what to do."""


def run_on_device(function: Callable, args: tuple, kwargs: dict | None = None) -> tuple[Any, str]:
    """Call `function` with its tensors on a GPU, and bring the result back to the CPU.

    Without a GPU the call runs on the stand-in. A module, or a bound method of one, is copied and
    moved with the arguments. The arguments themselves stay untouched. Returns the value and where
    it was computed, in words.

    Raises `DeviceError` when devices are mixed, when a device is asked for by name, and when a
    tensor of the result does not live where the input does. Errors of another kind pass through.
    Example: `run_on_device(conv2d, (image, kernel))` → `(tensor(…), "NVIDIA H200 (cuda:0)")`.
    """
    if torch.cuda.is_available():
        return on_cuda(function, args, kwargs or {})
    return on_stand_in(function, args, kwargs or {})


def device_note(ran_on: str) -> str:
    """What a check says about the device, given where `run_on_device` says that it ran.

    >>> device_note(STAND_IN)
    'The GPU was skipped: ran on a stand-in (this machine has no CUDA device).'
    """
    if re.search(r"\(cuda:\d+\)$", ran_on):
        return f"Ran on {ran_on}."
    return f"The GPU was skipped: ran on {ran_on}."


def device_report() -> str:
    """Which device torch has here, in words for `course doctor` and the notebooks."""
    if torch.cuda.is_available():
        return f"{_cuda_name()}, torch {torch.__version__}"
    return f"CPU only, torch {torch.__version__}; device checks run on a stand-in for a GPU"


def on_cuda(function: Callable, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, str]:
    """`run_on_device` on the first CUDA device, with TF32 off.

    The function also has to run where its input is on the CPU: a hard-coded "cuda" shows there.
    """
    name = _first_tensor(function, args, kwargs)
    moved = _move((function, args, kwargs), lambda tensor: _copy_to(tensor, "cuda"))
    with _without_tf32(), _explained(name):
        value = moved[0](*moved[1], **moved[2])
    _expect_results_on(value, "cuda", name)
    copied = _move((function, args, kwargs), lambda tensor: _copy_to(tensor, "cpu"))
    with _explained(name):
        _expect_results_on(copied[0](*copied[1], **copied[2]), "cpu", name)
    return _move(value, lambda tensor: tensor.detach().cpu()), _cuda_name()


def on_stand_in(function: Callable, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, str]:
    """`run_on_device` on the stand-in.

    What the stand-in itself cannot do is no fault of the student's: such a function runs on the
    CPU, and the words returned say so.
    """
    name = _first_tensor(function, args, kwargs)
    try:
        with stand_in.stand_in(), _explained(name):
            moved = _move((function, args, kwargs), stand_in.to_stand_in)
            value = moved[0](*moved[1], **moved[2])
        _expect_results_on(value, stand_in.DEVICE.type, name)
        return _move(value, stand_in.to_cpu), STAND_IN
    except DeviceError:
        raise
    except Exception as error:
        reason = _line(error)
    # An error that has nothing to do with devices: either the student's own, which comes again
    # on the CPU, or a step that the stand-in lacks.
    copied = _move((function, args, kwargs), lambda tensor: _copy_to(tensor, "cpu"))
    value = copied[0](*copied[1], **copied[2])
    value = _move(value, lambda tensor: tensor.detach())
    return value, f"the CPU alone, because the stand-in for a GPU lacks a step ({reason})"


def _copy_to(tensor: torch.Tensor, device: str) -> torch.Tensor:
    return tensor.detach().clone().to(device).requires_grad_(tensor.requires_grad)


def _move(value: Any, move: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """The same value with every tensor in it moved; modules are copied first."""
    if isinstance(value, nn.Module):
        return deepcopy(value)._apply(move)
    if isinstance(value, torch.Tensor):
        return move(value)
    if isinstance(value, list | tuple):
        items = [_move(item, move) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {key: _move(item, move) for key, item in value.items()}
    owner = getattr(value, "__self__", None)
    if isinstance(owner, nn.Module):
        return getattr(_move(owner, move), value.__name__)
    return value


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))


def _first_tensor(function: Callable, args: tuple, kwargs: dict[str, Any]) -> str:
    """The name of the first argument that is a tensor, for `device=image.device` in a message."""
    try:
        given = signature(function).bind_partial(*args, **kwargs).arguments
    except (TypeError, ValueError):
        given = {}
    for name, value in given.items():
        if isinstance(value, torch.Tensor):
            return name
    return "x"


def _expect_results_on(value: Any, device: str, name: str) -> None:
    for tensor in _tensors(value):
        if tensor.device.type != device:
            raise DeviceError(
                f"The result must live where the input lives, but a tensor of shape "
                f"{tuple(tensor.shape)} in it is on {tensor.device}. Create it with "
                f"device={name}.device, and leave out `.cpu()` and names of devices."
            )


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Add to an error about devices what to do; the traceback keeps the student's own line."""
    try:
        yield
    except Exception as error:
        says = _explain(error, name)
        if says is None:
            raise
        raise DeviceError(says).with_traceback(error.__traceback__) from None


_BY_NAME = ("not compiled with CUDA", "No CUDA GPUs", "Found no NVIDIA", "No HIP GPUs",
            "Cannot access accelerator device")  # fmt: skip
_MIXED = ("on the same device", "at the same device", "should be either on cpu or on",
          "desired device", "expected device", "type (torch.cuda.")  # fmt: skip


def _explain(error: Exception, name: str) -> str | None:
    text = str(error)
    if any(sign in text for sign in _BY_NAME):
        return (
            "Your function asks for 'cuda' by name, and fails wherever there is no GPU. "
            f"Take the input's device: device={name}.device."
        )
    if isinstance(error, TypeError) and "to numpy" in text:
        return (
            "A tensor on a GPU cannot become a NumPy array, because NumPy computes on the CPU. "
            f"Stay in torch: then the work is done where `{name}` lives."
        )
    if isinstance(error, stand_in.MixedDevices):
        return f"{text} {_remedy(name)}"
    if isinstance(error, RuntimeError | IndexError) and any(sign in text for sign in _MIXED):
        text = re.sub(rf"\b{stand_in.DEVICE.type}\b", stand_in.NAME, _line(error))
        return f"{text.rstrip('.')}. {_remedy(name)}"
    return None


def _remedy(name: str) -> str:
    return (
        f"Create every tensor where the input lives: device={name}.device, "
        f"`{name}.new_zeros(…)` or `torch.zeros_like({name})`."
    )


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:200]


def _cuda_name() -> str:
    index = torch.cuda.current_device()
    return f"{torch.cuda.get_device_name(index)} (cuda:{index})"


@contextmanager
def _without_tf32() -> Iterator[None]:
    """Full float32 products: TF32 rounds to ten bits, more than a comparison can forgive."""
    backends: Any = torch.backends
    switches = (backends.cuda.matmul, backends.cudnn.conv, backends.cudnn.rnn)
    before = [switch.fp32_precision for switch in switches]
    try:
        for switch in switches:
            switch.fp32_precision = "ieee"
        yield
    finally:
        for switch, precision in zip(switches, before, strict=True):
            switch.fp32_precision = precision

"""What happens in the student's process when a check calls a student's function.

A notebook and the grading agent both answer a check's calls with `perform`, so that a
function meets the same treatment in both places.
"""

from __future__ import annotations

import dis
import linecache
import os
import sysconfig
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from inspect import Parameter, signature
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from utils.describe import kind_of
from utils.device import run_on_device
from utils.nets.blueprint import blueprint


class How(StrEnum):
    """The ways to call a student's function; `SEED` calls none, it seeds the random generators."""

    CALL = "call"
    TRACE = "trace"
    GRADIENTS = "gradients"
    DEVICE = "device"
    GET = "get"
    BLUEPRINT = "blueprint"
    SEED = "seed"


@dataclass(frozen=True)
class StudentError:
    """An exception of the student's code, told in plain data."""

    type: str
    message: str
    line: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Reply:
    """The answer to one call.

    `changed` names the arguments that were changed in place, `operators` the torch operators
    and the functions that a traced call used, `ran_on` the device of a device call.
    """

    value: Any = None
    error: StudentError | None = None
    changed: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    ran_on: str = ""


def perform(function: Any, how: str, args: tuple = (), kwargs: dict | None = None) -> Reply:
    """Call `function` in one of the ways of `How` and tell what came of it.

    Example: `perform(conv2d, How.CALL, (image, kernel)).value` is the feature map.
    An exception of the function becomes `Reply.error`; only `KeyboardInterrupt` passes through,
    because that is how a time limit ends a call.
    """
    kwargs = kwargs or {}
    named = dict(zip(parameter_names(function, len(args)), args, strict=True)) | kwargs
    before = {name: _copy(value) for name, value in named.items()}
    try:
        reply = _WAYS[How(how)](function, args, kwargs)
    except (Exception, SystemExit) as error:
        return Reply(error=describe_error(error))
    changed = tuple(name for name, value in named.items() if _differs(value, before[name]))
    return Reply(reply.value, None, changed, reply.operators, reply.ran_on)


def gradients_of(function: Callable, args: tuple, kwargs: dict | None = None) -> tuple:
    """The gradients of a weighted sum of `function(*args)` by every floating tensor in `args`.

    The weights run from 1 to 2 over the result, so that no two entries count the same.
    Of a tuple the first tensor counts, of a dict of tensors all of them.
    An argument that the result does not depend on has the gradient `None`.
    """
    leaves = tuple(_leaf(argument) for argument in args)
    result = _one_tensor(function(*leaves, **(kwargs or {})))
    if not isinstance(result, torch.Tensor):
        raise TypeError(f"expected a tensor to differentiate, got {kind_of(result)}")
    if not result.requires_grad:
        return (None,) * len(args)
    weights = torch.linspace(1, 2, result.numel(), dtype=result.dtype, device=result.device)
    (result * weights.reshape(result.shape)).sum().backward()
    return tuple(leaf.grad if isinstance(leaf, torch.Tensor) else None for leaf in leaves)


def parameter_names(function: Any, count: int) -> list[str]:
    """The names of the first `count` positional parameters, numbered where there is no name."""
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        parameters = ()  # type: ignore[assignment]
    positional = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    names = [p.name for p in parameters if p.kind in positional]
    return (names + [f"argument {i + 1}" for i in range(len(names), count)])[:count]


def describe_error(error: BaseException) -> StudentError:
    """The exception's type and message, and the last line of the student's own that led to it."""
    line, source = None, ""
    if isinstance(error, SyntaxError):
        line, source = error.lineno, (error.text or "").strip()
    for frame in traceback.extract_tb(error.__traceback__):
        if _is_students_own(frame.filename):
            line = frame.lineno
            source = (frame.line or linecache.getline(frame.filename, line or 0)).strip()
    return StudentError(type(error).__name__, str(error)[:2000], line, source[:300])


class _OperatorLog(TorchDispatchMode):
    """Notes the name of every operator that torch dispatches."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Else the first operator imports torch._dynamo, which takes seconds.
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
        name = func.overloadpacket.__name__
        self.names.update((name, *_settings(name, args)))
        return func(*args, **(kwargs or {}))


def _settings(name: str, args: tuple) -> Iterator[str]:
    """What a convolution does besides: larger steps, zeros around its input, the way back."""
    if name == "convolution":  # (input, weight, bias, stride, padding, dilation, transposed, …)
        if any(step != 1 for step in args[3]):
            yield "strided_convolution"
        if any(args[4]):
            yield "padded_convolution"
        if args[6]:
            yield "transposed_convolution"


def _call(function: Callable, args: tuple, kwargs: dict) -> Reply:
    return Reply(function(*args, **kwargs))


def _trace(function: Callable, args: tuple, kwargs: dict) -> Reply:
    with _OperatorLog() as log:
        value = function(*args, **kwargs)
    names = log.names | _borrowed_names(function)
    return Reply(value, operators=tuple(sorted(names)))


def _gradients(function: Callable, args: tuple, kwargs: dict) -> Reply:
    return Reply(gradients_of(function, args, kwargs))


def _device(function: Callable, args: tuple, kwargs: dict) -> Reply:
    value, ran_on = run_on_device(function, args, kwargs)
    return Reply(value, ran_on=ran_on)


def _blueprint(function: Callable, args: tuple, kwargs: dict) -> Reply:
    return Reply(blueprint(function, *args, **kwargs))


_WAYS = {
    How.CALL: _call,
    How.TRACE: _trace,
    How.GRADIENTS: _gradients,
    How.DEVICE: _device,
    How.BLUEPRINT: _blueprint,
    How.GET: lambda value, args, kwargs: Reply(value),
}


def _borrowed_names(function: Any) -> set[str]:
    """The names that a function's code uses, also through other functions of the student's.

    The student's own functions are looked into rather than counted by their names: to build on
    one's own `correlate1d` is no borrowing.
    """
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, FunctionType) or id(current) in seen:
            continue
        seen.add(id(current))
        for name, by_itself in _names_in(current.__code__):
            found = current.__globals__.get(name) if by_itself else None
            if isinstance(found, FunctionType) and _is_students_own(found.__code__.co_filename):
                waiting.append(found)
            else:
                names.add(name)
    return names


def _names_in(code: CodeType) -> Iterator[tuple[str, bool]]:
    """The names in a code, and of each whether it stands by itself: `f`, not `torch.f`."""
    for step in dis.get_instructions(code):
        if step.opcode in dis.hasname:
            yield step.argval, step.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _one_tensor(result: Any) -> Any:
    """The tensor to differentiate in a result that holds several."""
    if isinstance(result, list | tuple) and result:
        return result[0]  # what stands beside it, such as running statistics, has no gradient
    if isinstance(result, dict) and all(isinstance(t, torch.Tensor) for t in result.values()):
        return torch.cat([result[name].flatten() for name in sorted(result)]) if result else result
    return result


def _leaf(argument: Any) -> Any:
    if isinstance(argument, torch.Tensor) and argument.is_floating_point():
        return argument.detach().clone().requires_grad_()
    return argument


def _copy(value: Any) -> Any:
    return value.detach().clone() if isinstance(value, torch.Tensor) else None


def _differs(value: Any, before: Any) -> bool:
    if not isinstance(value, torch.Tensor):
        return False
    after = value.detach()
    return after.shape != before.shape or not torch.equal(after, before)


_COURSE = Path(__file__).resolve().parent.parent
_LIBRARIES = tuple(
    os.path.realpath(str(path))
    for path in (*sysconfig.get_paths().values(), _COURSE / "utils", _COURSE / "autograder")
)


def _is_students_own(filename: str) -> bool:
    """Whether a frame's file is a notebook cell or a student's file, not a library's."""
    return not filename.startswith(("<frozen", *_LIBRARIES)) and "site-packages" not in filename

"""A stand-in for a GPU: tensors that hold real numbers but refuse to meet the CPU's.

torch has a device without memory, `meta`. A `StandInTensor` says that it lives there and keeps its
numbers in an ordinary CPU tensor. Every operator that torch dispatches comes through `_dispatch`,
which refuses what CUDA refuses and otherwise computes on the held numbers. So a hard-coded device
is caught on a laptop too, also inside `F.conv2d`, `F.linear` or an in-place addition.

Nothing is registered with torch, so that nothing is left behind in a student's notebook. It rests
on torch's wrapper subclasses and dispatch modes; `tests/test_device.py` says what it needs of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._mode_utils import no_dispatch
from torch.utils._python_dispatch import TorchDispatchMode

DEVICE = torch.device("meta")
CPU = torch.device("cpu")
NAME = "the GPU's stand-in"


class MixedDevices(RuntimeError):
    """An operator met a tensor on the stand-in and one on the CPU."""


class NoStandIn(RuntimeError):
    """torch made a tensor without numbers below the dispatcher: the stand-in cannot go on."""


class StandInTensor(torch.Tensor):
    """A tensor on the stand-in device; its numbers are in `_held`, a CPU tensor."""

    _held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor, requires_grad: bool = False) -> StandInTensor:
        if held.is_conj() or held.is_neg():  # a lazy sign that the wrapper could not show
            held = held.resolve_conj().resolve_neg()
        with torch.inference_mode(False):  # a view of an ordinary tensor must be an ordinary one
            wrapper = torch.Tensor._make_wrapper_subclass(  # type: ignore[attr-defined]
                cls,
                held.size(),
                strides=held.stride(),
                storage_offset=held.storage_offset(),
                dtype=held.dtype,
                device=DEVICE,
                requires_grad=requires_grad,
            )
        wrapper._held = held
        return wrapper

    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):  # type: ignore[override]
        return _dispatch(func, args, kwargs or {})

    def tolist(self) -> Any:
        """Plain numbers may leave any device."""
        return self._held.tolist()

    def numpy(self, *, force: bool = False) -> Any:
        """NumPy knows the CPU alone."""
        if force:
            return self._held.detach().numpy(force=True)
        raise TypeError(f"can't convert a tensor on {NAME} to numpy")

    def __array__(self, dtype: Any = None) -> Any:
        return self.numpy()

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if self.ndim == 0 else object.__format__(self, spec)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"a tensor on {NAME} cannot be pickled")


def to_stand_in(tensor: torch.Tensor) -> StandInTensor:
    """A copy of a CPU tensor on the stand-in device."""
    return StandInTensor(tensor.detach().clone(), tensor.requires_grad)


def to_cpu(tensor: torch.Tensor) -> torch.Tensor:
    """The numbers of a tensor on the stand-in, without its autograd history.

    Raises `NoStandIn` for a tensor on the same device that torch made without numbers.
    """
    if isinstance(tensor, StandInTensor):
        return tensor._held.detach()
    if _is_stand_in(tensor.device):
        raise NoStandIn("a result has no numbers")
    return tensor


@contextmanager
def stand_in() -> Iterator[None]:
    """While it lasts, `device=image.device` makes tensors on the stand-in, and mixtures raise."""
    with _Factories(), _Guard():
        yield


class _Guard(TorchDispatchMode):
    """Brings the operators without a tensor argument, such as `torch.zeros`, to `_dispatch`."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return _dispatch(func, args, kwargs or {})

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # else torch imports its compiler at the first operator: two seconds


_FROM_DATA = {torch.tensor, torch.as_tensor, torch.asarray}


class _Factories(TorchFunctionMode):
    """Makes tensors from Python data on the stand-in, and indices from lists.

    torch fills such tensors below the dispatcher, and on `meta` it would not fill them at all.
    """

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        if func in _SUBSCRIPTS and isinstance(args[0], StandInTensor):
            return func(args[0], _index(args[1]), *args[2:])
        if func is torch.Tensor.new_tensor and isinstance(args[0], StandInTensor):
            kwargs = {"dtype": args[0].dtype, "device": DEVICE, **kwargs}
            func, args = torch.tensor, args[1:]
        if func in _FROM_DATA:
            return _from_data(func, *args, **kwargs)
        return func(*args, **kwargs)


_SUBSCRIPTS = {torch.Tensor.__getitem__, torch.Tensor.__setitem__}


def _index(index: Any) -> Any:
    """The index with its lists of numbers as tensors on the CPU, where an index may always be."""
    if isinstance(index, tuple):
        return tuple(_index(item) for item in index)
    if isinstance(index, list | range) and all(isinstance(item, int) for item in index):
        items = list(index)
        return torch.tensor(items, dtype=None if items else torch.long)
    return index


def _from_data(func: Any, data: Any, *args: Any, device: Any = None, **kwargs: Any) -> Any:
    """`torch.tensor` and its like, with a device that may be the stand-in."""
    if isinstance(data, StandInTensor):
        here = device is None or _is_stand_in(device)
    else:
        here = _is_stand_in(device)
    if not here:
        return func(_numbers(data), *args, device=device, **kwargs)
    if isinstance(data, StandInTensor) and func is not torch.tensor:
        return data.to(kwargs.get("dtype") or data.dtype)
    requires_grad = kwargs.pop("requires_grad", False)
    made = func(_numbers(data), *args, device=CPU, **kwargs)
    return StandInTensor(made.clone(), requires_grad)


def _numbers(data: Any) -> Any:
    """The same data with the numbers of the stand-in's tensors, as CUDA's are read one by one."""
    if isinstance(data, StandInTensor):
        return data._held.detach()
    if isinstance(data, list | tuple):
        return [_numbers(item) for item in data]
    return data


@dataclass(frozen=True)
class _Rule:
    """What an operator may do with tensors of two devices."""

    moves: bool  # copies from device to device
    indices: int | None  # position of index tensors, which may stay on the CPU
    written: tuple[int | str, ...]  # arguments that it changes in place
    reshapes: bool  # changes the shape of its argument in place
    composite: bool  # made of other operators, which are to be judged instead


_MOVES = {"copy_", "_to_copy", "copy", "_copy_from", "_copy_from_and_resize"}
_INDEXES = {"index", "_unsafe_index", "index_put", "index_put_", "_index_put_impl_",
            "_unsafe_index_put"}  # fmt: skip


@cache
def _rule(func: Any) -> _Rule:
    name = func.overloadpacket.__name__
    arguments = func._schema.arguments
    positional = [argument for argument in arguments if not argument.kwarg_only]
    written: list[int | str] = [
        argument.name if argument.kwarg_only else positional.index(argument)
        for argument in arguments
        if argument.alias_info is not None and argument.alias_info.is_write
    ]
    return _Rule(
        moves=name in _MOVES,
        indices=1 if name in _INDEXES else None,
        written=tuple(written),
        reshapes=torch.Tag.inplace_view in func.tags,
        composite=func._can_decompose() and func.has_kernel_for_dispatch_key(_COMPOSITE),
    )


_COMPOSITE = torch._C.DispatchKey.CompositeImplicitAutograd


def _dispatch(func: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """Run one operator on the held numbers, after a look at the devices of its tensors.

    Raises `MixedDevices` where CUDA would refuse.
    """
    rule = _rule(func)
    if rule.composite:  # only in inference mode; elsewhere torch has taken it apart already
        result = func.decompose(*args, **kwargs)
        if result is not NotImplemented:
            return result
    wrappers: dict[int, StandInTensor] = {}
    plain_args, plain_kwargs = _unwrap(args, wrappers), _unwrap(kwargs, wrappers)
    if wrappers and not rule.moves:
        _refuse_mixture(func, rule, args, kwargs)
    here = bool(wrappers)
    if kwargs.get("device") is not None:
        here = _is_stand_in(kwargs["device"])
        plain_kwargs["device"] = CPU if here else kwargs["device"]
    elif rule.moves and rule.written:
        here = isinstance(args[0], StandInTensor)
    result = func(*plain_args, **plain_kwargs)
    if rule.reshapes and here:
        with no_dispatch():  # the wrapper's own shape changes as the held tensor's did
            func(*args, **kwargs)
    return _wrap(result, wrappers) if here else result


def _refuse_mixture(func: Any, rule: _Rule, args: tuple, kwargs: dict[str, Any]) -> None:
    """Raise when an argument lies on the CPU, save what CUDA takes from there.

    CUDA takes tensors without dimensions, as if they were numbers, and index tensors.
    """
    for key, value in (*enumerate(args), *kwargs.items()):
        may_be_number = key not in rule.written
        may_be_on_cpu = key == rule.indices and isinstance(args[0], StandInTensor)
        for tensor in value if isinstance(value, list | tuple) else (value,):
            if not isinstance(tensor, torch.Tensor) or isinstance(tensor, StandInTensor):
                continue
            if _is_stand_in(tensor.device):
                raise NoStandIn(f"in `{func.overloadpacket.__name__}`")
            if not may_be_on_cpu and (tensor.ndim or not may_be_number):
                raise MixedDevices(
                    "Expected all tensors to be on the same device, but found at least two "
                    f"devices, {NAME} and cpu: in `{func.overloadpacket.__name__}`, "
                    f"a tensor of shape {tuple(tensor.shape)} is on cpu."
                )


def _unwrap(value: Any, wrappers: dict[int, StandInTensor]) -> Any:
    """The same arguments with the held tensors; notes in `wrappers` whose they are."""
    if isinstance(value, StandInTensor):
        wrappers[id(value._held)] = value
        return value._held
    if isinstance(value, list | tuple):
        return type(value)(_unwrap(item, wrappers) for item in value)
    if isinstance(value, dict):
        return {key: _unwrap(item, wrappers) for key, item in value.items()}
    return value


def _wrap(value: Any, wrappers: dict[int, StandInTensor]) -> Any:
    """The result on the stand-in; a tensor changed in place stays the wrapper that it was."""
    if isinstance(value, torch.Tensor) and not isinstance(value, StandInTensor):
        return wrappers[id(value)] if id(value) in wrappers else StandInTensor(value)
    if isinstance(value, list | tuple):
        return type(value)(_wrap(item, wrappers) for item in value)
    return value


def _is_stand_in(device: Any) -> bool:
    return device is not None and torch.device(device).type == DEVICE.type

"""What checks say: expectations that fail with expected, got and what to do next.

An expectation takes a student's value as it comes. Whatever that value is, the expectation either
holds or raises `Mismatch`; no value makes it raise anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from utils.describe import close, describe, dtype_text, kind_of, number, shape_text
from utils.device import device_note
from utils.invoke import How, gradients_of, parameter_names
from utils.student import StudentCrash, StudentObject
from utils.verdicts import Evidence

GRID_ROWS, GRID_COLUMNS = 8, 12
Grid = tuple[tuple[float, ...], ...]


class Mismatch(AssertionError):
    """A student's value is not what the check expects."""

    def __init__(
        self,
        message: str,
        expected: str = "",
        got: str = "",
        grids: tuple[Grid, Grid] | None = None,
        call: str = "",
    ) -> None:
        super().__init__(f"{message} Expected {expected}, got {got}." if expected else message)
        self.message = message
        self.expected = expected
        self.got = got
        self.grids = grids
        self.call = call

    def evidence(self, call: str) -> Evidence:
        """The evidence for a verdict about `call`."""
        expected_grid, got_grid = self.grids or (None, None)
        return Evidence(
            self.call or call,
            self.expected,
            self.got,
            expected_grid=expected_grid,
            got_grid=got_grid,
        )


def expect(
    value: Any,
    *,
    equals: Any = None,
    shape: tuple[int, ...] | None = None,
    dtype: torch.dtype | None = None,
    rtol: float = 1e-5,
    atol: float = 1e-6,
    says: str = "",
) -> None:
    """Expect a student's value to have a shape, a dtype and a content.

    The shape is compared first, then the dtype, then the numbers, which may differ by
    `atol + rtol · |expected|`. `equals` is a tensor, a nested list, a tuple, a dict, a number or
    a string.
    A number may also come as a tensor without dimensions. `says` replaces the general sentence.

    Raises `Mismatch`.
    Example: `expect(student.conv2d(IMAGE, KERNEL), shape=(2, 2), equals=[[13, 17], [25, 29]])`.
    """
    if isinstance(equals, tuple):
        for item, wanted in zip(expect_tuple(value, len(equals)), equals, strict=True):
            expect(item, equals=wanted, rtol=rtol, atol=atol, says=says)
        return
    if isinstance(equals, dict):
        for name, item in zip(equals, expect_named(value, tuple(equals)), strict=True):
            wrong = says or f'The entry "{name}" is wrong.'
            expect(item, equals=equals[name], dtype=dtype, rtol=rtol, atol=atol, says=wrong)
        return
    if isinstance(equals, bool | str):
        _expect_same(value, equals, says)
        return
    if isinstance(equals, int | float):
        _expect_number(value, equals, rtol, atol, says)
        return
    tensor = _as_tensor(value, shape, equals)
    wanted = None if equals is None else _wanted(equals)
    if shape is None and wanted is not None:
        shape = tuple(wanted.shape)
    _expect_shape(tensor, shape, says)
    _expect_dtype(tensor, dtype, says)
    if wanted is not None:
        _expect_close(tensor, wanted, rtol, atol, says)


def expect_tuple(value: Any, length: int) -> tuple:
    """The student's tuple (or list) of `length` results; raises `Mismatch` for anything else.

    Example: `grad_image, grad_kernel = expect_tuple(student.conv2d_gradients(…), 2)`.
    """
    if not isinstance(value, tuple | list) or len(value) != length:
        raise Mismatch(
            f"The function must return {length} values.", f"a tuple of {length}", kind_of(value)
        )
    return tuple(value)


def expect_named(value: Any, names: Sequence[str]) -> tuple:
    """The values of the student's dict that has exactly these names, in this order.

    Raises `Mismatch` for anything else.
    Example: `sobel_x, sobel_y = expect_named(student.kernels(), ("sobel_x", "sobel_y"))`.
    """
    wanted = f"a dict with the names {', '.join(names)}"
    if not isinstance(value, dict):
        raise Mismatch("The function must return a dict.", wanted, kind_of(value))
    lacking = [name for name in names if name not in value]
    odd = [name for name in value if name not in names]
    if lacking:
        raise Mismatch(f'The dict lacks the name "{lacking[0]}".', wanted, describe(list(value)))
    if odd:
        raise Mismatch("The dict has a name too many.", wanted, describe(list(value)))
    return tuple(value[name] for name in names)


def expect_layer(value: Any) -> StudentObject:
    """The student's layer or model, which can be called and asked for its attributes.

    Raises `Mismatch` for plain data.
    Example: `expect(expect_layer(student.seven_filter_layer())(BATCH), shape=(2, 7, 4, 4))`.
    """
    if not isinstance(value, StudentObject):
        says = "The function must return a layer, an `nn.Module`."
        raise Mismatch(says, "a layer", kind_of(value))
    return value


def expect_error(
    function: StudentObject, *args: Any, error: str = "ValueError", says: str, **kwargs: Any
) -> None:
    """Expect the call to be refused with an exception of the type named `error`.

    What the exception says is the student's own, and plays no part when a mistake is recognised.
    Raises `Mismatch` with `says` when a value comes back; another exception stays a crash.
    Example: `expect_error(student.conv_size, 2, 5, 3, says="No window fits: raise ValueError.")`.
    """
    try:
        value = function(*args, **kwargs)
    except StudentCrash as crash:
        if crash.error.type != error:
            raise
        function._student._forget_words()
    else:
        raise Mismatch(says, error, describe(value))


def expect_same_on_device(
    function: StudentObject,
    *args: Any,
    equals: Any,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    **kwargs: Any,
) -> None:
    """Expect the function to run where its input lives, and to give `equals` there as on the CPU.

    With a GPU the function runs there, without TF32; without one it runs on a stand-in that
    refuses to mix devices. The verdict's note says which of the two it was.
    """
    expect(function._invoke(How.CALL, args, kwargs).value, equals=equals, rtol=rtol, atol=atol)
    reply = function._invoke(How.DEVICE, args, kwargs)
    function._student._notes.append(device_note(reply.ran_on))
    says = "The result is right on the CPU and wrong on the device."
    expect(reply.value, equals=equals, rtol=rtol, atol=atol, says=says)


def expect_gradients(
    function: StudentObject,
    *args: Any,
    reference: Callable,
    wrt: tuple[int, ...] = (0, 1),
    rtol: float = 1e-4,
    atol: float = 1e-5,
    **kwargs: Any,
) -> None:
    """Expect autograd to find through the function the gradients that it finds through `reference`.

    `wrt` numbers the arguments whose gradients are compared. A message calls them by the names
    of the reference's parameters, or by number where torch does not tell them.
    """
    got = expect_tuple(function._invoke(How.GRADIENTS, args, kwargs).value, len(args))
    wanted = gradients_of(reference, args, kwargs)
    names = parameter_names(reference, len(args))
    for position in wrt:
        name = names[position] if " " in names[position] else f"`{names[position]}`"
        if got[position] is None:
            raise Mismatch(
                f"No gradient reaches {name}: "
                "a step such as `.item()`, `.detach()` or `torch.tensor(…)` cuts the graph.",
                "a gradient",
                "none",
            )
        says = f"The gradient that reaches {name} is wrong."
        expect(got[position], equals=wanted[position], rtol=rtol, atol=atol, says=says)


def expect_written_out(
    function: StudentObject,
    *args: Any,
    equals: Any,
    without: tuple[str, ...],
    says: str,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    **kwargs: Any,
) -> None:
    """Expect the function to give `equals` without a ready-made operator.

    Fails with `says` when torch dispatched an operator, or the function's code names a function,
    whose name contains one of the words in `without`.
    """
    reply = function._invoke(How.TRACE, args, kwargs)
    expect(reply.value, equals=equals, rtol=rtol, atol=atol)
    used = reply.operators
    borrowed = sorted(name for name in used if any(word in name for word in without))
    if borrowed:
        raise Mismatch(says, "steps of your own", f"`{borrowed[0]}`")


def expect_uses(
    function: StudentObject,
    *args: Any,
    equals: Any,
    operator: str,
    says: str,
    rtol: float = 1e-4,
    atol: float = 1e-5,
    **kwargs: Any,
) -> None:
    """Expect the function to give `equals` by way of an operator whose name contains `operator`.

    Fails with `says` when torch dispatched none such.
    Example: `expect_uses(student.convolve_fft, f, g, equals=wanted, operator="fft", says="…")`.
    """
    reply = function._invoke(How.TRACE, args, kwargs)
    expect(reply.value, equals=equals, rtol=rtol, atol=atol)
    if not any(operator in name for name in reply.operators):
        raise Mismatch(says, f"an operator named like `{operator}`", "none such")


def _expect_same(value: Any, wanted: bool | str, says: str) -> None:
    if type(value) is not type(wanted) or value != wanted:
        raise Mismatch(says or "The result is wrong.", describe(wanted), describe(value))


def _expect_number(value: Any, wanted: float, rtol: float, atol: float, says: str) -> None:
    if isinstance(value, torch.Tensor) and value.ndim == 0 and not value.is_complex():
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Mismatch(says or "The result must be a number.", number(wanted), kind_of(value))
    if not close(value, wanted, rtol, atol):
        raise Mismatch(says or "The number is wrong.", number(wanted), number(value))


def _wanted(equals: Any) -> torch.Tensor:
    """What is expected, as a tensor; a list's numbers are not rounded to float32."""
    wanted = torch.as_tensor(equals)
    if wanted.is_floating_point() and not isinstance(equals, torch.Tensor):
        wanted = torch.as_tensor(equals, dtype=torch.float64)
    return wanted


def _as_tensor(value: Any, shape: tuple[int, ...] | None, equals: Any) -> torch.Tensor:
    if isinstance(value, torch.Tensor):
        return value.detach()
    if shape is None and equals is not None:
        shape = tuple(torch.as_tensor(equals).shape)
    wanted = "a tensor" if shape is None else f"a tensor of shape {tuple(shape)}"
    raise Mismatch("The function must return a tensor.", wanted, kind_of(value))


def _expect_shape(tensor: torch.Tensor, shape: tuple[int, ...] | None, says: str) -> None:
    if shape is not None and tuple(tensor.shape) != tuple(shape):
        raise Mismatch(
            says or "The shape is wrong.", f"shape {tuple(shape)}", f"shape {tuple(tensor.shape)}"
        )


def _expect_dtype(tensor: torch.Tensor, dtype: torch.dtype | None, says: str) -> None:
    if dtype is not None and tensor.dtype != dtype:
        raise Mismatch(
            says or "The dtype is wrong: it must follow the input's.",
            dtype_text(dtype),
            dtype_text(tensor.dtype),
        )


def _expect_close(
    got: torch.Tensor, wanted: torch.Tensor, rtol: float, atol: float, says: str
) -> None:
    if got.is_complex() and not wanted.is_complex():
        raise Mismatch(says or "The result is complex; keep its real part.", "real numbers",
                       f"{dtype_text(got.dtype)} numbers")  # fmt: skip
    precise = torch.complex128 if wanted.is_complex() else torch.float64
    got_exact, wanted_exact = got.to(precise), wanted.detach().to(precise)
    wrong = ~torch.isclose(got_exact, wanted_exact, rtol=rtol, atol=atol)
    if not wrong.any():
        return
    first = tuple(int(i) for i in wrong.nonzero()[0])
    where = f" at [{', '.join(map(str, first))}]" if first else ""
    count = f"{int(wrong.sum())} of {wrong.numel()} numbers differ"
    raise Mismatch(
        says or f"The shape {shape_text(wanted.shape)} is right, the numbers are not: {count}.",
        f"{_entry(wanted_exact[first])}{where}",
        f"{_entry(got_exact[first])}{where}",
        _grids(wanted_exact, got_exact),
    )


def _entry(value: torch.Tensor) -> str:
    return number(value.item())


def _grids(wanted: torch.Tensor, got: torch.Tensor) -> tuple[Grid, Grid] | None:
    """Both tensors as rows of numbers, where they are small and flat enough to be drawn."""
    if wanted.is_complex() or wanted.ndim not in (1, 2):
        return None
    rows = wanted.reshape(-1, wanted.shape[-1])
    if not 0 < rows.shape[0] <= GRID_ROWS or not 0 < rows.shape[1] <= GRID_COLUMNS:
        return None
    return _grid(rows), _grid(got.reshape(rows.shape))


def _grid(rows: torch.Tensor) -> Grid:
    return tuple(tuple(row) for row in rows.tolist())

"""Give a student's module weights that the check has chosen, name by name."""

from __future__ import annotations

import re
from typing import Any

from torch import Tensor

from utils.describe import kind_of, shape_text
from utils.expect import Mismatch, expect_layer, expect_tuple
from utils.student import StudentCrash, StudentObject

SIZES = re.compile(r"size mismatch for (\S+): .*?Size\(\[([\d, ]*)\]\).*?Size\(\[([\d, ]*)\]\)")


def expect_filled(value: Any, weights: dict[str, Tensor]) -> StudentObject:
    """Expect a module that holds exactly the weights and buffers named, and fill these in.

    `weights` are as in a `state_dict()`; counts of batches (`num_batches_tracked`) may be left out.
    Returns the module, which can now be called; its answers no longer depend on chance.

    Raises `Mismatch` where a name is lacking, where there is one too many, and for another shape.
    Example: `expect_filled(student.BasicBlock(1, 1), {"conv1.weight": torch.ones(1, 1, 3, 3), …})`.
    """
    module = expect_layer(value)
    try:
        reply = module.load_state_dict(weights, strict=False)
    except StudentCrash as crash:
        found = SIZES.search(crash.error.message)  # torch's own words, the same for everybody
        if crash.error.type != "RuntimeError" or found is None:
            raise
        name, wanted, got = found.groups()
        said = f"`{name}` has the wrong shape."
        raise Mismatch(said, _sides(wanted), _sides(got)) from None
    too_many, lacking = (_names(names) for names in expect_tuple(reply, 2))
    if lacking:
        said = f"The module has no `{lacking[0]}`."
        raise Mismatch(said, f"`{lacking[0]}`", "nothing of that name")
    if too_many:
        said = f"The module holds a `{too_many[0]}`, which does not belong to it."
        raise Mismatch(said, "nothing of that name", f"`{too_many[0]}`")
    return module


def _names(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        said = "Loading weights into the module must tell which names it lacks."
        raise Mismatch(said, "a list of names", kind_of(value))
    return [name for name in value if not name.endswith("num_batches_tracked")]


def _sides(text: str) -> str:
    return f"shape {shape_text([int(side) for side in text.split(',') if side.strip()])}"

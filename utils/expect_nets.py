"""What checks say of a student's nets: their blueprint, their weights, what they have learned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from utils.describe import describe, kind_of, shape_text
from utils.expect import Mismatch, expect, expect_layer, expect_tuple
from utils.invoke import How
from utils.student import StudentCrash, StudentObject
from utils.weights import course_weights, resemblance

ALIKE = 0.999  # a cosine: a net trained with another seed or for another time is farther away
SIZES = re.compile(r"size mismatch for (\S+): .*?Size\(\[([\d, ]*)\]\).*?Size\(\[([\d, ]*)\]\)")


def expect_blueprint(
    make: StudentObject,
    *args: Any,
    shape: tuple[int, ...],
    output: tuple[int, ...],
    parameters: int | None = None,
    weights: Sequence[tuple[int, ...]] | None = None,
    macs: int | None = None,
    **kwargs: Any,
) -> None:
    """Expect the net that `make(*args, **kwargs)` builds to have this blueprint.

    It is built on paper, however large it is (see `utils.nets.blueprint`): an input of `shape` must
    come out as `output`; then its weights are compared (in any order, biases left out), the number
    of its parameters, and its multiply–adds.

    Raises `Mismatch`.
    Example: `expect_blueprint(student.lenet5, shape=(1, 1, 32, 32), output=(1, 10))`.
    """
    found = _readable(make._invoke(How.BLUEPRINT, (shape, *args), kwargs).value)
    if found["output"] != list(output):
        raise Mismatch(
            "The net's output has the wrong shape.", str(tuple(output)), str(tuple(found["output"]))
        )
    if weights is not None:
        _expect_weights([tuple(size) for _, size in found["shapes"] if len(size) > 1], weights)
    for what, wanted, got in (
        ("parameters", parameters, found["parameters"]),
        ("multiply–adds", macs, found["macs"]),
    ):
        if wanted is not None and got != wanted:
            more = "too many" if got > wanted else "too few"
            raise Mismatch(f"The net has {more} {what}.", f"{wanted:,}", f"{got:,}")


def _readable(plan: Any) -> dict[str, Any]:
    """A blueprint as it should be; what a hostile process sends may be anything."""
    try:
        if not isinstance(plan, dict):
            raise TypeError
        counted = [plan["parameters"], plan["macs"], *plan["output"]]
        for name, size in plan["shapes"]:
            counted += [*size, len(name)]
        if set(map(type, counted)) == {int}:
            return dict(plan)
    except (TypeError, KeyError, ValueError, IndexError):
        pass
    raise Mismatch("The net has no blueprint.", "numbers and shapes", kind_of(plan))


def _expect_weights(got: list[tuple[int, ...]], wanted: Sequence[tuple[int, ...]]) -> None:
    lacking, odd = Counter(wanted) - Counter(got), Counter(got) - Counter(wanted)
    if lacking or odd:
        raise Mismatch(
            "A layer has other weights than it should.",
            f"a weight of shape {next(iter(lacking))}" if lacking else "no further weight",
            f"one of shape {next(iter(odd))}" if odd else "none such",
        )


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


def expect_batches(value: Any, *, count: int, epochs: int, size: int = 32) -> None:
    """Expect a `batch_witness`'s `batches` to be `epochs` passes over `count` numbered images.

    Each pass shows every image once, in batches of `size` with a smaller last one, in a random
    order of its own. Raises `Mismatch`, whatever the value is.
    """
    batches = value if isinstance(value, list) else []
    sizes = [len(batch) if isinstance(batch, list) else -1 for batch in batches]
    one_pass = [len(rows) for rows in torch.arange(count).split(size)]
    if sizes != one_pass * epochs:
        said = f"The batches of {epochs} epochs with {count} images have the wrong sizes."
        raise Mismatch(said, describe(one_pass * epochs), describe(sizes))
    if any(type(number) is not int for batch in batches for number in batch):
        raise Mismatch("The batches must hold the images' numbers.", "numbers", describe(batches))
    orders = []
    for first in range(0, len(batches), len(one_pass)):
        orders.append(
            [number for batch in batches[first : first + len(one_pass)] for number in batch]
        )
        if sorted(orders[-1]) != list(range(count)):
            said = "In one epoch each image must come once, and only once."
            raise Mismatch(said, "every image", describe(orders[-1]))
    if orders[0] == list(range(count)):
        raise Mismatch("The images come in the order given: shuffle them.", "a random order")
    if epochs > 1 and orders[0] == orders[1]:
        said = "Every epoch has the same order: shuffle anew at the beginning of each."
        raise Mismatch(said, "another order in every epoch", "the same order")


def expect_accuracy(logits: Any, labels: Tensor, *, at_least: float, says: str = "") -> None:
    """Expect a student's logits (N, classes) to be largest at the right class often enough.

    labels: shape (N,); at_least: a fraction from 0 to 1. The shape is that of `labels`, with as
    many classes as they number. Raises `Mismatch`, whatever the logits are.

    Example: `expect_accuracy(net(images), labels, at_least=0.9)`.
    """
    classes = int(labels.max()) + 1
    expect(logits, shape=(len(labels), classes), dtype=torch.float32)
    right = float((logits.argmax(dim=1) == labels).float().mean())
    if right < at_least:
        said = says or "The net is right too rarely on digits that it has not seen."
        raise Mismatch(said, f"at least {at_least:.0%} right", f"{right:.1%}")


def expect_own_weights(model: StudentObject, name: str, lesson: Path) -> None:
    """Expect a net that the student has trained, not the course's weights `name` of that lesson.

    Those are there to go on with; a training that is marked must be the student's own.

    Raises `Mismatch`.
    Example: `expect_own_weights(net, "unet", Path(__file__).parent)`.
    """
    weights = model.state_dict()
    known = course_weights(name, lesson)
    same = isinstance(weights, dict) and all(isinstance(t, Tensor) for t in weights.values())
    if same and resemblance(weights, known) > ALIKE:
        raise Mismatch(
            "These are the course's weights. They let you go on with the lesson; "
            "the points here are for a net that you have trained yourself.",
            "weights of your own",
            f"the course's `{name}`",
        )

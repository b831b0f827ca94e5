"""How a misconception is recognised: by what it answers, call for call.

A misconception is a wrong solution with a name. Run through a check it leaves a row of outcomes;
a student whose failing check leaves the same row has, as far as anyone can see, the same idea.
Only outcomes are kept, so a lesson can name a mistake without shipping its code.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from utils.describe import close
from utils.invoke import How, Reply
from utils.verdicts import Kind, Verdict

Outcome = dict[str, Any]
SAMPLES = 48
MOST_ITEMS = 1000
RECOGNISABLE = (Kind.WRONG, Kind.CRASHED)
# Who adds two tensors that do not fit may name either first; the `meta` device has its own words.
MISFIT = re.compile(r"(size of tensor a) \((\d+)\) (must match the size of tensor b) \((\d+)\)")
# Of several layers with the same wrong number of channels, anyone's first may be another one.
CHANNELS = re.compile(r"weight of size \[.*?\], expected input\[.*?\] (to have \d+ channels)")
META_MISFIT = re.compile(
    r"(Attempting to broadcast a dimension) of length \d+ (at -?\d+)! Mismatching argument"
    r" at index 1 had torch\.Size\((.*?)\); but expected shape should be broadcastable to (\[.*?\])"
)


@dataclass(frozen=True)
class Result:
    """A verdict, beside the outcome of every call that led to it."""

    verdict: Verdict
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True)
class Fingerprint:
    """A misconception as a notebook knows it: its sentence, and its outcomes in failing checks."""

    name: str
    says: str
    checks: Mapping[str, Sequence[Outcome]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        checks = {name: list(rows) for name, rows in self.checks.items()}
        return {"name": self.name, "says": self.says, "checks": checks}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Fingerprint:
        return cls(data["name"], data["says"], data["checks"])


def outcome_of(how: str, reply: Reply) -> Outcome:
    """A call's outcome as JSON data: an error, an argument changed, or a summary of the value.

    The text of an error on a device is left out: a GPU words it otherwise than the stand-in.
    """
    if reply.error is not None:
        message = "" if how == How.DEVICE else _either_way(reply.error.message[:1000])[:200]
        return {"how": str(how), "error": [reply.error.type, message]}
    if reply.changed:
        return {"how": str(how), "changed": list(reply.changed)}
    value = _nameless(reply.value) if how == How.BLUEPRINT else reply.value
    return {"how": str(how), "value": _summary(value)}


def _either_way(message: str) -> str:
    """An error's text, the same for a + b and for b + a, and for whichever layer met it first."""
    message = MISFIT.sub(
        lambda found: f"{found[1]} {sorted((int(found[2]), int(found[4])))} {found[3]}", message
    )
    message = META_MISFIT.sub(
        lambda found: f"{found[1]} {found[2]}: {sorted((found[3], found[4]))}", message
    )
    return CHANNELS.sub(r"expected input \1", message)


def _nameless(plan: Any) -> Any:
    """A blueprint as far as a mistake shows in it: names and order of layers are everybody's own.

    Of the weights' sizes their number is kept, and a digest.
    """
    if not isinstance(plan, dict) or not isinstance(plan.get("shapes"), list):
        return plan
    sizes = sorted(str(row[1:]) for row in plan["shapes"] if isinstance(row, list | tuple))
    digest = f"{zlib.crc32(' '.join(sizes).encode()):08x}"
    return plan | {"shapes": [len(sizes), digest]}


def fingerprint(name: str, says: str, results: Iterable[Result]) -> Fingerprint:
    """The fingerprint of a misconception from its results in the checks of its exercise."""
    failing = {
        result.verdict.check: result.outcomes
        for result in results
        if result.verdict.kind in RECOGNISABLE
    }
    return Fingerprint(name, says, failing)


def diagnose(results: Sequence[Result], known: Sequence[Fingerprint]) -> list[Verdict]:
    """The verdicts on one exercise, each failing one named by the misconception that fits best.

    A misconception fits a failing check when all its outcomes there are the student's; where a net
    was trained there are none, and it must fit another check as well.
    Of several that fit, the one that fits most checks of the exercise is taken, then the first.
    """
    fits = {
        mark.name: {r.verdict.check for r in results if _fits(r, mark)}
        for mark in known
        if any(r.outcomes and _fits(r, mark) for r in results)
    }
    verdicts = []
    for result in results:
        candidates = [mark for mark in known if result.verdict.check in fits.get(mark.name, ())]
        if candidates:
            best = max(candidates, key=lambda mark: len(fits[mark.name]))
            verdicts.append(replace(result.verdict, message=best.says, misconception=best.name))
        else:
            verdicts.append(result.verdict)
    return verdicts


def _fits(result: Result, mark: Fingerprint) -> bool:
    rows = mark.checks.get(result.verdict.check)
    if rows is None or result.verdict.kind not in RECOGNISABLE:
        return False
    return len(rows) == len(result.outcomes) and all(
        alike(a, b) for a, b in zip(rows, result.outcomes, strict=True)
    )


def _summary(value: Any, room: list[int] | None = None) -> Any:
    """A value as JSON data; of a tensor its shape, its dtype and a sample of its numbers.

    `room` holds how many items of lists and dicts may still be told one by one.
    """
    room = [MOST_ITEMS] if room is None else room
    if isinstance(value, list | tuple | dict):
        room[0] -= len(value)
        if room[0] < 0:
            return {"object": f"{type(value).__name__} of {len(value)}"}
    if isinstance(value, torch.Tensor):
        flat = value.detach()
        flat = torch.view_as_real(flat) if flat.is_complex() else flat
        flat = flat.reshape(-1)
        step = max(1, -(-flat.numel() // SAMPLES))
        # Only the sample grows to eight bytes a number.
        sample = [_rounded(number) for number in flat[::step].to(torch.float64).tolist()]
        return {"shape": list(value.shape), "dtype": str(value.dtype), "sample": sample}
    if isinstance(value, list | tuple):
        return [_summary(item, room) for item in value]
    if isinstance(value, dict):
        return {str(key): _summary(item, room) for key, item in value.items()}
    if isinstance(value, float):
        return _rounded(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    return {"object": type(value).__name__}


def _rounded(number: float) -> float | str:
    return float(f"{number:.7g}") if math.isfinite(number) else str(number)


def alike(a: Any, b: Any) -> bool:
    """Whether two outcomes are the same but for rounding."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        return close(a, b, 1e-4, 1e-5)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    return bool(a == b)

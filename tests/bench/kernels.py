"""Kernels: the time to a first reply, and what the sandbox adds."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from jupyter_client.manager import start_new_kernel
from jupyter_client.provisioning import KernelProvisionerFactory

from autograder.kernel import WarmParent
from autograder.kernel.provisioner import shared_parent
from autograder.sandbox import MECHANISMS
from tests.bench.classes import School
from tests.bench.measure import Section, Sizes, elapsed, in_turn, table

GRADING = "grading kernel"
OURS, PLAIN = "Jupyter, our provisioner", "Jupyter, ipykernel as it comes"
PROVISIONERS = {OURS: "course-provisioner", PLAIN: "local-provisioner"}
ALL, NONE = "all that this machine can hold", "none"
CELL = "import torch"  # what every lesson's first cell needs
COLD = 3  # a cold start takes seconds; more of them say no more


def measure(school: School, sizes: Sizes) -> Section:
    """Our kernel, our kernel behind Jupyter's protocol, and ipykernel as it comes."""
    folder = school.folder / "empty"
    folder.mkdir()
    times = min(sizes.kernels, COLD)
    cold = in_turn(
        {
            GRADING: _cold_reply,
            OURS: lambda: _cold_jupyter_reply(folder),
            PLAIN: lambda: _jupyter_reply(PLAIN, folder),
        },
        times,
    )
    with WarmParent() as parent:
        _reply(parent)  # ours are warm from here on; that of the provisioner is by now
        warm = in_turn(
            {GRADING: lambda: _reply(parent), OURS: lambda: _jupyter_reply(OURS, folder)},
            sizes.kernels,
        )
    shared_parent().close()
    rows = [
        (name, spread.shown(2), warm[name].shown(0, 1000) if name in warm else "—")
        for name, spread in cold.items()
    ]
    text = (
        f"From asking for a kernel to the reply of `{CELL}`: cold with the start of the warm "
        f"parent ({times} times), warm with one that runs already ({sizes.kernels} times).\n"
        "The grading kernel is what the judge uses; the other two are asked by jupyter_client, "
        "in the same way. ipykernel as it comes has nothing that could be warm.\n\n"
    )
    facts = {f"{name} cold": spread.median for name, spread in cold.items()}
    facts |= {f"{name} warm": spread.median for name, spread in warm.items()}
    cost, more = _sandbox(sizes)
    whole = text + table(("kernel", "cold, s", "warm, ms"), rows) + "\n\n" + cost
    return Section("Kernels", whole, facts | more)


def _sandbox(sizes: Sizes) -> tuple[str, dict[str, float]]:
    """Start and close, with all protections and with none."""
    with WarmParent() as whole, WarmParent(without=tuple(MECHANISMS)) as none:
        held = {ALL: _held(whole), NONE: _held(none)}
        ways = {ALL: partial(_open_and_close, whole), NONE: partial(_open_and_close, none)}
        found = in_turn(ways, sizes.kernels)
    rows = [(name, held[name], spread.shown(1, 1000)) for name, spread in found.items()]
    text = (
        "What the sandbox costs: a grading kernel started and closed, "
        f"{sizes.kernels} times in turn.\n\n"
    )
    facts = {"sandbox": found[ALL].median - found[NONE].median}
    return text + table(("mechanisms", "what then holds", "ms"), rows), facts


def _cold_reply() -> float:
    with WarmParent() as parent:
        return _reply(parent)


def _reply(parent: WarmParent) -> float:
    made = []

    def ask() -> None:
        made.append(parent.kernel())
        made[0].run_cell(CELL, 60.0)

    seconds = elapsed(ask)
    made[0].close()
    return seconds


def _cold_jupyter_reply(folder: Path) -> float:
    shared_parent().close()
    return _jupyter_reply(OURS, folder)


def _jupyter_reply(name: str, folder: Path) -> float:
    factory = KernelProvisionerFactory.instance()
    usual, factory.default_provisioner_name = factory.default_provisioner_name, PROVISIONERS[name]
    made = []

    def ask() -> None:
        made.extend(start_new_kernel(kernel_name="python3", cwd=str(folder)))
        made[1].execute(CELL, reply=True, timeout=60)

    try:
        seconds = elapsed(ask)
    finally:
        factory.default_provisioner_name = usual
    manager, client = made
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return seconds


def _open_and_close(parent: WarmParent) -> float:
    return elapsed(lambda: parent.kernel().close())


def _held(parent: WarmParent) -> str:
    kernel = parent.kernel()
    try:
        return ", ".join(kernel.protections) or "nothing"
    finally:
        kernel.close()

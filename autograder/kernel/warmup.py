"""What a warm parent does before its first fork: import, build the shell, run a few cells.

The first Adam step, the first figure and the first traceback of a process cost up to a second each.
Here they are paid for once, by cells whose outputs go nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import os
import pkgutil
import sys

import torch

import utils
from autograder.kernel.processes import use_huge_pages
from autograder.kernel.shell import GradingShell, make_shell, refuse_input, run_cell

MODULES = (
    "autograder.kernel.jupyter",  # before anything imports ipykernel's debugger
    "numpy",
    "torch",
    "torch.nn.functional",
    "torch.optim",
    "torch._dynamo",  # the first step of an optimizer would import it, for two seconds
    "torch.utils.data",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "ipywidgets",
    "tqdm",
)

CELLS = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt",
    "import torch\n"
    "from torch import nn\n"
    "net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 1))\n"
    "loss = net(torch.ones(1, 1, 4, 4)).sum()\n"
    "net",
    "figure, axes = plt.subplots(1, 2)\n"
    "axes[0].plot([1, 2], label='a'); axes[0].legend(); axes[0].set_title('t')\n"
    "axes[1].imshow(torch.ones(3, 3)); plt.colorbar(axes[1].images[0]); plt.show()",
    "torch.nn.functional.conv2d(torch.ones(1, 1, 2, 2), torch.ones(1, 2, 1, 1))",
    "from utils.nets.blueprint import blueprint\nblueprint(nn.Conv2d, (1, 1, 4, 4), 1, 1, 3)",
    "net(torch.ones(3))",
    "def missing():\n    raise NotImplementedError()\nmissing()",
    "import asyncio\nawait asyncio.sleep(0)",
    "from ipywidgets import interact, IntSlider\n"
    "_ = interact(lambda k: print(k), k=IntSlider(1, 0, 2))",
)


# Where torch can use a GPU, autograd and optimizers ask for it, and no fork could use it any more.
CPU_CELL = "loss.backward()\nstep = torch.optim.Adam(net.parameters())\nstep.step()"
CAN_USE_GPU = torch.backends.cuda.is_built()


def warm_up() -> GradingShell:
    """The shell of a process in which nothing is slow for the first time any more."""
    for name in (*MODULES, *_student_side()):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    torch.set_num_threads(1)  # a thread pool would not survive the fork
    torch.manual_seed(0)
    shell = make_shell()
    _run_cells(shell)
    _make_calls()
    _forget(shell)
    gc.collect()
    gc.freeze()  # a collection in a child must not copy the parent's memory
    use_huge_pages()
    return shell


def _student_side() -> list[str]:
    """Every module that a notebook may import from the course."""
    return [module.name for module in pkgutil.walk_packages(utils.__path__, "utils.")]


def _run_cells(shell: GradingShell) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        for cell in CELLS if CAN_USE_GPU else (*CELLS, CPU_CELL):
            run_cell(shell, loop, cell)
    loop.close()
    asyncio.set_event_loop(None)


def _make_calls() -> None:
    """Call a function in the judge's ways, but for those that ask for a GPU."""
    from utils.device import on_stand_in
    from utils.invoke import How, perform

    def double(x):  # type: ignore[no-untyped-def]
        return 2 * x

    with contextlib.suppress(Exception):  # nothing here is needed, only the second time is faster
        for how in (
            (How.GET, How.CALL, How.TRACE) if CAN_USE_GPU else set(How) - {How.DEVICE, How.SEED}
        ):
            perform(double, how, (torch.ones(2),))
        on_stand_in(double, (torch.ones(2),), {})


def _forget(shell: GradingShell) -> None:
    """Take back what the cells left: names, numbers, widgets, figures."""
    import matplotlib.pyplot as plt
    from ipywidgets import Widget

    plt.close("all")
    Widget.close_all()
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        shell.reset(new_session=True)
    shell.compile.reset_compiler_flags()
    shell._last_traceback = None
    sys.last_type = sys.last_value = sys.last_traceback = None  # type: ignore[assignment]
    refuse_input()
    if sys.path[0] != "":
        sys.path.insert(0, "")

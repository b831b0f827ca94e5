"""A notebook shows the same in a kernel of ours and in the stock one, run by the same nbclient."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from tests.kernel.test_parity import CELLS as SHOWN
from tests.kernel.test_parity import comparable
from tests.provisioner.conftest import run_notebook

CELLS = {
    **SHOWN,
    "an output widget": (
        "from ipywidgets import Output\nbox = Output()\nwith box: print('inside')\nbox"
    ),
    "a widget's value": "from ipywidgets import IntSlider\nslider = IntSlider(2)\nslider.value",
    "several figures": "for i in range(2):\n    plt.figure(); plt.plot([i, 2])",
    "a figure's colours": "plt.figure(facecolor='red'); plt.plot([1]); plt.show()",
    "no figure left": "plt.get_fignums()",
    "a fork's outputs": (
        "pid = os.fork()\nif pid == 0:\n    print('child', flush=True); os._exit(0)\n"
        "os.waitpid(pid, 0)[1]"
    ),
    "a pool of processes": (
        "import multiprocessing\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: print(pool.map(abs, [-1, 2]))"
    ),
    "a DataLoader with workers": (
        "import torch\nfrom torch.utils.data import DataLoader\n"
        "[batch.tolist() for batch in DataLoader(list(range(4)), 2, num_workers=2)]"
    ),
    "a background task": (
        "import asyncio\nasync def later(): print('in the background')\n"
        "task = asyncio.create_task(later()); await task"
    ),
    "completion": "long_name = 1\nget_ipython().complete('long_na')[1]",
    "history magic": "%history -l 2",
    "time": "%%capture timed\n%time 1",
    "magics": "sorted(get_ipython().magics_manager.lsmagic()['line'])",
    "JavaScript": "%%javascript\nalert(1)",
    "HTML": "%%html\n<b>b</b>",
    "SVG": "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "a DataFrame's table": "import numpy as np\nnp.arange(4).reshape(2, 2)",
    "an embedded traceback": "import traceback\ntry: 1/0\nexcept Exception: traceback.print_exc()",
    "exit codes": "!false\n_exit_code",
    "the kernel": "get_ipython().kernel.implementation, get_ipython().kernel.session.username",
    "environment of a child": "!python -c 'print(1 + 1)'",
}
# What differs by intention: ours names another reason, and has a home and a folder of its own.
REFUSED = {
    "asking": "input('name? ')",
    "asking secretly": "import getpass; getpass.getpass()",
    "debugging": "%debug",
}


# What other processes print comes by a thread of ipykernel's: late, or with the stock kernel not at
# all on a busy machine. Ours waits for it, so nothing that stock shows is missing.
RACES = {"a process", "file descriptors", "a fork's outputs"}


def lines(outputs: list[Any]) -> Counter[str]:
    """What was printed, line by line, in any order."""
    streams = (output["text"] for output in outputs if output["output_type"] == "stream")
    return Counter("".join(streams).splitlines())


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """The cells after a run in the stock kernel."""
    hidden = ("PYTEST_CURRENT_TEST", "MPLBACKEND")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    sources = [*CELLS.values(), *REFUSED.values()]
    return run_notebook(sources, tmp_path_factory.mktemp("theirs"), env=environment)


def test_outputs_are_those_of_the_stock_kernel(theirs, ours, tmp_path):
    """Every cell's outputs and number are the same, in kind, order and text."""
    cells = run_notebook([*CELLS.values(), *REFUSED.values()], tmp_path)
    for name, here, there in zip(CELLS, cells, theirs, strict=False):
        if name in RACES:
            assert not lines(there.outputs) - lines(here.outputs), name
        else:
            assert comparable(here.outputs) == comparable(there.outputs), name
        assert here.execution_count == there.execution_count, name
    for name, here, there in zip(REFUSED, cells[len(CELLS) :], theirs[len(CELLS) :], strict=True):
        *_, error = here.outputs
        *_, stock = there.outputs
        assert (error.output_type, error.ename) == (stock.output_type, stock.ename), name
        assert "write the value into the cell instead" in error.evalue

"""The floor: runs code cells in forks of a warm process, with nothing around them.

Reads from its standard input one JSON text, a list of submissions, each a list of cells; writes a
line with the seconds from fork to end for each of them. Started as `python -m tests.bench.bare` in
the lesson's folder.
"""

import asyncio
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"  # as in the warm parent: threads do not survive a fork
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"

from autograder.kernel.shell import run_cell
from autograder.kernel.warmup import warm_up


def main() -> None:
    """Run every submission once."""
    shell = warm_up()
    for cells in json.load(sys.stdin):
        began = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            for source in cells:
                run_cell(shell, loop, source)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if status:
            sys.exit(f"A fork ended with status {status}.")
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main()

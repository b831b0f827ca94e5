"""The floor: runs cells and calls in forks of a warm process, with nothing around them.

Reads from its standard input, submission by submission, what a student's process was asked, as
`floor` has noted it; writes a line for each: seconds from fork to end without the calls, and those
of the calls. Started as `python -m tests.bench.bare` in the lesson's folder.
"""

import asyncio
import os
import sys
import time
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"  # as in the warm parent: threads do not survive a fork
os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"

from autograder.kernel.shell import GradingShell, run_cell
from autograder.kernel.warmup import warm_up
from autograder.wire import Caps, Frames
from utils.invoke import How
from utils.student import Handle, InProcess, Target

EVERYTHING = Caps(message=2**30, structure=2**30, items=10**8)


def main() -> None:
    """Run every submission once."""
    shell = warm_up()
    submissions = Frames(EVERYTHING)
    submissions.feed(sys.stdin.buffer.read())
    while (requests := submissions.take()) is not Frames.NOTHING:
        began = time.perf_counter()
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.write(writer, str(answer(shell, requests)).encode())
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if status:
            sys.exit(f"A fork ended with status {status}.")
        seconds, calls = time.perf_counter() - began, float(os.read(reader, 100))
        print(seconds - calls, calls, flush=True)
        os.close(reader)
        os.close(writer)


def answer(shell: GradingShell, requests: list[tuple]) -> float:
    """Do all that was asked; returns the seconds for the calls, cells not counted."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    objects = InProcess(shell.user_ns)
    seconds = 0.0
    for kind, *asked in requests:
        if kind == "cell":
            run_cell(shell, loop, *asked)
            continue
        began = time.perf_counter()
        if kind == "hold":
            for name in asked[0]:
                objects.invoke(Target(name), How.GET, (), {})
        else:
            root, path, how, args, kwargs = asked
            found = [_own(objects, value) for value in args]
            objects.invoke(Target(root, tuple(path)), how, tuple(found), kwargs)
        seconds += time.perf_counter() - began
    return seconds


def _own(objects: InProcess, value: Any) -> Any:
    return objects._find(Target(value)) if isinstance(value, Handle) else value


if __name__ == "__main__":
    main()

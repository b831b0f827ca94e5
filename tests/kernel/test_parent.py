"""The warm parent: shared by forks of its owner, and ahead of the judge by one kernel."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from autograder.kernel import KernelLimits, Status, WarmParent
from autograder.kernel.processes import children
from autograder.sandbox import Resources


def text(result):
    return result.outputs[-1]["data"]["text/plain"]


def in_a_fork(task):
    """Run `task` in a fork of this process; whether it went well there."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            task()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(pid, 0)[1] == 0


@pytest.fixture(scope="module")
def shared():
    """A warm parent that was not waited for."""
    with WarmParent() as parent:
        parent.start(wait=False)
        yield parent


def test_a_fork_may_use_it_before_it_is_warm(shared):
    """A worker forked from the owner gets its kernels from the same warm parent, and waits."""
    pid = shared.pid

    def work():
        with shared.kernel() as kernel:
            assert text(kernel.run_cell("1 + 1", 10)) == "2"
        assert children(pid)  # it is the owner's that has forked
        shared.close()

    assert in_a_fork(work)
    assert shared.pid == pid
    with shared.kernel() as kernel:
        assert text(kernel.run_cell("1 + 1", 10)) == "2"
    assert shared.pid == pid


def test_two_forks_do_not_disturb_each_other(shared):
    """Orders of several processes on one connection stay whole, with the right files."""
    shared.start()
    workers = []
    for number in range(3):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                for _ in range(3):
                    with shared.kernel(seed=number) as kernel:
                        assert text(kernel.run_cell(f"{number}", 20)) == str(number)
                code = 0
            finally:
                os._exit(code)
        workers.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in workers] == [0, 0, 0]


def test_the_next_kernel_is_ready_before_it_is_asked_for(shared):
    """With `another`, the next kernel of the same kind has been forked by then."""
    shared.start()
    with shared.kernel(seed=3, another=True):
        deadline = time.monotonic() + 20
        while len(children(shared.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        before = set(children(shared.pid))
        assert len(before) == 2
        with shared.kernel(seed=3) as second:
            assert set(children(shared.pid)) == before
            assert second.run_cell("1", 10).status is Status.OK


def test_a_kernel_of_another_kind_is_not_handed_out(shared, tmp_path):
    """Seed, limits, files: a kernel made ready for others is thrown away, not handed out."""
    lesson = tmp_path / "lesson"
    lesson.mkdir()
    (lesson / "word.txt").write_text("old")
    source = "import torch, resource\nword = open('word.txt').read()\n"
    source += "word, torch.initial_seed(), resource.getrlimit(resource.RLIMIT_CPU)[0]"
    limits = KernelLimits(resources=Resources(cpu=55))
    shared.kernel(lesson, seed=1, another=True).close()
    (lesson / "word.txt").write_text("new")
    for seed, wanted in ((1, None), (2, None), (2, limits)):
        with shared.kernel(lesson, wanted, seed, another=True) as kernel:
            cpu = KernelLimits().resources.cpu if wanted is None else 55
            assert text(kernel.run_cell(source, 20)) == f"('new', {seed}, {cpu})"


def test_kernels_made_ready_share_no_chance(shared):
    """Without a seed two kernels differ, also when one was forked ahead; with one they agree."""
    source = "import random, torch\nrandom.random(), torch.rand(1).item()"

    def draw(seed):
        with shared.kernel(seed=seed, another=True) as kernel:
            return text(kernel.run_cell(source, 20))

    assert len({draw(None) for _ in range(3)}) == 3
    assert len({draw(5) for _ in range(3)}) == 1


def test_closing_waits_for_every_kernel(gone):
    """`close` of a kernel does not wait; when the warm parent has closed, nothing is left."""
    parent = WarmParent()
    parent.start()
    kernels = [parent.kernel(another=True) for _ in range(2)]
    pids = [parent.pid]
    for pid in pids:
        pids += children(pid)
    assert len(pids) >= 1 + 2 * 2
    kernels[0].close()
    parent.close()
    assert gone(pids, patience=0.0)


def test_a_warm_parent_s_memory_lies_in_few_pages(shared):
    """Where the system has huge pages, most of what is forked is in them: a fork costs half."""
    switch = Path("/sys/kernel/mm/transparent_hugepage/enabled")
    if not switch.is_file() or "[never]" in switch.read_text():
        pytest.skip("this system has no huge pages")
    shared.start()
    lines = Path(f"/proc/{shared.pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    assert sizes["AnonHugePages"] > sizes["Anonymous"] / 2

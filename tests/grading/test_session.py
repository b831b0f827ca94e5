"""Restart and time, on kernels that are made up."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from autograder.judge.session import Limits, Session
from autograder.kernel import CellResult, KernelDied, Status
from utils.invoke import Reply
from utils.student import Handle, StudentGone, StudentTimeout, Target

ENDS = {
    "die": KernelDied("it was killed"),
    "too much": KernelDied("it was killed", out_of_memory=True),
    "forbidden": KernelDied("it was killed", blocked=True),
}


@dataclass
class World:
    """Kernels that note what they are asked; cells of `ENDS` end one, "slow" takes nine seconds."""

    now: float = 0.0
    kernels: list = field(default_factory=list)
    held: tuple = (("files", "network"),)

    def start(self):
        self.now += 100  # starting is slow
        kernel = SimpleNamespace(alive=True, ran=[], closed=False, end=None)
        kernel.protections = self.held[len(self.kernels) % len(self.held)]
        kernel.run_cell = lambda source, timeout: self.run(kernel, source, timeout)
        kernel.invoke = lambda *call: self.invoke(kernel, *call)
        kernel.hold = lambda names, timeout: {name: self.hold(kernel, name) for name in names}
        kernel.close = lambda: setattr(kernel, "closed", True)
        self.kernels.append(kernel)
        return kernel

    def run(self, kernel, source, timeout):
        kernel.ran.append(source)
        if source == "slow":
            self.now += 9
        if source in ENDS:
            kernel.alive, kernel.end = False, ENDS[source]
            return CellResult([], Status.DIED, reason="it was killed")
        return CellResult([], Status.OK)

    def invoke(self, kernel, target, how, args, kwargs, timeout):
        kernel.ran.append(f"{how} {target}")
        if target.root == "die" and how == "call":
            kernel.alive = False
            raise KernelDied("it was killed")
        return Reply(Handle(len(self.kernels), "function"))

    def hold(self, kernel, name):
        kernel.ran.append(f"hold {name}")
        return Reply(Handle(len(self.kernels), "function"))

    @property
    def ran(self):
        return [kernel.ran for kernel in self.kernels]


@pytest.fixture
def world():
    return World()


@pytest.fixture
def session(world):
    limits = Limits(cell=10, call=5, check=8, notebook=30, restarts=2)
    with Session(world.start, limits, clock=lambda: world.now) as running:
        yield running


def call(backend, name):
    return backend.invoke(Target(name), "call", (), {})


def test_a_guilty_cell_is_not_run_again(world, session):
    """The next kernel repeats what ran before, without the cell that ended the first."""
    for source in ("a", "die", "a", "b"):
        session.run(source)
    assert world.ran == [["a", "die"], ["a", "a", "b"]]
    assert world.kernels[0].closed


def test_a_guilty_call_leaves_the_cells(world, session):
    """After a call that ended the kernel, the next check finds everything as before."""
    session.run("a")
    with pytest.raises(StudentGone):
        call(session.backend(), "die")
    call(session.backend(), "f")
    assert world.ran == [["a", "call die"], ["a", "call f"]]


def test_an_exercise_that_ends_python_is_not_called_for_ever(world, session):
    """After two ends in its checks an exercise is given up; the others still have restarts."""
    for _ in range(2):
        with pytest.raises(StudentGone, match="killed"):
            call(session.backend(exercise="bad"), "die")
    with pytest.raises(StudentGone, match="2 times in this exercise"):
        call(session.backend(exercise="bad"), "f")
    call(session.backend(exercise="good"), "f")
    assert len(world.kernels) == 3


def test_a_check_that_trains_has_more_time(session):
    """A training may take `trained` seconds, in a check that is longer by as much."""
    plain, trained = session.backend(), session.backend(trained=True)
    assert (plain.seconds, plain.whole) == (session.limits.call, session.limits.check)
    assert trained.seconds == max(session.limits.call, session.limits.trained)
    assert trained.whole == session.limits.check + session.limits.trained
    assert session.backend(hurried=True, trained=True).seconds == session.limits.hurried


def test_pinned_functions_are_found_again(world, session):
    """After a restart a pin names the object of the new kernel, taken at the same place."""
    session.run("a")
    pins = session.pin(["f"])
    session.run("b")
    with pytest.raises(StudentGone):
        call(session.backend(), "die")
    call(session.backend(pins), "f")
    assert world.ran[1] == ["a", "hold f", "b", "call function"]
    assert pins.found == {"f": Handle(2, "function")}


def test_kernels_are_not_replaced_for_ever(world, session):
    """After the last restart the student's code is not run any more."""
    for _ in range(3):
        session.run("die")
    [output] = session.run("a")
    assert "was not run" in output.evalue
    with pytest.raises(StudentGone):
        call(session.backend(), "f")
    assert len(world.kernels) == 3


def test_the_time_of_a_notebook_ends_and_a_start_is_not_charged(world, session):
    """The student's own seconds count, those of starting a kernel do not."""
    assert [session.run("slow") for _ in range(3)] == [[], [], []]
    assert session.run("slow") == []
    [output] = session.run("a")
    assert "30 s, is over" in output.evalue
    with pytest.raises(StudentTimeout):
        call(session.backend(), "f")


def test_a_check_has_its_own_time(world, session):
    """The calls of one check may not together take longer than a check may."""
    backend = session.backend()
    call(backend, "f")
    world.now += 9
    with pytest.raises(StudentTimeout):
        call(backend, "f")
    call(session.backend(), "f")


def test_the_lessons_own_cells_do_not_use_up_the_students_time(world, session):
    """Slow demonstrations leave the notebook's 30 seconds to the answers."""
    for _ in range(9):
        session.run("slow", given=True)
    assert session.run("a") == []
    assert world.ran == [["slow"] * 9 + ["a"]]


def test_the_lessons_own_cells_have_a_limit_too(world, session):
    """What a demonstration takes beyond its own time counts: nothing runs for ever."""
    for _ in range(60):
        session.run("slow", given=True)
    assert len(world.ran[0]) < 45


@pytest.mark.parametrize(
    ("cell", "name", "says"),
    [
        ("die", "Ended", "ended its own process"),
        ("too much", "OutOfMemory", "more memory than there is"),
        ("forbidden", "Blocked", "may not do"),
    ],
)
def test_a_cell_that_ends_its_process_says_what_ended_it(session, cell, name, says):
    """An exit, a lack of memory and a forbidden system call are told apart."""
    [output] = session.run(cell)
    assert (output.ename, says in output.evalue) == (name, True)


def test_what_held_in_every_kernel_is_recorded(world, session):
    """A protection that one of several kernels lacked is not claimed; no kernel, none."""
    world.held = (("files", "network", "memory"), ("memory", "files"))
    assert session.protections == ()
    session.run("die")
    assert session.protections == ("files", "network", "memory")
    session.run("a")
    assert session.protections == ("files", "memory")

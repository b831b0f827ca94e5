"""A check meets a student's functions through `Student`, and every call is recorded."""

import errno
import socket

import numpy as np
import pytest
import torch

from utils.checks import Check, check, load_checks, run_check
from utils.expect import expect
from utils.invoke import Reply, StudentError
from utils.student import (
    Handle,
    InProcess,
    Student,
    StudentCrash,
    StudentGone,
    StudentTimeout,
    is_plain,
)
from utils.verdicts import Kind

CONSTANT = torch.arange(4.0)


def verdict_of(function, test, points=2):
    item = Check("double", "test", "A title.", points, test)
    namespace = {} if function is None else {"double": function}
    return run_check(item, InProcess(namespace)).verdict


def expects_double(student):
    expect(student.double(CONSTANT), equals=[0.0, 2, 4, 6])


def unanswered(x):
    raise NotImplementedError


def endless_memory(x):
    raise MemoryError


def raising(error):
    def function(x):
        raise error

    return function


CASES = [
    (lambda x: x * 2, Kind.PASSED, ""),
    (lambda x: x + 2, Kind.WRONG, "numbers differ"),
    (lambda x: x.mul_(2), Kind.WRONG, "changed its argument `x` in place"),
    (lambda x: x @ torch.zeros(3), Kind.CRASHED, "stopped with RuntimeError"),
    (lambda: 0, Kind.CRASHED, "stopped with TypeError"),
    (lambda x: exit(), Kind.CRASHED, "stopped with SystemExit"),
    (unanswered, Kind.UNANSWERED, "not answered yet"),
    (raising(NotImplementedError("not for 'Long'")), Kind.CRASHED, "not for 'Long'"),
    (None, Kind.UNANSWERED, "not defined yet"),
    (endless_memory, Kind.OUT_OF_MEMORY, "memory"),
    ("not a function", Kind.CRASHED, "not callable"),
    (lambda x: torch.zeros(10**15), Kind.OUT_OF_MEMORY, "grows in a loop"),
    (lambda x: np.zeros(10**15), Kind.OUT_OF_MEMORY, "Unable to allocate"),
    (raising(OSError(errno.ENOMEM, "Cannot allocate memory")), Kind.OUT_OF_MEMORY, "memory"),
    (raising(PermissionError(errno.EACCES, "no", "/home")), Kind.BLOCKED, "by their names"),
    (raising(OSError(errno.EROFS, "Read-only file system")), Kind.BLOCKED, "by their names"),
    (raising(OSError(errno.ENETUNREACH, "unreachable")), Kind.BLOCKED, "no network"),
    (raising(socket.gaierror(-3, "name resolution")), Kind.BLOCKED, "no network"),
    (raising(RuntimeError("<[Errno -3] in another's words>")), Kind.BLOCKED, "no network"),
    (raising(OSError(errno.ENOSPC, "No space left")), Kind.BLOCKED, "Write less"),
    (raising(BlockingIOError(errno.EAGAIN, "again")), Kind.BLOCKED, "in one process"),
    (raising(RuntimeError("can't start new thread")), Kind.BLOCKED, "in one process"),
    (raising(FileNotFoundError(errno.ENOENT, "none")), Kind.CRASHED, "FileNotFoundError"),
]


@pytest.mark.parametrize(("function", "kind", "part"), CASES)
def test_each_ending_has_its_kind_and_sentence(function, kind, part):
    """Every way in which a student's function can end has a verdict of its own."""
    verdict = verdict_of(function, expects_double)
    assert verdict.kind is kind
    assert part in verdict.message
    assert verdict.points == (2 if kind is Kind.PASSED else 0)


@pytest.mark.parametrize(
    ("end", "kind", "part"),
    [
        (StudentGone("it left"), Kind.CRASHED, "it left"),
        (StudentGone("it was killed", out_of_memory=True), Kind.OUT_OF_MEMORY, "it was killed"),
        (StudentGone("it was killed", blocked=True), Kind.BLOCKED, "may not do"),
        (StudentTimeout(2), Kind.TIMED_OUT, "2 seconds"),
        (Reply(error=StudentError("TooLarge", "90 MB")), Kind.TOO_LARGE, "Return only"),
    ],
)
def test_each_end_of_a_process_has_its_kind(end, kind, part):
    """What a student's process may end in, when it is another process, has a verdict of its own."""

    class Elsewhere:
        def invoke(self, *call):
            if isinstance(end, Reply):
                return end
            raise end

    verdict = run_check(Check("double", "test", "A.", 2, expects_double), Elsewhere()).verdict
    assert (verdict.kind, verdict.points, part in verdict.message) == (kind, 0, True)


def test_a_fault_of_the_check_is_not_the_students():
    """A check that fails by itself is a grader fault, and says so."""
    verdict = verdict_of(lambda x: x, lambda student: 1 / 0)
    assert verdict.kind is Kind.GRADER_FAULT
    assert "not your fault" in verdict.message


def test_a_check_keeps_its_own_tensors():
    """A function that changes its argument changes a copy, never the check's constant."""
    verdict_of(lambda x: x.zero_(), expects_double)
    assert CONSTANT.tolist() == [0, 1, 2, 3]


def test_the_students_own_line_is_shown():
    """A crash shows the student's line, not torch's."""

    def crashing(x):
        return x @ torch.zeros(3)

    verdict = verdict_of(crashing, expects_double)
    assert "return x @ torch.zeros(3)" in verdict.evidence.where


def test_objects_stay_where_they_are():
    """A module is met through a proxy: called, and asked for its attributes."""
    student = Student(InProcess({"Net": lambda: torch.nn.Linear(2, 1)}))
    net = student.Net()
    assert net(torch.ones(3, 2)).shape == (3, 1)
    assert net.weight.shape == (1, 2)
    assert net.in_features == 2
    assert net.forward(torch.ones(2)).shape == (1,)


def test_objects_may_be_arguments():
    """What one of a student's functions made may be handed to another."""
    student = Student(InProcess({"Net": lambda: torch.nn.Linear(2, 1), "count": count_weights}))
    assert student.count(student.Net()) == 3


def count_weights(net):
    return sum(weight.numel() for weight in net.parameters())


def test_private_names_are_refused():
    """A proxy answers no private name, so that no library mistakes it for something else."""
    with pytest.raises(AttributeError):
        _ = Student(InProcess({})).__wrapped__


def test_a_crash_outside_a_check_is_an_exception():
    """Outside a check a student's exception surfaces as `StudentCrash`."""
    with pytest.raises(StudentCrash, match="ZeroDivisionError"):
        Student(InProcess({"f": lambda: 1 / 0})).f()


def test_calls_are_recorded_as_a_student_would_type_them():
    """The record of a call shows small tensors by their numbers."""
    student = Student(InProcess({"f": lambda x, scale: x}))
    student.f(torch.eye(2), scale=3.0)
    assert student._calls[0].text == "f([[1, 0], [0, 1]], scale=3)"


def test_plain_data_is_what_may_travel():
    """Numbers, text and tensors are plain, objects are not."""
    assert is_plain({"a": [1, (2.0, "x", None, torch.ones(1))]})
    assert not is_plain([object()])
    assert not is_plain({1: 2})
    assert not is_plain(Handle(0))


def test_load_checks_keeps_order_title_and_points(tmp_path):
    """A file's checks come in the order written, with title and points."""
    path = tmp_path / "checks.py"
    path.write_text(
        "from utils.checks import check\n"
        "@check('b', points=1.5)\n"
        "def test_b(student):\n"
        '    """First title.\n\n    More."""\n'
        "@check('a', points=2)\n"
        "def test_a(student):\n"
        '    """Second."""\n'
    )
    found = load_checks(path, hidden=True)
    assert [(c.exercise, c.name, c.title, c.points, c.hidden) for c in found] == [
        ("b", "test_b", "First title.", 1.5, True),
        ("a", "test_a", "Second.", 2.0, True),
    ]


@pytest.mark.parametrize("points", [-1, 0.3, float("nan")])
def test_points_are_whole_or_half(points):
    """Points that nbgrader or a reader would stumble on are refused."""
    with pytest.raises(ValueError, match="points of a check"):
        check("double", points=points)

"""The judge calls a student's functions, and only plain data comes back."""

from __future__ import annotations

import time

import pytest
import torch

from autograder.judge.remote import Remote
from autograder.kernel import KernelTimeout
from autograder.wire import TooLarge
from utils.invoke import How
from utils.student import Handle, Student, StudentCrash, StudentGone, StudentTimeout, Target

CLASS = """
import torch
class Net(torch.nn.Module):
    def __init__(self, size=2):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.full((size,), 3.0))
    def forward(self, x):
        return self.weight * x
def apply(net, x): return net(x)
def apply_all(nets, x): return [net(x) for net in nets]
"""


def test_a_call_returns_the_functions_value(kernel):
    """Numbers, texts, tensors and containers of them come back as they are."""
    kernel.run_cell("def echo(*args, **kwargs): return args, kwargs", 10)
    reply = kernel.invoke("echo", How.CALL, (1, "a", [None, (2.5,)]), {"k": True})
    assert reply.value == ((1, "a", [None, (2.5,)]), {"k": True})
    reply = kernel.invoke("echo", How.CALL, (torch.eye(2),))
    assert torch.equal(reply.value[0][0], torch.eye(2))


def test_names_are_held_in_one_question(kernel):
    """A function becomes a handle that outlives a new definition; plain data does not."""
    kernel.run_cell("def f(): return 1\nnumber = 5", 10)
    held = kernel.hold(["f", "number", "missing"])
    assert held["number"].value is None
    assert held["number"].error is None
    assert held["missing"].error.type == "NameError"
    kernel.run_cell("def f(): return 2", 10)
    assert kernel.invoke(held["f"].value, How.CALL).value == 1
    assert kernel.invoke("f", How.CALL).value == 2


def test_an_exception_comes_back_with_the_students_line(kernel):
    """Type, message, line number and source line of the student's own code arrive."""
    kernel.run_cell("def broken(x):\n    y = x\n    return y / 0", 10)
    error = kernel.invoke("broken", How.CALL, (1,)).error
    assert (error.type, error.line, error.source) == ("ZeroDivisionError", 3, "return y / 0")
    assert kernel.invoke("missing", How.CALL).error.type == "NameError"


def test_changed_arguments_and_prints_do_not_disturb_a_call(kernel):
    """An argument changed in place is named; what the function prints shows up nowhere."""
    kernel.run_cell("def shift(x):\n    print('secret'); display('secret'); x += 1; return x", 10)
    assert kernel.invoke("shift", How.CALL, (torch.ones(2),)).changed == ("x",)
    assert kernel.run_cell("None", 10).outputs == []


def test_objects_stay_in_the_students_process(kernel):
    """A module comes back as a handle, whose calls and attributes answer as the module's do."""
    kernel.run_cell(CLASS, 20)
    net = kernel.invoke("Net", How.CALL, (2,)).value
    assert net == Handle(0, "Net")
    assert kernel.invoke(net, How.CALL, (torch.ones(2),)).value.tolist() == [3, 3]
    weight = kernel.invoke(Target(net, ("weight",)), How.GET).value
    assert type(weight) is torch.Tensor
    assert kernel.invoke("apply", How.CALL, (net, torch.ones(1))).value.tolist() == [3, 3]
    assert kernel.invoke("apply_all", How.CALL, ([net], torch.ones(1))).value[0].tolist() == [3, 3]
    assert kernel.invoke(Handle(99), How.CALL).error.type == "IndexError"


def test_a_function_is_pinned_by_its_handle(kernel):
    """A handle keeps the function that a name stood for, though the name means another later."""
    kernel.run_cell("def f(): return 1", 10)
    first = kernel.invoke("f", How.GET).value
    kernel.run_cell("def f(): return 2", 10)
    assert kernel.invoke(first, How.CALL).value == 1
    assert kernel.invoke("f", How.CALL).value == 2


def test_every_way_of_calling_works_across_the_processes(kernel):
    """Operators, gradients and the device's note come back too."""
    kernel.run_cell("def double(x): return 2 * x", 10)
    one = torch.ones(1)
    assert "mul" in kernel.invoke("double", How.TRACE, (one,)).operators
    assert kernel.invoke("double", How.GRADIENTS, (one,)).value[0].tolist() == [2]
    assert kernel.invoke("double", How.DEVICE, (one,)).ran_on != ""


ODD_VALUES = {
    "torch.ones(2, device='meta')": "Unsendable",
    "torch.zeros(1).expand(2**40)": "TooLarge",
    "[0] * 10**6": "TooLarge",
    "'x' * 10**8": "TooLarge",
    "1 << 10**6": "TooLarge",
    "endless": "RecursionError",
}


@pytest.mark.parametrize("value", ODD_VALUES)
def test_a_value_that_cannot_travel_is_an_error_of_the_call(kernel, value):
    """An endless, huge or empty value ends the call with a clear error, not the kernel."""
    kernel.run_cell(
        f"import torch\nendless = []; endless.append(endless)\ndef f(): return {value}", 20
    )
    assert kernel.invoke("f", How.CALL).error.type == ODD_VALUES[value]
    assert kernel.alive


OBJECTS = ("object()", "{1, 2}", "[object()]", "lambda: 1", "1j", "__import__('numpy').ones(2)")


@pytest.mark.parametrize("value", OBJECTS)
def test_what_is_not_plain_becomes_a_handle(kernel, value):
    """An object, a set, an array or a list of objects is answered by a handle."""
    kernel.run_cell(f"def f(): return {value}", 10)
    assert isinstance(kernel.invoke("f", How.CALL).value, Handle)


HOSTILE = {
    "an exception that cannot be shown": (
        "class E(Exception):\n    def __str__(self): raise E()\ndef f(): raise E()",
        "Exception",
    ),
    "an exception outside the family": (
        "class B(BaseException): pass\ndef f(): raise B('x')",
        "B",
    ),
    "the end of the program": ("def f(): raise SystemExit(3)", "SystemExit"),
    "a stack without end": ("def f(): return f()", "RecursionError"),
    "a type that lies": (
        "class L(list):\n    def __iter__(self): raise KeyError('no')\ndef f(): return L([1])",
        "KeyError",
    ),
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_function_raises_is_an_error_of_the_call(kernel, source):
    """No exception of the student's ends the agent."""
    kernel.run_cell(source[0], 10)
    assert kernel.invoke("f", How.CALL).error.type == source[1]
    assert kernel.alive


def test_torch_settings_of_the_student_do_not_reach_the_wire(kernel):
    """A default device or dtype of the student's does not change what the judge sends."""
    kernel.run_cell(
        "import torch\ntorch.set_default_device('meta'); torch.set_default_dtype(torch.float64)\n"
        "def f(x): return x + 1",
        20,
    )
    value = kernel.invoke("f", How.CALL, (torch.ones(2),)).value
    assert value.dtype == torch.float32
    assert value.tolist() == [2, 2]


def test_a_call_that_takes_too_long_is_interrupted(kernel):
    """The deadline ends the call and not the kernel; a late answer is not taken for the next."""
    kernel.run_cell("import time\ndef slow(s):\n    time.sleep(s)\n    return s", 10)
    with pytest.raises(KernelTimeout) as timeout:
        kernel.invoke("slow", How.CALL, (30,), timeout=0.3)
    assert timeout.value.alive
    assert kernel.invoke("slow", How.CALL, (0,)).value == 0


def test_an_argument_that_cannot_travel_is_the_judges_fault(kernel):
    """A check that sends too much hears of it; the kernel is none the worse."""
    with pytest.raises(TooLarge):
        kernel.invoke("f", How.CALL, ([0] * 10**6,))
    assert kernel.run_cell("1", 10).outputs


def test_a_student_object_over_the_kernel_is_the_student_of_the_checks(kernel):
    """Checks meet the same `student` in grading: calls, attributes, objects, crashes, time-outs."""
    kernel.run_cell(CLASS + "def forever():\n    while True: pass\ndef wrong(): 1 / 0", 20)
    student = Student(Remote(kernel, seconds=0.3))
    net = student.Net(size=3)
    assert student.apply(net, torch.ones(3)).tolist() == [3, 3, 3]
    assert net.weight.tolist() == [3, 3, 3]
    with pytest.raises(StudentCrash, match="ZeroDivisionError"):
        student.wrong()
    with pytest.raises(StudentTimeout):
        student.forever()
    kernel.run_cell("import os\ndef leave(): os._exit(3)", 10)
    for _ in range(2):
        with pytest.raises(StudentGone, match="exit code 3"):
            student.leave()


def test_many_calls_are_quick(kernel):
    """A call takes well below a millisecond on a quiet machine; here it must not take twenty."""
    kernel.run_cell("def f(x): return x", 10)
    tensor = torch.ones(5)
    started = time.monotonic()
    for _ in range(100):
        kernel.invoke("f", How.CALL, (tensor,))
    assert time.monotonic() - started < 2


def test_a_large_net_is_surveyed_in_the_kernel(kernel):
    """A net that would not fit into a kernel's memory is built there on paper."""
    kernel.run_cell("import torch\ndef net(n): return torch.nn.Linear(n, n)", 10)
    reply = kernel.invoke("net", How.BLUEPRINT, ((1, 200_000), 200_000))
    assert reply.value["parameters"] == 200_000 * 200_001
    assert reply.value["output"] == [1, 200_000]

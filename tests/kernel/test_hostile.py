"""A student's process may say anything on its connection: the judge believes none of it."""

from __future__ import annotations

import time

import pytest
import torch

from autograder.kernel import KernelDied, KernelTimeout, Status
from autograder.wire import ProtocolViolation
from utils.invoke import How
from utils.student import Handle

# The connection is file 3; the process may also use the course's own code to speak on it.
SPEAK = """
import os, struct, time, threading
from autograder.wire import encode
def say(message): os.write(3, encode(message))
REPLY = {"value": 1, "error": None, "changed": (), "operators": (), "ran_on": ""}
"""

LIES = {
    "garbage": "os.write(3, b'garbage that is no message at all')",
    "a message without end": "os.write(3, struct.pack('>II', 2**31, 2**31))",
    "another reply's number": "say({'id': 10**6, 'reply': REPLY})",
    "True for a number": "say({'id': True, 'reply': REPLY})",
    "no dict": "say([1, 2])",
    "no reply": "say({'id': ID, 'reply': None})",
    "odd notes": "say({'id': ID, 'reply': {**REPLY, 'changed': 7}})",
    "notes that are no texts": "say({'id': ID, 'reply': {**REPLY, 'operators': (1,)}})",
    "an odd error": "say({'id': ID, 'reply': {**REPLY, 'error': {'type': 1}}})",
    "an odd line": "say({'id': ID, 'reply': {**REPLY, 'error': "
    "{'type': '', 'message': '', 'source': '', 'line': 'x'}}})",
    "an output during a call": "say({'event': 'display_data', 'content': '{}'})",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_in_a_call_ends_the_kernel(kernel, lie):
    """What is no reply raises a violation, and a second question is not asked."""
    kernel.run_cell(SPEAK + "ID = 2\ndef f():\n    " + lie + "\n    time.sleep(9)", 10)
    with pytest.raises(ProtocolViolation):
        kernel.invoke("f", How.CALL, timeout=5)
    with pytest.raises(KernelDied, match="broke the protocol"):
        kernel.invoke("f", How.CALL)


# An object is asked for its signature when it is held: there the student's code can speak.
ODD = """
class Odd:
    def __call__(self): pass
    @property
    def __signature__(self):
        {lie}
f = Odd()
"""
HOLD_LIES = {
    "other names": "say({'id': 2, 'replies': {'g': REPLY}})",
    "more names": "say({'id': 2, 'replies': {'f': REPLY, 'g': REPLY}})",
    "no dict": "say({'id': 2, 'replies': [REPLY]})",
    "no reply": "say({'id': 2, 'replies': {'f': 1}})",
    "nothing": "say({'id': 2})",
}


@pytest.mark.parametrize("lie", HOLD_LIES.values(), ids=HOLD_LIES)
def test_a_lie_when_names_are_held_ends_the_kernel(kernel, lie):
    """What is no answer about just these names raises a violation."""
    kernel.run_cell(SPEAK + ODD.format(lie=lie), 10)
    with pytest.raises(ProtocolViolation):
        kernel.hold(["f"], timeout=5)
    with pytest.raises(KernelDied, match="broke the protocol"):
        kernel.hold(["f"])


def test_an_object_that_cannot_be_held_is_an_error_for_every_name(kernel):
    """What stops the agent itself while it looks is told for each name, and the kernel lives on."""
    kernel.run_cell(ODD.format(lie="raise KeyboardInterrupt"), 10)
    kernel.run_cell("def g(): return 1", 10)
    held = kernel.hold(["f", "g"])
    assert [reply.error.type for reply in held.values()] == ["KeyboardInterrupt"] * 2
    assert kernel.invoke("g", How.CALL).value == 1


def test_an_object_that_fails_when_it_is_held_costs_the_others_nothing(kernel):
    """An error in one object's attributes is that name's error alone."""
    kernel.run_cell(ODD.format(lie="raise RecursionError('round and round')"), 10)
    kernel.run_cell("def g(): return 1", 10)
    held = kernel.hold(["f", "g"])
    assert held["f"].error.type == "RecursionError"
    assert isinstance(held["g"].value, Handle)


CELL_LIES = {
    "garbage": "os.write(3, b'garbage that is no message at all')",
    "an unknown kind of output": "say({'event': 'steal', 'content': '{}'})",
    "an output that is not JSON": "say({'event': 'display_data', 'content': '{'})",
    "an output that is no object": "say({'event': 'display_data', 'content': '3'})",
    "an output without a text": "say({'event': 'display_data', 'content': 3})",
    "an output nested without end": "say({'event': 'display_data', 'content': '[' * 100000})",
}


@pytest.mark.parametrize("lie", CELL_LIES.values(), ids=CELL_LIES)
def test_a_lie_in_a_cell_ends_the_kernel(kernel, lie):
    """A forged output that no front end would take ends the kernel, not the grader."""
    result = kernel.run_cell(SPEAK + lie + "\ntime.sleep(9)", 5)
    assert result.status is Status.DIED
    assert "broke the protocol" in result.reason


def test_an_answer_that_comes_twice_ends_the_kernel(kernel):
    """A reply that nobody asked for is noticed before the next question."""
    kernel.run_cell(SPEAK + "def f():\n    say({'id': 2, 'reply': REPLY}); return 5", 10)
    assert kernel.invoke("f", How.CALL).value == 1
    time.sleep(0.2)
    with pytest.raises(ProtocolViolation, match="without being asked"):
        kernel.invoke("f", How.CALL)


def test_an_answer_before_the_question_ends_the_kernel(kernel):
    """A forged reply that waits for its question is noticed too."""
    kernel.run_cell(SPEAK + "threading.Timer(0.1, say, [{'id': 2, 'reply': REPLY}]).start()", 10)
    time.sleep(0.4)
    with pytest.raises(ProtocolViolation, match="without being asked"):
        kernel.invoke("print", How.CALL)


def test_a_forged_answer_is_no_more_than_an_answer(kernel):
    """A student who writes the reply himself gets the mark that his value earns."""
    kernel.run_cell(SPEAK + "def f():\n    say({'id': 2, 'reply': REPLY}); os._exit(0)", 10)
    assert kernel.invoke("f", How.CALL).value == 1
    time.sleep(0.2)
    with pytest.raises(KernelDied):
        kernel.invoke("f", How.CALL)


def test_silence_is_a_time_out(kernel):
    """A process that answers with half a message, a byte at a time, gets no extra time."""
    drip = "    while True:\n        os.write(3, b'\\0'); time.sleep(0.05)"
    kernel.run_cell(
        SPEAK + "def f():\n    os.write(3, struct.pack('>II', 1000, 1000))\n" + drip, 10
    )
    started = time.monotonic()
    with pytest.raises(KernelTimeout):
        kernel.invoke("f", How.CALL, timeout=0.3)
    assert time.monotonic() - started < 10


def test_a_process_that_does_not_read_does_not_hold_up_the_judge(kernel):
    """A large argument to a process that has stopped reading runs into its deadline."""
    kernel.run_cell("import os, signal, threading\nos.kill(os.getppid(), signal.SIGCONT)", 10)
    kernel.run_cell("threading.Timer(0.1, os.kill, [os.getpid(), signal.SIGSTOP]).start()", 10)
    time.sleep(0.4)
    started = time.monotonic()
    with pytest.raises(KernelTimeout) as timeout:
        kernel.invoke("f", How.CALL, (torch.zeros(10**6),), timeout=0.3)
    assert not timeout.value.alive
    assert time.monotonic() - started < 10


def test_a_process_that_hangs_up_is_dead(kernel):
    """Closing the connection while the process lives on ends the kernel."""
    result = kernel.run_cell(
        "import socket, time\nsocket.socket(fileno=3).shutdown(2); time.sleep(9)", 5
    )
    assert result.status is Status.DIED
    assert result.reason in ("it cut its connection to the grader", "it left with exit code 1")


def test_a_forked_process_cannot_disturb_the_connection(kernel):
    """Displays and prints of a child process do not tangle up the messages."""
    source = (
        "import os\npid = os.fork()\n"
        "if pid == 0:\n    display('child'); print('child', flush=True); os._exit(0)\n"
        "os.waitpid(pid, 0); display('parent')"
    )
    result = kernel.run_cell(source, 10)
    assert [o.get("text") or o["data"]["text/plain"] for o in result.outputs] == [
        "child\n",
        "'parent'",
    ]


def test_a_display_inside_a_display_is_dropped(kernel):
    """A signal handler or a thread that displays during another display is harmless."""
    source = (
        "import signal, threading\n"
        "signal.signal(signal.SIGALRM, lambda *_: display('alarm'))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n"
        "thread = threading.Thread(target=lambda: [display('t') for _ in range(50)])\n"
        "thread.start()\n"
        "for _ in range(50): display('m')\n"
        "thread.join(); signal.setitimer(signal.ITIMER_REAL, 0)"
    )
    result = kernel.run_cell(source, 30)
    assert result.status is Status.OK
    shown = [output["data"]["text/plain"] for output in result.outputs]
    assert shown.count("'t'") == 50
    assert shown.count("'m'") == 50

"""Cells give the outputs that a notebook shows, within limits."""

from __future__ import annotations

import time

import nbformat
import pytest

from autograder.kernel import CellResult, Status


def text_of(result: CellResult, name: str = "stdout") -> str:
    """What a cell printed."""
    streams = [output for output in result.outputs if output["output_type"] == "stream"]
    return "".join(output["text"] for output in streams if output["name"] == name)


def test_a_cell_returns_its_outputs_its_status_and_its_number(kernel):
    """Prints, a result and the execution count arrive in order."""
    result = kernel.run_cell("print('hello')\n6 * 7", 10)
    assert result.status is Status.OK
    assert result.execution_count == 1
    assert [output["output_type"] for output in result.outputs] == ["stream", "execute_result"]
    assert text_of(result) == "hello\n"
    assert result.outputs[1]["data"] == {"text/plain": "42"}
    assert kernel.run_cell("_", 10).outputs[0]["data"] == {"text/plain": "42"}


def test_a_kernel_starts_empty(kernel):
    """Nothing of the warm-up is left: no names, no figures, no history, no exception."""
    source = (
        "import sys\n"
        "names = [n for n in globals() if not n.startswith('_') and n not in ('In', 'Out')]\n"
        "import matplotlib.pyplot as plt, ipywidgets\n"
        "sorted(names), Out, plt.get_fignums(), getattr(sys, 'last_value', None)"
    )
    seen = kernel.run_cell(source, 10).outputs[0]["data"]["text/plain"]
    assert seen == "(['exit', 'get_ipython', 'open', 'quit', 'sys'], {}, [], None)"


def test_an_error_shows_its_traceback_and_the_students_line(kernel):
    """The traceback is coloured as in Jupyter and contains the source line."""
    result = kernel.run_cell("def half(x):\n    return x / 0\nhalf(1)", 10)
    assert result.status is Status.ERROR
    (error,) = result.outputs
    assert (error["ename"], error["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert "\x1b[" in "".join(error["traceback"])
    assert "half" in "".join(error["traceback"])


def test_outputs_fit_the_notebook_format(kernel):
    """What a cell returns can be saved: every kind of output validates."""
    source = (
        "import sys; from IPython.display import HTML, JSON, display\n"
        "print('a'); print('b', file=sys.stderr)\n"
        "display(HTML('<b>'), JSON({'a': [1, float('nan')]}))\n"
        "import matplotlib.pyplot as plt; plt.plot([1, 2])\n1 / 0"
    )
    cell = nbformat.v4.new_code_cell(source)
    cell.outputs = kernel.run_cell(source, 20).outputs
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    assert len(cell.outputs) == 6


def test_what_processes_print_stays_in_its_place(kernel):
    """Prints of Python, of file descriptors and of other programs keep their order."""
    source = (
        "import os, subprocess\nfrom IPython.display import display\n"
        "print('1'); os.write(1, b'2\\n'); subprocess.run(['echo', '3'])\n"
        "display('4'); subprocess.run(['echo', '5']); print('6')\n!echo 7"
    )
    result = kernel.run_cell(source, 20)
    shown = [o.get("text") or o["data"]["text/plain"] for o in result.outputs]
    assert [part.replace("\r", "") for part in shown] == ["1\n2\n3\n", "'4'", "5\n6\n7\n"]


def test_an_update_changes_the_display_of_an_earlier_cell(kernel):
    """`update` on a display handle changes what the earlier cell shows, as in Jupyter."""
    first = kernel.run_cell("h = display('before', display_id=True)", 10)
    second = kernel.run_cell("h.update('after')", 10)
    assert first.outputs[0]["data"]["text/plain"] == "'after'"
    assert second.outputs == []


@pytest.mark.parametrize("ask", ["input('number? ')", "import getpass; getpass.getpass()"])
def test_a_cell_cannot_ask_for_input(kernel, ask):
    """`input()` is refused at once, with a sentence that says why."""
    result = kernel.run_cell(ask, 10)
    assert result.status is Status.ERROR
    assert "a graded notebook cannot ask for input" in result.outputs[0]["evalue"]
    assert kernel.run_cell("import sys; sys.stdin.read()", 10).outputs[0]["data"] == {
        "text/plain": "''"
    }


def test_exit_does_not_end_the_notebook(kernel):
    """The cells after `exit()` still run and count."""
    assert kernel.run_cell("exit()\nx = 1", 10).status is Status.OK
    assert kernel.run_cell("import sys; sys.exit(1)", 10).status is Status.ERROR
    assert kernel.run_cell("x", 10).outputs[0]["data"] == {"text/plain": "1"}


def test_widgets_do_not_crash(kernel):
    """A widget leaves its view, and what it catches does not show in the cell."""
    result = kernel.run_cell(
        "from ipywidgets import IntSlider, Output, interact\n"
        "@interact(k=IntSlider(1, 0, 3))\ndef show(k): print('k is', k)\n"
        "out = Output()\nwith out: print('inside')\nprint('outside')",
        20,
    )
    assert result.status is Status.OK
    assert "application/vnd.jupyter.widget-view+json" in result.outputs[0]["data"]
    assert text_of(result) == "outside\n"


def test_fifty_megabytes_of_output_are_cut_and_cost_no_memory(make):
    """A cell that prints 50 MB keeps its budget's worth, says so, and runs to its end."""
    kernel = make(limits={"output": 100_000})
    started = time.monotonic()
    result = kernel.run_cell("print('x' * 50_000_000)\nfor i in range(1000): print(i)\ny = 1", 60)
    assert result.status is Status.TOO_LARGE
    assert len(text_of(result)) == 100_000
    assert time.monotonic() - started < 20
    assert kernel.run_cell("y", 10).status is Status.OK


def test_large_displays_and_errors_are_cut(make):
    """A display beyond the budget is dropped; an error of a megabyte is shortened, not lost."""
    kernel = make(limits={"output": 100_000})
    result = kernel.run_cell("from IPython.display import HTML\ndisplay(HTML('y' * 10**6)); 5", 20)
    assert result.status is Status.TOO_LARGE
    assert [output["output_type"] for output in result.outputs] == ["execute_result"]
    result = kernel.run_cell("raise ValueError('z' * 10**6)", 20)
    assert result.outputs[-1]["ename"] == "ValueError"
    assert len(str(result.outputs)) < 200_000


def test_a_display_of_too_many_parts_is_left_out(make):
    """A text of a million commas, shown as a cell's value, is dropped; the kernel lives on."""
    kernel = make()
    result = kernel.run_cell("kept = 1; display('small'); ',' * 10**6", 20)
    assert result.status is Status.TOO_LARGE
    assert [output["output_type"] for output in result.outputs] == ["display_data"]
    assert kernel.run_cell("kept", 10).status is Status.OK


def test_clearing_gives_the_budget_back(make):
    """An animation that clears what it drew is not too large."""
    kernel = make(limits={"output": 10_000})
    result = kernel.run_cell(
        "from IPython.display import clear_output\n"
        "for i in range(20):\n    clear_output(wait=True)\n    display('f' * 3000)",
        20,
    )
    assert result.status is Status.OK
    assert len(result.outputs) == 1


def test_a_cell_that_never_stops_printing_is_interrupted(make):
    """Endless output ends the cell long before its time is up; the kernel lives on."""
    kernel = make(limits={"output": 1000, "flood": 2_000_000})
    result = kernel.run_cell("while True: print('x' * 1000)", 60)
    assert result.status is Status.TOO_LARGE
    assert kernel.run_cell("1", 10).status is Status.OK


def test_a_cell_that_takes_too_long_is_interrupted_and_keeps_its_outputs(make):
    """After the deadline a busy, a sleeping or an awaiting cell ends, and the kernel lives on."""
    kernel = make(limits={"grace": 10.0})
    for source in (
        "print('busy')\nwhile True: pass",
        "print('busy')\nimport time; time.sleep(60)",
        "print('busy')\nimport asyncio; await asyncio.sleep(60)",
        "print('busy')\nimport subprocess; subprocess.run(['sleep', '60'])",
    ):
        result = kernel.run_cell(source, 0.5)
        assert result.status is Status.TIMED_OUT
        assert text_of(result) == "busy\n"
        assert result.outputs[-1]["ename"] in ("KeyboardInterrupt", "CancelledError")
        assert kernel.run_cell("1 + 1", 10).status is Status.OK


def test_a_broken_environment_is_mended_for_the_next_cell(kernel):
    """A closed stream or loop, a tiny stack and half a character do not end the notebook."""
    for source in (
        "import sys; sys.stdout.close(); sys.stderr.close()",
        "print('a\\ud800b')",
        "import sys; sys.setrecursionlimit(60)",
        "import asyncio; asyncio.get_running_loop().call_soon(lambda: 1 / 0)",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
    ):
        kernel.run_cell(source, 10)
    result = kernel.run_cell("print('still here'); await asyncio.sleep(0)", 10)
    assert result.status is Status.OK
    assert text_of(result) == "still here\n"


def test_a_cell_longer_than_a_message_is_an_error(make):
    """A cell of megabytes gets an error output instead of stopping the grader."""
    kernel = make()
    result = kernel.run_cell("x = '" + "y" * 20_000_000 + "'", 10)
    assert result.status is Status.ERROR
    assert result.outputs[0]["ename"] == "TooLarge"
    assert kernel.run_cell("1", 10).status is Status.OK

"""Outputs are put together as in a notebook, whatever arrives."""

from __future__ import annotations

import json

import nbformat
import pytest

from autograder.kernel.outputs import Outputs
from autograder.wire import ProtocolViolation


def shown(*parts, budget=1000):
    """The outputs of a cell from streams `(name, bytes)` and events `(kind, content)`."""
    outputs = Outputs()
    outputs.begin(budget)
    for kind, content in parts:
        if isinstance(content, bytes):
            outputs.stream(kind, content)
        else:
            outputs.event(kind, json.dumps(content))
    return outputs.finish()


def display(text, **more):
    return {"data": {"text/plain": text}, "metadata": {}, **more}


def test_streams_join_and_standard_output_comes_first():
    """Prints between two displays make one output for each stream."""
    outputs = shown(
        ("stdout", b"a"),
        ("stderr", b"b"),
        ("stdout", b"c"),
        ("display_data", display("d")),
        ("stdout", b"e"),
    )
    assert [o.get("text") for o in outputs] == ["ac", "b", None, "e"]


def test_a_character_cut_in_two_is_put_together():
    """Bytes of one character that come in two pieces are not lost."""
    cut = "é".encode()
    assert shown(("stdout", cut[:1]), ("stdout", cut[1:]))[0]["text"] == "é"
    assert shown(("stdout", cut[:1]))[0]["text"] == "\ufffd"


FORGED = {
    "a bundle that is no object": {"data": 7, "metadata": {}},
    "metadata that are no object": {"data": {}, "metadata": 7},
    "a text that is a number": {"data": {"text/plain": 7}, "metadata": {}},
    "a list of other things": {"data": {"text/html": [1]}, "metadata": {}},
    "half a character": {
        "data": {"text/plain": "\ud800", "\ud800": "x"},
        "metadata": {"\ud800": 1},
    },
    "transient that is no object": {"data": {}, "metadata": {}, "transient": 3},
    "a count that is no number": {"data": {}, "metadata": {}, "execution_count": "x"},
    "nothing": {},
    "NaN": {"data": {"application/json": float("nan")}, "metadata": {"a": [float("inf")]}},
}


@pytest.mark.parametrize("content", FORGED.values(), ids=FORGED)
@pytest.mark.parametrize("kind", ["display_data", "execute_result", "error", "update_display_data"])
def test_a_forged_output_still_fits_the_notebook_format(kind, content):
    """Whatever a student's process sends, the notebook can be saved and validates."""
    cell = nbformat.v4.new_code_cell("", outputs=shown((kind, content)))
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")
    assert "NaN" not in nbformat.writes(notebook)


@pytest.mark.parametrize("kind", ["steal", "display_data"])
def test_nonsense_is_a_violation(kind):
    """An unknown kind and a list for an object are refused."""
    with pytest.raises(ProtocolViolation):
        shown((kind, [] if kind == "display_data" else {}))


def test_what_exceeds_the_budget_is_dropped_and_noted():
    """Text is cut at the budget, a display is dropped whole, an error always gets through."""
    outputs = Outputs()
    outputs.begin(10)
    outputs.stream("stdout", b"x" * 100)
    outputs.event("display_data", json.dumps(display("y" * 100)))
    outputs.event("error", json.dumps({"ename": "E", "evalue": "", "traceback": []}))
    kinds = [o["output_type"] for o in outputs.finish()]
    assert kinds == ["stream", "error"]
    assert outputs.truncated


def test_an_update_after_clearing_changes_nothing():
    """A display that has been cleared away is not brought back by its update."""
    named = display("a", transient={"display_id": "n"})
    assert (
        shown(
            ("display_data", named),
            ("clear_output", {"wait": False}),
            ("update_display_data", display("b", transient={"display_id": "n"})),
        )
        == []
    )

"""Hands in the check's cell many times, each with full marks in its output and its metadata."""

import copy

import nbformat


def attack(notebook):
    check = next(c for c in notebook.cells if c.id == "double-check")
    check.outputs = [
        nbformat.v4.new_output("execute_result", data={"text/plain": "4.0"}, execution_count=1)
    ]
    for place in range(20):
        notebook.cells.insert(place, copy.deepcopy(check))
    return notebook

"""Holds code for which the pages' highlighter needs hours."""

import nbformat


def attack(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("if False:\n    a" + ".a" * 100_000))
    return notebook

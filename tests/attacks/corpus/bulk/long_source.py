"""One cell of thirty megabytes of code."""

# ends: not gradable

import nbformat


def attack(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("x = 1;" * 5_000_000))
    return nbformat.writes(notebook).encode()

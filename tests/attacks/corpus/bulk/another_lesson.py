"""A notebook that is none of this lesson's, with marks in it."""

# ends: not gradable

import nbformat


def attack(notebook):
    cell = nbformat.v4.new_code_cell("4.0", metadata={"nbgrader": {"grade_id": "x", "points": 4}})
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()

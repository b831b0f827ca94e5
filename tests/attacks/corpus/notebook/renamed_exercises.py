"""Gives the right answer of one exercise the name of the other, and both names to each."""

import copy


def attack(notebook):
    total = next(c for c in notebook.cells if c.id == "total")
    claimed = copy.deepcopy(total)
    claimed.metadata["nbgrader"]["grade_id"] = "double-check"
    claimed.id = "double-check"
    again = copy.deepcopy(total)
    again.metadata["nbgrader"]["grade_id"] = "double"
    notebook.cells += [claimed, again]
    return notebook

"""Changes what the checks are worth: a million, less than nothing, no number at all."""

import copy


def attack(notebook):
    check = next(c for c in notebook.cells if c.id == "double-check")
    for points in (10**6, -5, float("nan"), "4", None, [4], True):
        other = copy.deepcopy(check)
        other.metadata["nbgrader"].update(points=points, locked=False, solution=True)
        other.id = f"double-check-{len(notebook.cells)}"
        notebook.cells.append(other)
    check.metadata["nbgrader"]["points"] = 10**6
    return notebook

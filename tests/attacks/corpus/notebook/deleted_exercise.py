"""Deletes the exercise's cell and its check, and leaves only the points of an earlier run."""

import nbformat


def attack(notebook):
    kept = [c for c in notebook.cells if not c.id.startswith("double")]
    claim = nbformat.v4.new_code_cell("4.0")
    claim.outputs = [
        nbformat.v4.new_output("execute_result", data={"text/plain": "4.0"}, execution_count=1)
    ]
    claim.metadata["nbgrader"] = {"grade_id": "double-check", "grade": True, "points": 4}
    notebook.cells = [claim, *kept]
    return notebook

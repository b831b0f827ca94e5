"""Keeps the outputs of a right answer that was replaced by a wrong one."""

import nbformat


def attack(notebook):
    verdict = {"exercise": "double", "verdicts": [], "protections": ["files"]}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
            cell.outputs = [
                nbformat.v4.new_output("stream", name="stdout", text="3 of 3 checks passed"),
                nbformat.v4.new_output(
                    "execute_result",
                    data={"text/plain": "4.0", "application/vnd.course.verdict+json": verdict},
                    execution_count=1,
                ),
            ]
    return notebook

"""Deletes the checks, so that nothing is asked."""


def attack(notebook):
    notebook.cells = [c for c in notebook.cells if not c.id.endswith("-check")]
    return notebook

"""Rewrites the checks' cells to return full marks."""


def attack(notebook):
    for cell in notebook.cells:
        if cell.id.endswith("-check"):
            cell.source = "4.0"
    return notebook

"""Puts the checks first and the exercises last, where no check has run yet."""


def attack(notebook):
    notebook.cells.sort(key=lambda cell: not cell.id.endswith("-check"))
    return notebook

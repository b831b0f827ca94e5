"""A notebook in four bytes a letter, with a mark that says so."""

import nbformat


def attack(notebook):
    return nbformat.writes(notebook).encode("utf-32")

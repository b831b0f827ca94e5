"""Folders in folders, deeper than anyone's stack."""

import os


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    here = os.open(".", os.O_RDONLY)
    os.chdir(folder)
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")
    os.fchdir(here)
    os.close(here)

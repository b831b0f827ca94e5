"""Hard links beside the notebook to the gradebook and to the hidden checks, to be written to."""

import os


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    os.link(course / "classroom/gradebook.db", folder / "timestamp.txt")
    os.link(course / "solutions/01_tiny/hidden_checks.py", folder / "checks.py")

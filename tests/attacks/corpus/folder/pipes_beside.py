"""Pipes and sockets beside the notebook, and one in the place of the time of handing in."""

import os


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    os.mkfifo(folder / "timestamp.txt")
    (folder / "data").mkdir()
    os.mkfifo(folder / "data" / "pipe")

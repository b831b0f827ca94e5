"""The notebook is a pipe, at which a reader waits for ever."""

# ends: not gradable

import os


def attack(folder, notebook, course):
    os.mkfifo(folder / "01_tiny.ipynb")

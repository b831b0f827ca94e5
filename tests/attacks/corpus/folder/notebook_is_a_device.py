"""The notebook is a device that never ends, where one may be made; a socket else."""

# ends: not gradable

import os
import socket
import stat


def attack(folder, notebook, course):
    try:
        os.mknod(folder / "01_tiny.ipynb", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        here = os.open(".", os.O_RDONLY)
        os.chdir(folder)
        with socket.socket(socket.AF_UNIX) as line:
            line.bind("01_tiny.ipynb")
        os.fchdir(here)
        os.close(here)

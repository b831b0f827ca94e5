"""Takes memory in many processes, each a little, all of it shared by nobody."""

# %% double
import os
import time


def double(x):
    for _ in range(40):
        if os.fork() == 0:
            hoard = bytearray(2**28)
            for place in range(0, len(hoard), 4096):
                hoard[place] = 1
            time.sleep(60)
            os._exit(0)
    time.sleep(60)

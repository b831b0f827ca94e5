"""Cuts a daemon loose by two forks, which waits and writes when the next student is graded."""

# %% double
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 64)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            for folder in ("@HOME@", "@COURSE@", "/tmp", "/dev/shm"):
                try:
                    open(f"{folder}/lingering_attack", "w").write("still here")
                except OSError:
                    continue
            time.sleep(0.05)
    os._exit(0)


def double(x):
    return None

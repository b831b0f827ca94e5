"""Loops in a cell, deaf to every signal, so that no later cell has its turn."""


# %% double
def double(x):
    return None


# %% last
import signal

for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True:
            pass
    except BaseException:
        continue

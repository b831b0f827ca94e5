"""Slows down everything that the lesson's own cells do."""

# %% double
import builtins
import time

honest = builtins.print
builtins.print = lambda *args, **kwargs: (time.sleep(0.5), honest(*args, **kwargs))[1]


def double(x):
    print(x)


# %% last
print(DEMO)

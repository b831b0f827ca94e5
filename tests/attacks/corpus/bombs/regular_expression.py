"""Searches with a regular expression that takes for ever, in one step of C."""

# ends: timed out

# %% double
import re


def double(x):
    return re.match(r"(a+)+$", "a" * 60 + "b")

"""Counts to a number with a hundred million digits, in one step that cannot be interrupted."""

# ends: timed out


# %% double
def double(x):
    return 7 ** (7**12)

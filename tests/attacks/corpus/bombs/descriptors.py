"""Opens files until none can be opened."""

# ends: blocked


# %% double
def double(x):
    return [open("/dev/null") for _ in range(100_000)]

"""Awaits what never comes, in a cell with top-level await."""

# %% double
import asyncio


def double(x):
    return None


# %% last
await asyncio.sleep(3600)

"""Displays one thing under one name a hundred thousand times, and updates them all each time."""

# %% double
for number in range(100_000):
    display(number, display_id="one", update=bool(number % 2))


def double(x):
    return None

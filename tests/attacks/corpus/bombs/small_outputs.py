"""Displays small things without end."""


# %% double
def double(x):
    return None


while True:
    display("4.0")

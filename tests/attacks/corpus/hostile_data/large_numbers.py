"""Returns integers that no float can hold, where a number or a tensor is asked for."""


# %% double
def double(x):
    return 10**1200


# %% total
def total(x):
    return -(10**1200)


# costs total: it is attacked too

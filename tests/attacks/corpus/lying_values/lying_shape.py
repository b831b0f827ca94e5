"""Returns a tensor that tells another shape, dtype and layout than it has."""

# %% double
import torch


class Liar(torch.Tensor):
    shape = property(lambda self: torch.Size((2**31, 2**31)))
    dtype = property(lambda self: torch.bool)
    device = property(lambda self: torch.device("meta"))
    layout = property(lambda self: torch.sparse_coo)

    def size(self, *args):
        return 3 if args else torch.Size((3,))

    def numel(self):
        return -1

    def dim(self):
        return 10**9


def double(x):
    return torch.full((3,), float("nan")).as_subclass(Liar)

"""Wrong and other right solutions of `causal_mask`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "causal_mask",
    says="Your mask is transposed: each place sees what comes after it. "
    "Row i is the one who looks, and may look at the columns up to i.",
)
def transposed(L):
    return torch.ones(L, L, dtype=torch.bool).triu()


@misconception(
    "causal_mask",
    says="Your mask says the opposite. True means may look: "
    "True on the diagonal and below it, False above.",
)
def true_means_hidden(L):
    return torch.ones(L, L, dtype=torch.bool).triu(diagonal=1)


@misconception(
    "causal_mask",
    says="Nobody may look at their own place in your mask, and the first row sees nothing at all. "
    "The diagonal is True.",
)
def own_place_hidden(L):
    return torch.ones(L, L, dtype=torch.bool).tril(diagonal=-1)


@misconception(
    "causal_mask",
    says="Your mask lets each place look one step ahead, at the very word that it must guess. "
    "The last column that row i may see is i.",
)
def one_step_ahead(L):
    return torch.ones(L, L, dtype=torch.bool).tril(diagonal=1)


@misconception(
    "causal_mask",
    says="Your mask hides nothing: every place sees what comes after it. "
    "Only the diagonal and what lies below it is True.",
)
def nothing_hidden(L):
    return torch.ones(L, L, dtype=torch.bool)


@misconception(
    "causal_mask",
    says="Your mask holds −inf and 0, to be added to scores. Here a mask is True and False: "
    "the attention itself puts the −inf in.",
)
def minus_infinity(L):
    return torch.full((L, L), float("-inf")).triu(diagonal=1)


@misconception(
    "causal_mask",
    says="Your mask holds numbers. It must be True and False: dtype=torch.bool, or .bool().",
)
def ones_and_zeros(L):
    return torch.ones(L, L).tril()


@alternative("causal_mask")
def places_compared(L):
    place = torch.arange(L)
    return place[:, None] >= place[None, :]


@alternative("causal_mask")
def rows_written_down(L):
    rows = [[column <= row for column in range(L)] for row in range(L)]
    return torch.tensor(rows, dtype=torch.bool).reshape(L, L)


@alternative("causal_mask")
def steps_summed(L):
    return torch.eye(L).cumsum(dim=0) > 0


@alternative("causal_mask")
def filled_in_place(L):
    mask = torch.zeros(L, L, dtype=torch.bool)
    for row in range(L):
        mask[row, : row + 1] = True
    return mask

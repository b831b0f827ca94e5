"""Wrong and other right solutions of `quantise`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "quantise",
    says="No gradient gets past your codebook: choosing has none, and the encoder would never "
    "learn. Pass it straight through: z + (codes − z).detach().",
)
def no_way_back(z, codebook):
    indices = (z.unsqueeze(-2) - codebook).square().sum(dim=-1).argmin(dim=-1)
    return codebook[indices].detach(), indices


@misconception(
    "quantise",
    says="No gradient reaches z: choosing a code has none, so the encoder would never learn. "
    "Pass it straight through: z + (codes − z).detach().",
)
def only_the_codebook_learns(z, codebook):
    indices = (z.unsqueeze(-2) - codebook).square().sum(dim=-1).argmin(dim=-1)
    return codebook[indices], indices


@misconception(
    "quantise",
    says="Your straight-through step is turned round: you return z itself, and not the code. "
    "The value is the code's and the gradient z's: z + (codes − z).detach().",
)
def turned_round(z, codebook):
    indices = (z.unsqueeze(-2) - codebook).square().sum(dim=-1).argmin(dim=-1)
    codes = codebook[indices]
    return codes + (z - codes).detach(), indices


@misconception(
    "quantise",
    says="You choose the code with the largest product, and a long code wins even from afar. "
    "The nearest one has the smallest distance: |z|² − 2 z·c + |c|².",
)
def largest_product(z, codebook):
    indices = (z @ codebook.T).argmax(dim=-1)
    codes = codebook[indices]
    return z + (codes - z).detach(), indices


@misconception(
    "quantise",
    says="The gradient reaches your codebook as well as z. A code is moved by a rule of its own; "
    "here it counts as a constant: z + (codes − z).detach().",
)
def codebook_moves_too(z, codebook):
    indices = (z.unsqueeze(-2) - codebook).square().sum(dim=-1).argmin(dim=-1)
    return codebook[indices] + z - z.detach(), indices


@misconception(
    "quantise",
    says="You add up the sides instead of their squares, and another code may be nearest so. "
    "The distance is √Σ(z − c)².",
)
def distance_along_the_axes(z, codebook):
    indices = (z.unsqueeze(-2) - codebook).abs().sum(dim=-1).argmin(dim=-1)
    codes = codebook[indices]
    return z + (codes - z).detach(), indices


@misconception(
    "quantise",
    says="You mix all codes by their nearness, which no index can stand for. "
    "Quantising takes one code, the nearest, as it is.",
)
def mixture_of_codes(z, codebook):
    distances = (z.unsqueeze(-2) - codebook).square().sum(dim=-1)
    codes = (-distances).softmax(dim=-1) @ codebook
    return z + (codes - z).detach(), distances.argmin(dim=-1)


@misconception(
    "quantise",
    says="Your indices lie in one row. Each place of each picture has one: shape (N, L).",
)
def indices_in_one_row(z, codebook):
    flat = z.reshape(-1, z.shape[-1])
    indices = (flat.unsqueeze(1) - codebook).square().sum(dim=-1).argmin(dim=-1)
    codes = codebook[indices].reshape(z.shape)
    return z + (codes - z).detach(), indices


@alternative("quantise")
def by_the_binomial(z, codebook):
    # |z|² is the same for every code, so that it cannot change which of them is nearest.
    far = codebook.square().sum(dim=1) - 2 * (z @ codebook.T)
    indices = far.min(dim=-1).indices
    codes = codebook.index_select(0, indices.flatten()).reshape_as(z)
    return z - (z - codes).detach(), indices


@alternative("quantise")
def distances_of_torch(z, codebook):
    indices = (
        torch.cdist(z.flatten(0, 1), codebook, compute_mode="donot_use_mm_for_euclid_dist")
        .argmin(1)
        .unflatten(0, z.shape[:2])
    )
    codes = torch.nn.functional.embedding(indices, codebook).detach()
    return codes + z - z.detach(), indices


@alternative("quantise")
def gradient_of_its_own(z, codebook):
    class StraightThrough(torch.autograd.Function):
        @staticmethod
        def forward(ctx, z, codes):
            return codes.clone()

        @staticmethod
        def backward(ctx, slope):
            return slope, None

    indices = torch.linalg.vector_norm(z[:, :, None] - codebook, dim=-1).argmin(dim=2)
    return StraightThrough.apply(z, codebook[indices].detach()), indices

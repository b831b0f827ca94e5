"""Wrong and other right solutions of `generate`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "generate",
    says="You decode the noise as it is, as if the codes had mean 0 and spread 1. Nothing made "
    "them so: move and shape the noise as the codes are, mean + noise @ L.T.",
)
def noise_as_it_is(decoder, codes, noise):
    with torch.no_grad():
        return decoder(noise)


@misconception(
    "generate",
    says="The mean is missing: your codes lie around 0, and the real ones elsewhere.",
)
def mean_missing(decoder, codes, noise):
    with torch.no_grad():
        factor = torch.linalg.cholesky(torch.cov(codes.T).reshape(codes.shape[1], -1))
        return decoder(noise @ factor.T)


@misconception(
    "generate",
    says="Each axis has its own spread with you, and what two axes do together is lost. "
    "The covariance's Cholesky factor L has both.",
)
def axes_on_their_own(decoder, codes, noise):
    with torch.no_grad():
        return decoder(codes.mean(dim=0) + noise * codes.std(dim=0))


@misconception(
    "generate",
    says="You multiply by the covariance itself, so that the spreads are squared. "
    "Multiply by its factor L, with L @ L.T = covariance.",
)
def covariance_itself(decoder, codes, noise):
    with torch.no_grad():
        spread = torch.cov(codes.T).reshape(codes.shape[1], -1)
        return decoder(codes.mean(dim=0) + noise @ spread)


@misconception(
    "generate",
    says="L stands on the wrong side. Your noise lies in rows, and L works on columns: "
    "noise @ L.T has the covariance L @ L.T, noise @ L another one.",
)
def factor_not_transposed(decoder, codes, noise):
    with torch.no_grad():
        factor = torch.linalg.cholesky(torch.cov(codes.T).reshape(codes.shape[1], -1))
        return decoder(codes.mean(dim=0) + noise @ factor)


@misconception(
    "generate",
    says="You divide by N. The mean was worked out from the same codes, which makes them look too "
    "close to it: the unbiased covariance divides by N − 1.",
)
def divided_by_n(decoder, codes, noise):
    with torch.no_grad():
        apart = codes - codes.mean(dim=0)
        factor = torch.linalg.cholesky(apart.T @ apart / len(codes))
        return decoder(codes.mean(dim=0) + noise @ factor.T)


@misconception(
    "generate",
    says="The mean is still in your covariance: it is made of codes.T @ codes. "
    "Take the mean off first, or ask torch.cov(codes.T).",
)
def mean_left_in_the_covariance(decoder, codes, noise):
    with torch.no_grad():
        factor = torch.linalg.cholesky(codes.T @ codes / (len(codes) - 1))
        return decoder(codes.mean(dim=0) + noise @ factor.T)


@misconception(
    "generate",
    says="You keep all that is needed to go backwards, and nobody will. "
    "Decode inside `with torch.no_grad():`.",
)
def gradients_kept(decoder, codes, noise):
    factor = torch.linalg.cholesky(torch.cov(codes.T).reshape(codes.shape[1], -1))
    return decoder(codes.mean(dim=0) + noise @ factor.T)


@alternative("generate")
def covariance_by_hand(decoder, codes, noise):
    centre = codes.mean(0, keepdim=True)
    apart = codes - centre
    spread = torch.einsum("ni,nj->ij", apart, apart) / (codes.shape[0] - 1)
    with torch.no_grad():
        return decoder(centre + (torch.linalg.cholesky(spread) @ noise.T).T).detach()


@alternative("generate")
def factor_from_qr(decoder, codes, noise):
    # apart = Q R: the covariance is Rᵀ R / (N − 1), and R's sign is free row by row.
    R = torch.linalg.qr(codes - codes.mean(0)).R
    factor = R * R.diagonal().sign()[:, None] / (len(codes) - 1) ** 0.5
    with torch.no_grad():
        return decoder(noise @ factor + codes.mean(0))


@alternative("generate")
def factor_written_out(decoder, codes, noise):
    k = codes.shape[1]
    apart = codes - codes.mean(0)
    spread = apart.T @ apart / (len(codes) - 1)
    L = torch.zeros_like(spread)
    for i in range(k):
        for j in range(i + 1):
            left = spread[i, j] - L[i, :j] @ L[j, :j]
            L[i, j] = left.sqrt() if i == j else left / L[j, j]
    with torch.no_grad():
        return decoder(codes.mean(0) + noise @ L.mT)

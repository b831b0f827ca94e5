"""Wrong and other right solutions of `attention`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "attention",
    says="Your mask works the other way round: True means that a query may look there. "
    "Fill with −inf where the mask is False: masked_fill(~mask, …).",
)
def mask_turned_round(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(mask, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v, weights


@misconception(
    "attention",
    says="You put a score of 0 where nobody may look, but e⁰ = 1 is a weight like any other. "
    "Only a score of −inf becomes a weight of 0.",
)
def score_of_zero(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, 0.0)
    weights = scores.softmax(dim=-1)
    return weights @ v, weights


@misconception(
    "attention",
    says="You mask after the softmax, and the weights that are left no longer add up to 1. "
    "Mask the scores before it, with −inf.",
)
def masked_after_the_softmax(q, k, v, mask=None):
    weights = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(dim=-1)
    if mask is not None:
        weights = weights * mask
    return weights @ v, weights


@misconception(
    "attention",
    says="Your mask is never used: every query looks everywhere. "
    "Put −inf into the scores where the mask is False, before the softmax.",
)
def mask_not_used(q, k, v, mask=None):
    weights = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(dim=-1)
    return weights @ v, weights


@misconception(
    "attention",
    says="Your scores are not divided by √d. The wider the vectors, the larger their products, "
    "and the softmax soon sees nothing but the largest.",
)
def not_scaled(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2)
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v, weights


@misconception(
    "attention",
    says="You divide the scores by d. A sum of d products is typically √d large, "
    "and it is √d that you divide by.",
)
def scaled_by_the_width(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / q.shape[-1]
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v, weights


@misconception(
    "attention",
    says="Your softmax runs over the queries. Each query shares its attention out among the keys: "
    "every row of the weights adds up to 1, so take the softmax over the last axis.",
)
def softmax_over_the_queries(q, k, v, mask=None):
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = scores.softmax(dim=-2)
    return weights @ v, weights


@misconception(
    "attention",
    says="torch's own attention did the work. Write it out: scores, mask, softmax, mixture.",
)
def ready_made(q, k, v, mask=None):
    each = torch.eye(k.shape[-2], dtype=v.dtype, device=v.device).expand(*k.shape[:-1], -1)
    weights = F.scaled_dot_product_attention(q, k, each, attn_mask=mask)
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask), weights


@alternative("attention")
def by_einsum(q, k, v, mask=None):
    scores = torch.einsum("...ld,...md->...lm", q / q.size(-1) ** 0.5, k)
    if mask is not None:
        scores = torch.where(mask, scores, torch.full_like(scores, -torch.inf))
    shares = torch.exp(scores - scores.amax(dim=-1, keepdim=True))
    shares = shares / shares.sum(dim=-1, keepdim=True)
    return torch.einsum("...lm,...mv->...lv", shares, v), shares


@alternative("attention")
def with_logarithms(q, k, v, mask=None):
    scores = torch.matmul(q, k.mT).div(k.shape[-1] ** 0.5)
    if mask is not None:
        nowhere = torch.zeros(mask.shape, dtype=q.dtype, device=q.device)
        scores = scores + nowhere.masked_fill(mask.logical_not(), float("-inf"))
    weights = (scores - torch.logsumexp(scores, dim=-1, keepdim=True)).exp()
    return torch.matmul(weights, v), weights


@alternative("attention")
def query_by_query(q, k, v, mask=None):
    L, M, d = q.shape[-2], k.shape[-2], q.shape[-1]
    rows = []
    for number in range(L):
        scores = (q[..., number : number + 1, :] * k).sum(dim=-1) * d**-0.5
        if mask is not None:
            seen = mask.expand(torch.broadcast_shapes(mask.shape, (L, M)))[..., number, :]
            scores = scores.masked_fill(seen == 0, float("-inf"))
        rows.append(torch.softmax(scores, dim=-1))
    weights = torch.stack(rows, dim=-2)
    mixed = (weights.unsqueeze(-1) * v.unsqueeze(-3)).sum(dim=-2)
    return mixed, weights

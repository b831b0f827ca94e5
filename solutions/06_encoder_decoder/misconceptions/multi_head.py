"""Wrong and other right solutions of `multi_head`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "multi_head",
    says="Your heads are cut by reshape alone, which mixes places: a head gets pieces of several "
    "words. Cut the last axis, reshape(N, L, heads, d // heads), and then transpose(1, 2).",
)
def heads_across_the_places(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    N, L, d = x.shape
    q = (x @ W_q.T).reshape(N, heads, L, d // heads)
    k = (memory @ W_k.T).reshape(N, heads, memory.shape[1], d // heads)
    v = (memory @ W_v.T).reshape(N, heads, memory.shape[1], d // heads)
    scores = q @ k.transpose(-1, -2) / (d // heads) ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(dim=-1) @ v).reshape(N, L, d) @ W_o.T


@misconception(
    "multi_head",
    says="Your heads come back in the wrong order: between attention and reshape(N, L, d) the "
    "heads' axis must go behind the places': transpose(1, 2).",
)
def not_transposed_back(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    N, L, d = x.shape
    q = (x @ W_q.T).reshape(N, L, heads, d // heads).transpose(1, 2)
    k = (memory @ W_k.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    v = (memory @ W_v.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    scores = q @ k.transpose(-1, -2) / (d // heads) ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(dim=-1) @ v).reshape(N, L, d) @ W_o.T


@misconception(
    "multi_head",
    says="You divide by the √ of the whole width. In a head the vectors have d/heads numbers, "
    "and it is their √ that counts.",
)
def scaled_by_the_whole_width(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    N, L, d = x.shape
    q = (x @ W_q.T).reshape(N, L, heads, d // heads).transpose(1, 2)
    k = (memory @ W_k.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    v = (memory @ W_v.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    scores = q @ k.transpose(-1, -2) / d**0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(N, L, d) @ W_o.T


@misconception(
    "multi_head",
    says="Your keys and values come from x: that is self-attention, whatever the memory holds. "
    "Only the queries come from x.",
)
def memory_not_read(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    N, L, d = x.shape
    q = (x @ W_q.T).reshape(N, L, heads, d // heads).transpose(1, 2)
    k = (x @ W_k.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    v = (x @ W_v.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    scores = q @ k.transpose(-1, -2) / (d // heads) ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(N, L, d) @ W_o.T


@misconception(
    "multi_head",
    says="Only one head looks: the whole width makes one score. "
    "Cut queries, keys and values into `heads` slices, and let each attend for itself.",
)
def one_head(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    q, k, v = x @ W_q.T, memory @ W_k.T, memory @ W_v.T
    scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return scores.softmax(dim=-1) @ v @ W_o.T


@misconception(
    "multi_head",
    says="The last matrix is missing: what the heads found, side by side, goes through W_o.",
)
def last_matrix_missing(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    N, L, d = x.shape
    q = (x @ W_q.T).reshape(N, L, heads, d // heads).transpose(1, 2)
    k = (memory @ W_k.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    v = (memory @ W_v.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    scores = q @ k.transpose(-1, -2) / (d // heads) ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(N, L, d)


@misconception(
    "multi_head",
    says="The mask does not arrive at your heads: hand it on, to each of them.",
)
def mask_not_handed_on(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    N, L, d = x.shape
    q = (x @ W_q.T).reshape(N, L, heads, d // heads).transpose(1, 2)
    k = (memory @ W_k.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    v = (memory @ W_v.T).reshape(N, -1, heads, d // heads).transpose(1, 2)
    weights = (q @ k.transpose(-1, -2) / (d // heads) ** 0.5).softmax(dim=-1)
    return (weights @ v).transpose(1, 2).reshape(N, L, d) @ W_o.T


@misconception(
    "multi_head",
    says="Your weights are not transposed. Each of their rows makes one number: x @ W_q.T.",
)
def weights_not_transposed(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    N, L, d = x.shape
    q = (x @ W_q).reshape(N, L, heads, d // heads).transpose(1, 2)
    k = (memory @ W_k).reshape(N, -1, heads, d // heads).transpose(1, 2)
    v = (memory @ W_v).reshape(N, -1, heads, d // heads).transpose(1, 2)
    scores = q @ k.transpose(-1, -2) / (d // heads) ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    return (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(N, L, d) @ W_o


@alternative("multi_head")
def by_einsum(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    d = x.shape[-1]

    def cut(rows, W):
        return torch.einsum("nld,hed->nhle", rows, W.reshape(heads, d // heads, d))

    q, k, v = cut(x, W_q), cut(memory, W_k), cut(memory, W_v)
    scores = torch.einsum("nhle,nhme->nhlm", q, k) * (heads / d) ** 0.5
    if mask is not None:
        scores = torch.where(mask, scores, torch.full_like(scores, -torch.inf))
    found = torch.einsum("nhlm,nhme->nhle", scores.softmax(dim=3), v)
    return torch.einsum("nhle,dhe->nld", found, W_o.reshape(d, heads, d // heads))


@alternative("multi_head")
def head_by_head(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    found = []
    slices = zip(W_q.chunk(heads), W_k.chunk(heads), W_v.chunk(heads), strict=True)
    for rows_q, rows_k, rows_v in slices:
        seen = mask
        if mask is not None:
            whole = (len(x), heads, x.shape[1], memory.shape[1])
            seen = mask.broadcast_to(whole)[:, len(found)]
        values, _ = attention(x @ rows_q.T, memory @ rows_k.T, memory @ rows_v.T, seen)
        found.append(values)
    return torch.cat(found, dim=-1) @ W_o.T


@alternative("multi_head")
def sum_of_the_heads(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    size = x.shape[-1] // heads
    q, k, v = x @ W_q.mT, memory @ W_k.mT, memory @ W_v.mT
    q, k, v = (torch.stack(rows.split(size, dim=-1), dim=1) for rows in (q, k, v))
    values, _ = attention(q, k, v, mask)
    parts = W_o.split(size, dim=1)
    return sum(values[:, head] @ part.mT for head, part in enumerate(parts))

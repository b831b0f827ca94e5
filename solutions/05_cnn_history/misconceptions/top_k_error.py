"""Wrong and other right solutions of `top_k_error`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "top_k_error",
    says="This is the top-k accuracy: the share of rows in which the right class is found. "
    "The error is the rest, 1 − accuracy.",
)
def accuracy_instead(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    return (top == labels[:, None]).any(dim=1).float().mean().item()


@misconception(
    "top_k_error",
    says="You look at the largest number only, whatever k is. "
    "A row is right when its class is anywhere among the k largest: logits.topk(k, dim=1).",
)
def first_place_only(logits, labels, k):
    return (logits.argmax(dim=1) != labels).float().mean().item()


@misconception(
    "top_k_error",
    says="You look at the k-th place only. "
    "Every place from the first to the k-th counts: (… == labels[:, None]).any(dim=1).",
)
def last_place_only(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    return (top[:, k - 1] != labels).float().mean().item()


@misconception(
    "top_k_error",
    says="You take the k smallest numbers: sorting goes upwards unless you say otherwise. "
    "Take topk, or argsort(dim=1, descending=True).",
)
def smallest_numbers(logits, labels, k):
    order = logits.argsort(dim=1)
    return 1 - (order[:, :k] == labels[:, None]).any(dim=1).float().mean().item()


@misconception(
    "top_k_error",
    says="You take the mean over all k places, so that a hit counts as 1/k of a row. "
    "First ask each row whether any place is right, .any(dim=1), and then take the mean.",
)
def mean_over_places(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    return 1 - (top == labels[:, None]).float().mean().item()


@misconception(
    "top_k_error",
    says="One class too many is let through. The right class is in the first k places "
    "when fewer than k numbers are larger than its own, not when k are.",
)
def one_place_too_many(logits, labels, k):
    own = logits.gather(1, labels[:, None])
    larger = (logits > own).sum(dim=1)
    return (larger > k).float().mean().item()


@misconception(
    "top_k_error",
    says="You return the number of wrong rows. "
    "The error is a share from 0 to 1: divide by the number of rows.",
)
def counted_not_shared(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    return (~(top == labels[:, None]).any(dim=1)).sum().item()


@misconception(
    "top_k_error",
    says="You return per cent. The error is a share from 0 to 1 here: leave out the factor 100.",
)
def in_per_cent(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    return 100 * (1 - (top == labels[:, None]).any(dim=1).float().mean().item())


@misconception(
    "top_k_error",
    says="You divide by the number of classes. "
    "The share is of the rows: divide by len(labels), or take the mean.",
)
def divided_by_the_classes(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    wrong = (~(top == labels[:, None]).any(dim=1)).sum().item()
    return wrong / logits.shape[1]


@misconception(
    "top_k_error",
    says="You compare the numbers themselves with the classes. "
    "topk returns both: its values are the logits, its indices are the classes.",
)
def values_for_indices(logits, labels, k):
    top = logits.topk(k, dim=1).values
    return 1 - (top == labels[:, None]).any(dim=1).float().mean().item()


@misconception(
    "top_k_error",
    says="You look for the k largest numbers down the batch, among the examples. "
    "A row holds one example, so look along its classes: dim=1.",
)
def along_the_batch(logits, labels, k):
    top = logits.topk(k, dim=0).indices
    return 1 - (top == labels).any(dim=0).float().mean().item()


@misconception(
    "top_k_error",
    says="You look for the k largest numbers down the batch, among the examples. "
    "A row holds one example, so look along its classes: dim=1.",
)
def sorted_down_the_batch(logits, labels, k):
    places = logits.argsort(dim=0, descending=True)[:, :k]
    return 1 - (places == labels[:, None]).any(dim=1).float().mean().item()


@misconception(
    "top_k_error",
    says="You ask whether a row's class stands anywhere in the whole batch's answers. "
    "Compare each row with its own label: labels[:, None], and .any(dim=1).",
)
def any_row_will_do(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    return 1 - torch.isin(labels, top).float().mean().item()


@misconception(
    "top_k_error",
    says="The labels stand across your places instead of down the rows. "
    "Give them an axis of their own, labels[:, None], so that row meets row.",
)
def labels_without_an_axis(logits, labels, k):
    top = logits.topk(k, dim=1).indices
    return 1 - (top == labels).any(dim=1).float().mean().item()


@misconception(
    "top_k_error",
    says="Your hits are kept in a tensor made on the CPU, wherever the logits live. "
    "Compute it from the logits, or pass device=logits.device.",
)
def kept_on_the_cpu(logits, labels, k):
    order = logits.argsort(dim=1, descending=True)
    hit = torch.zeros(len(labels), dtype=torch.bool)
    for place in range(k):
        hit |= order[:, place] == labels
    return 1 - hit.float().mean().item()


@alternative("top_k_error")
def ranks_counted(logits, labels, k):
    own = logits.gather(1, labels[:, None])
    rank = (logits > own).sum(dim=1)
    return (rank >= k).double().mean().item()


@alternative("top_k_error")
def row_by_row(logits, labels, k):
    wrong = 0
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        best = sorted(range(len(row)), key=lambda c: row[c], reverse=True)[:k]
        wrong += label not in best
    return wrong / len(labels)


@alternative("top_k_error")
def marked_with_a_mask(logits, labels, k):
    chosen = torch.zeros_like(logits)
    chosen.scatter_(1, logits.topk(k).indices, 1.0)
    hits = chosen.gather(1, labels.unsqueeze(1))
    return float(1 - hits.mean())


@alternative("top_k_error")
def best_struck_out_k_times(logits, labels, k):
    left = logits.clone()
    missed = torch.ones_like(labels, dtype=torch.bool)
    for _ in range(k):
        best = left.argmax(dim=1)
        missed &= best != labels
        left = left.scatter(1, best[:, None], float("-inf"))
    return missed.float().mean()

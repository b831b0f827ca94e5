"""Wrong and other right solutions of `cross_entropy`."""

import math

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "cross_entropy",
    says="You take the softmax twice. Cross-entropy takes it itself: hand it the plain logits. "
    "Twice squeezes all classes together, and the loss can no longer fall to 0.",
)
def softmax_twice(logits, labels):
    p = (logits - logits.max(dim=1, keepdim=True).values).exp()
    p = p / p.sum(dim=1, keepdim=True)
    log_p = p - p.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="The logarithm is missing: you average the probabilities of the right classes. "
    "The loss is −log of them.",
)
def logarithm_missing(logits, labels):
    p = (logits - logits.max(dim=1, keepdim=True).values).exp()
    p = p / p.sum(dim=1, keepdim=True)
    return -p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="The minus is missing. A logarithm of a probability is never above 0; "
    "the loss is its negative, and never below.",
)
def minus_missing(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return log_p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="You add the losses of the examples. Take their mean: "
    "else twice the batch would be twice the loss.",
)
def summed(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels].sum()


@misconception(
    "cross_entropy",
    says="You return one loss for each example. Their mean is asked for, a single number.",
)
def one_for_each_example(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels]


@misconception(
    "cross_entropy",
    says="You averaged over all N·classes entries, the zeros of the one-hot table among them. "
    "Add along a row first; the mean is over the N examples.",
)
def averaged_over_the_classes_too(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -(F.one_hot(labels, logits.shape[1]) * log_p).mean()


@misconception(
    "cross_entropy",
    says="Your softmax runs down the batch: examples compete with each other. "
    "The classes of one example do, along dim=1.",
)
def softmax_over_the_batch(logits, labels):
    shifted = logits - logits.max(dim=0, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=0, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="You divide by the sum over the whole batch. "
    "Each example has a sum of its own: sum(dim=1, keepdim=True).",
)
def one_sum_for_all(logits, labels):
    shifted = logits - logits.max()
    log_p = shifted - shifted.exp().sum().log()
    return -log_p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="You divide by the sum over the whole batch. "
    "Each example has a sum of its own: sum(dim=1, keepdim=True).",
)
def one_sum_for_all_rows_shifted(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum().log()
    return -log_p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="log_p[:, labels] takes every label's column from every row. "
    "One number of each row is wanted: log_p[torch.arange(N), labels], or gather.",
)
def every_label_from_every_row(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_p[:, labels].mean()


@misconception(
    "cross_entropy",
    says="You look at the class with the largest logit. "
    "The loss asks for the probability of the right class, which the labels tell.",
)
def labels_not_used(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_p.max(dim=1).values.mean()


@misconception(
    "cross_entropy",
    says="Your probability rounds to 0, and its logarithm is −∞. Do not form it: "
    "log p = logit − log Σ exp, after each row's largest logit is taken off.",
)
def probability_first(logits, labels):
    p = (logits - logits.max(dim=1, keepdim=True).values).exp()
    p = p / p.sum(dim=1, keepdim=True)
    return -p[torch.arange(len(labels)), labels].log().mean()


@misconception(
    "cross_entropy",
    says="You also take log(1 − p) of the wrong classes. That is the loss for yes-or-no questions; "
    "where one class of many is right, its own −log p is all.",
)
def binary_for_each_class(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    p = shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)
    right = F.one_hot(labels, logits.shape[1]).bool()
    return -torch.where(right, p, 1 - p).log().sum(dim=1).mean()


@misconception(
    "cross_entropy",
    says="Your loss is in bits. The natural logarithm is asked for, torch.log: the loss in nats.",
)
def in_bits(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    p = shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)
    return -p.log2()[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="Your loss is in bits. The natural logarithm is asked for, torch.log: the loss in nats.",
)
def in_bits_for_any_logits(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels].mean() / math.log(2)


@misconception(
    "cross_entropy",
    says="exp(1000) is infinite, and ∞/∞ is no number. "
    "Subtract each row's largest logit first: the softmax stays the same.",
)
def overflows(logits, labels):
    log_p = logits - logits.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="A tiny number inside the logarithm hides the zero and caps the loss. "
    "Never form the probability: log p = logit − log Σ exp, after each row's largest is taken off.",
)
def small_number_added(logits, labels):
    p = (logits - logits.max(dim=1, keepdim=True).values).exp()
    p = p / p.sum(dim=1, keepdim=True)
    return -(p[torch.arange(len(labels)), labels] + 1e-9).log().mean()


@misconception(
    "cross_entropy",
    says="You subtract the largest logit of the whole batch. In a row far below it all exp(…) "
    "round to 0. Subtract each row's own: max(dim=1, keepdim=True).",
)
def largest_of_the_batch(logits, labels):
    shifted = logits - logits.max()
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_p[torch.arange(len(labels)), labels].mean()


@misconception(
    "cross_entropy",
    says="The ready-made function did the work. Write the steps out: "
    "the row's largest off, exp, sum, log, the right class, the mean.",
)
def ready_made(logits, labels):
    return F.cross_entropy(logits, labels)


@misconception(
    "cross_entropy",
    says="Your one-hot table lives on the CPU, wherever the logits live. "
    "Pick the entries by index, or make the table with device=logits.device.",
)
def made_on_the_cpu(logits, labels):
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_p = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    right = torch.zeros(logits.shape, dtype=logits.dtype)
    right[torch.arange(len(labels)), labels] = 1
    return -(right * log_p).sum(dim=1).mean()


@alternative("cross_entropy")
def gathered(logits, labels):
    largest = logits.amax(1, keepdim=True)
    total = (logits - largest).exp().sum(1).log() + largest[:, 0]
    return (total - logits.gather(1, labels[:, None])[:, 0]).mean()


@alternative("cross_entropy")
def how_far_others_are_above(logits, labels):
    # −log p = log Σ exp(logit − right logit)
    above = logits - logits[torch.arange(len(labels)), labels][:, None]
    most = above.max(dim=1, keepdim=True).values.detach()
    return ((above - most).exp().sum(dim=1, keepdim=True).log() + most).mean()


@alternative("cross_entropy")
def class_after_class(logits, labels):
    def plus(a, b):
        return torch.maximum(a, b) + torch.log1p(torch.exp(-(a - b).abs()))

    total = logits[:, 0]
    for column in logits.unbind(dim=1)[1:]:
        total = plus(total, column)
    right = F.one_hot(labels, logits.shape[1]).to(logits.dtype)
    return (total - (right * logits).sum(dim=1)).mean()


@alternative("cross_entropy")
def row_by_row(logits, labels):
    losses = []
    for row, label in zip(logits, labels, strict=True):
        shifted = row - row.max()
        losses.append(shifted.exp().sum().log() - shifted[label])
    return torch.stack(losses).sum() / len(losses)

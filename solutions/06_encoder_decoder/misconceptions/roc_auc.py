"""Wrong and other right solutions of `roc_auc`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "roc_auc",
    says="A tie counts nothing with you. Equal scores are half right: add ½ for each such pair.",
)
def ties_lost(scores, anomalous):
    high, low = scores[anomalous], scores[~anomalous]
    return (high[:, None] > low).double().mean().item()


@misconception(
    "roc_auc",
    says="A tie counts as won with you. A detector that gives everybody the same score would be "
    "perfect; it must get ½.",
)
def ties_won(scores, anomalous):
    high, low = scores[anomalous], scores[~anomalous]
    return (high[:, None] >= low).double().mean().item()


@misconception(
    "roc_auc",
    says="You sort, and equal scores are put in the order in which they came: the result depends "
    "on chance. Tied scores share their places; or compare pair by pair.",
)
def ties_by_order(scores, anomalous):
    place = torch.argsort(torch.argsort(scores, stable=True)) + 1
    n = int(anomalous.sum())
    return (place[anomalous].sum().item() - n * (n + 1) / 2) / (n * (len(scores) - n))


@misconception(
    "roc_auc",
    says="You count the pairs in which the normal one scores higher. "
    "An anomaly is to have the higher score.",
)
def upside_down(scores, anomalous):
    high, low = scores[anomalous], scores[~anomalous]
    won = (high[:, None] < low).double() + 0.5 * (high[:, None] == low)
    return won.mean().item()


@misconception(
    "roc_auc",
    says="You choose one threshold, the mean score, and count what is right. "
    "The area looks at all thresholds at once: compare each anomaly with each normal one.",
)
def right_at_one_threshold(scores, anomalous):
    return ((scores > scores.mean()) == anomalous).double().mean().item()


@misconception(
    "roc_auc",
    says="You compare each anomaly with everybody, other anomalies and itself among them. "
    "A pair is one anomaly and one normal one.",
)
def compared_with_everybody(scores, anomalous):
    high = scores[anomalous]
    won = (high[:, None] > scores).double() + 0.5 * (high[:, None] == scores)
    return won.mean().item()


@misconception(
    "roc_auc",
    says="You divide by all the pairs among N scores. "
    "Only pairs of an anomaly and a normal one count: anomalies times normals.",
)
def divided_by_all_pairs(scores, anomalous):
    high, low = scores[anomalous], scores[~anomalous]
    won = (high[:, None] > low).double() + 0.5 * (high[:, None] == low)
    return (won.sum() / (len(scores) * (len(scores) - 1) / 2)).item()


@alternative("roc_auc")
def signs_of_differences(scores, anomalous):
    apart = scores[anomalous].unsqueeze(1) - scores[~anomalous].unsqueeze(0)
    return float(((apart.sign().double() + 1) / 2).mean())


@alternative("roc_auc")
def places_shared_by_the_tied(scores, anomalous):
    below = torch.searchsorted(scores.sort().values, scores)
    upto = torch.searchsorted(scores.sort().values, scores, right=True)
    place = (below + upto + 1).double() / 2
    n, m = int(anomalous.sum()), int((~anomalous).sum())
    return float((place[anomalous].sum() - n * (n + 1) / 2) / (n * m))


@alternative("roc_auc")
def area_under_the_curve(scores, anomalous):
    found, alarms = [0.0], [0.0]
    for threshold in sorted(set(scores.tolist()), reverse=True):
        raised = scores >= threshold
        found.append((raised & anomalous).sum().item() / anomalous.sum().item())
        alarms.append((raised & ~anomalous).sum().item() / (~anomalous).sum().item())
    steps = zip(found, found[1:], alarms, alarms[1:], strict=False)
    return sum((right - left) * (low + high) / 2 for low, high, left, right in steps)

"""Wrong and other right solutions of `worth_taking`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "worth_taking",
    says="You let a net be beaten only by one that is cheaper and also more often right. "
    "Better in one of the two is enough, where the other is as good.",
)
def better_in_both(nets):
    def beaten(cost, right):
        return any(c < cost and r > right for c, r in nets.values())

    return sorted((n for n in nets if not beaten(*nets[n])), key=lambda n: nets[n][0])


@misconception(
    "worth_taking",
    says="You count a net as beaten when another is cheaper or more often right. "
    "It must be no worse in both at once.",
)
def better_in_one_is_enough(nets):
    def beaten(cost, right):
        return any(c < cost or r > right for c, r in nets.values())

    return sorted((n for n in nets if not beaten(*nets[n])), key=lambda n: nets[n][0])


@misconception(
    "worth_taking",
    says="Your nets beat themselves: each costs no more than itself and is right no less often. "
    "Who beats another must be better in at least one of the two.",
)
def beaten_by_itself(nets):
    def beaten(cost, right):
        return any(c <= cost and r >= right for c, r in nets.values())

    return sorted((n for n in nets if not beaten(*nets[n])), key=lambda n: nets[n][0])


@misconception(
    "worth_taking",
    says="Two nets that are alike in both throw each other out. "
    "Neither is better in anything, so that both stay.",
)
def twins_beat_each_other(nets):
    def beaten(name):
        cost, right = nets[name]
        return any(c <= cost and r >= right for n, (c, r) in nets.items() if n != name)

    return sorted((n for n in nets if not beaten(n)), key=lambda n: nets[n][0])


@misconception(
    "worth_taking",
    says="You return the most accurate net alone. A cheaper one that nobody beats is worth taking "
    "as well, for those who cannot pay for the best.",
)
def most_accurate_only(nets):
    return [max(nets, key=lambda n: nets[n][1])]


@misconception(
    "worth_taking",
    says="You divide accuracy by cost, which makes almost anything cheap look good. "
    "Compare the two one by one; they have no common unit.",
)
def accuracy_for_its_price(nets):
    return [max(nets, key=lambda n: nets[n][1] / nets[n][0])]


@misconception(
    "worth_taking",
    says="Your list is in the order of the dict. Put the cheapest first.",
)
def in_the_order_of_the_dict(nets):
    def beaten(cost, right):
        return any(c <= cost and r >= right and (c, r) != (cost, right) for c, r in nets.values())

    return [n for n in nets if not beaten(*nets[n])]


@misconception(
    "worth_taking",
    says="Your list begins with the dearest net. Put the cheapest first.",
)
def dearest_first(nets):
    def beaten(cost, right):
        return any(c <= cost and r >= right and (c, r) != (cost, right) for c, r in nets.values())

    left = [n for n in nets if not beaten(*nets[n])]
    return sorted(left, key=lambda n: nets[n][0], reverse=True)


@misconception(
    "worth_taking",
    says="You compare each net with the next cheaper one only. Any cheaper net may beat it: "
    "compare with the best of all of them.",
)
def next_cheaper_only(nets):
    names = sorted(nets, key=lambda n: (nets[n][0], -nets[n][1]))
    kept = names[:1]
    for i in range(1, len(names)):
        net, before = nets[names[i]], nets[names[i - 1]]
        if net[1] > before[1] or net == before:
            kept.append(names[i])
    return kept


@misconception(
    "worth_taking",
    says="Of two nets of the same price you also keep the worse one, when it comes first. "
    "Sort by cost and, at the same cost, by accuracy, the best first.",
)
def same_price_not_compared(nets):
    best, kept = -1.0, []
    for name in sorted(nets, key=lambda n: nets[n][0]):
        if nets[name][1] > best or (kept and nets[name] == nets[kept[-1]]):
            kept.append(name)
            best = nets[name][1]
    return kept


@misconception(
    "worth_taking",
    says="You take the accuracy for an error: with you the net that is less often right wins. "
    "More is better here.",
)
def accuracy_taken_for_an_error(nets):
    def beaten(cost, right):
        return any(c <= cost and r <= right and (c, r) != (cost, right) for c, r in nets.values())

    return sorted((n for n in nets if not beaten(*nets[n])), key=lambda n: nets[n][0])


@misconception(
    "worth_taking",
    says="You return the nets that are beaten. Asked for are the others.",
)
def beaten_ones_returned(nets):
    def beaten(cost, right):
        return any(c <= cost and r >= right and (c, r) != (cost, right) for c, r in nets.values())

    return sorted((n for n in nets if beaten(*nets[n])), key=lambda n: nets[n][0])


@alternative("worth_taking")
def best_so_far(nets):
    kept, best, price = [], float("-inf"), None
    for name, (cost, right) in sorted(nets.items(), key=lambda item: (item[1][0], -item[1][1])):
        if right > best or (right == best and cost == price):
            kept.append(name)
            best, price = right, cost
    return kept


@alternative("worth_taking")
def losers_struck_out(nets):
    left = list(nets)
    for cost_a, right_a in nets.values():
        for b, (cost_b, right_b) in nets.items():
            no_worse = cost_a <= cost_b and right_a >= right_b
            if no_worse and (cost_a < cost_b or right_a > right_b) and b in left:
                left.remove(b)
    left.sort(key=lambda name: nets[name][0])
    return left


@alternative("worth_taking")
def all_pairs_at_once(nets):
    names = list(nets)
    table = torch.tensor([list(nets[name]) for name in names], dtype=torch.float64)
    cost, right = table.reshape(-1, 2).T
    no_worse = (cost[:, None] <= cost) & (right[:, None] >= right)
    better = (cost[:, None] < cost) | (right[:, None] > right)
    left = ~(no_worse & better).any(dim=0)
    order = torch.argsort(cost, stable=True)
    return [names[i] for i in order.tolist() if left[i]]

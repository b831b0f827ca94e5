"""Wrong and other right solutions of `three_piles`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "three_piles",
    says="Your rows are not shuffled. Data often lie in order, and then the last pile holds what "
    "the first has never seen: cut torch.randperm(count, generator=…).",
)
def not_shuffled(count, seed):
    fifth = count // 5
    order = torch.arange(count)
    return order[: count - 2 * fifth], order[count - 2 * fifth : count - fifth], order[-fifth:]


@misconception(
    "three_piles",
    says="You drew with replacement: some rows lie in two piles, and some in none. "
    "randperm gives each row exactly once.",
)
def drawn_with_replacement(count, seed):
    fifth = count // 5
    draw = torch.Generator().manual_seed(seed)
    order = torch.randint(count, (count,), generator=draw)
    return order[: count - 2 * fifth], order[count - 2 * fifth : count - fifth], order[-fifth:]


@misconception(
    "three_piles",
    says="Your validation rows are also test rows. What you choose by must not be what you are "
    "judged by: cut three piles, none of which overlap.",
)
def validated_on_the_test_rows(count, seed):
    fifth = count // 5
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return order[: count - 2 * fifth], order[count - fifth :], order[count - fifth :]


@misconception(
    "three_piles",
    says="Your validation rows are also training rows: the model has seen them. "
    "Take them out of the training pile.",
)
def validated_on_training_rows(count, seed):
    fifth = count // 5
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return order[: count - fifth], order[count - 2 * fifth : count - fifth], order[count - fifth :]


@misconception(
    "three_piles",
    says="The order of the piles is training, validation, test.",
)
def test_before_validation(count, seed):
    fifth = count // 5
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return order[: count - 2 * fifth], order[count - fifth :], order[count - 2 * fifth : -fifth]


@misconception(
    "three_piles",
    says="You shuffled each pile by itself. Shuffle all rows first, and cut afterwards.",
)
def cut_before_shuffling(count, seed):
    fifth = count // 5
    draw = torch.Generator().manual_seed(seed)
    piles = torch.arange(count).split([count - 2 * fifth, fifth, fifth])
    train, validation, test = (pile[torch.randperm(len(pile), generator=draw)] for pile in piles)
    return train, validation, test


@misconception(
    "three_piles",
    says="Some rows lie in no pile: count // 5 rounds down. "
    "Give training what is left, count − 2 · (count // 5).",
)
def rest_thrown_away(count, seed):
    fifth = count // 5
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    return order[: 3 * fifth], order[3 * fifth : 4 * fifth], order[4 * fifth : 5 * fifth]


@misconception(
    "three_piles",
    says="Your order is the same whatever the seed. Hand it on: Generator().manual_seed(seed).",
)
def seed_not_used(count, seed):
    fifth = count // 5
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    return order[: count - 2 * fifth], order[count - 2 * fifth : count - fifth], order[-fifth:]


@alternative("three_piles")
def cut_by_split(count, seed):
    fifth = count // 5
    torch.manual_seed(seed)
    return torch.randperm(count).split([count - 2 * fifth, fifth, fifth])


@alternative("three_piles")
def cut_from_the_end(count, seed):
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()
    test = [order.pop() for _ in range(count // 5)][::-1]
    validation = [order.pop() for _ in range(len(test))][::-1]
    return [torch.tensor(rows) for rows in (order, validation, test)]


@alternative("three_piles")
def cut_at_two_places(count, seed):
    draw = torch.Generator()
    draw.manual_seed(seed)
    places = (count - 2 * (count // 5), count - count // 5)
    return torch.tensor_split(torch.randperm(count, generator=draw), places)

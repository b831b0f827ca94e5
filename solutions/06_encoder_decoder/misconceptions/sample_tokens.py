"""Wrong and other right solutions of `sample_tokens`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "sample_tokens",
    says="You always take the likeliest token, and `uniform` plays no part: all pictures of a word "
    "are then the same. Take the first whose cumulated probability exceeds the number.",
)
def always_the_likeliest(step, length, temperature, uniform):
    tokens = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for _ in range(length):
        best = step(tokens).argmax(dim=1, keepdim=True)
        tokens = torch.cat([tokens, best], dim=1)
    return tokens


@misconception(
    "sample_tokens",
    says="You multiply by the temperature. Divide by it: "
    "a low temperature makes large differences larger, and the choice surer.",
)
def multiplied_by_the_temperature(step, length, temperature, uniform):
    tokens = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for place in range(length):
        p = (step(tokens) * temperature).softmax(dim=1)
        reached = p.cumsum(dim=1) > uniform[:, place : place + 1]
        tokens = torch.cat([tokens, reached.int().argmax(dim=1, keepdim=True)], dim=1)
    return tokens


@misconception(
    "sample_tokens",
    says="You divide the probabilities by the temperature, and they no longer add up to 1. "
    "Divide the logits, before the softmax.",
)
def temperature_after_the_softmax(step, length, temperature, uniform):
    tokens = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for place in range(length):
        p = step(tokens).softmax(dim=1) / temperature
        reached = p.cumsum(dim=1) > uniform[:, place : place + 1]
        tokens = torch.cat([tokens, reached.int().argmax(dim=1, keepdim=True)], dim=1)
    return tokens


@misconception(
    "sample_tokens",
    says="The temperature is not used. Divide the logits by it before the softmax.",
)
def temperature_not_used(step, length, temperature, uniform):
    tokens = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for place in range(length):
        p = step(tokens).softmax(dim=1)
        reached = p.cumsum(dim=1) > uniform[:, place : place + 1]
        tokens = torch.cat([tokens, reached.int().argmax(dim=1, keepdim=True)], dim=1)
    return tokens


@misconception(
    "sample_tokens",
    says="You compare each token's own probability with the number. "
    "Add them up from the first one on, with cumsum, and take the token that gets past it.",
)
def not_cumulated(step, length, temperature, uniform):
    tokens = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for place in range(length):
        p = (step(tokens) / temperature).softmax(dim=1)
        reached = p > uniform[:, place : place + 1]
        tokens = torch.cat([tokens, reached.int().argmax(dim=1, keepdim=True)], dim=1)
    return tokens


@misconception(
    "sample_tokens",
    says="You take the token before the right one: the last whose cumulated probability does not "
    "exceed the number. Take the first that does.",
)
def one_token_too_early(step, length, temperature, uniform):
    tokens = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for place in range(length):
        p = (step(tokens) / temperature).softmax(dim=1)
        passed = (p.cumsum(dim=1) <= uniform[:, place : place + 1]).sum(dim=1, keepdim=True)
        tokens = torch.cat([tokens, (passed - 1).clamp(min=0)], dim=1)
    return tokens


@misconception(
    "sample_tokens",
    says="One random number decides for every place. Each has its own: uniform[:, place].",
)
def same_number_for_every_place(step, length, temperature, uniform):
    tokens = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for _ in range(length):
        p = (step(tokens) / temperature).softmax(dim=1)
        reached = p.cumsum(dim=1) > uniform[:, :1]
        tokens = torch.cat([tokens, reached.int().argmax(dim=1, keepdim=True)], dim=1)
    return tokens


@misconception(
    "sample_tokens",
    says="Each token is drawn as if nothing stood before it: you hand `step` an empty prefix every "
    "time. Append what was drawn, and hand over all of it.",
)
def prefix_stays_empty(step, length, temperature, uniform):
    nothing = torch.empty(len(uniform), 0, dtype=torch.long, device=uniform.device)
    columns = []
    for place in range(length):
        p = (step(nothing) / temperature).softmax(dim=1)
        reached = p.cumsum(dim=1) > uniform[:, place : place + 1]
        columns.append(reached.int().argmax(dim=1))
    return torch.stack(columns, dim=1)


@alternative("sample_tokens")
def passed_ones_counted(step, length, temperature, uniform):
    page = torch.zeros(len(uniform), length, dtype=torch.long, device=uniform.device)
    for place in range(length):
        logits = step(page[:, :place])
        total = torch.cumsum((logits / temperature).softmax(dim=-1), dim=-1)
        passed = (total <= uniform[:, place, None]).sum(dim=-1)
        page[:, place] = passed.clamp(max=logits.shape[1] - 1)
    return page


@alternative("sample_tokens")
def searched(step, length, temperature, uniform):
    tokens = uniform.new_zeros(len(uniform), 0).long()
    for numbers in uniform.T[:length]:
        shares = torch.exp(torch.log_softmax(step(tokens) / temperature, dim=1))
        edges = shares.cumsum(dim=1).contiguous()
        found = torch.searchsorted(edges, numbers[:, None].to(edges).contiguous(), right=True)
        tokens = torch.hstack([tokens, found.clamp(max=edges.shape[1] - 1)])
    return tokens


@alternative("sample_tokens")
def row_by_row(step, length, temperature, uniform):
    rows = [[] for _ in range(len(uniform))]
    for place in range(length):
        prefix = torch.tensor(rows, dtype=torch.long, device=uniform.device)
        logits = step(prefix.reshape(len(uniform), place)) / temperature
        weights = (logits - logits.amax(dim=1, keepdim=True)).exp()
        weights = weights / weights.sum(dim=1, keepdim=True)
        for row, p, number in zip(rows, weights, uniform[:, place], strict=True):
            total, token = p[0], 0
            while total <= number and token < len(p) - 1:
                token += 1
                total = total + p[token]
            row.append(token)
    return torch.tensor(rows, dtype=torch.long, device=uniform.device).reshape(-1, length)

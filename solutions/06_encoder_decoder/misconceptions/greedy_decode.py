"""Wrong and other right solutions of `greedy_decode`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "greedy_decode",
    says="The start token comes back with the rest. It only begins the prefix: "
    "return what stands after it.",
)
def start_kept(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    while tokens.shape[1] < longest + 1 and not ended.all():
        best = step(tokens).argmax(dim=1).masked_fill(ended, end)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    filled = torch.full((len(start), longest + 1), end, dtype=start.dtype, device=start.device)
    filled[:, : tokens.shape[1]] = tokens
    return filled


@misconception(
    "greedy_decode",
    says="Your sentences go on after their end. Once a row has an `end`, "
    "every token behind it is `end` as well.",
)
def goes_on_after_the_end(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    while tokens.shape[1] < longest + 1 and not ended.all():
        best = step(tokens).argmax(dim=1)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    filled = torch.full((len(start), longest), end, dtype=start.dtype, device=start.device)
    filled[:, : tokens.shape[1] - 1] = tokens[:, 1:]
    return filled


@misconception(
    "greedy_decode",
    says="You stop as soon as one sentence has ended, and cut the others off. "
    "Stop when all have: ended.all().",
)
def first_end_stops_all(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    while tokens.shape[1] < longest + 1 and not ended.any():
        best = step(tokens).argmax(dim=1).masked_fill(ended, end)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    filled = torch.full((len(start), longest), end, dtype=start.dtype, device=start.device)
    filled[:, : tokens.shape[1] - 1] = tokens[:, 1:]
    return filled


@misconception(
    "greedy_decode",
    says="Your net sees only the newest token each time. "
    "Hand `step` the whole prefix: the start and every token written so far.",
)
def newest_token_only(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    while tokens.shape[1] < longest + 1 and not ended.all():
        best = step(tokens[:, -1:]).argmax(dim=1).masked_fill(ended, end)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    filled = torch.full((len(start), longest), end, dtype=start.dtype, device=start.device)
    filled[:, : tokens.shape[1] - 1] = tokens[:, 1:]
    return filled


@misconception(
    "greedy_decode",
    says="Your net never sees what it wrote: you hand it the start alone, again and again. In "
    "training the right words stand before the next one; here only its own can: append each.",
)
def own_words_not_seen(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    while tokens.shape[1] < longest + 1 and not ended.all():
        best = step(start.unsqueeze(1)).argmax(dim=1).masked_fill(ended, end)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    filled = torch.full((len(start), longest), end, dtype=start.dtype, device=start.device)
    filled[:, : tokens.shape[1] - 1] = tokens[:, 1:]
    return filled


@misconception(
    "greedy_decode",
    says="Your result is as long as the longest sentence. It always has `longest` columns: "
    "fill up with `end`.",
)
def not_filled_up(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    while tokens.shape[1] < longest + 1 and not ended.all():
        best = step(tokens).argmax(dim=1).masked_fill(ended, end)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    return tokens[:, 1:]


@misconception(
    "greedy_decode",
    says="You fill up with zeros, and 0 is the number of some other token. Fill up with `end`.",
)
def filled_with_zeros(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    while tokens.shape[1] < longest + 1 and not ended.all():
        best = step(tokens).argmax(dim=1).masked_fill(ended, 0)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    filled = torch.zeros(len(start), longest, dtype=start.dtype, device=start.device)
    filled[:, : tokens.shape[1] - 1] = tokens[:, 1:]
    return filled


@misconception(
    "greedy_decode",
    says="You ask the net to the last, though every sentence has long ended. "
    "Stop when all have: a long limit should cost nothing.",
)
def never_stops_early(step, start, end, longest):
    tokens = start.unsqueeze(1)
    ended = torch.zeros_like(start, dtype=torch.bool)
    for _ in range(longest):
        best = step(tokens).argmax(dim=1).masked_fill(ended, end)
        ended = ended | (best == end)
        tokens = torch.cat([tokens, best.unsqueeze(1)], dim=1)
    return tokens[:, 1:]


@alternative("greedy_decode")
def written_into_a_full_page(step, start, end, longest):
    page = torch.full((len(start), longest + 1), end, dtype=start.dtype, device=start.device)
    page[:, 0] = start
    going = torch.ones(len(start), dtype=torch.bool, device=start.device)
    for place in range(1, longest + 1):
        if not going.any():
            break
        best = step(page[:, :place]).max(dim=1).indices
        page[going, place] = best[going]
        going &= best != end
    return page[:, 1:]


@alternative("greedy_decode")
def ended_rows_read_off(step, start, end, longest):
    prefix = start[:, None]
    for _ in range(longest):
        if (prefix[:, 1:] == end).any(dim=1).all():
            break
        ended = (prefix[:, 1:] == end).any(dim=1)
        best = torch.where(ended, end, step(prefix).argmax(dim=-1))
        prefix = torch.hstack([prefix, best[:, None]])
    rest = longest + 1 - prefix.shape[1]
    return torch.nn.functional.pad(prefix, (0, rest), value=end)[:, 1:]


@alternative("greedy_decode")
def columns_in_a_list(step, start, end, longest):
    columns, ended = [start], start != start
    while len(columns) <= longest:
        if bool(ended.all()):
            columns.append(torch.full_like(start, end))
            continue
        best = step(torch.stack(columns, dim=1)).topk(1, dim=1).indices[:, 0].to(start.dtype)
        columns.append(best * ~ended + end * ended)
        ended = torch.logical_or(ended, best == end)
    return torch.stack(columns[1:], dim=1)

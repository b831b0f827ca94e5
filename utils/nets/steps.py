"""Steps for a pencil: a check cannot send a function, so the student's notebook makes these.

A step takes prefixes (N, L) and returns the logits (N, V) of each one's next token.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


class StepWitness:
    """A step that remembers how often it was asked, and how long the prefixes were."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    @property
    def asked(self) -> int:
        """How often the step was asked."""
        return len(self.lengths)

    def __call__(self, prefix: Tensor) -> Tensor:
        if prefix.dim() != 2:
            raise ValueError(
                f"expected a prefix of shape (N, L), got one of shape {tuple(prefix.shape)}."
            )
        self.lengths.append(prefix.shape[1])
        return self.logits(prefix)

    def logits(self, prefix: Tensor) -> Tensor:
        """The logits (N, V) that follow the prefixes (N, L)."""
        raise NotImplementedError


class CountingStep(StepWitness):
    """Says what follows a sum; `counting_step` makes it."""

    def __init__(self, end: int) -> None:
        super().__init__()
        self.end = end

    def logits(self, prefix: Tensor) -> Tensor:
        following = (prefix.sum(dim=1) + 1).clamp(max=self.end)
        ended = (prefix == self.end).any(dim=1)
        following = torch.where(ended, 1, following)
        distance = torch.arange(self.end + 1, device=prefix.device) - following[:, None]
        return -(distance**2).float()


def counting_step(end: int) -> CountingStep:
    """A step whose next token is one more than the sum of the prefix, at most `end`.

    1 is followed by 2, 1 2 by 4, 1 2 4 by 8. A prefix that holds `end` already is followed by 1:
    whoever goes on asking behind the end gets nonsense.
    The logits (N, end + 1) are 0 for that token, −1 for its neighbours, −4 for theirs, and so on.
    `lengths` lists the prefixes' lengths as they were asked, `asked` counts them.

    >>> step = counting_step(end=9)
    >>> step(torch.tensor([[1, 2]])).argmax(dim=1).tolist(), step.lengths
    ([4], [2])
    """
    return CountingStep(end)


class ChainStep(StepWitness):
    """Says the row of a table that the prefix's sum points to; `chain_step` makes it."""

    def __init__(self, rows: Sequence[Sequence[float]] | Tensor) -> None:
        super().__init__()
        self.rows = torch.as_tensor(rows)

    def logits(self, prefix: Tensor) -> Tensor:
        rows = self.rows.to(prefix.device)
        return rows[prefix.sum(dim=1).long() % len(rows)].clone()


def chain_step(rows: Sequence[Sequence[float]] | Tensor) -> ChainStep:
    """A step whose logits are a row of a table (R, V): row sum(prefix) mod R.

    The empty prefix gets row 0. `lengths` lists the prefixes' lengths as they were asked.

    >>> step = chain_step([[0.0, 1.0], [2.0, 3.0]])
    >>> step(torch.empty(1, 0).long()).tolist(), step(torch.tensor([[1, 0]])).tolist()
    ([[0.0, 1.0]], [[2.0, 3.0]])
    """
    return ChainStep(rows)

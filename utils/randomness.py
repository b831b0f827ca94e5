"""Random numbers that a check can rely on, without disturbing those of the notebook."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

SEED = 0  # with which a notebook and every check begin


def seed_all(seed: int) -> None:
    """Seed the generators of `random`, NumPy and torch.

    >>> seed_all(0)
    >>> first = torch.rand(2)
    >>> seed_all(0)
    >>> torch.equal(first, torch.rand(2))
    True
    """
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)


@contextmanager
def random_state_kept() -> Iterator[None]:
    """Whatever is drawn inside, the generators go on afterwards as if nothing had been.

    Example: `with random_state_kept(): seed_all(0); check()`.
    """
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])

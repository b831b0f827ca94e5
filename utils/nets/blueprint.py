"""A net on paper: its weights, its shapes and its multiply–adds, without its numbers.

torch's `meta` device knows the shape of every tensor and stores none of it: a net of 138 million
weights is built and run in milliseconds.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from utils.describe import kind_of


def blueprint(
    make: Callable[..., nn.Module], shape: Sequence[int], *args: Any, **kwargs: Any
) -> dict[str, Any]:
    """Build the net `make(*args, **kwargs)` on paper, and send an input of `shape` through it.

    Returns a dict of plain numbers:
    "parameters": how many there are, those that cannot be trained left out;
    "shapes": `[name, shape]` of each, in the order in which the net holds them;
    "macs": multiply–adds of its convolutions and linear layers for this input;
    "output": the shape of what comes out.

    >>> plan = blueprint(nn.Conv2d, (1, 3, 224, 224), 3, 64, 3, padding=1)
    >>> plan["parameters"], plan["output"]  # 64·(3·3·3 + 1)
    (1792, [1, 64, 224, 224])
    >>> plan["macs"] == 224 * 224 * 64 * 27
    True

    The net is asked in `eval()` mode.
    Raises TypeError when `make` returns no net; errors of the net itself pass through, such as
    that of a layer into which its input does not fit.
    """
    with torch.device("meta"), torch.no_grad():
        net = make(*args, **kwargs)
        if not isinstance(net, nn.Module):
            raise TypeError(f"expected a net, an nn.Module; got {kind_of(net)}")
        if any(not tensor.is_meta for tensor in (*net.parameters(), *net.buffers())):
            net = copy.deepcopy(net)  # it was made elsewhere, and its owner still needs it
        net = net.to("meta").eval()
        with FlopCounterMode(display=False) as counter:
            output = net(torch.empty(tuple(shape)))
    if not isinstance(output, torch.Tensor):
        raise TypeError(f"expected the net to return a tensor; got {kind_of(output)}")
    trainable = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
    return {
        "parameters": sum(p.numel() for _, p in trainable),
        "shapes": [[name, list(p.shape)] for name, p in trainable],
        "macs": counter.get_total_flops() // 2,
        "output": list(output.shape),
    }

"""The interactives of lesson 05: thin shells of controls around their pictures."""

from __future__ import annotations

import ipywidgets

from utils.widgets.five_nets import NETS, net_timeline_figure, net_timeline_text, nets_of
from utils.widgets.shell import Interactive, Steps, whole_slider
from utils.widgets.two_ways import (
    MOST_CHANNELS,
    MOST_LAYERS,
    SIDE,
    stack_or_kernel_figure,
    stack_or_kernel_text,
)

MOST_SIDE = 224


def net_timeline(year: int = 1998) -> NetTimeline:
    """Controls around `net_timeline_figure`: which of the five nets is picked out.

    Parameter: `year`, 1998, 2012, 2014 or 2015; of 2014's two nets VGG-16 comes first.
    Needs a running kernel; put `net_timeline_figure` of that net before it.

    >>> net_timeline(2012)
    Five nets on a time line (interactive: run this cell in JupyterLab to play with it)
    """
    return NetTimeline(year)


def stack_or_kernel(n: int = 2, C: int = 64) -> StackOrKernel:
    """Controls around `stack_or_kernel_figure`: layers in the stack, channels, side of the maps.

    Parameters: the state at the start, on maps of 56 × 56; see `stack_or_kernel_figure`.
    Needs a running kernel; put `stack_or_kernel_figure` with the same settings before it.

    >>> stack_or_kernel(3, 128)
    A stack or one kernel? (interactive: run this cell in JupyterLab to play with it)
    """
    return StackOrKernel(n, C)


class NetTimeline(Interactive):
    """Its state is the net; two controls show it, by its place and by its name."""

    def __init__(self, year: int) -> None:
        names = list(NETS)
        start = names.index(nets_of(year)[0])
        self.place = Steps("Net", len(names), least=1)
        self.net = ipywidgets.Dropdown(description="Name", options=names)
        super().__init__("Five nets on a time line", [self.place, self.net], lines=3)
        self.when_changed(self.place.slider, lambda place: self.go(names[place - 1]))
        self.when_changed(self.net, self.go)
        self.go(names[start])

    def go(self, net: str) -> None:
        """Pick out a net by its name."""
        with self.quietly():
            self.place.set(list(NETS).index(net) + 1)
            self.net.value = net
        self.show(net_timeline_figure(net), net_timeline_text(net))


class StackOrKernel(Interactive):
    """Its state is the number of layers, the channels and the maps' side."""

    def __init__(self, n: int, C: int) -> None:
        stack_or_kernel_text(n, C)  # refuses what cannot be
        self.n = whole_slider("Layers n", n, 1, MOST_LAYERS, "420px")
        self.C = whole_slider("Channels C", C, 1, MOST_CHANNELS, "420px")
        self.side = whole_slider("Map side", SIDE, 1, MOST_SIDE, "420px")
        controls = [self.n, self.C, self.side]
        super().__init__("A stack or one kernel?", controls, lines=3)
        for control in controls:
            self.when_changed(control, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Draw the state."""
        settings = (self.n.value, self.C.value, self.side.value)
        self.show(stack_or_kernel_figure(*settings), stack_or_kernel_text(*settings))

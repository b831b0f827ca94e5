# ---
# title: Padding and stride
# title_ko: 패딩, 스트라이드
# minutes: 115
# objectives:
#   size: work out the size of a convolution's, a pooling's and a transposed convolution's output, and say what the floor throws away
#   border: count how often each pixel is seen, and say what happens to the pixels at the border
#   modes: put a border around an image in four ways, and tell 'valid', 'same' and 'full' apart
#   downsampling: take larger steps, show what aliasing does to a picture, and prevent it
#   field: work out which part of the input one number of a deep map depends on, and measure it with a gradient
#   design: design a stack of layers with a given output size within a budget of parameters
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · One size, four numbers | 14 | `conv_size` |
| 2 · Pooling, and the way back | 12 | `pool_size`, `transposed_size` |
| 3 · Beyond the border | 19 | `visit_counts`, `pad_image` |
| 4 · Myth check | 10 | `conv2d_mode` |
| 5 · Larger steps | 11 | `strided_conv` |
| 6 · What one number sees | 22 | `receptive_field`, `field_mask` |
| 7 · A budget | 12 | `design_stack` |
| 8 · Weekly paper | 15 | an essay |

Run the cells from top to bottom, and **guess** where the text asks you to.
`hint("conv_size")` helps in three steps, `check("conv_size")` as often as you like.
"""

# %%
import math
import warnings

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from IPython.display import display
from torch import nn

from utils import check, data, hint, idea, plots, quiz, stacks, start, widgets
from utils.demo import ready
from utils.drawings.padding import border_modes, stack_of_maps, stamps, windows_on_a_line

start("03_padding_stride")

# %% [markdown]
r"""
## 1 · One size, four numbers

In 2012 one net won the largest picture contest of its day by a wide margin: AlexNet.
Its paper prints the first layer: pictures of 224 × 224 pixels, windows of 11 × 11, four pixels from one window to the next.
It also draws what comes out: maps of 55 × 55.

Let us build that layer, number for number.
"""

# %%
alexnet_first = nn.Conv2d(3, 96, kernel_size=11, stride=4)
print(tuple(alexnet_first(torch.zeros(1, 3, 224, 224)).shape))

# %% [markdown]
r"""
54, not 55.
With pencil and paper it is even stranger: you will find 54.25.
One of the most cited papers of the field prints a size that torch does not give.

**Which number did they mean?** At the end of this part you will know what the suspects are.

### Count the windows

Four numbers decide how many windows there are along one axis:

- the **kernel size** (커널 크기) K: how wide a window is,
- the **stride** (스트라이드) S: how far it is from one window to the next,
- the **padding** (패딩) P: how many zeros are put on *each* side,
- the **dilation** (팽창) D: how far apart the pixels of one window lie; 1 is the ordinary case.

Here is one axis with 8 pixels, K = 3, S = 2, P = 1. Count.
"""

# %%
plots.show(
    windows_on_a_line(8, 3, S=2, P=1),
    alt="Eight pixels, 0 to 7, with one zero on either side. Windows of 3 lie 2 apart; four fit. "
    "A fifth would stick out by one place, so it is dotted. The zero on the right is in no window.",
)

# %% [markdown]
r"""
The padded line is W + 2P = 10 places long. The first window takes K of them.
What is left, W + 2P − K = 7, is room for steps. A step costs S = 2, so three steps can be paid, and one place is left over.
With the first window that makes four:

$$\text{out} = \left\lfloor \frac{W - K + 2P}{S} \right\rfloor + 1$$

The brackets mean **floor** (내림): drop what stands after the decimal point. There is no half window.

With dilation D a window spreads its K pixels over $K_{eff} = D\,(K-1) + 1$ places. Put that in for K.
"""

# %%
plots.show(
    windows_on_a_line(8, 3, D=2),
    alt="Eight pixels. Windows of three dots that lie 2 apart span five places; four of them fit.",
)

# %% [markdown]
r"""
Height and width follow the rule on their own.
A photograph of 300 × 400 pixels, under K = 3, P = 1, S = 2:
"""

# %%
for name, side in (("height", 300), ("width", 400)):
    exact = (side - 3 + 2 * 1) / 2 + 1
    print(f"{name}: ({side} − 3 + 2)/2 + 1 = {exact}, with the floor {math.floor(exact)}")
photo_in = torch.zeros(1, 1, 300, 400)
print("torch:", tuple(F.conv2d(photo_in, torch.zeros(1, 1, 3, 3), padding=1, stride=2).shape[2:]))

# %% [markdown]
r"""
(150.5, 200.5) becomes 150 × 200.
The rest is dropped, never rounded.
10 pixels with K = 3 and S = 4 give 2.75: rounding would promise a third window, on the pixels 8, 9 and 10, and there is no pixel 10.

Here is the rule on a grid, with the floor to be seen.
"""

# %%
SETTING = {"H": 5, "W": 8, "K": 3, "S": 2, "P": 1, "D": 1, "transposed": False}
plots.show(
    widgets.output_size_figure(**SETTING, step=7), alt=widgets.output_size_text(**SETTING, step=7)
)

# %% [markdown]
r"""
Play with it. (The last line, with *transposed*, is for part 2.)

1. Raise the stride from 1 to 4. At which strides is a row or a column left over?
2. Back at stride 1: find two settings, with different K, that leave the size as it is.
3. Still with stride 1, set D = 3. What padding does a window of 3 need now to keep the size?
"""

# %%
grid = widgets.output_size(**SETTING)
grid.go(7)  # where the picture above stands
display(grid)

# %% [markdown]
r"""
Now write it, for any setting.
In torch each of the four may be one number for both axes, or a pair: first for the height, then for the width.
"""


# %% exercise="conv_size" stars=2 objective="size" minutes=6
def conv_size(H, W, K, S=1, P=0, D=1):
    """The height and width of a convolution's output.

    H, W: height and width of the input (pixels).
    K, S, P, D: window, stride, padding on each side, dilation;
    each is a whole number for both axes, or a pair `(for the height, for the width)`.

    Returns two whole numbers `(H_out, W_out)`.
    Raises ValueError when no window fits, on either axis.

    conv_size(5, 7, 3, S=2, P=1)  →  (3, 4)
    #   (5 − 3 + 2)/2 + 1 = 3        (7 − 3 + 2)/2 + 1 = 4
    conv_size(2, 5, 3)  →  ValueError: 3 rows do not fit into 2
    """
    ### BEGIN SOLUTION
    sizes = []
    pairs = [value if isinstance(value, tuple | list) else (value, value) for value in (K, S, P, D)]
    for side, k, s, p, d in zip((H, W), *pairs, strict=True):
        room = side + 2 * p - (d * (k - 1) + 1)
        if room < 0:
            raise ValueError(f"a window of {d * (k - 1) + 1} does not fit into {side + 2 * p}")
        sizes.append(room // s + 1)
    return tuple(sizes)
    ### END SOLUTION


# %% hints="conv_size"
r"""
Take one axis only, 8 pixels with K = 3, S = 2, P = 1: how much room is left when the first window lies at the start, and how many steps does it pay for?

The room is `side + 2*P - K_eff` with `K_eff = D*(K - 1) + 1`. If it is negative, not even the first window fits. Otherwise there is one window, and one more for each whole step: that is `//`. Do this twice, and first turn a single number into a pair.

`k_h, k_w = K if isinstance(K, tuple) else (K, K)`, and the same for S, P and D. Then for the height `room = H + 2*p_h - d_h*(k_h - 1) - 1`, `if room < 0: raise ValueError("…")`, and `H_out = room // s_h + 1`.
"""

# %% idea="conv_size"
r"""
For each axis: the room left after the first window, divided by the stride with `//`, plus one.
The test `room < 0` comes before the division, because `//` of a negative room would give 0 or a negative size instead of an error.
A single number is turned into a pair first, so that one loop serves both axes.
"""

# %% check="conv_size" points=5

# %% [markdown]
r"""
Back to the riddle. Line up the suspects:
"""

# %%
if ready(conv_size):
    for side, P in ((224, 0), (224, 1), (224, 2), (227, 0)):
        exact = (side - 11 + 2 * P) / 4 + 1
        size, _ = conv_size(side, side, 11, S=4, P=P)
        print(f"{side} pixels, padding {P}: {exact:.2f}, so {size}")

# %% [markdown]
r"""
Two suspects give 55.

- **227 pixels without padding** fit exactly: no remainder at all. Many rebuilt versions take 227.
- **224 pixels with padding 2** give 55 thanks to the floor. The version that comes with torch's own vision library does it so.

Both lay 55 windows over 227 places: padding 2 makes 228, and the floor leaves the last one over.

Which of the two did the authors run? The paper does not say. With the floor, 224 without padding is ruled out, and so is a padding of 1, by one line of arithmetic each.

But must it be the floor? A third suspect waits in part 2.

## 2 · Pooling, and the way back

**Pooling** (풀링) slides a window, too, and makes one number of it: the largest, or the mean. Lesson 04 builds it; here we only need its size.
The rule is the same, with two habits of its own:

- The stride is the window's size unless you say otherwise: windows lie side by side.
- What the floor drops can be kept, with `ceil_mode`.

Six pixels, K = 3, S = 2. Who is left out?
"""

# %%
plots.show(
    windows_on_a_line(6, 3, S=2),
    alt="Six pixels, windows of 3, 2 apart: two fit. Pixel 5, drawn dark, is in no window.",
)
line = torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 9.0])
print("floor:", nn.MaxPool1d(3, stride=2)(line[None])[0].tolist())
print("ceil: ", nn.MaxPool1d(3, stride=2, ceil_mode=True)(line[None])[0].tolist())

# %% [markdown]
r"""
The largest number of all is not seen: it stands in the last pixel, which the floor cuts off.
With `ceil_mode=True` the division is rounded *up* (올림), so that a last window may stick out at the end.

$$\text{out} = \left\lceil \frac{W - K_{eff} + 2P}{S} \right\rceil + 1$$

**Here is the third suspect.** AlexNet's 54.25, rounded *up*, is 55.
The software that its first author published, cuda-convnet, rounds up in its convolutions, too, and its later examples for the same contest take 224 pixels and no padding.
So the printed 224 may be true after all, under another rule than torch's.

There is one catch. A last window that would start *behind the last pixel*, in the padding on the right, would look at no pixel at all. torch drops it.
"""

# %%
plots.show(
    windows_on_a_line(5, 3, S=3, P=1, ceil_mode=True),
    alt="Five pixels, one place of padding on either side, windows of 3 side by side. Two fit, and "
    "cover all pixels. A third would start in the padding, behind the last pixel: it is dropped.",
)

# %% [markdown]
r"""
So with `ceil_mode`: the last window starts at place (windows − 1)·S of the padded line. Keep it only if that is less than W + P.
"""


# %% exercise="pool_size" stars=2 objective="size" minutes=5
def pool_size(size, K, S=None, P=0, D=1, ceil_mode=False):
    """The size of a pooling's output along one axis.

    size: pixels; K: window; S: stride, None for the window's size K; P: padding on each side,
    at most half of K; D: dilation. At least one whole window fits.
    With `ceil_mode` the division is rounded up, and a last window that starts
    behind the last pixel, at place size + P of the padded line or later, is dropped.

    Returns a whole number.

    pool_size(6, 3, 2)                  →  2      #  (6 − 3)/2 + 1 = 2.5
    pool_size(6, 3, 2, ceil_mode=True)  →  3      #  the third window starts at 4 < 6
    """
    ### BEGIN SOLUTION
    S = K if S is None else S
    room = size + 2 * P - (D * (K - 1) + 1)
    if not ceil_mode:
        return room // S + 1
    windows = -(-room // S) + 1
    if (windows - 1) * S >= size + P:
        windows -= 1
    return windows
    ### END SOLUTION


# %% hints="pool_size"
r"""
Which stride does `nn.MaxPool2d(2)` use? And in the second picture above, where does the window start that torch drops?

Without `ceil_mode` it is the rule of part 1, for one axis. With it, round up, which `math.ceil(a / b)` or `-(-a // b)` does. Then look at where the last window starts: place (windows − 1)·S of the padded line.

After `windows = math.ceil(room / S) + 1`: `if (windows - 1) * S >= size + P: windows -= 1`. The left padding counts as P places, so the pixels end at place size + P.
"""

# %% idea="pool_size"
r"""
The room after the first window is divided by the stride, rounded down or up, plus one.
`-(-room // S)` rounds up without leaving the whole numbers.
The last window starts at `(windows - 1) * S`; if that is not before the end of the pixels, at `size + P`, it would see padding only and is dropped.
"""

# %% check="pool_size" points=4

# %% [markdown]
r"""
### The way back

A net that draws needs the opposite: from a small map to a large one.
The **transposed convolution** (전치 합성곱) runs the arrows backwards. Where a convolution gathers a window into one number, this one *stamps* each number, times the kernel, onto a window. Stamps that overlap are added.
"""

# %%
plots.show(
    stamps(4, 3, 2, 1),
    alt="Four numbers, a to d. Each stamps three places, and the stamps lie 2 apart: nine places. "
    "With padding 1 one place is cut off at both ends, which leaves 7 numbers.",
)

# %% [markdown]
r"""
Read its size off the picture. From the first stamp to the last there are W − 1 steps of S; the last stamp is K wide (with dilation: $K_{eff}$); and padding *cuts off* P places at both ends, because it takes away what a convolution's padding would have added:

$$\text{out} = (W-1)\,S - 2P + D\,(K-1) + \text{output padding} + 1$$

To watch it stamp, tick *transposed* in the interactive of part 1.

What is the *output padding* for? Guess before you look: which sizes does a convolution with K = 3, S = 2, P = 1 turn into 4?
"""

# %%
if ready(conv_size):
    for W in range(5, 11):
        print(f"{W:2} pixels → {conv_size(W, W, 3, S=2, P=1)[0]}")

# %% [markdown]
r"""
Both 7 and 8: the floor has thrown the difference away.
So the way back cannot know which it was. It takes the smaller, 7, and you ask for one place more with `output_padding=1`.
That place is no filler: it is the one that padding had cut off at the end, and the last stamp reaches it.
(Only an output padding larger than P goes beyond the last stamp, where nothing was stamped.)
"""


# %% exercise="transposed_size" stars=1 objective="size" minutes=4
def transposed_size(size, K, S=1, P=0, output_padding=0, D=1):
    """The size of a transposed convolution's output along one axis.

    size: numbers that come in; K: width of the stamp; S: how far apart stamps lie;
    P: places cut off at each end; output_padding: places kept in addition at the far end;
    D: dilation of the stamp.

    Returns a whole number.

    transposed_size(4, 3, S=2, P=1)                    →  7      #  3·2 − 2 + 2 + 0 + 1
    transposed_size(4, 3, S=2, P=1, output_padding=1)  →  8
    """
    ### BEGIN SOLUTION
    stamps = (size - 1) * S + D * (K - 1) + 1
    return stamps - 2 * P + output_padding
    ### END SOLUTION


# %% hints="transposed_size"
r"""
In the picture, how many places do all four stamps cover together, before anything is cut off?

The last stamp starts at (size − 1)·S and is D·(K − 1) + 1 wide. Then 2P places go, and the output padding comes on top.

`(size - 1) * S - 2 * P + D * (K - 1) + output_padding + 1`: no division, so no floor.
"""

# %% idea="transposed_size"
r"""
The stamps cover `(size - 1) * S + D * (K - 1) + 1` places: the start of the last one, plus its width.
Padding is taken away at both ends, and `output_padding` adds to one end.
There is nothing to round here: the floor was the convolution's, and `output_padding` gives back what it dropped.
"""

# %% check="transposed_size" points=3

# %%
if ready(conv_size, transposed_size):
    for W in (7, 8):
        small, _ = conv_size(W, W, 3, S=2, P=1)
        lost = (W + 2 * 1 - 3) % 2
        back = transposed_size(small, 3, S=2, P=1, output_padding=lost)
        print(f"{W} → {small} → {back}, with output padding {lost}")

# %% [markdown]
r"""
(The *size* comes back, the picture does not: a transposed convolution is no inverse. More in lesson 04.)

## 3 · Beyond the border

Why pad at all? There are two reasons, and only one of them is known well.

**The first: maps shrink.** Each 3×3 layer takes away two rows and two columns. How many such layers does a picture of 32 × 32 pixels survive?
"""

# %%
fig, ax = plots.canvas(5.8, 2.7)
said = []
for K, mark in ((3, "o-"), (5, "s--"), (7, "^-.")):
    sizes = [32]
    while sizes[-1] >= K:
        sizes.append(sizes[-1] - K + 1)
    ax.plot(sizes, mark, color="0.2", markersize=4, label=f"{K} × {K} windows")
    said.append(f"{len(sizes) - 1} layers of {K} × {K}")
ax.axhline(32, color="0.6", linestyle=":")
ax.annotate("with padding (K − 1)/2", (15.6, 32), (0, 4), textcoords="offset points", ha="right")
ax.set(xlabel="layers", ylabel="side of the map, pixels", ylim=(0, 37))
ax.legend(loc="upper right", bbox_to_anchor=(1, 0.86))
plots.show(
    fig, alt=f"Without padding a side of 32 pixels lasts {', '.join(said)}; with it, for ever."
)
print(*said, sep="\n")

# %% [markdown]
r"""
The padding (K − 1)/2 ends that: one zero on each side for 3×3, two for 5×5.

**The second: pixels at the border are seen less often.**
A 3×3 window slides over 5×5 pixels, without padding. **Guess:** how many windows look at the middle pixel, and how many at a corner?

Count them all.
"""


# %% exercise="visit_counts" stars=2 objective="border" minutes=5
def visit_counts(H, W, K, S=1, P=0):
    """How many windows of a K×K convolution look at each pixel.

    H, W: height and width of the image (pixels); K: window; S: stride;
    P: rows and columns of padding on each side, over which windows slide as well.
    At least one window fits.

    Returns whole numbers (torch.int64), shape (H, W): the pixels only, without the padding.

    visit_counts(3, 4, 2)
    →  tensor([[1, 2, 2, 1],
               [2, 4, 4, 2],
               [1, 2, 2, 1]])
    """
    ### BEGIN SOLUTION
    counts = torch.zeros(H + 2 * P, W + 2 * P, dtype=torch.int64)
    for top in range(0, H + 2 * P - K + 1, S):
        for left in range(0, W + 2 * P - K + 1, S):
            counts[top : top + K, left : left + K] += 1
    return counts[P : P + H, P : P + W]
    ### END SOLUTION


# %% hints="visit_counts"
r"""
If each window were a stamp that adds 1 to the pixels below it, what would the paper look like after the last window?

Make a sheet of zeros as large as the *padded* image. Go through the windows' upper left corners, S apart, and add 1 to the K×K places of each. At the end cut the padding off.

`for top in range(0, H + 2*P - K + 1, S):`, the same for `left`, then `counts[top : top + K, left : left + K] += 1`. Return `counts[P : P + H, P : P + W]`, made with `dtype=torch.int64`.
"""

# %% idea="visit_counts"
r"""
Every window stamps a 1 onto the pixels that it looks at; the sum of the stamps is the count.
`range(0, H + 2*P - K + 1, S)` gives the windows' upper edges: the last one must end inside the padded image.
The padding is cut off at the end, because only pixels are asked for.
"""

# %% check="visit_counts" points=4

# %%
if ready(visit_counts):
    maps = {f"padding {P}": visit_counts(5, 5, 3, P=P) for P in (0, 1, 2)}
    plots.show(
        plots.matrices(maps, shade=("padding 0", "padding 1")),
        alt="How many 3×3 windows see each of 5×5 pixels. Without padding 9 in the middle and 1 in "
        "a corner. With padding 1 a corner gets 4 and an edge 6. With padding 2 all get 9.",
    )
    for side in (56, 28, 7):
        share = visit_counts(side, side, 3).eq(9).float().mean()
        print(f"{side:2} × {side:<2} without padding: {share:.0%} of the pixels are seen 9 times")

# %% [markdown]
r"""
Nine against one.
Padding by one makes it nine against four: better, not even. Only from P = K − 1 on is every pixel seen equally often (with steps of 1), and then the map *grows*.

On a large map the border is a thin line. In a deep layer, where a map has 7×7 numbers, most of it is border.

Strides make it stranger. Look at 6 × 8 pixels under larger steps:
"""

# %%
if ready(visit_counts):
    maps = {"K = 3, S = 2": visit_counts(6, 8, 3, S=2), "K = 2, S = 3": visit_counts(6, 8, 2, S=3)}
    plots.show(
        plots.matrices(maps, shade=tuple(maps)),
        alt="6×8 pixels. With K 3 and S 2 the counts go 1, 1, 2, 1, 2, 1, 1, 0 along a row, so some "
        "pixels count four times, and the last row and column are never seen. "
        "With K 2 and S 3 every third row and column is never seen.",
    )

# %% [markdown]
r"""
Some pixels count four times as much as others, and some are **never seen**: whatever stands there, the layer's answer is the same.
Two causes, easily mixed up: on the left the floor cuts off the last row and column; on the right a stride *larger than the window* leaves gaps everywhere.

### What to put there

Zeros are the usual choice. But where brightness goes from 0 to 1, a zero is black: every picture gets a black frame.
There are three others, and torch has them all as `padding_mode`:
"""

# %%
plots.show(
    border_modes(),
    alt="Two places on each side of the pixels a, b, c, d. zeros: 0 0 and 0 0. reflect: c b and c b. "
    "replicate: a a and d d. circular: c d and a b.",
)

# %% [markdown]
r"""
- **zeros** (제로 패딩): black beyond the border.
- **reflect** (반사): a mirror stands *on* the border pixel, which is not repeated itself.
- **replicate** (복제): the border pixel goes on.
- **circular** (순환): the picture is a ring, or better, a tile.

All but the first are a question of indices: *which old row stands in this new row?*
"""


# %% exercise="pad_image" stars=2 objective="modes" minutes=6
def pad_image(image, P, mode):
    """Put a border of P pixels on all four sides of an image.

    image: shape (H, W), float32 or float64, on any device; P: pixels, 0 or more.
    mode: "zeros", "reflect" (P < H and P < W), "replicate", or "circular" (P ≤ H and P ≤ W).
    Returns a new image of shape (H+2P, W+2P), with the dtype and on the device of the image.
    Make it yourself (indexing, slices, torch.cat, loops), without a ready-made padding.

    pad_image(tensor([[1., 2.], [3., 4.]]), 1, "replicate")
    →  tensor([[1., 1., 2., 2.],
               [1., 1., 2., 2.],
               [3., 3., 4., 4.],
               [3., 3., 4., 4.]])
    """
    ### BEGIN SOLUTION
    H, W = image.shape
    if mode == "zeros":
        out = image.new_zeros(H + 2 * P, W + 2 * P)
        out[P : P + H, P : P + W] = image
        return out

    def sources(side):
        """For each new row or column the old one that it shows."""
        place = torch.arange(-P, side + P, device=image.device)
        if mode == "reflect":
            return (side - 1) - ((side - 1) - place.abs()).abs()
        if mode == "replicate":
            return place.clamp(0, side - 1)
        return place % side

    return image[sources(H)][:, sources(W)]
    ### END SOLUTION


# %% hints="pad_image"
r"""
Number the new rows from −P to H + P − 1, so that 0 is the first old row. In each mode, which old row do −1 and −2 show? And H?

For zeros, paste the image into a sheet of zeros. For the others, make a list of old row numbers and a list of old column numbers, and index with them. "replicate" clamps the numbers to 0 … H − 1, "circular" takes them modulo H, "reflect" counts back from the border.

`rows = torch.arange(-P, H + P, device=image.device)`; then `rows.clamp(0, H - 1)`, or `rows % H`, or for reflect `rows.abs()` at the top and `2*(H - 1) - rows` where that is beyond H − 1. In the end `image[rows][:, columns]`.
"""

# %% idea="pad_image"
r"""
Every new row shows an old row, so a border is a list of row numbers and a list of column numbers.
"replicate" clamps them, "circular" takes them modulo the size, and "reflect" folds them: `abs` at the first row, and the same around the last row.
`image[rows][:, columns]` then makes a new tensor with the image's dtype and device; only zeros have no source and are pasted.
"""

# %% check="pad_image" points=5

# %%
if ready(pad_image):
    small = data.photo("camera", size=96)
    fig, axes = plots.canvas(9.4, 2.8, columns=4)
    for ax, mode in zip(axes, ("zeros", "reflect", "replicate", "circular"), strict=True):
        plots.picture(ax, pad_image(small, 32, mode), mode)
        ax.add_patch(plt.Rectangle((31.5, 31.5), 96, 96, fill=False, edgecolor="white", lw=1.2))
    axes[0].set_xlabel(data.credit("camera"))
    plots.show(
        fig,
        alt="The photographer with a border of 32 pixels, the old frame drawn in white. zeros: black. "
        "reflect: mirror images. replicate: streaks. circular: the picture begins again.",
    )

# %% [markdown]
r"""
Which is best? Measure it.
We cut a piece out of a larger photograph, so that we *know* what lies beyond its border. Then we blur the piece with each kind of padding, and compare with the blur of the whole photograph.
"""

# %%
whole = data.photo("camera", size=256)
top, left, side, P = 60, 90, 96, 4
piece = whole[top : top + side, left : left + side]
blur = torch.full((1, 1, 2 * P + 1, 2 * P + 1), 1 / (2 * P + 1) ** 2)
around = whole[top - P : top + side + P, left - P : left + side + P]
true = F.conv2d(around[None, None], blur)[0, 0]
if ready(pad_image):
    border = torch.ones(side, side, dtype=torch.bool)
    border[P:-P, P:-P] = False  # inside, the window does not reach the padding
    errors, results = {}, {}
    for mode in ("zeros", "reflect", "replicate", "circular"):
        results[mode] = F.conv2d(pad_image(piece, P, mode)[None, None], blur)[0, 0]
        errors[mode] = (results[mode] - true)[border].square().mean().sqrt()
        print(f"{mode:9} typical error near the border: {errors[mode]:.3f} of the brightness range")

    fig, axes = plots.canvas(9.4, 2.7, columns=4)
    shown = {"true": true, **{mode: results[mode] for mode in ("zeros", "circular", "replicate")}}
    for ax, (name, image) in zip(axes, shown.items(), strict=True):
        said = f"{name}: {errors[name]:.3f}" if name in errors else "the true blur"
        plots.picture(ax, image, said)
    axes[0].set_xlabel(data.credit("camera"))
    plots.show(
        fig,
        alt="The piece, blurred. With zeros a dark frame runs around it; circular padding smears "
        "the opposite side in; with replicate no border is to be seen. Errors: "
        + ", ".join(f"{mode} {error:.3f}" for mode, error in errors.items())
        + ".",
    )

# %% [markdown]
r"""
Zeros are the worst guess about this photograph: they darken the border. Circular is not much better, because the opposite side has nothing to do with this one.
Replicate wins here and reflect comes next; on another picture it may be the other way round. Both are good guesses, because neighbouring pixels are alike (lesson 01's locality, again).
Circular fits where the picture really goes on at the other side: a texture that tiles, the longitudes of a world map, a day of 24 hours.

Why do nearly all nets use zeros, then? They are simple, and the layer *learns* with them.
They also tell the net something. Send in a picture without any content, all grey, and see what three layers with random weights make of it.
"""

# %%
grey = torch.full((1, 1, 9, 9), 0.5)
torch.manual_seed(0)
random_layers = [nn.Conv2d(1, 1, 3, padding=1) for _ in range(3)]
for mode in ("zeros", "reflect", "replicate", "circular"):
    x = grey
    for layer in random_layers:
        around = F.pad(x, (1, 1, 1, 1), mode="constant" if mode == "zeros" else mode)
        x = F.conv2d(around, layer.weight, layer.bias)
    values = x.detach().mul(1e4).round().unique()
    print(f"{mode:9} {len(values):2} different numbers in the map of 9 × 9")

# %% [markdown]
r"""
With zeros the three outer rings of the map differ from the middle, though the picture is the same everywhere: each layer carries the border one pixel further in. (Fewer than 81 numbers, because along an edge, away from its corners, they repeat.)
So a net with zero padding can find out *where* it is looking, which a convolution by itself cannot.

## 4 · Myth check

> "Padding keeps the size."

The usual recipe is P = K // 2, half of the window. Try it on the worked example of lesson 01: a 3×3 image, a 2×2 kernel, padding 1.
"""

# %%
IMAGE = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
KERNEL = torch.tensor([[1.0, 1.0], [0.0, 2.0]])
grown = F.conv2d(IMAGE[None, None], KERNEL[None, None], padding=1)[0, 0]
plots.show(
    plots.matrices({"image": IMAGE, "kernel": KERNEL, "map, with padding 1": grown}),
    alt="A 3×3 image and a 2×2 kernel with padding 1 give a map of 4×4: it has grown.",
)

# %% [markdown]
r"""
It grew: 3×3 to 4×4. Is that a freak case? Put the claim to many settings.
"""

# %%
if ready(conv_size):
    print("32 pixels with P = K // 2:")
    for text, K, S, D in (
        ("K = 3", 3, 1, 1),
        ("K = 5", 5, 1, 1),
        ("K = 2", 2, 1, 1),
        ("K = 4", 4, 1, 1),
        ("K = 3, S = 2", 3, 2, 1),
        ("K = 3, D = 2", 3, 1, 2),
    ):
        size, _ = conv_size(32, 32, K, S, K // 2, D)
        print(f"  {text:13} → {size}{'' if size == 32 else '   not kept'}")

# %% [markdown]
r"""
**The claim is false as it stands.** With steps of 1 the size is kept when 2P = D (K − 1), and for no other padding.

For an even kernel D (K − 1) is odd: no padding that is *equal on both sides* can do it. One side must get a zero more. torch's `padding="same"` puts it at the end:
"""

# %%
row = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # torch warns that an uneven border costs it a copy
    same = F.conv1d(row[None], torch.tensor([[[1.0, 10.0]]]), padding="same")[0]
print("same:", same.tolist(), " the last one is 4·1 + 0·10")
try:
    nn.Conv2d(1, 1, kernel_size=3, padding="same", stride=2)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
r"""
And with a stride torch refuses: "same" would promise a size that a stride exists to change.

Does one zero more at the end matter? Each such layer looks half a pixel to the lower right, so its picture moves half a pixel to the *upper left*. Sixteen times half a pixel:
"""

# %%
dot = torch.zeros(1, 1, 49, 49)
dot[..., 23:26, 23:26] = 1
fig, axes = plots.canvas(7.4, 2.6, columns=3)
plots.picture(axes[0], dot[0, 0], "a dot in the middle")
for ax, K in ((axes[1], 2), (axes[2], 3)):
    x = dot
    for _ in range(16):
        x = F.pad(x, ((K - 1) // 2, K // 2) * 2)  # the extra zero at the end, as torch does it
        x = F.conv2d(x, torch.full((1, 1, K, K), 1 / K**2))
    rows = torch.arange(49.0)
    centre = float((x[0, 0].sum(dim=1) * rows).sum() / x.sum())
    plots.picture(ax, x[0, 0], f"16 layers of {K} × {K} means", high=float(x.max()))
    ax.plot([24, 24], [-0.5, 48.5], ":", [-0.5, 48.5], [24, 24], ":", color="0.7", linewidth=1)
    print(f"{K} × {K}: the dot's middle was in row 24, now {centre:.1f}; size {tuple(x.shape[2:])}")
plots.show(
    fig,
    alt="A dot in the middle of 49×49 pixels. After 16 layers of 2×2 means, 'same', the blurred dot "
    "has moved 8 pixels up and left; after 16 layers of 3×3 means it is still in the middle.",
)

# %% [markdown]
r"""
Eight pixels. The size is kept, the *place* is not. Here is a good reason why nearly every kernel that you will meet is odd.

Three ways of dealing with the border have names:

| mode | zeros on each axis | size of the map | every number comes from |
|---|---|---|---|
| **valid** | none | W − K + 1 | pixels only |
| **same** | K − 1 in all, the odd one at the end | W | pixels, and some zeros near the border |
| **full** | K − 1 on *each* side | W + K − 1 | any overlap, even of one pixel |

'full' you know from lesson 01: the two dice, and the gradient of the image.
"""


# %% exercise="conv2d_mode" stars=2 objective="modes" minutes=5
def conv2d_mode(image, kernel, mode):
    """A convolution (no flip, stride 1) in one of three modes, with zeros beyond the border.

    image: shape (H, W); kernel: shape (K_h, K_w), no larger than the image.
    mode: "valid"  →  shape (H−K_h+1, W−K_w+1)
          "same"   →  shape (H, W); an even kernel has its extra zeros at the end (below, right)
          "full"   →  shape (H+K_h−1, W+K_w−1)
    Dtype and device are those of the image.
    F.conv2d may do the convolution, but you put the zeros there:
    with F.pad, `pad_image` or indexing, and not by F.conv2d's own `padding`.

    conv2d_mode(tensor([[1., 2., 3.]]), tensor([[1., 10.]]), "same")  →  tensor([[21., 32., 3.]])
    conv2d_mode(tensor([[1., 2., 3.]]), tensor([[1., 10.]]), "full")  →  tensor([[10., 21., 32., 3.]])
    """
    ### BEGIN SOLUTION
    K_h, K_w = kernel.shape
    border = {
        "valid": (0, 0, 0, 0),
        "same": ((K_w - 1) // 2, K_w // 2, (K_h - 1) // 2, K_h // 2),
        "full": (K_w - 1, K_w - 1, K_h - 1, K_h - 1),
    }[mode]
    padded = F.pad(image, border)  # left, right, top, bottom
    return F.conv2d(padded[None, None], kernel[None, None])[0, 0]
    ### END SOLUTION


# %% hints="conv2d_mode"
r"""
For a kernel 4 wide, 'same' needs three zeros in a row. How many go to the left, how many to the right? And for a kernel 5 wide?

Decide for each axis how many zeros come before and how many after. In all it is 0, K − 1 or 2(K − 1); in 'same' the first part is (K − 1) // 2 and the rest comes after. Then convolve the padded image as 'valid'.

`F.pad(image, (left, right, top, bottom))`: mind the order, columns first. For 'same' `left = (K_w - 1) // 2` and `right = K_w - 1 - left`. Then `F.conv2d(padded[None, None], kernel[None, None])[0, 0]`.
"""

# %% idea="conv2d_mode"
r"""
All three modes are 'valid' on an image with zeros around it: none, K − 1 in all, or K − 1 on each side.
In 'same' the K − 1 zeros are shared out as `(K - 1) // 2` before and `K // 2` after, which is even for odd kernels and one more at the end for even ones.
`F.pad` takes the last axis first: left, right, top, bottom.
"""

# %% check="conv2d_mode" points=4

# %% [markdown]
r"""
## 5 · Larger steps

A classifier starts with 50,000 pixels and must end with one answer. On the way the maps have to become smaller: **downsampling** (다운샘플링).
The simplest way is a stride of 2 or more.

What is a strided convolution? Nothing new: the ordinary map, of which only every S-th row and column is kept.
"""


# %% exercise="strided_conv" stars=1 objective="downsampling" minutes=3
def strided_conv(image, kernel, S):
    """A convolution ('valid', no flip) that takes steps of S pixels, down and across.

    image: shape (H, W); kernel: (K_h, K_w), no larger than the image; S: whole number from 1.
    Returns every S-th row and column of the 'valid' map, from the first on:
    shape (⌊(H−K_h)/S⌋+1, ⌊(W−K_w)/S⌋+1), with the dtype and on the device of the image.
    F.conv2d is allowed, its `stride` is not. To compute only the windows that are needed is welcome.

    strided_conv(tensor([[1., 2., 3., 4., 5.]]), tensor([[1., 1.]]), 2)  →  tensor([[3., 7.]])
    #   1+2, (2+3), 3+4, (4+5)
    """
    ### BEGIN SOLUTION
    everything = F.conv2d(image[None, None], kernel[None, None])[0, 0]
    return everything[::S, ::S]
    ### END SOLUTION


# %% hints="strided_conv"
r"""
Write the map of the example with stride 1. Which of its four numbers does a stride of 2 keep?

Convolve as usual, then keep rows 0, S, 2S … and columns 0, S, 2S …. A slice can take steps.

`x[::S]` takes every S-th row, `x[::S, ::S]` every S-th row and column. Cut the map, not the image.
"""

# %% idea="strided_conv"
r"""
A stride changes nothing in a window, it only skips windows.
So the ordinary map, sliced with `[::S, ::S]`, is the strided one.
torch does not compute what it throws away; with S = 2 that saves about three quarters of the work.
"""

# %% check="strided_conv" points=3

# %% [markdown]
r"""
### What the steps step over

It looks harmless. Here are black and white stripes, each one pixel wide, and a layer with stride 2 and a kernel that just looks at one pixel.
**Guess** what comes out. And what comes out if the stripes move by a single pixel?
"""

# %%
stripes = (torch.arange(24) % 2).float().expand(12, 24).contiguous()
moved = 1 - stripes  # the same stripes, one pixel further
look = torch.ones(1, 1)
if ready(strided_conv):
    fig, axes = plots.canvas(6.4, 3.7, columns=2, rows=2)
    for row, (name, image) in enumerate((("stripes", stripes), ("one pixel further", moved))):
        plots.picture(axes[row, 0], image, name)
        plots.picture(axes[row, 1], strided_conv(image, look, 2), "every 2nd pixel")
    plots.show(
        fig,
        alt="Stripes one pixel wide become all black under a stride of 2; "
        "moved by one pixel, the same stripes become all white.",
    )

# %% [markdown]
r"""
All black; and after a shift by one pixel, all white.
The stripes are not blurred, not grey: they are *replaced by something that was never there*.

This is **aliasing** (에일리어싱): too fine a pattern takes on the look of a coarse one. One line of a picture shows how.
"""

# %%
n = torch.arange(41)
fine = torch.cos(2 * math.pi * 0.4 * n)  # a wave every 2.5 pixels
smooth_n = torch.linspace(0, 40, 801)
fig, ax = plots.canvas(8.6, 2.3)
ax.plot(smooth_n, torch.cos(2 * math.pi * 0.4 * smooth_n), "-", color="0.75", linewidth=1)
ax.plot(n, fine, ".", color="0.55", markersize=5, linestyle="none", label="every pixel")
ax.plot(n[::2], fine[::2], "o-", color="0", markersize=5, label="every 2nd pixel")
ax.set(xlabel="pixel", ylabel="brightness", ylim=(-1.15, 1.75))
ax.legend(loc="upper center", ncols=2)
plots.show(
    fig,
    alt="A fast wave with a period of 2.5 pixels. Its values at every second pixel lie on a slow wave "
    "with a period of 10 pixels.",
)

# %% [markdown]
r"""
A wave of 2.5 pixels has turned into a wave of 10. Why 10?
From one pixel to the next it makes 0.4 of a turn, so 0.8 from one kept pixel to the next. That looks exactly like 0.2 of a turn *backwards*: five kept pixels to a turn, ten pixels of the picture.

The rule (the *sampling theorem*, 표본화 정리): steps of S pixels can carry waves **longer than 2S pixels**. Shorter ones do not disappear, they disguise themselves.

The cure: **blur first** (블러), until hardly anything shorter than 2S pixels is left; then take steps.
The test picture has rings that become finer and finer towards the border.
"""

# %%
side = 161
line = torch.arange(side) - side // 2
rings = 0.5 + 0.5 * torch.cos(math.pi * (line[:, None] ** 2 + line[None, :] ** 2) * 0.9 / side)


def blurred(image, sigma):
    """An image (H, W) under a Gaussian of width sigma (lesson 02), the border reflected."""
    reach = math.ceil(3 * sigma)
    weights = torch.exp(-(torch.arange(-reach, reach + 1.0) ** 2) / (2 * sigma**2))
    weights = weights / weights.sum()
    padded = F.pad(image[None, None], (reach,) * 4, mode="reflect")
    return F.conv2d(F.conv2d(padded, weights.view(1, 1, 1, -1)), weights.view(1, 1, -1, 1))[0, 0]


def compare(image, S, name, credit, alt):
    """A picture; every S-th pixel of it; and every S-th pixel after a blur."""
    fig, axes = plots.canvas(9.2, 3.4, columns=3)
    plots.picture(axes[0], image, name)
    plots.picture(axes[1], image[::S, ::S], f"one pixel in {S}")
    plots.picture(axes[2], blurred(image, 0.5 * S)[::S, ::S], f"blurred, then one pixel in {S}")
    axes[0].set_xlabel(credit)
    plots.show(fig, alt=alt)


compare(
    rings,
    3,
    "rings, finer to the border",
    "",
    "Rings. One pixel in 3 shows several new ring centres that the picture does not have. "
    "Blurred first, the middle rings stay, and the fine ones turn to even grey.",
)

# %% [markdown]
r"""
The ghosts in the middle picture have centres of their own, and not one of them exists.
On the right, what is too fine becomes grey: less to see, but hardly anything false.

Photographs have fine patterns, too: cloth, hair, grass, the joints of a wall.
"""

# %%
compare(
    data.photo("brick"),
    8,
    "a brick wall",
    data.credit("brick"),
    "A brick wall of 512 pixels; one pixel in 8 gives a rough picture with broken joints; "
    "blurred first, it shows calm bricks and mortar.",
)

# %% [markdown]
r"""
### Pooling

Pooling is the other way to make maps smaller. Is it safer than a bare stride?
Mean pooling *is* a blur, with stride: the mean of each block. Max pooling keeps the strongest.

A fair test: move the picture by one pixel. A good small version changes a little, because it moves by a quarter of *its* pixels; one that aliases changes much more.
How much is much? We divide the typical change of a pixel (root mean square) by the contrast of the small picture (standard deviation).
"""

# %%
ways = {
    "stride 4": lambda x: x[::4, ::4],
    "max pooling 4": lambda x: F.max_pool2d(x[None, None], 4)[0, 0],
    "mean pooling 4": lambda x: F.avg_pool2d(x[None, None], 4)[0, 0],
    "blur, stride 4": lambda x: blurred(x, 2.0)[::4, ::4],
}
photos = {name: data.photo(name, size=512) for name in ("brick", "grass", "camera")}
changes = {}
for way, shrink in ways.items():
    for name, whole in photos.items():
        before, after = shrink(whole[:, :-1]), shrink(whole[:, 1:])
        inner = (before - after)[2:-2, 2:-2]
        changes[way, name] = float(inner.square().mean().sqrt() / before[2:-2, 2:-2].std())
print(f"{'change after 1 pixel':20}", *(f"{name:>7}" for name in photos))
for way in ways:
    print(f"{way:20}", *(f"{changes[way, name]:7.0%}" for name in photos))

# %%
fig, ax = plots.canvas(6.6, 2.6)
for shift, (name, grey) in enumerate(zip(photos, ("0.35", "0.65", "0.9"), strict=True)):
    places = [number + 0.26 * (shift - 1) for number in range(len(ways))]
    bars = [100 * changes[way, name] for way in ways]
    ax.bar(places, bars, 0.24, color=grey, edgecolor="0.1", label=name)
ax.set(ylabel="change, % of contrast", xticks=range(len(ways)), xticklabels=list(ways))
ax.legend()
plots.show(
    fig,
    alt="How much a small picture changes when the large one moves by a pixel: "
    + "; ".join(
        f"{way} " + ", ".join(f"{name} {changes[way, name]:.0%}" for name in photos) for way in ways
    )
    + ".",
)

# %% [markdown]
r"""
On all three photographs a bare stride is the most nervous, a blur before it the calmest, and pooling lies between: usually the mean is calmer than the maximum, though not on the bricks.
Remember the myth of lesson 01: pooling does not make a net shift-invariant. Here is one reason, on real photographs.
(Why do nets use bare strides all the same? The kernel before the step is *learned*, and it can learn to blur.)

## 6 · What one number sees

A number in a deep map looks at a window of the map before it, whose numbers look at windows, too.
All input pixels that it can depend on make up its **receptive field** (수용 영역).
Three layers of 3×3: how wide is it?
"""

# %%
three = [(3, 1, 1), (3, 1, 1), (3, 1, 1)]  # (K, S, D) of each layer, the first next to the input
plots.show(widgets.receptive_field_figure(three), alt=widgets.receptive_field_text(three))

# %% [markdown]
r"""
Seven: the first layer sees 3, and each further one adds two.

So three 3×3 layers see as much as one 7×7 layer. What do they cost? With C channels in and out everywhere, 3·9·C² = 27 C² weights against 49 C². Small kernels in a row are cheaper, and there are activations between them. Lesson 05 meets a net built on this thought.

With a **stride** the fields grow faster. After a step of 2, neighbours of a map lie *two* input pixels apart, so whatever a later layer adds counts double.
With a **dilation** of D a layer adds D·(K − 1) instead of K − 1.
"""

# %%
faster = [(3, 2, 1), (3, 1, 1), (3, 1, 2)]
plots.show(widgets.receptive_field_figure(faster), alt=widgets.receptive_field_text(faster))

# %% [markdown]
r"""
Try it:

1. Which is better for a wide field, a stride in the first layer or in the last?
2. Build a field of 15 from three layers of K = 3 again, this time without strides.
3. Set all dilations to 2. What is odd about the picture?
"""

# %%
display(widgets.receptive_field(faster))


# %% exercise="receptive_field" stars=2 objective="field" minutes=6
def receptive_field(layers):
    """The side of the receptive field (수용 영역) of one output pixel.

    layers: a list of (K, S, D), whole numbers: window, stride and dilation of each layer,
    convolution or pooling, the layer next to the input first.

    Returns a whole number, in input pixels: from the first pixel that matters to the last.
    Without a layer that is 1.

    receptive_field([(3, 1, 1), (3, 1, 1)])  →  5      #  3, then 2 more
    receptive_field([(2, 2, 1), (3, 1, 1)])  →  6      #  2, then 2 more that count double
    """
    ### BEGIN SOLUTION
    field, jump = 1, 1  # jump: how many input pixels lie between neighbours of the current map
    for K, S, D in layers:
        field += D * (K - 1) * jump
        jump *= S
    return field
    ### END SOLUTION


# %% hints="receptive_field"
r"""
Take `[(2, 2, 1), (3, 1, 1)]` and draw it: one output, its three numbers in the map before, their pairs of pixels. How far apart do neighbouring pairs begin?

Walk from the input to the output and keep two numbers: the field so far, and the *jump*, how many input pixels lie between neighbours of the current map. A layer adds D·(K − 1) neighbours, each a jump away. Then its stride makes the jump larger.

Start with `field, jump = 1, 1`. For each layer `field += D * (K - 1) * jump`, and only then `jump *= S`: a layer's own stride does not widen its own window.
"""

# %% idea="receptive_field"
r"""
Going from the input to the output, a layer widens the field by D·(K − 1) places of its input map, and these places lie `jump` input pixels apart.
The stride multiplies the jump for the layers *after* it, so it comes second in the loop.
Going backwards works as well: r outputs need (r − 1)·S + D·(K − 1) + 1 inputs.
"""

# %% check="receptive_field" points=4

# %%
if ready(receptive_field):
    conv, pool = (3, 1, 1), (2, 2, 1)
    block = [conv, conv, pool]
    nets = {
        "2 layers of 3 × 3": [conv] * 2,
        "10 layers of 3 × 3": [conv] * 10,
        "(two 3 × 3, one 2 × 2 pool) once": block,
        "the same three times": block * 3,
        "the same five times": block * 5,
        "AlexNet's first layer, first pool": [(11, 4, 1), (3, 2, 1)],
    }
    for name, layers in nets.items():
        print(f"{name:34} {receptive_field(layers):4} pixels")

# %% [markdown]
r"""
Plain 3×3 layers add two pixels each; with a stride in every block, each further block about doubles the field.
That is the second reason for downsampling: it saves work, *and* it lets a small window see much.

### Measure it

Do not take a formula on faith. There is a way to ask the stack itself: **the gradient**.
If one output number depends on a pixel, nudging the pixel changes the number: the gradient of that number by the pixel is not zero.
With all weights equal to 1 nothing can cancel out.
"""

# %%
x = torch.ones(1, 1, 7, 7, requires_grad=True)
ones = torch.ones(1, 1, 3, 3)
middle = F.conv2d(F.conv2d(x, ones), ones)[0, 0, 1, 1]  # two layers: a 3×3 map; its middle
middle.backward()
plots.show(
    plots.matrices(
        {"gradient of the middle output by each pixel": x.grad[0, 0]},
        shade=("gradient of the middle output by each pixel",),
    ),
    alt="7×7 pixels. The gradient is zero in the outer ring; in the 5×5 field it is 1 in the corners "
    "and rises to 9 in the middle.",
)

# %% [markdown]
r"""
The zeros are the pixels that cannot matter. The rest is the field: 5×5, as it should be.

Write that for any stack of convolutions.
"""


# %% exercise="field_mask" stars=3 objective="field" minutes=7
def field_mask(layers, size):
    """Which input pixels the middle output pixel depends on, measured by the gradient.

    layers: a list of (K, S, D) as in `receptive_field`; size: side of the square input (pixels),
    large enough for the whole stack. No padding, one channel, every weight 1.
    The middle of an n×n output is its pixel in row and column n // 2.

    Returns a bool tensor of shape (size, size): True where the gradient is not zero.

    field_mask([(2, 1, 1)], 4)                     # 3×3 outputs, the middle one is (1, 1)
    →  tensor([[False, False, False, False],
               [False,  True,  True, False],
               [False,  True,  True, False],
               [False, False, False, False]])
    """
    ### BEGIN SOLUTION
    image = torch.ones(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    x = image
    for K, S, D in layers:
        x = F.conv2d(x, torch.ones(1, 1, K, K, dtype=x.dtype), stride=S, dilation=D)
    middle = x.shape[-1] // 2
    x[0, 0, middle, middle].backward()
    return image.grad[0, 0] > 0
    ### END SOLUTION


# %% hints="field_mask"
r"""
In the cell above, which line would have to change for other layers, and which for another size?

Keep the input in a name of its own, with `requires_grad=True`, and send it through one `F.conv2d` a layer, with a K×K kernel of ones, `stride=S` and `dilation=D`. Find the middle of what comes out, go backwards from it, and look at the input's gradient.

`x = image`; in the loop `x = F.conv2d(x, torch.ones(1, 1, K, K), stride=S, dilation=D)`; then `n = x.shape[-1]`, `x[0, 0, n // 2, n // 2].backward()`, and return `image.grad[0, 0] != 0`.
"""

# %% idea="field_mask"
r"""
The input goes through the layers with all-ones kernels, so every gradient counts *ways* from a pixel to the output, and no two ways cancel.
One number of the output is chosen, `backward` asks how it depends on each pixel, and "not zero" is the mask.
The input keeps a name of its own: the gradient is stored there, not in what the loop makes of it.
"""

# %% check="field_mask" points=5

# %% [markdown]
r"""
Now the question with a surprise. Three layers of 3×3, once with dilations 2, 2, 2, once with 1, 2, 3.
The formula gives both the same field: 13×13. **Guess:** how many of the 169 pixels does each really see?
"""

# %%
if ready(receptive_field, field_mask):
    fig, axes = plots.canvas(6.4, 3.2, columns=2)
    said = []
    for ax, dilations in zip(axes, ((2, 2, 2), (1, 2, 3)), strict=True):
        layers = [(3, 1, dilation) for dilation in dilations]
        side, mask = receptive_field(layers), field_mask(layers, 13)
        said.append(
            f"dilations {dilations}: {int(mask.sum())} of {side**2}, {mask.float().mean():.0%}"
        )
        share = f"{mask.float().mean():.0%} seen"
        plots.picture(ax, 1 - 0.75 * mask.float(), f"dilations {dilations}: {share}")
        ax.set_xticks([p - 0.5 for p in range(1, 13)], labels=[])
        ax.set_yticks([p - 0.5 for p in range(1, 13)], labels=[])
        ax.tick_params(length=0)
        ax.grid(color="0.6", linewidth=0.6)
        ax.set_axisbelow(False)
    print(*said, sep="\n")
    plots.show(
        fig,
        alt="Two fields of 13×13 pixels, dark where a pixel matters. "
        + "; ".join(said)
        + ". The first is a grid of single pixels with gaps between them.",
    )

# %% [markdown]
r"""
29 % against all of it.
With dilation 2 everywhere, each layer steps from an even pixel to an even pixel, and the odd ones are never reached. The gaps have a name, *gridding* (격자 현상). In 1, 2, 3 the small dilations fill the gaps of the large ones.
Merely different dilations are not enough: try 2, 4, 6 with your `field_mask` (their field is 25 wide).

One more thing the gradient tells, and the formula does not: *how much* a pixel counts.
"""

# %%
x = torch.ones(1, 1, 11, 11, dtype=torch.float64, requires_grad=True)
out = x
for _ in range(5):
    out = F.conv2d(out, torch.ones(1, 1, 3, 3, dtype=torch.float64))
out.backward()
routes = x.grad[0, 0]
fig, (left, right) = plots.canvas(7.6, 2.9, columns=2)
plots.picture(left, routes, "five layers of 3 × 3: ways to the output", high=float(routes.max()))
right.plot(range(-5, 6), routes[5], "o-", color="0.1")
right.set(
    title="along the middle row", xlabel="pixels from the middle", ylabel="ways", ylim=(0, None)
)
plots.show(
    fig,
    alt=f"The 11×11 field of five 3×3 layers: {int(routes[5, 5])} ways lead from the middle pixel to "
    f"the output, {int(routes[0, 0])} from a corner. The counts fall off like a bell.",
)
central = routes[3:8, 3:8].sum() / routes.sum()
print(f"middle pixel {int(routes[5, 5])} ways, corner {int(routes[0, 0])}")
print(f"the inner 5 × 5 of the 11 × 11 pixels hold {central:.0%} of all ways")

# %% [markdown]
r"""
2,601 ways lead from the middle to the output, and one from a corner.
So the field *on paper* is a promise about what can be seen, not about what is looked at. The part that really counts, the *effective* receptive field, is smaller: here 21 % of the pixels hold 68 % of the ways.

## 7 · A budget

Now you are the engineer. Photographs of (3, 224, 224) come in, maps of 7×7 must go out; and you have so many parameters, and no more.

You decide how many layers, how wide, which windows and strides. The more channels a map has, the more different things it can tell apart: so spend at least half of the budget. A layer is written `(C_in, C_out, K, S, P)`: channels in, channels out, window, stride, padding. It costs C_out·(C_in·K² + 1).

224 / 7 = 32 = 2·2·2·2·2. That suggests something, but it is not the only way.
"""


# %% exercise="design_stack" stars=3 objective="design" minutes=9
def design_stack(budget):
    """Design a stack of convolutional layers that turns (3, 224, 224) into maps of 7×7.

    budget: the most parameters allowed, weights and biases together; 1,000 to 10,000,000.

    Returns a list of layers `(C_in, C_out, K, S, P)`, whole numbers, the first one next to the
    picture, so that
    - the first C_in is 3, and each further C_in is the C_out before it;
    - the sides go from 224 to 7 by the rule ⌊(W − K + 2P)/S⌋ + 1;
    - no layer skips pixels: S ≤ K;
    - all layers together have at most `budget` parameters, Σ C_out·(C_in·K² + 1),
      and at least half of it: a budget is there to be used.

    One layer `(3, 8, 3, 2, 1)` turns 224 into 112 and costs 8·(3·9 + 1) = 224.
    """
    ### BEGIN SOLUTION

    def stack(width):
        channels = [3, width, width, width, width, width]
        return [(channels[i], channels[i + 1], 3, 2, 1) for i in range(5)]

    def cost(layers):
        return sum(C_out * (C_in * K * K + 1) for C_in, C_out, K, _, _ in layers)

    width = 1
    while cost(stack(width + 1)) <= budget:
        width += 1
    return stack(width)
    ### END SOLUTION


# %% hints="design_stack"
r"""
Forget the budget first: which K and P turn 224 into exactly 112 with a stride of 2? And how often do you need that?

Five layers with K = 3, S = 2, P = 1 give 112, 56, 28, 14, 7. Give all of them the same number of channels, and work out what the five cost. Then the budget decides the number of channels: make it as large as it may be.

Write a small function that makes the five layers for a given width, and one that adds up their cost. Start with `width = 1`, and as long as the stack of `width + 1` still costs no more than the budget, add 1.
"""

# %% idea="design_stack"
r"""
K = 3, S = 2, P = 1 halves an even side exactly, and 224 is 7·2⁵, so five such layers do it.
With c channels everywhere they cost 28c + 4(9c² + c); the width is raised step by step while the next one still fits.
The cost grows with the square of the width, and one step more never doubles it from 4 channels on: so at least half of the budget is used.
"""

# %% check="design_stack" points=5

# %%
if ready(design_stack):
    stack = design_stack(100_000)
    maps = stacks.maps_of(stack, channels=3, side=224)
    said = ", then ".join(f"{channels} × {side} × {side}" for channels, side in maps)
    plots.show(stack_of_maps(maps), alt=f"Your stack as squares to scale: {said}.")
    print(f"{stacks.parameters_of(stack):,} of 100,000 parameters")

# %% [markdown]
r"""
Is there a *best* stack? Parameters are not the only price.
Here are three that cost about the same. Count their **multiplications** (곱셈), too: each weight is used once for every number of its map.
"""

# %%
designs = {
    "equal widths": [(3, 52, 3, 2, 1)] + [(52, 52, 3, 2, 1)] * 4,
    "narrow, then wide": [
        (3, 16, 3, 2, 1),
        (16, 32, 3, 2, 1),
        (32, 48, 3, 2, 1),
        (48, 64, 3, 2, 1),
        (64, 90, 3, 2, 1),
    ],
    "large steps": [(3, 32, 8, 8, 0), (32, 180, 4, 4, 0)],
}
written = ready(receptive_field)
for name, design in designs.items():
    sides = [side for _, side in stacks.maps_of(design, 3, 224)]
    work = sum(
        C_in * C_out * K * K * side**2
        for (C_in, C_out, K, _, _), side in zip(design, sides[1:], strict=True)
    )
    cost = stacks.parameters_of(design)
    print(f"{name:17} {cost:,} parameters, {work / 1e6:5.1f} million multiplications", end="")
    print(f", field {receptive_field([(K, S, 1) for _, _, K, S, _ in design])}" if written else "")

# %% [markdown]
r"""
Nearly the same number of parameters, and quite different amounts of work.
In an early layer a weight is used often, because the map is large; in a late layer the same weight costs less work. So most nets begin narrow and grow wider while the maps shrink.
The third design is the cheapest of all. But look at its field: a number at the end sees only 32 pixels of 224. The next number sees the next 32, and no two fields overlap.

## 8 · Weekly paper (위클리페이퍼)
"""

# %% [markdown] essay="shrink_well" points=8
r"""
### How would you shrink it?

A friend builds a net for photographs of 224 × 224 pixels, and says:
*"My first layer is `nn.Conv2d(3, 64, 3, stride=4)`, without padding. It makes the maps sixteen times smaller, so it is sixteen times faster. Padding is only there to keep the size, and I don't want to keep the size."*

1. **Short answer**, two lines: what goes wrong in this layer, and what would you write instead?
2. **Long answer**, 150 to 250 words. Explain what the layer never sees, what a stride does to fine patterns, and what padding is for besides the size. Use **numbers that you measured or counted in this notebook**. Name one case in which a large stride in the first layer is a good idea.

### BEGIN SOLUTION
**Rubric (8 points)**

| points | for |
|---|---|
| 1 | The short answer fits in two lines: the stride is larger than the window, so pixels are skipped; a remedy with S ≤ K (such as K = 3, S = 2, P = 1, twice, or a larger window). |
| 2 | Skipped pixels: every fourth row and column is never seen (1), with a count that is right, e.g. 9/16 = 56 % of the pixels are seen, or an output of 56 × 56 (1). |
| 2 | Aliasing explained as fine patterns turning into false coarse ones, not merely "losing detail" (1), with evidence from the notebook: the stripes, the rings, or the shift test (1). |
| 1 | Padding is also about the border: corner pixels are seen less often (9 against 1, or 4 with P = 1). |
| 1 | A fitting case for a large stride: a wide window before it (AlexNet's 11 × 11, stride 4), or very smooth or very large pictures, or little computing power. |
| 1 | At least one number from the student's own notebook, used as an argument. |

**Model answer, full marks (8).**
*Short:* A stride of 4 with a window of 3 never looks at every fourth row and column, and fine patterns turn into false ones. I would take two layers of 3×3 with stride 2 and padding 1.
*Long:* `conv_size(224, 224, 3, 4)` is 56 × 56, and each of these windows covers its own 9 of 16 pixels: 44 % of the photograph does not exist for this net, as `visit_counts` shows with its rows of zeros. What it does see, it samples every four pixels. Such steps can only carry waves longer than eight pixels; finer patterns do not vanish, they come back as coarse ones. In the notebook stripes of one pixel became all black, and all white after a shift by one pixel, and on the photographs a bare stride of 4 was the most nervous of the four ways of shrinking when the picture moved by a pixel, while a blur before it was the calmest. A learned 3×3 kernel cannot blur over eight pixels. Padding is not only about the size: without it a corner pixel lies in one 3×3 window and a middle pixel in nine, and in small, deep maps the border is most of the map. Two layers with K = 3, S = 2, P = 1 give the same 56 × 56, see every pixel, and have a field of 7. A large stride at the start is fine when the window is much wider than the step: AlexNet's first layer, 11 × 11 with stride 4, sees every pixel several times and saves much work.

**Model answer, middle (5).**
*Short:* The stride is larger than the kernel, so pixels are left out. Use stride 2.
*Long:* With a stride of 4 and a kernel of 3, every fourth row and column is skipped, so only 56 % of the pixels are used. The result is 56 × 56. When you take every fourth pixel you also lose the fine details, such as thin stripes. Padding also helps the border pixels: in the notebook a corner was seen once and the middle nine times. I would use stride 2 and padding 1.
*(Short 1. Skipped pixels 2. Aliasing 0: "lose details" is not aliasing. Border 1. Case 0. Number 1.)*

**Model answer, weak (1).**
*Short:* The friend should use padding="same" and a stride of 2.
*Long:* Padding is important because otherwise the size shrinks. Stride makes the image smaller and the net faster, but too much stride loses information. A good net uses pooling and small kernels, such as 3×3, which is the standard.
*(1 for a remedy with S ≤ K in the short answer, though torch refuses "same" with a stride. Nothing is counted or explained.)*
### END SOLUTION
"""

# %% [markdown]
r"""
### Quiz: homework

Open one part at a time over the week. Cover the notebook, answer, then read the explanations.
"""

# %%
quiz()

# %% [markdown]
r"""
## What next

You can now read every number in `nn.Conv2d(16, 32, 3, stride=2, padding=1)`, say what size comes out, which pixels it looks at, and what it may invent.

- **Lesson 04** lays these layers beside pooling, normalisation, activations and more, and builds a first real net from them.
- To read on: Luo, Li, Urtasun and Zemel, *Understanding the Effective Receptive Field in Deep Convolutional Neural Networks* (2016), on part 6; and Zhang, *Making Convolutional Networks Shift-Invariant Again* (2019), which puts a blur before every larger step, on part 5.
"""

# ---
# title: "Layer types, part 1: layers that work on maps"
# title_ko: 레이어 종류 1
# minutes: 118
# objectives:
#   conv_family: build depthwise, pointwise and transposed convolutions, and say what each saves or spoils
#   pooling: pool maps of any size, and say what a pooling keeps and what it loses
#   normalising: normalise over a batch, an example or a map, in training and in evaluation
#   dropping: drop numbers at random in training, and say why the rest is scaled
#   activating: write six activations that survive large numbers, and say where their slopes vanish
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · Six families | 5 | |
| 2 · Convolutions that save | 19 | `depthwise_separable`, `separable_saving` |
| 3 · Making maps larger | 27 | `transposed_conv2d`, `pixel_shuffle` |
| 4 · Pooling | 13 | `pool2d` |
| 5 · Normalising | 25 | `batch_norm`, `layer_norm` |
| 6 · Dropping | 9 | `dropout` |
| 7 · Activating | 15 | `activations` |
| 8 · Myth check | 5 | |

This is the first of two notebooks: here are the layers that work on maps; the second one builds a net from them, and has the weekly paper and the quiz.

Run the cells from top to bottom, and **guess** where the text asks you to.
`hint("pool2d")` helps in three steps, `check("pool2d")` as often as you like.
"""

# %%
import math
import statistics
import time

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from IPython.display import display
from torch import nn

from utils import check, data, hint, idea, plots, start, widgets
from utils.demo import ready
from utils.drawings import layers
from utils.layer_gallery import gallery, parameters
from utils.training import accuracy, train

start("04_layer_types")

# %% [markdown]
r"""
## 1 · Six families

Ask somebody which layers a CNN has, and you will hear three: convolution, pooling, fully connected.
**Guess:** how many kinds of layers does torch bring along?
"""

# %%
kinds = {
    kind
    for kind in vars(nn).values()
    if isinstance(kind, type) and issubclass(kind, nn.Module) and "Loss" not in kind.__name__
}
print(len(kinds), "classes in torch.nn, the losses left out")

# %% [markdown]
r"""
More than a hundred (a few, such as Sequential, only hold other layers).
Nobody knows them all by heart, and nobody has to: they belong to **six families** (계열).
"""

# %%
plots.show(
    layers.families(),
    alt="Six boxes with examples: convolution, pooling, normalisation, activation, dense and "
    "structure, sequence. Convolution, pooling and dense, the popular three, have a thick frame.",
)

# %% [markdown]
r"""
The popular three have thick frames. With these alone you could not build any net of lesson 05: the very first already has an activation.

Which families a net needs, and how many layers of each, the **task** decides:

| task | needs | hardly needs |
|---|---|---|
| what is in this photograph? | convolution, normalisation, activation, pooling, dense | sequence |
| which pixels are road? | convolution, layers that make maps *larger* | dense layers |
| translate a sentence | sequence, normalisation, dense | pooling |
| a table with twenty columns | dense, activation | convolution: columns are no neighbours |

This notebook is a **gallery**. For every layer you will see its role, its shape rule, its parameters, what it is good at and what it spoils; and you build the important ones yourself.
The numbers in the gallery's tables are counted by code, not copied from books.

## 2 · Convolutions that save

A convolution does two jobs at once. It *looks around* (K×K pixels), and it *mixes channels* (every result is a sum over all of them).
Need both be done by the same weights?
"""

# %%
plots.show(
    layers.wiring(),
    alt="Four channels on the left of each panel, four on the right. Full: every left one is joined "
    "to every right one by a K×K kernel, 16 kernels. Depthwise: each one to its own partner only, "
    "4 kernels. Pointwise: all are joined again, but each line is a single number.",
)

# %% [markdown]
r"""
- A **depthwise convolution** (깊이별 합성곱) looks around: every channel has one kernel and stays by itself.
- A **pointwise convolution** (점별 합성곱) mixes: a window of 1×1, so it sees one pixel, with all its channels.

One after the other they make a **depthwise separable convolution** (깊이별 분리 합성곱). Whole nets were built from it, such as Xception and MobileNet.

In torch a depthwise layer is `nn.Conv2d(C, C, K, groups=C)`: `groups` says into how many groups the channels are cut, and each group keeps to itself.
"""


# %% exercise="depthwise_separable" stars=2 objective="conv_family" minutes=5
def depthwise_separable(x, depthwise, pointwise):
    """A depthwise convolution, then a pointwise one, with steps of 1 and without biases.

    x: maps, shape (N, C, H, W), float32 or float64, on any device.
    depthwise: one K×K kernel for each channel, shape (C, 1, K, K), K odd;
    K // 2 zeros on every side keep the size.
    pointwise: shape (C_out, C, 1, 1): how much of each channel goes into each result.
    Returns maps of shape (N, C_out, H, W), with the dtype and on the device of x.
    F.conv2d is allowed.

    x = tensor([[[[1., 2.]], [[3., 4.]]]])              # (1, 2, 1, 2): two channels
    depthwise = tensor([10., 100.]).reshape(2, 1, 1, 1)  # K = 1: channel 0 ·10, channel 1 ·100
    pointwise = tensor([[1., 1.]]).reshape(1, 2, 1, 1)   # one result: the sum of both
    depthwise_separable(x, depthwise, pointwise)  →  tensor([[[[310., 420.]]]])
    #   1·10 + 3·100 = 310        2·10 + 4·100 = 420
    """
    ### BEGIN SOLUTION
    C, _, K, _ = depthwise.shape
    each = F.conv2d(x, depthwise, padding=K // 2, groups=C)
    return F.conv2d(each, pointwise)
    ### END SOLUTION


# %% hints="depthwise_separable"
r"""
In the picture above, which lines would you have to cut from a full convolution so that channel 0 never meets channel 1?

Two steps. First each channel by itself, with its own kernel and K // 2 zeros around it: `F.conv2d` does that with `groups` equal to the number of channels (or send one channel at a time through `F.conv2d`, and join the results). Then an ordinary convolution with windows of 1 × 1 mixes the channels.

`each = F.conv2d(x, depthwise, padding=K // 2, groups=C)`, with `C, _, K, _ = depthwise.shape`; then `F.conv2d(each, pointwise)`.
"""

# %% idea="depthwise_separable"
r"""
`groups=C` cuts the convolution into C small ones: channel c meets kernel c only.
K // 2 zeros on every side keep the size, because K is odd.
The 1×1 convolution then makes each result a weighted sum of all channels, pixel by pixel.
"""

# %% check="depthwise_separable" points=4

# %% [markdown]
r"""
Take 64 channels to 64 channels, with 3×3 windows. **Guess:** how many times fewer weights has the separable layer?
"""


# %% exercise="separable_saving" stars=1 objective="conv_family" minutes=3
def separable_saving(C_in, C_out, K):
    """The weights of a full convolution, and of the separable one that takes its place.

    C_in, C_out: channels in and out; K: side of the K×K windows. No biases.
    The separable one: a depthwise K×K convolution on the C_in channels, then a pointwise one.
    Returns two whole numbers `(full, separable)`.

    separable_saving(2, 3, 5)  →  (150, 56)
    #   full 3·2·5·5 = 150        depthwise 2·5·5 = 50, pointwise 3·2 = 6
    """
    ### BEGIN SOLUTION
    full = C_out * C_in * K * K
    depthwise, pointwise = C_in * K * K, C_out * C_in
    return full, depthwise + pointwise
    ### END SOLUTION


# %% hints="separable_saving"
r"""
What shape do the weights of `nn.Conv2d(2, 3, 5)` have? And what shapes did `depthwise` and `pointwise` have in the exercise above?

A full convolution has one K×K kernel for every pair of channels. The depthwise one has one for every channel that comes in, and the pointwise one a single number for every pair.

`full = C_out * C_in * K * K`; the other is `C_in * K * K + C_out * C_in`.
"""

# %% idea="separable_saving"
r"""
Count the numbers in the three weight tensors: (C_out, C_in, K, K) against (C_in, 1, K, K) and (C_out, C_in, 1, 1).
Separable divided by full is 1/C_out + 1/K², so a wide layer with 3×3 windows saves nearly nine times.
"""

# %% check="separable_saving" points=2

# %%
if ready(separable_saving):
    for C in (4, 16, 64, 256):
        full_count, separable_count = separable_saving(C, C, 3)
        saved = full_count / separable_count
        print(f"{C:3} → {C:3} channels: {full_count:7,} or {separable_count:6,}: {saved:.1f} times")

# %% [markdown]
r"""
About 8 times at 64 channels. Separable divided by full is 1/C_out + 1/K², never below 1/9: however wide the layer is, 3×3 windows save less than nine times.

The multiplications shrink in the same way, because each weight is used once for every pixel.
So the layer should be 8 times as fast, too. **Guess**, then measure.
"""

# %%
full = nn.Conv2d(64, 64, 3, padding=1, bias=False)
depthwise_layer = nn.Conv2d(64, 64, 3, padding=1, groups=64, bias=False)
pointwise_layer = nn.Conv2d(64, 64, 1, bias=False)
separable = nn.Sequential(depthwise_layer, pointwise_layer)
maps = torch.randn(8, 64, 28, 28, generator=torch.Generator().manual_seed(0))


@torch.no_grad()
def milliseconds(layer, x, repeats=9):
    """The middle one of several measured times, after a first call that does not count."""
    times = []
    for _ in range(repeats + 1):
        begin = time.perf_counter()
        layer(x)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times[1:])


clock = {name: milliseconds(net, maps) for name, net in (("full", full), ("separable", separable))}
for name, net in (("full", full), ("separable", separable)):
    print(f"{name:9} {parameters(net):6,} weights, {clock[name]:5.1f} ms")
print(f"weights: ÷ {parameters(full) / parameters(separable):.1f}", end=", ")
print(f"time on this computer: ÷ {clock['full'] / clock['separable']:.1f}")

# %% [markdown]
r"""
The count fell by 8, the clock by less; about 2 is usual on an ordinary processor that has nothing else to do.
A full convolution is one large matrix product (lesson 01), which processors are very good at. The depthwise half has little to compute for each number that it fetches from memory, so it mostly *waits*.
Parameters and multiplications can be counted on paper. Time must be measured, on the machine where the net will run.

And what is the price? A depthwise layer by itself never lets channels meet. Nudge one channel, and see which results move:
"""

# %%
nudged = maps[:1].clone()
nudged[:, 0] += 1.0
for name, net in (("full", full), ("depthwise", depthwise_layer), ("separable", separable)):
    with torch.no_grad():
        moved = (net(nudged) - net(maps[:1])).abs().amax(dim=(0, 2, 3)) > 1e-6
    print(f"{name:9} {int(moved.sum()):2} of 64 channels notice that channel 0 has changed")

# %% [markdown]
r"""
One of 64. That is why a pointwise layer follows.
(Your `depthwise_separable` with these two layers' weights gives what the two layers give:)
"""

# %%
if ready(depthwise_separable):
    with torch.no_grad():
        own = depthwise_separable(maps, depthwise_layer.weight, pointwise_layer.weight)
        print("largest difference to torch:", f"{float((own - separable(maps)).abs().max()):.0e}")

# %% [markdown]
r"""
### Dilated: a wide window for the price of a small one

You know the **dilated convolution** (팽창 합성곱, also *atrous*) from lesson 03: the window's numbers stand D pixels apart.
"""

# %%
plots.show(
    layers.dilated_windows(),
    alt="A 3×3 window on 7×7 pixels. With dilation 1 its nine numbers fill 3×3 pixels, with 2 they "
    "lie in every second place of 5×5, with 3 in every third of 7×7.",
)

# %% [markdown]
r"""
Nine weights reach over 7×7 pixels; in segmentation and in sound, where far things matter, that is welcome.
The gaps are the price. In lesson 03 a stack with dilations 2, 2, 2 saw 29 % of its field. Here is what that means for a photograph: we replace **three quarters of its pixels** by noise, all but every second one in every second row.
"""

# %%
photo = data.photo("camera", size=96)[None, None]
noisy = torch.rand(photo.shape, generator=torch.Generator().manual_seed(0))
noisy[..., ::2, ::2] = photo[..., ::2, ::2]
for dilations in ((2, 2, 2), (1, 2, 3)):
    torch.manual_seed(0)
    stack = nn.Sequential(*[nn.Conv2d(1, 1, 3, dilation=D) for D in dilations])
    with torch.no_grad():
        change = (stack(noisy) - stack(photo))[0, 0, ::2, ::2].abs().max()
    print(f"dilations {dilations}: the results in every second place change by up to {change:.3f}")

fig, axes = plots.canvas(5.4, 2.8, columns=2)
plots.picture(axes[0], photo[0, 0], "the photograph")
plots.picture(axes[1], noisy[0, 0], "three quarters replaced by noise")
axes[0].set_xlabel(data.credit("camera"))
plots.show(
    fig,
    alt="Left the photographer, right the same photograph with three of four pixels replaced "
    "by noise: hardly anything can be recognised.",
)

# %% [markdown]
r"""
Change 0.000: a quarter of the results of the first stack cannot tell these two pictures apart.
This is **gridding** (격자 현상). Dilations that fill each other's gaps, such as 1, 2, 3, do not have it.

## 3 · Making maps larger

"Which pixels are road?" wants an answer for *every* pixel, and a net that draws must end with a full-sized picture.
So maps that have become small must grow again: **upsampling** (업샘플링). There are three ways.

### One: a fixed rule

`nn.Upsample` has nothing to learn. *Nearest* (최근접) copies the nearest number, *bilinear* (쌍선형, in image processing also 양선형) mixes the nearest ones, each weighed by how close it is.
"""

# %%
little = torch.tensor([[[[0.0, 8.0], [16.0, 24.0]]]])
nearest = nn.Upsample(scale_factor=2, mode="nearest")(little)[0, 0]
bilinear = nn.Upsample(scale_factor=2, mode="bilinear")(little)[0, 0]
plots.show(
    plots.matrices(
        {"2 × 2": little[0, 0], "nearest": nearest, "bilinear": bilinear},
        shade=("2 × 2", "nearest", "bilinear"),
    ),
    alt="The map 0, 8, 16, 24. Nearest makes four blocks of four equal numbers; "
    "bilinear makes steps of 0, 2, 6, 8 along the first row.",
)

# %% [markdown]
r"""
Blocks, or a smooth ramp. Neither invents anything.

(A map also grows when zeros are put around it. `nn.ZeroPad2d((left, right, top, bottom))` does that with another width on each side: `nn.ZeroPad2d((0, 1, 0, 1))` is just what 'same' asks for with a 2×2 kernel, as lesson 03 found.)
"""

# %%
print(nn.ZeroPad2d((0, 1, 0, 1))(little)[0, 0])

# %% [markdown]
r"""
### Two: stamps

A **transposed convolution** (전치 합성곱) learns how to enlarge. Lesson 03 worked out its size; now write the layer itself.
Take one number of the small map, multiply the whole kernel by it, and *stamp* the result onto the large map. Do this for every number. The stamps lie S apart, and where they overlap they are **added**.
"""

# %%
pair, stamp = torch.tensor([[[[3.0, 2.0]]]]), torch.tensor([[[[1.0, 2.0, 1.0], [0.0, 1.0, 4.0]]]])
first, second = torch.tensor([[[[3.0, 0.0]]]]), torch.tensor([[[[0.0, 2.0]]]])
shown = {"map": pair[0, 0], "kernel": stamp[0, 0]} | {
    name: F.conv_transpose2d(x, stamp, stride=2)[0, 0]
    for name, x in (("the stamp of 3", first), ("the stamp of 2, S = 2", second), ("added", pair))
}
plots.show(
    plots.matrices(
        shown,
        windows={"the stamp of 3": (0, 0, 2, 3), "the stamp of 2, S = 2": (0, 2, 2, 3)},
        cell=0.4,
    ),
    alt="The map 3, 2 and a kernel of 2×3. The 3 stamps three times the kernel into the first three "
    "of five columns, the 2 twice the kernel into the last three. Added, they overlap in the "
    "middle column: 3 + 2 = 5 and 12 + 0 = 12.",
)

# %% [markdown]
r"""
With channels: the weight has the shape (C_in, C_out, K_h, K_w). A place of the map holds C_in numbers; each stamps its own C_out kernels, and all of this is added up.
"""


# %% exercise="transposed_conv2d" stars=3 objective="conv_family" minutes=8
def transposed_conv2d(x, weight, S=1, P=0):
    """A transposed convolution: every number of x stamps the kernel, and the stamps are added.

    x: maps, shape (N, C_in, H, W), float32 or float64, on any device.
    weight: shape (C_in, C_out, K_h, K_w): channels in come *first* here, as in torch.
    S: how far apart stamps lie; P: rows and columns cut off on all four sides at the end.
    Returns maps of shape (N, C_out, (H−1)·S + K_h − 2P, (W−1)·S + K_w − 2P),
    with the dtype and on the device of x. Write it without a ready-made transposed convolution.

    x = tensor([[[[1., 10.]]]])                # one channel of 1×2 numbers
    weight = tensor([[[[1., 2., 3.]]]])        # one kernel of 1×3
    transposed_conv2d(x, weight, S=2)  →  tensor([[[[1., 2., 13., 20., 30.]]]])
    #   1·(1, 2, 3), and two places further 10·(1, 2, 3): they meet at 3 + 10 = 13
    """
    ### BEGIN SOLUTION
    N, _, H, W = x.shape
    _, C_out, K_h, K_w = weight.shape
    out = x.new_zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)
    for i in range(H):
        for j in range(W):
            stamp = torch.einsum("nc,cohw->nohw", x[:, :, i, j], weight)
            out[:, :, i * S : i * S + K_h, j * S : j * S + K_w] += stamp
    return out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]
    ### END SOLUTION


# %% hints="transposed_conv2d"
r"""
Lay an empty sheet down. The number in row i and column j of x stamps K_h × K_w places: in which row and column of the sheet does its stamp begin?

Make a sheet of zeros, large enough for all stamps: (H − 1)·S + K_h rows, and columns likewise. Go over all i and j, and *add* the stamp to its places. The stamp of one number with C_in channels is the sum over the channels of number × kernel. Cut P off at the very end.

`out = x.new_zeros(N, C_out, (H - 1) * S + K_h, (W - 1) * S + K_w)`; in the loop `stamp = (x[:, :, i, j, None, None, None] * weight).sum(dim=1)` (shapes: (N, C_in, 1, 1, 1) times (C_in, C_out, K_h, K_w), summed over C_in; in short `torch.einsum("nc,cohw->nohw", x[:, :, i, j], weight)`) and `out[:, :, i*S : i*S + K_h, j*S : j*S + K_w] += stamp`; return `out[:, :, P : out.shape[2] - P, P : out.shape[3] - P]` (`-P` as the end would go wrong for P = 0).
"""

# %% idea="transposed_conv2d"
r"""
Each input place (i, j) owns a window of the result that begins at (i·S, j·S); its stamp is added there.
`einsum("nc,cohw->nohw", …)` multiplies the C_in numbers of the place with their C_in kernels and sums over them.
Padding comes last and takes away: it removes what a convolution's padding would have added.
"""

# %% check="transposed_conv2d" points=5

# %% [markdown]
r"""
Many people call this layer "deconvolution". Does it undo a convolution?
Take a photograph, shrink it by a convolution with stride 2, and send the result back through the transposed convolution with *the same* kernel.
"""

# %%
if ready(transposed_conv2d):
    scene = data.photo("camera", size=64)[None, None]
    kernel = torch.tensor([1.0, 3.0, 3.0, 1.0])
    kernel = (kernel[:, None] * kernel[None, :] / 64)[None, None]  # a small blur, 4×4, sum 1
    shrunk = F.conv2d(scene, kernel, stride=2, padding=1)
    back = 4 * transposed_conv2d(shrunk, kernel, S=2, P=1)  # 4: four times as many pixels
    fig, axes = plots.canvas(7.4, 2.7, columns=3)
    for ax, image, name in zip(
        axes, (scene, shrunk, back), ("photograph", "convolved, stride 2", "and back"), strict=True
    ):
        plots.picture(ax, image[0, 0], f"{name}: {image.shape[2]} × {image.shape[3]}")
    axes[0].set_xlabel(data.credit("camera"))
    error = (back - scene).square().mean().sqrt()
    plots.show(
        fig,
        alt="The photograph of 64×64 pixels, its small version of 32×32, and what comes back: "
        "64×64 again, but blurred twice.",
    )
    print(f"typical difference between the photograph and what came back: {error:.3f}")

# %% [markdown]
r"""
The size is back, the picture is not. It has been blurred a second time.
So it is **no inverse**. What is it, then? It is the **adjoint** (수반): the same connections, walked backwards. Written as matrices, if the convolution is A, the transposed convolution is Aᵀ, which gave it its name. For *any* picture x and any map y:

$$\sum \text{conv}(x)\cdot y \;=\; \sum x\cdot \text{conv}^T(y)$$
"""

# %%
if ready(transposed_conv2d):
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(1, 1, 8, 8, generator=draw, dtype=torch.float64)
    y = torch.randn(1, 1, 4, 4, generator=draw, dtype=torch.float64)
    stamp = torch.randn(1, 1, 4, 4, generator=draw, dtype=torch.float64)
    print(f"{(F.conv2d(x, stamp, stride=2, padding=1) * y).sum():.12f}")
    print(f"{(x * transposed_conv2d(y, stamp, S=2, P=1)).sum():.12f}")

# %% [markdown]
r"""
Equal in every decimal shown, with random numbers. (You have met it before: the gradient of a convolution by its image, in lesson 01, was exactly this, with S = 1.)

Now its famous weakness. Feed it a perfectly even map, all ones, with a kernel of ones. An even answer would be fair. **Guess:** K = 3 with S = 2, or K = 4 with S = 2: which is even?
"""

# %%
if ready(transposed_conv2d):
    even = torch.ones(1, 1, 4, 4)
    counts = {
        f"K = {K}, S = 2": transposed_conv2d(even, torch.ones(1, 1, K, K), S=2)[0, 0]
        for K in (3, 4)
    }
    plots.show(
        plots.matrices(counts, shade=tuple(counts), cell=0.36),
        alt="How many stamps meet in each place. With K 3 and S 2 rows of 1 and 2 and rows of 2 and 4 alternate "
        "like a checkerboard. With K 4 and S 2 there are 4 everywhere but at the border.",
    )

# %% [markdown]
r"""
With K = 3 and S = 2 some places get one stamp, some two, some four: one inner row reads 1, 2, 1, 2, …, the next 2, 4, 2, 4, … That is the **checkerboard** (체커보드), and it shows in generated pictures as a fine regular pattern.
With K = 4 and S = 2 every inner place gets four. The rule: **let S divide K**.
(That makes the *counts* even. A kernel with unequal numbers can still draw a pattern, and with K = 3 training must even out both.)

### Three: channels become places

Super-resolution (초해상도) turns small photographs into large ones. If the photograph is enlarged first, by a fixed rule, every convolution after that works on a large map.
**Pixel shuffle** (픽셀 셔플) lets all the work happen on the small map: a layer makes r² times as many channels, and then these are simply laid side by side, r×r to a block.
"""

# %%
letters = torch.arange(16.0).reshape(1, 4, 2, 2)
shown = {f"channel {c}": letters[0, c] for c in range(4)}
shown["shuffled, r = 2"] = nn.PixelShuffle(2)(letters)[0, 0]
plots.show(
    plots.matrices(shown, windows={"shuffled, r = 2": (0, 0, 2, 2)}, cell=0.4),
    alt="Four channels of 2×2: 0 to 3, 4 to 7, 8 to 11, 12 to 15. In the shuffled map of 4×4 the "
    "framed upper left block holds 0, 4, 8, 12: the first number of each channel.",
)


# %% exercise="pixel_shuffle" stars=2 objective="conv_family" minutes=5
def pixel_shuffle(x, r):
    """Lay r·r channels side by side into one map that is r times as high and as wide.

    x: maps, shape (N, C·r², H, W), of any dtype, on any device; r: whole number from 1.
    Returns maps of shape (N, C, H·r, W·r): no number is lost, none is changed.
    Channels c·r² to c·r² + r² − 1 make map c; the first of them gives the upper left number of
    every r×r block, the next one its neighbour to the *right*, and so on, row by row.
    Write it without a ready-made pixel shuffle.

    x = tensor([1., 2., 3., 4.]).reshape(1, 4, 1, 1)    # four channels of one number
    pixel_shuffle(x, 2)  →  tensor([[[[1., 2.],
                                      [3., 4.]]]])
    """
    ### BEGIN SOLUTION
    N, channels, H, W = x.shape
    C = channels // (r * r)
    blocks = x.reshape(N, C, r, r, H, W)  # (N, C, row in block, column in block, H, W)
    return blocks.permute(0, 1, 4, 2, 5, 3).reshape(N, C, H * r, W * r)
    ### END SOLUTION


# %% hints="pixel_shuffle"
r"""
Take r = 2 and four channels. Which rows and columns of the large map does channel 0 fill? And channel 1?

One way: an empty map, and for each row m and column n of a block one channel goes to `out[:, :, m::r, n::r]`. Which channel is it? Another way: reshape the channels into (C, r, r), then bring the axes into the order H, row in block, W, column in block.

`x.reshape(N, C, r, r, H, W).permute(0, 1, 4, 2, 5, 3).reshape(N, C, H * r, W * r)` with `C = x.shape[1] // (r * r)`; or `out[:, :, m::r, n::r] = x[:, m * r + n :: r * r]`.
"""

# %% idea="pixel_shuffle"
r"""
A channel's number has three parts: which map c, which row m in the block, which column n; reshape takes it apart in this order.
In the large map the row is (i, m) and the column (j, n), so permute brings the axes to N, C, i, m, j, n.
The last reshape joins i with m and j with n.
"""

# %% check="pixel_shuffle" points=3

# %% [markdown]
r"""
Is really nothing lost? Take a photograph apart into four small ones (every second pixel, with four different starts) and give them to your function as channels.
"""

# %%
if ready(pixel_shuffle):
    whole = data.photo("chelsea", size=160)
    whole = whole[: whole.shape[0] // 2 * 2, : whole.shape[1] // 2 * 2]
    quarters = torch.stack([whole[m::2, n::2] for m in (0, 1) for n in (0, 1)])[None]
    joined = pixel_shuffle(quarters, 2)[0, 0]
    fig, axes = plots.canvas(9.4, 2.3, columns=5, width_ratios=[1, 1, 1, 1, 2])
    for c in range(4):
        plots.picture(axes[c], quarters[0, c], f"channel {c}")
    plots.picture(axes[4], joined, "shuffled, r = 2")
    axes[0].set_xlabel(data.credit("chelsea"))
    plots.show(fig, alt="Four small, nearly equal photographs of a cat, and the large one that "
               "they make when they are shuffled together.")  # fmt: skip
    print("largest difference to the whole photograph:", float((joined - whole).abs().max()))

# %% [markdown]
r"""
The first wall of the gallery. `Conv2d` is there for comparison: you counted its shared weights in lesson 01, and measured in lesson 03 how little one layer of it sees. Parameters are for the sizes shown, biases included.
Check one by hand: `ConvTranspose2d(32, 16, 2, 2)` has 32·16·2·2 weights and 16 biases.
"""

# %%
display(gallery("convolution"))

# %% [markdown]
r"""
## 4 · Pooling

**Pooling** (풀링) makes one number out of a window, without any weights: the largest (**max pooling**, 최대 풀링) or the mean (**average pooling**, 평균 풀링).

Of [[1, 2], [3, 4]] they make 4, and 2.5.
"""


# %% exercise="pool2d" stars=2 objective="pooling" minutes=5
def pool2d(x, K, S=None, how="max"):
    """Max pooling or mean pooling with windows of K×K numbers.

    x: maps, shape (N, C, H, W), float32 or float64, on any device; K ≤ H and K ≤ W.
    S: how far it is from one window to the next, None for K (windows side by side).
    how: "max" for the largest number of each window, "mean" for their mean.
    A window that does not fit is dropped: no padding.
    Returns maps of shape (N, C, ⌊(H−K)/S⌋+1, ⌊(W−K)/S⌋+1), with the dtype and on the device of x.
    Write it without a ready-made pooling.

    x = tensor([[[[1., 2., 9.], [3., 4., 9.]]]])
    pool2d(x, 2)              →  tensor([[[[4.]]]])      # the third column fills no window
    pool2d(x, 2, how="mean")  →  tensor([[[[2.5]]]])     # (1 + 2 + 3 + 4)/4
    """
    ### BEGIN SOLUTION
    S = K if S is None else S
    H_out, W_out = (x.shape[2] - K) // S + 1, (x.shape[3] - K) // S + 1
    places = [(m, n) for m in range(K) for n in range(K)]
    members = [
        x[:, :, m : m + S * (H_out - 1) + 1 : S, n : n + S * (W_out - 1) + 1 : S] for m, n in places
    ]
    windows = torch.stack(members)  # (K², N, C, H_out, W_out)
    return windows.amax(dim=0) if how == "max" else windows.mean(dim=0)
    ### END SOLUTION


# %% hints="pool2d"
r"""
Every window has an upper left number. If you lay the upper left numbers of *all* windows side by side, what slice of x is that?

Either go through the windows with two loops, take `x[:, :, top : top + K, left : left + K]` and reduce its last two axes. Or cut K² slices with steps of S, one for each place in a window, stack them, and reduce the stack.

`windows = torch.stack([x[:, :, m : m + S*(H_out - 1) + 1 : S, n : n + S*(W_out - 1) + 1 : S] for m in range(K) for n in range(K)])`, then `windows.amax(dim=0)` or `windows.mean(dim=0)`.
"""

# %% idea="pool2d"
r"""
Place (m, n) of all windows together is a slice of x with steps of S; there are K² such slices.
Stacked, they put the members of each window along axis 0, and one reduction pools all windows at once.
H_out and W_out say where the slices end, so that no half window gets in.
"""

# %% check="pool2d" points=4

# %% [markdown]
r"""
What does each keep? Here is a dark picture with a few bright dots, and a bright one with a few dark dots. **Guess** what max pooling does to the two.
"""

# %%
if ready(pool2d):
    dark = torch.full((1, 1, 24, 24), 0.1)
    for row, column in ((3, 5), (9, 17), (14, 2), (20, 20), (18, 9)):
        dark[..., row, column] = 0.9
    fig, axes = plots.canvas(7.6, 4.9, columns=3, rows=2)
    for line, picture in zip(axes, (dark, 1 - dark), strict=True):
        plots.picture(line[0], picture[0, 0], "24 × 24")
        plots.picture(line[1], pool2d(picture, 4)[0, 0], "max pooling, 4")
        plots.picture(line[2], pool2d(picture, 4, how="mean")[0, 0], "mean pooling, 4")
    plots.show(
        fig,
        alt="Bright dots on dark survive max pooling in full, and almost fade away in the mean. "
        "Dark dots on bright vanish entirely under max pooling, and nearly fade in the mean.",
    )

# %% [markdown]
r"""
Max pooling answers "is it there *somewhere* in this window?", but only for what is **large**. Dark dots are gone without a trace.
In a feature map large means "found", so that is usually the right question. The mean asks "how much of it is there on the whole?", and thins out what is rare.

### Any size in, one size out

A dense layer needs a fixed number of inputs, but photographs come in all sizes. **Adaptive pooling** (적응형 풀링) is told the size that shall come *out*, and chooses the windows itself:
"""

# %%
for H, W in ((28, 28), (30, 45), (224, 150)):
    x = torch.zeros(1, 32, H, W)
    mean, largest = nn.AdaptiveAvgPool2d(7)(x), nn.AdaptiveMaxPool2d((3, 5))(x)
    print(f"{H:3} × {W:3} → {tuple(mean.shape[2:])} by means, {tuple(largest.shape[2:])} by maxima")
plots.show(
    layers.adaptive_windows(8, 3),
    alt="Eight numbers pooled to three: windows of 3, 4 and 3 numbers, which share numbers 2 and 5.",
)

# %% [markdown]
r"""
Eight numbers do not divide by three, so the windows are unequal and overlap.

Asked for size 1 it becomes **global pooling** (전역 풀링): one number for each channel. Put that in place of flattening, before the last dense layer, and count:
"""

# %%
after_flatten, after_pooling = nn.Linear(64 * 7 * 7, 10), nn.Linear(64, 10)
print(f"64 maps of 7 × 7, flattened, to 10 classes:     {parameters(after_flatten):6,} parameters")
print(
    f"64 maps of 7 × 7, globally pooled, to 10 classes: {parameters(after_pooling):4,} parameters"
)

shuffled = torch.randperm(49, generator=torch.Generator().manual_seed(0))
feature_maps = torch.rand(1, 64, 7, 7, generator=torch.Generator().manual_seed(1))
scrambled = feature_maps.flatten(2)[..., shuffled].reshape(feature_maps.shape)
pool = nn.AdaptiveAvgPool2d(1)
difference = (pool(feature_maps) - pool(scrambled)).abs().max()
print(f"the same maps with all places scrambled: the pooled numbers differ by {difference:.0e}")

# %% [markdown]
r"""
48 times fewer parameters, and any picture size is welcome. The price is in the last line: scramble all places, and nothing changes but rounding. *Where* is lost; only *what* and *how much* are left. For "what is in this photograph?" that is fine. For "where is it?" it is fatal.
"""

# %%
display(gallery("pooling"))

# %% [markdown]
r"""
## 5 · Normalising

Here are eight convolutions in a row, with ReLU between them and torch's ordinary first weights. Real digits go in. How strong is the signal after each layer?
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")


def eight_layers(norm=None, seed=0):
    """Eight 3×3 convolutions of 16 channels with ReLU; `norm(16)` after each convolution."""
    torch.manual_seed(seed)
    steps, channels = [], 1
    for _ in range(8):
        steps.append(nn.Conv2d(channels, 16, 3, padding=1))
        steps.extend([norm(16)] if norm else [])
        steps.append(nn.ReLU())
        channels = 16
    return nn.Sequential(*steps, nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(64, 10))


@torch.no_grad()
def spread_over_examples(net):
    """After each ReLU: how much a number differs from digit to digit (standard deviation)."""
    x, spreads = images[:64], []
    for layer in net:
        x = layer(x)
        if isinstance(layer, nn.ReLU):
            spreads.append(float(x.std(dim=0).mean()))
    return spreads


spreads = {
    "without": spread_over_examples(eight_layers()),
    "with BatchNorm2d": spread_over_examples(eight_layers(nn.BatchNorm2d)),
}
fig, ax = plots.canvas(5.6, 2.7)
for (name, values), mark in zip(spreads.items(), ("o-", "s--"), strict=True):
    ax.plot(range(1, 9), values, mark, label=name, markersize=5)
ax.set(xlabel="layer", ylabel="spread over the digits", yscale="log")
ax.legend(loc="lower left")
plots.show(
    fig,
    alt="How much the maps differ from digit to digit, on a logarithmic scale. Without "
    f"normalisation it falls from {spreads['without'][0]:.2g} in layer 1 to "
    f"{spreads['without'][-1]:.1g} in layer 8; with it, it stays near "
    f"{spreads['with BatchNorm2d'][-1]:.1g}.",
)

# %% [markdown]
r"""
Without help the signal dies away: after eight layers, all digits look nearly the same to the net. What differs is tiny. Are the gradients?
"""

# %%
for name, norm in (("without", None), ("with BatchNorm2d", nn.BatchNorm2d)):
    net = eight_layers(norm)
    F.cross_entropy(net(images[:256]), labels[:256]).backward()
    print(f"{name:17} gradient of the first layer's weights: {net[0].weight.grad.norm():.0e}")

# %% [markdown]
r"""
Thousands of times smaller.

**Normalisation** (정규화) puts the scale right after every layer: subtract the mean, divide by the standard deviation. Does that help? Train both nets, in the same way.
"""

# %%
histories = {}
for name, norm in (("without", None), ("with BatchNorm2d", nn.BatchNorm2d)):
    net = eight_layers(norm)
    histories[name] = train(net, (images, labels), epochs=5, lr=3e-3, progress=False).loss
    said = ", ".join(f"{value:.2f}" for value in histories[name])
    right = accuracy(net, test_images, test_labels)
    print(f"{name:17} loss of each epoch: {said}; test accuracy {right:.1%}")

# %% [markdown]
r"""
The second epoch with normalisation is far better than the fifth without. That is its role: **faster, steadier training**.

The mean of *what*, though? That is the whole difference between the members of this family:
"""

# %%
plots.show(
    layers.norm_groups(),
    alt="Three examples with four channels of 2×2 places each; what shares one mean is dark. "
    "BatchNorm2d: one channel of all three examples. InstanceNorm2d: one channel of one example. "
    "LayerNorm over C, H, W: all channels of one example. "
    "LayerNorm over C: the four channels of a single place.",
)

# %% [markdown]
r"""
### Batch normalisation

**Batch normalisation** (배치 정규화) takes one mean and one variance for each *channel*, over all examples of the batch and all places:

$$y = \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta$$

γ and β are learned, one of each per channel: if a channel *should* have another scale, the net can bring it back. ε keeps the division safe.

One question remains. A digit is normalised together with its batch. What if there is no batch, because a single photograph shall be classified?
So the layer **remembers**: in training it keeps running statistics (이동 통계), a tenth of each new mean and variance mixed into nine tenths of the old. In evaluation it uses these, and its *company*, the other examples of the batch, plays no part any more. This is why a net must be told `train()` and `eval()`. Here is all that a layer for 32 channels learns (weight and bias, which are γ and β) and remembers (num_batches_tracked only counts the batches so far):

"""

# %%
memory = {name: tuple(tensor.shape) for name, tensor in nn.BatchNorm2d(32).state_dict().items()}
print(memory)

# %% [markdown]
r"""
The small print: the variance that normalises divides by n, the one that is remembered divides by n − 1, because it is meant as an estimate for all digits, not for this batch.
"""


# %% exercise="batch_norm" stars=3 objective="normalising" minutes=9
def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    """Batch normalisation of maps, in training and in evaluation.

    x: shape (N, C, H, W), float32 or float64, on any device.
    gamma, beta, running_mean, running_var: shape (C,), one number for each channel.
    training: True  →  mean and variance of each channel over the whole batch and all places;
                       the running statistics move towards them by `momentum`;
              False →  the running statistics serve, and are returned as they are.
    The variance that normalises divides by the count n = N·H·W; the one that goes into
    running_var divides by n − 1. eps is added to the variance, below the root.
    Returns `(y, new_mean, new_var)`: y = gamma·(x − mean)/√(var + eps) + beta like x,
    the new running statistics of shape (C,). Nothing is changed in place.

    x = tensor([1., 3.]).reshape(2, 1, 1, 1)              # mean 2, variance 1 (divided by 2)
    one, zero = torch.ones(1), torch.zeros(1)
    batch_norm(x, one, zero, zero, one, True, eps=0)
    →  y = −1 and 1;  new_mean = 0.9·0 + 0.1·2 = 0.2;  new_var = 0.9·1 + 0.1·2 = 1.1
    batch_norm(x, one, zero, zero, one, False, eps=0)
    →  y = 1 and 3;   new_mean = 0;  new_var = 1
    """

    ### BEGIN SOLUTION
    def each_channel(values):
        return values[None, :, None, None]

    mean, var = running_mean, running_var
    if training:
        mean = x.mean(dim=(0, 2, 3))
        var = (x - each_channel(mean)).square().mean(dim=(0, 2, 3))
        n = x.numel() / x.shape[1]
        running_mean = (1 - momentum) * running_mean + momentum * mean.detach()
        running_var = (1 - momentum) * running_var + momentum * var.detach() * n / (n - 1)
    y = (x - each_channel(mean)) / torch.sqrt(each_channel(var) + eps)
    return each_channel(gamma) * y + each_channel(beta), running_mean, running_var
    ### END SOLUTION


# %% hints="batch_norm"
r"""
x has four axes and gamma has one. Over which three axes of x must the mean go, so that C numbers are left?

In training take mean and variance over axes 0, 2 and 3 (`unbiased=False` to normalise), and mix them into the running statistics: (1 − momentum)·old + momentum·new, with the variance that divides by n − 1. In evaluation the running statistics stand in for both. Give every (C,) tensor the shape (1, C, 1, 1) before it meets x.

`mean = x.mean(dim=(0, 2, 3))`, `var = x.var(dim=(0, 2, 3), unbiased=False)`, `new_mean = (1 - momentum) * running_mean + momentum * mean`, `new_var` likewise with `x.var(dim=(0, 2, 3))`, and `y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)`; then `gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1)`.
"""

# %% idea="batch_norm"
r"""
One mean and one variance for each channel, over examples, rows and columns: axes 0, 2, 3.
In training they normalise, and a tenth of them flows into the running statistics; in evaluation the running statistics normalise, so that an answer does not depend on the company.
`new = (1 − momentum)·old + momentum·seen` makes new tensors; `detach` keeps the statistics out of the graph, while the mean and variance that normalise stay in it.
"""

# %% check="batch_norm" points=6

# %% [markdown]
r"""
How much does a digit depend on its company in training? Take one digit and always other companions, in batches of several sizes. Here a channel has a single number (a map of 1×1), as after a dense layer.
"""

# %%
if ready(batch_norm):
    mixing = torch.randn(64, 64, generator=torch.Generator().manual_seed(1))
    features = (images.flatten(1) @ mixing)[..., None, None]  # (N, 64, 1, 1)
    state = torch.ones(64), torch.zeros(64), torch.zeros(64), torch.ones(64)
    draw = torch.Generator().manual_seed(0)
    sizes, wobble = (2, 4, 8, 16, 32, 64, 128), []
    for N in sizes:
        seen = []
        for _ in range(40):
            company = 1 + torch.randperm(len(features) - 1, generator=draw)[: N - 1]
            batch = torch.cat([features[:1], features[company]])
            seen.append(batch_norm(batch, *state, True)[0][0])
        wobble.append(float(torch.stack(seen).std(dim=0).mean()))
    fig, ax = plots.canvas(5.4, 2.7)
    ax.plot(sizes, wobble, "o-", color="0.1", markersize=5)
    ax.set(xscale="log", xticks=sizes, xticklabels=sizes, ylim=(0, None),
           xlabel="size of the batch", ylabel="wobble of one digit")  # fmt: skip
    ax.minorticks_off()
    plots.show(
        fig,
        alt="The standard deviation of one digit's normalised numbers over 40 random companies: "
        + ", ".join(f"{w:.2f} in batches of {N}" for N, w in zip(sizes, wobble, strict=True))
        + ".",
    )
    print("a batch of two, four of its channels:")
    print(batch_norm(features[:2, :4], *(t[:4] for t in state), True)[0].flatten(1))

# %% [markdown]
r"""
The normalised numbers have a spread of about 1; in small batches a good part of that is mere company.
And look at the last lines. In a batch of **two**, every channel becomes +1 and −1, *whatever the two digits are* (unless they agree to a hair). All that is left is which of the two had more.
(A batch of one would be all zeros. torch refuses: `Expected more than 1 value per channel when training`.)

Is that a real problem? Here is a dense net with batches of 2 and of 32. **Layer normalisation** (층 정규화), which looks at one example only, runs beside it.
"""


# %%
def dense_net(norm, seed=0):
    """64 → 64 → 64 → 10, with `norm(64)` and ReLU after the first two."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Flatten(),
        *(nn.Linear(64, 64), norm(64), nn.ReLU()),
        *(nn.Linear(64, 64), norm(64), nn.ReLU()),
        nn.Linear(64, 10),
    )


for batch_size, lr in ((2, 1e-3), (32, 4e-3)):
    for norm in (nn.BatchNorm1d, nn.LayerNorm):
        net = dense_net(norm)
        few = images[:600], labels[:600]
        train(net, few, epochs=3, batch_size=batch_size, lr=lr, progress=False)
        right = accuracy(net, test_images, test_labels)
        print(f"batches of {batch_size:2}, {norm.__name__:11} test accuracy {right:.1%}")

# %% [markdown]
r"""
In batches of 32 both do well. In batches of 2 batch normalisation loses badly, layer normalisation does not notice.
(On maps it is less sensitive: two maps of 8×8 give a channel 128 numbers to average, not two.)

### Instance normalisation

**Instance normalisation** (인스턴스 정규화) takes every map of every example by itself. So it removes exactly two things from a picture: its brightness and its contrast.
"""

# %%
bright = data.photo("coffee", size=96)[None, None]
gloomy = 0.25 * bright + 0.1
instance_norm = nn.InstanceNorm2d(1, eps=1e-8)
fig, axes = plots.canvas(9.0, 2.2, columns=4)
shown = {
    "photograph": (bright, 0, 1),
    "gloomy": (gloomy, 0, 1),
    "photograph, normalised": (instance_norm(bright), -2.5, 2.5),
    "gloomy, normalised": (instance_norm(gloomy), -2.5, 2.5),
}
for ax, (name, (image, low, high)) in zip(axes, shown.items(), strict=True):
    plots.picture(ax, image[0, 0], name, low, high)
axes[0].set_xlabel(data.credit("coffee"))
plots.show(
    fig,
    alt="A cup of coffee, and the same photograph dark and with little contrast. "
    "After instance normalisation the two look the same.",
)
print(
    "largest difference:",
    f"{float((instance_norm(bright) - instance_norm(gloomy)).abs().max()):.0e}",
)
print("parameters:", parameters(nn.InstanceNorm2d(32)), "and with affine=True",
      parameters(nn.InstanceNorm2d(32, affine=True)))  # fmt: skip

# %% [markdown]
r"""
Style transfer (스타일 변환) lives on that, inside the net: the mean and the spread of each feature map carry much of a picture's style.
Take them away, and the drawing is left; another style's γ and β can move in.
In torch it has **no parameters** unless you ask for γ and β with `affine=True`; `BatchNorm2d` has them unless you refuse. If the brightness matters for your task, keep away from it.

### Layer normalisation

It takes one *example* by itself, over its last axes, whose sizes you name. Batch size, training, evaluation: nothing of that matters.
`nn.LayerNorm([32, 28, 28])` normalises over channels, rows and columns. **Guess** how many parameters it has. And `nn.LayerNorm(32)`, as transformers use it, over the channels of each place only?
"""


# %% exercise="layer_norm" stars=2 objective="normalising" minutes=4
def layer_norm(x, gamma, beta, eps=1e-5):
    """Layer normalisation: every example by itself, over its last axes.

    x: float32 or float64, on any device; its last axes have the shape of gamma.
    gamma, beta: equal shapes, of one axis or more: a factor and a shift for each number.
    Mean and variance (divided by the count) go over the last gamma.dim() axes of x;
    eps is added to the variance, below the root.
    Returns gamma·(x − mean)/√(var + eps) + beta, with the shape and dtype of x.
    There is nothing to remember, so training and evaluation are the same.

    layer_norm(tensor([[1., 3.], [0., 8.]]), torch.ones(2), torch.zeros(2), eps=0)
    →  tensor([[-1., 1.],         # mean 2, variance 1
               [-1., 1.]])        # mean 4, variance 16
    """
    ### BEGIN SOLUTION
    axes = tuple(range(-gamma.dim(), 0))
    centred = x - x.mean(dim=axes, keepdim=True)
    var = centred.square().mean(dim=axes, keepdim=True)
    return gamma * centred / torch.sqrt(var + eps) + beta
    ### END SOLUTION


# %% hints="layer_norm"
r"""
If gamma has the shape (32, 28, 28), over which axes of a tensor of shape (8, 32, 28, 28) does the mean go? And if gamma has the shape (28,)?

The axes are the last ones, as many as gamma has: with two of them −2 and −1. With `keepdim=True` they stay as axes of size 1, so that the mean can be taken away from x. gamma and beta already fit.

`axes = tuple(range(-gamma.dim(), 0))`, `mean = x.mean(dim=axes, keepdim=True)`, `var = x.var(dim=axes, unbiased=False, keepdim=True)`, then `gamma * (x - mean) / torch.sqrt(var + eps) + beta`.
"""

# %% idea="layer_norm"
r"""
The shape of gamma says which axes belong together: the last `gamma.dim()` ones, counted from the end.
`keepdim=True` leaves a mean for each example that can be subtracted at once.
gamma and beta have the shape of these axes, so that broadcasting applies them number by number.
"""

# %% check="layer_norm" points=3

# %%
for shape in ([32, 28, 28], [32]):
    print(f"nn.LayerNorm({shape}): {parameters(nn.LayerNorm(shape)):,} parameters")

if ready(layer_norm):
    example, other = images[:1], images[1:2]
    gamma, beta = torch.ones(1, 8, 8), torch.zeros(1, 8, 8)
    alone = layer_norm(example, gamma, beta)
    accompanied = layer_norm(torch.cat([example, other]), gamma, beta)[:1]
    print("does the company change a digit?", not torch.equal(alone, accompanied))

# %% [markdown]
r"""
2 · 32 · 28 · 28 = 50,176: a γ and a β for *every number*, so this layer also fixes the size of the map. Over the channels only, it is 64; but the channels must then be the *last* axis, (N, H, W, C), or torch refuses.

## 6 · Dropping

One Korean word stands for two ideas. **정규화** is *normalisation* and it is *regularisation*; keep them apart:

| | normalisation (정규화) | regularisation (정규화, also 규제) |
|---|---|---|
| what it does | brings numbers to a common scale | holds a net back from learning the training data by heart |
| what it is for | faster, steadier training | smaller difference between training and test |
| examples | BatchNorm2d, LayerNorm, InstanceNorm2d | Dropout, weight decay, more data |

(Does the one do the other's work as well? The myth check of the second notebook measures it.)

**Dropout** (드롭아웃) sets numbers to zero, in training only, each with probability p, drawn anew every time. A unit cannot rely on any other single unit, because tomorrow that one may be missing.
When a quarter is missing, the sum that the next layer takes is, on average, a quarter too small. So the rest is scaled by 1/(1 − p) in training, and in evaluation nothing is to be done.
(Scaling at once, not later, is called *inverted* dropout; torch does it, too.)
"""


# %% exercise="dropout" stars=1 objective="dropping" minutes=3
def dropout(x, p, noise, training):
    """Dropout: set numbers to zero at random, and scale up the rest.

    x: float32 or float64, any shape, on any device; p: share to be dropped, 0 to 1.
    noise: random numbers of x's shape and dtype, evenly spread: 0 is possible, 1 never reached.
    training: True  →  where noise < p there is 0, elsewhere x/(1 − p);
              False →  x as it is.
    Returns a tensor of x's shape and dtype. With p = 1 everything is dropped: zeros, not nan.

    dropout(tensor([3., 6., 9.]), 0.25, tensor([0.1, 0.5, 0.25]), True)
    →  tensor([0., 8., 12.])       # 0.1 < 0.25: dropped; 6/0.75 = 8, 9/0.75 = 12
    """
    ### BEGIN SOLUTION
    if not training:
        return x
    if p == 1:
        return torch.zeros_like(x)
    return torch.where(noise < p, 0, x / (1 - p))
    ### END SOLUTION


# %% hints="dropout"
r"""
If a quarter of the numbers becomes zero, what happens to the mean? By what must the others be multiplied to bring it back?

In evaluation x goes through. In training a mask says which numbers stay (noise is p or more); these are divided by 1 − p. For p = 1 that would be a division by zero: give zeros at once.

`if not training: return x`, `if p == 1: return torch.zeros_like(x)`, and then `torch.where(noise < p, 0, x / (1 - p))`.
"""

# %% idea="dropout"
r"""
`noise < p` is true for a share p of the numbers: those become 0.
Dividing the rest by 1 − p keeps the expected value of every number, so that evaluation needs no factor at all.
p = 1 is a case of its own: mask·x/(1 − p) would be 0/0, which is nan. `where` hides that in the values, but not in the gradient.
"""

# %% check="dropout" points=3

# %%
if ready(dropout):
    numbers = torch.rand(100_000, generator=torch.Generator().manual_seed(0)) + 1
    for p in (0.0, 0.25, 0.5, 0.9):
        noise = torch.rand(100_000, generator=torch.Generator().manual_seed(1))
        dropped = dropout(numbers, p, noise, True)
        print(f"p = {p:4}: {dropped.eq(0).float().mean():4.0%} zeros, mean {dropped.mean():.3f}")

# %% [markdown]
r"""
The mean stays near 1.5, whatever p is: that is what the scaling is for.

On a *map* dropping single numbers does little, because neighbours know nearly the same (lesson 01's locality). Half of a photograph's pixels are missing here. **Dropout2d** drops whole maps instead:
"""

# %%
scene = data.photo("camera", size=96)
keep = torch.rand(scene.shape, generator=torch.Generator().manual_seed(0)) >= 0.5
holes = scene * keep
ones = torch.ones(1, 1, 3, 3)
filled = F.conv2d(holes[None, None], ones, padding=1) / F.conv2d(
    keep.float()[None, None], ones, padding=1
).clamp(min=1)
torch.manual_seed(3)
five_maps = nn.Dropout2d(0.4)(torch.stack([scene] * 5)[None])[0]
fig, axes = plots.canvas(9.2, 4.3, columns=5, rows=2)
for ax in axes[0, 2:]:
    ax.set_axis_off()
plots.picture(axes[0, 0], holes, "half of it dropped")
plots.picture(axes[0, 1], filled[0, 0], "neighbours fill in")
for ax, one in zip(axes[1], five_maps, strict=True):
    plots.picture(ax, one * 0.6, "dropped" if not one.any() else "kept")
axes[1, 0].set_xlabel(data.credit("camera"))
plots.show(
    fig,
    alt="Above: the photograph with half of its pixels black, and next to it nearly restored "
    "from the neighbours' mean. Below: five equal maps under Dropout2d; some are entirely black, "
    "the others untouched.",
)
alike = torch.corrcoef(torch.stack([scene.flatten(), filled.flatten()]))[0, 1]
print(f"correlation of the photograph with what its neighbours filled in: {alike:.3f}")

# %% [markdown]
r"""
The mean of the neighbours that are left brings the picture back almost entirely: what was dropped is still known next door.
(A plain 3×3 mean, which is not told what is missing, still reaches 0.80; the picture with holes has 0.44.) So dropout has hidden little.

How large should p be? 200 digits, a dense net, two seeds each. **Guess** the curve.
"""

# %%
shares = (0.0, 0.25, 0.5, 0.75, 0.9, 0.95)
results = {"training": [], "test": []}
for p in shares:
    right = {"training": [], "test": []}
    for seed in (0, 1):
        torch.manual_seed(seed)
        net = nn.Sequential(
            nn.Flatten(),
            *(nn.Linear(64, 128), nn.ReLU(), nn.Dropout(p)),
            *(nn.Linear(128, 128), nn.ReLU(), nn.Dropout(p)),
            nn.Linear(128, 10),
        )
        some = images[200 * seed : 200 * seed + 200], labels[200 * seed : 200 * seed + 200]
        train(net, some, epochs=30, batch_size=50, seed=seed, progress=False)
        right["training"].append(accuracy(net, *some))
        right["test"].append(accuracy(net, test_images, test_labels))
    for name, values in right.items():
        results[name].append(statistics.mean(values))

fig, ax = plots.canvas(5.6, 2.8)
for (name, values), mark in zip(results.items(), ("s--", "o-"), strict=True):
    ax.plot(shares, [100 * value for value in values], mark, label=name, markersize=5)
ax.set(xlabel="p", ylabel="right, %", ylim=(0, 105))
ax.legend(loc="lower left")
said = "; ".join(
    f"p = {p}: {a:.0%} and {b:.0%}" for p, a, b in zip(shares, *results.values(), strict=True)
)
plots.show(fig, alt=f"Accuracy in training and in the test against p. {said}.")
print("accuracy in training and in the test:", *said.split("; "), sep="\n  ")

# %% [markdown]
r"""
Up to one half hardly anything changes here; then the net begins to starve. **Too much dropout hurts**, in the test and even in training.
(Did a little of it help? With two seeds nobody can tell. Expect it to pay in large dense layers that train for long, and measure.)
"""

# %%
display(gallery("normalisation"))

# %% [markdown]
r"""
## 7 · Activating

Two convolutions in a row are, on paper, one convolution. What makes depth worth while is the **activation** (활성화 함수) between them: a curve that bends.
"""

# %%
plots.show(
    layers.activation_curves(),
    alt="Six activations, each with its slope dashed. ReLU: 0, then a straight line, slope 0 or 1. "
    "LeakyReLU: a small slope below 0. Sigmoid: from 0 to 1, slope at most a quarter. Tanh: from "
    "−1 to 1, slope at most 1. GELU and SiLU: like a soft ReLU that dips below 0.",
)

# %% [markdown]
r"""
The **slope** (기울기) is what counts in training. Going backwards, a gradient is multiplied by the slope of every activation on its way. What is left after ten sigmoids, each at its very best place?
"""

# %%
plots.show(
    widgets.activation_slope_figure("sigmoid", 0.0, 10),
    alt=widgets.activation_slope_text("sigmoid", 0.0, 10),
)

# %% [markdown]
r"""
A millionth. And that is the best case: 0.25 is the largest slope a sigmoid has. This is the **vanishing gradient** (기울기 소실).

1. Which of the six have slopes above 1? Where?
2. Find a place where the tanh is worse than the sigmoid.
3. What does ReLU leave at x = 1? And at x = −1?
"""

# %%
display(widgets.activation_slope("sigmoid", 0.0, 10))

# %% [markdown]
r"""
Write the six. The last sentence of the docstring is not pedantry: one nan in one gradient, and after a few steps every weight of the net is nan.
"""


# %% exercise="activations" stars=2 objective="activating" minutes=7
def activations(x):
    """Six activations of a tensor, number by number.

    x: float32 or float64, any shape, on any device.
    Returns a dict of six tensors of x's shape and dtype:
    "relu"        max(x, 0)
    "leaky_relu"  x where x is positive, 0.01·x elsewhere
    "sigmoid"     1/(1 + e⁻ˣ)
    "tanh"        (eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)
    "gelu"        x·Φ(x), where Φ(x) = (1 + erf(x/√2))/2
    "silu"        x·sigmoid(x)
    Write them with exp, erf, clamp, where and the like, without a ready-made activation.
    They must hold far from zero, too: for |x| up to 10,000, in float32 and in float64, the values
    and the slopes (what `backward` gives) must be right, never nan or inf.

    activations(tensor([-1., 2.]))
    →  {"relu": [0, 2], "leaky_relu": [-0.01, 2], "sigmoid": [0.2689, 0.8808],
        "tanh": [-0.7616, 0.9640], "gelu": [-0.1587, 1.9545], "silu": [-0.2689, 1.7616]}
    """
    ### BEGIN SOLUTION

    def squashed(v):
        """The sigmoid; e⁸⁰ is still a float32 number, e⁸⁹ is not."""
        return 1 / (1 + torch.exp(-v.clamp(min=-80)))

    return {
        "relu": x.clamp(min=0),
        "leaky_relu": torch.where(x > 0, x, 0.01 * x),
        "sigmoid": squashed(x),
        "tanh": 2 * squashed(2 * x) - 1,
        "gelu": x * (1 + torch.erf(x / math.sqrt(2))) / 2,
        "silu": x * squashed(x),
    }
    ### END SOLUTION


# %% hints="activations"
r"""
What is `torch.exp(torch.tensor(1000.))`? And what does `1 / (1 + exp(-x))` give for x = −1000: is the value right, and is the slope?

Keep exp away from large arguments: clamp what goes in, since beyond 80 nothing changes any more. The tanh needs no formula of its own, because tanh(x) = 2·sigmoid(2x) − 1. erf is safe everywhere.

`def squashed(v): return 1 / (1 + torch.exp(-v.clamp(min=-80)))`; then `x.clamp(min=0)`, `torch.where(x > 0, x, 0.01 * x)`, `squashed(x)`, `2 * squashed(2 * x) - 1`, `x * (1 + torch.erf(x / math.sqrt(2))) / 2`, `x * squashed(x)`.
"""

# %% idea="activations"
r"""
ReLU and its leaky brother are choices between two straight lines.
Sigmoid, tanh and SiLU share one exponential; clamping its argument keeps it finite, so that the slope never becomes 0·inf.
The GELU weighs x with the bell curve's distribution function, which erf gives exactly.
"""

# %% check="activations" points=4

# %%
if ready(activations):
    for name, sigmoid in (
        ("by the formula", lambda x: 1 / (1 + torch.exp(-x))),
        ("yours", lambda x: activations(x)["sigmoid"]),
    ):
        x = torch.tensor(-1000.0, requires_grad=True)
        value = sigmoid(x)
        value.backward()
        print(f"sigmoid(−1000) {name}: value {value.item():.4f}, slope {x.grad.item():.4f}")

# %% [markdown]
r"""
The formula's *value* is right, so that nobody notices; its slope is 0·∞, which is nan.

Which of the six for which net?

- **ReLU** (렐루) is the usual first choice. The first transformer (2017) used it, too.
- **GELU** and **SiLU** (also called *Swish*) are softer versions; GELU came with transformers such as BERT and GPT-2; SiLU is in EfficientNet, and in many newer language models.
- **Tanh** (쌍곡탄젠트) and **sigmoid** (시그모이드) live on in recurrent cells, as you will see in the second notebook.

Weights play a part as well as slopes. So let us measure a whole net: ten dense layers, and the gradient of each layer's weights before the first step.
"""


# %%
def deep_net(activation, depth=10, seed=0):
    """`depth` dense layers of 64 units with an activation after each, and a last one."""
    torch.manual_seed(seed)
    steps = [step for _ in range(depth) for step in (nn.Linear(64, 64), activation())]
    return nn.Sequential(nn.Flatten(), *steps, nn.Linear(64, 10))


fig, ax = plots.canvas(6.0, 3.0)
said = []
for activation, mark, grey in (
    (nn.Tanh, "^-.", "0.55"),
    (nn.ReLU, "o-", "0.1"),
    (nn.GELU, "d--", "0.4"),
    (nn.Sigmoid, "s:", "0.1"),
):
    net = deep_net(activation)
    F.cross_entropy(net(images[:256]), labels[:256]).backward()
    norms = [float(weight.grad.norm()) for weight in net.parameters() if weight.dim() == 2]
    ax.plot(range(1, 12), norms, mark, color=grey, label=activation.__name__, markersize=5)
    said.append(f"{activation.__name__} {norms[-1] / norms[0]:,.0f}")
ax.set(xlabel="layer", ylabel="gradient of its weights", yscale="log", xticks=range(1, 12))
ax.legend(loc="lower right")
plots.show(
    fig,
    alt="Size of the gradient in layers 1 to 11 on a logarithmic scale: all shrink towards the "
    "first layer, sigmoid by far the most. Last layer divided by first: " + ", ".join(said) + ".",
)
print("gradient of the last layer / of the first:", *said, sep="\n  ")

# %% [markdown]
r"""
Hundreds of millions to one for the sigmoid: its first layers do not learn.
The others lose, too: tanh tens of times, ReLU hundreds, GELU even more than ten thousand times.
No slope explains that: torch's first weights are small, and GELU's slope near 0 is only one half. Normalisation and skip connections (lesson 05) help there.

What does it mean in training? Five layers, ten epochs:
"""

# %%
fig, ax = plots.canvas(5.6, 2.7)
said = []
for activation, mark in ((nn.Sigmoid, "s:"), (nn.Tanh, "^-."), (nn.ReLU, "o-")):
    net = deep_net(activation, depth=5)
    losses = train(net, (images, labels), epochs=10, lr=1e-3, progress=False).loss
    ax.plot(range(1, 11), losses, mark, label=activation.__name__, markersize=5)
    said.append(f"{activation.__name__} {losses[0]:.2f} to {losses[-1]:.2f}")
ax.set(xlabel="epoch", ylabel="loss, nats", ylim=(0, 2.5), xticks=range(1, 11))
ax.legend(loc="lower left")
plots.show(fig, alt=f"Training loss over ten epochs: {', '.join(said)}.")
print(*said, sep="\n")

# %% [markdown]
r"""
The sigmoid stays at log 10 = 2.30, which is guessing.
ReLU learns, and so does tanh; in this small net tanh is even a little ahead.
ReLU's fame for speed comes from larger convolutional nets: the AlexNet paper (2012) reports one that learned six times as fast with ReLU as with tanh.

### Units that die

ReLU has a slope of 0 on the whole left side. A unit that is negative for **every** digit gets no gradient from any of them, so nothing will ever change it: a **dead unit** (죽은 뉴런). A large step is enough to kill.
"""

# %%
for lr in (1e-3, 1e-1):
    for activation in (nn.ReLU, nn.LeakyReLU):
        torch.manual_seed(0)
        net = nn.Sequential(nn.Flatten(), nn.Linear(64, 128), activation(), nn.Linear(128, 10))
        train(net, (images, labels), epochs=5, lr=lr, progress=False)
        net.zero_grad()
        F.cross_entropy(net(images), labels).backward()
        dead = int((net[1].weight.grad.abs().amax(dim=1) == 0).sum())
        right = accuracy(net, test_images, test_labels)
        print(f"lr {lr:5}, {activation.__name__:9} {dead:3} of 128 units dead, test {right:.1%}")

# %% [markdown]
r"""
With steps a hundred times larger, most of the ReLU net's units have died. With **LeakyReLU**, whose slope of 0.01 never vanishes, not one has.
(With small steps a few are dead, too; some of them were from the start.)
But look at the accuracy: it is *higher* with the large steps, because five epochs are too few for the small ones. The survivors do the work alone, and do it well: dead units are a waste more than a disaster, as long as enough are left.

### One that looks at all of them

**Softmax** (소프트맥스) is no curve for single numbers. It turns a whole row into positive numbers that sum to 1:

$$\text{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}$$
"""

# %%
row = torch.tensor([[2.0, 1.0, -1.0]])
for name, x in (("x", row), ("x + 100", row + 100), ("10·x", 10 * row)):
    p = nn.Softmax(dim=1)(x)[0]
    print(f"softmax of {name:8} {[round(value, 3) for value in p.tolist()]}  sum {p.sum():.3f}")
print("the wrong axis, dim=0:  ", nn.Softmax(dim=0)(row)[0].tolist())

# %% [markdown]
r"""
Adding a constant changes nothing, multiplying makes it surer. And mind the axis: along `dim=0` every column has a single number, which is always 100 % of itself.
Softmax belongs to the *output*, and to *attention*, the heart of transformers (lesson 06). What it does there, and how it goes wrong when it is done twice, is a matter of the second notebook.
"""

# %%
display(gallery("activation"))

# %% [markdown]
r"""
## 8 · Myth check

> "Pooling solves over-fitting (과적합)."

The reasoning: pooling throws details away, so the net cannot learn them by heart.

First test: 100 digits to learn from, and three nets that differ in their pooling only (and so in the size of the dense layer behind it).
"""


# %%
def pooled_net(pooling, seed=0):
    """Two convolutions, each followed by ReLU and pooling (or none), and a dense layer."""
    torch.manual_seed(seed)
    side = 8 if pooling is nn.Identity else 2
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), pooling(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), pooling(2)),
        nn.Flatten(),
        nn.Linear(32 * side * side, 10),
    )


def on_average(pooling, seeds=(0, 1, 2)):
    """Mean accuracy in training and in the test, over nets that saw 100 digits each."""
    scores = []
    for seed in seeds:
        hundred = slice(100 * seed, 100 * seed + 100)
        net, some = pooled_net(pooling, seed), (images[hundred], labels[hundred])
        train(net, some, epochs=40, batch_size=50, lr=5e-3, seed=seed, progress=False)
        scores.append((accuracy(net, *some), accuracy(net, test_images, test_labels)))
    return [statistics.mean(column) for column in zip(*scores, strict=True)]


for name, pooling in (
    ("no pooling", nn.Identity),
    ("max pooling", nn.MaxPool2d),
    ("mean pooling", nn.AvgPool2d),
):
    seen, unseen = on_average(pooling)
    print(f"{name:12} training {seen:.1%}, test {unseen:.1%}, gap {seen - unseen:.1%}")

# %% [markdown]
r"""
A gap of more than ten percentage points everywhere. Max pooling takes away little of it or nothing.
Mean pooling learns less by heart, and does worse in the test as well: that is no cure.

The second test is harder. Give 100 digits **random labels**. There is nothing to understand about them; whoever gets them right has learned them by heart.
"""

# %%
random_labels = torch.randint(10, (100,), generator=torch.Generator().manual_seed(0))
net = pooled_net(nn.MaxPool2d)
train(net, (images[:100], random_labels), epochs=200, batch_size=50, lr=5e-3, progress=False)
by_heart = accuracy(net, images[:100], random_labels)
print(f"with max pooling, random labels: training {by_heart:.0%}", end=", ")
print(f"test {accuracy(net, test_images, test_labels):.0%}")

# %% [markdown]
r"""
**Pooling does not solve over-fitting.** A net with two max poolings has learned nonsense by heart, perfectly.
What is true: pooling in front of a dense layer takes parameters away (6,090 are left of 25,290 here), it saves work, and it forgives small shifts. None of this is a protection; more data, dropout, weight decay and stopping in time are what you would try.

## What next

You have seen the layers that work on maps, and built the important ones from nothing.

- The **second notebook** of this lesson adds the last two families, dense layers and structure, and sequences. Then it builds and trains a first real net, and closes with the gallery, the weekly paper and the quiz.
- To read on: Ioffe and Szegedy, *Batch Normalization* (2015); Howard and others, *MobileNets* (2017); Odena, Dumoulin and Olah, *Deconvolution and Checkerboard Artifacts* (2016); Srivastava and others, *Dropout* (2014).
"""

# ---
# title: Convolution
# title_ko: 합성곱
# minutes: 104
# objectives:
#   weights: count the weights of a dense and of a convolutional layer, and say where the difference comes from
#   sliding: write 1-D cross-correlation and convolution as loops, and say what the flip changes
#   theorem: compute a convolution through the Fourier transform, and say why zeros must be appended first
#   loops: write 2-D convolution as loops, and work out a small example by hand
#   matrix: turn a convolution into one matrix product, with channels and batches, until it equals `F.conv2d`
#   devices: write code that follows the device and the dtype of its input, and read a check that was skipped
#   gradients: write out the gradients of a convolution, and say where the flip comes back
#   equivariance: measure whether a net's answer survives a shift, and tell equivariance from invariance
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · A picture is not a list | 12 | `layer_parameters` |
| 2 · One dimension: slide, and sometimes flip | 21 | `correlate1d`, `convolve1d`, `convolve_fft` |
| 3 · Two dimensions | 14 | `conv2d` |
| 4 · From loops to one matrix product | 17 | `im2col`, `conv2d_layer` |
| 5 · On any device | 7 | `mean_filter` |
| 6 · Backwards | 11 | `conv2d_gradients` |
| 7 · Myth check | 7 | `shift_image` |
| 8 · Weekly paper | 15 | an essay |

Run the cells from top to bottom.
Where a cell says `# YOUR CODE HERE`, you write; the cell below it checks your work as often as you like.
Stuck? `hint("conv2d")` gives three hints, one at a time.
Where the text says **guess**, do guess: a surprise is remembered, an explanation is not.
The quiz at the end is homework: one of its eight parts at a time over the week, about 30 minutes in all.
"""

# %%
import math
import time

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from IPython.display import display
from torch import nn

from utils import check, data, hint, idea, plots, quiz, start, widgets
from utils.demo import ready
from utils.drawings.convolution import (
    channels,
    connections,
    float_bits,
    weight_meets,
    windows_as_columns,
)
from utils.training import accuracy, train

start("01_convolution")

# %% [markdown]
r"""
## 1 · A picture is not a list

Here is what a computer has instead of a photograph: a grid of numbers, the brightness of each pixel (픽셀).
"""

# %%
photo = data.photo("camera", size=128)
patch = photo[33:41, 57:65]

fig, (left, right) = plots.canvas(7.6, 3.7, columns=2)
plots.picture(left, photo, "128 × 128 pixels")
left.set_xlabel(data.credit("camera"))
left.add_patch(plt.Rectangle((56.5, 32.5), 8, 8, fill=False, edgecolor="white", linewidth=2))
plots.numbers(right, (patch * 255).round(), "the 8 × 8 pixels in the frame", size=8.5)
plots.show(
    fig,
    alt="Left: a photographer behind his camera, with a small frame around his eye. "
    "Right: the frame's 64 brightness values as a grid of numbers from 0, black, to 255, white.",
)

# %% [markdown]
r"""
A **dense layer** (완전연결층) wants a list.
So the picture is first *flattened* (평탄화): row after row, into one long line of numbers.

Does the net still know which pixels were neighbours?
We can find out: shuffle the pixels of every digit, all in the same way, and train again.
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")
order = torch.randperm(64, generator=torch.Generator().manual_seed(0))


def shuffled(images):
    """Every image with its 64 pixels in the same new order: (N, 1, 8, 8) → (N, 1, 8, 8)."""
    return images.flatten(1)[:, order].reshape(images.shape)


some = [int((labels == digit).nonzero()[0]) for digit in range(8)]
rows = [*images[some, 0], *shuffled(images[some])[:, 0]]
plots.show(
    plots.gallery(rows, [f"{digit}" for digit in range(8)] * 2),
    alt="Upper row: the handwritten digits 0 to 7, easy to read. "
    "Lower row: the same digits with their pixels shuffled, unreadable grey noise.",
)

# %% [markdown]
r"""
You cannot read the lower row.
**Guess before you run the next cell:** how much accuracy (정확도) will a dense net lose on it?
And a small convolutional net (합성곱 신경망, CNN), with a third of the weights?

Both learn from only 300 digits, three times each from different first weights.
"""


# %%
def dense_net():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))


def conv_net():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(144, 10)
    )


def measured(make_net, change, seed):
    torch.manual_seed(seed)
    net = make_net()
    few = change(images[:300]), labels[:300]
    train(net, few, epochs=20, batch_size=50, lr=1e-2, seed=seed, progress=False)
    return accuracy(net, change(test_images), test_labels)


means = {}
for make_net in (dense_net, conv_net):
    count = sum(p.numel() for p in make_net().parameters())
    for kind, change in (("as they are", lambda x: x), ("shuffled", shuffled)):
        scores = [measured(make_net, change, seed) for seed in range(3)]
        means[make_net.__name__, kind] = mean = sum(scores) / 3
        print(f"{make_net.__name__:9} {count:5} parameters, digits {kind:11}: {mean:.1%}")

# %%
fig, ax = plots.canvas(5.6, 2.7)
for name, mark in (("dense_net", "o--"), ("conv_net", "s-")):
    pair = [100 * means[name, kind] for kind in ("as they are", "shuffled")]
    ax.plot(["digits as they are", "digits shuffled"], pair, mark, color="0.1")
    for place, score in enumerate(pair):
        ax.annotate(f"{score:.1f}", (place, score), (0, 7), textcoords="offset points", ha="center")
    ax.annotate(name, (1, pair[1]), (16, 0), textcoords="offset points", va="center")
ax.set(ylabel="test accuracy, %", ylim=(88, 97), xlim=(-0.4, 1.6))
plots.show(
    fig,
    alt="Test accuracy: " + ", ".join(f"{' '.join(k)} {v:.1%}" for k, v in means.items()) + ".",
)

# %% [markdown]
r"""
The dense net does not care: to it, both rows are the same problem.
It lost the **spatial structure** (공간 구조) before its first multiplication, so it could not make use of it.

The convolutional net is better on real digits, and it is the one that *suffers* when neighbours are torn apart.
It makes a bet about pictures, in two parts:

- **Locality** (지역성): what belongs together lies close together. So each output looks at a small window (윈도) only.
- **Weight sharing** (가중치 공유): an edge is an edge wherever it lies. So every window is seen with the same weights.
"""

# %%
plots.show(
    connections(),
    alt="Two layers with 7 inputs and 5 outputs. Dense: every output is wired to every input, "
    "35 different weights. Convolution: every output is wired to 3 neighbouring inputs, "
    "and the same 3 weights, drawn solid, dashed and dotted, are used 5 times.",
)

# %% [markdown]
r"""
Add a **bias** (편향) for each output of the dense layer, and one for each **filter** (필터) of the convolutional layer.
How large is the saving for a picture? Count it.

A picture has C channels (채널; 3 for red, green, blue) of H×W pixels.
A filter is C×K×K weights. It fits into H−K+1 positions down and W−K+1 across, and makes one map of that size.
"""


# %% exercise="layer_parameters" stars=1 objective="weights" minutes=4
def layer_parameters(C, H, W, F, K):
    """Count the parameters (매개변수), weights and biases, of two layers with equal outputs.

    C, H, W: channels, height and width of the input (pixels).
    F, K: number of filters, and their height and width (pixels).
    Both layers turn C·H·W numbers into F·(H−K+1)·(W−K+1) numbers.

    Returns two whole numbers `(dense, conv)`:
    dense: every output has a weight for every input, and a bias;
    conv: F filters of C×K×K weights, with a bias each.

    layer_parameters(1, 8, 8, 4, 3)  →  (9360, 40)
    """
    ### BEGIN SOLUTION
    outputs = F * (H - K + 1) * (W - K + 1)
    dense = outputs * (C * H * W + 1)
    conv = F * (C * K * K + 1)
    return dense, conv
    ### END SOLUTION


# %% hints="layer_parameters"
r"""
Take the example `(1, 8, 8, 4, 3)`: how many numbers go into the dense layer, and how many come out?

A dense layer has inputs × outputs weights, and outputs biases. The convolutional layer's count does not contain H or W at all: that is the whole point of sharing.

Start with `outputs = F * (H - K + 1) * (W - K + 1)`. Then `dense = outputs * (inputs + 1)`, the 1 being the bias; and one filter costs `C * K * K + 1`.
"""

# %% idea="layer_parameters"
r"""
The dense layer pays for every pair of an input and an output: `outputs * (C*H*W + 1)`.
The convolutional layer pays for its filters only, `F * (C*K*K + 1)`, however large the picture is.
H and W drop out because the same weights are used at every position.
"""

# %% check="layer_parameters" points=2

# %%
if ready(layer_parameters):
    for size in (8, 32, 224):
        dense, conv = layer_parameters(3, size, size, 64, 3)
        print(f"{size:3} × {size:<3} colour picture: dense {dense:>15,}   convolution {conv:,}")

# %% [markdown]
r"""
For an ordinary 224×224 photograph, a single dense layer would need hundreds of billions of parameters.
The convolutional layer needs 1,792.

Few parameters need few examples, little memory and little time. Five fields that live on it:

| field | the question | why convolution fits |
|---|---|---|
| image classification (이미지 분류) | What is in the picture? | edges make parts, parts make things |
| object detection (객체 탐지) | What is where? | the same detector looks at every place |
| face recognition (얼굴 인식) | Are these two the same person? | eyes and mouths are local patterns |
| medical images (의료 영상) | Where is the tumour in this scan? | few labelled scans, so few weights |
| autonomous driving (자율주행) | Where are the lane and the people? | many frames a second, so little time |
"""

# %% [markdown]
r"""
## 2 · One dimension: slide, and sometimes flip

Forget pictures for a moment, and roll two dice.
Each die shows 1 to 6 with equal chances. What about their sum?
"""

# %%
totals = [first + second for first in range(1, 7) for second in range(1, 7)]
chances = torch.bincount(torch.tensor(totals))[2:]

fig, (left, right) = plots.canvas(8, 2.3, columns=2, width_ratios=[1, 1.8])
plots.stems(left, torch.ones(6), "one die: chances in sixths", start=1)
left.set_xlabel("face")
plots.stems(right, chances, "two dice: chances in 36ths", start=2)
right.set_xlabel("sum of the faces")
plots.show(
    fig,
    alt="One die: six equal bars. The sum of two dice, 2 to 12: bars of height "
    "1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1, a triangle with its top at 7.",
)

# %% [markdown]
r"""
Two flat blocks have become a triangle. How?
A sum of 7 is 1+6 or 2+5 or 3+4 …: while one die goes **up**, the other must go **down**.

$$P(7) = \sum_{\tau} f(\tau)\; g(7-\tau)$$

Here f holds the chances of the first die and g those of the second.
Write t for 7 and you have the **convolution** (합성곱) of f and g; for signals in continuous time the sum becomes an integral:

$$(f*g)(t)=\int f(\tau)\,g(t-\tau)\,d\tau$$

The minus sign before τ means that g is read backwards: it is **flipped** (뒤집기), then slid over f.
Leave out the flip, and you have the **cross-correlation** (교차상관):

$$(f\star g)(t)=\int f(\tau)\,g(t+\tau)\,d\tau$$

The flip is the only difference. Both slide, multiply, and add up.

In the picture f stays where it is, and g has been flipped and slid to position 2.
"""

# %%
f, g = [1, 2, 3, 1], [1, 0, 2]
plots.show(widgets.flip_and_slide_figure(f, g, 2), alt=widgets.flip_and_slide_text(f, g, 2))

# %% [markdown]
r"""
Now slide it yourself.

1. Go from the first position to the last. Where is the overlap largest?
2. Switch the flip off. Under which entry of g does the answer stand, in both cases?

Without the flip the answer is called g ⋆ f, not f ⋆ g: before the ⋆ stands the one that slides.
"""

# %%
slider = widgets.flip_and_slide(f, g)
slider.go(2)  # where the picture above stands
display(slider)

# %% [markdown]
r"""
**A word of warning about words.**
In deep learning, everybody says "convolution" and computes cross-correlation. torch does, too:
"""

# %%
x, k = torch.tensor([1.0, 2.0, 4.0, 8.0]), torch.tensor([1.0, 10.0])
print("torch:  ", F.conv1d(x[None, None], k[None, None])[0, 0])
print("no flip:", torch.stack([x[i] * k[0] + x[i + 1] * k[1] for i in range(3)]))
print("flip:   ", torch.stack([x[i] * k[1] + x[i + 1] * k[0] for i in range(3)]))

# %% [markdown]
r"""
Nobody minds, because the weights are *learned*: a net that needs the flipped kernel simply learns the flipped numbers.
But you will mind when you compare your net with a textbook, or with a signal-processing library.

Write the unflipped one first.
In the formula of f ⋆ g, f is the **kernel** (커널), k, and g the signal (신호), x: f(τ) meets g(t+τ), so k[m] meets x[i+m].
torch's manual keeps the same order: it writes weight ⋆ input.
The answer has an entry for each position at which the whole kernel lies on the signal ('valid'):

$$\text{out}[i] = \sum_{m=0}^{K-1} x[i+m]\; k[m]$$

Start from `x.new_zeros(n)`: n zeros with the dtype and on the device of x. Part 5 says why that matters.
"""


# %% exercise="correlate1d" stars=1 objective="sliding" minutes=5
def correlate1d(x, k):
    """Cross-correlation (교차상관) of a signal with a kernel, written as loops; no flip.

    x: signal of shape (L,); k: kernel of shape (K,) with K ≤ L.
    Returns shape (L−K+1,), with the dtype and on the device of x.

    correlate1d(tensor([1., 2., 3., 4.]), tensor([1., 0., 2.]))  →  tensor([ 7., 10.])
    #   1·1 + 2·0 + 3·2 = 7          2·1 + 3·0 + 4·2 = 10
    """
    ### BEGIN SOLUTION
    out = torch.zeros(len(x) - len(k) + 1, dtype=x.dtype, device=x.device)
    for i in range(len(out)):
        for m in range(len(k)):
            out[i] += x[i + m] * k[m]
    return out
    ### END SOLUTION


# %% hints="correlate1d"
r"""
A kernel of 3 on a signal of 4: at how many places does it fit, and which numbers of x lie under it at the last place?

Make the answer first, full of zeros and L−K+1 long. Then walk over its places i, and at each place over the kernel's entries m, adding up the products.

`out = torch.zeros(len(x) - len(k) + 1, dtype=x.dtype, device=x.device)`, and inside the two loops `out[i] += x[i + m] * k[m]`.
"""

# %% idea="correlate1d"
r"""
The outer loop chooses a place i, the inner loop walks along the kernel and adds `x[i + m] * k[m]`.
Both indices rise together: that plus sign is what makes it a correlation.
The answer is made with x's dtype and device, so that it works for float64 and on a GPU as well.
"""

# %% check="correlate1d" points=3

# %% [markdown]
r"""
Now the flipped one, and this time *full*: g may stick out at both ends, and the answer is A+B−1 long.
The dice say how to think of it. Every pair of an entry of f and an entry of g makes **one** product.
Where does the product of `f[i]` and `g[j]` go? A 2 and a 3 make a 5.
"""


# %% exercise="convolve1d" stars=2 objective="sliding" minutes=5
def convolve1d(f, g):
    """Full discrete convolution (합성곱) of two signals, written as loops.

    f: shape (A,); g: shape (B,), any lengths from 1.
    Returns shape (A+B−1,), with the dtype and on the device of f:
    out[n] = Σ f[τ]·g[n−τ] over all τ for which both entries exist.

    convolve1d(tensor([1., 2., 3.]), tensor([1., 10.]))  →  tensor([ 1., 12., 23., 30.])
    #   1·1     2·1 + 1·10 = 12     3·1 + 2·10 = 23     3·10
    """
    ### BEGIN SOLUTION
    out = torch.zeros(len(f) + len(g) - 1, dtype=f.dtype, device=f.device)
    for i in range(len(f)):
        for j in range(len(g)):
            out[i + j] += f[i] * g[j]
    return out
    ### END SOLUTION


# %% hints="convolve1d"
r"""
Two dice: which pairs of faces give the sum 4, and what happens to one face when the other grows?

You need not slide anything. Go over all pairs (i, j) and add the product of `f[i]` and `g[j]` to the one entry of the answer where it belongs.

Make `out` with `len(f) + len(g) - 1` zeros (dtype and device of f). Inside two loops over i and j, one line: `out[i + j] += …`.
"""

# %% idea="convolve1d"
r"""
Every pair of entries meets exactly once, and the product of `f[i]` and `g[j]` belongs to position i + j.
The flip is hidden in that sum: for a fixed n = i + j, j falls when i grows.
Nothing in `out[i + j] += f[i] * g[j]` changes when f and g change places, so convolution is commutative.
"""

# %% check="convolve1d" points=4

# %% [markdown]
r"""
What does the flip *do*? Send in an **impulse** (임펄스), a single 1, and look at what comes out.
"""

# %%
if ready(correlate1d, convolve1d):
    impulse, steps = torch.zeros(7), torch.tensor([1.0, 2.0, 3.0])
    impulse[3] = 1
    padded = F.pad(impulse, (2, 2))  # zeros at both ends: now correlation can stick out, too
    outcomes = [convolve1d(impulse, steps), correlate1d(padded, steps)]

    fig, axes = plots.canvas(9, 2.0, columns=4, width_ratios=[7, 3, 9, 9])
    names = ["impulse", "kernel", "convolution: a copy", "correlation: a mirror image"]
    for ax, values, name in zip(axes, [impulse, steps, *outcomes], names, strict=True):
        plots.stems(ax, values, name)
    plots.show(
        fig,
        alt="An impulse and the kernel 1, 2, 3. Their convolution contains 1, 2, 3; "
        "their cross-correlation contains 3, 2, 1.",
    )

# %% [markdown]
r"""
So convolution copies the kernel to wherever there is an impulse, and correlation mirrors it.

The flip buys something else: convolution is **commutative** (교환법칙), f∗g = g∗f. Correlation is not.
"""

# %%
if ready(correlate1d, convolve1d):
    f, g = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0.0, 1.0, 5.0])
    print("f ∗ g =", convolve1d(f, g), "   g ∗ f =", convolve1d(g, f))
    f_room, g_room = F.pad(f, (2, 2)), F.pad(g, (2, 2))
    print("f ⋆ g =", correlate1d(g_room, f), "   g ⋆ f =", correlate1d(f_room, g))

# %% [markdown]
r"""
Look at the second line: the two answers are each other's mirror image.

### A detour that is shorter

Convolve a wave with a kernel and a small wonder happens: out comes *the same wave*, only higher or lower (and, under a lopsided kernel, moved along a little).
Below, a kernel that takes the mean of 5 neighbours meets a slow wave and a fast one.
"""

# %%
mean_of_5, n = torch.full((5,), 1 / 5), torch.arange(64)
fig, axes = plots.canvas(8.4, 2.1, columns=2, sharey=True)
for ax, waves in zip(axes, (2, 10), strict=True):
    wave = torch.cos(2 * math.pi * waves * n / 64)
    ring = F.pad(wave[None, None], (2, 2), mode="circular")  # the wave goes on at both ends
    out = F.conv1d(ring, mean_of_5[None, None])[0, 0]
    ax.plot(wave, color="0.65", linestyle="-", label="in")
    ax.plot(out, color="0", linestyle="-", label="out")
    ax.set(title=f"{waves} waves: height × {out[0] / wave[0]:.3f}", xlabel="position")
    said = torch.fft.fft(mean_of_5, n=64).abs()[waves]
    print(f"{waves:2} waves: measured {out[0] / wave[0]:.3f}, Fourier transform says {said:.3f}")
axes[0].set_ylim(-1.1, 1.7)
axes[0].legend(loc="upper center", ncols=2)
plots.show(
    fig,
    alt="A slow wave comes out of the mean of 5 almost as high as it went in, "
    "a fast wave of 10 periods only about a quarter as high; both keep their frequency.",
)

# %% [markdown]
r"""
Every signal is a sum of such waves, and the **Fourier transform** (푸리에 변환) finds how much of each: the spectrum (스펙트럼).
For the waves, convolving is just multiplying, one number each. That is the **convolution theorem** (합성곱 정리):

$$\mathcal F\{f*g\} = \mathcal F\{f\}\cdot\mathcal F\{g\}$$

So there is a detour: transform both, multiply entry by entry, transform back.
With the *fast* Fourier transform (FFT) the detour is the quicker way for long signals: about n·log n steps in place of n².

One trap. To the FFT a signal is a ring: what sticks out at the end comes back in at the start.
"""

# %%
f, g = torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([1.0, 1.0, 1.0])
ring = torch.fft.irfft(torch.fft.rfft(f) * torch.fft.rfft(g, n=4), n=4).round()
room = F.conv1d(f[None, None], g[None, None], padding=2)[0, 0]

fig, (left, right) = plots.canvas(7, 2.1, columns=2, width_ratios=[4, 6])
plots.stems(left, ring, "no room: the end wraps around")
plots.stems(right, room, "right: 4 + 3 − 1 = 6 entries")
plots.show(
    fig,
    alt="Convolving 1, 2, 3, 4 with 1, 1, 1. On a ring of 4 the FFT gives 8, 7, 6, 9: "
    "the last two entries, 7 and 4, were added to the first two. The right answer is 1, 3, 6, 9, 7, 4.",
)

# %% [markdown]
r"""
The cure: append zeros (제로 패딩) to both signals, up to the length of the answer, before you transform.
"""


# %% exercise="convolve_fft" stars=2 objective="theorem" minutes=5
def convolve_fft(f, g):
    """Full convolution through the convolution theorem (합성곱 정리).

    f: shape (A,); g: shape (B,), real numbers.
    Returns the same as convolve1d(f, g), shape (A+B−1,), up to rounding:
    zeros to A+B−1 → transform → product → back, all with torch.fft.

    convolve_fft(tensor([1., 2., 3.]), tensor([1., 10.]))  →  tensor([ 1., 12., 23., 30.])
    """
    ### BEGIN SOLUTION
    length = len(f) + len(g) - 1
    spectrum = torch.fft.rfft(f, n=length) * torch.fft.rfft(g, n=length)
    return torch.fft.irfft(spectrum, n=length)
    ### END SOLUTION


# %% hints="convolve_fft"
r"""
Two spectra can only be multiplied if they are equally long. How long must they be so that nothing wraps around?

`torch.fft.rfft(f, n=length)` appends the zeros for you before it transforms. Do so for both signals, multiply, and go back with `torch.fft.irfft`.

The way back needs `n=length`, too: `torch.fft.irfft(spectrum, n=length)`. Without it torch cannot know whether the answer was of odd or even length, and assumes even.
"""

# %% idea="convolve_fft"
r"""
`rfft` with `n = A + B − 1` appends the zeros and transforms; the product of the two spectra is the spectrum of the convolution; `irfft` with the same n goes back.
`rfft` keeps only half of the spectrum, because for real signals the other half is its mirror image.
"""

# %% check="convolve_fft" points=4

# %%
if ready(convolve1d, convolve_fft):
    signal, kernel = torch.randn(200), torch.randn(100)
    moments, answers = [], []
    for way in (convolve1d, convolve_fft):
        began = time.perf_counter()
        answers.append(way(signal, kernel))
        moments.append(time.perf_counter() - began)
    print(f"loops {moments[0] * 1000:.0f} ms, FFT {moments[1] * 1000:.2f} ms")
    print(f"largest difference {(answers[0] - answers[1]).abs().max():.1e}: rounding only")

# %% [markdown]
r"""
(Nets rarely use the FFT all the same: their kernels are 3×3, too small for the detour to pay.)

## 3 · Two dimensions

In an image I the window slides down and across.
For a kernel K of size $K_h \times K_w$ each position (i, j) gives one number, and together they make the **feature map** (특징 맵) S:

$$S(i,j)=\sum_{m=0}^{K_h-1}\sum_{n=0}^{K_w-1} I(i+m,\;j+n)\;K(m,n)$$

Again plus signs, again no flip. The simplest kernel is all ones: it adds up each window.
"""

# %%
IMAGE = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
ONES = torch.ones(2, 2)
plots.show(
    widgets.convolution_step_figure(IMAGE, ONES, 1, 1),
    alt="The 3×3 image 1 to 9, a 2×2 kernel of ones, and their feature map: 12, 16 above 24, 28. "
    "The last window, 5, 6, 8, 9, is framed: its sum is 28.",
)

# %% [markdown]
r"""
Now **with pencil and paper**, please. It takes two minutes, and you will never forget the formula again:

$$I=\begin{pmatrix}1&2&3\\4&5&6\\7&8&9\end{pmatrix}\qquad K=\begin{pmatrix}1&1\\0&2\end{pmatrix}\qquad S=\;?$$

The first window:
"""

# %%
KERNEL = torch.tensor([[1.0, 1.0], [0.0, 2.0]])
plots.show(
    widgets.convolution_step_figure(IMAGE, KERNEL, 0, 0),
    alt="The first step: the kernel 1, 1, 0, 2 lies on the pixels 1, 2, 4, 5. "
    "1·1 + 2·1 + 4·0 + 5·2 = 13, the first entry of the feature map.",
)

# %% [markdown]
r"""
Have you got all four? Then step through them and compare.
After that change the kernel: can you make the feature map show only the pixel in the window's lower left corner?
"""

# %%
widgets.convolution_stepper(IMAGE, KERNEL)

# %% [markdown]
r"""
The answer is [[13, 17], [25, 29]], and it is the first check below.
The size follows the same rule as in one dimension, once for the height and once for the width.
"""


# %% exercise="conv2d" stars=2 objective="loops" minutes=6
def conv2d(image, kernel):
    """2-D convolution as deep learning means it: cross-correlation, 'valid', as loops.

    image: shape (H, W); kernel (커널): shape (K_h, K_w), no larger than the image.
    Returns the feature map (특징 맵), shape (H−K_h+1, W−K_w+1),
    with the dtype and on the device of the image.

    conv2d(tensor([[1., 2., 3.], [4., 5., 6.], [7., 8., 9.]]), tensor([[1., 1.], [0., 2.]]))
    →  tensor([[13., 17.], [25., 29.]])
    """
    ### BEGIN SOLUTION
    H, W = image.shape
    K_h, K_w = kernel.shape
    out = torch.zeros(H - K_h + 1, W - K_w + 1, dtype=image.dtype, device=image.device)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = image[i : i + K_h, j : j + K_w]
            out[i, j] = (window * kernel).sum()
    return out
    ### END SOLUTION


# %% hints="conv2d"
r"""
How many windows fit into a 3×4 image if the kernel is 2×2? Which rows and which columns does the very last one cover?

Two loops walk over the feature map's positions i and j. At each position, cut out the window of the kernel's size, multiply it by the kernel entry by entry, and add everything up.

The window is `image[i : i + K_h, j : j + K_w]`, and its number `(window * kernel).sum()`. Rows use the kernel's height, columns its width.
"""

# %% idea="conv2d"
r"""
The two loops run over the *feature map*, so each pass makes one number of the answer.
Slicing replaces the two inner loops: `(window * kernel).sum()` is ΣmΣn in one line.
Height and width are kept apart all the way, so that non-square images and kernels work.
"""

# %% check="conv2d" points=6

# %% [markdown]
r"""
And now on the photograph: three kernels, three views of the same picture.
"""

# %%
if ready(conv2d):
    views = {
        "mean of 3 × 3": torch.full((3, 3), 1 / 9),
        "right − left": torch.tensor([[-1.0, 0.0, 1.0]]),
        "below − above": torch.tensor([[-1.0], [0.0], [1.0]]),
    }
    small = data.photo("camera", size=96)
    fig, axes = plots.canvas(9.2, 2.7, columns=4)
    plots.picture(axes[0], small, "the photograph")
    for ax, (name, kernel) in zip(axes[1:], views.items(), strict=True):
        show_as = plots.picture if name.startswith("mean") else plots.feature_map
        show_as(ax, conv2d(small, kernel), name)
    plots.show(
        fig,
        alt="The photograph and three feature maps: the mean blurs it; 'right minus left' shows "
        "the upright edges, such as the tripod's legs; 'below minus above' the level ones.",
    )

# %% [markdown]
r"""
In the two maps on the right, mid-grey is zero, white is positive and black is negative.

Three numbers or nine decide whether a map shows edges or a blur. Lesson 02 is about choosing them, and about *learning* them.

## 4 · From loops to one matrix product

Your loops are right. Are they fast?
"""

# %%
if ready(conv2d):
    kernel = torch.randn(3, 3)
    began = time.perf_counter()
    slow = conv2d(photo, kernel)
    middle = time.perf_counter()
    for _ in range(20):
        fast = F.conv2d(photo[None, None], kernel[None, None])[0, 0]
    loops, ready_made = middle - began, (time.perf_counter() - middle) / 20
    print(f"your loops {loops * 1000:.0f} ms, F.conv2d {ready_made * 1000:.2f} ms")
    print(f"largest difference {(slow - fast).abs().max():.1e}")

# %% [markdown]
r"""
Python needs some microseconds for each step, and the loops take several steps for every pixel.
The way out is to **vectorise** (벡터화): lay the work out so that a single matrix product (행렬곱) does all of it.

Each window becomes a *column* of a matrix. The trick is called **im2col**, image to columns:
"""

# %%
plots.show(
    windows_as_columns(IMAGE, (2, 2)),
    alt="The image 1 to 9 has four 2×2 windows, a to d. Each is flattened into a column of a 4×4 matrix: "
    "a is 1, 2, 4, 5; b is 2, 3, 5, 6; c is 4, 5, 7, 8; d is 5, 6, 8, 9.",
)

# %%
windows = torch.tensor([[1.0, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]]).T
print("kernel as a row:", KERNEL.flatten())
print("row @ columns:  ", KERNEL.flatten() @ windows)

# %% [markdown]
r"""
There they are again, 13, 17, 25, 29, from one product.

Pixels are copied: a 3×3 kernel stores almost every pixel nine times. We pay with memory and win time.

Look at the matrix the other way before you write it. Its first *row* is 1, 2, 4, 5: the upper left pixels of the windows a, b, c and d. Where in the image do these four lie? And those of the second row?
(The rows equal the columns only because kernel and feature map are both 2×2 here.)
"""


# %% exercise="im2col" stars=2 objective="matrix" minutes=6
def im2col(image, kernel_shape):
    """Lay out every window of an image as a column.

    image: shape (H, W); kernel_shape: (K_h, K_w), whole numbers.
    Returns shape (K_h·K_w, H_out·W_out) with H_out = H−K_h+1 and W_out = W−K_w+1.
    Windows stand in reading order, and so do the pixels in a window: as in F.unfold.
    Write it without F.unfold and without Tensor.unfold.

    im2col(tensor([[1., 2., 3.], [4., 5., 6.]]), (2, 2))
    →  tensor([[1., 2.], [2., 3.], [4., 5.], [5., 6.]])
    """
    ### BEGIN SOLUTION
    K_h, K_w = kernel_shape
    H_out, W_out = image.shape[0] - K_h + 1, image.shape[1] - K_w + 1
    rows = [image[m : m + H_out, n : n + W_out].flatten() for m in range(K_h) for n in range(K_w)]
    return torch.stack(rows)
    ### END SOLUTION


# %% hints="im2col"
r"""
In the picture above, how many columns are there, and what do you get when you read the matrix along its first row?

There are two ways. Column by column: cut out each window, flatten it, and stack the windows with `dim=1`. Or row by row: row (m, n) holds the pixel at place (m, n) of *every* window, and that is a shifted piece of the image.

Row by row it is `image[m : m + H_out, n : n + W_out].flatten()`, for m in the kernel's height and n in its width; then `torch.stack(rows)`.
"""

# %% idea="im2col"
r"""
One row of the matrix belongs to one place (m, n) of the kernel: it holds the pixel at that place of every window, which is the image shifted by (m, n) and cut to the size of the feature map.
So K_h·K_w slices are enough, instead of one for each of the thousands of windows.
"""

# %% check="im2col" points=4

# %% [markdown]
r"""
### Channels, filters, batches

A real layer sees more than one map. A colour picture enters as three channels, and a later layer gets as many channels as the layer before it has filters.

**A filter is as deep as the channels that enter it.**
It has a K×K kernel for each channel, adds up their maps, adds its bias, and so makes *one* map. F filters make F maps.
"""

# %%
plots.show(
    channels(),
    alt="An image of 3 channels meets 4 filters, each 3 channels deep and 3×3 wide, giving 4 maps. "
    "Those are the 4 channels that meet 5 filters, each 4 deep, giving 5 maps.",
)

# %%
first, second = nn.Conv2d(3, 4, kernel_size=3), nn.Conv2d(4, 5, kernel_size=3)
x = torch.randn(10, 3, 32, 32)  # a batch of 10 colour pictures: (N, C, H, W)
maps = first(x)
print(
    "first: filters", tuple(first.weight.shape), "turn", tuple(x.shape), "into", tuple(maps.shape)
)
maps_of_maps = second(maps)
print("second: filters", tuple(second.weight.shape), "make", tuple(maps_of_maps.shape))

# %% [markdown]
r"""
The shapes read as sentences.
`(N, C, H, W)`: a batch (배치) of N pictures with C channels. `(F, C, K_h, K_w)`: F filters, C deep.

Now the whole layer, with one matrix product for all filters.
`F.unfold(x, (K_h, K_w))` is your `im2col` for batches: it gives $(N,\; C\cdot K_h\cdot K_w,\; H_{out}\cdot W_{out})$, the channels stacked on top of each other.
How must the weights be reshaped, so that the product gives $(N,\; F,\; H_{out}\cdot W_{out})$?
(In code, call the number of filters `filters`: the name `F` is taken by `torch.nn.functional`.)
"""


# %% exercise="conv2d_layer" stars=3 objective="matrix" minutes=8
def conv2d_layer(x, weight, bias=None):
    """A convolutional layer (합성곱층): equal to F.conv2d(x, weight, bias), by a matrix product.

    x: shape (N, C, H, W); weight: (F, C, K_h, K_w); bias (편향): (F,), or None for no bias.
    Returns shape (N, F, H−K_h+1, W−K_w+1).
    Use F.unfold and `@` (or einsum), but no ready-made convolution.

    x = torch.ones(1, 2, 3, 3)          # two channels of ones
    weight = torch.ones(1, 2, 2, 2)     # one filter, two channels deep
    conv2d_layer(x, weight, torch.tensor([0.5]))[0, 0]  →  tensor([[8.5, 8.5], [8.5, 8.5]])
    """
    ### BEGIN SOLUTION
    N, _, H, W = x.shape
    filters, _, K_h, K_w = weight.shape
    columns = F.unfold(x, (K_h, K_w))  # (N, C·K_h·K_w, H_out·W_out)
    out = weight.reshape(filters, -1) @ columns  # (N, F, H_out·W_out)
    if bias is not None:
        out = out + bias.reshape(-1, 1)
    return out.reshape(N, filters, H - K_h + 1, W - K_w + 1)
    ### END SOLUTION


# %% hints="conv2d_layer"
r"""
For one picture: if each column holds the C·K_h·K_w numbers under the filter, what must one *row* of the other matrix hold?

Make each filter one row, so the weights become (F, C·K_h·K_w). Times the columns that gives (F, H_out·W_out), and `@` repeats it for every picture of the batch. Add one bias to each row, then fold the last axis back into H_out × W_out.

`weight.reshape(filters, -1) @ F.unfold(x, (K_h, K_w))`, then `out + bias.reshape(-1, 1)` if there is a bias, then `out.reshape(N, filters, H_out, W_out)`.
"""

# %% idea="conv2d_layer"
r"""
Each filter is flattened into a row and each window, all channels of it, into a column: their product is one number of the output.
So one matrix product holds every filter at every position, and summing over channels needs no line of its own.
`@` broadcasts over the batch, and the bias is added as a column, so that each filter gets its own.
"""

# %% check="conv2d_layer" points=6

# %% [markdown]
r"""
You have just rebuilt the heart of every convolutional net.

The same idea works along one axis and along three:

- **Conv1d** slides along time: `(N, C, L)`. Sound, heart signals, sensor data.
- **Conv3d** slides along depth, height and width: `(N, C, D, H, W)`. CT scans, and video with time as depth.
"""

# %%
heartbeats = torch.randn(8, 2, 500)  # 8 recordings, 2 electrodes, 500 points in time
scan = torch.randn(1, 1, 16, 64, 64)  # 1 scan, 1 channel, 16 slices of 64 × 64
wave_layer, volume_layer = nn.Conv1d(2, 6, kernel_size=5), nn.Conv3d(1, 4, kernel_size=3)
for layer, x in ((wave_layer, heartbeats), (volume_layer, scan)):
    shapes = [tuple(t.shape) for t in (x, layer.weight, layer(x))]
    print(f"{type(layer).__name__}: {shapes[0]} with filters {shapes[1]} → {shapes[2]}")

# %% [markdown]
r"""
## 5 · On any device

Whenever you **made** a tensor so far, it had to follow the input in dtype and device. Here is why:
`torch.zeros(3)` lives on the CPU and is float32, whatever your input is.
"""

# %%
precise = torch.ones(3, dtype=torch.float64)
try:
    torch.ones(3) @ precise
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown]
r"""
With an input on a GPU the same line fails for the other reason: "expected all tensors to be on the same device".

The rule: **device** (장치) **and dtype** (자료형) **follow the input.**
Say `torch.ones(3, dtype=x.dtype, device=x.device)`, or for short `x.new_ones(3)`. For a tensor as large as x itself there is `torch.ones_like(x)`.
"""


# %% exercise="mean_filter" stars=2 objective="devices" minutes=4
def mean_filter(image, K):
    """The mean (평균) of every K×K window of an image.

    image: shape (H, W), float32 or float64, on any device; K: whole number, 1 ≤ K ≤ min(H, W).
    Returns shape (H−K+1, W−K+1), with the dtype and on the device of the image.
    Make the K×K kernel yourself. F.conv2d, conv2d and conv2d_layer are all allowed.

    mean_filter(tensor([[1., 2., 3.], [4., 5., 6.], [7., 8., 9.]]), 2)
    →  tensor([[3., 4.], [6., 7.]])
    """
    ### BEGIN SOLUTION
    kernel = torch.full((1, 1, K, K), 1 / K**2, dtype=image.dtype, device=image.device)
    return F.conv2d(image[None, None], kernel)[0, 0]
    ### END SOLUTION


# %% hints="mean_filter"
r"""
Which kernel turns "multiply and add up" into "take the mean"? What do its K·K entries add up to?

Every entry is 1/K². Make that kernel so that it follows the image, then convolve; `F.conv2d` wants a batch axis and a channel axis in front.

`torch.full((K, K), 1 / K**2, dtype=image.dtype, device=image.device)`, and `F.conv2d(image[None, None], kernel[None, None])[0, 0]`.
"""

# %% idea="mean_filter"
r"""
A mean is a convolution with the constant kernel 1/K².
The kernel is the only tensor made here, and it is made with `dtype=image.dtype, device=image.device`: so the function works for float64 and on a GPU without a further line.
"""

# %% check="mean_filter" points=4

# %% [markdown]
r"""
What did the last check say about a GPU?
With one, it compares the GPU's answer with the CPU's.
Without one, the GPU is **skipped**: your code runs on a *stand-in*, which refuses mixed devices as a GPU would, and the check's line says so.
A missing GPU is never a zero, and never a silent pass.

### Why "equal" needs a tolerance

A GPU adds the products in another order, and each order rounds differently.
So we ask for agreement within a **tolerance** (허용 오차): here 0.0001 of the value, plus 0.00001.

There is a second, larger reason.
For convolutions torch lets newer NVIDIA GPUs use **TF32** unless told otherwise: the range of float32, but a fraction of only 10 bits instead of 23.
"""

# %%
plots.show(
    float_bits(),
    alt="Bits to scale: float64 has 1 sign, 11 exponent and 52 fraction bits; "
    "float32 has 1, 8 and 23; TF32 has 1, 8 and 10.",
)

# %% [markdown]
r"""
You can try TF32 without a GPU: round each number to 10 bits of fraction first, then convolve.
"""


# %%
def like_tf32(x):
    """float32 numbers rounded to the 10 bits of fraction that TF32 keeps."""
    return ((x.view(torch.int32) + 0x1000) & ~0x1FFF).view(torch.float32)


x, w = torch.rand(1, 64, 16, 16), torch.randn(64, 64, 3, 3) / 24
exact = F.conv2d(x.double(), w.double())
print(f"the exact values reach {exact.max():.1f}")
for name, answer in (
    ("float32", F.conv2d(x, w)),
    ("like TF32", F.conv2d(like_tf32(x), like_tf32(w))),
):
    print(f"{name:9} largest error {(answer - exact).abs().max():.1e}")

# %% [markdown]
r"""
The error has grown several hundred times.
For training a net that hardly ever matters, and it is faster. For *checking* code it hides mistakes behind noise.
So the checks switch it off (`torch.backends.cudnn.conv.fp32_precision = "ieee"`) before they compare.

## 6 · Backwards

A net learns by asking of each weight: if I nudge you, what happens to the loss (손실)?
Let us really nudge one. The loss here is simply the sum of the feature map.
"""


# %%
def loss_of(kernel):
    return F.conv2d(IMAGE[None, None], kernel[None, None]).sum()


nudged = KERNEL.clone()
nudged[0, 0] += 0.01
print("before", loss_of(KERNEL), " after", loss_of(nudged))
print("change per unit:", (loss_of(nudged) - loss_of(KERNEL)) / 0.01)

# %% [markdown]
r"""
About 12. Why 12? Follow that one weight while the kernel slides: it meets four pixels.
"""

# %%
plots.show(
    weight_meets(IMAGE, KERNEL, 0, 0),
    alt="The kernel's upper left weight meets the pixels 1, 2, 4, 5 of the image, "
    "a 2×2 region as large as the feature map.",
)

# %% [markdown]
r"""
1 + 2 + 4 + 5 = 12. Each meeting passes on the pixel, times how much the loss cares about that output.
Call "how much the loss cares" G(i, j) = ∂L/∂S(i, j); here every G is 1. The **gradient** (기울기) of the kernel is

$$\frac{\partial L}{\partial K(m,n)}=\sum_{i,j}G(i,j)\;I(i+m,\;j+n)$$

You know this formula: it is the feature map of the image with **G as its kernel**.

Now a pixel. I(p, q) takes part in several windows, under another weight in each:

$$\frac{\partial L}{\partial I(p,q)}=\sum_{m,n}G(p-m,\;q-n)\;K(m,n)$$

with G = 0 outside. Minus signs: **the flip is back.** Forwards we correlate; backwards, to the image, we convolve in the true sense, and *full*.
"""

# %%
G = torch.ones(2, 2)
full = F.conv2d(G[None, None], KERNEL.flip(0, 1)[None, None], padding=1)[0, 0]
slope = F.conv2d(IMAGE[None, None], G[None, None])[0, 0]
both = {"gradient of K": slope, "gradient of I": full}
plots.show(
    plots.matrices({"image I": IMAGE, "kernel K": KERNEL, "G": G, **both}, shade=tuple(both)),
    alt="With G all ones, the gradient of the kernel is 12, 16 above 24, 28, "
    "and the gradient of the image is 1, 2, 1; 1, 4, 3; 0, 2, 2: largest in the middle.",
)

# %% [markdown]
r"""
The middle pixel lies in all four windows, so it collects the whole kernel: 1 + 1 + 0 + 2 = 4. A corner lies in one window only.

There is a way to write both gradients without thinking about the flip: go through the products of the forward pass, and hand each one its share back.
"""


# %% exercise="conv2d_gradients" stars=3 objective="gradients" minutes=8
def conv2d_gradients(image, kernel, grad_out):
    """Gradients (기울기) of a loss with respect to the image and the kernel of conv2d.

    image: shape (H, W); kernel: (K_h, K_w);
    grad_out: (H−K_h+1, W−K_w+1), the gradient with respect to conv2d(image, kernel).
    Returns `(grad_image, grad_kernel)`, with the shapes of image and kernel.
    Write both sums out, without autograd and without a `backward`.

    conv2d_gradients(tensor([[1., 2.], [3., 4.]]), tensor([[5., 6.]]), tensor([[1.], [10.]]))
    →  (tensor([[5., 6.], [50., 60.]]), tensor([[31., 42.]]))
    """
    ### BEGIN SOLUTION
    H_out, W_out = grad_out.shape
    grad_image, grad_kernel = torch.zeros_like(image), torch.zeros_like(kernel)
    for m in range(kernel.shape[0]):
        for n in range(kernel.shape[1]):
            met = image[m : m + H_out, n : n + W_out]  # the pixels that weight (m, n) meets
            grad_kernel[m, n] = (met * grad_out).sum()
            grad_image[m : m + H_out, n : n + W_out] += kernel[m, n] * grad_out
    return grad_image, grad_kernel
    ### END SOLUTION


# %% hints="conv2d_gradients"
r"""
In the forward pass S(i, j) contains the product I(i+m, j+n) · K(m, n). If the loss cares G(i, j) about S(i, j), how much does it care about that pixel, and how much about that weight?

Go over the same products as in the forward pass. Each one adds G·pixel to the gradient of its weight, and G·weight to the gradient of its pixel. Start both gradients with zeros, and *add*.

For each weight (m, n): `met = image[m : m + H_out, n : n + W_out]`, then `grad_kernel[m, n] = (met * grad_out).sum()`, and `grad_image[m : m + H_out, n : n + W_out] += kernel[m, n] * grad_out`.
"""

# %% idea="conv2d_gradients"
r"""
Weight (m, n) meets the region of the image that starts at (m, n) and is as large as the feature map.
Its gradient is the sum of that region times `grad_out`; in return it hands `kernel[m, n] * grad_out` back to the same region.
Adding up those shifted pieces is a full convolution: the flip appears without being written.
"""

# %% check="conv2d_gradients" points=6

# %% [markdown]
r"""
torch can work gradients out by itself, from a record of every step: **autograd** (자동 미분). Does it find the same as you, for random numbers?
"""

# %%
if ready(conv2d_gradients):
    image, kernel, G = torch.randn(7, 5), torch.randn(3, 2), torch.randn(5, 4)
    watched = image.clone().requires_grad_(), kernel.clone().requires_grad_()
    S = F.conv2d(watched[0][None, None], watched[1][None, None])[0, 0]
    by_autograd = torch.autograd.grad(S, watched, G)
    by_you = conv2d_gradients(image, kernel, G)
    for name, yours, its in zip(("image", "kernel"), by_you, by_autograd, strict=True):
        print(f"gradient of the {name}: largest difference {(yours - its).abs().max():.1e}")

# %% [markdown]
r"""
Are these gradients good for anything? Let them *find* a kernel.
We show random noise and the feature map that a secret kernel makes of it, and start from zeros.
"""

# %%
if ready(conv2d_gradients):
    noise = torch.randn(12, 12, generator=torch.Generator().manual_seed(1))
    wanted = F.conv2d(noise[None, None], KERNEL[None, None])[0, 0]
    guess = torch.zeros(2, 2)
    for step in range(41):
        error = F.conv2d(noise[None, None], guess[None, None])[0, 0] - wanted
        if step in (0, 5, 40):
            rows = [[f"{weight:.2f}" for weight in row] for row in guess]
            print(f"step {step:2}: loss {error.square().mean():.5f}, kernel {rows}")
        _, slope = conv2d_gradients(noise, guess, error)  # error is G for L = ½ Σ error²
        guess = guess - 0.002 * slope

# %% [markdown]
r"""
Your own backward pass has just learned a kernel.

## 7 · Myth check

> "A convolutional net recognises a thing wherever it stands. Pooling makes it shift-invariant."

Two words must be kept apart.

- **Equivariance** (등변성): move the input, and the output moves *with* it. Shift, then convolve = convolve, then shift.
- **Invariance** (불변성): move the input, and the output *stays the same*. A classifier wants this one.

To test the claim you need a shift.
"""


# %% exercise="shift_image" stars=1 objective="equivariance" minutes=4
def shift_image(image, dy, dx):
    """Move an image (이동); zeros flow in where nothing comes from.

    image: shape (H, W); dy: pixels down (negative: up); dx: pixels right (negative: left).
    Returns a new image of shape (H, W). What leaves the frame is lost;
    a shift as large as the image leaves only zeros.

    shift_image(tensor([[1., 2.], [3., 4.]]), 0, 1)  →  tensor([[0., 1.], [0., 3.]])
    """
    ### BEGIN SOLUTION
    H, W = image.shape
    out = torch.zeros_like(image)
    top, bottom = max(dy, 0), min(H + dy, H)  # the rows that receive pixels
    left, right = max(dx, 0), min(W + dx, W)
    if top < bottom and left < right:
        out[top:bottom, left:right] = image[top - dy : bottom - dy, left - dx : right - dx]
    return out
    ### END SOLUTION


# %% hints="shift_image"
r"""
After a shift by (dy, dx), which pixel of the old image stands at place (i, j) of the new one? When is there none?

Start with zeros. The new pixel (i, j) is the old pixel (i − dy, j − dx), whenever that place exists. Beware of negative indices: Python counts them from the end instead of complaining.

With loops: `if 0 <= i - dy < H and 0 <= j - dx < W: out[i, j] = image[i - dy, j - dx]`. Or with one slice: the rows `max(dy, 0)` to `min(H + dy, H)` receive pixels, the columns likewise.
"""

# %% idea="shift_image"
r"""
Think from the result: new pixel (i, j) is old pixel (i − dy, j − dx), if there is one.
The rows that receive anything are `max(dy, 0)` to `min(H + dy, H)`, and the same rows minus dy are where it comes from; columns likewise.
If nothing is left inside the frame, the zeros stay.
"""

# %% check="shift_image" points=3

# %% [markdown]
r"""
First, equivariance. The upper path shifts the digit and then convolves; the lower path convolves and then shifts.
"""

# %%
if ready(shift_image):
    four = test_images[test_labels == 4][0]
    digit = F.pad(four[0], (3, 3, 3, 3))  # a frame of zeros: room to move
    edges = torch.tensor([[-1.0, 0.0, 1.0]] * 3)

    def map_of(image):
        return F.conv2d(image[None, None], edges[None, None], padding=1)[0, 0]

    moved = shift_image(digit, 2, 2)
    above, below = map_of(moved), shift_image(map_of(digit), 2, 2)

    fig, axes = plots.canvas(6.6, 4.2, columns=3, rows=2)
    upper = {"digit": digit, "shifted": moved, "shifted, then convolved": above}
    lower = {"digit": digit, "convolved": map_of(digit), "convolved, then shifted": below}
    pictures = [*upper.items(), *lower.items()]
    for ax, (name, image) in zip(axes.flat, pictures, strict=True):
        reach = image.abs().max()
        plots.picture(ax, image, name, low=0 if image.min() >= 0 else -reach, high=reach)
    plots.show(
        fig,
        alt="Two paths from one digit. Shifted by 2 down and 2 right and then convolved, "
        "or convolved and then shifted: the last pictures of both rows are the same.",
    )
    print(f"largest difference between the two paths: {(above - below).abs().max():.2f}")
    turned_first, turned_last = map_of(digit.rot90()), map_of(digit).rot90()
    print(f"with a quarter turn for the shift: {(turned_first - turned_last).abs().max():.2f}")

# %% [markdown]
r"""
Convolution is equivariant to shifts: no difference at all, as long as nothing leaves the frame.
That half of the claim is true, and it is what weight sharing buys.
To turns it is not even equivariant: the digit turns, the kernel does not.

Now invariance. A net with convolution and pooling (풀링) learns the digits.
Its pooling keeps only the largest number of each 2×2 block; lesson 04 builds it.
**Guess:** what is left of its accuracy when each test digit moves by one pixel, or turns by 20°?
"""

# %%
torch.manual_seed(0)
pooled = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10)
)
history = train(pooled, (images, labels), epochs=10, lr=1e-2, validation=0.1)
history.plot("The pooled net learns")

# %%
MOVES = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
TURNS = {"20° left": 20, "20° right": -20}


def shifted(images, dy, dx):
    """Every image of a batch (N, 1, H, W), moved by `shift_image`."""
    return torch.stack([shift_image(image[0], dy, dx)[None] for image in images])


def report(net):
    """Test accuracy on the digits as they are, moved by one pixel, and turned."""
    scores = {"as it is": accuracy(net, test_images, test_labels)}
    for name, (dy, dx) in MOVES.items():
        scores[f"1 px {name}"] = accuracy(net, shifted(test_images, dy, dx), test_labels)
    for name, degrees in TURNS.items():
        scores[name] = accuracy(net, data.rotated(test_images, degrees), test_labels)
    for name, score in scores.items():
        print(f"{name:>10}: {score:.1%}")
    return scores


if ready(shift_image):
    scores = report(pooled)

# %%
if ready(shift_image):
    four = test_images[test_labels == 4][:1]
    versions = [four, *(shifted(four, *move) for move in MOVES.values())]
    versions += [data.rotated(four, degrees) for degrees in TURNS.values()]
    titles = [f"{name}\n{score:.0%}" for name, score in scores.items()]
    plots.show(
        plots.gallery([version[0, 0] for version in versions], titles),
        alt="A four as it is, moved by one pixel in four directions, and turned both ways; "
        "under each name the accuracy: "
        + ", ".join(f"{k} {v:.0%}" for k, v in scores.items())
        + ".",
    )

# %% [markdown]
r"""
One pixel, and about four digits in ten are misread. You would still read them.
(To be fair: a shift up or down pushes a row of ink out of the frame, and a turn blurs an 8×8 digit. To the left and right almost nothing is lost, and it is just as bad.)

**The claim is false.** Pooling over 2×2 forgives a little *inside* each 2×2 block, but the last layer is dense: it has learned what to expect at which place.

What helps? Show the net shifted copies while it learns (데이터 증강, data augmentation):
"""

# %%
if ready(shift_image):
    copies = torch.cat([images, *(shifted(images, *move) for move in MOVES.values())])
    torch.manual_seed(0)
    hardened = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10)
    )
    train(hardened, (copies, labels.repeat(5)), epochs=6, batch_size=128, lr=1e-2)
    report(hardened)

# %% [markdown]
r"""
Most of the loss to shifts is gone, and on average the turns are no better than before.
The net has learned what it was shown; nothing has made it invariant by itself.

## 8 · Weekly paper (위클리페이퍼)
"""

# %% [markdown] essay="dense_or_convolution" points=8
r"""
### Dense or convolution?

A friend says: *"A dense layer can learn everything that a convolutional layer can. So why not always use dense layers?"*

1. **Short answer**, two lines: is the friend right, and what would you use for photographs?
2. **Long answer**, 150 to 250 words. Explain what a dense layer does with a picture's spatial structure, what locality and weight sharing save, and what they assume. Use **numbers that you measured or counted in this notebook**. Name one kind of data for which you would rather take the dense layer.

### BEGIN SOLUTION
**Rubric (8 points)**

| points | for |
|---|---|
| 1 | The short answer fits in two lines and is right: a dense layer *could* represent it, but needs far more weights and data; convolution for photographs. |
| 2 | Spatial structure: flattening loses who was whose neighbour (1), with the shuffling experiment as evidence (1). |
| 2 | Locality and weight sharing explained as two different ideas (1), with a parameter count that is right (1). |
| 1 | What is assumed: the same pattern matters everywhere, and near pixels belong together; equivariance is not invariance. |
| 1 | A fitting kind of data without neighbourhood, such as a table of a patient's age, weight and blood values. |
| 1 | At least one number from the student's own notebook, used as an argument. |

**Model answer, full marks (8).**
*Short:* In principle yes, but it would have to learn from data what the convolution knows from the start. For photographs I use convolution.
*Long:* A convolution is a dense layer in which most weights are zero and the rest are copies of each other, so the dense layer can represent it. The question is what it costs to find it. A dense layer flattens the picture first. When I shuffled all pixels, its accuracy stayed the same (about 92 % before and after): it never used the fact that pixels have neighbours. The convolutional net lost about three percentage points, because it does use it; on real digits it was better with 1,610 parameters than the dense net with 4,810. Two ideas save weights. Locality: an output sees only a K×K window. Sharing: all windows use the same weights. For a 224×224 colour picture and 64 filters of 3×3 I counted 1,792 parameters, against about 475 billion for the dense layer with the same outputs; no data set could determine those. Both ideas are bets: near pixels belong together, and a pattern means the same everywhere. Sharing makes the layer equivariant, not the net invariant: a shift by one pixel cost my pooled net more than 30 points. Where the bet is wrong I would take the dense layer: in a table of age, weight and blood pressure the columns can be swapped without changing the meaning.

**Model answer, middle (5).**
*Short:* No, because dense layers have too many weights. Use a CNN.
*Long:* Dense layers connect every pixel with every output, so a photograph needs billions of weights, while the convolution in the notebook needed only 1,792. A convolution looks at small windows and uses the same filter everywhere. It also keeps the spatial structure, which flattening destroys: the shuffled digits showed that. For tables I would use a dense layer.
*(Short answer 0: "no" is wrong, it can represent it. Structure 2: flattening and the experiment. Count 1: one number, locality and sharing not told apart. Assumptions 0. Data 1. Number 1.)*

**Model answer, weak (1).**
*Short:* CNNs are better for images.
*Long:* Convolutional networks are the state of the art for images and are used in many fields. They find edges and shapes automatically, and they recognise an object wherever it stands. Dense layers are old and do not work well on images.
*(1 for choosing convolution. Nothing is explained or measured, and "wherever it stands" is the myth of part 7.)*
### END SOLUTION
"""

# %% [markdown]
r"""
### Quiz: homework

Not now, all at once: open one part at a time over the week. All eight together take about 30 minutes.
Cover the notebook, answer, then open the explanations. A wrong guess that you have thought about teaches more than a right one.
"""

# %%
quiz()

# %% [markdown]
r"""
## What next

You can now read every line of `nn.Conv2d(16, 32, 3)`: 32 filters, each 16 channels deep and 3×3 wide, slid without a flip, one bias each.

- **Lesson 02** chooses the numbers in the kernel: edges, blur, sharpening; and then lets a net find them.
- **Lesson 03** asks what happens at the border, and when the window takes larger steps.
- To read on: LeCun, Bottou, Bengio and Haffner, *Gradient-Based Learning Applied to Document Recognition* (1998), sections I and II. It puts this lesson's two ideas, locality and weight sharing, to work.
"""

# ---
# title: Filters
# title_ko: 필터
# minutes: 116
# objectives:
#   kernels: write seven classic 3×3 kernels from what they should do, and say what each shows
#   gradient: find strength and direction of edges from two maps, and say what noise does to them
#   separable: blur with two one-dimensional passes, and say which kernels can be split so
#   range: predict brightness and value range of a filtered picture, and bring it back into bytes
#   sharpening: build sharpening out of a blur, and say which blur the sharpen kernel hides
#   layer: tell kernel, filter, layer and network apart, and make a layer out of known filters
#   learning: learn a kernel from examples, and tell a low loss from the right weights
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · Nine numbers | 13 | `seven_kernels` |
| 2 · Edges have a direction | 18 | `edge_strength` |
| 3 · Blur, in two cheap passes | 15 | `gaussian_weights`, `blur_separable` |
| 4 · Brightness and bytes | 12 | `sharpen_photo` |
| 5 · Sharpening is a blur, taken away | 9 | `unsharp_mask` |
| 6 · Filter, layer, network | 16 | `filter_colour`, `seven_filter_layer` |
| 7 · Learned filters, and a myth check | 18 | `learn_kernel` |
| 8 · Weekly paper | 15 | an essay |

Run the cells from top to bottom, and guess where the text says **guess**.
The quiz at the end is homework: one of its seven parts at a time over the week, about 40 minutes in all.
"""

# %%
import math
import time

import torch
import torch.nn.functional as F
from IPython.display import display
from torch import nn

from utils import check, data, hint, idea, plots, quiz, start, training, widgets
from utils.demo import ready
from utils.drawings.filters import (
    arrows,
    edge_profile,
    lettered_views,
    nested,
    strongest_patches,
)

start("02_filters")


def filtered(image, kernel):
    """One kernel on one image: (H, W), (K_h, K_w) → (H−K_h+1, W−K_w+1)."""
    return F.conv2d(image[None, None], kernel[None, None])[0, 0]


def short(kernel):
    """A kernel rounded to two decimals, for a picture; +0 turns −0 into 0."""
    return (kernel * 100).round() / 100 + 0


# %% [markdown]
r"""
## 1 · Nine numbers

In lesson 01 you slid kernels (커널) over pictures. Whoever chose their numbers chose what you saw.

Here are seven feature maps of one photograph. Nothing differs between them but nine numbers.

**Guess:** in which of them are the upright (vertical, 수직) edges (경계) marked, in which the level (horizontal, 수평) ones? Which one is blurred, which one sharper than the photograph, which one looks like a coin?
"""

# %%
camera = data.photo("camera", size=150)
plots.show(
    lettered_views(camera, data.credit("camera")),
    alt="The photographer with his camera, and seven maps of it, A to G. A: a flat grey relief "
    "of thin lines. B: blurred. C: upright edges in black and white on grey. D: crisper than the "
    "photograph. E: level edges. F: embossed like a coin. G: upright edges again, a little fainter.",
)

# %% [markdown]
r"""
Now make them. A kernel is a wish in numbers: "right minus left" becomes minus signs on the left, plus signs on the right.

Seven wishes. Each is a 3×3 kernel, and there is no flip.

| name | the wish |
|---|---|
| `sobel_x` | right column minus left column, and the middle row counts double: upright edges |
| `sobel_y` | lower row minus upper row, and the middle column counts double: level edges |
| `prewitt_x` | right column minus left column, all three rows alike |
| `laplacian` (라플라시안) | four times the middle, minus the four pixels beside, above and below it |
| `gaussian` (가우시안) | a weighted mean: the middle counts 4, the four beside it 2, the corners 1 |
| `sharpen` (샤프닝) | five times the middle, minus the four pixels beside, above and below it |
| `emboss` (엠보싱) | the middle counts 1. Towards the lower right: its corner counts 2, the two pixels beside that corner 1. Towards the upper left the same with minus. The last two corners: 0 |
"""


# %% exercise="seven_kernels" stars=1 objective="kernels" minutes=6
def seven_kernels():
    """The seven kernels (커널) of the table, by name.

    Returns a dict that maps each name to a float32 tensor of shape (3, 3).
    The names are "sobel_x", "sobel_y", "prewitt_x", "laplacian", "gaussian", "sharpen"
    and "emboss", in this order. Rows run down, columns to the right.

    kernels = seven_kernels()
    kernels["sobel_x"][1]      →  tensor([-2., 0., 2.])     # the middle row counts double
    kernels["gaussian"].sum()  →  tensor(1.)                # it is a mean
    """
    ### BEGIN SOLUTION
    sobel_x = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    laplacian = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]])
    identity = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    return {
        "sobel_x": sobel_x,
        "sobel_y": sobel_x.T.contiguous(),
        "prewitt_x": torch.tensor([[-1.0, 0.0, 1.0]] * 3),
        "laplacian": laplacian,
        "gaussian": torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16,
        "sharpen": identity + laplacian,
        "emboss": torch.tensor([[-2.0, -1.0, 0.0], [-1.0, 1.0, 1.0], [0.0, 1.0, 2.0]]),
    }
    ### END SOLUTION


# %% hints="seven_kernels"
r"""
Lay the kernel on a place where the left half is 0 and the right half is 1. For `sobel_x` the answer should be positive: where do the plus signs stand?

Write each wish down as a 3×3 grid on paper first. Three of the seven come cheaply: `sobel_y` is `sobel_x` with rows and columns exchanged, `sharpen` has only one number other than `laplacian`, and the `gaussian`'s nine numbers must add up to 1.

`torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])` is `sobel_x`. With a decimal point a number is float32; without one, the tensor holds whole numbers, and `F.conv2d` refuses it. The Gaussian is `torch.tensor([[1.0, 2.0, 1.0], …]) / 16`.
"""

# %% idea="seven_kernels"
r"""
Each wish is copied into a grid: plus where a pixel counts for, minus where it counts against, 0 where it does not matter.
`sobel_y` is the transpose of `sobel_x`, and `sharpen` is the Laplacian plus the kernel that changes nothing.
Only the Gaussian needs a division: its numbers add up to 16, and a mean's must add up to 1.
"""

# %% check="seven_kernels" points=4

# %% [markdown]
r"""
Here they are on the photograph.
Where the map is a picture again, black is 0 and white is 1. Where it is a map of changes, mid-grey is zero.
"""

# %%
if ready(seven_kernels):
    fig, axes = plots.canvas(9.2, 5.0, columns=4, rows=2)
    plots.picture(axes[0, 0], camera, "the photograph")
    axes[0, 0].set_xlabel(data.credit("camera"))
    for ax, (name, kernel) in zip(axes.flat[1:], seven_kernels().items(), strict=True):
        show_as = plots.picture if kernel.sum() > 0.5 else plots.feature_map
        show_as(ax, filtered(camera, kernel), name)
    plots.show(
        fig,
        alt="The photograph and its seven maps by name. Sobel X and Prewitt X mark upright edges, "
        "such as the tripod's legs and the coat's border, Sobel Y level ones; the Laplacian shows thin "
        "double lines, Gaussian a blur, sharpen crisp detail, emboss a relief.",
    )

# %% [markdown]
r"""
| kernel | what it does | what for |
|---|---|---|
| Sobel X, Sobel Y | measure the change to the right, and downwards | edge detection (경계 검출), part 2 |
| Prewitt X | the same, with plainer weights | edges, with a little less noise, and a little less true in direction (part 2) |
| Laplacian | how much a pixel stands out from its neighbours | fine detail, spots |
| Gaussian | the mean of a neighbourhood, near pixels first | removing noise (잡음), part 3 |
| sharpen | the pixel plus how much it stands out | crisper photographs, part 5 |
| emboss | the pixel plus the change along one diagonal | a relief look |

(Where does emboss have its light from? It adds lower right minus upper left. So a bright thing gets a bright rim at its upper left: as if a lamp stood there.)

Now change the numbers yourself. The **identity** (항등), a single 1, changes nothing: begin there.

1. Choose `sharpen` and raise the middle from 5 to 6. What has happened to the brightness?
2. Turn the signs of `sobel_x` around. What changes, what stays?
3. Find nine numbers that only *move* the picture by one pixel.
"""

# %%
IDENTITY = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
plots.show(
    widgets.kernel_editor_figure(camera, IDENTITY), alt=widgets.kernel_editor_text(camera, IDENTITY)
)

# %%
widgets.kernel_editor(camera)

# %% [markdown]
r"""
(1: the sum is now 2, and the picture is twice as bright; more of that in part 4. 2: dark and bright rims change places, and stay where they are. 3: a single 1, anywhere but in the middle.)

## 2 · Edges have a direction

What is an edge, to a machine that sees only numbers?
Walk along one row of a photograph and write down the brightness:
"""

# %%
china = data.photo("china", size=150)
ROW = 68
plots.show(
    edge_profile(china, ROW, data.credit("china")),
    alt="A Chinese temple with one row of pixels marked. Beside it the brightness along that row: level "
    "in the sky, jagged in the temple and the trees. Under it the right neighbour minus the left one: "
    "zero in the sky, with tall bars up and down wherever the brightness jumps.",
)

# %% [markdown]
r"""
An **edge** is where the brightness changes fast.
The change from left to right is the kernel [−1, 0, 1]: right neighbour minus left neighbour. It is the **derivative** (미분) of the brightness, up to a factor of 2.

Then why has Sobel nine numbers, and not three?
Photographs are noisy, and the difference of two noisy pixels is noisier than each: √2 times. So Sobel blurs **along** the edge while it differentiates **across** it:
"""

# %%
SMOOTH, DIFFERENCE = torch.tensor([[1.0], [2.0], [1.0]]), torch.tensor([[-1.0, 0.0, 1.0]])
plots.show(
    plots.matrices(
        {"blur down": SMOOTH, "difference": DIFFERENCE, "product: Sobel X": SMOOTH @ DIFFERENCE}
    ),
    alt="The column 1, 2, 1 times the row −1, 0, 1 is the Sobel X kernel: "
    "−1, 0, 1; −2, 0, 2; −1, 0, 1.",
)

# %%
draw = torch.Generator().manual_seed(0)
noise = 0.1 * torch.randn(400, 400, generator=draw)
step = torch.cat([torch.zeros(3, 3), torch.ones(3, 3)], dim=1)
for name, kernel in {
    "difference": DIFFERENCE,
    "Prewitt X": torch.ones(3, 1) @ DIFFERENCE,
    "Sobel X": SMOOTH @ DIFFERENCE,
}.items():
    signal, rubbish = filtered(step, kernel).max(), filtered(noise, kernel).std()
    print(
        f"{name:10}: an edge gives {signal:.0f}, noise {rubbish:.2f}: {signal / rubbish:4.1f} to 1"
    )

# %% [markdown]
r"""
Three rows are better than one. (Prewitt is even a little calmer than Sobel. In a moment you will see what Sobel has for it.)

### From two maps to one arrow

Sobel X alone is blind to level edges: it measures the change $g_x$ to the right. Sobel Y measures the change $g_y$ downwards.
Together they make an arrow, the **gradient** (기울기), at every pixel. (In training it was the slope of the loss over the *weights*. Here it is the slope of the brightness over the *place*.)

$$\text{magnitude (크기)}=\sqrt{g_x^2+g_y^2}\qquad\text{angle (각도)}=\operatorname{atan2}(g_y,\,g_x)$$

- The arrow points to where it gets **brighter**: *across* the edge, not along it.
- Rows are counted downwards. So an angle of +90° points **down**.
- Why atan2 and not the arctangent of $g_y/g_x$? The quotient forgets both signs: it cannot tell right from left, and it fails where $g_x=0$.
"""


# %% exercise="edge_strength" stars=2 objective="gradient" minutes=7
def edge_strength(image):
    """Strength and direction of the edges (경계) in an image, by Sobel.

    image: shape (H, W), float32 or float64.
    Returns `(magnitude, angle)`, both of shape (H−2, W−2), dtype and device as the image's:
    magnitude = √(gx² + gy²); angle = atan2(gy, gx) in radians, −π to π.
    gx and gy are the 'valid' cross-correlations with Sobel X and Sobel Y. F.conv2d is allowed.

    edge_strength(tensor([[0., 0., 0.], [0.5, 0., 0.], [0., 0., 4.]]))
    →  (tensor([[5.]]), tensor([[0.9273]]))
    #   gx = 2·0 + 4 − 2·0.5 = 3     gy = 4     √(9 + 16) = 5     atan2(4, 3) = 0.9273, or 53°
    """
    ### BEGIN SOLUTION
    sobel_x = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]).to(image)
    both = torch.stack([sobel_x, sobel_x.T])[:, None]  # two filters: (2, 1, 3, 3)
    gx, gy = F.conv2d(image[None, None], both)[0]
    return torch.sqrt(gx**2 + gy**2), torch.atan2(gy, gx)
    ### END SOLUTION


# %% hints="edge_strength"
r"""
On the example's 3×3 image: which three pixels enter gx with a plus, and which with a minus? And gy?

Make the two kernels, and make them follow the image in dtype and device. Convolve the image with each. Then two lines: the length of the arrow, and its angle with `torch.atan2`, whose first argument is gy.

`sobel_x = image.new_tensor([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])`, then `gx = F.conv2d(image[None, None], sobel_x[None, None])[0, 0]`, the same with `sobel_x.T` for gy, and `return torch.sqrt(gx**2 + gy**2), torch.atan2(gy, gx)`.
"""

# %% idea="edge_strength"
r"""
The two kernels are stacked to a layer of two filters, so that one convolution gives both maps.
Then every pixel has an arrow (gx, gy): Pythagoras gives its length, and `atan2` its angle in the right one of the four quarters.
`.to(image)` copies dtype and device from the image.
"""

# %% check="edge_strength" points=5

# %%
if ready(edge_strength):
    magnitude, angle = edge_strength(china)
    fig, axes = plots.canvas(9.2, 2.7, columns=3, width_ratios=[1, 1, 1])
    plots.picture(axes[0], china, "the photograph")
    axes[0].set_xlabel(data.credit("china"))
    plots.picture(axes[1], magnitude, "magnitude: how strong", high=magnitude.quantile(0.99))
    arrows(axes[2], china, magnitude, angle, corner=(16, 70), size=26)
    plots.show(
        fig,
        alt="The temple; its edge strengths, white lines along the roofs' rims on black; and a "
        "piece of 26 by 26 pixels with arrows, which stand at right angles to a roof's dark rim, "
        "the long ones pointing to the bright sky, the short ones to the grey tiles.",
    )

# %% [markdown]
r"""
Every edge is there now, whichever way it runs. The arrows stand *across* the edges, and point to the brighter side.

And what does Sobel have for its slightly noisier answer? A **direction** that is right. Test it on an edge whose direction we know: a soft, round spot.
"""

# %%
place = torch.arange(-20.0, 21.0)
right, down = place[None, :], place[:, None]
distance = torch.sqrt(right**2 + down**2)
spot = torch.sigmoid(10 - distance)  # bright inside, 10 pixels in radius
true_angle = torch.atan2(-down, -right).expand(41, 41)[1:-1, 1:-1]  # to the middle: brighter
rim = (distance[1:-1, 1:-1] - 10).abs() < 2
for name, weights in {"Prewitt": [1.0, 1.0, 1.0], "Sobel": [1.0, 2.0, 1.0]}.items():
    across = torch.tensor([weights]).T @ DIFFERENCE
    found = torch.atan2(filtered(spot, across.T), filtered(spot, across))
    off = torch.remainder(found - true_angle + math.pi, 2 * math.pi) - math.pi
    print(f"{name:8} largest error of the angle on the rim: {off[rim].abs().max().rad2deg():.2f}°")

# %% [markdown]
r"""
Sobel's double weight in the middle brings its arrows about twice as close to the truth.

Walk over the photograph. Where does the arrow stand still when you raise the smoothing (평활화), and where does it turn around?
"""

# %%
plots.show(
    widgets.gradient_explorer_figure(camera, 40, 60, 0.0),
    alt=widgets.gradient_explorer_text(camera, 40, 60, 0.0),
)

# %%
explorer = widgets.gradient_explorer(camera)
explorer.go(40, 60)  # where the picture above stands
display(explorer)

# %% [markdown]
r"""
### Without a direction: the Laplacian

Sobel needs two maps because a change has a direction. The **Laplacian** needs one.
It asks how much a pixel differs from its four neighbours: the *change of the change*, the second derivative in both directions added up.
"""

# %%
ramp = torch.tensor([0.0, 0, 0, 0, 1, 3, 4, 4, 4, 4])
first = F.conv1d(ramp[None, None], torch.tensor([[[-1.0, 0.0, 1.0]]]))[0, 0]
second = F.conv1d(ramp[None, None], torch.tensor([[[-1.0, 2.0, -1.0]]]))[0, 0]
fig, axes = plots.canvas(9.2, 2.1, columns=3)
plots.stems(axes[0], ramp, "brightness: a soft edge")
plots.stems(axes[1], first, "[−1, 0, 1]: one hill", start=1)
plots.stems(axes[2], second, "[−1, 2, −1]: down, then up", start=1)
plots.show(
    fig,
    alt="Brightness 0, 0, 0, 0, 1, 3, 4, 4, 4, 4. Its first difference is one hill, 1, 3, 3, 1, around "
    "the edge. Its second difference is −1, −1 before the edge's middle and 1, 1 after it.",
)

# %% [markdown]
r"""
The first difference makes a hill on the edge. The second changes its **sign** in the edge's middle: that is why the Laplacian draws every edge as a double line, dark and bright.

A sign to be careful with. In a textbook the Laplacian ∇² has −4 in the middle. Ours has +4, so it is **−∇²**. Test it on a bowl, $x^2+y^2$, whose ∇² is 2 + 2 = 4 everywhere:
"""

# %%
LAPLACIAN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 4.0, -1.0], [0.0, -1.0, 0.0]])
bowl = right**2 + down**2
print("our Laplacian of the bowl:", filtered(bowl, LAPLACIAN).unique().tolist())

# %% [markdown]
r"""
With +4 a pixel brighter than its neighbours gives a *positive* answer. That is handy in part 5.

## 3 · Blur, in two cheap passes

To fight noise, take a mean over the neighbours. But which mean?
The farther off a pixel is, the less it should count. The **Gaussian** (가우시안) makes that exact: at distance x from the middle it gives the weight

$$w(x)\;\propto\;\exp\!\left(-\frac{x^2}{2\sigma^2}\right)$$

σ (sigma) is its width in pixels. The sign ∝ says that a factor is missing: the weights must still be divided by their sum, so that they add up to 1.
"""


# %% exercise="gaussian_weights" stars=1 objective="separable" minutes=4
def gaussian_weights(K, sigma):
    """The weights of a Gaussian (가우시안) along one line, which add up to 1.

    K: odd whole number, how many weights; sigma: width σ in pixels, above 0.
    Returns shape (K,), float64: w[i] ∝ exp(−x²/(2σ²)), where x = i − (K−1)/2
    is the distance from the middle in pixels.

    gaussian_weights(3, 1.0)  →  tensor([0.2741, 0.4519, 0.2741], dtype=torch.float64)
    #   exp(−1/2) = 0.6065 beside 1;   0.6065 / (0.6065 + 1 + 0.6065) = 0.2741
    """
    ### BEGIN SOLUTION
    x = torch.arange(K, dtype=torch.float64) - (K - 1) / 2
    weights = torch.exp(-(x**2) / (2 * sigma**2))
    return weights / weights.sum()
    ### END SOLUTION


# %% hints="gaussian_weights"
r"""
With K = 5, how far from the middle are the five places? Write the five x down.

Make the row of x with `torch.arange` in float64, put it through the formula, and divide by the sum of the whole row.

`x = torch.arange(K, dtype=torch.float64) - (K - 1) / 2`, then `weights = torch.exp(-(x**2) / (2 * sigma**2))` and `weights / weights.sum()`.
"""

# %% idea="gaussian_weights"
r"""
`arange` minus its middle gives the distances: for K = 5 they are −2, −1, 0, 1, 2.
The factor that makes the sum 1 is not looked up in a formula: dividing by the sum is exact for every K, while the formula's factor is only right for an endless row.
"""

# %% check="gaussian_weights" points=3

# %%
if ready(gaussian_weights):
    fig, axes = plots.canvas(9.2, 2.1, columns=3)
    for ax, (K, sigma) in zip(axes, [(3, 0.85), (7, 0.85), (7, 2.0)], strict=True):
        plots.stems(ax, gaussian_weights(K, sigma), f"K = {K}, σ = {sigma}", -(K // 2), "{:.2f}")
        ax.set_xlabel("x, in pixels")
    plots.show(
        fig,
        alt="Three rows of weights. K 3, σ 0.85: 0.25, 0.50, 0.25. K 7, σ 0.85: the same bell, its "
        "ends nearly 0. K 7, σ 2: a broad bell that is cut off at its ends.",
    )

# %% [markdown]
r"""
With σ = 0.85 three weights are ¼, ½, ¼: the Gaussian of part 1 is that row times that column. And if σ is large, K must grow with it, or the bell is cut off: about 6σ is enough.

### The trick

In two dimensions the weight depends on the distance $\sqrt{x^2+y^2}$, and

$$\exp\!\left(-\frac{x^2+y^2}{2\sigma^2}\right)=\exp\!\left(-\frac{x^2}{2\sigma^2}\right)\cdot\exp\!\left(-\frac{y^2}{2\sigma^2}\right)$$

A product of a row and a column! So in the sum over a K×K window the factor $w_m$ can wait outside the inner sum:

$$\sum_m\sum_n w_m\,w_n\,I(i+m,\,j+n)=\sum_m w_m\Bigl(\sum_n w_n\,I(i+m,\,j+n)\Bigr)$$

The bracket is a pass along the rows; what stands outside is a second pass, down the columns of the result.
Such a kernel is called **separable** (분리 가능).

**Guess:** a Gaussian with 31×31 weights takes 961 multiplications for every pixel. How many do the two passes take?
"""

# %%
column, row = torch.tensor([[1.0], [2.0], [1.0]]), torch.tensor([[1.0, 2.0, 1.0]])
plots.show(
    plots.matrices({"down": column, "across": row, "product: 16 × Gaussian": column @ row}),
    alt="The column 1, 2, 1 times the row 1, 2, 1 is the 3×3 matrix 1, 2, 1; 2, 4, 2; 1, 2, 1: "
    "sixteen times the Gaussian kernel.",
)


# %% exercise="blur_separable" stars=2 objective="separable" minutes=6
def blur_separable(image, weights):
    """Two one-dimensional passes in place of one K×K kernel (분리 가능 필터).

    image: shape (H, W); weights: shape (K,), K ≤ H and K ≤ W, dtype and device as the image's.
    Returns shape (H−K+1, W−K+1), equal to the 'valid' cross-correlation of the image with
    the kernel torch.outer(weights, weights), which is never made.
    F.conv2d is allowed, with a 1×K and a K×1 kernel. Do not multiply weights with weights.

    blur_separable(tensor([[1., 2., 3.], [4., 5., 6.]]), tensor([1., 10.]))
    →  tensor([[561., 682.]])
    #   along the rows: [21, 32] and [54, 65];   then down: 21 + 10·54 = 561, 32 + 10·65 = 682
    """
    ### BEGIN SOLUTION
    K = len(weights)
    across = F.conv2d(image[None, None], weights.reshape(1, 1, 1, K))  # (1, 1, H, W−K+1)
    return F.conv2d(across, weights.reshape(1, 1, K, 1))[0, 0]
    ### END SOLUTION


# %% hints="blur_separable"
r"""
Lay a 1×K kernel on an image of (H, W): what shape comes out? And when a K×1 kernel meets *that*?

The second pass works on the result of the first one, not on the image. A row of K weights is a kernel of shape (1, 1, 1, K) for `F.conv2d`, a column one of shape (1, 1, K, 1).

`across = F.conv2d(image[None, None], weights.reshape(1, 1, 1, -1))`, and then the same once more with `across` and `weights.reshape(1, 1, -1, 1)`. Take `[0, 0]` at the end.
"""

# %% idea="blur_separable"
r"""
The same weights are laid down twice: first as a row, which shrinks the width, then as a column, which shrinks the height.
The weight of a pixel at (m, n) in the window becomes `weights[m] * weights[n]`, although that product is never computed.
That is K + K multiplications for a pixel in place of K·K.
"""

# %% check="blur_separable" points=4

# %% [markdown]
r"""
(One check tries weights as large as $2^{520}$. A float64 holds such a number, but not the product of two of them: so it can see who multiplies weights with each other.)

Is it worth the trouble? Measure, with 31 weights:
"""

# %%
if ready(gaussian_weights, blur_separable):
    large = data.photo("china")
    bell = gaussian_weights(31, 5.0).float()
    moments, results = {}, {}
    for name, work in {
        "one 31×31 kernel": lambda: filtered(large, torch.outer(bell, bell)),
        "two passes of 31": lambda: blur_separable(large, bell),
    }.items():
        work()  # once to warm up
        began = time.perf_counter()
        results[name] = work()
        moments[name] = time.perf_counter() - began
        print(f"{name}: {1000 * moments[name]:6.1f} ms")
    one, two = results.values()
    print(f"largest difference {(one - two).abs().max():.1e}: rounding only")
    fig, axes = plots.canvas(7.6, 2.8, columns=2)
    plots.picture(axes[0], large, "the photograph, 427 × 640")
    axes[0].set_xlabel(data.credit("china"))
    plots.picture(axes[1], two, "after two passes of 31, σ = 5")
    plots.show(
        fig, alt="The temple, and the same picture so blurred that only its masses are left."
    )

# %% [markdown]
r"""
62 multiplications in place of 961, a fifteenth. The time is not a fifteenth, because there is more to do than products: pixels must be fetched, and results written. But it is a good deal less.

Which of the seven kernels can be split like this? Exactly those that are one column times one row. In the language of matrices: those of **rank** (랭크, 행렬의 계수) 1.
"""

# %%
if ready(seven_kernels):
    for name, kernel in seven_kernels().items():
        rank = int(torch.linalg.matrix_rank(kernel))
        print(f"{name:10} rank {rank}{': one row times one column' if rank == 1 else ''}")

# %% [markdown]
r"""
### 3×3 and 5×5

A larger window sees farther. There is a cheap way to one: use a small kernel **twice**.
Blur with [1, 2, 1]/4 twice along a line, and one pixel has spread over five:
"""

# %%
once = torch.tensor([[0.0, 0.0, 1.0, 2.0, 1.0, 0.0, 0.0]])
twice = filtered(once, torch.tensor([[1.0, 2.0, 1.0]]))
print("[1, 2, 1] blurred with [1, 2, 1]:", twice[0].tolist(), "/ 16")
five = torch.outer(twice[0], twice[0]) / 256
three = torch.tensor([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]) / 16
print("two 3×3 Gaussians against that 5×5:", end=" ")
print(
    f"{(filtered(filtered(camera, three), three) - filtered(camera, five)).abs().max():.0e} apart"
)

# %%
grainy = (camera + 0.1 * torch.randn(camera.shape, generator=draw)).clamp(0, 1)
views = {
    "with noise": grainy,
    "Gaussian 3×3": filtered(grainy, three),
    "Gaussian 5×5": filtered(grainy, five),
}
fig, axes = plots.canvas(9.2, 5.6, columns=3, rows=2)
for column_of_axes, (name, image) in zip(axes.T, views.items(), strict=True):
    plots.picture(column_of_axes[0], image, name)
    edges = torch.hypot(
        filtered(image, SMOOTH @ DIFFERENCE), filtered(image, DIFFERENCE.T @ SMOOTH.T)
    )
    plots.picture(column_of_axes[1], edges, "its edges", high=2.5)
plots.show(
    fig,
    alt="Upper row: the photographer with noise, after a 3×3 Gaussian, after a 5×5 Gaussian. Lower "
    "row, their edge strengths: bright lines among grains; then fewer grains; then hardly any, but "
    "fainter, thicker lines.",
)

# %% [markdown]
r"""
That is the bargain of every blur: the larger the window, the less noise, and the less detail. The grain fades faster than the edges, so they are easier to tell from it; but they get wider, and harder to place.

Two 3×3 kernels see as much as one 5×5 and cost 18 multiplications in place of 25. Lesson 05 will meet a famous net that is built on this.
"""

# %% [markdown]
r"""
## 4 · Brightness and bytes

So far brightness ran from 0 to 1. A photograph in a file has a **byte** (바이트) for each pixel: whole numbers from 0 to 255, in torch `uint8`.

Somebody sharpens such a photograph the short way, five times the pixel minus its four neighbours, all in bytes.
**Guess** what goes wrong before you run the cell.
"""

# %%
chelsea = (data.photo("chelsea", size=150) * 255).round().to(torch.uint8)
middle = chelsea[1:-1, 1:-1]
four = chelsea[:-2, 1:-1] + chelsea[2:, 1:-1] + chelsea[1:-1, :-2] + chelsea[1:-1, 2:]
fig, axes = plots.canvas(7.6, 2.9, columns=2)
plots.picture(axes[0], chelsea, "a photograph in bytes", high=255)
axes[0].set_xlabel(data.credit("chelsea"))
plots.picture(axes[1], 5 * middle - four, "“sharpened”, in bytes", high=255)
plots.show(
    fig,
    alt="A cat. Beside it the picture sharpened in bytes: white specks in its black pupils and nose, "
    "and black and white specks all over the fur.",
)
print("250 + 10 =", (torch.tensor([250], dtype=torch.uint8) + 10).item())
print(" 10 − 20 =", (torch.tensor([10], dtype=torch.uint8) - 20).item())

# %% [markdown]
r"""
A byte that runs over 255 overflows (오버플로): it starts again at 0, without a word of warning. It **wraps around** (랩어라운드), and white turns black. Below 0 it goes on at 255, and black turns white: look at the pupils.

The right way has three steps, in this order:

1. to float (실수), before any arithmetic;
2. the filter;
3. round (반올림), **clip** (클리핑) to 0…255, and only then back to bytes.

How far can a filter leave the range? You can read it off the kernel.
If all pixels under the plus signs are 1 and all under the minus signs 0, the answer is the sum of the positive weights: there is no higher one. The lowest is the sum of the negative ones.
And on an evenly grey wall every pixel is multiplied by the **sum** of all weights.
"""

# %%
if ready(seven_kernels):
    print(f"{'':10} sum   possible range   on the photograph    mean: predicted, measured")
    for name, kernel in seven_kernels().items():
        out, total = filtered(camera, kernel), kernel.sum()
        least, most = kernel.clamp(max=0).sum(), kernel.clamp(min=0).sum()
        print(
            f"{name:10} {total:3.0f}   {least:5.1f} to {most:4.1f}   "
            f"{out.min():8.2f} to {out.max():4.2f}   "
            f"{total * camera.mean():13.3f}, {out.mean():9.3f}"
        )
print(f"(mean of the photograph: {camera.mean():.3f})")

# %% [markdown]
r"""
Read the columns. (The predicted and the measured mean differ a little, because pixels at the border lie in fewer windows than the others.)

- **The sum is 1** (Gaussian, sharpen, emboss): the mean brightness stays. The result is a picture.
- **The sum is 0** (Sobel, Prewitt, Laplacian): an even wall gives 0. The result is a map of changes with both signs. To look at it, put 0 at mid-grey, as the maps in this notebook do, or take the magnitude.
- **The range** says what must be clipped. The Gaussian never leaves 0 to 1. The sharpen kernel may reach −4 or 5.

**Clipping** throws information away for good: all that was brighter than white is now equally white. So clip once, at the end.
On the way it does harm. Take a pixel of 60 among four of 50: sharpened it is 5·60 − 200 = 100. If 5·60 = 300 is clipped to 255 first, only 55 is left.
"""


# %% exercise="sharpen_photo" stars=2 objective="range" minutes=6
def sharpen_photo(photo):
    """Sharpen a photograph in bytes (바이트), and give bytes back.

    photo: shape (H, W), uint8, 0 (black) to 255 (white).
    Returns shape (H−2, W−2), uint8, on the photo's device: the 'valid' cross-correlation with
    [[0, −1, 0], [−1, 5, −1], [0, −1, 0]], rounded (반올림), and clipped (클리핑) to 0…255.
    F.conv2d is allowed.

    sharpen_photo(tensor([[10, 10, 10], [10, 50, 10], [10, 10, 10]], dtype=torch.uint8))
    →  tensor([[210]], dtype=torch.uint8)
    #   5·50 − 10 − 10 − 10 − 10 = 210.   With 70 in the middle: 310, clipped to 255
    """
    ### BEGIN SOLUTION
    x = photo.float()
    kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    sharp = F.conv2d(x[None, None], kernel[None, None])[0, 0]
    return sharp.round().clamp(0, 255).to(torch.uint8)
    ### END SOLUTION


# %% hints="sharpen_photo"
r"""
What are 5·70 and 10 − 20 in a byte? At which moment must the photograph stop being bytes, and when may it become bytes again?

Make it float first; convolve; round; clip with `clamp`; then `.to(torch.uint8)`, which cuts decimals off, and promises nothing for a float outside 0…255: one machine wraps it around, another does not. The kernel must be float, too, and live where the photo lives.

`x = photo.float()`, `kernel = x.new_tensor([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])`, and at the end `sharp.round().clamp(0, 255).to(torch.uint8)`.
"""

# %% idea="sharpen_photo"
r"""
All arithmetic is done on floats, where −10 and 870 are ordinary numbers.
Clipping comes before the return to bytes, because nobody promises what becomes of a float outside 0…255.
So does rounding, because that return cuts decimals off. (With this kernel all answers are whole; with the Gaussian they are not.)
The kernel is made by `x.new_tensor`, so that it is float and lives where the photo lives.
"""

# %% check="sharpen_photo" points=4

# %%
if ready(sharpen_photo):
    sharp = sharpen_photo(chelsea)
    clipped = ((sharp == 0) | (sharp == 255)).float().mean()
    fig, axes = plots.canvas(7.6, 2.9, columns=2)
    plots.picture(axes[0], chelsea, "a photograph in bytes", high=255)
    axes[0].set_xlabel(data.credit("chelsea"))
    plots.picture(axes[1], sharp, f"sharpened, {clipped:.1%} at 0 or 255", high=255)
    plots.show(fig, alt="The cat, and the same cat sharpened: whiskers and fur stand out crisply.")

# %% [markdown]
r"""
## 5 · Sharpening is a blur, taken away

Long before computers, photographers sharpened with a *blurred* copy, the unsharp mask.
It sounds like a joke, and it is simple arithmetic:

- the blurred copy has lost the detail;
- photograph − blurred copy = **the detail**;
- photograph + amount × detail = a sharper photograph.

$$y = x + \text{amount}\cdot\bigl(x-\text{blur}(x)\bigr)$$

This is **unsharp masking** (언샤프 마스킹). Look at its pieces, with the plainest of blurs: the mean of five pixels in the shape of a plus, which are the pixel itself and its four neighbours.
Each of the five counts ⅕.
"""

# %%
PLUS = torch.tensor([[0.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]]) / 5
cat = data.photo("chelsea", size=150)[20:110, 60:170]
inner, soft = cat[1:-1, 1:-1], filtered(cat, PLUS)
fig, axes = plots.canvas(9.2, 2.3, columns=4)
plots.picture(axes[0], inner, "x")
axes[0].set_xlabel(data.credit("chelsea"))
plots.picture(axes[1], soft, "blur(x)")
plots.feature_map(axes[2], inner - soft, "x − blur(x): the detail")
plots.picture(axes[3], inner + 5 * (inner - soft), "x + 5 · detail")
plots.show(
    fig,
    alt="The cat's face; its blurred copy; their difference, fine lines of fur and whiskers on grey; "
    "and the photograph plus five times the difference, much crisper.",
)


# %% exercise="unsharp_mask" stars=2 objective="sharpening" minutes=5
def unsharp_mask(image, amount):
    """Unsharp masking (언샤프 마스킹) with the plus-shaped mean blur.

    image: shape (H, W), float; amount: a number, 0 changes nothing.
    Returns shape (H−2, W−2), the inner pixels only, dtype and device as the image's:
    x + amount · (x − mean), where mean is that of x and the four pixels beside, above and below.
    Nothing is clipped.

    unsharp_mask(tensor([[0., 0., 0.], [0., 10., 5.], [0., 0., 0.]]), 2.0)  →  tensor([[24.]])
    #   mean = (10 + 0 + 0 + 0 + 5)/5 = 3      10 + 2·(10 − 3) = 24
    """
    ### BEGIN SOLUTION
    inner = image[1:-1, 1:-1]
    beside = image[1:-1, :-2] + image[1:-1, 2:]
    above_and_below = image[:-2, 1:-1] + image[2:, 1:-1]
    mean = (inner + beside + above_and_below) / 5
    return inner + amount * (inner - mean)
    ### END SOLUTION


# %% hints="unsharp_mask"
r"""
Which five pixels enter the mean of the pixel in row 1, column 1? Which slice of the image holds all the pixels that have four neighbours?

The inner pixels are `image[1:-1, 1:-1]`. Their left neighbours are a slice of the same shape, moved by one column; so are the right ones, the upper and the lower ones. Or convolve with a plus of five times 1/5.

`left = image[1:-1, :-2]`, `right = image[1:-1, 2:]`, `above = image[:-2, 1:-1]`, `below = image[2:, 1:-1]`. The mean is the sum of these four and `inner`, over 5; then `inner + amount * (inner - mean)`.
"""

# %% idea="unsharp_mask"
r"""
Four shifted slices are the four neighbours of all inner pixels at once, so no kernel has to be made.
The detail is what the mean takes away; `amount` decides how much of it is added on top.
"""

# %% check="unsharp_mask" points=4

# %% [markdown]
r"""
With amount 5 you have seen this before. Write the three pieces as kernels: *x* is the identity, and the blur is the plus of five times ⅕.
"""

# %%
pieces = {
    "identity": IDENTITY,
    "identity − plus": IDENTITY - PLUS,
    "times 5: Laplacian": 5 * (IDENTITY - PLUS),
    "plus identity: sharpen": IDENTITY + 5 * (IDENTITY - PLUS),
}
plots.show(
    plots.matrices({name: short(kernel) for name, kernel in pieces.items()}),
    alt="The identity; identity minus plus: 0.8 in the middle, −0.2 beside; times 5, that is the "
    "Laplacian with 4 and −1; plus the identity, that is the sharpen kernel with 5 and −1.",
)

# %% [markdown]
r"""
So **sharpen = identity + Laplacian = unsharp mask with the plus, amount 5**. That is why the +4 in the middle was handy.

You will read that "the sharpen kernel is an unsharp mask with a Gaussian". Is it? Try every amount:
"""


# %%
SHARPEN = torch.tensor([[0.0, -1.0, 0.0], [-1.0, 5.0, -1.0], [0.0, -1.0, 0.0]])


def with_gaussian(amount):
    return IDENTITY + amount * (IDENTITY - three)


amounts = torch.arange(0.0, 12.0, 0.01)
gaps = torch.stack([(with_gaussian(a) - SHARPEN).abs().max() for a in amounts])
best = amounts[gaps.argmin()]
print(f"closest with amount {best:.2f}: still {gaps.min():.2f} apart in one of the nine weights")
plots.show(
    plots.matrices({"with the Gaussian": short(with_gaussian(best)), "sharpen": SHARPEN}),
    alt="The closest unsharp mask with a Gaussian has 5 in its middle, −0.67 beside it "
    "and −0.33 in its corners; the sharpen kernel has 5, −1 and 0.",
)

# %% [markdown]
r"""
It is not. A Gaussian has weight in the corners, so its mask has minus signs there; the sharpen kernel has zeros. No amount mends that.

Sharpening has its price, and you can predict both parts of it.
"""

# %%
if ready(unsharp_mask):
    fig, (left, right_axis) = plots.canvas(9.2, 2.6, columns=2, width_ratios=[1.5, 1])
    row_of_steps = torch.tensor([0.2] * 7 + [0.5] + [0.8] * 7).expand(3, 15)
    for amount, marks in ((0, "s-"), (1, "o--"), (3, "^:")):
        values = unsharp_mask(row_of_steps, amount)[0]
        left.plot(range(1, 14), values, marks, label=f"amount {amount}", markersize=4)
    left.set(title="a soft edge gets rims: darker, then brighter", xlabel="column")
    left.set_ylabel("brightness")
    left.legend(loc="upper left")
    grains = torch.randn(300, 300, generator=draw)
    spreads = [unsharp_mask(grains, amount).std() for amount in (0, 1, 3, 5)]
    plots.stems(right_axis, spreads, "noise grows (times)", form="{:.2f}")
    right_axis.set_xticks(range(4), ["0", "1", "3", "5"])
    right_axis.set_xlabel("amount")
    plots.show(
        fig,
        alt="Left: an edge from 0.2 to 0.8; with amount 1 and 3 it falls below 0.2 before the edge and "
        "rises above 0.8 after it. Right: the noise grows with the amount, "
        + ", ".join(f"{spread:.2f}" for spread in spreads)
        + " times for amounts 0, 1, 3, 5.",
    )

# %% [markdown]
r"""
**Rims** along every edge (the eye takes them for sharpness), and **noise**. For grains that know nothing of each other, the noise grows by the square root of the sum of the squared weights: for the sharpen kernel √(25 + 4) = 5.39.

And sharpening brings no lost detail back. It makes louder what is there.

## 6 · Filter, layer, network

Three words that are often mixed up, and a fourth.
"""

# %%
plots.show(
    nested(),
    alt="Four nested frames. The outermost is a network; inside it stand several layers; one layer "
    "is opened and holds several filters; one filter is opened and holds three kernels of 3×3 weights, "
    "one for each channel that comes in.",
)

# %% [markdown]
r"""
```
network                 image → answer
├── layer               16 channels → 32 maps
│   ├── filter          16 channels → 1 map        weights (16, 3, 3), one bias
│   │   ├── kernel      1 channel → 1 map          weights (3, 3)
│   │   ├── kernel      … one for each of the 16 channels
│   │   └── …
│   ├── filter          … one for each of the 32 maps
│   └── …
├── layer
└── …
```

| word | definition | role | contained in |
|---|---|---|---|
| kernel (커널) | K×K weights, one sheet | matches one pattern in one channel | a filter |
| filter (필터) | one kernel for each channel that comes in, their maps added up, and one bias | looks for one feature (특징), makes one map | a layer |
| layer (레이어, 층) | many filters side by side, usually with an activation (활성화 함수), such as ReLU, behind them: lesson 04 | turns a stack of maps into a new one | a network |
| network (신경망, 네트워크) | layers one behind the other | turns a picture into an answer | – |

With one grey channel, kernel and filter are the same thing: that is why people say either. With colours the difference shows.

A colour photograph has three channels. To *blur* or *sharpen* it you want three channels back: the same kernel goes over **each channel by itself**. A filter of a layer would add the three maps up to one.
"""


# %% exercise="filter_colour" stars=2 objective="layer" minutes=4
def filter_colour(image, kernel):
    """One kernel over each channel (채널) of a colour picture by itself.

    image: shape (3, H, W), red, green and blue; kernel: (K_h, K_w), dtype and device as the image's.
    Returns shape (3, H−K_h+1, W−K_w+1): channel c is the 'valid' cross-correlation
    of image[c] with the kernel. Nothing is added up over the channels, nothing is clipped.
    F.conv2d is allowed.

    image = tensor([[[1., 2., 3.]], [[0., 1., 0.]], [[9., 9., 9.]]])     # 3 channels, 1×3 pixels
    filter_colour(image, tensor([[1., 2.]]))
    →  tensor([[[5., 8.]], [[2., 1.]], [[27., 27.]]])
    """
    ### BEGIN SOLUTION
    return F.conv2d(image[:, None], kernel[None, None])[:, 0]
    ### END SOLUTION


# %% hints="filter_colour"
r"""
`F.conv2d` adds up over channels, but never over the pictures of a batch. Which of the two should red, green and blue be?

Either go over the channels in a loop and stack the three maps, or pretend that the picture is a batch of three grey pictures, (3, 1, H, W), and drop that axis again afterwards.

`image[:, None]` has the shape (3, 1, H, W). After `F.conv2d(…, kernel[None, None])` take `[:, 0]`.
"""

# %% idea="filter_colour"
r"""
Red, green and blue are handed over as a batch of three grey pictures, which a convolution never mixes.
One call does all three, and the axis that was put in is taken out again.
"""

# %% check="filter_colour" points=3

# %%
if ready(filter_colour):
    flower = data.photo("flower", size=150, colour=True)
    summed = F.conv2d(flower[None], SHARPEN.expand(1, 3, 3, 3))[0, 0]
    fig, axes = plots.canvas(9.2, 2.4, columns=4)
    plots.picture(axes[0], flower, "a colour photograph")
    axes[0].set_xlabel(data.credit("flower"))
    plots.picture(axes[1], filter_colour(flower, five).clamp(0, 1), "Gaussian 5×5, by channel")
    plots.picture(axes[2], filter_colour(flower, SHARPEN).clamp(0, 1), "sharpen, by channel")
    plots.picture(axes[3], summed / 3, "one filter: a single map")
    plots.show(
        fig,
        alt="A flower in colour; blurred in colour; sharpened in colour; and the map of one filter "
        "that adds its three channels up: grey.",
    )

# %% [markdown]
r"""
And now a layer that you know by heart: seven filters for one grey channel, with your seven kernels as weights.
In part 1 it took seven convolutions to see the seven maps. A layer does it in one call.

A layer is made with random weights; yours must go in their place. Three ways that fail:

- `layer.weights = …` gives the layer a new attribute that nobody reads. Its weights are called `weight`.
- `layer.weight = tensor` raises a TypeError: a parameter (매개변수) gives its place to another `nn.Parameter` only.
- `layer.weight.copy_(tensor)` alone raises a RuntimeError: autograd watches the weights. Inside `torch.no_grad()` it looks away.
"""


# %% exercise="seven_filter_layer" stars=2 objective="layer" minutes=5
def seven_filter_layer():
    """A convolutional layer (합성곱층) whose weights are the seven kernels.

    Returns an nn.Conv2d for 1 channel in and 7 maps out, 3×3, without bias and without padding.
    Its weight has shape (7, 1, 3, 3): the kernels of seven_kernels(), in their order.
    Whether the weights may still be trained is left to you.

    layer = seven_filter_layer()
    layer(torch.zeros(2, 1, 10, 8)).shape  →  torch.Size([2, 7, 8, 6])
    layer.weight[4, 0]                     →  the Gaussian
    """
    ### BEGIN SOLUTION
    layer = nn.Conv2d(1, 7, kernel_size=3, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.stack(list(seven_kernels().values()))[:, None])
    return layer
    ### END SOLUTION


# %% hints="seven_filter_layer"
r"""
`nn.Conv2d(1, 7, kernel_size=3, bias=False)` is made with random weights. What shape have they, and what does each of the four numbers mean?

Stack the seven kernels to (7, 3, 3) and put in the axis for the one channel. Then write them over the layer's weights, inside `torch.no_grad()`, because torch does not let you change trained weights by hand otherwise.

`weights = torch.stack(list(seven_kernels().values()))[:, None]`, and `with torch.no_grad(): layer.weight.copy_(weights)`.
"""

# %% idea="seven_filter_layer"
r"""
The layer is an ordinary one; only its weights are ours.
`stack` makes (7, 3, 3), `[:, None]` puts in the axis of the one channel, and `copy_` writes into the weights without replacing them, so that they stay the layer's parameters.
"""

# %% check="seven_filter_layer" points=4

# %%
if ready(seven_filter_layer):
    layer = seven_filter_layer()
    maps = layer(camera[None, None])
    print(layer, "turns", tuple(camera[None, None].shape), "into", tuple(maps.shape))

# %% [markdown]
r"""
In a trained net the first layer is just that, with weights that nobody chose.

### From edges to parts to objects

A filter of layer 2 does not see pixels. It sees the *maps* of layer 1: edges. So it can ask for edges that belong together, a corner or a bow: a part (부분). Layer 3 combines parts into objects (객체).

That is what is always said. Can we see it? Train a net of three layers on the digits. Then ask each filter: which places in digits that you have never seen excite you most?
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")


def three_layers():
    return nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(),
        nn.Conv2d(8, 12, 3), nn.ReLU(),
        nn.Conv2d(12, 16, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(64, 10),
    )  # fmt: skip


torch.manual_seed(0)
untrained, net = three_layers(), three_layers()
training.train(net, (images, labels), epochs=10, batch_size=128, lr=1e-2)
print(f"test accuracy {training.accuracy(net, test_images, test_labels):.1%}")


# %%
@torch.no_grad()
def most_exciting(layers, size, count):
    """For each filter at the end of these layers the `count` patches that excite it most.

    At most one patch a digit; a filter that answers nothing but 0 is left out.
    Returns patches (F, count, size, size), their digits (F, count).
    """
    answers = layers(test_images)  # (N, F, H, W)
    answers = answers[:, answers.amax(dim=(0, 2, 3)) > 0]
    strength, place = answers.flatten(2).max(dim=2)
    best = strength.topk(count, dim=0).indices.T  # (F, count)
    rows, columns = place // answers.shape[3], place % answers.shape[3]
    patches = [
        test_images[n, 0, rows[n, f] : rows[n, f] + size, columns[n, f] : columns[n, f] + size]
        for f, chosen in enumerate(best)
        for n in chosen
    ]
    return torch.stack(patches).reshape(*best.shape, size, size), test_labels[best]


def of_one_kind(digits):
    """The share of a filter's patches that lie in its favourite digit, on average over filters."""
    return sum((row == row.mode().values).float().mean() for row in digits) / len(digits)


shown, shares = {}, {}
for depth, size in ((1, 3), (2, 5), (3, 7)):
    patches, digits = most_exciting(net[: 2 * depth], size, 20)
    _, before = most_exciting(untrained[: 2 * depth], size, 20)
    shown[f"layer {depth}: {size}×{size}"] = patches[:6, :4]
    shares[depth] = of_one_kind(digits), of_one_kind(before)
    print(f"layer {depth}, {size}×{size} pixels: {shares[depth][0]:.0%} in one digit, ", end="")
    print(f"before training {shares[depth][1]:.0%}")
plots.show(
    strongest_patches(shown),
    alt="For six filters of each of three layers the four patches that excite them most. Layer 1: "
    "bits of edges, 3 by 3 pixels. Layer 2: corners, ends and bows, 5 by 5. Layer 3: almost whole "
    "digits, 7 by 7, the four of a filter mostly the same digit.",
)

# %% [markdown]
r"""
Layer 1 is excited by bits of ink and edge, and those are in every digit. Layer 2 likes corners, ends and bows. Layer 3 sees almost whole digits and has favourites: in the trained net two thirds of a filter's patches lie in one and the same digit. In layer 1 it is about four in ten, and before the training it was hardly more in any layer.
That the windows grow from layer to layer was our doing. *What* a filter looks for in its window nobody told it: that came out of the training.

(Digits of 8×8 pixels have no eyes and no wheels. Nets that were trained on large photographs show the same climb, from edges and colours to textures, to parts, to objects.)

## 7 · Learned filters

Forget that you know Sobel. You have pictures, and for each the map that some secret kernel makes of it. Can nine numbers be found from such **pairs** (입력–출력 쌍)?

That is what a net does with each of its filters. Guess a kernel, measure how wrong its maps are, follow the slope downhill:

$$L(K)=\frac1n\sum\bigl(\text{conv}(x,K)-y\bigr)^2$$

The mean runs over all n numbers of all maps. Start from zeros, and let **Adam** take the steps: it is gradient descent (경사 하강법) that gives each weight a step size of its own.
"""


# %% exercise="learn_kernel" stars=3 objective="learning" minutes=9
def learn_kernel(images, targets, steps, lr):
    """Find a 3×3 kernel from pairs of pictures and maps, by gradient descent (경사 하강법).

    images: shape (N, 1, H, W); targets: shape (N, 1, H−2, W−2), what the kernel must make of them.
    steps: how many steps to take, from 0 on; lr: Adam's learning rate (학습률).
    Returns the kernel, shape (3, 3), dtype and device as the images'.
    It starts from zeros. Each step uses all images and torch.optim.Adam with its own defaults,
    on the mean squared error (평균 제곱 오차). Write the loop yourself.

    image = tensor([[1., 0., -1.], [2., 0., 0.], [0., -3., 1.]])          # one window
    learn_kernel(image[None, None], tensor([[[[8.]]]]), 1, 0.1)
    →  tensor([[0.1, 0.0, -0.1], [0.1, 0.0, 0.0], [0.0, -0.1, 0.1]])
    #   Adam's first step moves each weight by lr, to the side that lowers the loss.
    #   Under a pixel of 0 the loss has no slope, and the weight stays where it is.
    """
    ### BEGIN SOLUTION
    kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()
    optimizer = torch.optim.Adam([kernel], lr=lr)
    for _ in range(steps):
        loss = F.mse_loss(F.conv2d(images, kernel), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return kernel.detach()[0, 0]
    ### END SOLUTION


# %% hints="learn_kernel"
r"""
Which tensor is to be learned, and how does torch get to know that it wants gradients for it?

Make the kernel of zeros, in the shape that `F.conv2d` wants, with `requires_grad_()`, and hand it to Adam as a list of one. Then four lines in a loop: the loss, the old gradients to zero, backward, step.

`kernel = images.new_zeros(1, 1, 3, 3).requires_grad_()`, `optimizer = torch.optim.Adam([kernel], lr=lr)`; in the loop `loss = F.mse_loss(F.conv2d(images, kernel), targets)`, `optimizer.zero_grad()`, `loss.backward()`, `optimizer.step()`. Return `kernel.detach()[0, 0]`.
"""

# %% idea="learn_kernel"
r"""
The kernel is a leaf tensor that wants gradients, and Adam is its optimizer: that is all a layer is.
The loop is the one of every training: predict, measure the loss, clear the old gradients, go back, step.
`detach()` hands the numbers out without their history.
"""

# %% check="learn_kernel" points=6

# %%
SOBEL_X = SMOOTH @ DIFFERENCE


def pairs_of(pictures):
    """Pictures (N, 1, H, W) with what Sobel X makes of them."""
    return pictures, F.conv2d(pictures, SOBEL_X[None, None])


white_noise = torch.randn(1, 1, 60, 60, generator=draw)
if ready(learn_kernel):
    steps_shown = (10, 40, 300)
    found = {f"{n} steps": learn_kernel(*pairs_of(white_noise), n, 0.05) for n in steps_shown}
    plots.show(
        plots.matrices({name: short(kernel) for name, kernel in found.items()}),
        alt="The kernel after 10 steps: about −0.5 in its left column, 0.5 in its right; after 40: "
        "about −1.1 and −1.7 on the left; after 300: −1, 0, 1; −2, 0, 2; −1, 0, 1, Sobel X.",
    )

# %% [markdown]
r"""
Nobody told it about edges. From **white noise** (백색 잡음), where every pixel is drawn by itself, and the right answers, it found Sobel X: not *a* kernel for edges, but **the weights**, to two decimals.

On this white noise it cannot be otherwise. (Its variance (분산) is 1: the square of a pixel is 1 on average.) No pixel can stand in for another, so the loss *is*, but for chance, the sum of the squared errors of the nine weights. From zeros that is 1 + 4 + 1 + 1 + 4 + 1 = 12, and it only falls when the weights get closer.

### Myth check

> "The loss is low, so the net has found the right filter."

It did just now. So do the same once more, with the same number of steps, and with a photograph in place of the noise.
**Guess:** will the loss be lower or higher? And how far will the weights be off?
"""

# %%
photograph = data.photo("chelsea")[100:160, 200:260][None, None]  # fur, 60 × 60 pixels
sources = {"white noise": white_noise, "photograph": photograph}
if ready(learn_kernel):
    learned = {name: learn_kernel(*pairs_of(x), 300, 0.05) for name, x in sources.items()}
    for name, kernel in learned.items():
        x, wanted = pairs_of(sources[name])
        loss = F.mse_loss(F.conv2d(x, kernel[None, None]), wanted)
        print(
            f"{name:12} loss {loss:.1e} (of {wanted.square().mean():.1e} at the start), "
            f"largest error of a weight {(kernel - SOBEL_X).abs().max():.3f}"
        )

# %%
if ready(learn_kernel):
    rows = {
        "the secret": SOBEL_X,
        **{f"from the {name}": kernel for name, kernel in learned.items()},
    }
    plots.show(
        plots.matrices({name: short(kernel) for name, kernel in rows.items()}),
        alt="Three kernels. The secret: −1, 0, 1; −2, 0, 2; −1, 0, 1. Learned from the white noise: the "
        "same. Learned from the photograph: "
        + "; ".join(", ".join(f"{w:.2f}" for w in row) for row in learned["photograph"])
        + ".",
    )
    x, wanted = pairs_of(white_noise)
    loss = F.mse_loss(F.conv2d(x, learned["photograph"][None, None]), wanted)
    print(f"the photograph's kernel on the white noise: loss {loss:.2f}")

# %% [markdown]
r"""
**The claim is false.** On the photograph the loss fell to 0.3 % of what it was, and the weights are wrong: the 2s have become 1.6, some 1s 1.25, and two of the zeros have become ±0.17.
A low loss says that the answers are right *for pictures like these*. On other pictures, the white noise, the same kernel leaves 0.52 of 12, which is 4 %, fifteen times that share: there the loss shows the nine squared errors, all added up.

Why? In a photograph neighbours are nearly equal. So a mistake that takes from one weight what it gives to the weight beside it changes the map hardly at all: the loss does not see it, and its slope hardly corrects it.

Nine weights can be wrong in nine independent **directions**: patterns of errors, such as "all too large", or "too much above, too little below". How steeply does the loss rise in each?

(The cell takes the nine main directions, the eigenvectors (고유벡터) of a 9×9 matrix. The eigenvalue (고윳값) is the loss of an error of length 1 in that direction.)
"""


# %%
def windows_of(x):
    """All 3×3 windows of pictures (N, 1, H, W) as rows of nine pixels."""
    return F.unfold(x, 3)[0].T


fig, axes = plots.canvas(7.6, 2.8, columns=2, sharey=True)
for ax, (name, x) in zip(axes, sources.items(), strict=True):
    windows = windows_of(x)
    steepness = torch.linalg.eigvalsh(windows.T @ windows / len(windows))
    ratio = steepness[-1] / steepness[0]
    alike = torch.corrcoef(torch.stack([windows[:, 4], windows[:, 5]]))[0, 1]
    print(f"{name:12} neighbours correlate {alike:5.2f}, steepest : flattest = {ratio:,.1f} : 1")
    ax.bar(range(1, 10), steepness.flip(0), color="0.6", edgecolor="0.15")
    ax.set(title=name, yscale="log", xticks=range(1, 10), xlabel="direction, steepest first")
axes[0].set_ylabel("steepness of the loss")
plots.show(
    fig,
    alt="How steep the loss is in its nine main directions, on a logarithmic axis. White noise: nine "
    "bars of about equal height. Photograph: one bar twice as high as those, the others hundreds to thousands of times lower.",
)

# %% [markdown]
r"""
On white noise the loss is a round bowl. On the photograph it is a long, narrow valley, thousands of times flatter along than across: the problem is **ill-conditioned** (악조건).
Down into the valley it goes quickly, and the loss is low. Along its floor, where the right weights lie, there is hardly a slope to follow.

The valley still has one lowest point. With patience you get there:
"""

# %%
if ready(learn_kernel):
    for steps in (300, 1000, 3000):
        kernel = learn_kernel(*pairs_of(photograph), steps, 0.05)
        print(f"{steps:5} steps: largest error of a weight {(kernel - SOBEL_X).abs().max():.4f}")

# %% [markdown]
r"""
The right weights were in the photograph all along; ten times the steps find them. But nobody who looks at the loss alone knows when to stop.
In a real net there is no secret kernel to compare with. What one *can* do: test on pictures of another kind than those it learned from.
"""

# %% [markdown]
r"""
## 8 · Weekly paper (위클리페이퍼)
"""

# %% [markdown] essay="made_or_learned" points=8
r"""
### Made by hand, or learned?

A friend says: *"Sobel and Gauss are old hat. A CNN learns its filters itself. And when its loss is low, it has learned the right ones."*

1. **Short answer**, two lines: which of the three sentences do you agree with?
2. **Long answer**, 150 to 250 words. Take one kernel of this lesson and explain from its numbers what it does: signs, sum, range. Say how a filter of a net comes by its weights, and what is contained in what: kernel, filter, layer, network. Explain with **numbers that you measured in this notebook** when a low loss does not mean the right weights. Name one task for which you would take a hand-made filter.

### BEGIN SOLUTION
**Rubric (8 points)**

| points | for |
|---|---|
| 1 | The short answer fits in two lines and takes the sentences apart: learned, yes; old hat, no or only partly; low loss = right filters, no. |
| 2 | One kernel explained from its numbers: what the signs do (1), what the sum means for the brightness or for an even wall, or what the range is (1). |
| 2 | How a filter is learned: pairs or labels, loss, slope, step (1); kernel, filter, layer and network in the right order, a filter being as deep as its input (1). |
| 2 | Low loss and wrong weights: the experiment with its numbers, noise against photograph (1); the reason: neighbours in a photograph are nearly equal, so the loss is flat in some directions (1). |
| 1 | A fitting task for a hand-made filter, with a reason, such as few data, no labels, a known kind of noise, or a result that must be explained. |

**Model answer, full marks (8).**
*Short:* Yes, it learns them; no, hand-made filters are not old hat; and a low loss does not mean the right weights.
*Long:* Sobel X has minus ones on the left and plus ones on the right, so it answers with right minus left. Its weights add up to 0: an even wall gives 0, and only changes are left. On pixels from 0 to 1 its answers lie between −4 and 4. In a net nobody writes such numbers. A kernel is a sheet of K×K weights; a filter has one kernel for each channel that comes in and makes one map; many filters are a layer, and layers behind each other are a network. The weights start anywhere, and each step moves them down the slope of the loss. From white noise and the right maps my loop found Sobel X in 300 steps, every weight to within 0.001. From a photograph of fur the loss fell from 0.068 to 0.0002, yet the largest weight was wrong by 0.38: 1.62 in place of 2. The reason: neighbouring pixels correlate by 0.95, so errors that cancel between neighbours hardly change the map. The steepest direction of the loss was 6,000 times steeper than the flattest. On noise that kernel's loss was 0.5. I would take a hand-made Gaussian to clean X-ray images before a doctor looks at them: I know exactly what it removes, and I need no examples.

**Model answer, middle (5).**
*Short:* It is true that a CNN learns its filters, but a low loss is no proof.
*Long:* The Gaussian is a mean: all its weights are positive and add up to 1, so the brightness stays and the noise goes. In a CNN the filters are learned: the net predicts, the loss is measured, and the weights go a step downhill. Kernels are in filters, filters in layers, layers in the network. In the notebook the weights came out right on noise, but on a photograph they were wrong by 0.38 although the loss was only 0.0002. I would use Sobel for finding edges.
*(Short answer 1. Kernel 2. Learning 1: loss and step, but nothing on a filter's depth. Low loss 1: the experiment and its numbers, no reason. Task 0: no reason why not a learned one.)*

**Model answer, weak (1).**
*Short:* Yes, CNNs are better.
*Long:* Filters extract features. Sobel finds edges and the Gaussian blurs. In deep learning the filters are learned automatically by backpropagation, so nobody needs Sobel any more. When the loss is low the training was successful.
*(1 for saying that the weights are learned down the slope of a loss. No kernel is explained from its numbers, and the last sentence is the myth of part 7.)*
### END SOLUTION
"""

# %% [markdown]
r"""
### Quiz: homework

Open one part at a time over the week. Cover the notebook, answer, then read why each option is right or wrong.
"""

# %%
quiz()

# %% [markdown]
r"""
## What next

You can now look at nine numbers and see the picture that they make: which way they look, what they do to a grey wall, and how far they leave the range.

- **Lesson 03** mends what you have put up with here: every filter has eaten the border of the picture. And it asks what happens when the window takes larger steps.
- **Lesson 04** puts other kinds of layers between the filters.
- To read on: Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks* (2014): what the filters of a large net are excited by, layer by layer.
"""

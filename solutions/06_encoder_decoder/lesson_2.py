# ---
# title: "Encoder and decoder, part 2: pictures out of pictures, and out of noise"
# title_ko: 인코더와 디코더 2
# minutes: 118
# objectives:
#   segmentation: give every pixel of a picture its class, and measure how well by the intersection over union
#   skips: build a U-Net, and say what its skip connections carry past the bottleneck
#   generation: draw new pictures from codes, and judge a generator by three numbers at once
#   schedule: turn a picture into noise in known steps, and say why nothing is learned on that way
#   diffusion: find the noise in a noisy picture, and walk from noise back to a picture
# ---

# %% [markdown]
r"""
An autoencoder gives back the picture that it was shown: x → z → x′.
Its two halves can do more than that.
Let the decoder draw something *else*, x → z → y, and the net marks the shapes in a picture.
Throw the encoder away, and the decoder draws digits that nobody wrote.

| part | minutes | you write |
|---|---|---|
| 1 · A class for every pixel | 11 | `iou` |
| 2 · A U-Net | 35 | `UNet`, `mask_loss`, `train_unet` |
| 3 · New pictures from codes | 18 | `generate` |
| 4 · From picture to noise | 17 | `kept_share`, `add_noise` |
| 5 · From noise to picture | 35 | `noise_loss`, `denoise_step`, `draw_digits` |
| 6 · The family so far | 2 | |

This notebook stands on its own: nothing from the first one has to be loaded.
Three cells train, for five seconds to a minute each. Read on while they work.
"""

# %%
import torch
import torch.nn.functional as F
from torch import nn

from utils import check, data, hint, idea, plots, start, widgets
from utils.demo import ready
from utils.drawings.restoring import (
    denoising_strip,
    forward_and_back,
    masks_side_by_side,
    rows_of_pictures,
    shares_by_step,
    u_shape,
)
from utils.made_pictures import shapes
from utils.nets.asked import same_answers, what_it_draws
from utils.nets.diffusion import WORDS, denoiser, train_denoiser
from utils.nets.known import fill_weights
from utils.nets.noise_witness import noise_witness
from utils.nets.small import perceptron, witness
from utils.nets.vae import vae
from utils.sample_quality import sample_quality
from utils.training import train
from utils.weights import course_weights


def painter():
    """The course's own denoiser, trained: (x, t, words) → the noise in x."""
    net = denoiser()
    net.load_state_dict(course_weights("diffusion"))
    return net.eval()


start("06_encoder_decoder")

# %% [markdown]
r"""
## 1 · A class for every pixel

Where in this scan is the tumour? Which part of the camera's picture is road?
A classifier gives *one* answer for a picture.
Here an answer is wanted for every pixel: **segmentation** (분할).
The answer is itself a picture, the **mask** (마스크): 1 inside, 0 outside.

Our pictures are drawn by a program: one or two discs, boxes and triangles, with noise over everything.
A shape may be brighter or darker than what is behind it.
"""

# %%
pictures, truth = shapes(400, seed=11, side=32)
plots.show(
    masks_side_by_side(pictures[:6], {"mask": truth[:6]}),
    alt="Six noisy grey pictures with one or two shapes each, some brighter and some darker than "
    "what is behind them. Below each its mask: white where a shape is, black elsewhere.",
)
print(f"pixels inside a shape: {truth.mean():.0%}")
print(f"an empty mask for every picture: {(truth == 0).float().mean():.0%} of the pixels right")

# %% [markdown]
r"""
An empty mask finds nothing at all, and gets five pixels out of six right.
So the share of right pixels is a bad judge wherever the shapes are small.

Ask instead how well two masks cover each other.
Take the pixels that *both* have, and divide by the pixels that *at least one* of them has:

$$\text{IoU} = \frac{|A \cap B|}{|A \cup B|}$$

This **intersection over union** (IoU; 교집합 나누기 합집합) is 0 for the empty mask, and 1 only when the two are equal.
Background that both leave out does not count.
"""


# %% exercise="iou" stars=1 objective="segmentation" minutes=4
def iou(masks, truth):
    """Intersection over union (교집합 나누기 합집합) of two masks, for each picture.

    masks, truth: shape (N, 1, H, W), each of them 0 and 1, or False and True.
    Returns shape (N,), float32, from 0 to 1: the number of pixels that both masks have, over the
    number of pixels that at least one of them has. Where both masks are empty it is 1.

    iou(tensor([[[[1., 1., 0., 0.]]]]), tensor([[[[0., 1., 1., 0.]]]]))  →  tensor([0.3333])
    #   both: one pixel; at least one: three pixels
    """
    ### BEGIN SOLUTION
    masks, truth = masks.bool().flatten(1), truth.bool().flatten(1)
    both = (masks & truth).sum(dim=1)
    either = (masks | truth).sum(dim=1)
    return torch.where(either == 0, torch.ones_like(both), both / either.clamp(min=1))
    ### END SOLUTION


# %% hints="iou"
r"""
In the example, which pixels does the numerator count, and which the denominator?

Make both masks boolean. `&` gives the pixels that are in both, `|` those in at least one. Count each *for every picture on its own*; a picture without any pixel in either needs an answer of its own.

`masks, truth = masks.bool().flatten(1), truth.bool().flatten(1)`; `both = (masks & truth).sum(dim=1)` and `either = (masks | truth).sum(dim=1)`; at the end `torch.where(either == 0, …, both / either)`.
"""

# %% idea="iou"
r"""
With boolean masks, "and" is the intersection and "or" the union; flattened, one sum for each picture is left.
Two empty masks agree in every pixel, and 0/0 would be nan: that case gets its 1 by hand.
"""

# %% check="iou" points=2

# %% [markdown]
r"""
Now a first rival, without any net: "what is brighter than θ is a shape", or "what is darker".
One θ for all pictures, and the best that there is.

A second one looks at each picture by itself.
It splits the pixels into a bright and a dark group, so that each group is as even in itself as it can be, and takes the smaller group. (Otsu's method, 1979.)

**Guess** the IoU of the two.
"""


# %%
def own_threshold(images):
    """For each picture the split into bright and dark that Otsu's method finds; the smaller part."""
    best, masks = torch.full((len(images), 1, 1, 1), -1.0), torch.zeros_like(images)
    for theta in torch.linspace(0.02, 0.98, 49):
        bright = (images > theta).float()
        share = bright.mean(dim=(1, 2, 3), keepdim=True)
        above = (images * bright).mean(dim=(1, 2, 3), keepdim=True) / share.clamp(min=1e-6)
        below = (images * (1 - bright)).mean(dim=(1, 2, 3), keepdim=True) / (1 - share).clamp(
            min=1e-6
        )
        apart = share * (1 - share) * (above - below) ** 2
        smaller = torch.where(share < 0.5, bright, 1 - bright)
        masks, best = torch.where(apart > best, smaller, masks), torch.maximum(apart, best)
    return masks


new_pictures, new_truth = shapes(200, seed=12, side=32)
reached = {}
if ready(iou):
    tried = {}
    for theta in torch.linspace(0.05, 0.95, 19).tolist():
        tried[f"brighter than {theta:.2f}"] = iou(new_pictures > theta, new_truth).mean().item()
        tried[f"darker than {theta:.2f}"] = iou(new_pictures < theta, new_truth).mean().item()
    best = max(tried, key=tried.get)
    reached["one threshold for all"] = tried[best]
    print(f"one threshold for all, at best “{best}”: IoU {tried[best]:.2f}")
    reached["each its own threshold"] = iou(own_threshold(new_pictures), new_truth).mean().item()
    print(f"each picture its own threshold: IoU {reached['each its own threshold']:.2f}")

# %% [markdown]
r"""
The first is hopeless: a shape here is as bright as the background there.
The second is a serious rival.
It must fail where one picture has a brighter *and* a darker shape, and noise frays its edges.
Remember its number.

## 2 · A U-Net

Which net takes a picture and gives a picture?
A classifier convolves and pools, and after two poolings a pixel of a map stands for 4×4 pixels of the picture.
It can say *what* is there.
*Where* exactly is mostly lost: a maximum does not tell which of its four pixels it came from (lesson 04).
A decoder can bring the size back, with transposed convolutions, but not what is gone.

The **U-Net** (Ronneberger, Fischer and Brox, 2015, for pictures of cells) does not let it go.
The maps from *before* each pooling are kept, and handed to the decoder at the same size.
These ways past the bottleneck are **skip connections** (스킵 연결).
"""

# %%
plots.show(
    u_shape(8, 32),
    alt="Boxes in the shape of a U. Down on the left: the picture 1 × 32×32, enc1 with 8 maps of 32×32, "
    "enc2 with 16 of 16×16; at the bottom 32 of 8×8; up on the right dec2 with 16 of 16×16, dec1 with "
    "8 of 32×32, and out. Two thick arrows lead straight across, from enc1 to dec1 and from enc2 to dec2.",
)

# %% [markdown]
r"""
You met shortcuts in lesson 05, where x was *added*.
Here the kept maps are put *beside* those from below.
So `dec1` gets twice the channels, and learns what to take from which.
"""


# %% exercise="UNet" stars=3 objective="skips" minutes=14
class UNet(nn.Module):
    """A small U-Net: pictures (N, 1, H, W) → one logit for each pixel, (N, 1, H, W).

    c: channels of the first block. H and W are divisible by 4.
    A *block* (C_in → C_out) is an nn.Sequential of
        3×3 convolution C_in → C_out, padding 1; BatchNorm2d; ReLU;
        3×3 convolution C_out → C_out, padding 1; BatchNorm2d; ReLU.
    Convolutions keep their biases. The parts, by these names:

        enc1    block 1 → c             then max pooling 2
        enc2    block c → 2c            then max pooling 2
        bottom  block 2c → 4c
        up2     nn.ConvTranspose2d 4c → 2c, kernel 2, stride 2
        dec2    block 4c → 2c, of the maps of enc2 (before pooling) and, after them, those of up2
        up1     nn.ConvTranspose2d 2c → c, kernel 2, stride 2
        dec1    block 2c → c, of the maps of enc1 (before pooling) and, after them, those of up1
        out     1×1 convolution c → 1, nothing after it: a logit

    UNet(4)(torch.zeros(2, 1, 8, 12)).shape  →  (2, 1, 8, 12)
    #   sides 8×12 → 4×6 → 2×3 → 4×6 → 8×12; 7,557 parameters
    """

    def __init__(self, c):
        super().__init__()
        ### BEGIN SOLUTION

        def block(C_in, C_out):
            return nn.Sequential(
                nn.Conv2d(C_in, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
                nn.Conv2d(C_out, C_out, 3, padding=1),
                nn.BatchNorm2d(C_out),
                nn.ReLU(),
            )

        self.enc1 = block(1, c)
        self.enc2 = block(c, 2 * c)
        self.bottom = block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, stride=2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)
        ### END SOLUTION

    def forward(self, images):
        ### BEGIN SOLUTION
        first = self.enc1(images)  # (N, c, H, W)
        second = self.enc2(F.max_pool2d(first, 2))  # (N, 2c, H/2, W/2)
        low = self.bottom(F.max_pool2d(second, 2))  # (N, 4c, H/4, W/4)
        low = self.dec2(torch.cat([second, self.up2(low)], dim=1))
        low = self.dec1(torch.cat([first, self.up1(low)], dim=1))
        return self.out(low)
        ### END SOLUTION


# %% hints="UNet"
r"""
Which two arrows in the drawing above end at `dec1`, and how many channels does each of them bring?

In `__init__` write a little function that makes a block, and use it five times. In `forward` keep what comes out of `enc1` and of `enc2`, before the pooling; on the way up put each beside the maps that come from below.

`first = self.enc1(images)`, `second = self.enc2(F.max_pool2d(first, 2))`, `low = self.bottom(F.max_pool2d(second, 2))`; then `low = self.dec2(torch.cat([second, self.up2(low)], dim=1))`, the same with `first`, `up1` and `dec1`, and `return self.out(low)`.
"""

# %% idea="UNet"
r"""
Down: convolve, pool, convolve, pool, convolve. Up: a transposed convolution doubles the sides, and a block works on what comes from below *and* on the maps that were kept.
`torch.cat([skip, low], dim=1)` puts channels side by side, so `dec2` gets 2c + 2c and `dec1` c + c of them.
Pooling halves the sides, a kernel of 2 with stride 2 doubles them exactly: both ways meet at the same size, if H and W are divisible by 4.
"""

# %% check="UNet" points=6

# %% [markdown]
r"""
Each pixel is now a yes-or-no question with one logit.
Lesson 04 had cross-entropy for several classes; with two it is called **binary cross-entropy**.
For a pixel with the true answer y, the logit z and the chance σ(z) of a 1:

$$\ell = -y\log\sigma(z) - (1-y)\log(1-\sigma(z)) = \max(z, 0) - zy + \log\left(1 + e^{-|z|}\right)$$

Typed as it stands in the middle, it breaks. **Guess** at which logit.
"""

# %%
for z in (1.0, 10.0, 20.0, 100.0):
    chance = torch.tensor(z).sigmoid()
    print(f"z = {z:5}, y = 0: −log(1 − σ(z)) = {-(1 - chance).log():.4f}")

# %% [markdown]
r"""
At z = 20 the chance has been rounded to exactly 1, and −log 0 is infinite.
The form on the right has no such place.
"""


# %% exercise="mask_loss" stars=1 objective="segmentation" minutes=5
def mask_loss(logits, masks):
    """Binary cross-entropy (이진 교차 엔트로피) of logits: the mean over all pixels, in nats.

    logits: any shape, floating point, also ±1000; masks: the same shape and dtype, 0 or 1.
    Of one pixel with the logit z and the mask y it is −log σ(z) where y = 1 and −log(1 − σ(z))
    where y = 0; both are  max(z, 0) − z·y + log(1 + e^(−|z|)), in which nothing gets too large.
    Returns a tensor without dimensions. Write it out, without a ready-made loss, softplus or
    logsigmoid.

    mask_loss(tensor([0., 1.0986]), tensor([1., 0.]))  →  tensor(1.0397)
    #   1.0986 = log 3, so the chances of a 1 are 1/2 and 3/4:  (log 2 + log 4) / 2
    """
    ### BEGIN SOLUTION
    worst = logits.clamp(min=0) - logits * masks
    return (worst + torch.log1p(torch.exp(-logits.abs()))).mean()
    ### END SOLUTION


# %% hints="mask_loss"
r"""
For z = 1000 and y = 0 the loss is 1000. Which of the three terms in the formula says so, and how large are the others?

Write the formula down term by term. Each is a step that works on a whole tensor at once. At the end comes the mean over everything.

`logits.clamp(min=0)` is max(z, 0); `torch.log1p(torch.exp(-logits.abs()))` is the last term; between them stands `- logits * masks`; then `.mean()`.
"""

# %% idea="mask_loss"
r"""
−log σ(z) = log(1 + e^(−z)), and for z far below zero e^(−z) overflows. Pulling max(z, 0) out of the logarithm leaves only e^(−|z|), which lies between 0 and 1.
`log1p(x)` is log(1 + x), exact also for tiny x.
"""

# %% check="mask_loss" points=3


# %% exercise="train_unet" stars=2 objective="segmentation" minutes=5
def train_unet(images, masks, seed):
    """Train your UNet(8) to find masks.

    images, masks: shape (N, 1, H, W), float32; H and W are divisible by 4.
    seed: fixes everything, the net's first weights as well as the order of the batches.

    After torch.manual_seed(seed) the net is made; then the course's `train` does the loop:
    8 epochs, batches of 32, lr 0.01, with this seed, and with your mask_loss of the net's logits.
    Returns the net, in eval() mode.
    Hidden checks train it on 400 pictures of 16×16 pixels and measure the mean IoU over 200 others:
    at least 0.6, and better than any brightness threshold for all pictures (at best about 0.35).

    images, masks = shapes(400, seed=1, side=16)
    train_unet(images, masks, seed=0)(images).shape  →  (400, 1, 16, 16)
    """
    ### BEGIN SOLUTION

    def loss(model, x, y):
        return mask_loss(model(x), y)

    torch.manual_seed(seed)
    model = UNet(8)
    settings = {"epochs": 8, "batch_size": 32, "lr": 0.01, "seed": seed, "progress": False}
    train(model, (images, masks), loss=loss, **settings)
    return model
    ### END SOLUTION


# %% hints="train_unet"
r"""
`train` asks for `loss(model, *batch)`. What are the parts of a batch here, and what must happen to the first before `mask_loss` can see it?

Write a function of three arguments, model, x and y, that gives `mask_loss` the logits of x and the masks y. Seed, make the net, train it, return it.

`train(model, (images, masks), loss=loss, epochs=8, batch_size=32, lr=0.01, seed=seed, progress=False)`; `train` leaves the net in eval() mode itself, and returns a history, which is not what is asked for.
"""

# %% idea="train_unet"
r"""
The loop is the one that you have written before, so the course's helper may do it; what is special is the loss, a function of the model and of one batch.
`torch.manual_seed` comes before the net is made, because its first weights are drawn then.
"""

# %% check="train_unet" points=4

# %% [markdown]
r"""
Now in earnest: 400 pictures of 32×32 pixels, your net with c = 8.
Is it the *skips* that make it good?
To find out, train it once more from the same first weights, with zeros in place of the maps that come over the skips.

**Guess** both IoUs. Remember: "each picture its own threshold" has 0.77.
(Should the training be too slow on your machine, leave out the next two cells. Go on below the picture with your UNet and the course's weights: `net = UNet(8)`, `net.load_state_dict(course_weights("unet"))`, `segmenting = {"with skips": net.eval()}`.)
"""


# %%
def hide_skip(block, given):
    """What a decoder block gets to see: zeros where the maps of its skip should be."""
    kept, from_below = given[0].chunk(2, dim=1)
    return (torch.cat([torch.zeros_like(kept), from_below], dim=1),)


def without_skips(net):
    """The same net, both of its skips hidden for good."""
    for block in (net.dec1, net.dec2):
        block.register_forward_pre_hook(hide_skip)
    return net


if ready(iou, UNet, mask_loss, train_unet):
    found, segmenting = {}, {"with skips": train_unet(pictures, truth, seed=0)}
    yours = UNet
    # For a moment the name stands for nets without skips, so that your train_unet makes one.
    globals()["UNet"] = lambda c: without_skips(yours(c))
    try:
        segmenting["without skips"] = train_unet(pictures, truth, seed=0)
    finally:
        globals()["UNet"] = yours
    for name, net in segmenting.items():
        with torch.no_grad():
            found[name] = (net(new_pictures) > 0).float()
        reached[name] = iou(found[name], new_truth).mean().item()
        print(f"{name}: IoU {reached[name]:.2f} on new pictures")

# %%
if ready(iou, UNet, mask_loss, train_unet):
    both = [iou(found[name], new_truth) for name in ("with skips", "without skips")]
    gain = both[0] - both[1]
    typical = gain.argsort(descending=True)[20:140:20]  # of 200: from much better to a little
    rows = {"truth": new_truth[typical]}
    rows |= {name: found[name][typical] for name in found}
    rows["own threshold"] = own_threshold(new_pictures[typical])
    marks = {
        name: [f"{share:.2f}" for share in iou(masks, new_truth[typical])]
        for name, masks in rows.items()
        if name != "truth"
    }
    plots.show(
        masks_side_by_side(new_pictures[typical], rows, marks),
        alt="Six pictures, their true masks, and what three methods find, with its IoU. With skips: "
        + ", ".join(marks["with skips"])
        + "; the corners are sharp. Without skips: "
        + ", ".join(marks["without skips"])
        + "; the shapes are in the right place, but they are round blobs. Each "
        "picture its own threshold: " + ", ".join(marks["own threshold"]) + ", mostly with specks.",
    )

# %% [markdown]
r"""
With the skips: 0.93. Without them: 0.76, *no more* than the simple rival's 0.77, with the same training.
(The six pictures are numbers 20, 40 … 120 of the 200, in the order of how much the skips help.)

Look at the fourth row.
Without skips the net sees through the noise, and its shapes are in the right places.
But they are blobs: in eight epochs it has not learned to say from 8×8 places at the bottom where a corner is to the pixel.
The rival in the last row is the other way round: sharp to the pixel, and fooled by the noise.
(Where shape and background are far apart it is even better than the U-Net, twice in these six. Over all 200 pictures it is not.)
The U-Net has both. *What* comes up from the bottom, *where* comes over the skips.

How much does the net lean on each skip?
Take the trained net with skips, and hide one of the two now, *without* training it again.
"""

# %%
if ready(iou, UNet, mask_loss, train_unet):
    net = segmenting["with skips"]
    for way, block in (("upper", net.dec1), ("lower", net.dec2)):
        hook = block.register_forward_pre_hook(hide_skip)
        with torch.no_grad():
            score = iou(net(new_pictures) > 0, new_truth).mean()
        hook.remove()
        print(f"{way} skip hidden afterwards: IoU {score:.2f}")

# %% [markdown]
r"""
Each of the two is missed: from 0.93 down to 0.78 without the upper one, and to 0.69 without the lower.
That is how much *this* net leans on them.
A net trained with one skip only might have learned to get by with it.

## 3 · New pictures from codes

An autoencoder's decoder turns a code of a few numbers into a digit.
Give it a code that no picture ever had: does it draw a new digit?
This is the fourth use of an autoencoder, **generation** (생성).

We train a net with codes of eight numbers to restore the training digits, and send its decoder random codes.
"""


# %%
def restoring(net, images):
    """The autoencoder's loss: binary cross-entropy, summed over pixels, the mean per image, nats."""
    codes, _ = net.encode(images)
    logits = net.logits(codes)
    return F.binary_cross_entropy_with_logits(logits, images, reduction="sum") / len(images)


images, labels = data.digits("train")
test_images, test_labels = data.digits("test")
plain = vae(latent=8, seed=0)  # the layers of the net below; the loss is a plain autoencoder's
history = train(plain, (images,), loss=restoring, epochs=60, lr=2e-3, progress=False)
with torch.no_grad():
    codes = plain.encode(images)[0]
    draw = torch.Generator().manual_seed(0)
    rows = {
        "digits": test_images[:8],
        "restored": plain(test_images[:8]),
        "random codes": plain.decode(torch.randn(8, 8, generator=draw)),
    }
plots.show(
    rows_of_pictures(rows),
    alt="Eight digits; below them the same digits restored, nearly alike; below that eight pictures "
    "from random codes: dim strokes, of which about half could be a digit.",
)
print(
    f"trained for {history.seconds:.0f} s; typical size of a number in a code: {codes.std():.1f}, not 1"
)

# %% [markdown]
r"""
It restores well. What it draws is dim, and about half of it is like nothing.
The first reason is in the last line: nobody told the encoder where its codes should lie, and standard normal numbers lie somewhere else.
So draw codes that have at least the mean, the spread and the correlations of the real ones.

Standard normal numbers n make a round cloud about 0.
L n is the same cloud, stretched and slanted, and m + L n moves its middle to m.
If L Lᵀ is the covariance of the codes, and m their mean, the new cloud has the same two.
Such an L, with zeros above its diagonal, is the **Cholesky factor** (촐레스키 분해).
"""


# %% exercise="generate" stars=2 objective="generation" minutes=6
def generate(decoder, codes, noise):
    """New pictures: decode codes that are drawn like those of real pictures.

    decoder: codes (M, k) → pictures (M, …); codes: those of real pictures, shape (N, k),
    with k from 2 on and N > k; noise: standard normal numbers, shape (M, k).
    Let m be the codes' mean and L the lower Cholesky factor of their covariance, which divides by
    N − 1: L Lᵀ = cov. Each row n of the noise becomes the code m + L n.
    Returns the decoder's pictures of these M codes, without gradients.

    With codes (0, 0), (2, 0), (0, 4), (2, 4) the mean is (1, 2) and L = [[1.1547, 0], [0, 2.3094]];
    the noise (1, −1) becomes the code (2.1547, −0.3094).
    """
    ### BEGIN SOLUTION
    with torch.no_grad():
        factor = torch.linalg.cholesky(torch.cov(codes.T))
        return decoder(codes.mean(dim=0) + noise @ factor.T)
    ### END SOLUTION


# %% hints="generate"
r"""
One row of noise n has two numbers, L is 2×2. `L @ n` works for one row; what must stand on which side for M rows at once?

Work out the mean of each column, the covariance (torch has it; mind which axis it takes for the variables), its Cholesky factor. Then mean + noise times the factor turned round. Decode inside `torch.no_grad()`.

`L = torch.linalg.cholesky(torch.cov(codes.T))`; the new codes are `codes.mean(dim=0) + noise @ L.T`.
"""

# %% idea="generate"
r"""
Independent standard normal numbers n have the covariance 1; L n has the covariance L Lᵀ, which is that of the codes.
With rows in place of columns, L n becomes noise @ L.T.
So the new codes have the mean, the spread and the correlations of the real ones. More than that they do not share.
"""

# %% check="generate" points=4

# %% [markdown]
r"""
The second cure changes the loss.
The **variational autoencoder** (VAE, 변분 오토인코더; Kingma and Welling, 2014) has the same layers here, but

- its encoder gives each picture not a point but a little *cloud* (a mean and a spread), and the decoder has to restore the picture from a point drawn out of it. So neighbouring codes must mean similar pictures;
- each cloud is drawn towards the standard normal distribution. So random codes land where the decoder has practised.

Lesson 07 derives that loss.
Here we only load a net that was trained with it (for 150 epochs; the plain one had 60), and compare.
"""

# %%
cloudy = vae(latent=8)
cloudy.load_state_dict(course_weights("vae"))
cloudy.eval()
noise = torch.randn(450, 8, generator=torch.Generator().manual_seed(1))
drawn = {}
with torch.no_grad():
    drawn["plain, random codes"] = plain.decode(noise)
    if ready(generate):
        drawn["plain, your generate"] = generate(plain.decode, codes, noise)
    drawn["VAE, random codes"] = cloudy.decode(noise)
plots.show(
    rows_of_pictures({name.replace(", ", "\n"): shown[:10] for name, shown in drawn.items()}),
    alt="Ten pictures each. Plain autoencoder with random codes: dim, broken strokes. With codes "
    "drawn like the real ones: brighter, some like a 1 or a 7, others like nothing. VAE with random "
    "codes: blurred; about half can be read, among them a 0, a 4, a 5 and a 7.",
)
for name, shown in {**drawn, "real test digits": test_images}.items():
    quality = sample_quality(shown)
    print(
        f"{name:22} distance to the nearest training digit {quality['nearest']:.2f}, from each other {quality['diversity']:.2f}"
    )

# %% [markdown]
r"""
The first number is how far a picture is from the nearest training digit, the second how far two of the pictures are from each other, on average.
Both are divided by the same for real digits that the nets have not seen, so these have 1.

- *Plain, random codes:* 1.50. They lie one and a half times as far from the nearest training digit as real digits do: most are like nothing.
- *Plain, your `generate`:* 1.22, which is better. What is still wrong? Mean and covariance describe one single cloud. Where the real codes leave a hole between two kinds of digits, `generate` draws out of the hole, too.
- *VAE:* 0.98. Its price: its digits are blurred, and with 0.71 more alike than real ones. (The 0.89 above it is no praise by itself: pictures that need not look like a digit can easily differ.)

### Judging a generator

What is a *good* generator?
A quick answer: ask for a 3, and see whether a good classifier reads a 3.

> **Myth check.** "A classifier recognises all its digits, so the generator is good."

Here are three generators that need no training at all. **Guess** their accuracy.

- *The copier* returns training digits.
- *The averager* returns, for each digit, the mean of all its training pictures. Always the same one.
- *The blender* lays two training pictures of the digit over each other, half and half.
"""

# %%
draw = torch.Generator().manual_seed(2)
asked = torch.arange(10).repeat(20)
of_digit = [images[labels == digit] for digit in range(10)]


def any_of(digit):
    """A training picture of this digit, drawn at random."""
    return of_digit[digit][torch.randint(len(of_digit[digit]), (1,), generator=draw).item()]


generators = {
    "the copier": torch.stack([any_of(digit) for digit in asked]),
    "the averager": torch.stack([of_digit[digit].mean(dim=0) for digit in asked]),
    "the blender": torch.stack([(any_of(digit) + any_of(digit)) / 2 for digit in asked]),
}
judged = {name: sample_quality(shown, asked) for name, shown in generators.items()}
judged["real test digits"] = sample_quality(test_images, test_labels)
print("                    accuracy   nearest   diversity")
for name, quality in judged.items():
    print(
        f"{name:18} {quality['accuracy']:9.0%} {quality['nearest']:9.2f} {quality['diversity']:11.2f}"
    )

# %% [markdown]
r"""
**The claim is false.** All three are recognised more often than real digits are, and the first two have drawn nothing.
So three numbers belong together:

- **accuracy** (정확도): does it show what was asked for?
- **nearest** (가장 가까운 학습 그림까지의 거리): how far is it from the nearest training digit? The copier has 0, test digits 1. Much below 1 the pictures are copies, or so blurred that they lie near to many digits (the averager: 0.92); far above 1 they are like nothing.
- **diversity** (다양성): how different are its pictures of one digit? The averager has 0, test digits have 1.

Do not trust these three blindly, either.
The blender is nearly as far from the training digits as real ones are; only its diversity, 0.71, gives it away.
Look at the pictures, too.

## 4 · From picture to noise

Now for a generator that does well in all three, and draws the digit that you *ask* for.
Its idea is odd: to make pictures, begin with how pictures are *spoiled*.

Add a little noise to a picture. Again, and again, until nothing is left but noise.
Each step is a rule that we choose, without a single weight: **in the forward process nothing is learned.**
Only the way back is: a net looks at a noisy picture and says which noise it sees.
This is **denoising diffusion** (노이즈 제거 확산; Ho, Jain and Abbeel, 2020).
"""

# %%
plots.show(
    forward_and_back(),
    alt="A row of boxes from x0, the picture, over x(t−1) and x(t) to x(T), noise. Thin arrows to the "
    "right: forward, a known share of noise, nothing is learned. Thick arrows to the left: back, a "
    "net says which noise it sees.",
)

# %% [markdown]
r"""
One step keeps the share α of the variance of x and replaces the rest, β = 1 − α, by noise: x ← √α · x + √β · noise.
Why roots? A factor of √α on the values is a factor of α on their variance.
The variances of x and of the noise add up, and α + β = 1: a variance of 1 stays 1.

Over many steps the shares multiply.
What is kept after t steps, α₁ α₂ ⋯ αₜ, is written ᾱ (alpha bar) in the literature; here it is called `kept[t]`.
It starts at 1 and should end near 0.

How fast should it fall?
The **cosine schedule** of Nichol and Dhariwal (2021) falls gently at both ends.
"""


# %% exercise="kept_share" stars=2 objective="schedule" minutes=6
def kept_share(T, s=0.008):
    """How much of a picture is kept after each of T steps to noise: the cosine schedule.

    T: number of steps, from 1 on; s: a small number.
    f(t) = cos²( (t/T + s) / (1 + s) · π/2 ) and a(t) = f(t) / f(0), for t = 0, 1 … T.
    Step t replaces the share β(t) = 1 − a(t)/a(t−1), but never more than 0.999.
    Returns shape (T + 1,), float32: what is kept after t steps, the product of all 1 − β up to t.
    It begins with 1. (Nichol and Dhariwal 2021; the literature writes ᾱ for it.)

    kept_share(2, s=0.5)  →  tensor([1.0000, 0.3333, 0.0003])
    #   angles 30°, 60°, 90°: f = 3/4, 1/4, 0; β = 2/3 and 1, which becomes 0.999
    """
    ### BEGIN SOLUTION
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return torch.cat([torch.ones(1), (1 - beta).cumprod(dim=0).float()])
    ### END SOLUTION


# %% hints="kept_share"
r"""
In the example the last angle is 90°, so nothing would be kept after step 2. Where does the 0.0003 come from?

First f for all t at once, with T + 1 entries. The quotients f(t)/f(t−1) are T numbers, because f(0) cancels. From them β, clipped; from β the products.

`t = torch.arange(T + 1)`; `f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2`; `beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)`; the result is 1 followed by `(1 - beta).cumprod(dim=0)`.
"""

# %% idea="kept_share"
r"""
a(t)/a(t−1) = f(t)/f(t−1), so f(0) is never needed.
Without the limit the last β would be 1, and the way back (part 5) would begin with a division by √(1 − β): by 0.
`cumprod` gives all products in one go; the 1 in front stands for "no step yet".
"""

# %% check="kept_share" points=3

# %%
if ready(kept_share):
    T = 50
    kept = kept_share(T)
    straight = (1 - torch.linspace(0.002, 0.4, T)).cumprod(0)  # β rises in a straight line
    plots.show(
        shares_by_step(
            {"cosine": kept, "β in a straight line": torch.cat([torch.ones(1), straight])}
        ),
        alt="The share of variance kept after 0 to 50 steps. Cosine: a gentle fall from 1, "
        f"{kept[10]:.2f} after 10 steps, {kept[25]:.2f} after 25, {kept[40]:.2f} after 40. With β "
        f"rising in a straight line: {straight[9]:.2f}, {straight[24]:.2f} and {straight[39]:.4f}.",
    )

# %% [markdown]
r"""
For the dashed curve β rises by the same amount at each step, as in the first diffusion nets.
From step 30 on it has 2 % or less left: two fifths of the steps would be spent on pictures in which there is next to nothing to see.

And now a gift: nobody has to walk.
A sum of normal noises is a normal noise, so x after t steps can be had in *one* jump:

$$x_t = \sqrt{\text{kept}[t]}\; x_0 + \sqrt{1 - \text{kept}[t]}\;\text{noise}$$

**Guess:** up to which step can you still read the digit?
"""


# %% exercise="add_noise" stars=2 objective="schedule" minutes=4
def add_noise(x0, t, noise, kept):
    """Each picture after its own number of steps to noise, in a single jump.

    x0: clean pictures, shape (N, C, H, W), from −1 to 1; t: whole numbers (N,), each from 0 to T;
    noise: standard normal numbers, the shape of x0; kept: shape (T + 1,), as kept_share gives it.
    Returns √kept[t] · x0 + √(1 − kept[t]) · noise, the shape of x0.

    add_noise(tensor([[[[1.]]]]), tensor([1]), tensor([[[[2.]]]]), tensor([1., 0.64]))
    →  tensor([[[[2.0000]]]])      # 0.8 · 1 + 0.6 · 2
    """
    ### BEGIN SOLUTION
    share = kept[t].reshape(-1, 1, 1, 1)
    return share.sqrt() * x0 + (1 - share).sqrt() * noise
    ### END SOLUTION


# %% hints="add_noise"
r"""
`kept[t]` has the shape (N,). Which of the four axes of x0 does it belong to, and which one would broadcasting give it?

Look up one share for each picture, and give it three more axes of size 1. Then write the formula down.

`share = kept[t].reshape(-1, 1, 1, 1)`, then `share.sqrt() * x0 + (1 - share).sqrt() * noise`.
"""

# %% idea="add_noise"
r"""
A tensor as index looks up one entry for each picture.
Broadcasting lines shapes up from the right, so the share needs three axes of size 1 behind its own.
The squares of the two factors add up to 1: if x0 has the variance 1, so has what comes out.
"""

# %% check="add_noise" points=3

# %%
if ready(kept_share, add_noise):
    x0 = 2 * test_images - 1  # the scale from −1 to 1, on which 0 is middle grey
    chosen = [int((test_labels == digit).nonzero()[0]) for digit in (3, 8, 5)]
    shown_steps = (0, 5, 10, 15, 20, 25, 30, 40, 50)
    noise = torch.randn(3, 1, 8, 8, generator=torch.Generator().manual_seed(3))
    states = torch.stack(
        [add_noise(x0[chosen], torch.full((3,), t), noise, kept) for t in shown_steps]
    )
    plots.show(
        denoising_strip(states, range(len(shown_steps)), [f"t = {t}" for t in shown_steps]),
        alt="Three digits, 3, 8 and 5, after 0, 5, 10 … 50 steps. Up to about step 20 they can be read; at 30 "
        "there are only hints; at 50 pure noise.",
    )

# %% [markdown]
r"""
In this picture the digits can be made out up to about step 20; there 65 % of their variance is kept.
(The digits are scaled to −1…1, so that they lie on both sides of 0, as the noise does.)

## 5 · From noise to picture

The net gets three things: the noisy picture, the step t, and a **word**, which digit it is.
It answers with the noise that it sees.

It is a U-Net again, for 8×8 pixels, with two skips and 79,009 parameters.
Step and word become 32 numbers; each block works out from them one number for each of its maps, and adds it.
One more shortcut leads around the whole net: its answer starts from the noisy picture itself, and the later the step, the less there is to add.

It learns by a simple game.
Take a digit, draw t and noise, make the noisy picture, ask, compare.
We made the noise, so we know the right answer: a **self-supervised** task (자기지도 학습), as in notebook 1.
"""


# %% exercise="noise_loss" stars=2 objective="diffusion" minutes=5
def noise_loss(model, x0, words, t, noise, kept):
    """How badly a net finds the noise: the mean squared difference over *all* numbers.

    model(x, t, words) → the noise that it sees in x, the shape of x.
    x0, noise: shape (N, C, H, W); words: (N,), which digit each picture shows; t: (N,), how many
    steps each picture is to go; kept: shape (T + 1,).
    The net is shown the pictures after t steps, with this noise. It is asked for the noise.
    Returns a tensor without dimensions.

    With kept = (1, 0.64), one pixel x0 = 1, noise = 2, t = 1, and a net that answers half of what
    it sees:  x = 0.8 + 1.2 = 2, answer 1, loss (1 − 2)² = 1
    """
    ### BEGIN SOLUTION
    predicted = model(add_noise(x0, t, noise, kept), t, words)
    return (predicted - noise).square().mean()
    ### END SOLUTION


# %% hints="noise_loss"
r"""
The net must not see x0, and it must not see the noise alone. What does it see, and what is its answer compared with?

Make the noisy pictures with your `add_noise`; ask the model with them, the steps and the words; take the mean of the squared differences between its answer and the noise.

`predicted = model(add_noise(x0, t, noise, kept), t, words)`; then `(predicted - noise).square().mean()`, or `F.mse_loss`.
"""

# %% idea="noise_loss"
r"""
Everything random comes in from outside, so the loss is a plain function of its arguments.
The net is told t, because a little noise and much noise look different; and the word, so that it can be asked for a digit later.
"""

# %% check="noise_loss" points=3

# %% [markdown]
r"""
Now it learns: fifty times through the 1,347 digits, each time with other steps and other noise.
That takes a quarter of a minute on a good computer, and a minute or more on a slow one; read on.

The course's `train_denoiser` does the loop that you know, with two additions: the learning rate rises and falls again, and what is kept at the end are not the last weights but a *running average* of them.

(Should your training fail, go on with the course's net: `net = painter()`.)
"""

# %%
if ready(kept_share, add_noise, noise_loss):
    net = denoiser(seed=0)
    losses = train_denoiser(
        net,
        2 * images - 1,
        labels,
        lambda net, x0, words, t, noise: noise_loss(net, x0, words, t, noise, kept),
        steps=T,
        progress=False,
    )
    print(
        "loss of epochs 1, 2, 5, 10, 50:",
        ", ".join(f"{losses[n - 1]:.3f}" for n in (1, 2, 5, 10, 50)),
    )

    x0 = 2 * test_images - 1
    noise = torch.randn(x0.shape, generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        for t in (2, 10, 25, 40, 50):
            steps = torch.full((len(x0),), t)
            right = noise_loss(net, x0, test_labels, steps, noise, kept)
            wrong = noise_loss(net, x0, (test_labels + 1) % 10, steps, noise, kept)
            print(f"t = {t:2}: loss {right:.3f}; told the wrong digit {wrong:.3f}")

# %% [markdown]
r"""
An answer of 0 everywhere would have a loss of 1, because the noise has variance 1.
Two things in the table are worth a thought.

- **The word helps**: at t = 25 and at t = 40 the wrong word makes the loss two and a half times as large. The net was only asked for noise, and has learned how the digits differ.
- **At t = 50 the loss is 0.000**, and that is no feat: what the net sees there *is* the noise, and its shortcut hands it on. A little noise on a nearly clean picture, at t = 2, is harder to make out.

### One step back

If the net sees the noise, why not take all of it away at once, and have the picture?
At t = 50 that would mean to divide by √kept[50], which is 0.001: the smallest error of the net would become a thousand times as large.
And the best guess there would be the *mean* of all digits that it might be: a blur.
So go back one small step: take a little of the noise away, and look again.

The forward process is known, so the step back can be worked out.
We take the result as it stands in the paper, with α = kept[t] / kept[t−1] and β = 1 − α for this one step:

$$\text{mean} = \frac{1}{\sqrt\alpha}\left(x - \frac{\beta}{\sqrt{1-\text{kept}[t]}}\,\text{predicted}\right) \qquad \text{variance} = \beta\,\frac{1-\text{kept}[t-1]}{1-\text{kept}[t]}$$

and x after t − 1 steps is the mean plus √variance times *fresh* noise.
**Guess** what happens without the fresh noise; we shall try.
"""


# %% exercise="denoise_step" stars=3 objective="diffusion" minutes=8
def denoise_step(x, t, predicted, kept, fresh):
    """One step back, from x after t steps to x after t − 1 (Ho, Jain and Abbeel 2020).

    x: pictures after t steps, shape (N, C, H, W); t: one whole number from 1 to T;
    predicted: the noise that the net sees in x; fresh: new standard normal noise; both the shape
    of x; kept: shape (T + 1,), with kept[0] = 1.

    α = kept[t] / kept[t−1],  β = 1 − α
    mean     = (x − β / √(1 − kept[t]) · predicted) / √α
    variance = β · (1 − kept[t−1]) / (1 − kept[t])
    Returns mean + √variance · fresh; at t = 1 nothing fresh is left in it.

    With kept = (1, 0.64, 0.36), t = 2, x = 1, predicted = 0.8 and fresh = 1:  1.2461
    #   α = 9/16, β = 7/16;  mean (1 − 7/16) / (3/4) = 3/4;  variance 7/16 · 9/16 = 0.4961²
    """
    ### BEGIN SOLUTION
    alpha = kept[t] / kept[t - 1]
    beta = 1 - alpha
    mean = (x - beta / (1 - kept[t]).sqrt() * predicted) / alpha.sqrt()
    variance = beta * (1 - kept[t - 1]) / (1 - kept[t])
    return mean + variance.sqrt() * fresh
    ### END SOLUTION


# %% hints="denoise_step"
r"""
Go forward first: how does x after t steps come from x after t − 1 steps? Which of the two factors there does the division by √α undo?

Five lines, in the order of the docstring: α, β, mean, variance, and the sum. t is one number, so everything that comes from `kept` is one number, too.

`alpha = kept[t] / kept[t - 1]`; `mean = (x - (1 - alpha) / (1 - kept[t]).sqrt() * predicted) / alpha.sqrt()`; `variance = (1 - alpha) * (1 - kept[t - 1]) / (1 - kept[t])`; and mind that the *root* of the variance multiplies the fresh noise.
"""

# %% idea="denoise_step"
r"""
The mean takes away a share of the noise that the net sees, and scales the rest up again.
The fresh noise brings back as much spread as pictures have after t − 1 steps: the net cannot know the one right picture, so it takes one of the possible ones.
At t = 1 the factor 1 − kept[0] is 0, and the variance with it: no case of its own is needed.
"""

# %% check="denoise_step" points=5


# %% exercise="draw_digits" stars=2 objective="diffusion" minutes=7
def draw_digits(model, words, kept, noise):
    """Draw pictures out of noise, one for each word.

    model(x, t, words) → the noise that it sees in x; t: shape (N,), whole numbers (int64).
    words: shape (N,), the digits that are wanted; kept: shape (T + 1,);
    noise: shape (T + 1, N, 1, H, W), standard normal numbers: noise[T] is where it begins, and
    noise[t − 1] is the fresh noise of the step from t to t − 1, for t = T, T − 1 … 1.
    Returns pictures (N, 1, H, W), without gradients: after the last step, x from −1…1 becomes
    brightness from 0 to 1, and what lies outside is cut off.
    A hidden check draws 100 digits with the course's net and asks for an accuracy of at least 0.85,
    a distance to the nearest training digit of at least 0.95, and a diversity of at least 0.75.

    With T = 1, kept = (1, 0.64), noise[1] = 1 and a net that sees the noise 0.5 everywhere, x
    becomes (1 − 0.6 · 0.5) / 0.8 = 0.875, and the brightness (0.875 + 1) / 2 = 0.9375
    """
    ### BEGIN SOLUTION
    T = len(kept) - 1
    x = noise[T]
    with torch.no_grad():
        for t in range(T, 0, -1):
            steps = torch.full((len(x),), t, device=x.device)
            predicted = model(x, steps, words)
            x = denoise_step(x, t, predicted, kept, noise[t - 1])
    return ((x + 1) / 2).clamp(0, 1)
    ### END SOLUTION


# %% hints="draw_digits"
r"""
How many steps are there from noise[T] to the picture, and which entry of `noise` is used in the very last one?

Begin with x = noise[T]. Count t down from T to 1: ask the model for the noise in x, with t repeated for every picture; take one `denoise_step` with noise[t − 1]. At the end bring −1…1 to 0…1 and cut.

`for t in range(T, 0, -1):`, `steps = torch.full((len(x),), t, device=x.device)`, `x = denoise_step(x, t, model(x, steps, words), kept, noise[t - 1])`; all in `torch.no_grad()`; at the end `((x + 1) / 2).clamp(0, 1)`.
"""

# %% idea="draw_digits"
r"""
The net is asked once for every step, and each time for all the pictures at once.
t goes in twice: as one number into your step, and once for each picture into the net.
Only the finished picture is cut to 0…1; cutting x on the way would change what the net sees.
"""

# %% check="draw_digits" points=4

# %% [markdown]
r"""
Ten words, four times, out of pure noise.
"""

# %%
if ready(kept_share, add_noise, noise_loss, denoise_step, draw_digits):
    words = torch.arange(10).repeat(4)
    noise = torch.randn(T + 1, 40, 1, 8, 8, generator=torch.Generator().manual_seed(5))
    states = []
    hook = net.register_forward_pre_hook(lambda model, given: states.append(given[0]))
    finished = draw_digits(net, words, kept, noise)
    hook.remove()
    states = torch.stack([*states, 2 * finished - 1])  # what the net was shown, and the end
    plots.show(
        plots.gallery(list(finished[:, 0]), [WORDS[word] for word in words], columns=10),
        alt="Forty digits in four rows, drawn from noise for the words zero to nine: most can be "
        "read as what was asked for, a few as another digit; those of one word differ in shape and "
        "slant.",
    )

# %%
if ready(kept_share, add_noise, noise_loss, denoise_step, draw_digits):
    columns = (0, 10, 20, 25, 30, 35, 40, 45, 50)
    plots.show(
        denoising_strip(
            states[:, [23, 28, 25]],
            columns,
            [f"{T - k} left" for k in columns],
            [WORDS[digit] for digit in (3, 8, 5)],
        ),
        alt="Three rows, for the words three, eight and five, from noise on the left to a digit on "
        "the right. With 25 steps left the digit begins to show, with 10 left it is there.",
    )
    plots.show(
        widgets.diffusion_steps_figure(states[:, 20:26], T // 2, kept),
        alt=widgets.diffusion_steps_text(states[:, 20:26], T // 2, kept),
    )

# %% [markdown]
r"""
Here are the words zero to five of the third row, half-way.
Move through the steps yourself:

1. At which step do you know which digit it will be? (The net was told before the first.)
2. Where do the pictures come nearest to the finished ones with each step: at the beginning, in the middle, or at the end? The widget's sentence gives the distance.
"""

# %%
if ready(kept_share, add_noise, noise_loss, denoise_step, draw_digits):
    display(widgets.diffusion_steps(states[:, 20:26], kept))

# %% [markdown]
r"""
With these six, every five steps bring a pixel roughly 0.1 nearer, from the first to the last: no part of the walk is idle.

Now the three numbers, and the promised experiment: the same walk with zeros in place of the fresh noise.
"""

# %%
if ready(kept_share, add_noise, noise_loss, denoise_step, draw_digits):
    words = torch.arange(10).repeat(20)
    noise = torch.randn(T + 1, 200, 1, 8, 8, generator=torch.Generator().manual_seed(6))
    calm = noise.clone()
    calm[:T] = 0  # only the beginning is random
    judged["diffusion"] = sample_quality(draw_digits(net, words, kept, noise), words)
    judged["no fresh noise"] = sample_quality(draw_digits(net, words, kept, calm), words)
    print("                    accuracy   nearest   diversity")
    for name, quality in judged.items():
        print(
            f"{name:18} {quality['accuracy']:9.0%} {quality['nearest']:9.2f} {quality['diversity']:11.2f}"
        )

# %% [markdown]
r"""
Our digits do well in all three: recognised nearly as often as real ones, no copies, and different from each other.
Their distance, 1.14, is a little more than that of real digits: now and then a stroke is where nobody would put it.
Look at the forty again: which of them could *you* not read?

And the last row? *All* its digits are recognised, and each three is the same three, whatever the noise was at the beginning.
It is the averager once more.
At t = 50 hardly anything of the picture is left, so the first step back has nothing to go by and all but forgets where it began: what it keeps of x is 3 %.
Nearly all variety comes from the *fresh* noise on the way.
Without it all walks for one word end at one picture.
The classifier alone would have ranked it above ours, and level with the copier.

Nobody told the net that a three has two bows.
It was told the word while it looked for noise, and found that it helps.
Many systems that draw from whole sentences work in this way: in place of our ten words they have a net that reads the sentence, and in place of 64 pixels often a picture's *code*, made by an autoencoder.

## 6 · The family so far

| net | encoder | decoder | purpose |
|---|---|---|---|
| autoencoder | linear layers or convolutions, down to a code | its mirror image | make small, restore, find the unusual |
| U-Net | convolutions and pooling; its maps are kept | transposed convolutions, with the kept maps beside | a picture for a picture: masks, restoration |
| VAE | gives a cloud for each picture, not a point | practised on all of the clouds | draw new pictures from random codes |
| diffusion | none is learned: noise is added by a rule | a U-Net that finds the noise, asked T times | draw pictures from noise, told by a word |

Two things run through all four rows.
Something is made small, or spoiled, and a net learns to make a picture out of it.
And the *loss* says what for: the plain autoencoder and the VAE of part 3 have the very same layers.

## What next

- The **third notebook** completes the family with nets for sequences: attention, a translator from English to Korean, masked pictures, and a pocket version of the net that draws what a word says.
- **Lesson 07** derives the VAE's loss, and has eleven kinds of autoencoder in all.
- To read on: Ronneberger, Fischer and Brox, *U-Net: Convolutional Networks for Biomedical Image Segmentation* (2015); Kingma and Welling, *Auto-Encoding Variational Bayes* (2014); Ho, Jain and Abbeel, *Denoising Diffusion Probabilistic Models* (2020); Nichol and Dhariwal, *Improved Denoising Diffusion Probabilistic Models* (2021).
"""

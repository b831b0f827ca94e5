# ---
# title: "CNN history, part 2: deeper, measured, re-used"
# title_ko: CNN의 역사 2
# minutes: 115
# objectives:
#   gradients: measure how far the gradient reaches into a deep net, and say what a shortcut changes
#   residual: build residual blocks and a ResNet of any depth, and count it
#   small_versions: compare nets by accuracy, parameters and multiply–adds, and say what the comparison cannot show
#   transfer: adapt a trained net to new classes from few labels, and compare it with honest rivals
#   limits: name what CNNs are good and bad at, each with a number
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · More layers, a worse net | 16 | `gradient_norms` |
| 2 · The shortcut | 18 | `BasicBlock` |
| 3 · ResNet | 19 | `Bottleneck`, `resnet` |
| 4 · Myth check | 5 | |
| 5 · Five small nets, side by side | 13 | `worth_taking` |
| 6 · A net that has learned already | 19 | `adapt` |
| 7 · Good at, bad at | 10 | `layers_to_see` |
| 8 · Weekly paper | 15 | an essay |

This notebook stands on its own: nothing from the first one has to be loaded.
Some cells train several nets, for ten to forty seconds each. Read on while they work.
"""

# %%
import math

import torch
import torch.nn.functional as F
from torch import nn

from utils import check, data, hint, idea, plots, quiz, start
from utils.demo import ready
from utils.drawings.depth import (
    accuracy_against_cost,
    by_labels,
    frozen_and_new,
    norms_by_layer,
    two_blocks,
)
from utils.nets.blueprint import blueprint
from utils.nets.known import fill_weights
from utils.nets.small import perceptron, tower
from utils.nets.small_historic import (
    enlarged_digits,
    small_alexnet,
    small_googlenet,
    small_lenet,
    small_residual,
    small_vgg,
    straight_line,
)
from utils.nets.transfer import digit_net, few_new_digits, new_digits, old_digits, trained_net
from utils.training import accuracy, train

start("05_cnn_history")

# %% [markdown]
r"""
## 1 · More layers, a worse net

1998: 5 layers with weights that follow one another. 2012: 8. 2014: 19, and 22. Every few years the best nets were deeper than those before them.
So why not take a hundred layers, and be done with it?

We try it on our 8×8 digits. `tower(layers)` is a plain stack: 3×3 convolutions of 16 channels, each with a batch normalisation and a ReLU, then the mean over all places, then one linear layer. Two towers, one of 8 layers and one of 32, get the same data and the same six epochs.

**Guess:** which of the two gets more of the *training* digits right? And by how much?
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")
right = {}


def raise_tower(layers, skips):
    """Train a tower of so many layers and keep its accuracies under its name."""
    net = tower(layers, 16, skips=skips, norm=True, seed=0)
    train(net, (images, labels), epochs=6, lr=1e-3, progress=False)
    name = f"{layers} layers, {'with shortcuts' if skips else 'plain'}"
    right[name] = accuracy(net, images, labels), accuracy(net, test_images, test_labels)
    return name


for layers in (8, 32):
    name = raise_tower(layers, skips=False)
    print(
        f"{name}: {right[name][0]:.0%} of the training digits, {right[name][1]:.0%} of the test digits"
    )

# %% [markdown]
r"""
The deeper net is far worse, and on the digits that it *learned from*.

That rules out the usual suspect. **Over-fitting** (과적합) means being good on the training digits and bad on others. This net is bad on both.

Nor is it unable. Take the 8-layer net and put 24 layers behind its convolutions, before the mean, that pass on what they get. A kernel with a 1 in its middle does that; a normalisation in eval() mode does, with mean 0 and variance 1 (but for its tiny eps); and a ReLU leaves numbers alone that are not negative. So there *are* weights with which 32 layers do as well as 8.
"""

# %%
pass_on = torch.zeros(16, 16, 3, 3)
pass_on[range(16), range(16), 1, 1] = 1
maps = torch.rand(2, 16, 8, 8, generator=torch.Generator().manual_seed(0))
x = maps
for _ in range(24):
    x = F.conv2d(x, pass_on, padding=1).relu()
print("24 further layers, largest change:", (x - maps).abs().max().item())

# %% [markdown]
r"""
The weights exist, and training does not find them. The authors of ResNet called this **degradation** (성능 저하): on another set of small pictures their plain net of 56 layers made more *training* errors than the one of 20.

Training follows the gradient. So look at the gradient: how much of it arrives at each layer?
"""


# %% exercise="gradient_norms" stars=2 objective="gradients" minutes=6
def gradient_norms(model, images, labels):
    """How large the gradient of the loss is at each weight of a net.

    model: a net from images (N, …) to class scores (N, classes), in whichever mode it is;
    labels: shape (N,), the right classes.
    Returns a list of numbers: for each parameter with two axes or more (so without biases and
    the numbers of a normalisation), in the order of `model.parameters()`, the square root of the
    sum of the squares of its gradient. The loss is the mean cross-entropy over the N images, nats.

    Gradients that the net held before do not count, and it holds none afterwards.

    gradient_norms(perceptron(2, 2), tensor([[3., 4.], [1., 0.]]), tensor([0, 0]))  →  [2.0]
    #   all weights 0, so both classes have the chance ½: the rows are −½·(2, 2) and ½·(2, 2),
    #   (2, 2) being the mean of the inputs; √(1 + 1 + 1 + 1) = 2
    """
    ### BEGIN SOLUTION
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    weights = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    norms = [weight.grad.norm().item() for weight in weights]
    model.zero_grad()
    return norms
    ### END SOLUTION


# %% hints="gradient_norms"
r"""
After `loss.backward()`, where does torch keep the gradient of a weight? And what does it do when there is one already?

Wipe the old gradients, work out the loss, go back. Then walk through `model.parameters()`, leave out those with fewer than two axes, and take the norm of each `.grad`. Wipe again at the end.

`model.zero_grad()` wipes. For one weight p, `p.grad.norm().item()` is the number that is wanted, and `p.dim() > 1` tells a weight from a bias. Keep the list in a variable: the second wiping comes before the `return`.
"""

# %% idea="gradient_norms"
r"""
`backward()` *adds* to what is there, so the old gradients are wiped first; and they are wiped again at the end, so that nobody's next step is taken with ours.
The norms are plain numbers before that: `.item()`.
The parameters with one axis are biases and the scales of normalisations; a weight has at least two.
"""

# %% check="gradient_norms" points=4

# %%
if ready(gradient_norms):
    batch = images[:256], labels[:256]
    norms = {
        "plain, without normalisation": gradient_norms(tower(32, 16), *batch),
        "plain, with normalisation": gradient_norms(tower(32, 16, norm=True), *batch),
    }
    for name, values in norms.items():
        per_layer = (values[1] / values[30]) ** (1 / 29)  # layer 1 is smaller than the others
        print(
            f"{name:29} layer 2: {values[1]:.1e}   layer 31: {values[30]:.1e}   × {per_layer:.2f} a layer"
        )
    plots.show(
        norms_by_layer(norms),
        alt="The gradient's norm in 32 untrained layers, on a logarithmic axis. "
        f"Without normalisation it falls in a straight line from {norms['plain, without normalisation'][30]:.0e} "
        f"at layer 31 to {norms['plain, without normalisation'][0]:.0e} at layer 1. "
        "With normalisation it rises towards layer 1, more than tenfold.",
    )

# %% [markdown]
r"""
Read it from right to left, as the gradient travels: it starts at the loss, behind layer 32.

**Without normalisation it vanishes** (기울기 소실). Each layer passes on about four tenths of what it gets. That is no accident: torch starts a weight between ±1/√n, n being the inputs of a neuron, so its mean square is 1/(3n). On the way back a gradient is a sum of n products with such weights: its mean square becomes n · 1/(3n) = 1/3 of what it was. The ReLU sets about half of the numbers to zero, which leaves 1/6. The size itself is the root: √(1/6) ≈ 0.41. Thirty layers of that leave nothing that a step of any sensible size could use.

**With normalisation it explodes** (기울기 폭발), gently: it grows by about a sixth a layer, which from layer 31 to layer 2 makes a factor of about ninety. With plain gradient descent no step would suit all layers. Adam, which trains our towers, evens the sizes out (lesson 04), and the net is bad all the same: the size is a symptom, and not the whole illness.

So normalisation saves the plain net from standing still: without it, the same six epochs leave 10 % of the digits right, which is guessing. It does not make it as good as eight layers.

## 2 · The shortcut

If most layers of a deep net should hardly change anything, then make *that* easy. This is the whole idea of 2015:

$$y = x + F(x)$$

Two layers, F, no longer have to produce what is wanted. They produce what is *missing*: the wanted minus what is there, the **residual** (잔차). To do nothing, they need only give zero.
The line that carries x past them is the **shortcut** (지름길 연결), also called a skip connection.

Going back, the sum has the slope 1 + F′(x). However small F′ is, the 1 stays: there is always a way for the gradient that no weight has made smaller. (In the blocks of 2015 a ReLU follows the sum, and stops it only where the sum is negative.)
"""

# %%
plots.show(
    two_blocks(),
    alt="Two diagrams, read from top to bottom. Basic block: x goes through a 3×3 convolution, norm, "
    "ReLU, a second 3×3 convolution and a norm; a thick line leads x past them to a plus, and a "
    "ReLU follows the sum. Bottleneck, with 256 channels: 1×1 down to 64, 3×3, 1×1 up to 256, "
    "and the same line past all three.",
)

# %% [markdown]
r"""
The left one is the **basic block**; the right one waits for part 3.

One thing can go wrong: the sum needs two tensors of one shape. Where the block halves the maps or changes their number, x does not fit any more. Then the shortcut gets a convolution after all, the smallest there is: 1×1, with the block's stride, and a normalisation.
"""


# %% exercise="BasicBlock" stars=3 objective="residual" minutes=10
class BasicBlock(nn.Module):
    """A residual block (잔차 블록) of two 3×3 convolutions.

    C_in, C_out: channels that come in and go out; S: stride of the first convolution.
    (N, C_in, H, W) → (N, C_out, ⌊(H−1)/S⌋ + 1, ⌊(W−1)/S⌋ + 1)

    relu( bn2(conv2( relu(bn1(conv1(x))) ))  +  shortcut(x) )

    Its parts have these names:
    conv1: 3×3, stride S, padding 1;  conv2: 3×3, stride 1, padding 1;  both without a bias;
    bn1, bn2: nn.BatchNorm2d;
    shortcut: nn.Identity() where C_in = C_out and S = 1; otherwise nn.Sequential of
    a 1×1 convolution with stride S, without a bias, and an nn.BatchNorm2d.

    BasicBlock(3, 4, S=2)(torch.zeros(1, 3, 5, 7)).shape  →  (1, 4, 3, 4)
    #   parameters: 4·3·9 + 4·4·9 + 4·3 + 3·(4 + 4) = 288
    """

    def __init__(self, C_in, C_out, S=1):
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_out)
        self.conv2 = nn.Conv2d(C_out, C_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if C_in != C_out or S != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))
        ### END SOLUTION


# %% hints="BasicBlock"
r"""
Which of the two ways through the block can be written without thinking, and when do the two results not have the same shape?

In `__init__` make the five parts; the shortcut is `nn.Identity()` unless the stride is not 1 or the channels change. In `forward` go through conv1, bn1, ReLU, conv2, bn2; add the shortcut of the *input*; the last ReLU comes after the sum.

`self.conv1 = nn.Conv2d(C_in, C_out, 3, stride=S, padding=1, bias=False)`, `self.bn1 = nn.BatchNorm2d(C_out)` and so on; the other shortcut is `nn.Sequential(nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out))`. In forward: `out = F.relu(self.bn1(self.conv1(x)))`, `out = self.bn2(self.conv2(out))`, `return F.relu(out + self.shortcut(x))`.
"""

# %% idea="BasicBlock"
r"""
Two ways lead through the block: two convolutions, and the shortcut.
The shortcut does nothing where it can; where the sum would not fit, a 1×1 convolution with the same stride brings x to the right size.
A bias would be taken away again by the normalisation behind it, so the convolutions have none.
The last ReLU stands behind the sum. If it stood before, nothing negative could come out of the two layers: they could only add to x, and never take anything away.
"""

# %% check="BasicBlock" points=5

# %%
if ready(BasicBlock):
    block = BasicBlock(16, 16).eval()
    nn.init.zeros_(block.bn2.weight)  # nothing comes out of the two layers any more
    print("a block that adds nothing, largest change:", (block(maps) - maps).abs().max().item())
    halving = BasicBlock(16, 32, S=2)
    print("halving:", tuple(maps.shape), "→", tuple(halving(maps).shape))

# %% [markdown]
r"""
*Nothing* is now easy to reach: set the scales of the last normalisation to zero, one for each channel. (Some libraries start all their blocks like that.)

**Guess:** put the shortcuts into the tower of 32 layers, with the same weights at the start. Where does its curve run?
"""

# %%
if ready(gradient_norms):
    deep = {
        "plain": norms["plain, with normalisation"],
        "with shortcuts": gradient_norms(tower(32, 16, skips=True, norm=True), *batch),
    }
    for name, values in deep.items():
        print(f"{name:15} layer 2: {values[1]:.2f}   layer 31: {values[30]:.2f}")
    plots.show(
        norms_by_layer(deep),
        alt="The two towers with normalisation. Plain, the gradient's norm rises from "
        f"{deep['plain'][30]:.1f} at layer 31 to {deep['plain'][1]:.0f} at layer 2. With shortcuts it "
        f"stays between {min(deep['with shortcuts'][:31]):.1f} and "
        f"{max(deep['with shortcuts'][:31]):.1f} in the first 31 layers.",
    )

# %% [markdown]
r"""
With shortcuts the curve is far flatter: between layer 31 and layer 2 it grows about fivefold, in place of ninetyfold. Only the last layer, which has no shortcut, stands apart. Whether that makes a better net is measured in part 4.

## 3 · ResNet

The basic block has two 3×3 layers. With 256 channels these are dear. The **bottleneck** (병목) block squeezes first: 1×1 down to a quarter, 3×3 there, 1×1 up again.

**Guess:** how many times fewer weights is that?
"""

# %%
wide = 2 * 256 * 256 * 9
narrow = 256 * 64 + 64 * 64 * 9 + 64 * 256
print(f"two 3×3 layers of 256 channels: {wide:9,} weights")
print(f"1×1, 3×3, 1×1 through 64:       {narrow:9,} weights, {wide / narrow:.0f} times fewer")

# %% [markdown]
r"""
(You know the trick from GoogLeNet: a 1×1 convolution in front of a dear one.)
"""


# %% exercise="Bottleneck" stars=2 objective="residual" minutes=6
class Bottleneck(nn.Module):
    """A residual block that squeezes (병목), convolves, and widens again.

    C_in: channels that come in; C_mid: channels in the middle; 4·C_mid go out;
    S: stride of the 3×3 convolution.
    (N, C_in, H, W) → (N, 4·C_mid, ⌊(H−1)/S⌋ + 1, ⌊(W−1)/S⌋ + 1)

    relu( bn3(conv3( relu(bn2(conv2( relu(bn1(conv1(x))) ))) ))  +  shortcut(x) )

    conv1: 1×1, C_in → C_mid;  conv2: 3×3, stride S, padding 1;  conv3: 1×1, C_mid → 4·C_mid;
    none has a bias. bn1, bn2, bn3: nn.BatchNorm2d. shortcut: as in BasicBlock, where
    C_in = 4·C_mid and S = 1 an nn.Identity(), otherwise a 1×1 convolution and an nn.BatchNorm2d.

    Bottleneck(8, 2)(torch.zeros(1, 8, 5, 7)).shape  →  (1, 8, 5, 7)
    #   parameters: 8·2 + 2·2·9 + 2·8 + 2·(2 + 2 + 8) = 92
    """

    def __init__(self, C_in, C_mid, S=1):
        super().__init__()
        ### BEGIN SOLUTION
        C_out = 4 * C_mid
        self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(C_mid)
        self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(C_mid)
        self.conv3 = nn.Conv2d(C_mid, C_out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(C_out)
        self.shortcut = nn.Identity()
        if C_in != C_out or S != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(C_in, C_out, 1, stride=S, bias=False), nn.BatchNorm2d(C_out)
            )
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        return F.relu(out + self.shortcut(x))
        ### END SOLUTION


# %% hints="Bottleneck"
r"""
What has to change in your `BasicBlock`, and how many channels go out of this one?

Three convolutions in place of two: 1×1, 3×3, 1×1. The stride and the padding belong to the one in the middle. The shortcut compares C_in with 4·C_mid.

`C_out = 4 * C_mid`; `self.conv1 = nn.Conv2d(C_in, C_mid, 1, bias=False)`, `self.conv2 = nn.Conv2d(C_mid, C_mid, 3, stride=S, padding=1, bias=False)`, `self.conv3 = nn.Conv2d(C_mid, C_out, 1, bias=False)`, each with its normalisation. ReLU follows bn1, bn2 and the sum, not bn3.
"""

# %% idea="Bottleneck"
r"""
The dear layer is the 3×3 one, so it works on few channels: a 1×1 convolution squeezes them before it, and another widens them after it.
The stride sits in the 3×3 layer. (The paper put it into the first 1×1 layer, which then skips three quarters of the places; many libraries moved it, and so do we.)
All else is the basic block again: no biases, a ReLU behind the sum.
"""

# %% check="Bottleneck" points=4

# %% [markdown]
r"""
Now the whole net. A **stem** makes each side of the picture four times shorter. Then four **stages** of blocks follow; from stage to stage the maps halve and the channels double. At the end there is the mean over all places, and *one* linear layer.
"""


# %% exercise="resnet" stars=2 objective="residual" minutes=8
def resnet(counts, classes=1000):
    """A residual net built from your Bottleneck.

    counts: four whole numbers from 1 on, the blocks in each stage; classes: scores that come out.
    Returns a net from pictures (N, 3, H, W) to scores (N, classes), which is in order:

    stem:   7×7 convolution, 64 filters, stride 2, padding 3, no bias; BatchNorm2d; ReLU;
            max pooling 3×3, stride 2, padding 1
    stages: counts[0] blocks with C_mid = 64, counts[1] with 128, counts[2] with 256,
            counts[3] with 512; the *first* block of the second, third and fourth stage has S = 2
    end:    mean over all places, one linear layer

    resnet((3, 4, 6, 3))  →  ResNet-50, 25,557,032 parameters
    #   1 + 3·(3 + 4 + 6 + 3) + 1 = 50 layers with weights, shortcuts not counted
    """
    ### BEGIN SOLUTION
    layers = [
        nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1),
    ]
    C_in = 64
    for stage, count in enumerate(counts):
        C_mid = 64 * 2**stage
        for number in range(count):
            S = 2 if stage > 0 and number == 0 else 1
            layers.append(Bottleneck(C_in, C_mid, S))
            C_in = 4 * C_mid
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(C_in, classes)]
    return nn.Sequential(*layers)
    ### END SOLUTION


# %% hints="resnet"
r"""
How many channels reach the first block of all, the second block, and the first block of the second stage?

Collect the layers in a list: the stem, then two loops, one over the stages and one over the blocks of a stage, then the end. Keep a number `C_in` that is 64 at first and 4·C_mid after every block. At the end make an `nn.Sequential` of the list.

In the loops: `C_mid = 64 * 2**stage`, `S = 2 if stage > 0 and number == 0 else 1`, `layers.append(Bottleneck(C_in, C_mid, S))`, `C_in = 4 * C_mid`. Behind them `nn.AdaptiveAvgPool2d(1)`, `nn.Flatten()`, `nn.Linear(C_in, classes)`.
"""

# %% idea="resnet"
r"""
One number, `C_in`, carries the channels from block to block: 64, then 256, 512, 1,024 and 2,048.
Only the first block of a stage changes the size or the channels, so only there does the shortcut have weights.
The first stage has stride 1, because the stem has made each side four times shorter already.
The mean over all places makes the net fit pictures of any size.
"""

# %% check="resnet" points=4

# %%
if ready(Bottleneck, resnet):
    print("                 blocks   layers   parameters   multiply–adds")
    for counts in ((3, 4, 6, 3), (3, 4, 23, 3), (3, 8, 36, 3)):
        plan = blueprint(resnet, (1, 3, 224, 224), counts)
        layers = 3 * sum(counts) + 2
        print(
            f"ResNet-{layers:<3} {counts!s:>15} {layers:6} {plan['parameters']:13,} {plan['macs'] / 1e9:10.2f} billion"
        )

vgg16, side, C_in = 0, 224, 3
for entry in (64, 64, "M", 128, 128, "M", *(256,) * 3, "M", *(512,) * 3, "M", *(512,) * 3):
    if entry == "M":
        side //= 2
    else:
        vgg16, C_in = vgg16 + side**2 * 9 * C_in * entry, entry
vgg16 += 7 * 7 * 512 * 4096 + 4096 * 4096 + 4096 * 1000
print(f"for comparison: VGG-16, 16 layers,  138,357,544 {vgg16 / 1e9:10.2f} billion")

# %% [markdown]
r"""
So "~60 M" is ResNet-152: 60,192,808 parameters, and the popular figure should say so: ResNet-50 has less than half of that.
And 152 layers cost *less* work than the 16 of VGG, with less than half of the parameters: narrow 3×3 layers, a strong stem, no heavy linear layers at the end.

One more case of *which version*. The paper prints 3.8 billion for ResNet-50, and we count 4.09. The paper puts the stride of a bottleneck into its first 1×1 layer, which makes it 3.86 billion (and ResNet-152 11.28, where the paper prints 11.3); there three quarters of the places are never looked at (lesson 03: a stride larger than the window). Many libraries moved the stride to the 3×3 layer, as you did. The parameters are the same.

## 4 · Myth check

> "The deeper the net, the better."

Part 1 has two of the four numbers. Here are the other two: the same towers, the same weights at the start, the same six epochs, with shortcuts.
"""

# %%
for layers in (8, 32):
    raise_tower(layers, skips=True)
for name, (seen, unseen) in right.items():
    print(f"{name:27} {seen:4.0%} of the training digits, {unseen:4.0%} of the test digits")

# %% [markdown]
r"""
**The claim is false as it stands.** Depth by itself made the plain net worse. With shortcuts the 32 layers are as good as the 8, and no longer a danger.

But look again: they are not *better*, either. Eight layers are enough for digits of 8×8 pixels. What a shortcut buys is that more layers *may* help, where the task is hard enough. The authors showed that it does: on another set of small pictures, of 32×32, 110 layers made fewer test errors than 20, and on a million photographs 152 made fewer than 50.

(One start and six epochs for each. With another start, and the batches in another order, the four test numbers were 88 %, 46 %, 93 % and 91 %. So they move by up to five points; the gap at 32 layers is more than forty.)

## 5 · Five small nets, side by side

> "The newer the net, the better. And the more parameters."

LeNet, AlexNet, VGG, GoogLeNet, ResNet: seventeen years of ideas.
The full nets would take days here. So we take small versions: each keeps what made its big sister known, in a size that trains in seconds, on the digits enlarged to 16×16. The fifth is made of your `BasicBlock`. The sixth is a rival without any convolution: ten perceptrons.

**Guess** the order before you run the cell: by parameters, by multiply–adds, by accuracy.
"""

# %%
makers = {
    "perceptrons": straight_line,
    "LeNet": small_lenet,
    "AlexNet": small_alexnet,
    "VGG": small_vgg,
    "GoogLeNet": small_googlenet,
}
if ready(BasicBlock):
    makers["ResNet"] = lambda: small_residual(BasicBlock)
large, large_test = enlarged_digits("train"), enlarged_digits("test")
rows, trained = {}, {}
for name, make in makers.items():
    plan = blueprint(make, (1, 1, 16, 16))
    torch.manual_seed(0)
    trained[name] = make()
    history = train(trained[name], large, epochs=10, lr=3e-3, progress=False)
    rows[name] = plan["parameters"], plan["macs"], accuracy(trained[name], *large_test)
    print(
        f"{name:12} {plan['parameters']:8,} parameters {plan['macs']:10,} multiply–adds "
        f"{rows[name][2]:6.1%} of the test digits {history.seconds:5.1f} s"
    )

# %%
plots.show(
    accuracy_against_cost(rows, count=450),
    alt="Two scatter plots of test accuracy with error bars, against parameters and against "
    "multiply–adds, on logarithmic axes. "
    + "; ".join(
        f"{name}: {cost:,} parameters, {work:,} multiply–adds, {share:.0%}"
        for name, (cost, work, share) in rows.items()
    )
    + ". Neither picture shows a rising line.",
)

# %% [markdown]
r"""
Which of them would you take? Somebody with a small computer and somebody with a large one will answer differently. But some nets nobody should take: those for which there is another that is *better and no dearer*.
"""


# %% exercise="worth_taking" stars=1 objective="small_versions" minutes=4
def worth_taking(nets):
    """The nets that no other net beats.

    nets: a dict, name → (cost, accuracy): the cost is a number of parameters or multiply–adds,
    the accuracy a share from 0 to 1.
    A net is beaten when another one costs no more and is right no less often, and is better in at
    least one of the two. Nets that are alike in both do not beat each other.

    Returns the list of the names that nobody beats, cheapest first;
    nets that are alike in both stand in the order of the dict.

    worth_taking({"A": (10, 0.90), "B": (30, 0.85), "C": (40, 0.95)})  →  ["A", "C"]
    #   B costs more than A and is right less often; C costs more than A, and is right more often
    """
    ### BEGIN SOLUTION

    def beaten(cost, accuracy):
        return any(
            (other[0] <= cost and other[1] >= accuracy) and tuple(other) != (cost, accuracy)
            for other in nets.values()
        )

    unbeaten = [name for name, (cost, accuracy) in nets.items() if not beaten(cost, accuracy)]
    return sorted(unbeaten, key=lambda name: nets[name][0])
    ### END SOLUTION


# %% hints="worth_taking"
r"""
Take the example. Who could beat B, who could beat C, and can a net beat itself?

Go through the nets, and for each through all the others. An other one beats it if its cost is no higher *and* its accuracy is no lower, but not both equal. Keep the names without such another, and sort them by their cost.

`any(c <= cost and a >= accuracy and (c, a) != (cost, accuracy) for c, a in nets.values())` says whether a net is beaten. Then `sorted(names, key=lambda name: nets[name][0])`.
"""

# %% idea="worth_taking"
r"""
A net is compared with all, also with itself; "alike in both" is left out, so it cannot beat itself, and twins do not beat each other.
`sorted` keeps the order of what is equal, so twins stay in the order of the dict.
Whoever is left over is worth a thought: for each of the others there is one that is better and no dearer. Economists call these nets the *Pareto front*.
"""

# %% check="worth_taking" points=3

# %%
if ready(worth_taking):
    for place, what in ((0, "parameters"), (1, "multiply–adds")):
        kept = worth_taking({name: (row[place], row[2]) for name, row in rows.items()})
        print(f"by {what}: {', '.join(kept)}")

# %% [markdown]
r"""
By parameters two of the six are left over, by work three. (The cheapest and the most accurate always are, unless another one equals them there and is better in the other.)

The newest net is ahead, and its lead is larger than chance: the bars are twice the standard error of 450 test digits, on which one digit is 0.2 %. All else about the claim is in trouble.

- **Ten perceptrons keep up.** They are level with LeNet; AlexNet and GoogLeNet are three points lower, where the bars still overlap. On such small, centred digits a straight line is hard to beat: always measure the simple rival first.
- **Parameters do not order them.** AlexNet has the most, forty times those of the perceptrons, and is no better. GoogLeNet is level with it, with a fifth of them.
- **Neither does the work.** GoogLeNet multiplies eight times as much as LeNet.

And now be as strict with our own picture. It shows *these* nets after ten epochs, from one start, with one learning rate for all, on 8×8 digits blown up to 16×16. Deep nets without normalisation start slowly, and GoogLeNet had not finished. ResNet is the only one with batch normalisation, which did not exist before 2015: is its lead the shortcuts', or the normalisation's? Part 4 held the normalisation fixed, and there the shortcuts brought the tower of 8 layers from 90 % to 96 %. That is how to find out: change one thing at a time.
A table of nets without their training settings is an advertisement.

## 6 · A net that has learned already

A child that can tell apples from pears does not start from nothing when it meets plums. Can a net do that?

Here is one that knows the digits 0 to 4, and has never seen a 5, 6, 7, 8 or 9. Its `features`, two convolutional layers, turn a picture into 128 numbers; its `head`, one linear layer, makes five scores of them.
"""

# %%
known = trained_net()
print(f"test digits 0 to 4: {accuracy(known, *old_digits('test')):.1%} right")
plots.show(
    frozen_and_new(),
    alt="Two rows. Above: features that learn, and an old head for 0 1 2 3 4. An arrow, copied, "
    "leads down to the same features, now hatched: frozen. Behind them stands a new head for "
    "5 6 7 8 9, the only part that learns.",
)

# %% [markdown]
r"""
**Transfer learning** (전이 학습): keep the features, throw the head away, and train a new head for the new classes. The features are **frozen** (동결).

Freezing takes two switches, and the second is forgotten often. Watch the features of a net whose weights want no gradient:
"""

# %%
net = trained_net().requires_grad_(False)
new_images, _ = few_new_digits(20)
before = net.eval().features(new_images)
net.train()
for _ in range(20):
    net(new_images)  # forward passes, and no step at all
after = net.eval().features(new_images)
print(
    f"typical change of a feature: {(after - before).square().mean().sqrt() / before.std():.0%} of the spread"
)

# %% [markdown]
r"""
No step was taken, no weight has moved, and the features are others: twenty looks at the new digits were enough.
In `train()` mode a batch normalisation keeps updating its running mean and variance (lesson 04), and gradients play no part in that. So: no gradients, *and* `eval()`.
"""


# %% exercise="adapt" stars=3 objective="transfer" minutes=10
def adapt(model, images, labels, steps, lr):
    """Transfer learning (전이 학습): keep a net's features, teach it new classes.

    model: its part `features` turns images (N, 1, H, W) into rows (N, D), its part `head` is the
    linear layer that scores the old classes; labels: shape (N,), new classes from 0 on, of which
    there are labels.max() + 1. steps: how many, from 0 on; lr: Adam's learning rate.

    The features are frozen: their parameters want no gradients, and they stay in eval() mode, so
    that the statistics of their normalisations stay, too.
    The head becomes a new nn.Linear for the new classes, whose weights and biases start from zero.
    Each step uses all images, and torch.optim.Adam moves the head only, on the mean cross-entropy.
    Returns the model, in eval() mode.

    adapt(trained_net(), images, tensor([3, 1, 3, 0, 3, 3]), steps=1, lr=0.1).head.bias
    →  tensor([-0.1, -0.1, -0.1, 0.1])      # 2 does not occur, and has its score all the same
    #   all chances are ¼ at first: class 3 is right more often than that, the others less often;
    #   Adam's first step moves each bias by lr, to the side that lowers the loss
    """
    ### BEGIN SOLUTION
    model.requires_grad_(False)
    classes = int(labels.max()) + 1
    head = nn.Linear(model.head.in_features, classes).to(images.device)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    model.head = head
    model.eval()
    optimizer = torch.optim.Adam(head.parameters(), lr=lr)
    for _ in range(steps):
        loss = F.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
    ### END SOLUTION


# %% hints="adapt"
r"""
Two things in a normalisation layer can move while a net is trained. Which one does `requires_grad_(False)` stop, and what stops the other?

First freeze: `requires_grad_(False)` for the features, and `eval()`. Then give the model a new head, with zeros in it, on the device of the images. Then the loop of the warm-up, with an optimizer that knows only the head's parameters.

`model.features.requires_grad_(False)`, `model.eval()`, `model.head = nn.Linear(model.head.in_features, int(labels.max()) + 1, device=images.device)`, `nn.init.zeros_(model.head.weight)` and the same for the bias, `optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)`; then four lines in a loop, as in `train_steps` of lesson 00, and no `model.train()`.
"""

# %% idea="adapt"
r"""
`requires_grad_(False)` stops gradient descent; `eval()` stops the running statistics, which no gradient moves. A frozen net needs both.
The new head is made after the freezing, so it wants gradients; the optimizer gets its parameters only.
From zeros the first scores are all 0, the first loss is log C, and the result does not depend on chance: for one linear layer behind frozen features there is only one valley.
"""

# %% check="adapt" points=6

# %% [markdown]
r"""
Is it worth it? That takes honest rivals. All get the same few labelled pictures of the new digits, and all are tested on the same 225 others:

- **transfer**: your `adapt` on the net that knows 0 to 4;
- **from scratch**: a new net of the same kind, all of it trained;
- **random features**: your `adapt` on a net that was *never trained at all*;
- **pixels**: one linear layer on the 64 pixels.

**Guess:** how many labelled pictures of each digit does the transfer save?
"""


# %%
class Pixels(nn.Module):
    """The rival without a net: its features are the pixels."""

    def __init__(self):
        super().__init__()
        self.features, self.head = nn.Flatten(), nn.Linear(64, 5)

    def forward(self, images):
        return self.head(self.features(images))


def from_scratch(few, seed):
    """A new net, all of it trained on the few pictures, in one batch for 60 steps."""
    net = digit_net(seed=seed)
    train(net, few, epochs=60, batch_size=len(few[0]), lr=0.01, seed=seed, progress=False)
    return net


print(f"numbers that move: transfer {128 * 5 + 5:,}, from scratch {digit_net().trainable:,}")
each_counts = (1, 3, 10, 50)
test = new_digits("test")
if ready(adapt):
    curves = {"transfer": [], "from scratch": [], "random features": [], "pixels": []}
    for each in each_counts:
        found = {name: [] for name in curves}
        for seed in range(3):
            few = few_new_digits(each, seed)
            for name, net in (
                ("transfer", adapt(trained_net(), *few, 200, 0.03)),
                ("from scratch", from_scratch(few, seed)),
                ("random features", adapt(digit_net(seed=seed), *few, 200, 0.03)),
                ("pixels", adapt(Pixels(), *few, 200, 0.03)),
            ):
                found[name].append(accuracy(net, *test))
        for name, runs in found.items():
            curves[name].append(runs)
        said = ", ".join(f"{name} {sum(runs) / 3:.0%}" for name, runs in found.items())
        print(f"{each:2} of each digit: {said}")
    plots.show(
        by_labels(curves, each_counts),
        alt="Accuracy on new digits against labelled pictures of each, means of three draws. "
        + "; ".join(
            f"{name}: " + ", ".join(f"{sum(runs) / 3:.0%}" for runs in of_name)
            for name, of_name in curves.items()
        )
        + f", for {', '.join(map(str, each_counts))} pictures.",
    )

# %% [markdown]
r"""
**Here it saves none.** With one picture of each digit luck decides: see how long the bars are. With 3 and with 10 the net from scratch is ahead by two or three points, and at 50 they are level. Even the bare pixels keep up. So "transfer learning needs fewer labels" is a claim to be measured, too.

Look at the random features, the strangest of the four: features that *nobody ever trained* stay within two points of the trained ones, from 1 picture to 50.
And beware: with 60 steps at a rate of 0.01 they reach only 92 % at 50 pictures, and look far worse than they are. A rival that was not trained to the end is not a rival.

Why does it disappoint here, when everybody praises it? Transfer pays where the *source* knows much more than the few new pictures can tell. Ours has seen 676 digits of five kinds, and learned what tells *these five* apart. The net is small, so a few pictures suffice to train all of it; and the pixels already say nearly everything. A net of 25 million parameters that has seen a million photographs is another matter: from 50 pictures it can hardly be trained from scratch.

What it saves even here is **work**: 645 numbers move in place of 5,541, and the frozen features need to be worked out only once for each picture.

(Between "frozen" and "from scratch" lies *fine-tuning* (미세 조정): start from the trained features and let them move as well, with a small learning rate.)

## 7 · Good at, bad at

Many claims about CNNs have come up in five lessons. A claim without a number is an opinion, so at the end of this part each gets its own.

One of the limits you can work out yourself. A window is short, and a sequence may be long.
A *causal* net, which must not look into the future (lesson 04), looks back only; how many layers does it need to see 60 steps back?
"""


# %% exercise="layers_to_see" stars=1 objective="limits" minutes=4
def layers_to_see(steps, K):
    """How many layers a causal 1-D net needs to look so many steps back.

    Each layer is a convolution of K numbers along a sequence, the newest of which is the present
    step: with dilation D it looks D·(K − 1) steps further back than the layer before it.
    steps: 1 or more; K: 2 or more.

    Returns two whole numbers `(plain, doubled)`: with dilation 1 everywhere, and with the dilations
    1, 2, 4, 8, … from layer to layer.

    layers_to_see(60, 3)  →  (30, 5)
    #   30 layers look 30·2 = 60 steps back; 5 look 2·(1 + 2 + 4 + 8 + 16) = 62, and 4 only 30
    """
    ### BEGIN SOLUTION
    plain = -(-steps // (K - 1))
    doubled, back = 0, 0
    while back < steps:
        back += 2**doubled * (K - 1)
        doubled += 1
    return plain, doubled
    ### END SOLUTION


# %% hints="layers_to_see"
r"""
With K = 3, how far back does one layer look, and how far do two? And if the second has dilation 2?

Plain: each layer adds K − 1 steps, so divide and round up. Doubled: add the layers one by one, with the dilations 1, 2, 4, …, until they look back far enough.

`plain = math.ceil(steps / (K - 1))`, or `-(-steps // (K - 1))`. Then `back, layers = 0, 0` and `while back < steps:` with `back += 2**layers * (K - 1)` and `layers += 1`.
"""

# %% idea="layers_to_see"
r"""
It is lesson 03's receptive field, on one side only: every layer adds D·(K − 1).
Plain, that is a division, rounded up. Doubled, n layers look (2ⁿ − 1)·(K − 1) steps back, so the number of layers grows with the logarithm of the steps.
"""

# %% check="layers_to_see" points=2


# %%
def slid(pictures, pixels):
    """The pictures moved so many pixels to the right; zeros flow in."""
    return F.pad(pictures, (pixels, 0))[..., : pictures.shape[-1]]


digits16, answers = large_test
print("shared filters, weights and biases of VGG's first layer:")
dense = 3 * 224**2 * 64 * 224**2 + 64 * 224**2
print(f"  convolution {64 * (3 * 9 + 1):,}; a dense layer with the same maps {dense:,}")
print("locality, inputs of one neuron there:")
print(f"  convolution {3 * 9}; dense {3 * 224**2:,}")
print("shift and rotation, the small nets on the test digits:")
for said, changed in (
    ("as they are", digits16),
    ("1 pixel to the right", slid(digits16, 1)),
    ("3 pixels to the right", slid(digits16, 3)),
    ("turned by 30°", data.rotated(digits16, 30)),
):
    shares = (f"{name} {accuracy(net, changed, answers):.0%}" for name, net in trained.items())
    print(f"  {said:22} {', '.join(shares)}")
print("compute, multiply–adds for one photograph:")
print(f"  VGG-16 {vgg16:,}; one of 224×224 has {224 * 224 * 3:,} numbers")
print("sequences, windows of 3 in a row, to look 60 steps back:")
if ready(layers_to_see):
    plain, doubled = layers_to_see(60, 3)
    print(f"  {plain} layers; with dilations 1, 2, 4, … {doubled}")
print("tuning, the small LeNet after 4 epochs:")
for lr in (3e-4, 3e-3, 3e-2, 3e-1):
    torch.manual_seed(0)
    net = small_lenet()
    train(net, large, epochs=4, lr=lr, progress=False)
    print(f"  learning rate {lr:<6} {accuracy(net, *large_test):.0%}")

# %% [markdown]
r"""
| CNNs are good at | because | number |
|---|---|---|
| few weights | filters are **shared** by all places | 1,792 against 483 billion for the same maps |
| looking close | **locality**: a neuron sees a window | 27 inputs against 150,528 |
| small shifts | windows move along; pooling and the mean forget where | 1 pixel of 16 costs the perceptrons 15 points, VGG 10, ResNet and GoogLeNet 3 |
| being used again | features can be **transferred** | 645 of 5,541 numbers to train; labels saved here: none |

| CNNs are bad at | because | number |
|---|---|---|
| rotation, and large shifts before linear layers | a turned pattern is another pattern; a linear layer has a weight for each place | a turn by 30° leaves 39 % to 51 % of all nets; 3 pixels leave VGG 29 %, but ResNet 76 %, which ends in a mean |
| cheap **compute** | every weight is used at every place | VGG-16: 15.5 billion multiply–adds for one photograph |
| long **sequences** | a window is short | 30 layers to look 60 steps back; 5 with dilations (lesson 04) |
| being **tuned** | depth, widths, learning rate, all by trial | the small LeNet: 42 %, 89 %, 10 %, 10 % at four learning rates |

The two columns are the same bets seen from two sides. *Near pixels belong together, and a pattern means the same everywhere:* where that holds, almost nothing is better; where it does not, the weights that were saved are missing.

## 8 · Weekly paper (위클리페이퍼)
"""

# %% [markdown] essay="which_net" points=8
r"""
### The deepest, without shortcuts, pre-trained?

A friend has 300 labelled photographs of healthy and of sick leaves, and says:
*"I take ResNet-152, because the deepest net is the best. I leave the shortcuts out: they have no weights, so they cannot matter. And I start from a net that was trained on something else. Then I need few labels, and no comparison."*

1. **Short answer**, two lines: which of the three plans would you change, and into what?
2. **Long answer**, 150 to 250 words. Explain what happens in a deep net without shortcuts and what a shortcut without weights changes. Say how you would choose the net, and how you would find out whether the transfer helps. Use **numbers that you measured in this notebook**, and say of one of them what it cannot show.

### BEGIN SOLUTION
**Rubric (8 points)**

| points | for |
|---|---|
| 1 | The short answer fits in two lines and changes all three: a smaller net, or one that is justified; with shortcuts; a comparison with simple rivals. |
| 2 | Depth without shortcuts: worse on the *training* digits too, so it is not over-fitting, with a number, e.g. 49 % against 92 % (1). The net is chosen by a comparison, small ones first, by accuracy and cost (1). |
| 2 | The shortcut: y = x + F(x), the slope 1 + F′ hands the gradient on, "do nothing" is easy (1); with the gradient norms or the accuracy, e.g. level between 0.2 and 1.1, or 98 % in place of 49 % (1). |
| 2 | Transfer: what is frozen, including the statistics of the normalisation, and a new head (1); a fair comparison on pictures kept apart, against scratch or a linear rival, with the numbers of part 6 (1). |
| 1 | The limit of one of the own numbers: one start, ten epochs, one learning rate, 8×8 digits, or 450 test digits. |

**Model answer, full marks (8).**
*Short:* I would take a much smaller residual net, keep the shortcuts, and compare the transfer with a net from scratch and with a straight line on the pixels.
*Long:* In this notebook a plain net of 32 layers got 49 % of its own training digits right, one of 8 layers 92 %. That is not over-fitting, which would be good on the training digits; the net was badly trained. Without normalisation each layer passed on 0.40 of the gradient, from 10⁻² down to 10⁻¹⁴; with it, the gradient at layer 2 was about ninety times that at layer 31. A shortcut has no weights, but it adds x to what the two layers make of it. Going back, the slope is 1 + F′, so the gradient stayed between 0.2 and 1.1, and the same 32 layers reached 98 %. Yet 8 layers with shortcuts did as well on the test digits, so I would begin small: ResNet-152 needs 11.5 billion multiply–adds for a photograph. For the transfer I would freeze the features, with `eval()` because the running statistics move otherwise, train a new head, and put 100 photographs aside. My rivals would be scratch and a linear layer: here, with ten pictures of each digit, transfer had 91 %, scratch 94 % and the pixels 91 %. That number cannot be carried over to leaves: these were 8×8 digits and a small source. A net that has seen a million photographs may well win, and then the comparison will show it.

**Model answer, middle (4).**
*Short:* Keep the shortcuts and take a smaller ResNet. Test the transfer against a net from scratch.
*Long:* Very deep nets without shortcuts cannot be trained well, because the gradient gets smaller in every layer: in the notebook it was nearly 0 in the first layer. The 32-layer net had 49 %, with shortcuts 98 %. The shortcut adds the input to the output, so the gradient can flow through it. For transfer learning one freezes the features and trains a new head on the new classes. I would split the photographs into training and test, and compare with training from scratch; in the notebook both had 97 % with 50 pictures.
*(Short 1. Depth 0: not a word of training digits or of choosing, and the vanishing gradient belongs to the tower without normalisation, the 49 % to the one with it. Shortcut 2. Transfer 1: `eval()` is missing, the comparison is there. Limit 0.)*

**Model answer, weak (1).**
*Short:* ResNet-152 has too many parameters and will overfit. Use dropout.
*Long:* Deep nets learn more complex features, but they overfit on small data sets. ResNet has shortcuts against the vanishing gradient problem, so they should be kept, because the gradient can skip layers. Pre-trained nets are very good, because they have already learned edges and shapes, so I agree with that.
*(1 for the shortcut as a way for the gradient. Over-fitting is the wrong diagnosis, and nothing is measured or compared.)*
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

You have built five famous nets on paper, run small ones, and you know which of their numbers to trust.

- **Lesson 06** turns a net around: an encoder that makes a picture small, and a decoder that makes it a picture again. Shortcuts come back there, in the U-Net.
- To read on: He, Zhang, Ren and Sun, *Deep Residual Learning for Image Recognition* (2015), whose figure 1 is part 1 of this notebook; and Veit, Wilber and Belongie, *Residual Networks Behave Like Ensembles of Relatively Shallow Networks* (2016), which takes single layers out of a trained ResNet, and little happens.
"""

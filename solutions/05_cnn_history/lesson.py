# ---
# title: "CNN history, part 1: five nets on paper"
# title_ko: CNN의 역사 1
# minutes: 112
# objectives:
#   errors: measure a classifier by its top-1 and its top-5 error
#   cost: count the parameters and the multiply–adds of a layer, and say why they are two different prices
#   old_nets: build LeNet-5 and VGG from their descriptions, full size, without the memory for it
#   inception: build an inception block and GoogLeNet, and say what a 1×1 convolution saves
#   facts: check a popular figure exactly, and say which version of a net it belongs to
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · A contest and its ruler | 14 | `top_k_error` |
| 2 · Two prices | 16 | `conv_cost` |
| 3 · LeNet-5, 1998 | 15 | `lenet5` |
| 4 · AlexNet, 2012 | 15 | `alexnet` |
| 5 · VGG, 2014 | 19 | `stack_or_kernel`, `vgg` |
| 6 · GoogLeNet, 2014 | 23 | `Inception`, `googlenet` |
| 7 · Myth check: the figures that everyone quotes | 10 | |

Run the cells from top to bottom, and **guess** where the text asks you to.
`hint("lenet5")` helps in three steps, `check("lenet5")` as often as you like.
The second notebook of this lesson builds the fifth net, trains small versions of all five, and asks the essay.
"""

# %%
import time

import torch
import torch.nn.functional as F
from IPython.display import display
from torch import nn

from utils import check, data, hint, idea, plots, start, widgets
from utils.demo import ready
from utils.drawings.history import (
    grouped_wires,
    inception_ways,
    net_outline,
    sparse_table,
    two_prices,
    two_shares,
)
from utils.nets.blueprint import blueprint
from utils.nets.historic import (
    alexnet_two_towers,
    auxiliary_head,
    lenet5_paper,
    library_googlenet,
    resnet_convolutions,
)
from utils.nets.known import drops_out, fill_weights  # with these a check looks at your nets
from utils.training import accuracy, train

start("05_cnn_history")

# %% [markdown]
r"""
## 1 · A contest and its ruler

Five nets made history, and each is quoted with one number, its **parameters** (파라미터, 매개변수: weights and biases):

| net | year | popular figure |
|---|---|---|
| LeNet-5 | 1998 | about 60 thousand |
| AlexNet | 2012 | about 60 million |
| VGG | 2014 | 144 million |
| GoogLeNet | 2014 | about 5 million |
| ResNet | 2015 | about 60 million |

One of the five figures fits *no* version of its net. Two others, read as exactly as they are printed, fit one version only, and not the usual one.
**Guess which**, before you look at the picture below: it gives some away.
In part 7 you need not believe anybody, because you will have built the first four, full size, and counted every weight.

First an overview. Nobody expects you to remember it: it is a map of this lesson.
"""

# %%
plots.show(widgets.net_timeline_figure("LeNet-5"), alt=widgets.net_timeline_text("LeNet-5"))

# %% [markdown]
r"""
Walk along the line.

1. Where is the longest pause, and what do you think was still missing?
2. Which net has fewer parameters than the one before it? And fewer multiply–adds? (They are the work for one picture: part 2.)
"""

# %%
display(widgets.net_timeline(1998))

# %% [markdown]
r"""
### How a contest is judged

Four of the five nets took part in one contest, ImageNet's: 1.2 million photographs to learn from, and 1,000 classes.
But what is the right answer for a photograph of a cherry *and* a dog? There is one label only.

So a net may guess five times. Its **top-5 error** (top-5 오류율) is the share of photographs whose label is *not* among its five best guesses.
The top-1 error is what we have used so far: 1 − accuracy (정확도).

In 2012 AlexNet came in with a top-5 error of 15.3 %. The second best had 26.2 %.
Two years later GoogLeNet won with 6.7 %, and one year after that ResNet with 3.6 %. (Each of these entries was several nets, whose answers were averaged. The time line only has errors that a paper's abstract states, so GoogLeNet has a dash there.)

**Guess:** what is the top-5 error of somebody who throws dice, with 1,000 classes? And with the ten digits?
"""


# %% exercise="top_k_error" stars=1 objective="errors" minutes=4
def top_k_error(logits, labels, k):
    """The share of examples whose right class is not among a net's k best guesses.

    logits: shape (N, classes), the higher the likelier, without ties in a row;
    labels: shape (N,), int64, the right classes; k: whole number from 1 to classes.

    Returns a number from 0 to 1.

    logits = tensor([[1., 4., 3.],     #  best guess 1, then 2, then 0
                     [7., 5., 6.]])    #  best guess 0, then 2, then 1
    top_k_error(logits, tensor([2, 1]), 1)  →  1.0      #  both best guesses are wrong
    top_k_error(logits, tensor([2, 1]), 2)  →  0.5      #  2 is among {1, 2}; 1 is not among {0, 2}
    """
    ### BEGIN SOLUTION
    best = logits.topk(k, dim=1).indices  # (N, k)
    found = (best == labels[:, None]).any(dim=1)
    return (~found).double().mean().item()
    ### END SOLUTION


# %% hints="top_k_error"
r"""
Do the example by hand for k = 2. Which classes does each row offer, and is the label one of them?

`logits.topk(k, dim=1)` gives the k largest numbers of each row, and their places. The places are the classes. Compare them with the label of the same row: one hit in a row is enough.

`best = logits.topk(k, dim=1).indices` has shape (N, k), and `labels[:, None]` has (N, 1): `==` compares each row with its own label. Then `.any(dim=1)` says found or not, and the error is the share of rows that are *not* found.
"""

# %% idea="top_k_error"
r"""
`topk` returns the places of the k largest scores, which are the classes that the net offers.
`labels[:, None]` makes a column of the labels, so that each row is compared with its own.
`any` along the row turns k comparisons into one answer; the mean of "not found" is the error.
"""

# %% check="top_k_error" points=3

# %% [markdown]
r"""
Dice first: five guesses of 1,000 miss with a chance of 995/1,000, five of ten with 5/10.
So a top-5 error means nothing without the number of classes.

Now a net that has seen only 60 digits, and so makes mistakes.
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")
torch.manual_seed(0)
beginner = nn.Sequential(
    nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(144, 10)
)
few = images[:60], labels[:60]
train(beginner, few, epochs=20, batch_size=20, lr=1e-2, seed=0, progress=False)
with torch.no_grad():
    scores = beginner(test_images)

if ready(top_k_error):
    errors = [100 * top_k_error(scores, test_labels, k) for k in range(1, 6)]
    dice = [100 - 10 * k for k in range(1, 6)]
    fig, ax = plots.canvas(5.2, 2.5)
    ax.plot(range(1, 6), dice, "s--", color="0.55", label="dice")
    ax.plot(range(1, 6), errors, "o-", color="0.1", label="60 digits seen")
    for k, error in enumerate(errors, start=1):
        ax.annotate(f"{error:.0f} %", (k, error), (0, 5), textcoords="offset points", ha="center")
    ax.set(xlabel="guesses k", ylabel="top-k error, %", xticks=range(1, 6), ylim=(0, 100))
    ax.legend()
    said = ", ".join(f"{error:.0f} % with {k}" for k, error in enumerate(errors, start=1))
    plots.show(
        fig, alt=f"Top-k error of a small net on 450 digits: {said} guesses; dice: 90 to 50 %."
    )

# %% [markdown]
r"""
For dice, too, the error falls with every guess: the second finds one in nine of those that the first missed.
The net's second guess finds more than a third. Often it is not lost, only undecided.
Here are digits where the label is its *second* guess.
Above each: its first guess with a question mark, then the second, which is right. Would you have been sure?
"""

# %%
order = scores.argsort(dim=1, descending=True)
second = (order[:, 1] == test_labels).nonzero()[:8, 0]
titles = [f"{int(order[n, 0])}? {int(order[n, 1])}" for n in second]
plots.show(
    plots.gallery(list(test_images[second, 0]), titles),
    alt="Eight digits, each with the net's first guess, which is wrong, and its second, which is "
    "right: " + "; ".join(titles) + ".",
)

# %% [markdown]
r"""
## 2 · Two prices

A net costs twice: its **parameters** have to be stored, and for every picture its **multiply–adds** (곱셈-누산, MACs) have to be done.
A multiply–add is one weight times one number, added to a sum. It is nearly all that a net does.

Here are two layers of the nets to come, both full size:

- a dense layer, 9,216 numbers in, 4,096 out;
- a convolution 3×3, 64 channels to 64, on maps of 224 × 224.

**Guess:** which has more parameters, and by what factor? Which is more work?
"""

# %%
pairs = {
    "dense": (nn.Linear(9216, 4096), torch.randn(1, 9216)),
    "convolution": (nn.Conv2d(64, 64, 3, padding=1), torch.randn(1, 64, 224, 224)),
}
with torch.no_grad():
    for name, (layer, given) in pairs.items():
        out = layer(given)  # once to warm up
        begin = time.perf_counter()
        layer(given)
        milliseconds = 1000 * (time.perf_counter() - begin)
        parameters = sum(p.numel() for p in layer.parameters())
        # A dense layer uses each weight once, a convolution at each place.
        places = out[0, 0].numel()
        work = layer.weight.numel() * places
        print(f"{name:12} {parameters:11,} parameters {work:14,} multiply–adds", end="")
        print(f" {milliseconds:6.0f} milliseconds")

# %% [markdown]
r"""
The dense layer has a thousand times as many parameters; the convolution has 49 times as much work.
The reason is in lesson 01: a dense layer uses each weight *once* for a picture, a convolution at every place, here 224 · 224 = 50,176 times.

So "how large is this net?" is two questions.

(The clock is a third one. The convolution takes a few times as long and not 49 times: the dense layer has to fetch each weight from memory for a single use, and fetching is slow.)

**A warning about words.** Some papers count *FLOPs*, floating-point operations. A multiply–add is two of them, a multiplication and an addition, but many papers call one multiply–add one FLOP. Whenever you read a number of FLOPs, find out whether to halve it. Here we always count multiply–adds.

### A net on paper

How can we count a net of 138 million weights without filling half a gigabyte?
torch has a device on which tensors have a shape and no numbers, `meta`. A net on it can be built, and an input sent through, and not a single number is stored.
"""

# %%
plan = blueprint(nn.Conv2d, (1, 3, 224, 224), 3, 64, 3, padding=1)
for name, value in plan.items():
    print(f"{name:10} {value}")

# %% [markdown]
r"""
`blueprint(maker, shape, …)` calls the maker with what follows, on paper, and sends an input of that shape through what comes out. It tells the parameters, the shape of each, the multiply–adds, and the shape of the output.

That is the tool. But first count by hand: a tool that you cannot check, you have to believe.

One setting is new: **groups** (그룹). With `groups=2` the channels are split into two halves, and each output channel only sees the input channels of its own half.
In lesson 04 the depthwise convolution was the extreme: as many groups as channels.
"""

# %%
plots.show(
    grouped_wires(4, (1, 2, 4)),
    alt="Four channels in, four out. With one group all 16 pairs are wired; with two groups the "
    "halves keep to themselves, 8 pairs; with four groups each channel has one wire, 4 pairs.",
)


# %% exercise="conv_cost" stars=1 objective="cost" minutes=5
def conv_cost(C_in, C_out, K, H_out, W_out, groups=1, bias=True):
    """What a convolutional layer costs: in memory, and in work for one picture.

    C_in, C_out: channels in and out; K: side of the kernel;
    H_out, W_out: height and width of the map that comes out (pixels);
    groups (divides C_in and C_out): so many parts of the channels; each output channel only sees
    the C_in/groups input channels of its own group; bias: whether there is one for each output channel.

    Returns two whole numbers `(parameters, multiply_adds)`.
    Adding a bias is an addition, but no multiply–add: it is not counted.

    conv_cost(3, 8, 5, 4, 6)  →  (608, 14400)
    #   8·3·5·5 weights + 8 biases = 608        600 weights, each used 4·6 times = 14,400
    """
    ### BEGIN SOLUTION
    weights = C_out * (C_in // groups) * K * K
    return weights + (C_out if bias else 0), weights * H_out * W_out
    ### END SOLUTION


# %% hints="conv_cost"
r"""
How many multiply–adds make *one* number of the map? And how many numbers does the map have?

Each output channel has a filter, one K×K kernel for each channel that it sees (lesson 02): (C_in/groups)·K·K weights. There are C_out filters. For the work: each weight is used once for each place of the map that comes out.

`weights = C_out * (C_in // groups) * K * K`. The parameters are these and C_out biases, if there are any; the multiply–adds are `weights * H_out * W_out`.
"""

# %% idea="conv_cost"
r"""
Each output channel has a filter of (C_in/groups)·K·K weights.
A weight is *stored* once and *used* at each of the H_out·W_out places, so the two prices differ by this factor.
`//` keeps the numbers whole; torch only allows groups that divide the channels.
"""

# %% check="conv_cost" points=3

# %%
if ready(conv_cost):
    layers = {
        "3 → 64, 3 × 3, 224 × 224": (3, 64, 3, 224, 224),
        "96 → 256, 5 × 5, 27 × 27": (96, 256, 5, 27, 27),
        "the same in two groups": (96, 256, 5, 27, 27, 2),
        "256 → 256, 1 × 1, 14 × 14": (256, 256, 1, 14, 14),
    }
    for name, setting in layers.items():
        C_in, C_out, K, H, W, *groups = setting
        wide = {"padding": K // 2, "groups": groups[0] if groups else 1}
        plan = blueprint(nn.Conv2d, (1, C_in, H, W), C_in, C_out, K, **wide)
        yours = conv_cost(*setting)
        agree = "agrees" if yours == (plan["parameters"], plan["macs"]) else "DIFFERS from torch"
        print(f"{name:26} {yours[0]:9,} parameters {yours[1]:13,} multiply–adds   {agree}")

# %% [markdown]
r"""
Two groups halve the weights and the work; only the biases stay. Remember that for AlexNet.

## 3 · LeNet-5, 1998

The task: read handwritten digits, such as those on bank cheques. The 70,000 digits that it was trained and measured on, MNIST, have been everybody's first data set ever since.
The idea that lasts until today: convolution, pooling, convolution, pooling, dense layers, and *everything trained together*, from the pixels to the answer. Before, people had designed the features by hand, as in lesson 02.
"""

# %%
lenet_stages = [
    ("picture", 1, 32),
    ("conv 5×5\ntanh", 6, 28),
    ("mean pool", 6, 14),
    ("conv 5×5\ntanh", 16, 10),
    ("mean pool", 16, 5),
    ("dense\ntanh", 120, 0),
    ("dense\ntanh", 84, 0),
    ("dense", 10, 0),
]
plots.show(
    net_outline(lenet_stages),
    alt="LeNet-5 as boxes that shrink and grow thicker: 1×32×32, 6×28×28, 6×14×14, 16×10×10, "
    "16×5×5, then bars of 120, 84 and 10 numbers.",
)

# %% [markdown]
r"""
Why 32 × 32 for digits of at most 20 × 20? So that the tips of the strokes, too, can lie in the middle of what a number of the highest layers sees (its field, lesson 03).
(The height of a box grows with the square root of the map's side, its width with the logarithm of its channels. Otherwise you would see one large box and nothing else.)
"""


# %% exercise="lenet5" stars=2 objective="old_nets" minutes=7
def lenet5():
    """LeNet-5 in its modern form: pictures (N, 1, 32, 32) → class scores (N, 10).

    convolution to 6 maps, 5×5     (N, 6, 28, 28)    tanh
    mean pooling 2×2               (N, 6, 14, 14)
    convolution to 16 maps, 5×5    (N, 16, 10, 10)   tanh
    mean pooling 2×2               (N, 16, 5, 5)
    flatten                        (N, 400)
    dense to 120                                     tanh
    dense to 84                                      tanh
    dense to 10                                      as it is: scores (logits)

    All layers with a bias, no padding. 156 + 2,416 + 48,120 + 10,164 + 850 = 61,706 parameters.

    Returns an nn.Module.
    """
    ### BEGIN SOLUTION
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120), nn.Tanh(),
        nn.Linear(120, 84), nn.Tanh(),
        nn.Linear(84, 10),
    )  # fmt: skip
    ### END SOLUTION


# %% hints="lenet5"
r"""
The table in the docstring has one line a step. Which lines have no parameters at all, and which torch layers are they?

`nn.Sequential` takes the layers one after the other. `nn.AvgPool2d(2)` is the mean pooling. Put the shape of the docstring beside each line, and see that the next layer takes it.

`nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), …, nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), …)`, and nothing after the last `nn.Linear`.
"""

# %% idea="lenet5"
r"""
The table is the net, line by line: `nn.Sequential` is all that it takes.
400 = 16·5·5 is what flattening leaves.
Nothing follows the last dense layer: scores go into the loss as they are (lesson 04).
"""

# %% check="lenet5" points=3

# %% [markdown]
r"""
Can a net of 1998 read? Enlarge our 8 × 8 digits to 32 × 32 pixels, and show it each of the 1,347 training digits three times.
"""


# %%
def enlarged(images):
    """Digits (N, 1, 8, 8) as (N, 1, 32, 32)."""
    return F.interpolate(images, size=(32, 32), mode="bilinear", align_corners=False)


if ready(lenet5):
    torch.manual_seed(0)
    reader = lenet5()
    train(reader, (enlarged(images), labels), epochs=3, batch_size=32, lr=2e-3, progress=False)
    share = accuracy(reader, enlarged(test_images), test_labels)
    print(f"{share:.1%} of 450 digits that it has never seen")

# %% [markdown]
r"""
More than nine of ten, after seconds. In 1998, with 60,000 digits to learn from, it misread less than one in a hundred of MNIST's test digits.

### Which LeNet-5?

Your net has 61,706 parameters. The paper says: 60,000.
Both are right, because they are not the same net. `lenet5_paper` is the one that was printed; line them up, layer by layer.
(The paper's names: C is a convolution, S a pooling, F a dense layer. C5 is your dense layer to 120: on a map of 5×5 a window of 5×5 has one place only.)
"""

# %%
printed = blueprint(lenet5_paper, (1, 1, 32, 32))
print(f"as printed in 1998: {printed['parameters']:,} parameters")
by_layer = {}
for name, shape in printed["shapes"]:
    place = int(name.split(".")[0])
    by_layer[place] = by_layer.get(place, 0) + torch.Size(shape).numel()
names = {0: "C1", 1: "S2", 2: "C3", 3: "S4", 4: "C5", 7: "F6"}
modern = {0: 156, 1: 0, 2: 2416, 3: 0, 4: 48120, 7: 10164}
print(f"{'layer':10}{'1998':>8}{'modern':>8}{'difference':>12}")
for place, name in names.items():
    print(f"{name:10}{by_layer[place]:8,}{modern[place]:8,}{modern[place] - by_layer[place]:12,}")
print(f"{'output':10}{0:8,}{850:8,}{850:12,}")

# %% [markdown]
r"""
Three things make the difference:

- **Pooling had weights.** The sum of four numbers was multiplied by a learned number, and another one was added: two for each map.
- **The output was not trained.** Each class had a fixed pattern of 84 numbers, each −1 or +1, and the net's 84 numbers were compared with it.
- **C3 was sparse.** Not every map looked at every map below. The table says which:
"""

# %%
plots.show(
    sparse_table(),
    alt="A table of 6 maps of S2 by 16 maps of C3. The first six columns have three dark squares "
    "each, the next nine have four, the last has all six: 60 of 96.",
)

# %% [markdown]
r"""
60 of 96 pairs. That saved work, and it forced the maps to become different: no two of them get the same inputs.
Today nobody bothers; random first weights are different enough.

So whoever builds "LeNet-5" today builds a relative. That is fine. But a *count* belongs to a version.

## 4 · AlexNet, 2012

Fourteen years later the same idea won with photographs. Four things had come together:

- **Data**: 1.2 million labelled photographs.
- **GPUs**: two graphics cards trained the net in five to six days.
- **ReLU** in place of tanh: for positive numbers its slope is 1, however large they are, where tanh goes flat (lesson 04). Training went several times faster.
- **Dropout** (드롭아웃) against over-fitting in the huge dense layers.
"""

# %%
alexnet_stages = [
    ("picture", 3, 224),
    ("conv 11×11\nstep 4", 64, 55),
    ("pool,\nconv 5×5", 192, 27),
    ("pool,\nconv 3×3", 384, 13),
    ("conv 3×3", 256, 13),
    ("conv 3×3", 256, 13),
    ("pool", 256, 6),
    ("dense", 4096, 0),
    ("dense", 4096, 0),
    ("dense", 1000, 0),
]
plots.show(
    net_outline(alexnet_stages),
    alt="AlexNet as boxes: 3×224×224, 64×55×55, 192×27×27, 384×13×13, 256×13×13 twice, 256×6×6, "
    "then bars of 4096, 4096 and 1000 numbers.",
)

# %% [markdown]
r"""
The numbers of channels in this picture are those of the version that comes with torch's vision library.
Make them a setting, so that you can build the others, too.
"""


# %% exercise="alexnet" stars=2 objective="facts" minutes=8
def alexnet(widths=(64, 192, 384, 256, 256), classes=1000):
    """AlexNet in one piece: pictures (N, 3, 224, 224) → class scores (N, classes).

    widths: the channels that come out of the five convolutions, called c1 … c5 here.

    convolution to c1, 11×11, stride 4, padding 2      (N, c1, 55, 55)    ReLU
    max pooling 3×3, stride 2                          (N, c1, 27, 27)
    convolution to c2, 5×5, padding 2                                     ReLU
    max pooling 3×3, stride 2                          (N, c2, 13, 13)
    convolutions to c3, c4 and c5, 3×3, padding 1                         ReLU after each
    max pooling 3×3, stride 2                          (N, c5, 6, 6)
    flatten                                            (N, c5·6·6)
    dropout 0.5, dense to 4096                                            ReLU
    dropout 0.5, dense to 4096                                            ReLU
    dense to `classes`                                                    as it is: scores (logits)

    All layers with a bias. alexnet() has 61,100,840 parameters.

    Returns an nn.Module.
    """
    ### BEGIN SOLUTION
    c1, c2, c3, c4, c5 = widths
    return nn.Sequential(
        nn.Conv2d(3, c1, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2),
        nn.Conv2d(c1, c2, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2),
        nn.Conv2d(c2, c3, 3, padding=1), nn.ReLU(),
        nn.Conv2d(c3, c4, 3, padding=1), nn.ReLU(),
        nn.Conv2d(c4, c5, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, stride=2),
        nn.Flatten(),
        nn.Dropout(0.5), nn.Linear(c5 * 6 * 6, 4096), nn.ReLU(),
        nn.Dropout(0.5), nn.Linear(4096, 4096), nn.ReLU(),
        nn.Linear(4096, classes),
    )  # fmt: skip
    ### END SOLUTION


# %% hints="alexnet"
r"""
Which three of the five convolutions are followed by a pooling? And in `nn.MaxPool2d(3)`, what is the stride if you say nothing?

One `nn.Sequential` again. Take the five widths apart first: `c1, c2, c3, c4, c5 = widths`. Each convolution takes what the one before gives; the first takes 3 channels.

`nn.Conv2d(3, c1, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, stride=2), nn.Conv2d(c1, c2, 5, padding=2), …`; after `nn.Flatten()` comes `nn.Dropout(0.5), nn.Linear(c5 * 36, 4096), nn.ReLU()`, and so on.
"""

# %% idea="alexnet"
r"""
The table is the net again; only the widths are names now.
The pooling windows of 3 lie 2 apart and so overlap, which the paper found a little better than windows side by side.
The first dense layer alone has c5·36·4096 weights: 37.7 million of the 61 million with the usual widths.
"""

# %% check="alexnet" points=4

# %% [markdown]
r"""
### Which AlexNet?

One graphics card of 2012 had 3 gigabytes of memory. The net did not fit.
So it was cut in two **towers**: each card held half of the channels, and in three of the five convolutions a card only saw its own half. You know that setting: `groups=2`.
(The paper's net also scales each number by those of the neighbouring channels. That has no parameters, and nearly nobody does it any more, so yours leaves it out.)

**Guess:** the paper's net has more channels than the library's (96 and not 64 in the first layer). Has it more parameters?
"""

# %%
picture_shape = (1, 3, 224, 224)
if ready(alexnet):
    versions = {
        "paper, two towers": blueprint(alexnet_two_towers, picture_shape),
        "paper's widths, no towers": blueprint(alexnet, picture_shape, (96, 256, 384, 384, 256)),
        "library": blueprint(alexnet, picture_shape),
    }
    for name, plan in versions.items():
        print(f"{name:26} {plan['parameters']:11,} parameters {plan['macs']:14,} multiply–adds")

# %% [markdown]
r"""
Slightly fewer, thanks to the groups. All three are "about 60 million", and none of them is *the* AlexNet.
For the work it matters more: without towers the paper's widths cost more than half as much again.

Where do the parameters sit? With your `conv_cost` you can ask each layer. (A dense layer is a 1×1 convolution on a map of 1×1.)
"""


# %%
def told(names, parameters, work):
    """The shares of a net's parts in words, for an alt text."""
    parts = zip(names, parameters, work, strict=True)
    said = [f"{n} {p / sum(parameters):.0%} and {w / sum(work):.0%}" for n, p, w in parts]
    return "Share of the parameters and of the work: " + ", ".join(said) + "."


if ready(conv_cost):
    parts = {
        "conv 1": (3, 64, 11, 55, 55),
        "conv 2": (64, 192, 5, 27, 27),
        "conv 3": (192, 384, 3, 13, 13),
        "conv 4": (384, 256, 3, 13, 13),
        "conv 5": (256, 256, 3, 13, 13),
        "dense 1": (9216, 4096, 1, 1, 1),
        "dense 2": (4096, 4096, 1, 1, 1),
        "dense 3": (4096, 1000, 1, 1, 1),
    }
    parameters, work = zip(*(conv_cost(*part) for part in parts.values()), strict=True)
    plots.show(two_shares(list(parts), parameters, work), alt=told(parts, parameters, work))
    print(
        f"the dense layers: {sum(parameters[5:]) / sum(parameters):.0%} of the parameters, ", end=""
    )
    print(f"{sum(work[5:]) / sum(work):.0%} of the work")

# %% [markdown]
r"""
Nearly all parameters sit in the dense layers, and nearly all work is done in the convolutions.
Keep this picture in mind. The next net changes the convolutions and keeps the dense layers; the one after it changes both.

## 5 · VGG, 2014

AlexNet has windows of 11, 5 and 3. Which is best?
VGG's answer is a rule instead of a choice: **3×3, always, and more layers.**

From lesson 03 you know that two 3×3 layers see as much as one 5×5 layer, and three as much as one 7×7.
What do they cost?
"""

# %%
plots.show(widgets.stack_or_kernel_figure(2, 64), alt=widgets.stack_or_kernel_text(2, 64))

# %% [markdown]
r"""
1. From how many layers on does the stack cost less than half of the one kernel?
2. Change the channels. What happens to the *share*?
3. What else does the stack have that these numbers do not price?
"""

# %%
display(widgets.stack_or_kernel(2, 64))


# %% exercise="stack_or_kernel" stars=1 objective="cost" minutes=3
def stack_or_kernel(n, C):
    """A stack of 3×3 convolutions against one large kernel that sees as much.

    n: number of 3×3 layers, from 1, with stride 1; C: channels, the same in and out everywhere.
    No biases. The one kernel goes from C to C channels, too, and its side is the stack's field.

    Returns three whole numbers
    `(side of the field, weights of the stack, weights of the one kernel)`.

    stack_or_kernel(2, 10)  →  (5, 1800, 2500)
    #   3 and 2 more         2·9·10·10        25·10·10
    """
    ### BEGIN SOLUTION
    field = 2 * n + 1
    return field, n * 9 * C * C, field * field * C * C
    ### END SOLUTION


# %% hints="stack_or_kernel"
r"""
One 3×3 layer sees 3 pixels. How many more does each further layer add, on both sides together?

The field is 1 + 2n. Each layer of the stack has C filters of C·3·3 weights; the layer with the one large window has C filters of C·field·field.

`field = 2 * n + 1`, then `return field, n * 9 * C * C, field ** 2 * C * C`.
"""

# %% idea="stack_or_kernel"
r"""
Each layer adds one pixel on either side (lesson 03), so n layers see 2n + 1.
A K×K layer from C to C channels has K²·C² weights: 9nC² in all for the stack, (2n + 1)²C² for the one kernel.
The first grows like n, the second like n².
"""

# %% check="stack_or_kernel" points=2

# %%
if ready(stack_or_kernel):
    for n in range(1, 6):
        field, stack, one = stack_or_kernel(n, 64)
        print(
            f"{n} × (3 × 3): {stack:9,} weights; one {field:2} × {field:<2} {one:9,}: {stack / one:.0%}"
        )

# %% [markdown]
r"""
Two layers save 28 %, three 45 %, whatever the number of channels.
And between them stand activations: the stack can bend twice where the one kernel bends once.

Is the stack then simply better? Not for free. It cannot do *every* 5×5 kernel: 2 · 9 = 18 weights for each pair of channels are fewer than 25. And its map in the middle has to be kept in memory for the way back.

### The plan of a net in one line

A rule makes a net short to write. These are all the convolutions of VGG-16: a number is a 3×3 convolution to so many channels, "M" a max pooling.
The three dense layers are always the same.
"""

# %%
VGG_16 = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]
VGG_19 = [64, 64, "M", 128, 128, "M"] + [256] * 4 + ["M"] + [512] * 4 + ["M"] + [512] * 4 + ["M"]
for name, plan in (("VGG-16", VGG_16), ("VGG-19", VGG_19)):
    convolutions = sum(step != "M" for step in plan)
    print(f"{name}: {convolutions} convolutions and 3 dense layers")

vgg_stages = [
    ("picture", 3, 224),
    ("2 conv", 64, 224),
    ("pool,\n2 conv", 128, 112),
    ("pool,\n3 conv", 256, 56),
    ("pool,\n3 conv", 512, 28),
    ("pool,\n3 conv", 512, 14),
    ("pool", 512, 7),
    ("dense", 4096, 0),
    ("dense", 4096, 0),
    ("dense", 1000, 0),
]
plots.show(
    net_outline(vgg_stages),
    alt="VGG-16 as boxes: 3×224×224, 64×224×224, 128×112×112, 256×56×56, 512×28×28, 512×14×14, "
    "512×7×7, then bars of 4096, 4096 and 1000 numbers.",
)


# %% exercise="vgg" stars=2 objective="old_nets" minutes=8
def vgg(plan, classes=1000, side=224, hidden=4096):
    """A VGG net from its plan: pictures (N, 3, side, side) → class scores (N, classes).

    plan: a list, from the picture to the end:
          a number C is a convolution 3×3 with padding 1 to C channels, followed by ReLU;
          "M" is a max pooling 2×2 (stride 2), which drops a last row or column that is left over.
    side: of the square pictures, pixels; hidden: width of the two hidden dense layers.
    After the plan: flatten, dense to `hidden`, ReLU, dense to `hidden`, ReLU, dense to `classes`.
    Dropout before the second and the third dense layer is welcome. All layers with a bias.

    Returns an nn.Module.

    vgg([4, "M", 6, "M"], classes=10, side=12, hidden=5)
    #   (3, 12, 12) → (4, 12, 12) → (4, 6, 6) → (6, 6, 6) → (6, 3, 3) → 54 → 5 → 5 → 10
    #   4·(3·9 + 1) + 6·(4·9 + 1) + 5·(54 + 1) + 5·(5 + 1) + 10·(5 + 1) = 699 parameters
    """
    ### BEGIN SOLUTION
    layers, channels = [], 3
    for step in plan:
        if step == "M":
            layers.append(nn.MaxPool2d(2))
            side = side // 2
        else:
            layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]
            channels = step
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(channels * side * side, hidden), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(hidden, classes),
    )  # fmt: skip
    ### END SOLUTION


# %% hints="vgg"
r"""
While you walk along the plan, which two numbers must you remember, so that the next convolution and the first dense layer fit?

Start with no layers, `channels = 3` and the side of the picture. A number appends a convolution and a ReLU, and becomes the new `channels`; an "M" appends a pooling and halves the side with `//`. At the end the maps have channels·side·side numbers.

`for step in plan:`, `if step == "M": layers.append(nn.MaxPool2d(2)); side //= 2`, else `layers += [nn.Conv2d(channels, step, 3, padding=1), nn.ReLU()]; channels = step`. Then `nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * side * side, hidden), …)`.
"""

# %% idea="vgg"
r"""
The plan is a small language, and the loop reads it word by word.
Two numbers are carried along: the channels, which the next convolution needs, and the side, which the first dense layer needs.
A padding of 1 keeps the side, so only "M" changes it.
"""

# %% check="vgg" points=4

# %%
if ready(vgg):
    for name, plan in (("VGG-16", VGG_16), ("VGG-19", VGG_19)):
        whole = blueprint(vgg, picture_shape, plan)
        megabytes = whole["parameters"] * 4 / 1e6
        print(f"{name}: {whole['parameters']:,} parameters ({megabytes:.0f} megabytes), ", end="")
        print(f"{whole['macs']:,} multiply–adds")

# %% [markdown]
r"""
You have just built a net whose weights would fill half a gigabyte, and it took no memory at all.

The popular figure, 144 million, is VGG-19's. VGG-16 has 138 million.
And the work: more than twenty times AlexNet's. Where does it go?
"""

# %%
if ready(conv_cost):
    blocks = {
        "conv 1": [(3, 64, 3, 224, 224), (64, 64, 3, 224, 224)],
        "conv 2": [(64, 128, 3, 112, 112), (128, 128, 3, 112, 112)],
        "conv 3": [(128, 256, 3, 56, 56)] + [(256, 256, 3, 56, 56)] * 2,
        "conv 4": [(256, 512, 3, 28, 28)] + [(512, 512, 3, 28, 28)] * 2,
        "conv 5": [(512, 512, 3, 14, 14)] * 3,
        "dense 1": [(512 * 7 * 7, 4096, 1, 1, 1)],
        "dense 2": [(4096, 4096, 1, 1, 1)],
        "dense 3": [(4096, 1000, 1, 1, 1)],
    }
    costs = {name: [conv_cost(*layer) for layer in block] for name, block in blocks.items()}
    parameters = [sum(p for p, _ in cost) for cost in costs.values()]
    work = [sum(w for _, w in cost) for cost in costs.values()]
    plots.show(two_shares(list(blocks), parameters, work), alt=told(blocks, parameters, work))
    print(f"dense 1 alone: {parameters[5]:,} parameters, {work[5] / sum(work):.1%} of the work")

# %% [markdown]
r"""
One dense layer holds three quarters of all parameters and does less than a hundredth of the work.
Two questions for 2014, then: can we do without that layer? And can the convolutions be cheaper?

## 6 · GoogLeNet, 2014

The same year, the same contest, another answer. (The capital L is a bow to LeNet.)

### A window of one pixel

Its tool is the **1×1 convolution** (1×1 합성곱), in lesson 04 the pointwise one. A window of one pixel cannot see a neighbour, so what is it good for?
It *mixes channels*: at each pixel, each number that comes out is a weighted sum of the channels there. It is a small dense layer, the same one at every pixel.

With three channels, red, green and blue, you can see it at work.
"""

# %%
colours = data.photo("astronaut", size=192, colour=True)
brightness = torch.tensor([[0.30, 0.59, 0.11]])  # 3 channels → 1
swapped = torch.tensor([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])  # 3 channels → 3
fig, axes = plots.canvas(7.6, 2.8, columns=3)
plots.picture(axes[0], colours, "3 channels")
for ax, weights, title in (
    (axes[1], brightness, "1×1 convolution, 3 → 1"),
    (axes[2], swapped, "1×1 convolution, 3 → 3"),
):
    mixed = F.conv2d(colours[None], weights[:, :, None, None])[0]
    plots.picture(ax, mixed[0] if len(mixed) == 1 else mixed, title)
axes[0].set_xlabel(data.credit("astronaut"))
plots.show(
    fig,
    alt="An astronaut in an orange suit. A 1×1 convolution from 3 channels to 1 makes a grey "
    "picture; one from 3 to 3 that exchanges red and blue turns the orange suit blue.",
)

# %% [markdown]
r"""
No pixel has moved, no edge is softer. Only the channels are different, and there may be *fewer* of them.

That is the trick. A 5×5 convolution on 192 channels is costly. First mix the 192 channels into 16, then do the 5×5 convolution on these.
**Guess:** how much of the work is left?
"""

# %%
if ready(conv_cost):
    _, direct = conv_cost(192, 32, 5, 28, 28)
    _, reduce = conv_cost(192, 16, 1, 28, 28)
    _, then = conv_cost(16, 32, 5, 28, 28)
    print(f"5 × 5, 192 → 32:                    {direct:12,} multiply–adds")
    print(
        f"1 × 1, 192 → 16, then 5 × 5 → 32:   {reduce + then:12,}, {(reduce + then) / direct:.0%}"
    )

# %% [markdown]
r"""
A tenth.
Something is lost as well, of course: 16 channels cannot carry all that 192 can. The bet is that they need not.

### Why choose a window at all?

The **inception block** (인셉션 블록) does not choose between 1×1, 3×3 and 5×5: it does all three side by side, with a pooling as the fourth. The maps of all four become the channels of one output; nothing is added up. The next layer can pick what it needs.
"""

# %%
first_block = (64, 96, 128, 16, 32, 32)
plots.show(
    inception_ways(192, first_block),
    alt="192 channels go four ways. 1×1 to 64. 1×1 to 96, then 3×3 to 128. 1×1 to 16, then 5×5 to "
    "32. Max pooling 3×3, then 1×1 to 32. Put together: 256 channels.",
)


# %% exercise="Inception" stars=3 objective="inception" minutes=9
class Inception(nn.Module):
    """An inception block: four ways side by side, whose maps are put on top of each other.

    C_in: channels that come in. The other numbers are channels, too:
    self.one       1×1 convolution, C_in → c1                          first way
    self.three_in  1×1, C_in → c3_in;  self.three  3×3, c3_in → c3     second way
    self.five_in   1×1, C_in → c5_in;  self.five   5×5, c5_in → c5     third way
    self.pooled    1×1, C_in → c_pool, after a max pooling 3×3         fourth way
    All six are nn.Conv2d with a bias, and each is followed by ReLU.
    Padding and stride 1 keep height and width everywhere, also in the pooling.

    block(x): x (N, C_in, H, W) → (N, c1 + c3 + c5 + c_pool, H, W), the ways in this order.

    Inception(192, 64, 96, 128, 16, 32, 32) gives 64 + 128 + 32 + 32 = 256 channels.
    """

    def __init__(self, C_in, c1, c3_in, c3, c5_in, c5, c_pool):
        super().__init__()
        ### BEGIN SOLUTION
        self.one = nn.Conv2d(C_in, c1, 1)
        self.three_in = nn.Conv2d(C_in, c3_in, 1)
        self.three = nn.Conv2d(c3_in, c3, 3, padding=1)
        self.five_in = nn.Conv2d(C_in, c5_in, 1)
        self.five = nn.Conv2d(c5_in, c5, 5, padding=2)
        self.pooled = nn.Conv2d(C_in, c_pool, 1)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        ways = [
            self.one(x),
            self.three(F.relu(self.three_in(x))),
            self.five(F.relu(self.five_in(x))),
            self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)),
        ]
        return F.relu(torch.cat(ways, dim=1))
        ### END SOLUTION


# %% hints="Inception"
r"""
A map of 28×28 comes in, and all four ways must give 28×28, or they cannot be put on top of each other. What padding does each window need?

Six convolutions in `__init__`; the pooling has no parameters and can stand in `forward`. In the second way the order is 1×1, ReLU, 3×3, ReLU. At the end `torch.cat` along the axis of the channels.

`second = F.relu(self.three(F.relu(self.three_in(x))))`, with `self.three = nn.Conv2d(c3_in, c3, 3, padding=1)`; `fourth = F.relu(self.pooled(F.max_pool2d(x, 3, stride=1, padding=1)))`; `torch.cat([first, second, third, fourth], dim=1)`.
"""

# %% idea="Inception"
r"""
Each way keeps height and width: padding 1 for a window of 3, padding 2 for one of 5, none for 1×1; the pooling needs stride 1 *and* padding 1.
`torch.cat(…, dim=1)` puts the maps on top of each other, and channels add up.
The last ReLU of every way can wait until after the `cat`: it looks at each number by itself.
"""

# %% check="Inception" points=5

# %%
if ready(Inception, conv_cost):
    cheap = blueprint(Inception, (1, 192, 28, 28), 192, *first_block)
    naive = [conv_cost(192, C_out, K, 28, 28) for C_out, K in ((64, 1), (128, 3), (32, 5), (32, 1))]
    parameters, work = (sum(numbers) for numbers in zip(*naive, strict=True))
    print(
        f"your block:              {cheap['parameters']:9,} parameters {cheap['macs']:13,} multiply–adds"
    )
    print(f"without 1×1 before:      {parameters:9,} parameters {work:13,} multiply–adds")
    print("comes out:", cheap["output"])

# %% [markdown]
r"""
(In the second line the 3×3 and the 5×5 convolution work on all 192 channels.)

### No dense giants

GoogLeNet stacks nine such blocks. At the end it does not flatten: it takes the **mean of each map** (global average pooling, 전역 평균 풀링, lesson 04), 1,024 numbers, and has one dense layer for the 1,000 classes.
VGG's first dense layer alone has 103 million parameters. **Guess:** how many has all of GoogLeNet?

Its table has a row for each block; read it into a net, as you read VGG's plan.
"""

# %%
GOOGLENET = [
    (64, 96, 128, 16, 32, 32),
    (128, 128, 192, 32, 96, 64),
    "M",
    (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64),
    (128, 128, 256, 24, 64, 64),
    (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128),
    "M",
    (256, 160, 320, 32, 128, 128),
    (384, 192, 384, 48, 128, 128),
]
googlenet_stages = [
    ("picture", 3, 224),
    ("conv 7×7\nstep 2", 64, 112),
    ("pool,\n2 conv", 192, 56),
    ("pool,\n2 blocks", 480, 28),
    ("pool,\n5 blocks", 832, 14),
    ("pool,\n2 blocks", 1024, 7),
    ("mean of\neach map", 1024, 0),
    ("dense", 1000, 0),
]
plots.show(
    net_outline(googlenet_stages),
    alt="GoogLeNet as boxes: 3×224×224, 64×112×112, 192×56×56, 480×28×28, 832×14×14, 1024×7×7, "
    "then bars of 1024 and 1000 numbers.",
)


# %% exercise="googlenet" stars=3 objective="inception" minutes=9
def googlenet(table, classes=1000):
    """GoogLeNet from its table: pictures (N, 3, H, W) → class scores (N, classes).

    convolution to 64, 7×7, stride 2, padding 3     (N, 64, 112, 112) for 224×224    ReLU
    max pooling 3×3, stride 2, ceil_mode            (N, 64, 56, 56)
    convolution to 64, 1×1                                                           ReLU
    convolution to 192, 3×3, padding 1                                               ReLU
    max pooling 3×3, stride 2, ceil_mode            (N, 192, 28, 28)
    then the table, row by row:
        six numbers (c1, c3_in, c3, c5_in, c5, c_pool)   your Inception with them
        "M"                                              max pooling 3×3, stride 2, ceil_mode
    mean of each whole map                          (N, channels)
    dense to `classes`                                                  as it is: scores (logits)

    Dropout before the dense layer is welcome. All layers with a bias.
    The number of channels that enter a block is what the block before gives.

    Returns an nn.Module.

    googlenet([(8, 4, 8, 2, 4, 4), "M"], classes=5): 192 channels enter the block, 24 leave it.
    """
    ### BEGIN SOLUTION
    layers = [
        nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU(),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
        nn.Conv2d(64, 64, 1), nn.ReLU(),
        nn.Conv2d(64, 192, 3, padding=1), nn.ReLU(),
        nn.MaxPool2d(3, stride=2, ceil_mode=True),
    ]  # fmt: skip
    channels = 192
    for row in table:
        if row == "M":
            layers.append(nn.MaxPool2d(3, stride=2, ceil_mode=True))
        else:
            c1, c3_in, c3, c5_in, c5, c_pool = row
            layers.append(Inception(channels, c1, c3_in, c3, c5_in, c5, c_pool))
            channels = c1 + c3 + c5 + c_pool
    return nn.Sequential(
        *layers,
        nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Dropout(0.4), nn.Linear(channels, classes),
    )  # fmt: skip
    ### END SOLUTION


# %% hints="googlenet"
r"""
A block with (64, 96, 128, 16, 32, 32): how many channels does it give to the next one? Which two of the six numbers do not count?

It is `vgg` again in other words: a loop over the table, and `channels` carried along, from 192. An "M" leaves the channels as they are. After the loop `nn.AdaptiveAvgPool2d(1)` takes the mean of each map, whatever its size.

In the loop `layers.append(Inception(channels, *row))` and `channels = row[0] + row[2] + row[4] + row[5]`. At the end `nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))`.
"""

# %% idea="googlenet"
r"""
A block's channels are c1 + c3 + c5 + c_pool; c3_in and c5_in stay inside it.
The loop carries `channels` from block to block, as in `vgg`, but no side: the mean of each map needs none.
That is why this net takes pictures of any size, and why its only dense layer is small.
"""

# %% check="googlenet" points=4

# %%
if ready(Inception, googlenet):
    whole = blueprint(googlenet, picture_shape, GOOGLENET)
    print(f"GoogLeNet: {whole['parameters']:,} parameters, {whole['macs']:,} multiply–adds")
    flat = 1024 * 7 * 7 * 1000
    print(f"with flattening in place of the mean its dense layer would have {flat:,} weights")
    for side in (96, 224, 320):
        sized = blueprint(googlenet, (1, 3, side, side), GOOGLENET)
        print(f"pictures of {side} × {side}: {sized['output'][1]} scores, ", end="")
        print(f"{sized['macs']:,} multiply–adds")

# %% [markdown]
r"""
Seven million. And because the mean of a map does not ask how large the map is, this net takes pictures of other sizes, too: only the work grows.

What the mean throws away is *where* on the map something was. For "which class?" that is welcome; for "where is it?" it is not.

Nine blocks on top of each other were hard to train in 2014. So two helpers, **auxiliary classifiers** (보조 분류기), were hung onto the middle of the net, each a small one with a loss of its own, and taken off after training. Do they count? That is again a question of the version.

## 7 · Myth check: the figures that everyone quotes

Now count them all. Your nets, and their relatives from `utils/nets/historic.py`.
ResNet is the subject of the next notebook; its list of convolutions is enough for your `conv_cost`.
(Its work is that of the library's version. The paper takes its steps of 2 in a 1×1 layer, one place earlier: the same parameters, 0.23 billion multiply–adds less.)
"""

# %%
versions = {}
if ready(conv_cost, lenet5, alexnet, vgg, Inception, googlenet):

    def count(net, version, make, *settings, shape=picture_shape):
        """Note the parameters and the multiply–adds of one version of a net."""
        plan = blueprint(make, shape, *settings)
        versions[net, version] = plan["parameters"], plan["macs"]

    count("LeNet-5", "paper 1998", lenet5_paper, shape=(1, 1, 32, 32))
    count("LeNet-5", "modern form", lenet5, shape=(1, 1, 32, 32))
    count("AlexNet", "paper 2012, two towers", alexnet_two_towers)
    count("AlexNet", "paper's widths, no towers", alexnet, (96, 256, 384, 384, 256))
    count("AlexNet", "library", alexnet)
    count("VGG", "VGG-16", vgg, VGG_16)
    count("VGG", "VGG-19", vgg, VGG_19)
    count("GoogLeNet", "paper 2014", googlenet, GOOGLENET)
    heads = [blueprint(auxiliary_head, (1, C, 14, 14), C) for C in (512, 528)]
    versions["GoogLeNet", "with both helpers"] = tuple(
        number + sum(head[price] for head in heads)
        for number, price in zip(
            versions["GoogLeNet", "paper 2014"], ("parameters", "macs"), strict=True
        )
    )
    count("GoogLeNet", "library", library_googlenet)
    for name, counts in (("ResNet-50", (3, 4, 6, 3)), ("ResNet-152", (3, 8, 36, 3))):
        rows = resnet_convolutions(counts)
        prices = [conv_cost(*row, row[3], bias=False) for row in rows] + [
            conv_cost(2048, 1000, 1, 1, 1)
        ]
        norms = sum(2 * C_out for _, C_out, _, _ in rows)  # two for each normalised channel
        versions["ResNet", name] = sum(p for p, _ in prices) + norms, sum(w for _, w in prices)

    print(f"{'net':10} {'version':26} {'parameters':>12} {'multiply–adds':>16}")
    for (net, version), (parameters, work) in versions.items():
        print(f"{net:10} {version:26} {parameters:12,} {work:16,}")

# %% [markdown]
r"""
Twelve nets that go by five names.
(For the LeNet-5 of the paper the time line of part 1 counts 840 multiply–adds more: the distances of its output layer.)

Now hold the popular figures against them.
"""

# %%
popular = {"LeNet-5": 60e3, "AlexNet": 60e6, "VGG": 144e6, "GoogLeNet": 5e6, "ResNet": 60e6}
for net, figure in popular.items():
    found = {version: p for (name, version), (p, _) in versions.items() if name == net}
    if not found:
        break
    nearest = min(found, key=lambda version: abs(found[version] - figure))
    off = found[nearest] / figure - 1
    print(f"{net:10} {figure:13,.0f} is nearest to {nearest:24} {found[nearest]:12,}  {off:+7.1%}")

# %% [markdown]
r"""
- **LeNet-5, 60 thousand:** exact, for the net of the paper.
- **AlexNet, 60 million:** every version is within 4 %.
- **VGG, 144 million:** VGG-19. VGG-16 has 138 million. That is no further off than the widest AlexNet, but "144" promises three digits, and "about 60" only one or two.
- **ResNet, 60 million:** ResNet-152. The usual ResNet-50 has 26 million, less than half.
- **GoogLeNet, 5 million: none of the three.** The smallest is a third larger; with both helpers it is 13 million.

Where does the 5 come from? Probably from a division. The paper says that its net uses 12 times fewer parameters than AlexNet, and 60 / 12 = 5.
A rounded number divided by a rounded number, copied ever since. Counted with the paper's own table it is 61 / 7: not quite nine times fewer.

The library's GoogLeNet is a lesson of its own: by mistake it has 3×3 kernels where the paper has 5×5, and it stays so, because the weights that people use were trained that way.

### "More parameters, more work"

The second myth is quieter: a net with more parameters must be slower. Put the nets on a map of both prices.
"""

# %%
if versions:
    chosen = {
        "LeNet-5": ("LeNet-5", "modern form"),
        "AlexNet": ("AlexNet", "library"),
        "VGG-16": ("VGG", "VGG-16"),
        "GoogLeNet": ("GoogLeNet", "paper 2014"),
        "ResNet-50": ("ResNet", "ResNet-50"),
        "ResNet-152": ("ResNet", "ResNet-152"),
    }
    nets = {name: versions[key] for name, key in chosen.items()}
    said = "; ".join(f"{name} {p / 1e6:,.2f} and {w / 1e6:,.0f}" for name, (p, w) in nets.items())
    plots.show(
        two_prices(nets, below=("ResNet-50", "ResNet-152", "AlexNet")),
        alt=f"Parameters across, multiply–adds up, both logarithmic; in millions: {said}.",
    )
    fewer = nets["AlexNet"][0] / nets["GoogLeNet"][0]
    more = nets["GoogLeNet"][1] / nets["AlexNet"][1]
    print(f"GoogLeNet has {fewer:.1f} times fewer parameters than AlexNet, ", end="")
    print(f"and {more:.1f} times the multiply–adds.")
    fewer = nets["VGG-16"][0] / nets["ResNet-152"][0]
    print(f"ResNet-152 has {fewer:.1f} times fewer parameters than VGG-16, ", end="")
    print(f"and {nets['ResNet-152'][1] / nets['VGG-16'][1]:.0%} of its multiply–adds.")

# %% [markdown]
r"""
**False.** From AlexNet to GoogLeNet the parameters fall to a ninth, and the work doubles.
"GoogLeNet needs less compute" is true beside VGG, a tenth of it, and wrong beside AlexNet.

Parameters say how much memory the weights take. Multiply–adds say, roughly, how long a picture takes. Ask for both; and ask for the version.

## What next

You have built four nets that made history, and counted them to the last weight.

- **The second notebook** asks why nobody simply stacked 30 layers of VGG, builds the answer, ResNet, and trains small versions of all five on the same digits: accuracy against both prices.
- To read on: LeCun, Bottou, Bengio and Haffner, *Gradient-Based Learning Applied to Document Recognition* (1998); Krizhevsky, Sutskever and Hinton, *ImageNet Classification with Deep Convolutional Neural Networks* (2012); Simonyan and Zisserman, *Very Deep Convolutional Networks for Large-Scale Image Recognition* (2014); Szegedy and others, *Going Deeper with Convolutions* (2014).
"""

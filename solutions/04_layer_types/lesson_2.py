# ---
# title: "Layer types, part 2: from layers to a net"
# title_ko: 레이어 종류 2
# minutes: 120
# objectives:
#   structure: tell dense layers apart, and build a block with a way around it
#   output_layer: choose the last layer and the loss for a task, and say what a softmax promises and what not
#   sequence: hand a sequence to a net together with its order, and write one step of a recurrent cell
#   shapes: predict every shape in a net before it runs
#   small_cnn: build a convolutional net from its description
#   training_it: write the loop that trains a net in batches, and test the loop itself
# ---

# %% [markdown]
r"""
Part 1 had the layers that work on maps. Here come the rest: dense layers, the last layer, layers for sequences. Then you build a whole net from them, and train it.

| part | minutes | you write |
|---|---|---|
| 1 · Dense layers, and a way around | 18 | `residual_block` |
| 2 · The last layer | 15 | `cross_entropy` |
| 3 · Sequences | 22 | `positional_encoding`, `gru_cell` |
| 4 · Two myths | 10 | |
| 5 · In what order? | 13 | `shapes_through` |
| 6 · A whole net | 20 | `SimpleCNN`, `train_classifier` |
| 7 · Every layer in one table | 4 | |
| 8 · Weekly paper | 18 | an essay |

Nothing from part 1's notebook is needed here.
Run the cells from top to bottom, and **guess** where the text asks you to.
"""

# %%
import math

import torch
import torch.nn.functional as F
from IPython.display import display
from torch import nn

from utils import check, data, hint, idea, plots, quiz, start, widgets
from utils.demo import ready
from utils.drawings.padding import stack_of_maps
from utils.drawings.small_cnn import causal_tree, chain, residual_block_diagram, unrolled_cell
from utils.layer_gallery import FAMILIES, gallery, parameters
from utils.nets.small import batch_witness, crowd_witness, perceptron, refill, small_cnn
from utils.training import accuracy
from utils.training import train as course_train

start("04_layer_types")

# %% [markdown]
r"""
## 1 · Dense layers, and a way around

After the last convolution a classifier holds a stack of maps, and wants ten scores.
Two layers do that step together: one makes a row of the maps, the other weighs the row.

- **Flatten** (평탄화) has no parameters. It only reads the same numbers in another shape.
- **Linear** (선형 레이어; also *dense*, or *fully connected*, 완전 연결) computes W x + b: every output has a weight for every input.

Guess the three shapes before you run the cell.
"""

# %%
maps = torch.randn(5, 64, 6, 6)
print("maps.flatten(1):   ", tuple(maps.flatten(1).shape))
print("maps.view(5, -1):  ", tuple(maps.view(5, -1).shape))
print("maps.flatten():    ", tuple(maps.flatten().shape), "  the batch is gone, too!")

channels_last = maps.permute(0, 2, 3, 1)  # (N, H, W, C)
try:
    channels_last.view(5, -1)
except RuntimeError as error:
    print("RuntimeError:", str(error).split(".")[0])
same = torch.equal(channels_last.flatten(1), maps.flatten(1))
print("channels last, flattened: the same row?", same)

# %% [markdown]
r"""
`view` only looks at memory in another way; where the numbers do not lie in the order asked for, it refuses, and `flatten` makes a copy.
Mind the last line: the row's *order* depends on the order of the axes, and a linear layer's weights belong to that order.

How different is a dense layer from a convolution? **Guess**, then look: here are a linear layer, and a convolution whose window is as large as the whole map.
"""

# %%
dense = nn.Linear(64 * 6 * 6, 10)
window = dense.weight.reshape(10, 64, 6, 6)  # the same numbers, as ten filters of 6×6
as_convolution = F.conv2d(maps, window, dense.bias)
print("shapes:", tuple(dense(maps.flatten(1)).shape), "and", tuple(as_convolution.shape))
difference = (dense(maps.flatten(1)) - as_convolution[:, :, 0, 0]).abs().max()
print(f"largest difference: {difference:.0e}")
print(f"parameters: linear {parameters(dense):,}; a 3 × 3 convolution, 64 → 10 channels: "
      f"{parameters(nn.Conv2d(64, 10, 3)):,}")  # fmt: skip

# %% [markdown]
r"""
They are the same: **a dense layer is a convolution that has only one place.**
So it has no place to share its weights with, sees everything at once, and fits one size of picture.

Two rarer relatives:

- **Identity** (항등) returns what it gets. It is a placeholder: put it where a layer was, and the layer is gone.
- **Bilinear** (쌍선형) takes *two* rows, x₁ and x₂, and weighs every product of a number of one with a number of the other. It compares, for example a question with a picture.
"""

# %%
net = small_cnn(0)  # the course's little net: two convolutions, then a linear layer
net.linear = nn.Identity()
print("small_cnn without its last layer:", tuple(net(torch.zeros(5, 1, 8, 8)).shape), "features")

pair = nn.Bilinear(64, 64, 32, bias=False)
x1, x2 = torch.randn(1, 64), torch.randn(1, 64)
once = pair(x1, x2)
print(f"x1 doubled:   {(pair(2 * x1, x2) / once).mean():.1f} times as much")
print(f"both doubled: {(pair(2 * x1, 2 * x2) / once).mean():.1f} times as much")
print(
    f"Bilinear(64, 64, 32): 32·64·64 weights and 32 biases, {parameters(nn.Bilinear(64, 64, 32)):,}"
)

# %% [markdown]
r"""
*Bi-linear* means linear in each of its two arguments, not in both at once: doubled twice makes four.

### A way around

Here is a photograph. Ten times in a row it goes through two convolutions with fresh random weights.
In the upper row that is all. In the lower row the input is *added* to what each pair of convolutions makes of it.
"""

# %%
photo, C = data.photo("camera", size=96), 4
draw = torch.Generator().manual_seed(0)
size = 0.5 * (2 / (9 * C)) ** 0.5  # of a weight, typically
pairs = [[size * torch.randn(C, C, 3, 3, generator=draw) for _ in range(2)] for _ in range(10)]
plain = around = photo.expand(1, C, 96, 96)
fig, axes = plots.canvas(8.8, 4.9, columns=4, rows=2)
said, column = [], 0
for number, (first, second) in enumerate(pairs, start=1):
    plain = F.conv2d(F.conv2d(plain, first, padding=1).relu(), second, padding=1).relu()
    branch = F.conv2d(F.conv2d(around, first, padding=1).relu(), second, padding=1)
    around = (around + branch).relu()
    if number in (1, 3, 6, 10):
        for row, (way, x) in enumerate((("plain", plain), ("with a way around", around))):
            image = x[0].mean(dim=0)
            alike = torch.corrcoef(torch.stack([image.flatten(), photo.flatten()]))[0, 1]
            title = "" if row else f"{number} block" + "s" * (number > 1)
            plots.picture(axes[row, column], image / image.max(), title)
            axes[row, column].set_xlabel(f"largest number {image.max():.1g}")
            if column == 0:
                axes[row, 0].set_ylabel(way)
            said.append(f"{way}, {number}: {alike:.2f}")
        column += 1
plots.show(
    fig,
    alt="The photographer after 1, 3, 6 and 10 blocks, each picture brightened to its own largest "
    "number. Plain: after 3 blocks a few outlines, after 10 a blur of specks. With a way around he is "
    "clear to the end. Correlation with the photograph: " + "; ".join(said) + ".",
)
print(data.credit("camera"))

# %% [markdown]
r"""
After ten plain blocks the photograph is gone, and its largest number is 0.00000001.
With a way around, it is still there. Nothing was learned in either row.
(The weights were drawn half as large as usual, so that each branch changes the picture only a little. At the usual size the lower row loses it, too. Shortcuts help most where branches begin small.)

That is the **residual block** (잔차 블록): x + F(x). The branch F only has to learn what should be *different* from x, the rest, which is what *residual* means. A branch of zeros does no harm.
"""

# %%
plots.show(
    residual_block_diagram(),
    alt="x goes through a convolution, a ReLU and a convolution, which is the branch F(x). An arrow, "
    "the shortcut, leads from x around them to a plus. After the plus stands a ReLU.",
)

# %% [markdown]
r"""
Where the block changes the number of channels, or takes steps of 2, x no longer fits to be added. Then the shortcut is a 1×1 convolution with the same steps, the **projection** (투영). (Elsewhere, code often has an `nn.Identity()` in its place: the placeholder for the plain shortcut.)
"""


# %% exercise="residual_block" stars=2 objective="structure" minutes=7
def residual_block(x, weight1, weight2, projection=None, S=1):
    """A residual block (잔차 블록): two convolutions, and a way around them.

    x: shape (N, C, H, W); weight1: (C_out, C, K, K); weight2: (C_out, C_out, K, K); K is odd.
    projection: None (then C_out = C and S = 1), or a 1×1 kernel, shape (C_out, C, 1, 1).
    S: stride of the first convolution and of the projection.

    branch:   convolution with weight1, stride S, padding K // 2; ReLU; convolution with weight2,
              padding K // 2. No biases. F.conv2d is allowed.
    shortcut: x itself, or the convolution of x with the projection, stride S, without padding.
    Returns relu(branch + shortcut), shape (N, C_out, ⌊(H−1)/S⌋+1, ⌊(W−1)/S⌋+1).

    residual_block(tensor([[[[1., -2.]]]]), tensor([[[[2.]]]]), tensor([[[[3.]]]]))
    →  tensor([[[[7., 0.]]]])
    #   branch: 2·(1, −2) = (2, −4) → ReLU (2, 0) → (6, 0)      + (1, −2) = (7, −2) → ReLU
    """
    ### BEGIN SOLUTION
    K = weight1.shape[-1]
    branch = F.relu(F.conv2d(x, weight1, stride=S, padding=K // 2))
    branch = F.conv2d(branch, weight2, padding=K // 2)
    shortcut = x if projection is None else F.conv2d(x, projection, stride=S)
    return F.relu(branch + shortcut)
    ### END SOLUTION


# %% hints="residual_block"
r"""
In the picture, how many ReLUs are there, and which of them sees the shortcut?

Two convolutions with one ReLU between them make the branch. Only the first takes steps of S. Beside it, keep x as it is, or send it through the projection with the *same* steps, so that both have one shape. Add, and only then comes the last ReLU.

`branch = F.conv2d(x, weight1, stride=S, padding=weight1.shape[-1] // 2).relu()`; then the second convolution without a stride; `shortcut = x if projection is None else F.conv2d(x, projection, stride=S)`; return `(branch + shortcut).relu()`.
"""

# %% idea="residual_block"
r"""
The branch F(x) is convolution, ReLU, convolution; the block returns relu(F(x) + shortcut).
There is no ReLU between the second convolution and the sum: a branch that could never be negative could only ever add.
Where the shape changes, a 1×1 convolution with the same stride brings x to the branch's shape.
"""

# %% check="residual_block" points=4

# %%
if ready(residual_block):
    x = torch.randn(1, 4, 8, 8).relu()  # after a ReLU nothing is negative
    nothing = torch.zeros(4, 4, 3, 3)
    print(
        "a block whose weights are all zero returns x:",
        torch.equal(residual_block(x, nothing, nothing), x),
    )

# %% [markdown]
r"""
A deep net of such blocks can begin almost as a shallow one. Lesson 05 puts 32 layers to the test, with and without shortcuts, and looks at their gradients.

## 2 · The last layer

Everything before the last layer serves one purpose: features. The last layer, the **head** (헤드, 출력층), says what the net is *for*, and it belongs together with the loss.

| task | last layer | what it gives | loss |
|---|---|---|---|
| one of C classes (분류) | `Linear(F, C)`, nothing after it | C logits | cross-entropy, which takes the **softmax** (소프트맥스) itself |
| yes or no | `Linear(F, 1)`, nothing after it | one logit | binary cross-entropy *with logits*, which takes the **sigmoid** (시그모이드) itself |
| several labels at once | `Linear(F, C)`, nothing after it | C logits, each a yes or no | the same, for each label |
| a number (회귀, regression) | `Linear(F, 1)`, nothing after it | the number | mean squared error |

A **logit** (로짓) is a score before it becomes a chance. Any number will do. A sigmoid is a softmax whose second logit is always 0. In a softmax only differences count:

$$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$
"""

# %%
z = torch.tensor([2.0, 1.0, -1.0])
print("softmax(z):      ", [round(p, 3) for p in z.softmax(0).tolist()])
print("softmax(z + 100):", [round(p, 3) for p in (z + 100).softmax(0).tolist()])
print("two classes: softmax", round(z[:2].softmax(0)[0].item(), 4),
      " sigmoid of the difference", round((z[0] - z[1]).sigmoid().item(), 4))  # fmt: skip

# %% [markdown]
r"""
"Nothing after it" stands in every row. Does it matter, for a plain number?
We turn digits by −40° to 40°, and a small net has to say by how much. Its answer counts in tens of degrees, −4 to 4.
**Guess** what a ReLU, a sigmoid or a tanh after the last layer would do.
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")


def turned(digits, seed):
    """Digits, each turned by −40°, −30° … or 40°; and the angles, in tens of degrees."""
    tens = torch.randint(-4, 5, (len(digits),), generator=torch.Generator().manual_seed(seed))
    out = digits.clone()
    for angle in tens.unique():
        out[tens == angle] = data.rotated(digits[tens == angle], 10.0 * float(angle))
    return out, tens.float()[:, None]


def squared(model, x, y):
    return F.mse_loss(model(x), y)


given, asked = turned(images, 1), turned(test_images, 2)
print(f"always 0°: {10 * asked[1].square().mean().sqrt():4.1f}° typical error")
for name, end in (
    ("nothing", nn.Identity()),
    ("ReLU", nn.ReLU()),
    ("sigmoid", nn.Sigmoid()),
    ("tanh", nn.Tanh()),
):
    torch.manual_seed(0)
    angles = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(256, 32), nn.ReLU(), nn.Linear(32, 1), end,
    )  # fmt: skip
    course_train(angles, given, loss=squared, epochs=6, batch_size=32, progress=False)
    with torch.no_grad():
        answer = angles(asked[0])
    error = 10 * (answer - asked[1]).square().mean().sqrt()
    print(
        f"{name + ' at the end:':20} {error:4.1f}°, answers from {10 * answer.min():.0f}° to {10 * answer.max():.0f}°"
    )

# %% [markdown]
r"""
An activation at the end is a fence around the answers: ReLU cannot say −20°, and a tanh cannot go beyond ±10°.
So a regression usually ends in a linear layer. (Where the answers themselves are fenced in, such as pixels from 0 to 1, a sigmoid can be right: lesson 06.)
A classifier ends in one, too, because its loss takes the softmax itself.

What does that loss do? It looks at one chance only, that of the right class, and takes −log of it. All the others come in through the sum under the fraction line.
With ten classes and no idea, every chance is 1/10, and the loss is log 10 = 2.303 nats (내트; natural logarithm).
"""


# %% exercise="cross_entropy" stars=2 objective="output_layer" minutes=6
def cross_entropy(logits, labels):
    """Cross-entropy (교차 엔트로피): the mean of −log(chance of the right class), in nats.

    logits: shape (N, classes), floating point, of any size from −1000 to 1000 and beyond.
    labels: shape (N,), the right classes, whole numbers from 0.
    Returns a tensor without dimensions, with the dtype and on the device of the logits.
    Write it with exp, log and sums, without a ready-made softmax, log_softmax, logsumexp or loss.

    cross_entropy(tensor([[0., 1.0986]]), tensor([0]))  →  tensor(1.3863)
    #   1.0986 = log 3, so the chances are 1/4 and 3/4:  −log(1/4) = log 4
    """
    ### BEGIN SOLUTION
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_total = shifted.exp().sum(dim=1).log()
    right = shifted[torch.arange(len(labels), device=logits.device), labels]
    return (log_total - right).mean()
    ### END SOLUTION


# %% hints="cross_entropy"
r"""
−log(exp(a) / (exp(a) + exp(b))): what is left when you take the logarithm of the fraction apart? And what happens to the fraction when 5 is taken away from both a and b?

Subtract each row's largest logit first: the chances stay the same, and no exp is larger than 1. Then the loss of a row is log(sum of exp) − (the right class's shifted logit). At the end comes the mean over the rows.

`shifted = logits - logits.max(dim=1, keepdim=True).values`; `log_total = shifted.exp().sum(dim=1).log()`; the right logits are `shifted[torch.arange(len(labels), device=logits.device), labels]`, or use `gather`.
"""

# %% idea="cross_entropy"
r"""
−log softmax is log Σ exp(z) − z of the right class, so no fraction is ever computed, and no logarithm of 0.
Subtracting the row's maximum changes neither, but keeps exp between 0 and 1: the largest term is exp(0) = 1, so the logarithm's argument is at least 1.
"""

# %% check="cross_entropy" points=4

# %%
if ready(cross_entropy):
    for classes in (2, 10, 1000):
        clueless = torch.zeros(4, classes)
        print(
            f"{classes:4} classes, no idea: {cross_entropy(clueless, torch.zeros(4).long()):.3f} nats"
        )

# %% [markdown]
r"""
### The double softmax

The most common mistake with this loss: the net ends in `nn.Softmax`, and the loss takes the softmax *again*. torch does not complain, and the net even learns. **Guess:** what is the lowest loss it can ever reach?

"""

# %%
best = F.one_hot(torch.tensor([3]), 10).float()  # what a perfect first softmax gives
print(f"lowest loss, softmax twice: {F.cross_entropy(best, torch.tensor([3])):.2f} nats")
z, slopes = torch.zeros(1, 10, requires_grad=True), []
for scores in (z, z.softmax(dim=1)):
    slopes.append(torch.autograd.grad(F.cross_entropy(scores, torch.tensor([3])), z)[0][0, 3])
print(f"slope at the start: {slopes[0]:.2f} once, {slopes[1]:.2f} twice")

# %% [markdown]
r"""
The second softmax gets numbers from 0 to 1. At best that is 1 for the right class and 0 for nine others: e / (e + 9) = 23.2 %.
So the loss never falls below −log 0.232 = 1.46, and at the start its slopes are a tenth of what they should be.
"""


# %%
def twice(model, x, y):
    return F.cross_entropy(model(x).softmax(dim=1), y)


fig, axes = plots.canvas(8.6, 2.9, columns=2, sharey=True)
said = []
for ax, kind in zip(axes, ("plain gradient descent", "Adam"), strict=True):
    for name, line in (("once", "-"), ("twice", "--")):
        net = small_cnn(0)  # the same net four times
        if kind == "Adam":
            optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
        else:
            optimizer = torch.optim.SGD(net.parameters(), lr=0.02)
        reached = []
        for epoch in range(4):
            settings = {"epochs": 1, "batch_size": 32, "optimizer": optimizer, "seed": epoch}
            loss = {"loss": twice} if name == "twice" else {}
            history = course_train(net, (images, labels), progress=False, **settings, **loss)
            reached.append(100 * accuracy(net, test_images, test_labels))
        ax.plot(range(1, 5), reached, line, marker="o", color="0.2", label=f"softmax {name}")
        said.append(f"{kind}, softmax {name}: " + ", ".join(f"{a:.0f}" for a in reached))
        print(f"{said[-1]} %; training loss in epoch 4: {history.loss[0]:.2f}")
    ax.set(title=kind, xlabel="epoch", xticks=range(1, 5))
axes[0].set_ylabel("test accuracy, %")
axes[1].legend(loc="lower right")
plots.show(fig, alt="Test accuracy after 1 to 4 epochs, in per cent. " + "; ".join(said) + ".")

# %% [markdown]
r"""
With plain gradient descent the double softmax costs a great deal, because the slopes are small.
Adam scales its steps, and so hides the mistake: slower at first, and then about as good. What remains is a loss that never comes near 0, and that can no longer be compared with log C.

### Confident nonsense

A softmax must give its 100 % to *some* class. What does a well-trained net say about pictures that show nothing at all?
"""

# %%
net = small_cnn(0)
course_train(net, (images, labels), epochs=8, batch_size=32, seed=0, progress=False)
noise = torch.rand(1000, 1, 8, 8, generator=torch.Generator().manual_seed(0)).round()
with torch.no_grad():
    chances, classes = net(noise).softmax(dim=1).max(dim=1)
    sure = net(test_images).softmax(dim=1).max(dim=1).values
print(
    f"test digits: {accuracy(net, test_images, test_labels):.1%} right, {sure.mean():.0%} sure on average"
)
print(f"noise:       {chances.mean():.0%} sure on average, "
      f"more than 90 % sure of {(chances > 0.9).float().mean():.0%} of 1,000 pictures")  # fmt: skip

order = chances.argsort(descending=True)
surest = [next(n for n in order if classes[n] == digit) for digit in classes.unique()]
surest = sorted(surest, key=lambda n: -chances[n])[:6]  # the surest of each digit
fig, axes = plots.canvas(8.6, 1.9, columns=6)
for ax, place in zip(axes, surest, strict=False):
    plots.picture(ax, noise[place, 0], f"“{classes[place]}”, {chances[place]:.1%}")
plots.show(
    fig,
    alt="Six pictures of random black and white pixels, with the digit that the net sees in each: "
    + ", ".join(f"{classes[place]} ({chances[place]:.1%})" for place in surest)
    + ".",
)

# %% [markdown]
r"""
No picture here shows a digit, and of about three in ten the net is more than 90 % sure.
(The six above are the surest of their digits, not typical ones.)
It is not broken. It was asked "which of these ten?", never "is it one of the ten?", and a softmax has no eleventh answer.
So do not read a softmax as honest doubt (this is called *over-confidence*, 과신).
"""

# %% [markdown]
r"""
## 3 · Sequences

Text, sound, prices, steps of a dance: one thing after another, and the order counts. Two questions come before any net: how does a *symbol* become numbers, and how does the net learn of the *order*?

### A row for each symbol

An **embedding** (임베딩) is a table with a learned row for each symbol. To look up a row is all it does.
(Multiplying a one-hot row, all zeros and a single 1, by a matrix does the same, only slower.)
"""

# %%
words = ["the", "dog", "bites", "man"]
table = nn.Embedding(len(words), 4)


def numbered(text):
    """The words of a text by their numbers."""
    return torch.tensor([words.index(word) for word in text.split()])


sentence = numbered("man bites dog")
rows = table(sentence).detach()
by_product = F.one_hot(sentence, len(words)).float() @ table.weight
print("symbols:", sentence.tolist(), "  rows:", tuple(rows.shape))
print("the same as one-hot rows times the table:", torch.allclose(rows, by_product))
print(
    f"a table of 10,000 words with 64 numbers each: {parameters(nn.Embedding(10_000, 64)):,} parameters"
)

other = numbered("dog bites man")
print("mean of “man bites dog”:", [round(v, 3) for v in rows.mean(dim=0).tolist()])
print("mean of “dog bites man”:", [round(v, 3) for v in table(other).mean(dim=0).tolist()])

# %% [markdown]
r"""
One of these would be in the newspaper, and their means are equal. Whoever adds up rows loses the order.

### A place for each row

One cure: add to each row some numbers that say *where* it stands, *before* the net works on the rows.
Then "dog" in the first place is another row than "dog" in the third.
(Adding up right away would still lose the order. A bend for each row in between keeps it; you will measure that.)

Which numbers? The **transformer** (트랜스포머; Vaswani et al., 2017), a net for sequences that lesson 06 takes up, uses waves, as a clock does with its hands: a fast one tells neighbours apart, slow ones tell the hour.

For position p, and for i = 0, 1 … d/2 − 1:

$$\text{PE}[p,\,2i] = \sin\frac{p}{10000^{2i/d}}\qquad \text{PE}[p,\,2i+1] = \cos\frac{p}{10000^{2i/d}}$$

Sine and cosine take turns, column by column.
"""


# %% exercise="positional_encoding" stars=2 objective="sequence" minutes=6
def positional_encoding(length, d):
    """The sinusoidal positional encoding (위치 인코딩) of Vaswani et al. (2017).

    length: number of positions; d: numbers for each position, even.
    Returns shape (length, d), float32. For position p and i = 0 … d/2 − 1:
        column 2i      sin(p / 10000^(2i/d))
        column 2i + 1  cos(p / 10000^(2i/d))

    positional_encoding(2, 4)  →  tensor([[0.0000, 1.0000, 0.0000, 1.0000],
                                          [0.8415, 0.5403, 0.0100, 1.0000]])
    #   d = 4: the divisors are 10000^0 = 1 and 10000^(2/4) = 100
    """
    ### BEGIN SOLUTION
    position = torch.arange(length)[:, None]
    angle = position / 10000 ** (torch.arange(0, d, 2) / d)  # (length, d/2)
    return torch.stack([angle.sin(), angle.cos()], dim=2).flatten(1)
    ### END SOLUTION


# %% hints="positional_encoding"
r"""
For d = 6 there are three waves. What are the three divisors, and in which columns does each of them stand?

Make a column of positions, shape (length, 1), and a row of divisors, shape (d/2,). Dividing one by the other gives all angles at once, shape (length, d/2). Sines go into columns 0, 2, 4 …, cosines into 1, 3, 5 ….

`angle = torch.arange(length)[:, None] / 10000 ** (torch.arange(0, d, 2) / d)`; then `out = torch.zeros(length, d)`, `out[:, 0::2] = angle.sin()` and `out[:, 1::2] = angle.cos()`.
"""

# %% idea="positional_encoding"
r"""
`torch.arange(0, d, 2)` *is* 2i, so `10000 ** (torch.arange(0, d, 2) / d)` holds the divisors.
A column of positions over a row of divisors makes all angles in one division.
Stacking sines and cosines on a last axis of two and flattening it makes them take turns.
"""

# %% check="positional_encoding" points=3

# %%
if ready(positional_encoding):
    places = positional_encoding(64, 32)
    products = places @ places.T
    fig, (left, right) = plots.canvas(8.8, 3.2, columns=2, width_ratios=[1, 1.5])
    plots.feature_map(left, places, "64 positions × 32 columns")
    left.set(xlabel="column: fast waves, then slow ones", ylabel="position", aspect=0.5)
    for position, line in ((10, "-"), (30, "--"), (50, ":")):
        right.plot(products[position], line, color="0.15", label=f"with position {position}")
    right.set(
        title="how alike are two positions?",
        xlabel="the other position",
        ylabel="product of rows",
        ylim=(0, 19.5),
    )
    right.legend(loc="upper right", ncols=3, fontsize=8)
    plots.show(
        fig,
        alt="Left: the encoding as a picture, fast stripes in the first columns, slow ones further "
        "right. Right: the product of a position's row with every other row: a peak of 16 at the "
        "position itself, and the same curve around 10, 30 and 50.",
    )
    alike = [round(float(products[p, p + 5]), 3) for p in (0, 10, 40, 58)]
    print("products of rows that are 5 apart:", alike)
    one, two = (table(s).detach() + positional_encoding(3, 4) for s in (sentence, other))
    print("with places, is the mean the same?       ", torch.allclose(one.mean(0), two.mean(0)))
    one, two = one.tanh(), two.tanh()
    print("and with a bend for each row before that?", torch.allclose(one.mean(0), two.mean(0)))

# %% [markdown]
r"""
How alike two positions are depends only on how far apart they are: the same curve everywhere. So a net can ask "what stood five places back?" in the same way at every place.

### A memory

The other cure is to read in order, and to remember. A **recurrent** net (순환 신경망, RNN) is one cell that is used again at every step. It takes the next row x and its own memory h, the **hidden state** (은닉 상태), and makes a new memory.
"""

# %%
plots.show(
    unrolled_cell(4),
    alt="Four boxes in a row, all called cell, with the same weights. Into each comes its x from below "
    "and the memory h of the step before from the left. What leaves the last is the memory at the end.",
)

# %% [markdown]
r"""
The simple cell, tanh(W x + U h + b), overwrites its whole memory at every step, and soon forgets.
Better cells have **gates** (게이트): numbers between 0 and 1, made by a sigmoid, that say how much passes.

| cell | memories | gates | parameters for I in, D memory |
|---|---|---|---|
| **LSTM** (장단기 메모리, 1997) | two, c and h | *forget* old c, *let in* new, *let out* h | 4 · (D·I + D·D + 2D) |
| **GRU** (2014) | one, h | *reset* r, *update* z | 3 · (D·I + D·D + 2D) |

The LSTM's heart is one line, c ← f · c + i · g: keep the share f, let in the share i of something new, g. What it shows is h = o · tanh(c).
The GRU does both with a single gate: h ← z · h + (1 − z) · n, where n is the *new* memory that it proposes. The more it keeps, the less it lets in.
Its other gate, r, says how much of the old memory takes part in making n.
"""

# %%
for name, cell in (
    ("LSTM", nn.LSTM(64, 64)),
    ("GRU", nn.GRU(64, 64)),
    ("simple RNN", nn.RNN(64, 64)),
):
    print(f"{name + '(64, 64):':20} {parameters(cell):6,} parameters")


# %% exercise="gru_cell" stars=3 objective="sequence" minutes=9
def gru_cell(x, h, W_x, W_h, b_x, b_h):
    """One step of a gated recurrent unit (GRU), with the weights laid out as in nn.GRUCell.

    x: what comes in, shape (N, I); h: the memory so far, shape (N, D).
    W_x: (3D, I), W_h: (3D, D), b_x and b_h: (3D,). Of each, the first D rows belong to the
    reset gate r, the next D to the update gate z, the last D to the new memory n:

        r = σ(W_x x + b_x + W_h h + b_h)             (rows of r; σ is the sigmoid)
        z = σ(W_x x + b_x + W_h h + b_h)             (rows of z)
        n = tanh(W_x x + b_x + r · (W_h h + b_h))    (rows of n)

    Returns (1 − z) · n + z · h, shape (N, D). Not with torch's own GRU, of course.

    With all weights and biases zero, r = z = 1/2 and n = 0: half of the memory is kept,
    gru_cell(x, tensor([[4.]]), …)  →  tensor([[2.]])
    """
    ### BEGIN SOLUTION
    from_x = x @ W_x.T + b_x
    from_h = h @ W_h.T + b_h
    r_x, z_x, n_x = from_x.chunk(3, dim=1)
    r_h, z_h, n_h = from_h.chunk(3, dim=1)
    r = torch.sigmoid(r_x + r_h)
    z = torch.sigmoid(z_x + z_h)
    n = torch.tanh(n_x + r * n_h)
    return (1 - z) * n + z * h
    ### END SOLUTION


# %% hints="gru_cell"
r"""
Look at the three formulas: what do r and z add up *before* the sigmoid, and what does n do instead with its two parts?

Work out W_x x + b_x and W_h h + b_h once, for all 3D rows, and cut each into three parts. r and z add their parts. In n the part that comes from h is multiplied by r first, its bias included.

`from_x, from_h = x @ W_x.T + b_x, h @ W_h.T + b_h`; `r_x, z_x, n_x = from_x.chunk(3, dim=1)` and the same for h; `n = torch.tanh(n_x + r * n_h)`; and z keeps the *old*: `(1 - z) * n + z * h`.
"""

# %% idea="gru_cell"
r"""
Two matrix products serve all three parts, which `chunk` cuts apart in the order reset, update, new.
The part from x and the part from h must stay separate for n: the reset gate multiplies only what comes from the memory, b_h included.
The last line is a mixture: z of the old memory and 1 − z of the new one, so the cell can keep a number unchanged for as long as z stays near 1.
"""

# %% check="gru_cell" points=5

# %% [markdown]
r"""
How long does it remember? Put a 1 into the memory, let nothing come in, and look. Only the bias of the update gate differs.
"""

# %%
if ready(gru_cell):
    fig, ax = plots.canvas(6.4, 2.8)
    said = []
    for bias, line in ((0.0, ":"), (2.0, "--"), (4.0, "-."), (6.0, "-")):
        h, remembered = torch.ones(1, 1), [1.0]
        b_x = torch.tensor([0.0, bias, 0.0])
        for _ in range(60):
            h = gru_cell(
                torch.zeros(1, 1), h, torch.zeros(3, 1), torch.zeros(3, 1), b_x, torch.zeros(3)
            )
            remembered.append(h.item())
        z = 1 / (1 + math.exp(-bias))
        ax.plot(remembered, line, color="0.15", label=f"z = {z:.4f}")
        said.append(f"z = {z:.4f}: {remembered[60]:.2f}")
    ax.set(xlabel="steps", ylabel="memory", ylim=(0, 1.05))
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    plots.show(
        fig,
        alt="A memory of 1 fades, the faster the smaller z. After 60 steps: "
        + "; ".join(said)
        + ".",
    )
    print("left after 60 steps:", "; ".join(said))

# %% [markdown]
r"""
With z = 1/2 all is forgotten after a few steps. With z close to 1 most of it is kept for 60. And since the cell *computes* z from what comes in, it can keep one thing and let in the next.

The price: step 60 has to wait for step 59. A convolution does all places at once. Which brings us to a myth.

## 4 · Two myths

> "CNNs cannot do sequences."

A task that needs a long memory: a stream of symbols, eight kinds, drawn at random. At each place the net must name the symbol that came **60 places before**. Guessing gets 12.5 %.

Here is the convolution's answer. It looks back only, which is called **causal** (인과적), and in every layer the two weights lie twice as far apart as in the layer below:
"""

# %%
plots.show(
    causal_tree((1, 2, 4, 8)),
    alt="Rows of 16 dots: the input, and layers with dilations 1, 2, 4 and 8. Lines go from the last "
    "output back to two dots in the layer below, then to four, eight, and all 16 inputs.",
)

# %% [markdown]
r"""
Four layers of two weights reach 16 places. Six layers, with dilations up to 32, reach 64: enough.
For comparison, a GRU with as wide a memory. **Guess** both results.
"""

# %%
BACK = 60


class CausalNet(nn.Module):
    """Six causal convolutions with dilations 1 to 32: symbols (N, L) → logits (N, L, 8)."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(8, 32)
        self.layers = nn.ModuleList(nn.Conv1d(32, 32, 2, dilation=2**k) for k in range(6))
        self.head = nn.Linear(32, 8)

    def forward(self, symbols):
        x = self.table(symbols).transpose(1, 2)  # (N, 32, L): channels second, as in a picture
        for layer in self.layers:
            x = layer(F.pad(x, (layer.dilation[0], 0))).relu()  # zeros in front only
        return self.head(x.transpose(1, 2))


class Reader(nn.Module):
    """A GRU that reads the same symbols, (N, L) → (N, L, 8)."""

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(8, 32)
        self.memory = nn.GRU(32, 32, batch_first=True)
        self.head = nn.Linear(32, 8)

    def forward(self, symbols):
        return self.head(self.memory(self.table(symbols))[0])


def recall(model, symbols):
    """Mean cross-entropy (nats) of naming the symbol 60 places back, wherever there is one."""
    return F.cross_entropy(model(symbols)[:, BACK:].flatten(0, 1), symbols[:, :-BACK].flatten())


draw = torch.Generator().manual_seed(1)
streams, fresh = (
    torch.randint(8, (512, 128), generator=draw),
    torch.randint(8, (64, 128), generator=draw),
)
for name, make, epochs in (("dilated causal convolutions", CausalNet, 5), ("GRU", Reader, 2)):
    torch.manual_seed(0)
    model = make()
    history = course_train(
        model, (streams,), loss=recall, epochs=epochs, batch_size=16, lr=5e-3, progress=False
    )
    with torch.no_grad():
        right = (model(fresh)[:, BACK:].argmax(dim=2) == fresh[:, :-BACK]).float().mean()
    print(
        f"{name:28} {parameters(model):6,} parameters, {history.seconds:4.1f} s of training: {right:.1%} right"
    )

# %% [markdown]
r"""
**The claim is false.** A stack of convolutions names the symbol 60 places back practically every time.

The GRU does no better than guessing. Be fair to it: it got only about as much time as the convolutions, and this task is as bad for it as can be: its 32 numbers must hold sixty symbols at once, while a gate is made for keeping *one* thing, for nobody knows how long. And the convolution's field of 64 reaches 63 places back: ask for the 64th, and it can only guess. The task decides.

> "Normalisation prevents over-fitting."

It sounds right, all the more in Korean, where 정규화 means both *normalisation* (of numbers) and *regularisation* (against over-fitting, 과적합).
The hardest test of over-fitting: 200 digits with **random labels**. There is nothing to be learned, only to be learned by heart. A net that cannot over-fit must fail here. **Guess** which of the two fails.
"""


# %%
def digit_net(order, seed, width=16):
    """Two convolutions, with norm and activation in an order such as "norm, ReLU"; for 8×8."""
    torch.manual_seed(seed)
    layers, channels = [], 1
    for wide in (width, 2 * width):
        layers.append(nn.Conv2d(channels, wide, 3, padding=1))
        for step in order.split(", "):
            layers.append(nn.ReLU() if step == "ReLU" else nn.BatchNorm2d(wide))
        layers.append(nn.MaxPool2d(2))
        channels = wide
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * 4, 10))


def taught(order, seed, x, y, epochs, **more):
    net = digit_net(order, seed, **more)
    course_train(net, (x, y), epochs=epochs, batch_size=32, seed=seed, progress=False)
    return net


shuffled = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))]
few, nonsense, true = images[:200], shuffled[:200], labels[:100]
for name, order in (("without norm", "ReLU"), ("with batch norm", "norm, ReLU")):
    by_heart = accuracy(taught(order, 0, few, nonsense, 60), few, nonsense)
    nets = [taught(order, seed, images[:100], true, 30) for seed in range(2)]
    seen = sum(accuracy(net, images[:100], true) for net in nets) / 2
    unseen = sum(accuracy(net, test_images, test_labels) for net in nets) / 2
    print(
        f"{name:16} random labels by heart: {by_heart:4.0%};   100 real labels: training {seen:.1%}, test {unseen:.1%}"
    )

# %% [markdown]
r"""
**The claim is false.** The net with batch norm learns nonsense by heart, and better than the one without.
On real labels it does help the test accuracy a little, but look at the gap between training and test: it is still there. Normalisation makes training faster and steadier. Against over-fitting there are other means: more data, dropout, weight decay, stopping early.

## 5 · In what order?

Now the layers become a net. Most convolutional nets (합성곱 신경망, CNN) for classification follow one plan:
"""

# %%
plots.show(
    chain(
        [
            ("input", "(N, C, H, W)"),
            ("convolution", "finds patterns"),
            ("activation", "bends"),
            ("(norm)", "steadies"),
            ("pool", "shrinks"),
            ("flatten", "maps → a row"),
            ("linear", "weighs"),
            ("(dropout)", "regularises"),
            ("output", "logits"),
        ],
        repeated=(1, 4),
    ),
    alt="Boxes with arrows: input; then convolution, activation, norm and pool, which come several "
    "times; then flatten, linear, dropout, output. Norm and dropout are dashed: some nets leave them out.",
)

# %% [markdown]
r"""
Why in this order? Begin with the activation. **Guess** what is left of two 3×3 convolutions when the ReLU between them is taken out.
"""

# %%
x = torch.randn(1, 1, 9, 9)
first, second = torch.randn(1, 1, 3, 3), torch.randn(1, 1, 3, 3)
two = F.conv2d(F.conv2d(x, first), second)
merged = F.conv2d(first, second.flip(2, 3), padding=2)  # lesson 01: 'full', and flipped
print("one kernel of", tuple(merged.shape[2:]), "does the same:",
      torch.allclose(F.conv2d(x, merged), two, atol=1e-4))  # fmt: skip
bent = F.conv2d(F.conv2d(x, first).relu(), second)
print("and with a ReLU between the two:   ", torch.allclose(F.conv2d(x, merged), bent, atol=1e-4))

# %% [markdown]
r"""
- **Convolution, then activation.** Two convolutions with nothing between them are one convolution, with a 5×5 kernel. Only a bend between them makes depth worth it.
- **Pool after that**, so that the next window sees a larger part of the picture.
- **Flatten as late as possible**: after it, no number has a place any more. Global pooling can take its part.
- **Dropout near the end**, where the parameters are.

And norm *before* or *after* the activation? The paper on batch norm put it before; many nets do, others do not. Ask the digits.
"""

# %%
results = {}
for order in ("ReLU", "norm, ReLU", "ReLU, norm"):
    nets = [taught(order, seed, images, labels, 4, width=8) for seed in range(3)]
    results[order] = [100 * accuracy(net, test_images, test_labels) for net in nets]
    mean = sum(results[order]) / 3
    print(
        f"{order:11} test accuracy {mean:.1f} %   (three seeds: {', '.join(f'{a:.1f}' for a in results[order])})"
    )

fig, ax = plots.canvas(6.2, 2.4)
for place, scores in enumerate(results.values()):
    ax.plot(scores, [place] * 3, "o", color="0.2", linestyle="none")
    ax.plot([sum(scores) / 3] * 2, [place - 0.25, place + 0.25], "-", color="0.2", linewidth=2)
ax.set(
    yticks=range(3),
    yticklabels=["no norm", "norm, then ReLU", "ReLU, then norm"],
    xlabel="test accuracy, %",
    ylim=(2.5, -0.5),
)
plots.show(
    fig,
    alt="Test accuracies of three seeds each: "
    + "; ".join(
        f"{order}: " + ", ".join(f"{a:.1f}" for a in scores) for order, scores in results.items()
    )
    + ". The two orders with norm overlap; without norm is lower.",
)

# %% [markdown]
r"""
Norm or no norm makes a difference here, after only four epochs. *Before or after* makes none that three seeds could show: both are in use, and both work.

Can ReLU and pooling change places, too? **Guess**, for max pooling and for mean pooling. No training is needed to find out:
"""

# %%
x = torch.randn(1, 3, 8, 8)
print(
    "max pool:  the same either way?",
    torch.equal(F.max_pool2d(x.relu(), 2), F.max_pool2d(x, 2).relu()),
)
print(
    "mean pool: the same either way?",
    torch.allclose(F.avg_pool2d(x.relu(), 2), F.avg_pool2d(x, 2).relu()),
)

# %% [markdown]
r"""
The largest of four, cut off at 0, is the largest of four that were cut off at 0. (Pool first, and ReLU has a quarter of the work.) With means it is not the same.

Here is the net that you will build. Each row is a layer: what leaves it, how large that is, what it has to learn.
"""

# %%
LAYERS = [
    ("conv", 32, 3, 1), ("relu",), ("pool", 2),
    ("conv", 64, 3, 0), ("relu",), ("pool", 2),
    ("flatten",), ("linear", 2304, 10),
]  # fmt: skip
SHAPE = (1, 1, 28, 28)
plots.show(widgets.layer_stack_figure(LAYERS, SHAPE), alt=widgets.layer_stack_text(LAYERS, SHAPE))

# %% [markdown]
r"""
Change it:

1. Give the second convolution a padding of 1. Which layer breaks, and why only there?
2. Mend it, without touching the convolution.
3. Put a global pool in place of the flatten, and mend what breaks. How many parameters does the net have then?
"""

# %%
widgets.layer_stack(LAYERS, SHAPE)

# %% [markdown]
r"""
You have seen where nets break: at the linear layer, which must know beforehand how many numbers will come.
With the padding 64 · 7 · 7 = 3,136 arrive. With a global pool only 64 do, and of 41,866 parameters 19,466 are left.
Let a function work that out, and you need never guess.
"""


# %% exercise="shapes_through" stars=2 objective="shapes" minutes=7
def shapes_through(layers, shape):
    """The shape after each layer of a net, worked out without running it.

    shape: (N, C, H, W) of what comes in. layers: a list of tuples, in order:
        ("conv", C_out, K, P)       K×K window, stride 1, padding P; the window always fits
        ("relu",)                   any shape, also (N, F); it stays
        ("pool", K)                 K×K windows side by side; what does not fit is dropped
        ("flatten",)                (N, C, H, W) → (N, C·H·W)
        ("linear", F_in, F_out)     anywhere after a flatten: (N, F_in) → (N, F_out)

    Returns a list with one tuple for each layer: the shape after it.
    Raises ValueError when another number of features arrives at a linear layer than its F_in.

    shapes_through([("conv", 8, 3, 0), ("pool", 2), ("flatten",)], (1, 3, 7, 6))
    →  [(1, 8, 5, 4), (1, 8, 2, 2), (1, 32)]
    """
    ### BEGIN SOLUTION
    shapes = []
    for kind, *settings in layers:
        if kind == "conv":
            C_out, K, P = settings
            N, _, H, W = shape
            shape = (N, C_out, H + 2 * P - K + 1, W + 2 * P - K + 1)
        elif kind == "pool":
            N, C, H, W = shape
            shape = (N, C, H // settings[0], W // settings[0])
        elif kind == "flatten":
            N, C, H, W = shape
            shape = (N, C * H * W)
        elif kind == "linear":
            F_in, F_out = settings
            if shape[1] != F_in:
                raise ValueError(f"{shape[1]} features arrive, the layer expects {F_in}")
            shape = (shape[0], F_out)
        shapes.append(tuple(shape))
    return shapes
    ### END SOLUTION


# %% hints="shapes_through"
r"""
Which of the four numbers does each kind of layer change? Make a table of five rows.

Walk through the layers and keep the current shape in a variable. A convolution changes C, H and W; a pool only H and W, by `//`; ReLU nothing. Flatten leaves two numbers, and the first is still N. After each layer put the shape into the list.

`for kind, *settings in layers:` takes a tuple apart. For "conv": `N, _, H, W = shape`, then `shape = (N, C_out, H + 2*P - K + 1, W + 2*P - K + 1)`. For "linear": `if shape[1] != F_in: raise ValueError("…")`.
"""

# %% idea="shapes_through"
r"""
One variable holds the current shape, and each layer turns it into the next: that is all a net does to shapes.
Windows side by side that fit K at a time are H // K of them: the floor of lesson 03 with S = K.
As long as every window fits, the only place where such a net can break is the linear layer, because it alone knows beforehand how many numbers will come.
"""

# %% check="shapes_through" points=4

# %%
if ready(shapes_through):
    predicted = shapes_through(LAYERS, (5, 1, 28, 28))
    x = torch.zeros(5, 1, 28, 28)
    modules = (
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(2304, 10),
    )  # fmt: skip
    for layer, shape, module in zip(LAYERS, predicted, modules, strict=True):
        x = module(x)
        print(
            f"{layer[0]:8} predicted {shape!s:18} torch {tuple(x.shape)!s:18} {parameters(module):7,} parameters"
        )

# %% [markdown]
r"""
## 6 · A whole net

That was the plan of **SimpleCNN**. Here is what it does to a picture:
"""

# %%
plots.show(
    stack_of_maps([(1, 28), (32, 28), (32, 14), (64, 12), (64, 6)]),
    alt="Squares to scale: 1 map of 28×28, 32 of 28×28, 32 of 14×14, 64 of 12×12, 64 of 6×6.",
)

# %% [markdown]
r"""
1 map, then 32, pooled, then 64, pooled: 64 · 6 · 6 = 2,304 numbers go into the linear layer.
"""


# %% exercise="SimpleCNN" stars=2 objective="small_cnn" minutes=7
class SimpleCNN(nn.Module):
    """A small convolutional net for pictures of digits: (N, 1, 28, 28) → logits (N, 10).

    Layers, by these names, each with its bias:
        conv1   1 → 32 channels, 3×3, padding 1      then ReLU, then max pooling 2
        conv2   32 → 64 channels, 3×3, no padding    then ReLU, then max pooling 2, then flatten
        linear  64·6·6 = 2,304 → 10                  and nothing after it: logits
    41,866 parameters in all. Example: SimpleCNN()(torch.zeros(5, 1, 28, 28)).shape  →  (5, 10)
    """

    def __init__(self):
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(1, 32, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3)
        self.linear = nn.Linear(64 * 6 * 6, 10)
        ### END SOLUTION

    def forward(self, images):
        """The logits, shape (N, 10), of images of shape (N, 1, 28, 28)."""
        ### BEGIN SOLUTION
        maps = F.max_pool2d(F.relu(self.conv1(images)), 2)  # (N, 32, 14, 14)
        maps = F.max_pool2d(F.relu(self.conv2(maps)), 2)  # (N, 64, 6, 6)
        return self.linear(maps.flatten(1))
        ### END SOLUTION


# %% hints="SimpleCNN"
r"""
Which of the net's steps have weights, and so must be made once, in `__init__`? And which are only done, in `forward`?

In `__init__` make three layers and keep them as `self.conv1`, `self.conv2` and `self.linear`. In `forward` go through them in order, with a ReLU and a pooling after each convolution, and flatten all axes but the first before the linear layer.

`self.conv1 = nn.Conv2d(1, 32, 3, padding=1)`, and so on; in forward `maps = F.max_pool2d(F.relu(self.conv1(images)), 2)`, the same with conv2, then `return self.linear(maps.flatten(1))`.
"""

# %% idea="SimpleCNN"
r"""
Layers with weights are made in `__init__` and kept as attributes, so that `parameters()` and `state_dict()` find them; ReLU, pooling and flatten have none and are plain functions.
`flatten(1)` leaves the first axis alone: each picture of the batch becomes a row of its own.
Nothing follows the linear layer, because the loss takes the softmax itself.
"""

# %% check="SimpleCNN" points=4

# %%
if ready(SimpleCNN):
    net, work = SimpleCNN(), {"conv1": 28 * 28 * 9, "conv2": 12 * 12 * 9 * 32, "linear": 2304}
    total = parameters(net)
    for name, layer in net.named_children():
        count = parameters(layer)
        done = work[name] * (layer.out_features if name == "linear" else layer.out_channels)
        print(f"{name:7} {count:6,} parameters, {count / total:4.0%}   {done:9,} multiplications")
    print(f"{total:,} parameters in all")

# %% [markdown]
r"""
More than half of the *parameters* are in the linear layer, and nine tenths of the *work* is in the second convolution.

### The loop, in batches

In the warm-up you trained on all examples at once. Real data are too many for that, so a net learns in **batches** (배치), one step for each; once through all of them is an **epoch** (에포크).
Three things change: the examples are shuffled before each epoch, the optimiser is Adam, and the net may hold layers that need `train()` and `eval()`.
"""


# %% exercise="train_classifier" stars=3 objective="training_it" minutes=10
def train_classifier(model, images, labels, epochs, lr, seed):
    """Train a classifier in small batches, with Adam and cross-entropy.

    model: any net from images (N, …) to logits (N, classes); its weights are changed.
    images: shape (N, …); labels: shape (N,), the right classes; lr: Adam's learning rate.
    seed: fixes the order of the examples; the same seed gives the same order, another another.
    All three live on one device; the model may arrive in either mode.

    One epoch (에포크) shows every example once, in a new random order, in batches of 32;
    what is left over makes a last, smaller batch. The model learns in `train()` mode
    and is left in `eval()` mode. Any loss of torch's is allowed here.

    Returns a list with a plain number for each epoch: the mean loss (nats) of its examples,
    each measured before the step that it leads to. Hidden checks train a small net with it:
    eight digits to at most 0.1 nats, and 900 digits to 90 % on others.

    train_classifier(perceptron(1, 2), tensor([[1.], [1.]]), tensor([0, 0]), 2, 0.1, seed=0)
    →  [0.6931, 0.5130]      # log 2; Adam moves each weight by 0.1: log(1 + e^(−0.4))
    """
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    history = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(images)).split(32):
            loss = F.cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    model.eval()
    return history
    ### END SOLUTION


# %% hints="train_classifier"
r"""
Remember the wheel of the warm-up. Which of its stations happen once a batch, what happens once an epoch, and what only once in all?

Once: seed, optimizer, `train()`, and at the end `eval()`. Once an epoch: a new random order, cut into pieces of 32. Once a batch: predict, loss, zero_grad, backward, step, with `images[rows]` and `labels[rows]` for the *same* rows. A batch of 5 counts less in the epoch's mean than a batch of 32.

`for rows in torch.randperm(len(images)).split(32):`, then the five stations, and `total += loss.item() * len(rows)`. After the batches `history.append(total / len(images))`.
"""

# %% idea="train_classifier"
r"""
`torch.randperm(N).split(32)` is a shuffled order, cut into batches; the same row numbers choose images and labels, so that they stay together.
`loss.item() * len(rows)` is the batch's *sum*, so dividing by N gives the mean over all examples however small the last batch is.
The seed is set once, before the epochs: set in every epoch, it would give every epoch the same order.
"""

# %% check="train_classifier" points=6

# %% [markdown]
r"""
Before you train on everything, test the loop. Two tests cost a second, and catch most mistakes:

1. **An untouched net has a loss of about log C.** Ten classes: 2.30.
2. **A net can learn eight examples by heart.** If it cannot, something is wrong: the labels, the loss, the gradients, the learning rate.
"""

# %%
big, big_test = (F.interpolate(x, size=28, mode="bilinear") for x in (images, test_images))
if ready(SimpleCNN, train_classifier):
    torch.manual_seed(0)
    net = SimpleCNN()
    with torch.no_grad():
        print(
            f"untouched: {F.cross_entropy(net(big), labels):.3f} nats; log 10 = {math.log(10):.3f}"
        )
    losses = train_classifier(net, big[:8], labels[:8], epochs=15, lr=0.003, seed=0)
    print("eight digits:", "  ".join(f"{loss:.3f}" for loss in losses[::2]))

# %% [markdown]
r"""
Both tests pass, so it is worth the time to train on all 1,347 digits.
(They are the 8×8 digits of the course, enlarged to 28×28. The famous MNIST digits have 28×28 by nature; nothing needs to be downloaded here.)
"""

# %%
if ready(SimpleCNN, train_classifier):
    torch.manual_seed(0)
    net = SimpleCNN()
    losses = train_classifier(net, big, labels, epochs=4, lr=0.002, seed=0)
    right = accuracy(net, big_test, test_labels)
    print("mean loss of each epoch:", "  ".join(f"{loss:.3f}" for loss in losses))
    print(f"test accuracy {right:.1%}")

    with torch.no_grad():
        chances, answers = net(big_test).softmax(dim=1).max(dim=1)
    wrong = (answers != test_labels).nonzero().flatten()[:8]
    titles = [f"{answers[n]}, not {test_labels[n]}" for n in wrong]
    fig = plots.gallery([big_test[n, 0] for n in wrong], titles)
    plots.show(
        fig, alt=f"Test digits that the net gets wrong, with its answer: {'; '.join(titles)}."
    )
    print("how sure it was:", "  ".join(f"{chances[n]:.0%}" for n in wrong))

# %% [markdown]
r"""
Would you have read all of them as their labels say?
Mind the last line: on most of its mistakes it was in doubt, on one or two nearly certain. Doubt is a hint, not a guarantee.

Some filters of the first layer sum to nearly zero, as the edge filters of lesson 02 do.
Here are their maps for one digit. **Guess** whether training made these filters.
"""

# %%
if ready(SimpleCNN, train_classifier):
    kernels = net.conv1.weight.detach()
    balance = kernels.sum(dim=(1, 2, 3)).abs() / kernels.abs().sum(dim=(1, 2, 3))
    edges = balance.argsort()[:7]  # 0: what is light and what is dark in it weigh the same
    seen = F.conv2d(big_test[:1], kernels, padding=1)[0]  # without the bias
    torch.manual_seed(0)
    before = SimpleCNN().conv1.weight.detach()  # the same net, untouched
    alike = F.cosine_similarity(kernels.flatten(1), before.flatten(1))
    print(f"a filter before and after training: typical similarity {alike.median():.2f}")
    fig, axes = plots.canvas(8.6, 1.5, columns=8)
    plots.picture(axes[0], big_test[0, 0], f"a {test_labels[0]}")
    for ax, k in zip(axes[1:], edges, strict=True):
        plots.feature_map(ax, seen[k], f"filter {k}")
    plots.show(
        fig,
        alt=f"A {test_labels[0]}, and the maps of seven filters; zero is mid-grey. Light and dark "
        "lines run along the borders of its strokes, each map on other sides of them.",
    )

# %% [markdown]
r"""
Training has hardly turned these filters: of 32 random ones, a few always sum to nearly zero.
A pretty map does not prove that anything was learned. Look at the untouched net, too.

## 7 · Every layer in one table

Here is the whole gallery, of both parts. The shapes and parameters are counted by torch as you run the cell.
"""

# %%
display(gallery())

# %%
popular = {"convolution", "pooling"}
counts = {name: len(cards) for name, cards in FAMILIES.items()}
print(", ".join(f"{name} {count}" for name, count in counts.items()))
inside = sum(counts[name] for name in popular) + 1  # and Linear, the fully connected one
print(f"{sum(counts.values())} layers in six families; {inside} of them are in the popular three")

# %% [markdown]
r"""
"A CNN consists of three kinds of layers: convolution, pooling, fully connected." You will read that often. It names what the net of 1998 was famous for, and leaves out even its activations.
Today's nets hold activations, norms, shortcuts, and sometimes no pooling and no flatten at all. SimpleCNN has eight steps of five kinds.

Which layers, and how many, is decided by the task, not by a list: how large the pictures are, how far apart the things lie that belong together, how many labels there are, how much time.

## 8 · Weekly paper (위클리페이퍼)

The first of the two long papers. Take your time.
"""

# %% [markdown] essay="layer_roles" points=10
r"""
### The role of each layer that makes up a CNN

Somebody who knows the perceptron, and nothing more, asks you: *"What are all these layers for? Would convolutions alone not do?"*

1. **Short answer**, two lines: what a convolutional net does with its kinds of layers, from the picture to the answer.
2. **Long answer**, 250 to 400 words. Explain the role of the convolution, the activation, the pooling, the normalisation, the dropout, the flatten and the dense layer, and of the last layer with its loss. For **at least four** of them say what goes wrong *without* it. Take **at least three numbers** that you measured or counted in lesson 04, and use them as arguments. Say where you disagree with "a CNN is convolution, pooling and fully connected layers".

### BEGIN SOLUTION
**Rubric (10 points).** Length is not marked by itself: a short answer loses points by what it leaves out.

| points | for |
|---|---|
| 1 | The short answer fits in two lines and goes from picture to answer: patterns found locally with shared weights, maps shrunk, features weighed into logits. |
| 3 | Roles: convolution, activation, pooling, normalisation, dropout, flatten and dense, last layer and loss. All seven right: 3; five or six: 2; three or four: 1. Normalisation and regularisation are not mixed up (else at most 2). |
| 2 | What goes wrong without them, for four layers (half a point each), as a consequence and not as a repetition of the role. |
| 2 | At least three numbers of the student's own from lesson 04, right, and each used as an argument (1 point for two). |
| 1 | The popular three are put into perspective: other families are as necessary, or pooling and flatten can be replaced; the task decides. |
| 1 | Order and connection: why the activation stands between the convolutions, why flatten comes late, or why nothing follows the last linear layer. |

**Model answer, full marks (10).**
*Short:* Convolutions look for local patterns with shared weights, activations make depth worth it, and pooling widens the view while the maps shrink. At the end a dense layer weighs all features into logits, one for each class.
*Long:* A **convolution** asks the same small question at every place. Its weights are shared, so SimpleCNN's first layer needs 320 parameters for any size of picture; a dense layer from 28 × 28 pixels to the same 32 maps would need about 20 million. Without it neighbours mean nothing to the net. The **activation** bends. Without it two convolutions are one: a product of matrices is a matrix, and depth would be wasted. That is why it stands between them. **Pooling** shrinks 28 × 28 to 14 × 14 and then 12 × 12 to 6 × 6, so that the next 3×3 window sees more of the picture, for no parameters; without it 64 · 26 · 26 = 43,264 numbers would reach the linear layer instead of 2,304. A stride can do the same, so pooling is common, not necessary. **Normalisation** keeps the numbers of a layer in a sensible range, so training is faster and steadier: after four epochs nets with batch norm had about 96 % on the test digits, without it about 91 %. It is no means against over-fitting: with it, a net learned 200 random labels by heart, 100 %. Against over-fitting there is **dropout**, which switches numbers off at random in training, so that no unit can rely on a single other one; too much of it and the net learns nothing. **Flatten** makes a row of the maps. After it no number has a place any more, so it comes late; global pooling can replace it. The **dense** layer weighs all features at once: 23,050 of SimpleCNN's 41,866 parameters. The **last layer** gives logits, and nothing follows it, because cross-entropy takes the softmax itself. With a softmax twice the loss cannot fall below 1.46, and after one epoch my net had 68 % instead of 88 %. So "convolution, pooling, fully connected" names the layers of 1998. Even those had activations: without them only the max pooling would bend. A modern net may have no pooling and no flatten, but shortcuts and norms. The task decides.

**Model answer, middle (6).**
*Short:* The convolution layers find local patterns with shared filters, the pooling layers make the maps smaller, and the fully connected layers turn the features into one score for each class. Activation functions add non-linearity.
*Long:* Convolution layers slide filters over the image and find edges and later parts. They share weights, so SimpleCNN has only 320 parameters in its first layer. ReLU is needed because otherwise everything is linear and several layers could be replaced by one. Max pooling takes the largest of 2×2 values, so 28×28 becomes 14×14 and the net is faster and sees a larger area. Without pooling after the second convolution the linear layer would get 43,264 numbers instead of 2,304. Batch normalisation makes the training faster and prevents over-fitting. Dropout also prevents over-fitting, by switching off neurons. Flatten makes a vector out of the maps, which the linear layer needs: 64·6·6 = 2304 numbers. The last layer gives one score for each class, and the softmax makes probabilities. My SimpleCNN reached about 96 % on the test digits.
*(Short 1. Roles 2: normalisation is taken for regularisation, so at most 2. Without them 1: activation and pooling. Numbers 2. Popular three 0. Order 0.)*

**Model answer, weak (2).**
*Short:* A CNN has convolution, pooling and fully connected layers.
*Long:* The convolution layer is the most important layer and extracts the features of the image automatically. The pooling layer reduces the size and prevents over-fitting. The fully connected layer classifies the image. It needs one row of numbers, so the flatten comes late, just before it. There are also activation functions such as ReLU, which is the best one, and normalisation layers. The more layers, the better the accuracy, which is why modern networks are very deep.
*(Roles 1: convolution, pooling's size and dense. Short 0: the popular list, without what the layers do. Order 1 for why the flatten comes late. No numbers, nothing about what is missing without a layer.)*
### END SOLUTION
"""

# %% [markdown]
r"""
### Quiz: homework

The quiz is about both parts of lesson 04. Open one part at a time over the week. Cover the notebooks, answer, then read the explanations.
"""

# %%
quiz()

# %% [markdown]
r"""
## What next

You have built a convolutional net from its parts, predicted its shapes, trained it, and tested the loop that trained it.

- **Lesson 05** builds the five nets that made history, at full size, from LeNet-5 to ResNet, and asks what was new in each.
- Lesson 06 takes the transposed convolution to run a net backwards, from few numbers to a picture.
- To read on: Ioffe and Szegedy, *Batch Normalization* (2015); van den Oord et al., *WaveNet* (2016), which makes sound with dilated causal convolutions; Zhang et al., *Understanding deep learning requires rethinking generalization* (2017), where nets learn random labels by heart.
"""

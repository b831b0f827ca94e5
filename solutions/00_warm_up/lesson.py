# ---
# title: Warm-up
# title_ko: 준비 운동
# minutes: 20
# graded: false
# objectives:
#   shapes: say what each size of a tensor means, and mend a shape error by reading it
#   loop: write the five lines that train every net of this course
#   modes: measure accuracy with `eval()` and `no_grad()`, and say what each of the two does
#   piles: split data into training, validation and test, and say what each pile is for
#   saving: save what a net has learned, and load it into a fresh one
# ---

# %% [markdown]
r"""
You have met the perceptron (퍼셉트론): weights times inputs, plus a bias.
This is what else you need before lesson 01. Nothing here is graded.

| part | minutes | you write |
|---|---|---|
| 1 · Pictures are tensors | 5 | `class_scores` |
| 2 · The loop that learns | 6 | `train_steps` |
| 3 · Two switches | 3 | `evaluate` |
| 4 · Three piles | 3 | `three_piles` |
| 5 · Keep what was learned | 3 | `save_and_load` |

Every lesson works in the same way:

- Run the cells from top to bottom, with Shift + Enter.
- Where a cell says `# YOUR CODE HERE`, put your lines in place of that one and the `raise` below it. Run the cell, then the `check(…)` under it, as often as you like.
- Stuck? `hint("class_scores")` gives three hints, one at a time. After you pass, `idea("class_scores")` tells how the reference solution thinks.
- Where the text says **guess**, do guess before you run the cell. A surprise is remembered, an explanation is not.
"""

# %%
import copy

import torch
import torch.nn.functional as F
from torch import nn

from utils import check, data, hint, idea, plots, quiz, start
from utils.demo import ready
from utils.drawings.warm_up import product_of_shapes, training_loop
from utils.nets.small import perceptron, witness
from utils.widgets.descent import descent, descent_figure, descent_text

start("00_warm_up")

# %% [markdown]
r"""
## 1 · Pictures are tensors

A **tensor** (텐서) is a block of numbers with a **shape** (형상).
All pictures of the course have four sizes, always in this order:
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")
print("images:", tuple(images.shape), images.dtype, "  (N, C, H, W)")
print("labels:", tuple(labels.shape), labels.dtype, "  (N,)")

fig, (left, right) = plots.canvas(6.4, 3.1, columns=2, width_ratios=[1, 1.25])
plots.picture(left, images[0, 0], f"images[0, 0], a {labels[0]}")
plots.numbers(right, images[0, 0] * 16, "the same 8 × 8 numbers, times 16", size=8.5)
plots.show(
    fig,
    alt=f"Left: a handwritten {labels[0]} of 8 by 8 coarse pixels, white ink on black. "
    "Right: the same pixels as a grid of numbers from 0, paper, to 16, full ink.",
)

# %% [markdown]
r"""
N pictures (배치, a batch) · C channels (채널; here one, the brightness) · H rows · W columns.

A perceptron wants a row of numbers, so `images.flatten(1)` flattens everything behind the first axis: (N, 1, 8, 8) → (N, 64).
Ten perceptrons, one for each digit, have their weights in the rows of one matrix, (10, 64).
Each gives a **score** (점수); the largest score is the net's answer.

Now for your first **shape error** (형상 오류). Do not be afraid of it: read its last line.
"""

# %%
rows = images[:5].flatten(1)  # (5, 64)
weight, bias = torch.zeros(10, 64), torch.zeros(10)
try:
    rows @ weight
except RuntimeError as error:
    print("RuntimeError:", error)

# %%
plots.show(
    product_of_shapes(5, 64, 10),
    alt="A block of 5 by 64 times a block of 64 by 10 gives a block of 5 by 10. "
    "The two inner sizes, 64 and 64, stand side by side and are equal; "
    "the two outer ones, 5 and 10, are the shape of the result.",
)

# %% [markdown]
r"""
In a matrix product (행렬곱) the two *inner* sizes must be equal, and they vanish.
The error says `5x64 and 10x64`: inside stand 64 and 10. Which of the two blocks must be turned over?
"""


# %% exercise="class_scores" stars=1 objective="shapes" minutes=3
def class_scores(images, weight, bias):
    """The scores that K perceptrons give to N pictures.

    images: shape (N, C, H, W); weight: shape (K, C·H·W), a row for each class; bias: shape (K,).
    Returns shape (N, K): entry [n, k] is the sum over picture n of pixel · weight, plus bias k.

    class_scores(tensor([[[[1., 2.]]]]), tensor([[1., 1.], [0., 2.]]), tensor([0., 0.5]))
    →  tensor([[3.0, 4.5]])      # 1·1 + 2·1 + 0      1·0 + 2·2 + 0.5
    """
    ### BEGIN SOLUTION
    return images.flatten(1) @ weight.T + bias
    ### END SOLUTION


# %% hints="class_scores"
r"""
Write the shapes down: what comes in as (N, C, H, W) and (K, C·H·W), and must go out as (N, K)?

First the pictures become rows, one for each picture. Then one matrix product, in which C·H·W stands inside on both sides.

`images.flatten(1)` has shape (N, C·H·W), and `weight.T` has shape (C·H·W, K). The bias can simply be added: its K numbers go to every row.
"""

# %% idea="class_scores"
r"""
The pictures become rows, (N, D), and the transposed weights are (D, K), so the product is (N, K): every picture meets every class.
`+ bias` has shape (K,), which torch adds to each of the N rows.
`nn.Linear` does exactly this, and keeps weight and bias for you.
"""

# %% check="class_scores"

# %% [markdown]
r"""
(Where a check speaks of the GPU: lesson 01 tells why. A skipped GPU costs you nothing.)

An error is the friendly case. **Guess:** a net predicts five numbers, all of them perfectly. What is the mean squared difference?
"""

# %%
wanted = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
predicted = wanted.reshape(5, 1)  # as it comes out of nn.Linear(…, 1)
difference = predicted - wanted
print("mean squared difference:", difference.square().mean().item())
print("shape of the difference:", tuple(difference.shape))

# %% [markdown]
r"""
No error, and a wrong answer. (5, 1) − (5,) was stretched to (5, 5): each prediction met *every* target.
The stretching is called **broadcasting** (브로드캐스팅). It is what adds the bias for you, and it is why we print shapes.

## 2 · The loop that learns

How wrong is a net? First its scores become chances: $e^{\text{score}}$, divided by the sum of all ten. That is the **softmax** (소프트맥스).
Then take −log of the chance that the right class got. The mean of it over all pictures is the **loss** (손실), here `F.cross_entropy`. Its unit is the **nat**, because log is the natural logarithm.

**Guess:** all weights are zero, so each of the ten digits gets a chance of 1/10. What is the loss?
"""

# %%
model = perceptron(64, 10)  # nn.Linear(64, 10), with all weights zero
print(f"loss {F.cross_entropy(model(images.flatten(1)), labels):.4f}")
print(f"−log(1/10) = log 10 = {torch.tensor(10.0).log():.4f}")

# %% [markdown]
r"""
Remember log C (C counts classes now, not channels): an untrained net should start near it. If it does not, look for a bug.

Learning turns the same wheel thousands of times:
"""

# %%
plots.show(
    training_loop(),
    alt="A wheel of five stations with arrows from each to the next and back to the first: "
    "1 predict, 2 measure the loss, 3 wipe the old gradients, 4 go back for the new gradients, "
    "5 step downhill.",
)

# %% [markdown]
r"""
Going **back** (역전파), torch finds the **gradient** (기울기) of the loss: how much it would change with each weight.
The **step** moves every weight a little downhill: weight − lr · gradient, with the **learning rate** (학습률) lr.

Here is a net of a single weight w, whose loss is w². The slope at w is 2w.
"""

# %%
plots.show(descent_figure(0.1, 3), alt=descent_text(0.1, 3))

# %% [markdown]
r"""
**Guess:** from which learning rate on does the weight never come to rest? Then find it:
"""

# %%
descent(0.1, 3)

# %% [markdown]
r"""
Each step makes w (1 − 2 lr) times what it was. At lr = 0.5 one step is enough, and from lr = 1 on it swings for ever, or flies away.

But why *wipe*? The slope at w = 3 is 6. **Guess** the three numbers:
"""

# %%
w = torch.tensor(3.0, requires_grad=True)
for _ in range(3):
    (w * w).backward()
    print(w.grad.item())

# %% [markdown]
r"""
`backward()` *adds* to what is there. `optimizer.zero_grad()` wipes it.
"""


# %% exercise="train_steps" stars=1 objective="loop" minutes=3
def train_steps(model, inputs, labels, steps, lr):
    """Train a classifier by gradient descent (경사 하강법), with all examples in every step.

    model: a net from inputs of shape (N, D) to scores of shape (N, C); its weights are changed.
    labels: shape (N,), the right classes, 0 to C−1; lr: the learning rate.
    Returns a list of numbers: the mean cross-entropy (nats) *before* each of the steps.

    train_steps(perceptron(1, 2), tensor([[1.]]), tensor([0]), steps=2, lr=1.0)
    →  [0.6931, 0.1269]      # log 2; the step makes the scores 1 and −1: log(1 + e⁻²)
    """
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        ### BEGIN SOLUTION
        loss = F.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        ### END SOLUTION
    return losses


# %% hints="train_steps"
r"""
Go once around the wheel. What do you have to know before you can go back, and what before you can step?

Each station is one line: scores and loss, `zero_grad`, `backward`, `step`. A last line puts the loss into the list, as a plain number.

`loss = F.cross_entropy(model(inputs), labels)`, then `optimizer.zero_grad()`, `loss.backward()`, `optimizer.step()`, and `losses.append(loss.item())`.
"""

# %% idea="train_steps"
r"""
The loss is measured before the step, so the first number is that of the untouched net.
`zero_grad` may stand anywhere between one step and the next `backward`; it must not stand between `backward` and `step`.
`.item()` makes a plain number of the loss, so that the record which led to it can be forgotten.
"""

# %% check="train_steps"

# %%
if ready(train_steps):
    model = perceptron(64, 10)
    losses = train_steps(model, images.flatten(1), labels, steps=200, lr=0.5)

    fig, ax = plots.canvas(5.2, 2.7)
    ax.plot(losses)
    ax.axhline(losses[0], color="0.6", linestyle=":")
    ax.annotate("log 10", (150, losses[0]), (0, -12), textcoords="offset points")
    ax.set(xlabel="step", ylabel="loss, nats", ylim=(0, 2.5))
    plots.show(
        fig,
        alt=f"The loss falls from {losses[0]:.2f}, which is log 10, to {losses[-1]:.2f} "
        f"in {len(losses)} steps: steeply at first, then ever more slowly.",
    )

# %% [markdown]
r"""
What has it learned? Each perceptron has one weight for each pixel, so its weights are a picture.
"""

# %%
if ready(train_steps):
    fig, axes = plots.canvas(6.4, 2.9, columns=5, rows=2)
    for digit, ax in enumerate(axes.flat):
        plots.feature_map(ax, model.weight[digit].reshape(8, 8), f"{digit}")
    plots.show(
        fig,
        alt="The weights of the ten perceptrons as pictures of 8 by 8 pixels. "
        "The one for 0 is dark in the middle and light in a ring around it.",
    )

# %% [markdown]
r"""
White pixels speak for the digit, black ones against it. Ink in the middle speaks against a 0.

## 3 · Two switches

Nets with more layers often hold a **dropout** (드롭아웃) layer: while they learn, it silences half of the numbers at random.
**Guess:** show the same digit to the same net twenty times. Do you get the same answer?
"""

# %%
if ready(train_steps):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 10))
    train_steps(net, images.flatten(1), labels, steps=100, lr=0.5)
    row, answer = test_images[:1].flatten(1), test_labels[0]
    chances = {}
    for name, mode in (("train()", net.train), ("eval()", net.eval)):
        mode()
        chances[name] = [net(row).softmax(1)[0, answer].item() for _ in range(20)]

    fig, ax = plots.canvas(5.6, 2.7)
    for (name, values), mark in zip(chances.items(), ("o", "s-"), strict=True):
        ax.plot(range(1, 21), values, mark, markersize=4, label=name)
    ax.set(xlabel="the same digit, asked again", ylabel="chance of the right class", ylim=(0, 1.05))
    ax.set_xticks([1, 5, 10, 15, 20])
    ax.legend(ncols=2, loc="lower left")
    low, high = min(chances["train()"]), max(chances["train()"])
    plots.show(
        fig,
        alt=f"In train() mode twenty answers scatter between {low:.2f} and {high:.2f}; "
        f"in eval() mode all of them are {chances['eval()'][0]:.2f}.",
    )

# %% [markdown]
r"""
| switch | what it changes | without it |
|---|---|---|
| `model.eval()`, back with `model.train()` | layers that act differently while they learn | answers that depend on chance, or on the rest of the batch |
| `with torch.no_grad():` | torch keeps no record for going back | the same answers, but memory and time are wasted |

They sound alike, and neither does the other's work. To measure, use both.
The check hands you a net, `witness()`, that remembers how it was asked.
"""


# %% exercise="evaluate" stars=1 objective="modes" minutes=2
def evaluate(model, inputs, labels):
    """Accuracy (정확도): the fraction of examples whose largest score is that of the right class.

    The model is asked in `eval()` mode, and without a record for gradients.

    model: from inputs of shape (N, D) to scores of shape (N, C); labels: shape (N,).
    Returns a number from 0 to 1.

    evaluate(witness(), tensor([[3., 1.], [5., 4.]]), tensor([0, 1]))  →  0.5
    #   the scores are the inputs: twice class 0 is largest, once that is right
    """
    ### BEGIN SOLUTION
    model.eval()
    with torch.no_grad():
        scores = model(inputs)
    return (scores.argmax(dim=1) == labels).float().mean().item()
    ### END SOLUTION


# %% hints="evaluate"
r"""
A row of scores belongs to one example. In which direction must you look for the largest?

Set the mode, then ask inside `with torch.no_grad():`. `argmax` gives the place of the largest score; `== labels` gives True or False for each example.

`guesses = model(inputs).argmax(dim=1)`, and then `(guesses == labels).float().mean().item()`: the mean of ones and zeros is a fraction.
"""

# %% idea="evaluate"
r"""
`eval()` changes how layers behave, `no_grad()` stops the record: two switches, both set before the model is asked.
`argmax(dim=1)` walks along each row. Comparing with the labels gives truth values, whose mean as floats is the accuracy.
"""

# %% check="evaluate"

# %%
if ready(train_steps, evaluate):
    print(f"training digits: {evaluate(model, images.flatten(1), labels):.1%}")
    print(f"test digits:     {evaluate(model, test_images.flatten(1), test_labels):.1%}")

# %% [markdown]
r"""
## 4 · Three piles

| pile | share here | what it decides |
|---|---|---|
| **training** (학습) | 60 % | the weights |
| **validation** (검증) | 20 % | everything that *you* choose: the learning rate, the number of steps, which net |
| **test** (평가) | 20 % | nothing: it is opened once, at the end |

(You have peeped already: part 3 printed a test accuracy, so that you see one. Nothing was chosen by it.)

First shuffle, then cut. **Guess:** what is the test accuracy if the digits lie in order, 0 to 9, and nobody shuffles?
"""

# %%
if ready(train_steps, evaluate):
    every_image, every_label = data.digits("all")
    in_order = every_label.argsort()
    first, last = in_order[:1079], in_order[-359:]  # 60 % and 20 %
    model = perceptron(64, 10)
    train_steps(model, every_image[first].flatten(1), every_label[first], steps=200, lr=0.5)
    print(
        f"training accuracy {evaluate(model, every_image[first].flatten(1), every_label[first]):.1%}"
    )
    print(
        f"test accuracy     {evaluate(model, every_image[last].flatten(1), every_label[last]):.1%}"
    )
    print("digits in training:", every_label[first].unique().tolist())
    print("digits in the test:", every_label[last].unique().tolist())


# %% exercise="three_piles" stars=1 objective="piles" minutes=2
def three_piles(count, seed):
    """Shuffle `count` rows, and cut them into training, validation and test rows.

    The order is `torch.randperm(count, generator=…)`, with a new generator that has this seed.
    Validation and test get count // 5 rows each, training gets the rest.

    Returns three tensors of row numbers (int64): first the training rows of the order, then the
    validation rows, then the test rows. Each row is in exactly one of them.

    three_piles(10, 0)  →  6, 2 and 2 of the numbers 0 to 9
    """
    ### BEGIN SOLUTION
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
    fifth = count // 5
    return order.split([count - 2 * fifth, fifth, fifth])
    ### END SOLUTION


# %% hints="three_piles"
r"""
If you have one shuffled line of rows, at which two places do you cut it?

A generator remembers where it stands in its random numbers: `torch.Generator().manual_seed(seed)` starts it anew, and `randperm` writes each row exactly once.

With `fifth = count // 5`: `order[: count - 2 * fifth]`, `order[count - 2 * fifth : count - fifth]` and `order[count - fifth :]`. `order.split([…])` does the same with the three sizes.
"""

# %% idea="three_piles"
r"""
One shuffled order, cut at two places: so no row can lie in two piles, and none is lost.
The seed makes the split the same tomorrow. With another split every day, the test rows would sooner or later all have been trained on.
"""

# %% check="three_piles"

# %% [markdown]
r"""
### Myth check

> "I never trained on the test digits, so my test score is honest."

Here are a thousand "nets" that learned nothing: they guess. We keep the one that is best on 50 test digits.
**Guess:** how good is it there, and how good on the other 400?
"""

# %%
guesses = torch.randint(10, (1000, 450), generator=torch.Generator().manual_seed(7))
right = (guesses == test_labels).float()
looked_at, fresh = right[:, :50].mean(dim=1), right[:, 50:].mean(dim=1)
best = int(looked_at.argmax())
print(f"on the 50 digits by which it was chosen: {looked_at[best]:.1%}")
print(f"on 400 digits that nobody looked at:     {fresh[best]:.1%}")

fig, ax = plots.canvas(5.6, 2.5)
counts = torch.bincount((looked_at * 50).round().long())
ax.bar(range(0, 2 * len(counts), 2), counts, width=1.6, color="0.7", edgecolor="0.2")
ax.annotate(
    "the one we keep", (100 * looked_at[best], 4), (0, 34), textcoords="offset points",
    ha="center", arrowprops={"arrowstyle": "->"},
)  # fmt: skip
ax.set(xlabel="accuracy on the 50 digits, %", ylabel="guessers")
plots.show(
    fig,
    alt="A heap of accuracies around 10 %. "
    f"The best of the thousand guessers stands at its right end, at {looked_at[best]:.0%}.",
)

# %% [markdown]
r"""
**The claim is false.** To *choose* by a score is to learn from it.
That is why choosing has a pile of its own, and why the test pile stays shut until the end.

## 5 · Keep what was learned

A net is its code and its numbers. The numbers have names; together they are the **state** (상태): `model.state_dict()`.
"""

# %%
for name, numbers in perceptron(64, 10).state_dict().items():
    print(f"{name:7} {tuple(numbers.shape)}")


# %% exercise="save_and_load" stars=1 objective="saving" minutes=2
def save_and_load(model, fresh, path):
    """Save what `model` has learned, and load it from the file into `fresh`, a net of its make.

    The file at `path` holds the numbers with their names (the state), not the net's code.
    Afterwards both nets give the same scores, and neither depends on the other.
    Returns the names in the file, as a list.

    save_and_load(perceptron(2, 3, seed=1), perceptron(2, 3), "perceptron.pt")
    →  ["weight", "bias"]
    """
    ### BEGIN SOLUTION
    torch.save(model.state_dict(), path)
    state = torch.load(path)
    fresh.load_state_dict(state)
    return list(state)
    ### END SOLUTION


# %% hints="save_and_load"
r"""
What does a fresh net have already, and what does it lack?

`torch.save(…, path)` writes, `torch.load(path)` reads. What you write is the state of the one net; what you have read goes into the other.

`torch.save(model.state_dict(), path)`, `state = torch.load(path)`, `fresh.load_state_dict(state)`. The names are `list(state)`.
"""

# %% idea="save_and_load"
r"""
`state_dict()` gives names and numbers, the file keeps them, and `load_state_dict` copies them into a net that was built by the same code.
torch.load refuses anything but plain numbers, because a file that holds a whole net could run code on your machine.
"""

# %% check="save_and_load"

# %% [markdown]
r"""
A last trap. You keep the state of your best net, and go on training. **Guess:** does what you kept stay as it was?
"""

# %%
if ready(train_steps):
    model = perceptron(64, 10)
    kept, copied = model.state_dict(), copy.deepcopy(model.state_dict())
    train_steps(model, images.flatten(1), labels, steps=1, lr=0.5)
    print(f"kept:   largest weight {kept['weight'].abs().max():.4f}")
    print(f"copied: largest weight {copied['weight'].abs().max():.4f}")

# %% [markdown]
r"""
The state is a window onto the weights, not a photograph of them. Copy it, or save it to a file.

### Quiz

Every lesson ends with one. It is homework, and not in the minutes at the top. Open a part at a time, answer first, then read why; even the wrong answers say something.
"""

# %%
quiz()

# %% [markdown]
r"""
## What next

From here on, `train` in `utils.training` turns the wheel for you, in small batches, and it puts aside a validation pile when you ask for one.
You have written every station of it.

**Lesson 01** asks what is lost when a picture is flattened into a row, and finds the layer that keeps it.
"""

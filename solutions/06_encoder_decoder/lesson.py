# ---
# title: "Encoder and decoder, part 1: small, and back again"
# title_ko: 인코더와 디코더 1
# minutes: 118
# objectives:
#   equations: write the reconstruction loss, and say what comes in and goes out of each half
#   net: build an autoencoder of any sizes, and name its parts
#   loop: train it with a loop of your own, and say what its loss counts
#   subspace: compare its code with the principal components, in numbers and as subspaces
#   uses: find anomalies by what a net cannot restore, and measure how well
#   noise: train a net that takes noise away, and hold it against filters
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · Two halves | 8 | `encoder_or_decoder` |
| 2 · What is lost | 8 | `reconstruction_loss` |
| 3 · A net like an hourglass | 11 | `Autoencoder` |
| 4 · Teaching it | 17 | `train_autoencoder` |
| 5 · Against the best straight lines | 25 | `pca`, `principal_angles` |
| 6 · What does not belong | 24 | `roc_auc`, `anomaly_scores`, `detector` |
| 7 · Taking noise away | 18 | `denoising_loss`, `denoiser` |
| 8 · Two myths | 7 | |

This is the first of three notebooks.
Here are encoder and decoder in their simplest form; the second notebook makes pictures out of pictures and out of noise, the third one reads words.

Run the cells from top to bottom, and **guess** where the text asks you to.
Some cells train nets, for up to half a minute; read on while they work.
"""

# %%
import itertools
import math

import torch
import torch.nn.functional as F
from IPython.display import display
from torch import nn

from utils import check, data, hint, idea, plots, start, widgets
from utils.demo import ready
from utils.drawings.autoencoder import (
    alarm_and_roc,
    errors_by_code,
    hourglass,
    latent_scatter,
    longest_directions,
    one_plane_two_bases,
    rows_of_pictures,
    scores_of,
)
from utils.filters_for_noise import gaussian3, median3, psnr
from utils.made_pictures import with_bars
from utils.nets.asked import beats_grey, narrowest, same_answers
from utils.nets.known import fill_weights
from utils.nets.small import batch_witness, crowd_witness, perceptron, witness
from utils.training import accuracy
from utils.training import train as course_train
from utils.weights import course_weights

start("06_encoder_decoder")

# %% [markdown]
r"""
## 1 · Two halves

Here are ten digits, of 8×8 pixels each. So each of them is 64 numbers.
"""

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")
some = torch.stack([test_images[test_labels == digit][3] for digit in range(10)])
plots.show(
    rows_of_pictures({"x": some}),
    alt="Ten handwritten digits of 8×8 pixels, 0 to 9, in a row.",
)

# %% [markdown]
r"""
You may send somebody only a few numbers for each digit, and they must draw it again.
**Guess:** how few will do, so that every digit can still be recognised? 32? 10? 5?

Write your guess down; part 4 answers it.
(A hint: to say *which* digit it is, one number is enough. But then every 3 is drawn alike.)

Two machines are needed for this. One makes few numbers out of many, and sits at your end. The other makes many numbers out of few, and sits at theirs.
"""

# %%
plots.show(
    hourglass(asked=True),
    alt="Bars from left to right like an hourglass: 64 numbers, called x, then lower and lower bars "
    "down to a framed one with a question mark, called z, then higher ones, up to 64 numbers again, "
    "called x′. The way from x to z is the encoder, from z to x′ the decoder.",
)

# %% [markdown]
r"""
- The **encoder** (인코더) makes the code: x → z.
- The **decoder** (디코더) makes the picture again: z → x′.
- Both together, trained to give back what they are shown, are an **autoencoder** (오토인코더). *Auto* is Greek for *self*: its own input is its target.
- The place where it is narrowest is the **bottleneck** (병목). What passes there is the code z. Its numbers are called **latent variables** (잠재 변수): *latent* means hidden. You will also read *features* (특징) or *hidden representation* (은닉 표현) for the same thing.

Why make a net that gives back what one has already? Because it has to get through the bottleneck. It cannot pass on 64 numbers, so it must find out what digits have in common, and pass on the rest.

The pattern is wider than that. x → z → y, the **encoder–decoder** (인코더–디코더): an encoder makes sense of what comes in, a decoder makes something of that sense. Only what comes out differs:

| x, what comes in | y, what goes out | where |
|---|---|---|
| a picture | the same picture | this notebook |
| a noisy picture | the clean one | this notebook, part 7 |
| a picture | a mask: which pixels belong to the thing? | notebook 2, U-Net |
| noise, and a word | a picture | notebook 2, diffusion |
| a sentence | the sentence in another language | notebook 3, transformer |
| a picture with holes | the whole picture | notebook 3 |

So what tells the two halves apart? One summarises, the other restores:

| | encoder | decoder |
|---|---|---|
| direction | from the picture to the code | from the code to the picture |
| purpose | keep what matters | fill in what was dropped |
| usual layers | convolutions with strides, pooling, linear layers that get narrower | transposed convolutions, upsampling, linear layers that get wider |
| its last layer | nothing behind it: a code may be any number | often a sigmoid: pixels lie between 0 and 1 |
| works alone as | a maker of features, for search, for classification | a generator: give it a code that nobody has sent |

Now without looking at the table.
"""


# %% exercise="encoder_or_decoder" stars=1 objective="equations" minutes=4
def encoder_or_decoder():
    """Summariser or restorer? Say of each statement to which half it belongs.

    Returns a dict with these ten names, and of each "encoder" or "decoder":

    "large_to_small"           it leads from many numbers to few
    "x_comes_in"               it is given the picture
    "x_hat_goes_out"           what leaves it has the shape of the picture
    "summarises"               it keeps what matters and drops the rest
    "restores"                 it has to fill in what was dropped
    "pooling_and_strides"      in a convolutional autoencoder it has the layers that shrink maps
    "transposed_convolutions"  in a convolutional autoencoder it has the layers that enlarge maps
    "ends_in_a_sigmoid"        its last numbers must lie between 0 and 1
    "receiver_needs_it"        codes are sent over a slow line: the one who *receives* them needs it
    "classifier_needs_it"      digits are to be classified by their codes: it is kept, the other half
                               is thrown away
    """
    ### BEGIN SOLUTION
    return {
        "large_to_small": "encoder",
        "x_comes_in": "encoder",
        "x_hat_goes_out": "decoder",
        "summarises": "encoder",
        "restores": "decoder",
        "pooling_and_strides": "encoder",
        "transposed_convolutions": "decoder",
        "ends_in_a_sigmoid": "decoder",
        "receiver_needs_it": "decoder",
        "classifier_needs_it": "encoder",
    }
    ### END SOLUTION


# %% hints="encoder_or_decoder"
r"""
Write x → z → x′ on a piece of paper. Over which of the two arrows does each statement belong?

The encoder is the summariser: picture in, code out. The decoder is the restorer: code in, picture out. For the last two ask: what does this person have in hand, and what do they want?

`return {"large_to_small": "encoder", "x_comes_in": …}`; five of the ten belong to each half.
"""

# %% idea="encoder_or_decoder"
r"""
Everything follows from what goes in and what comes out.
The encoder has the picture and makes a code, so it shrinks; who classifies by codes needs them made.
The decoder has the code and makes a picture, so it enlarges, and its last numbers are pixels; who receives codes wants pictures.
"""

# %% check="encoder_or_decoder" points=2

# %% [markdown]
r"""
## 2 · What is lost

Write the smallest autoencoder there is, with one layer on each side. W and b are weights and biases, e for the encoder and d for the decoder; f and g are activations, for example ReLU and sigmoid:

$$z = f(W_e\,x + b_e) \qquad\qquad x' = g(W_d\,z + b_d)$$

x is 64 numbers, z is fewer, and x′ is 64 again. Where code cannot write x′, it is called `x_hat`, and x̂ in a docstring: "x hat".
How far x′ is from x is counted pixel by pixel, and squared. The **reconstruction loss** (재구성 손실) of N images is

$$L = \frac1N \sum_{n=1}^{N} \lVert x_n - x'_n \rVert^2$$

Look closely at what is averaged here, and what is not.
"""


# %% exercise="reconstruction_loss" stars=1 objective="equations" minutes=4
def reconstruction_loss(x, x_hat):
    """The reconstruction loss (재구성 손실): what is lost, summed over an image, averaged over images.

    x: what went in, shape (N, …); x_hat: what came out, the same shape, dtype and device.
    Returns one number, a tensor without dimensions: 1/N · Σ over the images of ‖x − x̂‖²,
    where ‖x − x̂‖² is the sum of the squared differences of one image.

    x     = tensor([[1., 0., 2.], [0., 0., 3.]])
    x_hat = tensor([[1., 1., 0.], [0., 0., 2.]])
    reconstruction_loss(x, x_hat)  →  tensor(3.)
    #   first image 0² + 1² + 2² = 5, second 0² + 0² + 1² = 1; their mean is (5 + 1)/2 = 3
    """
    ### BEGIN SOLUTION
    return ((x - x_hat) ** 2).flatten(1).sum(dim=1).mean()
    ### END SOLUTION


# %% hints="reconstruction_loss"
r"""
In the formula, over what does Σ run, and what is N: the images, or the pixels?

Square the differences. Add them up over everything except the first axis: one number for each image. Then take the mean of these N numbers.

`((x - x_hat) ** 2).flatten(1).sum(dim=1).mean()`; or the sum of everything, divided by `len(x)`.
"""

# %% idea="reconstruction_loss"
r"""
`flatten(1)` keeps the first axis and makes one row of each image.
The sum over a row is ‖x − x̂‖², and the mean over the rows is 1/N Σ.
The sum of *all* squares divided by N is the same number.
"""

# %% check="reconstruction_loss" points=2

# %% [markdown]
r"""
torch has a loss for squared differences as well, `F.mse_loss`. **Guess:** is it the same number?
"""

# %%
if ready(reconstruction_loss):
    black = torch.zeros_like(test_images)
    by_image, by_pixel = reconstruction_loss(test_images, black), F.mse_loss(black, test_images)
    print(f"your loss of a black picture {by_image:.4f}, F.mse_loss {by_pixel:.4f}")
    print(f"one divided by the other: {by_image / by_pixel:.2f}")

# %% [markdown]
r"""
Sixty-four times as large: your loss *sums* over the 64 pixels of an image, and `F.mse_loss` averages over them, too.

Neither is wrong. But a loss without its reduction is half a number. "My autoencoder has a loss of 1.6, yours 0.025" may be the same net.
From here on, the text says *per image* or *per pixel*.
(Does the factor change the training? Plain gradient descent would take steps 64 times as long. Adam divides by the size of the gradients, so that it hardly notices.)

## 3 · A net like an hourglass

One layer on each side is a narrow view. So put several between x and z, each with a ReLU behind it, and the mirror image on the other side.

Two places have no ReLU. Behind the **code** there is none: ReLU would throw away all that is negative, in the narrowest place of all. (In the formula of part 2, f then does nothing.) And behind the last layer stands a **sigmoid**, because pixels lie between 0 and 1.
"""


# %% exercise="Autoencoder" stars=2 objective="net" minutes=9
class Autoencoder(nn.Module):
    """An autoencoder (오토인코더) of linear layers: images → code → images.

    sizes: how many numbers there are at each stage, from the image to the code,
    for example (64, 100, 30): two or more whole numbers.

    encoder: nn.Sequential of nn.Flatten(), then one nn.Linear from each size to the next, with an
        nn.ReLU() between two of them, and nothing behind the last: a code may be negative.
    decoder: nn.Sequential of the mirror image, one nn.Linear for each step back with an nn.ReLU()
        between two, and an nn.Sigmoid() behind the last: pixels lie between 0 and 1.

    encoder(x): (N, …) → (N, sizes[-1]);    decoder(z): (N, sizes[-1]) → (N, sizes[0]);
    forward(x): (N, …) → the same shape as x, whatever it is, with sizes[0] numbers an image.

    Autoencoder((6, 4, 2))(torch.zeros(3, 1, 2, 3)).shape  →  (3, 1, 2, 3)
    #   parameters: (6·4 + 4) + (4·2 + 2) + (2·4 + 4) + (4·6 + 6) = 80
    """

    def __init__(self, sizes):
        super().__init__()
        ### BEGIN SOLUTION

        def stack(widths):
            layers = []
            for before, after in itertools.pairwise(widths):
                layers += [nn.Linear(before, after), nn.ReLU()]
            return layers[:-1]  # nothing behind the last

        self.encoder = nn.Sequential(nn.Flatten(), *stack(sizes))
        self.decoder = nn.Sequential(*stack(sizes[::-1]), nn.Sigmoid())
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.decoder(self.encoder(x)).reshape(x.shape)
        ### END SOLUTION


# %% hints="Autoencoder"
r"""
How many linear layers do the sizes (64, 150, 20) make in the encoder? And which sizes, in which order, does the decoder need?

Collect the layers in a list: for each pair of neighbouring sizes a Linear and a ReLU; then take the last ReLU away. The same with the sizes in reverse gives the decoder, with a Sigmoid at its end. In `forward`, the result has to get the shape of x.

`for before, after in itertools.pairwise(sizes): layers += [nn.Linear(before, after), nn.ReLU()]`, then `nn.Sequential(nn.Flatten(), *layers[:-1])`; for the decoder `sizes[::-1]`, and `nn.Sigmoid()` last. `return self.decoder(self.encoder(x)).reshape(x.shape)`.
"""

# %% idea="Autoencoder"
r"""
Both halves are the same recipe, once with the sizes and once with the sizes in reverse.
Every Linear but the last is followed by a ReLU, which is a Linear and a ReLU for each pair, and the last ReLU dropped.
The decoder gives rows of numbers; `reshape(x.shape)` makes pictures of them again.
"""

# %% check="Autoencoder" points=4

# %%
if ready(Autoencoder):
    torch.manual_seed(0)
    net = Autoencoder((64, 150, 50, 20, 5))
    with torch.no_grad():
        codes, restored = net.encoder(some), net(some)
    print("pictures", tuple(some.shape), "→ codes", tuple(codes.shape), "→", tuple(restored.shape))
    print(f"{sum(p.numel() for p in net.parameters()):,} parameters, untrained;", end=" ")
    print(f"what comes out lies between {restored.min():.2f} and {restored.max():.2f}")

# %% [markdown]
r"""
Untrained, it answers with a grey of about one half, whatever it is shown: the sigmoid of numbers near 0.

Counted from the first hidden layer to the last, this net is often written 150-50-20-5-20-50-150. Here it is with its numbers, and 5 of them at the waist. Can that be enough?
"""

# %%
plots.show(
    hourglass(),
    alt="Bars from left to right, the higher the more numbers: 64, 150, 50, 20, then 5, framed "
    "and called z, then 20, 50, 150, 64.",
)

# %% [markdown]
r"""
## 4 · Teaching it

**Is this unsupervised learning?** (비지도 학습) Nobody has to label anything, so many books say yes.
Yet there is a target, and a loss that compares with it: the picture itself. Learning in which the data are their own target is called **self-supervised** (자기지도 학습). Both names are in use. What matters: no human says what is right.

The training step, one station after the other:

1. take a batch of pictures, x
2. encoder: z
3. decoder: x′
4. loss: how far is x′ from x?
5. backward, from cleared gradients: how does the loss depend on each weight, of *both* halves?
6. step: change every weight a little

No one tells the encoder what to put into the code. It learns whatever helps the decoder.
"""


# %% exercise="train_autoencoder" stars=3 objective="loop" minutes=12
def train_autoencoder(model, images, epochs, lr, seed):
    """Train a net to give back what it is shown, with Adam.

    model: any net from images (N, …) to the same shape; its weights are changed.
    images: shape (N, …); lr: Adam's learning rate; seed: fixes the order of the images,
    the same seed gives the same order, another seed another. The model may arrive in either mode.

    One epoch (에포크) shows every image once, in a new random order, in batches of 64;
    what is left over makes a last, smaller batch. The loss is your `reconstruction_loss`.
    The model learns in `train()` mode and is left in `eval()` mode.

    Returns a list with a plain number for each epoch: the mean over its N images of ‖x − x̂‖²,
    each measured before the step that it leads to. The loop is your own, without `course_train`.
    A hidden check trains your `Autoencoder` with it and compares it with the best linear code.

    train_autoencoder(perceptron(2, 2), tensor([[1., 0.], [1., 0.]]), 2, 0.1, seed=0)
    →  [1.0, 0.64]
    #   weights and biases of 0 give (0, 0): 1² + 0² = 1 for each image. Adam moves the first output's
    #   first weight and its bias by 0.1: (0.2, 0), and (1 − 0.2)² = 0.64
    """
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    history = []
    for _ in range(epochs):
        total = 0.0
        for rows in torch.randperm(len(images)).split(64):
            batch = images[rows]
            loss = reconstruction_loss(batch, model(batch))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        history.append(total / len(images))
    model.eval()
    return history
    ### END SOLUTION


# %% hints="train_autoencoder"
r"""
In lesson 04 your loop compared the answers with labels. With what does it compare them here?

Once: seed, optimizer, `train()`, and at the end `eval()`. Once an epoch: a new random order, cut into pieces of 64. Once a batch: show the images, compare what comes out with *the same images*, zero_grad, backward, step. A batch of 3 counts less in the epoch's mean than a batch of 64.

`for rows in torch.randperm(len(images)).split(64):`, `batch = images[rows]`, `loss = reconstruction_loss(batch, model(batch))`, the three lines of the step, and `total += loss.item() * len(rows)`. After the batches `history.append(total / len(images))`.
"""

# %% idea="train_autoencoder"
r"""
The loop is that of a classifier, and its target is its input.
`loss.item() * len(rows)` turns a batch's mean into its sum, so dividing by N gives the mean over all images however small the last batch is.
The seed is set once: set in every epoch, it would give every epoch the same order.
"""

# %% check="train_autoencoder" points=6

# %% [markdown]
r"""
Now train 150-50-20-5-20-50-150 on the training digits, and let it restore **test** digits, which it has never seen.
From here on the text quotes what the course's own solutions gave; a right solution that draws its random numbers otherwise gives somewhat other numbers and pictures. (If yours fails, go on with the course's weights: `deep = Autoencoder((64, 150, 50, 20, 5))`, then `deep.load_state_dict(course_weights("autoencoder"))`.)
"""


# %%
def error_of(model, images=test_images):
    """The mean squared difference per pixel of what a net gives back."""
    with torch.no_grad():
        return F.mse_loss(model.eval()(images), images).item()


deep = None
if ready(reconstruction_loss, Autoencoder, train_autoencoder):
    torch.manual_seed(0)
    deep = Autoencoder((64, 150, 50, 20, 5))
    losses = train_autoencoder(deep, images, epochs=50, lr=3e-3, seed=0)
    fig, ax = plots.canvas(5.6, 2.6)
    ax.plot(range(1, len(losses) + 1), losses, color="0.1")
    ax.set(xlabel="epoch", ylabel="loss per image", ylim=(0, None))
    plots.show(
        fig,
        alt=f"The loss per image falls from {losses[0]:.2f} in the first epoch to {losses[-1]:.2f}.",
    )
    print(
        f"per image {losses[-1]:.3f}, per pixel {losses[-1] / 64:.4f}; test, per pixel {error_of(deep):.4f}"
    )
    with torch.no_grad():
        plots.show(
            rows_of_pictures({"x": some, "x′ from 5 numbers": deep(some)}),
            alt="Ten test digits, and below each what the net makes of its five numbers: smoother, "
            "and nearly all can still be read.",
        )

# %% [markdown]
r"""
**Five numbers**, where there were 64. Most digits can still be read; what is gone are little ways of writing, and here and there a digit has turned into its neighbour.

This is the first of the autoencoder's four uses, **dimension reduction** (차원 축소) and compression (압축): storing or sending 5 numbers in place of 64.
It is a compression *with loss*, and it is made for digits. **Guess** what becomes of things that are none: two photographs, shrunk to 8×8 pixels, a cross, a board, and a 3 with ink and paper exchanged.
"""

# %%
if deep is not None:
    cross = torch.eye(8).maximum(torch.eye(8).flip(1))
    board = (torch.arange(8)[:, None] + torch.arange(8)) % 2
    pictures = (data.photo("camera", size=8)[:8, :8], data.photo("chelsea", size=8)[:8, :8])
    strange = torch.stack([*pictures, cross, board.float(), 1 - some[3, 0]])[:, None]
    with torch.no_grad():
        plots.show(
            rows_of_pictures({"x": strange, "x′ from 5 numbers": deep(strange)}),
            alt="Five pictures that are no digits: two tiny photographs, a cross, a chequered board, a "
            "dark 3 on white. Below, what the net makes of each: something like a digit, white on black.",
        )

# %% [markdown]
r"""
Whatever it is shown, something like a digit comes back. It has never learned to draw anything else.
Keep that in mind for part 6, where it becomes useful.

## 5 · Against the best straight lines

Is that good? A number needs a rival. The rival here is more than a hundred years old, needs no training, and is hard to beat.

Think of a digit as a point in a space of 64 axes. All digits together make a cloud. **Principal component analysis** (주성분 분석, PCA) looks for the direction in which the cloud is longest, then for the longest one perpendicular to it, and so on. A digit's code is how far it lies from the mean along each of the first k of them.

Here is a made-up cloud, of "pictures" of two numbers only. On the right, the code is a single number: how far along the first direction. What lies across it is lost.
"""

# %%
plots.show(
    longest_directions(),
    alt="Two drawings of the same slanted cloud of points. Left: a ring at its mean, a long arrow along "
    "the cloud called first, and a short dashed one across it called second. Right: each point is "
    "joined by a line, what is lost, to its place on the first direction, which is all that is kept.",
)

# %% [markdown]
r"""
No other line through the cloud would lose less, in squares.

The tool for that is the **singular value decomposition** (특잇값 분해), `torch.linalg.svd`. It writes a matrix as U S Vᵀ: the rows of Vᵀ are perpendicular directions of length 1, and each has a number in S, its *singular value*, that says how far the rows of the matrix spread along it. The largest comes first.
"""


# %% exercise="pca" stars=2 objective="subspace" minutes=8
def pca(images, k):
    """The mean of the images, and their k principal components (주성분).

    images: shape (N, …), of D numbers each, float32 or float64; k: from 1 to min(N − 1, D).
    Returns `(mean, components)`, of shapes (D,) and (k, D), dtype and device of the images.
    The rows of `components` have length 1 and are perpendicular to each other; the first is the
    direction in which the images differ from their mean most (the largest variance), the second
    the direction of the most that is left, and so on. A row may point either way.

    images = tensor([[5., 5.], [-3., -1.], [0.4, 2.8], [1.6, 1.2]])
    pca(images, 1)  →  tensor([1., 2.]), tensor([[0.8, 0.6]])       # or [[-0.8, -0.6]]
    #   the first two lie 5·(0.8, 0.6) to either side of the mean (1, 2), the others only
    #   1·(−0.6, 0.8)
    """
    ### BEGIN SOLUTION
    rows = images.flatten(1)
    mean = rows.mean(dim=0)
    _, _, directions = torch.linalg.svd(rows - mean, full_matrices=False)
    return mean, directions[:k]
    ### END SOLUTION


# %% hints="pca"
r"""
What must happen to the images before you ask in which directions they *differ*?

Make rows of the images, and take the mean row away. A singular value decomposition of what is left, U S Vᵀ, has the wanted directions as the rows of Vᵀ, the most important first. (Or: the eigenvectors of the covariance with the largest eigenvalues.)

`rows = images.flatten(1)`, `mean = rows.mean(dim=0)`, `torch.linalg.svd(rows - mean, full_matrices=False)` gives three tensors; of the third take `[:k]`.
"""

# %% idea="pca"
r"""
With the mean taken away, the rows' covariance is V S² Vᵀ/(N − 1): the rows of Vᵀ are its eigenvectors, and torch gives them by falling singular value.
`full_matrices=False` keeps the decomposition small.
"""

# %% check="pca" points=4

# %% [markdown]
r"""
With the components as the rows of C, encoding is z = (x − mean) · Cᵀ, and decoding is x′ = mean + z · C.
PCA has no layers, and no activation that could *bend* anything.

Every autoencoder gets the same number of latent variables as PCA. **Guess** who wins with 2, with 5, with 10.
"""

# %%
SIZES = (2, 5, 10)
nets = {}
if ready(pca, Autoencoder, train_autoencoder) and deep is not None:
    errors = {"PCA": [], "100-k-100": [], "150-50-20-k-20-50-150": []}
    for k in SIZES:
        mean, components = pca(images, k)
        apart = test_images.flatten(1) - mean
        errors["PCA"].append(((apart - apart @ components.T @ components) ** 2).mean().item())
        for name, widths, epochs in (
            ("100-k-100", (64, 100, k), 20),
            ("150-50-20-k-20-50-150", (64, 150, 50, 20, k), 50),
        ):
            torch.manual_seed(0)
            nets[name, k] = deep if len(widths) == 5 and k == 5 else Autoencoder(widths)
            if nets[name, k] is not deep:
                train_autoencoder(nets[name, k], images, epochs, 3e-3, seed=0)
            errors[name].append(error_of(nets[name, k]))
    print("test error per pixel        " + "".join(f"  k = {k:2}" for k in SIZES))
    for name, values in errors.items():
        print(f"{name:28}" + "".join(f"{value:8.4f}" for value in values))
    plots.show(
        errors_by_code(errors, SIZES),
        alt="Test error per pixel against the numbers in the code. "
        + "; ".join(
            f"{name} {', '.join(f'{value:.4f}' for value in values)}"
            for name, values in errors.items()
        )
        + f", for {', '.join(map(str, SIZES))} numbers.",
    )
    mean, components = pca(images, 5)
    by_lines = mean + (some.flatten(1) - mean) @ components.T @ components
    with torch.no_grad():
        plots.show(
            rows_of_pictures(
                {
                    "x": some,
                    "PCA, 5 numbers": by_lines.reshape(some.shape),
                    "net, 5 numbers": deep(some),
                }
            ),
            alt="Ten test digits; below, each from five principal components, blurred and with grey "
            "shadows; and from the net's five numbers, clearer.",
        )

# %% [markdown]
r"""
**The nets win** where the code is short: with 2 numbers the deep net leaves 0.032 per pixel, PCA 0.053.
A cloud of digits is bent, and PCA can only lay a flat sheet through it.

But see how the curves cross, here with a single training for each. With 5 numbers the *shallower* net is ahead, with 0.024; with 10, the deep one is no better than PCA.
That is no law about depth. The deep net is harder to train. The course's own, trained for longer and in smaller steps, leaves 0.021 with 5 numbers.
And the more numbers the code may have, the less there is to win: with 64, PCA loses nothing at all.

### Take the bends out

What makes the difference: the depth, or the bends? Take an autoencoder without any activation: 64 → 5 → 64, two matrices, on digits whose mean has been taken away. It is trained by gradients and knows nothing of variances or eigenvectors. **Guess:** will it find PCA's five directions?

To answer that, you need to measure how far apart two *subspaces* (부분 공간) lie. A subspace is a line, a plane, or the like, through the origin. Two lines have one angle. Two planes have two, the **principal angles**: the smallest angle between a line in the one and a line in the other, then the smallest among the lines perpendicular to those.
(At school two planes have a single angle. In three dimensions planes through the origin share a line, so the first angle is always 0; in 64 dimensions it need not be.)
"""


# %% exercise="principal_angles" stars=2 objective="subspace" minutes=7
def principal_angles(A, B):
    """The principal angles (주각) between two subspaces: how far apart two planes lie.

    A, B: k directions with D numbers each, shape (k, D), k ≤ D, float32 or float64. The rows of A
    span one subspace, those of B the other; they need not have length 1, nor be perpendicular.
    Returns k angles in radians, from 0 to π/2, rising. The same subspace gives zeros.

    Take a basis of each, of perpendicular vectors of length 1: the columns of Q_A and of Q_B,
    shape (D, k). The singular values of Q_Aᵀ Q_B are the cosines of the angles (rounding may make
    one a little larger than 1).

    principal_angles(tensor([[1., 0.]]), tensor([[3., 3.]]))  →  tensor([0.7854])    # 45°, π/4
    """
    ### BEGIN SOLUTION
    basis_a, basis_b = torch.linalg.qr(A.T)[0], torch.linalg.qr(B.T)[0]
    cosines = torch.linalg.svdvals(basis_a.T @ basis_b)
    return cosines.clamp(max=1).acos()
    ### END SOLUTION


# %% hints="principal_angles"
r"""
Two lines through the origin: how would you find the angle between them from one vector on each? And what changes when a vector gets twice as long?

`torch.linalg.qr` makes a perpendicular basis of the *columns* of a matrix, so give it A.T. The singular values of the product of both bases are cosines, falling, so that the angles rise. Keep them at 1 or below before `acos`.

`Q_A = torch.linalg.qr(A.T)[0]`, the same for B, then `torch.linalg.svdvals(Q_A.T @ Q_B).clamp(max=1).acos()`.
"""

# %% idea="principal_angles"
r"""
A subspace has many bases, and QR picks a perpendicular one with vectors of length 1, so that products are cosines.
The singular values of Q_Aᵀ Q_B are the best cosines that can be found between the two, one direction after the other, and do not depend on the bases.
`clamp` is needed because acos(1.0000001) is nan.
"""

# %% check="principal_angles" points=4

# %%
if ready(pca, principal_angles):
    mean, components = pca(images, 5)
    centred = images.flatten(1) - mean
    torch.manual_seed(0)
    linear = nn.Sequential(nn.Linear(64, 5, bias=False), nn.Linear(5, 64, bias=False))
    optimizer = torch.optim.Adam(linear.parameters(), lr=1e-2)
    for step in range(601):
        if step in (0, 50, 200, 600):
            directions = linear[1].weight.detach().T  # (5, 64): what each code number draws
            degrees = torch.rad2deg(principal_angles(directions, components))
            print(f"step {step:4}: angles", "  ".join(f"{angle:5.1f}°" for angle in degrees))
        loss = ((linear(centred) - centred) ** 2).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    apart = test_images.flatten(1) - mean
    with torch.no_grad():
        print(f"test error per pixel: {((linear(apart) - apart) ** 2).mean():.4f};", end=" ")
    print(f"PCA {((apart - apart @ components.T @ components) ** 2).mean():.4f}")
    unit = directions / directions.norm(dim=1, keepdim=True)
    print("cosines of the net's own directions with components 1 to 5:")
    for number, row in enumerate(unit @ components.T, start=1):
        print(f"  direction {number}", "  ".join(f"{value:5.2f}" for value in row))

# %% [markdown]
r"""
All angles have gone to zero, and the error is PCA's to the last digit. **A linear autoencoder finds PCA's subspace**, by nothing but gradients. On the digits that both have learned from it cannot do better: there PCA's is the best of all flat sheets.

Now the table of cosines. If the net's directions *were* the components, each row would have a single 1 and otherwise zeros. It has not: each direction is a mixture of several components. Nor need they be perpendicular to each other. The loss cannot tell one basis of the subspace from another, since what the encoder mixes the decoder can unmix.

So the sheet is the same, and the axes on it are others. With two numbers it can be drawn. Every dot is a digit's shadow on the sheet, and the diamond is one of them:
"""

# %%
if ready(pca, principal_angles):
    _, two = pca(images, 2)
    torch.manual_seed(41)
    flat = nn.Sequential(nn.Linear(64, 2, bias=False), nn.Linear(2, 64, bias=False))
    optimizer = torch.optim.Adam(flat.parameters(), lr=1e-2)
    for _ in range(500):
        loss = ((flat(centred) - centred) ** 2).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    drawn = flat[1].weight.detach().T
    degrees = torch.rad2deg(principal_angles(drawn, two))
    print("angles between the two planes:", "  ".join(f"{angle:.1f}°" for angle in degrees))
    plots.show(
        one_plane_two_bases(two, drawn, centred[:300], shown=5),
        alt="The same dots in the same places in two panels, with other arrows from their middle. Left, "
        "the two principal components and a square grid; right, a linear net's two directions and a "
        "slanted grid. A dotted path leads along each pair of arrows to the same dot, the diamond.",
    )

# %% [markdown]
r"""
One plane, two ways to name its points. The diamond has other numbers in the other basis, and stays where it is.

### A map of digits

With a code of **two** numbers, every digit is a point in a plane. Nobody told the net which digit is which. **Guess:** will equal digits lie together?
"""

# %%
if ready(pca, Autoencoder, train_autoencoder) and nets:
    flat_net = nets["150-50-20-k-20-50-150", 2]
    with torch.no_grad():
        codes = flat_net.encoder(test_images)
    plots.show(
        latent_scatter(codes, test_labels),
        alt="450 test digits as points in the plane of their two latent numbers, each drawn as its "
        "digit. Most kinds lie in a patch of their own, marked with a large digit; some patches overlap.",
    )

# %% [markdown]
r"""
They do, most of them, and without a single label: pictures that look alike get codes that lie close. Where patches overlap, two numbers do not suffice to tell the digits apart. And a kind may have more than one patch: look for the 1.

The empty places are interesting, too. Nobody has ever sent *their* codes. What does the decoder draw there?
"""

# %%
if ready(pca, Autoencoder, train_autoencoder) and nets:
    x, y = widgets.latent_start(flat_net, test_images)
    plots.show(
        widgets.latent_map_figure(flat_net, test_images, test_labels, x, y),
        alt=widgets.latent_map_text(flat_net, test_images, test_labels, x, y),
    )

# %% [markdown]
r"""
1. Walk slowly from the 0 to the 4. Where does one turn into the other?
2. Find a place where the picture is no digit at all.
3. Leave the cloud altogether. What does the decoder draw?
"""

# %%
if ready(pca, Autoencoder, train_autoencoder) and nets:
    display(widgets.latent_map(flat_net, test_images, test_labels))

# %% [markdown]
r"""
To draw from codes that nobody has sent is a use of its own, **generation** (생성), the last of the four. Its trouble you have just seen: between the patches there is nonsense. Notebook 2 takes it up; the other two uses follow here.

## 6 · What does not belong

Here is a second use that is less obvious. Train an autoencoder on what is **normal** and nothing else. Then show it something that is not: it has never learned how to get *that* through the bottleneck, and restores it badly. So the error itself is the alarm. This is **anomaly detection** (이상 탐지).

Banks look for fraud (이상 거래) like that, factories for faulty parts, doctors for odd patterns in brain waves (EEG, 뇌파) and brain scans (fMRI). It is popular because anomalies are rare, and every one is different: there are hardly any to learn from.

First, how good is an alarm? Each example has a score, and above a *threshold* there is an alarm. A low threshold finds all anomalies and gives many false alarms; a high one misses anomalies. Here are made-up scores:
"""

# %%
draw = torch.Generator().manual_seed(0)
plots.show(
    alarm_and_roc(
        3 + torch.randn(300, generator=draw), 5 + torch.randn(100, generator=draw), threshold=4.0
    ),
    alt="Left, two histograms of made-up scores that overlap: the normal ones lie lower, the odd ones "
    "higher. Right of a threshold at 4, tinted, there is an alarm. Right, the share found "
    "against the share of false alarms: a curve that climbs steeply and then levels off. A ring on "
    "it marks the threshold of the left picture; the area below the curve is grey.",
)

# %% [markdown]
r"""
On the right is the **ROC curve**: a point for each threshold. The ring is the threshold on the left. Push that to the right, and the ring slides down the curve.

The area under the curve has a meaning that needs no threshold: *take one anomaly and one normal example at random; how often has the anomaly the higher score?*
**Guess:** how large is it if both histograms look the same?
"""


# %% exercise="roc_auc" stars=2 objective="uses" minutes=7
def roc_auc(scores, anomalous):
    """The area under the ROC curve (ROC 곡선 아래 면적), by pairs.

    scores: how suspicious each example is, shape (N,), float32 or float64; the higher, the more.
    anomalous: shape (N,), bool: True for an anomaly, False for a normal one; at least one of each.
    Returns a number from 0 to 1, a plain one or a tensor without dimensions: of all pairs of an
    anomaly and a normal example, the share in which the anomaly has the higher score.
    A pair with equal scores counts one half. Write it out, without a ready-made metric.

    roc_auc(tensor([3., 1., 2., 2.]), tensor([True, False, True, False]))  →  0.875
    #   anomalies 3 and 2, normal ones 1 and 2: 3 > 1, 3 > 2, 2 > 1, and 2 = 2 counts ½: 3.5 of 4
    """
    ### BEGIN SOLUTION
    difference = scores[anomalous][:, None] - scores[~anomalous][None, :]
    wins = (difference > 0).double() + 0.5 * (difference == 0).double()
    return wins.mean().item()
    ### END SOLUTION


# %% hints="roc_auc"
r"""
How many pairs are there with 3 anomalies and 4 normal examples? Can you lay them out as a table?

`scores[anomalous]` and `scores[~anomalous]` are the two groups. A column of the one against a row of the other compares every pair at once. Count the larger ones, and half of the equal ones, and divide by the number of pairs.

`high, low = scores[anomalous][:, None], scores[~anomalous][None, :]`, then the mean of `(high > low).double() + 0.5 * (high == low).double()`.
"""

# %% idea="roc_auc"
r"""
A column minus a row is a table with an entry for each pair.
Its mean, with 1 for a win and ½ for a tie, is the share that is asked for.
No threshold occurs: the number judges the *order* of the scores and nothing else.
"""

# %% check="roc_auc" points=4

# %% [markdown]
r"""
½ is guessing, 1 is perfect, and below ½ the scores are upside down. Now the scores.
"""


# %% exercise="anomaly_scores" stars=1 objective="uses" minutes=4
def anomaly_scores(model, images):
    """How badly a net restores each image: its anomaly score (이상 점수).

    model: a net from images (N, …) to the same shape, in either mode; it is asked in `eval()` mode,
    and without gradients. images: shape (N, …).
    Returns shape (N,): for each image ‖x − x̂‖², the sum of its own squared differences.

    anomaly_scores(perceptron(2, 2), tensor([[3., 4.], [1., 0.]]))  →  tensor([25., 1.])
    #   weights and biases of 0 give (0, 0): 3² + 4² = 25 and 1² + 0² = 1
    """
    ### BEGIN SOLUTION
    model.eval()
    with torch.no_grad():
        restored = model(images)
    return ((images - restored) ** 2).flatten(1).sum(dim=1)
    ### END SOLUTION


# %% hints="anomaly_scores"
r"""
In what does this differ from your `reconstruction_loss`? And what do you do to a net before you *ask* it, in place of training it?

`eval()` first, then the model's answer inside `torch.no_grad()`. Square the differences and add them up over all axes but the first.

`model.eval()`; `with torch.no_grad(): restored = model(images)`; `((images - restored) ** 2).flatten(1).sum(dim=1)`.
"""

# %% idea="anomaly_scores"
r"""
It is the reconstruction loss without its last step, the mean over the images.
`eval()` and `no_grad()` because the net is asked and does not learn: no layer may behave as in training, and no graph is needed.
"""

# %% check="anomaly_scores" points=3

# %% [markdown]
r"""
And a net that knows what is normal. Of the ten kinds of digits, one is left out of the training.

Two rivals are named in the docstring, and neither needs a net: how far an image lies from the *mean* normal image; and what five principal components of the normal ones leave over.
"""


# %% exercise="detector" stars=3 objective="uses" minutes=8
def detector(normal, seed):
    """A net that restores what is normal, and has never seen anything else.

    normal: images of shape (N, 1, 8, 8), values 0 to 1: all of them are normal.
    seed: fixes the first weights and the order of the images: the same seed gives the same net,
    another seed another.
    Returns your own `Autoencoder`, trained on `normal`, on its device and in `eval()` mode.

    `course_train` is allowed, and so is your `train_autoencoder`. You choose the sizes, the epochs and
    the learning rate. The code must be at most 32 numbers wide. A second or two is enough:
    where it is judged, N is about 1,200; other checks have fewer images, down to 4.
    It is judged by how well its errors tell digits apart that it has not seen, some of them of a
    kind that was not among `normal`: their ROC-AUC must beat the distance to the mean normal image,
    and the errors of five principal components of `normal`.

    detector(images[labels != 8], seed=0)(images).shape  →  (1347, 1, 8, 8)
    """
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    model = Autoencoder((64, 100, 5)).to(normal.device)
    train_autoencoder(model, normal, epochs=15, lr=5e-3, seed=seed)
    return model
    ### END SOLUTION


# %% hints="detector"
r"""
When you want the same net for the same seed, which random numbers must be fixed *before* the net is made?

Seed, make the net, move it to the images' device, train it on what is normal, return it. A code of 5 to 20 numbers is narrow enough; 15 epochs are plenty.

`torch.manual_seed(seed)`, `model = Autoencoder((64, 100, 5)).to(normal.device)`, `train_autoencoder(model, normal, 15, 5e-3, seed)`, `return model`.
"""

# %% idea="detector"
r"""
The first weights are drawn when the net is made, so the seed comes before that.
`.to(normal.device)` puts the weights where the images are.
The code has to be narrow: a net that can copy everything restores an anomaly as well as anything else.
"""

# %% check="detector" points=4


# %%
def rivals(normal, others):
    """The distance to the mean normal image, and what five principal components leave of it."""
    mean, parts = pca(normal, 5)
    apart = others.flatten(1) - mean
    return (apart**2).sum(dim=1), ((apart - apart @ parts.T @ parts) ** 2).sum(dim=1)


if ready(pca, roc_auc, anomaly_scores, detector):
    print("left out   net    mean image   5 components")
    for digit in range(10):
        normal = images[labels != digit]
        found = detector(normal, seed=0)
        far, left = rivals(normal, test_images)
        odd = test_labels == digit
        values = [
            roc_auc(scores, odd) for scores in (anomaly_scores(found, test_images), far, left)
        ]
        print(f"    {digit}      {values[0]:.3f}     {values[1]:.3f}        {values[2]:.3f}")

# %% [markdown]
r"""
In this run the net beats both rivals for every digit, from 0.82 for the 9 to 0.99 for the 0.

- Look at the mean image and the 8: **0.17**. That is far below ½: an 8 lies *nearer* to the mean of the others than they do themselves.
- For the 7, five components do almost as well as the net. A rival belongs into every table.
- A 9 is hardest to notice.
"""

# %%
if ready(anomaly_scores, detector):
    found = detector(images[labels != 2], seed=0)
    scores, odd = anomaly_scores(found, test_images), test_labels == 2
    threshold = widgets.threshold_start(scores, odd)
    plots.show(
        widgets.anomaly_threshold_figure(scores, odd, threshold),
        alt=widgets.anomaly_threshold_text(scores, odd, threshold),
    )

# %% [markdown]
r"""
The net that never saw a 2. Move the threshold.

1. Where do you find nine of ten anomalies, and how many false alarms does that cost?
2. Twos are one in ten here. If they were one in a thousand, what would most of your alarms be?
"""

# %%
if ready(anomaly_scores, detector):
    display(widgets.anomaly_threshold(scores, odd))

# %% [markdown]
r"""
### Where it fails

"Restored badly, so it is odd" is a hope and no law. Here a net learns *all* digits. Its anomalies are the test digits themselves, spoilt in five ways. **Guess** which kind it will not notice.
"""

# %%
if ready(roc_auc, anomaly_scores, detector):
    found = detector(images, seed=0)
    noise = torch.randn(test_images.shape, generator=torch.Generator().manual_seed(5))
    spoilt = {
        "shifted by 2 pixels": F.pad(test_images, (2, 0))[..., :8],
        "with noise": (test_images + 0.3 * noise).clamp(0, 1),
        "upside down": test_images.flip(2),
        "half as bright": 0.5 * test_images,
        "blurred": gaussian3(test_images, 0.85),
    }
    usual = anomaly_scores(found, test_images)
    for name, changed in spoilt.items():
        scores = torch.cat([usual, anomaly_scores(found, changed)])
        odd = torch.arange(len(scores)) >= len(usual)
        print(f"{name:20} ROC-AUC {roc_auc(scores, odd):.2f}")
    plots.show(
        scores_of(
            usual, anomaly_scores(found, spoilt["blurred"]), ("test digits", "the same, blurred")
        ),
        alt="Two histograms of anomaly scores. Those of the blurred digits lie to the left of those of "
        "the untouched ones.",
    )

# %% [markdown]
r"""
**0.17 for the blurred ones.** They are not hard to notice, they look *more* normal than the normal digits.
The net's own drawings are a little blurred, since five numbers cannot hold sharp details. So a blurred digit is restored better than a sharp one, and the alarm is upside down.

There is another way to fail: an anomaly that is *simple* passes through any bottleneck that is wide enough. Leave out the 1, which is hardly more than a stroke. Take your detector, and the same layers with a code of 60 numbers, three nets of each:
"""

# %%
if ready(pca, roc_auc, Autoencoder, train_autoencoder, anomaly_scores, detector):
    normal, odd = images[labels != 1], test_labels == 1
    areas = {"your detector": [], "its code widened to 60": []}
    for seed in range(3):
        found = detector(normal, seed)
        outputs = [layer.out_features for layer in found.encoder if isinstance(layer, nn.Linear)]
        torch.manual_seed(seed)
        wide = Autoencoder((64, *outputs[:-1], 60))
        train_autoencoder(wide, normal, epochs=10, lr=1e-2, seed=seed)
        for values, model in zip(areas.values(), (found, wide), strict=True):
            values.append(roc_auc(anomaly_scores(model, test_images), odd))
    print("ROC-AUC without the 1")
    for name, values in areas.items():
        print(f"{name:23}", "  ".join(f"{value:.2f}" for value in values))
    print(f"distance to mean image  {roc_auc(rivals(normal, test_images)[0], odd):.2f}")

# %% [markdown]
r"""
0.91 to 0.94 with the narrow code, 0.81 to 0.83 with the wide one. Three nets of each are few, but the two ranges do not touch. And the plain distance to the mean image, which needs no training, beats every wide net, with 0.87.

So choose the narrowest code that restores the normal well. And test an alarm on anomalies of more than one kind: you do not know which one will come.

## 7 · Taking noise away

The third use changes a single thing: what comes in is no longer what should come out. Show the net a **noisy** picture, and ask for the **clean** one: (x + n) → x. A net that does so is a **denoising autoencoder** (잡음 제거 오토인코더; Vincent and others, 2008).

The pixels of a digit depend on each other, so a few numbers describe them. The noise at one pixel says nothing about the next, so little of it gets through the bottleneck.
And now even copying would not help: a copy of the input is wrong.
"""


# %% exercise="denoising_loss" stars=2 objective="noise" minutes=5
def denoising_loss(model, clean, noise):
    """How far the net is from the clean images when it is shown noisy ones.

    model: a net from images (N, …) to the same shape; clean: shape (N, …); noise: the same shape.
    The net sees clean + noise. What it gives is compared with the clean images.
    Returns one number, a tensor without dimensions through which gradients pass: the *mean* of the
    squared differences over all numbers of all images.

    denoising_loss(perceptron(2, 2), tensor([[3., 4.]]), tensor([[1., -1.]]))  →  tensor(12.5000)
    #   weights and biases of 0 give (0, 0): (3² + 4²)/2; the noise plays no part for this net
    """
    ### BEGIN SOLUTION
    return ((model(clean + noise) - clean) ** 2).mean()
    ### END SOLUTION


# %% hints="denoising_loss"
r"""
Two pictures are in play, a clean and a noisy one. Which of them does the net see, and with which is its answer compared?

Add the noise, ask the net, subtract the *clean* images, square, and take the mean over everything.

`((model(clean + noise) - clean) ** 2).mean()`
"""

# %% idea="denoising_loss"
r"""
Input and target are no longer the same: (x + n) → x.
The mean over all numbers is what `F.mse_loss` computes.
"""

# %% check="denoising_loss" points=3

# %% [markdown]
r"""
Where does the noise come from? You add it yourself, to clean pictures, **anew in every batch**. So 1,347 digits become as many different examples as you have patience for. That trick is a kind of **augmentation** (데이터 증강).

Rivals again, and again they need no training: the median of the 3×3 pixels around each (the fifth when the nine are put in order), and a Gaussian blur, of the best of seven widths.
(In lesson 02 you made a Gaussian yourself.) The ruler is the **PSNR**, the peak signal-to-noise ratio: 10 · log₁₀ (1 / error per pixel), in decibels; 10 dB more is a tenth of the error.
"""


# %% exercise="denoiser" stars=3 objective="noise" minutes=9
def denoiser(clean, sigma, seed):
    """A net that takes noise away.

    clean: images of shape (N, 1, 8, 8), values 0 to 1.
    sigma: how strong the noise is: normally distributed numbers with this standard deviation are
    added to the pixels (and not clipped).
    seed: fixes everything that is drawn: the same seed gives the same net, another seed another.
    Returns a trained net, on the device of `clean` and in `eval()` mode, from noisy images
    (N, 1, 8, 8) to the same shape.

    Your `Autoencoder` will do. A second or two is enough: where it is judged, N is 1,347; other
    checks have fewer images, down to 4. The PSNR on noisy digits that it has not seen (sigma = 0.5)
    must be more than 2.5 dB above the median filter and the best Gaussian filter. With sigma = 3
    hardly anything can be seen; even then, trained on 256 equal pictures of stripes, it must be
    nearer to the clean picture than one grey for all pixels.

    denoiser(images, 0.3, seed=0)(images + 0.3 * torch.randn(images.shape)).shape
    →  (1347, 1, 8, 8)
    """
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    model = Autoencoder((64, 150, 30)).to(clean.device)

    def loss(model, images):
        return denoising_loss(model, images, sigma * torch.randn_like(images))

    course_train(model, (clean,), loss=loss, epochs=15, lr=3e-3, seed=seed, progress=False)
    return model
    ### END SOLUTION


# %% hints="denoiser"
r"""
If every image got its noise once, before training, what could the net learn by heart?

Seed, make a net, move it `.to(clean.device)`, and train it with your `denoising_loss`, with *fresh* noise for every batch. `course_train` takes any loss: a function of the model and a batch.

`def loss(model, images): return denoising_loss(model, images, sigma * torch.randn_like(images))`, then `course_train(model, (clean,), loss=loss, epochs=15, lr=3e-3, seed=seed, progress=False)`.
"""

# %% idea="denoiser"
r"""
`course_train` calls the loss with the model and a batch, and the noise is drawn there, so that no image is ever seen twice with the same noise.
It seeds what is drawn inside, and `torch.manual_seed` before fixes the first weights.
The target is clean, so what the net cannot guess is the noise.
"""

# %% check="denoiser" points=4

# %%
if ready(denoising_loss, denoiser):
    restorer = denoiser(images, 0.5, seed=0)
    draw = torch.Generator().manual_seed(3)
    noisy = test_images + 0.5 * torch.randn(test_images.shape, generator=draw)
    widths = (0.4, 0.5, 0.6, 0.7, 0.8, 1.0, 1.5)
    best = max(widths, key=lambda width: psnr(gaussian3(noisy, width), test_images))
    with torch.no_grad():
        ways = {
            "noisy": noisy,
            "median 3×3": median3(noisy),
            f"Gaussian, σ = {best}": gaussian3(noisy, best),
            "your net": restorer(noisy),
        }
    for name, restored in ways.items():
        print(f"{name:18} {psnr(restored, test_images):5.2f} dB")
    chosen = torch.stack([(test_labels == digit).nonzero()[3, 0] for digit in range(10)])
    plots.show(
        rows_of_pictures(
            {"clean": some, **{name: restored[chosen] for name, restored in ways.items()}}
        ),
        alt="Ten test digits in five rows: clean; with so much noise that few can be read; after a "
        "median filter, blotchy; after a Gaussian filter, blurred grey; from the net, digits "
        "again, a little grey, some of them another digit than the clean one.",
    )

# %% [markdown]
r"""
More than 3 dB ahead of the best filter: it leaves less than half of the error.

A filter looks at a few neighbours, and does the same to faces, leaves and digits. The net has seen how *digits* look, so it can draw a stroke where noise has eaten one.
That is its danger as well. What it draws looks like a digit, and need not be the digit that was there. Look for a column in which it has drawn another digit. In a medical image (의료 영상) that would be a finding that nobody has.
"""

# %%
if ready(denoising_loss, denoiser):
    eight = test_images[:8]
    plots.show(
        widgets.noise_restored_figure(restorer, eight, 0.5),
        alt=widgets.noise_restored_text(restorer, eight, 0.5),
    )

# %% [markdown]
r"""
1. The net was trained with σ = 0.5. Below which strength is the noisy picture *itself* nearer to the clean one than what the net makes of it?
2. At σ = 0 there is nothing to take away. What does the net do to a clean digit, and why?
"""

# %%
if ready(denoising_loss, denoiser):
    display(widgets.noise_restored(restorer, test_images, 0.5))

# %% [markdown]
r"""
So much for four uses. Under other names you will meet them everywhere:

| use | applications that are named for it |
|---|---|
| dimension reduction, compression | *feature selection* before another method, search for similar pictures |
| anomaly detection | fraud, faulty parts in manufacturing, EEG and fMRI |
| denoising, restoring | medical images, speech with background noise, *super-resolution*: small → large |
| generation | *augmentation* with made-up examples, *style* of one picture on another |

## 8 · Two myths

> "An autoencoder's features save labels: train it on everything, then a few labelled examples will do."

It sounds like a free lunch: 1,347 unlabelled digits, and 1, 5 or 20 labelled ones of each kind. Four rivals, three draws each:
*frozen*: the encoder stays as it is, only a linear layer learns; *fine-tuned*: encoder and layer learn; *scratch*: the same net with fresh weights; *pixels*: a single linear layer on the 64 pixels (logistic regression). **Guess** the order.
"""

# %%
if ready(Autoencoder, train_autoencoder):
    torch.manual_seed(0)
    taught = Autoencoder((64, 100, 20))
    train_autoencoder(taught, images, epochs=20, lr=5e-3, seed=0)
    known = taught.state_dict()

    def classifier(seed, weights=None, frozen=False):
        """An encoder, fresh or with weights, and a linear layer on its 20 numbers."""
        torch.manual_seed(seed)
        whole = Autoencoder((64, 100, 20))
        if weights is not None:
            whole.load_state_dict(weights)
        whole.encoder.requires_grad_(not frozen)
        spread = nn.BatchNorm1d(20, affine=False)  # codes of one size, whatever the encoder
        return nn.Sequential(whole.encoder, spread, nn.Linear(20, 10))

    names = ("frozen", "fine-tuned", "scratch", "pixels")
    print("right in %: the mean of three draws, and in brackets the lowest and the highest")
    print("of each digit" + "".join(f"{name:>15}" for name in names))
    for each in (1, 5, 20):
        right = {}
        for seed in range(3):
            draw = torch.Generator().manual_seed(seed)
            order = torch.randperm(len(labels), generator=draw)
            rows = torch.cat([order[labels[order] == digit][:each] for digit in range(10)])
            few = images[rows], labels[rows]
            torch.manual_seed(seed)
            rivals_now = {
                "frozen": classifier(seed, known, frozen=True),
                "fine-tuned": classifier(seed, known),
                "scratch": classifier(seed),
                "pixels": nn.Sequential(nn.Flatten(), nn.Linear(64, 10)),
            }
            for name, model in rivals_now.items():
                course_train(
                    model, few, epochs=60, batch_size=50, lr=1e-2, seed=seed, progress=False
                )
                right.setdefault(name, []).append(accuracy(model, test_images, test_labels))
        cells = [(100 * sum(r) / 3, 100 * min(r), 100 * max(r)) for r in right.values()]
        print(f"{each:13}" + "".join(f"{m:7.0f} ({low:.0f}–{high:.0f})" for m, low, high in cells))

# %% [markdown]
r"""
**No gain worth the name.** With one label of each kind the linear layer on the pixels has 62 %, both nets with the encoder 58 %, and scratch 59 %. With five the pixels are ahead again. With twenty the net from *scratch* has 93 %, one point more than the fine-tuned one.
Three draws of one encoder cannot tell a few points from luck: most ranges overlap. But a large gain would show.

The promise is not wrong everywhere. Where the unlabelled examples are millions and the pictures are not 8×8, it can pay. But the code was made to restore pixels, and nobody asked it to tell digits apart. Compare with the simplest rival before you believe it.

> "Only the important features survive the bottleneck."

Put a bright bar across every digit, at a random place: half as bright as ink, in one of eight rows or eight columns. To a reader of digits it is dirt. **Guess:** does it survive a code of 4 numbers?
To find out, a small net (a *probe*, 탐침) tries to read the bar's place out of the codes, and another one the digit; and the same from the raw pixels.
"""


# %%
def probe(inputs, answers, test_inputs, test_answers):
    """How many answers a small net reads out of numbers that it has not seen."""
    torch.manual_seed(0)
    reader = nn.Sequential(
        *(nn.Flatten(), nn.Linear(inputs.flatten(1).shape[1], 64), nn.ReLU()),
        nn.Linear(64, int(answers.max()) + 1),
    )
    course_train(reader, (inputs, answers), epochs=30, lr=5e-3, progress=False)
    return accuracy(reader, test_inputs, test_answers)


if ready(Autoencoder, train_autoencoder):
    for strength in (0.5, 1.0):
        (barred, bars), (test_barred, test_bars) = (
            with_bars(images, 0, strength),
            with_bars(test_images, 1, strength),
        )
        torch.manual_seed(0)
        narrow = Autoencoder((64, 100, 4))
        train_autoencoder(narrow, barred, epochs=20, lr=5e-3, seed=0)
        with torch.no_grad():
            codes, test_codes = narrow.encoder(barred), narrow.encoder(test_barred)
        spread = codes.std(dim=0)
        for name, (seen, unseen) in {
            "from the pixels": (barred, test_barred),
            "from 4 numbers": (codes / spread, test_codes / spread),
        }.items():
            place = probe(seen, bars, unseen, test_bars)
            digit = probe(seen, labels, unseen, test_labels)
            print(f"bars of {strength}, {name:15}  digit {digit:.0%}, place of the bar {place:.0%}")
    with torch.no_grad():
        pair = with_bars(some, 2, 1.0)[0]
        plots.show(
            rows_of_pictures({"with a bar": pair, "from 4 numbers": narrow(pair)}),
            alt="Ten digits, each with a full row or column of white pixels. Below, restored from four "
            "numbers: most bars are in their places, most digits have become a grey blur.",
        )

# %% [markdown]
r"""
With half-strength bars the claim looks good: the digit survives at 85 %, the bar at 15 % (6 % would be guessing; so a trace of the dirt is left).

Make the bars as bright as ink, and it turns round (one net for each, but a long way apart). Now the **bar** survives, at 88 %, and of the digits 45 %. In the picture most bars are in their places, and hardly any digit can be read.

The net does not know what is important to you. It keeps **what costs most squared error**. Small, faint details that decide between healthy and sick cost next to nothing.

## What next

You have written an autoencoder, its loss and its loop, measured it against straight lines and filters, and seen where it fails.

- **Notebook 2** connects the two halves by shortcuts (U-Net), and makes pictures out of nothing but noise.
- **Notebook 3** turns to words, patches and tokens; it has the weekly paper and the quiz.
- **Lesson 07** is about eleven kinds of autoencoders, each with the one property that it exists for.
- To read on: Hinton and Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks* (2006); Vincent and others, *Extracting and Composing Robust Features with Denoising Autoencoders* (2008), whose noise sets pixels to zero; Baldi and Hornik, *Neural Networks and Principal Component Analysis* (1989), which is the linear net of part 5 in formulas.
"""

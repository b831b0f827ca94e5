"""Hidden checks of lesson 04, notebook 1: settings and numbers that nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import random

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import expect, expect_gradients, expect_written_out

# Words in the names of ready-made operators and functions.
TRANSPOSED = (
    "conv_transpose",
    "ConvTranspose",
    "transposed_convolution",
    "convolution_backward",
    "conv2d_input",
)
READY_MADE = "The numbers are right, but a ready-made operator did the work. Do this step yourself."


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def uniform(*shape: int, seed: int) -> torch.Tensor:
    """Numbers from 0 to 1, the same at every call."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(shape, generator=generator, dtype=torch.float64)


def pooled(x, K, S=None, how="max"):
    """torch's pooling."""
    return F.max_pool2d(x, K, S) if how == "max" else F.avg_pool2d(x, K, S)


@check("pool2d", points=1)
def test_pool2d_any_setting(student):
    """Maps, windows and steps of many sizes, equal to torch's result."""
    draw = random.Random(41)
    for seed in range(12):
        N, C, H, W = draw.randint(1, 3), draw.randint(1, 3), draw.randint(3, 9), draw.randint(3, 9)
        x, K = random_tensor(N, C, H, W, seed=seed), draw.randint(1, min(H, W, 4))
        S = draw.choice([None, 1, 2, 3])
        for how in ("max", "mean"):
            got = student.pool2d(x, K, S, how)
            expect(got, equals=pooled(x, K, S, how), dtype=torch.float64)


@check("pool2d", points=0.5)
def test_pool2d_extremes(student):
    """Negative numbers only, steps over numbers, windows of one number and of the whole map."""
    x = -random_tensor(2, 2, 5, 5, seed=1).abs() - 1
    for settings in [(2, 3), (2, 4), (1, 2), (1, None), (5, None), (3, 1)]:
        for how in ("max", "mean"):
            expect(student.pool2d(x, *settings, how), equals=pooled(x, *settings, how))


@check("pool2d", points=0.5)
def test_pool2d_gradients(student):
    """The gradient reaches the largest number of each window, or all of them alike."""
    x = random_tensor(2, 2, 5, 6, seed=2)
    for settings in [(2, None, "max"), (3, 2, "max"), (3, 1, "mean")]:
        expect_gradients(student.pool2d, x, *settings, reference=pooled, wrt=(0,))


def separable(x, depthwise, pointwise):
    """torch's two convolutions."""
    padding = depthwise.shape[-1] // 2
    return F.conv2d(F.conv2d(x, depthwise, padding=padding, groups=x.shape[1]), pointwise)


@check("depthwise_separable", points=1)
def test_depthwise_separable_any_size(student):
    """Batches, channels and windows of many sizes."""
    draw = random.Random(42)
    for seed in range(8):
        N, C, C_out = draw.randint(1, 3), draw.randint(1, 5), draw.randint(1, 5)
        K, H, W = draw.choice([1, 3, 5]), draw.randint(2, 7), draw.randint(2, 7)
        x = random_tensor(N, C, H, W, seed=seed)
        kernels = random_tensor(C, 1, K, K, seed=seed + 50)
        mixing = random_tensor(C_out, C, 1, 1, seed=seed + 100)
        got = student.depthwise_separable(x, kernels, mixing)
        expect(got, equals=separable(x, kernels, mixing), dtype=torch.float64)


@check("depthwise_separable", points=0.5)
def test_depthwise_separable_extremes(student):
    """One channel, one output channel, and a window larger than the map."""
    for C, C_out, K, H, W in [(1, 4, 3, 3, 5), (4, 1, 3, 5, 3), (2, 2, 7, 2, 3), (3, 3, 1, 1, 1)]:
        x = random_tensor(2, C, H, W, seed=C)
        kernels, mixing = (
            random_tensor(C, 1, K, K, seed=K),
            random_tensor(C_out, C, 1, 1, seed=H),
        )
        got = student.depthwise_separable(x, kernels, mixing)
        expect(got, equals=separable(x, kernels, mixing))


@check("depthwise_separable", points=0.5)
def test_depthwise_separable_gradients(student):
    """Gradients reach the maps and both sets of weights."""
    x, kernels = random_tensor(2, 3, 4, 5, seed=3), random_tensor(3, 1, 3, 3, seed=4)
    mixing = random_tensor(4, 3, 1, 1, seed=5)
    expect_gradients(
        student.depthwise_separable, x, kernels, mixing, reference=separable, wrt=(0, 1, 2)
    )


@check("separable_saving", points=1)
def test_separable_saving_any_size(student):
    """Layers of many sizes, small and large."""
    draw = random.Random(43)
    settings = [(draw.randint(1, 512), draw.randint(1, 512), draw.randint(1, 9)) for _ in range(40)]
    for C_in, C_out, K in [*settings, (1, 1, 1), (256, 256, 3), (1, 9, 3)]:
        full = torch.Size((C_out, C_in, K, K)).numel()
        wanted = (full, torch.Size((C_in, 1, K, K)).numel() + torch.Size((C_out, C_in)).numel())
        expect(student.separable_saving(C_in, C_out, K), equals=wanted, rtol=0)


def stamped(x, weight, S=1, P=0):
    """torch's transposed convolution."""
    return F.conv_transpose2d(x, weight, stride=S, padding=P)


@check("transposed_conv2d", points=1.5)
def test_transposed_conv2d_any_setting(student):
    """Maps, kernels, channels, steps and paddings of many sizes, equal to torch's result."""
    draw = random.Random(44)
    for seed in range(10):
        N, C_in, C_out = draw.randint(1, 3), draw.randint(1, 3), draw.randint(1, 3)
        H, W, S = draw.randint(2, 5), draw.randint(2, 5), draw.randint(1, 3)
        K_h, K_w = draw.randint(1, 4), draw.randint(1, 4)
        P = draw.randint(0, min((H - 1) * S + K_h, (W - 1) * S + K_w, 5) // 2 - 1)
        x = random_tensor(N, C_in, H, W, seed=seed)
        weight = random_tensor(C_in, C_out, K_h, K_w, seed=seed + 50)
        got = student.transposed_conv2d(x, weight, S, P)
        expect(got, equals=stamped(x, weight, S, P), dtype=torch.float64)


@check("transposed_conv2d", points=0.5)
def test_transposed_conv2d_extremes(student):
    """Steps wider than the stamp, a single number, a stamp of one number, and much cut off."""
    for (H, W), (K_h, K_w), S, P in [
        ((2, 3), (2, 1), 4, 0),
        ((1, 1), (3, 4), 2, 1),
        ((3, 2), (1, 1), 1, 0),
        ((3, 4), (3, 3), 1, 2),
        ((2, 4), (1, 1), 3, 1),
    ]:
        x, weight = random_tensor(1, 2, H, W, seed=H), random_tensor(2, 3, K_h, K_w, seed=W)
        expect(student.transposed_conv2d(x, weight, S, P), equals=stamped(x, weight, S, P))
    expect_written_out(
        student.transposed_conv2d,
        x,
        weight,
        3,
        1,
        equals=stamped(x, weight, 3, 1),
        without=TRANSPOSED,
        says=READY_MADE,
    )


@check("transposed_conv2d", points=0.5)
def test_transposed_conv2d_gradients(student):
    """Gradients reach the map and the kernel."""
    x, weight = random_tensor(2, 2, 3, 4, seed=6), random_tensor(2, 3, 3, 2, seed=7)
    expect_gradients(student.transposed_conv2d, x, weight, 2, 1, reference=stamped)


@check("pixel_shuffle", points=1)
def test_pixel_shuffle_any_size(student):
    """Batches, channels and factors of many sizes, equal to torch's result."""
    draw = random.Random(45)
    for seed in range(8):
        N, C, r = draw.randint(1, 3), draw.randint(1, 4), draw.randint(1, 4)
        x = random_tensor(N, C * r * r, draw.randint(1, 5), draw.randint(1, 5), seed=seed)
        expect(student.pixel_shuffle(x, r), equals=F.pixel_shuffle(x, r), dtype=torch.float64)


@check("pixel_shuffle", points=0.5)
def test_pixel_shuffle_gradients(student):
    """The gradient finds its way back to every number."""
    x = random_tensor(2, 12, 3, 2, seed=8)
    expect_gradients(student.pixel_shuffle, x, 2, reference=F.pixel_shuffle, wrt=(0,))


def batch_normalised(x, gamma, beta, mean, var, training, momentum=0.1, eps=1e-5):
    """torch's answer, with copies of the running statistics."""
    mean, var = mean.detach().clone(), var.detach().clone()
    return F.batch_norm(x, mean, var, gamma, beta, training, momentum, eps), mean, var


def batch_and_state(N: int, C: int, H: int, W: int, seed: int) -> tuple[torch.Tensor, ...]:
    """A batch whose channels differ, gamma, beta, and running statistics."""
    x = random_tensor(N, C, H, W, seed=seed) * (1 + uniform(1, C, 1, 1, seed=seed + 1))
    x = x + 3 * random_tensor(1, C, 1, 1, seed=seed + 2)
    gamma, beta = random_tensor(C, seed=seed + 3), random_tensor(C, seed=seed + 4)
    return x, gamma, beta, random_tensor(C, seed=seed + 5), uniform(C, seed=seed + 6) + 0.2


@check("batch_norm", points=1)
def test_batch_norm_training_any_size(student):
    """Batches of many sizes in training, with several momenta, equal to torch's result."""
    draw = random.Random(46)
    for seed in range(6):
        sizes = draw.randint(1, 4), draw.randint(1, 4), draw.randint(1, 5), draw.randint(2, 5)
        values = batch_and_state(*sizes, seed=10 * seed)
        settings = (True, draw.choice([0.1, 0.01, 0.5, 1.0]), draw.choice([1e-5, 1e-3, 0.5]))
        wanted = batch_normalised(*values, *settings)
        expect(student.batch_norm(*values, *settings), equals=wanted)


@check("batch_norm", points=1)
def test_batch_norm_evaluation_any_size(student):
    """Batches of many sizes in evaluation, down to a single number a channel."""
    for seed, sizes in enumerate([(3, 2, 4, 5), (1, 3, 1, 1), (2, 1, 2, 3), (5, 4, 1, 2)]):
        values = batch_and_state(*sizes, seed=100 + 10 * seed)
        got = student.batch_norm(*values, False)
        expect(got, equals=batch_normalised(*values, False))


@check("batch_norm", points=0.5)
def test_batch_norm_gradients(student):
    """Gradients go through the mean and the variance as well, in training."""
    values = batch_and_state(3, 2, 2, 3, seed=200)
    for training in (True, False):
        expect_gradients(
            student.batch_norm, *values, training, reference=batch_normalised, wrt=(0, 1, 2)
        )


@check("batch_norm", points=0.5)
def test_batch_norm_extremes(student):
    """A channel without any spread, statistics that never move, and a channel far from zero."""
    x, *state = batch_and_state(2, 3, 2, 2, seed=300)
    x[:, 1] = 7.0
    x[:, 2] += 1e4
    for momentum in (0.0, 0.1, 1.0):
        wanted = batch_normalised(x, *state, True, momentum)
        expect(student.batch_norm(x, *state, True, momentum), equals=wanted)


def layer_normalised(x, gamma, beta, eps=1e-5):
    """torch's answer."""
    return F.layer_norm(x, gamma.shape, gamma, beta, eps)


@check("layer_norm", points=1)
def test_layer_norm_any_shape(student):
    """One, two or three axes at the end, and any number of axes before them."""
    shapes = [((4,), (5,)), ((2, 3), (4,)), ((3,), (2, 4)), ((2,), (3, 2, 4)), ((), (2, 5))]
    for seed, (before, last) in enumerate([*shapes, ((2, 2), (3, 3))]):
        x = 2 * random_tensor(*before, *last, seed=seed) + 5
        gamma, beta = random_tensor(*last, seed=seed + 50), random_tensor(*last, seed=seed + 90)
        for eps in (1e-5, 0.3):
            got = student.layer_norm(x, gamma, beta, eps)
            expect(got, equals=layer_normalised(x, gamma, beta, eps), dtype=torch.float64)
        expect(student.layer_norm(x, gamma, beta), equals=layer_normalised(x, gamma, beta))


@check("layer_norm", points=0.5)
def test_layer_norm_gradients(student):
    """Gradients go through the mean and the variance as well."""
    x = random_tensor(3, 2, 4, seed=9)
    gamma, beta = random_tensor(2, 4, seed=10), random_tensor(2, 4, seed=11)
    expect_gradients(student.layer_norm, x, gamma, beta, reference=layer_normalised, wrt=(0, 1, 2))


def thinned(x, p, noise, training):
    """Inverted dropout, by the mask."""
    return x * (noise >= p) / (1 - p) if training and p < 1 else x * (not training)


@check("dropout", points=0.5)
def test_dropout_any_shape(student):
    """Tensors of many shapes, with several p, in training and in evaluation."""
    for seed, shape in enumerate([(7,), (3, 4), (2, 3, 4, 5)]):
        x, noise = random_tensor(*shape, seed=seed), uniform(*shape, seed=seed + 50)
        for p in (0.1, 0.5, 0.8):
            for training in (True, False):
                got = student.dropout(x, p, noise, training)
                expect(got, equals=thinned(x, p, noise, training), dtype=torch.float64)


@check("dropout", points=0.5)
def test_dropout_extremes(student):
    """Dropping everything gives zeros; dropping nothing gives x; noise on the limit stays."""
    x, noise = random_tensor(3, 4, seed=12), uniform(3, 4, seed=13)
    expect(student.dropout(x, 1.0, noise, True), equals=torch.zeros(3, 4))
    expect(student.dropout(x, 1.0, noise, False), equals=x)
    expect(student.dropout(x, 0.0, noise, True), equals=x)
    noise[1] = 0.5
    expect(student.dropout(x, 0.5, noise, True), equals=thinned(x, 0.5, noise, True))


@check("dropout", points=0.5)
def test_dropout_gradients(student):
    """What is dropped gets no gradient, what is kept gets more."""
    x, noise = random_tensor(3, 4, seed=14), uniform(3, 4, seed=15)
    expect_gradients(student.dropout, x, 0.3, noise, True, reference=thinned, wrt=(0,))


def curves(x):
    """The six activations as torch computes them."""
    return {
        "relu": F.relu(x),
        "leaky_relu": F.leaky_relu(x, 0.01),
        "sigmoid": torch.sigmoid(x),
        "tanh": torch.tanh(x),
        "gelu": F.gelu(x),
        "silu": F.silu(x),
    }


@check("activations", points=1)
def test_activations_any_shape(student):
    """Tensors of many shapes, equal to torch's result, in float64."""
    for seed, shape in enumerate([(9,), (3, 4), (2, 3, 4, 5)]):
        x = 3 * random_tensor(*shape, seed=seed)
        expect(student.activations(x), equals=curves(x), dtype=torch.float64)


@check("activations", points=0.5)
def test_activations_gradients(student):
    """The slopes of all six."""
    x = 2 * random_tensor(4, 5, seed=16)
    expect_gradients(student.activations, x, reference=curves, wrt=(0,))


@check("activations", points=0.5)
def test_activations_extremes(student):
    """Far from zero: the values and the slopes stay finite and right."""
    x = torch.tensor([-1e4, -710.0, -89.0, -20.0, 20.0, 89.0, 710.0, 1e4])
    for numbers in (x, x.double()):
        expect(student.activations(numbers), equals=curves(numbers))
        expect_gradients(student.activations, numbers, reference=curves, wrt=(0,))

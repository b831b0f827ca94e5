"""Hidden checks of lesson 06's first notebook: any sizes, float64, and nets that are trained."""

import itertools
import math
import random

import torch

from utils import data
from utils.checks import check
from utils.expect import (
    Mismatch,
    expect,
    expect_gradients,
    expect_layer,
    expect_named,
    expect_tuple,
)
from utils.expect_nets import expect_batches, expect_blueprint
from utils.expect_restored import expect_ahead, expect_denoised
from utils.nets.known import fill_weights
from utils.nets.small import perceptron

# Sizes that the lesson gives no weights for; a short training must beat as many components.
SIZES, EPOCHS, LR = (64, 100, 5), 12, 5e-3
COMPONENTS = 5
CLOUDS = (((9, 1, 2, 3), (1, 4, 6)), ((20, 5), (3,)), ((7, 4), (2,)))  # shapes and ks
SIGMA, AHEAD = 0.5, 2.5  # of the noise, and decibels above the best filter

SECOND_HALF = {
    "pooling_and_strides": ("encoder", "Pooling and strides make maps smaller, as the code is."),
    "transposed_convolutions": ("decoder", "A transposed convolution makes maps larger."),
    "ends_in_a_sigmoid": ("decoder", "Pixels lie between 0 and 1; a code's numbers may be any."),
    "receiver_needs_it": ("decoder", "The receiver has codes and wants pictures."),
    "classifier_needs_it": ("encoder", "The classifier has pictures and needs their codes."),
}


def random_tensor(*shape, seed, dtype=torch.float64):
    """Normally distributed numbers, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def loss_of(x, x_hat):
    """The sum of the squared differences, divided by the number of images."""
    return (x - x_hat).pow(2).sum() / len(x)


@check("reconstruction_loss", points=0.5)
def test_reconstruction_loss_any_shape(student):
    """Rows, grey and coloured images, a single one, in float64."""
    for seed, shape in enumerate([(4, 7), (3, 1, 5, 2), (2, 3, 4, 6), (1, 9), (5, 2, 3)]):
        x, x_hat = (random_tensor(*shape, seed=2 * seed + n) for n in (0, 1))
        got = student.reconstruction_loss(x, x_hat)
        expect(got, equals=loss_of(x, x_hat))
        expect(got, shape=(), dtype=torch.float64)


@check("reconstruction_loss", points=0.5)
def test_reconstruction_loss_gradients(student):
    """Autograd finds the gradients through it."""
    x, x_hat = random_tensor(3, 1, 2, 4, seed=20), random_tensor(3, 1, 2, 4, seed=21)
    expect_gradients(student.reconstruction_loss, x, x_hat, reference=loss_of)


def restored_by(sizes, images):
    """Codes and images of an autoencoder of known weights, worked out layer by layer."""
    weights = []
    for inputs, outputs in itertools.pairwise((*sizes, *sizes[-2::-1])):
        weights.append(fill_weights(torch.nn.Linear(inputs, outputs), double=True))
    x, code = images.double().flatten(1), None
    half = len(sizes) - 1
    for number, layer in enumerate(weights, start=1):
        x = layer(x).detach()
        if number == half:
            code = x
        elif number < len(weights):
            x = x.clamp(min=0)
    return code, (1 / (1 + torch.exp(-x))).reshape(images.shape)


@check("Autoencoder", points=1)
def test_autoencoder_any_sizes(student):
    """From one step to four, images of several shapes, in float64."""
    cases = [((6, 3), (2, 1, 3, 2)), ((12, 7, 4, 9), (3, 3, 2, 2)), ((5, 8, 6, 4, 2), (4, 5))]
    for seed, (sizes, shape) in enumerate(cases):
        images = random_tensor(*shape, seed=seed)
        code, wanted = restored_by(sizes, images)
        net = student.fill_weights(expect_layer(student.Autoencoder(sizes)), double=True)
        says = "The encoder's codes are wrong."
        expect(expect_layer(net.encoder)(images), equals=code, rtol=1e-4, says=says)
        expect(net(images), equals=wanted, rtol=1e-4, dtype=torch.float64)


@check("Autoencoder", points=0.5)
def test_autoencoder_lists_and_shapes(student):
    """Sizes as a list, and layers that torch finds: every weight is counted."""
    plan = {"shape": (2, 3, 4, 5), "output": (2, 3, 4, 5)}
    expect_blueprint(
        student.Autoencoder,
        [60, 11, 4],
        **plan,
        weights=[(11, 60), (4, 11), (11, 4), (60, 11)],
        parameters=60 * 11 + 11 + 11 * 4 + 4 + 4 * 11 + 11 + 11 * 60 + 60,
    )


@check("train_autoencoder", points=0.5)
def test_train_autoencoder_mean_over_images(student):
    """An epoch's loss is the mean over its images, also where the last batch is smaller."""
    for seed, (N, epochs) in enumerate([(65, 1), (90, 2), (7, 3)]):
        images = 3 * random_tensor(N, 3, seed=seed, dtype=torch.float32)
        net, ours = student.perceptron(3, 3, seed=seed), perceptron(3, 3, seed=seed)
        losses = student.train_autoencoder(net, images, epochs, 0.0, seed)
        wanted = float(loss_of(images, ours(images).detach()))
        expect(losses, equals=(wanted,) * epochs, rtol=1e-4)


@check("train_autoencoder", points=0.5)
def test_train_autoencoder_seeds(student):
    """The same seed gives the same batches, and another seed others."""
    numbered = torch.arange(150.0).reshape(75, 2) / 2
    seen = []
    for seed in (5, 5, 6):
        net = student.batch_witness()
        student.train_autoencoder(net, numbered, 1, 0.0, seed)
        seen.append(net.batches)
        expect_batches(seen[-1], count=75, epochs=1, size=64)
    if seen[0] != seen[1]:
        raise Mismatch("The same seed gives another order: use `seed`.", "one order", "two")
    if seen[0] == seen[2]:
        raise Mismatch("Another seed gives the same order: use `seed`.", "two orders", "one")


@check("train_autoencoder", points=0.5)
def test_train_autoencoder_step_by_step(student):
    """Several epochs in one batch: each loss depends on the steps before it, as Adam takes them."""
    images = random_tensor(9, 4, seed=31, dtype=torch.float32)
    net, ours = student.perceptron(4, 4, seed=31), perceptron(4, 4, seed=31)
    optimizer = torch.optim.Adam(ours.parameters(), lr=0.05)
    wanted = []
    for _ in range(6):
        loss = loss_of(images, ours(images))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        wanted.append(loss.item())
    expect(student.train_autoencoder(net, images, 6, 0.05, 2), equals=tuple(wanted), rtol=1e-3)


def components_of(images, k):
    """The mean of images (N, …), and k principal components, from the covariance."""
    rows = images.double().flatten(1)
    mean = rows.mean(dim=0)
    apart = rows - mean
    directions = torch.linalg.eigh(apart.T @ apart)[1]  # by rising variance, in columns
    return mean, directions.T.flip(0)[:k]


def error_of_components(images, k, others):
    """The mean squared difference per pixel when `others` go through k components of `images`."""
    mean, parts = components_of(images, k)
    apart = others.double().flatten(1) - mean
    return float(((apart - apart @ parts.T @ parts) ** 2).mean())


def error_of_net(net, images):
    """The mean squared difference per pixel of what a net gives back, worked out by the judge."""
    restored = net(images)
    expect(restored, shape=tuple(images.shape), dtype=torch.float32)
    return float(((images - restored.detach()) ** 2).double().mean())


@check("train_autoencoder", points=1.5, trained=True)
def test_train_autoencoder_beats_components(student):
    """64-100-5: on test digits it loses less per pixel than five principal components."""
    images, test_images = data.digits("train")[0], data.digits("test")[0]
    net = expect_layer(student.Autoencoder(SIZES))
    student.train_autoencoder(net, images, EPOCHS, LR, 3)
    error, rival = error_of_net(net, test_images), error_of_components(images, 5, test_images)
    if not error < rival:
        said = f"After {EPOCHS} epochs the net loses more than five principal components."
        wanted = f"a mean squared difference per pixel below {rival:.4f}"
        raise Mismatch(said, wanted, f"{error:.4f}")


def expect_components(value, mean, components, **tolerance):
    """A mean and principal components; a component may point either way."""
    got_mean, got = expect_tuple(value, 2)
    expect(got_mean, equals=mean, says="The mean is wrong.", **tolerance)
    says = "Each component is a row: shape (k, D)."
    expect(got, shape=tuple(components.shape), dtype=mean.dtype, says=says)
    along = (got.detach().double() * components).sum(dim=1, keepdim=True)
    turned = components * torch.where(along < 0, -1.0, 1.0)
    expect(got, equals=turned, says="The components are wrong.", **tolerance)


@check("pca", points=1)
def test_pca_any_images(student):
    """Images of several shapes with clearly different spreads, in float64, and every k."""
    for seed, (shape, ks) in enumerate(CLOUDS):
        images = random_tensor(*shape, seed=seed) * 2.0 ** -torch.arange(shape[-1]) + seed
        for k in ks:
            mean, parts = components_of(images, k)
            expect_components(student.pca(images, k), mean, parts, rtol=1e-5, atol=1e-6)


@check("pca", points=0.5)
def test_pca_few_images(student):
    """Fewer images than pixels: as many components as images."""
    images = (
        random_tensor(4, 1, 3, 5, seed=8) * torch.tensor([5.0, 1.0, 0.2, 3.0])[:, None, None, None]
    )
    mean, parts = components_of(images, 3)
    expect_components(student.pca(images, 3), mean, parts, rtol=1e-5, atol=1e-6)


@check("pca", points=0.5)
def test_pca_of_digits(student):
    """Five components of the training digits lose 0.0332 per pixel of the test digits."""
    images, others = data.digits("train")[0], data.digits("test")[0]
    mean, parts = expect_tuple(student.pca(images, COMPONENTS), 2)
    expect(mean, shape=(64,), dtype=torch.float32)
    expect(parts, shape=(COMPONENTS, 64), dtype=torch.float32)
    apart = others.flatten(1) - mean.detach()
    parts = parts.detach()
    left = float(((apart - apart @ parts.T @ parts) ** 2).mean())
    expect(left, equals=error_of_components(images, COMPONENTS, others), rtol=1e-3)


def angles_of(A, B):
    """Principal angles from the projections: cos² are eigenvalues of P_A P_B."""
    planes = [rows.T @ torch.linalg.inv(rows @ rows.T) @ rows for rows in (A, B)]
    squared = torch.linalg.eigvals(planes[0] @ planes[1]).real.sort(descending=True).values
    return squared[: len(A)].clamp(0, 1).sqrt().acos()


@check("principal_angles", points=1)
def test_principal_angles_any(student):
    """One to four crooked directions in up to nine dimensions, in float64."""
    for seed, (k, D) in enumerate([(1, 2), (2, 5), (3, 7), (4, 9), (2, 4)]):
        A, B = random_tensor(k, D, seed=seed), 3 * random_tensor(k, D, seed=seed + 50)
        got = student.principal_angles(A, B)
        expect(got, equals=angles_of(A, B), dtype=torch.float64, atol=1e-5)


@check("principal_angles", points=0.5)
def test_principal_angles_partly_shared(student):
    """Two planes that share a line and are perpendicular otherwise: 0 and a right angle."""
    for seed in (0, 1, 2):
        turn = torch.linalg.qr(random_tensor(4, 4, seed=seed))[0]
        A = torch.stack([turn[0] + turn[1], 2 * turn[1]])
        B = torch.stack([turn[2] - 3 * turn[0], turn[0]])
        expect(student.principal_angles(A, B), equals=[0.0, math.pi / 2], atol=1e-5)


@check("principal_angles", points=0.5)
def test_principal_angles_basis_free(student):
    """Mixing and stretching the rows changes nothing; nor does changing places."""
    A, B = random_tensor(3, 6, seed=70), random_tensor(3, 6, seed=71)
    wanted = angles_of(A, B)
    mix = torch.tensor([[1.0, 2.0, 0.0], [0.0, -3.0, 1.0], [5.0, 0.0, 1.0]], dtype=torch.float64)
    expect(student.principal_angles(mix @ A, B), equals=wanted, atol=1e-5)
    expect(student.principal_angles(B, mix @ A), equals=wanted, atol=1e-5)


@check("encoder_or_decoder", points=1)
def test_encoder_or_decoder_second_half(student):
    """The other five statements."""
    names = (
        *("large_to_small", "x_comes_in", "x_hat_goes_out", "summarises", "restores"),
        *SECOND_HALF,
    )
    answers = dict(zip(names, expect_named(student.encoder_or_decoder(), names), strict=True))
    for name, (half, says) in SECOND_HALF.items():
        expect(answers[name], equals=half, says=says)


def roc_auc(scores, anomalous):
    """The share of pairs in which the anomaly has the higher score; ties count half."""
    high, low = scores[anomalous].tolist(), scores[~anomalous].tolist()
    wins = sum((a > b) + (a == b) / 2 for a in high for b in low)
    return wins / (len(high) * len(low))


@check("roc_auc", points=1)
def test_roc_auc_any_scores(student):
    """Many sets of scores, with ties and without, of any size."""
    draw = random.Random(3)
    for seed in range(30):
        count = draw.randint(2, 40)
        scores = random_tensor(count, seed=seed)
        scores = scores.mul(2).round() if seed % 2 else scores
        anomalous = torch.rand(count, generator=torch.Generator().manual_seed(seed)) < 0.3
        anomalous[0], anomalous[-1] = True, False
        expect(student.roc_auc(scores, anomalous), equals=roc_auc(scores, anomalous))


@check("roc_auc", points=0.5)
def test_roc_auc_order_only(student):
    """Only the order counts: a stretched scale gives the same number."""
    scores = random_tensor(25, seed=40)
    anomalous = torch.arange(25) % 4 == 0
    wanted = roc_auc(scores, anomalous)
    for changed in (scores * 100 - 7, scores.exp(), scores.float()):
        expect(student.roc_auc(changed, anomalous), equals=wanted)


@check("roc_auc", points=0.5)
def test_roc_auc_one_anomaly(student):
    """One anomaly among many, one normal example among many, and two examples."""
    scores = torch.tensor([2.0, 5.0, 1.0, 5.0, 9.0])
    for rows, wanted in (([1], 2.5 / 4), ([0, 1, 3, 4], 1.0), ([0, 1, 2, 3], 0.0)):
        anomalous = torch.zeros(5, dtype=torch.bool)
        anomalous[rows] = True
        expect(student.roc_auc(scores, anomalous), equals=wanted)
    expect(student.roc_auc(scores[:2], torch.tensor([True, False])), equals=0.0)


@check("anomaly_scores", points=1)
def test_anomaly_scores_any_images(student):
    """Nets of known weights, and images of several shapes."""
    for seed, (shape, inputs) in enumerate([((4, 3), 3), ((3, 1, 2, 5), 5), ((1, 2, 4), 4)]):
        images = random_tensor(*shape, seed=seed, dtype=torch.float32)
        net, ours = (
            student.perceptron(inputs, inputs, seed=seed),
            perceptron(inputs, inputs, seed=seed),
        )
        wanted = (images - ours(images).detach()).pow(2).flatten(1).sum(dim=1)
        expect(student.anomaly_scores(net, images), equals=wanted, rtol=1e-4, dtype=torch.float32)


@check("anomaly_scores", points=0.5)
def test_anomaly_scores_one_by_one(student):
    """An image's score does not depend on which images come with it."""
    images = random_tensor(5, 2, seed=9, dtype=torch.float32)
    for rows in (slice(0, 1), slice(0, 5), slice(2, 4)):
        net = student.witness()
        got = student.anomaly_scores(net, images[rows])
        wanted = (images - images / math.sqrt(1 + 1e-5)).pow(2).sum(dim=1)[rows]
        says = "This net gives back what it is shown, but in eval() mode only."
        expect(got, equals=wanted, says=says)


def left_out(digit):
    """Training images without a digit, the test images, and which of these show that digit."""
    images, labels = data.digits("train")
    test_images, test_labels = data.digits("test")
    return images[labels != digit], test_images, test_labels == digit


def auc_of_net(net, images, anomalous):
    """The ROC-AUC of a net's errors, worked out by the judge from what the net gives back."""
    restored = net(images)
    expect(restored, shape=tuple(images.shape), dtype=torch.float32)
    return roc_auc(((images - restored.detach()) ** 2).flatten(1).sum(dim=1), anomalous)


def auc_of_rivals(normal, images, anomalous):
    """What needs no net: the distance to the mean image, and to five principal components."""
    mean, parts = components_of(normal, COMPONENTS)
    apart = images.double().flatten(1) - mean
    left = apart - apart @ parts.T @ parts
    return {
        "the distance to the mean image": roc_auc((apart**2).sum(dim=1), anomalous),
        "five principal components": roc_auc((left**2).sum(dim=1), anomalous),
    }


@check("detector", points=2.5, trained=True)
def test_detector_finds_what_was_left_out(student):
    """Trained without any 0, its errors tell the zeros from the others better than its rivals."""
    normal, images, anomalous = left_out(0)
    value = auc_of_net(expect_layer(student.detector(normal, 1)), images, anomalous)
    expect_ahead(value, auc_of_rivals(normal, images, anomalous), "a ROC-AUC")


def noisy_loss(net, clean, noise):
    """The mean squared difference over all numbers."""
    return (net(clean + noise) - clean).pow(2).mean()


@check("denoising_loss", points=1)
def test_denoising_loss_any_images(student):
    """Nets of known weights, images of several shapes, noise of any strength; and gradients."""
    for seed, (shape, inputs) in enumerate([((4, 3), 3), ((3, 1, 2, 5), 5), ((1, 2, 4), 4)]):
        clean = random_tensor(*shape, seed=seed, dtype=torch.float32)
        noise = 2 * random_tensor(*shape, seed=seed + 9, dtype=torch.float32)
        net, ours = (
            student.perceptron(inputs, inputs, seed=seed),
            perceptron(inputs, inputs, seed=seed),
        )
        wanted = noisy_loss(ours, clean, noise).detach()
        expect(student.denoising_loss(net, clean, noise), equals=wanted, rtol=1e-4)


@check("denoising_loss", points=0.5)
def test_denoising_loss_gradients(student):
    """Gradients pass through the net and through both pictures."""
    clean, noise = (random_tensor(3, 1, 2, 4, seed=s, dtype=torch.float32) for s in (80, 81))
    ours = perceptron(4, 4, seed=8)
    expect_gradients(
        student.denoising_loss,
        student.perceptron(4, 4, seed=8),
        clean,
        noise,
        reference=lambda net, clean, noise: noisy_loss(ours, clean, noise),
        wrt=(1, 2),
    )


@check("denoiser", points=2, trained=True)
def test_denoiser_beats_filters_elsewhere(student):
    """From another seed and with other noise it is 2.5 dB better than the best filter, too."""
    net = expect_layer(student.denoiser(data.digits("train")[0], SIGMA, 5))
    expect_denoised(net, SIGMA, seed=22, ahead=AHEAD)

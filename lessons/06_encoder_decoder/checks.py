"""Public checks of lesson 06's first notebook. The examples can be followed with a pencil."""

import itertools
import math

import torch

from utils import data
from utils.checks import check
from utils.device import device_note
from utils.expect import (
    Mismatch,
    expect,
    expect_layer,
    expect_named,
    expect_same_on_device,
    expect_tuple,
    expect_written_out,
)
from utils.expect_nets import expect_batches, expect_blueprint
from utils.expect_restored import expect_denoised
from utils.invoke import How

# Two images of 2×3 pixels; their squared differences add up to 14¼ and 4¾.
BEFORE = torch.tensor([[[[1.0, 0.0, 2.0], [0.5, 3.0, 0.0]]], [[[0.0, 4.0, 1.0], [2.0, 2.0, 0.0]]]])
AFTER = torch.tensor([[[[3.0, 0.0, -1.0], [0.0, 2.0, 0.0]]], [[[0.5, 2.5, 1.0], [2.0, 0.5, 0.0]]]])
LOST = 9.5

# Sizes (6, 5, 4, 2) with known weights: two images, their codes and what comes out.
PICTURES = torch.tensor(
    [[[[1.0, -2.0, 3.0], [0.0, 4.0, -1.0]]], [[[-3.0, 1.0, 0.0], [2.0, -1.0, 5.0]]]]
)
CODES = [[-2.737854, 1.966309], [-0.109122, 0.034758]]
RESTORED = [
    [[[0.465162, 0.515373, 0.538448], [0.532187, 0.521387, 0.521151]]],
    [[[0.453861, 0.533933, 0.563749], [0.518418, 0.504429, 0.521682]]],
]

POINTS = torch.tensor([[1.0, 0.0], [1.0, 0.0]])
THREE_EPOCHS = (1.0, 0.64, 0.362855)

# Around the mean (10, 20): 5·(0.8, 0.6) to either side, 1·(−0.6, 0.8) to either side, and itself.
CLOUD = torch.tensor([[14.0, 23.0], [6.0, 17.0], [9.4, 20.8], [10.6, 19.2], [10.0, 20.0]])

# Lines at 45° in one plane and at 60° in another, told by crooked rows.
HALF = math.sqrt(3.0)
PLANE = torch.tensor([[2.0, 0.0, 0.0, 0.0], [3.0, 0.0, 1.0, 0.0]])
OTHER = torch.tensor([[1.0, 1.0, 1.0, HALF], [0.0, 0.0, -2.0, -2 * HALF]])
ANGLES = [math.pi / 4, math.pi / 3]

NAMES = (
    "large_to_small",
    "x_comes_in",
    "x_hat_goes_out",
    "summarises",
    "restores",
    "pooling_and_strides",
    "transposed_convolutions",
    "ends_in_a_sigmoid",
    "receiver_needs_it",
    "classifier_needs_it",
)
FIRST = {
    "large_to_small": ("encoder", "Many numbers, then few: that is x → z."),
    "x_comes_in": ("encoder", "Over which arrow of x → z → x′ does x stand at the beginning?"),
    "x_hat_goes_out": ("decoder", "x′ is the picture that comes out at the very end."),
    "summarises": ("encoder", "To summarise is to make the short code out of the long picture."),
    "restores": ("decoder", "What was dropped can only be filled in on the way from z to x′."),
}

# 3 and 5 are anomalous: against 1, 2, 3 and 3 that is 2 + ½ + ½ and 4 of 4 pairs.
SCORES = torch.tensor([3.0, 1.0, 3.0, 2.0, 5.0, 3.0])
ODD = torch.tensor([True, False, False, False, True, False])

SHOWN = torch.tensor([[3.0, -1.0], [0.5, 2.0], [4.0, -2.0]])
CLEAN = torch.tensor([[1.0, 3.0], [0.0, 2.0], [4.0, -2.0]])
NOISE = torch.tensor([[2.0, -1.0], [0.5, 0.0], [-3.0, 1.5]])

# The most numbers a code may have, and by how much a net must beat the filters (in decibels).
WIDEST, SIGMA, AHEAD = 32, 0.5, 2.5

OWN_LOOP = "The losses are right, but the course's own `course_train` did the work. Write the loop."
METRICS = ("roc_auc_score", "auroc", "AUROC", "roc_curve", "trapz", "trapezoid")


@check("reconstruction_loss", points=0.5)
def test_reconstruction_loss_by_hand(student):
    """Two images of 2×3 pixels: 14¼ and 4¾ make a mean of 9½."""
    got = student.reconstruction_loss(BEFORE, AFTER)
    expect(got, equals=LOST)
    expect(got, shape=(), dtype=torch.float32)


@check("reconstruction_loss", points=0.5)
def test_reconstruction_loss_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.reconstruction_loss, BEFORE, AFTER, equals=LOST)


@check("Autoencoder", points=1)
def test_autoencoder_known_weights(student):
    """Sizes (6, 5, 4, 2) with every weight known: the codes of two images, and the images again."""
    net = student.fill_weights(expect_layer(student.Autoencoder((6, 5, 4, 2))))
    restored = net(PICTURES)
    expect(restored, shape=(2, 1, 2, 3), says="What comes out must have the shape of x.")
    expect(restored, equals=RESTORED, rtol=1e-3, atol=1e-4)
    codes = expect_layer(net.encoder)(PICTURES)
    expect(codes, equals=CODES, rtol=1e-3, atol=1e-4, says="The encoder's codes are wrong.")
    rows = expect_layer(net.decoder)(torch.tensor(CODES))
    expect(rows, equals=torch.tensor(RESTORED).flatten(1), rtol=1e-3, atol=1e-3)


@check("Autoencoder", points=0.5)
def test_autoencoder_by_hand(student):
    """All weights −1: (½, ¼, −1) has the code −½, and comes back as 0.2689 three times."""
    net = student.fill_weights(expect_layer(student.Autoencoder((3, 2, 1))), -1.0)
    x = torch.tensor([[0.5, 0.25, -1.0]])
    expect(expect_layer(net.encoder)(x), equals=[[-0.5]], says="A code may be negative.")
    expect(net(x), equals=[[1 / (1 + math.e)] * 3])
    net = student.fill_weights(expect_layer(student.Autoencoder((2, 1))), -1.0)
    x = torch.tensor([[1.0, 2.0], [-0.5, 0.0]])
    expect(net(x), equals=[[1 / (1 + math.exp(-v))] * 2 for v in (3.0, -0.5)])


@check("Autoencoder", points=0.5)
def test_autoencoder_counted(student):
    """64-150-50-20-5 and back: its weights and its parameters, counted on paper."""
    sizes = (64, 150, 50, 20, 5)
    steps = list(itertools.pairwise(sizes))
    expect_blueprint(
        student.Autoencoder,
        sizes,
        shape=(3, 1, 8, 8),
        output=(3, 1, 8, 8),
        weights=[(b, a) for a, b in steps] + steps,
        parameters=36_909,
    )


@check("Autoencoder", points=0.5)
def test_autoencoder_device(student):
    """Runs where its input lives."""
    net = student.fill_weights(expect_layer(student.Autoencoder((3, 2, 1))), -1.0)
    x = torch.tensor([[[0.5, 0.25, -1.0]]])
    expect_same_on_device(net, x, equals=[[[1 / (1 + math.e)] * 3]])


@check("train_autoencoder", points=0.5)
def test_train_autoencoder_by_hand(student):
    """Two equal images in one batch: 1 in the first epoch, then what Adam makes of it."""
    net = student.perceptron(2, 2)
    losses = student.train_autoencoder(net, POINTS, 3, 0.1, 0)
    expect(losses, equals=THREE_EPOCHS, rtol=1e-3)


@check("train_autoencoder", points=1)
def test_train_autoencoder_batches(student):
    """Every image once an epoch, in batches of 64 and the rest, shuffled anew."""
    images = torch.full((70, 2), 1 / 64)  # (p, p) comes back as (0, N·p) in a batch of N
    losses = student.train_autoencoder(student.crowd_witness(), images, 1, 0.0, 0)
    mean = (64 * (1 + 63**2) + 6 * (1 + 5**2)) / 70 / 64**2
    says = "An epoch's loss is the mean over its 70 images; the last batch has only 6 of them."
    expect(losses, equals=(mean,), rtol=1e-4, says=says)
    numbered = torch.arange(140.0).reshape(70, 2) / 2
    net = student.batch_witness()
    losses = student.train_autoencoder(net, numbered, 2, 0.0, 0)
    each = float((numbered**2).sum() / 70)
    expect(losses, equals=(each, each), rtol=1e-4)
    expect_batches(net.batches, count=70, epochs=2, size=64)


@check("train_autoencoder", points=0.5)
def test_train_autoencoder_modes(student):
    """It trains in train() mode, also a net that comes in eval() mode, and ends in eval()."""
    for epochs in (1, 2):
        net = student.batch_witness()
        net.eval()
        student.train_autoencoder(net, POINTS, epochs, 0.0, 0)
        says = "The net learned in eval() mode: call model.train() before the first step."
        expect(net.trained_in_eval, equals=False, says=says)
        expect_tuple(net.batches, epochs)
        says = "Afterwards the net is still in train() mode: call model.eval() at the end."
        expect(net.training, equals=False, says=says)


@check("train_autoencoder", points=0.5)
def test_train_autoencoder_own_loop(student):
    """The loop is your own."""
    expect_written_out(
        student.train_autoencoder,
        student.perceptron(2, 2),
        POINTS,
        3,
        0.1,
        0,
        equals=THREE_EPOCHS,
        rtol=1e-3,
        without=("course_train", "utils.training"),
        says=OWN_LOOP,
    )


@check("train_autoencoder", points=0.5)
def test_train_autoencoder_device(student):
    """Runs where the model and its images live."""
    # A learning rate of 0, because the same net is asked on both devices.
    net, losses = student.perceptron(2, 2), (1.0, 1.0)
    expect_same_on_device(student.train_autoencoder, net, POINTS, 2, 0.0, 0, equals=losses)


def expect_components(value, mean, components, **tolerance):
    """A mean and principal components; a component may point either way."""
    got_mean, got = expect_tuple(value, 2)
    wanted = torch.as_tensor(components, dtype=torch.float64)
    expect(got_mean, equals=mean, says="The mean is wrong.", **tolerance)
    expect(got, shape=tuple(wanted.shape), says="Each component is a row: shape (k, D).")
    along = (got.detach().double() * wanted).sum(dim=1, keepdim=True)
    turned = wanted * torch.where(along < 0, -1.0, 1.0)
    expect(got, equals=turned, says="The components are wrong.", **tolerance)


@check("pca", points=1)
def test_pca_by_hand(student):
    """Five points around (10, 20) that differ most along (0.8, 0.6)."""
    images = CLOUD.reshape(5, 1, 2, 1)
    expect_components(student.pca(images, 2), [10, 20], [[0.8, 0.6], [-0.6, 0.8]], atol=1e-4)
    expect_components(student.pca(CLOUD, 1), [10, 20], [[0.8, 0.6]], atol=1e-4)


@check("pca", points=0.5)
def test_pca_three_spreads(student):
    """Six numbers an image, of which three differ, by 10, 3 and 1; a constant pixel, too."""
    images = torch.full((6, 1, 3, 2), 7.0)
    rows = images.reshape(6, 6)  # the same memory
    for number, (pixel, spread) in enumerate(((4, 3.0), (1, 10.0), (2, 1.0))):
        rows[2 * number, pixel] += spread
        rows[2 * number + 1, pixel] -= spread
    wanted = torch.eye(6)[[1, 4, 2]]
    expect_components(student.pca(images, 3), [7] * 6, wanted, atol=1e-4)


@check("pca", points=0.5)
def test_pca_device(student):
    """Runs where its input lives."""
    # Not by `expect_same_on_device`: on a GPU a component may point the other way.
    reply = student.pca._invoke(How.DEVICE, (CLOUD, 1), {})
    student._notes.append(device_note(reply.ran_on))
    expect_components(reply.value, [10, 20], [[0.8, 0.6]], atol=1e-4)


@check("principal_angles", points=1)
def test_principal_angles_by_hand(student):
    """Two planes in four dimensions: 45° one way, 60° the other; then two lines."""
    expect(student.principal_angles(PLANE, OTHER), equals=ANGLES, atol=2e-3)
    line, other = torch.tensor([[0.0, 2.0, 0.0]]), torch.tensor([[0.0, -3.0, 3.0]])
    expect(student.principal_angles(line, other), equals=[math.pi / 4], atol=2e-3)


@check("principal_angles", points=0.5)
def test_principal_angles_same(student):
    """The same subspace in another basis: angles of 0, and never nan."""
    for seed in range(6):
        rows = torch.randn(3, 5, generator=torch.Generator().manual_seed(seed))
        mixed = torch.stack([rows[1], rows[0] + rows[2], 2 * rows[0] - rows[1]])
        got = student.principal_angles(rows, mixed)
        expect(got, equals=[0.0] * 3, atol=2e-3, says="The same subspace: every angle is 0.")


@check("principal_angles", points=0.5)
def test_principal_angles_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.principal_angles, PLANE, OTHER, equals=ANGLES, atol=2e-3)


@check("encoder_or_decoder", points=1)
def test_encoder_or_decoder_first_half(student):
    """The first five statements."""
    answers = expect_named(student.encoder_or_decoder(), NAMES)
    for name, answer in zip(NAMES, answers, strict=True):
        if name in FIRST:
            half, says = FIRST[name]
            expect(answer, equals=half, says=says)


@check("roc_auc", points=0.5)
def test_roc_auc_by_hand(student):
    """Two anomalies and four normal ones: 7 of 8 pairs."""
    expect(student.roc_auc(SCORES, ODD), equals=7 / 8)


@check("roc_auc", points=0.5)
def test_roc_auc_ends(student):
    """All pairs right, all wrong, and all equal."""
    for scores, wanted in (([1, 2, 8, 9], 1.0), ([8, 9, 1, 2], 0.0), ([5, 5, 5, 5], 0.5)):
        odd = torch.tensor([False, False, True, True])
        expect(student.roc_auc(torch.tensor(scores).float(), odd), equals=wanted)


@check("roc_auc", points=0.5)
def test_roc_auc_written_out(student):
    """Written out, without a ready-made metric."""
    says = "The number is right, but a ready-made metric worked it out. Compare the pairs yourself."
    expect_written_out(student.roc_auc, SCORES, ODD, equals=7 / 8, without=METRICS, says=says)


@check("roc_auc", points=0.5)
def test_roc_auc_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.roc_auc, SCORES, ODD, equals=7 / 8)


@check("anomaly_scores", points=0.5)
def test_anomaly_scores_by_hand(student):
    """Three images of two numbers, and a net that gives their sum twice."""
    net = student.fill_weights(student.perceptron(2, 2), 1.0)
    expect(student.anomaly_scores(net, SHOWN), equals=[10, 4.25, 20])


@check("anomaly_scores", points=0.5)
def test_anomaly_scores_state(student):
    """The net is asked in eval() mode and without gradients."""
    net = student.witness()
    scores = student.anomaly_scores(net, SHOWN)
    expect(net.asked_in_training, equals=False, says="Ask the net in eval() mode.")
    expect(net.asked_with_gradients, equals=False, says="Ask the net inside torch.no_grad().")
    expect(scores, shape=(3,), dtype=torch.float32)


@check("anomaly_scores", points=0.5)
def test_anomaly_scores_device(student):
    """Runs where the model and its images live."""
    net = student.fill_weights(student.perceptron(2, 2), 1.0)
    expect_same_on_device(student.anomaly_scores, net, SHOWN, equals=[10, 4.25, 20])


def stripes(count):
    """Images of bright and dark stripes, all alike."""
    image = torch.full((1, 8, 8), 0.1)
    image[:, ::2] = 0.9
    return image.expand(count, 1, 8, 8).contiguous()


def expect_restorer(student, value, shown, wanted):
    """A net in eval() mode that has learned stripes; returns it."""
    net = expect_layer(value)
    expect(net.training, equals=False, says="Return the net in eval() mode.")
    learned = student.beats_grey(net, shown, wanted)
    says = "Its training images were stripes, and what it makes of them is no better than grey."
    expect(learned, equals=True, says=says)
    return net


def expect_seeded(student, make, images):
    """The same seed makes the same net, and another seed another."""
    first, again, other = make(1), make(1), make(2)
    says = "The same seed gives another net: draw the first weights after setting the seed."
    expect(student.same_answers(first, again, images), equals=True, says=says)
    says = "Another seed gives the same net: use `seed`."
    expect(student.same_answers(first, other, images), equals=False, says=says)


@check("detector", points=0.5)
def test_detector_is_a_net(student):
    """A net with a narrow code, in eval() mode, that restores what it was shown."""
    images = stripes(256)
    net = expect_restorer(student, student.detector(images, 3), images[:8], images[:8])
    width = student.narrowest(net, images[:8])
    if not isinstance(width, int) or not 1 <= width <= WIDEST:
        says = f"Your code is too wide: at most {WIDEST} numbers."
        raise Mismatch(says, f"at most {WIDEST}", str(width))
    # Last, because a trained net's numbers are its own, and no mistake is known by them.
    expect(net(images[:8]), shape=(8, 1, 8, 8), dtype=torch.float32)


@check("detector", points=0.5)
def test_detector_seeds(student):
    """The same seed gives the same net, another seed another."""
    images = data.digits("train")[0][:64]
    expect_seeded(student, lambda seed: student.detector(images, seed), images)


def expect_net_on_device(student, make, *args):
    """A net is trained where its images live, and comes back in eval() mode."""
    reply = make._invoke(How.DEVICE, args, {})
    student._notes.append(device_note(reply.ran_on))
    expect(expect_layer(reply.value).training, equals=False, says="Return the net in eval() mode.")


@check("detector", points=0.5)
def test_detector_device(student):
    """Runs where its images live."""
    expect_net_on_device(student, student.detector, stripes(4), 3)


@check("denoising_loss", points=1)
def test_denoising_loss_by_hand(student):
    """Three images of two numbers, and a net that gives their sum twice: a mean of 7.5."""
    net = student.fill_weights(student.perceptron(2, 2), 1.0)
    got = student.denoising_loss(net, CLEAN, NOISE)
    expect(got, equals=7.5)
    expect(got, shape=(), dtype=torch.float32)


@check("denoising_loss", points=0.5)
def test_denoising_loss_device(student):
    """Runs where the model and its images live."""
    net = student.fill_weights(student.perceptron(2, 2), 1.0)
    expect_same_on_device(student.denoising_loss, net, CLEAN, NOISE, equals=7.5)


@check("denoiser", points=0.5)
def test_denoiser_is_a_net(student):
    """A net in eval() mode that has learned its images, also from strong noise."""
    images = stripes(256)
    for sigma in (0.2, 3.0):
        draw = torch.Generator().manual_seed(4)
        noisy = images[:64] + sigma * torch.randn(64, 1, 8, 8, generator=draw)
        net = expect_restorer(student, student.denoiser(images, sigma, 3), noisy, images[:64])
    expect(net(noisy), shape=(64, 1, 8, 8), dtype=torch.float32)


@check("denoiser", points=0.5)
def test_denoiser_seeds(student):
    """The same seed gives the same net, another seed another."""
    images = data.digits("train")[0][:64]
    expect_seeded(student, lambda seed: student.denoiser(images, 0.3, seed), images)


@check("denoiser", points=0.5)
def test_denoiser_device(student):
    """Runs where its images live."""
    expect_net_on_device(student, student.denoiser, stripes(4), 0.5, 3)


@check("denoiser", points=0.5, trained=True)
def test_denoiser_beats_filters(student):
    """On noisy digits that it has not seen it is 2.5 dB better than the best filter."""
    net = expect_layer(student.denoiser(data.digits("train")[0], SIGMA, 0))
    expect_denoised(net, SIGMA, seed=21, ahead=AHEAD)

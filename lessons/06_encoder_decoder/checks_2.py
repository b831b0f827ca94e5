"""Public checks of lesson 06's second notebook. The examples can be followed with a pencil."""

import math

import torch

from utils.checks import check
from utils.device import device_note
from utils.expect import expect, expect_layer, expect_same_on_device
from utils.expect_nets import expect_blueprint, expect_filled
from utils.invoke import How

# Masks of 2×4 pixels, row by row. The first two have 2 pixels in common and 5 in all.
MASKS = torch.tensor(
    [
        [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
    ]
).reshape(3, 1, 2, 4)
TRUTH = torch.tensor(
    [
        [0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0],
        [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ]
).reshape(3, 1, 2, 4)
SHARES = [2 / 5, 1 / 2, 3 / 7]

# Every logit's hundreds come from the largest of 4×4 pixels, its tens from the largest of 2×2,
# and its ones from the pixel itself.
PICTURE = torch.tensor(
    [
        [1.0, 2.0, 0.0, 1.0, 3.0, 0.0, 2.0, 1.0],
        [0.0, 1.0, 4.0, 0.0, 1.0, 2.0, 0.0, 0.0],
        [2.0, 0.0, 1.0, 1.0, 0.0, 1.0, 5.0, 1.0],
        [1.0, 3.0, 0.0, 2.0, 4.0, 0.0, 1.0, 6.0],
    ]
).reshape(1, 1, 4, 8)
THREE_SIZES = torch.tensor(
    [
        [421.0, 422.0, 440.0, 441.0, 633.0, 630.0, 622.0, 621.0],
        [420.0, 421.0, 444.0, 440.0, 631.0, 632.0, 620.0, 620.0],
        [432.0, 430.0, 421.0, 421.0, 640.0, 641.0, 665.0, 661.0],
        [431.0, 433.0, 420.0, 422.0, 644.0, 640.0, 661.0, 666.0],
    ]
).reshape(1, 1, 4, 8)

# What the right half becomes under the known numbers of `fill_weights`.
KNOWN = [
    [
        [
            [0.1343, 0.6289, 0.1343, 0.2841],
            [1.2323, 0.1343, 0.1343, 1.2915],
            [0.7826, 0.1343, 1.9387, 0.1343],
            [0.1343, 5.9989, 2.4860, 0.1343],
        ]
    ]
]

# Chances of a 1: one half, three quarters, one quarter, nine tenths.
LOGITS = torch.tensor([0.0, math.log(3), -math.log(3), math.log(9)]).reshape(2, 1, 1, 2)
SEEN = torch.tensor([1.0, 0.0, 0.0, 1.0]).reshape(2, 1, 1, 2)
NATS = (math.log(2) + math.log(4) + math.log(4 / 3) + math.log(10 / 9)) / 4

# Mean (10, 20), covariance [[4, 2], [2, 5]], so L = [[2, 0], [1, 2]].
CODES = torch.tensor([[12.0, 23.0], [12.0, 19.0], [8.0, 17.0], [8.0, 21.0], [10.0, 20.0]])
DRAWN = torch.tensor([[1.0, 1.0], [1.0, -1.0], [0.0, 2.0]])
NEW_CODES = [[12, 23], [12, 19], [10, 24]]

KEPT = torch.tensor([1.0, 0.64, 0.36])
CLEAN = torch.tensor([[1.0, -0.5, 0.0, 0.25, 0.5, -1.0], [-1.0, 1.0, 0.5, 0.0, -0.25, 0.75]])
CLEAN = CLEAN.reshape(2, 1, 3, 2)
NOISE = torch.tensor([[0.5, 1.0, -1.0, 2.0, 0.0, -0.5], [1.0, -1.0, 0.0, 0.5, -2.0, 1.5]])
NOISE = NOISE.reshape(2, 1, 3, 2)
STEPS, DIGITS = torch.tensor([1, 2]), torch.tensor([3, 1])
NOISY = torch.tensor([[1.1, 0.2, -0.6, 1.4, 0.4, -1.1], [0.2, -0.2, 0.3, 0.4, -1.75, 1.65]])
NOISY = NOISY.reshape(2, 1, 3, 2)
# The net answers half of what it sees, and a quarter for each step, and an eighth of the digit.
TOLD = (0.5, 0.25, 0.125)
LOSS = 0.827240

SEEN_X = torch.tensor([1.0, -0.5, 2.0]).reshape(1, 1, 1, 3)
PREDICTED = torch.tensor([0.8, 0.4, -1.6]).reshape(1, 1, 1, 3)
FRESH = torch.tensor([1.0, 0.0, -1.0]).reshape(1, 1, 1, 3)
BEFORE = [[[[1.246078, -0.958333, 3.337255]]]]
LAST = [[[[0.65, -0.925, 3.7]]]]

# noise[2] is the beginning, noise[1] is fresh in the first step; noise[0] must have no effect.
WALK = torch.tensor([[9.0, 9.0, 9.0, 9.0], [0.5, -0.25, -0.5, 1.0], [1.0, -1.0, 0.5, 0.25]])
WALK = WALK.reshape(3, 2, 1, 1, 2)
WANTED_DIGITS = torch.tensor([2, 5])
NET = (0.5, 0.125, 0.0625)
DRAWN_PIXELS = [[[[0.8190, 0.0]]], [[[0.2599, 0.4795]]]]


def passing(name: str, channels: int) -> dict[str, torch.Tensor]:
    """A normalisation that changes nothing, but for its eps."""
    return {
        f"{name}.weight": torch.ones(channels),
        f"{name}.bias": torch.zeros(channels),
        f"{name}.running_mean": torch.zeros(channels),
        f"{name}.running_var": torch.ones(channels),
    }


def block(name: str, C_in: int, C_out: int, entering: dict[int, float]) -> dict[str, torch.Tensor]:
    """A block whose first map is a sum of the maps that enter, each times its number."""
    first, second = torch.zeros(C_out, C_in, 3, 3), torch.zeros(C_out, C_out, 3, 3)
    for channel, number in entering.items():
        first[0, channel, 1, 1] = number
    second[0, 0, 1, 1] = 1.0
    return {
        f"{name}.0.weight": first,
        f"{name}.0.bias": torch.zeros(C_out),
        **passing(f"{name}.1", C_out),
        f"{name}.3.weight": second,
        f"{name}.3.bias": torch.zeros(C_out),
        **passing(f"{name}.4", C_out),
    }


def doubling(name: str, C_in: int, C_out: int) -> dict[str, torch.Tensor]:
    """A transposed convolution that makes 2×2 equal pixels of each one of the first map."""
    weight = torch.zeros(C_in, C_out, 2, 2)
    weight[0, 0] = 1.0
    return {f"{name}.weight": weight, f"{name}.bias": torch.zeros(C_out)}


def three_sizes() -> dict[str, torch.Tensor]:
    """Weights of UNet(1) with which a logit is pixel + 10 · (of 2×2) + 100 · (of 4×4)."""
    return {
        **block("enc1", 1, 1, {0: 1.0}),
        **block("enc2", 1, 2, {0: 1.0}),
        **block("bottom", 2, 4, {0: 1.0}),
        **doubling("up2", 4, 2),
        **block("dec2", 4, 2, {0: 1.0, 2: 10.0}),
        **doubling("up1", 2, 1),
        **block("dec1", 2, 1, {0: 1.0, 1: 10.0}),
        "out.weight": torch.ones(1, 1, 1, 1),
        "out.bias": torch.zeros(1),
    }


def dark_boxes(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Boxes of 4×4 on pictures of 8×8 pixels that are brighter than they, and their masks."""
    draw = torch.Generator().manual_seed(5)
    masks = torch.zeros(count, 1, 8, 8)
    for mask in masks:
        y, x = torch.randint(0, 5, (2,), generator=draw).tolist()
        mask[0, y : y + 4, x : x + 4] = 1
    return 0.65 - 0.3 * masks, masks


@check("iou", points=0.5)
def test_iou_by_hand(student):
    """Three pictures of 2×4 pixels: 2 of 5, 1 of 2 and 3 of 7."""
    expect(student.iou(MASKS, TRUTH), equals=SHARES, dtype=torch.float32)


@check("iou", points=0.5)
def test_iou_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.iou, MASKS, TRUTH, equals=SHARES)


@check("UNet", points=1)
def test_unet_counted(student):
    """Its weights, the size of its maps and its multiply–adds, counted on paper."""
    expect_blueprint(
        student.UNet, 4, shape=(2, 1, 8, 12), output=(2, 1, 8, 12), parameters=7557, macs=296_448
    )
    expect_blueprint(student.UNet, 2, shape=(1, 1, 4, 8), output=(1, 1, 4, 8), parameters=1963)


@check("UNet", points=1.5)
def test_unet_by_hand(student):
    """Weights with which each logit's three digits come from pooling twice, once and not at all."""
    net = student.fill_weights(student.UNet(1))
    expect(net(PICTURE[..., 4:]), equals=KNOWN, rtol=1e-3, atol=1e-3)
    net = expect_filled(student.UNet(1), three_sizes())
    net.eval()
    expect(net(PICTURE), equals=THREE_SIZES, rtol=1e-3)


@check("UNet", points=0.5)
def test_unet_device(student):
    """Runs where its input lives."""
    net = expect_filled(student.UNet(1), three_sizes())
    net.eval()
    expect_same_on_device(net, PICTURE, equals=THREE_SIZES, rtol=1e-3)


@check("mask_loss", points=0.5)
def test_mask_loss_by_hand(student):
    """Four pixels with the chances 1/2, 3/4, 1/4 and 9/10 of a 1."""
    loss = student.mask_loss(LOGITS, SEEN)
    expect(loss, equals=NATS)
    expect(loss, shape=(), dtype=torch.float32)


@check("mask_loss", points=0.5)
def test_mask_loss_large(student):
    """Logits of 1000 and −1000: right they cost nothing, wrong they cost 1000 nats each."""
    says = "A logit of 1000 on the wrong side costs 1000 nats: work the loss out without σ."
    logits = torch.tensor([[1000.0, -1000.0]])
    for masks, nats in (([[0.0, 1.0]], 1000), ([[1.0, 0.0]], 0), ([[0.0, 0.0]], 500)):
        expect(student.mask_loss(logits, torch.tensor(masks)), equals=nats, says=says)


@check("mask_loss", points=0.5)
def test_mask_loss_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.mask_loss, LOGITS, SEEN, equals=NATS)


@check("train_unet", points=1)
def test_train_unet_returns_the_net(student):
    """What comes back is your UNet(8) in eval() mode, which finds dark boxes."""
    images, masks = dark_boxes(8)
    net = expect_layer(student.train_unet(images, masks, 0))
    says = "The net must come back in eval() mode; `train` leaves it so."
    expect(net.training, equals=False, says=says)
    others = student.train_unet(images, 1 - masks, 0), student.train_unet(1 - images, masks, 0)
    same = [student.same_answers(net, other, images) for other in others]
    # A trained net's numbers are its own, so what it gives is asked for in words.
    images, masks = dark_boxes(256)
    net = student.train_unet(images, masks, 0)
    drawn = student.what_it_draws(net, images, masks)
    expect(same[0], equals=False, says="Other masks, and the same net: it has not learned them.")
    expect(same[1], equals=False, says="Other pictures, and the same net: it has not seen them.")
    said = "After training on dark boxes the logits inside are not clearly larger than outside."
    expect(drawn, equals="masks", says=said)
    expect(net.out.weight, shape=(1, 8, 1, 1), says="The net must be a UNet(8).")
    expect(net(images[:4]), shape=(4, 1, 8, 8), dtype=torch.float32)


@check("train_unet", points=0.5)
def test_train_unet_seeds(student):
    """The same seed gives the same net, and another seed another."""
    images, masks = dark_boxes(4)
    one, same, other = (student.train_unet(images, masks, seed) for seed in (3, 3, 4))
    says = "The same seed gives another net: seed before you make it."
    expect(student.same_answers(one, same, images), equals=True, says=says)
    says = "Another seed gives the same net: use `seed`."
    expect(student.same_answers(one, other, images), equals=False, says=says)


@check("train_unet", points=0.5)
def test_train_unet_device(student):
    """Runs with pictures that live elsewhere."""
    images, masks = dark_boxes(2)
    reply = student.train_unet._invoke(How.DEVICE, (images, masks, 0), {})
    student._notes.append(device_note(reply.ran_on))
    expect(expect_layer(reply.value).out.bias, shape=(1,))


@check("generate", points=1)
def test_generate_by_hand(student):
    """Five codes with the covariance [[4, 2], [2, 5]], and a decoder that returns the code."""
    net = student.witness()
    net.eval()
    expect(student.generate(net, CODES, DRAWN), equals=NEW_CODES, rtol=1e-4)


@check("generate", points=0.5)
def test_generate_without_gradients(student):
    """The decoder is asked inside torch.no_grad()."""
    net = student.witness()
    net.eval()
    expect(student.generate(net, CODES, DRAWN), shape=(3, 2))
    says = "The decoder was asked with gradients: draw inside torch.no_grad()."
    expect(net.asked_with_gradients, equals=False, says=says)


@check("generate", points=0.5)
def test_generate_device(student):
    """Runs where the decoder and the codes live."""
    net = student.witness()
    net.eval()
    expect_same_on_device(student.generate, net, CODES, DRAWN, equals=NEW_CODES)


@check("kept_share", points=1)
def test_kept_share_by_hand(student):
    """With s = 1/2 the angles go from 30° to 90°: squared cosines of 3/4, 1/2, 1/4, 0.067, 0."""
    wanted = [1, 2 / 3, 1 / 3, 0.0893164, 0.0000893164]
    says = "The shares are wrong."
    got = student.kept_share(4, 0.5)
    expect(got, equals=wanted, dtype=torch.float32, rtol=1e-3, atol=1e-7, says=says)
    got = student.kept_share(2, s=0.5)
    expect(got, equals=[1, 1 / 3, 1 / 3000], rtol=1e-3, atol=1e-7)


@check("kept_share", points=0.5)
def test_kept_share_usual(student):
    """With the usual s = 0.008: one step, and three."""
    expect(student.kept_share(1), equals=[1, 0.001], rtol=1e-3, atol=1e-7)
    wanted = [1, 0.742884, 0.246448, 0.000246448]
    expect(student.kept_share(3), equals=wanted, rtol=1e-3, atol=1e-7)


@check("add_noise", points=1)
def test_add_noise_by_hand(student):
    """Two pictures of 3×2 pixels, after one step (0.8 and 0.6) and after two (0.6 and 0.8)."""
    got = student.add_noise(CLEAN, STEPS, NOISE, KEPT)
    expect(got, equals=NOISY, dtype=torch.float32)
    got = student.add_noise(CLEAN, torch.tensor([0, 0]), NOISE, KEPT)
    expect(got, equals=CLEAN, says="After 0 steps the picture must be the clean one.")


@check("add_noise", points=0.5)
def test_add_noise_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.add_noise, CLEAN, STEPS, NOISE, KEPT, equals=NOISY)


@check("noise_loss", points=1)
def test_noise_loss_by_hand(student):
    """A net that answers half of what it sees, and a little for the step and for the word."""
    net = student.noise_witness(*TOLD)
    loss = student.noise_loss(net, CLEAN, DIGITS, STEPS, NOISE, KEPT)
    expect(loss, equals=LOSS, rtol=1e-4)
    expect(loss, shape=())
    half = student.noise_witness()
    one, two = torch.ones(1, 1, 1, 1), torch.full((1, 1, 1, 1), 2.0)
    word, step = torch.tensor([7]), torch.tensor([1])
    expect(student.noise_loss(half, one, word, step, two, KEPT), equals=1.0, rtol=1e-4)


@check("noise_loss", points=0.5)
def test_noise_loss_device(student):
    """Runs where its input lives."""
    net = student.noise_witness(*TOLD)
    given = (CLEAN, DIGITS, STEPS, NOISE, KEPT)
    expect_same_on_device(student.noise_loss, net, *given, equals=LOSS)


@check("denoise_step", points=1)
def test_denoise_step_by_hand(student):
    """From two steps to one: α = 9/16, β = 7/16, variance 7/16 · 9/16."""
    got = student.denoise_step(SEEN_X, 2, PREDICTED, KEPT, FRESH)
    expect(got, equals=BEFORE, dtype=torch.float32, rtol=1e-4)


@check("denoise_step", points=1)
def test_denoise_step_last(student):
    """From one step to none: (x − 0.6 · predicted) / 0.8, whatever the fresh noise is."""
    for fresh in (torch.zeros(1, 1, 1, 3), FRESH):
        got = student.denoise_step(SEEN_X, 1, PREDICTED, KEPT, fresh)
        expect(got, equals=LAST, rtol=1e-4)


@check("denoise_step", points=0.5)
def test_denoise_step_device(student):
    """Runs where its input lives."""
    given = (SEEN_X, 2, PREDICTED, KEPT, FRESH)
    expect_same_on_device(student.denoise_step, *given, equals=BEFORE)


@check("draw_digits", points=1)
def test_draw_digits_by_hand(student):
    """Two steps for two pictures of 1×2 pixels; one pixel is cut off at 0."""
    net = student.noise_witness(*NET)
    got = student.draw_digits(net, WANTED_DIGITS, KEPT, WALK)
    expect(got, equals=DRAWN_PIXELS, rtol=1e-3, atol=1e-4)


@check("draw_digits", points=0.5)
def test_draw_digits_asks(student):
    """The net is asked once for each step, from T down to 1, with the words, without gradients."""
    net = student.noise_witness(*NET)
    expect(student.draw_digits(net, WANTED_DIGITS, KEPT, WALK), shape=(2, 1, 1, 2))
    says = "The net must be told t = T, T − 1 … 1, once for each picture."
    expect(net.steps, equals=((2, 2), (1, 1)), says=says)
    expect(net.words, equals=((2, 5), (2, 5)), says="The net must be told the words at each step.")
    says = "The net was asked with gradients: draw inside torch.no_grad()."
    expect(net.asked_with_gradients, equals=False, says=says)


@check("draw_digits", points=0.5)
def test_draw_digits_device(student):
    """Runs where the net and the noise live."""
    net = student.noise_witness(*NET)
    given = (WANTED_DIGITS, KEPT, WALK)
    expect_same_on_device(student.draw_digits, net, *given, equals=DRAWN_PIXELS, rtol=1e-3)

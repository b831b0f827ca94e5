"""Hidden checks of lesson 06's second notebook: pictures and settings nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import math
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from utils.checks import check
from utils.expect import Mismatch, expect, expect_gradients, expect_layer, expect_written_out
from utils.expect_nets import expect_filled, expect_own_weights
from utils.expect_samples import expect_samples
from utils.made_pictures import shapes
from utils.nets.noise_witness import noise_witness
from utils.nets.small import perceptron

LESSON = Path(__file__).parent

# What a trained U-Net must reach on pictures it has not seen; `course calibrate 06` measures it.
COUNT, SIDE, TESTS = 400, 16, 200
AT_LEAST = 0.6  # mean IoU over the pictures; the best brightness threshold has about 0.35

# What the course's net must draw with the student's functions, per word and over all of them.
STEPS, EACH = 50, 10
RIGHT, NEAREST, DIVERSITY = 0.85, 0.95, 0.75

READY_MADE = ("binary_cross_entropy", "BCE", "softplus", "logsigmoid", "log_sigmoid", "LogSigmoid")
WRITE_IT_OUT = (
    "The number is right, but a ready-made loss worked it out. Write it with clamp, exp and log1p."
)


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def random_masks(*shape: int, seed: int, share: float = 0.5) -> torch.Tensor:
    """Zeros and ones, the same at every call; `share` of them ones."""
    return (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < share).float()


def iou_of(masks: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Intersection over union, picture by picture: (N,)."""
    found = []
    for one, other in zip(masks, truth, strict=True):
        both = float(((one > 0) & (other > 0)).sum())
        either = float(((one > 0) | (other > 0)).sum())
        found.append(both / either if either else 1.0)
    return torch.tensor(found)


@check("iou", points=0.5)
def test_iou_any_masks(student):
    """Batches and sizes of many kinds."""
    draw = random.Random(1)
    for seed in range(6):
        size = (draw.randint(1, 5), 1, draw.randint(2, 7), draw.randint(2, 9))
        masks = random_masks(*size, seed=seed, share=draw.choice([0.2, 0.5, 0.9]))
        truth = random_masks(*size, seed=seed + 50, share=draw.choice([0.3, 0.6]))
        expect(student.iou(masks, truth), equals=iou_of(masks, truth), dtype=torch.float32)


@check("iou", points=0.5)
def test_iou_empty(student):
    """Empty masks, full ones, and masks of False and True."""
    nothing, full = torch.zeros(1, 1, 3, 2), torch.ones(1, 1, 3, 2)
    masks, truth = torch.cat([full, nothing, full]), torch.cat([full, full, nothing])
    expect(student.iou(masks, truth), equals=[1, 0, 0])
    says = "Two empty masks agree in every pixel: their IoU is 1."
    masks, truth = torch.cat([nothing, full]), torch.cat([nothing, nothing])
    expect(student.iou(masks, truth), equals=[1, 0], says=says)
    masks, truth = random_masks(2, 1, 3, 5, seed=7).bool(), random_masks(2, 1, 3, 5, seed=8).bool()
    expect(student.iou(masks, truth), equals=iou_of(masks, truth))


class Reference(nn.Module):
    """The lesson's U-Net."""

    def __init__(self, c: int) -> None:
        super().__init__()
        self.enc1, self.enc2, self.bottom = block(1, c), block(c, 2 * c), block(2 * c, 4 * c)
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, 2)
        self.dec2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, 2)
        self.dec1 = block(2 * c, c)
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, images):
        first = self.enc1(images)
        second = self.enc2(F.max_pool2d(first, 2))
        low = self.bottom(F.max_pool2d(second, 2))
        low = self.dec2(torch.cat([second, self.up2(low)], dim=1))
        return self.out(self.dec1(torch.cat([first, self.up1(low)], dim=1)))


def block(C_in: int, C_out: int) -> nn.Sequential:
    """Two convolutions, each with its normalisation and its ReLU."""
    layers: list[nn.Module] = []
    for channels in (C_in, C_out):
        layers += [nn.Conv2d(channels, C_out, 3, padding=1), nn.BatchNorm2d(C_out), nn.ReLU()]
    return nn.Sequential(*layers)


def filled_pair(student, c: int, seed: int):
    """The student's U-Net and the reference, both in float64 with the same random numbers."""
    reference, weights = Reference(c).double(), {}
    for place, (name, tensor) in enumerate(reference.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            continue
        drawn = random_tensor(*tensor.shape, seed=1000 * seed + place)
        inputs = tensor[0].numel() if tensor.dim() > 1 else 4
        drawn = drawn * (2 / inputs) ** 0.5
        weights[name] = drawn.square() + 0.5 if name.endswith("running_var") else drawn
    reference.load_state_dict(weights, strict=False)
    net = expect_layer(student.UNet(c))
    net.double()
    return expect_filled(net, weights), reference


@check("UNet", points=1.5)
def test_unet_any_weights(student):
    """Batches and sides of several sizes, under several sets of weights."""
    for c, size, seed in ((3, (2, 1, 8, 12), 1), (1, (1, 1, 4, 4), 2), (2, (3, 1, 12, 8), 3)):
        net, reference = filled_pair(student, c, seed)
        net.eval()
        images = random_tensor(*size, seed=seed)
        expect(net(images), equals=reference.eval()(images), rtol=1e-4, atol=1e-4)


@check("UNet", points=1.5)
def test_unet_gradients(student):
    """In train() mode, too, and autograd reaches the pixels."""
    net, reference = filled_pair(student, 2, 4)
    images = random_tensor(3, 1, 8, 8, seed=5)
    net.train()
    expect(net(images), equals=reference.train()(images), rtol=1e-4, atol=1e-4)
    net.eval()
    expect_gradients(net, images, reference=reference.eval(), wrt=(0,), rtol=1e-3, atol=1e-3)


@check("mask_loss", points=0.5)
def test_mask_loss_any_size(student):
    """Many sizes, small logits and large ones."""
    draw = random.Random(2)
    for seed, scale in enumerate((1, 0.01, 30, 1000)):
        size = (draw.randint(1, 4), 1, draw.randint(1, 6), draw.randint(2, 7))
        logits = scale * random_tensor(*size, seed=seed)
        masks = random_masks(*size, seed=seed + 20).double()
        wanted = F.binary_cross_entropy_with_logits(logits, masks)
        expect(student.mask_loss(logits, masks), equals=wanted, shape=(), dtype=torch.float64)


@check("mask_loss", points=0.5)
def test_mask_loss_gradients(student):
    """Autograd reaches the logits, also large ones."""
    masks = random_masks(2, 1, 3, 4, seed=3).double()
    for seed, scale in ((4, 1), (5, 500)):
        logits = scale * random_tensor(2, 1, 3, 4, seed=seed)
        reference = F.binary_cross_entropy_with_logits
        expect_gradients(student.mask_loss, logits, masks, reference=reference, wrt=(0,))


@check("mask_loss", points=0.5)
def test_mask_loss_written_out(student):
    """Written out, without a ready-made loss."""
    logits, masks = random_tensor(2, 1, 2, 3, seed=6), random_masks(2, 1, 2, 3, seed=7).double()
    wanted = F.binary_cross_entropy_with_logits(logits, masks)
    expect_written_out(
        student.mask_loss, logits, masks, equals=wanted, without=READY_MADE, says=WRITE_IT_OUT
    )


def best_threshold(images: torch.Tensor, masks: torch.Tensor) -> float:
    """The mean IoU of the best mask "brighter than θ" or "darker than θ", with one θ for all."""
    found = []
    for theta in torch.linspace(0.05, 0.95, 19):
        for guessed in (images > theta, images < theta):
            both = (guessed & (masks > 0)).flatten(1).sum(dim=1)
            either = (guessed | (masks > 0)).flatten(1).sum(dim=1)
            found.append(float((both / either).mean()))
    return max(found)


@check("train_unet", points=2, trained=True)
def test_train_unet_iou(student):
    """On pictures that it has not seen the net beats the best brightness threshold by far."""
    net = expect_layer(student.train_unet(*shapes(COUNT, seed=601, side=SIDE), 7))
    expect(net.training, equals=False, says="The net must come back in eval() mode.")
    images, masks = shapes(TESTS, seed=602, side=SIDE)
    logits = net(images)
    expect(logits, shape=(TESTS, 1, SIDE, SIDE), dtype=torch.float32)
    least = max(AT_LEAST, best_threshold(images, masks))
    reached = float(iou_of(logits.detach(), masks).mean())
    if not reached >= least:
        said = "The net's masks fit too badly on pictures that it has not seen."
        raise Mismatch(said, f"a mean IoU of at least {least:.2f}", f"{reached:.2f}")
    expect_own_weights(net, "unet", LESSON)


def new_codes(codes: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
    """Codes with the mean and the covariance of those given, worked out with sums."""
    centred = codes - codes.mean(dim=0)
    covariance = centred.T @ centred / (len(codes) - 1)
    return codes.mean(dim=0) + noise @ torch.linalg.cholesky(covariance).T


@check("generate", points=1)
def test_generate_any_codes(student):
    """Codes of several lengths, and a decoder that weighs them."""
    for seed, (N, k, M, out) in enumerate(
        [(9, 3, 4, 5), (30, 5, 2, 6), (4, 2, 7, 3), (6, 3, 2, 2)]
    ):
        mixing = random_tensor(k, k, seed=seed + 40, dtype=torch.float32)
        codes = random_tensor(N, k, seed=seed, dtype=torch.float32) @ mixing + 3
        noise = random_tensor(M, k, seed=seed + 20, dtype=torch.float32)
        wanted = perceptron(k, out, seed=seed)(new_codes(codes, noise))
        got = student.generate(student.perceptron(k, out, seed=seed), codes, noise)
        expect(got, equals=wanted, rtol=1e-3, atol=1e-3)


@check("generate", points=1)
def test_generate_spread(student):
    """Many new codes have the mean and the covariance of the old ones."""
    codes = random_tensor(50, 2, seed=1, dtype=torch.float32)
    codes = codes @ torch.tensor([[2.0, 1.5], [0.0, 0.5]]) + torch.tensor([-4.0, 7.0])
    noise = random_tensor(4000, 2, seed=2, dtype=torch.float32)
    net = student.witness()
    net.eval()
    got = student.generate(net, codes, noise)
    expect(got, shape=(4000, 2))
    says = "The new codes must have the mean of the old ones."
    expect(got.mean(dim=0), equals=new_codes(codes, noise).mean(dim=0), rtol=1e-3, says=says)
    says = "The new codes must have the covariance of the old ones."
    expect(torch.cov(got.T), equals=torch.cov(new_codes(codes, noise).T), rtol=1e-3, says=says)


def schedule(T: int, s: float) -> torch.Tensor:
    """The cosine schedule, step by step: (T + 1,)."""
    shares, angle = [1.0], math.pi / 2 / (1 + s)
    for t in range(1, T + 1):
        before, after = (math.cos((step / T + s) * angle) ** 2 for step in (t - 1, t))
        shares.append(shares[-1] * (1 - min(1 - after / before, 0.999)))
    return torch.tensor(shares, dtype=torch.float64)


@check("kept_share", points=1)
def test_kept_share_any_steps(student):
    """Few steps and many."""
    for T in (2, 7, 50, 1000):
        got = student.kept_share(T)
        expect(got, equals=schedule(T, 0.008), dtype=torch.float32, rtol=1e-3, atol=3e-6)


@check("kept_share", points=0.5)
def test_kept_share_limit(student):
    """Other values of s, and the limit on what one step may take."""
    for T, s in ((5, 0.1), (12, 1.0), (30, 0.02), (3, 0.3)):
        wanted = schedule(T, s)
        got = student.kept_share(T, s)
        expect(got, equals=wanted, rtol=1e-3, atol=3e-6)
        expect(got[-1], equals=float(wanted[-1]), rtol=1e-2, atol=1e-9)


def noisy(x0, t, noise, kept):
    """Each picture after its own number of steps."""
    share = kept[t][:, None, None, None]
    return share**0.5 * x0 + (1 - share) ** 0.5 * noise


@check("add_noise", points=1)
def test_add_noise_any_steps(student):
    """Pictures of many sizes and channels, each with its own number of steps, in float64."""
    draw = random.Random(3)
    for seed in range(5):
        T = draw.randint(2, 9)
        kept, N = schedule(T, 0.05), draw.randint(1, 5)
        size = (N, draw.randint(1, 3), draw.randint(2, 6), draw.randint(2, 6))
        t = torch.tensor([draw.randint(0, T) for _ in range(N)])
        given = (random_tensor(*size, seed=seed), t, random_tensor(*size, seed=seed + 30), kept)
        expect(student.add_noise(*given), equals=noisy(*given), dtype=torch.float64)


@check("add_noise", points=0.5)
def test_add_noise_gradients(student):
    """Autograd reaches the pictures and the noise."""
    x0, noise = random_tensor(2, 1, 3, 4, seed=1), random_tensor(2, 1, 3, 4, seed=2)
    given = (x0, torch.tensor([3, 1]), noise, schedule(5, 0.05))
    expect_gradients(student.add_noise, *given, reference=noisy, wrt=(0, 2))


def loss_of(net, x0, words, t, noise, kept):
    """The mean squared difference between the noise and what the net takes for it."""
    return ((net(noisy(x0, t, noise, kept), t, words) - noise) ** 2).mean()


@check("noise_loss", points=1)
def test_noise_loss_any_net(student):
    """Nets that look at the picture, at the step and at the word, on pictures of many sizes."""
    draw = random.Random(4)
    for seed, told in enumerate([(0.5, 0, 0), (0.2, 0.1, 0), (-1, 0, 0.3), (0.7, -0.2, 0.1)]):
        size = (draw.randint(1, 4), 1, draw.randint(2, 5), draw.randint(2, 5))
        kept = schedule(8, 0.05).float()
        t = torch.tensor([draw.randint(1, 8) for _ in range(size[0])])
        words = torch.tensor([draw.randint(0, 9) for _ in range(size[0])])
        x0 = random_tensor(*size, seed=seed, dtype=torch.float32)
        noise = random_tensor(*size, seed=seed + 10, dtype=torch.float32)
        given = (x0, words, t, noise, kept)
        wanted = loss_of(noise_witness(*told), *given).detach()
        got = student.noise_loss(student.noise_witness(*told), *given)
        expect(got, equals=wanted, rtol=1e-4)
        expect(got, shape=())


@check("noise_loss", points=0.5)
def test_noise_loss_gradients(student):
    """Autograd reaches the pictures through the net."""
    told = (0.5, 0.1, 0.2)
    x0, noise = random_tensor(2, 1, 3, 2, seed=5), random_tensor(2, 1, 3, 2, seed=6)
    # No share is 1: a root of all 1 − kept has an endless slope there, and mistakes other outcomes.
    kept = 0.9 * schedule(6, 0.05)
    given = (x0, torch.tensor([4, 1]), torch.tensor([2, 5]), noise, kept)

    def reference(net, x0, words, t, noise, kept):
        return loss_of(noise_witness(*told), x0, words, t, noise, kept)

    net = student.noise_witness(*told)
    expect_gradients(student.noise_loss, net, *given, reference=reference, wrt=(1,))


def step_back(x, t, predicted, kept, fresh):
    """One step back, by way of the picture that the net believes in (another form of the same)."""
    beta = 1 - kept[t] / kept[t - 1]
    believed = (x - (1 - kept[t]) ** 0.5 * predicted) / kept[t] ** 0.5
    of_picture = kept[t - 1] ** 0.5 * beta / (1 - kept[t])
    of_x = (1 - beta) ** 0.5 * (1 - kept[t - 1]) / (1 - kept[t])
    spread = (beta * (1 - kept[t - 1]) / (1 - kept[t])) ** 0.5
    return of_picture * believed + of_x * x + spread * fresh


@check("denoise_step", points=1.5)
def test_denoise_step_any_step(student):
    """Schedules of many lengths, every step of them, in float64."""
    draw = random.Random(5)
    for seed, T in enumerate((3, 5, 20)):
        kept = schedule(T, 0.05)
        for t in sorted(draw.sample(range(1, T + 1), 3)):
            size = (draw.randint(1, 3), draw.randint(1, 2), draw.randint(2, 4), draw.randint(2, 5))
            x, predicted, fresh = (random_tensor(*size, seed=10 * seed + n) for n in range(3))
            given = (x, t, predicted, kept, fresh)
            wanted = step_back(*given)
            expect(student.denoise_step(*given), equals=wanted, dtype=torch.float64, rtol=1e-4)


@check("denoise_step", points=1)
def test_denoise_step_finds_the_picture(student):
    """With the true noise the last step gives back the clean picture, whatever is fresh."""
    x0, noise = random_tensor(3, 1, 4, 3, seed=7), random_tensor(3, 1, 4, 3, seed=8)
    for T in (4, 30):
        kept = schedule(T, 0.02)
        x = noisy(x0, torch.ones(3, dtype=torch.long), noise, kept)
        fresh = random_tensor(3, 1, 4, 3, seed=9)
        says = "Shown the true noise, the last step must give back the clean picture."
        expect(student.denoise_step(x, 1, noise, kept, fresh), equals=x0, rtol=1e-4, says=says)


def drawn(net, words, kept, noise):
    """The whole way back."""
    x = noise[-1]
    for t in range(len(kept) - 1, 0, -1):
        predicted = net(x, torch.full((len(x),), t), words).detach()
        x = step_back(x, t, predicted, kept, noise[t - 1])
    return ((x + 1) / 2).clamp(0, 1)


@check("draw_digits", points=1)
def test_draw_digits_any_steps(student):
    """Other numbers of steps, pictures and pixels."""
    draw = random.Random(6)
    for seed, T in enumerate((1, 3, 6)):
        kept, N = schedule(T, 0.1).float(), draw.randint(1, 4)
        size = (T + 1, N, 1, draw.randint(2, 4), draw.randint(2, 5))
        noise = 0.4 * random_tensor(*size, seed=seed, dtype=torch.float32)
        words = torch.tensor([draw.randint(0, 9) for _ in range(N)])
        told = (0.6, 0.02, 0.01)
        wanted = drawn(noise_witness(*told), words, kept, noise)
        got = student.draw_digits(student.noise_witness(*told), words, kept, noise)
        expect(got, equals=wanted, rtol=1e-3, atol=1e-3)


@check("draw_digits", points=1, trained=True)
def test_draw_digits_right_and_new(student):
    """With the course's net: the digits asked for, no copies, and not all alike."""
    words = torch.arange(10).repeat(EACH)
    noise = random_tensor(STEPS + 1, len(words), 1, 8, 8, seed=11, dtype=torch.float32)
    kept = schedule(STEPS, 0.008).float()
    got = student.draw_digits(student.painter(), words, kept, noise)
    expect_samples(got, words, accuracy=RIGHT, nearest=NEAREST, diversity=DIVERSITY)

"""The nets that draw digits: the one that finds noise, and the variational autoencoder."""

import math

import pytest
import torch
from torch import nn

from utils import training
from utils.data import digits
from utils.nets.diffusion import BATCH, STEPS, WORDS, Denoiser, denoiser, train_denoiser
from utils.nets.vae import vae, vae_loss
from utils.training import train


def test_makers_hang_on_the_seed_alone():
    """Equal weights for equal seeds; the next random number is what it was."""
    for make in (denoiser, vae):
        torch.manual_seed(3)
        wanted = torch.rand(1)
        torch.manual_seed(3)
        nets = [make(seed=seed) for seed in (5, 5, 6)]
        assert torch.equal(torch.rand(1), wanted)
        first, same, other = (nn.utils.parameters_to_vector(net.parameters()) for net in nets)
        assert torch.equal(first, same)
        assert not torch.equal(first, other)


def test_the_denoiser_is_told_the_step_and_the_word():
    """Its answer hangs on the picture, the step and the word of each row, and on no other row."""
    net = denoiser().eval()
    x = torch.randn(2, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    t, words = torch.tensor([3, 40]), torch.tensor([1, 7])
    answer = net(x, t, words)
    assert answer.shape == x.shape
    assert torch.allclose(answer[1:], net(x[1:], t[1:], words[1:]), atol=1e-6)
    assert not torch.allclose(answer, net(x, t.flip(0), words))
    assert not torch.allclose(answer, net(x, t, words.flip(0)))
    assert sum(parameter.numel() for parameter in net.parameters()) == 79_009
    assert len(WORDS) == 10


def test_at_the_last_step_the_noise_is_the_picture_itself():
    """Before any training the error at the last step is nothing; at the first it is large."""
    net, words = Denoiser(), torch.zeros(4, dtype=torch.long)
    x = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    last, first = (net(x, torch.full((4,), t), words) for t in (STEPS, 1))
    assert torch.allclose(last, x, atol=1e-6)
    assert float((first - x).detach().abs().mean()) > 0.5


class Constant(nn.Module):
    """A net of one number, which a training moves."""

    def __init__(self) -> None:
        super().__init__()
        self.number = nn.Parameter(torch.zeros(()))


def test_the_noise_loss_is_shown_batches_steps_and_noise():
    """64 at a time, each picture once an epoch with its word, steps 1 to T, normal noise."""
    seen = []

    def loss(model, *batch):
        seen.append(batch)
        return (model.number - 1) ** 2

    count, model = BATCH + 6, Constant()
    x0 = torch.arange(float(count)).reshape(-1, 1, 1, 1).expand(count, 1, 8, 8)
    words = torch.arange(count) % 10
    losses = train_denoiser(model, x0, words, loss, steps=5, epochs=3, progress=False)
    assert [len(batch[0]) for batch in seen] == [BATCH, 6] * 3
    for epoch in (seen[:2], seen[2:4]):
        numbers = torch.cat([batch[0][:, 0, 0, 0] for batch in epoch])
        assert numbers.sort().values.tolist() == list(range(count))
        assert torch.equal(numbers.long() % 10, torch.cat([batch[1] for batch in epoch]))
    steps = torch.cat([batch[2] for batch in seen])
    assert steps.unique().tolist() == [1, 2, 3, 4, 5]
    noise = torch.cat([batch[3] for batch in seen])
    assert abs(float(noise.mean())) < 0.05
    assert float(noise.std()) == pytest.approx(1, abs=0.05)
    assert len(losses) == 3
    assert losses[0] > losses[-1]
    assert not model.training


def test_what_remains_is_the_running_average():
    """The weights afterwards lie behind the last ones; with an average of 0 they are the last."""

    def loss(model, *_):
        return (model.number - 1) ** 2

    x0, words = torch.zeros(64, 1, 8, 8), torch.zeros(64, dtype=torch.long)
    reached = []
    for average in (0.0, 0.9):
        model = Constant()
        train_denoiser(model, x0, words, loss, epochs=20, lr=0.1, average=average, progress=False)
        reached.append(model.number.item())
    assert 0 < reached[1] < reached[0] - 0.1


def test_training_is_the_same_for_a_seed_and_leaves_other_random_numbers_alone():
    """Two hurried trainings end in equal nets; lengths that differ are refused."""

    def loss(model, x0, words, t, noise):
        return ((model(x0 + noise, t, words) - noise) ** 2).mean()

    x0, words = torch.zeros(70, 1, 8, 8), torch.zeros(70, dtype=torch.long)
    torch.manual_seed(1)
    wanted = torch.rand(1)
    torch.manual_seed(1)
    nets = [denoiser(), denoiser()]
    with training.hurried():
        for net in nets:
            losses = train_denoiser(net, x0, words, loss, epochs=2, progress=False)
    assert torch.equal(torch.rand(1), wanted)
    assert len(losses) == 2
    one, other = (nn.utils.parameters_to_vector(net.parameters()) for net in nets)
    assert torch.equal(one, other)
    with pytest.raises(ValueError, match="as many words"):
        train_denoiser(nets[0], x0, words[:-1], loss)


def test_the_loss_of_a_vae_is_in_nats_per_image():
    """With nothing learned every pixel costs log 2; the cloud's cost has its closed form."""
    net = vae(latent=3)
    images = digits("test")[0][:20]
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
    assert vae_loss(net, images).item() == pytest.approx(64 * math.log(2), rel=1e-5)
    with torch.no_grad():
        net.mean.bias.fill_(2.0)
        net.log_variance.bias.fill_(math.log(4))
    apart = 3 * (4 + 4 - 1 - math.log(4)) / 2
    assert vae_loss(net, images).item() == pytest.approx(64 * math.log(2) + apart, rel=1e-5)


def test_a_vae_learns_a_little_in_two_epochs():
    """Its loss falls, and pictures come out of codes, from 0 to 1."""
    net = vae(latent=2)
    images = digits("train")[0][:256]
    history = train(net, (images,), loss=vae_loss, epochs=2, progress=False)
    assert history.loss[1] < history.loss[0] < 64
    mean, log_variance = net.encode(images[:5])
    assert mean.shape == log_variance.shape == (5, 2)
    decoded = net.decode(mean).detach()
    assert torch.equal(decoded, net(images[:5]))
    assert decoded.shape == (5, 1, 8, 8)
    assert 0 <= float(decoded.min()) <= float(decoded.max()) <= 1

"""Digits as sixteen tokens, and the net that writes them from a word."""

import pytest
import torch
import torch.nn.functional as F

from utils.data import digits
from utils.nets.picture_words import (
    TokenAutoencoder,
    prior,
    prior_loss,
    prompt,
    token_autoencoder,
    token_loss,
    train_prior,
    train_tokens,
)


def nearest(z, codebook):
    """The lesson's function: the nearest code, and the gradient straight through to z."""
    indices = (z[..., None, :] - codebook).square().sum(dim=-1).argmin(dim=-1)
    return z + (codebook[indices] - z).detach(), indices


def test_pictures_and_tokens_have_their_shapes():
    """16 tokens of 0 to 31 for a digit, and a picture of 0 to 1 for the tokens."""
    net, images = token_autoencoder(0, nearest).eval(), digits("test")[0][:5]
    tokens = net.tokens(images)
    assert tokens.shape == (5, 16)
    assert 0 <= tokens.min() <= tokens.max() < 32
    pictures = net.pictures(tokens)
    assert pictures.shape == (5, 1, 8, 8)
    assert 0 <= pictures.min() <= pictures.max() <= 1
    torch.testing.assert_close(net(images)[0], pictures)


def test_a_token_belongs_to_its_place():
    """Row by row: what is changed in the lower right corner changes no token of the upper left."""
    net, images = token_autoencoder(0, nearest).eval(), digits("test")[0][:4].clone()
    before = net.encode(images)
    images[:, :, 6:, 6:] = 1 - images[:, :, 6:, 6:]
    changed = (net.encode(images) - before).abs().sum(dim=-1) > 1e-6
    assert changed[:, 15].all()
    assert not changed[:, [0, 1, 2, 4, 5, 8]].any()


def test_only_pictures_works_without_the_lessons_function():
    """The message says what the net needs."""
    net = TokenAutoencoder()
    assert net.pictures(torch.zeros(1, 16).long()).shape == (1, 1, 8, 8)
    with pytest.raises(ValueError, match=r"needs a function: TokenAutoencoder\(quantise\)"):
        net.tokens(torch.zeros(1, 1, 8, 8))


def test_the_codes_follow_in_training_only():
    """A code that is far from everything starts anew near something; eval() mode moves none."""
    net, images = token_autoencoder(0, nearest), digits("train")[0][:64]
    net.codebook[3] = 1000.0
    before = net.codebook.clone()
    net.eval()(images)
    assert torch.equal(net.codebook, before)
    net.train()(images)
    assert net.codebook[3].abs().max() < 100


def test_a_code_moves_to_the_mean_of_what_it_stands_for():
    """The same vectors again and again: the one code that they chose is their mean."""
    net = token_autoencoder(0, nearest).train()
    z, indices = torch.randn(320, 8), torch.full((320,), 5)
    net._follow(z, indices)
    torch.testing.assert_close(net.codebook[5], z.mean(dim=0), atol=1e-5, rtol=1e-4)


def test_the_loss_is_of_the_pictures_and_of_the_codes():
    """Mean squared differences of both, of the second a quarter; the encoder gets a gradient."""
    net, images = token_autoencoder(0, nearest).eval(), digits("test")[0][:6]
    drawn, z, quantised = net(images)
    wanted = F.mse_loss(drawn, images) + 0.25 * F.mse_loss(z, quantised)
    torch.testing.assert_close(token_loss(net, images), wanted)
    token_loss(net, images).backward()
    assert all(p.grad is not None for p in net.encoder.parameters())


def test_tokens_are_learned():
    """Four epochs take a third off the mean digit's error, and use a good part of the codes."""
    net, images = token_autoencoder(0, nearest), digits("train")[0]
    train_tokens(net, images, epochs=4, progress=False)
    error = F.mse_loss(net.pictures(net.tokens(images)), images)
    assert error < 0.7 * F.mse_loss(images.mean(dim=0).expand_as(images), images)
    assert len(net.tokens(images).unique()) >= 8
    assert not net.training


def test_a_place_is_written_from_the_word_and_the_tokens_before():
    """Later tokens change nothing before them; another word changes all."""
    net, tokens = prior().eval(), torch.arange(15)[None] % 32
    words = torch.tensor([4])
    first = net(words, tokens)
    assert first.shape == (1, 16, 32)
    changed = tokens.clone()
    changed[0, 7] = 30
    again = net(words, changed)
    torch.testing.assert_close(again[:, :8], first[:, :8])
    assert not torch.allclose(again[:, 8], first[:, 8])
    assert not torch.allclose(net(torch.tensor([5]), tokens)[:, 0], first[:, 0])


def test_step_begins_with_nothing_and_takes_words():
    """An empty prefix is allowed; words and their numbers are one; no gradients, eval() mode."""
    net, empty = prior().train(), torch.empty(2, 0).long()
    step = net.step(["three", "nine"])
    logits = step(empty)
    assert logits.shape == (2, 32)
    assert not logits.requires_grad
    assert not net.training
    assert torch.equal(net.step(torch.tensor([3, 9]))(empty), logits)
    prefix = torch.tensor([[1, 2], [3, 4]])
    torch.testing.assert_close(step(prefix), net(torch.tensor([3, 9]), prefix)[:, 2])


def test_a_prompt_of_other_words_is_refused():
    """The message lists the words that the net knows."""
    assert prompt(["zero", "nine"]).tolist() == [0, 9]
    with pytest.raises(ValueError, match=r'zero, one, .*, nine; got "cat"'):
        prompt(["cat"])


def test_the_prior_learns_which_tokens_belong_to_a_word():
    """Two words with a sentence of tokens each: at first about log 32 nats, in the end almost 0."""
    words = torch.tensor([0, 1] * 32)
    tokens = torch.randint(32, (2, 16), generator=torch.Generator().manual_seed(0))[words]
    net = prior(seed=1).eval()
    assert 3 < prior_loss(net, words, tokens).item() < 5
    train_prior(net, words, tokens, epochs=60, progress=False)
    assert prior_loss(net, words, tokens) < 0.2


def test_training_repeats_itself():
    """Equal seeds, equal losses, for both nets, dropout and new codes among what is drawn."""
    images, words = digits("train")
    images, words = images[:70], words[:70]
    tokens = torch.arange(70 * 16).reshape(70, 16) * 7 % 32
    for train, make, data in (
        (train_tokens, lambda: token_autoencoder(0, nearest), (images,)),
        (train_prior, prior, (words, tokens)),
    ):
        losses = [train(make(), *data, epochs=2, seed=4, progress=False) for _ in range(2)]
        assert losses[0] == losses[1]

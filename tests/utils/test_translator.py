"""The transformer that translates, and the parts that it is made of."""

import math

import pytest
import torch

from utils.nets.transformer import Block, MultiHead, torch_attention, torch_causal_mask, waves
from utils.nets.translator import (
    Translator,
    train_translator,
    translation_loss,
    translator,
)
from utils.number_words import KOREAN, START, encode, number_pairs


def plain_attention(q, k, v, mask=None):
    """Attention as a lesson writes it."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ v, weights


def test_torch_attention_is_attention_with_its_weights():
    """Values and weights as written out, with more keys than queries and a mask a sentence."""
    torch.manual_seed(0)
    q, k, v = torch.randn(2, 3, 4, 6), torch.randn(2, 3, 5, 6), torch.randn(2, 3, 5, 2)
    mask = torch.tensor([[1, 1, 0, 1, 0], [0, 1, 1, 1, 1]]).bool()[:, None, None]
    for given, wanted in zip(
        torch_attention(q, k, v, mask), plain_attention(q, k, v, mask), strict=True
    ):
        torch.testing.assert_close(given, wanted)


def test_torch_causal_mask_lets_a_place_look_back():
    """True on the diagonal and below."""
    assert torch_causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True] * 3]


def test_waves_are_sines_and_cosines_side_by_side():
    """Number 2i of place p is sin(p / 10,000^(2i / width)), number 2i + 1 the cosine."""
    found = waves(5, 6)
    assert found.shape == (5, 6)
    assert found[3, 2].item() == pytest.approx(math.sin(3 / 10_000 ** (2 / 6)))
    assert found[4, 5].item() == pytest.approx(math.cos(4 / 10_000 ** (4 / 6)), abs=1e-6)


def test_heads_are_slices_of_the_last_axis():
    """The same as each head by hand, with matrices applied as x @ W.T."""
    torch.manual_seed(0)
    layer, x, memory = MultiHead(6, 2), torch.randn(2, 3, 6), torch.randn(2, 4, 6)
    q, k, v = x @ layer.query.weight.T, memory @ layer.key.weight.T, memory @ layer.value.weight.T
    parts = [
        plain_attention(q[..., part], k[..., part], v[..., part])[0]
        for part in (slice(0, 3), slice(3, 6))
    ]
    torch.testing.assert_close(layer(x, memory), torch.cat(parts, dim=-1) @ layer.out.weight.T)
    assert layer.weights.shape == (2, 2, 3, 4)


def test_heads_of_unequal_width_are_refused():
    """Seven numbers cannot be cut into two heads."""
    with pytest.raises(ValueError, match="7 numbers cannot be cut into 2"):
        MultiHead(7, 2)


def test_dropout_acts_in_training_only():
    """Two passes through a block differ in train() mode and are equal in eval() mode."""
    torch.manual_seed(0)
    block, x = Block(8, 2, 8, dropout=0.5), torch.randn(1, 3, 8)
    assert not torch.equal(block(x), block(x))
    block.eval()
    assert torch.equal(block(x), block(x))


def test_the_lessons_attention_and_mask_are_used():
    """The same answers as torch's, and both functions are asked."""
    asked = []

    def attention(q, k, v, mask=None):
        asked.append(q.shape)
        return plain_attention(q, k, v, mask)

    def causal_mask(length):
        asked.append(length)
        return torch_causal_mask(length)

    _, source, target = number_pairs(3)
    net, own = translator(), Translator(attention, causal_mask)
    own.load_state_dict(net.state_dict())
    torch.testing.assert_close(own(source, target), net(source, target))
    assert asked.count(5) == 1
    assert asked.count((3, 4, 5, 16)) == 4  # two layers: to itself and to the source
    assert asked.count((3, 4, 7, 16)) == 2


def test_a_word_is_chosen_by_what_stands_before_it_only():
    """Another word later in the prefix changes no earlier logit; what fills a source up neither."""
    net, (_, source, target) = translator().eval(), number_pairs(4)
    first = net(source, target)
    changed = target.clone()
    changed[:, 3] = (changed[:, 3] + 1) % len(KOREAN)
    again = net(source, changed)
    torch.testing.assert_close(again[:, :3], first[:, :3])
    assert not torch.allclose(again[:, 3], first[:, 3])
    short = encode(["two hundred"], ["<end>", "<start>", "two", "hundred"], 3)
    longer = torch.cat((short, torch.tensor([[7, 9, 0, 0]])), dim=1)
    start = torch.tensor([[START]])
    torch.testing.assert_close(net(longer, start), net(short, start))


def test_without_positions_the_order_of_the_source_plays_no_part():
    """Words exchanged: the same logits without positions, others with them."""
    source, exchanged = torch.tensor([[4, 31, 5, 30, 0]]), torch.tensor([[5, 31, 4, 30, 0]])
    start = torch.tensor([[START]])
    for positions in (True, False):
        net = translator(positions=positions).eval()
        same = torch.allclose(net(source, start), net(exchanged, start), atol=1e-6)
        assert same is not positions


def test_step_continues_prefixes_without_gradients():
    """The logits are those of the prefix's last place, and the net is asked in eval() mode."""
    net, (_, source, target) = translator(), number_pairs(3)
    step = net.train().step(source)
    logits = step(target[:, :2])
    assert not net.training
    assert not logits.requires_grad
    torch.testing.assert_close(logits, net(source, target[:, :2])[:, -1])


def test_watched_is_where_the_decoder_looked():
    """(N, heads, L, M); rows sum to 1, nothing on what fills a sentence up."""
    net = translator()
    with pytest.raises(ValueError, match="nothing was watched"):
        _ = net.watched
    source = encode(["two"], ["<end>", "<start>", "two"], 4)
    net(source, torch.tensor([[START, 5]]))
    assert net.watched.shape == (1, 4, 2, 4)
    torch.testing.assert_close(net.watched.sum(dim=-1), torch.ones(1, 4, 2))
    assert net.watched[..., 2:].max() == 0  # "two" and its end may be looked at


def test_the_loss_counts_words_and_the_first_end():
    """Mean −log p in nats of three tokens out of five, each seen with the right words before it."""
    net = translator().eval()
    source, target = torch.tensor([[4, 30, 0]]), torch.tensor([[5, 9, 0, 0, 0]])
    logits = net(source, torch.tensor([[START, 5, 9]]))[0]
    wanted = -logits.log_softmax(dim=1)[torch.arange(3), target[0, :3]].mean()
    torch.testing.assert_close(translation_loss(net, source, target), wanted)


def test_training_repeats_itself_and_learns():
    """Equal seeds, equal losses; sixteen sentences are all but learned by heart in sixty steps."""
    _, source, target = number_pairs(16)
    losses = [
        train_translator(net, source, target, epochs=2, seed=1, progress=False)
        for net in (translator(seed=5), translator(seed=5))
    ]
    assert losses[0] == losses[1]
    assert losses[0][0] > 2.5  # log 39 = 3.66 for a guess
    net = translator(seed=5)
    assert train_translator(net, source, target, epochs=60, seed=1, progress=False)[-1] < 0.5
    assert not net.training

"""The transformer that translates, and the parts that it is made of."""

import math

import pytest
import torch

from utils.nets.transformer import Block, MultiHead, waves
from utils.nets.translator import (
    Translator,
    train_translator,
    translation_loss,
    translator,
)
from utils.number_words import KOREAN, START, encode, number_pairs


def plain_heads(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    """Attention of several heads as a lesson writes it, and where each looks."""
    q, k, v = (
        (given @ W.T).unflatten(2, (heads, -1)).transpose(1, 2)
        for given, W in ((x, W_q), (memory, W_k), (memory, W_v))
    )
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return (weights @ v).transpose(1, 2).flatten(2) @ W_o.T, weights


def test_waves_are_sines_and_cosines_side_by_side():
    """Number 2i of place p is sin(p / 10,000^(2i / width)), number 2i + 1 the cosine."""
    found = waves(5, 6)
    assert found.shape == (5, 6)
    assert found[3, 2].item() == pytest.approx(math.sin(3 / 10_000 ** (2 / 6)))
    assert found[4, 5].item() == pytest.approx(math.cos(4 / 10_000 ** (4 / 6)), abs=1e-6)


MASKS = {
    "no mask": None,
    "one of a sentence": torch.tensor([[1, 1, 0, 1], [0, 1, 1, 1]]).bool()[:, None, None],
    "one for all": torch.ones(3, 4).tril().bool(),
}


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)
def test_heads_are_slices_of_the_last_axis(mask):
    """torch's function gives what each head gives by hand, and tells where it looked."""
    torch.manual_seed(0)
    layer, x, memory = MultiHead(6, 2), torch.randn(2, 3, 6), torch.randn(2, 4, 6)
    matrices = (part.weight for part in (layer.query, layer.key, layer.value, layer.out))
    wanted, weights = plain_heads(x, memory, *matrices, 2, mask)
    torch.testing.assert_close(layer(x, memory, mask), wanted)
    torch.testing.assert_close(layer.weights, weights)


def test_heads_that_were_not_called_have_looked_nowhere():
    """There are no weights before the first call."""
    with pytest.raises(ValueError, match="nobody has looked"):
        _ = MultiHead(6, 2).weights


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


def test_the_lessons_heads_and_mask_are_used():
    """The same answers as torch's, both functions are asked, and the map is the same."""
    asked = []

    def multi_head(x, memory, *matrices_heads_mask):
        asked.append((x.shape, memory.shape))
        return plain_heads(x, memory, *matrices_heads_mask)[0]

    def causal_mask(length):
        asked.append(length)
        return torch.ones(length, length).tril().bool()

    _, source, target = number_pairs(3)
    net, own = translator(), Translator(multi_head, causal_mask)
    own.load_state_dict(net.state_dict())
    torch.testing.assert_close(own(source, target), net(source, target))
    torch.testing.assert_close(own.watched, net.watched)
    assert asked.count(5) == 1
    assert asked.count(((3, 7, 64), (3, 7, 64))) == 2  # two layers of the encoder
    assert asked.count(((3, 5, 64), (3, 7, 64))) == 2  # the decoder's, to the source


def test_heads_without_a_mask_of_their_own_are_refused():
    """torch's causal mask is of another kind than a lesson's: both are given, or none."""
    with pytest.raises(ValueError, match="both multi_head and causal_mask"):
        Translator(multi_head=plain_heads)


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
    with pytest.raises(ValueError, match="nobody has looked"):
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

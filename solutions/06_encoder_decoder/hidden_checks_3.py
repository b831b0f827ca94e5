"""Hidden checks of lesson 06, notebook 3: settings and numbers that nobody can have prepared for.

The titles are shown to students, so they name the property and not the data.
"""

import random

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import Mismatch, expect, expect_gradients, expect_tuple, expect_written_out
from utils.expect_samples import expect_samples
from utils.number_words import END, START, number_pairs

# What the course's nets must reach with the lesson's functions; over many draws all lie 4 sd above.
SENTENCES, TRANSLATED = 200, 0.95  # share of sentences right in every word
EACH, TEMPERATURE = 20, 0.7
ACCURACY, NEAREST, DIVERSITY = 0.88, 0.95, 0.65

ATTENTIONS = ("scaled_dot_product", "MultiheadAttention", "multi_head_attention_forward")
READY_MADE = (
    "The numbers are right, but a ready-made attention worked them out. "
    "Use the one that you have written."
)


def random_tensor(*shape: int, seed: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    """Numbers around zero, the same at every call."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def some_looks(*shape: int, seed: int) -> torch.Tensor:
    """A random mask of which every row lets one through at least."""
    draw = torch.Generator().manual_seed(seed)
    mask = torch.rand(shape, generator=draw) < 0.5
    first = torch.randint(shape[-1], shape[:-1], generator=draw)
    return mask.scatter(-1, first[..., None], True)


def looked(q, k, v, mask=None):
    """Values and weights, by way of torch's own attention."""
    one = torch.eye(k.shape[-2], dtype=k.dtype).expand(*k.shape[:-1], k.shape[-2])
    weights = F.scaled_dot_product_attention(q, k, one, mask)
    return F.scaled_dot_product_attention(q, k, v, mask), weights


@check("attention", points=1)
def test_attention_any_size(student):
    """Any number of axes, places and widths, large scores, with and without a mask."""
    draw = random.Random(1)
    for seed, batch in enumerate([(), (3,), (2, 4), (1, 2, 2)]):
        L, M, d, d_v = (draw.randint(1, 5) for _ in range(4))
        q = random_tensor(*batch, L, d, seed=seed) * (1, 100, 1, 3)[seed]
        k, v = random_tensor(*batch, M, d, seed=seed + 10), random_tensor(*batch, M, d_v, seed=seed)
        expect(student.attention(q, k, v), equals=looked(q, k, v), dtype=torch.float64)
        for mask in (some_looks(*batch, L, M, seed=seed), some_looks(1, M, seed=seed + 5)):
            wanted = looked(q, k, v, mask)
            got = student.attention(q, k, v, mask)
            expect(got, equals=wanted, dtype=torch.float64)


@check("attention", points=0.5)
def test_attention_gradients(student):
    """Autograd reaches queries, keys and values, also behind a mask."""
    q, k, v = (random_tensor(2, n, 3, seed=n) for n in (4, 5, 5))
    expect_gradients(student.attention, q, k, v, reference=looked, wrt=(0, 1, 2))
    mask = some_looks(4, 5, seed=6)
    expect_gradients(student.attention, q, k, v, mask=mask, reference=looked, wrt=(0, 1, 2))


@check("causal_mask", points=1)
def test_causal_mask_any_size(student):
    """Masks of several lengths."""
    for L in (3, 2, 7, 12):
        wanted = torch.tensor([[j <= i for j in range(L)] for i in range(L)])
        expect(student.causal_mask(L), equals=wanted, dtype=torch.bool)


def several_heads(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    """Head by head, with torch's attention."""
    size, L, M = x.shape[-1] // heads, x.shape[1], memory.shape[1]
    full = None if mask is None else mask.expand(len(x), heads, L, M)
    parts = []
    for h in range(heads):
        rows = slice(h * size, (h + 1) * size)
        q, k, v = x @ W_q[rows].T, memory @ W_k[rows].T, memory @ W_v[rows].T
        look = None if full is None else full[:, h]
        parts.append(F.scaled_dot_product_attention(q, k, v, look))
    return torch.cat(parts, dim=-1) @ W_o.T


def head_inputs(N: int, L: int, M: int, d: int, *, seed: int) -> list[torch.Tensor]:
    """x, the memory and the four matrices, in float64."""
    shapes = ((N, L, d), (N, M, d), *[(d, d)] * 4)
    return [random_tensor(*shape, seed=seed + 10 * n) for n, shape in enumerate(shapes)]


@check("multi_head", points=1)
def test_multi_head_any_size(student):
    """Batches, lengths, widths and heads of many sizes, with masks for all and for each."""
    settings = ((2, 3, 4, 6, 3), (3, 1, 2, 4, 4), (1, 4, 1, 6, 2), (2, 2, 5, 8, 1))
    for seed, (N, L, M, d, heads) in enumerate(settings):
        given = head_inputs(N, L, M, d, seed=seed)
        wanted = several_heads(*given, heads)
        expect(student.multi_head(*given, heads), equals=wanted, dtype=torch.float64)
        for shape in ((L, M), (N, 1, 1, M), (N, heads, L, M)):
            mask = some_looks(*shape, seed=seed)
            wanted = several_heads(*given, heads, mask)
            expect(student.multi_head(*given, heads, mask), equals=wanted, dtype=torch.float64)


@check("multi_head", points=1)
def test_multi_head_gradients(student):
    """Autograd reaches both inputs and all four matrices."""
    given = head_inputs(2, 3, 2, 4, seed=7)
    expect_gradients(student.multi_head, *given, 2, reference=several_heads, wrt=tuple(range(6)))


@check("multi_head", points=0.5)
def test_multi_head_written_out(student):
    """Without a ready-made attention."""
    given = (*head_inputs(2, 2, 3, 4, seed=8), 2)
    wanted, without, says = several_heads(*given), ATTENTIONS, READY_MADE
    expect_written_out(student.multi_head, *given, equals=wanted, without=without, says=says)


def counted(start: list[int], end: int, longest: int) -> tuple[torch.Tensor, int]:
    """What `counting_step` leads to, and how often it is asked."""
    rows, asked = [], 0
    for first in start:
        row, total = [], first
        while len(row) < longest and end not in row:
            row.append(min(total + 1, end))
            total += row[-1]
        asked = max(asked, len(row))
        rows.append(row + [end] * (longest - len(row)))
    return torch.tensor(rows), asked


@check("greedy_decode", points=1)
def test_greedy_decode_any_sentences(student):
    """Many starts, ends and lengths; nobody is asked again when all have ended."""
    draw = random.Random(2)
    for _ in range(6):
        end, longest = draw.randint(4, 40), draw.randint(1, 9)
        start = [draw.randrange(end) for _ in range(draw.randint(1, 4))]
        wanted, asked = counted(start, end, longest)
        step = student.counting_step(end)
        got = student.greedy_decode(step, torch.tensor(start), end, longest)
        expect(got, equals=wanted, dtype=torch.int64)
        says = "Every sentence had had its end, and you went on asking: stop there."
        expect(step.asked, equals=asked, says=says)


@check("greedy_decode", points=1, trained=True)
def test_greedy_decode_translates(student):
    """The course's translator, decoded by the student, translates numbers unknown to it."""
    _, source, target = number_pairs(SENTENCES, start=5000)
    start = torch.full((SENTENCES,), START)
    step = student.translator().step(source)
    got = student.greedy_decode(step, start, END, target.shape[1])
    expect(got, shape=tuple(target.shape), dtype=torch.int64)
    right = float((got == target).all(dim=1).float().mean())
    if right < TRANSLATED:
        said = "With your decoding the course's translator is right too rarely."
        raise Mismatch(said, f"at least {TRANSLATED:.0%} of the sentences right", f"{right:.0%}")


def patches_of(x: torch.Tensor, P: int) -> torch.Tensor:
    """The patches, by way of torch's own windows."""
    return F.unfold(x, P, stride=P).transpose(1, 2)


@check("patchify", points=1)
def test_patchify_any_size(student):
    """Pictures of many sizes, several channels, patches of one pixel up to the whole picture."""
    draw = random.Random(3)
    for seed in range(6):
        N, C, P = draw.randint(1, 3), draw.randint(1, 4), draw.randint(1, 4)
        x = random_tensor(N, C, P * draw.randint(1, 3), P * draw.randint(1, 4), seed=seed)
        expect(student.patchify(x, P), equals=patches_of(x, P), dtype=torch.float64)


@check("patchify", points=0.5)
def test_patchify_gradients(student):
    """Autograd reaches the pixels."""
    x = random_tensor(2, 2, 4, 6, seed=9)
    expect_gradients(student.patchify, x, 2, reference=patches_of, wrt=(0,))


def pictures_of(patches: torch.Tensor, P: int, H: int, W: int) -> torch.Tensor:
    """The pictures, by way of torch's own windows."""
    return F.fold(patches.transpose(1, 2), (H, W), P, stride=P)


@check("unpatchify", points=1)
def test_unpatchify_any_size(student):
    """Pictures of many sizes, several channels, patches of one pixel up to the whole picture."""
    draw = random.Random(4)
    for seed in range(6):
        N, C, P = draw.randint(1, 3), draw.randint(1, 4), draw.randint(1, 4)
        x = random_tensor(N, C, P * draw.randint(1, 3), P * draw.randint(1, 4), seed=seed)
        got = student.unpatchify(patches_of(x, P), P, *x.shape[2:])
        expect(got, equals=x, dtype=torch.float64)


@check("unpatchify", points=0.5)
def test_unpatchify_gradients(student):
    """Autograd reaches the patches."""
    patches = random_tensor(2, 6, 8, seed=10)
    expect_gradients(student.unpatchify, patches, 2, 4, 6, reference=pictures_of, wrt=(0,))


def hidden_error(predicted, patches, hidden):
    """The mean over the hidden patches' numbers, number by number."""
    squares = ((predicted - patches) ** 2).mean(dim=-1)
    return torch.stack(list(squares[hidden])).mean()


@check("masked_loss", points=1)
def test_masked_loss_any_size(student):
    """Many sizes and shares, another number of hidden patches in every picture."""
    draw = random.Random(5)
    for seed in range(5):
        N, L, D = draw.randint(1, 4), draw.randint(2, 7), draw.randint(1, 5)
        given = [random_tensor(N, L, D, seed=seed + n) for n in (0, 30)]
        hidden = some_looks(N, L, seed=seed)
        wanted = hidden_error(*given, hidden)
        got = student.masked_loss(*given, hidden)
        expect(got, equals=wanted, shape=(), dtype=torch.float64)


@check("masked_loss", points=0.5)
def test_masked_loss_gradients(student):
    """Autograd reaches what was predicted, and nothing comes from the visible patches."""
    given = (random_tensor(2, 4, 3, seed=11), random_tensor(2, 4, 3, seed=12))
    hidden = torch.tensor([[True, False, False, True], [False, True, False, False]])
    expect_gradients(student.masked_loss, *given, hidden, reference=hidden_error, wrt=(0,))


@check("quantise", points=1.5)
def test_quantise_any_size(student):
    """Many codes and codebooks, large numbers and small ones."""
    draw = random.Random(6)
    for seed, scale in enumerate((1, 0.01, 100, 5)):
        N, L, d, K = (draw.randint(1, 6) for _ in range(4))
        z = scale * random_tensor(N, L, d, seed=seed)
        codebook = scale * random_tensor(K + 1, d, seed=seed + 20)
        indices = torch.cdist(
            z, codebook.expand(N, -1, -1), compute_mode="donot_use_mm_for_euclid_dist"
        )
        indices = indices.argmin(dim=-1)
        got = expect_tuple(student.quantise(z, codebook), 2)
        expect(got[0], equals=codebook[indices], dtype=torch.float64)
        expect(got[1], equals=indices, dtype=torch.int64)


@check("quantise", points=1)
def test_quantise_past_the_step(student):
    """Whatever gradient comes from behind reaches z as it is."""
    z, codebook = random_tensor(3, 2, 4, seed=13), random_tensor(5, 4, seed=14)
    expect_gradients(student.quantise, z, codebook, reference=lambda z, codebook: 1 * z, wrt=(0,))


def drawn(rows: torch.Tensor, length: int, temperature: float, luck: torch.Tensor) -> torch.Tensor:
    """What `chain_step(rows)` leads to, token by token."""
    tokens = []
    for numbers in luck.tolist():
        row: list[int] = []
        for place in range(length):
            chances = (rows[sum(row) % len(rows)] / temperature).softmax(dim=0).tolist()
            total, token = chances[0], 0
            while total <= numbers[place] and token < len(chances) - 1:
                token += 1
                total += chances[token]
            row.append(token)
        tokens.append(row)
    return torch.tensor(tokens)


@check("sample_tokens", points=1)
def test_sample_tokens_any_size(student):
    """Many vocabularies, lengths and temperatures."""
    draw = random.Random(7)
    for seed in range(6):
        N, V, length = draw.randint(1, 4), draw.randint(2, 7), draw.randint(1, 6)
        rows = 2 * random_tensor(draw.randint(2, 5), V, seed=seed)
        luck = torch.rand(N, length, generator=torch.Generator().manual_seed(seed)).double()
        temperature = draw.choice([0.3, 0.7, 1.0, 1.5])
        got = student.sample_tokens(student.chain_step(rows), length, temperature, luck)
        expect(got, equals=drawn(rows, length, temperature, luck), dtype=torch.int64)


@check("sample_tokens", points=1, trained=True)
def test_sample_tokens_draws(student):
    """A word in, that digit out: right, new and of many kinds, with the course's nets."""
    words = torch.arange(10).repeat(EACH)
    luck = torch.rand(len(words), 16, generator=torch.Generator().manual_seed(61))
    tokens = student.sample_tokens(student.prior().step(words), 16, TEMPERATURE, luck)
    expect(tokens, shape=(len(words), 16), dtype=torch.int64)
    pictures = student.token_net().pictures(tokens)
    expect_samples(pictures, words, accuracy=ACCURACY, nearest=NEAREST, diversity=DIVERSITY)

"""Public checks of lesson 06, notebook 3. The examples are small enough for a pencil."""

import math

import torch

from utils.checks import check
from utils.expect import (
    Mismatch,
    expect,
    expect_gradients,
    expect_same_on_device,
    expect_tuple,
    expect_written_out,
)
from utils.invoke import How

# Scores of the two queries with the three keys: log of 3, 1, 2 and of 1, 5, 2.
Q = torch.tensor([[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0]])
K = torch.tensor(
    [
        [math.log(3), 0.0, 7.0, -1.0],
        [0.0, math.log(5), -3.0, 2.0],
        [math.log(2), math.log(2), 0.0, 4.0],
    ]
)
V = torch.tensor([[8.0, 0.0], [0.0, 24.0], [24.0, 48.0]])
ANSWER = ([[12, 20], [7, 27]], [[3 / 6, 1 / 6, 2 / 6], [1 / 8, 5 / 8, 2 / 8]])
MASK = torch.tensor([[True, True, False], [True, False, True]])
MASKED = ([[6, 6], [56 / 3, 32]], [[3 / 4, 1 / 4, 0], [1 / 3, 0, 2 / 3]])

# Two heads, each with a width of 1: `swap` and `double` tell the four matrices apart.
SWAP, DOUBLE = torch.tensor([[0.0, 1.0], [1.0, 0.0]]), torch.tensor([[2.0, 0.0], [0.0, 1.0]])
SLANT = torch.tensor([[1.0, 1.0], [0.0, 1.0]])
X = torch.tensor([[[1.0, 2.0], [0.0, 1.0]], [[-1.0, 0.0], [2.0, 1.0]]])
MEMORY = torch.tensor([[[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]], [[0.0, 1.0], [2.0, 0.0], [-1.0, 1.0]]])

HEADS = torch.tensor(
    [[[1.5045, 3.0797], [1.5317, 2.5317]], [[1.0, 1.4239], [1.9772, 2.9138]]]  # two of them
)
# One sentence of three words, four numbers a word, in which nobody looks ahead; by heads.
WORDS = torch.tensor([[[1.0, -1.0, 0.0, 2.0], [0.0, 1.0, 1.0, -1.0], [2.0, 0.0, -1.0, 1.0]]])
FIRST = [2.0, 1.0, -0.5, 0.0]  # sees itself only, however many heads there are
LOOKED_BACK = {
    2: [[FIRST, [1.6089, 0.3302, 0.5046, 0.2934], [0.4435, 1.0, 0.9152, 1.1005]]],
    4: [[FIRST, [1.9051, 0.2689, 0.25, 1.0966], [0.2553, 1.5752, 0.9762, 0.5]]],
    1: [[FIRST, [1.2449, 0.6225, 0.0663, 0.5663], [0.4595, 0.5541, 0.9473, 1.0581]]],
}

# Two pictures of two channels with 4×6 numbers, each of which tells where it stands.
PICTURES = (
    torch.tensor([0.0, 1000.0]).reshape(2, 1, 1, 1)
    + torch.tensor([0.0, 100.0]).reshape(2, 1, 1)
    + torch.tensor([0.0, 10.0, 20.0, 30.0]).reshape(4, 1)
    + torch.arange(6.0)
)
PATCH = torch.tensor([0.0, 1.0, 10.0, 11.0, 100.0, 101.0, 110.0, 111.0])
CORNERS = torch.tensor([0.0, 2.0, 4.0, 20.0, 22.0, 24.0])
CUT = torch.tensor([0.0, 1000.0]).reshape(2, 1, 1) + CORNERS.reshape(6, 1) + PATCH

# The nearest row is neither that with the largest product nor always the one fewest steps along
# the axes away; the third code lies in the middle of two rows.
CODEBOOK = torch.tensor([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [9.0, 9.0]])
CODES = torch.tensor([[[3.0, 1.0], [1.0, 1.5], [2.0, 0.0]], [[0.5, 3.0], [5.25, 5.5], [-1.0, 0.0]]])
NEAREST = ([[[4, 0], [0, 0], [0, 0]], [[0, 4], [9, 9], [0, 0]]], [[1, 0, 0], [2, 3, 0]])

ATTENTIONS = ("scaled_dot_product", "MultiheadAttention", "multi_head_attention_forward")
READY_MADE = (
    "The numbers are right, but a ready-made attention worked them out. "
    "Write the scores, the softmax and the weighted mean yourself."
)
ON_AND_ON = "Every sentence had had its end after five steps, and you went on: stop there."


@check("attention", points=1)
def test_attention_by_hand(student):
    """Two queries and three keys: weights of 3 : 1 : 2 and of 1 : 5 : 2."""
    expect(student.attention(Q, K, V), equals=ANSWER, rtol=1e-4, atol=1e-5)


@check("attention", points=0.5)
def test_attention_masked(student):
    """The same with one memory out of sight of each query; then one out of sight of both."""
    expect(student.attention(Q, K, V, MASK), equals=MASKED, rtol=1e-4, atol=1e-5)
    got = student.attention(Q, K, V, mask=torch.tensor([True, True, False]))
    wanted = ([[6, 6], [8 / 6, 20]], [[3 / 4, 1 / 4, 0], [1 / 6, 5 / 6, 0]])
    expect(got, equals=wanted, rtol=1e-4, atol=1e-5)


@check("attention", points=0.5)
def test_attention_written_out(student):
    """Written out: scores, softmax, weighted mean."""
    without, says = ATTENTIONS, READY_MADE
    expect_written_out(student.attention, Q, K, V, equals=ANSWER, without=without, says=says)


@check("attention", points=0.5)
def test_attention_device(student):
    """Runs where its input lives, the mask with it."""
    expect_same_on_device(student.attention, Q, K, V, MASK, equals=MASKED)


@check("causal_mask", points=1)
def test_causal_mask_by_hand(student):
    """Four places: nobody looks ahead, everybody at itself; then a single place."""
    looks = [[True, False, False, False], [True, True, False, False]]
    looks += [[True, True, True, False], [True, True, True, True]]
    got = student.causal_mask(4)
    expect(got, equals=torch.tensor(looks), dtype=torch.bool)
    expect(student.causal_mask(1), equals=torch.tensor([[True]]), dtype=torch.bool)


@check("multi_head", points=1)
def test_multi_head_by_hand(student):
    """Two sentences, two heads of one number each, four different matrices."""
    given = (X, MEMORY, SWAP, DOUBLE, SLANT, SLANT.T)
    expect(student.multi_head(*given, 2), equals=HEADS, dtype=torch.float32, rtol=1e-4, atol=1e-4)
    one = torch.eye(2)
    memory = torch.tensor([[[math.log(3), 0.0], [0.0, math.log(7)]]])
    got = student.multi_head(torch.ones(1, 1, 2), memory, one, one, one, one, 2)
    wanted = [[[0.75 * math.log(3), 0.875 * math.log(7)]]]
    expect(got, equals=wanted, rtol=1e-4, atol=1e-5)


@check("multi_head", points=1)
def test_multi_head_masked(student):
    """Two heads of two numbers each; nobody looks ahead."""
    turn = torch.eye(4).roll(1, dims=0)
    tilt = torch.eye(4) + torch.ones(4, 4).tril(-1) / 2
    given, mask = (WORDS, WORDS, turn, torch.eye(4), tilt, turn), torch.ones(3, 3).tril().bool()
    for heads, wanted in LOOKED_BACK.items():
        got = student.multi_head(*given, heads, mask=mask)
        expect(got, equals=wanted, rtol=1e-4, atol=1e-4)


@check("multi_head", points=0.5)
def test_multi_head_device(student):
    """Runs where its input lives."""
    given = (X, MEMORY, SWAP, DOUBLE, SLANT, SLANT.T, 2)
    expect_same_on_device(student.multi_head, *given, equals=HEADS, atol=1e-4)


@check("greedy_decode", points=1)
def test_greedy_decode_by_hand(student):
    """Three sentences that end after four, three and five tokens; six are wanted."""
    step = student.counting_step(9)
    got = student.greedy_decode(step, torch.tensor([1, 3, 0]), 9, 6)
    wanted = torch.tensor([[2, 4, 8, 9, 9, 9], [4, 8, 9, 9, 9, 9], [1, 2, 4, 8, 9, 9]])
    expect(got, equals=wanted, dtype=torch.int64)
    expect(step.asked, equals=5, says=ON_AND_ON)


@check("greedy_decode", points=0.5)
def test_greedy_decode_too_short(student):
    """Fewer tokens are wanted than the sentences would have; then a single one."""
    step = student.counting_step(20)
    got = student.greedy_decode(step, torch.tensor([2, 0]), 20, 3)
    expect(got, equals=torch.tensor([[3, 6, 12], [1, 2, 4]]), dtype=torch.int64)
    got = student.greedy_decode(student.counting_step(4), torch.tensor([1, 3]), 4, 1)
    expect(got, equals=torch.tensor([[2], [4]]))


@check("greedy_decode", points=0.5)
def test_greedy_decode_device(student):
    """Runs where its input lives."""
    wanted = torch.tensor([[2, 4, 8, 9, 9], [4, 8, 9, 9, 9]])
    step, start = student.counting_step(9), torch.tensor([1, 3])
    expect_same_on_device(student.greedy_decode, step, start, 9, 5, equals=wanted)


@check("patchify", points=1)
def test_patchify_by_hand(student):
    """Two pictures of 4×6 pixels with two channels, in patches of 2×2."""
    expect(student.patchify(PICTURES, 2), equals=CUT, dtype=torch.float32)
    row = torch.tensor([[[[0.0, 1.0, 2.0, 3.0], [10.0, 11.0, 12.0, 13.0]]]])
    expect(student.patchify(row, 2), equals=[[[0, 1, 10, 11], [2, 3, 12, 13]]])


@check("patchify", points=0.5)
def test_patchify_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.patchify, PICTURES, 2, equals=CUT)


@check("unpatchify", points=1)
def test_unpatchify_by_hand(student):
    """Two pictures of 4×6 pixels with two channels, from patches of 2×2."""
    expect(student.unpatchify(CUT, 2, 4, 6), equals=PICTURES, dtype=torch.float32)
    patches = torch.tensor([[[0.0, 1.0, 10.0, 11.0], [2.0, 3.0, 12.0, 13.0]]])
    expect(student.unpatchify(patches, 2, 2, 4), equals=[[[[0, 1, 2, 3], [10, 11, 12, 13]]]])


@check("unpatchify", points=0.5)
def test_unpatchify_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.unpatchify, CUT, 2, 4, 6, equals=PICTURES)


HIDDEN = torch.tensor([[True, False, True, False], [False, False, True, False]])
TRUE = torch.tensor([[[1.0, 0.0], [2.0, 2.0], [0.0, 3.0], [5.0, 5.0]],
                     [[4.0, 0.0], [0.0, 4.0], [1.0, 1.0], [0.0, 0.0]]])  # fmt: skip
GUESS = torch.tensor([[[2.0, 3.0], [9.0, 2.0], [2.0, 2.0], [5.0, 0.0]],
                      [[4.0, 8.0], [1.0, 4.0], [4.0, -1.0], [7.0, 0.0]]])  # fmt: skip


@check("masked_loss", points=1)
def test_masked_loss_by_hand(student):
    """Three hidden patches of two numbers: (1 + 9 + 4 + 1 + 9 + 4) / 6."""
    got = student.masked_loss(GUESS, TRUE, HIDDEN)
    expect(got, equals=28 / 6)
    expect(got, shape=(), dtype=torch.float32)


@check("masked_loss", points=0.5)
def test_masked_loss_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.masked_loss, GUESS, TRUE, HIDDEN, equals=28 / 6)


@check("quantise", points=1)
def test_quantise_by_hand(student):
    """Six codes and four rows; where two rows are as near, the first."""
    got = student.quantise(CODES, CODEBOOK)
    wanted = (NEAREST[0], torch.tensor(NEAREST[1]))
    expect(got, equals=wanted)


@check("quantise", points=1)
def test_quantise_gradient(student):
    """The gradient goes past the step unchanged, and not into the codebook."""
    expect_gradients(student.quantise, CODES, CODEBOOK, reference=straight_through, wrt=(0,))
    found = student.quantise._invoke(How.GRADIENTS, (CODES, CODEBOOK), {}).value
    if expect_tuple(found, 2)[1] is not None:
        says = "A gradient reaches the codebook, too: what carries z to its row is a constant."
        raise Mismatch(says, "none", "a gradient")


@check("quantise", points=0.5)
def test_quantise_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.quantise, CODES, CODEBOOK, equals=NEAREST)


def straight_through(z, codebook):
    """As far as gradients go, nothing happens."""
    return z * 1


# The temperature 0.5 squares the chances: 1 : 4 : 4, then 1 : 16 : 1, 4 : 4 : 1 and 1 : 1 : 9.
CHANCES = [[1.0, 2.0, 2.0], [1.0, 4.0, 1.0], [2.0, 2.0, 1.0], [1.0, 1.0, 3.0]]
LOGITS = torch.tensor(CHANCES).log()
LUCK = torch.tensor([[0.85, 0.45, 0.25], [0.95, 0.25, 0.3]])
DRAWN = torch.tensor([[2, 1, 2], [2, 0, 0]])


@check("sample_tokens", points=1)
def test_sample_tokens_by_hand(student):
    """Chances that depend on all tokens before, at a temperature of 0.5; then of 1 and of 2."""
    got = student.sample_tokens(student.chain_step(LOGITS), 3, 0.5, LUCK)
    expect(got, equals=DRAWN, dtype=torch.int64)
    step = student.chain_step([[math.log(9), 0.0]])
    luck = torch.tensor([[0.8, 0.95]])
    expect(student.sample_tokens(step, 2, 1.0, luck), equals=torch.tensor([[0, 1]]))
    expect(student.sample_tokens(step, 2, 2.0, luck), equals=torch.tensor([[1, 1]]))


@check("sample_tokens", points=0.5)
def test_sample_tokens_impossible(student):
    """A token that cannot come does not come, also with the luck 0."""
    step = student.chain_step([[-1000.0, 0.0, 0.0], [0.0, -1000.0, -1000.0]])
    luck = torch.tensor([[0.0, 0.75], [0.75, 0.0]])
    wanted = torch.tensor([[1, 0], [2, 1]])
    expect(student.sample_tokens(step, 2, 1.0, luck), equals=wanted, dtype=torch.int64)


@check("sample_tokens", points=0.5)
def test_sample_tokens_device(student):
    """Runs where its input lives."""
    step = student.chain_step(LOGITS)
    expect_same_on_device(student.sample_tokens, step, 3, 0.5, LUCK, equals=DRAWN)

# ---
# title: "Encoder and decoder, part 3: words, patches, tokens"
# title_ko: 인코더와 디코더 3
# minutes: 113
# objectives:
#   attention: write attention with a mask, and split it into heads
#   translating: let a decoder write a sentence word by word, and say what it knows of the order
#   patches: cut pictures into patches and back, and judge a net by what was hidden from it
#   tokens: turn codes into tokens of a codebook, and lead the gradient past the step
#   prompting: draw tokens one by one from a net that was told a word
# ---

# %% [markdown]
r"""
| part | minutes | you write |
|---|---|---|
| 1 · Asking a memory | 20 | `attention`, `causal_mask` |
| 2 · Several questions at once | 14 | `multi_head` |
| 3 · From English to Korean | 18 | `greedy_decode` |
| 4 · Myth check | 6 | |
| 5 · A picture is a row of patches | 20 | `patchify`, `unpatchify`, `masked_loss` |
| 6 · Pictures made of words | 13 | `quantise` |
| 7 · "three", please | 18 | `sample_tokens` |
| 8 · The family in one table | 4 | |
| 9 · Weekly paper, quiz | at home | an essay |

An autoencoder squeezes a picture into one short row of numbers, z, and makes the picture again.
Nothing in that says that the same thing must come out as went in. $x \to z \to y$: an encoder reads, a decoder writes, and what lies between them is all that the decoder gets to know.

In this notebook the decoder *writes*: Korean words, missing patches, and pictures that are asked for by a word.

Nothing from the first two notebooks has to be loaded.
Five cells train a net, for some five to thirty seconds each. Read on while they work.
"""

# %%
import math

import torch
import torch.nn.functional as F
from torch import nn

from utils import check, data, hint, idea, plots, quiz, start, widgets
from utils.demo import ready
from utils.drawings.attention import (
    chance_stick,
    looks,
    looks_of_heads,
    most_looked_at,
    row_of_patches,
    rows_of_pictures,
    sound,
    token_sentence,
    translator_diagram,
)
from utils.nets.masked_pictures import MaskedPictures, hide, train_masked
from utils.nets.picture_words import Prior, TokenAutoencoder, train_prior, train_tokens
from utils.nets.steps import chain_step, counting_step
from utils.nets.translator import Translator, train_translator
from utils.number_words import (
    END,
    ENGLISH,
    KOREAN,
    START,
    decode,
    english,
    korean,
    number_pairs,
)
from utils.sample_quality import sample_quality
from utils.weights import course_weights

start("06_encoder_decoder")


# The course's trained nets. Their attention is torch's own.
def translator():
    """English number words → Korean ones."""
    net = Translator()
    net.load_state_dict(course_weights("translator"))
    return net.eval()


def token_net(quantise=None):
    """Digits → 16 tokens out of 32, for which it needs `quantise`, and back."""
    net = TokenAutoencoder(quantise)
    net.load_state_dict(course_weights("tokens"))
    return net.eval()


def prior():
    """A word and a digit's first tokens → the next token."""
    net = Prior()
    net.load_state_dict(course_weights("prior"))
    return net.eval()


# %% [markdown]
r"""
## 1 · Asking a memory

To translate a sentence, an encoder could squeeze all of it into one row of numbers, and a decoder could write from that. The first neural translators did so, and they were good at short sentences and bad at long ones: however long the sentence, z had the same size (Bahdanau et al. 2015, who also found the way out).

The way out is not to squeeze so hard: the encoder leaves one row of numbers **for each word**. Together they are the **memory**, and it grows with the sentence.
Now the decoder has another problem: which of the rows does it need at the moment?

It asks. Each place of the memory has a **key** (키), which says what is to be found there, and a **value** (값), which is what one gets. Who wants to know something makes a **query** (쿼리). The better query and key fit, the more of that value is in the answer.

Here is a memory of three words, with keys of two numbers. **Guess** before you run the cell: how much does the query take from each of the three?
"""

# %%
keys = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.7, 0.7]])
query = torch.tensor([3.0, 0.0])
fits = keys @ query
print("how well each key fits:", "  ".join(f"{fit:.1f}" for fit in fits))
print("shares:", "  ".join(f"{share:.0%}" for share in fits.softmax(dim=0)))

# %% [markdown]
r"""
How well two rows of numbers fit is measured by their **dot product** (내적: multiply number by number, and add up), and the softmax (lesson 04) makes shares of it: never negative, and together 1. The answer is the **weighted mean** of the values. Nothing is switched; everything gets a share, so gradients flow to all.

One thing is missing. With two numbers a row the shares are reasonable. Nets use 64 numbers and more. **Guess** what happens to the largest of ten shares when queries and keys are random and their rows get longer.
"""

# %%
torch.manual_seed(0)
for d in (4, 64, 1024):
    q, k = torch.randn(500, d), torch.randn(10, d)
    plain, scaled = q @ k.T, q @ k.T / math.sqrt(d)
    largest = [scores.softmax(dim=1).max(dim=1).values.mean() for scores in (plain, scaled)]
    print(
        f"d = {d:4}: scores ± {plain.std():5.1f}, largest share {largest[0]:.2f};"
        f"   divided by √d: ± {scaled.std():.1f}, {largest[1]:.2f}"
    )

# %% [markdown]
r"""
A dot product adds up d products.
With random numbers of mean 0 these partly cancel, and the sum is typically √d large. Soon one share is nearly 1, all others nearly 0, and where a softmax is that sure its slope is nearly 0 as well: the net could not learn any more where to look.
Divided by √d, the scores stay as they are for any d. That is the "scaled" in *scaled dot-product attention* (Vaswani et al. 2017):

$$\text{attention}(q, k, v) = \text{softmax}\!\left(\frac{q\,k^{\top}}{\sqrt d}\right) v$$
"""


# %% exercise="attention" stars=2 objective="attention" minutes=9
def attention(q, k, v, mask=None):
    """Scaled dot-product attention (어텐션): each query takes a weighted mean of the values.

    q: queries, shape (…, L, d);  k: keys, (…, M, d);  v: values, (…, M, d_v).
    mask: None, or bool, broadcastable to (…, L, M): True where query l may look at memory m.
    Each query may look at one memory at least. What "…" stands for may be broadcast, too.

    scores  s = q · k / √d          for every query and every key        (…, L, M)
    weights w = softmax of s over the M keys; what may not be looked at has the weight 0
    values: the weighted means w · v                                     (…, L, d_v)

    Returns (values, weights). softmax and matrix products are allowed, a ready-made attention
    is not. Device and dtype follow q; scores of ±1000 do no harm.

    q = tensor([[2., 0., 0., 0.]]);  k = tensor([[log 3, 0., 0., 0.], [0., 0., 0., 0.]])
    v = tensor([[4., 0.], [0., 8.]])
    attention(q, k, v)  →  ([[3., 2.]], [[0.75, 0.25]])
    #   scores 2·log 3 / √4 = log 3 and 0;  e^s = 3 and 1;  weights 3/4 and 1/4
    """
    ### BEGIN SOLUTION
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = scores.softmax(dim=-1)
    return weights @ v, weights
    ### END SOLUTION


# %% hints="attention"
r"""
For one query and one key the score is a single number. Which matrix product gives the scores of all queries with all keys at once, and along which of its two axes must the weights sum to 1?

Turn the keys' last two axes round, multiply, divide by the root of the width. Give every forbidden score the value −∞ *before* the softmax: e to the −∞ is 0, and the others still sum to 1.

`scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])`; with a mask `scores = scores.masked_fill(~mask, float("-inf"))`; then `weights = scores.softmax(dim=-1)`, and return `weights @ v, weights`.
"""

# %% idea="attention"
r"""
Row l of `q @ k.transpose(-2, -1)` holds the scores of query l with all keys.
The mask works on the scores, not on the weights: a weight set to zero after the softmax would leave a row that no longer sums to 1.
The last two axes do everything; whatever stands before them, batch or heads, goes along by broadcasting.
"""

# %% check="attention" points=4

# %%
if ready(attention):
    words = ["two", "hundred", "five"]
    meant = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    asked = torch.tensor([[6.0, 4.0, 0.0], [0.0, 0.0, 6.0]])
    _, weights = attention(asked, meant, torch.tensor([[2.0], [100.0], [5.0]]))
    plots.show(
        looks(weights, ["how many hundreds?", "how many ones?"], words, "shares in %"),
        alt="Two queries and three words; rows are queries. The first takes "
        + ", ".join(f"{w:.0%} of {word}" for w, word in zip(weights[0], words, strict=True))
        + "; the second takes "
        + ", ".join(f"{w:.0%} of {word}" for w, word in zip(weights[1], words, strict=True))
        + ".",
    )

# %% [markdown]
r"""
These keys and queries were made by hand. In a net they are made by linear layers, and learned: nobody tells it where to look.

Why a mask? While it learns, a decoder is shown the whole right translation at once, and has to say at each place which word comes *next*. That saves much time (it is called *teacher forcing*, 교사 강요), and has a catch: the next word stands right beside it. It would learn to copy its neighbour to the right, and at the moment of writing there is no such neighbour.
So nobody may look ahead, and a **causal mask** (인과 마스크) sees to it.
"""


# %% exercise="causal_mask" stars=1 objective="attention" minutes=3
def causal_mask(L):
    """Who may look at whom while a sentence is being written: nobody looks ahead.

    L: the length of the sentence, a whole number from 1 on.
    Returns a bool tensor (L, L): True at [i, j] where place i may look at place j,
    which is itself and every place before it.

    causal_mask(3)  →  [[True, False, False],
                        [True, True,  False],
                        [True, True,  True ]]
    """
    ### BEGIN SOLUTION
    places = torch.arange(L)
    return places[None, :] <= places[:, None]
    ### END SOLUTION


# %% hints="causal_mask"
r"""
Read row 1 aloud: place 1 may look at 0 and at 1. Which comparison of i and j says so?

Compare the row of all places with the column of all places; broadcasting makes the square. Or cut a square of ones along its diagonal.

`places = torch.arange(L)` and `places[None, :] <= places[:, None]`; or `torch.ones(L, L).tril().bool()`.
"""

# %% idea="causal_mask"
r"""
j ≤ i for every pair of places: a row of numbers compared with a column of the same numbers.
The diagonal is True: a place may look at itself, for the word that stands there has been written already.
"""

# %% check="causal_mask" points=2

# %% [markdown]
r"""
Does it hold? Change the last word of a sentence, and look which answers change.
"""

# %%
if ready(attention, causal_mask):
    torch.manual_seed(0)
    sentence = torch.randn(5, 8)
    other = sentence.clone()
    other[4] = torch.randn(8)
    for said, mask in (("everybody sees everybody", None), ("nobody looks ahead", causal_mask(5))):
        before, after = (attention(x, x, x, mask)[0] for x in (sentence, other))
        changed = (before - after).abs().amax(dim=1)
        print(f"{said:25}", "  ".join(f"{change:.3f}" for change in changed))

# %% [markdown]
r"""
With the mask, the first four places do not notice. A sentence attends to itself here: queries, keys and values are all made of the same words. This is **self-attention** (셀프 어텐션). When a decoder asks the encoder's memory it is **cross-attention** (교차 어텐션). The function is the same.

## 2 · Several questions at once

The shares of one query sum to 1. A decoder that must know "which digit?" and "is it hundreds or thousands?" at the same time gets a mixture of two answers.

So let it ask several questions, each with a piece of its width. With d = 64 and four **heads** (헤드), each head has queries, keys and values of 16 numbers, and shares of its own. Their answers are put side by side, 64 numbers again, and a last matrix mixes them.
More heads need no more parameters: there are four matrices of 64×64, for queries, keys, values and the mixing, whatever the number of heads.
"""


# %% exercise="multi_head" stars=3 objective="attention" minutes=10
def multi_head(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    """Attention with several heads (멀티 헤드 어텐션), each on its own slice of the width.

    x: who asks, shape (N, L, d);  memory: what is asked, (N, M, d); both may be the same tensor.
    W_q, W_k, W_v, W_o: shape (d, d), applied as nn.Linear does, x @ W.T.
    heads: a divisor of d; head h has the numbers h·d/heads … (h+1)·d/heads − 1 of the last axis.
    mask: None, or bool, broadcastable to (N, heads, L, M), True where may be looked.

    1. queries from x; keys and values from memory, through the first three matrices
    2. each head does `attention` with its slice of all three, so with a width of d/heads
    3. the heads' values side by side again, in order; then the fourth matrix

    Returns shape (N, L, d). Device and dtype follow x.

    With W_… = torch.eye(2), heads = 2, x = [[[1., 1.]]], memory = [[[log 3, 0.], [0., log 7]]]:
    multi_head(x, memory, …)  →  [[[¾·log 3, ⅞·log 7]]] = [[[0.8240, 1.7027]]]
    #   head 0 sees only first numbers: scores log 3 and 0, weights ¾ and ¼;  head 1: ⅛ and ⅞
    """
    ### BEGIN SOLUTION
    N, L, d = x.shape
    q, k, v = (
        (inputs @ W.T).unflatten(-1, (heads, d // heads)).transpose(1, 2)
        for inputs, W in ((x, W_q), (memory, W_k), (memory, W_v))
    )
    values, _ = attention(q, k, v, mask)
    return values.transpose(1, 2).reshape(N, L, d) @ W_o.T
    ### END SOLUTION


# %% hints="multi_head"
r"""
Your `attention` takes any number of axes before the last two. Where would an axis "head" have to stand, so that it handles all heads in one call?

(N, L, d) becomes (N, L, heads, d/heads), then (N, heads, L, d/heads). After the attention take the two steps back, in the opposite order. Keys and values come from `memory`, with M places.

`q = (x @ W_q.T).reshape(N, L, heads, d // heads).transpose(1, 2)`; k and v the same with `memory` and M. Then `values, _ = attention(q, k, v, mask)`, and `values.transpose(1, 2).reshape(N, L, d) @ W_o.T`.
"""

# %% idea="multi_head"
r"""
Splitting the last axis gives each head its slice; the transpose brings the head in front of the places, where `attention` carries it along.
A reshape alone, straight to (N, heads, L, d/heads), would have the right shape and mix the places with the heads.
The fourth matrix lets the heads speak with each other, which they do nowhere else.
"""

# %% check="multi_head" points=5

# %% [markdown]
r"""
torch has such a layer.
Given the layer's weights, your function must do the same.
"""

# %%
if ready(attention, multi_head):
    torch.manual_seed(0)
    layer = nn.MultiheadAttention(64, 4, bias=False, batch_first=True)
    W_q, W_k, W_v = layer.in_proj_weight.detach().chunk(3)
    W_o = layer.out_proj.weight.detach()
    x, memory = torch.randn(2, 5, 64), torch.randn(2, 7, 64)
    with torch.no_grad():
        theirs = layer(x, memory, memory)[0]
    yours = multi_head(x, memory, W_q, W_k, W_v, W_o, 4)
    print(f"largest difference: {(yours - theirs).abs().max():.1e}")
    print("parameters:", sum(p.numel() for p in layer.parameters()), "=", "4 · 64²")

# %% [markdown]
r"""
## 3 · From English to Korean

A small language pair that is really two ways of thinking: number words.
"""

# %%
for n in (7, 15, 101, 110, 4_321, 21_300):
    print(f"{n:6,}   {' '.join(english(n)):38} {' '.join(korean(n))}")

# %% [markdown]
r"""
- English has words of its own up to nineteen; Korean says 십 오, "ten five".
- English says "one hundred"; Korean only 백.
- English cuts a long number every three digits, at the thousands; Korean every four, at 만 (ten thousand). So 21,300 is "twenty one thousand …" here and 이만 천 삼백 there, and 이만, "two ten-thousands", has no counterpart among the English words.

(Korean spelling writes a number together up to each 만, 이만 천삼백. Here each power of ten stands by itself, so that there are words to translate.)

This is the net, a small **transformer** (트랜스포머; Vaswani et al. 2017).
In both halves your `multi_head` does the work, and in the decoder your `causal_mask` keeps it from looking ahead.
After the attention come two linear layers for each place.
Each part is added to what went in (lesson 05's shortcut), and each has a layer norm (lesson 04).
"""

# %%
plots.show(
    translator_diagram(),
    alt="Two columns, read from top to bottom, each in a dashed frame marked ×2. Left the encoder: "
    "everybody looks at everybody, then two linear layers; in goes 'two hundred five'. A thick "
    "arrow labelled memory leads from its frame to the middle of the decoder, on the right: looks "
    "at what is written, not ahead; looks at the memory, framed as cross-attention; two linear "
    "layers. In go the start sign and 'i-baek', and out comes the next word, 'o'.",
)

# %% [markdown]
r"""
What a dashed frame holds is there twice (×2), with weights of its own each time.
The memory is what the encoder has after the second time, and the decoder asks it both times.

The net is for the numbers below 10,000, so 만 does not come up.
It is shown 2,000 of them, and asked about 500 others.
At each place it chooses one of 39 Korean tokens: 37 words, a start and an end.
A **token** (토큰) is whatever stands in the vocabulary.
Sentences are filled up with ends to one length, and a second mask keeps everybody from looking at the filling in the English ones.
Where a word stands is told by sines and cosines (lesson 04's `positional_encoding`) that are added to each word. We come back to that.
"""

# %%
_, source, target = number_pairs(2000)
test_numbers, test_source, test_target = number_pairs(500, start=2000)
if ready(attention, multi_head, causal_mask):
    torch.manual_seed(0)
    net = Translator(multi_head, causal_mask)
    print(f"{sum(p.numel() for p in net.parameters()):,} parameters")
    losses = train_translator(net, source, target, epochs=12)
    print("loss, nats a word:", "  ".join(f"{loss:.3f}" for loss in losses[::2]))

# %% [markdown]
r"""
(If your training fails, go on with the course's weights: `net.load_state_dict(course_weights("translator"))`.)

The loss fell, and the net has not written a word yet. While it learned, it was always shown the right beginning.
Now it has to go on from its *own* words.
To take the likeliest word each time, and never to take it back, is called **greedy decoding** (탐욕적 디코딩).
"""


# %% exercise="greedy_decode" stars=2 objective="translating" minutes=9
def greedy_decode(step, start, end, longest):
    """Let a decoder write, one token at a time, always the likeliest.

    step: a function from prefixes (N, L), whole numbers, to the logits (N, V) of the next token.
    start: shape (N,), int64, each sentence's first token, from which the prefix begins.
    end: the token that ends a sentence; longest: how many tokens are wanted, from 1 on.

    Each step gets the whole prefix, from `start` on, and its likeliest token is put behind it.
    When every sentence has had its `end`, no further step is taken.

    Returns int64 (N, longest): what was written, without `start`; in each row everything
    behind the first `end` is `end` as well. On the device of `start`.

    step = counting_step(end=9) says: next comes the prefix's sum plus 1, but at most 9
    (and behind a 9 nonsense: 1).
    greedy_decode(step, tensor([1, 3]), 9, 6)  →  [[2, 4, 8, 9, 9, 9],
                                                   [4, 8, 9, 9, 9, 9]]
    #   1 → 2;  1 + 2 → 4;  1 + 2 + 4 → 8;  15 → 9, the end.   After four steps both have ended
    """
    ### BEGIN SOLUTION
    prefix = start[:, None]
    ended = torch.zeros_like(start, dtype=torch.bool)
    for _ in range(longest):
        if ended.all():
            break
        token = step(prefix).argmax(dim=-1).masked_fill(ended, end)
        ended = ended | (token == end)
        prefix = torch.cat([prefix, token[:, None]], dim=1)
    written = prefix[:, 1:]
    return F.pad(written, (0, longest - written.shape[1]), value=end)
    ### END SOLUTION


# %% hints="greedy_decode"
r"""
What does the decoder need to know for the fourth word, and who has written it? What should happen to a sentence that has ended while its neighbours have not?

Begin with the column `start[:, None]`. In a loop: ask the step, take the largest logit of each row, put `end` in place of it where the row has ended, note who ends now, put the column behind the prefix. Leave the loop when all have ended; fill up with `end`.

`ended = torch.zeros_like(start, dtype=torch.bool)`; `token = step(prefix).argmax(dim=-1)`, `token = torch.where(ended, end, token)`, `ended = ended | (token == end)`, `prefix = torch.cat([prefix, token[:, None]], dim=1)`; at the end `F.pad(prefix[:, 1:], (0, missing), value=end)`.
"""

# %% idea="greedy_decode"
r"""
The prefix grows by a column in each round, and the whole of it goes in: the decoder remembers nothing between two calls.
A row that has ended goes along, because the batch is one tensor; its tokens are overwritten by `end`.
Padding at the end makes the width right after an early stop, and does nothing otherwise.
"""

# %% check="greedy_decode" points=4


# %%
def exact(net):
    """Which of the 500 test sentences are right in every word (bool), and what was written."""
    start = torch.full((len(test_source),), START)
    written = greedy_decode(net.step(test_source), start, END, test_target.shape[1])
    return (written == test_target).all(dim=1), written


if ready(attention, multi_head, causal_mask, greedy_decode):
    right, written = exact(net)
    print(f"right in every word: {right.float().mean():.1%} of numbers that it has never seen")
    for row in [*range(4), *(~right).nonzero().flatten().tolist()[:3]]:
        said = decode(written[row : row + 1], KOREAN)[0]
        truth = " ".join(korean(test_numbers[row]))
        print(f"{' '.join(english(test_numbers[row])):42} {said:20}", end="")
        print("" if said == truth else f"   wrong: it is {truth}")

# %% [markdown]
r"""
2,000 of 10,000 numbers were enough to get nearly all of 500 others right: the net has not learned numbers by heart, but how they are said.

A sentence counts only when *every* word is right (exact match, 완전 일치). A share of right words would flatter: with four words of which each is right in 90 % of cases, and mistakes that have nothing to do with each other, only about 66 % of sentences are right.

Where does it look while it writes?
Here are the shares of the decoder's last look at the memory, for 4,321.
Rows are the Korean words to be written, as they sound; columns are the English words.
In each row the largest share is framed, and the lines below the picture say where the frames are.

**Guess** before you run the cell: *sa-cheon* (사천) is one word in Korean and two in English.
At which of the two will the net look?
"""

# %%
if ready(attention, multi_head, causal_mask, greedy_decode):
    asked = english(4_321)
    tokens = torch.tensor([[ENGLISH.index(word) for word in asked] + [END]])
    answer = greedy_decode(net.step(tokens), torch.tensor([START]), END, 5)
    net(tokens, torch.cat([torch.tensor([[START]]), answer[:, :-1]], dim=1))
    said = [*map(sound, decode(answer, KOREAN)[0].split()), "<end>"]
    maps = net.watched[0, :, : len(said)]
    asked.append("<end>")
    found = most_looked_at(maps, said, asked)
    plots.show(
        looks_of_heads(maps, said, asked),
        alt="Cross-attention of the last layer's four heads while 4,321 is translated: a map for "
        "each head; rows are the Korean words, columns the English ones, shares in per cent. The "
        "largest shares, row by row: "
        + "; ".join(f"{word} at {places}" for word, places in found.items())
        + ".",
    )
    for word, places in found.items():
        print(f"{word:10} looks most at {places}")

# %% [markdown]
r"""
Follow the frames of one map from the top: down to the row of `<end>` they make a staircase.
With few exceptions the net looks, for each Korean word, at an English word that it is made of.
Nobody told it which words belong together.

Now compare the four maps in the row of *sa-cheon*.
Heads need not agree: where one looks at *four* and another at *thousand*, the two questions of part 2 are asked at once.
For *sam-baek* a look at *three* can be enough.
In the memory that row is no longer the bare word: in the encoder it has looked at its neighbours, *hundred* among them.

The row of `<end>` is less tidy.
Where there is nothing left to look up, the shares must go somewhere all the same, for they sum to 1.
An attention map shows where a net looked, and not always why.
"""

# %% [markdown]
r"""
## 4 · Myth check

> "A transformer reads the words in their order, and attention knows which word stands where."

Take the definition. A query compares itself with each key, whatever the place. Shuffle the memory, and **guess** how much the answer changes.
"""

# %%
if ready(attention):
    torch.manual_seed(0)
    q, k, v = torch.randn(4, 16), torch.randn(7, 16), torch.randn(7, 16)
    order = torch.randperm(7)
    changed = attention(q, k, v)[0] - attention(q, k[order], v[order])[0]
    print(f"largest change after a shuffle: {changed.abs().max():.1e}")

# %% [markdown]
r"""
Nothing but rounding. Attention reads a *bag* of words. "Two hundred five" and "five hundred two" are the same bag.

So the order has to be put in, by the sines and cosines. What is it worth? Here is the same net, trained in the same way, without them. **Guess** its exact match. Here is a help: how many numbers can somebody tell apart who is handed the English words in a bag?
"""

# %%
bags = {tuple(sorted(english(n))) for n in range(10_000)}
print(
    f"10,000 numbers make {len(bags):,} different bags of words: at most {len(bags) / 10_000:.0%}"
)
if ready(attention, multi_head, causal_mask, greedy_decode):
    torch.manual_seed(0)
    orderless = Translator(multi_head, causal_mask, positions=False)
    train_translator(orderless, source, target, epochs=12)
    lost, guessed = exact(orderless)
    print(
        f"right in every word: with positions {right.float().mean():.1%}, without {lost.float().mean():.1%}"
    )
    numbers = {" ".join(korean(n)): n for n in range(10_000)}
    wrong = []
    for row in (~lost).nonzero().flatten().tolist():
        n, written = test_numbers[row], decode(guessed[row : row + 1], KOREAN)[0]
        if sorted(english(n)) == sorted(english(numbers.get(written, 0))):
            wrong.append(f"{' '.join(english(n))}: {written}, and not {' '.join(korean(n))}")
    print(f"{len(wrong)} of {int((~lost).sum())} mistakes have the right bag of English words:")
    print(*wrong[:3], sep="\n")

# %% [markdown]
r"""
Without positions the net comes near what a bag allows, and on average it cannot pass it.
And see its mistakes: most are *another* number made of the same English words.

So attention knows nothing of order. The order comes from outside: from the positions that are added to the words, and, in the decoder, a little from the causal mask, for the fourth place sees four words and the third only three. That this net could write sentences at all is no riddle: it sees, as a bag, the words that it has written.
And in a Korean number 천, 백 and 십 always come in that order.

## 5 · A picture is a row of patches

A transformer wants a row of "words". Can a picture be one? Pixel by pixel, a photograph of 224×224 would be a row of 50,176 words, and each looks at each: 2.5 billion scores for one head of one layer.

Cut it into **patches** (패치) of 16×16 pixels instead. Then it is a row of 196 words of 16·16·3 = 768 numbers, and the scores are 38,416. One linear layer turns each patch into the width of the net, a position is added, and the rest is the encoder that you know. This is the **vision transformer**, ViT (Dosovitskiy et al. 2021).
Our digits get patches of 2×2 pixels: 16 words of 4 numbers.
"""


# %% exercise="patchify" stars=2 objective="patches" minutes=6
def patchify(x, P):
    """Cut pictures into square patches, and make a row of numbers of each.

    x: shape (N, C, H, W);  P: side of a patch in pixels, a divisor of H and of W.
    Returns shape (N, (H/P)·(W/P), C·P·P), same device and dtype: the patches row by row, from
    left to right; within a patch all of channel 0, row by row, then all of channel 1, …

    x = tensor([[[[ 0.,  1.,  2.,  3.],
                  [10., 11., 12., 13.]]]])                  # one picture, one channel, 2×4
    patchify(x, 2)  →  [[[0., 1., 10., 11.],
                         [2., 3., 12., 13.]]]               # (1, 2, 4): 1·2 patches of 1·2·2
    """
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    cut = x.reshape(N, C, H // P, P, W // P, P)  # down, within, across, within
    return cut.permute(0, 2, 4, 1, 3, 5).reshape(N, (H // P) * (W // P), C * P * P)
    ### END SOLUTION


# %% hints="patchify"
r"""
The row number of a pixel says two things: in which row of patches it lies, and at which height within its patch. So how many axes does the cut picture have?

Reshape to six axes: N, C, patches down, P, patches across, P. Bring them into the order picture, down, across, channel, height, width with `permute`. Then put the two in the middle together, and the last three.

`x.reshape(N, C, H // P, P, W // P, P).permute(0, 2, 4, 1, 3, 5).reshape(N, -1, C * P * P)`.
"""

# %% idea="patchify"
r"""
Splitting an axis of length H into (H/P, P) copies nothing: number h becomes patch h // P, row h % P.
`permute` brings together what shall stand together, and the last reshape joins neighbouring axes.
A reshape without the permute has the right shape, too, and cuts the pictures into strips.
"""

# %% check="patchify" points=3

# %%
images, labels = data.digits("train")
test_images, test_labels = data.digits("test")
if ready(patchify):
    row = patchify(test_images[3:4], 2)[0]
    plots.show(
        row_of_patches(test_images[3, 0], row, 2),
        alt=f"A handwritten {test_labels[3]} of 8×8 pixels, cut by lines into 4×4 patches of 2×2 "
        "pixels; below it the sixteen patches in a row, numbered 0 to 15 from the top left.",
    )

# %% [markdown]
r"""
Could you read the digit from the row? That is what the net is given, with a number for each place.

Somebody must put the patches together again.
"""


# %% exercise="unpatchify" stars=2 objective="patches" minutes=5
def unpatchify(patches, P, H, W):
    """Put patches together to pictures: the way back from `patchify`.

    patches: shape (N, (H/P)·(W/P), C·P·P);  P: side of a patch;  H, W: the pictures' sides.
    Returns shape (N, C, H, W), same device and dtype. C follows from the shapes.

    unpatchify(patchify(x, P), P, H, W) equals x.
    unpatchify(tensor([[[0., 1., 10., 11.], [2., 3., 12., 13.]]]), 2, 2, 4)
    →  [[[[ 0.,  1.,  2.,  3.],
          [10., 11., 12., 13.]]]]
    """
    ### BEGIN SOLUTION
    N, _, numbers = patches.shape
    C = numbers // (P * P)
    cut = patches.reshape(N, H // P, W // P, C, P, P)  # down, across, channel, within, within
    return cut.permute(0, 3, 1, 4, 2, 5).reshape(N, C, H, W)
    ### END SOLUTION


# %% hints="unpatchify"
r"""
`patchify` did three things one after the other. In which order are they undone?

Reshape to (N, down, across, C, P, P); bring the two axes of the height side by side, then the two of the width; join them.

`patches.reshape(N, H // P, W // P, C, P, P).permute(0, 3, 1, 4, 2, 5).reshape(N, C, H, W)`, with `C = patches.shape[-1] // (P * P)`.
"""

# %% idea="unpatchify"
r"""
The last step is undone first. Of the axes (N, down, across, C, P, P) the height needs numbers 1 and 4, the width 2 and 5.
"""

# %% check="unpatchify" points=3

# %% [markdown]
r"""
### What is an encoder without a decoder good for?

A ViT alone does not translate, and draws nothing. It is an *encoder*: a row of patches goes in, a row of codes comes out, as many as went in. To get a label one takes a mean and a linear layer; to get a picture or a sentence one needs a decoder.

Give it one. Hide half of the patches, let the encoder see the others, and let a small decoder draw the picture. The net must find out what belongs where: no label is needed, and nothing can be copied. That is the **masked autoencoder** (마스크드 오토인코더; He et al. 2022).

What it did with the visible patches is not interesting, for they were given.
"""


# %% exercise="masked_loss" stars=1 objective="patches" minutes=4
def masked_loss(predicted, patches, hidden):
    """How badly the hidden patches were guessed; the visible ones do not count.

    predicted, patches: shape (N, L, D), what the net says and what is true;
    hidden: bool (N, L), True where the net could not see. At least one patch is hidden.

    Returns one number (a tensor without axes): the mean of (predicted − patches)² over all
    numbers of all hidden patches.

    patches = torch.zeros(1, 3, 2);  hidden = tensor([[True, False, True]])
    predicted = tensor([[[1., 3.], [9., 9.], [2., 2.]]])
    masked_loss(predicted, patches, hidden)  →  4.5        # (1 + 9 + 4 + 4) / 4
    """
    ### BEGIN SOLUTION
    return (predicted - patches)[hidden].square().mean()
    ### END SOLUTION


# %% hints="masked_loss"
r"""
Through how many numbers must the sum be divided: through all of them, or through those that were counted?

A bool tensor (N, L) as an index picks the hidden patches out of (N, L, D), and gives (how many, D). The mean over that is wanted.

`(predicted - patches)[hidden].square().mean()`; or multiply the squares by `hidden[..., None]`, and divide their sum by `hidden.sum() * D`.
"""

# %% idea="masked_loss"
r"""
The index leaves only the rows of hidden patches, so the plain mean divides by the right count.
A mean over everything, with zeros for the visible patches, would be multiplied by the hidden share: with half of the patches hidden it would be half as large.
"""

# %% check="masked_loss" points=3

# %%
if ready(attention, multi_head, patchify, unpatchify, masked_loss):
    row, test_row = patchify(images, 2), patchify(test_images, 2)
    torch.manual_seed(0)
    painter = MaskedPictures(multi_head)
    train_masked(painter, row, masked_loss, epochs=40)
    hidden = hide(len(test_row), seed=1)
    with torch.no_grad():
        drawn = painter(test_row, hidden)
    usual = row.mean(dim=0).expand_as(test_row)
    print(f"test digits, hidden patches: {masked_loss(drawn, test_row, hidden):.4f}", end="")
    print(f"; the mean patch of each place {masked_loss(usual, test_row, hidden):.4f}")

    some = [0, 3, 5, 8, 12, 15, 21, 30]
    filled = torch.where(hidden[..., None], drawn, test_row)[some]
    guess = torch.where(hidden[..., None], usual, test_row)[some]
    rows = {
        "seen": [test_images[n, 0] for n in some],
        "filled in": list(unpatchify(filled, 2, 8, 8)[:, 0]),
        "mean patch": list(unpatchify(guess, 2, 8, 8)[:, 0]),
        "true": [test_images[n, 0] for n in some],
    }
    plots.show(
        rows_of_pictures(rows, {"seen": hidden[some]}),
        alt="Eight test digits in four rows: with half of their patches hatched; filled in by the "
        "net; filled in with the mean patch of each place; and as they truly are. The net's patches "
        "follow the visible strokes here and there, and are pale; the mean's are the same grey cloud "
        "for all digits.",
    )

# %% [markdown]
r"""
(If your training fails, put `painter.load_state_dict(course_weights("masked"))` in place of the line with `train_masked`, and run the cell again.)

The error is well below the mean patch's. And the pictures say what it cost: where both ends of a stroke can be seen, the net now and then joins them; where a whole corner is hidden, it paints a grey cloud. With the squared error the best answer to "perhaps black, perhaps white" *is* grey.

Two things make it cheap. The encoder gets the visible patches only: 8 words in place of 16, a quarter of the scores. (The paper hides 75 % of each photograph.) At the hidden places the decoder gets one learned row, the same for all, and the number of the place.
And it is small, for it is thrown away afterwards: what is wanted is the encoder, which has learned without a single label.

## 6 · Pictures made of words

Now the other way round. A transformer is good at writing *tokens*: it chooses one out of a vocabulary. Sentences are made of them. Could a picture be written like a sentence?

It needs a vocabulary of pieces. An autoencoder makes 4×4 codes of a digit, of 8 numbers each. Next to it lies a **codebook** (코드북) of 32 rows, and each code is replaced by the row nearest to it. What is left of a picture are sixteen numbers between 0 and 31. This is the **VQ autoencoder** (vector quantisation, 벡터 양자화; van den Oord et al. 2017).

One thing goes wrong. **Guess** the slope of this step: move a code by a hair; how much does its nearest row move?
"""

# %%
codebook = torch.linspace(-1, 1, 5)[:, None]
z = torch.tensor([[0.30], [0.31]])
nearest = codebook[(z - codebook.T).abs().argmin(dim=1)]
for code, row in zip(z.flatten(), nearest.flatten(), strict=True):
    print(f"code {code:.2f} → row {row:.2f}")

# %% [markdown]
r"""
Not at all. The slope is 0, except at the few places where the step jumps, and there it has none. With a slope of 0 the encoder learns nothing.

So one cheats, openly. Forwards the code is replaced; backwards the gradient goes past the step as if it had not been there: "the picture should be a little lighter here" is told to the encoder as if it had been said about *its* code. It is called **straight-through** (직통 추정).
"""


# %% exercise="quantise" stars=3 objective="tokens" minutes=9
def quantise(z, codebook):
    """Replace each code by the nearest one of a codebook; let the gradient pass as if nothing were.

    z: codes, shape (N, L, d);  codebook (코드북): shape (K, d).
    Returns (quantised, indices):
    quantised: shape (N, L, d), for each code the row of the codebook that is nearest
    (by the sum of squared differences);
    indices: shape (N, L), int64, the number of that row; the smaller one where two are as near.

    The gradient of `quantised` reaches z *unchanged* (straight-through, 직통 추정), and does not
    reach the codebook. Device and dtype follow z.

    codebook = tensor([[0., 0.], [4., 0.], [0., 4.]]);  z = tensor([[[3., 1.], [1., 1.5]]])
    quantise(z, codebook)  →  ([[[4., 0.], [0., 0.]]], [[1, 0]])
    #   (3, 1): distances² 10, 2, 18;   (1, 1.5): 3.25, 11.25, 7.25
    #   the gradient of quantised.sum() by z is 1 everywhere
    """
    ### BEGIN SOLUTION
    distances = (z[..., None, :] - codebook).square().sum(dim=-1)
    indices = distances.argmin(dim=-1)
    quantised = z + (codebook[indices] - z).detach()
    return quantised, indices
    ### END SOLUTION


# %% hints="quantise"
r"""
How often does the nearest row change when z moves by a hair? So what is the true gradient of this step, and what would an encoder before it learn?

Distances of all codes to all rows: (N, L, 1, d) minus (K, d), squared, summed over d. The smallest tells the row. For the gradient write z plus a *constant* that carries it to that row.

`distances = (z[..., None, :] - codebook).square().sum(dim=-1)`, `indices = distances.argmin(dim=-1)`, `quantised = z + (codebook[indices] - z).detach()`.
"""

# %% idea="quantise"
r"""
The value of `z + (c − z).detach()` is c; its slope by z is 1, because the bracket counts as a constant.
So the encoder gets the gradient that belongs at c, a little way off. That is a lie, and a useful one: the true gradient is 0 almost everywhere.
"""

# %% check="quantise" points=5

# %% [markdown]
r"""
The rows of the codebook have to move as well, towards the codes that chose them. They do so without a gradient: each row follows the running mean of its codes, as batch norm's statistics do (lesson 04). A row that nobody chooses any more is put down anew on a random code.
And the loss has a small second part, the squared distance of the codes from their rows, which keeps the codes from running away.
"""

# %%
if ready(quantise):
    torch.manual_seed(0)
    pieces = TokenAutoencoder(quantise)
    train_tokens(pieces, images, epochs=15)
    tokens = pieces.tokens(test_images)
    error = F.mse_loss(pieces.pictures(tokens), test_images)
    print(
        f"test digits, squared error a pixel: {error:.4f}; {len(tokens.unique())} of 32 rows in use"
    )
    print(
        "a digit takes", 64 * 5, "bits (17 greys, 5 bits a pixel), and", 16 * 5, "bits as 16 tokens"
    )
    plots.show(
        token_sentence(test_images[3, 0], tokens[3], pieces.pictures(tokens[3:4])[0, 0]),
        alt=f"A handwritten {test_labels[3]} of 64 pixels, its sixteen tokens as a square of numbers "
        "from 0 to 31, and the digit made of these tokens, which looks nearly the same.",
    )

# %% [markdown]
r"""
(If your training fails: `pieces = token_net(quantise)`.)

A quarter of the bits, and the digit can still be read.
(The codebook and the decoder are not counted: whoever wants to read the tokens must have both.)

Nobody said what token 17 should mean, and it does not mean one thing: the decoder's windows overlap, so a token looks different beside others, as a letter sounds different beside others.
"""


# %% [markdown]
r"""
## 7 · "three", please

A picture is a sentence of 16 words now. So train a writer of such sentences.
It is called the **prior** (사전 분포, prior), for it knows which sentences are likely before any picture is seen: a decoder as in part 3, with the causal mask, but without a memory. What it is told is a single word, "zero" to "nine", whose embedding is added at each place.

How does it write? The translator took the likeliest word each time. **Guess** what that would do here: what would the second "three" look like, and the third?

There is one right translation, but many threes. So draw by chance: a token that has a chance of 30 % shall come in 30 % of cases.
Lay the chances end to end along a stick, and let a random number point at it. A **temperature** (온도) T says how wild the choice may be: the logits are divided by it.
"""

# %%
logits = torch.tensor([0.5, 0.3, 0.2]).log()
sticks = {f"temperature {T:g}": (logits / T).softmax(dim=0).tolist() for T in (0.5, 1.0, 2.0)}
plots.show(
    chance_stick(sticks, luck=0.6),
    alt="Three sticks of length 1, cut into the chances of tokens 0, 1 and 2; a dashed line at the "
    "luck 0.6 picks a piece of each. "
    + " ".join(
        f"{name}: {', '.join(f'{part:.2f}' for part in parts)}." for name, parts in sticks.items()
    )
    + " It picks token 0 at 0.5, and token 1 at the others.",
)


# %% exercise="sample_tokens" stars=2 objective="prompting" minutes=8
def sample_tokens(step, length, temperature, uniform):
    """Let a net write tokens by chance, one at a time, each as often as the net finds it likely.

    step: a function from prefixes (N, L), int64, to the logits (N, V) of the next token;
    the first prefix is empty, (N, 0).
    length: how many tokens are wanted; temperature: above 0; it divides the logits, so that
    below 1 the likely tokens become likelier, above 1 all become more alike.
    uniform: shape (N, length), the luck: numbers from 0 to below 1, one for each token.

    The chances are the softmax of logits / temperature. Add them up from token 0 on: the token is
    the first one whose sum exceeds its number of `uniform` (the last token, where through
    rounding no sum does).

    Returns int64 (N, length), on the device of `uniform`.

    step = chain_step([[log 9, 0.]]) gives these two logits for any prefix:
    sample_tokens(step, 2, 1.0, tensor([[0.8, 0.95]]))  →  [[0, 1]]    # sums 0.90 and 1
    sample_tokens(step, 2, 2.0, tensor([[0.8, 0.95]]))  →  [[1, 1]]    # √9 : √1; sums 0.75 and 1
    """
    ### BEGIN SOLUTION
    prefix = torch.zeros(len(uniform), 0, dtype=torch.long, device=uniform.device)
    for place in range(length):
        chances = (step(prefix) / temperature).softmax(dim=-1)
        sums = chances.cumsum(dim=-1)
        token = (sums <= uniform[:, place, None]).sum(dim=-1)
        token = token.clamp(max=chances.shape[-1] - 1)
        prefix = torch.cat([prefix, token[:, None]], dim=1)
    return prefix
    ### END SOLUTION


# %% hints="sample_tokens"
r"""
Lay the chances end to end along a stick of length 1. Where does a number between 0 and 1 point, and how do you find the piece it points at?

In a loop over the places: logits of the prefix, divided by the temperature, softmax, running sum. Count how many sums do *not* exceed the number: that is the token. Put it behind the prefix.

`prefix = torch.zeros(len(uniform), 0, dtype=torch.long, device=uniform.device)`; `sums = (step(prefix) / temperature).softmax(dim=-1).cumsum(dim=-1)`; `token = (sums <= uniform[:, i, None]).sum(dim=-1)`, at most V − 1; `prefix = torch.cat([prefix, token[:, None]], dim=1)`.
"""

# %% idea="sample_tokens"
r"""
If the sums are 0.5, 0.75 and 1, the number 0.6 lies beyond one of them: token 1. Counting the sums that it has passed gives the token without a search.
The temperature divides the logits *before* the softmax. Divided afterwards, the chances would not sum to 1 any more.
All luck comes in through `uniform`, so that the same luck gives the same picture.
"""

# %% check="sample_tokens" points=4

# %%
if ready(attention, multi_head, causal_mask, quantise, sample_tokens):
    torch.manual_seed(0)
    writer = Prior(multi_head, causal_mask)
    losses = train_prior(writer, labels, pieces.tokens(images), epochs=28)
    print("loss, nats a token:", "  ".join(f"{loss:.2f}" for loss in losses[::4]))

# %%
if ready(attention, multi_head, causal_mask, quantise, sample_tokens):

    def draw(words, temperature, seed=0):
        """Digits asked for by words, at a temperature."""
        luck = torch.rand(len(words), 16, generator=torch.Generator().manual_seed(seed))
        return pieces.pictures(sample_tokens(writer.step(words), 16, temperature, luck))

    threes = {f"T = {T:g}": list(draw(["three"] * 8, T)[:, 0]) for T in (0.01, 0.5, 1.0, 2.0)}
    plots.show(
        rows_of_pictures(threes),
        alt="Four rows of eight pictures that were asked for by the word three. At temperature 0.01 "
        "all eight are nearly the same three; at 0.5 they differ a little; at 1 more, and some are "
        "odd; at 2 most are scribbles.",
    )
    words = torch.arange(10).repeat(20)
    for T in (0.01, 0.5, 1.0, 2.0):
        found = sample_quality(draw(words, T), words)
        print(f"T = {T:<4g}", "  ".join(f"{name} {value:.2f}" for name, value in found.items()))

# %% [markdown]
r"""
(If your training fails: `pieces, writer = token_net(quantise), prior()`. They belong together.)

Read the table by columns.
`accuracy`: how often a small CNN sees the digit that was asked for.
`nearest`: how far the nearest training digit is, so that copies have 0.
`diversity`: how far two pictures of one word are apart.
For real test digits the last two are 1 (notebook 2 has more about them).

Accuracy alone would choose the lowest temperature, where all twenty pictures of a word are nearly one and the same.
Diversity alone would choose the highest, where about half are not what was asked for.
It takes both to see that the good ones lie between.

Does the word do the work, or the luck?
Here is one picture on its way, from a word to tokens to pixels.
Below it are all ten words, each with the *same* sixteen lucky numbers.
"""

# %%
if ready(attention, multi_head, causal_mask, quantise, sample_tokens):
    mine = writer, pieces, sample_tokens
    plots.show(
        widgets.picture_from_word_figure(*mine, "three", temperature=0.5, luck=3),
        alt=widgets.picture_from_word_text(*mine, "three", temperature=0.5, luck=3),
    )

# %% [markdown]
r"""
Now ask for a digit yourself:

1. Change only the word. How many of the sixteen tokens change?
2. Change only the luck, at a temperature of 0.1, then of 1. How different are the threes?
3. Turn the temperature up to 2, slowly. Where does the CNN first misread your picture, and do you?
"""

# %%
if ready(attention, multi_head, causal_mask, quantise, sample_tokens):
    display(widgets.picture_from_word(*mine, "three", temperature=0.5, luck=3))

# %% [markdown]
r"""
What you have built is a **pocket DALL·E**. The real one (Ramesh et al. 2021) had the same two parts: an autoencoder that turns a picture into tokens, and a transformer that writes tokens after a text. The differences are more than size:

- DALL·E did not round to the nearest row and cheat with the gradient: it chose tokens by the **Gumbel-softmax**, a softmax with noise that is turned colder during training until it nearly chooses a single one. Its tokens: 32×32 out of 8,192.
- **VQGAN** (Esser et al. 2021) rounds as we do, but its pictures are judged by a *second net* that learns to tell real pictures from restored ones (an **adversarial** loss, lesson 07), and by the distance between features of a trained net in place of pixels (a **perceptual** loss). Squared error on pixels makes large pictures blurred.

## 8 · The family in one table

| net | encoder | z | decoder | purpose |
|---|---|---|---|---|
| autoencoder | dense or convolutional layers | a few numbers | the mirror image | make small, find anomalies |
| denoising autoencoder | the same, fed with noise | a few numbers or more | the mirror image | take noise away |
| U-Net | convolutions and pooling | maps, and a skip at each size | transposed convolutions | a class for each pixel |
| VAE | layers that give a mean and a spread | a cloud of a few numbers | layers back to pixels | new pictures |
| diffusion | none that learns: noise is added | the noisy picture itself | a U-Net, many times | new pictures, from words |
| transformer | self-attention over words | a memory: a row for each word | causal self-attention and cross-attention | translate |
| ViT with a decoder | self-attention over visible patches | a row for each patch | a smaller transformer | learn without labels |
| VQ and prior | convolutions, then the nearest row | 16 tokens out of 32 | a prior writes them, convolutions draw | new pictures, from words |

All of them are $x \to z \to y$. They differ in what may pass between the halves: five numbers, maps, a memory, tokens. The narrower the passage, the more the decoder must know by itself; the wider, the less the encoder has to leave out.

## 9 · Weekly paper (위클리페이퍼)

The second of the two long papers. Take your time.
"""

# %% [markdown] essay="when_it_fits" points=10
r"""
### When does an autoencoder fit, and how do encoder and decoder differ?

A hospital has 40,000 recordings of heartbeats that nobody has labelled, and 60 that a doctor has. A colleague says: *"We take an autoencoder. It will learn what matters by itself, find the sick, clean the noise, and make new recordings for training. Encoder and decoder are the same net anyway, once forwards and once backwards."*

1. **Short answer**, two lines: when does an autoencoder fit, and what is the difference between the encoder and the decoder?
2. **Long answer**, 300 to 450 words. For each of the four uses that the colleague names or implies (smaller codes, anomalies, noise, new examples) say whether it fits here, against **which simple rival** it has to prove itself, and **how it could fail**. Then explain how encoder and decoder differ: what goes in, what comes out, what each has to do, which layers are usual. Use **one** member of the family other than the autoencoder to show that the two need not be mirror images. Say whether the net "will learn what matters by itself". Take **at least three numbers** that you measured in lesson 06.

### BEGIN SOLUTION
**Rubric (10 points).** Length is not marked by itself: a short answer loses points by what it leaves out.

| points | for |
|---|---|
| 1 | The short answer fits in two lines and says both: it fits where there are many examples without labels and the task is to make small, restore or notice what is unusual; the encoder summarises, the decoder restores. |
| 3 | The uses. All four with a fit, a rival and a way to fail: 3; three of them: 2; two: 1. Rivals, for instance: PCA; distance to the mean; a filter; a linear model on the raw numbers; copies of the training examples. |
| 2 | The difference: direction and purpose (1); what goes in and out, and the usual layers (1). |
| 1 | One other member where the halves are no mirror images: the transformer's decoder with mask and cross-attention; diffusion, whose encoder has no parameters; the masked autoencoder's small decoder; the U-Net's skips. |
| 2 | At least three numbers of the student's own from lesson 06, right, and each used as an argument (1 point for two). |
| 1 | "It will learn what matters by itself" is put into perspective: it keeps what is large in the error, not what matters to a doctor (the bars); or few labels hardly gain from it. |

**Model answer, full marks (10).**
*Short:* It fits where examples are many and labels few, and something is to be made small, cleaned, or found odd. The encoder summarises what goes in, the decoder restores or writes what is wanted.
*Long:* 40,000 recordings without labels are what an autoencoder wants. **Smaller codes**: it fits if it beats PCA at the same size. On digits two numbers left an error of 0.032 a pixel with the deep net and 0.053 with PCA; with ten the two were level. If the data lie near a plane, PCA does as well, in a second. **Anomalies**: train it on healthy hearts only, and take the error as the score. The rival is the distance to the mean recording. It fails where the sick are simpler than the healthy: blurred digits had a ROC-AUC of 0.17, they were restored *better* than sharp ones. And without labels nobody knows that the 40,000 are healthy. **Noise**: it fits if we can add the noise ourselves and know how it looks; the rival is a filter, which my net beat by 3 dB. A net that has only seen healthy beats may well "clean" an illness away. **New examples**: a plain decoder fed with random codes makes nonsense between the clouds; better a VAE or a diffusion net. I would not believe a classifier's accuracy alone, because copies of the training set are perfectly accurate; I would measure the distance to the nearest training example, too. And "learns what matters" is wrong: it keeps what costs error. Bars as bright as ink were kept in the code, 88 % of them, and only 45 % of the digits. With 60 labels I would first try a linear model on the recordings themselves: with one label of each digit it was ahead, 62 % against 58 %.
The **encoder** goes from many numbers to few: a picture goes in, a code comes out, and its work is to leave things out. Convolutions with strides, pooling, or linear layers that get narrower are usual. The **decoder** goes from few to many: it must add what the code does not say, with transposed convolutions or wider layers and a sigmoid at the end. They need not mirror each other. My translator's decoder looks at its own words under a causal mask and at the memory by cross-attention; the encoder does neither. Without positions it got about a third of the numbers right instead of nearly all. Sixteen tokens with 80 bits were enough to restore a digit of 320 bits, with an error of 0.007 a pixel, because the decoder knew what strokes look like.

**Model answer, middle (6).**
*Short:* An autoencoder fits for unlabelled data, to reduce dimensions, find anomalies and remove noise. The encoder compresses the input to a latent vector, the decoder reconstructs it.
*Long:* Here there are many unlabelled recordings, so an autoencoder can be trained, because the input is also the target. For dimension reduction it should be compared with PCA; in the notebook the deep net had a lower error than PCA with two latent numbers (0.032 against 0.053), but it needs more data and time. For anomalies one trains it on normal heartbeats and raises an alarm when the reconstruction error is above a threshold. This can be compared with the distance to the mean. It fails if anomalies are reconstructed well, for example the blurred digits. For noise one adds noise to the input and trains it on the clean target. New recordings could be made by sampling codes; a VAE is better for that. The encoder has layers that get smaller, for example 64-150-50-20-5, and the decoder has the mirrored layers with a sigmoid. In a transformer it is different: the decoder has cross-attention and a causal mask, and my translator got nearly all of the 500 test sentences right.
*(Short 1. Uses 1: codes and anomalies are complete; noise and new examples have no rival and no way to fail. Difference 2. Other member 1. Numbers 1: the pair of errors and the share of sentences, only the first an argument. What matters 0.)*

**Model answer, weak (2).**
*Short:* Autoencoders are unsupervised neural networks. The encoder encodes and the decoder decodes.
*Long:* An autoencoder has an encoder, a bottleneck and a decoder. It learns the most important features automatically, so it is well suited for this hospital. It can be used for dimension reduction, anomaly detection, denoising and data generation. The encoder makes the data small, and the decoder makes it large again, with the same layers in the opposite order. If the reconstruction error is high, the patient is sick. In a U-Net there are skip connections from encoder to decoder, so its decoder gets more than the code.
*(Difference 1: the direction. Other member 1. Uses 0: no rival and no way to fail. No numbers; "the most important features automatically" is what should be questioned.)*
### END SOLUTION
"""

# %% [markdown]
r"""
### Quiz: homework

The quiz is about all three notebooks of lesson 06. Open one part at a time over the week. Cover the notebooks, answer, then read the explanations.
"""

# %%
quiz()

# %% [markdown]
r"""
## What next

You have written the parts of a translator, of a masked autoencoder, and of a net that draws what a word says; and you know what each knows of order, and what it does not.

- **Lesson 07** stays with the autoencoder: eleven variants, each with the one thing that it can do and the others cannot. The VAE's loss is derived there, and the adversarial loss is built.
- To read on: Vaswani et al., *Attention Is All You Need* (2017), whose figure 1 you can now draw yourself; Dosovitskiy et al., *An Image is Worth 16x16 Words* (2021); He et al., *Masked Autoencoders Are Scalable Vision Learners* (2022); van den Oord et al., *Neural Discrete Representation Learning* (2017); Ramesh et al., *Zero-Shot Text-to-Image Generation* (2021); Esser et al., *Taming Transformers for High-Resolution Image Synthesis* (2021).
"""

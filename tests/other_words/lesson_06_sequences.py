"""Lesson 06's mistakes with U-Nets, diffusion, attention and tokens, in other words."""

# ruff: noqa: F811 - many wrong solutions of one exercise, as students write them

import math

import torch
import torch.nn.functional as F
from torch import nn

from tests.other_words.cases import told


@told("SkipsAdded")
class UNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        sizes = {"enc1": (1, c), "enc2": (c, 2 * c), "bottom": (2 * c, 4 * c)}
        sizes |= {"dec2": (2 * c, 2 * c), "dec1": (c, c)}
        for name, (a, b) in sizes.items():
            row = [nn.Conv2d(a, b, 3, 1, 1), nn.BatchNorm2d(b), nn.ReLU()]
            row += [nn.Conv2d(b, b, 3, 1, 1), nn.BatchNorm2d(b), nn.ReLU()]
            setattr(self, name, nn.Sequential(*row))
        self.up2 = nn.ConvTranspose2d(4 * c, 2 * c, 2, 2)
        self.up1 = nn.ConvTranspose2d(2 * c, c, 2, 2)
        self.out = nn.Conv2d(c, 1, 1)
        self.pool = nn.MaxPool2d(2, 2)

    def forward(self, images):
        kept = [self.enc1(images)]
        kept.append(self.enc2(self.pool(kept[0])))
        y = self.up2(self.bottom(self.pool(kept[1])))
        y += kept.pop()
        y = self.up1(self.dec2(y))
        y += kept.pop()
        return self.out(self.dec1(y))


@told("SkipSecond")
class UNet(nn.Module):
    def __init__(self, c):
        super().__init__()

        def twice(a, b):
            half = [nn.Conv2d(a, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]
            rest = [nn.Conv2d(b, b, 3, padding=1), nn.BatchNorm2d(b), nn.ReLU(inplace=True)]
            return nn.Sequential(*half, *rest)

        self.enc1, self.enc2, self.bottom = twice(1, c), twice(c, c * 2), twice(c * 2, c * 4)
        self.dec2, self.dec1 = twice(c * 4, c * 2), twice(c * 2, c)
        self.up2, self.up1 = (nn.ConvTranspose2d(2 * n, n, 2, 2) for n in (2 * c, c))
        self.out = nn.Conv2d(c, 1, 1)

    def forward(self, images):
        a = self.enc1(images)
        b = self.enc2(F.max_pool2d(a, 2))
        low = self.up2(self.bottom(F.max_pool2d(b, 2)))
        low = self.up1(self.dec2(torch.hstack([low, b])))
        return self.out(self.dec1(torch.hstack([low, a])))


@told("picture_as_target")
def train_unet(images, masks, seed):
    torch.random.manual_seed(seed)
    net = UNet(8)
    train(
        net,
        (images,),
        loss=lambda model, x: mask_loss(model(x), x),
        epochs=8,
        batch_size=32,
        lr=1e-2,
        seed=seed,
        progress=False,
    )
    return net


@told("not_squared")
def kept_share(T, s=0.008):
    quarter = torch.tensor(torch.pi / 2, dtype=torch.float64)
    f = [torch.cos((t / T + s) / (1 + s) * quarter).item() for t in range(T + 1)]
    kept = [1.0]
    for t in range(1, T + 1):
        kept.append(kept[-1] * (1 - min(1 - f[t] / f[t - 1], 0.999)))
    return torch.tensor(kept)


@told("not_clipped")
def kept_share(T, s=0.008):
    share = torch.linspace(0, 1, T + 1).add(s).div(1 + s)
    wave = (1 + torch.cos(share * torch.pi)) / 2
    return wave / wave[0]


@told("one_step_too_early")
def add_noise(x0, t, noise, kept):
    a = torch.index_select(kept.roll(1), 0, t)[:, None, None, None]
    return a**0.5 * x0 + (1 - a) ** 0.5 * noise


@told("picture_asked_for")
def noise_loss(model, x0, words, t, noise, kept):
    a = kept[t].view(-1, 1, 1, 1)
    return F.mse_loss(model(a.sqrt() * x0 + torch.sqrt(1 - a) * noise, t, words), x0)


@told("product_for_the_step")
def denoise_step(x, t, predicted, kept, fresh):
    now, before = kept[t], kept[t - 1]
    mean = (x - torch.sqrt(1 - now) * predicted) / torch.sqrt(now)
    return mean + (1 - before) ** 0.5 * fresh


@told("variance_beta")
def denoise_step(x, t, predicted, kept, fresh):
    beta = 1 - kept[t] / kept[t - 1]
    x = x - beta * predicted / torch.sqrt(1 - kept[t])
    return x / torch.sqrt(1 - beta) + torch.sqrt(beta) * fresh


@told("noise_used_twice")
def draw_digits(model, words, kept, noise):
    x, t = noise[-1].clone(), len(noise) - 1
    while t > 0:
        with torch.inference_mode():
            found = model(x, torch.tensor([t] * len(words), device=x.device), words)
            x = denoise_step(x, t, found, kept, noise[t])
        t -= 1
    return torch.clip(x * 0.5 + 0.5, 0.0, 1.0)


@told("not_scaled")
def attention(q, k, v, mask=None):
    scores = torch.einsum("...ld,...md->...lm", q, k)
    if mask is not None:
        scores = torch.where(mask, scores, torch.tensor(-math.inf, device=q.device))
    powers = torch.exp(scores - scores.amax(-1, True))
    weights = powers / powers.sum(-1, True)
    return torch.matmul(weights, v), weights


@told("masked_after_the_softmax")
def attention(q, k, v, mask=None):
    d = k.shape[-1]
    weights = F.softmax(torch.matmul(q / math.sqrt(d), k.mT), dim=-1)
    if mask is not None:
        weights = weights.masked_fill(mask.logical_not(), 0)
    return torch.matmul(weights, v), weights


@told("transposed")
def causal_mask(L):
    rows = [[column >= row for column in range(L)] for row in range(L)]
    return torch.tensor(rows)


@told("heads_across_the_places")
def multi_head(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    size = x.shape[2] // heads
    q = F.linear(x, W_q).view(len(x), heads, -1, size)
    k, v = (F.linear(memory, W).view(len(x), heads, -1, size) for W in (W_k, W_v))
    return F.linear(attention(q, k, v, mask)[0].reshape(x.shape), W_o)


@told("scaled_by_the_whole_width")
def multi_head(x, memory, W_q, W_k, W_v, W_o, heads, mask=None):
    d, found = x.shape[-1], []
    for rows in torch.arange(d, device=x.device).chunk(heads):
        scores = (x @ W_q[rows].T) @ (memory @ W_k[rows].T).mT / math.sqrt(d)
        if mask is not None:
            whole = mask.expand(len(x), heads, *scores.shape[1:])
            scores[~whole[:, len(found)]] = -math.inf
        found.append(torch.softmax(scores, 2) @ (memory @ W_v[rows].T))
    return torch.cat(found, 2) @ W_o.T


@told("own_words_not_seen")
def greedy_decode(step, start, end, longest):
    written = torch.full((len(start), longest), end, dtype=torch.long, device=start.device)
    going = torch.ones_like(start).bool()
    for place in range(longest):
        token = step(start.reshape(-1, 1)).argmax(1)
        written[going, place] = token[going]
        going &= token != end
        if not going.any():
            break
    return written


@told("first_end_stops_all")
def greedy_decode(step, start, end, longest):
    prefix = start[:, None]
    for _ in range(longest):
        token = step(prefix).argmax(dim=-1, keepdim=True)
        prefix = torch.cat((prefix, token), dim=1)
        if (token == end).any():
            break
    missing = longest + 1 - prefix.shape[1]
    return F.pad(prefix, (0, missing), value=end)[:, 1:]


@told("channels_last")
def patchify(x, P):
    rows = [
        torch.stack([x[:, :, i : i + P, j : j + P].movedim(1, -1).flatten(1)])
        for i in range(0, x.shape[2], P)
        for j in range(0, x.shape[3], P)
    ]
    return torch.cat(rows).transpose(0, 1)


@told("column_by_column")
def unpatchify(patches, P, H, W):
    squares = patches.unflatten(2, (-1, P, P))
    high = H // P
    towers = [torch.cat(list(part.unbind(1)), dim=2) for part in squares.split(high, dim=1)]
    return torch.cat(towers, dim=3)


@told("visible_patches_only")
def masked_loss(predicted, patches, hidden):
    shown = torch.logical_not(hidden).unsqueeze(2).to(predicted.dtype)
    return (shown * (predicted - patches) ** 2).sum() / (shown.sum() * patches.shape[2])


@told("divided_by_all")
def masked_loss(predicted, patches, hidden):
    return (predicted - patches)[hidden].pow(2).sum() / patches.numel()


@told("only_the_codebook_learns")
def quantise(z, codebook):
    distances = z.pow(2).sum(-1, keepdim=True) - 2 * z @ codebook.T + codebook.pow(2).sum(1)
    indices = distances.min(dim=-1).indices
    return F.embedding(indices, codebook), indices


@told("largest_product")
def quantise(z, codebook):
    indices = torch.einsum("nld,kd->nlk", z, codebook).max(dim=2)[1]
    return z + codebook[indices].detach() - z.detach(), indices


@told("temperature_after_the_softmax")
def sample_tokens(step, length, temperature, uniform):
    page = torch.zeros_like(uniform, dtype=torch.long)[:, :length]
    for place in range(length):
        logits = step(page[:, :place])
        sums = torch.softmax(logits, -1).div(temperature).cumsum(-1)
        page[:, place] = (sums > uniform[:, place].unsqueeze(1)).float().argmax(1)
    return page


@told("prefix_stays_empty")
def sample_tokens(step, length, temperature, uniform):
    empty = uniform[:, :0].long()
    sums = torch.cumsum(torch.softmax(step(empty) / temperature, dim=1), dim=1)
    places = [(sums <= uniform[:, n : n + 1]).sum(1) for n in range(length)]
    return torch.stack(places, dim=1).clamp(max=sums.shape[1] - 1)

"""Wrong and other right solutions of `layer_norm`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "layer_norm",
    says="You take mean and variance over the batch, as batch normalisation does. "
    "Here each example is normalised by itself, over the last gamma.dim() axes.",
)
def over_the_batch(x, gamma, beta, eps=1e-5):
    mean = x.mean(0, keepdim=True)
    var = x.var(0, unbiased=False, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="You have one mean for the whole batch. Each example has its own: "
    "take it over the last gamma.dim() axes, with keepdim=True.",
)
def over_everything(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(), x.var(unbiased=False)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="You take mean and variance over the last axis alone. "
    "gamma says how many axes belong together: its last gamma.dim() ones.",
)
def last_axis_only(x, gamma, beta, eps=1e-5):
    mean = x.mean(-1, keepdim=True)
    var = x.var(-1, unbiased=False, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="You take mean and variance over all axes but the first. "
    "gamma says how many axes belong together: with one axis it is the last one alone.",
)
def all_but_the_first_axis(x, gamma, beta, eps=1e-5):
    axes = tuple(range(1, x.dim()))
    mean = x.mean(axes, keepdim=True)
    var = x.var(axes, unbiased=False, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="You took the first gamma.dim() axes. The last ones belong to the example: −1, −2, …",
)
def first_axes(x, gamma, beta, eps=1e-5):
    axes = tuple(range(gamma.dim()))
    mean = x.mean(axes, keepdim=True)
    var = x.var(axes, unbiased=False, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="x.var(…) divides by n − 1. Normalise with the biased variance, divided by n: "
    "unbiased=False.",
)
def unbiased_variance(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    mean, var = x.mean(axes, keepdim=True), x.var(axes, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="You add eps behind the root. It stands inside: sqrt(var + eps).",
)
def eps_outside_the_root(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    mean, var = x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)
    return gamma * (x - mean) / (torch.sqrt(var) + eps) + beta


@misconception(
    "layer_norm",
    says="eps is missing. An example whose numbers are all alike would be divided by 0: "
    "sqrt(var + eps).",
)
def eps_forgotten(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    mean, var = x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(var) + beta


@misconception(
    "layer_norm",
    says="You divide by the variance. Divide by its root, so that the result has variance 1.",
)
def divided_by_the_variance(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    mean, var = x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)
    return gamma * (x - mean) / (var + eps) + beta


@misconception(
    "layer_norm",
    says="gamma and beta are left out. After normalising, multiply by gamma and add beta.",
)
def gamma_and_beta_forgotten(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    mean, var = x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps)


@misconception(
    "layer_norm",
    says="You apply gamma and beta before normalising, which takes most of them away again. "
    "Normalise first, then gamma · … + beta.",
)
def gamma_and_beta_first(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    x = gamma * x + beta
    mean, var = x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)
    return (x - mean) / torch.sqrt(var + eps)


@misconception(
    "layer_norm",
    says="Your means have lost their axes and no longer stand beside the right numbers. "
    "Keep them with keepdim=True.",
)
def axes_not_kept(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    mean, var = x.mean(axes), x.var(axes, unbiased=False)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="You hold mean and variance fixed for the gradient. They depend on x, and the gradient "
    "goes through them too: no detach(), no torch.no_grad().",
)
def statistics_detached(x, gamma, beta, eps=1e-5):
    axes = tuple(range(-gamma.dim(), 0))
    with torch.no_grad():
        mean, var = x.mean(axes, keepdim=True), x.var(axes, unbiased=False, keepdim=True)
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta


@misconception(
    "layer_norm",
    says="Torch's own layer_norm did the work. Work out mean and variance yourself.",
)
def ready_made(x, gamma, beta, eps=1e-5):
    return F.layer_norm(x, gamma.shape, gamma, beta, eps)


@alternative("layer_norm")
def flattened_into_rows(x, gamma, beta, eps=1e-5):
    rows = x.reshape(-1, gamma.numel())
    centred = rows - rows.mean(1, keepdim=True)
    scaled = centred * (centred.square().mean(1, keepdim=True) + eps).rsqrt()
    return (scaled * gamma.flatten() + beta.flatten()).reshape(x.shape)


@alternative("layer_norm")
def example_by_example(x, gamma, beta, eps=1e-5):
    done = []
    for example in x.reshape(-1, *gamma.shape):
        n = example.numel()
        mean = example.sum() / n
        var = sum((number - mean) ** 2 for number in example.flatten()) / n
        done.append((example - mean) / (var + eps) ** 0.5 * gamma + beta)
    return torch.stack(done).reshape(x.shape)


@alternative("layer_norm")
def var_mean_of_the_last_axes(x, gamma, beta, eps=1e-5):
    last = [x.dim() - 1 - axis for axis in range(gamma.dim())]
    var, mean = torch.var_mean(x, dim=last, correction=0, keepdim=True)
    return torch.addcmul(beta, gamma, (x - mean) / (var + eps).sqrt())


@alternative("layer_norm")
def means_reshaped_back(x, gamma, beta, eps=1e-5):
    flat = x.flatten(x.dim() - gamma.dim())
    mean = flat.mean(-1)
    var = ((flat - mean[..., None]) ** 2).mean(-1)
    ones = (1,) * gamma.dim()
    mean, var = (t.reshape(*t.shape, *ones) for t in (mean, var))
    return (x - mean) * gamma / torch.sqrt(var + eps) + beta

"""Wrong and other right solutions of `batch_norm`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "batch_norm",
    says="In evaluation you still use the batch's own mean and variance, so that an image's result "
    "depends on the others. Where training is False, take the running ones.",
)
def batch_statistics_at_evaluation(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    if training:
        n = x.numel() / x.shape[1]
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="`training` is ignored: evaluation uses the batch's statistics and moves the running ones "
    "on. There the running ones are used, and returned as they came.",
)
def always_training(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    n = x.numel() / x.shape[1]
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    new_mean = (1 - momentum) * running_mean + momentum * mean
    new_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), new_mean, new_var


@misconception(
    "batch_norm",
    says="In evaluation the running statistics stay as they are. "
    "Move them on only where training is True.",
)
def moved_on_at_evaluation(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
    n = x.numel() / x.shape[1]
    new_mean = (1 - momentum) * running_mean + momentum * mean
    new_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    if not training:
        mean, var = running_mean, running_var
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), new_mean, new_var


@misconception(
    "batch_norm",
    says="In training you normalise with the running statistics. "
    "They are for evaluation; in training the batch is normalised by its own mean and variance.",
)
def running_statistics_in_training(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    if training:
        var = x.var((0, 2, 3), unbiased=True)
        running_mean = (1 - momentum) * running_mean + momentum * x.mean((0, 2, 3))
        running_var = (1 - momentum) * running_var + momentum * var
    y = (x - running_mean.view(1, -1, 1, 1)) / torch.sqrt(running_var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="Your momentum goes the wrong way round. In torch it is the share of the new number: "
    "(1 − momentum)·running + momentum·batch.",
)
def momentum_the_wrong_way_round(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        n = x.numel() / x.shape[1]
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var * n / (n - 1)
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="The variance that you add to the running one is the biased one. The running one is an "
    "estimate for all images: divide by n − 1 there, n = N·H·W.",
)
def biased_into_running(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="x.var(…) divides by n − 1. The batch is normalised with the biased variance, divided "
    "by n: unbiased=False. Only the running variance takes the other one.",
)
def normalised_by_the_unbiased(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * var
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="You change the running statistics in place, behind the caller's back. Build new ones: "
    "(1 − momentum) * running_mean + momentum * mean instead of mul_, add_, += or copy_.",
)
def running_changed_in_place(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        running_mean.mul_(1 - momentum).add_(momentum * mean)
        running_var.mul_(1 - momentum).add_(momentum * x.var((0, 2, 3)))
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="You take the mean of every image by itself: that is instance normalisation. "
    "Batch normalisation goes over the batch too: the axes (0, 2, 3).",
)
def each_image_by_itself(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean.view(1, -1, 1, 1), running_var.view(1, -1, 1, 1)
    if training:
        mean = x.mean((2, 3), keepdim=True)
        var = x.var((2, 3), unbiased=False, keepdim=True)
        n = x.shape[2] * x.shape[3]
        running_mean = (1 - momentum) * running_mean + momentum * mean.mean((0, 2, 3))
        running_var = (1 - momentum) * running_var + momentum * var.mean((0, 2, 3)) * n / (n - 1)
    y = (x - mean) / torch.sqrt(var + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="You add eps behind the root. It stands inside: sqrt(var + eps).",
)
def eps_outside_the_root(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * x.var((0, 2, 3))
    y = (x - mean.view(1, -1, 1, 1)) / (torch.sqrt(var).view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="You divide by the variance. Divide by its root, so that the result has variance 1.",
)
def divided_by_the_variance(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * x.var((0, 2, 3))
    y = (x - mean.view(1, -1, 1, 1)) / (var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="C numbers beside (N, C, H, W) meet the last axis, the columns. "
    "Give them the shape (1, C, 1, 1): .view(1, -1, 1, 1), also gamma and beta.",
)
def channels_on_the_last_axis(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * x.var((0, 2, 3))
    return gamma * (x - mean) / torch.sqrt(var + eps) + beta, running_mean, running_var


@misconception(
    "batch_norm",
    says="You hold mean and variance fixed for the gradient. In training they depend on x, and "
    "the gradient goes through them too: no detach(), no torch.no_grad() around them.",
)
def statistics_detached(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean, running_var
    if training:
        with torch.no_grad():
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
            running_mean = (1 - momentum) * running_mean + momentum * mean
            running_var = (1 - momentum) * running_var + momentum * x.var((0, 2, 3))
    y = (x - mean.view(1, -1, 1, 1)) / torch.sqrt(var.view(1, -1, 1, 1) + eps)
    return gamma.view(1, -1, 1, 1) * y + beta.view(1, -1, 1, 1), running_mean, running_var


@misconception(
    "batch_norm",
    says="Torch's own batch_norm did the work. "
    "Work out mean and variance yourself, and the running ones with them.",
)
def ready_made(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    mean, var = running_mean.detach().clone(), running_var.detach().clone()
    y = F.batch_norm(x, mean, var, gamma, beta, training, momentum, eps)
    return y, mean, var


@alternative("batch_norm")
def channel_by_channel(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    maps, means, variances = [], [], []
    for c in range(x.shape[1]):
        pixels = x[:, c]
        mean, var = running_mean[c], running_var[c]
        if training:
            mean, var = pixels.mean(), pixels.var(unbiased=False)
            means.append(running_mean[c] + momentum * (mean - running_mean[c]))
            variances.append(running_var[c] + momentum * (pixels.var() - running_var[c]))
        maps.append((pixels - mean) * (var + eps) ** -0.5 * gamma[c] + beta[c])
    y = torch.stack(maps, dim=1)
    if not training:
        return y, running_mean, running_var
    return y, torch.stack(means), torch.stack(variances)


@alternative("batch_norm")
def channels_moved_to_the_end(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    rows = x.movedim(1, -1)
    table = rows.reshape(-1, x.shape[1])
    if training:
        n = table.shape[0]
        mean = table.sum(0) / n
        squares = ((table - mean) ** 2).sum(0)
        var = squares / n
        new_mean = torch.lerp(running_mean, mean, momentum)
        new_var = torch.lerp(running_var, squares / (n - 1), momentum)
    else:
        mean, var, new_mean, new_var = running_mean, running_var, running_mean, running_var
    y = gamma * (rows - mean) / (var + eps).sqrt() + beta
    return y.movedim(-1, 1), new_mean, new_var


@alternative("batch_norm")
def one_scale_and_one_shift(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    mean, var = running_mean.clone(), running_var.clone()
    new_mean, new_var = running_mean.clone(), running_var.clone()
    if training:
        axes = (0, 2, 3)
        mean = x.mean(dim=axes)
        var = (x * x).mean(dim=axes) - mean**2
        with torch.no_grad():
            new_mean += momentum * (mean - new_mean)
            new_var += momentum * (torch.var(x, dim=axes, correction=1) - new_var)
    scale = gamma * torch.rsqrt(var + eps)
    shift = beta - scale * mean
    return x * scale[:, None, None] + shift[:, None, None], new_mean, new_var


@alternative("batch_norm")
def statistics_with_axes_kept(
    x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5
):
    def spread(numbers):
        return numbers.reshape(1, -1, 1, 1).expand_as(x)

    if not training:
        y = (x - spread(running_mean)) / torch.sqrt(spread(running_var) + eps)
        return y * spread(gamma) + spread(beta), running_mean, running_var
    var, mean = torch.var_mean(x, dim=(0, 2, 3), unbiased=False, keepdim=True)
    y = (x - mean) / torch.sqrt(var + eps) * spread(gamma) + spread(beta)
    n = x[:, 0].numel()
    keep = 1 - momentum
    new_mean = keep * running_mean + momentum * mean.flatten()
    new_var = keep * running_var + momentum * (n / (n - 1)) * var.flatten()
    return y, new_mean, new_var

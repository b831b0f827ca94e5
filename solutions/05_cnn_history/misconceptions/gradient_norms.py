"""Wrong and other right solutions of `gradient_norms`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "gradient_norms",
    says="Old gradients are still there: backward() adds to them. "
    "Clear them first, model.zero_grad(), or ask torch.autograd.grad.",
)
def old_gradients_counted(model, images, labels):
    F.cross_entropy(model(images), labels).backward()
    norms = [p.grad.norm().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You leave your gradients behind in the model: the next backward() adds to them. "
    "Clear them at the end, model.zero_grad(), or ask torch.autograd.grad.",
)
def gradients_left_behind(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    return [p.grad.norm().item() for p in model.parameters() if p.dim() >= 2]


@misconception(
    "gradient_norms",
    says="You list the biases and the normalisations too. "
    "Only weights with at least two axes are asked for: p.dim() >= 2.",
)
def every_parameter_listed(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    norms = [p.grad.norm().item() for p in model.parameters()]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You choose by name, and a normalisation has a `weight`, too, with one axis. "
    "Look at the axes: p.dim() >= 2.",
)
def chosen_by_name(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    named = model.named_parameters()
    norms = [p.grad.norm().item() for name, p in named if name.endswith("weight")]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You list the convolutions alone. A linear layer's weight has two axes and counts too: "
    "p.dim() >= 2.",
)
def linear_layers_left_out(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    norms = [p.grad.norm().item() for p in model.parameters() if p.dim() == 4]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="The root is missing: you return the sum of the squares. "
    "The L2 norm is the root of it, g.norm().",
)
def squared(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    norms = [p.grad.square().sum().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You add the absolute values, which is the L1 norm. "
    "The L2 norm squares them, adds, and takes the root: g.norm().",
)
def absolute_values_added(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    norms = [p.grad.abs().sum().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You average the squares before the root. The norm adds them up: g.norm().",
)
def mean_of_the_squares(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    norms = [p.grad.square().mean().sqrt().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You measure the weights themselves. Their gradients are in p.grad, after backward().",
)
def weights_measured(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    norms = [p.norm().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="Your loss is the sum over the examples. Take their mean, as F.cross_entropy does.",
)
def summed(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels, reduction="sum").backward()
    norms = [p.grad.norm().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You take the softmax, and F.cross_entropy takes it again, which makes every gradient "
    "smaller. Hand it the plain logits.",
)
def softmax_twice(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images).softmax(dim=1), labels).backward()
    norms = [p.grad.norm().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms


@misconception(
    "gradient_norms",
    says="You list the last layer first. backward() works from the end, "
    "but the list goes in the order of model.parameters().",
)
def from_the_last_layer(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    norms = [p.grad.norm().item() for p in model.parameters() if p.dim() >= 2]
    model.zero_grad()
    return norms[::-1]


@misconception(
    "gradient_norms",
    says="You return one norm for the whole net. "
    "Each weight has its own: a list, in the order of model.parameters().",
)
def one_norm_for_all(model, images, labels):
    model.zero_grad()
    F.cross_entropy(model(images), labels).backward()
    slopes = [p.grad.flatten() for p in model.parameters() if p.dim() >= 2]
    norm = torch.cat(slopes).norm().item()
    model.zero_grad()
    return norm


@alternative("gradient_norms")
def asked_of_autograd(model, images, labels):
    model.zero_grad()  # what others left behind
    weights = [p for p in model.parameters() if p.dim() >= 2]
    slopes = torch.autograd.grad(F.cross_entropy(model(images), labels), weights)
    return [slope.norm().item() for slope in slopes]


@alternative("gradient_norms")
def weights_handed_in(model, images, labels):
    model.zero_grad()
    own = {name: p.detach().clone().requires_grad_() for name, p in model.named_parameters()}
    logits = torch.func.functional_call(model, own, (images,))
    F.nll_loss(F.log_softmax(logits, dim=1), labels).backward()
    return [float((p.grad**2).sum() ** 0.5) for p in own.values() if p.ndim > 1]


@alternative("gradient_norms")
def cleared_before_and_after(model, images, labels):
    model.zero_grad(set_to_none=True)
    logits = model(images)
    right = logits.log_softmax(dim=1)[torch.arange(len(labels)), labels]
    (-right.sum() / len(labels)).backward()
    norms = []
    for p in model.parameters():
        if len(p.shape) > 1:
            norms.append(torch.linalg.vector_norm(p.grad).item())
        p.grad = None
    return norms

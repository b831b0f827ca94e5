"""Wrong and other right solutions of `anomaly_scores`."""

import torch
import torch.nn.functional as F

from autograder.misconceptions import alternative, misconception


@misconception(
    "anomaly_scores",
    says="You return one number for the whole batch. Each image has a score of its own: "
    "add up its pixels only.",
)
def one_for_all(model, images):
    model.eval()
    with torch.no_grad():
        return ((images - model(images)) ** 2).flatten(1).sum(dim=1).mean()


@misconception(
    "anomaly_scores",
    says="You average over an image's pixels. Add their squares up, as in the loss.",
)
def averaged_over_the_pixels(model, images):
    model.eval()
    with torch.no_grad():
        return ((images - model(images)) ** 2).flatten(1).mean(dim=1)


@misconception(
    "anomaly_scores",
    says="You add up along the last axis alone, and get a number for each line of pixels. "
    "One for each image is asked for: flatten(1) first.",
)
def one_for_each_line(model, images):
    model.eval()
    with torch.no_grad():
        return ((images - model(images)) ** 2).sum(dim=-1)


@misconception(
    "anomaly_scores",
    says="The square is missing: you add up |x − x′|.",
)
def absolute_differences(model, images):
    model.eval()
    with torch.no_grad():
        return (images - model(images)).abs().flatten(1).sum(dim=1)


@misconception(
    "anomaly_scores",
    says="You take the root. The score is the sum of squares itself, ‖x − x′‖².",
)
def root_taken(model, images):
    model.eval()
    with torch.no_grad():
        return (images - model(images)).flatten(1).norm(dim=1)


@misconception(
    "anomaly_scores",
    says="Your scores are negative: the best restored image scores highest. "
    "A high score is to say “strange”: leave out the minus.",
)
def strange_scores_low(model, images):
    model.eval()
    with torch.no_grad():
        return -((images - model(images)) ** 2).flatten(1).sum(dim=1)


@misconception(
    "anomaly_scores",
    says="You ask the model in whatever mode it is: in train() mode an image's score depends on "
    "its neighbours in the batch, or on chance. Call model.eval() first.",
)
def mode_left_as_it_is(model, images):
    with torch.no_grad():
        return ((images - model(images)) ** 2).flatten(1).sum(dim=1)


@misconception(
    "anomaly_scores",
    says="You keep all that is needed to go backwards, and nobody will. "
    "Ask the model inside `with torch.no_grad():`.",
)
def gradients_kept(model, images):
    model.eval()
    return ((images - model(images)) ** 2).flatten(1).sum(dim=1)


@alternative("anomaly_scores")
def ready_made_squares(model, images):
    model.train(False)
    with torch.inference_mode():
        apart = F.mse_loss(model(images), images, reduction="none")
    return apart.clone().reshape(len(images), -1).sum(1)


@alternative("anomaly_scores")
def product_with_itself(model, images):
    with torch.set_grad_enabled(False):
        apart = images.sub(model.eval()(images)).flatten(start_dim=1)
        return (apart.unsqueeze(1) @ apart.unsqueeze(2)).flatten()


@alternative("anomaly_scores")
def image_after_image(model, images):
    model.eval()
    with torch.no_grad():
        return torch.stack([(x - model(x[None])[0]).pow(2).sum() for x in images])

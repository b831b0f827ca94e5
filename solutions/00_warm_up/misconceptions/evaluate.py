"""Wrong and other right solutions of `evaluate`."""

import torch

from autograder.misconceptions import alternative, misconception


@misconception(
    "evaluate",
    says="The model was asked as in training. Both switches are needed: "
    "model.eval(), and `with torch.no_grad():` around the call.",
)
def neither_switch(model, inputs, labels):
    scores = model(inputs)
    return (scores.argmax(dim=1) == labels).float().mean().item()


@misconception(
    "evaluate",
    says="no_grad() is there, but the model is still in train() mode: no_grad() does not change "
    "how layers behave. Call model.eval() first.",
)
def eval_forgotten(model, inputs, labels):
    with torch.no_grad():
        scores = model(inputs)
    return (scores.argmax(dim=1) == labels).float().mean().item()


@misconception(
    "evaluate",
    says="eval() is there, but torch still records every step for gradients: eval() does not stop "
    "that. Call the model inside `with torch.no_grad():`.",
)
def no_grad_forgotten(model, inputs, labels):
    model.eval()
    scores = model(inputs)
    return (scores.argmax(dim=1) == labels).float().mean().item()


@misconception(
    "evaluate",
    says="You counted the right ones. Divide by how many there are: accuracy is a fraction.",
)
def counted(model, inputs, labels):
    model.eval()
    with torch.no_grad():
        scores = model(inputs)
    return (scores.argmax(dim=1) == labels).sum().item()


@misconception(
    "evaluate",
    says="That is the share of mistakes. Accuracy is the share of right answers.",
)
def error_rate(model, inputs, labels):
    model.eval()
    with torch.no_grad():
        scores = model(inputs)
    return (scores.argmax(dim=1) != labels).float().mean().item()


@misconception(
    "evaluate",
    says="argmax looked along the wrong axis. A row holds the scores of one example: use dim=1.",
)
def best_example_of_each_class(model, inputs, labels):
    model.eval()
    with torch.no_grad():
        scores = model(inputs)
    return (scores.argmax(dim=0) == labels).float().mean().item()


@misconception(
    "evaluate",
    says="You compared the scores themselves with the labels. "
    "The answer is the class with the largest score: scores.argmax(dim=1).",
)
def largest_score_compared(model, inputs, labels):
    model.eval()
    with torch.no_grad():
        scores = model(inputs)
    return (scores.amax(dim=1).round() == labels).float().mean().item()


@alternative("evaluate")
def in_inference_mode(model, inputs, labels):
    with torch.inference_mode():
        guesses = model.eval()(inputs).max(dim=1).indices
    return int((guesses == labels).sum()) / len(labels)


@alternative("evaluate")
def mode_put_back(model, inputs, labels):
    before = model.training
    model.train(False)
    with torch.set_grad_enabled(False):
        right = model(inputs).topk(1, dim=1).indices[:, 0].eq(labels)
    model.train(before)
    return right.double().mean().item()


@alternative("evaluate")
def one_after_the_other(model, inputs, labels):
    model.eval()
    right = 0
    with torch.no_grad():
        for row, label in zip(inputs, labels, strict=True):
            right += int(model(row[None])[0].argmax()) == int(label)
    return right / len(labels)

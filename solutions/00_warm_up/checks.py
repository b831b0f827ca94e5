"""Checks of lesson 00, which is not graded. The examples can be followed with a pencil."""

import math
from pathlib import Path

import torch
import torch.nn.functional as F

from utils.checks import check
from utils.expect import expect, expect_same_on_device, expect_tuple
from utils.nets.small import perceptron

# Two pictures of 1×2 pixels, and three classes.
PICTURES = torch.tensor([[[[1.0, 2.0]]], [[[3.0, 0.0]]]])
WEIGHT = torch.tensor([[1.0, 1.0], [0.0, 2.0], [-1.0, 0.0]])
BIAS = torch.tensor([0.0, 0.5, 10.0])
SCORES = [[3, 4.5, 9], [3, 0.5, 7]]

# Two examples with two numbers each, of class 0 and of class 1.
POINTS, CLASSES = torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.tensor([0, 1])

# The first number is always the larger one; compared with the rest of its column it often is not.
PAIRS = torch.tensor([[3.0, 1.0], [5.0, 4.0], [2.0, 1.0], [9.0, 2.0], [1.0, 0.0]])
RIGHT = torch.tensor([0, 0, 0, 1, 0])

FILE = "saved-by-a-check.pt"
SHUFFLE = "The rows are right, their order is not: shuffle with a generator that has this seed."


def losses_by_hand(inputs, labels, classes, steps, lr):
    """The loss before each step of gradient descent, without autograd: slope = p − 1 or p."""
    inputs = torch.cat([inputs.double(), torch.ones(len(inputs), 1)], dim=1)  # the bias's input
    weight = torch.zeros(classes, inputs.shape[1], dtype=torch.float64)
    wanted = F.one_hot(labels, classes).double()
    losses = []
    for _ in range(steps):
        chances = (inputs @ weight.T).softmax(dim=1)
        losses.append(float(-(chances[wanted == 1]).log().mean()))
        weight -= lr * (chances - wanted).T @ inputs / len(inputs)
    return tuple(losses)


@check("class_scores")
def test_class_scores_by_hand(student):
    """Two pictures of 1×2 pixels and three classes."""
    expect(student.class_scores(PICTURES, WEIGHT, BIAS), equals=SCORES)


@check("class_scores")
def test_class_scores_of_colours(student):
    """Three channels and pictures that are not square, in float64."""
    draw = torch.Generator().manual_seed(0)
    images = torch.randn(4, 3, 2, 5, generator=draw, dtype=torch.float64)
    weight = torch.randn(6, 30, generator=draw, dtype=torch.float64)
    bias = torch.randn(6, generator=draw, dtype=torch.float64)
    wanted = F.linear(images.flatten(1), weight, bias)
    expect(student.class_scores(images, weight, bias), equals=wanted, dtype=torch.float64)


@check("class_scores")
def test_class_scores_device(student):
    """Runs where its input lives."""
    expect_same_on_device(student.class_scores, PICTURES, WEIGHT, BIAS, equals=SCORES)


@check("train_steps")
def test_train_steps_by_hand(student):
    """One example, two classes: log 2 before the first step, 0.1269 before the second."""
    model = student.perceptron(1, 2)
    one, label = torch.tensor([[1.0]]), torch.tensor([0])
    losses = student.train_steps(model, one, label, 2, 1.0)
    expect(losses, equals=(math.log(2), math.log(1 + math.exp(-2))), rtol=1e-4)


@check("train_steps")
def test_train_steps_goes_on(student):
    """Two examples: the losses of six steps, equal to those worked out without autograd."""
    model = student.perceptron(2, 2)
    losses = student.train_steps(model, POINTS, CLASSES, 6, 0.5)
    expect(losses, equals=losses_by_hand(POINTS, CLASSES, 2, 6, 0.5), rtol=1e-4)


@check("train_steps")
def test_train_steps_moves_the_weights(student):
    """After a step with learning rate 1 the model's own weights have moved downhill."""
    model = student.perceptron(2, 2)
    expect(student.train_steps(model, POINTS, CLASSES, 1, 1.0), equals=(math.log(2),), rtol=1e-4)
    expect(model.weight, equals=[[0.25, -0.5], [-0.25, 0.5]], rtol=1e-4)


@check("train_steps")
def test_train_steps_device(student):
    """Runs where the model and its inputs live."""
    model, same = student.perceptron(2, 2), (math.log(2), math.log(2))
    # A learning rate of 0, because the same model is asked on both devices.
    expect_same_on_device(student.train_steps, model, POINTS, CLASSES, 2, 0.0, equals=same)


@check("evaluate")
def test_evaluate_by_hand(student):
    """Four of five right, and all five."""
    expect(student.evaluate(student.witness(), PAIRS, RIGHT), equals=0.8)
    expect(student.evaluate(student.witness(), PAIRS, torch.zeros(5).long()), equals=1.0)


@check("evaluate")
def test_evaluate_in_eval_mode(student):
    """The model is asked in eval() mode."""
    model = student.witness()
    accuracy = student.evaluate(model, PAIRS, RIGHT)
    expect(model.asked_in_training, equals=False, says="The model was asked in train() mode.")
    expect(accuracy, equals=0.8)


@check("evaluate")
def test_evaluate_without_gradients(student):
    """Nothing is recorded for gradients."""
    model = student.witness()
    accuracy = student.evaluate(model, PAIRS, RIGHT)
    says = "The model was asked outside torch.no_grad()."
    expect(model.asked_with_gradients, equals=False, says=says)
    expect(accuracy, equals=0.8)


@check("evaluate")
def test_evaluate_device(student):
    """Runs where the model and its inputs live."""
    expect_same_on_device(student.evaluate, student.witness(), PAIRS, RIGHT, equals=0.8)


@check("three_piles")
def test_three_piles_of_ten(student):
    """Ten rows: six to train, two to validate, two to test."""
    train, validation, test = expect_tuple(student.three_piles(10, 0), 3)
    order = torch.randperm(10, generator=torch.Generator().manual_seed(0))
    expect(train, equals=order[:6], dtype=torch.int64)
    expect(validation, equals=order[6:8], dtype=torch.int64)
    expect(test, equals=order[8:], dtype=torch.int64)


@check("three_piles")
def test_three_piles_of_any_size(student):
    """Other numbers of rows and other seeds; what cannot be shared evenly goes to training."""
    for count, seed in [(1797, 0), (14, 1), (5, 2), (99, 3)]:
        train, validation, test = expect_tuple(student.three_piles(count, seed), 3)
        order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
        fifth = count // 5
        expect(train, shape=(count - 2 * fifth,))
        expect(validation, shape=(fifth,))
        expect(test, shape=(fifth,))
        expect(train, equals=order[: count - 2 * fifth], says=SHUFFLE)
        expect(validation, equals=order[count - 2 * fifth : count - fifth], says=SHUFFLE)
        expect(test, equals=order[count - fifth :], says=SHUFFLE)


def saved(student):
    """A model and a fresh one, after the student's function has met both; and what it returned."""
    model, fresh = student.perceptron(2, 3, seed=1), student.perceptron(2, 3, seed=2)
    try:
        return model, fresh, student.save_and_load(model, fresh, FILE)
    finally:
        Path(FILE).unlink(missing_ok=True)  # in a notebook it lies beside the lesson


@check("save_and_load")
def test_save_and_load_names(student):
    """What was saved goes by the names weight and bias."""
    _, _, names = saved(student)
    expect(names, equals=("weight", "bias"))


@check("save_and_load")
def test_save_and_load_scores(student):
    """Afterwards the fresh net gives the model's scores, and the model still gives its own."""
    model, fresh, _ = saved(student)
    wanted = perceptron(2, 3, seed=1)(POINTS)
    expect(model(POINTS), equals=wanted, says="The model itself was changed.")
    expect(fresh(POINTS), equals=wanted, says="The fresh net does not give the model's scores.")
    expect_same_on_device(fresh, POINTS, equals=wanted)


@check("save_and_load")
def test_save_and_load_copies(student):
    """The fresh net keeps the weights when the model forgets its own."""
    model, fresh, _ = saved(student)
    model.forget()
    says = "The two nets share their weights: what happens to one happens to the other."
    expect(fresh(POINTS), equals=perceptron(2, 3, seed=1)(POINTS), says=says)

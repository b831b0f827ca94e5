"""The training helper: repeatable, kind to the notebook's own state, clear about mistakes."""

import pytest
import torch
from torch import nn

from utils import training
from utils.demo import ready


def blobs(count=60):
    """Two well separated clouds of points and their labels."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(count) % 2
    return torch.randn(count, 2, generator=generator) + 4 * labels[:, None], labels


def small_net(seed=0):
    """A net with dropout, so that its own random choices matter."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))


def fit(net, **changes):
    """Train quickly and quietly."""
    settings = {"epochs": 15, "batch_size": 16, "lr": 1e-2, "progress": False}
    return training.train(net, blobs(), **{**settings, **changes})


def test_train_learns():
    """The loss falls, the accuracy rises, and the model ends ready for use."""
    net = small_net()
    history = fit(net)
    assert history.loss[-1] < history.loss[0] / 2
    assert training.accuracy(net, *blobs()) > 0.95
    assert not net.training
    assert len(history.loss) == 15


def test_train_is_repeatable():
    """The same seeds give the same losses to the last digit."""
    assert fit(small_net(), seed=3).loss == fit(small_net(), seed=3).loss
    assert fit(small_net(), seed=3).loss != fit(small_net(), seed=4).loss


def test_train_leaves_the_notebooks_random_numbers_alone():
    """A cell below draws the same numbers whether or not a net was trained above."""
    net = small_net()
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    fit(net)
    assert torch.equal(torch.rand(3), expected)


def test_early_stop_keeps_the_best_weights():
    """Training stops after `patience` epochs without progress and goes back to the best."""
    net = small_net()
    images, labels = blobs(20)
    wrong = images, 1 - labels  # what helps on the training data hurts here: the first is best
    history = fit(net, validation=wrong, patience=3)
    assert history.stopped_early
    assert history.best_epoch == 1
    assert len(history.loss) == 4
    kept = training.cross_entropy(net, *wrong).detach()
    assert float(kept) == pytest.approx(history.validation[0])


def test_a_fraction_is_put_aside():
    """validation=0.25 trains on three quarters only."""
    seen = []

    def counted(model, x, y):
        if model.training:
            seen.append(len(x))
        return training.cross_entropy(model, x, y)

    history = fit(small_net(), validation=0.25, epochs=1, loss=counted)
    assert sum(seen) == 45
    assert len(history.validation) == 1


def test_squared_error_averages_over_all_numbers():
    """The reduction is the mean, as its docstring says."""
    inputs = torch.zeros(2, 3)
    assert float(training.squared_error(nn.Identity(), inputs, inputs + 2)) == 4


def test_the_progress_bar_writes_to_stdout(capsys):
    """Notebooks paint stderr red, as if training were an error."""
    fit(small_net(), progress=True)
    captured = capsys.readouterr()
    assert "15/15" in captured.out
    assert captured.err == ""


def test_history_plot_says_the_numbers(capsys):
    """The curve's alt text has the first and last loss."""
    history = training.History(loss=[2.0, 0.5], validation=[1.0, 0.75], best_epoch=2)
    history.plot("A net learns")
    said = capsys.readouterr().out
    assert "A net learns: training loss from 2.000 to 0.500" in said
    assert "best validation loss 0.750 in epoch 2" in said


@pytest.mark.parametrize(
    ("data", "changes", "message"),
    [
        ((torch.zeros(4, 2), torch.zeros(3).long()), {}, r"same number of rows; got \[4, 3\]"),
        ((torch.zeros(0, 2), torch.zeros(0).long()), {}, "nothing to train on"),
        (blobs(), {"patience": 2}, "patience needs validation data"),
        (blobs(), {"validation": 0.001}, "puts 0 aside"),
    ],
)
def test_mistakes_are_named(data, changes, message):
    """Each error says what was got and what to do."""
    with pytest.raises(ValueError, match=message):
        training.train(small_net(), data, progress=False, **changes)


def test_a_loss_that_is_not_a_number_stops_at_once():
    """Nobody waits for the end of a training that has already failed."""
    with pytest.raises(FloatingPointError, match="try a smaller learning rate"):
        fit(small_net(), loss=lambda model, x, y: model(x).sum() * float("nan"))


def test_ready_waits_for_unwritten_functions(capsys):
    """A demonstration cell is skipped, with its reason, until the exercise is written."""

    def stub(image):
        raise NotImplementedError()

    def written(image):
        return image

    assert ready(written)
    assert not ready(written, stub)
    assert "waits for your `stub`" in capsys.readouterr().out


def test_a_hurried_training_takes_one_batch_an_epoch():
    """Inside `hurried` the history has its length, and afterwards all batches are taken again."""
    points, labels = torch.zeros(64, 2), torch.zeros(64, dtype=torch.long)
    seen = []

    def counted(model, x, y):
        seen.append(len(x))
        return training.cross_entropy(model, x, y)

    with training.hurried():
        history = training.train(
            nn.Linear(2, 3), (points, labels), loss=counted, batch_size=16, epochs=3, progress=False
        )
    assert (len(history.loss), seen) == (3, [16] * 3)
    training.train(
        nn.Linear(2, 3), (points, labels), loss=counted, batch_size=16, epochs=1, progress=False
    )
    assert seen == [16] * 7


def test_ready_waits_for_unwritten_classes(capsys):
    """A class waits as long as one of its methods is the released stub."""

    class Stub(nn.Module):
        def __init__(self):
            raise NotImplementedError()

    class Written(nn.Module):
        size = 3

        def forward(self, x):
            return x

    assert ready(Written)
    assert not ready(Written, Stub)
    assert "Stub" in capsys.readouterr().out

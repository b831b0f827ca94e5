"""The data: real, the same everywhere, and never downloaded."""

import socket

import pytest
import torch

from utils import data


@pytest.fixture
def no_network(monkeypatch):
    """Any attempt to open a connection fails the test."""

    def refuse(*args):
        raise AssertionError("a loader tried to open a network connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_digits_have_the_promised_shapes(no_network):
    """1,797 digits of 8×8 pixels between 0 and 1, a quarter of them for testing."""
    for split, count in (("train", 1347), ("test", 450), ("all", 1797)):
        images, labels = data.digits(split)
        assert images.shape == (count, 1, 8, 8)
        assert images.dtype == torch.float32
        assert labels.shape == (count,)
        assert labels.dtype == torch.int64
        assert (images.min(), images.max()) == (0, 1)


def test_digits_are_those_of_scikit_learn():
    """Reading the file directly gives what scikit-learn's own loader gives."""
    from sklearn.datasets import load_digits

    images, labels = data.digits("all")
    expected = load_digits()
    assert torch.equal(images[:, 0] * 16, torch.from_numpy(expected.images).float())
    assert labels.tolist() == expected.target.tolist()


def test_digits_are_split_by_class_and_without_overlap():
    """No test digit is trained on, and each class gives a quarter of its digits."""
    (train, train_labels), (test, test_labels) = data.digits("train"), data.digits("test")
    rows = {tuple(image.flatten().tolist()) for image in train}
    assert not any(tuple(image.flatten().tolist()) in rows for image in test)
    share = test_labels.bincount() / (train_labels.bincount() + test_labels.bincount())
    assert torch.all((share - 0.25).abs() < 0.01)


def test_digits_come_shuffled_and_always_alike():
    """The first few hundred digits hold all classes, so a lesson may take just those."""
    _, labels = data.digits("train")
    assert labels[:300].bincount().min() > 15
    assert torch.equal(labels, data.digits("train")[1])


def test_digits_may_be_changed_by_the_reader():
    """A notebook that changes its digits in place does not spoil the next call's."""
    data.digits("all")[0].zero_()
    assert data.digits("all")[0].max() == 1


def test_unknown_split_says_which_there_are():
    """A misspelt split names the right ones."""
    with pytest.raises(ValueError, match='"train", "test", "all"; got "tests"'):
        data.digits("tests")


@pytest.mark.parametrize("name", data.PHOTOS)
def test_photographs_are_there_and_credited(name, no_network):
    """Each photograph lies in an installed package and names its maker and licence."""
    grey = data.photo(name, size=32)
    assert min(grey.shape) == 32
    assert grey.dtype == torch.float32
    assert 0 <= grey.min() < grey.max() <= 1
    assert data.photo(name, size=32, colour=True).shape == (3, *grey.shape)
    assert data.credit(name).startswith("Photo: ")


def test_cc_by_photographs_name_their_photographer():
    """CC BY asks for the name: it must be in the line that lessons print."""
    assert data.credit("china") == "Photo: danielbuechele, CC BY 2.0"
    assert data.credit("flower") == "Photo: vultilion, CC BY 2.0"


def test_unknown_photograph_says_which_there_are():
    """A misspelt name is answered with the list."""
    with pytest.raises(ValueError, match="choose one of astronaut, "):
        data.photo("page")


def test_missing_file_names_the_package(monkeypatch):
    """With another version of a package the error says what to install."""
    monkeypatch.setitem(data.PHOTOS, "camera", data.Photo("skimage", "data/none.png", ""))
    with pytest.raises(FileNotFoundError, match="this version of scikit-image lacks"):
        data.photo("camera")


def test_rotated_turns_counter_clockwise():
    """A quarter turn to the left agrees with torch.rot90, also on wide images."""
    square = torch.rand(2, 1, 5, 5)
    assert torch.allclose(data.rotated(square, 90), square.rot90(1, (2, 3)), atol=1e-5)
    wide = torch.zeros(1, 1, 5, 9)
    wide[0, 0, 2, 6] = 1  # two to the right of the middle …
    assert data.rotated(wide, 90)[0, 0, 0, 4] > 0.99  # … is two above it after the turn

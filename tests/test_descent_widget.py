"""Gradient descent as an interactive: the picture, its sentence and its controls agree."""

import numpy as np
import pytest
import torch

from tests.widget_tools import controls_of, picture_of, redraw_in_ms
from utils.widgets.descent import descent, descent_figure, descent_path, descent_text


@pytest.mark.parametrize("lr", [0.0, 0.1, 0.5, 0.9, 1.0, 1.2])
def test_the_path_is_that_of_torch(lr):
    """Each place is what autograd and SGD reach from w = 3 on the loss w²."""
    w = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=lr)
    reached = [w.item()]
    for _ in range(6):
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
        reached.append(w.item())
    assert descent_path(lr, 6) == pytest.approx(reached)


def test_the_sentence_names_place_loss_and_factor():
    """It can be used without seeing the picture, also where the weight has left it."""
    assert "w = 0.75, loss w² = 0.562" in descent_text(0.25, 2)
    assert "after 1 step:" in descent_text(0.25, 1)
    assert "−1.2 times" in descent_text(1.1, 3)
    assert "outside the picture" in descent_text(1.1, 3)
    assert "outside" not in descent_text(1.0, 12)


def test_every_setting_has_a_picture_of_one_size():
    """Nothing jumps: whatever the settings, the picture is as large as before."""
    sizes = {
        tuple(descent_figure(lr, steps).get_size_inches())
        for lr in (0.0, 0.5, 1.2)
        for steps in (0, 12)
    }
    assert len(sizes) == 1


def test_negative_settings_are_refused():
    """A mistake is answered in a sentence."""
    with pytest.raises(ValueError, match="must not be negative"):
        descent_path(-0.1, 2)


def test_controls_change_picture_and_sentence():
    """A slider moved by the learner redraws; every control has a name."""
    widget = descent()
    before = picture_of(widget)
    widget.steps.slider.value = 3
    assert "after 3 steps" in widget.readout.value
    assert not np.array_equal(picture_of(widget), before)
    widget.lr.value = 1.1
    assert "outside the picture" in widget.readout.value
    assert all(control.description for control in controls_of(widget))


def test_buttons_go_to_the_ends_and_no_further():
    """Next goes a step on; at the last step it is switched off."""
    widget = descent()
    assert widget.steps.back.disabled
    for _ in range(20):
        widget.steps.forward.click()
    assert widget.steps.slider.value == 12
    assert widget.steps.forward.disabled


def test_a_picture_follows_the_slider():
    """One redraw is quick enough for dragging."""
    assert redraw_in_ms(lambda: descent_figure(0.9, 12)) <= 80

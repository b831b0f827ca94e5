"""The digit that is asked for by a word: right tokens, controls in step, usable without seeing."""

import re

import pytest
import torch

from tests.widget_tools import controls_of, picture_of
from utils.nets.picture_words import PROMPTS, prior, token_autoencoder
from utils.sample_quality import judge_of_digits
from utils.widgets import picture_from_word, picture_from_word_figure, picture_from_word_text
from utils.widgets.prompted_picture import LUCKS, written_for

WRITER, PIECES = prior(seed=1), token_autoencoder(seed=1).eval()


def drawn_by_chance(step, length, temperature, uniform):
    """Tokens from a step, by torch's own search in the sums of the chances."""
    prefix = torch.empty(len(uniform), 0, dtype=torch.long)
    for place in range(length):
        sums = torch.softmax(step(prefix) / temperature, dim=-1).cumsum(dim=-1)
        token = torch.searchsorted(sums, uniform[:, place, None].contiguous(), right=True)
        prefix = torch.cat([prefix, token.clamp(max=31)], dim=1)
    return prefix


PARTS = (WRITER, PIECES, drawn_by_chance)


def made(**settings):
    """An interactive of untrained nets."""
    return picture_from_word(*PARTS, **settings)


def test_tokens_are_the_sampler_s_with_the_seed_s_luck():
    """The tokens said are those of one call with the same luck for all ten words."""
    luck = torch.rand(1, 16, generator=torch.Generator().manual_seed(5)).repeat(10, 1)
    tokens = drawn_by_chance(WRITER.step(torch.arange(10)), 16, 0.7, luck)
    rows = ", ".join(" ".join(map(str, row)) for row in tokens[8].reshape(4, 4).tolist())
    said = picture_from_word_text(*PARTS, "eight", 0.7, 5)
    assert said.startswith(f"“eight” at temperature 0.7 with luck 5 gives the tokens {rows}, row")


def test_what_the_cnn_reads_is_told():
    """The digit read, and how many of the ten are what was asked for."""
    state = written_for(*PARTS, "two", 1.0, 0)
    read = judge_of_digits(PIECES.pictures(torch.from_numpy(state.tokens)))
    said = picture_from_word_text(*PARTS, "two", 1.0, 0)
    assert f"reads the picture as a {read[2]}." in said
    assert f"it reads {int((read == torch.arange(10)).sum())} of the ten words' pictures" in said


def test_tokens_that_were_not_the_likeliest_are_counted():
    """Nearly without warmth none is unlikely; warm, those that differ from the net's favourite."""
    assert not written_for(*PARTS, "six", 1e-4, 2).unlikely.any()
    state = written_for(*PARTS, "six", 2.0, 2)
    step = WRITER.step(["six"])
    tokens = torch.from_numpy(state.tokens[6:7])
    favourite = [int(step(tokens[:, :place]).argmax()) for place in range(16)]
    assert state.unlikely.tolist() == [a != b for a, b in zip(tokens[0], favourite, strict=True)]
    assert f"{state.unlikely.sum()} of the 16" in picture_from_word_text(*PARTS, "six", 2.0, 2)


def test_the_net_s_mode_is_as_before():
    """A net that is being trained goes on in training mode."""
    writer = prior().train()
    picture_from_word_text(writer, PIECES, drawn_by_chance)
    assert writer.training


def test_figure_shows_the_tokens_on_a_sheet_of_fixed_size():
    """Any settings give a picture of the same size."""
    sizes = {
        tuple(picture_from_word_figure(*PARTS, word, heat, 1).get_size_inches())
        for word, heat in (("zero", 0.1), ("nine", 2.0))
    }
    assert len(sizes) == 1


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ((*PARTS, "ten"), "the net knows the words zero, one, two"),
        ((*PARTS, "one", 0.0), "the temperature must be above 0; got 0.0"),
        ((*PARTS, "one", 1.0, -1), "luck must be a whole number from 0 on; got -1"),
        ((WRITER, PIECES, lambda *_: None), "got no tensor. Let its check pass first."),
        ((WRITER, PIECES, lambda *_: torch.zeros(10, 15).long()), "of shape (10, 16)"),
        ((WRITER, PIECES, lambda *_: torch.full((10, 16), 32)), "each from 0 to 31"),
        ((WRITER, PIECES, lambda *_: torch.zeros(10, 16)), "got torch.float32 (10, 16)"),
    ],
)
def test_bad_settings_say_what_to_do(settings, remedy):
    """A setting that cannot be is refused with the way out."""
    with pytest.raises(ValueError, match=re.escape(remedy)):
        picture_from_word(*settings)


def test_word_temperature_and_luck_redraw():
    """Each control changes picture and sentence, and all pictures have one size."""
    widget = made()
    pictures = [picture_of(widget)]
    for control, value, said in (
        (widget.word, "seven", "“seven” at temperature 0.5 with luck 3"),
        (widget.temperature, 1.7, "“seven” at temperature 1.7 with luck 3"),
        (widget.luck.slider, 12, "“seven” at temperature 1.7 with luck 12"),
    ):
        control.value = value
        assert said in widget.readout.value
        pictures.append(picture_of(widget))
    assert len({picture.shape for picture in pictures}) == 1
    assert len({picture.tobytes() for picture in pictures}) == 4


def test_luck_can_be_walked():
    """Back and next move by one, and stop at both ends."""
    widget = made(luck=LUCKS - 1)
    widget.luck.forward.click()
    assert f"with luck {LUCKS} " in widget.readout.value
    assert widget.luck.forward.disabled
    widget.luck.slider.value = 0
    assert widget.luck.back.disabled
    assert not widget.luck.forward.disabled


def test_picture_carries_its_text():
    """The image element has the read-out as its alternative text, the same as before the cell."""
    widget = made(word="four", temperature=1.2, luck=7)
    alt = re.search(r'alt="([^"]+)"', widget.picture.value)
    assert alt is not None
    assert f">{alt[1]}<" in widget.readout.value
    assert alt[1].replace("&#x27;", "'") == picture_from_word_text(*PARTS, "four", 1.2, 7)


def test_every_control_is_labelled():
    """No control is without a label of its own, and none is out of the keyboard's way."""
    controls = controls_of(made())
    assert len({control.description for control in controls}) == len(controls) == 5
    assert all(control.description.strip() for control in controls)
    assert all(control.tabbable is not False for control in controls)
    assert made().word.options == PROMPTS


def test_a_page_without_a_kernel_shows_a_sentence():
    """Where widgets are not drawn the output is a friendly line and not a dump of the object."""
    text = made()._repr_mimebundle_()["text/plain"]
    assert "run this cell in JupyterLab" in text
    assert len(text) < 110  # ipywidgets cuts longer ones off

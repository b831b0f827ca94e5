"""Controls around the picture that is asked for by a word."""

from __future__ import annotations

import ipywidgets

from utils.nets.picture_words import PROMPTS, Prior, TokenAutoencoder
from utils.widgets.prompted_picture import (
    COOLEST,
    HOTTEST,
    LUCKS,
    Sampler,
    drawn,
    told,
    written_for,
)
from utils.widgets.shell import Interactive, Steps


def picture_from_word(
    writer: Prior,
    pieces: TokenAutoencoder,
    sample_tokens: Sampler,
    word: str = "three",
    temperature: float = 0.5,
    luck: int = 3,
) -> PictureFromWord:
    """Controls around `picture_from_word_figure`: the word, the temperature and the luck.

    Parameters: those of `picture_from_word_figure`; at the start a `temperature` from 0.1 to 2,
    and a `luck` from 0 to 30.
    Needs a running kernel; put `picture_from_word_figure` with the same settings before it.

    It is shown as "Ask for a digit by a word" where widgets are not drawn.
    """
    return PictureFromWord(writer, pieces, sample_tokens, word, temperature, luck)


class PictureFromWord(Interactive):
    """Its state is the word, the temperature and the luck."""

    def __init__(
        self,
        writer: Prior,
        pieces: TokenAutoencoder,
        sample_tokens: Sampler,
        word: str,
        temperature: float,
        luck: int,
    ) -> None:
        written_for(
            writer, pieces, sample_tokens, word, temperature, luck
        )  # refuses what cannot be
        self.parts = (writer, pieces, sample_tokens)
        self.word = ipywidgets.Dropdown(description="Word", options=PROMPTS, value=word)
        self.temperature = ipywidgets.FloatSlider(
            description="Temperature",
            value=temperature,
            min=COOLEST,
            max=HOTTEST,
            step=0.1,
            readout_format=".1f",
            style={"description_width": "90px"},
            layout={"width": "460px"},
        )
        self.luck = Steps("Luck", LUCKS)
        self.luck.set(luck)
        controls = [self.word, self.temperature, self.luck]
        super().__init__("Ask for a digit by a word", controls, lines=3)
        for control in (self.word, self.temperature, self.luck.slider):
            self.when_changed(control, lambda _: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Draw the state."""
        with self.quietly():
            self.luck.set(self.luck.slider.value)  # the buttons at both ends
        made = written_for(
            *self.parts,
            self.word.value,
            round(self.temperature.value, 6),
            self.luck.slider.value,
        )
        self.show(drawn(made), told(made))

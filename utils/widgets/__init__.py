"""Interactive pictures: for each a pure function to a figure, and a thin shell of controls."""

from utils.widgets.controls import convolution_stepper, flip_and_slide
from utils.widgets.convolution_step import convolution_step_figure, convolution_step_text
from utils.widgets.flip_and_slide import flip_and_slide_figure, flip_and_slide_text

__all__ = [
    "convolution_step_figure",
    "convolution_step_text",
    "convolution_stepper",
    "flip_and_slide",
    "flip_and_slide_figure",
    "flip_and_slide_text",
]

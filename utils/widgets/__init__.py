"""Interactive pictures: for each a pure function to a figure, and a thin shell of controls."""

from utils.widgets.alarm_line import (
    anomaly_threshold_figure,
    anomaly_threshold_text,
    threshold_start,
)
from utils.widgets.coder_controls import (
    anomaly_threshold,
    diffusion_steps,
    latent_map,
    noise_restored,
)
from utils.widgets.controls import convolution_stepper, flip_and_slide
from utils.widgets.convolution_step import convolution_step_figure, convolution_step_text
from utils.widgets.field_growth import receptive_field_figure, receptive_field_text
from utils.widgets.filter_controls import gradient_explorer, kernel_editor
from utils.widgets.five_nets import net_timeline_figure, net_timeline_text
from utils.widgets.flip_and_slide import flip_and_slide_figure, flip_and_slide_text
from utils.widgets.gradient_place import gradient_explorer_figure, gradient_explorer_text
from utils.widgets.history_controls import net_timeline, stack_or_kernel
from utils.widgets.kernel_effect import kernel_editor_figure, kernel_editor_text
from utils.widgets.latent_place import latent_map_figure, latent_map_text, latent_start
from utils.widgets.layer_controls import activation_slope, layer_stack
from utils.widgets.layer_flow import layer_stack_figure, layer_stack_text
from utils.widgets.noise_filters import noise_restored_figure, noise_restored_text
from utils.widgets.output_grid import output_size_figure, output_size_text
from utils.widgets.prompt_controls import picture_from_word
from utils.widgets.prompted_picture import picture_from_word_figure, picture_from_word_text
from utils.widgets.sampling_steps import diffusion_steps_figure, diffusion_steps_text
from utils.widgets.size_controls import output_size, receptive_field
from utils.widgets.slope_product import activation_slope_figure, activation_slope_text
from utils.widgets.two_ways import stack_or_kernel_figure, stack_or_kernel_text

__all__ = [
    "activation_slope",
    "activation_slope_figure",
    "activation_slope_text",
    "anomaly_threshold",
    "anomaly_threshold_figure",
    "anomaly_threshold_text",
    "convolution_step_figure",
    "convolution_step_text",
    "convolution_stepper",
    "diffusion_steps",
    "diffusion_steps_figure",
    "diffusion_steps_text",
    "flip_and_slide",
    "flip_and_slide_figure",
    "flip_and_slide_text",
    "gradient_explorer",
    "gradient_explorer_figure",
    "gradient_explorer_text",
    "kernel_editor",
    "kernel_editor_figure",
    "kernel_editor_text",
    "latent_map",
    "latent_map_figure",
    "latent_map_text",
    "latent_start",
    "layer_stack",
    "layer_stack_figure",
    "layer_stack_text",
    "net_timeline",
    "net_timeline_figure",
    "net_timeline_text",
    "noise_restored",
    "noise_restored_figure",
    "noise_restored_text",
    "output_size",
    "output_size_figure",
    "output_size_text",
    "picture_from_word",
    "picture_from_word_figure",
    "picture_from_word_text",
    "receptive_field",
    "receptive_field_figure",
    "receptive_field_text",
    "stack_or_kernel",
    "stack_or_kernel_figure",
    "stack_or_kernel_text",
    "threshold_start",
]

"""Where a student's function runs: on a GPU, or on the stand-in for one."""

import inspect
import subprocess
import sys
import time

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from tests.device_bugs import BUGS, slide
from tests.device_legal import LEGAL
from utils import stand_in
from utils.device import (
    STAND_IN,
    DeviceError,
    device_note,
    device_report,
    on_cuda,
    on_stand_in,
    run_on_device,
)
from utils.invoke import How, perform

# What the stand-in lacks: such a program runs on the CPU alone, and that is said.
GAPS = {"generator_on_the_device"}

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
PLACES = [
    pytest.param(on_stand_in, id="stand-in"),
    pytest.param(on_cuda, id="cuda", marks=needs_cuda),
]


@pytest.fixture
def inputs():
    generator = torch.Generator().manual_seed(4)
    return torch.randn(6, 6, generator=generator), torch.randn(3, 3, generator=generator)


def named(function):
    return function.__name__


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("program", BUGS, ids=named)
def test_catches_a_device_bug(place, program, inputs):
    """A program that does not follow its input's device is refused with advice."""
    program(*inputs) if "cuda" not in program.__name__ else None  # right on the CPU
    with pytest.raises(DeviceError, match=r"image\.device|image\.new_zeros|Stay in torch"):
        place(program, inputs, {})


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("program", LEGAL, ids=named)
def test_accepts_a_legal_program(place, program, inputs):
    """A program that follows its input's device gives what it gives on the CPU."""
    value, ran_on = place(program, inputs, {})
    torch.testing.assert_close(value, program(*inputs), rtol=1e-4, atol=1e-5)
    if place is on_stand_in:
        assert (ran_on != STAND_IN) == (program.__name__ in GAPS)


def test_the_case_list_is_long_enough():
    """The stand-in is held against many programs, not a handful."""
    assert len(BUGS) >= 25
    assert len(LEGAL) >= 35


def test_mixture_is_told_like_cuda_tells_it(inputs):
    """The message has CUDA's words, the operator, the shape on the CPU, and the remedy."""

    def mean_filter(picture, K):
        return F.conv2d(picture[None, None], torch.ones(1, 1, K, K))

    with pytest.raises(RuntimeError) as raised:
        on_stand_in(mean_filter, (inputs[0], 3), {})
    message = str(raised.value)
    assert "Expected all tensors to be on the same device" in message
    assert "`convolution`" in message
    assert "(1, 1, 3, 3) is on cpu" in message
    assert "device=picture.device" in message


def test_cuda_by_name_is_told_in_words(inputs):
    """Without a GPU, torch's "not compiled with CUDA" becomes advice."""
    program = next(program for program in BUGS if program.__name__ == "cuda_by_name")
    with pytest.raises(DeviceError, match=r"'cuda' by name|lives where|must live"):
        run_on_device(program, inputs)


def test_error_shows_the_students_line(inputs):
    """A device error leads to the line of the student's that caused it."""
    # Compiled as a notebook's cell is: not in a file of a library.
    cell = "import torch\ndef f(image):\n    ones = torch.ones(6, 6)\n    return image + ones\n"
    namespace = {}
    exec(compile(cell, "cell-of-a-notebook", "exec"), namespace)
    reply = perform(namespace["f"], How.DEVICE, inputs[:1])
    assert reply.error.type == "DeviceError"
    assert reply.error.line == 4


def test_other_errors_pass_through(inputs):
    """A student's own mistake stays what it is on the CPU."""

    def crash(image):
        return image @ image[:2]

    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes") as raised:
        run_on_device(crash, inputs[:1])
    assert not isinstance(raised.value, DeviceError)

    def stub(image):
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        run_on_device(stub, inputs[:1])


def test_arguments_stay_untouched(inputs):
    """The function meets copies, and the caller's tensors stay on the CPU."""
    before = inputs[0].clone()
    value, _ = run_on_device(lambda image: image.mul_(0), inputs[:1])
    assert torch.equal(inputs[0], before)
    assert type(value) is torch.Tensor
    assert value.device.type == "cpu"


def test_nested_arguments_and_results(inputs):
    """Tensors are found in lists, tuples and dicts, in arguments and results."""

    def both(pair, *, scale):
        return {"sum": [pair[0] + scale["by"]], "shape": tuple(pair[1].shape)}

    value, _ = run_on_device(both, (inputs,), {"scale": {"by": inputs[0]}})
    torch.testing.assert_close(value["sum"][0], 2 * inputs[0])
    assert value["shape"] == (3, 3)


@pytest.mark.parametrize("method", ["__call__", "forward"])
def test_module_moves_with_its_input(method, inputs):
    """A module's weights follow the input; the caller's module stays on the CPU."""
    layer = nn.Conv2d(1, 2, 3)
    function = layer if method == "__call__" else layer.forward
    value, _ = run_on_device(function, (inputs[0][None, None],))
    torch.testing.assert_close(value, layer(inputs[0][None, None]).detach())
    assert layer.weight.device.type == "cpu"


def test_module_with_a_forgotten_buffer_is_caught(inputs):
    """A tensor that a module keeps without registering it does not move."""

    class Scaled(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = torch.ones(6)

        def forward(self, x):
            return x * self.scale

    with pytest.raises(DeviceError):
        on_stand_in(Scaled(), inputs[:1], {})


def test_gradients_of_arguments(inputs):
    """An argument that wants a gradient still wants it on the device."""
    image = inputs[0].clone().requires_grad_()
    value, _ = run_on_device(lambda x: torch.autograd.grad((x**2).sum(), x)[0], (image,))
    torch.testing.assert_close(value, 2 * inputs[0])


def test_a_call_by_loops_is_cheap(inputs):
    """A double loop over a 6×6 image takes less than 40 ms on the stand-in."""

    def loops(image, kernel):
        return slide(image, kernel, torch.zeros(4, 4, device=image.device))

    seconds = []
    for _ in range(7):
        start = time.process_time()
        on_stand_in(loops, inputs, {})
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.040


def test_leaves_nothing_behind():
    """The stand-in registers no device, loads no compiler, and is quick the first time."""
    code = (
        "import sys, time, torch\n"
        "from utils.device import on_stand_in\n"
        "start = time.process_time()\n"
        "on_stand_in(lambda x: x + torch.zeros(3, device=x.device), (torch.ones(3),), {})\n"
        "assert time.process_time() - start < 0.5, time.process_time() - start\n"
        "assert torch.accelerator.current_accelerator() is None or torch.cuda.is_available()\n"
        "assert not torch.cuda.is_initialized()\n"
        "assert 'torch._dynamo' not in sys.modules\n"
        "assert not hasattr(torch, 'privateuseone')\n"
        "assert type(torch.zeros(2, device='meta')) is torch.Tensor\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr


def test_private_interface_of_torch():
    """What the stand-in needs of torch and torch does not promise; a new torch must still do it."""
    held = torch.arange(6.0).reshape(2, 3)
    image = stand_in.to_stand_in(held)
    # A wrapper says where it lives, and shows its shape, strides and dtype.
    assert image.device == torch.device("meta")
    assert image.T.stride() == (1, 3)
    with stand_in.stand_in():
        # The mode sees factories that have no tensor argument.
        assert type(torch.zeros(2, device=image.device)) is stand_in.StandInTensor
        assert type(torch.zeros(2)) is torch.Tensor
        # A view's numbers are the tensor's own.
        image[0].zero_()
        assert image.tolist() == [[0, 0, 0], [3, 4, 5]]
        # Ready-made layers come to the dispatcher as operators on tensors.
        with pytest.raises(stand_in.MixedDevices):
            F.conv1d(image[None], torch.ones(1, 2, 2))
        # A tensor without numbers never passes for one with numbers.
        with pytest.raises(stand_in.NoStandIn):
            image + image.new([1.0, 2.0, 3.0])
    # In-place changes of the shape reach the wrapper.
    assert image.t_().shape == (3, 2)


def test_a_gap_is_said(inputs):
    """What the stand-in cannot do runs on the CPU, and the words say so."""
    program = next(program for program in LEGAL if program.__name__ == "generator_on_the_device")
    value, ran_on = on_stand_in(program, inputs, {})
    assert ran_on.startswith("the CPU alone")
    torch.testing.assert_close(value, inputs[0])
    # torch makes this tensor without numbers; they must not be made up.
    value, ran_on = on_stand_in(lambda image: image.new([4.0, 2.0]), inputs[:1], {})
    assert ran_on.startswith("the CPU alone")
    assert value.tolist() == [4, 2]


@pytest.mark.parametrize("ran_on", [STAND_IN, "the CPU alone, because the stand-in lacks a step"])
def test_a_missing_gpu_is_said_to_be_skipped(ran_on):
    """A check without a GPU never reads as if it had used one."""
    assert device_note(ran_on) == f"The GPU was skipped: ran on {ran_on}."
    assert device_note("NVIDIA H200 (cuda:0)") == "Ran on NVIDIA H200 (cuda:0)."


@needs_cuda
def test_tf32_is_off_and_comes_back(inputs):
    """On a GPU products are computed in full float32; the settings are restored."""
    before = torch.backends.cuda.matmul.fp32_precision, torch.backends.cudnn.conv.fp32_precision
    seen = []

    def look(image):
        seen.append(torch.backends.cudnn.conv.fp32_precision)
        return image

    on_cuda(look, inputs[:1], {})
    assert seen[0] == "ieee"
    after = torch.backends.cuda.matmul.fp32_precision, torch.backends.cudnn.conv.fp32_precision
    assert after == before


def test_device_report():
    """The report names torch's version, and the GPU or the stand-in."""
    report = device_report()
    assert torch.__version__ in report
    assert ("stand-in" in report) != torch.cuda.is_available()


def test_every_case_takes_an_image_and_a_kernel():
    """The case list keeps one signature, so that a message can name `image`."""
    for program in BUGS + LEGAL:
        assert list(inspect.signature(program).parameters) == ["image", "kernel"]

"""Expectations hold, or fail with a `Mismatch` that says expected, got and what to do."""

import math
from contextlib import nullcontext, suppress

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from utils.expect import (
    Mismatch,
    expect,
    expect_error,
    expect_gradients,
    expect_layer,
    expect_named,
    expect_same_on_device,
    expect_tuple,
    expect_uses,
    expect_written_out,
)
from utils.invoke import _borrowed_names
from utils.outcomes import outcome_of
from utils.student import InProcess, Student, StudentCrash


def student_with(**functions):
    return Student(InProcess(functions))


def mismatch_of(value, **wanted):
    with pytest.raises(Mismatch) as caught:
        expect(value, **wanted)
    return caught.value


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.lists(st.integers(), max_size=3),
    st.tuples(st.floats(), st.text(max_size=2)),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.sampled_from(
        [
            object(),
            torch.zeros(0),
            torch.tensor(math.nan),
            torch.zeros(2, 2, dtype=torch.complex64),
            torch.ones(2, 2, dtype=torch.bool),
            torch.full((2, 2), math.inf),
            torch.nn.Linear(1, 1),
        ]
    ),
)
WANTED = st.sampled_from(
    [torch.eye(2), [[1.0, 2], [3, 4]], 3, 2.5, "yes", True, (1, 2), (torch.eye(2), 3)]
)


@given(value=JUNK, wanted=WANTED)
def test_any_value_holds_or_mismatches(value, wanted):
    """Whatever a student returns, an expectation raises nothing but `Mismatch`."""
    with suppress(Mismatch):
        expect(value, equals=wanted)


def test_shape_is_told_before_the_numbers():
    """A wrong shape is the first thing that a student hears."""
    mismatch = mismatch_of(torch.zeros(3, 2), equals=torch.zeros(2, 3))
    assert (mismatch.expected, mismatch.got) == ("shape (2, 3)", "shape (3, 2)")


def test_first_difference_is_located():
    """A wrong number is shown with its place, beside the right one."""
    mismatch = mismatch_of(torch.tensor([[13.0, 17], [25, 28]]), equals=[[13, 17], [25, 29]])
    assert (mismatch.expected, mismatch.got) == ("29 at [1, 1]", "28 at [1, 1]")
    assert "1 of 4 numbers differ" in mismatch.message
    assert mismatch.grids == (((13, 17), (25, 29)), ((13, 17), (25, 28)))


def test_large_results_have_no_grid():
    """A picture of numbers is drawn only where it fits."""
    assert mismatch_of(torch.zeros(9, 13), equals=torch.ones(9, 13)).grids is None


def test_nan_is_never_equal():
    """A result that is not a number does not pass, not even against itself."""
    assert mismatch_of(math.nan, equals=1.0).got == "nan"
    assert mismatch_of(torch.tensor([math.nan]), equals=torch.tensor([math.nan]))


def test_none_suggests_the_missing_return():
    """Forgetting `return` is named."""
    assert "return" in mismatch_of(None, shape=(2,)).got


def test_number_may_be_a_tensor_without_dimensions():
    """A 0-dimensional tensor counts as a number; a bool does not."""
    expect(torch.tensor(3.0), equals=3)
    assert mismatch_of(True, equals=1).got == "the bool True"


def test_dtype_must_follow():
    """A dtype that does not follow the input is named."""
    mismatch = mismatch_of(torch.zeros(2), shape=(2,), dtype=torch.float64)
    assert (mismatch.expected, mismatch.got) == ("float64", "float32")


def test_complex_result_is_named():
    """A complex result where real numbers are due says so."""
    assert "complex" in mismatch_of(torch.zeros(2, dtype=torch.complex64), equals=[0.0, 0]).message


def test_own_sentence_replaces_the_general_one():
    """`says` is what the student reads."""
    assert mismatch_of(1, equals=2, says="Count the biases too.").message == "Count the biases too."


def test_a_list_of_numbers_is_not_rounded():
    """A tolerance of 1e-12 holds for float64 numbers that are expected as a list."""
    expect(torch.tensor([0.1, 0.2], dtype=torch.float64), equals=[0.1, 0.2], rtol=0, atol=1e-12)
    mismatch_of(torch.tensor([0.1, 0.2]), equals=[0.1, 0.2], rtol=0, atol=1e-12)


def test_expect_tuple_accepts_lists_of_the_right_length():
    """A list is as good as a tuple; anything else is refused."""
    assert expect_tuple([1, 2], 2) == (1, 2)
    for value in ((1,), 3, None, torch.zeros(2)):
        with pytest.raises(Mismatch, match="must return 2 values"):
            expect_tuple(value, 2)


def test_written_out_notices_the_dispatched_operator():
    """Using the ready-made convolution is noticed by what torch dispatches."""

    def borrowed(image, kernel):
        return F.conv2d(image[None, None], kernel[None, None])[0, 0]

    image, kernel = torch.rand(4, 4), torch.rand(2, 2)
    wanted = borrowed(image, kernel)
    with pytest.raises(Mismatch, match=r"Write the loops\."):
        expect_written_out(
            student_with(f=borrowed).f,
            image,
            kernel,
            equals=wanted,
            without=("convolution",),
            says="Write the loops.",
        )


def test_written_out_notices_names_in_the_code():
    """A function of another library is noticed by its name, also in an inner function."""

    def borrowed(x):
        def inner(values):
            return torch.as_tensor(np.convolve(values, [1.0]))

        return inner(x)

    with pytest.raises(Mismatch, match=r"Write the loop\."):
        expect_written_out(
            student_with(f=borrowed).f,
            torch.ones(1),
            equals=torch.ones(1),
            without=("convolve",),
            says="Write the loop.",
        )


def correlate_twice(x):
    return correlate_once(x)


def correlate_once(x):
    return x * 2


def convolve_by_numpy(x):
    return borrowed_helper(x)


def borrowed_helper(x):
    return torch.as_tensor(np.convolve(x, [2.0]))


@pytest.mark.parametrize(
    ("function", "refused"), [(correlate_twice, False), (convolve_by_numpy, True)]
)
def test_own_functions_are_looked_into_not_counted(function, refused):
    """To build on one's own `correlate…` is right; to hide numpy's in a helper is noticed."""
    wanted = pytest.raises(Mismatch, match=r"Write it\.") if refused else nullcontext()
    with wanted:
        expect_written_out(
            student_with(f=function).f,
            torch.ones(1),
            equals=[2.0],
            without=("correlate", "convolve"),
            says="Write it.",
        )


def test_uses_wants_the_operator():
    """An exercise on the FFT is not passed by a loop."""
    x = torch.ones(4)
    student = student_with(fft=lambda x: torch.fft.ifft(torch.fft.fft(x)).real, loop=lambda x: x)
    expect_uses(student.fft, x, equals=x, operator="fft", says="Use the FFT.")
    with pytest.raises(Mismatch, match=r"Use the FFT\."):
        expect_uses(student.loop, x, equals=x, operator="fft", says="Use the FFT.")


def test_written_out_needs_the_right_answer_too():
    """Returning nothing is not "written out": it earns no marks."""
    with pytest.raises(Mismatch):
        expect_written_out(
            student_with(f=lambda x: None).f,
            torch.ones(1),
            equals=torch.ones(1),
            without=(),
            says="",
        )


def test_device_check_needs_the_right_answer_too():
    """A constant result on the right device earns no marks."""
    with pytest.raises(Mismatch):
        expect_same_on_device(
            student_with(f=lambda x: torch.zeros_like(x)).f, torch.ones(2), equals=torch.ones(2)
        )


def test_device_check_says_what_it_ran_on():
    """The verdict's note names the GPU, or says that it was skipped."""
    student = student_with(f=lambda x: x * 2)
    expect_same_on_device(student.f, torch.ones(2), equals=[2.0, 2])
    says = "Ran on " if torch.cuda.is_available() else "The GPU was skipped: ran on a stand-in "
    assert student._notes[0].startswith(says)


def test_gradients_cut_by_item_are_named():
    """A function that leaves the graph is told which steps do that."""
    student = student_with(f=lambda x: torch.tensor(x.sum().item()).reshape(1))
    with pytest.raises(Mismatch, match="cuts the graph"):
        expect_gradients(student.f, torch.ones(3), reference=lambda x: x.sum().reshape(1), wrt=(0,))


def test_gradients_are_compared_with_the_reference():
    """Autograd through the student's function must give the reference's gradients."""
    student = student_with(good=lambda x: x * x, bad=lambda x: x * x.detach())
    x = torch.arange(3.0)
    expect_gradients(student.good, x, reference=lambda x: x**2, wrt=(0,))
    with pytest.raises(Mismatch, match="gradient that reaches `x` is wrong"):
        expect_gradients(student.bad, x, reference=lambda x: x**2, wrt=(0,))


def test_gradients_are_numbered_where_the_reference_has_no_names():
    """torch's own functions do not tell their parameters' names: the argument's number helps."""
    student = student_with(f=lambda x, weight: F.conv1d(x, weight.detach() + 0 * weight))
    x, weight = torch.ones(1, 1, 3), torch.ones(1, 1, 2)
    with pytest.raises(Mismatch, match="gradient that reaches argument 2 is wrong"):
        expect_gradients(student.f, x, weight, reference=F.conv1d)


@given(JUNK)
def test_a_dict_by_its_names(value):
    """The values come in the order asked for; another dict, or none at all, is a mismatch."""
    assert expect_named({"b": 2, "a": 1}, ("a", "b")) == (1, 2)
    assume(not isinstance(value, dict) or set(value) != {"a", "b"})
    for wrong in (value, {"a": value}, {"a": 1, "b": 2, "c": value}):
        with pytest.raises(Mismatch, match="dict"):
            expect_named(wrong, ("a", "b"))


@given(JUNK)
def test_a_layer_is_no_plain_data(value):
    """What can be called comes back as it is; plain data is a mismatch that says what to return."""
    layer = student_with(make=lambda: torch.nn.Linear(1, 1)).make()
    assert expect_layer(layer) is layer
    with pytest.raises(Mismatch, match="layer"):
        expect_layer(value)


def refuse(text):
    def function(size):
        if size < 3:
            raise ValueError(text)
        return size

    return function


def test_a_refusal_is_an_error_in_anybodys_words():
    """An error of the type asked for holds, and what it says leaves no trace in the outcomes."""
    outcomes = []
    for words in ("too small", "no window fits"):
        student = student_with(size=refuse(words))
        expect_error(student.size, 2, says="Refuse it.")
        outcomes.append([outcome_of(call.how, call.reply) for call in student._calls])
    assert outcomes[0] == outcomes[1]


def test_a_value_or_another_error_is_no_refusal():
    """A value is a mismatch with the check's sentence, another error stays a crash."""
    student = student_with(size=refuse("too small"))
    with pytest.raises(Mismatch, match="Refuse it"):
        expect_error(student.size, 5, says="Refuse it.")
    with pytest.raises(StudentCrash):
        expect_error(student.size, 2, error="TypeError", says="Refuse it.")


NAMED = {"small": torch.tensor([1.0]), "large": torch.tensor([9.0])}


def test_a_dict_is_compared_by_its_names():
    """Each entry is compared with the expected one of its name, in whatever order they stand."""
    expect(dict(reversed(NAMED.items())), equals=NAMED, dtype=torch.float32)
    mismatch = mismatch_of(NAMED | {"large": torch.tensor([8.0])}, equals=NAMED)
    assert mismatch.message == 'The entry "large" is wrong.'
    assert "lacks" in mismatch_of({"small": NAMED["small"]}, equals=NAMED).message
    assert "dict" in mismatch_of(NAMED["small"], equals=NAMED).message


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (lambda x: {"a": x, "b": 2 * x}, lambda x: {"a": x, "b": 2 * x.detach()}),
        (lambda x: (3 * x, x.mean()), lambda x: (2 * x, x.mean())),
    ],
)
def test_gradients_of_several_results(right, wrong):
    """Of a dict every entry's gradient counts, of a tuple the first entry's."""
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    expect_gradients(student_with(f=right).f, x, wrt=(0,), reference=right)
    with pytest.raises(Mismatch, match="gradient"):
        expect_gradients(student_with(f=wrong).f, x, wrt=(0,), reference=right)


def test_a_transposed_convolution_is_noticed():
    """The operator that torch dispatches is the convolution's; its setting tells them apart."""
    image, kernel = torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2)

    def borrowed(x):
        return F.conv_transpose2d(x, kernel)

    def through_a_layer(x):
        layer = torch.nn.ConvTranspose2d(1, 1, 2, bias=False)
        layer.weight.data.fill_(1)
        return layer(x).detach()

    for function in (borrowed, through_a_layer):
        wanted = borrowed(image)
        with pytest.raises(Mismatch, match="Stamp it yourself"):
            expect_written_out(
                student_with(f=function).f,
                image,
                equals=wanted,
                without=("transposed_convolution",),
                says="Stamp it yourself.",
            )


def test_an_exercise_named_like_torchs_function_may_not_call_it():
    """`torch.gru_cell` inside the student's `gru_cell` is torch's, though the names are alike."""
    namespace = {"torch": torch}
    exec("def gru_cell(x):\n    return torch.gru_cell(x, x, x, x)\n"
         "def own(x):\n    return x\n"
         "def relu(x):\n    return own(x)", namespace)  # fmt: skip
    assert "gru_cell" in _borrowed_names(namespace["gru_cell"])
    assert "own" not in _borrowed_names(namespace["relu"])

"""Quiz files: what the loader takes and refuses, how they are shown, and lesson 01's answers."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
import yaml

from utils.quiz import Kind, Question, QuizError, load_quiz, show_value
from utils.quiz_page import quiz, quiz_html, shuffled

LESSON = Path(__file__).resolve().parent.parent / "solutions" / "01_convolution"

GOOD = """\
questions:
  - id: size
    objective: loops
    kind: number
    prompt: How many?
    explanation: Count them.
    options:
      - value: 4
        right: true
        why: Two by two.
      - value: 9
        why: That is the image.
"""


def write(folder: Path, text: str) -> Path:
    """A quiz file with this text."""
    path = folder / "quiz.yml"
    path.write_text(text, encoding="utf-8")
    return path


# ------------------------------------------------------------------ loader


def test_a_question_is_read_with_its_answers(tmp_path):
    """Every part of a question arrives, right answers marked."""
    (question,) = load_quiz(write(tmp_path, GOOD), {"loops"})
    assert (question.id, question.objective, question.kind) == ("size", "loops", Kind.NUMBER)
    assert [(o.value, o.text, o.right, o.why) for o in question.options] == [
        (4, "4", True, "Two by two."),
        (9, "9", False, "That is the image."),
    ]


CHOICE = GOOD.replace("number", "choice").replace("value", "text")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (GOOD.replace("id: size", "id: The Size"), 2, ["slug", "dense-parameters"]),
        (GOOD.replace("kind: number", "kind: nunber"), 4, ["nunber", "`number`?"]),
        (GOOD.replace("loops", "lops"), 3, ["lops", "`loops`?"]),
        (GOOD.replace("    prompt: How many?\n", ""), 2, ["`prompt` is missing", "Add it"]),
        (GOOD.replace("prompt: How many?", "prompt:"), 5, ["`prompt` must be a text"]),
        (GOOD.replace("How many?", "How large is $K?"), 5, ["maths", "Add the $"]),
        (GOOD.replace("explanation", "explanatoin"), 6, ["explanatoin", "`explanation`?"]),
        (GOOD.replace("        why: Two by two.\n", ""), 8, ["`why` is missing"]),
        (GOOD.replace("value: 4", "value: four"), 8, ["finite number", "digits"]),
        (GOOD.replace("value: 4", "value: .nan"), 8, ["finite number"]),
        (GOOD.replace("right: true", "right: yes"), 9, ["right: true"]),
        (GOOD.replace("        right: true\n", ""), 8, ["0 values are right", "exactly one"]),
        (GOOD.replace("value: 9", "value: 4"), 8, ["within the tolerance"]),
        (GOOD.replace("value: 9", "value: 9\n        value: 8"), 12, ["given twice"]),
        (GOOD.replace("number", "shape"), 8, ["shape", "[8, 16, 26, 26]"]),
        (GOOD.replace("    options", "    tolerance: -1\n    options"), 7, ["tolerance", "≥ 0"]),
        (CHOICE, 8, ["at least 3 options", "misconceptions"]),
        (GOOD + GOOD.split("questions:\n")[1], 13, ["`size` is taken", "line 2"]),
        (GOOD.replace("How many?", "Note: how many?"), 5, ["not YAML", "quotes"]),
        ("- 1\n", 1, ["Expected the file", "questions"]),
        ("questions: 3\n", 1, ["must be a list"]),
        ("", 1, ["Expected the file"]),
    ],
)
def test_a_mistake_is_told_with_line_and_remedy(tmp_path, text, line, words):
    """Each mistake in a file is answered by its line, what is wrong, and what to do."""
    path = write(tmp_path, text)
    with pytest.raises(QuizError) as caught:
        load_quiz(path, {"loops"})
    told = [t for t in str(caught.value).splitlines() if t.startswith(f"{path}:{line}: ")]
    assert any(all(word in t for word in words) for t in told), str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path):
    """One run shows every problem of a file, in the order of its lines."""
    broken = GOOD.replace("id: size", "id: A B").replace("value: 4", "value: x")
    with pytest.raises(QuizError) as caught:
        load_quiz(write(tmp_path, broken))
    assert [problem.line for problem in caught.value.problems] == [2, 8]


def test_an_objective_without_a_question_is_told(tmp_path):
    """Every objective of the lesson must be asked for somewhere."""
    with pytest.raises(QuizError, match="`gradients`"):
        load_quiz(write(tmp_path, GOOD), {"loops", "gradients"})


def test_a_missing_file_is_told(tmp_path):
    """A lesson without a quiz gets one line, not a traceback of open()."""
    with pytest.raises(QuizError, match="no such file"):
        load_quiz(tmp_path / "quiz.yml")


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("term", "- {text: kernel, right: true, why: w}", "Korean"),
        (
            "choices",
            "".join(f"\n  - {{text: t{i}, right: true, why: w}}" for i in range(4)),
            "some",
        ),
        (
            "choice",
            "".join(f"\n  - {{text: t{i}, right: true, why: w}}" for i in range(3)),
            "3 opt",
        ),
        ("order", "".join(f"\n  - {{text: same, why: w{i}}}" for i in range(3)), "the same"),
        ("order", "".join(f"\n  - {{text: t{i}, right: true, why: w}}" for i in range(3)), "right"),
        ("match", "".join(f"\n  - {{text: t{i}, match: m, why: w}}" for i in range(3)), "the same"),
        ("match", "".join(f"\n  - {{text: t{i}, why: w}}" for i in range(3)), "`match` is missing"),
    ],
)
def test_each_kind_has_its_rules(tmp_path, kind, options, words):
    """Kinds refuse options that could not be answered."""
    options = options.replace("\n  -", "\n      -")
    head = GOOD.split("    options:")[0].replace("number", kind)
    with pytest.raises(QuizError, match=re.escape(words)):
        load_quiz(write(tmp_path, f"{head}    options:\n      {options.strip()}\n"))


# ------------------------------------------------------------------ lesson 01


@pytest.fixture(scope="module")
def questions() -> dict[str, Question]:
    """The questions of lesson 01 by their id."""
    header = (LESSON / "lesson.py").read_text(encoding="utf-8").split("# ---")[1]
    objectives = yaml.safe_load(re.sub(r"^# ?", "", header, flags=re.M))["objectives"]
    return {question.id: question for question in load_quiz(LESSON / "quiz.yml", objectives)}


IMAGE = torch.arange(1.0, 10).reshape(3, 3)


def conv(image, kernel, **kwargs) -> torch.Tensor:
    """F.conv2d for one image and one kernel."""
    image, kernel = torch.as_tensor(image).float(), torch.as_tensor(kernel).float()
    return F.conv2d(image[None, None], kernel[None, None], **kwargs)[0, 0]


def count(layer: torch.nn.Module) -> int:
    return sum(p.numel() for p in layer.parameters())


def circular() -> torch.Tensor:
    f, g = torch.tensor([1.0, 0, 0, 2]), torch.tensor([1.0, 3, 0, 0])
    return torch.fft.ifft(torch.fft.fft(f) * torch.fft.fft(g)).real


def gradient(of: str, kernel, G) -> torch.Tensor:
    """Autograd's gradient of Σ G·S with respect to the image or the kernel."""
    image = IMAGE.clone().requires_grad_()
    kernel = torch.tensor(kernel).float().requires_grad_()
    (conv(image, kernel) * torch.as_tensor(G)).sum().backward()
    return (image if of == "image" else kernel).grad


def shape_of(tensor: torch.Tensor) -> tuple[int, ...]:
    return tuple(tensor.shape)


COMPUTED = {
    "conv-parameters": lambda: count(torch.nn.Conv2d(16, 32, 3)),
    "dense-parameters": lambda: count(
        torch.nn.Linear(36, torch.nn.Conv2d(1, 2, 3)(torch.zeros(1, 6, 6)).numel())
    ),
    "correlate-by-hand": lambda: F.conv1d(
        torch.tensor([[[2.0, 0, 1, 3]]]), torch.tensor([[[1.0, -1, 2]]])
    )[0, 0, 1],
    "full-length": lambda: F.conv1d(torch.ones(1, 1, 5), torch.ones(1, 1, 3), padding=2).numel(),
    "fft-room": lambda: F.conv1d(torch.ones(1, 1, 100), torch.ones(1, 1, 29), padding=28).numel(),
    "fft-ring": lambda: circular()[0],
    "all-ones": lambda: conv(IMAGE, torch.ones(2, 2))[0, 1],
    "worked-example": lambda: conv(IMAGE, [[1, 1], [0, 2]])[1, 0],
    "new-kernel": lambda: conv(IMAGE, [[1, 2], [0, -1]]),
    "valid-size": lambda: shape_of(conv(torch.ones(28, 20), torch.ones(5, 3))),
    "im2col-shape": lambda: shape_of(F.unfold(torch.ones(1, 1, 6, 5), (3, 2))[0]),
    "second-filters": lambda: shape_of(torch.nn.Conv2d(16, 32, 5).weight),
    "layer-output": lambda: shape_of(F.conv2d(torch.ones(8, 3, 32, 32), torch.ones(16, 3, 5, 5))),
    # TF32's fraction has as many bits as half precision's: 2⁻¹⁰ is the step above 1.
    "tf32-bits": lambda: -torch.tensor(torch.finfo(torch.float16).eps).log2(),
    "kernel-gradient": lambda: gradient("kernel", [[1, 1], [0, 2]], [[1, 0], [0, 2]])[0, 1],
    "pixel-gradient": lambda: gradient("image", [[1, 1], [0, 2]], torch.ones(2, 2))[2, 2],
    "gradient-shape": lambda: shape_of(
        F.conv_transpose2d(torch.ones(1, 1, 5, 7), torch.ones(1, 1, 3, 3))[0, 0]
    ),
    "shift-by-hand": lambda: F.pad(torch.tensor([[1, 2], [3, 4]]), (-1, 1, 1, -1)),
}

# What a misconception computes, where a wrong option claims to be just that.
MISTAKEN = {
    ("worked-example", "23"): lambda: conv(IMAGE, [[2, 0], [1, 1]])[1, 0],
    ("worked-example", "27"): lambda: conv(IMAGE, [[1, 0], [1, 2]])[1, 0],
    ("new-kernel", "[[12, 14], [18, 20]]"): lambda: conv(IMAGE, [[-1, 0], [2, 1]]),
    ("new-kernel", "[[4, 6], [10, 12]]"): lambda: conv(IMAGE, [[1, 0], [2, -1]]),
    ("new-kernel", "[[0, 6], [2, 8]]"): lambda: conv(IMAGE, [[1, 2], [0, -1]]).T,
    ("correlate-by-hand", "2"): lambda: F.conv1d(
        torch.tensor([[[2.0, 0, 1, 3]]]), torch.tensor([[[2.0, -1, 1]]])
    )[0, 0, 1],
    ("kernel-gradient", "10"): lambda: gradient("kernel", [[1, 1], [0, 2]], [[2, 0], [0, 1]])[0, 1],
    ("pixel-gradient", "4"): lambda: gradient("image", [[1, 1], [0, 2]], torch.ones(2, 2))[1, 1],
    ("shift-by-hand", "[[4, 3], [2, 1]]"): lambda: torch.tensor([[1, 2], [3, 4]]).roll(
        (1, -1), (0, 1)
    ),
}


def says(option, computed) -> bool:
    """Whether an option's value or text is what torch computed."""
    if isinstance(computed, tuple):
        return option.value == computed
    said = option.value if option.value is not None else ast.literal_eval(option.text)
    return torch.equal(torch.as_tensor(said).double(), torch.as_tensor(computed).double())


@pytest.mark.parametrize("name", COMPUTED)
def test_answers_are_what_torch_computes(questions, name):
    """The one right option of every computable question is recomputed."""
    computed = COMPUTED[name]()
    agreeing = [option for option in questions[name].options if says(option, computed)]
    assert agreeing == [option for option in questions[name].options if option.right]


def test_every_number_and_shape_is_recomputed(questions):
    """No question that asks for a number or a shape is left unchecked."""
    asked = {q.id for q in questions.values() if q.kind in {Kind.NUMBER, Kind.SHAPE}}
    assert asked <= set(COMPUTED)


@pytest.mark.parametrize(("name", "text"), MISTAKEN)
def test_wrong_options_are_what_the_misconception_computes(questions, name, text):
    """A wrong option that names a mistake has the value that this mistake gives."""
    (option,) = [option for option in questions[name].options if option.text == text]
    assert not option.right
    assert says(option, MISTAKEN[name, text]())


def test_lesson_has_enough_of_every_kind(questions):
    """At least 24 questions, every kind among them, and the right choice in every place."""
    assert len(questions) >= 24
    assert {question.kind for question in questions.values()} == set(Kind)
    places = {
        [option.right for option in q.options].index(True)
        for q in questions.values()
        if q.kind is Kind.CHOICE
    }
    assert places == {0, 1, 2, 3}


def test_quoted_claims_hold():
    """Numbers that a `why` states in passing are true: 21 against 12, the ring, the price of 9."""
    signal, kernel = torch.tensor([[[1.0, 2]]]), torch.tensor([[[1.0, 10]]])
    assert F.conv1d(signal, kernel).item() == 21
    assert F.conv1d(signal, kernel.flip(2)).item() == 12
    f, g = torch.tensor([[[1.0, 0, 0, 2]]]), torch.tensor([[[1.0, 3]]])
    assert F.conv1d(f, g.flip(2), padding=1)[0, 0].tolist() == [1, 3, 0, 2, 6]
    visits = F.fold(F.unfold(torch.ones(1, 1, 9, 9), 3), (9, 9), 3)
    assert visits.max() == 9
    assert count(torch.nn.Conv2d(1, 2, 3)) == 20


# ------------------------------------------------------------------ the page


class Outline(HTMLParser):
    """Collects the tags that are open and the ids, and notices what does not fit."""

    VOID = ("br", "img", "hr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.counts: dict[str, int] = {}

    def handle_starttag(self, tag, attrs):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.ids += [value for key, value in attrs if key == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_page_is_well_formed(questions):
    """Every tag is closed, ids are unique, and each question is a section with its heading."""
    outline = Outline()
    outline.feed(quiz_html(list(questions.values())))
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids)) == outline.counts["section"] == len(questions)


def test_every_option_and_reason_is_on_the_page(questions):
    """Prompt, options and reasons of every question can be read without a kernel."""
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", quiz_html(list(questions.values()))))
    for question in questions.values():
        for option in question.options:
            for text in (option.text, option.match, option.why):
                start = re.split(r"[`*$&<>'\"]", text)[0].strip()
                assert start in page, (question.id, text)


def test_right_and_wrong_are_said_in_words(questions):
    """Whoever cannot see colours or symbols reads "Right" and "Not right"."""
    page = quiz_html([questions["shuffled-pixels"]])
    assert page.count("<strong>Right.</strong>") == 1
    assert page.count("<strong>Not right.</strong>") == 3
    assert page.count('<span aria-hidden="true">') == 4


def test_maths_reaches_the_page_untouched(questions):
    """Markdown leaves what stands between dollars alone, and no dollar is left over."""
    page = quiz_html(list(questions.values()))
    assert r"\(\int f(\tau)\,g(t-\tau)\,d\tau\)" in page
    assert r"\(\begin{pmatrix}1&amp;2\\0&amp;-1\end{pmatrix}" in page.replace("K=", "")
    assert "$" not in page


def test_markup_in_a_question_is_shown_not_run(tmp_path):
    """HTML in a quiz file appears as text."""
    text = GOOD.replace("How many?", "<script>alert(1)</script>")
    page = quiz_html(load_quiz(write(tmp_path, text)))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_steps_and_partners_are_shuffled_the_same_way_each_time(questions):
    """Order and match never show the answer's own order, and never change between two runs."""
    for question in questions.values():
        if question.kind in {Kind.ORDER, Kind.MATCH}:
            assert shuffled(question) == shuffled(question)
            assert shuffled(question) != list(question.options)


def test_quiz_shows_the_lessons_questions(monkeypatch):
    """quiz() displays one HTML page of the folder's file."""
    shown = []
    monkeypatch.setattr("utils.quiz_page.display", shown.append)
    quiz(folder=LESSON)
    (page,) = shown
    assert "shuffled-pixels" in page.data


def test_values_are_shown_as_people_write_them():
    """Thousands are grouped, minus signs are real, shapes look like shapes."""
    assert show_value(41866) == "41,866"
    assert show_value(-0.5) == "−0.5"
    assert show_value((8, 16)) == "(8, 16)"

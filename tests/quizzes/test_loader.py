"""Quiz files: what the loader takes and refuses, and how values are shown."""

import re
from pathlib import Path

import pytest

from utils.quiz import Kind, QuizError, load_quiz, show_value

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


def test_values_are_shown_as_people_write_them():
    """Thousands are grouped, minus signs are real, shapes look like shapes."""
    assert show_value(41866) == "41,866"
    assert show_value(-0.5) == "−0.5"
    assert show_value((8, 16)) == "(8, 16)"

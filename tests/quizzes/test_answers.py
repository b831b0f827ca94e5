"""Every lesson's quiz: its numbers recomputed, right and wrong ones, and enough of every kind."""

import pytest

from tests.quizzes.answers import LESSONS, module_of, questions_of, same, wrongly_said
from utils.quiz import VALUED, Kind

# torch says that an uneven frame costs a copy. The quiz asks about just that frame.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same'")


def per_lesson(table: str) -> list:
    """A pytest parameter (folder, name, function) for each entry of a table of every lesson."""
    return [
        pytest.param(folder, name, function, id=f"{folder.name}: {name}")
        for folder in LESSONS
        for name, function in getattr(module_of(folder), table).items()
    ]


def by_name(folder):
    return folder.name


@pytest.mark.parametrize(("folder", "name", "function"), per_lesson("ANSWERS"))
def test_options_say_what_is_computed(folder, name, function):
    """A right option says what is so, and a wrong one what its mistake computes."""
    question, computed = questions_of(folder)[name], function()
    assert wrongly_said(question, computed) == []
    known = {option.text if option.value is None else option.value for option in question.options}
    assert set(computed) <= known
    if question.kind in {Kind.CHOICES, Kind.MATCH}:
        assert set(computed) == known
    else:
        (right,) = [option for option in question.options if option.right]
        assert next(iter(computed)) == (right.text if right.value is None else right.value)


@pytest.mark.parametrize("folder", LESSONS, ids=by_name)
def test_every_number_and_shape_is_recomputed(folder):
    """No value of a number or shape question is left unchecked, the wrong ones included."""
    answers = module_of(folder).ANSWERS
    for question in questions_of(folder).values():
        if question.kind in VALUED:
            assert question.id in answers
            values = {option.value for option in question.options}
            assert values == set(answers[question.id]()), question.id


@pytest.mark.parametrize(("folder", "name", "function"), per_lesson("CLAIMS"))
def test_what_a_reason_claims_in_passing_holds(folder, name, function):
    """Numbers and rules that a reason states are true."""
    assert function()


@pytest.mark.parametrize("folder", LESSONS, ids=by_name)
def test_lesson_has_enough_of_every_kind(folder):
    """At least 24 questions, every kind among them, and the right choice in every place."""
    questions = questions_of(folder)
    assert len(questions) >= 24
    assert {question.kind for question in questions.values()} == set(Kind)
    places = {
        [option.right for option in question.options].index(True)
        for question in questions.values()
        if question.kind is Kind.CHOICE
    }
    assert places == {0, 1, 2, 3}


@pytest.mark.parametrize("folder", LESSONS, ids=by_name)
def test_an_objective_s_questions_stand_together(folder):
    """The page makes one part of each objective, so its questions must follow each other."""
    objectives = [question.objective for question in questions_of(folder).values()]
    changes = [new for old, new in zip([None, *objectives], objectives, strict=False) if new != old]
    assert len(changes) == len(set(objectives))


@pytest.mark.parametrize(
    ("said", "computed", "agree"),
    [
        (17, 17.0, True),
        (17, 17.2, False),
        (0.452, 0.45186, True),
        (0.452, 0.4526, False),
        ("−0.5", -0.5, True),
        ("[[0, 2]]", [[0, 2]], True),
        ("[[0, 2]]", [[0, 3]], False),
        ((20, 26), (20, 26), True),
        (True, False, False),
    ],
)
def test_numbers_agree_to_the_decimals_shown(said, computed, agree):
    """A rounded number agrees with what it was rounded from, and with nothing else."""
    assert same(said, computed) is agree

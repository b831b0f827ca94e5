"""Who writes what: a class of students of different ability, drawn by a seed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.simulate.answers import Answer, AnswerKind, Pool, of_kind
from autograder.simulate.referee import Referee

# Among answers that are not right: how often each kind is drawn.
MISTAKES = {AnswerKind.MISCONCEPTION: 0.7, AnswerKind.BLANK: 0.17, AnswerKind.CRASH: 0.13}
LUCK = 0.06  # how far a student may do better or worse in an exercise than the ability says
ESSAY_ANSWERED = 0.85
# Each time-out costs the grader its whole limit, so there are only a few.
STUDENTS_PER_TIMEOUT, MOST_TIMEOUTS = 10, 3
UNTOUCHED_FROM = 8  # in a class of this size one student hands in the notebook as it was


@dataclass
class Student:
    """A simulated student: an answer for every exercise, and which essays are written."""

    id: str
    ability: float
    answers: dict[str, Answer] = field(default_factory=dict)
    essays: dict[str, bool] = field(default_factory=dict)
    untouched: bool = False


def draw_class(
    pool: Pool, stars: dict[str, int], essays: list[str], referee: Referee, count: int, seed: int
) -> list[Student]:
    """`count` students with answers out of the pool; the same for the same seed.

    Every misconception and every alternative is given by someone, as far as there are students.

    Example:
        >>> draw_class(pool, {"conv2d": 2}, [], referee, 30, 0)[0].id  # doctest: +SKIP
        'student-001'
    """
    rng = random.Random(f"class {seed}")
    width = max(3, len(str(count)))
    students = [
        Student(f"student-{number:0{width}d}", rng.betavariate(6, 1.3))
        for number in range(1, count + 1)
    ]
    if count >= UNTOUCHED_FROM:
        min(students, key=lambda student: student.ability).untouched = True
    unfinished: Counter[str] = Counter()  # how often the class left a cell in each of these ways
    for exercise in pool:
        _draw_answers(students, pool, exercise, stars.get(exercise, 1), unfinished, rng)
        _cover(students, pool, exercise, referee, rng)
    for student in students:
        for essay in essays:
            student.essays[essay] = rng.random() < ESSAY_ANSWERED and not student.untouched
    _add_timeouts(students, pool, referee, rng)
    return students


def _draw_answers(
    students: list[Student],
    pool: Pool,
    exercise: str,
    stars: int,
    unfinished: Counter[str],
    rng: random.Random,
) -> None:
    """An answer of every student to one exercise."""
    right = {
        kind: _bag(of_kind(pool, exercise, kind), rng)
        for kind in (AnswerKind.REFERENCE, AnswerKind.ALTERNATIVE)
    }
    mistaken = _popular(of_kind(pool, exercise, AnswerKind.MISCONCEPTION), rng)
    for student in students:
        if student.untouched:
            student.answers[exercise] = of_kind(pool, exercise, AnswerKind.BLANK)[0]
        elif rng.random() < student.ability ** (0.6 + 0.3 * stars):
            found = next(right[rng.choice(list(right))], None)
            student.answers[exercise] = found or next(right[AnswerKind.REFERENCE])
        else:
            kind = rng.choices(list(MISTAKES), weights=list(MISTAKES.values()))[0]
            found = next(mistaken, None) if kind is AnswerKind.MISCONCEPTION else None
            student.answers[exercise] = found or _left_unfinished(pool, exercise, kind, unfinished)


def _left_unfinished(
    pool: Pool, exercise: str, kind: AnswerKind, unfinished: Counter[str]
) -> Answer:
    """The blank or crash that the class has left least often so far, so that all of them occur."""
    kind = kind if kind is AnswerKind.CRASH else AnswerKind.BLANK
    answer = min(of_kind(pool, exercise, kind), key=lambda variant: unfinished[variant.name])
    unfinished[answer.name] += 1
    return answer


def _bag(answers: list[Answer], rng: random.Random) -> Iterator[Answer]:
    """Every answer once, in any order, then all of them again."""
    while answers:
        yield from rng.sample(answers, len(answers))


def _popular(answers: list[Answer], rng: random.Random) -> Iterator[Answer]:
    """Any answer, a few of them much more often than the others, as mistakes are in a class."""
    weights = [1 / place**1.5 for place in range(1, len(answers) + 1)]
    ranked = rng.sample(answers, len(answers))
    while answers:
        yield rng.choices(ranked, weights=weights)[0]


def _cover(
    students: list[Student], pool: Pool, exercise: str, referee: Referee, rng: random.Random
) -> None:
    """Give the misconceptions and alternatives that nobody has to students who can spare theirs.

    Misconceptions go to the weaker ones, alternatives to the stronger.
    """
    touched = [student for student in students if not student.untouched]
    by_ability = sorted(touched, key=lambda student: student.ability + rng.gauss(0, LUCK))
    for kind in (AnswerKind.ALTERNATIVE, AnswerKind.MISCONCEPTION):
        ranked = by_ability if kind is AnswerKind.MISCONCEPTION else by_ability[::-1]
        for answer in of_kind(pool, exercise, kind):
            given = _given(students, exercise, referee)
            if not given[answer]:
                student = _who_can_spare(ranked, answer, given, referee)
                if student is not None:
                    student.answers[exercise] = answer


def _given(students: list[Student], exercise: str, referee: Referee) -> Counter[Answer]:
    """How many students give each answer, not counting where another mistake blurs it."""
    answers = [(student, student.answers[exercise]) for student in students]
    return Counter(answer for student, answer in answers if _stands_alone(student, answer, referee))


def _stands_alone(student: Student, answer: Answer, referee: Referee) -> bool:
    """Whether the answer would rest on right answers only, if the student gave it."""
    answers = student.answers | {answer.exercise: answer}
    needed = referee.needed(answer.exercise, answers)
    return all(answers[name].kind.right for name in needed if name != answer.exercise)


def _who_can_spare(
    ranked: list[Student], answer: Answer, given: Counter[Answer], referee: Referee
) -> Student | None:
    """The first student who can give this answer; the mistakes that were drawn stay if possible."""
    exercise = answer.exercise
    spare = [student for student in ranked if _spare(student.answers[exercise], given)]
    alone = [student for student in spare if _stands_alone(student, answer, referee)]
    right = [student for student in alone if student.answers[exercise].kind.right]
    return next(iter(right or alone or spare), None)


def _spare(answer: Answer, given: Counter[Answer]) -> bool:
    """Whether nothing is lost when one student less gives this answer."""
    needed = answer.kind in (AnswerKind.MISCONCEPTION, AnswerKind.ALTERNATIVE)
    return given[answer] != 1 or not needed


def _add_timeouts(
    students: list[Student], pool: Pool, referee: Referee, rng: random.Random
) -> None:
    """Let a few students write an endless loop, where no other exercise of theirs runs into it."""
    wanted = min(MOST_TIMEOUTS, len(students) // STUDENTS_PER_TIMEOUT) or int(len(students) > 2)
    places = [(student, exercise) for student in students for exercise in pool]
    hung: set[str] = set()
    for student, exercise in rng.sample(places, len(places)):
        loops = of_kind(pool, exercise, AnswerKind.TIMEOUT)
        if len(hung) == wanted:
            return
        if not loops or student.untouched or student.id in hung:
            continue
        present = student.answers[exercise]
        given = _given(students, exercise, referee)
        if not _spare(present, given) or _leaned_on(student, exercise, pool, referee):
            continue
        student.answers[exercise] = loops[0]
        hung.add(student.id)


def _leaned_on(student: Student, exercise: str, pool: Pool, referee: Referee) -> bool:
    """Whether another answer of the student's may call this exercise's function."""
    others = [other for other in pool if other != exercise]
    return any(exercise in referee.needed(other, student.answers) for other in others)

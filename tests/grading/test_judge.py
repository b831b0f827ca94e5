"""The judge on real kernels: what a submission earns, whatever it does."""

import copy
import dataclasses
import json
import time

import nbformat
import pytest

from autograder.intake import GraderFault, parse
from autograder.judge.judge import judge_notebook
from autograder.judge.outputs import VERDICTS, faulty, verdicts_of
from autograder.judge.restore import grade_id
from utils.verdicts import Kind

SECRET = "8675309"  # the number in the hidden checks
FULL = {"double": 4.0, "total": 3.0}


def kinds(judged, exercise="double"):
    return [verdict.kind for verdict in judged.verdicts[exercise]]


def outputs_of(judged, text):
    return next(c for c in judged.notebook.cells if text in c.source).outputs


def test_a_right_submission_has_full_marks(judge, answered):
    """Every check passes, and the check cell's only output is the points, the table, the data."""
    judged = judge(answered())
    assert judged.points == FULL
    cell = next(c for c in judged.notebook.cells if grade_id(c) == "double-check")
    [output] = cell.outputs
    assert output.output_type == "execute_result"
    assert float(output.data["text/plain"]) == 4.0
    assert "3 of 3 checks passed" in output.data["text/html"]
    nbformat.validate(judged.notebook)
    assert verdicts_of(parse_back(judged.notebook)) == judged.verdicts


def parse_back(notebook):
    return nbformat.reads(nbformat.writes(notebook), as_version=4)


def test_the_same_bytes_give_the_same_notebook(judge, answered):
    """Judging is a function of the submission: twice the same, random numbers included."""
    notebook = answered(last="import random; print(torch.rand(3), random.random(), {'a', 'b'})")
    assert judge(notebook).notebook == judge(notebook).notebook


def test_a_blank_submission_has_no_marks(judge, trusted):
    """No answer is no marks, and it is said kindly."""
    judged = judge(trusted.released)
    assert judged.points == {"double": 0.0, "total": 0.0}
    assert set(kinds(judged)) == {Kind.UNANSWERED}


def test_part_of_an_answer_earns_part_of_the_points(judge, answered):
    """Each check gives its own points, and a known mistake is named in all of its checks."""
    judged = judge(answered(double="def double(x):\n    return x ** 2"))
    assert judged.points == {"double": 0.5, "total": 3.0}
    assert kinds(judged) == [Kind.WRONG, Kind.WRONG, Kind.PASSED]
    assert {v.misconception for v in judged.verdicts["double"]} == {"squared", None}
    assert judged.verdicts["double"][1].message == "You squared: twice x is x + x."


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("raise ValueError('no')", Kind.CRASHED),
        ("import os; os._exit(0)", Kind.CRASHED),
        ("import os; os.kill(os.getpid(), 9)", Kind.CRASHED),
        ("raise SystemExit", Kind.CRASHED),
        ("return input('x? ')", Kind.CRASHED),
        ("return x * float('nan')", Kind.WRONG),
        ("return x * float('inf')", Kind.WRONG),
        ("return None", Kind.WRONG),
        ("return [2 * n for n in x]", Kind.WRONG),
        ("x *= 2; return x", Kind.WRONG),
        ("return double", Kind.WRONG),
        ("return torch.zeros(10**15)", Kind.OUT_OF_MEMORY),
        ("return torch.zeros(3 * 10**7)", Kind.TOO_LARGE),
        ("open('/usr/answers', 'w')", Kind.BLOCKED),
    ],
)
def test_a_bad_function_costs_its_own_points_only(judge, answered, body, kind):
    """Errors, exits, NaN and odd results lose the exercise's points; the other keeps its marks."""
    judged = judge(answered(double=f"def double(x):\n    {body}"))
    json.loads(nbformat.writes(judged.notebook), parse_constant=pytest.fail)  # no NaN in JSON
    assert judged.verdicts["double"][0].kind is kind
    assert judged.verdicts["double"][1].points == 0
    assert judged.points["total"] == 3.0


def test_an_endless_loop_in_a_function_is_a_time_out(judge, answered):
    """The call ends at its limit, later ones sooner, and the other exercise keeps its marks."""
    began = time.monotonic()
    judged = judge(answered(double="def double(x):\n    while True:\n        pass"))
    assert kinds(judged) == [Kind.TIMED_OUT] * 3
    assert "No answer within 1 seconds" in judged.verdicts["double"][0].message
    assert judged.points == {"double": 0.0, "total": 3.0}
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("while True:\n    pass", "did not end within 2 seconds"),
        ("import os; os._exit(1)", "ended its own process"),
        ("x = input('name? ')", "cannot ask for input"),
        ("1 / 0", "ZeroDivisionError"),
        ("torch.zeros(10**15)", "[grader] out of memory: It needs more memory than there is."),
        ("open('/usr/answers', 'w')", "[grader] blocked: Graded code sees the lesson's own files"),
    ],
)
def test_a_bad_cell_costs_no_exercise_its_marks(judge, answered, cell, said):
    """A cell that never ends, ends Python, asks or fails is shown as such; the answers count."""
    judged = judge(answered(after_double=cell))
    assert judged.points == FULL
    assert said in json.dumps(outputs_of(judged, cell))


def test_an_endless_loop_beside_an_answer_leaves_the_answer(judge, answered):
    """What a cell defined before it was stopped counts."""
    judged = judge(answered(double="def double(x):\n    return 2 * x\nwhile True:\n    pass"))
    assert judged.points == FULL


def test_a_kernel_that_always_dies_is_given_up(judge, answered):
    """After a few restarts the rest is not run, and that is said."""
    bad = "import os\ndef double(x):\n    os._exit(1)"
    judged = judge(answered(double=bad, total=bad.replace("double", "total")))
    assert judged.points == {"double": 0.0, "total": 0.0}
    assert set(kinds(judged)) | set(kinds(judged, "total")) == {Kind.CRASHED}


def test_standard_error_costs_nothing(judge, answered):
    """Warnings and prints to stderr, in cells and in calls, take no points."""
    noisy = "import sys, warnings\ndef double(x):\n    warnings.warn('w')\n"
    noisy += (
        "    print('called', file=sys.stderr)\n    return 2 * x\nprint('cell', file=sys.stderr)"
    )
    judged = judge(answered(double=noisy))
    assert judged.points == FULL
    assert "called" not in json.dumps(
        [c.outputs for c in judged.notebook.cells if c.cell_type == "code"]
    )


def test_fifty_megabytes_of_output_are_cut(judge, answered):
    """A flood of output is left out with a notice, and costs no marks."""
    judged = judge(answered(after_double="for _ in range(50):\n    print('x' * 1_000_000)"))
    assert judged.points == FULL
    assert len(nbformat.writes(judged.notebook)) < 2_000_000
    assert "left out" in json.dumps(outputs_of(judged, "1_000_000"))


def test_edited_checks_and_copied_cells_change_nothing(judge, answered):
    """What decides is the release: neither a check's text nor its metadata is the student's."""
    notebook = answered(double="def double(x):\n    return x")
    check = next(c for c in notebook.cells if grade_id(c) == "double-check")
    check.source, check.metadata.nbgrader.points = "100", 100
    notebook.cells.append(copy.deepcopy(check))
    notebook.cells = [c for c in notebook.cells if grade_id(c) != "total-check"]
    judged = judge(notebook)
    assert judged.points == {"double": 0.5, "total": 3.0}
    assert [grade_id(c) for c in judged.notebook.cells].count("double-check") == 1


def test_a_forged_verdict_is_not_read(judge, answered):
    """A student's own output of the judge's type is dropped, with every type that could act."""
    forged = f"display({{'{VERDICTS}': {{'verdicts': []}}, 'text/html': '<script>1</script>',"
    forged += "'application/javascript': 'alert(1)', 'text/plain': 'seen'}, raw=True)"
    judged = judge(answered(last=forged))
    [output] = outputs_of(judged, "alert")
    assert output.data == {"text/plain": "seen"}


def test_pictures_stay(judge, answered):
    """Plots of a student's, by matplotlib or by the course's own helper, are kept."""
    plot = "import matplotlib.pyplot as plt\nfrom utils import plots\nfig, ax = plt.subplots()\n"
    shown = outputs_of(judge(answered(last=f"{plot}ax.plot([1, 2])")), "subplots")
    assert "image/png" in shown[-1].data
    described = "plots.show(fig, alt='a < b')"
    [output] = outputs_of(judge(answered(last=plot + described)), "subplots")
    assert output.data["text/html"].startswith('<img alt="a &lt; b" style="max-width: 100%" src=')


def test_a_notebook_of_format_3_is_judged(judge, answered):
    """An old file earns what its answers earn."""
    old = nbformat.writes(answered(), version=3)
    assert judge(parse(old.encode())).points == FULL


def test_hidden_data_is_in_no_output(judge, answered):
    """Neither prints, errors, results nor later cells show what a hidden check handed over."""
    spy = """
seen = []
def double(x):
    seen.append(x)
    print(x)
    open('seen', 'a').write(str(x))
    if x.numel() == 0:
        raise type('E' + str(seen[-2]), (Exception,), {})(str(seen))
    return x * 3
"""
    total = "def total(x):\n    raise ValueError(str(x) + str(seen))"
    show = "print(seen); print(open('seen').read()); display(seen)"
    judged = judge(answered(double=spy, total=total, after_total=show, last=show))
    text = nbformat.writes(judged.notebook)
    assert SECRET not in text
    assert "1.7350" not in text
    assert "tensor([ 1.,  2., -3.])" in text  # the public check's data may be seen
    assert all(
        verdict.evidence is None and verdict.note == ""
        for verdicts in judged.verdicts.values()
        for verdict in verdicts
        if verdict.hidden
    )


def test_hidden_checks_meet_the_function_of_their_check_cell(judge, answered):
    """A name that a later cell uses for something else does not spoil the exercise."""
    judged = judge(answered(last="def double(x):\n    return 'another'"))
    assert judged.points == FULL


def test_demonstrations_run_only_on_request(judge, answered):
    """The release's own unneeded cells are skipped unless all are asked for; marks are equal."""
    text = "the demonstration ran"
    assert outputs_of(judge(answered()), "DEMO =") == []
    judged = judge(answered(), run_all=True)
    assert text in json.dumps(outputs_of(judged, "DEMO ="))
    assert judged.points == FULL
    assert outputs_of(judge(answered(last="print(DEMO)")), "DEMO =") != []


def test_a_fault_of_a_check_is_never_a_students_zero(answered, trusted, start, limits):
    """A check that fails by itself is a grader fault: the cell is marked as having no mark."""
    cell, exercise = next(iter(trusted.exercises.items()))

    def broken(student):
        raise KeyError("our own mistake")

    checks = (*exercise.checks[:-1], dataclasses.replace(exercise.checks[-1], function=broken))
    exercises = {**trusted.exercises, cell: dataclasses.replace(exercise, checks=checks)}
    judged = judge_notebook(
        answered(), dataclasses.replace(trusted, exercises=exercises), start, limits
    )
    assert judged.faults == ["double"]
    assert [grade_id(c) for c in judged.notebook.cells if faulty(c)] == ["double-check"]


def test_a_kernel_that_cannot_be_started_is_a_fault(answered, trusted, limits):
    """Without a kernel nothing is judged, and nobody gets a zero."""

    def start():
        raise GraderFault("no kernel")

    with pytest.raises(GraderFault):
        judge_notebook(answered(), trusted, start, limits)

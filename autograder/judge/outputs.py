"""What the judge writes into a notebook: a check cell's result, and a student's outputs made safe.

A graded notebook is opened by the teacher in the formgrader and by the student as a feedback page.
So nothing of a student's may act there, and nothing of a hidden check may be seen there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.intake import GraderFault
from autograder.judge.lesson import CHECK_SUFFIX, Exercise
from autograder.judge.restore import grade_id
from utils.device import STAND_IN, device_note
from utils.render import as_html
from utils.verdicts import Kind, Verdict

VERDICTS = "application/vnd.course.verdict+json"

# Pictures and text only: anything else could run a script where the notebook is shown.
SHOWN = ("text/plain", "image/png", "image/jpeg")
# The course's own plots come as HTML with a text for those who cannot see them.
PICTURE = re.compile(
    r'<img alt="([^"<>]*)" [^<>]*src="data:image/(png|jpeg);base64,([A-Za-z0-9+/=\s]+)">'
)
RESULT: dict[str, Any] = {"metadata": {}, "execution_count": None}
MOST_TEXT = 100_000  # characters of one output
MOST_BYTES = 4_000_000  # of all outputs of a cell
MOST_OUTPUTS = 100
LONGEST_MESSAGE = 1_000
LEFT_OUT = "The rest of this cell's output was left out: there is too much."

# Escape sequences of terminals, and characters that hide or reorder others.
CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

# A hidden check says no more than this: not even the error's name, which the student chooses.
HIDDEN_MESSAGES = {
    Kind.WRONG: "A hidden check found a wrong result. "
    "Try your function on other shapes and values than those of the visible checks.",
    Kind.CRASHED: "Your function stopped with an error in a hidden check. "
    "Try it on other shapes and values than those of the visible checks.",
    Kind.TIMED_OUT: "Your function took too long in a hidden check. "
    "Look for a loop that never ends, or for work repeated inside a loop.",
    Kind.OUT_OF_MEMORY: "Your function needed more memory in a hidden check than there is. "
    "Look for a list or a tensor that grows in a loop, or for a shape that is far too large.",
    Kind.TOO_LARGE: "Your function returned more in a hidden check than can be looked at. "
    "Return only what is asked for.",
    Kind.BLOCKED: "Your function was stopped in a hidden check, because it did something that "
    "graded code may not do: no network, no files but the lesson's, no other processes.",
    Kind.GRADER_FAULT: "A hidden check itself failed. This is not your fault; "
    "your teacher decides about its points.",
}


def check_output(
    exercise: Exercise, verdicts: Sequence[Verdict], protections: Sequence[str] = ()
) -> NotebookNode:
    """The output of a check cell: the points as nbgrader reads them, the table, the verdicts.

    `protections` are recorded beside the verdicts: under which of them these points came about.
    Raises `GraderFault` unless 0 ≤ points ≤ the points on offer.
    """
    shown = [presentable(verdict) for verdict in verdicts]
    points = _points(exercise, shown)
    return _output(
        "execute_result",
        data={
            "text/plain": repr(points),
            "text/html": as_html(exercise.name, shown),
            VERDICTS: {
                "exercise": exercise.name,
                "verdicts": [_as_json(one) for one in shown],
                "protections": list(protections),
            },
        },
    )


def verdicts_of(notebook: NotebookNode) -> dict[str, list[Verdict]]:
    """The verdicts in a graded notebook, by exercise; only check cells are looked at."""
    found = {}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and marks.get("grade") and not marks.get("solution"):
            found[grade_id(cell).removesuffix(CHECK_SUFFIX)] = verdicts_in(cell)
    return found


def verdicts_in(cell: NotebookNode) -> list[Verdict]:
    """The verdicts in a check cell's outputs; none in a cell that was not judged."""
    for output in cell.outputs:
        data = output.get("data", {}).get(VERDICTS)
        if data is not None:
            return [Verdict.from_dict(item) for item in data["verdicts"]]
    return []


def faulty(cell: NotebookNode) -> bool:
    """Whether a cell is a check cell whose points are no mark, by a fault of our own."""
    return cell.cell_type == "code" and has_fault(verdicts_in(cell))


def has_fault(verdicts: Iterable[Verdict]) -> bool:
    """Whether a check failed by our own fault, so that the points are not the student's mark."""
    return any(verdict.kind is Kind.GRADER_FAULT for verdict in verdicts)


def presentable(verdict: Verdict) -> Verdict:
    """A verdict fit to be shown: short printable text, and of a hidden check no data at all."""
    if verdict.hidden:
        return _without_data(verdict)
    evidence = verdict.evidence
    if evidence is not None:
        evidence = replace(
            evidence,
            call=plain(evidence.call),
            expected=plain(evidence.expected),
            got=plain(evidence.got),
            where=plain(evidence.where),
        )
    return replace(
        verdict, message=plain(verdict.message), note=plain(verdict.note), evidence=evidence
    )


def _as_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON, which knows neither NaN nor infinity."""
    data = verdict.to_dict()
    evidence = data["evidence"]
    if evidence is not None:
        grids = (evidence["expected_grid"], evidence["got_grid"])
        if not all(math.isfinite(n) for grid in grids for row in grid or () for n in row):
            evidence["expected_grid"] = evidence["got_grid"] = None
    return data


def _without_data(verdict: Verdict) -> Verdict:
    message = verdict.message
    # Two messages are the course's own words: a misconception's, and "not answered yet".
    if verdict.misconception is None and verdict.kind is not Kind.UNANSWERED:
        message = HIDDEN_MESSAGES.get(verdict.kind, "")
    return replace(verdict, message=message, note=_known_note(verdict.note), evidence=None)


def _known_note(note: str) -> str:
    """Where a check ran; the words come from the student's process, so only known ones pass."""
    if note == device_note(STAND_IN):
        return note
    return "Ran on a GPU." if re.search(r"\(cuda:\d\)\.$", note) else ""


def _points(exercise: Exercise, verdicts: Sequence[Verdict]) -> float:
    points = math.fsum(verdict.points for verdict in verdicts)
    if not 0 <= points <= exercise.points:
        raise GraderFault(
            f"{exercise.name} got {points} of {exercise.points} points. "
            "Please report this as a fault of the grader."
        )
    return points


def plain(text: Any, longest: int = LONGEST_MESSAGE) -> str:
    """Text without control characters, cut to length, that can be written as UTF-8."""
    clean = CONTROL.sub("", str(text)).encode("utf-8", "replace").decode("utf-8")
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def safe_outputs(outputs: Iterable[Mapping[str, Any]]) -> list[NotebookNode]:
    """A student's outputs as text and pictures, no more of them than a page can show."""
    kept: list[NotebookNode] = []
    size = 0
    for output in outputs:
        made = _safe_output(output)
        if made is None:
            continue
        size += size_of(made)
        if size > MOST_BYTES or len(kept) == MOST_OUTPUTS:
            kept.append(notice(LEFT_OUT))
            break
        kept.append(made)
    return kept


def notice(text: str) -> NotebookNode:
    """A line of the grader's own in a student's cell."""
    return _output("stream", name="stdout", text=f"[grader] {text}\n")


def stopped(name: str, text: str) -> NotebookNode:
    """An error output of the grader's own: why a cell was not finished."""
    return _output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def _output(kind: str, **content: Any) -> NotebookNode:
    """An output, not yet held against nbformat's schema: the whole notebook is, at the end."""
    more = {"display_data": {"metadata": {}}, "execute_result": RESULT}.get(kind, {})
    made: NotebookNode = nbformat.from_dict({"output_type": kind, **more, **content})
    return made


def _safe_output(output: Mapping[str, Any]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return _output("stream", name=name, text=_text(output.get("text", "")))
    if kind == "error":
        lines = [_text(line) for line in list(output.get("traceback", ()))[-50:]]
        name, value = (_text(output.get(key, ""), 500) for key in ("ename", "evalue"))
        return _output("error", ename=name, evalue=value, traceback=lines)
    if kind in ("display_data", "execute_result"):
        data = _safe_data(output.get("data", {}))
        return _output(str(kind), data=data) if data else None
    return None


def _safe_data(data: Mapping[str, Any]) -> dict[str, str]:
    safe = {}
    for kind in SHOWN:
        content = data.get(kind)
        if isinstance(content, list):
            content = "".join(map(str, content))
        if not isinstance(content, str):
            continue
        if kind == "text/plain":
            safe[kind] = _text(content)
        elif len(content) <= MOST_BYTES and re.fullmatch(r"[A-Za-z0-9+/=\s]*", content):
            safe[kind] = content
    if picture := PICTURE.fullmatch(str(data.get("text/html", ""))):
        alt, kind, content = picture.groups()
        safe["text/html"] = (
            f'<img alt="{alt}" style="max-width: 100%" src="data:image/{kind};base64,{content}">'
        )
    return safe


def _text(text: Any, longest: int = MOST_TEXT) -> str:
    """Text as a terminal prints it; colours stay, as nbconvert escapes what is between them."""
    clean = str(text).encode("utf-8", "replace").decode("utf-8")
    if len(clean) <= longest:
        return clean
    return f"{clean[:longest]}\n[grader] The rest of this output was left out."


def size_of(output: Mapping[str, Any]) -> int:
    """How many characters an output holds."""
    parts = [output.get("text", ""), *output.get("traceback", ()), *output.get("data", {}).values()]
    return sum(map(len, parts))

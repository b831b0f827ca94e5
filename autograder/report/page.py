"""The class report as one HTML page that needs no network and runs nothing it did not bring."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.report import charts
from autograder.report.gather import read_class
from autograder.report.model import ClassReport, State, number

if TYPE_CHECKING:
    from autograder.paths import Course

HERE = Path(__file__).parent

# The sign in a mark's cell: an icon that page.html.j2 draws. The other endings are words.
ICONS = {State.FULL: "tick", State.PART: "half", State.WRONG: "cross"}
SHORT_WORDS = {
    State.BLANK: "blank",
    State.CRASHED: "crashed",
    State.TIMED_OUT: "time-out",
    State.OUT_OF_MEMORY: "memory",
    State.TOO_LARGE: "too large",
    State.BLOCKED: "blocked",
    State.TO_GRADE: "to grade",
    State.FAULT: "fault",
    State.MISSING: "no mark",
}
# The class of page.css that tints the cell; blank ones stay white.
COLOURS = {
    State.FULL: "full",
    State.PART: "part",
    State.WRONG: "wrong",
    State.CRASHED: "odd",
    State.TIMED_OUT: "odd",
    State.OUT_OF_MEMORY: "odd",
    State.TOO_LARGE: "odd",
    State.BLOCKED: "odd",
    State.TO_GRADE: "hand",
    State.FAULT: "odd",
}


def write_report(course: Course, lesson: str, path: Path | None = None) -> Path:
    """Write the class report of a lesson and return where it lies.

    Reads nbgrader's gradebook and the judge's verdicts; `path` defaults to
    `classroom/report/<lesson>.html`.

    Raises:
        NothingGraded: if the gradebook holds no mark for this lesson.

    Example:
        >>> write_report(Course.find(), "01_convolution")  # doctest: +SKIP
        PosixPath('…/classroom/report/01_convolution.html')
    """
    report = read_class(course, lesson)
    path = path or course.root / "classroom" / "report" / f"{lesson}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_page(report), encoding="utf-8")
    return path


def render_page(report: ClassReport) -> str:
    """The whole page as text; every name, message and title in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    environment.filters["breakable"] = breakable
    environment.filters["prose"] = prose
    script = (HERE / "page.js").read_text(encoding="utf-8")
    return environment.get_template("page.html.j2").render(
        report=report,
        charts=charts,
        icons=ICONS,
        colours={state: COLOURS.get(state, "") for state in State},
        short_words=SHORT_WORDS,
        states=_states_in_use(report),
        policy=_policy(script),
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
    )


def breakable(name: str) -> Markup:
    """A long name that may break after its underscores, so that columns stay narrow."""
    return Markup("_<wbr>").join(escape(part) for part in re.split("_", name))


def prose(text: str) -> Markup:
    """A message as HTML: escaped, with what stands between backticks set as code."""
    parts = [escape(part) for part in text.split("`")]
    if len(parts) % 2 == 0:  # an odd backtick: leave the text as it is
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if odd % 2 else part
        for odd, part in enumerate(parts)
    )


def _policy(script: str) -> str:
    """What a browser may do with the page: its own style, its one script, nothing else."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _states_in_use(report: ClassReport) -> list[State]:
    used = {mark.state for row in report.graded for mark in row.marks}
    return [state for state in State if state in used]

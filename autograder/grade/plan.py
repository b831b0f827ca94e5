"""Which of nbgrader's steps are ours to take: those whose effect is known and plain.

nbgrader spends most of a second on each submission, in steps of which most only read its database
or undo what the judge does again. Where `nbgrader_config.py` names just the steps that are known
here, the workers take the pure ones and the coordinator records the rest in one transaction, see
`book`. With any other step, hook or setting nbgrader's own `Autograde` takes each submission.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbconvert.writers import FilesWriter
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
)
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.nbgrader_hooks import (
    Judge,
    Restore,
    SaveMarks,
    SubmissionExporter,
    before_submission,
)
from autograder.paths import Course, CourseError

# The judge restores the submission once more, and with that undoes whatever these would change.
SANITIZING = (ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata)
# These change the judged notebook and ask nothing but the notebook: a worker runs them.
PURE = (IgnorePattern, LimitOutput)
# These have nothing to look at: the metadata is the release's, which `load_lesson` has looked at.
NEEDLESS = (CheckCellMetadata,)
# These read and write the gradebook, as `book` does.
RECORDING = (SaveMarks, AssignLatePenalties)
OTHERS = (SubmissionExporter, FilesWriter, LateSubmissionPlugin, *RECORDING)
KNOWN_SETTINGS = {
    ("SubmissionExporter", "largest"),
    ("LateSubmissionPlugin", "penalty_method"),
    ("AssignLatePenalties", "plugin_class"),
}
WRITABLE = 644  # as nbgrader leaves feedback
KNOWN_PLACES = {"assignment_id", "course_id", "db_url", "ignore", "release_directory", "root"}


@dataclass(frozen=True)
class Plan:
    """How the steps are taken; `unknown` is empty, or says why nbgrader itself must take them.

    `steps` is for the workers: the pure steps with their settings, or None.
    """

    unknown: str = ""
    steps: dict[str, Any] | None = None
    penalties: bool = False
    permissions: int = 0o444
    ignore: tuple[str, ...] = ()
    keep: tuple[str, ...] = field(default=())

    @property
    def fast(self) -> bool:
        return not self.unknown


def make_plan(config: Config, coursedir: CourseDirectory, course: Course) -> Plan:
    """The plan for a course's settings.

    Raises `CourseError` when `Judge` is not among the steps.
    """
    autograde = Autograde(coursedir=coursedir, config=config)
    sanitizing = _classes(autograde.sanitize_preprocessors)
    grading = _classes(autograde.autograde_preprocessors)
    if Judge not in grading:
        raise CourseError(
            "nbgrader_config.py does not name autograder.nbgrader_hooks.Judge in "
            "c.Autograde.autograde_preprocessors. Put it back where nbgrader's Execute stands."
        )
    reason = next(_strange(autograde, sanitizing, grading, config, course), "")
    if reason:
        return Plan(unknown=reason)
    return Plan(
        steps=_steps(grading, config),
        penalties=AssignLatePenalties in grading,
        permissions=int(str(autograde.permissions), 8),
        ignore=tuple(coursedir.ignore),
        keep=tuple(autograde.exclude_overwriting.get(coursedir.assignment_id, ())),
    )


def plain_pages(config: Config, coursedir: CourseDirectory) -> bool:
    """Whether feedback pages are made in a way that `pages` knows."""
    converter = GenerateFeedback(coursedir=coursedir, config=config)
    if converter.exporter_class is not HTMLExporter or converter.pre_convert_hook is not None:
        return False
    if converter.post_convert_hook is not None or converter.permissions != WRITABLE:
        return False
    if _classes(converter.preprocessors) != [GetGrades, CSSHTMLHeaderPreprocessor]:
        return False
    kinds = (HTMLExporter, FilesWriter, GetGrades, CSSHTMLHeaderPreprocessor)
    sections = {base.__name__ for kind in kinds for base in kind.__mro__}
    own = {(section, key) for section in sections for key in config.get(section, {})}
    return own <= {("HTMLExporter", "filters")}


def is_judge(step: Any) -> bool:
    """Whether a step, a class or its name, is the course's `Judge`."""
    return _class(step) is Judge


def _class(step: Any) -> Any:
    return import_item(step) if isinstance(step, str) else step


def _classes(steps: Sequence[Any]) -> list[Any]:
    return [_class(step) for step in steps]


def _strange(
    autograde: Autograde, sanitizing: list, grading: list, config: Config, course: Course
) -> Iterator[str]:
    """What in the settings is not known here, a short phrase each."""
    if sanitizing[:1] != [Restore]:
        yield "Restore is not the first of c.Autograde.sanitize_preprocessors"
    yield from (f"the step {_name(s)}" for s in sanitizing[1:] if s not in SANITIZING)
    known = (Judge, *PURE, *RECORDING, *NEEDLESS)
    yield from (f"the step {_name(step)}" for step in grading if step not in known)
    order = [known.index(step) for step in grading]
    if SaveMarks not in grading or order != sorted(order) or len(set(order)) < len(order):
        yield "the order of c.Autograde.autograde_preprocessors"
    if autograde.exporter_class is not SubmissionExporter:
        yield f"the exporter {_name(autograde.exporter_class)}"
    if autograde.pre_convert_hook not in (None, before_submission):
        yield "c.Autograde.pre_convert_hook"
    if autograde.post_convert_hook is not None:
        yield "c.Autograde.post_convert_hook"
    if not autograde.create_student:
        yield "c.Autograde.create_student"
    if AssignLatePenalties(config=config).plugin_class is not LateSubmissionPlugin:
        yield "c.AssignLatePenalties.plugin_class"
    yield from (f"c.CourseDirectory.{key}" for key in _other(config, "CourseDirectory"))
    if Path(autograde.coursedir.root) != course.classroom:
        yield "c.CourseDirectory.root"
    for section in dict.fromkeys(base.__name__ for kind in OTHERS for base in kind.__mro__):
        for key in config.get(section, {}):
            if (section, key) not in KNOWN_SETTINGS:
                yield f"c.{section}.{key}"
    try:
        json.dumps(_sections(config))
    except TypeError:
        yield f"the settings of {' or '.join(map(_name, PURE))}"


def _other(config: Config, section: str) -> list[str]:
    return [key for key in config.get(section, {}) if key not in KNOWN_PLACES]


def _steps(grading: list, config: Config) -> dict[str, Any]:
    names = [_name(step) for step in grading if step in PURE]
    return {"names": names, "config": _sections(config)}


def _sections(config: Config) -> dict[str, dict[str, Any]]:
    """The settings of the pure steps, also those that they inherit."""
    names = {base.__name__ for kind in PURE for base in kind.__mro__}
    return {name: dict(config[name]) for name in sorted(names) if name in config}


def _name(kind: Any) -> str:
    return str(getattr(kind, "__name__", kind))

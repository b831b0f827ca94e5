"""Which settings of nbgrader `course grade` knows, and takes the steps for by itself."""

from __future__ import annotations

import pytest

from autograder.grade.plan import plain_pages
from autograder.grade.settings import Settings, job_settings
from autograder.paths import CourseError
from tests.engine.conftest import LESSON, configure

AUTOGRADE = "c.Autograde.autograde_preprocessors"


def plan(course):
    return Settings(course, LESSON).plan


def test_the_courses_own_settings_are_known(course):
    """What the repository ships is the quick way, with every pure step in the workers."""
    found = plan(course)
    assert found.fast
    assert found.steps == {
        "names": ["IgnorePattern", "LimitOutput"],
        "config": {},
    }
    assert found.penalties


def test_known_settings_travel_to_the_workers(course):
    """A setting of a pure step is handed over as plain data, and so are the judge's."""
    configure(course, "c.LimitOutput.max_lines = 7\nc.Judge.cell_seconds = 3")
    told = job_settings(Settings(course, LESSON, require=["none"]))
    assert told["steps"]["config"] == {"LimitOutput": {"max_lines": 7}}
    assert told["limits"]["cell"] == 3
    assert told["require"] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{AUTOGRADE}.insert(1, 'nbgrader.preprocessors.Execute')", "the step Execute"),
        (f"{AUTOGRADE}.reverse()", "the order of c.Autograde.autograde_preprocessors"),
        ("c.Autograde.sanitize_preprocessors = []", "Restore is not the first"),
        ("c.Autograde.post_convert_hook = 'os.path.join'", "c.Autograde.post_convert_hook"),
        ("c.Autograde.pre_convert_hook = 'os.path.join'", "c.Autograde.pre_convert_hook"),
        ("c.Autograde.create_student = False", "c.Autograde.create_student"),
        ("c.CourseDirectory.groupshared = True", "c.CourseDirectory.groupshared"),
        ("c.NotebookExporter.nbformat_version = 3", "c.NotebookExporter.nbformat_version"),
        ("c.FilesWriter.relpath = 'x'", "c.FilesWriter.relpath"),
        ("c.SaveMarks.enabled = False", "c.SaveMarks.enabled"),
        (
            "c.AssignLatePenalties.plugin_class = 'nbgrader.plugins.base.BasePlugin'",
            "c.AssignLatePenalties.plugin_class",
        ),
    ],
)
def test_what_is_not_known_is_left_to_nbgrader(course, line, said):
    """Any other step, hook or setting is named, and nbgrader takes the steps."""
    configure(course, line)
    found = plan(course)
    assert not found.fast
    assert found.steps is None
    assert said in found.unknown


def test_without_the_judge_nothing_is_graded(course):
    """A configuration that lost `Judge` is refused with the place to put it back."""
    configure(course, f"del {AUTOGRADE}[0]")
    with pytest.raises(CourseError, match=r"does not name autograder\.nbgrader_hooks\.Judge"):
        plan(course)


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("", True),
        ("c.HTMLExporter.template_name = 'lab'", False),
        ("c.GenerateFeedback.permissions = 600", False),
        ("c.GenerateFeedback.post_convert_hook = 'os.path.join'", False),
        ("c.HTMLExporter.exclude_input = True", False),
    ],
)
def test_pages_made_otherwise_are_left_to_nbgrader(course, line, known):
    """Another template, exporter or right of the files is nbgrader's own to follow."""
    configure(course, line)
    settings = Settings(course, LESSON)
    assert plain_pages(settings.config, settings.coursedir("*")) is known

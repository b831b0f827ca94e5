"""nbgrader's settings for this course; every nbgrader command run in this folder reads them.

Nothing here is needed by a student.
"""

import os
import sys
import sysconfig
from pathlib import Path

c = get_config()  # noqa: F821 (nbgrader provides it)
ROOT = Path(__file__).resolve().parent

# nbgrader calls `alembic`; where the environment is not activated it stands beside this Python.
if (scripts := sysconfig.get_path("scripts")) not in os.environ.get("PATH", "").split(os.pathsep):
    os.environ["PATH"] = os.pathsep.join(filter(None, [scripts, os.environ.get("PATH")]))

# The hooks are imported by name, also where the course is not installed.
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

# A real class lives in classroom/, which git ignores: source, submitted, autograded, feedback,
# gradebook.db. What students get is released beside it, into lessons/.
c.CourseDirectory.course_id = "convolution"
c.CourseDirectory.root = str(ROOT / "classroom")
c.CourseDirectory.release_directory = str(ROOT / "lessons")

# Grading: a submission is rebuilt from the release, the judge runs it in place of nbgrader's
# `Execute`, and its points are stored. All other steps are nbgrader's own.
HOOKS = "autograder.nbgrader_hooks"
c.Autograde.pre_convert_hook = f"{HOOKS}.before_submission"
c.Autograde.exporter_class = f"{HOOKS}.SubmissionExporter"
c.Autograde.sanitize_preprocessors = [
    f"{HOOKS}.Restore",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    f"{HOOKS}.Judge",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    f"{HOOKS}.SaveMarks",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Time limits of a submission, in seconds; see `Judge` for all of them.
# c.Judge.cell_seconds = 20
# c.Judge.call_seconds = 10
# c.Judge.trained_seconds = 30
# c.Judge.notebook_seconds = 120

# Nothing is graded where this machine cannot hold these protections; see `course doctor`.
# c.Judge.require = ["files", "network"]

# The gradebook is SQLite in classroom/, or a PostgreSQL database (with `psycopg` installed).
# c.CourseDirectory.db_url = "postgresql://user@host/course"

# A student's cells are shown to the teacher: nothing in them may act, or hold up the page.
c.HTMLExporter.filters = {
    "highlight_code": f"{HOOKS}.safe_code",
    "markdown2html": f"{HOOKS}.safe_markdown",
}

# Where nbgrader or JupyterLab start a kernel themselves (`nbgrader validate`, a notebook that is
# opened in this folder), it can be forked into the sandbox, too; `Judge` needs no such kernel.
# c.KernelProvisionerFactory.default_provisioner_name = "course-provisioner"

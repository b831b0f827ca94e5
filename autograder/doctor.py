"""`course doctor`: what this machine has for the course, what it lacks, and what to do about it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from autograder.paths import Course, CourseError
from autograder.sandbox import DEFAULT_REQUIRED, MEANING, probe
from autograder.sandbox import remedy as sandbox_remedy

SET_UP = "Run `make setup`."
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report; a missing thing comes with its remedy."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    required: bool = True

    def __str__(self) -> str:
        if self.ok:
            return f"[ok]      {self.name}: {self.detail}"
        optional = "" if self.required else " (optional)"
        return f"[missing] {self.name}{optional}: {self.detail} {self.remedy}".rstrip()


def doctor(start: Path | None = None, say: Callable[[str], None] = print) -> int:
    """Say what is there and what is missing; 1 when something required is missing, else 0.

    `start` is a folder of the course (default: the working folder).
    """
    findings = list(examine(start))
    for finding in findings:
        say(str(finding))
    missing = [finding.name for finding in findings if finding.required and not finding.ok]
    if missing:
        say(f"Missing: {', '.join(missing)}.")
        return 1
    say("Everything that the course needs is here.")
    return 0


def examine(start: Path | None = None) -> Iterator[Finding]:
    """Look at everything, one finding at a time; imports torch and Jupyter."""
    yield _python()
    yield _torch()
    yield _package("nbgrader")
    yield _package("jupyterlab", "JupyterLab")
    yield _lab_extension("@jupyter/nbgrader", "nbgrader in JupyterLab")
    yield _server_extensions()
    yield _lab_extension("@jupyter-widgets/jupyterlab-manager", "ipywidgets in JupyterLab")
    yield _alembic()
    yield _classroom(start)
    yield _chromium()
    yield from _protections()


def find_browser() -> str | None:
    """The path of an installed Chromium or Chrome, for the browser tests."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _python() -> Finding:
    found = ".".join(map(str, sys.version_info[:3]))
    remedy = "Install Python 3.11 or newer, then run `make clean setup`."
    return Finding("Python", sys.version_info >= (3, 11), f"{found} at {sys.executable}", remedy)


def _torch() -> Finding:
    try:
        from utils.device import device_report

        report = device_report()
    except (ImportError, OSError) as error:
        return Finding("torch", False, f"it cannot be imported ({error}).", SET_UP)
    pinned = _pinned_torch()
    ok = pinned is None or version("torch").split("+")[0] == pinned
    return Finding("torch", ok, report, f"The course is tested with torch {pinned}. {SET_UP}")


def _pinned_torch() -> str | None:
    """The version of torch that the installed course asks for."""
    try:
        wanted = requires("convolution-course") or []
    except PackageNotFoundError:
        return None
    pins = (line.split("==")[1] for line in wanted if line.startswith("torch=="))
    return next(pins, None)


def _package(package: str, name: str | None = None) -> Finding:
    try:
        return Finding(name or package, True, version(package))
    except PackageNotFoundError:
        return Finding(name or package, False, "not installed.", SET_UP)


def _lab_extension(extension: str, name: str) -> Finding:
    try:
        from jupyter_core.paths import jupyter_path
        from jupyterlab_server.config import get_page_config
    except ImportError:
        return Finding(name, False, "JupyterLab is not installed.", SET_UP)
    config = get_page_config(jupyter_path("labextensions"))
    installed = {found["name"] for found in config.get("federated_extensions", [])}
    # An entry `name:plugin` switches off a part of an extension; any such part is missed.
    disabled = {str(entry).split(":")[0] for entry in config.get("disabledExtensions", [])}
    if extension not in installed:
        return Finding(name, False, f"{extension} is not installed.", SET_UP)
    remedy = f"Run `jupyter labextension enable {extension}`."
    detail = "disabled." if extension in disabled else f"{extension} is enabled"
    return Finding(name, extension not in disabled, detail, remedy)


def _server_extensions() -> Finding:
    """nbgrader's server side: formgrader, validation, assignment list and course list."""
    name = "nbgrader's server extensions"
    enabled = _enabled_server_extensions()
    wanted = ("formgrader", "validate_assignment", "assignment_list", "course_list")
    missing = [part for part in wanted if not enabled.get(f"nbgrader.server_extensions.{part}")]
    remedy = "Run `jupyter server extension enable --sys-prefix --py nbgrader`."
    if missing:
        return Finding(name, False, f"{', '.join(missing)} not enabled.", remedy)
    return Finding(name, True, f"{', '.join(wanted)} enabled")


def _enabled_server_extensions() -> dict[str, bool]:
    """Jupyter's switches, the user's own over the environment's over the system's."""
    try:
        from jupyter_core.paths import jupyter_config_path
    except ImportError:
        return {}
    enabled: dict[str, bool] = {}
    for folder in map(Path, reversed(jupyter_config_path())):
        files = sorted(folder.glob("jupyter_server_config.d/*.json"))
        for file in (*files, folder / "jupyter_server_config.json"):
            try:
                settings = json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            enabled.update(settings.get("ServerApp", {}).get("jpserver_extensions", {}))
    return enabled


def _alembic() -> Finding:
    """nbgrader calls alembic by name; `course` puts its own folder of tools on PATH."""
    tools = str(Path(sys.executable).parent)
    path = os.pathsep.join((tools, os.environ.get("PATH", "")))
    found = shutil.which("alembic", path=path)
    return Finding("alembic", found is not None, found or "not beside Python.", SET_UP)


def _classroom(start: Path | None) -> Finding:
    try:
        course = Course.find(start)
    except CourseError as error:
        return Finding("classroom/", False, str(error))
    folder = course.classroom if course.classroom.is_dir() else course.root
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("classroom/", True, "a class can be written here")
    except OSError as error:
        remedy = "Give yourself write access to it."
        return Finding(
            "classroom/", False, f"{folder} cannot be written ({error.strerror}).", remedy
        )


def _chromium() -> Finding:
    found = find_browser()
    remedy = "The browser tests are skipped without it. On Debian: `apt-get install chromium`."
    return Finding("Chromium", found is not None, found or "not found.", remedy, required=False)


def _protections() -> Iterator[Finding]:
    """What holds for graded code on this machine, tried out in a process that is thrown away."""
    try:
        held, trouble = probe(), ""
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        held, trouble = (), f" (it could not be tried out: {error})"
    for name, meaning in MEANING.items():
        remedy = sandbox_remedy(name)
        if name in DEFAULT_REQUIRED:
            remedy += " Until then, `course grade` refuses to grade unless told `--require none`."
        detail = meaning if name in held else f"not held here{trouble}."
        yield Finding(f"sandbox: {name}", name in held, detail, remedy, required=False)

"""`course doctor` sees what is there, and says what to do about what is not."""

import os
import re
import shutil
from pathlib import Path

import pytest

from autograder import doctor
from autograder.doctor import Finding, examine
from autograder.doctor import doctor as run_doctor
from autograder.sandbox import MEANING, PROTECTIONS, probe

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def findings() -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(ROOT)}


def test_looks_at_everything(findings):
    """The report has a line for each thing that a user may lack."""
    assert list(findings) == [
        "Python",
        "torch",
        "nbgrader",
        "JupyterLab",
        "nbgrader in JupyterLab",
        "nbgrader's server extensions",
        "ipywidgets in JupyterLab",
        "alembic",
        "classroom/",
        "Chromium",
        *(f"sandbox: {name}" for name in PROTECTIONS),
    ]


def test_nothing_required_is_missing_where_tests_run(findings):
    """The environment that `make setup` makes is complete."""
    missing = [str(item) for item in findings.values() if item.required and not item.ok]
    assert missing == []


def test_says_which_device_torch_has(findings):
    """The line on torch has its version and its device."""
    assert re.search(r"torch \d+\.\d+", findings["torch"].detail)
    assert re.search(r"CPU|cuda", findings["torch"].detail)


def test_says_what_holds_for_graded_code(findings):
    """Each protection has a line; what holds says what it keeps away."""
    for name in PROTECTIONS:
        finding = findings[f"sandbox: {name}"]
        assert not finding.required
        assert finding.ok == (name in probe())
        assert MEANING[name] in finding.detail or not finding.ok


def test_a_missing_protection_comes_with_its_remedy(monkeypatch):
    """What does not hold says what to do, and whether grading is refused until then."""
    monkeypatch.setattr(doctor, "probe", lambda: ("memory",))
    monkeypatch.setattr(doctor, "sandbox_remedy", lambda name: f"Mend {name}.")
    found = {finding.name: str(finding) for finding in doctor._protections()}
    assert found["sandbox: memory"].startswith("[ok]")
    assert "Mend files. Until then, `course grade` refuses" in found["sandbox: files"]
    assert found["sandbox: scratch size"].endswith("Mend scratch size.")


def test_a_probe_that_fails_is_a_missing_protection(monkeypatch):
    """Where the sandbox cannot even be tried, the report says why, and goes on."""

    def fail():
        raise OSError("no more processes")

    monkeypatch.setattr(doctor, "probe", fail)
    assert all("no more processes" in str(finding) for finding in doctor._protections())


def test_complete_machine_is_exit_code_0():
    """Without a gap the last line says so."""
    lines = []
    assert run_doctor(ROOT, lines.append) == 0
    assert lines[-1].startswith("Everything")
    assert all(line.startswith(("[ok]", "[missing]")) for line in lines[:-1])


def test_required_gap_is_exit_code_1(monkeypatch):
    """A required thing that is missing is named again at the end."""
    gap = Finding("nbgrader", False, "not installed.", "Run `make setup`.")
    monkeypatch.setattr(doctor, "examine", lambda start: iter([gap]))
    lines = []
    assert run_doctor(ROOT, lines.append) == 1
    assert lines == [
        "[missing] nbgrader: not installed. Run `make setup`.",
        "Missing: nbgrader.",
    ]


def test_optional_gap_is_exit_code_0(monkeypatch):
    """A missing Chromium costs the browser tests, not the course."""
    monkeypatch.setattr(doctor, "find_browser", lambda: None)
    gap = doctor._chromium()
    assert str(gap).startswith("[missing] Chromium (optional): not found.")
    assert "apt-get install chromium" in str(gap)
    monkeypatch.setattr(doctor, "examine", lambda start: iter([gap]))
    assert run_doctor(ROOT, lambda line: None) == 0


def test_missing_package():
    """A package that is not installed comes with the command that installs it."""
    assert "make setup" in str(doctor._package("no-such-package"))


def test_old_python_and_other_torch(monkeypatch):
    """Versions that the course does not run with are missing things."""
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 4))
    assert not doctor._python().ok
    monkeypatch.setattr(doctor, "_pinned_torch", lambda: "1.0.0")
    assert "tested with torch 1.0.0" in str(doctor._torch())


def test_lab_extension_missing_or_disabled(monkeypatch):
    """An extension must be installed, and no part of it switched off."""
    assert "not installed" in doctor._lab_extension("@nobody/nothing", "nothing").detail
    page = {
        "federated_extensions": [{"name": "@jupyter/nbgrader"}],
        "disabledExtensions": ["@jupyter/nbgrader:formgrader"],
    }
    monkeypatch.setattr("jupyterlab_server.config.get_page_config", lambda path: page)
    found = doctor._lab_extension("@jupyter/nbgrader", "nbgrader in JupyterLab")
    assert "jupyter labextension enable @jupyter/nbgrader" in str(found)


def test_server_extension_switched_off_by_the_user(monkeypatch, tmp_path):
    """The user's own settings win over the environment's."""
    folder = tmp_path / "jupyter_server_config.d"
    folder.mkdir()
    switch = (
        '{"ServerApp": {"jpserver_extensions": {"nbgrader.server_extensions.formgrader": false}}}'
    )
    (folder / "mine.json").write_text(switch)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    found = doctor._server_extensions()
    assert "formgrader not enabled" in found.detail
    assert "jupyter server extension enable" in found.remedy


def test_alembic_is_found_without_an_activated_environment(monkeypatch):
    """Python's own folder of tools counts, as `course` puts it on PATH."""
    monkeypatch.setenv("PATH", os.defpath)
    assert doctor._alembic().ok


def test_outside_a_course(tmp_path):
    """Elsewhere the doctor says where to go, and still looks at the rest."""
    found = doctor._classroom(tmp_path)
    assert not found.ok
    assert "lessons/" in str(found)


def test_classroom_that_cannot_be_written(monkeypatch, tmp_path):
    """A folder without write access is a missing thing."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "nbgrader_config.py").touch()
    assert doctor._classroom(tmp_path).ok

    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    assert "Permission denied" in str(doctor._classroom(tmp_path))


def test_finds_the_browser_under_any_of_its_names(monkeypatch):
    """Debian says chromium, Ubuntu chromium-browser, others google-chrome."""
    monkeypatch.setattr(
        shutil, "which", lambda name: "/usr/bin/x" if name == "chromium-browser" else None
    )
    assert doctor.find_browser() == "/usr/bin/x"

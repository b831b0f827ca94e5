"""The probe says what really holds, changes nothing, and every gap comes with its remedy."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.intake import GraderFault
from autograder.judge import kernels
from autograder.judge.kernels import NotProtected, start_kernel
from autograder.kernel import Status, WarmParent
from autograder.sandbox import (
    DEFAULT_REQUIRED,
    MECHANISMS,
    PROTECTIONS,
    missing,
    probe,
    remedy,
    system,
    view,
)
from autograder.sandbox.names import user_namespaces_remedy
from autograder.sandbox.view import usual_view

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lesson(tmp_path):
    """A folder such as a released lesson."""
    folder = tmp_path / "course" / "lessons" / "01_made_up"
    folder.mkdir(parents=True)
    (folder / "checks.py").write_text("expected = 42")
    return folder


def test_the_probe_changes_nothing_here():
    """Asking leaves this process with its rights, its view and its namespaces."""

    def state():
        lines = Path("/proc/self/status").read_text().splitlines()
        kinds = ("user", "mnt", "pid", "net")
        return [
            *(
                line
                for line in lines
                if line.startswith(("NoNewPrivs", "Seccomp", "CapEff", "Uid"))
            ),
            *(os.readlink(f"/proc/self/ns/{kind}") for kind in kinds),
        ]

    before = state()
    probe.cache_clear()
    assert set(probe()) <= set(PROTECTIONS)
    assert state() == before


def test_less_is_held_with_less():
    """Each mechanism that is left out takes away what it alone gives, and nothing is made up."""
    everything = set(probe())
    bare = set(probe(("namespaces",)))
    assert bare <= everything
    assert "scratch size" not in bare
    assert "system calls" not in probe(("seccomp",))
    nothing = set(probe(MECHANISMS))
    assert not {"files", "network", "processes", "system calls"} & nothing


def test_a_kernel_has_what_the_probe_says(kernel, bare):
    """What a kernel reports before its first cell is what the probe found."""
    assert kernel.protections == probe()
    assert bare.protections == probe(("namespaces",))


AS_SOMEONE = """
set -e
prefix=$1 home=$2; shift 2
mkdir -p $home/python; mount --bind $prefix $home/python
case $prefix in /root/*) mount -t tmpfs tmpfs /root -o mode=755; mkdir -p $prefix;; esac
mount --bind $home/python $prefix
chown 4321:4321 $home; export HOME=$home TMPDIR=$home
exec setpriv --reuid=4321 --regid=4321 --clear-groups "$@"
"""


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root")
def test_an_ordinary_user_has_it_all_too(tmp_path):
    """Nothing of it needs root: a user with a number of their own has the same protections."""
    if set(probe()) != set(PROTECTIONS):
        pytest.skip("this machine does not hold everything, for root either")
    script = (
        "from autograder.kernel import WarmParent\n"
        "with WarmParent() as parent, parent.kernel() as kernel:\n"
        "    print(*kernel.protections, sep=',')\n"
        "    print(kernel.run_cell('import os; os.path.exists(\"/tmp/x\")', 10).status)\n"
    )
    program = [sys.executable, "-c", script]
    home = Path("/var/tmp") / f"course-{os.getpid()}"
    home.mkdir(mode=0o755)
    try:
        run = subprocess.run(
            ["unshare", "-m", "bash", "-c", AS_SOMEONE, "-", sys.base_prefix, str(home), *program],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
        )
    finally:
        shutil.rmtree(home)
    assert run.stdout.splitlines() == [",".join(PROTECTIONS), "ok"], run.stderr


def test_the_course_s_code_may_lie_in_a_folder_that_a_room_covers(parent):
    """A clone in /tmp works as any other, and shows its code alone, which stays read-only."""
    clone = Path(tempfile.mkdtemp(prefix="course-clone-", dir="/tmp"))
    clone.chmod(0o755)
    script = (
        "from autograder.kernel import WarmParent\n"
        "source = f'import os, utils\\nsorted(os.listdir({str(ROOT)!r})), utils.__file__, '\n"
        "source += f'os.access(utils.__file__, os.W_OK)'\n"
        "with WarmParent() as parent, parent.kernel() as kernel:\n"
        "    print(kernel.run_cell(source, 10).outputs[-1]['data']['text/plain'])\n"
    )
    try:
        for package in ("autograder", "utils"):
            shutil.copytree(ROOT / package, clone / package)
        (clone / "solutions").mkdir()
        run = subprocess.run(
            [sys.executable, "-c", f"ROOT = {str(clone)!r}\n{script}"],
            capture_output=True,
            text=True,
            timeout=120,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(clone)},
        )
    finally:
        shutil.rmtree(clone)
    file = str(clone / "utils" / "__init__.py")
    assert run.returncode == 0, run.stderr
    assert ast.literal_eval(run.stdout) == (["autograder", "utils"], file, False)


def test_required_protections_are_held_or_named():
    """The missing ones come in the order in which they were asked for."""
    assert missing(("network", "files"), ("cpu time",)) == ["network", "files"]
    assert missing(DEFAULT_REQUIRED, PROTECTIONS) == []
    with pytest.raises(ValueError, match="no protection 'firewall'"):
        missing(("firewall",), ())


def test_every_gap_has_a_remedy():
    """A remedy is a sentence that says what to do."""
    for name in PROTECTIONS:
        assert remedy(name).endswith((".", "`."))


def test_the_remedy_fits_what_forbids_namespaces(tmp_path):
    """A switch that is off is named, a container is told how to start, an old system to move."""

    def forbidden_by(**files):
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        (root / "proc/sys").mkdir(parents=True)
        for name, text in files.items():
            path = root / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return user_namespaces_remedy(root)

    debian = forbidden_by(proc__sys__kernel__unprivileged_userns_clone="0\n")
    assert "sysctl -w kernel.unprivileged_userns_clone=1" in debian
    ubuntu = forbidden_by(proc__sys__kernel__apparmor_restrict_unprivileged_userns="1\n")
    assert "kernel.apparmor_restrict_unprivileged_userns=0" in ubuntu
    assert "user.max_user_namespaces=" in forbidden_by(proc__sys__user__max_user_namespaces="0\n")
    assert "docker run --security-opt" in forbidden_by(**{"run__.containerenv": ""})
    assert "Linux 5.13" in forbidden_by()
    assert "Grade on Linux" in user_namespaces_remedy(tmp_path / "nowhere")


@pytest.fixture
def without_namespaces(monkeypatch):
    """The judge's warm parent as on a machine that can hold next to nothing."""
    with WarmParent(without=MECHANISMS) as parent:
        monkeypatch.setattr(kernels, "shared_parent", lambda: parent)
        yield


def test_the_judge_refuses_a_machine_that_protects_too_little(without_namespaces, lesson):
    """By default nobody is graded without file and network isolation; the fault says what to do."""
    with pytest.raises(NotProtected) as refusal:
        start_kernel(lesson)
    assert isinstance(refusal.value, GraderFault)
    told = str(refusal.value)
    assert "files: " in told
    assert "network: " in told
    assert "--require none" in told


def test_the_judge_grades_where_less_is_required(without_namespaces, lesson):
    """Who asks for nothing gets a kernel, which says what little holds."""
    with start_kernel(lesson, require=()) as kernel:
        assert kernel.protections == probe(MECHANISMS)
        assert kernel.run_cell("1", 10).status is Status.OK


def test_a_course_among_the_programs_is_refused(monkeypatch, lesson):
    """A course in a folder that graded code must see, such as /usr, would show its solutions."""
    seen = view.View((str(lesson.parents[1]),), ())
    monkeypatch.setattr(kernels, "usual_view", lambda code: seen)
    with pytest.raises(NotProtected, match="Move it elsewhere"):
        start_kernel(lesson)
    kernels.close()


def test_checks_and_hints_stay_with_the_judge(lesson):
    """A graded kernel holds no check; a student's own call of one says so and stops nothing."""
    for name in ("feedback.json", "quiz.yml", "helper.py"):
        (lesson / name).write_text("{}")
    with start_kernel(lesson) as kernel:
        listing = kernel.run_cell("import os\nsorted(os.listdir())", 10)
        shown = listing.outputs[-1]["data"]["text/plain"]
        assert shown == "['helper.py', 'quiz.yml']"
        source = "from utils.notebook import *\nstart('01_made_up')\ncheck('f')"
        for cell in (source, "hint('f')", "idea('f')"):
            result = kernel.run_cell(cell, 20)
            assert result.status is Status.OK
            assert "being graded" in result.outputs[-1]["data"]["text/markdown"]
    kernels.close()


def test_the_view_holds_no_folder_of_people(monkeypatch, tmp_path):
    """Neither homes nor the course are on the list; what lies in a folder is not listed twice."""
    shown = usual_view(ROOT)
    for path in (ROOT, ROOT / "solutions", Path.home(), Path("/home"), Path("/etc"), Path("/")):
        assert not shown.shows(path), path
    assert shown.shows(ROOT / "utils" / "checks.py")
    assert shown.shows(Path(sys.executable).resolve())
    for path in shown.read:
        assert not any(path.startswith(f"{other}/") for other in shown.read if path != other)


def test_a_gpu_s_devices_are_shown(monkeypatch, tmp_path):
    """Where there is a GPU, its devices and the system's list of devices are in the view."""
    marks = (str(tmp_path / "nvidiactl"),)
    (tmp_path / "nvidiactl").touch()
    (tmp_path / "nvidia0").touch()
    monkeypatch.setattr(view, "GPU_MARKS", marks)
    monkeypatch.setattr(view, "DEV", tmp_path)
    shown = usual_view(ROOT)
    assert {str(tmp_path / "nvidia0"), *marks} <= set(shown.devices)
    assert "/sys" in shown.read


def test_elsewhere_than_linux_only_limits_hold(monkeypatch):
    """On another system no mechanism is tried, and a shelter promises no more than it has."""
    from autograder.sandbox import shelter

    monkeypatch.setattr(system, "LINUX", False)
    made = shelter.take_shelter(usual_view(ROOT))
    assert not made.rooms
    assert not made.landlock
    assert not made.filter
    assert set(made.protections) <= {"cpu time", "identity"}

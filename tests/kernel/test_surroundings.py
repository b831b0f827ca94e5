"""What a student's process can see: its own folder, no secrets, nothing of another's."""

from __future__ import annotations

import ast
import os

import pytest
import torch

from autograder.kernel import Status
from autograder.kernel.warm import clean_environment
from autograder.kernel.warmup import CELLS, CPU_CELL


def answer(kernel, source):
    """The value of a cell's last expression."""
    result = kernel.run_cell(source, 20)
    return ast.literal_eval(result.outputs[-1]["data"]["text/plain"])


def test_the_environment_holds_no_secret(monkeypatch):
    """Only what is on the list is passed on."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    monkeypatch.setenv("LANG", "C.UTF-8")
    environment = clean_environment()
    assert "s3cret" not in environment.values()
    assert environment["LANG"] == "C.UTF-8"
    assert environment["OMP_NUM_THREADS"] == "1"


def test_a_kernel_holds_no_part_of_the_judge(kernel):
    """Neither the judge nor the build are loaded in the student's process."""
    names = answer(kernel, "import sys\n[n for n in sys.modules if n.startswith('autograder.')]")
    assert "autograder.kernel.agent" in names
    own = ("autograder.kernel", "autograder.sandbox", "autograder.wire", "autograder.warm_parent")
    assert not [name for name in names if not name.startswith(own)]


def test_the_warm_parent_has_one_thread(parent):
    """A second thread would leave locks taken in every fork."""
    assert len(os.listdir(f"/proc/{parent.pid}/task")) == 1


def test_the_warm_up_runs_what_it_means_to_run(kernel):
    """Its cells still work; only those about tracebacks end with their error."""
    results = [kernel.run_cell(source, 30) for source in (*CELLS, CPU_CELL)]
    errors = [r.outputs[-1]["ename"] for r in results if r.status is not Status.OK]
    assert errors == ["RuntimeError", "RuntimeError", "NotImplementedError"]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
def test_a_kernel_can_use_the_gpu(kernel):
    """The warm parent has not touched CUDA, so that its forks can."""
    assert answer(kernel, "import torch\ntorch.ones(2, device='cuda').sum().item()") == 2.0


def test_a_kernel_has_four_files_open(kernel):
    """Nothing of the warm parent's or the guardian's files is open in the student's process."""
    files = answer(
        kernel,
        "import os\nfiles = {}\nfor n in os.listdir('/proc/self/fd'):\n"
        "    try: files[int(n)] = os.readlink(f'/proc/self/fd/{n}')\n"
        "    except OSError: pass\nfiles",
    )
    assert [files.pop(n).split(":")[0] for n in range(4)] == ["/dev/null", "pipe", "pipe", "socket"]
    # The event loop of asyncio has three files of its own.
    assert sorted(kind.split(":")[0] for kind in files.values()) == [
        "anon_inode",
        "socket",
        "socket",
    ]


def test_each_kernel_has_a_home_and_a_working_folder_of_its_own(make):
    """Home, temporary files and working folder lie in the scratch folder, and differ."""
    one, two = make(), make()
    source = (
        "import os, tempfile, pathlib\n"
        "str(pathlib.Path.home()), tempfile.gettempdir(), os.getcwd(), os.environ['HOME']"
    )
    for kernel in (one, two):
        assert all(path.startswith(str(kernel.scratch)) for path in answer(kernel, source))
    one.run_cell("open('/tmp/mine', 'w').write('x'); open('/dev/shm/mine', 'w').write('x')", 10)
    assert answer(two, "os.listdir('/tmp'), os.listdir('/dev/shm')") == ([], [])
    one.run_cell("open('mine.txt', 'w').write('x')\nword = 'mine'\n%store word", 10)
    assert answer(two, "import os\nos.path.exists('mine.txt')") is False
    two.run_cell("%store -r word", 10)
    assert answer(two, "'word' in globals()") is False


def test_the_working_folder_is_a_copy_of_the_lesson(make, tmp_path):
    """A kernel starts among the lesson's files under the lesson's name, and cannot change them."""
    lesson = tmp_path / "01_convolution"
    (lesson / "images").mkdir(parents=True)
    (lesson / "helper.py").write_text("word = 'hello'")
    (lesson / "images" / "a.txt").write_text("picture")
    (lesson / "link").symlink_to("/etc/passwd")
    kernel = make(files=lesson)
    seen = answer(
        kernel,
        "import os, helper\nopen('helper.py', 'w').write('spoilt')\n"
        "helper.word, os.path.basename(os.getcwd()), sorted(os.listdir()), "
        "open('images/a.txt').read()",
    )
    assert seen[:2] == ("hello", "01_convolution")
    assert [name for name in seen[2] if name != "__pycache__"] == ["helper.py", "images"]
    assert seen[3] == "picture"
    assert (lesson / "helper.py").read_text() == "word = 'hello'"


def test_random_numbers_differ_without_a_seed_and_agree_with_one(make):
    """Two forks of one parent do not share their chance, unless they are asked to."""
    source = (
        "import random, numpy, torch\n"
        "random.random(), float(numpy.random.rand()), torch.rand(1).item()"
    )
    free = {answer(make(), source) for _ in range(2)}
    seeded = {answer(make(seed=7), source) for _ in range(2)}
    assert len(free) == 2
    assert len(seeded) == 1


def test_source_and_magics_of_a_notebook_work(kernel):
    """inspect.getsource finds a cell's function; magics, files and imports from the folder work."""
    kernel.run_cell("def f():\n    return 1", 10)
    assert answer(kernel, "import inspect\ninspect.getsource(f)") == "def f():\n    return 1\n"
    kernel.run_cell("%%writefile part.py\nvalue = 5", 10)
    assert answer(kernel, "import part\npart.value") == 5
    assert answer(kernel, "names = !ls\n'part.py' in names") is True


def test_files_may_be_left_out(make, tmp_path):
    """What a kernel has no need for does not come into its working folder."""
    lesson = tmp_path / "01_convolution"
    lesson.mkdir()
    for name in ("checks.py", "quiz.yml"):
        (lesson / name).write_text("text")
    kernel = make(files=lesson, leave_out=["checks.py"])
    assert answer(kernel, "import os\nos.listdir()") == ["quiz.yml"]

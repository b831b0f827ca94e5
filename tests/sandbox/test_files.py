"""What a student's process can read and write: its own folder, Python, and nothing of anybody's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = (
    *(ROOT / name for name in ("solutions", "lessons", "classroom", "tests", ".git", "README.md")),
    *(ROOT / "solutions" / "01_convolution" / name for name in ("hidden_checks.py", "lesson.py")),
    Path.home() / ".ssh",
    Path.home() / ".bashrc",
    *(Path("/etc") / name for name in ("shadow", "sudoers", "hostname", "machine-id", "ssh")),
    *map(Path, ("/var/log", "/run", "/mnt", "/sys/fs", "/dev/vda", "/dev/kmsg", "/dev/fuse")),
)
TRY_TO_OPEN = """
import os
def reads(path):
    try:
        return bool(os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(1))
    except OSError:
        return False
"""


def test_nothing_secret_is_there(kernel, value):
    """Solutions, hidden checks, the class, homes and the system's secrets do not exist inside."""
    paths = [str(path) for path in SECRETS]
    assert [path for path in paths if os.path.exists(path)]
    kernel.run_cell(TRY_TO_OPEN, 10)
    source = f"[path for path in {paths} if os.path.lexists(path) or reads(path)]"
    assert value(kernel.run_cell(source, 10)) == []


def test_nothing_secret_can_be_read_without_namespaces(bare, value):
    """Landlock lets nobody open them, though their names may be found."""
    paths = [str(path) for path in SECRETS]
    bare.run_cell(TRY_TO_OPEN, 10)
    assert value(bare.run_cell(f"[path for path in {paths} if reads(path)]", 10)) == []


def test_the_course_folder_shows_its_code_alone(kernel, value):
    """Where Python lives in the course's folder, that folder is empty but for Python and code."""
    shown = value(kernel.run_cell(f"import os\nsorted(os.listdir({str(ROOT)!r}))", 10))
    assert set(shown) <= {".venv", "autograder", "utils"}
    assert {"autograder", "utils"} <= set(shown)


PLACES = (
    *("/", "/etc", "/usr", "/usr/lib", "/home", "/dev", "/proc/sys/kernel", "/sys/devices/system"),
    *(str(ROOT), str(ROOT / "autograder"), str(ROOT / "utils"), os.path.dirname(os.__file__)),
)
TRY_TO_WRITE = """
import os, pathlib
written = []
for place in PLACES:
    path = os.path.join(place, 'graffiti')
    for attempt in (
        lambda: open(path, 'w'),
        lambda: os.mkdir(path),
        lambda: os.symlink('/', path),
        lambda: os.mkfifo(path),
    ):
        try:
            attempt()
            written.append(path)
        except OSError:
            pass
for path in FILES:
    for attempt in (lambda: open(path, 'a'), lambda: os.unlink(path), lambda: os.utime(path),
                    lambda: os.chmod(path, 0o777), lambda: os.truncate(path, 0)):
        try:
            attempt()
            written.append(path)
        except OSError:
            pass
written
"""


def test_nothing_outside_the_scratch_can_be_written(kernel, value):
    """System, Python and the course's code are read-only, down to times and modes."""
    files = [os.__file__, str(ROOT / "utils" / "checks.py"), "/etc/passwd", "/bin/sh"]
    source = f"PLACES = {PLACES}\nFILES = {files}\n{TRY_TO_WRITE}"
    assert value(kernel.run_cell(source, 10)) == []


def test_nothing_outside_the_scratch_can_be_written_without_namespaces(bare, value, tmp_path):
    """Landlock alone keeps a student's process out of every folder but its own."""
    places = [*PLACES, str(tmp_path), "/tmp", "/dev/shm", "/var/tmp"]
    victim = tmp_path / "victim"
    victim.write_text("whole")
    source = f"PLACES = {places}\nFILES = [{str(victim)!r}]\n{TRY_TO_WRITE}"
    assert value(bare.run_cell(source, 10)) == []
    assert victim.read_text() == "whole"


@pytest.mark.parametrize("way", ["..", "link", "/proc/self/root", "/proc/1/root", "/proc/2/cwd"])
def test_no_way_round_leads_out(kernel, value, way):
    """Neither dots nor links nor /proc's shortcuts show another disk than this one."""
    source = (
        "import os\nos.chdir(os.path.expanduser('~'))\nos.symlink('/', 'link')\n"
        f"base = {{'..': '../' * 50, 'link': 'link'}}.get({way!r}, {way!r})\n"
        f"os.path.exists(base + '/' + {str(ROOT / 'solutions')!r})"
    )
    assert value(kernel.run_cell(source, 10)) is False


def test_a_kernel_does_not_see_another(make, value):
    """Two kernels of one warm parent share no file, no shared memory, no process, no socket."""
    one, two = make(), make()
    one.run_cell(
        "import socket, os\n"
        "for place in ('.', '/tmp', '/dev/shm', os.path.expanduser('~')):\n"
        "    open(place + '/here', 'w').write('x')\n"
        "server = socket.socket(socket.AF_UNIX); server.bind('\\0here'); server.listen()\n"
        "path = socket.socket(socket.AF_UNIX); path.bind('/tmp/socket'); path.listen()",
        10,
    )
    look = (
        "import os, socket\n"
        "def connects(address):\n"
        "    try: socket.socket(socket.AF_UNIX).connect(address); return True\n"
        "    except OSError: return False\n"
        "[os.path.exists(place + '/here') for place in "
        "('.', '/tmp', '/dev/shm', os.path.expanduser('~'))], connects('\\0here'), "
        "connects('/tmp/socket'), len([p for p in os.listdir('/proc') if p.isdecimal()])"
    )
    assert value(two.run_cell(look, 10)) == ([False] * 4, False, False, 2)
    assert value(one.run_cell(look, 10)) == ([True] * 4, True, True, 2)


def test_another_kernel_s_scratch_is_locked_without_namespaces(make, value):
    """A student who knows the path of another's folder cannot read it or write to it."""
    one, two = make(bare=True), make(bare=True)
    one.run_cell("open('mine.txt', 'w').write('answer')", 10)
    path = f"{one.scratch}/work"
    two.run_cell(TRY_TO_OPEN, 10)
    assert value(two.run_cell(f"reads({path!r}), reads({path!r} + '/mine.txt')", 10)) == (
        False,
        False,
    )


def test_the_disk_is_full_before_the_machine_s_is(make, value, refused):
    """Files in home, /tmp and shared memory together stay below the size of the scratch folder."""
    kernel = make(scratch=16 * 2**20)
    fill = (
        "import errno\n"
        "def fill(place):\n"
        "    written = 0\n"
        "    try:\n"
        "        for number in range(100):\n"
        "            with open(f'{place}/{number}', 'wb', buffering=0) as file:\n"
        "                for _ in range(4): written += file.write(b'x' * 2**20)\n"
        "    except OSError as error:\n"
        "        return errno.errorcode[error.errno], written\n"
    )
    kernel.run_cell(fill, 10)
    (why, home), (_, temporary), (_, shared) = value(
        kernel.run_cell("fill('.'), fill('/tmp'), fill('/dev/shm')", 20)
    )
    assert why == "ENOSPC"
    assert home + temporary <= 16 * 2**20
    assert shared <= 16 * 2**20


def test_the_number_of_files_is_limited(kernel, value):
    """A million empty files do not fit."""
    source = (
        "made = 0\n"
        "try:\n"
        "    for made in range(10**6): open(f'f{made}', 'w').close()\n"
        "except OSError: pass\nmade"
    )
    assert 1000 < value(kernel.run_cell(source, 60)) < 50_000


def test_one_file_is_limited_without_namespaces(make, refused):
    """Where the scratch folder lies on the disk, no single file grows past the limit."""
    kernel = make(bare=True, scratch=4 * 2**20)
    assert refused(kernel.run_cell("open('f', 'wb').write(b'x' * 2**23)", 20)) == "OSError"


def test_a_device_cannot_be_made(kernel, refused):
    """Neither mknod nor a mount brings the machine's disk into view."""
    source = "import os, stat\nos.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0))"
    assert refused(kernel.run_cell(source, 10)) == "PermissionError"

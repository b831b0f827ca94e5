"""A PostgreSQL server of the tests' own, in a folder that goes with it."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from autograder.kernel import processes

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
START = 60.0  # seconds


def find_server() -> Path | str:
    """The folder of PostgreSQL's programs, or why there can be no server."""
    if find_spec("psycopg") is None:
        return "No driver for PostgreSQL: pip install 'psycopg[binary]'."
    folders = [path for place in PLACES for path in sorted(Path("/").glob(place[1:]))]
    on_path = shutil.which("initdb")
    folders += [Path(os.path.realpath(on_path)).parent] if on_path else []
    found = [folder for folder in folders if (folder / "initdb").exists()]
    return found[-1] if found else "No PostgreSQL server is installed (initdb was not found)."


class Server:
    """Runs until the end of a `with`; reached by a socket in its own folder alone."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._log = folder / "log"
        # Short, for a socket's path has a limit of about 100 characters, and open to its user.
        self._home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self._data = self._home / "data"
        self._numbers = itertools.count(1)
        # The server refuses to run as root.
        self._user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self._home, "nobody")

    def __enter__(self) -> Server:
        self._run("initdb", "-D", str(self._data), "-U", "course", "--auth=trust", "--no-sync")
        options = ["-k", str(self._home), "-c", "listen_addresses=", "-c", "fsync=off"]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdout=log,
                stderr=log,
                user=self._user if os.getuid() == 0 else None,
                group="nogroup" if os.getuid() == 0 else None,
                extra_groups=[] if os.getuid() == 0 else None,
                cwd=self._home,
                # Also when the tests are killed; SIGINT is the fast shutdown.
                preexec_fn=partial(processes.die_with_parent, signal.SIGINT),
            )
        until = time.monotonic() + START
        while not (self._home / ".s.PGSQL.5432").exists() or not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.__exit__()
                raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        shutil.rmtree(self._home, ignore_errors=True)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """A database, a copy of `template`; its address, as nbgrader's `db_url` takes it."""
        name = f"class{next(self._numbers)}"
        self._run("createdb", "-h", str(self._home), "-U", "course", "-T", template, name)
        yield f"postgresql://course@/{name}?host={self._home}"

    def _answers(self) -> bool:
        command = [self._programs / "pg_isready", "-h", self._home, "-q"]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        root = os.getuid() == 0
        done = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            text=True,
            user=self._user if root else None,
            group="nogroup" if root else None,
            extra_groups=[] if root else None,
            cwd=self._home,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")

"""Taking in a submission: what may be read at all, and what it says when it may not.

Whatever a student hands in, it becomes either a notebook of plain data or a `NotGradable`
whose sentence says what is wrong and how to mend it. Files are looked at with `lstat` and opened
without following links, so that a pipe cannot block and a link cannot lead elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import nbformat.reader
from nbformat import NotebookNode

MEGABYTE = 1_000_000
LARGEST = 50 * MEGABYTE
MOST_PARTS = 3_000_000  # lists, objects and items: each takes 10 to 200 bytes of memory
MOST_CELLS = 2_000
MOST_TEXT = 500_000  # characters in all cells, without outputs and pictures
# What nbgrader copies beside the notebook.
MOST_FILES = 1_000
MOST_BYTES = 200 * MEGABYTE
DEEPEST_FOLDER, LONGEST_PATH = 20, 1_000
NEWEST_FORMAT = 4
CELL_TYPES = ("code", "markdown", "raw")
CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TIMESTAMP = "timestamp.txt"


class NotGradable(Exception):
    """A submission that no grader could grade; the text is for the student and the teacher."""


class GraderFault(Exception):
    """Our own mistake, never the student's; the submission stays without a mark."""


@dataclass(frozen=True)
class SetAside:
    """An entry of a submission that was moved out of nbgrader's way, and why."""

    name: str
    reason: str


def submitted_notebook(folder: Path, notebook: str, largest: int = LARGEST) -> bytes:
    """The bytes of a lesson's notebook, named without its ending, in a submission's folder.

    Raises `NotGradable` when it is missing, renamed, empty, too large or not a regular file.
    Example: `submitted_notebook(Path("classroom/submitted/ada/01_convolution"), "01_convolution")`.
    """
    name = f"{notebook}.ipynb"
    if _kind(folder) != "a folder":
        raise NotGradable(f"Expected a folder {folder.name}, found {_kind(folder)}. Hand in again.")
    if not os.path.lexists(folder / name):
        raise NotGradable(missing(folder, name))
    return read_file(folder / name, largest)


def read_file(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a regular file of at most `largest` bytes; raises `NotGradable` otherwise."""
    kind = _kind(path)
    if kind != "a file":
        raise NotGradable(
            f"{path.name} is {kind}, not a file. Save the notebook itself under this name."
        )
    try:
        # Without O_NONBLOCK, opening a pipe that took the file's place would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise NotGradable(f"{path.name} cannot be read: {error.strerror}.") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotGradable(f"{path.name} is not a regular file.")
        data = file.read(largest + 1)
    if len(data) > largest:
        size = max(status.st_size, len(data)) / MEGABYTE
        raise NotGradable(
            f"{path.name} has {size:.0f} MB; {largest / MEGABYTE:g} MB is the most that is graded. "
            "Clear all outputs (Edit → Clear Outputs of All Cells), save, and hand in again."
        )
    return data


def parse(data: bytes, name: str = "The notebook") -> NotebookNode:
    """A notebook in the current format from its bytes, whatever else was in them.

    Older formats are upgraded; only cells of a known type are kept, and of their metadata and
    outputs nothing but what nbformat's schema allows.
    Raises `NotGradable` for an empty file, broken JSON, or JSON that is not a notebook.
    """
    if not data.strip():
        raise NotGradable(f"{name} is empty. Save the notebook again, and hand it in.")
    if sum(map(data.count, (b"[", b"{", b","))) > MOST_PARTS:
        raise NotGradable(
            f"{name} is made of more than {MOST_PARTS:,} parts, too many to be read. "
            "Clear all outputs (Edit → Clear Outputs of All Cells), save, and hand in again."
        )
    content = _json(data, name)
    version = content.get("nbformat") if isinstance(content, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise NotGradable(f"{name} is JSON, but not a notebook. Hand in the .ipynb file itself.")
    if version > NEWEST_FORMAT:
        raise NotGradable(
            f"{name} is in notebook format {version}; {NEWEST_FORMAT} is the newest that is known. "
            "Save it from JupyterLab."
        )
    try:
        _refuse_many(_count_cells(content), MOST_CELLS, "cells", name)
        notebook = _clean(content if version == NEWEST_FORMAT else _upgraded(content))
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise NotGradable(
            f"{name} is a damaged notebook ({reason}). "
            "Open it in JupyterLab; if it does not open, copy your answers into a fresh one."
        ) from None
    text = sum(len(cell.source) for cell in notebook.cells)
    _refuse_many(text, MOST_TEXT, "characters in its cells", name)
    return notebook


def _count_cells(content: dict[str, Any]) -> int:
    """How many cells there are, in the newest format or in the sheets of an older one."""
    sheets = [content, *content.get("worksheets", ())]
    return sum(len(sheet.get("cells", ())) for sheet in sheets)


def _refuse_many(count: int, most: int, what: str, name: str) -> None:
    """Raise `NotGradable` for what would take hours to read, to run or to show."""
    if count > most:
        raise NotGradable(
            f"{name} has {count:,} {what}; {most:,} is the most that is graded. Delete what is no "
            "answer, read data from a file instead of writing it into a cell, and hand in again."
        )


def set_aside(folder: Path, store: Path) -> list[SetAside]:
    """Move out of a submission what nbgrader must not copy: links, pipes, sockets, devices, bulk.

    nbgrader copies every file beside the notebook and follows links while it does so. An unreadable
    `timestamp.txt`, at which nbgrader would give up, goes too. All go to `store`; none is deleted.
    """
    moved = []
    for path, reason in list(_unwelcome(folder)):
        target = store / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        _move(path, _free(target))
        moved.append(SetAside(str(path.relative_to(folder)), reason))
    return moved


def _move(path: Path, target: Path) -> None:
    """Move a link or a special file; where it cannot go to another disk it is removed."""
    try:
        shutil.move(path, target)
    except shutil.SpecialFileError:
        path.unlink()


def _unwelcome(folder: Path) -> Iterator[tuple[Path, str]]:
    files = size = 0
    for path in entries(folder):
        kind = _kind(path)
        inside = path.relative_to(folder)
        # A notebook that is a link is reported as such; nbgrader does not copy notebooks.
        if path.suffix == ".ipynb" and kind != "a folder":
            continue
        if kind not in ("a file", "a folder"):
            yield path, kind
        elif kind == "a folder" and _is_deep(inside):
            yield path, "a folder nested too deep"
        elif kind == "a file" and str(inside) != TIMESTAMP:
            files, size = files + 1, size + path.lstat().st_size
            if files > MOST_FILES or size > MOST_BYTES:
                yield path, f"beyond {MOST_FILES:,} files or {MOST_BYTES // MEGABYTE} MB"
    stamp = folder / TIMESTAMP
    if _kind(stamp) == "a file" and not _is_time(stamp):
        yield stamp, "a file without a readable time"


def _is_deep(path: Path) -> bool:
    return len(path.parts) > DEEPEST_FOLDER or len(os.fsencode(path)) > LONGEST_PATH


def entries(folder: Path) -> Iterator[Path]:
    """What lies in a folder, except in folders that are nested too deep; of a link, nothing.

    A loop, because folders can nest deeper than Python's stack.
    """
    waiting = [folder] if _kind(folder) == "a folder" else []
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            yield path
            if _kind(path) == "a folder" and not _is_deep(path.relative_to(folder)):
                waiting.append(path)


def _is_time(path: Path) -> bool:
    from nbgrader.utils import parse_utc

    try:
        text = read_file(path, largest=1000).decode().strip()
        parse_utc(text or "2000-01-01")
    except Exception:  # whatever it is, nbgrader would stumble over it as well
        return False
    return True


def _free(path: Path) -> Path:
    """A path like this one that nothing has yet."""
    number = 1
    while os.path.lexists(path):
        path = path.with_name(f"{path.name}.{number}")
        number += 1
    return path


def _kind(path: Path) -> str:
    """What there is at a path, itself rather than what it links to, in words."""
    try:
        mode = path.lstat().st_mode
    except OSError:
        return "missing"
    names = {
        stat.S_IFREG: "a file",
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a link",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
    }
    return names.get(stat.S_IFMT(mode), "a device")


def missing(folder: Path, name: str) -> str:
    """What to say when a submission's folder holds no notebook of this name."""
    others = sorted(path.name for path in folder.iterdir() if path.suffix == ".ipynb")
    if not others:
        return f"No notebook {name} was handed in. Hand it in under exactly this name."
    found = ", ".join(repr(other) for other in others[:3])
    return f"No notebook {name} was handed in, but {found}. Rename it to {name}, and grade again."


def _json(data: bytes, name: str) -> Any:
    try:
        return json.loads(data.decode(json.detect_encoding(data)), strict=False)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        reason = f"broken at {where}: {error.msg}"
    except (RecursionError, UnicodeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
    raise NotGradable(
        f"{name} is not a readable notebook ({reason}). "
        "Open it in JupyterLab, save it again, and hand it in."
    )


def _upgraded(content: Any) -> NotebookNode:
    """A notebook of format 1, 2 or 3 in the current one; the ids, drawn at random, are dropped."""
    try:
        old = nbformat.reader.reads(json.dumps(content))  # joins the lines of each cell
        notebook = nbformat.convert(old, NEWEST_FORMAT)
    except Exception as error:  # nbformat expects well-formed notebooks, and trips in many ways
        raise ValueError(f"it cannot be upgraded: {str(error).splitlines()[0]}") from None
    for cell in notebook.cells:
        cell.pop("id", None)
    return notebook


def _clean(content: Any) -> NotebookNode:
    """The notebook's cells rebuilt from what is well formed; `TypeError` etc. otherwise."""
    cells = content["cells"]
    if not isinstance(cells, list):
        raise TypeError("`cells` is not a list")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [_clean_cell(cell) for cell in cells]
    give_ids(notebook.cells)
    return notebook


def give_ids(cells: Iterable[NotebookNode], taken: Iterable[str] = ()) -> None:
    """Give each cell an id of its own; where it had none that will do, one made from its source.

    nbformat would draw such ids at random, and the same submission would give another notebook.
    """
    seen = set(taken)
    for number, cell in enumerate(cells):
        attempt = 0
        while not CELL_ID.fullmatch(cell.get("id", "")) or cell.id in seen:
            text = f"{number} {attempt} {cell.source}"
            cell["id"] = "x" + hashlib.sha256(text.encode()).hexdigest()[:11]
            attempt += 1
        seen.add(cell.id)


def _clean_cell(cell: Any) -> NotebookNode:
    kind = cell["cell_type"]
    if kind not in CELL_TYPES:
        raise ValueError(f"unknown type of cell {kind!r}")
    metadata = cell.get("metadata", {})
    marks = metadata.get("nbgrader", {}) if isinstance(metadata, dict) else {}
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    made = new_cell(kind, _text(cell.get("source", "")))
    made.id = cell["id"] if isinstance(cell.get("id"), str) else ""
    if isinstance(name, str):
        made.metadata["nbgrader"] = NotebookNode(grade_id=name)
    if kind != "code" and (attachments := _attachments(cell.get("attachments"))):
        made["attachments"] = attachments
    return made


def new_cell(kind: str, source: str) -> NotebookNode:
    """A cell of one of `CELL_TYPES`, without an id.

    nbformat's own functions hold each new cell against the schema: half a second for 2,000 cells.
    """
    cell = NotebookNode(cell_type=kind, metadata=NotebookNode(), source=source)
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell


def _text(source: Any) -> str:
    """A cell's source as one string that can be written as UTF-8."""
    if isinstance(source, list):
        source = "".join(source)
    if not isinstance(source, str):
        raise TypeError("a cell's source is not text")
    return source.encode("utf-8", "replace").decode("utf-8")


def _attachments(found: Any) -> NotebookNode | None:
    """The pictures pasted into a text cell: name → type → base64."""
    if not isinstance(found, dict):
        return None
    kept = {}
    for name, bundle in found.items():
        if not isinstance(bundle, dict):
            continue
        pictures = {
            kind: data
            for kind, data in bundle.items()
            if re.fullmatch(r"image/(png|jpeg|gif|webp)", kind)
            and isinstance(data, str)
            and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data)
        }
        if pictures:
            kept[_text(name)] = pictures
    return nbformat.from_dict(kept) if kept else None

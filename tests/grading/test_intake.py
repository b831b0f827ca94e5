"""What may be handed in, and what is said when it may not."""

import json
import os
import socket

import nbformat
import pytest

from autograder import intake
from autograder.intake import NotGradable, parse, read_file, set_aside, submitted_notebook

NAME = "01_tiny"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / NAME
    path.mkdir()
    return path


def cell(**fields):
    return {"cell_type": "code", "metadata": {}, "source": "x = 1", **fields}


def notebook(*cells, **fields):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": cells, **fields}).encode()


def test_a_regular_notebook_is_read_as_it_is(folder):
    """The bytes of the lesson's notebook come back unchanged."""
    (folder / f"{NAME}.ipynb").write_bytes(b"anything")
    assert submitted_notebook(folder, NAME) == b"anything"


def test_a_missing_notebook_says_its_name(folder):
    """An empty folder is told which file to hand in."""
    with pytest.raises(NotGradable, match=r"No notebook 01_tiny\.ipynb was handed in\. Hand it in"):
        submitted_notebook(folder, NAME)


def test_a_renamed_notebook_is_named_with_the_remedy(folder):
    """A notebook under another name is pointed out, and how to rename it."""
    (folder / "Copy of 01.ipynb").write_text("{}")
    with pytest.raises(NotGradable, match=r"but 'Copy of 01\.ipynb'\. Rename it to 01_tiny\.ipynb"):
        submitted_notebook(folder, NAME)


@pytest.mark.parametrize("kind", ["pipe", "link", "broken link", "folder", "socket"])
def test_what_is_no_file_is_refused_without_being_opened(folder, kind):
    """A pipe, link, folder or socket named like the notebook neither blocks nor leads elsewhere."""
    path = folder / f"{NAME}.ipynb"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        (folder / "other").write_text("secret")
        path.symlink_to(folder / "other")
    elif kind == "broken link":
        path.symlink_to(folder / "nothing")
    elif kind == "folder":
        path.mkdir()
    else:
        here = os.getcwd()
        os.chdir(folder)  # a socket's path must be short
        socket.socket(socket.AF_UNIX).bind(path.name)
        os.chdir(here)
    with pytest.raises(NotGradable, match=rf"is a {kind.split()[-1]}, not a file"):
        submitted_notebook(folder, NAME)


def test_a_linked_folder_is_refused(folder):
    """A submission's folder that is a link to another student's is not followed."""
    link = folder.parent / "link"
    link.symlink_to(folder)
    with pytest.raises(NotGradable, match="found a link"):
        submitted_notebook(link, NAME)


def test_a_huge_file_is_not_read(folder):
    """A file above the limit is refused with its size and the remedy."""
    path = folder / f"{NAME}.ipynb"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    with pytest.raises(NotGradable, match=r"has 3000 MB; 1 MB is the most.*Clear all outputs"):
        read_file(path, largest=1_000_000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"{ not json", "broken at line 1, column 3"),
        (b"\xff\xfe\xfa", "not a readable notebook"),
        (b"[" * 100_000, "not a readable notebook"),
        (b"9" * 10_000, "not a readable notebook"),
        (b"[]", "not a notebook"),
        (b'{"cells": []}', "not a notebook"),
        (b'{"nbformat": true, "cells": []}', "not a notebook"),
        (b'{"nbformat": 9, "cells": []}', "format 9"),
        (b'{"nbformat": 4}', "damaged"),
        (b'{"nbformat": 3, "worksheets": 7}', "damaged"),
        (notebook({"cell_type": "code"}, cell(source=7)), "damaged"),
        (notebook(cell(cell_type="heading")), "damaged"),
        (notebook("x"), "damaged"),
    ],
)
def test_what_is_no_notebook_gets_a_reason(data, reason):
    """Empty, broken and foreign files are refused with one sentence of reason and one of remedy."""
    with pytest.raises(NotGradable, match=reason):
        parse(data, "01_tiny.ipynb")


def test_an_old_notebook_is_upgraded():
    """A notebook of format 3 keeps its cells and nbgrader's names."""
    old = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1\ny = 2")])
    old.cells[0].metadata["nbgrader"] = {"grade_id": "double", "solution": True}
    text = nbformat.writes(old, version=3)
    assert json.loads(text)["nbformat"] == 3
    found = parse(text.encode())
    assert [(c.source, c.metadata.nbgrader.grade_id) for c in found.cells] == [
        ("x = 1\ny = 2", "double")
    ]


def test_only_well_formed_parts_are_kept():
    """Odd metadata, outputs, ids and attachments of a cell do not reach nbgrader."""
    picture = {"image/png": "QUJD", "text/html": "<b>"}
    data = notebook(
        cell(id="a b", metadata=[1], outputs="odd", execution_count="x"),
        cell(id="same", metadata={"nbgrader": {"grade_id": 7, "points": 100}}),
        cell(id="same", source=["a\n", "b \ud800"]),
        cell(cell_type="markdown", attachments={"p.png": picture, "q.png": 3}),
        metadata=5,
    )
    found = parse(data)
    nbformat.validate(found)
    assert [c.source for c in found.cells[1:3]] == ["x = 1", "a\nb ?"]
    assert len({c.id for c in found.cells}) == 4
    assert all("nbgrader" not in c.metadata for c in found.cells)
    assert found.cells[3].attachments == {"p.png": {"image/png": "QUJD"}}


def test_the_same_bytes_give_the_same_notebook():
    """Ids that have to be invented are always invented in the same way."""
    data = notebook(cell(), cell(), cell(id="x" * 65))
    assert parse(data) == parse(data)


def test_links_and_pipes_are_set_aside(folder, tmp_path):
    """What nbgrader would copy through a link is moved away, not followed and not deleted."""
    (folder / "data.csv").write_text("1,2")
    (folder / "stolen.py").symlink_to("/etc/passwd")
    (folder / "sub").mkdir()
    os.mkfifo(folder / "sub" / "pipe")
    (folder / "timestamp.txt").write_text("half past nine-ish")
    for _ in range(2):
        moved = set_aside(folder, tmp_path / "store")
        (folder / "stolen.py").symlink_to("/etc/passwd")
    assert sorted(p.name for p in folder.iterdir()) == ["data.csv", "stolen.py", "sub"]
    assert {(entry.name, entry.reason) for entry in moved} == {("stolen.py", "a link")}
    stored = sorted(p.name for p in (tmp_path / "store").rglob("*"))
    assert stored == ["pipe", "stolen.py", "stolen.py.1", "sub", "timestamp.txt"]


def test_a_good_timestamp_stays(folder, tmp_path):
    """A time that nbgrader can read is left for nbgrader."""
    (folder / intake.TIMESTAMP).write_text("2025-03-01 12:00:00 UTC")
    assert set_aside(folder, tmp_path / "store") == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"nbformat": 4, "cells": [], "x": [' + b"[]," * 2_000_000 + b"1]}", "3,000,000 parts"),
        (notebook(*[cell()] * 2_001), "2,001 cells; 2,000 is the most"),
        (notebook(cell(source="x" * 500_001)), "500,001 characters in its cells"),
    ],
    ids=["parts", "cells", "text"],
)
def test_bulk_is_refused_with_the_remedy(data, reason):
    """What would fill the memory, run for hours or take hours to show is not taken in."""
    with pytest.raises(NotGradable, match=reason):
        parse(data, "01_tiny.ipynb")


def test_cells_of_an_old_format_are_counted_before_they_are_upgraded():
    """Sheets of format 3 are no way around the limit of cells."""
    sheet = {"cells": [{"cell_type": "code", "input": "", "outputs": []}] * 2_001}
    data = json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}).encode()
    with pytest.raises(NotGradable, match="2,001 cells"):
        parse(data, "01_tiny.ipynb")


def test_bulk_beside_the_notebook_is_set_aside(folder, tmp_path):
    """Deep folders, too many files and huge ones are moved away; the notebook and the rest stay."""
    (folder / f"{NAME}.ipynb").write_text("{}")
    (folder / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    deep = folder.joinpath(*["d"] * 30)
    deep.mkdir(parents=True)
    (folder / "data").mkdir()
    for number in range(1_002):
        (folder / "data" / f"{number:04}").touch()
    with (folder / "zeros").open("wb") as file:
        file.truncate(10**12)
    moved = {entry.name: entry.reason for entry in set_aside(folder, tmp_path / "store")}
    assert moved.pop("zeros") == "beyond 1,000 files or 200 MB"
    assert moved.pop("/".join(["d"] * 21)) == "a folder nested too deep"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{NAME}.ipynb",
        "d",
        "data",
        "timestamp.txt",
    ]
    assert len(moved) + len(list((folder / "data").iterdir())) == 1_002
    assert len(list((folder / "data").iterdir())) <= 1_000


def test_what_a_linked_folder_links_to_stays(folder, tmp_path):
    """A submission that is a link to another's does not set the other's files aside."""
    os.mkfifo(folder / "pipe")
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert set_aside(link, tmp_path / "store") == []
    assert (folder / "pipe").exists()

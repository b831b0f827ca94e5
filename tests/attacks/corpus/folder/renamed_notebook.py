"""The notebook has a path and a formula in its name."""

# ends: not gradable


def attack(folder, notebook, course):
    (folder / "=1+1 01_tiny .ipynb").write_bytes(notebook)
    (folder / "..01_tiny.ipynb").write_bytes(notebook)

"""Thousands of files beside the notebook."""


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    (folder / "data").mkdir()
    for number in range(3000):
        (folder / "data" / f"{number}.txt").touch()

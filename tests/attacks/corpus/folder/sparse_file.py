"""A file of ten terabytes that takes no room until it is copied."""


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    with open(folder / "data.bin", "wb") as file:
        file.truncate(10**13)

"""Links beside the notebook: to the hidden checks, to the whole disk, to itself."""


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    (folder / "data").symlink_to("/")
    (folder / "hidden.py").symlink_to(course / "solutions/01_tiny/hidden_checks.py")
    (folder / "loop").symlink_to(folder)
    (folder / "up").symlink_to("../../..")

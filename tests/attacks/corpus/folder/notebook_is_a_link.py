"""The notebook is a link to another student's."""

# ends: not gradable


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").symlink_to(
        course / "classroom/submitted/honest-00/01_tiny/01_tiny.ipynb"
    )

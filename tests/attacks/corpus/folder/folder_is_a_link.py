"""The whole submission is a link to another student's."""

# ends: not gradable


def attack(folder, notebook, course):
    folder.rmdir()
    folder.symlink_to(course / "classroom/submitted/honest-00/01_tiny")

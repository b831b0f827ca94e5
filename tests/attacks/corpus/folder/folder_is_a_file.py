"""The submission is a file where a folder belongs."""

# ends: not gradable


def attack(folder, notebook, course):
    folder.rmdir()
    folder.write_bytes(notebook)

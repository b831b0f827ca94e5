"""Files with names that are formulas, options, paths and escape sequences."""


def attack(folder, notebook, course):
    (folder / "01_tiny.ipynb").write_bytes(notebook)
    for name in ("=cmd|' calc'!A0", "-rf", "..\\..\\evil", "\x1b[2J\u202efdp.py", "a\nb", "*"):
        (folder / name).write_text("x")

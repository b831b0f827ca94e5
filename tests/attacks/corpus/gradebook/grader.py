"""Plants code in Python, in the packages, in the course's own and in the start-up files."""

# %% double
import os
import site
import sysconfig

import autograder
import utils

folders = [
    *(os.path.dirname(package.__file__) for package in (autograder, utils)),
    *sysconfig.get_paths().values(),
    *site.getsitepackages(),
    "/etc",
    "/usr/local/bin",
    "/var/tmp",
    "@COURSE@",
]
for folder in folders:
    for name in ("planted_by_attack.pth", "planted_by_attack.py"):
        try:
            open(os.path.join(folder, name), "w").write("# planted\n")
            print("planted", folder)
        except OSError:
            continue


def double(x):
    return None

"""Copies the answer from another student's submission."""

# %% double
import glob

stolen = ""
for path in [*glob.glob("@COURSE@/classroom/*/*/01_tiny/*"), "../../bea/01_tiny/01_tiny.ipynb"]:
    try:
        stolen += open(path).read()
    except OSError:
        continue
print(stolen)


def double(x):
    raise LookupError(len(stolen))

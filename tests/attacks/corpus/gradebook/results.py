"""Writes graded notebooks, verdicts and reports where the grader would put them."""

# %% double
import os

for folder in ("autograded", "feedback", "graded", "report", "cache", "submitted"):
    for who in ("eve", ".."):
        target = f"@COURSE@/classroom/{folder}/{who}/01_tiny"
        try:
            os.makedirs(target, exist_ok=True)
            open(f"{target}/01_tiny.ipynb", "w").write("{}")
            print("wrote", target)
        except OSError as error:
            print(error)


def double(x):
    return None

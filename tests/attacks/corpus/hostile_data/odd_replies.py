"""Sends replies with the right number and everything else wrong: keys twice, odd keys, no texts."""

# %% double
import os

from autograder.wire import encode

parts = iter(
    [
        {"reply": {"value": 1, "changed": "x" * 10**6, "operators": [], "ran_on": ""}},
        {"reply": {"value": 1, "changed": [], "operators": ["conv"] * 90_000, "ran_on": []}},
        {"reply": [{"value": 1}]},
        {"reply": {"error": {"type": "E" * 10**6, "message": 7, "source": None, "line": 10**900}}},
    ]
)


def double(x):
    part = next(parts, {"reply": None})
    for number in range(12):
        os.write(3, encode({"id": number, **part}))

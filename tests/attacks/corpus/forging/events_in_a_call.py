"""Sends verdicts and outputs as events while a check is waiting for its value."""

# %% double
import json
import os

from autograder.wire import encode


def double(x):
    for kind in ("verdict", "execute_result", "display_data", "error", "stream"):
        content = json.dumps({"data": {"text/plain": "4.0"}, "points": 4})
        os.write(3, encode({"event": kind, "content": content}))

"""Displays JSON that nests deeper than those who read it may follow."""

# %% double
import json
import os

from autograder.wire import encode

content = '{"data": {"application/json": ' + "[" * 700 + "]" * 700 + '}, "metadata": {}}'
os.write(3, encode({"event": "display_data", "content": content}))
json.loads(content)


def double(x):
    return None

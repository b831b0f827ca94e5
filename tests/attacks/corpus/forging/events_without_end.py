"""Sends outputs without waiting for the judge, to hold it up and to fill its memory."""

# %% double
import json
import os

from autograder.wire import encode

data = {"data": {"text/plain": "x"}, "transient": {"display_id": "one"}, "metadata": {}}
frame = encode({"event": "display_data", "content": json.dumps(data)}) * 500
while True:
    os.write(3, frame)


# %% last
def double(x):
    return None

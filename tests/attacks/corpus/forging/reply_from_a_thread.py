"""A thread answers whatever is asked, over and over, before the agent can."""

# %% double
import os
import threading
import time

from autograder.wire import encode

REPLY = {"value": 6.0, "error": None, "changed": (), "operators": (), "ran_on": ""}


def guess():
    for number in range(200):
        os.write(3, encode({"id": number, "ok": True, "reply": REPLY}))
        time.sleep(0.01)


def double(x):
    threading.Thread(target=guess, daemon=True).start()
    time.sleep(0.5)
    return

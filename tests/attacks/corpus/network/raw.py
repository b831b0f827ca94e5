"""Opens the sockets that only an administrator should: raw, packet, netlink, vsock, Bluetooth."""

# %% double
import socket


def double(x):
    for family in range(1, 46):
        for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            try:
                line = socket.socket(family, kind)
                line.settimeout(0.1)
                line.sendto(str(x).encode(), ("127.0.0.1", int("@UDP@")))
                print("sent", family)
            except (OSError, TypeError, ValueError):
                continue

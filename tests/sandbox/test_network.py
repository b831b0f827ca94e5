"""Nothing can be reached from a student's process: no network, no server, no socket of anyone's."""

from __future__ import annotations

import errno
import socket
import threading

import pytest

CONNECT = """
import errno, socket
def reach(family, kind, address):
    try:
        with socket.socket(family, kind) as s:
            s.settimeout(2)
            s.connect(address)
            s.send(b'secret')
            return 'reached'
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error))
"""


@pytest.fixture
def servers(tmp_path):
    """Servers on this machine: TCP, UDP, a unix socket in a folder, an abstract one."""
    path, name = str(tmp_path / "socket"), f"\0{tmp_path}"
    addresses = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM, path),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM, name),
    }
    found, heard, open_sockets = {}, [], []
    for kind, (family, way, address) in addresses.items():
        server = socket.socket(family, way)
        server.bind(address)
        if way == socket.SOCK_STREAM:
            server.listen()
        else:
            listener = threading.Thread(target=lambda s=server: heard.append(s.recv(100)))
            listener.daemon = True
            listener.start()
        open_sockets.append(server)
        found[kind] = (int(family), int(way), server.getsockname())
    yield found, heard
    for server in open_sockets:
        server.close()


@pytest.mark.parametrize("which", ["kernel", "bare"])
@pytest.mark.parametrize("kind", ["tcp", "udp", "unix", "abstract"])
def test_no_server_of_this_machine_is_reached(request, servers, value, which, kind):
    """With and without namespaces: a connection fails, and not one byte arrives."""
    kernel = request.getfixturevalue(which)
    addresses, heard = servers
    kernel.run_cell(CONNECT, 10)
    answer = value(kernel.run_cell(f"reach(*{addresses[kind]!r})", 20))
    assert answer in ("ENETUNREACH", "ECONNREFUSED", "ENOENT", "EPERM", "EACCES", "EADDRNOTAVAIL")
    assert heard == []


@pytest.mark.parametrize("which", ["kernel", "bare"])
def test_nothing_beyond_this_machine_is_reached(request, value, which):
    """Names are not looked up, and addresses lead nowhere."""
    kernel = request.getfixturevalue(which)
    kernel.run_cell(CONNECT, 10)
    source = (
        "def resolves():\n"
        "    try: socket.getaddrinfo('example.org', 80); return True\n"
        "    except OSError: return False\n"
        "resolves(), reach(2, 1, ('192.0.2.1', 80)), reach(10, 1, ('2001:db8::1', 80))"
    )
    resolves, four, six = value(kernel.run_cell(source, 30))
    assert not resolves
    assert "reached" not in (four, six)


@pytest.mark.parametrize("which", ["kernel", "bare"])
@pytest.mark.parametrize("family", ["AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_VSOCK", "AF_TIPC"])
def test_other_families_of_sockets_are_refused(request, refused, which, family):
    """Sockets that talk to the kernel or the hypervisor are not for notebooks."""
    kernel = request.getfixturevalue(which)
    source = f"import socket\nsocket.socket(socket.{family}, socket.SOCK_RAW)"
    assert refused(kernel.run_cell(source, 10)) == "PermissionError"


def test_there_is_no_interface_that_is_up(kernel, value):
    """The network of a kernel has nothing but a loopback that is down."""
    source = "[line.split(':')[0].strip() for line in open('/proc/net/dev') if ':' in line]"
    assert value(kernel.run_cell(source, 10)) == ["lo"]
    source = "import socket\nsocket.socket(2, 2).connect_ex(('127.0.0.1', 9))"
    assert value(kernel.run_cell(source, 10)) == errno.ENETUNREACH


def test_sockets_within_a_kernel_work(kernel, value):
    """What a notebook does with itself, such as processes that talk over local sockets, works."""
    source = (
        "import socket\n"
        "server = socket.socket(socket.AF_UNIX); server.bind('s'); server.listen()\n"
        "client = socket.socket(socket.AF_UNIX); client.connect('s'); client.send(b'hi')\n"
        "server.accept()[0].recv(10)"
    )
    assert value(kernel.run_cell(source, 10)) == b"hi"

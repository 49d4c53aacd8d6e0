"""Ports on this machine's loopback: free ones, and who holds a taken one."""

import contextlib
import socket
from collections.abc import Sequence

import psutil

from hoeder.errors import StackError

LOOPBACK = "127.0.0.1"


def free_ports(count: int, *, preferred: Sequence[int] = ()) -> list[int]:
    """`count` different loopback ports that nobody listens on: `preferred` ones first, as far as they are free."""
    with contextlib.ExitStack() as held:
        ports: list[int] = []
        for wish in [*dict.fromkeys(preferred), *[0] * count]:
            if len(ports) == count:
                break
            attempt = held.enter_context(socket.socket())
            if wish:  # just closed connections do not keep a server from taking its port again
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                attempt.bind((LOOPBACK, wish))
                ports.append(attempt.getsockname()[1])
        return ports


def claim_port(port: int) -> int:
    """`port`, if it is free; StackError naming it, and who holds it where that can be read."""
    if free_ports(1, preferred=[port]) == [port]:
        return port
    raise StackError(f"port {port} is already taken{_holder(port)}; stop that program or choose another port")


def _holder(port: int) -> str:
    with contextlib.suppress(psutil.Error):
        for found in psutil.net_connections("tcp"):
            if found.status == psutil.CONN_LISTEN and found.laddr[1:] == (port,) and found.pid:
                return f" by {psutil.Process(found.pid).name()} (pid {found.pid})"
    return ""

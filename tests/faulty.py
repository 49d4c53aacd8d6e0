"""Servers that die, connections that break and disks that fill, for one shop alone."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from servers import Bucket, Database, connection_to, in_memory
from shop import SCHEMA, Shop, shop_policy

from hoeder.governance import migrate
from hoeder.pseudonym import ReferenceKey
from hoeder.stack import postgres, processes, s3
from hoeder.stores.connection import Connection

_ADMIN = [s3.S3Identity("admin", ("Admin",))]


class Proxy:
    """Passes bytes on to a port of this machine until it is cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._sockets: list[socket.socket] = []
        self._open = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection in the middle, and let none in."""
        self._open = False
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()

    def mend(self) -> None:
        self._open = True

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if not self._open:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                self._sockets += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.close()


@dataclass
class Servers:
    """The PostgreSQL and the S3 of one shop, which can be killed and started again."""

    home: Path
    password: str
    conninfo: dict[str, str] = field(default_factory=dict)

    def connect_again(self, shop: Shop) -> None:
        """The test's own connections, after the server was away."""
        shop.db.close()
        shop.governance.close()
        shop.db = psycopg.connect(self.conninfo["db"], autocommit=True)
        shop.governance = psycopg.connect(self.conninfo["governance"])

    def kill(self, name: str) -> None:
        """SIGKILL, and wait until it and its children are gone."""
        server = processes.running(self.home, name)
        assert server is not None
        process = processes.process_of(server)
        assert process is not None
        family = [process, *process.children(recursive=True)]
        os.kill(server.pid, signal.SIGKILL)
        processes.end(family, seconds=10)

    def start(self, name: str) -> None:
        if name == "postgres":
            postgres.start(self.home, self.password)
        else:
            s3.start(self.home, _ADMIN)


@contextlib.contextmanager
def shop_of_its_own() -> Iterator[tuple[Shop, Servers]]:
    """A shop on servers that no other test uses."""
    home = Path(tempfile.mkdtemp(prefix="hoeder-faults-", dir=in_memory()))
    servers = Servers(home, secrets.token_urlsafe(16))
    try:
        server = postgres.start(home, servers.password)
        storage = s3.start(home, _ADMIN)
        with psycopg.connect(server.conninfo(), autocommit=True) as db:
            db.execute("create database shop")
            db.execute("create database hoeder")
        of_shop, of_hoeder = (
            Database(server.host, server.port, name, server.superuser, server.password) for name in ("shop", "hoeder")
        )
        migrate.upgrade(connection_to(of_hoeder))
        client = storage.client("admin")
        client.create_bucket(Bucket="shop")
        keys = storage.keys["admin"]
        connections = {
            "shop_retention": connection_to(of_shop).model_copy(update={"login": "shop_retention", "password": "shop"}),
            "files_retention": Connection(
                conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": storage.endpoint}
            ),
        }
        db, governed = psycopg.connect(of_shop.conninfo, autocommit=True), psycopg.connect(of_hoeder.conninfo)
        db.execute(SCHEMA)
        db.execute("create role shop_retention login password 'shop'")
        db.execute("grant select, delete on customer, message to shop_retention")
        shop = Shop(shop_policy("shop"), connections, db, governed, Bucket("shop", client), ReferenceKey(b"k" * 32))
        for day in (22, 23, 24):
            shop.put(f"logs/date=2026-10-{day}/log.gz")
        for number, status in ((1, "left"), (2, "active"), (3, "left")):
            shop.put(f"copies/{number}.png", customer_id=str(number), status=status)
        servers.conninfo = {"db": of_shop.conninfo, "governance": of_hoeder.conninfo}
        yield shop, servers
        shop.db.close()
        shop.governance.close()
    finally:
        s3.stop(home)
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)


def through(connection: Connection, proxy: Proxy) -> Connection:
    """The same account, reached through a proxy."""
    if connection.conn_type == "aws":
        return connection.model_copy(
            update={"extra": {**connection.extra, "endpoint_url": f"http://127.0.0.1:{proxy.port}"}}
        )
    return connection.model_copy(update={"port": proxy.port})


def port_of(connection: Connection) -> int:
    return connection.port or urlsplit(str(connection.extra.get("endpoint_url"))).port or 0

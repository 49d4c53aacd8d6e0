"""A proxy in the environment is for the world outside: it hears nothing of what this machine tells itself."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from hoeder.airflow_client import Client, Unreachable
from hoeder.errors import StackError
from hoeder.stack import airflow, ports, s3
from hoeder.stack.home import make_home
from hoeder.stack.postgres import Postgres


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that the environment's proxy was asked for."""
    paths: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(503)
            self.end_headers()

        do_POST = do_PUT = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer((ports.LOOPBACK, 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, f"http://{ports.LOOPBACK}:{server.server_port}")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield paths
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_does_not_hear_the_password_of_an_account(heard, host):
    [closed] = ports.free_ports(1)
    with pytest.raises(Unreachable):
        Client(f"http://{host}:{closed}").login("engineer", "the-password")
    assert heard == []


def test_it_is_used_for_an_airflow_elsewhere(heard):
    with pytest.raises(StackError, match="503"):
        Client("http://airflow.example.org").call("GET", "/api/v2/version")
    assert heard == ["http://airflow.example.org/api/v2/version"]


def test_it_does_not_hear_from_the_stacks_own_s3_clients(heard):
    [closed] = ports.free_ports(1)
    client = s3.S3(f"http://{ports.LOOPBACK}:{closed}", {"admin": s3.S3Keys("key", "secret")}).client("admin")
    with pytest.raises(EndpointConnectionError):
        client.list_buckets()
    assert not s3.healthy(closed)
    assert heard == []


@pytest.mark.parametrize(
    ("named", "expected"),
    [(None, "127.0.0.1,localhost"), ("intranet.example.org", "intranet.example.org,127.0.0.1,localhost"), ("*", "*")],
)
def test_airflows_processes_leave_it_aside_for_this_machine(heard, monkeypatch, tmp_path: Path, named, expected):
    if named:
        monkeypatch.setenv("NO_PROXY", named)
    env = airflow.environment(make_home(tmp_path), tmp_path, Postgres("h", 1, "p", ""), 8080, unpaused=False)
    assert (env["no_proxy"], env["NO_PROXY"]) == (expected, expected)

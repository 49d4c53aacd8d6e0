"""Start servers, know them again later, and end them with everything they started."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from hoeder.errors import StackError
from hoeder.stack.home import logs, read_json, write_private

_MARK = "HOEDER_STACK"  # in the environment of every process that a stack starts, so that orphans are found
_state_lock = threading.Lock()


@dataclass(frozen=True)
class Server:
    """A process as it was started. Pids come back; pid and `created` (epoch seconds) together do not."""

    name: str
    pid: int
    created: float
    ports: tuple[int, ...]

    @property
    def port(self) -> int:
        """The port that clients use: the first one."""
        return self.ports[0]


def known(home: Path) -> dict[str, Server]:
    """The servers that state.json remembers, running or not, in the order they were started."""
    found: dict[str, Server] = {}
    for name, fields in read_json(home / "state.json").items():
        try:
            found[name] = _server(name, fields)
        except (TypeError, KeyError, ValueError) as error:
            raise StackError(f"{home / 'state.json'}: {name} is not a server ({error}); remove the file") from error
    return found


def _server(name: str, fields: Any) -> Server:
    return Server(name, int(fields["pid"]), float(fields["created"]), tuple(map(int, fields["ports"])))


def remember(home: Path, server: Server) -> None:
    with _state_lock:
        servers = {name: other for name, other in known(home).items() if name != server.name}
        servers[server.name] = server
        fields = {s.name: {"pid": s.pid, "created": s.created, "ports": s.ports} for s in servers.values()}
        write_private(home / "state.json", json.dumps(fields, indent=2))


def process_of(server: Server) -> psutil.Process | None:
    """The live process behind `server`, or None if it ended or its pid now belongs to another program."""
    try:
        process = psutil.Process(server.pid)
        if abs(process.create_time() - server.created) > 1 or process.status() == psutil.STATUS_ZOMBIE:
            return None
    except psutil.NoSuchProcess:
        return None
    return process


def running(home: Path, name: str) -> Server | None:
    server = known(home).get(name)
    return server if server and process_of(server) else None


def listens(server: Server) -> bool:
    """Whether the server itself, or a child of it, has its port: another program may have been quicker."""
    process = process_of(server)
    if process is None:
        return False
    with contextlib.suppress(psutil.Error):
        for member in [process, *process.children(recursive=True)]:
            for found in member.net_connections("tcp"):
                if found.status == psutil.CONN_LISTEN and found.laddr[1] == server.port:
                    return True
    return False


def ports_before(home: Path, name: str) -> tuple[int, ...]:
    """The ports the server had last time: it keeps its addresses while nobody takes them."""
    server = known(home).get(name)
    return server.ports if server else ()


def spawn(
    home: Path,
    name: str,
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    ports: Sequence[int] = (),
    user: str | None = None,
    cwd: Path | None = None,
    hide: str | None = None,
) -> Server:
    """Start `command` as the server `name`, its output appended to logs/<name>.log, and remember it.

    Lines of output that hold the text `hide` are not written.
    """
    with log_path(home, name).open("ab") as log, contextlib.ExitStack() as after:
        output: IO[bytes] = log
        if hide is not None:  # grep ends by itself with the server's output
            strain = ["grep", "--line-buffered", "--invert-match", "--fixed-strings", "--text", hide]
            sieve = subprocess.Popen(strain, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)
            output = after.enter_context(sieve.stdin)  # type: ignore[arg-type]
        process = subprocess.Popen(
            list(command),
            env=marked(home, env),
            cwd=cwd or home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )
    server = Server(name, process.pid, psutil.Process(process.pid).create_time(), tuple(ports))
    remember(home, server)
    return server


def marked(home: Path, env: Mapping[str, str]) -> dict[str, str]:
    """`env`, and the mark by which `orphans` finds the process."""
    return {**env, _MARK: str(home)}


def wait_until(home: Path, server: Server, ready: Callable[[], bool], *, seconds: float) -> None:
    """Return once `ready()` is true. StackError with the end of the log if the server ends first, or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process_of(server) is None:
            raise StackError(f"{server.name} ended while starting\n{tail(home, server.name)}")
        if time.monotonic() > deadline:
            raise StackError(f"{server.name} is not ready after {seconds:.0f} s\n{tail(home, server.name)}")
        time.sleep(0.1)


def log_path(home: Path, name: str) -> Path:
    return logs(home) / f"{name}.log"


def tail(home: Path, name: str, lines: int = 15) -> str:
    """The last lines of a server's log, and where the rest is."""
    path = log_path(home, name)
    last: Iterable[str] = ()
    if path.exists():
        with path.open(encoding="utf-8", errors="replace") as file:
            last = deque(file, maxlen=lines)
    return "".join(f"  {line.rstrip()}\n" for line in last) + f"  the whole log: {path}"


def stop(home: Path, name: str, *, polite: signal.Signals = signal.SIGTERM, seconds: float = 10) -> bool:
    """End the server `name` and all it started: `polite` first, SIGKILL after `seconds`. True if it was running.

    The process itself is asked; its descendants get the same time, since most end with it.
    """
    server = known(home).get(name)
    process = process_of(server) if server else None
    if process is None:
        return False
    family = [process, *_descendants(process)]
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(polite)
    end(family, seconds=seconds)
    return True


def end(processes: Sequence[psutil.Process], *, seconds: float) -> None:
    """Wait until all are gone; after `seconds` SIGKILL what is left."""
    _, left = psutil.wait_procs(processes, timeout=seconds)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=5)


def orphans(home: Path) -> list[psutil.Process]:
    """Live processes whose server was killed: those it started outlive it.

    Known by the mark in their environment, or by their session: some programs overwrite their environment for a title.
    """
    servers = known(home).values()
    living = {server.pid for server in servers if process_of(server)}
    # A pid that another program has by now is the session of that program's processes, not of ours.
    dead = {server.pid for server in servers if server.pid not in living and not _taken(server.pid)}
    return [process for process in psutil.process_iter() if _is_orphan(process, str(home), living, dead)]


def _taken(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_orphan(process: psutil.Process, mark: str, living: set[int], dead: set[int]) -> bool:
    try:
        session = os.getsid(process.pid)
        if process.pid == os.getpid() or session in living or process.status() == psutil.STATUS_ZOMBIE:
            return False
        if session in dead:
            return True
        return process.environ().get(_MARK) == mark and living.isdisjoint(parent.pid for parent in process.parents())
    except (psutil.Error, OSError):
        return False


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []

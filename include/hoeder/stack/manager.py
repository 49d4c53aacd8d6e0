"""All servers together: `up` starts what does not run, `down` ends what does, `status` tells."""

import contextlib
import fcntl
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from hoeder.airflow_client import Client
from hoeder.errors import StackError
from hoeder.stack import airflow, ports, postgres, processes, s3
from hoeder.stack.home import is_ours, make_home, mark, secret
from hoeder.stores.connection import Connection

_DEFAULT_AIRFLOW_PORT = 8080
_STORES = ("postgres", "s3")
_PATIENCE = {"scheduler": 15}  # seconds for running tasks to end; nothing else has work to lose


@dataclass(frozen=True)
class Servers:
    """What a company can be built on before Airflow runs: the stores, and where Airflow will be.

    Tasks read the DPO's stored answer at `airflow_url` as the account `hoeder` with `service_password`.
    """

    postgres: postgres.Postgres
    s3: s3.S3
    airflow_url: str
    service_password: str = field(repr=False)


@dataclass(frozen=True)
class Spec:
    """What is to run.

    `project` holds dags/, plugins/ and include/. `prepare` is called once the stores run and before Airflow does: it
    fills them and returns Airflow's connections by their ids. It is called again whenever a store or the API server had
    to be started again, so it must bear repeating. `airflow_port` asks for that port and no other. `unpaused` lets new
    DAGs run by their schedule at once. `throwaway` gives up durability: for tests. The next demonstration may remove a
    `disposable` company, but not one that was ever started without.
    """

    project: Path
    identities: tuple[s3.S3Identity, ...]
    prepare: Callable[[Servers], Mapping[str, Connection]]
    airflow_port: int | None = None
    unpaused: bool = False
    throwaway: bool = False
    disposable: bool = False


@dataclass(frozen=True)
class Stack:
    """Everything runs."""

    home: Path
    servers: Servers

    @property
    def url(self) -> str:
        return self.servers.airflow_url

    def password(self, account: str) -> str:
        """The generated password of engineer, dpo, analyst or hoeder."""
        return airflow.account_password(self.home, account)

    def client(self, account: str) -> Client:
        """Airflow's REST API, logged in as one of its accounts."""
        client = Client(self.url)
        client.login(account, self.password(account))
        return client


@dataclass(frozen=True)
class Status:
    """One server: `running` is its process, `healthy` its answer (or, for Airflow's services, its heartbeat)."""

    name: str
    running: bool
    healthy: bool
    pid: int | None
    port: int | None


def up(home: Path, spec: Spec, say: Callable[[str], None]) -> Stack:
    """Start what does not run yet, and return when everything is healthy; `say` gets a line for each step.

    Raises StackError. What then runs stays, so that its log can be read and another `up` goes on from there.
    """
    home = make_home(home)
    with _alone(home), ThreadPoolExecutor() as aside:
        mark(home, disposable=spec.disposable)
        alive = {name for name in (*_STORES, *airflow.SERVICES) if processes.running(home, name)}
        _bury_the_dead(home, alive, say)
        s3_ready = aside.submit(s3.start, home, spec.identities)
        database = postgres.start(home, secret(home, "postgres-superuser"), throwaway=spec.throwaway, say=say)
        airflow.create_database(home, database)
        port = _airflow_port(home, spec.airflow_port)
        env = airflow.environment(home, spec.project.resolve(), database, port, unpaused=spec.unpaused)
        if "postgres" not in alive or airflow.settings_changed(home, env):  # they do not outlive their database
            _stop_services(home)
            alive -= set(airflow.SERVICES)
        stack = Stack(home, Servers(database, s3_ready.result(), _url(port), airflow.account_password(home, "hoeder")))
        if not alive >= {*_STORES, "api-server"} or not airflow.connections_written(home):
            say(f"PostgreSQL on port {database.port}, S3 at {stack.servers.s3.endpoint}")
            accounts_ready = aside.submit(airflow.set_up, home, env)
            airflow.write_connections(home, spec.prepare(stack.servers))
            accounts_ready.result()
            say("stores and accounts are ready, starting Airflow")
        _start_services(stack, env, port, alive, say)
    return stack


def down(home: Path, say: Callable[[str], None]) -> None:
    """End everything, in the reverse order of starting, and what a crash left behind. StackError: a foreign folder."""
    home = home.resolve()
    if not is_ours(home):
        return
    with _alone(home):
        _stop_services(home, s3.stop)
        postgres.stop(home)
        left = processes.orphans(home)
        if left:
            processes.end(left, seconds=0)  # before saying so: who listened may be gone
            say(f"ended {len(left)} processes that an earlier crash left behind")
    say("stopped")


def status(home: Path) -> list[Status]:
    """Every server of the stack, in the order of starting. StackError for a foreign folder."""
    home = home.resolve()
    is_ours(home)
    known = processes.known(home)
    return [_status(home, name, known.get(name)) for name in (*_STORES, *airflow.SERVICES)]


def _status(home: Path, name: str, server: processes.Server | None) -> Status:
    if server is None or processes.process_of(server) is None:
        return Status(name, running=False, healthy=False, pid=None, port=None)
    return Status(name, True, _healthy(home, server), server.pid, next(iter(server.ports), None))


def _healthy(home: Path, server: processes.Server) -> bool:
    if server.name == "postgres":
        password = secret(home, "postgres-superuser")
        return postgres.healthy(postgres.Postgres(ports.LOOPBACK, server.port, "postgres", password))
    if server.name == "s3":
        return s3.healthy(server.port)
    api = processes.running(home, "api-server")
    return api is not None and airflow.fresh(Client(_url(api.port)), server)


def _start_services(
    stack: Stack, env: Mapping[str, str], port: int, alive: set[str], say: Callable[[str], None]
) -> None:
    airflow.remember_settings(stack.home, env)
    missing = [name for name in airflow.SERVICES if name not in alive]
    started = [airflow.start_service(stack.home, name, env, port) for name in missing]
    client = Client(stack.url)
    for server in started:
        processes.wait_until(stack.home, server, partial(airflow.fresh, client, server), seconds=180)
        say(f"{server.name} is up")
    say(f"Airflow at {stack.url}" if started else f"everything runs already; Airflow at {stack.url}")


def _stop_services(home: Path, *then: Callable[[Path], bool]) -> None:
    """End Airflow's services, which take seconds each, side by side; the API server after them, beside `then`.

    The scheduler waits for running tasks, and they need the API server to say how they ended.
    """
    background = [name for name in airflow.SERVICES if name != "api-server"]
    with ThreadPoolExecutor() as aside:
        list(aside.map(lambda name: processes.stop(home, name, seconds=_PATIENCE.get(name, 4)), background))
        rest = [aside.submit(stop, home) for stop in then]
        processes.stop(home, "api-server", seconds=4)
        for stopped in rest:
            stopped.result()


def _bury_the_dead(home: Path, alive: set[str], say: Callable[[str], None]) -> None:
    """End what a killed server left running. Airflow hands its tasks to the new scheduler: none may run twice."""
    died = [name for name in processes.known(home) if name not in alive]
    if alive and died:
        say(f"not running any more: {', '.join(died)}; starting again")
    processes.end(processes.orphans(home), seconds=0)


def _airflow_port(home: Path, wanted: int | None) -> int:
    """The port Airflow has; or else the wanted one, or last time's, or 8080, or a free one."""
    server = processes.running(home, "api-server")
    if server and wanted in {None, server.port}:
        return server.port
    if wanted is not None:
        return ports.claim_port(wanted)
    return ports.free_ports(1, preferred=[*processes.ports_before(home, "api-server"), _DEFAULT_AIRFLOW_PORT])[0]


def _url(port: int) -> str:
    return f"http://{ports.LOOPBACK}:{port}"


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(f"another command is starting or stopping the stack in {home}; wait for it") from None
        yield

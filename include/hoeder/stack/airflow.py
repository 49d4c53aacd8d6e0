"""Airflow 3 with LocalExecutor: its database, its settings, and its four processes. Imports no Airflow itself."""

import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from hoeder.airflow_client import Client, Unreachable
from hoeder.errors import StackError
from hoeder.stack import ports, processes
from hoeder.stack.home import logs, secret, write_private
from hoeder.stack.postgres import Postgres
from hoeder.stores.connection import Connection

# In the order they are started; the flags keep the log servers, which would listen on every address, from starting.
SERVICES: Mapping[str, Sequence[str]] = {
    "api-server": ("airflow", "api-server"),
    "scheduler": ("hoeder.stack.scheduler", "--skip-serve-logs"),
    "dag-processor": ("airflow", "dag-processor"),
    "triggerer": ("airflow", "triggerer", "--skip-serve-logs"),
}
ACCOUNTS: Mapping[str, str] = {
    "engineer": "Engineer",
    "dpo": "DPO",
    "analyst": "Analyst",
    "hoeder": "Service",
    "security_manager": "Owner",
    "access_review": "Auditor",
    "compliance_officer": "Owner",
}


def account_password(home: Path, username: str) -> str:
    """The generated password of one of ACCOUNTS."""
    return secret(home, f"airflow-account-{username}")


def write_connections(home: Path, connections: Mapping[str, Connection]) -> None:
    """Write the file that Airflow's secrets backend reads at every look-up: changes hold at once."""
    plain = {name: fields.model_dump(by_alias=True, exclude_defaults=True) for name, fields in connections.items()}
    write_private(_connections(home), json.dumps(plain, indent=2))


def connections_written(home: Path) -> bool:
    return _connections(home).exists()


def environment(home: Path, project: Path, postgres: Postgres, port: int, *, unpaused: bool) -> dict[str, str]:
    """What every Airflow process gets. Nothing of the caller's own Airflow settings leaks in."""
    password = quote(secret(home, "airflow-database"), safe="")
    database = f"postgresql+psycopg://airflow:{password}@{postgres.host}:{postgres.port}/airflow"
    url = f"http://{ports.LOOPBACK}:{port}"
    settings: Mapping[str, Mapping[str, object]] = {
        "core": {
            "auth_manager": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
            "dags_are_paused_at_creation": str(not unpaused),
            "dags_folder": project / "dags",
            "default_timezone": "Europe/Amsterdam",
            "execution_api_server_url": f"{url}/execution/",
            "executor": "LocalExecutor",
            "fernet_key": secret(home, "airflow-fernet", _fernet_key),
            "load_examples": False,
            "parallelism": 4,
            "plugins_folder": project / "plugins",
        },
        # The async driver is guessed to be asyncpg if it is not said.
        "database": {"sql_alchemy_conn": database, "sql_alchemy_conn_async": database},
        "api": {
            "base_url": url,
            "host": ports.LOOPBACK,
            "instance_name": "Hoeder",
            "port": port,
            "secret_key": secret(home, "airflow-api", _long_key),
            "workers": 1,
        },
        "api_auth": {"jwt_secret": secret(home, "airflow-jwt", _long_key)},
        # Roles are set by roles.py alone: otherwise every start gives custom roles rights and makes an Admin role.
        "fab": {"update_fab_perms": False},
        "secrets": {
            "backend": "airflow.secrets.local_filesystem.LocalFilesystemBackend",
            "backend_kwargs": json.dumps({"connections_file_path": str(_connections(home))}),
        },
        # Quick for a person who waits for short tasks on a small machine.
        "scheduler": {"scheduler_heartbeat_sec": 2, "scheduler_idle_sleep_time": 0.5},
        "dag_processor": {"min_file_process_interval": 30, "parsing_processes": 1, "refresh_interval": 30},
        "triggerer": {"capacity": 20},
        "logging": {
            "base_log_folder": logs(home) / "tasks",
            "colored_console_log": False,
            "dag_processor_child_process_log_directory": logs(home) / "dag_parsing",
        },
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    paths = {
        "AIRFLOW_HOME": str(home / "airflow"),
        "GX_ANALYTICS_ENABLED": "false",
        **_without_proxy(kept),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONPATH": str(project / "include"),
    }
    named = {
        f"AIRFLOW__{section}__{key}".upper(): str(value)
        for section, values in settings.items()
        for key, value in values.items()
    }
    return kept | paths | named


def create_database(home: Path, postgres: Postgres) -> None:
    """Airflow's role and database, if they are not there; the role gets the stored password either way."""
    password = secret(home, "airflow-database")
    with psycopg.connect(postgres.conninfo(), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'airflow'").fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(sql.SQL("{} ROLE airflow LOGIN PASSWORD {}").format(verb, sql.Literal(password)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'airflow'").fetchone():
            connection.execute("CREATE DATABASE airflow OWNER airflow")
            connection.execute("REVOKE CONNECT ON DATABASE airflow FROM PUBLIC")


def set_up(home: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Migrate Airflow's database and set roles and accounts; returns each account's id in Airflow. See roles.py."""
    (home / "airflow").mkdir(exist_ok=True, mode=0o700)
    accounts = {name: {"role": role, "password": account_password(home, name)} for name, role in ACCOUNTS.items()}
    with processes.log_path(home, "airflow-setup").open("w") as log:
        done = subprocess.run(
            [sys.executable, "-m", "hoeder.stack.roles"], env=processes.marked(home, env), cwd=home,
            input=json.dumps(accounts), stdout=subprocess.PIPE, stderr=log, text=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise StackError(f"Airflow's database could not be prepared\n{processes.tail(home, 'airflow-setup')}")
    ids: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return ids


def start_service(home: Path, name: str, env: Mapping[str, str], port: int) -> processes.Server:
    """Start one of SERVICES; returns at once."""
    command = [sys.executable, "-m", *SERVICES[name]]
    return processes.spawn(home, name, command, env=env, ports=[port] if name == "api-server" else [])


def fresh(client: Client, server: processes.Server) -> bool:
    """Whether this process, not one before it, has given a sign of life lately."""
    if server.ports and not processes.listens(server):
        return False
    try:
        beat = client.heartbeats().get(server.name)
    except Unreachable:
        return False
    return beat is not None and beat.timestamp() >= server.created


def settings_changed(home: Path, env: Mapping[str, str]) -> bool:
    """Whether the services were last started with other settings than `env`."""
    path = home / "airflow" / "settings.sha256"
    return not path.exists() or path.read_text() != _digest(env)


def remember_settings(home: Path, env: Mapping[str, str]) -> None:
    (home / "airflow" / "settings.sha256").write_text(_digest(env))


def _digest(env: Mapping[str, str]) -> str:
    kept = {name: value for name, value in env.items() if name.startswith("AIRFLOW") or name == "PYTHONPATH"}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _connections(home: Path) -> Path:
    return home / "connections.json"


def _without_proxy(env: Mapping[str, str]) -> dict[str, str]:
    """The stack's own addresses are reached without the proxy that the environment may name."""
    named = env.get("no_proxy") or env.get("NO_PROXY") or ""
    hosts = named if named == "*" else ",".join(filter(None, [named, ports.LOOPBACK, "localhost"]))
    return {"no_proxy": hosts, "NO_PROXY": hosts}  # programs differ in which one they read


def _long_key() -> str:
    return secrets.token_urlsafe(64)


def _fernet_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()

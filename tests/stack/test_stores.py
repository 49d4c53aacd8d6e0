"""PostgreSQL and S3 as they are started here: who gets in, and who does not."""

import datetime
import os
import secrets
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest
from botocore.exceptions import ClientError

from hoeder.errors import StackError
from hoeder.stack import home, ports, processes
from hoeder.stack import postgres as postgres_server
from hoeder.stack import s3 as s3_server


def test_postgres_refuses_a_wrong_password_and_no_password(postgres):
    for password in ("wrong", None):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(
                host=postgres.host, port=postgres.port, user="postgres", password=password, dbname="postgres"
            )


def test_postgres_has_no_rule_that_trusts_anybody(database):
    with psycopg.connect(database.conninfo) as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
    assert methods == [("scram-sha-256",)]


def test_postgres_log_repeats_neither_statements_nor_the_value_that_broke_a_key(database, stack_home):
    canary = f"canary-{secrets.token_hex(4)}"
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (email text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES (%s)", [canary])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES (%s)", [canary])
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute(f"SELECT '{canary}' FROM missing")
    log = processes.log_path(stack_home, "postgres").read_text()
    assert "duplicate key" in log
    assert canary not in log


def test_s3_log_does_not_repeat_the_keys_of_objects(bucket, stack_home):
    canary = f"calls/{secrets.token_hex(4)}.wav"
    bucket.client.put_object(Bucket=bucket.name, Key=canary, Body=b"x")
    bucket.client.delete_object(Bucket=bucket.name, Key=canary)
    assert canary not in processes.log_path(stack_home, "s3").read_text()


def test_stores_listen_on_loopback_only(postgres, s3, stack_home):
    servers = [psutil.Process(server.pid) for server in processes.known(stack_home).values()]
    listening = [c for server in servers for c in server.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert {c.laddr.port for c in listening} >= {postgres.port, int(s3.endpoint.rsplit(":", 1)[1])}
    assert {c.laddr.ip for c in listening} == {ports.LOOPBACK}


def test_s3_refuses_who_does_not_sign(s3, bucket):
    bucket.client.put_object(Bucket=bucket.name, Key="k", Body=b"x")
    for path in ("/", f"/{bucket.name}", f"/{bucket.name}/k"):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(s3.endpoint + path)
        assert refusal.value.code == 403


def test_no_other_port_of_s3_serves_objects_over_http(s3, bucket, stack_home):
    bucket.client.put_object(Bucket=bucket.name, Key="k", Body=b"readable")
    for port in processes.known(stack_home)["s3"].ports[1:]:
        for path in (f"/buckets/{bucket.name}/k", f"/{bucket.name}/k"):
            try:
                body = urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).read()
            except OSError:
                continue
            assert b"readable" not in body


def test_s3_put_into_a_missing_bucket_does_not_create_it(s3):
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.client("admin").put_object(Bucket="never-made", Key="k", Body=b"x")


def test_compliance_lock_holds_against_the_administrator(s3):
    client, name = s3.client("admin"), f"locked-{secrets.token_hex(6)}"
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    version = client.put_object(
        Bucket=name, Key="k", Body=b"x", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until
    )["VersionId"]
    for bypass in (False, True):
        with pytest.raises(ClientError, match="AccessDenied"):
            client.delete_object(Bucket=name, Key="k", VersionId=version, BypassGovernanceRetention=bypass)


def test_a_bucket_with_objects_is_not_deleted_with_them(bucket):
    bucket.client.put_object(Bucket=bucket.name, Key="k", Body=b"x")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        bucket.client.delete_bucket(Bucket=bucket.name)


def test_s3_rights_end_at_the_identitys_own_bucket_and_survive_a_restart(tmp_path):
    admin, reader = (
        s3_server.S3Identity("admin", ("Admin",)),
        s3_server.S3Identity("reader", ("Read:mine", "List:mine")),
    )
    try:
        first = s3_server.start(tmp_path, [admin])
        for name in ("mine", "other"):
            first.client("admin").create_bucket(Bucket=name)
            first.client("admin").put_object(Bucket=name, Key="k", Body=b"x")
        again = s3_server.start(tmp_path, [admin, reader])  # another identity: the running server takes it over
        assert again.endpoint == first.endpoint
        client = again.client("reader")
        assert client.get_object(Bucket="mine", Key="k")["Body"].read() == b"x"
        for refused in (
            lambda: client.get_object(Bucket="other", Key="k"),
            lambda: client.list_objects_v2(Bucket="other"),
            lambda: client.put_object(Bucket="mine", Key="new", Body=b"x"),
            lambda: client.delete_object(Bucket="mine", Key="k"),
            lambda: client.create_bucket(Bucket="new"),
        ):
            with pytest.raises(ClientError, match="AccessDenied"):
                refused()
    finally:
        assert s3_server.stop(tmp_path)
    assert processes.orphans(tmp_path) == []


def test_secrets_are_readable_by_their_owner_only(s3, stack_home):
    for name in ("secrets.json", "state.json", "s3.json"):
        assert (stack_home / name).stat().st_mode & 0o077 == 0
    assert s3.keys["admin"].secret not in repr(s3)


def test_a_secret_stays_the_same_until_it_is_removed(tmp_path):
    assert home.secret(tmp_path, "a") == home.secret(tmp_path, "a") != home.secret(tmp_path, "b")


def test_another_password_than_the_stored_one_is_said_at_once(postgres, stack_home):
    with pytest.raises(StackError, match="refuses the stored superuser password"):
        postgres_server.start(stack_home, "another")


def test_a_pid_that_now_belongs_to_another_program_is_not_taken_for_the_server(tmp_path):
    me = psutil.Process()
    home.make_home(tmp_path)
    processes.remember(tmp_path, processes.Server("postgres", os.getpid(), me.create_time() - 100, (1,)))
    assert processes.running(tmp_path, "postgres") is None
    assert not processes.stop(tmp_path, "postgres")


def test_a_folder_opened_to_postgres_own_user_is_said_and_one_that_is_open_is_left_alone():
    closed, said = Path(tempfile.mkdtemp()), list[str]()
    try:
        (closed / "home").mkdir(mode=0o711)
        for _ in range(2):
            postgres_server._open_the_way(closed / "home" / "pg", said.append)
        assert closed.stat().st_mode & 0o777 == 0o701
    finally:
        shutil.rmtree(closed)
    [line] = said
    assert str(closed) in line
    assert str(closed / "home") not in line

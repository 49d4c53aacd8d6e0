"""A listing that is read fast says what botocore reads from it, whatever the keys are."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from servers import Bucket

from hoeder.stack.s3 import S3
from hoeder.stores.connection import Connection, s3_client
from hoeder.stores.listing import _read

KEYS = ("a.txt", "deep/er/b c.txt", "é+%20&amp;<x>.txt", "twice.txt")


@pytest.fixture
def both(bucket: Bucket, s3: S3) -> tuple[Any, Any]:
    """Our client, and one of botocore alone."""
    keys = s3.keys["admin"]
    ours = s3_client(
        Connection(conn_type="aws", login=keys.access, password=keys.secret, extra={"endpoint_url": s3.endpoint})
    )
    plain = boto3.client(
        "s3", endpoint_url=s3.endpoint, region_name="us-east-1", aws_access_key_id=keys.access,
        aws_secret_access_key=keys.secret,
    )  # fmt: skip
    bucket.client.put_bucket_versioning(Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"})
    for key in (*KEYS, "twice.txt", "gone.txt"):
        bucket.client.put_object(Bucket=bucket.name, Key=key, Body=key.encode())
    bucket.client.delete_object(Bucket=bucket.name, Key="gone.txt")
    return ours, plain


def said(answer: dict[str, Any]) -> dict[str, Any]:
    """All of an answer but its head, and who owns what."""
    lists = {name: [{k: v for k, v in each.items() if k != "Owner"} for each in value]
             for name, value in answer.items() if name in ("Versions", "DeleteMarkers", "Contents")}  # fmt: skip
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"} | lists


@pytest.mark.parametrize("operation", ["list_object_versions", "list_objects_v2"])
@pytest.mark.parametrize("asked", [{}, {"MaxKeys": 2}, {"Delimiter": "/"}, {"Prefix": "none/"}])
def test_it_says_the_same(both: tuple[Any, Any], bucket: Bucket, operation: str, asked: dict[str, Any]) -> None:
    ours, theirs = (getattr(client, operation)(Bucket=bucket.name, **asked) for client in both)
    assert said(ours) == said(theirs)
    if not asked:
        listed = ours.get("Versions") or ours["Contents"]
        assert {each["Key"] for each in listed} >= set(KEYS) and all("Owner" not in each for each in listed)


def test_what_a_server_refuses_is_an_error_as_ever(both: tuple[Any, Any]) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        both[0].list_objects_v2(Bucket="no-such-bucket-here")


@pytest.mark.parametrize("body", [b"", b"no xml", b"<L><Version><Key>a</Key></Version></L>"])
def test_what_is_no_listing_is_left_as_it_is(body: bytes) -> None:
    operation, answer, made = (
        type("Operation", (), {"name": "ListObjectVersions"}),
        {"status_code": 200, "body": body},
        {},
    )
    _read(operation, answer, made)
    assert answer["body"] == body and made == {}

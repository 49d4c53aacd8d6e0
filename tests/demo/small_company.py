"""A small company on servers of its own: its databases and roles have fixed names."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from hoeder.demo.company import Built
from hoeder.demo.roles import BUILDER
from hoeder.stack import postgres as postgres_server
from hoeder.stack import s3 as s3_server

TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Company:
    server: postgres_server.Postgres
    s3: s3_server.S3
    built: Built
    truth: dict[str, Any]
    said: list[str]

    def objects(self, bucket: str) -> Iterator[str]:
        for page in self.s3.client(BUILDER).get_paginator("list_objects_v2").paginate(Bucket=bucket):
            yield from (item["Key"] for item in page.get("Contents", []))

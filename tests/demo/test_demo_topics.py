"""The shipped release of what notes are about, made from the demonstration's notes."""

import io

import pyarrow.parquet as pq
from servers import Database, connection_to
from small_company import TODAY, Company

from hoeder.anonymization import release
from hoeder.demo.roles import BUILDER
from hoeder.evidence.ledger import Run
from hoeder.policy import load
from hoeder.stores.connection import Connection


def test_notes_leave_as_topics_and_none_of_their_words_does(company: Company, governance: Database) -> None:
    policy = load()

    keys = company.s3.keys["anonymization"]
    extra = {"endpoint_url": company.s3.endpoint, "region_name": "eu-west-1", "bucket": "releases"}
    shelf = Connection(
        conn_type="aws", login=keys.access, password=keys.secret, extra=extra | {"quarantine": "quarantine"}
    )
    known = company.built.connections | {
        "governance_anonymization": connection_to(governance), "releases_anonymization": shelf,
    }  # fmt: skip

    bucket, before = company.s3.client(BUILDER), set(company.objects("releases"))
    try:
        made = release.run(
            "note-topics", policy, known.__getitem__, run=Run(policy.digest, "anonymization", "run", "publish"),
            version=f"{TODAY}T060000",
        )  # fmt: skip
        (key,) = (k for k in company.objects("releases") if "/note-topics/" in k and k.endswith("data.parquet"))
        table = pq.read_table(io.BytesIO(bucket.get_object(Bucket="releases", Key=key)["Body"].read()))
    finally:
        for key in set(company.objects("releases")) - before:  # the company is other tests' too
            bucket.delete_object(Bucket="releases", Key=key)
    assert made.k_reached >= 10
    (found,) = (each for each in policy.releases if each.release == "note-topics")
    topics = {*(each.topic for each in found.topics["body"]), "other"}
    shown = {value for value in table.column("body").to_pylist() if value is not None}
    assert len(shown & topics) >= 3, "several topics are spoken about often enough"
    assert shown <= topics | {"all"}, "and nothing else is said of a text"

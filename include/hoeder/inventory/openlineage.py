"""One OpenLineage event for each dataset that a scan met: its schema, its owner, and what of it is personal.

Events are of the static kind (DatasetEvent, OpenLineage 2-0-2): they say what a dataset is, whatever job touches it.
"""

from datetime import datetime
from typing import Any

from hoeder.inventory.findings import WHOLE, Verdict
from hoeder.inventory.result import ObjectResult
from hoeder.policy.models import Policy

PRODUCER = "urn:hoeder:inventory"
_SPEC = "https://openlineage.io/spec"
_EVENT = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/DatasetEvent"


def event(thing: ObjectResult, store: str, policy: Policy, at: datetime) -> dict[str, Any]:
    """A DatasetEvent of one table or prefix. `at` has a timezone."""
    namespace, name = thing.place
    columns = [c for c in thing.columns if c.column != WHOLE and c.verdict is not Verdict.NOT_FOUND]
    dataset = next((d for d in policy.datasets.values() if d.store == store), None)
    declared = (dataset.tables.get(thing.object) or dataset.prefixes.get(thing.object)) if dataset else None
    owner = policy.stores[store].owner
    facets: dict[str, Any] = {
        "schema": _facet("facets/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet")
        | {"fields": [{"name": c.column, "type": thing.types.get(c.column, "")} for c in columns]},
        "ownership": _facet("facets/1-0-1/OwnershipDatasetFacet.json#/$defs/OwnershipDatasetFacet")
        | {"owners": [{"name": owner, "type": "DATA_OWNER"}]},
        "hoeder_personalData": _facet(None)
        | {
            "store": store,
            "rows": thing.rows,
            "readAt": thing.read_at.isoformat(),
            "purpose": declared.purpose if declared else None,
            "subjectKind": declared.subject.kind if declared and declared.subject else None,
            "recipients": list(declared.recipients) if declared else [],
            "retentionRules": sorted(
                rule.rule for rule in policy.retention if rule.store == store and rule.target == thing.object
            ),
            "columns": [
                {"name": c.column, "declared": c.declared, "found": c.category, "verdict": c.verdict.value}
                for c in columns
                if c.personal or c.verdict is not Verdict.AGREED
            ],
        },
    }
    if declared:
        facets["documentation"] = _facet(
            "facets/1-0-1/DocumentationDatasetFacet.json#/$defs/DocumentationDatasetFacet"
        ) | {"description": declared.description}
    return {
        "eventTime": at.isoformat(),
        "producer": PRODUCER,
        "schemaURL": _EVENT,
        "dataset": {"namespace": namespace, "name": name, "facets": facets},
    }


def _facet(schema: str | None) -> dict[str, Any]:
    url = f"{_SPEC}/{schema}" if schema else "urn:hoeder:facet:personalData:1-0-0"
    return {"_producer": PRODUCER, "_schemaURL": url}

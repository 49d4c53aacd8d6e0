"""Every indicator of the report, in its order."""

from hoeder.report.kpis import (
    access,
    disclosures,
    evidence,
    incidents,
    inventory,
    marketing,
    promises,
    registers,
    releases,
    requests,
    retention,
)

KPIS = (
    *promises.KPIS,
    *inventory.KPIS,
    *registers.KPIS,
    *retention.KPIS,
    *releases.KPIS,
    *access.KPIS,
    *marketing.KPIS,
    *requests.KPIS,
    *incidents.KPIS,
    *disclosures.KPIS,
    *evidence.KPIS,
)

"""Audit report: the figures of the ledger for the DPO, as a web page and a PDF, in a bucket under object lock.

Runs on the first of the month, and whenever releases and erasures are both through. Reads the governance database only.
"""

from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, Param, dag, task


@dag(
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("0 7 1 * *", timezone="Europe/Amsterdam"),
        assets=Asset(name="releases", uri="x-hoeder://releases") & Asset(name="erasures", uri="x-hoeder://erasures"),
    ),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data engineering", "retries": 1, "retry_delay": timedelta(seconds=30)},
    params={"language": Param("nl", enum=["nl", "en"], description="Language of the report")},
    tags=["audit_report"],
    doc_md=__doc__,
)
def audit_report():
    @task(outlets=[Asset(name="report", uri="x-hoeder://report")])
    def write(params: dict[str, str] | None = None) -> dict[str, str]:
        from hoeder import orchestration

        return orchestration.write_report((params or {})["language"])

    write()


audit_report()

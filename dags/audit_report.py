"""Audit report: the promises held against the evidence, and the figures for the DPO, signed and under object lock.

First the registers are made anew and every promise is judged. Then a web page, a PDF and JSON: on the first of the
month about the month before, with the quarter or year that ended; whenever releases and erasures are both through,
about the month so far; and about any period on demand. Reads the governance database only. Where policy names a
mailbox, it is told; a mail that fails loses no report.
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
    params={
        "period": Param("", type="string", description="2026-10, 2026-Q3, 2026, 2026-10-05..2026-10-18, or empty"),
        "language": Param("nl", enum=["nl", "en"], description="Language of the report"),
    },
    tags=["audit_report"],
    doc_md=__doc__,
)
def audit_report():
    @task
    def refresh() -> dict[str, int]:
        from hoeder.orchestration import audit_report as tasks

        return tasks.refresh_registers()

    @task
    def assess() -> dict[str, int]:
        from hoeder.orchestration import audit_report as tasks

        return tasks.assess_promises()

    @task(trigger_rule="none_failed", outlets=[Asset(name="report", uri="x-hoeder://report")])
    def write(params: dict[str, str] | None = None) -> list[dict[str, object]]:
        from hoeder.orchestration import audit_report as tasks

        chosen = params or {}
        return tasks.write_reports(chosen["period"], chosen["language"])

    @task
    def send(made: list[dict[str, object]]) -> int:
        from hoeder.orchestration import audit_report as tasks

        return tasks.send_reports(made)

    made = write()
    refresh() >> assess() >> made
    send(made)


audit_report()

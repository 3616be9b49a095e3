"""The read model made again from the source tables, and compared with what it should be."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.projections import batch_overview, essay_report, notifications

_COLUMNS = {
    batch_overview.TABLE: (
        "batch_id, owner_id, status, course_code, language, class_designation,"
        " expected_essay_count, essay_counts, run_id, run_status, pipeline, canvas_id, phases,"
        " created_at, run_started_at, completed_at, action_required"
    ),
    essay_report.TABLE: ", ".join(essay_report.COLUMNS),
}
_SOURCES = {batch_overview.TABLE: batch_overview.SOURCE, essay_report.TABLE: essay_report.SOURCE}


def rebuild(session: Session) -> None:
    """Write every row of the read model anew; the cursors stand where the events ended."""
    # The cursors first: a row may then show more than its cursor says, which the projector mends,
    # but never less.
    session.execute(
        text("""
            insert into projection_cursors (batch_id, event_no) select id, event_no from batches
            on conflict (batch_id) do update set event_no = excluded.event_no,
                version = projection_cursors.version + 1
        """)
    )
    # The rows of essays stay, so that those which were right keep the number they changed at.
    session.execute(text(f"delete from {batch_overview.TABLE}"))  # noqa: S608 - a constant
    batch_ids = list(session.scalars(text("select id from batches order by id")))
    batch_overview.recompute(session, batch_ids)
    essay_report.recompute_batches(session, batch_ids)
    notifications.add_missing(session)


def differences(session: Session) -> list[tuple[str, UUID]]:
    """Rows of the read model that are not what the source tables say: (table, batch).

    Batches whose projector has not caught up are left out: they differ for a moment by design.
    """
    found: list[tuple[str, UUID]] = []
    for table, columns in _COLUMNS.items():
        rows = session.scalars(
            text(f"""
                with expected as materialized (select {columns} from ({_SOURCES[table]}) s),
                kept as materialized (select {columns} from {table}),
                differs as (
                    (select * from expected except select * from kept)
                    union all (select * from kept except select * from expected))
                select distinct d.batch_id from differs d
                join batches b on b.id = d.batch_id
                join projection_cursors c on c.batch_id = b.id and c.event_no = b.event_no
                order by 1
            """)  # noqa: S608 - every part is a constant of the projections
        )
        found.extend((table, batch_id) for batch_id in rows)
    found.extend((notifications.TABLE, batch_id) for batch_id in notifications.differences(session))
    return found

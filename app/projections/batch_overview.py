"""A batch's row for lists and for its status, from the source tables."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

TABLE = "batch_overview"

SOURCE = """
    select b.id as batch_id, b.owner_id, b.status, b.course_code, b.language, b.class_designation,
        b.expected_essay_count,
        coalesce((select jsonb_object_agg(c.status, c.n) from
            (select e.status, count(*) as n from essays e where e.batch_id = b.id
             group by e.status) c), '{}'::jsonb) as essay_counts,
        r.id as run_id, r.status as run_status, r.pipeline, r.canvas_id,
        coalesce((select jsonb_agg(jsonb_build_object(
                'phase', p.phase, 'status', p.status, 'reason', p.reason, 'total', p.total,
                'done', p.done, 'failed', p.failed, 'reused', p.reused,
                'started_at', p.started_at, 'finished_at', p.finished_at) order by p.ordinal)
            from phase_runs p where p.run_id = r.id), '[]'::jsonb) as phases,
        b.created_at, r.created_at as run_started_at, b.completed_at
    from batches b
    left join lateral (select * from runs where runs.batch_id = b.id
        order by runs.created_at desc limit 1) r on true
"""


def recompute(session: Session, batch_ids: Collection[UUID]) -> None:
    """Write the rows of these batches anew."""
    session.execute(
        text(f"""
            insert into {TABLE} (batch_id, owner_id, status, course_code, language,
                class_designation, expected_essay_count, essay_counts, run_id, run_status, pipeline,
                canvas_id, phases, created_at, run_started_at, completed_at)
            {SOURCE} where b.id = any(:ids)
            on conflict (batch_id) do update set
                status = excluded.status, essay_counts = excluded.essay_counts,
                run_id = excluded.run_id, run_status = excluded.run_status,
                pipeline = excluded.pipeline, canvas_id = excluded.canvas_id,
                phases = excluded.phases, run_started_at = excluded.run_started_at,
                completed_at = excluded.completed_at, owner_id = excluded.owner_id,
                course_code = excluded.course_code, language = excluded.language,
                class_designation = excluded.class_designation,
                expected_essay_count = excluded.expected_essay_count,
                created_at = excluded.created_at
        """),
        {"ids": list(batch_ids)},
    )

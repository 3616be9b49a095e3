"""A batch's row for lists and for its status, from the source tables."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from app.projections import sort_keys
from app.repositories.arrays import literal

TABLE = "batch_overview"

# What the teacher has to do next. A file that is being read is nobody's turn, and whoever has not handed in by the
# batch's deadline is not waited for any more.
_ACTION = """
    case
        when b.status = 'processing' then null
        when exists (select 1 from essays e where e.batch_id = b.id
            and e.status = 'awaiting_content' and e.file_id is null) then 'hand_in_files'
        when exists (select 1 from essays e where e.batch_id = b.id
            and e.status = 'content_failed' and e.failure_code <> 'not_handed_in') then 'fix_files'
        when exists (select 1 from essays e where e.batch_id = b.id
            and e.status = 'awaiting_content') then null
        when not exists (select 1 from essays e where e.batch_id = b.id
            and e.text_storage_id is not null) then 'hand_in_files'
        when exists (select 1 from essays e where e.batch_id = b.id
            and e.status in ('failed', 'partly_processed')) then 'retry_failed'
        when exists (select 1 from essays e where e.batch_id = b.id
            and e.status = 'ready_for_processing')
            and (b.status <> 'ready' or b.pipeline is null) then 'start_pipeline'
    end
"""

SOURCE = f"""
    select b.id as batch_id, b.owner_id, b.status, b.course_code, b.language, b.class_designation,
        b.expected_essay_count,
        coalesce((select jsonb_object_agg(c.status, c.n) from
            (select e.status, count(*) as n from essays e where e.batch_id = b.id
             group by e.status) c), '{{}}'::jsonb) as essay_counts,
        r.id as run_id, r.status as run_status, r.pipeline, r.canvas_id,
        coalesce((select jsonb_agg(jsonb_build_object(
                'phase', p.phase, 'status', p.status, 'reason', p.reason, 'total', p.total,
                'done', p.done, 'failed', p.failed, 'reused', p.reused,
                'started_at', p.started_at, 'finished_at', p.finished_at) order by p.ordinal)
            from phase_runs p where p.run_id = r.id), '[]'::jsonb) as phases,
        b.created_at, r.created_at as run_started_at, b.completed_at,
        {_ACTION} as action_required
    from batches b
    left join lateral (select * from runs where runs.batch_id = b.id
        order by runs.created_at desc limit 1) r on true
"""  # noqa: S608 - every part is a constant of this module


_UPSERT = f"""
    insert into {TABLE} (batch_id, owner_id, status, course_code, language,
        class_designation, expected_essay_count, essay_counts, run_id, run_status, pipeline,
        canvas_id, phases, created_at, run_started_at, completed_at, action_required)
    {SOURCE} where b.id = any(cast(:ids as uuid[]))
    on conflict (batch_id) do update set
        status = excluded.status, essay_counts = excluded.essay_counts,
        run_id = excluded.run_id, run_status = excluded.run_status,
        pipeline = excluded.pipeline, canvas_id = excluded.canvas_id,
        phases = excluded.phases, run_started_at = excluded.run_started_at,
        completed_at = excluded.completed_at, owner_id = excluded.owner_id,
        course_code = excluded.course_code, language = excluded.language,
        class_designation = excluded.class_designation,
        expected_essay_count = excluded.expected_essay_count,
        created_at = excluded.created_at, action_required = excluded.action_required,
        class_key = case when {TABLE}.class_designation = excluded.class_designation
            then {TABLE}.class_key end
"""


def recompute(session: Session, batch_ids: Collection[UUID]) -> None:
    """Write the rows of these batches anew."""
    sort_keys.write(
        session,
        TABLE,
        row="batch_id",
        names={"class_designation": "class_key"},
        upsert=_UPSERT,
        values={"ids": literal(batch_ids)},
    )

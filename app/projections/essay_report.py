"""An essay's row for the results table and its own page, from the source tables."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.projections import sort_keys

TABLE = "essay_report"

# The newest outcome for the essay's present text counts, whichever run it is from: a text that was replaced and
# has come back has its results again, and no text ever shows those of another.
SOURCE = """
    select e.id as essay_pk, e.batch_id, e.essay_id, e.position, e.status, f.file_name,
        e.student_name, e.failure_code, e.failure_reason,
        coalesce((select jsonb_object_agg(n.phase, jsonb_build_object('status', n.status,
                'failure_code', n.failure_code, 'failure_reason', n.failure_reason))
            from (select distinct on (r.phase) r.* from results r
                where r.item_id = e.id and r.text_sha256 = e.text_sha256
                order by r.phase, r.created_at desc) n), '{}'::jsonb) as phases,
        (select jsonb_build_object('word_count', s.word_count, 'error_count', s.error_count,
                'error_rate', s.error_rate, 'counts_by_kind', s.detail -> 'counts_by_kind')
            from results r join spellcheck_results s
                on s.run_id = r.run_id and s.essay_id = r.item_id
            where r.item_id = e.id and r.phase = 'spellcheck' and r.text_sha256 = e.text_sha256
            order by r.created_at desc limit 1) as spelling,
        (select m.detail from results r join nlp_results m
                on m.run_id = r.run_id and m.essay_id = r.item_id
            where r.item_id = e.id and r.phase = 'nlp' and r.text_sha256 = e.text_sha256
            order by r.created_at desc limit 1) as metrics
    from essays e
    left join files f on f.id = e.file_id
"""


def recompute_batches(session: Session, batch_ids: Collection[UUID]) -> None:
    """Write the rows of every essay of these batches anew."""
    _write(session, "batch_id", "e.batch_id", batch_ids)


def recompute(session: Session, essay_pks: Collection[UUID]) -> None:
    """Write the rows of these essays anew."""
    _write(session, "essay_pk", "e.id", essay_pks)


def _write(session: Session, column: str, source: str, ids: Collection[UUID]) -> None:
    session.execute(
        text(f"""
            insert into {TABLE} (essay_pk, batch_id, essay_id, position, status, file_name,
                student_name, failure_code, failure_reason, phases, spelling, metrics)
            {SOURCE} where {source} = any(:ids)
            on conflict (essay_pk) do update set
                batch_id = excluded.batch_id, essay_id = excluded.essay_id,
                position = excluded.position, status = excluded.status,
                file_name = excluded.file_name, student_name = excluded.student_name,
                failure_code = excluded.failure_code,
                failure_reason = excluded.failure_reason, phases = excluded.phases,
                spelling = excluded.spelling, metrics = excluded.metrics,
                student_key = case when {TABLE}.student_name = excluded.student_name
                    then {TABLE}.student_key end,
                file_key = case when {TABLE}.file_name = excluded.file_name
                    then {TABLE}.file_key end
        """),
        {"ids": list(ids)},
    )
    sort_keys.fill(
        session,
        TABLE,
        row="essay_pk",
        names={"student_name": "student_key", "file_name": "file_key"},
        where=f"{column} = any(:ids)",
        ids=ids,
    )

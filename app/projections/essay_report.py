"""An essay's row for the results table and its own page, from the source tables."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from app.prepared import prepared
from app.projections import sort_keys
from app.repositories.arrays import literal

TABLE = "essay_report"
COLUMNS = (
    "essay_pk",
    "batch_id",
    "essay_id",
    "position",
    "status",
    "file_name",
    "student_name",
    "language",
    "failure_code",
    "failure_reason",
    "phases",
    "spelling",
    "metrics",
    "findings",
    "left_out",
)
"""What comes from the source tables; `event_no` says since when."""

# What was found counts as an error unless its form is allowed in the batch. It is decided here and nowhere else: counts
# are taken, and errors shown, of what this has kept. Rounding is that of the phase, half to even. A result that says
# nothing of its findings, from a release that did not write them, is shown as it is.
_SPELLING = """
    case when s.run_id is not null then jsonb_build_object(
        'language', coalesce(s.detail ->> 'language', b.language),
        'mismatch', s.detail ->> 'mismatch',
        'word_count', s.word_count,
        'error_count', case when c.left_out is null then s.error_count else c.count end,
        'error_rate', case when c.left_out is null then s.error_rate
            else round(c.count / nullif((s.detail ->> 'checked_count')::float8, 0) * 10000) / 10000
            end,
        'counts_by_kind', case when c.left_out is null then s.detail -> 'counts_by_kind'
            else (select jsonb_object_agg(kind, (select count(*)
                    from jsonb_array_elements(c.findings) as f (finding)
                    where finding ->> 'kind' = kind))
                from jsonb_object_keys(s.detail -> 'counts_by_kind') as k (kind)) end)
    end as spelling"""
_COUNTED = """
    left join lateral (
        select s.* from results r join spellcheck_results s
            on s.run_id = r.run_id and s.essay_id = r.item_id
        where n.phases ? 'spellcheck'
            and r.item_id = e.id and r.phase = 'spellcheck' and r.text_sha256 = e.text_sha256
        -- One in the essay's present language has come back with that language, whatever was found since.
        order by s.detail ->> 'language' = coalesce(e.language, b.language) desc nulls last,
            r.created_at desc limit 1) s on true
    left join lateral (
        select coalesce(jsonb_agg(f.finding order by f.at) filter (where a.form is null),
                '[]'::jsonb) as findings,
            jsonb_agg(distinct a.form) filter (where a.form is not null) as left_out,
            count(*) filter (where a.form is null) as count
        from jsonb_array_elements(s.findings) with ordinality as f (finding, at)
        left join allowed_words a on a.batch_id = e.batch_id and a.form = f.finding ->> 'form'
    ) c on s.findings is not null"""

# The newest outcome for the essay's present text counts, whichever run it is from: of several with one key an object
# keeps the last. So a text that was replaced and has come back has its results again, and no text ever shows those of
# another. What a phase found is looked for only where it has an outcome.
SOURCE = f"""
    select e.id as essay_pk, e.batch_id, e.essay_id, e.position, e.status, f.file_name,
        e.student_name, e.language, e.failure_code, e.failure_reason,
        coalesce(n.phases, '{{}}'::jsonb) as phases,
        {_SPELLING},
        (select m.detail from results r join nlp_results m
                on m.run_id = r.run_id and m.essay_id = r.item_id
            where n.phases ? 'nlp'
                and r.item_id = e.id and r.phase = 'nlp' and r.text_sha256 = e.text_sha256
            order by r.created_at desc limit 1) as metrics,
        c.findings, c.left_out
    from essays e
    join batches b on b.id = e.batch_id
    left join files f on f.id = e.file_id
    left join lateral (
        select jsonb_object_agg(r.phase, jsonb_build_object('status', r.status,
            'failure_code', r.failure_code, 'failure_reason', r.failure_reason) order by r.created_at) as phases
        from results r where r.item_id = e.id and r.text_sha256 = e.text_sha256
    ) n on true
    {_COUNTED}
"""  # noqa: S608 - every part is a constant of this module


_MOVE = f"""
    update {TABLE} k set status = e.status, event_no = coalesce(c.event_no, 0) + 1
    from essays e left join projection_cursors c on c.batch_id = e.batch_id
    where e.batch_id = :batch_id and k.essay_pk = e.id
"""  # noqa: S608 - a constant of this module


def recompute_batches(session: Session, batch_ids: Collection[UUID]) -> None:
    """Write the rows of every essay of these batches anew."""
    _write(session, "e.batch_id", batch_ids)


def recompute(session: Session, essay_pks: Collection[UUID | str]) -> None:
    """Write the rows of these essays anew."""
    _write(session, "e.id", essay_pks)


def move(session: Session, batch_id: UUID) -> None:
    """Bring the status of every essay of a batch up to date, and nothing else of it."""
    prepared(f"{_MOVE} and k.status <> e.status").on(session, {"batch_id": batch_id})


def leave_processing(session: Session, batch_id: UUID) -> None:
    """The same of those alone that are shown as worked on, and are not any more."""
    prepared(f"{_MOVE} and k.status = 'in_processing' and e.status <> 'in_processing'").on(
        session, {"batch_id": batch_id}
    )


def _write(session: Session, source: str, ids: Collection[UUID | str]) -> None:
    # A row is numbered by the event after the cursor, and only when something in it has changed. Whoever asks for
    # the changes after N has N from the cursor. Every writer holds the cursor's row until its commit, so while the
    # cursor stood at N no row could come to show anything new under a number up to N; and when the cursor has moved
    # past the number a row was given, the commit that wrote the row lies before that: whoever has read the cursor
    # there reads the row too. A number one too low would lose a change, one too high only sends a row twice.
    sort_keys.write(
        session,
        TABLE,
        row="essay_pk",
        names={"student_name": "student_key", "file_name": "file_key"},
        upsert=f"""
            insert into {TABLE} as kept ({", ".join(COLUMNS)}, event_no)
            select {", ".join(f"s.{each}" for each in COLUMNS)}, coalesce(c.event_no, 0) + 1
            from ({SOURCE} where {source} = any(cast(:ids as uuid[]))) s
            left join projection_cursors c on c.batch_id = s.batch_id
            on conflict (essay_pk) do update set
                {", ".join(f"{each} = excluded.{each}" for each in (*COLUMNS, "event_no"))},
                student_key = case when kept.student_name = excluded.student_name
                    then kept.student_key end,
                file_key = case when kept.file_name = excluded.file_name then kept.file_key end
            where ({", ".join(f"kept.{each}" for each in COLUMNS)})
                is distinct from ({", ".join(f"excluded.{each}" for each in COLUMNS)})
        """,  # noqa: S608 - every part is a constant of this module
        values={"ids": literal(ids)},
    )

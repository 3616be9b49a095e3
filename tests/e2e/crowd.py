"""A batch of thousands, made at once: one essay is really processed, the others are copies of its rows."""

from uuid import UUID

from sqlalchemy import text

from app.projections import rebuild
from app.services.deps import Deps

_COPIES = (
    "update batches set expected_essay_count = :count where id = :batch",
    "create temporary table copies on commit drop as"
    " select n, gen_random_uuid() as id from generate_series(2, :count) n",
    "insert into essays (id, batch_id, position, essay_id, status, file_id, text_storage_id, text_sha256)"
    " select c.id, e.batch_id, c.n - 1, 'essay-' || c.n, e.status, e.file_id, e.text_storage_id,"
    " e.text_sha256 from essays e, copies c where e.batch_id = :batch",
    "insert into results select r.run_id, r.phase, c.id, r.batch_id, r.status, r.input_hash,"
    " r.engine_version, r.result_hash, r.failure_code, r.failure_reason, r.elapsed_ms,"
    " r.text_sha256, r.created_at from results r, copies c where r.batch_id = :batch",
    # Figures that differ, so that there is something to sort.
    "insert into spellcheck_results (run_id, essay_id, detail, word_count, error_count, error_rate)"
    " select s.run_id, c.id, s.detail, 100 + (c.n * 37) % 400, c.n % 23, (c.n % 23) / 100.0"
    " from spellcheck_results s join essays e on e.id = s.essay_id, copies c where e.batch_id = :batch",
    "insert into nlp_results (run_id, essay_id, detail) select m.run_id, c.id, m.detail"
    " from nlp_results m join essays e on e.id = m.essay_id, copies c where e.batch_id = :batch",
    "update phase_runs set total = :count, done = :count where batch_id = :batch",
)


def multiply(batch_id: UUID, count: int, deps: Deps) -> None:
    """Make a batch of one processed essay a batch of `count`."""
    with deps.uow("multiply") as uow:
        for statement in _COPIES:
            uow.session.execute(text(statement), {"batch": batch_id, "count": count})
        rebuild.rebuild(uow.session)
        uow.commit()

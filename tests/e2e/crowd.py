"""A batch of thousands, made at once: one essay is really processed, the others are copies of its rows."""

from uuid import UUID

from sqlalchemy import text

from app.projections import rebuild
from app.services.deps import Deps
from models import NlpResult, Result, SpellcheckResult
from models.base import Base


def _copied(table: type[Base], key: str, **others: str) -> str:
    """Copy the rows of the one essay for all the others; `others` are columns that are to differ."""
    names = [column.name for column in table.__table__.columns]
    values = {name: f"o.{name}" for name in names} | {key: "c.id"} | others
    return (
        f"insert into {table.__tablename__} ({', '.join(names)})"
        f" select {', '.join(values[name] for name in names)} from {table.__tablename__} o"
        f" join essays e on e.id = o.{key}, copies c where e.batch_id = :batch"
    )


_COPIES = (
    "update batches set expected_essay_count = :count where id = :batch",
    "create temporary table copies on commit drop as"
    " select n, gen_random_uuid() as id from generate_series(2, :count) n",
    "insert into essays (id, batch_id, position, essay_id, status, file_id, text_storage_id, text_sha256)"
    " select c.id, e.batch_id, c.n - 1, 'essay-' || c.n, e.status, e.file_id, e.text_storage_id,"
    " e.text_sha256 from essays e, copies c where e.batch_id = :batch",
    _copied(Result, "item_id"),
    _copied(
        SpellcheckResult, "essay_id", error_count="c.n % 23", word_count="100 + (c.n * 37) % 400"
    ),
    _copied(NlpResult, "essay_id"),
    "update phase_runs set total = :count, done = :count where batch_id = :batch",
)


def multiply(batch_id: UUID, count: int, deps: Deps) -> None:
    """Make a batch of one processed essay a batch of `count`."""
    with deps.uow("multiply") as uow:
        for statement in _COPIES:
            uow.session.execute(text(statement), {"batch": batch_id, "count": count})
        rebuild.rebuild(uow.session)
        uow.commit()

"""What phases found."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.prepared import prepared
from app.repositories.arrays import literal, sparse
from models import (
    BATCH_RESULTS,
    ESSAY_RESULTS,
    JUDGEMENT_RESULTS,
    UNIT_RESULTS,
    Batch,
    Essay,
    Result,
)


class Ended(NamedTuple):
    """The end of one unit, as the ledger keeps it."""

    item_id: UUID
    status: str
    input_hash: str
    result_hash: str | None = None
    failure_code: str | None = None
    failure_reason: str | None = None
    elapsed_ms: float = 0.0
    text_sha256: str | None = None
    error: str | None = None
    result: Mapping[str, Any] | None = None


class Results:
    """The results of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        ended: Sequence[Ended],
        *,
        batch_id: UUID,
        run_id: UUID,
        phase: str,
        engine_version: str,
    ) -> None:
        """Write the ends of units, and what was found in the phase's own table."""
        if not ended:
            return
        prepared("""
                insert into results (run_id, phase, item_id, batch_id, status, input_hash,
                    engine_version, result_hash, failure_code, failure_reason, elapsed_ms,
                    text_sha256, created_at)
                select :run_id, :phase, w.item_id, :batch_id, w.status, w.input_hash,
                    :engine_version, w.result_hash, w.code, w.reason, w.elapsed_ms,
                    coalesce(w.text, (select e.text_sha256 from essays e where e.id = w.item_id)), now()
                from unnest(cast(:items as uuid[]), cast(:statuses as text[]),
                    cast(:inputs as text[]), cast(:hashes as text[]), cast(:codes as text[]),
                    cast(:reasons as text[]), cast(:elapsed as float8[]), cast(:texts as text[]))
                    as w(item_id, status, input_hash, result_hash, code, reason, elapsed_ms, text)
            """).on(
            self._session,
            {
                "run_id": run_id,
                "phase": phase,
                "batch_id": batch_id,
                "engine_version": engine_version,
                "items": literal(end.item_id for end in ended),
                "statuses": literal(end.status for end in ended),
                "inputs": literal(end.input_hash for end in ended),
                "hashes": literal(end.result_hash for end in ended),
                "codes": sparse([end.failure_code for end in ended]),
                "reasons": sparse([end.failure_reason for end in ended]),
                "elapsed": literal(end.elapsed_ms for end in ended),
                "texts": sparse([end.text_sha256 for end in ended]),
            },
        )
        for table in UNIT_RESULTS.get(phase, ()):
            rows = [
                {"run_id": run_id, "detail": end.result, **table.row(end.item_id, end.result)}
                for end in ended
                if end.result is not None and table.takes(end.result)
            ]
            if rows:
                self._session.execute(insert(table), rows)

    def found(self, run_id: UUID, phase: str) -> tuple[Mapping[str, Any], ...]:
        """All that the units of a phase have found in a run, in an order that is always the same."""
        return tuple(
            detail
            for table in JUDGEMENT_RESULTS.get(phase, ())
            for detail in self._session.scalars(
                select(table.detail).where(table.run_id == run_id).order_by(*table.order())
            )
        )

    def add_of_batch(
        self, result: Mapping[str, Any], *, batch_id: UUID, run_id: UUID, phase: str
    ) -> None:
        """Write what a phase found of a whole batch."""
        table = BATCH_RESULTS[phase]
        self._session.execute(
            insert(table),
            {"run_id": run_id, "batch_id": batch_id, "detail": result, **table.columns(result)},
        )

    def reusable(self, batch_id: UUID, phase: str, engine_version: str) -> set[tuple[UUID, str]]:
        """What a phase has results for from any run, with the input hash they had."""
        rows = self._session.execute(
            select(Result.item_id, Result.input_hash).where(
                Result.batch_id == batch_id,
                Result.phase == phase,
                Result.engine_version == engine_version,
                Result.status == "done",
            )
        )
        return {(row.item_id, row.input_hash) for row in rows}

    def essays_with_result(self, batch_id: UUID, phases: Sequence[str]) -> dict[str, set[UUID]]:
        """Phase → the essays whose present text has its result, from whichever run."""
        found: dict[str, set[UUID]] = {}
        for phase, essay_id in self._of_present_texts(batch_id, phases, "done"):
            found.setdefault(phase, set()).add(essay_id)
        return found

    def essays_without(self, batch_id: UUID, phases: Sequence[str]) -> dict[str, set[str]]:
        """Phase → the essays whose present text has no result of it, from whichever run."""
        rows = prepared("""
                select p.phase, e.id::text from unnest(cast(:phases as text[])) as p(phase)
                cross join essays e where e.batch_id = :batch_id
                  -- Hashed whatever the statistics say, which know little of rows a second old.
                  and (p.phase, e.id, coalesce(e.text_sha256, '')) not in (
                    select r.phase, r.item_id, r.text_sha256 from results r
                    where r.batch_id = :batch_id and r.phase = any(:phases) and r.status = 'done'
                      and r.text_sha256 is not null)
            """).on(
            self._session,
            {"batch_id": batch_id, "phases": list(phases)},
        )
        found: dict[str, set[str]] = {phase: set() for phase in phases}
        for phase, essay_id in rows.all():
            found[phase].add(essay_id)
        return found

    def essays_failed(self, batch_id: UUID, phases: Sequence[str]) -> set[str]:
        """The essays whose present text failed in some of these phases, in whichever run."""
        return {str(essay) for _, essay in self._of_present_texts(batch_id, phases, "failed")}

    def _of_present_texts(
        self, batch_id: UUID, phases: Sequence[str], status: str
    ) -> list[tuple[str, UUID]]:
        rows = prepared("""
                select distinct r.phase, r.item_id from results r
                join essays e on e.id = r.item_id and e.text_sha256 = r.text_sha256
                where r.batch_id = :batch_id and r.phase = any(:phases) and r.status = :status
            """).on(
            self._session,
            {"batch_id": batch_id, "phases": list(phases), "status": status},
        )
        return [(row.phase, row.item_id) for row in rows]

    def detail(self, phase: str, essay_id: UUID) -> Mapping[str, Any] | None:
        """The newest result of a phase for one essay's present text, whole; rather one in its present language."""
        table = ESSAY_RESULTS[phase]
        found: Mapping[str, Any] | None = self._session.scalars(
            select(table.detail)
            .join(
                Result,
                (Result.run_id == table.run_id)
                & (Result.item_id == table.essay_id)
                & (Result.phase == phase),
            )
            .join(Essay, (Essay.id == Result.item_id) & (Essay.text_sha256 == Result.text_sha256))
            .join(Batch, Batch.id == Essay.batch_id)
            .where(table.essay_id == essay_id)
            .order_by(
                (table.detail["language"].astext == func.coalesce(Essay.language, Batch.language))
                .desc()
                .nulls_last(),
                Result.created_at.desc(),
            )
            .limit(1)
        ).one_or_none()
        return found

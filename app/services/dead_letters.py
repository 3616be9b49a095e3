"""What nobody could handle: looked at, played again, or put away by an operator."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import case, exists, select

from app import paging
from app.errors import DeadLetterResolved, NothingToRetry, RunActive, UnknownPipeline
from app.paging import Order, Page
from app.repositories import keyset
from app.services import projecting, retrying, runs
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import DeadLetter, Essay, PhaseRun, Result
from pipelines import events
from pipelines.vocabulary import DeadLetterReason, DeadLetterStatus, PhaseStatus

OPEN, REPLAYED, DISCARDED = DeadLetterStatus

log = structlog.get_logger(__name__)

ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "-created_at": Order((paging.moment, paging.uuid), descending=True),
        "created_at": Order((paging.moment, paging.uuid)),
    }
)

# Whether what a letter is about has come to its result since, by a replay or otherwise.
_DONE_SINCE = case(
    (
        DeadLetter.item_id.is_not(None),
        exists().where(
            Result.batch_id == DeadLetter.batch_id,
            Result.phase == DeadLetter.phase,
            Result.item_id == DeadLetter.item_id,
            Result.status == "done",
            Result.created_at > DeadLetter.created_at,
        ),
    ),
    (
        DeadLetter.reason == DeadLetterReason.PLANNING_FAILED,
        exists().where(
            PhaseRun.batch_id == DeadLetter.batch_id,
            PhaseRun.phase == DeadLetter.phase,
            PhaseRun.status.in_([PhaseStatus.COMPLETED, PhaseStatus.COMPLETED_WITH_FAILURES]),
            PhaseRun.finished_at > DeadLetter.created_at,
        ),
    ),
    else_=None,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters: of these states and reasons, or of any; of one batch, or of all."""

    statuses: Collection[str] = ()
    reasons: Collection[str] = ()
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who deals with a dead letter, and what they have to say about it."""

    by: str
    note: str | None = None


@in_request
def letters(wanted: Wanted, page: Page, *, deps: Deps) -> dict[str, Any]:
    """A page of dead letters, without their messages."""
    with deps.uow("read_dead_letters") as uow:
        query = _query()
        if wanted.statuses:
            query = query.where(DeadLetter.status.in_(wanted.statuses))
        if wanted.reasons:
            query = query.where(DeadLetter.reason.in_(wanted.reasons))
        if wanted.batch_id is not None:
            query = query.where(DeadLetter.batch_id == wanted.batch_id)
        keys: tuple[Any, ...] = (DeadLetter.created_at, DeadLetter.id)
        rows, next_cursor = keyset.read(uow.session, query, keys, ORDERS[page.sort], page)
        return {"items": [_row(*tuple(row)[:3]) for row in rows], "next_cursor": next_cursor}


@in_request
def letter(dead_letter_id: UUID, *, deps: Deps) -> dict[str, Any]:
    """One dead letter, whole.

    Raises:
        DeadLetterNotFound: there is none of this id.
    """
    with deps.uow("read_dead_letter") as uow:
        return _body(uow, dead_letter_id)


def beginning_with(beginning: str, *, deps: Deps) -> list[UUID]:
    """The ids of dead letters that begin so, two at most."""
    with deps.uow("find_dead_letter") as uow:
        return list(uow.dead_letters.beginning_with(beginning))


@in_request
def replay(dead_letter_id: UUID, resolution: Resolution, *, deps: Deps) -> dict[str, Any]:
    """Have what a dead letter is about done again: a unit or a phase by a new run, a message by sending it.

    One that was replayed before is answered for as it is.

    Raises:
        DeadLetterNotFound: there is none of this id.
        DeadLetterResolved: it was discarded.
        NothingToRetry: it has come to its result since, or cannot be done any more.
        RunActive, BatchNotReady, MissingPrerequisite: as `runs.start_run`.
    """
    with deps.uow("replay_dead_letter") as uow:
        found = uow.dead_letters.get(dead_letter_id)
        if not _is_resolved(found, as_status=REPLAYED):
            try:
                run_id = _AGAIN[DeadLetterReason(found.reason)](uow, found, deps)
            except RunActive:
                # It may be the run of somebody who replays the same letter just now.
                if _is_resolved(uow.dead_letters.get(dead_letter_id), as_status=REPLAYED):
                    return _body(uow, dead_letter_id)
                raise
            found = uow.dead_letters.lock(dead_letter_id)
            if not _is_resolved(found, as_status=REPLAYED):
                _resolve(uow, found, REPLAYED, resolution)
                found.replayed_as = run_id
                uow.session.flush()
                uow.commit()
                if run_id is not None and found.batch_id is not None:
                    projecting.outdate(uow, found.batch_id, deps)
        return _body(uow, dead_letter_id)


@in_request
def discard(dead_letter_id: UUID, resolution: Resolution, *, deps: Deps) -> dict[str, Any]:
    """Put a dead letter away; nothing is done about it. One that was discarded before is answered for as it is.

    Raises:
        DeadLetterNotFound: there is none of this id.
        DeadLetterResolved: it was replayed.
    """
    with deps.uow("discard_dead_letter") as uow:
        found = uow.dead_letters.lock(dead_letter_id)
        if not _is_resolved(found, as_status=DISCARDED):
            _resolve(uow, found, DISCARDED, resolution)
            uow.commit()
        return _body(uow, dead_letter_id)


def _is_resolved(found: DeadLetter, *, as_status: DeadLetterStatus) -> bool:
    if found.status == OPEN:
        return False
    if found.status != as_status:
        raise DeadLetterResolved(f"It was {found.status} before.", dead_letter_status=found.status)
    return True


def _resolve(
    uow: UnitOfWork, found: DeadLetter, status: DeadLetterStatus, resolution: Resolution
) -> None:
    found.status = status
    found.resolved_at = uow.clock()
    found.resolved_by, found.note = resolution.by, resolution.note
    uow.session.flush()
    log.info("dead_letter_resolved", dead_letter_id=str(found.id), status=str(status))


def _redo(uow: UnitOfWork, found: DeadLetter, deps: Deps) -> UUID:
    """Start a run that does the phase again for this essay, or for all that have no result of it."""
    if found.run_id is None or found.phase is None:
        raise NothingToRetry("Nothing says which phase of which run it is about.")
    run = uow.runs.get(found.run_id)
    ground = runs.hold(uow, run.batch_id)
    runs.check_may_start(ground)
    only = [essay.id for essay in ground.essays if essay.id == found.item_id] or None
    try:
        started = retrying.redo_within(uow, ground, run, found.phase, only=only, deps=deps)
    except UnknownPipeline as exc:
        raise NothingToRetry(f"The catalogue has changed: {exc.detail}") from exc
    return started.run_id


def _send_again(uow: UnitOfWork, found: DeadLetter, _: Deps) -> None:
    """Put the message into the outbox again, as a row of its own."""
    asked = found.message["failed_event_envelope"]
    data = asked.get("data")
    if data is None:
        raise NothingToRetry("It was kept by an earlier release, without the message itself.")
    uow.outbox.hint(
        asked["event_type"],
        about=UUID(data["about"]),
        key=UUID(data["key"]),
        topic=data["topic"],
        body=data["body"],
    )


_AGAIN: Mapping[DeadLetterReason, Callable[[UnitOfWork, DeadLetter, Deps], UUID | None]] = {
    DeadLetterReason.ATTEMPTS_EXHAUSTED: _redo,
    DeadLetterReason.PLANNING_FAILED: _redo,
    DeadLetterReason.UNSENDABLE: _send_again,
}


def _query() -> Any:
    return select(DeadLetter, Essay.essay_id, _DONE_SINCE.label("done_since")).outerjoin(
        Essay, Essay.id == DeadLetter.item_id
    )


def _body(uow: UnitOfWork, dead_letter_id: UUID) -> dict[str, Any]:
    uow.dead_letters.get(dead_letter_id)
    row = uow.session.execute(_query().where(DeadLetter.id == dead_letter_id)).one()
    # Postgres keeps the members of an object in an order of its own.
    message = {name: row[0].message[name] for name in events.DEAD_LETTER}
    return _row(*row) | {"message": message}


def _row(found: DeadLetter, essay_id: str | None, done_since: bool | None) -> dict[str, Any]:
    return {
        "dead_letter_id": found.id,
        "status": found.status,
        "reason": found.reason,
        "batch_id": found.batch_id,
        "run_id": found.run_id,
        "phase": found.phase,
        "essay_id": essay_id,
        "error": _error(found.message["failed_event_envelope"]),
        "done_since": done_since,
        "created_at": found.created_at,
        "resolved_at": found.resolved_at,
        "resolved_by": found.resolved_by,
        "note": found.note,
        "replayed_as": found.replayed_as,
    }


def _error(asked: Mapping[str, Any]) -> str | None:
    # Letters of the first release have what was asked for as it was, without an envelope.
    found: str | None = asked.get("data", asked).get("error")
    return found

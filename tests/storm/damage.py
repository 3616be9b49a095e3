"""What a fault leaves behind in the ledger, and whether it has been made good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.services.deps import Deps

Place = tuple[UUID, int]
"""A unit: its phase run and position."""

_RUNNING = """
    select phase_run_id, position, claims, worker from units where status = 'running'
"""
_UNDER_WAY = """
    select phase_run_id, position, claims from units
    where status = 'queued' and dispatched_at is not null
"""
_UNSENT = "select id from event_outbox where published_at is null"
_NOW_AT = """
    select u.phase_run_id, u.position, u.claims, u.status from units u
    join unnest(cast(:phase_runs as uuid[]), cast(:positions as int[])) as w(phase_run_id, position)
        using (phase_run_id, position)
"""
_STILL_UNSENT = "select count(*) from event_outbox where id = any(:ids) and published_at is null"
_OUTLIVED = """
    select (select count(*) from units u
        join unnest(cast(:phase_runs as uuid[]), cast(:positions as int[])) as w(phase_run_id, position)
            using (phase_run_id, position)
        where u.settled_at is null or u.settled_at > to_timestamp(:since))
    + (select count(*) from event_outbox
        where id = any(:ids) and (published_at is null or published_at > to_timestamp(:since)))
"""
_LOST = """
    select count(*) from every_attempt a
    join unnest(cast(:phase_runs as uuid[]), cast(:positions as int[]), cast(:claims as int[]))
        as w(phase_run_id, position, claim_no) using (phase_run_id, position, claim_no)
    where a.outcome = 'lost'
"""


@dataclass(frozen=True, slots=True)
class Damage:
    """Units that somebody held or whose message was under way, with the number of their claim, and messages unsent."""

    held: Mapping[Place, int] = field(default_factory=dict)
    under_way: Mapping[Place, int] = field(default_factory=dict)
    unsent: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.held or self.under_way or self.unsent)

    def __str__(self) -> str:
        return f"{len(self.held)} held, {len(self.under_way)} under way, {len(self.unsent)} unsent"

    @property
    def units(self) -> dict[Place, int]:
        """All units it is about."""
        return {**self.under_way, **self.held}


def look(deps: Deps, *, worker: str | None = None, under_way: bool = False) -> Damage:
    """What would be left behind now.

    Args:
        worker: only what this one holds, by the beginning of its node's name.
        under_way: also units whose message lies in the broker.
    """
    with deps.uow("look") as uow:
        held = [
            row
            for row in uow.session.execute(text(_RUNNING))
            if worker is None or row.worker.partition("@")[0] == worker
        ]
        sent = uow.session.execute(text(_UNDER_WAY)).all() if under_way else []
        unsent = uow.session.scalars(text(_UNSENT)).all()
    return Damage(
        {(row.phase_run_id, row.position): row.claims for row in held},
        {(row.phase_run_id, row.position): row.claims for row in sent},
        frozenset(unsent),
    )


def left_of(damage: Damage, deps: Deps) -> tuple[int, int]:
    """How much is not made good yet: (units that nobody has taken up again, units and messages not done with)."""
    units = damage.units
    with deps.uow("look") as uow:
        rows = uow.session.execute(text(_NOW_AT), _places(units)).all()
        unsent: int = uow.session.execute(
            text(_STILL_UNSENT), {"ids": list(damage.unsent)}
        ).scalar_one()
    open_ = [row for row in rows if row.status in {"waiting", "queued", "running"}]
    waiting = [row for row in open_ if row.claims == units[row.phase_run_id, row.position]]
    return len(waiting), len(open_) + unsent


def outlived(damage: Damage, since: float, deps: Deps) -> int:
    """How many of its units and messages were still open at that moment, whatever has become of them by now."""
    with deps.uow("look") as uow:
        open_: int = uow.session.execute(
            text(_OUTLIVED), {**_places(damage.units), "ids": list(damage.unsent), "since": since}
        ).scalar_one()
    return open_


def attempts_lost(damage: Damage, deps: Deps) -> int:
    """How many of the claims it is about were taken back from somebody who had gone silent."""
    claims = list(damage.held.values())
    with deps.uow("look") as uow:
        lost: int = uow.session.execute(
            text(_LOST), {**_places(damage.held), "claims": claims}
        ).scalar_one()
    return lost


def _places(units: Mapping[Place, int]) -> dict[str, Any]:
    return {
        "phase_runs": [str(phase_run) for phase_run, _ in units],
        "positions": [position for _, position in units],
    }

"""Units and their attempts: claimed, renewed, settled and swept, each by one guarded statement.

Every statement that locks more than one unit locks them by position first. `FOR NO KEY UPDATE` is enough, because
no key ever changes, and lets foreign keys be checked meanwhile. What was locked is then found by an array of positions
and not by a join: the planner knows nothing of units a second old, and would compare every one with every other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.prepared import prepared
from app.repositories.arrays import literal, sparse
from pipelines.phase import UnitPlan


class ClaimedUnit(NamedTuple):
    """A unit that is ours until its lease runs out.

    Attributes:
        several: the essays it works on, where that is not the item alone.
    """

    position: int
    item_id: UUID
    several: Sequence[UUID] | None
    input_hash: str
    attempts: int
    claims: int
    given: Mapping[str, Any] | None = None

    @property
    def essay_ids(self) -> tuple[UUID, ...]:
        """The essays it works on."""
        return (self.item_id,) if self.several is None else tuple(self.several)


@dataclass(frozen=True, slots=True)
class ClaimedSlice:
    """The units of a slice that were free, and what they are of.

    Attributes:
        sent_at: when the newest of them was sent.
    """

    run_id: UUID
    phase: str
    engine_version: str
    sent_at: datetime | None
    units: tuple[ClaimedUnit, ...]


class PlacedUnit(NamedTuple):
    """A planned unit and where it goes.

    Attributes:
        waits: whether it has to wait for its item in the phase before.
    """

    plan: UnitPlan
    position: int
    waits: bool = False


class Hold(NamedTuple):
    """A claim on units that is made with them.

    Attributes:
        worker: who works on them, for the audit.
    """

    token: UUID
    worker: str
    lease_s: float


NO_HASH = "0" * 64
"""In the place of a unit that is not among those settled."""

Shared = tuple[str, str, str | None, float | None, bool, bool]


class Settlement(NamedTuple):
    """What becomes of one claimed unit.

    Attributes:
        status: the unit's new status.
        outcome: how the attempt ended.
        result_hash: SHA-256 in hexadecimal, if it has a result.
        wait_s: how long a queued unit must wait; None dispatches it at once.
        alone: whether it must be tried alone from now on.
        refunds: whether the attempt does not count.
    """

    position: int
    status: str
    outcome: str
    result_hash: str | None = None
    error: str | None = None
    wait_s: float | None = None
    alone: bool = False
    refunds: bool = False

    @property
    def shared(self) -> Shared:
        """All that may be the same for many units."""
        return (
            self.status,
            self.outcome,
            self.error,
            self.wait_s,
            self.alone,
            self.refunds,
        )


def _note(cut_short: str, outcome: str = "null") -> str:
    """SQL that writes down the attempts of units taken from whoever held them; of those nobody held there is none."""
    return f"""
        insert into attempts (phase_run_id, position, claim_no, alone, token, worker, started_at,
            ended_at, outcome)
        select :phase_run_id, position, claims, claimed_alone, lease_token, worker, claimed_at,
            clock_timestamp(), {outcome}
        from {cut_short} where lease_token is not null
    """  # noqa: S608 - constants of this module


# Several essays per unit cannot be unnested from one array, so they travel as text, and the usual one as null; a unit
# about the whole batch has none, which makes an empty array.
_ADD_WAVE = prepared("""
    insert into units (phase_run_id, position, wave_no, item_id, essay_ids, input_hash, given,
        status, claims, attempts, alone, dispatches, dispatched_at)
    select :phase_run_id, w.position, :wave_no, w.item_id,
        coalesce(string_to_array(w.essay_ids, ',')::uuid[], array[w.item_id]), w.input_hash, w.given::jsonb,
        case when w.waits then 'waiting' else 'queued' end, 0, 0, false,
        case when w.admitted then 1 else 0 end,
        case when w.admitted then clock_timestamp() end
    from (select *, not waits and position < :admitted_below as admitted
        from unnest(cast(:positions as int[]), cast(:items as uuid[]),
            cast(:essays as text[]), cast(:hashes as text[]), cast(:givens as text[]),
            cast(:waits as bool[])) as u(position, item_id, essay_ids, input_hash, given, waits)) w
""")

# What `_ADD_WAVE` and `_CLAIM` would make of them one after the other.
_ADD_HELD = prepared("""
    insert into units (phase_run_id, position, wave_no, item_id, essay_ids, input_hash, given,
        status, claims, attempts, alone, dispatches, dispatched_at,
        lease_token, lease_until, worker, claimed_at, claimed_alone)
    select :phase_run_id, w.position, :wave_no, w.item_id,
        coalesce(string_to_array(w.essay_ids, ',')::uuid[], array[w.item_id]), w.input_hash, w.given::jsonb,
        'running', 1, case when :alone then 1 else 0 end, false, 1, clock_timestamp(),
        :token, now() + make_interval(secs => :lease_s), :worker, clock_timestamp(), :alone
    from unnest(cast(:positions as int[]), cast(:items as uuid[]),
        cast(:essays as text[]), cast(:hashes as text[]), cast(:givens as text[]))
        as w(position, item_id, essay_ids, input_hash, given)
""")

_CLAIM = prepared("""
    with free as (
        select position from units
        where phase_run_id = :phase_run_id and position >= :lo and position < :hi
          and (status = 'queued' and (not_before is null or not_before <= now())
              and (not alone or :alone)
            or status = 'running' and lease_token = :token)
          -- Asked once, and not of each unit.
          and (select p.status = 'in_progress' and r.status = 'active'
              from phase_runs p join runs r on r.id = p.run_id where p.id = :phase_run_id)
        order by position
        for no key update
    ), claimed as (
        update units u
        set status = 'running', claims = claims + case when u.status = 'queued' then 1 else 0 end,
            attempts = attempts + case when :alone and u.status = 'queued' then 1 else 0 end,
            lease_token = :token, lease_until = now() + make_interval(secs => :lease_s),
            worker = :worker, claimed_at = clock_timestamp(), claimed_alone = :alone
        where u.phase_run_id = :phase_run_id and u.position = any(array(select position from free))
        returning u.position, u.item_id, u.essay_ids, u.input_hash, u.attempts, u.claims,
            u.dispatched_at, u.given
    )
    select position, item_id, nullif(essay_ids, array[item_id]), input_hash, attempts, claims, given,
        -- The same in all rows, and so in the first alone; joined with its newest, `claimed` is read once for each.
        case when is_first then p.run_id end, case when is_first then p.phase end,
        case when is_first then p.engine_version end,
        case when is_first then (select max(dispatched_at) from claimed) end
    from (select *, position = (select min(position) from claimed) as is_first from claimed) c
        cross join (select run_id, phase, engine_version from phase_runs where id = :phase_run_id) p
    order by position
""")

_RENEW = prepared("""
    with mine as materialized (
        select position from units
        where phase_run_id = :phase_run_id and position >= :lo and position < :hi
          and status = 'running' and lease_token = :token
        order by position
        for no key update
    )
    update units u set lease_until = now() + make_interval(secs => :lease_s)
    where u.phase_run_id = :phase_run_id and u.position = any(array(select position from mine))
""")

# What is the same for all is no array: joined with one, a plan that was made for a few of them compares every unit with
# every element. A hash is picked by its place instead, in a row of bytes: to find one in an array of texts, all before
# it are read.
_SETTLE = prepared("""
    with given as materialized (select decode(:hashes, 'hex') as hashes), mine as materialized (
        select position from units
        where phase_run_id = :phase_run_id and position = any(cast(:positions as int[]))
          and status = 'running' and lease_token = :token
        order by position
        for no key update
    ), settled as (
        update units
        set status = cast(:status as text), lease_token = null, lease_until = null,
            alone = alone or :alone,
            attempts = attempts - case when :refunds and attempts > 0 then 1 else 0 end,
            not_before = now() + make_interval(secs => cast(:wait_s as float8)),
            dispatched_at = case when cast(:status as text) <> 'queued' then dispatched_at end,
            settled_at = case when cast(:status as text) <> 'queued' then clock_timestamp() end,
            result_hash = encode(substring(
                (select hashes from given) from 1 + 32 * (position - :lo) for 32), 'hex')
        where phase_run_id = :phase_run_id and position = any(array(select position from mine))
        returning position, claims, status, worker, claimed_at, claimed_alone
    ), noted as (
        insert into attempts (phase_run_id, position, claim_no, alone, token, worker, started_at,
            ended_at, outcome, error)
        select :phase_run_id, position, claims, claimed_alone, :token, worker, claimed_at,
            clock_timestamp(), cast(:outcome as text), :error
        from settled where cast(:outcome as text) <> 'done'  -- of that the unit itself tells
    )
    select position, status from settled order by position
""")

_HOLD = prepared("""
    select position from units
    where phase_run_id = :phase_run_id and position = any(cast(:positions as int[]))
    order by position
    for no key update
""")

_TAKE_BACK = text(f"""
    with lost as materialized (
        select position, lease_token from units
        where phase_run_id = :phase_run_id and status = 'running' and lease_until < now()
        order by position
        for no key update
    ), freed as (
        update units u
        set status = 'queued', lease_token = null, lease_until = null, dispatched_at = null,
            alone = true, not_before = null
        from lost
        where u.phase_run_id = :phase_run_id and u.position = any(array(select position from lost))
          and lost.position = u.position
        returning u.position, u.item_id, u.essay_ids, u.input_hash, u.attempts, u.claims,
            u.worker, u.claimed_at, u.claimed_alone, lost.lease_token
    ), noted as ({_note("freed", outcome="'lost'")})
    select position, item_id, nullif(essay_ids, array[item_id]), input_hash, attempts, claims
    from freed order by position
""")  # noqa: S608 - the same

# Skips what somebody holds: settling comes here after it has counted, out of the lock order, so it must not wait.
_DUE = text("""
    with due as materialized (
        select position, dispatched_at is not null as lost from units
        where phase_run_id = :phase_run_id and status = 'queued' and dispatches > 0
          and (not_before is null or not_before <= now())
          and (dispatched_at is null or dispatched_at < now() - make_interval(secs => :after_s)
            or dispatched_at < :overtaken_before)
        order by position
        limit :limit
        for no key update skip locked
    )
    update units u
    set dispatched_at = clock_timestamp(), dispatches = dispatches + 1
    from due
    where u.phase_run_id = :phase_run_id and u.position = any(array(select position from due))
      and due.position = u.position
    returning u.position, u.alone, due.lost
""")

_FAIL_QUEUED = text("""
    with hopeless as materialized (
        select position from units
        where phase_run_id = :phase_run_id and position = any(cast(:positions as int[])) and status = 'queued'
        order by position
        for no key update
    )
    update units u set status = 'failed', settled_at = clock_timestamp(), not_before = null
    where u.phase_run_id = :phase_run_id and u.position = any(array(select position from hopeless))
    returning u.position
""")

# Running ones, too: a worker settles nothing of what does not run any more. The token stays, and says which did.
_GIVE_UP = text(f"""
    with open as materialized (
        select position from units
        where phase_run_id = :phase_run_id and status in ('queued', 'running')
          and exists (select 1 from phase_runs p join runs r on r.id = p.run_id
              where p.id = :phase_run_id and p.status = 'in_progress' and r.status = 'active')
        order by position
        for no key update
    ), given_up as (
        update units u
        set status = 'failed', lease_until = null, not_before = null,
            settled_at = clock_timestamp()
        where u.phase_run_id = :phase_run_id and u.position = any(array(select position from open))
        returning u.position, u.item_id, u.essay_ids, u.input_hash, u.attempts, u.claims,
            u.worker, u.claimed_at, u.claimed_alone, u.lease_token
    ), noted as ({_note("given_up")})
    select position, item_id, nullif(essay_ids, array[item_id]), input_hash, attempts, claims
    from given_up order by position
""")  # noqa: S608 - the same

# As above.
_SWEEP = text(f"""
    with open as materialized (
        select position from units
        where phase_run_id = :phase_run_id and status in ('waiting', 'queued', 'running')
        order by position
        for no key update
    ), swept as (
        update units u
        set status = 'cancelled', lease_until = null, not_before = null,
            settled_at = clock_timestamp()
        where u.phase_run_id = :phase_run_id and u.position = any(array(select position from open))
        returning u.position, u.claims, u.worker, u.claimed_at, u.claimed_alone, u.lease_token
    ), noted as ({_note("swept")})
    select count(*) from swept
""")  # noqa: S608 - the same

# Positions of a phase that streams are those of the phase before, so a unit finds its successor by its own position.
_RELEASE = text("""
    with moved as (
        update units s
        set status = case when before.status = 'done' or not :needed then 'queued' else 'cancelled' end,
            dispatches = 1, dispatched_at = clock_timestamp(),
            settled_at = case when before.status = 'done' or not :needed then null
                else clock_timestamp() end
        from units before
        where before.phase_run_id = :before and before.position = any(cast(:positions as int[]))
          and before.status in ('done', 'failed', 'cancelled')
          and s.phase_run_id = :phase_run_id and s.position = any(cast(:positions as int[]))
          and s.position = before.position and s.status = 'waiting'
        returning s.position, s.status
    )
    select position, status from moved order by position
""")

_ADMIT = text("""
    update units set dispatches = dispatches + 1, dispatched_at = clock_timestamp()
    where phase_run_id = :phase_run_id and position >= :lo and position < :hi
      and status = 'queued' and dispatches = 0
""")


class Units:
    """The units of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_wave(
        self,
        phase_run_id: UUID,
        wave_no: int,
        units: Sequence[PlacedUnit],
        *,
        admitted_below: int,
        hold: Hold | None = None,
    ) -> None:
        """Write a wave's units; those that do not wait and lie below `admitted_below` are counted as sent.

        Args:
            hold: a claim on all of them, if they are not to be sent but worked on at once.
        """
        (_ADD_HELD if hold else _ADD_WAVE).on(
            self._session,
            {
                "phase_run_id": phase_run_id,
                "wave_no": wave_no,
                "admitted_below": admitted_below,
                "positions": literal(unit.position for unit in units),
                "items": literal(unit.plan.item_id for unit in units),
                "essays": sparse([_essays(unit.plan) for unit in units]),
                "hashes": literal(unit.plan.input_hash for unit in units),
                "givens": sparse([unit.plan.given and dumps(unit.plan.given) for unit in units]),
            }
            | (
                {
                    "alone": len(units) == 1,
                    "token": hold.token,
                    "worker": hold.worker,
                    "lease_s": hold.lease_s,
                }
                if hold
                else {"waits": literal(unit.waits for unit in units)}
            ),
        )

    def open_positions(self, phase_run_id: UUID) -> dict[UUID, int]:
        """Item → position of the units that have not ended."""
        rows = self._session.execute(
            text(
                "select item_id, position from units where phase_run_id = :id"
                " and status in ('waiting', 'queued', 'running')"
            ),
            {"id": phase_run_id},
        )
        return {row.item_id: row.position for row in rows}

    def end_of(self, phase_run_id: UUID) -> int:
        """The position after a phase run's last unit."""
        last: int = self._session.execute(
            text("select coalesce(max(position) + 1, 0) from units where phase_run_id = :id"),
            {"id": phase_run_id},
        ).scalar_one()
        return last

    def release(
        self, phase_run_id: UUID, before: UUID, positions: Sequence[int], *, needed: bool
    ) -> dict[int, str]:
        """Let units go on whose item has ended in the phase before: position → `queued` or `cancelled`.

        Args:
            before: the phase run they wait for.
            positions: of the units that have ended there.
            needed: whether an item that failed there is not to go on.
        """
        rows = self._session.execute(
            _RELEASE,
            {
                "phase_run_id": phase_run_id,
                "before": before,
                "positions": literal(positions),
                "needed": needed,
            },
        )
        return {row.position: row.status for row in rows}

    def admit(self, phase_run_id: UUID, lo: int, hi: int) -> None:
        """Count the units of a range as sent for the first time."""
        self._session.execute(_ADMIT, {"phase_run_id": phase_run_id, "lo": lo, "hi": hi})

    def claim(
        self, phase_run_id: UUID, lo: int, hi: int, *, token: UUID, worker: str, lease_s: float
    ) -> ClaimedSlice | None:
        """Take the free units of a slice, which are ours then. A slice of one is an attempt made alone.

        The same claim again, by its token, takes the same units, and costs no further attempt.
        """
        rows = _CLAIM.tuples(
            self._session,
            {
                "phase_run_id": phase_run_id,
                "lo": lo,
                "hi": hi,
                "alone": hi - lo == 1,
                "token": token,
                "worker": worker,
                "lease_s": lease_s,
            },
        )
        if not rows:
            return None
        *_, run_id, phase, engine_version, sent_at = rows[0]
        units = tuple(ClaimedUnit(*row[: len(ClaimedUnit._fields)]) for row in rows)
        return ClaimedSlice(run_id, phase, engine_version or "", sent_at, units)

    def renew(self, phase_run_id: UUID, lo: int, hi: int, *, token: UUID, lease_s: float) -> int:
        """Hold a slice's units for another lease; how many are still ours."""
        done: Any = _RENEW.on(
            self._session,
            {
                "phase_run_id": phase_run_id,
                "lo": lo,
                "hi": hi,
                "token": token,
                "lease_s": lease_s,
            },
        )
        return int(done.rowcount)

    def settle(
        self, phase_run_id: UUID, token: UUID, settlements: Sequence[Settlement]
    ) -> dict[int, str]:
        """Write what became of units that are still ours: position → status of those that changed.

        A unit whose lease was taken over is not among them: its work is discarded.
        """
        alike: dict[Shared, dict[int, str | None]] = {}
        for each in settlements:
            alike.setdefault(each.shared, {})[each.position] = each.result_hash
        if len(alike) > 1:  # one statement each, and yet all are locked by position
            positions = literal(sorted(each.position for each in settlements))
            _HOLD.on(self._session, {"phase_run_id": phase_run_id, "positions": positions})
        return {
            position: status
            for shared, hashes in alike.items()
            for position, status in self._settle(phase_run_id, token, shared, hashes)
        }

    def _settle(
        self,
        phase_run_id: UUID,
        token: UUID,
        shared: Shared,
        hashes: Mapping[int, str | None],
    ) -> Sequence[Any]:
        status, outcome, error, wait_s, alone, refunds = shared
        lo = min(hashes)
        return _SETTLE.tuples(
            self._session,
            {
                "phase_run_id": phase_run_id,
                "token": token,
                "lo": lo,
                "positions": literal(hashes),
                "hashes": _in_a_row(hashes, lo),
                "status": status,
                "outcome": outcome,
                "error": error,
                "wait_s": wait_s,
                "alone": alone,
                "refunds": refunds,
            },
        )

    def phase_runs_with_lapsed_leases(self) -> list[UUID]:
        """Phase runs in which some lease has run out."""
        return list(
            self._session.scalars(
                text("""
                    select p.id from phase_runs p where p.status = 'in_progress' and exists (
                        select 1 from units u where u.phase_run_id = p.id
                            and u.status = 'running' and u.lease_until < now()
                        offset 0)  -- keeps the planner from reading every unit there is
                    order by 1
                """)
            )
        )

    def take_back(self, phase_run_id: UUID) -> list[ClaimedUnit]:
        """Queue the units whose lease has run out, to be tried alone from now on; they have paused for long enough."""
        rows = self._session.execute(_TAKE_BACK, {"phase_run_id": phase_run_id})
        return [ClaimedUnit(*row) for row in rows]

    def take_due(
        self,
        phase_run_id: UUID,
        *,
        after_s: float | None,
        overtaken_before: datetime | None = None,
        limit: int = 1000,
    ) -> list[tuple[int, bool, bool]]:
        """Mark as sent again what is to be tried again or was sent long ago: (position, must be alone, was lost).

        What was never sent is left to admission.

        Args:
            after_s: how long ago is long; None if nothing sent counts as lost by its age.
        """
        rows = self._session.execute(
            _DUE,
            {
                "phase_run_id": phase_run_id,
                "after_s": after_s,
                "overtaken_before": overtaken_before,
                "limit": limit,
            },
        )
        return sorted((row.position, row.alone, row.lost) for row in rows)

    def fail_queued(self, phase_run_id: UUID, positions: Sequence[int]) -> list[int]:
        """Give up units that nobody holds; those that changed."""
        rows = self._session.scalars(
            _FAIL_QUEUED, {"phase_run_id": phase_run_id, "positions": literal(positions)}
        )
        return sorted(rows)

    def give_up(self, phase_run_id: UUID) -> list[ClaimedUnit]:
        """Fail every unit of a phase run that somebody works on or could work on."""
        return [
            ClaimedUnit(*row)
            for row in self._session.execute(_GIVE_UP, {"phase_run_id": phase_run_id})
        ]

    def sweep(self, phase_run_id: UUID) -> int:
        """Cancel every open unit of a phase run; how many."""
        return int(self._session.execute(_SWEEP, {"phase_run_id": phase_run_id}).scalar_one())


def _essays(plan: UnitPlan) -> str | None:
    """The essays of a unit as `_ADD_WAVE` takes them."""
    return None if _is_of_one(plan) else ",".join(map(str, plan.item_ids))


def _is_of_one(plan: UnitPlan) -> bool:
    """Whether the one essay that a unit works on is what it is about."""
    return plan.batch_id is None and len(plan.item_ids) == 1


def claimed_at_once(unit: PlacedUnit, *, alone: bool) -> ClaimedUnit:
    """A unit that was written with a hold on it."""
    plan = unit.plan
    several = None if _is_of_one(plan) else plan.item_ids
    return ClaimedUnit(
        unit.position, plan.item_id, several, plan.input_hash, int(alone), 1, plan.given
    )


def _in_a_row(hashes: Mapping[int, str | None], lo: int) -> str | None:
    """The hashes from the lowest position on, one after the other; of one outcome all units have one, or none has."""
    if hashes[lo] is None:
        return None
    return "".join(hashes.get(n) or NO_HASH for n in range(lo, max(hashes) + 1))

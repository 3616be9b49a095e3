"""What must always hold, as questions to the database that must have no answer.

Run after every fault test and by `huleedu doctor`. Each breach names the row it is about.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text

from app.projections import rebuild
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork

GRACE_S = 30.0
OUTBOX_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Breach:
    """A row for which an invariant does not hold."""

    invariant: str
    what: str
    row: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise and the way to look for rows that break it.

    Attributes:
        needs_running: whether it can only be kept while the system runs.
    """

    name: str
    promise: str
    find: Callable[[UnitOfWork], list[tuple[str, str]]]
    needs_running: bool = False


def check(deps: Deps, *, is_running: bool = True) -> list[Breach]:
    """Every breach of every invariant; none if all is well.

    Args:
        is_running: False leaves out what nobody could have kept while nothing ran.
    """
    with deps.uow("doctor") as uow:
        return [
            Breach(invariant.name, what, row)
            for invariant in INVARIANTS
            if is_running or not invariant.needs_running
            for what, row in invariant.find(uow)
        ]


def _sql(query: str) -> Callable[[UnitOfWork], list[tuple[str, str]]]:
    def find(uow: UnitOfWork) -> list[tuple[str, str]]:
        rows = uow.session.execute(
            text(query), {"grace_s": GRACE_S, "outbox_within_s": OUTBOX_WITHIN_S}
        )
        return [(str(what), str(row)) for what, row in rows]

    return find


def _read_model(uow: UnitOfWork) -> list[tuple[str, str]]:
    return [
        (f"{table} differs from its source", f"batch {batch_id}")
        for table, batch_id in rebuild.differences(uow.session)
    ]


_I1 = """
    select 'the run is past its deadline', 'run ' || id from runs
    where status in ('active', 'cancelling') and deadline < now() - make_interval(secs => :grace_s)
    union all
    select 'the phase is past its deadline', 'phase run ' || p.id
    from phase_runs p join runs r on r.id = p.run_id
    where r.status = 'active' and p.status = 'in_progress'
      and p.deadline < now() - make_interval(secs => :grace_s)
    union all
    select 'the batch is past its readiness deadline', 'batch ' || id from batches
    where status = 'registered' and readiness_deadline < now() - make_interval(secs => :grace_s)
"""

_I2 = """
    select n || ' results', 'run ' || run_id || ' ' || phase || ' item ' || item_id
    from (select run_id, phase, item_id, count(*) as n from results group by 1, 2, 3) c
    where n > 1
    union all
    select 'the unit has ended without a result', 'phase run ' || u.phase_run_id || ' unit ' || u.position
    from units u join phase_runs p on p.id = u.phase_run_id
    where u.status in ('done', 'failed') and not exists (select 1 from results r
        where r.run_id = p.run_id and r.phase = p.phase and r.item_id = u.item_id
          and r.status = u.status)
    union all
    select 'the result has no ended unit', 'run ' || r.run_id || ' ' || r.phase || ' item ' || r.item_id
    from results r where not exists (select 1 from units u join phase_runs p on p.id = u.phase_run_id
        where p.run_id = r.run_id and p.phase = r.phase and u.item_id = r.item_id
          and u.status = r.status)
"""

_I3 = """
    select 'remaining is ' || p.remaining || ', open units are ' || o.n, 'phase run ' || p.id
    from phase_runs p cross join lateral (select count(*) as n from units u
        where u.phase_run_id = p.id and u.status in ('waiting', 'queued', 'running')) o
    where p.remaining <> o.n
    union all
    select 'waiting is ' || p.waiting || ', units that wait are ' || o.n, 'phase run ' || p.id
    from phase_runs p cross join lateral (select count(*) as n from units u
        where u.phase_run_id = p.id and u.status = 'waiting') o
    where p.waiting <> o.n
    union all
    select 'done is ' || p.done || ', done units are ' || o.n, 'phase run ' || p.id
    from phase_runs p cross join lateral (select count(*) as n from units u
        where u.phase_run_id = p.id and u.status = 'done') o
    where p.done <> o.n
"""

_I4 = """
    select 'the run has ended and the unit is ' || u.status,
        'phase run ' || u.phase_run_id || ' unit ' || u.position
    from units u join phase_runs p on p.id = u.phase_run_id join runs r on r.id = p.run_id
    where r.status not in ('active', 'cancelling') and u.status in ('waiting', 'queued', 'running')
"""

_I5 = """
    with now_at as (
        select 'batch' as entity, id, status from batches
        union all select 'essay', id, status from essays
        union all select 'file', id, status from files
        union all select 'run', id, status from runs
        union all select 'phase_run', id, status from phase_runs
    ), logged as (
        select t.entity, e.entity_id, t.here, t.there,
            lag(t.there) over (partition by e.entity_id order by t.id) as before,
            row_number() over (partition by e.entity_id order by t.id desc) as from_last
        from transitions t, unnest(coalesce(t.entity_ids, array[t.entity_id])) as e(entity_id)
    )
    select 'went from ' || l.here || ' to ' || l.there || ', which is no edge', l.entity || ' ' || l.entity_id
    from logged l where not exists (select 1 from state_edges e
        where e.entity = l.entity and e.here = l.here and e.there = l.there)
    union all
    select 'left ' || l.here || ' having come to ' || l.before, l.entity || ' ' || l.entity_id
    from logged l where l.before <> l.here
    union all
    select 'is ' || n.status || ', but its last edge led to ' || l.there, n.entity || ' ' || n.id
    from now_at n join logged l on l.entity_id = n.id and l.entity = n.entity and l.from_last = 1
    where n.status <> l.there
    union all
    select 'is ' || u.status || ', but its last attempt says ' || coalesce(a.outcome, 'it is at work'),
        'phase run ' || u.phase_run_id || ' unit ' || u.position
    from units u left join every_attempt a on a.phase_run_id = u.phase_run_id and a.position = u.position
        and a.claim_no = u.claims
    where u.claims > 0 and ((u.status = 'done' and a.outcome is distinct from 'done')
       or (u.status = 'running' and a.claim_no is not null)
       or (u.status = 'queued' and (a.outcome is null or a.outcome in ('done', 'gave_up'))))
"""

_I6 = """
    select n || ' end-of-run events for a run that is ' || status, 'run ' || id
    from (select r.id, r.status, (select count(*) from event_outbox o
            where o.aggregate_type = 'batch' and o.aggregate_id = r.batch_id
              and o.event_type = 'BatchPipelineEndedV1'
              and o.event_data -> 'data' ->> 'run_id' = r.id::text) as n
        from runs r) c
    where n <> case when status in ('active', 'cancelling') then 0 else 1 end
"""

_I8 = """
    select event_type || ' waits since ' || created_at, 'outbox row ' || id from event_outbox
    where published_at is null and created_at < now() - make_interval(secs => :outbox_within_s)
"""

_I9 = """
    select u.attempts || ' attempts of at most ' || m.most,
        'phase run ' || u.phase_run_id || ' unit ' || u.position
    from units u join phase_runs p on p.id = u.phase_run_id join runs r on r.id = p.run_id
    cross join lateral (select (s -> 'spec' -> 'retry' ->> 'max_attempts')::int as most
        from jsonb_array_elements(r.plan -> 'phases') s where s -> 'spec' ->> 'name' = p.phase) m
    where u.attempts > m.most
"""

_I10 = """
    select 'attempt ' || a.claim_no || ' found something else than the result',
        'phase run ' || a.phase_run_id || ' unit ' || a.position
    from every_attempt a join units u on u.phase_run_id = a.phase_run_id and u.position = a.position
    join phase_runs p on p.id = u.phase_run_id
    join results r on r.run_id = p.run_id and r.phase = p.phase and r.item_id = u.item_id
    where a.outcome = 'done' and a.result_hash is distinct from r.result_hash
"""

INVARIANTS = (
    Invariant(
        "I1",
        "every run, every phase and every wait for essays ends by its deadline",
        _sql(_I1),
        needs_running=True,
    ),
    Invariant("I2", "each ended unit has exactly one result", _sql(_I2)),
    Invariant("I3", "what is counted of a phase is what is in it", _sql(_I3)),
    Invariant("I4", "a run that has ended has no open unit", _sql(_I4)),
    Invariant("I5", "states move only along allowed edges", _sql(_I5)),
    Invariant("I6", "every run that has ended said so exactly once", _sql(_I6)),
    Invariant("I7", "the read model is what its sources say", _read_model),
    Invariant("I8", "every message is sent within seconds", _sql(_I8), needs_running=True),
    Invariant("I9", "no unit is tried more often than the catalogue allows", _sql(_I9)),
    Invariant("I10", "a second delivery never changed a result", _sql(_I10)),
)

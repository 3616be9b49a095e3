"""What must be true of a history and of the ledger it left: nothing lost, nothing twice, nothing taken back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.services import invariants
from app.services.deps import Deps
from tests.storm import history
from tests.teacher import TERMINAL

Line = Mapping[str, Any]


def check(path: Path, deps: Deps) -> list[str]:
    """Everything that is wrong, in sentences; nothing if all is well. The system must be at rest."""
    lines = list(history.read(path))
    wrong = [str(breach) for breach in invariants.check(deps)]
    wrong += every_desk_came_to_its_end(lines)
    wrong += every_request_was_done_once(lines, _rows(deps, _BATCHES))
    wrong += every_run_ended_once(_rows(deps, _RUNS))
    wrong += every_unit_has_its_result(lines, _rows(deps, _RESULTS), _rows(deps, _STATUSES))
    wrong += every_teacher_was_told_once(_rows(deps, _NOTIFICATIONS))
    wrong += nothing_seen_was_taken_back(lines)
    return wrong


def every_desk_came_to_its_end(lines: Iterable[Line]) -> list[str]:
    """No teacher gave up waiting."""
    return [
        f"desk {line['desk']} gave up: {line['why']}"
        for line in lines
        if line["type"] == "desk_gave_up"
    ]


def every_request_was_done_once(lines: Iterable[Line], batches: Sequence[Any]) -> list[str]:
    """Every batch that was registered is there, no other, and none has more runs than were asked for."""
    known = {line["batch"] for line in lines if line["type"] == "class"}
    there = {str(row.id) for row in batches}
    wrong = [f"batch {batch} is lost" for batch in sorted(known - there)]
    wrong += [f"batch {batch} was made twice" for batch in sorted(there - known)]
    wrong += [f"batch {row.id} has {row.runs} runs" for row in batches if row.runs > 1]
    wrong += [f"batch {row.id} has {row.files} files" for row in batches if row.files != row.essays]
    return wrong


def every_run_ended_once(runs: Iterable[Any]) -> list[str]:
    """Every run is over, went into a terminal state once, and said so once."""
    wrong = []
    for run in runs:
        if run.status in {"active", "cancelling"}:
            wrong.append(f"run {run.id} is {run.status}")
        elif run.endings != 1 or run.said != 1:
            wrong.append(f"run {run.id} ended {run.endings} times and said so {run.said} times")
    return wrong


def every_unit_has_its_result(
    lines: Iterable[Line], results: Iterable[Any], statuses: Iterable[Any]
) -> list[str]:
    """The results are those the texts ask for; of a run that was cancelled, some of them."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    given_up = Counter[str]()
    for row in results:
        found[str(row.batch_id)][row.essay_id][row.phase] = row.status
        given_up[str(row.batch_id)] += row.failure_code == "attempts_exhausted"
    ended_as = {str(row.id): row.status for row in statuses}
    wrong = []
    for line in lines:
        if line["type"] != "class":
            continue
        batch, expected = line["batch"], line["expected"]
        got = {essay: dict(found[batch].get(essay, {})) for essay in expected}
        if given_up[batch]:
            wrong.append(f"batch {batch}: {given_up[batch]} units were given up as poison")
        elif ended_as.get(batch) == "cancelled":
            got = {e: p for e, p in got.items() if not p.items() <= expected[e].items()}
            wrong += [f"batch {batch}, {essay}: {phases}" for essay, phases in got.items()]
        elif got != expected:
            differing = {e: (got[e], expected[e]) for e in expected if got[e] != expected[e]}
            wrong.append(f"batch {batch} is {ended_as.get(batch)}: {differing}")
    return wrong


def every_teacher_was_told_once(notifications: Iterable[Any]) -> list[str]:
    """Numbers have no gap and no double, and each thing is told as often as it happened."""
    wrong = []
    for row in notifications:
        if row.numbers != row.last or row.number_of != row.last:
            wrong.append(
                f"teacher {row.user_id}: {row.number_of} notifications, {row.numbers} numbers"
                f" up to {row.last}"
            )
        if row.asked != row.number_of:
            wrong.append(f"teacher {row.user_id}: told {row.number_of} times of {row.asked}")
    return wrong


def nothing_seen_was_taken_back(lines: Iterable[Line]) -> list[str]:
    """What a teacher sees of a batch only ever goes forward; an end that was seen stays."""
    last: dict[str, Line] = {}
    wrong = []
    for line in lines:
        if line["type"] != "seen":
            continue
        before = last.get(line["batch"])
        last[line["batch"]] = line
        if before is None:
            continue
        wrong += [
            f"batch {line['batch']} at {line['t']} s: {what}"
            for what, is_so in _goes_back(before, line).items()
            if is_so
        ]
    return wrong


def _goes_back(before: Line, now: Line) -> dict[str, bool]:
    same_run = now["run"] == before["run"]
    return {
        f"event {before['event_no']}, then {now['event_no']}": now["event_no"] < before["event_no"],
        f"{before['done']} units ended, then {now['done']}": same_run
        and now["done"] < before["done"],
        f"{before['status']}, then {now['status']}": same_run
        and before["status"] in TERMINAL
        and now["status"] != before["status"],
        "its run is gone": before["run"] is not None and now["run"] is None,
    }


def _rows(deps: Deps, query: str) -> Sequence[Any]:
    with deps.uow("check") as uow:
        return uow.session.execute(text(query)).all()


_BATCHES = """
    select b.id, (select count(*) from runs r where r.batch_id = b.id) as runs,
        (select count(*) from files f where f.batch_id = b.id) as files,
        b.expected_essay_count as essays
    from batches b
"""
_RUNS = """
    select r.id, r.status,
        (select count(*) from transitions t where t.entity_id = r.id
            and t.there not in ('active', 'cancelling')) as endings,
        (select count(*) from event_outbox o where o.aggregate_id = r.batch_id
            and o.event_type = 'BatchPipelineEndedV1'
            and o.event_data -> 'data' ->> 'run_id' = r.id::text) as said
    from runs r
"""
_RESULTS = """
    select r.batch_id, e.essay_id, r.phase, r.status, r.failure_code
    from results r join essays e on e.id = r.item_id
"""
_STATUSES = "select id, status from batches"
_NOTIFICATIONS = """
    select n.user_id, count(*) as number_of, count(distinct n.seq) as numbers, max(k.last_seq) as last,
        (select count(*) from event_outbox o
            where o.event_type = 'TeacherNotificationRequestedV1'
              and o.event_data -> 'data' ->> 'teacher_id' = n.user_id::text) as asked
    from notifications n join notification_counters k using (user_id) group by n.user_id
"""

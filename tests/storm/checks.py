"""What must be true of a history and of the ledger it left: nothing lost, nothing twice, nothing taken back."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.services import invariants
from app.services.deps import Deps
from tests.storm import history
from tests.teacher import TERMINAL

Line = Mapping[str, Any]


class Kind(StrEnum):
    """Ways of being wrong."""

    LOST = "lost"
    DOUBLED = "doubled"
    NOT_ENDED = "runs not ended"
    INVARIANT = "invariants broken"
    OTHER = "otherwise wrong"


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is not as it must be, in a sentence."""

    kind: Kind
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def check(path: Path, deps: Deps) -> list[Wrong]:
    """Everything that is wrong; nothing if all is well. The system must be at rest."""
    lines = list(history.read(path))
    wrong = [Wrong(Kind.INVARIANT, str(breach)) for breach in invariants.check(deps)]
    wrong += every_desk_came_to_its_end(lines)
    wrong += every_request_was_done_once(lines, _rows(deps, _BATCHES))
    wrong += every_run_ended_once(_rows(deps, _RUNS))
    wrong += every_unit_has_its_result(lines, _rows(deps, _RESULTS), _rows(deps, _STATUSES))
    wrong += every_teacher_was_told_once(_rows(deps, _NOTIFICATIONS))
    wrong += nothing_seen_was_taken_back(lines)
    return wrong


def totals(deps: Deps) -> dict[str, int]:
    """How much there is of what could have been lost."""
    (row,) = _rows(deps, _TOTALS)
    return dict(row._mapping)


def every_desk_came_to_its_end(lines: Iterable[Line]) -> list[Wrong]:
    """No teacher gave up waiting."""
    return [
        Wrong(Kind.OTHER, f"desk {line['desk']} gave up: {line['why']}")
        for line in lines
        if line["type"] == "desk_gave_up"
    ]


def every_request_was_done_once(lines: Iterable[Line], batches: Sequence[Any]) -> list[Wrong]:
    """Every batch that was registered is there, no other, and none has more runs than were asked for."""
    known = {line["batch"] for line in lines if line["type"] == "class"}
    there = {str(row.id) for row in batches}
    wrong = [Wrong(Kind.LOST, f"batch {batch}") for batch in sorted(known - there)]
    wrong += [Wrong(Kind.DOUBLED, f"batch {batch}") for batch in sorted(there - known)]
    for row in batches:
        wrong += _unless_once(row.runs, f"batch {row.id} has {row.runs} runs", may_lack=True)
        wrong += _unless_as_often(row.files, row.essays, f"batch {row.id} has {row.files} files")
    return wrong


def every_run_ended_once(runs: Iterable[Any]) -> list[Wrong]:
    """Every run is over, went into a terminal state once, and said so once."""
    wrong = []
    for run in runs:
        if run.status in {"active", "cancelling"}:
            wrong.append(Wrong(Kind.NOT_ENDED, f"run {run.id} is {run.status}"))
            continue
        wrong += _unless_once(run.endings, f"run {run.id} ended {run.endings} times")
        wrong += _unless_once(run.said, f"run {run.id} said {run.said} times that it had ended")
    return wrong


def every_unit_has_its_result(
    lines: Iterable[Line], results: Iterable[Any], statuses: Iterable[Any]
) -> list[Wrong]:
    """The results are those the texts ask for; of a run that was cancelled, some of them."""
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    given_up = Counter[str]()
    times = Counter[tuple[str, str, str]]()
    for row in results:
        found[str(row.batch_id)][row.essay_id][row.phase] = row.status
        given_up[str(row.batch_id)] += row.failure_code == "attempts_exhausted"
        times[str(row.batch_id), row.essay_id, row.phase] += 1
    ended_as = {str(row.id): row.status for row in statuses}
    wrong = [
        Wrong(Kind.DOUBLED, f"{n} results of batch {batch}, {essay}, {phase}")
        for (batch, essay, phase), n in times.items()
        if n > 1
    ]
    for line in lines:
        if line["type"] != "class":
            continue
        batch, expected = line["batch"], line["expected"]
        got = {essay: dict(found[batch].get(essay, {})) for essay in expected}
        if given_up[batch]:
            said = f"batch {batch}: {given_up[batch]} units were given up as poison"
            wrong.append(Wrong(Kind.LOST, said))
            continue
        may_lack = ended_as.get(batch) == "cancelled"
        for essay, wanted in expected.items():
            where = f"batch {batch} is {ended_as.get(batch)}; of {essay}"
            wrong += _unless_results(got[essay], wanted, where, may_lack=may_lack)
    return wrong


def _unless_results(
    got: Mapping[str, str], wanted: Mapping[str, str], where: str, *, may_lack: bool
) -> list[Wrong]:
    missing = {} if may_lack else {p: s for p, s in wanted.items() if p not in got}
    other = {phase: status for phase, status in got.items() if wanted.get(phase) != status}
    wrong = [Wrong(Kind.LOST, f"{where} there is no {missing}")] if missing else []
    wrong += [Wrong(Kind.OTHER, f"{where} there is {other}, not {wanted}")] if other else []
    return wrong


def every_teacher_was_told_once(notifications: Iterable[Any]) -> list[Wrong]:
    """Numbers have no gap and no double, and each thing is told as often as it happened."""
    wrong = []
    for row in notifications:
        told = f"teacher {row.user_id} was told {row.number_of} times"
        wrong += _unless_as_often(
            row.number_of, row.numbers, f"{told}, under {row.numbers} numbers"
        )
        wrong += _unless_as_often(row.numbers, row.last, f"{told}, under numbers up to {row.last}")
        wrong += _unless_as_often(row.number_of, row.asked, f"{told} of {row.asked} things")
    return wrong


def nothing_seen_was_taken_back(lines: Iterable[Line]) -> list[Wrong]:
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
            Wrong(Kind.OTHER, f"batch {line['batch']} at {line['t']} s: {what}")
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


def _unless_once(times: int, what: str, *, may_lack: bool = False) -> list[Wrong]:
    return [] if may_lack and not times else _unless_as_often(times, 1, what)


def _unless_as_often(times: int, wanted: int, what: str) -> list[Wrong]:
    if times == wanted:
        return []
    return [Wrong(Kind.LOST if times < wanted else Kind.DOUBLED, what)]


def _rows(deps: Deps, query: str) -> Sequence[Any]:
    with deps.uow("check") as uow:
        return uow.session.execute(text(query)).all()


_TOTALS = """
    select (select count(*) from batches) as batches, (select count(*) from runs) as runs,
        (select count(*) from units) as units, (select count(*) from results) as results,
        (select count(*) from every_attempt where outcome = 'lost') as attempts_lost,
        (select count(*) from event_outbox) as messages,
        (select count(*) from notifications) as notifications
"""
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

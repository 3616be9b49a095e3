"""Decisions out as a CSV file, and those of others in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from app.errors import BadDecisionFile, DecisionNotFound
from app.services import assessments, comparisons, recomputing
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request, in_request_by_id
from models import AssessmentResult
from pipelines.phases.cj_assessment import decision_file
from pipelines.phases.cj_assessment.decision_file import BadDecisionsError, Row
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file.

    Attributes:
        imported: decisions that are new.
        known: those that were there already.
    """

    import_id: UUID
    imported: int
    known: int


@in_request
def written(batch_id: UUID, *, owner_id: UUID, deps: Deps) -> str:
    """The decisions of a batch's newest assessment as a file; ties and what could not be judged are left out.

    Raises:
        BatchNotFound: no such batch of this teacher.
        AssessmentNotFound: its essays have not been compared.
    """
    with deps.uow("read_decisions_to_write") as uow:
        uow.batches.owned(batch_id, owner_id)
        found = assessments.newest(uow, batch_id)
        ids = {pk: essay_id for essay_id, pk in _essays(uow, found).items()}
        decided = _decided(uow.decisions.counting(batch_id, found.run_id))
        return decision_file.write((judge, ids[one], ids[other]) for judge, one, other in decided)


def bring_in(
    batch_id: UUID, body: bytes, *, import_id: UUID | None = None, owner_id: UUID, deps: Deps
) -> Imported:
    """Let the decisions of a file count for a batch's newest assessment: all that are not there yet, or none.

    Args:
        import_id: names what is brought in; if that is there already, this does nothing.

    Raises:
        BatchNotFound: no such batch of this teacher.
        AssessmentNotFound: its essays have not been compared, or even been described.
        BadDecisionFile: every bad row is named, and nothing has been imported.
    """
    return _bring_in(batch_id, body, import_id or uuid4(), owner_id, deps)


@in_request_by_id
def _bring_in(batch_id: UUID, body: bytes, import_id: UUID, owner_id: UUID, deps: Deps) -> Imported:
    with deps.uow("import_decisions") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        found = uow.assessments.hold(assessments.newest(uow, batch_id).run_id)
        assert found is not None
        essays = _essays(uow, found)
        rows = _rows(body, essays)
        if already := len(uow.decisions.of_import(batch_id, str(import_id))):
            return Imported(import_id, already, len(rows) - already)
        counting = uow.decisions.counting(batch_id, found.run_id)
        ids = {pk: essay_id for essay_id, pk in essays.items()}
        known = [(judge, ids[one], ids[other]) for judge, one, other in _decided(counting)]
        new = decision_file.unknown(rows, known)
        _refuse_machines(new, counting)
        if new:
            _write(uow, found, decision_file.decisions(new), essays, counting, import_id, deps)
            recomputing.say_changed(uow, batch, found.run_id, "decisions")
            uow.commit()
    return Imported(import_id, len(new), len(rows) - len(new))


@in_request
def take_back(batch_id: UUID, import_id: UUID, *, owner_id: UUID, deps: Deps) -> int:
    """Withdraw everything that one file brought in; how many decisions that were. Again, it changes nothing.

    Raises:
        BatchNotFound: no such batch of this teacher.
        DecisionNotFound: no file brought anything in under this id.
    """
    with deps.uow("take_back_import") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        imported = uow.decisions.of_import(batch_id, str(import_id))
        if not imported:
            raise DecisionNotFound("No file has brought anything in under this id.")
        standing = [each for each in imported if each.withdrawn_at is None]
        for each in standing:
            each.withdrawn_at = deps.clock()
        if standing:
            uow.session.flush()
            recomputing.say_changed(uow, batch, standing[0].run_id, "decisions")
            uow.commit()
    return len(standing)


def _essays(uow: UnitOfWork, found: AssessmentResult) -> dict[str, str]:
    """Essay id → key of every essay of an assessment."""
    described = {each["essay_id"] for each in uow.decisions.descriptions(found.run_id)}
    essays = uow.assessments.essays(found.batch_id, found.run_id)
    return {each.essay_id: str(each.essay_pk) for each in essays if str(each.essay_pk) in described}


def _rows(body: bytes, essays: Mapping[str, str]) -> tuple[Row, ...]:
    try:
        return decision_file.read(body.decode("utf-8"), essays)
    except UnicodeDecodeError as exc:
        line = body[: exc.start].count(b"\n") + 1
        raise _bad([{"field": "/", "line": line, "reason": "It is not UTF-8."}], 1) from exc
    except BadDecisionsError as exc:
        faults = [
            {"field": f"/{each.field}", "line": each.line, "reason": each.reason}
            for each in exc.faults
        ]
        raise _bad(faults, len({each.line for each in exc.faults})) from exc


def _refuse_machines(rows: Sequence[Row], counting: Sequence[Mapping[str, Any]]) -> None:
    """What is brought in counts as persons' decisions, so nothing new may come from a machine."""
    machines = {each["judge"] for each in counting if each["judge_kind"] != JudgeKind.PERSON}
    faults = [
        {"field": "/judge", "line": row.line, "reason": f"{row.judge!r} is a machine here."}
        for row in rows
        if row.judge in machines
    ]
    if faults:
        raise _bad(faults, len(faults))


def _bad(faults: list[dict[str, Any]], rows: int) -> BadDecisionFile:
    first = faults[0]
    detail = f"Line {first['line']}: {first['reason']}"
    if rows > 1:
        detail += f" There are {rows} such lines. Nothing has been imported."
    else:
        detail += " Nothing has been imported."
    return BadDecisionFile(detail, faults=faults, bad_rows=rows)


def _decided(counting: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Judge, chosen and not chosen of every decision that chose."""
    return [
        (each["judge"], each[each["choice"]], each["right" if each["choice"] == "left" else "left"])
        for each in counting
        if each["choice"] in {Choice.LEFT, Choice.RIGHT}
    ]


def _write(
    uow: UnitOfWork,
    found: AssessmentResult,
    new: Sequence[Decision],
    essays: Mapping[str, str],
    counting: Sequence[Mapping[str, Any]],
    import_id: UUID,
    deps: Deps,
) -> None:
    hashes = uow.decisions.described_texts(found.run_id)
    taken = {
        (each["round_no"], each["judge"], Pair(each["left"], each["right"]).essays)
        for each in counting
    }
    at = deps.clock()
    for decision in new:
        pair = Pair(essays[decision.left], essays[decision.right])
        round_no = decision.round_no
        while (round_no, decision.judge, pair.essays) in taken:
            round_no += 1
        taken.add((round_no, decision.judge, pair.essays))
        detail = comparisons.persons_decision(
            round_no, pair, decision.choice, decision.judge, hashes=hashes
        )
        detail["import_id"] = str(import_id)
        uow.session.add(comparisons.stored(found.run_id, detail, at))
    uow.session.flush()

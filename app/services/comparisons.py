"""A person as judge: two texts without names, one decision, and the way back.

A pair is lent for a while, so that nobody else, and no other window, is shown it too. A decision made after that while
still counts as long as nobody else has been lent the pair.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from app.errors import (
    AssessmentNotFound,
    ComparisonDecided,
    ComparisonNotFound,
    ComparisonTaken,
    DecisionNotFound,
)
from app.repositories.decisions import NewPair
from app.services import recomputing, run_facts
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import AssessmentResult, Batch, Comparison, JudgeDecision
from models.judgement import PHASE
from pipelines.phase import BatchContext
from pipelines.phases.cj_assessment import names
from pipelines.phases.cj_assessment.decisions import Choice, JudgeKind, Pair
from pipelines.phases.cj_assessment.persons import OpenToPersons


@dataclass(frozen=True, slots=True)
class ShownText:
    """What a pupil wrote, without the names of the class, and the language it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as a person is shown it.

    Attributes:
        lease_until: it is lent until then.
        decided: how many decisions of this person count by now.
        in_round: how many pairs of its round are left, this one among them.
    """

    comparison_id: UUID
    round_no: int
    lease_until: datetime
    instructions: str
    left: ShownText
    right: ShownText
    decided: int
    in_round: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was made.

    Attributes:
        is_new: whether this request made it; if not, it was there.
    """

    batch_id: UUID
    decision_id: UUID
    comparison_id: UUID
    choice: str
    reasons: Sequence[str]
    duration_ms: int | None
    decided_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that was taken back, and the pair it was about, lent again; None if it is decided anew by now."""

    batch_id: UUID
    decision_id: UUID
    withdrawn_at: datetime
    comparison: Shown | None


@in_request
def next_pair(batch_id: UUID, *, judge_id: UUID, deps: Deps) -> Shown | None:
    """Lend a person the next pair of a batch's newest assessment; None if they have decided all there are.

    Raises:
        BatchNotFound: no such batch of this person.
        AssessmentNotFound: its essays have not been compared, or even been described.
    """
    with deps.uow("offer_comparison") as uow:
        batch = uow.batches.owned(batch_id, judge_id)
        found = uow.assessments.newest(batch_id)
        if found is None:
            raise AssessmentNotFound("No run has prepared the essays of this batch for comparing.")
        taken = _take(uow, found, judge_id, deps)
        if taken is None:
            return None
        shown = _shown(uow, batch, taken, judge_id)
        uow.commit()
    return shown


def _take(
    uow: UnitOfWork, found: AssessmentResult, judge_id: UUID, deps: Deps
) -> Comparison | None:
    def take() -> Comparison | None:
        lease_s = deps.settings.comparison_lease_s
        return uow.comparisons.take(found.batch_id, found.run_id, str(judge_id), lease_s)

    taken = take()
    if taken is None:
        # Somebody else may be planning the round, or have planned it by now.
        uow.assessments.hold(found.run_id)
        taken = take()
    if taken is None and _plan_round(uow, found):
        taken = take()
    return taken


def _plan_round(uow: UnitOfWork, found: AssessmentResult) -> bool:
    """Plan another round of pairs; whether there are any. The assessment is held."""
    facts = run_facts.of(uow, found.run_id)
    engine = cast(OpenToPersons, facts.plan.phase(PHASE).engine())
    decisions = uow.decisions.counting(found.batch_id, found.run_id)
    last_ordinal, last_round = uow.comparisons.last(found.run_id)
    round_no = 1 + max([last_round, *(each["round_no"] for each in decisions)])
    pairs = engine.pairs_for_persons(
        facts.context,
        uow.decisions.descriptions(found.run_id) + decisions,
        [str(essay) for essay in uow.decisions.as_described(found.run_id)],
        taken=[_pair(each) for each in uow.comparisons.open(found.run_id)],
        round_no=round_no,
    )
    if pairs:
        uow.comparisons.add(
            found.run_id,
            [
                NewPair(uuid4(), ordinal, round_no, UUID(pair.left), UUID(pair.right))
                for ordinal, pair in enumerate(pairs, start=last_ordinal + 1)
            ],
        )
    return bool(pairs)


def _pair(comparison: Comparison) -> Pair:
    return Pair(str(comparison.left_id), str(comparison.right_id))


@in_request
def decide(
    comparison_id: UUID, wanted: Mapping[str, Any], *, judge_id: UUID, deps: Deps
) -> Decided:
    """Say which essay of a pair is better. Saying the same again changes nothing.

    Args:
        wanted: `choice`, `reasons` and `duration_ms`.

    Raises:
        ComparisonNotFound: no such pair of a batch of this person.
        ComparisonDecided: it has been decided otherwise.
        ComparisonTaken: it was lent to somebody else meanwhile, or one of its texts is another by now.
    """
    with deps.uow("decide_comparison") as uow:
        comparison, batch = _held(uow, comparison_id, judge_id)
        judge = str(judge_id)
        if comparison.decision_id is not None:
            return _as_it_was(uow, batch, comparison, judge, wanted)
        if comparison.judge != judge:
            raise ComparisonTaken(
                "It was not decided in time, and somebody else has it now.",
                reason="lease_ended",
                lease_until=_iso(comparison.lease_until),
            )
        decision = _decision(uow, comparison, judge, wanted, deps)
        uow.decisions.add(decision)
        comparison.decision_id = decision.id
        uow.session.flush()
        recomputing.say_changed(uow, batch, comparison.run_id, "decisions")
        uow.commit()
    return _decided(batch, decision, comparison.id, is_new=True)


def _held(uow: UnitOfWork, comparison_id: UUID, judge_id: UUID) -> tuple[Comparison, Batch]:
    comparison = uow.comparisons.lock(comparison_id)
    batch = uow.batches.get(uow.runs.get(comparison.run_id).batch_id) if comparison else None
    if comparison is None or batch is None or batch.owner_id != judge_id:
        raise ComparisonNotFound("You have been shown no pair with this id.")
    return comparison, batch


def _as_it_was(
    uow: UnitOfWork, batch: Batch, comparison: Comparison, judge: str, wanted: Mapping[str, Any]
) -> Decided:
    assert comparison.decision_id is not None
    decision = uow.decisions.hold(comparison.decision_id)
    if decision.judge != judge or decision.choice != wanted["choice"]:
        raise ComparisonDecided(
            "Take that back first, if it is to be another.",
            decision_id=str(decision.id),
            choice=decision.choice,
        )
    return _decided(batch, decision, comparison.id, is_new=False)


def _decision(
    uow: UnitOfWork, comparison: Comparison, judge: str, wanted: Mapping[str, Any], deps: Deps
) -> JudgeDecision:
    if not _has_its_texts(uow, comparison):
        raise ComparisonTaken(
            "One of the texts has been replaced since you were shown them.", reason="text_replaced"
        )
    detail = {
        **persons_decision(
            comparison.round_no,
            _pair(comparison),
            Choice(wanted["choice"]),
            judge,
            hashes=uow.decisions.described_texts(comparison.run_id),
            duration_ms=wanted.get("duration_ms"),
        ),
        "reasons": list(wanted["reasons"]),
        "comparison_id": str(comparison.id),
    }
    return stored(comparison.run_id, detail, deps.clock())


def persons_decision(
    round_no: int,
    pair: Pair,
    choice: Choice,
    judge: str,
    *,
    hashes: Mapping[str, str],
    duration_ms: int | None = None,
) -> dict[str, Any]:
    """A decision of a person as phases read it, and of which texts it was."""
    return {
        "round_no": round_no,
        "left": pair.left,
        "right": pair.right,
        "order": 0,
        "choice": str(choice),
        "judge": judge,
        "judge_kind": str(JudgeKind.PERSON),
        "confidence": None,
        "reason": None,
        "duration_ms": duration_ms,
        "reasons": [],
        "left_text_sha256": hashes[pair.left],
        "right_text_sha256": hashes[pair.right],
    }


def stored(run_id: UUID, detail: dict[str, Any], at: datetime) -> JudgeDecision:
    """The row of a decision."""
    return JudgeDecision(
        id=uuid4(),
        run_id=run_id,
        detail=detail,
        decided_at=at,
        **JudgeDecision.row(run_id, detail),
    )


@in_request
def undo(decision_id: UUID, *, judge_id: UUID, deps: Deps) -> Undone:
    """Take back a decision of a person, and lend its pair again. Doing it again changes nothing.

    Raises:
        DecisionNotFound: no such decision of a person about a batch of this one.
    """
    with deps.uow("undo_decision") as uow:
        found = uow.decisions.find(decision_id)
        batch = uow.batches.get(uow.runs.get(found.run_id).batch_id) if found else None
        if found is None or batch is None or not _may_undo(found, batch, judge_id):
            raise DecisionNotFound("No person has made such a decision about a batch of yours.")
        asked = found.detail.get("comparison_id")
        comparison = uow.comparisons.lock(UUID(asked)) if asked else None
        decision = uow.decisions.hold(decision_id)
        if decision.withdrawn_at is None:
            decision.withdrawn_at = deps.clock()
            if comparison is not None:
                comparison.decision_id = None
            uow.session.flush()
            recomputing.say_changed(uow, batch, decision.run_id, "decisions")
        shown = None
        if comparison is not None and _may_be_shown(uow, comparison):
            uow.comparisons.lease(comparison, str(judge_id), deps.settings.comparison_lease_s)
            shown = _shown(uow, batch, comparison, judge_id)
        undone = Undone(batch.id, decision.id, decision.withdrawn_at, shown)
        uow.commit()
    return undone


def _may_be_shown(uow: UnitOfWork, comparison: Comparison) -> bool:
    is_open = comparison.decision_id is None
    return is_open and _has_its_texts(uow, comparison)


def _has_its_texts(uow: UnitOfWork, comparison: Comparison) -> bool:
    """Whether both texts are still those that were to be compared."""
    as_described = uow.decisions.as_described(comparison.run_id)
    return {comparison.left_id, comparison.right_id} <= as_described


def _may_undo(decision: JudgeDecision, batch: Batch, judge_id: UUID) -> bool:
    return decision.judge_kind == JudgeKind.PERSON and batch.owner_id == judge_id


def _decided(
    batch: Batch, decision: JudgeDecision, comparison_id: UUID, *, is_new: bool
) -> Decided:
    return Decided(
        batch.id,
        decision.id,
        comparison_id,
        decision.choice,
        decision.detail["reasons"],
        decision.detail["duration_ms"],
        decision.decided_at,
        is_new,
    )


def _shown(uow: UnitOfWork, batch: Batch, comparison: Comparison, judge_id: UUID) -> Shown:
    facts = run_facts.of(uow, comparison.run_id)
    assert comparison.lease_until is not None
    return Shown(
        comparison.id,
        comparison.round_no,
        comparison.lease_until,
        facts.context.instructions,
        *_texts(uow, comparison, facts.context),
        uow.decisions.count_of(batch.id, comparison.run_id, str(judge_id)),
        uow.comparisons.count_open(comparison.run_id, comparison.round_no),
    )


def _texts(
    uow: UnitOfWork, comparison: Comparison, context: BatchContext
) -> tuple[ShownText, ShownText]:
    ids = (comparison.left_id, comparison.right_id)
    read = uow.essays.with_text(ids)
    written = [read[essay].text for essay in ids]
    pupils = context.names | uow.essays.students_of(ids)
    languages = [context.language_of(essay) for essay in ids]
    left, right = (
        ShownText(names.without(written, pupils, language)[place], language)
        for place, language in enumerate(languages)
    )
    return left, right


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

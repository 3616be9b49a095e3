"""The phase that ranks a class: essays are described, then compared round by round until the ranking is sure enough."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from time import perf_counter
from typing import Any
from uuid import UUID

from pipelines.judging import Judging
from pipelines.phase import (
    BatchContext,
    Done,
    Finished,
    GaveUp,
    Item,
    Later,
    Outcome,
    SoFar,
    Unit,
    UnitPlan,
    Wave,
)
from pipelines.phases.cj_assessment import (
    assessment,
    builtin,
    features,
    orders,
    persons,
    stopping,
)
from pipelines.phases.cj_assessment.assessing import assess
from pipelines.phases.cj_assessment.assessment import Assessment
from pipelines.phases.cj_assessment.builtin import Standing
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.grades import Anchor, GradeScale
from pipelines.phases.cj_assessment.judges import Task, Verdict
from pipelines.phases.cj_assessment.orders import Asked
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.phases.cj_assessment.persons import AWAITING_DECISIONS
from pipelines.phases.cj_assessment.remote import Answer, RemoteJudge
from pipelines.phases.text import read
from pipelines.vocabulary import Language

_NAME = "cj_assessment"
OUT_OF_TIME = "out_of_time"
NO_DECISIONS = "no_decisions"
_RULES = "4"  # counts up whenever the code here may plan or decide otherwise


class CjAssessment:
    """Ranks the essays of a batch by comparative judgement.

    Args:
        model: makes the language model that decides where one is chosen; None from it if none is set up.
        judging: who judges and until when, as `Judging`; a run may choose otherwise.

    Raises:
        BadJudging: it cannot be judged like that.
    """

    name = _NAME
    plans_once = False
    reads_found = True
    reads_texts = True

    def __init__(
        self, model: Callable[[], RemoteJudge | None] = lambda: None, **judging: Any
    ) -> None:
        self._model = model
        self._judging = Judging().but(judging)

    @property
    def engine_version(self) -> str:
        """Everything that decides how the same essays come out, but for what a run chooses; a unit names its judge."""
        return "; ".join(
            (
                f"{_NAME} {_RULES}",
                f"assessing {assessment.ENGINE_VERSION}",
                f"builtin {builtin.VERSION}",
            )
        )

    def prepare(self) -> None:
        """Nothing is slow to load that the phases before have not loaded."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        """Describe the essays first; then one round of pairs after the other."""
        if not so_far.items:
            return Finished()
        if so_far.wave_no == 0 and not so_far.is_out_of_time:
            return Wave(
                tuple(
                    UnitPlan(
                        (item.item_id,),
                        _hash("describe", batch.language_of(item.item_id), item.text_sha256),
                    )
                    for item in so_far.items
                )
            )
        return _Assessed(
            batch, so_far, self._judging.but(batch.judging), self._judge_of(batch)
        ).next()

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        """Describe essays, or decide pairs."""
        outcomes: dict[int, Outcome] = {}
        for unit in units:
            if unit.given is None:
                outcomes[unit.position] = _describe(batch, unit.items[0])
        pairs = [unit for unit in units if unit.given is not None]
        outcomes |= self._decide(batch, pairs)
        return [outcomes[unit.position] for unit in units]

    def conclude(
        self,
        batch: BatchContext,
        found: Sequence[Mapping[str, Any]],
        *,
        anchors: Mapping[str, Anchor],
        scale: GradeScale | None,
    ) -> Mapping[str, Any]:
        """What comes of it when persons have gone on; see `persons.OpenToPersons`."""
        known = _Known(batch, found, self._judging.but(batch.judging))
        assessed = known.assess(anchors, scale)
        return known.result(assessed, assessed.stop.reason or AWAITING_DECISIONS)

    def pairs_for_persons(
        self,
        batch: BatchContext,
        found: Sequence[Mapping[str, Any]],
        essays: Collection[str],
        *,
        taken: Collection[Pair],
        round_no: int,
    ) -> tuple[Pair, ...]:
        """Pairs for one round of persons; see `persons.OpenToPersons`."""
        known = _Known(batch, found, self._judging.but(batch.judging))
        wanted = set(essays)
        here = [essay for essay in known.essays if essay in wanted]
        return persons.pairs(here, known.decisions, taken=taken, round_no=round_no, **known.about)

    def _judge_of(self, batch: BatchContext) -> RemoteJudge | None:
        """Who decides pairs, if not the built-in judge.

        Raises:
            LookupError: a language model was chosen, and none is set up.
        """
        if self._judging.but(batch.judging).judge is not JudgeKind.LLM:
            return None
        model = self._model()
        if model is None:
            raise LookupError("no language model is set up")
        return model

    def _decide(self, batch: BatchContext, units: Sequence[Unit]) -> dict[int, Outcome]:
        if not units:
            return {}
        started = perf_counter()
        judge = self._judge_of(batch)
        answers: Sequence[Answer]
        if judge is None:
            name, kind = builtin.NAME, JudgeKind.BUILTIN
            answers = [_by_looks(unit) for unit in units]
        else:
            name, kind = judge.name, judge.kind
            answers = judge.ask(batch, [_task(batch, unit) for unit in units])
        each_ms = (perf_counter() - started) * 1000 / len(units)
        return {
            unit.position: _outcome(unit, answer, name, kind, each_ms)
            for unit, answer in zip(units, answers, strict=True)
        }


def _by_looks(unit: Unit) -> Verdict:
    left, right = map(Standing.from_json, (unit.given or {})["standings"])
    return builtin.compare(left, right)


def _describe(batch: BatchContext, item: Item) -> Outcome:
    started = perf_counter()
    language = batch.language_of(item.item_id)
    if not read(item.text, language).words:
        return GaveUp("no_words", "The essay has no words to compare.")
    found = {
        "essay_id": str(item.item_id),
        "description": features.describe(item.text, language),
    }
    return Done(found, elapsed_ms=(perf_counter() - started) * 1000)


def _task(batch: BatchContext, unit: Unit) -> Task:
    left, right = unit.items
    return Task(
        Pair(str(left.item_id), str(right.item_id)),
        left.text,
        right.text,
        batch.instructions,
        _language_of(batch, left.item_id, right.item_id),
    )


def _language_of(batch: BatchContext, left: UUID, right: UUID) -> Language:
    """What a pair is read in: its own language, or the course's where the two are in different ones."""
    ours, theirs = batch.language_of(left), batch.language_of(right)
    return ours if ours == theirs else batch.language


def _outcome(unit: Unit, answer: Answer, judge: str, kind: JudgeKind, elapsed_ms: float) -> Outcome:
    if isinstance(answer, Later):
        return answer
    if isinstance(answer, GaveUp):
        # A decision like any other, and not one that counts, so that nobody is asked for it again.
        answer = Verdict(Choice.INVALID, reason=answer.code)
    left, right = unit.items
    given = unit.given or {}
    return Done(
        {
            "round_no": given["round_no"],
            "left": str(left.item_id),
            "right": str(right.item_id),
            "order": given["order"],
            "choice": str(answer.choice),
            "judge": judge,
            "judge_kind": str(kind),
            "confidence": answer.confidence,
            "reason": answer.reason,
            "factors": [asdict(factor) for factor in answer.factors],
        },
        elapsed_ms=elapsed_ms,
    )


def decision_of(stored: Mapping[str, Any]) -> Decision:
    """A decision as the phase found it, or as a person made it."""
    return Decision(
        stored["round_no"],
        stored["left"],
        stored["right"],
        Choice(stored["choice"]),
        stored["judge"],
        JudgeKind(stored["judge_kind"]),
        stored["order"],
        stored["confidence"],
        stored["reason"],
        stored.get("duration_ms"),
    )


class _Known:
    """What was found of a batch's essays, and decided about them."""

    def __init__(
        self, batch: BatchContext, found: Sequence[Mapping[str, Any]], judging: Judging
    ) -> None:
        described = {
            each["essay_id"]: each["description"] for each in found if "description" in each
        }
        self.judging = judging
        self.essays = tuple(described)
        self.decisions = tuple(decision_of(each) for each in found if "choice" in each)
        self.standings = builtin.standings(described, judging.profile)
        self.about: dict[str, Any] = {"seed": seed_of(batch), "prior": self._prior()}

    def _prior(self) -> Mapping[str, float] | None:
        if not self.judging.with_prior:
            return None
        return {essay: standing.score for essay, standing in self.standings.items()}

    def assess(
        self, anchors: Mapping[str, Anchor] | None = None, scale: GradeScale | None = None
    ) -> Assessment:
        """Work everything out."""
        return assess(
            self.essays,
            self.decisions,
            anchors=anchors,
            grade_scale=scale,
            target=self.judging.target,
            most_rounds=self.judging.most_rounds,
            **self.about,
        )

    def result(self, assessed: Assessment, reason: str) -> dict[str, Any]:
        """What the phase says of it, JSON-ready."""
        return {
            **assessed.to_json(),
            "stop_reason": str(reason),
            "decision_count": assessed.decisions,
            "flags": {
                essay: list(standing.flags)
                for essay, standing in self.standings.items()
                if standing.flags
            },
        }


class _Assessed:
    """What is known after some rounds, and what to do next."""

    def __init__(
        self, batch: BatchContext, so_far: SoFar, judging: Judging, judge: RemoteJudge | None
    ) -> None:
        self._batch = batch
        self._so_far = so_far
        self._items = {str(item.item_id): item for item in so_far.items}
        self._judging = judging
        self._judge = judge
        self._known = _Known(batch, so_far.found, judging)
        self._assessment = self._known.assess()

    def next(self) -> Wave | Finished:
        """Another round, or the end."""
        round_no = self._so_far.wave_no
        is_over = (
            self._so_far.is_out_of_time
            or self._judging.judge is JudgeKind.PERSON
            or self._is_mute
            or round_no > self._judging.most_rounds
        )
        pairs: tuple[Pair, ...] = ()
        if self._assessment.stop.reason is None and not is_over:
            pairs = next_round(
                self._known.essays, self._known.decisions, round_no, **self._known.about
            )
        if not pairs:
            return Finished(self._result())
        return Wave(
            tuple(self._unit(round_no, asked) for asked in self._asked(pairs, round_no)),
            standing={
                "round_no": round_no,
                "most_rounds": self._judging.most_rounds,
                "reliability": self._assessment.reliability.honest,
                "target": self._judging.target,
            },
        )

    @property
    def _is_mute(self) -> bool:
        """Whether the judge had nothing to say of any pair of the last round, and so will not have of the next."""
        last = [each for each in self._known.decisions if each.round_no == self._so_far.wave_no - 1]
        return bool(last) and not any(each.is_valid for each in last)

    def _asked(self, pairs: Sequence[Pair], round_no: int) -> Sequence[Asked]:
        """A judge that may lean is asked about some pairs, or all, in both orders."""
        if self._judge is None:
            return [Asked(pair) for pair in pairs]
        return orders.of_round(
            pairs,
            self._known.decisions,
            round_no,
            seed=self._known.about["seed"],
            judge=self._judge.name,
        )

    def _unit(self, round_no: int, asked: Asked) -> UnitPlan:
        left, right = self._items[asked.pair.left], self._items[asked.pair.right]
        given: dict[str, Any] = {"round_no": round_no, "order": asked.order}
        if self._judge is None:
            both = (self._known.standings[asked.pair.left], self._known.standings[asked.pair.right])
            given["standings"] = [standing.to_json() for standing in both]
        else:
            given["judge"] = f"{self._judge.name} {self._judge.version}"
        language = _language_of(self._batch, left.item_id, right.item_id)
        about = [language, self._batch.instructions]
        texts = [left.text_sha256, right.text_sha256]
        return UnitPlan(
            (left.item_id, right.item_id),
            _hash("compare", about, texts, given),
            given=given,
            mark=f"round {round_no}",
        )

    def _result(self) -> dict[str, Any]:
        reason: str | None = self._assessment.stop.reason
        if self._judging.judge is JudgeKind.PERSON:
            reason = AWAITING_DECISIONS
        elif self._so_far.is_out_of_time:
            reason = OUT_OF_TIME
        elif self._is_mute:
            reason = NO_DECISIONS
        return self._known.result(self._assessment, reason or stopping.StopReason.EVERY_PAIR)


def seed_of(batch: BatchContext) -> int:
    """The same for every run of a batch, so that the same decisions come out as the same bytes."""
    return int.from_bytes(sha256(batch.batch_id.bytes).digest()[:4], "big")


def _hash(*parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()

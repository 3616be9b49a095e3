"""Essays compared round by round, until their ranking is sure enough."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from pipelines.judging import Judging
from pipelines.phases.cj_assessment import orders
from pipelines.phases.cj_assessment.assessing import assess
from pipelines.phases.cj_assessment.assessment import Assessment
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.judges import Judge, Task, Verdict
from pipelines.phases.cj_assessment.orders import Asked
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.phases.cj_assessment.stopping import LEAST_ROUNDS
from pipelines.vocabulary import Language

NO_REASON = "it could decide none of the pairs of a round."
Heard = Callable[[int, int, Assessment | None], None]


@dataclass(frozen=True, slots=True)
class About:
    """What essays are, to whoever compares them."""

    texts: Mapping[str, str]
    assignment: str
    language: Language


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it.

    Attributes:
        decisions: all of them, those that are invalid among them.
        failure: why the judge could not go on; None if it was not for that.
    """

    assessment: Assessment
    decisions: tuple[Decision, ...]
    failure: str | None = None


def compare(about: About, judge: Judge, judging: Judging, *, seed: int, heard: Heard) -> Compared:
    """Let a judge compare essays.

    Args:
        judging: until when.
        seed: the same essays, judge and seed are compared alike.
        heard: told after each round that it is over, how many decisions there are, and what they say where that was
            worked out: before round 8 nothing can end it.
    """
    essays = list(about.texts)
    decisions: list[Decision] = []

    def known() -> Assessment:
        return assess(
            essays, decisions, seed=seed, target=judging.target, most_rounds=judging.most_rounds
        )

    for round_no in range(1, judging.most_rounds + 1):
        pairs = next_round(essays, decisions, round_no, seed=seed)
        if not pairs:
            break
        decided = _decided(about, judge, round_no, _asked(pairs, decisions, round_no, seed, judge))
        decisions += decided
        if not any(one.is_valid for one in decided):
            return Compared(known(), tuple(decisions), decided[0].reason or NO_REASON)
        found = known() if round_no >= LEAST_ROUNDS else None
        heard(round_no, len(decisions), found)
        if found is not None and found.stop.reason is not None:
            return Compared(found, tuple(decisions))
    return Compared(known(), tuple(decisions))


def _asked(
    pairs: Sequence[Pair], decisions: Sequence[Decision], round_no: int, seed: int, judge: Judge
) -> Sequence[Asked]:
    if judge.kind is JudgeKind.BUILTIN:
        return [Asked(pair) for pair in pairs]
    return orders.of_round(pairs, decisions, round_no, seed=seed, judge=judge.name)


def _decided(about: About, judge: Judge, round_no: int, asked: Sequence[Asked]) -> list[Decision]:
    started = perf_counter()
    verdicts = judge.compare([_task(about, each) for each in asked])
    each_ms = round((perf_counter() - started) * 1000 / max(1, len(asked)))
    return [
        _decision(round_no, each, verdict, judge, each_ms)
        for each, verdict in zip(asked, verdicts, strict=True)
    ]


def _task(about: About, asked: Asked) -> Task:
    pair = asked.pair
    return Task(
        pair, about.texts[pair.left], about.texts[pair.right], about.assignment, about.language
    )


def _decision(
    round_no: int, asked: Asked, verdict: Verdict, judge: Judge, duration_ms: int
) -> Decision:
    return Decision(
        round_no,
        asked.pair.left,
        asked.pair.right,
        Choice(verdict.choice),
        judge.name,
        judge.kind,
        asked.order,
        verdict.confidence,
        verdict.reason,
        duration_ms,
    )

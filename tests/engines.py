"""A phase that does what its essays' texts say, so that a test decides by handing in words."""

import os
import re
import signal
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from app import bootstrap
from pipelines.phase import (
    BatchContext,
    Done,
    EssayPhase,
    Finished,
    GaveUp,
    Later,
    Outcome,
    SoFar,
    Unit,
    UnitPlan,
    Wave,
)
from pipelines.phases.cj_assessment import CjAssessment, persons
from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.grades import Anchor, GradeScale
from pipelines.phases.cj_assessment.judges import Task, Verdict
from pipelines.phases.cj_assessment.persons import AWAITING_DECISIONS
from pipelines.phases.cj_assessment.remote import RemoteJudge
from tests.assessments import an_assessment

ORDER = re.compile(r"\[(\w+):([\w.]+)(?:=([^\]]*))?\]")
GIVES_UP_WAITING_S = 60.0


class Unplannable(EssayPhase):
    """Nobody can say what there is to do."""

    name = "unplannable"
    engine_version = "unplannable-1"

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        """Raise."""
        raise RuntimeError("told to")


class Scripted(EssayPhase):
    """Obeys orders of the form `[phase:order]` or `[phase:order=value]` in a text; otherwise is done.

    `give_up`, `raise`, `raise_until` (the file exists), `raise_once` (and then makes the file), `kill` (its process),
    `later` (once, by a file), `sleep` (so many seconds), `wait` (until the file exists; a second file, `.held`, says
    that it waits, and in which process).

    Args:
        streams: whether essays stream out of it and into it; otherwise the ledger asks it for another wave each time.
    """

    engine_version = "scripted-1"

    def __init__(self, name: str, *, streams: bool = False) -> None:
        self.name = name
        self.plans_once = streams

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        return [self._run(unit) for unit in units]

    def _run(self, unit: Unit) -> Outcome:
        text = unit.items[0].text
        for phase, order, value in ORDER.findall(text):
            if phase == self.name:
                outcome: Outcome | None = getattr(self, f"_{order}")(value)
                if outcome is not None:
                    return outcome
        return Done({"characters": len(text)})

    def _give_up(self, _: str) -> Outcome:
        return GaveUp("told_to", "The text told it to.")

    def _raise(self, _: str) -> None:
        raise RuntimeError("told to")

    def _raise_until(self, mark: str) -> None:
        if not Path(mark).exists():
            raise RuntimeError("told to")

    def _raise_once(self, once: str) -> None:
        mark = Path(once)
        if not mark.exists():
            mark.touch()
            raise RuntimeError("told to")

    def _kill(self, once: str) -> None:
        if once:
            mark = Path(once)
            if mark.exists():
                return
            mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)

    def _sleep(self, seconds: str) -> None:
        sleep(float(seconds))

    def _later(self, once: str) -> Outcome | None:
        mark = Path(once)
        if mark.exists():
            return None
        mark.touch()
        return Later(0.1, "told to")

    def _wait(self, gate: str) -> None:
        Path(f"{gate}.held").write_text(str(os.getpid()))
        until = monotonic() + GIVES_UP_WAITING_S
        while not Path(gate).exists():
            assert monotonic() < until, "nobody opened the gate"
            sleep(0.02)


class AskedOfAModel(EssayPhase):
    """Has a model say whether each essay is better than nothing."""

    name = "judged"
    engine_version = "asked-1"

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        judge = bootstrap.llm_judge()
        assert judge is not None
        tasks = [
            Task(
                Pair(str(unit.items[0].item_id), "nothing"),
                unit.items[0].text,
                "",
                "",
                batch.language,
            )
            for unit in units
        ]
        return [
            Done({"choice": str(answer.choice)}) if isinstance(answer, Verdict) else answer
            for answer in judge.ask(batch, tasks)
        ]


MODEL: RemoteJudge | None = None
"""Who judges for `RankedByAModel`; a test puts it here."""


def RankedByAModel(**judging: Any) -> CjAssessment:  # noqa: N802 - stands for a class in a catalogue
    """The shipped phase, with the model of a test."""
    return CjAssessment(lambda: MODEL, **judging)


ROUNDS = 2


class Rounds:
    """Describes each essay, compares neighbours in two rounds, the longer one wins, and counts."""

    name = "cj_assessment"
    engine_version = "rounds-1"
    plans_once = False
    reads_found = True
    reads_texts = True

    def prepare(self) -> None:
        """There is nothing to load."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        if so_far.wave_no == 0:
            return Wave(tuple(UnitPlan((item.item_id,), "describe") for item in so_far.items))
        if so_far.wave_no > ROUNDS or so_far.is_out_of_time:
            stop_reason = "out_of_time" if so_far.is_out_of_time else "budget"
            return Finished(_ranked(so_far.found, stop_reason))
        lengths = {each["essay_id"]: each["length"] for each in so_far.found if "length" in each}
        given = {"round_no": so_far.wave_no, "lengths": lengths}
        return Wave(
            tuple(
                UnitPlan(
                    (a.item_id, b.item_id),
                    f"{so_far.wave_no}",
                    given=given,
                    mark=f"{so_far.wave_no}",
                )
                for a, b in pairwise(so_far.items)
            ),
            standing={
                "round_no": so_far.wave_no,
                "most_rounds": ROUNDS,
                "reliability": None,
                "target": 0.8,
            },
        )

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        return [self._run(unit) for unit in units]

    def _run(self, unit: Unit) -> Outcome:
        if unit.given is None:
            [item] = unit.items
            return Done({"essay_id": str(item.item_id), "length": len(item.text)})
        left, right = map(str, (item.item_id for item in unit.items))
        if any("refuse" in item.text for item in unit.items):
            return GaveUp("refused", "The judge does not want to.")
        lengths = unit.given["lengths"]
        return Done(
            {
                "round_no": unit.given["round_no"],
                "left": left,
                "right": right,
                "order": 0,
                "choice": "left" if lengths[left] >= lengths[right] else "right",
                "judge": "length",
                "judge_kind": "builtin",
            }
        )

    def conclude(
        self,
        batch: BatchContext,
        found: Sequence[Mapping[str, Any]],
        *,
        anchors: Mapping[str, Anchor],
        scale: GradeScale | None,
    ) -> Mapping[str, Any]:
        if any(each.get("judge") == "insane" for each in found):
            raise RuntimeError("told to")
        return {**_ranked(found, AWAITING_DECISIONS), "grading": _graded(found, anchors, scale)}

    def pairs_for_persons(
        self,
        batch: BatchContext,
        found: Sequence[Mapping[str, Any]],
        essays: Collection[str],
        *,
        taken: Collection[Pair],
        round_no: int,
    ) -> tuple[Pair, ...]:
        decisions = [_decision(each) for each in found if "choice" in each]
        return persons.pairs(sorted(essays), decisions, taken=taken, round_no=round_no, seed=1)


def _ranked(found: Sequence[Mapping[str, Any]], stop_reason: str) -> Mapping[str, Any]:
    """Whoever was chosen more often is better, and of those the longer one."""
    lengths = {each["essay_id"]: each["length"] for each in found if "length" in each}
    decisions = [each for each in found if each.get("choice") in {"left", "right"}]
    wins = dict.fromkeys(lengths, 0)
    for each in decisions:
        wins[each[each["choice"]]] += 1
    best = sorted(wins, key=lambda essay: (-wins[essay], -lengths[essay]))
    return an_assessment(best, decisions, stop_reason=stop_reason)


def _graded(
    found: Sequence[Mapping[str, Any]], anchors: Mapping[str, Anchor], scale: GradeScale | None
) -> Mapping[str, Any] | None:
    """Everybody may have the lowest or the highest grade that an anchor has."""
    if scale is None:
        return None
    known = sorted({str(each.grade) for each in anchors.values()}, key=scale.grades.index)
    others = [each["essay_id"] for each in found if "length" in each]
    either = (
        {
            "grade": known[-1],
            "chances": dict.fromkeys(known, 1 / len(known)),
            "between": known[::-1] if len(known) > 1 else None,
            "is_beyond": False,
        }
        if known
        else {}
    )
    return {
        "scale": scale.name,
        "essays": {essay: either for essay in others if known and essay not in anchors},
        "why_not": None if known else "no_anchors",
        "without_anchors": [grade for grade in scale.grades if grade not in known],
    }


def _decision(found: Mapping[str, Any]) -> Decision:
    return Decision(
        found["round_no"],
        found["left"],
        found["right"],
        Choice(found["choice"]),
        found["judge"],
        JudgeKind(found["judge_kind"]),
        found["order"],
    )

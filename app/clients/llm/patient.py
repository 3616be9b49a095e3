"""A remote judge for somebody who has nothing else to do than wait for it."""

from collections.abc import Callable, Sequence
from time import sleep

from pipelines.phase import BatchContext, GaveUp, Later
from pipelines.phases.cj_assessment.decisions import Choice, JudgeKind
from pipelines.phases.cj_assessment.judges import Task, Verdict
from pipelines.phases.cj_assessment.remote import RemoteJudge

_LEAST_S = 0.05


class PatientJudge:
    """A `Judge` that asks again until there is a verdict on every pair.

    Args:
        remote: who judges.
        batch: whose essays.
        pause: lets seconds pass.
    """

    def __init__(
        self, remote: RemoteJudge, batch: BatchContext, pause: Callable[[float], None] = sleep
    ) -> None:
        self._remote = remote
        self._batch = batch
        self._pause = pause

    @property
    def name(self) -> str:
        """Who judges."""
        return self._remote.name

    @property
    def kind(self) -> JudgeKind:
        """What sort of judge that is."""
        return self._remote.kind

    @property
    def version(self) -> str:
        """Of whom judges."""
        return self._remote.version

    def compare(self, tasks: Sequence[Task]) -> Sequence[Verdict]:
        """See the protocol. A pair without a verdict is invalid, its reason the code and the sentence."""
        verdicts: dict[int, Verdict] = {}
        while len(verdicts) < len(tasks):
            left = [place for place in range(len(tasks)) if place not in verdicts]
            wait_s = None
            for place, answer in zip(
                left, self._remote.ask(self._batch, [tasks[place] for place in left]), strict=True
            ):
                match answer:
                    case Verdict():
                        verdicts[place] = answer
                    case GaveUp(code=code, reason=reason):
                        verdicts[place] = Verdict(Choice.INVALID, reason=f"{code}: {reason}")
                    case Later(after_s=after_s):
                        wait_s = min(after_s, after_s if wait_s is None else wait_s)
            if wait_s is not None:
                self._pause(max(_LEAST_S, wait_s))
        return [verdicts[place] for place in range(len(tasks))]

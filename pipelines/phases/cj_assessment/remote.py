"""Judges that are asked over a network: they may have no answer yet, or none at all."""

from collections.abc import Sequence
from typing import Protocol

from pipelines.phase import BatchContext, GaveUp, Later
from pipelines.phases.cj_assessment.decisions import JudgeKind
from pipelines.phases.cj_assessment.judges import Task, Verdict

Answer = Verdict | Later | GaveUp
"""What comes of a pair: a verdict; to be asked again after a while; or no verdict, ever, and why."""


class RemoteJudge(Protocol):
    """Compares essays somewhere else."""

    @property
    def name(self) -> str:
        """Judges are told apart by it."""
        ...

    @property
    def kind(self) -> JudgeKind:
        """What sort of judge it is."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the judge may decide otherwise."""
        ...

    def ask(self, batch: BatchContext, tasks: Sequence[Task]) -> Sequence[Answer]:
        """Judge pairs of one batch, each by itself, and several at a time.

        Args:
            batch: whose money is spent, and whose pupils' names nobody else is told.

        Returns:
            An answer for each task, in their order.
        """
        ...

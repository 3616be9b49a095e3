"""What every judge is: somebody who is shown two essays and says which is better."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.phases.cj_assessment.decisions import Choice, JudgeKind, Pair
from pipelines.vocabulary import Language


@dataclass(frozen=True, slots=True)
class Task:
    """A pair as it is put to a judge.

    Attributes:
        pair: which essays, on the sides they are shown on.
        left_text, right_text: what they say.
        instructions: what the pupils were asked to write; empty if nobody knows.
        language: they are written in.
    """

    pair: Pair
    left_text: str
    right_text: str
    instructions: str
    language: Language


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that spoke for one of the essays, so that a screen can say it in the reader's language.

    Attributes:
        code: what was looked at; a key of `weights.NAMES`.
        left, right: how much of it the essays have.
        gain: how much it speaks for the left one, in logits; negative where it speaks for the right.
    """

    code: str
    left: float
    right: float
    gain: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of a pair.

    Attributes:
        choice: the better essay, or why there is none.
        confidence: how sure the judge is, from 0.5 for a coin to 1; None if it does not say.
        reason: why, in a sentence or two.
        factors: what decided, the weightiest first, where the judge knows.
    """

    choice: Choice
    confidence: float | None = None
    reason: str | None = None
    factors: tuple[Factor, ...] = ()


class Judge(Protocol):
    """Compares essays."""

    @property
    def name(self) -> str:
        """What the judge is told apart by."""

    @property
    def kind(self) -> JudgeKind:
        """What sort of judge it is."""

    @property
    def version(self) -> str:
        """Changes whenever the judge may decide otherwise."""

    def compare(self, tasks: Sequence[Task]) -> Sequence[Verdict]:
        """Judge pairs, each by itself.

        Returns:
            A verdict for each task, in their order. A pair that cannot be judged is `Choice.INVALID` with the reason,
            never an exception.
        """
        ...

"""Pairs of essays, and what judges decided about them."""

from dataclasses import dataclass
from enum import StrEnum

from pipelines.vocabulary import JudgeKind

Key = tuple[int, tuple[str, str], int, str]
"""Round, essays, order, judge."""


class Choice(StrEnum):
    """What a judge said of a pair: which is better, that neither is, or nothing that counts."""

    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two essays to be compared, by their ids, on the sides they are shown on."""

    left: str
    right: str

    def __post_init__(self) -> None:
        if self.left == self.right:
            raise ValueError(f"essay {self.left} cannot be compared with itself")

    @property
    def essays(self) -> tuple[str, str]:
        """Both, whatever their sides."""
        return (self.left, self.right) if self.left < self.right else (self.right, self.left)

    def swapped(self) -> "Pair":
        """The same essays on each other's sides."""
        return Pair(self.right, self.left)


@dataclass(frozen=True, slots=True)
class Decision:
    """What one judge said of one pair.

    Attributes:
        round_no: the round the pair was planned in, from 1.
        left: the essay that was shown on the left.
        right: the other.
        judge: who decided; judges are told apart by this name.
        order: 0, or 1 where the judge was asked once more with the sides swapped; left and right are then as shown
            that time.
        confidence: how sure the judge was, from 0 to 1. It is kept, and counts for nothing.
        reason: why, in the judge's words.
    """

    round_no: int
    left: str
    right: str
    choice: Choice
    judge: str
    kind: JudgeKind
    order: int = 0
    confidence: float | None = None
    reason: str | None = None
    duration_ms: int | None = None

    @property
    def pair(self) -> Pair:
        """What it is about."""
        return Pair(self.left, self.right)

    @property
    def key(self) -> Key:
        """What there is one decision of at most: round, essays, order, judge."""
        return self.round_no, self.pair.essays, self.order, self.judge

    @property
    def is_valid(self) -> bool:
        """Whether it says anything about the essays."""
        return self.choice is not Choice.INVALID

    @property
    def preferred(self) -> str | None:
        """The better essay, where the judge named one."""
        if self.choice is Choice.LEFT:
            return self.left
        return self.right if self.choice is Choice.RIGHT else None


class ContradictoryDecisionsError(ValueError):
    """Two decisions that there can be only one of say different things."""


class UnknownEssayError(ValueError):
    """A decision is about an essay that is not assessed."""

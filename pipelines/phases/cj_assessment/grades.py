"""From strengths to grades, by essays whose grades are known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anchor:
    """An essay of which something is known beforehand.

    Attributes:
        grade: its grade, on the scale that is asked for; None if it only fixes the scale of strengths.
        strength: in logits, where an earlier assessment found it; None if it is estimated with the others.
        se: how sure that is.
    """

    grade: str | None = None
    strength: float | None = None
    se: float = 0.1


@dataclass(frozen=True, slots=True)
class GradeScale:
    """Grades from the lowest to the highest."""

    name: str
    grades: tuple[str, ...]


SWEDISH = GradeScale("swedish_a_f", ("F", "E", "D", "C", "B", "A"))
ENG5_NATIONAL = GradeScale("eng5_national", tuple("123456789"))

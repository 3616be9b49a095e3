"""How the essays of a batch are judged: what the catalogue says, and what was chosen otherwise for one run."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from pipelines.vocabulary import JudgeKind, Profile

LEAST_TARGET, MOST_TARGET = 0.5, 0.99
MOST_ROUNDS = 60


class BadJudging(ValueError):
    """Essays cannot be judged like this.

    Attributes:
        field: what is at fault.
        reason: why, as a sentence.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Judging:
    """Who judges, and until when.

    Attributes:
        judge: who compares. A run whose judge is a person only prepares for that.
        profile: what counts more to the built-in judge.
        target: the honest reliability that is enough.
        most_rounds: after how many rounds it ends all the same.
        with_prior: whether what the built-in judge thinks counts beforehand, as far as the decisions bear it out.

    Raises:
        BadJudging: it contradicts itself, or is out of range.
    """

    judge: JudgeKind = JudgeKind.BUILTIN
    profile: Profile = Profile.BALANCED
    target: float = 0.80
    most_rounds: int = 20
    with_prior: bool = False

    def __post_init__(self) -> None:
        if not LEAST_TARGET <= self.target <= MOST_TARGET:
            raise BadJudging("target", f"Must be between {LEAST_TARGET} and {MOST_TARGET}.")
        if not 1 <= self.most_rounds <= MOST_ROUNDS:
            raise BadJudging("most_rounds", f"Must be between 1 and {MOST_ROUNDS}.")
        if self.with_prior and self.judge is JudgeKind.BUILTIN:
            raise BadJudging("with_prior", "The built-in judge would be counted twice.")

    def but(self, chosen: Mapping[str, Any]) -> Self:
        """The same with some of it chosen otherwise: names and JSON-ready values; other names are left alone.

        Raises:
            BadJudging: what comes of it is no good.
        """
        names = {field.name for field in fields(self)}
        known: dict[str, Any] = {name: chosen[name] for name in names.intersection(chosen)}
        if "judge" in known:
            known["judge"] = JudgeKind(known["judge"])
        if "profile" in known:
            known["profile"] = Profile(known["profile"])
        return replace(self, **known)

"""Phases and pipelines as values: what the catalogue says of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any

from pipelines.vocabulary import Scope

PREREQUISITES = ("instructions",)
UNIT_S = 0.1
TIME_LIMIT_S = 120.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a unit is tried alone, and how long it waits between tries."""

    max_attempts: int = 3
    backoff_s: float = 2.0
    backoff_max_s: float = 10.0


@dataclass(frozen=True, slots=True)
class PhaseSpec:
    """One phase as the catalogue describes it.

    Attributes:
        engine: `module:Class` of the phase's implementation.
        depends_on: phases whose success an essay needs first.
        after: phases to wait for without needing them.
        queue: where its slices are sent.
        prerequisites: what the batch must have, such as its `instructions`.
        unit_s: expected work per unit in seconds; sizes the slices.
        time_limit_s: how long one slice may take.
        deadline_s: how long the whole phase may take once it has its turn; None leaves it to the run's deadline.
        options: given to the engine when it is made.
    """

    name: str
    title: str
    engine: str
    scope: Scope
    queue: str
    depends_on: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    unit_s: float = UNIT_S
    time_limit_s: float = TIME_LIMIT_S
    deadline_s: float | None = None
    retry: RetryPolicy = RetryPolicy()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Every phase that must have ended first, if it is part of the run."""
        return (*self.depends_on, *self.after)


@dataclass(frozen=True, slots=True)
class PipelineSpec:
    """A named set of phases; what they depend on comes along."""

    name: str
    title: str
    phases: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Hex digest of all it says."""
        return sha256(dumps([self.name, self.title, self.phases]).encode()).hexdigest()

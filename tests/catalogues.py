"""Graphs of scripted phases."""

from pathlib import Path

from pipelines import catalogue
from pipelines.catalogue import Catalogue

PHASE = """
  {name}:
    engine: tests.engines:Scripted
    scope: essay
    queue: {queue}
    depends_on: [{depends_on}]
    unit_s: {unit_s}
    time_limit_s: 30
    retry: {{max_attempts: 2, backoff_s: 0.1, backoff_max_s: 0.2}}
    options: {{name: {name}{options}}}
"""
STREAMING = ", streams: true"


def text(graph: dict[str, list[str]], *, unit_s: float = 0.05, options: str = "") -> str:
    """A catalogue with one pipeline, `all`, over a graph: phase → what it depends on.

    The queues are those a worker reads by default, in turn.
    """
    queues = ["spellcheck", "nlp"]
    phases = "".join(
        PHASE.format(
            name=name,
            queue=queues[number % 2],
            depends_on=", ".join(needs),
            unit_s=unit_s,
            options=options,
        )
        for number, (name, needs) in enumerate(graph.items())
    )
    return f"phases:{phases}\npipelines:\n  all:\n    phases: [{', '.join(graph)}]\n"


def of(graph: dict[str, list[str]], **more: object) -> Catalogue:
    """The same, loaded."""
    return catalogue.parse(text(graph, **more), file="test.yaml")  # type: ignore[arg-type]


def write(path: Path, graph: dict[str, list[str]], **more: object) -> Path:
    """The same, as a file."""
    path.write_text(text(graph, **more))  # type: ignore[arg-type]
    return path


CHAIN = {"first": [], "second": ["first"]}
DIAMOND = {"root": [], "left": ["root"], "right": ["root"], "join": ["left", "right"]}

ROUNDS = """
phases:
  cj_assessment:
    engine: tests.engines:Rounds
    scope: batch
    queue: nlp
    unit_s: 0.05
    retry: {max_attempts: 2, backoff_s: 0.1, backoff_max_s: 0.2}
pipelines:
  all: {phases: [cj_assessment]}
"""


def rounds() -> Catalogue:
    """One phase over the whole class, in rounds."""
    return catalogue.parse(ROUNDS, file="test.yaml")

"""The shape as a catalogue of HuleEdu's: root → N items → join → N items → join."""

from collections.abc import Sequence

FIRST_FAN, SECOND_FAN = "first", "second"
# Queues that every worker reads.
PHASES = (
    ("root", "batch", "spellcheck"),
    (FIRST_FAN, "essay", "spellcheck"),
    ("join", "batch", "nlp"),
    (SECOND_FAN, "essay", "nlp"),
    ("end", "batch", "nlp"),
)
ENGINES = {"batch": "pipelines.phases.noop:Once", "essay": "pipelines.phases.noop:Noop"}
LEAST_UNIT_S = 0.0001


def name(phase: str, body_ms: float) -> str:
    """A phase's name in the catalogue."""
    return f"{phase}_{body_ms:g}".replace(".", "_")


def pipeline(body_ms: float) -> str:
    """The name of the pipeline in which every item takes so long."""
    return name("shape", body_ms)


def catalogue(bodies: Sequence[float]) -> str:
    """A pipeline for each time that an item may take, as the text of a catalogue."""
    phases, pipelines = [], []
    for body_ms in bodies:
        names = [name(phase, body_ms) for phase, _, _ in PHASES]
        for number, (_, scope, queue) in enumerate(PHASES):
            phases += [
                f"  {names[number]}:",
                f"    engine: {ENGINES[scope]}",
                f"    scope: {scope}",
                f"    queue: {queue}",
                f"    depends_on: [{', '.join(names[number - 1 : number] if number else [])}]",
            ]
            if scope == "essay":
                phases += [
                    f"    unit_s: {max(LEAST_UNIT_S, body_ms / 1000):g}",
                    f"    options: {{body_ms: {body_ms:g}}}",
                ]
        pipelines += [f"  {pipeline(body_ms)}:", f"    phases: [{', '.join(names)}]"]
    return "\n".join(["phases:", *phases, "pipelines:", *pipelines, ""])

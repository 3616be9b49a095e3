"""Three graphs of scripted phases, and classes whose texts say what shall become of them."""

from dataclasses import dataclass
from random import Random

from tests.factories import an_essay

# phase → what it depends on, and whether essays stream out of it and into it
PHASES: dict[str, tuple[list[str], bool]] = {
    "a": ([], True),
    "b": (["a"], True),
    "c": (["b"], True),
    "root": ([], False),
    "left": (["root"], False),
    "right": (["root"], False),
    "join": (["left", "right"], False),
    "early": ([], True),
    "late": (["early"], True),
    "after": (["late"], False),
    "aside": (["early"], False),
}
PIPELINES = {
    "stream": ["a", "b", "c"],
    "diamond": ["root", "left", "right", "join"],
    "mixed": ["early", "late", "after", "aside"],
}
QUEUES = ("spellcheck", "nlp")
# As the shipped catalogue has it.
RETRY = "{max_attempts: 3, backoff_s: 2, backoff_max_s: 10}"


def catalogue(unit_s: float) -> str:
    """The graphs as a file."""
    lines = ["phases:"]
    for number, (name, (needs, streams)) in enumerate(PHASES.items()):
        options = f"{{name: {name}, streams: {str(streams).lower()}}}"
        lines += [
            f"  {name}:",
            "    engine: tests.engines:Scripted",
            "    scope: essay",
            f"    queue: {QUEUES[number % len(QUEUES)]}",
            f"    depends_on: [{', '.join(needs)}]",
            f"    unit_s: {unit_s}",
            "    time_limit_s: 60",
            f"    retry: {RETRY}",
            f"    options: {options}",
        ]
    lines.append("pipelines:")
    lines += [f"  {name}: {{phases: [{', '.join(phases)}]}}" for name, phases in PIPELINES.items()]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Klass:
    """A class as it is handed in.

    Attributes:
        fates: essay id → the phase in which it is given up; None where it goes through.
    """

    pipeline: str
    texts: dict[str, str]
    fates: dict[str, str | None]

    def expected(self) -> dict[str, dict[str, str]]:
        """Essay id → phase → the status of its result, if nobody cancels."""
        return {essay: self._results(gives_up_in) for essay, gives_up_in in self.fates.items()}

    def _results(self, gives_up_in: str | None) -> dict[str, str]:
        results: dict[str, str] = {}
        for phase in PIPELINES[self.pipeline]:
            needs, _ = PHASES[phase]
            if all(results.get(need) == "done" for need in needs):
                results[phase] = "failed" if phase == gives_up_in else "done"
        return results


def make(random: Random, essays: int, unit_s: float) -> Klass:
    """Make up a class in which each unit takes about so long."""
    pipeline = random.choice(list(PIPELINES))
    phases = PIPELINES[pipeline]
    texts, fates = {}, {}
    for number in range(1, essays + 1):
        essay = f"essay-{number}"
        fate = random.choice(phases) if random.random() < 0.1 else None
        orders = [f"[{phase}:sleep={random.uniform(0.5, 1.5) * unit_s:.3f}]" for phase in phases]
        if fate:
            orders.append(f"[{fate}:give_up]")
        texts[f"pupil-{number}.txt"] = an_essay(f"Essay {number} {' '.join(orders)}. ")
        fates[essay] = fate
    return Klass(pipeline, texts, fates)

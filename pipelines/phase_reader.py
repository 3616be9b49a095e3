"""One phase of a catalogue's document, as far as it can be read; what is wrong is noted at its place."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines import engines
from pipelines.specs import PREREQUISITES, TIME_LIMIT_S, UNIT_S, PhaseSpec, RetryPolicy
from pipelines.vocabulary import Scope
from pipelines.yaml_nodes import Entry, Faults, Node, nearest

NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
"""What phases, pipelines and queues may be called."""
HOW_NAMES_ARE = (
    "It begins with a small letter from a to z and goes on with these, digits, _ and -, 64 at most."
)

Readers = Mapping[str, Callable[[Node], Any]]
"""Key → how its value is read."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What a catalogue is held to beyond what it says of itself.

    Attributes:
        queues: the queues that workers read; None if nobody knows.
        engines: whether every engine must be there and take its options. That imports them.
    """

    queues: frozenset[str] | None = None
    engines: bool = False


@dataclass(slots=True)
class ReadPhase:
    """What could be read of a phase.

    Attributes:
        key: where its name stands.
        fields: the keys it has and may have.
        values: those of them that are right.
        edges: phase it waits for → where that is said; filled in once all phases are known.
    """

    key: Node
    fields: Mapping[str, Node] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    edges: dict[str, Node] = field(default_factory=dict)

    def spec(self) -> PhaseSpec:
        """The phase, if nothing was wrong with it."""
        name = self.key.text()
        return PhaseSpec(name=name, **{"title": name, **self.values})


def read(entry: Entry, demands: Demands, faults: Faults) -> ReadPhase:
    """Read a phase as far as possible."""
    phase = ReadPhase(entry.key)
    with faults.noted():
        check_name(entry)
    with faults.noted():
        phase.fields = entry.value.fields(faults, required=_NEEDED, allowed=_FIELDS)
    phase.values = read_values(phase.fields, _FIELDS, faults)
    _check_limits(phase, faults)
    _check_queue(phase, demands, faults)
    if demands.engines:
        _check_engine(phase, faults)
    return phase


def read_values(fields: Mapping[str, Node], readers: Readers, faults: Faults) -> dict[str, Any]:
    """The values of fields, without those that are wrong."""
    values = {}
    for key, node in fields.items():
        with faults.noted():
            values[key] = readers[key](node)
    return values


def check_name(entry: Entry) -> None:
    """Make sure that something may be called so.

    Raises:
        CatalogueError: it may not.
    """
    if not NAME.fullmatch(entry.name):
        raise entry.key.error(f"{entry.name!r} cannot be a name here.", hint=HOW_NAMES_ARE)


def _engine(node: Node) -> str:
    engine = node.text()
    if engine.count(":") != 1:
        raise node.error(
            f"The engine {engine!r} is not of the form module:Class.",
            hint="For instance pipelines.phases.nlp:Nlp.",
        )
    return engine


def _queue(node: Node) -> str:
    queue = node.text()
    if not NAME.fullmatch(queue):
        raise node.error(f"{queue!r} cannot be the name of a queue.", hint=HOW_NAMES_ARE)
    return queue


def _retry(node: Node) -> RetryPolicy:
    faults = Faults()
    fields = node.fields(faults, allowed=_RETRY)
    policy = RetryPolicy(**read_values(fields, _RETRY, faults))
    faults.refuse()
    if policy.backoff_s > policy.backoff_max_s:
        wrong = fields.get("backoff_s") or fields["backoff_max_s"]
        raise wrong.error(
            f"The first pause, {policy.backoff_s:g} s, is longer than the longest, {policy.backoff_max_s:g} s.",
            hint="Lower backoff_s, or raise backoff_max_s.",
        )
    return policy


_RETRY: Readers = {
    "max_attempts": Node.whole_number,
    "backoff_s": Node.number,
    "backoff_max_s": Node.number,
}
_NEEDED = ("engine", "scope", "queue")
_FIELDS: Readers = {
    "title": Node.text,
    "engine": _engine,
    "scope": lambda node: Scope(node.text(one_of=tuple(Scope))),
    "queue": _queue,
    "depends_on": Node.texts,
    "after": Node.texts,
    "prerequisites": lambda node: node.texts(one_of=PREREQUISITES),
    "unit_s": Node.number,
    "time_limit_s": Node.number,
    "deadline_s": Node.number,
    "retry": _retry,
    "options": Node.json,
}


def _check_limits(phase: ReadPhase, faults: Faults) -> None:
    """A unit must fit into a slice, and a slice into the phase."""
    unit_s = phase.values.get("unit_s", UNIT_S)
    limit_s = phase.values.get("time_limit_s", TIME_LIMIT_S)
    deadline_s = phase.values.get("deadline_s", limit_s)
    if unit_s > limit_s:
        wrong = phase.fields.get("unit_s") or phase.fields["time_limit_s"]
        faults.append(
            wrong.fault(
                f"A unit is expected to take {unit_s:g} s, and its slice is stopped after {limit_s:g} s.",
                hint="Lower unit_s, or raise time_limit_s.",
            )
        )
    if deadline_s < limit_s:
        faults.append(
            phase.fields["deadline_s"].fault(
                f"The phase must have ended after {deadline_s:g} s, and one slice may take {limit_s:g} s.",
                hint="Raise deadline_s, or lower time_limit_s.",
            )
        )


def _check_queue(phase: ReadPhase, demands: Demands, faults: Faults) -> None:
    queue = phase.values.get("queue")
    if queue is None or demands.queues is None or queue in demands.queues:
        return
    hint = nearest(queue, sorted(demands.queues))
    faults.append(phase.fields["queue"].fault(f"No worker reads the queue {queue!r}.", hint=hint))


def _check_engine(phase: ReadPhase, faults: Faults) -> None:
    if "engine" not in phase.values:
        return
    name, engine = phase.key.text(), phase.values["engine"]
    try:
        engines.check(name, engine, phase.values.get("options", {}))
    except engines.UnfitEngine as exc:
        place = phase.fields["engine"]
        if exc.is_about_options:
            place = phase.fields.get("options", place)
        faults.append(place.fault(exc.reason))

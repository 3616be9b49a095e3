"""Every event has a topic, and every topic an event."""

import ast
from collections.abc import Iterator
from pathlib import Path

import app.services
from pipelines import catalogue, events
from pipelines.notifications import REQUESTED

SOURCES = sorted(Path(app.services.__file__).parent.glob("*.py"))


def emitted() -> Iterator[str]:
    """The name of every event that some use case emits, found in the source."""
    phases = catalogue.load().phases
    for source in SOURCES:
        tree = ast.parse(source.read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Attribute) and ast.unparse(call.func) in {
                "uow.outbox.event",
                "uow.outbox.results",
            }:
                yield from names(call.args[0], tree, list(phases))


def names(argument: ast.expr, tree: ast.Module, phases: list[str]) -> Iterator[str]:
    """What an event's first argument can be: a name, a variable that is given one, or a phase's own event."""
    match argument:
        case ast.Constant(value=str(name)):
            yield name
        case ast.Name(id=variable):
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == variable:
                    yield from names(node.value, tree, phases)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="events"), attr=function)):
            yield from (getattr(events, function)(phase) for phase in [*phases, "tomorrow's"])
        case ast.IfExp(body=one, orelse=other):
            yield from names(one, tree, phases)
            yield from names(other, tree, phases)
        case _:
            raise AssertionError(f"cannot tell which event this is: {ast.unparse(argument)}")


def test_every_event_that_is_emitted_has_a_topic():
    found = set(emitted())

    assert len(found) > 10
    assert found <= set(events.TOPICS)


def test_every_event_that_has_a_topic_is_emitted():
    # What teachers are told is emitted by the outbox itself.
    assert set(events.TOPICS) - set(emitted()) == {REQUESTED}


def test_no_topic_is_spelled_anywhere_else():
    package = Path(app.__file__).parent
    for source in package.rglob("*.py"):
        assert not [
            node.value
            for node in ast.walk(ast.parse(source.read_text("utf-8")))
            if isinstance(node, ast.Constant) and node.value in events.TOPICS.values()
        ], source

"""A fault waits for its moment, and for no longer."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from uuid import UUID

import pytest

from tests.storm import faults
from tests.storm.damage import Damage
from tests.storm.faults import Nemesis
from tests.storm.history import History

RUNS = Damage(held={(UUID(int=1), 0): 1})
UNMARKED = Damage(unsent=frozenset([UUID(int=2)]))
SENT = Damage(under_way={(UUID(int=3), 0): 0})
NOTHING = Damage()


class FakeInstallation:
    """Two workers, of which it is remembered how they were harmed."""

    workers = ("worker", "worker-2")
    rabbitmq = None
    slices = 1

    def __init__(self) -> None:
        self.harm: list[Any] = []

    def pid(self, name: str) -> int:
        return 1

    def family(self, name: str) -> list[int]:
        return [1, 2, 3]

    def children(self, name: str) -> list[int]:
        return [2, 3]

    def slices_in_redis(self) -> int:
        return self.slices

    def empty_redis(self) -> int:
        self.harm.append("empty")
        return self.slices

    def kill(self, pid: int) -> None:
        self.harm.append(("kill", pid))

    @contextmanager
    def frozen(self, *pids: int) -> Iterator[None]:
        self.harm.append("still")
        yield
        self.harm.append("on")


class Seeing(Nemesis):
    """Who is shown one thing after the other, whatever is looked at."""

    shown: list[Damage]

    def _look(self, name: str) -> Damage:
        return self.shown.pop(0)

    def everything(self) -> Damage:
        return self.shown.pop(0)


@pytest.fixture
def installation() -> FakeInstallation:
    return FakeInstallation()


@pytest.fixture
def nemesis(installation, tmp_path) -> Iterator[Any]:
    history = History(tmp_path / "history.jsonl")
    yield lambda *shown: type("Shown", (Seeing,), {"shown": list(shown)})(
        installation, history, Random("7")
    )
    history.close()


def test_nobody_is_held_up_while_there_is_nothing_to_lose(nemesis, installation):
    strike = nemesis(NOTHING, UNMARKED, RUNS, RUNS).kill_child()

    assert strike.left == RUNS
    assert installation.harm[0] == "still"
    assert installation.harm[1] in {("kill", 2), ("kill", 3)}
    assert installation.harm[2:] == ["on"]


def test_what_was_done_with_just_before_is_not_struck_at(nemesis, installation):
    strike = nemesis(RUNS, NOTHING, RUNS, RUNS).kill_worker()

    assert strike.left == RUNS
    assert installation.harm == ["still", "on", "still", ("kill", 1), "on"]


def test_the_relay_is_killed_over_a_message_that_is_not_marked(nemesis):
    strike = nemesis(RUNS, UNMARKED, UNMARKED).kill_relay()

    assert strike.damage == UNMARKED


def test_a_moment_that_never_comes_is_not_waited_for_without_end(nemesis, monkeypatch):
    monkeypatch.setattr(faults, "PATIENCE_S", 0.0)

    strike = nemesis(NOTHING, NOTHING, NOTHING).kill_child()

    assert not strike.left


def test_redis_is_emptied_once_a_message_lies_there(nemesis, installation):
    strike = nemesis(NOTHING, RUNS, SENT).empty_redis()

    assert strike.left == SENT
    assert installation.harm == ["empty"]


def test_an_emptied_redis_that_had_no_message_has_left_nothing(nemesis, installation, monkeypatch):
    monkeypatch.setattr(faults, "PATIENCE_S", 0.0)
    installation.slices = 0

    strike = nemesis(SENT).empty_redis()

    assert not strike.left
    assert strike.damage == SENT

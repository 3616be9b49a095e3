"""A recovery lasts until everything is made good, and counts if there was something to make good."""

from time import sleep, time

import pytest

from tests.storm.damage import Damage
from tests.storm.faults import Strike
from tests.storm.history import History
from tests.storm.recovery import Recovery


@pytest.fixture
def history(tmp_path):
    written = History(tmp_path / "history.jsonl")
    yield written
    written.close()


def a_strike(what: str, **more) -> Strike:
    return Strike(what, "it", 0.0, time(), 0.0, Damage(), Damage(), **more)


def test_lasts_until_whoever_is_asked_has_answered(deps, history):
    def answers() -> bool:
        sleep(0.2)
        return True

    recovery = Recovery(a_strike("kill web", also=answers))

    assert recovery.look(deps, history)
    assert recovery.done_s > 0.2


def test_is_not_over_while_something_else_is_not_true(deps, history):
    recovery = Recovery(a_strike("kill beat", also=lambda: False))

    assert not recovery.look(deps, history)
    assert recovery.done_s is None


@pytest.mark.parametrize(
    ("what", "lost", "outlived", "counts"),
    [
        ("kill child", 0, 2, False),
        ("kill worker", 1, 2, True),
        ("kill relay", 0, 0, False),
        ("empty Redis", 0, 1, True),
    ],
)
def test_counts_by_what_the_ledger_says_afterwards(what, lost, outlived, counts):
    recovery = Recovery(a_strike(what), done_s=1.0, lost=lost, outlived=outlived)

    assert recovery.counts is counts


def test_that_never_came_counts():
    assert Recovery(a_strike("kill relay")).counts

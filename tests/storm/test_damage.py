"""A strike counts for what the ledger says was still open when the blow had fallen."""

from time import time

import pytest

from app.services import ledger, reconciler
from pipelines.phase import Done
from tests import drivers
from tests.drivers import Klass, a_class
from tests.storm import damage


@pytest.fixture
def klass(deps) -> Klass:
    klass = a_class(deps, "", "")
    klass.start()
    return klass


def claimed(klass: Klass) -> ledger.Claimed:
    """The first phase's units, held by a worker."""
    phase_run_id = klass.phase("first").id
    taken = ledger.claim(phase_run_id, 0, 2, worker="local@here", deps=klass.deps)
    assert taken is not None
    return taken


def settle(taken: ledger.Claimed, deps) -> None:
    ledger.settle(taken, [Done({}) for _ in taken.units], deps)


def test_a_worker_leaves_the_units_it_holds(deps, klass):
    claimed(klass)

    assert len(damage.look(deps, worker="local").held) == 2
    assert not damage.look(deps, worker="local-2").held


def test_what_lies_in_the_broker_is_under_way(deps, klass):
    assert not damage.look(deps).under_way
    assert len(damage.look(deps, under_way=True).under_way) == 2


def test_a_unit_outlived_a_blow_if_it_ended_after_it(deps, klass):
    taken = claimed(klass)
    left = damage.look(deps, worker="local")
    landed_at = time()
    at_work = damage.outlived(left_units(left), landed_at, deps)

    settle(taken, deps)

    assert at_work == 2
    assert damage.outlived(left_units(left), landed_at, deps) == 2
    assert damage.outlived(left_units(left), time(), deps) == 0


def test_a_message_outlived_a_blow_if_it_was_marked_after_it(deps, klass, publisher):
    left = damage.Damage(unsent=damage.look(deps).unsent)
    landed_at = time()

    drivers.relay(deps, publisher)

    assert damage.outlived(left, landed_at, deps) == len(left.unsent) > 0
    assert damage.outlived(left, time(), deps) == 0


def test_what_was_taken_back_is_lost_and_still_open(deps, klass, publisher):
    claimed(klass)
    left = damage.look(deps, worker="local")

    drivers.let_time_pass(deps)
    reconciler.reconcile(deps, publisher)

    assert damage.attempts_lost(left, deps) == 2
    assert damage.left_of(left_units(left), deps) == (2, 2)


def test_nothing_is_left_of_what_has_ended(deps, klass, publisher):
    taken = claimed(klass)
    left = damage.look(deps, worker="local")

    settle(taken, deps)
    drivers.relay(deps, publisher)

    assert damage.left_of(left, deps) == (0, 0)


def left_units(left: damage.Damage) -> damage.Damage:
    return damage.Damage(held=left.held)

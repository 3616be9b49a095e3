"""Leases are renewed while somebody works, and not after."""

import os
from threading import Event

import pytest

from app.services import leases
from app.services.leases import Keeper

PATIENCE_S = 30.0
NEVER_S = 3600.0


class Renewals:
    """Counts, and lets a test wait for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._happened = Event()

    def __call__(self) -> None:
        self.count += 1
        self._happened.set()

    def next(self) -> None:
        self._happened.clear()
        assert self._happened.wait(PATIENCE_S), "it was not renewed"


def test_a_lease_is_renewed_again_and_again_while_somebody_works():
    renewals = Renewals()

    with Keeper().keeping(0.01, renewals):
        for _ in range(3):
            renewals.next()


def test_it_is_not_renewed_any_more_once_the_work_is_done():
    keeper, over, other = Keeper(), Renewals(), Renewals()

    with keeper.keeping(0.01, over):
        over.next()
    counted = over.count

    with keeper.keeping(0.01, other):
        other.next()
        other.next()
    assert over.count == counted


def test_a_lease_that_is_due_sooner_is_not_kept_waiting_by_one_that_is_due_late():
    keeper, late, soon = Keeper(), Renewals(), Renewals()

    with keeper.keeping(NEVER_S, late), keeper.keeping(0.01, soon):
        soon.next()
    assert late.count == 0


def test_a_lease_is_renewed_that_is_taken_when_nobody_has_held_one_for_a_while():
    keeper, first, second = Keeper(), Renewals(), Renewals()
    with keeper.keeping(0.01, first):
        first.next()
    with keeper.keeping(0.01, second):
        second.next()


def test_a_block_that_raises_is_not_renewed_any_more():
    keeper, raised, other = Keeper(), Renewals(), Renewals()
    with pytest.raises(ValueError, match="work"), keeper.keeping(0.01, raised):
        raise ValueError("work")
    counted = raised.count

    with keeper.keeping(0.01, other):
        other.next()
        other.next()
    assert raised.count == counted


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # which is what this is about
def test_a_forked_process_keeps_its_own_leases():
    renewing, renewed = Event(), Event()

    def renew() -> None:  # goes on while the process forks, as a slow database makes it
        renewing.set()
        renewed.wait(PATIENCE_S)

    with leases.keeper.keeping(0.01, renew):
        assert renewing.wait(PATIENCE_S)
        child = os.fork()
        if child == 0:
            failed = 1
            try:
                mine = Renewals()
                with leases.keeper.keeping(0.01, mine):
                    mine.next()
                failed = 0
            finally:
                os._exit(failed)
        renewed.set()
        _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0

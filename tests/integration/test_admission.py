"""Units are sent in windows: no run fills a queue that others wait for."""

from functools import partial

import pytest

from app.services import admission, cancelling, ledger, reconciler
from app.services.deps import Deps
from pipelines.vocabulary import Priority
from tests import catalogues
from tests.catalogues import CHAIN
from tests.drivers import (
    Klass,
    Meeting,
    a_class,
    an_owner,
    at_once,
    change,
    deliver,
    drain,
    finish,
    one,
    over,
    relay,
    slices_of,
)
from tests.factories import a_batch, an_essay

FIRST = {"first": []}


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """One worker slot, for which two slices may be on their way; two units a slice."""
    return over(deps, catalogues.of(FIRST, unit_s=0.0625), worker_slots=1)


def work_on(klass: Klass, lo: int, hi: int) -> None:
    """Work on one slice, as if its message had come."""
    ledger.run_slice(klass.phase("first").id, lo, hi, worker="w", deps=klass.deps)


def sent(klass: Klass) -> int:
    """How many units of a class were sent."""
    return one(
        klass.deps,
        "select count(*) as n from units where phase_run_id = :id and dispatches > 0",
        id=klass.phase("first").id,
    ).n


class TestARunAlone:
    def test_sends_two_slices_for_each_slot(self, deps, publisher):
        klass = a_class(deps, *[""] * 10)

        klass.start()

        relay(deps, publisher)
        assert slices_of(publisher) == [(0, 2), (2, 4)]
        assert sent(klass) == 4

    def test_sends_the_next_ones_when_half_of_them_have_ended(self, deps, publisher):
        klass = a_class(deps, *[""] * 10)
        klass.start()

        work_on(klass, 0, 2)

        relay(deps, publisher)
        assert slices_of(publisher)[:2] == [(0, 2), (2, 4)]
        assert sum(hi - lo for lo, hi in slices_of(publisher)) == sent(klass) > 4

    def test_comes_to_its_end_window_by_window(self, deps, publisher):
        klass = a_class(deps, *[""] * 11)
        klass.start()

        drain(deps, publisher)

        assert klass.row().status == "completed_successfully"
        assert len(klass.results()) == 11
        phase = klass.phase("first")
        assert (phase.next_position, phase.end_position) == (11, 11)

    def test_makes_its_slices_as_large_as_its_units_are_quick(self, deps, publisher):
        klass = a_class(deps, *[""] * 24)
        klass.start()

        work_on(klass, 0, 2)
        relay(deps, publisher)

        # Said to take a sixteenth of a second, they take next to nothing.
        assert max(hi - lo for lo, hi in slices_of(publisher)[2:]) > 2

    def test_remembers_how_long_units_took_in_the_run_before(self, deps, publisher):
        a_class(deps, *[""] * 4).start()
        finish(deps, publisher)
        klass = a_class(deps, *[""] * 24)

        klass.start()

        relay(deps, publisher)
        assert max(hi - lo for lo, hi in slices_of(publisher)) > 2


class TestAStream:
    def test_has_no_more_on_its_way_than_its_workers_have_room_for_in_all_its_phases(
        self, deps, publisher
    ):
        deps = over(
            deps,
            catalogues.of(CHAIN, unit_s=5.0, options=catalogues.STREAMING),
            worker_slots=1,
            slice_s=10.0,
        )
        klass = a_class(deps, *[""] * 40)
        klass.start()
        change(
            deps,
            "insert into worker_heartbeats (worker, queues, slots, started_at, seen_at)"
            " values ('w', '{spellcheck,nlp}', 1, now(), now())",
            # As long as the catalogue says, whatever they take here.
            "update phase_runs set busy_s = 9 where phase = 'first'",
        )

        work_on(klass, 0, 2)

        # Two went on to the second phase, and two are in the first: that is room for all.
        assert klass.phase("second").waiting == 38
        assert sent(klass) == 4

        ledger.run_slice(klass.phase("second").id, 0, 2, worker="w", deps=deps)

        assert sent(klass) > 4


class TestTwoRuns:
    def test_a_large_one_sends_one_slice_at_a_time_while_a_small_one_works(self, deps, publisher):
        large, small = a_class(deps, *[""] * 40), a_class(deps, *[""] * 4)
        large.start()
        small.start()
        assert (sent(large), sent(small)) == (4, 4)

        work_on(large, 0, 2)

        assert sent(large) == 4

    def test_a_large_one_goes_on_at_full_width_when_the_small_one_has_ended(self, deps, publisher):
        large, small = a_class(deps, *[""] * 40), a_class(deps, *[""] * 4)
        large.start()
        small.start()
        work_on(large, 0, 2)

        work_on(small, 0, 4)

        assert small.row().status == "completed_successfully"
        assert sent(large) > 4

    def test_of_low_priority_lets_a_larger_one_go_first(self, deps, publisher):
        large, small = a_class(deps, *[""] * 40), a_class(deps, *[""] * 30)
        small.start(priority=Priority.LOW)
        large.start()

        assert (sent(small), sent(large)) == (4, 4)
        work_on(small, 0, 2)
        assert sent(small) == 4

    def test_both_come_to_their_end(self, deps, publisher):
        classes = [a_class(deps, *[""] * 30), a_class(deps, *[""] * 7)]
        for klass in classes:
            klass.start()

        finish(deps, publisher)

        assert [klass.row().status for klass in classes] == ["completed_successfully"] * 2


class TestBeforeItsTurn:
    """A slice steps aside for one that was sent after it."""

    QUEUE = frozenset(["spellcheck"])

    def early(self, klass: Klass, queues: frozenset[str] = QUEUE) -> bool:
        return admission.is_early(klass.phase("first").id, 0, queues, klass.deps)

    @pytest.fixture
    def large(self, deps):
        klass = a_class(deps, *[""] * 40)
        klass.start()
        return klass

    def test_is_a_larger_ones_while_a_small_one_waits(self, large, deps):
        assert not self.early(large)

        small = a_class(deps, *[""] * 4)
        small.start()

        assert (self.early(large), self.early(small)) == (True, False)

    def test_is_none_where_the_worker_reads_no_queue_of_the_other(self, large, deps):
        a_class(deps, "").start()

        assert not self.early(large, frozenset(["nlp"]))

    def test_is_none_where_the_other_was_sent_before_and_so_comes_first_anyway(self, deps):
        small, large = a_class(deps, *[""] * 4), a_class(deps, *[""] * 40)
        small.start()
        large.start()

        assert not self.early(large)

    def test_is_none_for_one_of_low_priority(self, large, deps):
        a_class(deps, "").start(priority=Priority.LOW)

        assert not self.early(large)

    def test_is_none_when_everything_of_the_small_one_is_in_hand(self, large, deps):
        small = a_class(deps, *[""] * 4)
        small.start()

        ledger.claim(small.phase("first").id, 0, 4, worker="w", deps=deps)

        assert not self.early(large)

    def test_is_none_when_the_small_one_was_sent_long_ago_and_may_be_lost(self, large, deps):
        small = a_class(deps, *[""] * 4)
        small.start()

        change(
            deps,
            "update units set dispatched_at = now() - interval '1 min' where phase_run_id = :id",
            id=small.phase("first").id,
        )

        assert not self.early(large)

    def test_is_none_of_a_run_that_is_over(self, large, deps, publisher):
        small = a_class(deps, "")
        small.start()
        cancelling.cancel_run(large.batch, owner_id=large.owner.id, deps=deps)

        assert not self.early(large)


class TestOneUser:
    def test_has_only_so_many_runs_on_their_way_and_all_of_them_end(self, deps, publisher):
        deps = over(deps, deps.catalogue, runs_at_once=1)
        owner = an_owner(deps)
        classes = [Klass(deps, owner, a_batch(deps, owner, [an_essay()] * n)) for n in (3, 2, 4)]
        for klass in classes:
            klass.start()
        # The second has less to do than the first, which was on its way already.
        assert [sent(klass) > 0 for klass in classes] == [True, True, False]

        finish(deps, publisher)

        assert [klass.row().status for klass in classes] == ["completed_successfully"] * 3


class TestAdmitting:
    def test_twice_at_once_sends_everything_once(self, deps, publisher):
        klass = a_class(deps, *[""] * 10)
        klass.start()
        relay(deps, publisher)
        claimed = ledger.claim(klass.phase("first").id, 0, 4, worker="w", deps=deps)
        ledger.settle(claimed, ledger.work(claimed), deps)
        meeting = Meeting(deps, "admit")

        admitted = at_once(*[partial(admission.admit, klass.runs[0], meeting.deps())] * 2)

        assert sorted(admitted) == [0, sent(klass) - 4]
        relay(deps, publisher)
        slices = slices_of(publisher)
        assert sorted({p for lo, hi in slices for p in range(lo, hi)}) == list(range(sent(klass)))
        assert sum(hi - lo for lo, hi in slices) == sent(klass)

    def test_that_somebody_died_before_is_done_by_the_reconciler(self, deps, publisher):
        klass = a_class(deps, *[""] * 10)
        klass.start()
        claimed = ledger.claim(klass.phase("first").id, 0, 4, worker="w", deps=deps)
        ledger.settle(claimed, ledger.work(claimed), deps)  # and no more

        reconciler.reconcile(deps, publisher)

        assert sent(klass) > 4

    def test_nothing_is_sent_of_a_run_that_is_being_cancelled(self, deps, publisher):
        klass = a_class(deps, *[""] * 10)
        klass.start()
        cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=deps)

        assert admission.admit(klass.runs[0], deps) == 0

    def test_what_waits_for_its_turn_is_not_taken_for_lost(self, deps, publisher):
        klass = a_class(deps, *[""] * 10)
        klass.start()
        relay(deps, publisher)

        assert reconciler.lost_dispatches(deps, publisher) == 0
        deliver(deps, publisher)
        assert klass.phase("first").done == 4

"""What operators count: what lies about, how old it is, and how much had to be rescued."""

from uuid import uuid4

import pytest

from app import metrics
from app.services import batches, health, reconciler, uploads
from app.services.deps import Deps
from app.services.uploads import Upload
from tests import catalogues
from tests.catalogues import CHAIN
from tests.drivers import (
    a_class,
    an_owner,
    change,
    drain,
    finish,
    let_time_pass,
    over,
    project,
    relay,
)
from tests.factories import a_registration, an_essay


@pytest.fixture
def deps(deps: Deps) -> Deps:
    return over(deps, catalogues.of(CHAIN), worker_slots=1)


class TestRescues:
    def test_are_counted_by_what_was_lost(self, deps, publisher):
        a_class(deps, "", "").start()
        for _ in range(2):
            relay(deps, publisher)
            publisher.lose_everything()
            let_time_pass(deps)
            reconciler.reconcile(deps, publisher)

        numbers = health.ledger_numbers(deps)["rescues"]

        assert numbers["lost_dispatch"] == 4
        assert numbers["lapsed_lease"] == 0

    def test_are_none_where_nothing_was_lost(self, deps, publisher):
        a_class(deps, "").start()
        drain(deps, publisher)

        reconciler.reconcile(deps, publisher)

        assert set(health.ledger_numbers(deps)["rescues"].values()) == {0.0}

    def test_are_none_where_something_is_only_tried_again(self, deps, publisher):
        klass = a_class(deps, "[first:raise]", "")
        klass.start()
        finish(deps, publisher)

        assert klass.units("first")[0].attempts == 2
        assert set(health.ledger_numbers(deps)["rescues"].values()) == {0.0}

    def test_are_a_counter_that_begins_at_0(self, deps):
        page = metrics.render(deps).decode()

        assert "# TYPE huleedu_rescues_total counter" in page
        assert 'huleedu_rescues_total{what="missed_wave_end"} 0.0' in page


class TestDeadLetters:
    def test_are_counted_by_state_and_the_open_ones_by_reason(self, deps, publisher):
        klass = a_class(deps, "[first:raise]", "[first:raise]", "")
        klass.start()
        for _ in range(3):
            drain(deps, publisher)
            let_time_pass(deps)
            reconciler.reconcile(deps, publisher)
        change(
            deps,
            "update dead_letters set status = 'discarded'"
            " where id = (select id from dead_letters limit 1)",
        )

        numbers = health.ledger_numbers(deps)

        assert numbers["dead_letters"] == {"open": 1, "discarded": 1}
        assert numbers["dead_letters_open"] == {"attempts_exhausted": 1}


class TestAges:
    def test_of_what_was_sent_and_nobody_took(self, deps, publisher):
        a_class(deps, "").start()
        change(deps, "update units set dispatched_at = now() - interval '60 s'")

        assert 60 <= health.ledger_numbers(deps)["queue_age_s"]["spellcheck"] < 120

    def test_of_files_nobody_reads(self, deps):
        owner = an_owner(deps)
        batch = batches.register(
            a_registration(1), owner_id=owner.id, correlation_id=uuid4(), deps=deps
        )
        file = Upload("essay.txt", an_essay().encode())
        uploads.hand_in(batch.id, [file], owner_id=owner.id, deps=deps)
        change(deps, "update files set dispatched_at = now() - interval '60 s'")

        assert 60 <= health.ledger_numbers(deps)["queue_age_s"]["ingest"] < 120

    def test_of_messages_that_were_not_sent(self, deps):
        a_class(deps, "").start()
        change(deps, "update event_outbox set created_at = now() - interval '60 s'")

        assert 60 <= health.ledger_numbers(deps)["outbox_lag_s"]["unpublished"] < 120

    def test_of_what_screens_do_not_show_yet(self, deps, publisher):
        a_class(deps, "").start()
        relay(deps, publisher)
        change(deps, "update event_outbox set created_at = now() - interval '60 s'")

        assert 60 <= health.ledger_numbers(deps)["projection_lag_s"]["oldest"] < 120
        project(deps, publisher)
        assert health.ledger_numbers(deps)["projection_lag_s"]["oldest"] == 0

    def test_are_of_nothing_where_nothing_waits(self, deps, publisher):
        a_class(deps, "")
        drain(deps, publisher)

        numbers = health.ledger_numbers(deps)

        assert numbers["queue_age_s"] == {}
        assert numbers["outbox_lag_s"] == {"unpublished": 0}

"""From events to the read model, on real Postgres."""

from functools import partial
from uuid import uuid4

import pytest

from app.projections import batch_overview, rebuild
from app.services import cancelling, ledger, projecting, relaying, results
from app.services.deps import Deps
from tests import catalogues
from tests.drivers import (
    Klass,
    Meeting,
    a_class,
    at_once,
    change,
    deliver,
    drain,
    one,
    over,
    relay,
    rows,
)
from tests.fakes import FakePublisher

READ_MODEL = {"batch_overview": "batch_id", "essay_report": "essay_pk"}


def read_model(deps: Deps) -> dict[str, list]:
    return {
        table: rows(deps, f"select * from {table} order by {key}")
        for table, key in READ_MODEL.items()
    }


def without_numbers(tables: dict[str, list]) -> dict[str, list]:
    """What the rows show; a row that was lost has changed, and gets a new number."""
    return {
        table: [{k: v for k, v in row._mapping.items() if k != "event_no"} for row in found]
        for table, found in tables.items()
    }


def cursor(klass: Klass) -> int:
    return one(
        klass.deps, "select event_no from projection_cursors where batch_id = :id", id=klass.batch
    ).event_no


def set_cursor_back(klass: Klass, to: int) -> None:
    change(
        klass.deps,
        "update projection_cursors set event_no = :to where batch_id = :id",
        to=to,
        id=klass.batch,
    )


@pytest.fixture
def finished(deps: Deps, publisher: FakePublisher) -> Klass:
    klass = a_class(deps, "", "[first:give_up]", "")
    klass.start()
    drain(deps, publisher)
    return klass


class TestNumbers:
    def test_of_a_batchs_events_have_no_gaps(self, finished):
        numbers = [event_no for event_no, _ in finished.events()]

        assert numbers == list(range(1, len(numbers) + 1))
        assert finished.row().event_no == len(numbers)

    def test_have_no_gaps_when_slices_settle_at_the_same_moment(self, deps):
        klass = a_class(deps, *[""] * 6)
        klass.start()
        phase = klass.phase("first").id
        claimed = [ledger.claim(phase, n, n + 1, worker="w", deps=deps) for n in range(6)]
        meeting = Meeting(deps, "settle")

        at_once(
            *(partial(ledger.settle, each, ledger.work(each), meeting.deps()) for each in claimed)
        )

        numbers = [event_no for event_no, _ in klass.events()]
        assert numbers == list(range(1, len(numbers) + 1))

    def test_are_not_used_up_by_a_transaction_that_was_rolled_back(self, deps):
        klass = a_class(deps, "")
        before = klass.events()

        with deps.uow("given_up") as uow:
            uow.outbox.event("BatchFileRemovedV1", batch_id=klass.batch, correlation_id=uuid4())
            uow.outbox.flush()

        assert klass.events() == before
        klass.start()
        assert [event_no for event_no, _ in klass.events()][len(before)] == len(before) + 1

    def test_are_given_to_events_and_not_to_messages_for_workers(self, finished, deps):
        hints = rows(
            deps, "select event_no from event_outbox where event_type in ('canvas', 'ingest')"
        )

        assert hints
        assert {row.event_no for row in hints} == {None}


class TestProjecting:
    def test_brings_the_read_model_up_to_the_last_event(self, finished, deps):
        assert cursor(finished) == finished.row().event_no
        body = results.results(finished.batch, owner_id=finished.owner.id, deps=deps)
        assert body["status"] == "completed_with_failures"
        assert [phase["status"] for phase in body["phases"]] == [
            "completed_with_failures",
            "completed",
        ]
        assert [essay["status"] for essay in body["essays"]] == ["processed", "failed", "processed"]
        assert body["essays"][1]["phases"]["first"]["failure_code"] == "told_to"

    def test_rings_once_with_the_last_number(self, deps, doorbell):
        klass = a_class(deps, "", "")

        projecting.project(klass.batch, deps)

        assert doorbell.rung == [
            (
                klass.owner.id,
                {"batch_id": str(klass.batch), "event_no": klass.row().event_no, "last_seq": 2},
            )
        ]

    def test_a_batch_with_much_to_show_lets_others_have_their_turn(
        self, deps, doorbell, monkeypatch
    ):
        klass = a_class(deps, "", "")
        monkeypatch.setattr(projecting, "MOST_EVENTS", 1)

        turns = 1
        while not projecting.project(klass.batch, deps, turn_s=0):
            turns += 1

        assert cursor(klass) == klass.row().event_no
        assert len(doorbell.rung) == turns == klass.row().event_no

    def test_an_event_delivered_twice_leaves_the_same_rows_and_rings_nobody(
        self, finished, deps, doorbell
    ):
        before, rung = read_model(deps), len(doorbell.rung)

        projecting.project(finished.batch, deps)

        assert read_model(deps) == before
        assert len(doorbell.rung) == rung

    def test_every_event_seen_again_leaves_the_same_rows(self, finished, deps):
        before = read_model(deps)
        set_cursor_back(finished, 0)

        projecting.project(finished.batch, deps)

        assert read_model(deps) == before
        assert cursor(finished) == finished.row().event_no

    def test_seeing_only_the_last_event_leaves_the_same_rows(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]", "")
        klass.start()
        for _ in range(3):
            relay(deps, publisher)
            for slice_ in publisher.slices():
                ledger.run_slice(*slice_, worker="w", deps=deps)
        set_cursor_back(klass, klass.row().event_no - 1)

        projecting.project(klass.batch, deps)

        seen = read_model(deps)
        with deps.uow("rebuild") as uow:
            rebuild.rebuild(uow.session)
            uow.session.commit()
        assert read_model(deps) == seen

    def test_two_projectors_at_once_take_turns(self, deps, doorbell):
        klass = a_class(deps, "", "")
        meeting = Meeting(deps, "project")

        at_once(*[partial(projecting.project, klass.batch, meeting.deps())] * 2)

        assert cursor(klass) == klass.row().event_no
        assert len(doorbell.rung) == 1

    def test_more_events_than_one_pass_takes_are_all_seen(self, deps, doorbell, monkeypatch):
        monkeypatch.setattr(projecting, "MOST_EVENTS", 2)
        klass = a_class(deps, "", "", "")

        projecting.project(klass.batch, deps)

        assert cursor(klass) == klass.row().event_no
        assert len(doorbell.rung) > 1
        with deps.uow("compare") as uow:
            assert rebuild.differences(uow.session) == []

    def test_forgets_what_the_cache_showed_before(self, deps):
        klass = a_class(deps, "")
        deps.cache.put(klass.batch, "status", {"status": "old"}, version=9)

        projecting.project(klass.batch, deps)

        assert deps.cache.get(klass.batch, "status", 9) is None

    def test_a_batch_that_is_gone_is_no_error(self, deps, doorbell):
        projecting.project(uuid4(), deps)

        assert doorbell.rung == []

    def test_never_shows_less_than_the_number_it_shows(self, deps, publisher):
        deps = over(deps, catalogues.of(catalogues.DIAMOND))
        klass = a_class(deps, "", "[left:give_up]")
        klass.start()

        for _ in range(8):
            relay(deps, publisher)
            projecting.project(klass.batch, deps)
            with deps.uow("compare") as uow:
                assert rebuild.differences(uow.session) == []
            for slice_ in publisher.slices():
                ledger.run_slice(*slice_, worker="w", deps=deps)

        assert klass.row().status == "completed_with_failures"

    def test_never_shows_a_run_that_has_ended_with_essays_it_works_on(
        self, deps, publisher, monkeypatch
    ):
        klass = a_class(deps, "", "")
        klass.start()
        projecting.project(klass.batch, deps)
        ledger.run_slice(klass.phase("first").id, 0, 1, worker="w", deps=deps)
        shown = batch_overview.recompute

        def meanwhile(*of):
            relay(deps, publisher)
            while deliver(deps, publisher):
                relay(deps, publisher)
            shown(*of)

        monkeypatch.setattr(batch_overview, "recompute", meanwhile)

        projecting.project(klass.batch, deps)

        body = results.results(klass.batch, owner_id=klass.owner.id, deps=deps)
        assert body["status"] == "completed_successfully"
        assert {essay["status"] for essay in body["essays"]} == {"processed"}
        assert all(set(essay["phases"]) == {"first", "second"} for essay in body["essays"])

    def test_shows_a_teacher_who_cancelled_no_essay_that_is_worked_on(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        projecting.project(klass.batch, deps)

        cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=deps)

        body = results.results(klass.batch, owner_id=klass.owner.id, deps=deps)
        assert body["status"] == "cancelled"
        assert "in_processing" not in {essay["status"] for essay in body["essays"]}

    def test_shows_a_teacher_who_cancelled_what_the_essays_came_to(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        projecting.project(klass.batch, deps)
        ledger.run_slice(klass.phase("first").id, 0, 1, worker="w", deps=deps)

        cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=deps)

        body = results.results(klass.batch, owner_id=klass.owner.id, deps=deps)
        assert body["status"] == "cancelled"
        assert [set(essay["phases"]) for essay in body["essays"]] == [{"first"}, set()]


class TestTelling:
    @pytest.fixture
    def told(self, deps, publisher):
        """Which batches are rung for, if some are resting."""
        return lambda *resting: dict(relaying.relay_events(deps, publisher, resting))

    def test_rings_once_for_each_batch_and_says_how_many_essays_it_has(self, deps, told, publisher):
        small, large = a_class(deps, ""), a_class(deps, "", "", "")

        assert told() == {small.batch: 1, large.batch: 3}
        assert sorted(publisher.batches) == sorted([small.batch, large.batch])
        assert told() == {}

    def test_gathers_the_news_of_a_batch_that_rests_while_its_run_goes_on(self, deps, told):
        klass, other = a_class(deps, ""), a_class(deps, "")
        klass.start()

        assert told(klass.batch) == {other.batch: 1}
        assert told() == {klass.batch: 1}

    def test_says_at_once_that_a_run_has_ended(self, deps, told, publisher):
        klass = a_class(deps, "")
        klass.start()
        drain(deps, publisher)
        change(deps, "update event_outbox set published_at = null where event_no is not null")

        assert told(klass.batch) == {klass.batch: 1}


class TestRebuilding:
    def test_gives_the_same_rows(self, finished, deps):
        before = read_model(deps)

        with deps.uow("rebuild") as uow:
            rebuild.rebuild(uow.session)
            uow.session.commit()

        assert read_model(deps) == before

    def test_repairs_rows_that_were_lost_or_changed(self, finished, deps):
        before = read_model(deps)
        change(
            deps,
            "update batch_overview set status = 'ready', phases = '[]'",
            "delete from essay_report where position = 0",
            "delete from notifications where type = 'phase_completed'",
            "delete from projection_cursors",
        )

        with deps.uow("rebuild") as uow:
            rebuild.rebuild(uow.session)
            uow.session.commit()

        assert without_numbers(read_model(deps)) == without_numbers(before)
        assert cursor(finished) == finished.row().event_no
        with deps.uow("compare") as uow:
            assert rebuild.differences(uow.session) == []

    def test_finds_no_differences_afterwards(self, finished, deps):
        change(deps, "update essay_report set status = 'awaiting_content'")

        with deps.uow("compare") as uow:
            assert rebuild.differences(uow.session) == [("essay_report", finished.batch)]
            rebuild.rebuild(uow.session)
            assert rebuild.differences(uow.session) == []

"""Whatever was lost is found in the ledger and set going again. Time passes by setting times back."""

from uuid import UUID, uuid4

import pytest

from app.services import (
    batches,
    cancelling,
    claims,
    ingest,
    invariants,
    ledger,
    reconciler,
    uploads,
    waves,
)
from app.services.deps import Deps
from app.services.uploads import Upload
from pipelines import catalogue
from pipelines.phase import BatchContext, Finished, SoFar, Wave
from pipelines.vocabulary import RunStatus
from tests import catalogues
from tests.catalogues import CHAIN
from tests.drivers import (
    Klass,
    a_class,
    an_owner,
    change,
    deliver,
    drain,
    finish,
    let_time_pass,
    one,
    over,
    project,
    relay,
    rows,
    slices_of,
)
from tests.engines import Scripted
from tests.factories import a_registration, an_essay
from tests.fakes import FakePublisher


class Planless(Scripted):
    """Cannot even plan."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        raise RuntimeError("told to")


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """One worker slot, so that a wave of four units is two slices of two."""
    return over(deps, catalogues.of(CHAIN), worker_slots=1)


def claim(klass: Klass, lo: int, hi: int) -> claims.Claimed:
    claimed = ledger.claim(klass.phase("first").id, lo, hi, worker="w", deps=klass.deps)
    assert claimed is not None
    return claimed


def registered(deps: Deps, texts: int, of: int, **more: object) -> Klass:
    """A batch that waits for some of its essays, with the others handed in and read."""
    owner = an_owner(deps)
    wanted = a_registration(of, **more)
    batch = batches.register(wanted, owner_id=owner.id, correlation_id=uuid4(), deps=deps)
    klass = Klass(deps, owner, batch.id)
    for _ in range(texts):
        ingest.read_file(hand_in(klass), deps)
    return klass


def hand_in(klass: Klass, body: bytes | None = None) -> UUID:
    """A file that nobody has read yet."""
    upload = Upload("essay.txt", body or an_essay().encode())
    (row,) = uploads.hand_in(klass.batch, [upload], owner_id=klass.owner.id, deps=klass.deps)
    assert row.file_id is not None
    return row.file_id


def test_nothing_is_rescued_where_nothing_is_lost(deps, publisher):
    klass = a_class(deps, "", "")
    klass.start()
    relay(deps, publisher)
    claim(klass, 0, 1)

    assert reconciler.reconcile(deps, publisher) == 0


def test_two_at_once_do_the_work_of_one(deps, publisher):
    a_class(deps, "", "").start()
    let_time_pass(deps)

    with deps.uow("other") as uow:
        uow.session.connection().exec_driver_sql(
            f"select pg_advisory_xact_lock({reconciler.LOCK_KEY})"
        )
        assert reconciler.reconcile(deps, publisher) == 0


class TestALapsedLease:
    def test_frees_its_units_to_be_tried_alone(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        relay(deps, publisher)
        publisher.lose_everything()
        claim(klass, 0, 2)
        let_time_pass(deps)

        assert reconciler.lapsed_leases(deps, publisher) == 2

        lost, others = klass.units("first")[:2], klass.units("first")[2:]
        assert {(u.status, u.alone, u.lease_token) for u in lost} == {("queued", True, None)}
        assert {u.alone for u in others} == {False}
        outcomes = rows(deps, "select position, outcome from every_attempt order by 1")
        assert outcomes == [(0, "lost"), (1, "lost")]

    def test_is_sent_again_one_by_one(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        relay(deps, publisher)
        claim(klass, 0, 2)
        deliver(deps, publisher)
        let_time_pass(deps)

        reconciler.reconcile(deps, publisher)

        relay(deps, publisher)
        assert slices_of(publisher) == [(0, 1), (1, 2)]
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"

    def test_in_company_costs_no_attempt(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        claim(klass, 0, 2)
        let_time_pass(deps)

        reconciler.lapsed_leases(deps, publisher)

        assert [(u.attempts, u.not_before) for u in klass.units("first")] == [(0, None)] * 2

    def test_alone_as_often_as_allowed_ends_in_a_dead_letter(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        for _ in range(2):
            claim(klass, 0, 1)
            let_time_pass(deps)
            reconciler.lapsed_leases(deps, publisher)
            let_time_pass(deps)

        unit = klass.units("first")[0]
        assert (unit.status, unit.attempts) == ("failed", 2)
        assert [letter.reason for letter in klass.dead_letters()] == ["attempts_exhausted"]
        assert klass.phase("first").remaining == 1
        finish(deps, publisher)
        assert klass.phase("first").status == "completed_with_failures"
        assert [e.status for e in klass.essays()] == ["failed", "processed"]

    def test_of_the_last_unit_closes_the_wave(self, deps, publisher):
        klass = a_class(deps, "")
        klass.start()
        for _ in range(2):
            claim(klass, 0, 1)
            let_time_pass(deps)
            reconciler.lapsed_leases(deps, publisher)
            let_time_pass(deps)

        assert klass.phase("first").status == "failed"
        assert klass.run().status == "failed"

    def test_that_is_alive_is_left_alone(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        claim(klass, 0, 2)

        assert reconciler.lapsed_leases(deps, publisher) == 0
        assert {unit.status for unit in klass.units("first")} == {"running"}

    def test_of_a_renewed_lease_is_none(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        claimed = claim(klass, 0, 2)
        let_time_pass(deps)
        with deps.uow("renew") as uow:
            held = uow.units.renew(
                claimed.phase_run_id, claimed.lo, claimed.hi, token=claimed.token, lease_s=10
            )
            uow.commit()

        assert held == 2
        assert reconciler.lapsed_leases(deps, publisher) == 0


class TestALostMessage:
    def test_is_sent_again(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        relay(deps, publisher)
        publisher.lose_everything()
        let_time_pass(deps)

        assert reconciler.lost_dispatches(deps, publisher) == 4

        relay(deps, publisher)
        (canvas,) = publisher.canvases
        assert (canvas["wave_no"], canvas["dispatch_no"]) == (1, 2)
        assert canvas["slices"] == [[0, 2], [2, 4]]

    def test_is_given_a_few_seconds(self, deps, publisher):
        a_class(deps, "", "").start()

        assert reconciler.lost_dispatches(deps, publisher) == 0

    def test_is_not_sent_again_and_again(self, deps, publisher):
        a_class(deps, "", "").start()
        let_time_pass(deps)

        assert reconciler.lost_dispatches(deps, publisher) == 2
        assert reconciler.lost_dispatches(deps, publisher) == 0

    def test_is_sent_again_while_others_are_worked_on_and_its_queue_is_empty(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        change(deps, "update units set dispatched_at = dispatched_at - interval '6 s'")
        claim(klass, 0, 2)

        assert reconciler.lost_dispatches(deps, publisher) == 2

    def test_that_a_later_one_has_overtaken_is_sent_again_at_once(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        other = a_class(deps, "", "")
        other.start()
        relay(deps, publisher)
        publisher.canvases = [publisher.canvases[-1]]  # the first class's are lost
        change(
            deps,
            "update units set dispatched_at = now() - interval '8 s' where phase_run_id = :id",
            id=klass.phase("first").id,
        )
        assert reconciler.lost_dispatches(deps, publisher) == 0

        (lo, hi), *_ = publisher.canvases[0]["slices"]
        ledger.run_slice(other.phase("first").id, lo, hi, worker="w", deps=deps)

        assert reconciler.lost_dispatches(deps, publisher) == 4

    @pytest.mark.parametrize("why", ["messages wait in the queue", "the broker is down"])
    def test_is_given_minutes_while_it_may_only_be_waiting(self, deps, publisher, why):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        if why == "messages wait in the queue":
            relay(deps, publisher)
        publisher.is_down = why == "the broker is down"
        change(deps, "update units set dispatched_at = dispatched_at - interval '60 s'")

        assert reconciler.lost_dispatches(deps, publisher) == 0
        change(deps, "update units set dispatched_at = dispatched_at - interval '61 s'")
        assert reconciler.lost_dispatches(deps, publisher) == 4

    def test_of_a_backlog_is_given_twice_the_time_after_each_dispatch(self, deps, publisher):
        a_class(deps, "", "").start()
        relay(deps, publisher)
        change(
            deps,
            "update units set dispatches = 3, dispatched_at = dispatched_at - interval '479 s'",
        )

        assert reconciler.lost_dispatches(deps, publisher) == 0
        change(deps, "update units set dispatched_at = dispatched_at - interval '2 s'")
        assert reconciler.lost_dispatches(deps, publisher) == 2

    def test_of_every_queue_at_once_holds_no_run_up_for_ever(self, deps, publisher):
        classes = [a_class(deps, "", "", "") for _ in range(2)]
        for klass in classes:
            klass.start()
        relay(deps, publisher)

        publisher.lose_everything()
        finish(deps, publisher)

        assert {klass.row().status for klass in classes} == {"completed_successfully"}

    def test_that_was_only_late_does_no_harm(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        relay(deps, publisher)
        let_time_pass(deps)
        reconciler.reconcile(deps, publisher)

        finish(deps, publisher)

        assert len(klass.results("first")) == 2
        assert invariants.check(deps) == []


class TestAMissedEnd:
    def test_of_a_wave_is_followed_up(self, deps, publisher):
        deps = over(deps, deps.catalogue, settle_closes_wave=False)
        klass = a_class(deps, "")
        klass.start()
        relay(deps, publisher)
        deliver(deps, publisher)
        assert klass.phase("first").status == "in_progress"

        assert reconciler.missed_wave_ends(deps, publisher) == 1

        assert klass.phase("first").status == "completed"
        assert klass.phase("second").status == "in_progress"

    def test_of_a_planner_that_died_is_followed_up_when_its_right_has_lapsed(self, deps, publisher):
        deps = over(deps, deps.catalogue, settle_closes_wave=False)
        klass = a_class(deps, "")
        klass.start()
        relay(deps, publisher)
        deliver(deps, publisher)
        waves._follow(klass.phase("first").id, 1, uuid4(), deps, waves.NOBODY)

        assert reconciler.missed_wave_ends(deps, publisher) == 0
        let_time_pass(deps)
        assert reconciler.missed_wave_ends(deps, publisher) == 1
        assert klass.phase("first").status == "completed"

    def test_of_a_phase_that_was_opened_and_never_planned_is_followed_up(self, deps, publisher):
        klass = a_class(deps, "")
        klass.start()
        relay(deps, publisher)
        (slice_,) = publisher.slices()
        claimed = claim(klass, *slice_[1:])
        ledger.settle(claimed, ledger.work(claimed), deps)
        (right,) = waves._follow(slice_[0], 1, uuid4(), deps, waves.NOBODY).opened
        given = waves._read(right, deps)
        (opened,) = waves._settle(given, waves.decide(given), deps).opened
        assert opened.phase_run_id == klass.phase("second").id

        assert reconciler.missed_wave_ends(deps, publisher) == 0
        let_time_pass(deps)
        assert reconciler.missed_wave_ends(deps, publisher) == 1

        assert klass.phase("second").wave_no == 1
        drain(deps, publisher)
        assert klass.row().status == "completed_successfully"


class TestAStalledRun:
    def test_opens_what_can_be_opened(self, deps, publisher):
        klass = a_class(deps, "")
        klass.start()
        change(
            deps,
            "delete from units",
            "update phase_runs set status = 'completed', remaining = 0, done = 1 where ordinal = 0",
        )

        assert reconciler.stalled_runs(deps, publisher) == 1

        assert klass.phase("second").wave_no == 1

    def test_ends_when_nothing_is_left_to_open(self, deps, publisher):
        klass = a_class(deps, "")
        klass.start("first")
        change(deps, "update phase_runs set status = 'completed', remaining = 0")

        reconciler.stalled_runs(deps, publisher)

        assert klass.run().status == "completed_successfully"


class TestADeadline:
    def test_fails_a_run_that_has_had_its_time(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        relay(deps, publisher)
        deliver(deps, publisher)
        change(deps, "update runs set deadline = now() - interval '1 s'")

        assert reconciler.passed_deadlines(deps, publisher) == 1

        assert (klass.run().status, klass.run().failure_reason) == ("failed", "deadline_passed")
        assert klass.phase("second").status == "cancelled"
        assert {unit.status for unit in klass.units("second")} == {"cancelled"}
        assert klass.row().status == "completed_with_failures"
        assert {essay.status for essay in klass.essays()} == {"partly_processed"}

    def test_that_is_yet_to_come_changes_nothing(self, deps, publisher):
        klass = a_class(deps, "")
        klass.start()

        assert reconciler.passed_deadlines(deps, publisher) == 0
        assert klass.run().status == "active"

    def test_carries_out_an_end_that_was_decided_by_somebody_who_died(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        cancelling._decide(klass.runs[0], RunStatus.CANCELLED, "cancelled_by_teacher", deps)
        assert klass.run().status == "cancelling"

        assert reconciler.passed_deadlines(deps, publisher) == 1

        assert (klass.run().status, klass.row().status) == ("cancelled", "cancelled")
        assert {unit.status for unit in klass.units("first")} == {"cancelled"}


def wait_in_vain(deps: Deps) -> None:
    change(deps, "update batches set readiness_deadline = now() - interval '1 s'")


class TestReadiness:
    def test_in_time_is_left_alone(self, deps, publisher):
        klass = registered(deps, 1, of=2)

        assert reconciler.overdue_batches(deps, publisher) == 0
        assert klass.row().status == "registered"

    def test_passed_makes_the_batch_go_on_without_the_missing(self, deps, publisher):
        klass = registered(deps, 1, of=2)
        wait_in_vain(deps)

        assert reconciler.overdue_batches(deps, publisher) == 1

        assert klass.row().status == "ready"
        assert [name for _, name in klass.events()][-4:] == [
            "BatchReadinessTimeout",
            "TeacherNotificationRequestedV1",
            "BatchEssaysReady",
            "TeacherNotificationRequestedV1",
        ]
        assert [e.status for e in klass.essays()] == ["ready_for_processing", "content_failed"]
        assert klass.essays()[1].failure_code == "not_handed_in"
        assert reconciler.overdue_batches(deps, publisher) == 0

    def test_passed_without_a_single_text_fails_the_batch(self, deps, publisher):
        klass = registered(deps, 0, of=2)
        wait_in_vain(deps)

        reconciler.overdue_batches(deps, publisher)

        assert klass.row().status == "failed"

    def test_passed_starts_what_was_to_start_by_itself(self, deps, publisher):
        klass = registered(deps, 1, of=2, pipeline="all")
        wait_in_vain(deps)

        reconciler.overdue_batches(deps, publisher)

        drain(deps, publisher)
        assert klass.row().status == "completed_with_failures"

    def test_passed_while_a_file_was_being_read_takes_its_text_all_the_same(self, deps, publisher):
        klass = registered(deps, 0, of=1)
        file = hand_in(klass)
        wait_in_vain(deps)
        reconciler.overdue_batches(deps, publisher)

        ingest.read_file(file, deps)

        (essay,) = klass.essays()
        assert (essay.status, essay.failure_code) == ("ready_for_processing", None)
        assert klass.row().status == "ready"


class TestAnAutoStart:
    def missed(self, deps: Deps, **more: object) -> Klass:
        """A batch whose last reader died between making it ready and starting its run."""
        klass = a_class(deps, "", "", **more)
        change(
            deps,
            "update batches set pipeline = 'all', ready_at = ready_at - interval '6 s'",
        )
        return klass

    def test_that_was_missed_is_made_up_for(self, deps, publisher):
        klass = self.missed(deps)

        assert reconciler.unstarted_batches(deps, publisher) == 1

        assert klass.row().status == "processing"
        assert reconciler.unstarted_batches(deps, publisher) == 0

    def test_is_given_a_few_seconds_to_happen_by_itself(self, deps, publisher):
        a_class(deps, "")
        change(deps, "update batches set pipeline = 'all'")

        assert reconciler.unstarted_batches(deps, publisher) == 0

    def test_is_not_repeated_when_its_run_has_ended(self, deps, publisher):
        klass = a_class(deps, "", pipeline="all")
        drain(deps, publisher)
        change(deps, "update batches set ready_at = ready_at - interval '6 s'")

        assert reconciler.unstarted_batches(deps, publisher) == 0
        assert klass.row().status == "completed_successfully"

    def test_that_cannot_be_helped_does_not_hold_up_the_others(self, deps, publisher):
        text = catalogues.text(CHAIN).replace("tests.engines:Scripted", f"{__name__}:Planless")
        self.missed(deps)
        fine = a_class(deps, "")
        fine.start()
        relay(deps, publisher)
        publisher.lose_everything()
        let_time_pass(deps)
        broken = over(deps, catalogue.parse(text, file="f"))

        assert reconciler.reconcile(broken, publisher) >= 1
        relay(deps, publisher)
        assert slices_of(publisher) == [(0, 1)]


class TestAFile:
    def test_whose_message_was_lost_is_asked_for_again(self, deps, publisher):
        klass = registered(deps, 0, of=1)
        file = hand_in(klass)
        relay(deps, publisher)
        publisher.lose_everything()
        change(deps, "update files set dispatched_at = now() - interval '6 s'")

        assert reconciler.unread_files(deps, publisher) == 1

        relay(deps, publisher)
        assert publisher.files == [file]
        assert reconciler.unread_files(deps, publisher) == 0

    def test_is_asked_for_less_and_less_often(self, deps, publisher):
        hand_in(registered(deps, 0, of=1))
        change(deps, "update files set dispatches = 2, dispatched_at = now() - interval '9 s'")

        assert reconciler.unread_files(deps, publisher) == 0
        change(deps, "update files set dispatched_at = now() - interval '11 s'")
        assert reconciler.unread_files(deps, publisher) == 1

    def die_reading(self, deps: Deps, file: UUID) -> None:
        ingest._claim(file, uuid4(), deps)
        change(deps, "update files set lease_until = now() - interval '1 s'")

    def test_whose_reader_died_is_read_again(self, deps, publisher):
        klass = registered(deps, 0, of=1)
        file = hand_in(klass)
        self.die_reading(deps, file)

        assert reconciler.unread_files(deps, publisher) == 1

        relay(deps, publisher)
        ingest.read_file(publisher.files[-1], deps)
        assert klass.row().status == "ready"

    def test_whose_readers_die_again_and_again_is_given_up(self, deps, publisher):
        klass = registered(deps, 1, of=2)
        file = hand_in(klass)
        for _ in range(ingest.MOST_ATTEMPTS):
            self.die_reading(deps, file)
            reconciler.unread_files(deps, publisher)

        assert [e.status for e in klass.essays()] == ["ready_for_processing", "content_failed"]
        assert klass.essays()[1].failure_code == "unreadable"
        assert klass.row().status == "ready"
        assert one(deps, "select status from files where id = :id", id=file).status == "failed"

    def test_read_by_two_is_settled_by_the_one_that_holds_it(self, deps, publisher):
        klass = registered(deps, 0, of=1)
        file = hand_in(klass)
        self.die_reading(deps, file)
        slow = one(deps, "select lease_token as token from files").token
        reconciler.unread_files(deps, publisher)
        ingest.read_file(file, deps)
        before = klass.events()

        assert ingest._settle(file, slow, ingest.Refused("x", "y"), deps) is None
        assert klass.events() == before


class TestARefusedAutoStart:
    def test_is_said_once_and_not_tried_for_ever(self, deps, publisher):
        klass = a_class(deps, "")
        change(deps, "update batches set pipeline = 'nonsense', ready_at = now() - interval '1 h'")

        assert reconciler.unstarted_batches(deps, publisher) == 1

        assert [name for _, name in klass.events()][-2:] == [
            "BatchAutoStartRefusedV1",
            "TeacherNotificationRequestedV1",
        ]
        assert reconciler.unstarted_batches(deps, publisher) == 0


class TestALateProjection:
    def test_is_rung_for_again(self, deps, publisher):
        klass = a_class(deps, "")
        relay(deps, publisher)
        publisher.lose_everything()
        change(deps, "update batches set updated_at = updated_at - interval '6 s'")

        assert reconciler.late_projections(deps, publisher) == 1

        assert publisher.batches == [klass.batch]
        project(deps, publisher)
        assert invariants.check(deps) == []

    def test_is_not_rung_for_in_every_pass(self, deps, publisher):
        a_class(deps, "")
        change(deps, "update batches set updated_at = updated_at - interval '6 s'")

        assert reconciler.late_projections(deps, publisher) == 1
        assert reconciler.late_projections(deps, publisher) == 0
        let_time_pass(deps)
        assert reconciler.late_projections(deps, publisher) == 1

    def test_waits_while_the_broker_is_down(self, deps):
        a_class(deps, "")
        change(deps, "update batches set updated_at = updated_at - interval '6 s'")
        down = FakePublisher()
        down.is_down = True

        assert reconciler.late_projections(deps, down) == 0

    def test_that_is_up_to_date_is_left_alone(self, deps, publisher):
        a_class(deps, "")
        drain(deps, publisher)
        change(deps, "update batches set updated_at = updated_at - interval '6 s'")

        assert reconciler.late_projections(deps, publisher) == 0

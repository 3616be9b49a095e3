"""The life of a slice on real Postgres, from the request to the end of the run, message by message."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from app.errors import BatchNotReady, MissingPrerequisite, NoActiveRun, RunActive, UnknownPipeline
from app.ports import PublishFailed
from app.services import (
    batches,
    cancelling,
    claims,
    editing,
    ingest,
    invariants,
    ledger,
    reconciler,
    relaying,
    retrying,
    uploads,
    waves,
)
from app.services.deps import Deps
from app.services.uploads import Upload
from pipelines import catalogue
from pipelines.phase import (
    BatchContext,
    Done,
    Finished,
    GaveUp,
    ItemRef,
    Outcome,
    SoFar,
    Unit,
    Wave,
)
from pipelines.vocabulary import PhaseStatus, RunStatus
from tests import catalogues
from tests.catalogues import CHAIN, DIAMOND
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


class OneByOne(Scripted):
    """Wants one essay a wave."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        left = replace(so_far, wave_no=0, items=so_far.items[so_far.wave_no :][:1])
        return super().plan(batch, left)


class Stumbling(Scripted):
    """Cannot say what follows its first wave."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        if so_far.wave_no > 0:
            raise RuntimeError("told to")
        return super().plan(batch, so_far)


class Mindful(Scripted):
    """Would answer otherwise if the assignment were another."""

    def input_hash(self, batch: BatchContext, item: ItemRef) -> str:
        return f"{batch.instructions}:{item.text_sha256}"


class Forgetful(Scripted):
    """Answers for all units but the last."""

    def run_many(self, batch: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        return [Done({}) for _ in units[:-1]]


def engine(kind: type[Scripted], graph: dict[str, list[str]]) -> catalogue.Catalogue:
    """A graph whose phases all have an engine of this module."""
    text = catalogues.text(graph).replace("tests.engines:Scripted", f"{__name__}:{kind.__name__}")
    return catalogue.parse(text, file="test.yaml")


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """One worker slot, so that a wave of four units is two slices of two."""
    return over(deps, catalogues.of(CHAIN), worker_slots=1)


@pytest.fixture
def diamond(deps: Deps) -> Deps:
    return over(deps, catalogues.of(DIAMOND))


def claim(of: Klass, lo: int, hi: int, *, phase: str = "first", worker: str = "w", deps=None):
    deps = deps or of.deps
    return ledger.claim(of.phase(phase).id, lo, hi, worker=worker, deps=deps)


def settle(claimed: claims.Claimed, deps: Deps) -> int | None:
    """Work and settle; the wave that is over with it."""
    settled = ledger.settle(claimed, ledger.work(claimed), deps)
    return next((wave_no for _, wave_no in settled.waves_over), None)


def positions(claimed: claims.Claimed | None) -> list[int]:
    return [unit.position for unit in claimed.units] if claimed else []


def whole(deps: Deps) -> list[list]:
    """Every row that a transition could change."""
    return [
        rows(deps, f"select * from {table} order by 1, 2")
        for table in ("runs", "phase_runs", "units", "attempts", "results", "event_outbox")
    ]


class TestStarting:
    def test_commits_the_first_canvas_with_the_run(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")

        started = klass.start()

        assert (started.phases, started.skipped) == (("first", "second"), ())
        assert klass.row().status == "processing"
        assert [essay.status for essay in klass.essays()] == ["in_processing"] * 4
        relay(deps, publisher)
        assert slices_of(publisher) == [(0, 2), (2, 4)]

    def test_sends_ids_and_numbers_only(self, deps, publisher):
        klass = a_class(deps, "a secret")

        started = klass.start()

        relay(deps, publisher)
        (canvas,) = publisher.canvases
        assert canvas == {
            "phase_run_id": str(klass.phase("first").id),
            "wave_no": 1,
            "dispatch_no": 1,
            "root_id": str(started.canvas_id),
            "correlation_id": str(klass.row().correlation_id),
            "queue": "spellcheck",
            "time_limit_s": 30.0,
            "slices": [[0, 1]],
        }

    def test_is_refused_while_a_run_is_active(self, deps):
        klass = a_class(deps, "")
        started = klass.start()

        with pytest.raises(RunActive) as refused:
            klass.start()

        assert refused.value.extra == {"run_id": str(started.run_id)}

    def test_two_requests_at_once_start_one_run(self, deps):
        klass = a_class(deps, "", "")

        def start() -> str:
            try:
                klass.start()
            except RunActive:
                return "refused"
            return "started"

        assert sorted(at_once(start, start)) == ["refused", "started"]
        assert len(rows(deps, "select * from runs")) == 1

    def test_is_refused_for_a_pipeline_nobody_knows(self, deps):
        with pytest.raises(UnknownPipeline, match="no pipeline 'third'; there are all"):
            a_class(deps, "").start("third")

    def test_is_refused_while_an_essay_has_no_text(self, deps):
        klass = a_class(deps, "", "")
        hand_in_again(klass, "essay-1", None)

        with pytest.raises(BatchNotReady, match="1 of 2 essays have no text yet"):
            klass.start()

    def test_is_refused_without_what_a_phase_needs(self, deps):
        text = catalogues.text({"first": []}).replace(
            "    depends_on: []", "    depends_on: []\n    prerequisites: [instructions]"
        )
        klass = a_class(over(deps, catalogue.parse(text, file="f")), "", essay_instructions="")

        with pytest.raises(MissingPrerequisite, match="'first' needs the batch's instructions"):
            klass.start()

        assert klass.row().status == "ready"

    def test_works_with_the_broker_down(self, deps, publisher):
        klass = a_class(deps, "", "")
        relay(deps, publisher)
        publisher.is_down = True

        klass.start()

        with pytest.raises(PublishFailed):
            relaying.relay(deps, publisher)
        waiting = rows(deps, "select * from event_outbox where published_at is null")
        assert {row.event_type for row in waiting} >= {"canvas", "ClientBatchPipelineRequestV1"}
        assert {(row.retry_count, row.last_error) for row in waiting} == {(1, "told to")}
        publisher.is_down = False
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"


class TestRelaying:
    def test_everything_is_sent_once(self, deps, publisher):
        a_class(deps, "", "").start()

        relay(deps, publisher)
        relay(deps, publisher)

        assert slices_of(publisher) == [(0, 1), (1, 2)]
        assert len(publisher.files) == 2
        assert len(publisher.batches) == 1

    def test_two_relays_at_once_send_nothing_twice(self, deps):
        other = FakePublisher()

        class Overtaken(FakePublisher):
            def ingest(self, file_id: UUID, batch_id: UUID) -> None:
                super().ingest(file_id, batch_id)
                relaying.relay(deps, other)

        publisher = Overtaken()
        a_class(deps, "", "", "")

        relay(deps, publisher)

        assert len(publisher.files) == len(set(publisher.files)) == 3
        assert other.files == []
        # Events are nobody's while the files are being sent, so the other one has told of them.
        assert len(other.batches) == 1
        assert publisher.batches == []

    def test_what_was_sent_before_the_broker_died_is_not_sent_again(self, deps):
        class Dying(FakePublisher):
            def ingest(self, file_id: UUID, batch_id: UUID) -> None:
                super().ingest(file_id, batch_id)
                self.is_down = len(self.files) == 2

        publisher = Dying()
        a_class(deps, "", "", "")
        with pytest.raises(PublishFailed):
            relaying.relay(deps, publisher)

        publisher.is_down = False
        relay(deps, publisher)

        assert len(publisher.files) == len(set(publisher.files)) == 3


class TestClaiming:
    def test_gives_the_units_of_the_slice_with_all_that_work_takes(self, deps):
        klass = a_class(deps, "zero", "one", "two", "three", essay_instructions="Write.")
        klass.start()

        claimed = claim(klass, 1, 3, worker="w1")

        assert positions(claimed) == [1, 2]
        assert ["one" in text.text or "two" in text.text for text in claimed.texts.values()]
        assert claimed.facts.context.instructions == "Write."
        assert [unit.status for unit in klass.units("first")] == [
            *("queued", "running"),
            *("running", "queued"),
        ]
        held = rows(
            deps, "select position, worker, claimed_alone from units where claims > 0 order by 1"
        )
        assert held == [(1, "w1", False), (2, "w1", False)]

    def test_a_second_delivery_claims_nothing(self, deps):
        klass = a_class(deps, "", "")
        klass.start()

        assert positions(claim(klass, 0, 2)) == [0, 1]
        assert claim(klass, 0, 2) is None

    def test_only_what_is_free_is_given(self, deps):
        klass = a_class(deps, "", "", "")
        klass.start()
        claim(klass, 1, 2)

        assert positions(claim(klass, 0, 3)) == [0, 2]

    def test_two_workers_at_once_share_nothing(self, deps):
        klass = a_class(deps, *[""] * 8)
        klass.start()
        meeting = Meeting(deps, "claim")

        one, other = at_once(
            partial(claim, klass, 0, 6, deps=meeting.deps()),
            partial(claim, klass, 2, 8, deps=meeting.deps()),
        )

        assert sorted(positions(one) + positions(other)) == list(range(8))

    def test_a_unit_that_must_be_alone_is_left_out_of_a_larger_slice(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        change(deps, "update units set alone = true where position = 0")

        assert positions(claim(klass, 0, 2)) == [1]
        assert positions(claim(klass, 0, 1)) == [0]

    def test_a_unit_that_must_wait_is_left_until_its_time(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        change(deps, "update units set not_before = now() + interval '9 s' where position = 0")

        assert positions(claim(klass, 0, 2)) == [1]
        let_time_pass(deps)
        assert positions(claim(klass, 0, 1)) == [0]

    def test_only_attempts_made_alone_count(self, deps):
        klass = a_class(deps, "", "", "")
        klass.start()

        claim(klass, 0, 1)
        claim(klass, 1, 3)

        assert [(u.claims, u.attempts) for u in klass.units("first")] == [(1, 1), (1, 0), (1, 0)]


class TestSettling:
    def test_writes_a_result_for_every_unit_once(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        relay(deps, publisher)
        publisher.canvases *= 2

        deliver(deps, publisher)

        found = klass.results("first")
        assert [result.item_id for result in found] == [essay.id for essay in klass.essays()]
        assert {(r.status, r.engine_version) for r in found} == {("done", "scripted-1")}
        assert len(rows(deps, "select * from every_attempt")) == 4

    def test_takes_what_has_ended_off_what_remains(self, deps):
        klass = a_class(deps, "", "[first:give_up]", "")
        klass.start()

        claimed = claim(klass, 0, 2)
        wave_over = settle(claimed, deps)

        phase = klass.phase("first")
        assert wave_over is None
        assert (phase.total, phase.remaining, phase.done, phase.failed) == (3, 1, 1, 1)

    def test_the_last_one_says_which_wave_is_over(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        one, other = claim(klass, 0, 1), claim(klass, 1, 2)

        assert settle(one, deps) is None
        assert settle(other, deps) == 1

    def test_the_last_two_at_once_agree_on_who_was_last(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        claimed = [claim(klass, 0, 1), claim(klass, 1, 2)]
        meeting = Meeting(deps, "settle")

        over = at_once(*(partial(settle, each, meeting.deps()) for each in claimed))

        assert sorted(over, key=str) == [1, None]
        assert klass.phase("first").remaining == 0

    def test_a_worker_whose_lease_was_taken_over_settles_nothing(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        slow = claim(klass, 0, 2, worker="slow")
        let_time_pass(deps)
        reconciler.lapsed_leases(deps, publisher)
        quick = claim(klass, 0, 1, worker="quick")
        before = whole(deps)

        assert settle(slow, deps) is None
        assert whole(deps) == before
        assert settle(quick, deps) is None
        assert [r.item_id for r in klass.results("first")] == [klass.units("first")[0].item_id]

    def test_a_worker_that_lost_a_part_of_its_slice_settles_the_rest(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        claimed = claim(klass, 0, 2)
        change(deps, "update units set lease_until = now() - interval '1 s' where position = 0")
        reconciler.lapsed_leases(deps, publisher)

        settle(claimed, deps)

        assert [unit.status for unit in klass.units("first")] == ["queued", "done"]
        assert [result.item_id for result in klass.results()] == [klass.essays()[1].id]
        assert klass.phase("first").remaining == 1

    def test_a_slow_worker_keeps_what_nobody_else_has_taken(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        slow = claim(klass, 0, 2)
        let_time_pass(deps)

        assert settle(slow, deps) == 1

    def test_the_same_work_settled_twice_changes_nothing_the_second_time(self, deps):
        klass = a_class(deps, "", "")
        klass.start()
        claimed = claim(klass, 0, 1)
        settle(claimed, deps)
        before = whole(deps)

        assert settle(claimed, deps) is None
        assert whole(deps) == before

    def test_says_each_result_in_an_event(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]")
        klass.start("first")
        drain(deps, publisher)

        with deps.uow("events") as uow:
            everything = [event for _, event in uow.outbox.after(klass.batch, 0, 100)]
        said = [e["data"] for e in everything if e["event_type"] == "EssayPhaseResultV1"]
        assert [(data["status"], data["failure_code"]) for data in said] == [
            ("done", None),
            ("failed", "told_to"),
        ]
        assert [data["entity_id"] for data in said] == [str(e.id) for e in klass.essays()]

    def test_says_results_that_come_together_so_that_one_may_read_on_from_any(
        self, deps, publisher
    ):
        klass = a_class(deps, "", "", "")
        klass.start("first")
        drain(deps, publisher)

        with deps.uow("events") as uow:
            everything = uow.outbox.after(klass.batch, 0, 100)
            for event_no, _ in everything:
                assert uow.outbox.after(klass.batch, event_no, 2) == everything[event_no:][:2]
            results = [no for no, e in everything if e["event_type"] == "EssayPhaseResultV1"]
            second = uow.outbox.news(klass.batch, results[0], 1)
        assert [no for no, _ in everything] == list(range(1, len(everything) + 1))
        assert second is not None
        assert (second.last, second.essays) == (results[1], (str(klass.essays()[1].id),))


class TestGivingUp:
    def test_fails_the_essay_and_keeps_it_from_what_needs_the_phase(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]", "")
        klass.start()

        drain(deps, publisher)

        ends = [(r.status, r.failure_code, r.failure_reason) for r in klass.results("first")]
        assert ends[1] == ("failed", "told_to", "The text told it to.")
        assert [result.status for result in klass.results("second")] == ["done", "done"]
        assert klass.phase("first").status == "completed_with_failures"
        assert klass.phase("second").status == "completed"
        assert [e.status for e in klass.essays()] == ["processed", "failed", "processed"]
        assert klass.row().status == klass.run().status == "completed_with_failures"
        assert klass.dead_letters() == []

    def test_of_every_essay_fails_the_run_and_skips_what_follows(self, deps, publisher):
        klass = a_class(deps, "[first:give_up]", "[first:give_up]")
        klass.start()

        drain(deps, publisher)

        assert klass.phase("first").status == "failed"
        second = klass.phase("second")
        assert (second.status, second.reason) == ("skipped", "no_essay_passed:first")
        assert (klass.run().status, klass.row().status) == ("failed", "failed")
        assert [e.status for e in klass.essays()] == ["failed", "failed"]

    def test_costs_no_second_try(self, deps, publisher):
        klass = a_class(deps, "[first:give_up]")
        klass.start()

        finish(deps, publisher)

        assert rows(deps, "select outcome, error from every_attempt") == [("gave_up", "told_to")]


class TestLater:
    def test_costs_no_attempt_and_is_done_in_the_end(self, deps, publisher, tmp_path):
        klass = a_class(deps, f"[first:later={tmp_path}/once]")
        klass.start()
        drain(deps, publisher)

        (unit,) = klass.units("first")
        assert (unit.status, unit.attempts, unit.claims) == ("queued", 0, 1)
        assert unit.not_before is not None
        finish(deps, publisher)
        assert klass.units("first")[0].attempts == 1
        assert klass.row().status == "completed_successfully"

    def test_does_not_hold_up_its_neighbours(self, deps, publisher, tmp_path):
        klass = a_class(deps, f"[first:later={tmp_path}/once]", "", "", "")
        klass.start()

        drain(deps, publisher)

        assert [u.status for u in klass.units("first")] == ["queued", "done", "done", "done"]
        assert klass.phase("first").remaining == 1


class TestRaising:
    def test_in_company_has_each_tried_alone_at_once(self, deps, publisher):
        klass = a_class(deps, "[first:raise]", "", "", "")
        klass.start()
        relay(deps, publisher)
        deliver(deps, publisher)

        assert [u.status for u in klass.units("first")] == ["queued", "queued", "done", "done"]
        relay(deps, publisher)
        assert slices_of(publisher) == [(0, 1), (1, 2)]
        deliver(deps, publisher)
        assert [u.status for u in klass.units("first")] == ["queued", "done", "done", "done"]

    def test_alone_is_tried_again_after_a_while_and_then_given_up(self, deps, publisher):
        klass = a_class(deps, "[first:raise]", "", "", "")
        klass.start()

        finish(deps, publisher)

        unit, *others = klass.units("first")
        assert (unit.status, unit.attempts, unit.claims) == ("failed", 2, 3)
        assert {other.status for other in others} == {"done"}
        assert klass.results("first")[0].failure_code == "attempts_exhausted"
        assert klass.phase("first").status == "completed_with_failures"
        assert klass.row().status == "completed_with_failures"

    def test_to_the_end_leaves_a_dead_letter_that_says_what_was_wrong(self, deps, publisher):
        klass = a_class(deps, "[first:raise]", "")
        klass.start()

        finish(deps, publisher)

        (letter,) = klass.dead_letters()
        assert (letter.reason, letter.status, letter.phase) == (
            "attempts_exhausted",
            "open",
            "first",
        )
        assert (letter.run_id, letter.item_id) == (klass.runs[0], klass.essays()[0].id)
        errors = rows(deps, "select distinct error from every_attempt where outcome = 'raised'")
        assert errors == [("RuntimeError('told to')",)]

    def test_a_phase_that_answers_for_too_few_units_has_raised(self, deps, publisher):
        klass = a_class(over(deps, engine(Forgetful, {"first": []})), "", "")
        klass.start("first")

        finish(deps, publisher)

        assert klass.phase("first").status == "failed"
        errors = rows(deps, "select distinct error from every_attempt")
        assert errors == [("ValueError('0 outcomes for 1 units')",)]


class TestBranches:
    def test_run_side_by_side_and_join_when_both_have_ended(self, diamond, publisher):
        klass = a_class(diamond, "", "")
        klass.start()
        relay(diamond, publisher)
        deliver(diamond, publisher)

        states = {name: klass.phase(name).status for name in DIAMOND}
        assert states == {
            "root": "completed",
            "left": "in_progress",
            "right": "in_progress",
            "join": "pending",
        }
        drain(diamond, publisher)
        assert {klass.phase(name).status for name in DIAMOND} == {"completed"}
        assert klass.row().status == "completed_successfully"

    def test_closing_at_the_same_moment_open_the_join_exactly_once(self, diamond, publisher):
        klass = a_class(diamond, "")
        klass.start()
        relay(diamond, publisher)
        deliver(diamond, publisher)
        left, right = klass.phase("left").id, klass.phase("right").id
        meeting = Meeting(diamond, "settle_plan")

        at_once(
            *(
                partial(ledger.run_slice, phase, 0, 1, worker="w", deps=meeting.deps())
                for phase in (left, right)
            )
        )

        join = klass.phase("join")
        assert (join.status, join.wave_no, join.total) == ("in_progress", 1, 1)
        opened = rows(diamond, "select 1 from transitions where entity_id = :id", id=join.id)
        sent = rows(diamond, "select 1 from event_outbox where aggregate_id = :id", id=join.id)
        assert (len(opened), len(sent)) == (1, 1)
        drain(diamond, publisher)
        assert klass.row().status == "completed_successfully"

    def test_an_essay_lost_in_one_of_them_does_not_reach_the_join(self, diamond, publisher):
        klass = a_class(diamond, "[left:give_up]", "")
        klass.start()

        drain(diamond, publisher)

        assert [result.status for result in klass.results("right")] == ["done", "done"]
        assert [result.item_id for result in klass.results("join")] == [klass.essays()[1].id]
        assert [e.status for e in klass.essays()] == ["partly_processed", "processed"]

    def test_a_join_that_nobody_reaches_is_skipped(self, diamond, publisher):
        klass = a_class(diamond, "[left:give_up]", "[right:give_up]")
        klass.start()

        drain(diamond, publisher)

        assert klass.phase("join").status == "skipped"
        assert klass.run().status == klass.row().status == "completed_with_failures"


class TestWaves:
    def test_follow_each_other_until_the_phase_has_finished(self, deps, publisher):
        klass = a_class(over(deps, engine(OneByOne, {"first": []})), "", "", "")
        klass.start("first")

        drain(klass.deps, publisher)

        phase = klass.phase("first")
        assert (phase.status, phase.wave_no, phase.total, phase.done) == ("completed", 3, 3, 3)
        assert [unit.wave_no for unit in klass.units("first")] == [1, 2, 3]

    @pytest.mark.parametrize("wave_no", [0, 1])
    def test_an_end_that_comes_late_changes_nothing(self, deps, publisher, wave_no):
        klass = a_class(over(deps, engine(OneByOne, {"first": []})), "", "", "")
        klass.start("first")
        relay(klass.deps, publisher)
        deliver(klass.deps, publisher)
        assert klass.phase("first").wave_no == 2
        before = whole(deps)

        waves.wave_done(klass.phase("first").id, wave_no, klass.deps)

        assert whole(deps) == before

    @pytest.mark.parametrize("wave_no", [0, 1, 2])
    def test_an_end_that_comes_early_changes_nothing(self, deps, wave_no):
        klass = a_class(deps, "", "")
        klass.start()
        before = whole(deps)

        waves.wave_done(klass.phase("first").id, wave_no, deps)

        assert whole(deps) == before

    @pytest.mark.parametrize("wave_no", [0, 2])
    def test_the_end_of_another_wave_is_not_taken_for_this_ones(self, deps, wave_no):
        klass = self.whose_first_wave_is_over(deps)
        before = whole(deps)

        waves.wave_done(klass.phase("first").id, wave_no, klass.deps)

        assert whole(deps) == before

    @pytest.mark.parametrize("wave_no", [0, 2])
    def test_what_was_planned_from_another_wave_is_not_written(self, deps, wave_no):
        klass = self.whose_first_wave_is_over(deps)
        phase_run_id = klass.phase("first").id

        with deps.uow("write") as uow:
            opened = uow.runs.next_wave(
                phase_run_id,
                wave_no,
                token=None,
                units=1,
                waiting=0,
                admitted_below=1,
                end_position=1,
                reused=0,
                engine_version="1",
            )
            closed = uow.runs.close_phase(
                phase_run_id, wave_no, token=None, status=PhaseStatus.COMPLETED, reused=0
            )

        assert (opened, closed) == (None, None)

    def whose_first_wave_is_over(self, deps: Deps) -> Klass:
        """A class of two whose phase has done the first, and has not planned the second."""
        deps = over(deps, engine(OneByOne, {"first": []}), settle_closes_wave=False)
        klass = a_class(deps, "", "")
        klass.start("first")
        ledger.run_slice(klass.phase("first").id, 0, 1, worker="w", deps=deps)
        assert (klass.phase("first").wave_no, klass.phase("first").remaining) == (1, 0)
        return klass

    def test_an_end_said_twice_at_once_is_followed_up_once(self, deps):
        deps = over(deps, engine(OneByOne, {"first": []}), settle_closes_wave=False)
        klass = a_class(deps, "", "")
        klass.start("first")
        phase_run_id = klass.phase("first").id
        ledger.run_slice(phase_run_id, 0, 1, worker="w", deps=deps)
        meeting = Meeting(deps, "follow_wave")

        at_once(*[partial(waves.wave_done, phase_run_id, 1, meeting.deps())] * 2)

        phase = klass.phase("first")
        assert (phase.wave_no, phase.total, phase.remaining) == (2, 2, 1)

    @pytest.mark.parametrize("other", ["has planned", "is planning"])
    def test_a_planner_that_was_overtaken_writes_nothing(self, deps, other):
        klass = self.whose_first_wave_is_over(deps)
        phase_run_id = klass.phase("first").id
        (right,) = waves._follow(phase_run_id, 1, uuid4(), klass.deps, waves.NOBODY).opened
        slow = waves._read(right, klass.deps)
        let_time_pass(deps)
        if other == "has planned":
            waves.wave_done(phase_run_id, 1, klass.deps)
        else:
            assert waves._follow(phase_run_id, 1, uuid4(), klass.deps, waves.NOBODY).opened
        before = whole(deps)

        onward = waves._settle(slow, waves.decide(slow), klass.deps)

        assert onward == waves.NOWHERE
        assert whole(deps) == before

    def test_a_run_completes_through_its_chord_bodies_alone(self, deps, publisher):
        deps = over(deps, catalogues.of(DIAMOND), settle_closes_wave=False)
        klass = a_class(deps, "", "[left:give_up]", "")
        klass.start()

        while klass.run().status == "active":
            relay(deps, publisher)
            bodies = [(UUID(c["phase_run_id"]), c["wave_no"]) for c in publisher.canvases]
            assert bodies, "the run stands still"
            deliver(deps, publisher)
            for phase_run_id, wave_no in bodies:
                waves.wave_done(phase_run_id, wave_no, deps)

        assert klass.row().status == "completed_with_failures"
        assert len(klass.results("join")) == 2

    def test_a_plan_that_raises_three_times_fails_the_phase(self, deps, publisher):
        klass = a_class(over(deps, engine(Stumbling, {"first": [], "second": ["first"]})), "", "")
        klass.start()

        finish(klass.deps, publisher)

        first = klass.phase("first")
        assert (first.status, first.reason, first.planning_failures) == (
            "failed",
            "planning_failed",
            3,
        )
        assert klass.phase("second").reason == "no_essay_passed:first"
        assert klass.run().status == "failed"
        (letter,) = klass.dead_letters()
        assert (letter.reason, letter.phase) == ("planning_failed", "first")
        assert "told to" in str(letter.message)


def hand_in_again(klass: Klass, essay_id: str, text: str | None) -> None:
    """Replace an essay's file, and have it read unless there is nothing to read yet."""
    body = (text or "").encode()
    upload = Upload("again.txt", body, essay_id)
    (row,) = uploads.hand_in(klass.batch, [upload], owner_id=klass.owner.id, deps=klass.deps)
    if text is not None:
        ingest.read_file(row.file_id, klass.deps)


class TestThePhaseOverTheWholeBatch:
    """`join`: one unit about the batch itself, between two phases that work essay by essay."""

    @pytest.fixture
    def deps(self, deps: Deps) -> Deps:
        text = catalogues.text({"first": [], "join": ["first"], "last": ["join"]})
        before, join, after = text.partition("\n  join:\n")
        after = after.replace("tests.engines:Scripted", "pipelines.phases.noop:Once", 1)
        after = after.replace("scope: essay", "scope: batch", 1)
        text = before + join + after.replace("options: {name: join}", "options: {}")
        return over(deps, catalogue.parse(text, file="test.yaml"))

    def test_has_one_unit_about_the_batch_without_texts(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start("join")
        relay(deps, publisher)
        deliver(deps, publisher)

        claimed = claim(klass, 0, 1, phase="join")

        assert [(unit.item_id, unit.essay_ids) for unit in claimed.units] == [(klass.batch, ())]
        assert claimed.texts == {}

    def test_holds_up_what_follows_until_its_unit_has_ended(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()

        finish(deps, publisher)

        assert klass.row().status == "completed_successfully"
        assert [essay.status for essay in klass.essays()] == ["processed"] * 2
        ended = [klass.phase(name) for name in ("first", "join", "last")]
        assert [(phase.done, phase.failed) for phase in ended] == [(2, 0), (1, 0), (2, 0)]
        assert ended[0].finished_at <= ended[1].started_at <= ended[1].finished_at
        assert ended[1].finished_at <= ended[2].started_at

    def test_has_a_result_about_the_batch_and_an_event_when_it_ends(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start("join")

        finish(deps, publisher)

        result = one(deps, "select * from results where phase = 'join'")
        assert (result.item_id, result.text_sha256) == (klass.batch, None)
        said = [
            row.event_type
            for row in rows(
                deps,
                "select event_type from event_outbox"
                " where event_data -> 'data' ->> 'phase_name' = 'join' order by event_no",
            )
        ]
        assert said == ["BatchPhaseStartedV1", "ELSBatchPhaseOutcomeV1"]

    def test_counts_for_the_essays_that_came_as_far(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]")
        klass.start()

        finish(deps, publisher)

        assert [essay.status for essay in klass.essays()] == ["processed", "failed"]

    def test_fails_for_all_of_them_when_it_fails(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]", "")
        klass.start("join")
        relay(deps, publisher)
        deliver(deps, publisher)
        claimed = claim(klass, 0, 1, phase="join")

        ledger.settle(claimed, [GaveUp("told_to", "It was told to.")], deps)

        assert klass.phase("join").status == "failed"
        ends = ["partly_processed", "failed", "partly_processed"]
        assert [essay.status for essay in klass.essays()] == ends
        assert klass.run().status == "completed_with_failures"


class TestTheOutcomeOfAPhase:
    def told(self, klass: Klass) -> Sequence[dict]:
        with klass.deps.uow("read") as uow:
            found = uow.outbox.after(klass.batch, 0, 1000)
        return [
            event["data"] for _, event in found if event["event_type"] == "ELSBatchPhaseOutcomeV1"
        ]

    def test_names_the_essays_that_go_on_with_their_texts_and_those_that_do_not(
        self, deps, publisher
    ):
        klass = a_class(deps, "", "[first:give_up]", "")
        klass.start("first")
        finish(deps, publisher)

        (outcome,) = self.told(klass)

        one_, two, three = klass.essays()
        assert outcome["processed_essays"] == [
            {"essay_id": each.essay_id, "text_storage_id": str(each.text_storage_id)}
            for each in (one_, three)
        ]
        assert outcome["failed_essay_ids"] == [two.essay_id]

    def test_names_no_text_that_has_been_replaced_since(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start("first")
        finish(deps, publisher)
        change(deps, "update essays set text_sha256 = 'other' where position = 0")

        (outcome,) = self.told(klass)

        kept = str(klass.essays()[1].text_storage_id)
        assert [each["text_storage_id"] for each in outcome["processed_essays"]] == [None, kept]

    def test_names_those_of_its_own_run(self, deps, publisher):
        klass = a_class(deps, "", "[first:give_up]")
        klass.start("first")
        finish(deps, publisher)
        klass.start("first")
        finish(deps, publisher)

        assert [len(each["processed_essays"]) for each in self.told(klass)] == [1, 0]

    def test_is_as_small_for_any_number_of_them(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start("first")
        finish(deps, publisher)

        stored = one(
            deps,
            "select event_data::text as written from event_outbox"
            " where event_type = 'ELSBatchPhaseOutcomeV1'",
        )
        assert klass.essays()[0].essay_id not in stored.written


class TestRunningAgain:
    def test_skips_every_phase_that_has_its_results(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        drain(deps, publisher)

        again = klass.start()

        assert again.skipped == ("first", "second")
        assert klass.phase("first").reason == "already_done"
        assert klass.run().status == klass.row().status == "completed_successfully"
        assert klass.results() == []
        assert [essay.status for essay in klass.essays()] == ["processed", "processed"]

    def test_names_the_run_before(self, deps, publisher):
        klass = a_class(deps, "")
        first = klass.start("first")
        drain(deps, publisher)

        klass.start()

        assert klass.run().parent_run_id == first.run_id

    def test_does_only_the_phases_that_are_new(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start("first")
        drain(deps, publisher)

        again = klass.start("second")
        drain(deps, publisher)

        assert again.skipped == ("first",)
        assert [result.phase for result in klass.results()] == ["second", "second"]
        assert klass.row().status == "completed_successfully"

    def test_does_exactly_the_essay_whose_text_has_changed(self, deps, publisher):
        klass = a_class(deps, "", "", "")
        klass.start()
        drain(deps, publisher)
        hand_in_again(klass, "essay-2", an_essay("A better one."))

        again = klass.start()
        drain(deps, publisher)

        changed = klass.essays()[1].id
        assert again.skipped == ()
        assert [(r.phase, r.item_id) for r in klass.results()] == [
            ("first", changed),
            ("second", changed),
        ]
        assert (klass.phase("first").total, klass.phase("first").reused) == (1, 2)
        assert [e.status for e in klass.essays()] == ["processed"] * 3
        assert klass.row().status == "completed_successfully"

    def test_does_again_what_rests_on_the_assignment_when_that_has_changed(self, deps, publisher):
        text = catalogues.text({"first": [], "second": ["first"], "third": ["second"]})
        before, second, after = text.partition("  second:")
        after = after.replace("tests.engines:Scripted", f"{__name__}:Mindful", 1)
        deps = over(deps, catalogue.parse(before + second + after, file="test.yaml"))
        klass = a_class(deps, "", "")
        klass.start()
        drain(deps, publisher)
        wanted = {"essay_instructions": "Write about something else."}
        editing.change(klass.batch, wanted, owner_id=klass.owner.id, deps=deps)

        again = klass.start()
        drain(deps, publisher)

        assert again.skipped == ("first", "third")
        assert [result.phase for result in klass.results()] == ["second", "second"]

    def test_tries_only_what_has_failed(self, deps, publisher, tmp_path):
        klass = a_class(deps, "", "[second:raise]", "")
        klass.start()
        finish(deps, publisher)

        again = retrying.retry(klass.batch, owner_id=klass.owner.id, deps=deps)
        klass.runs.append(again.run_id)
        finish(deps, publisher)

        assert again.skipped == ("first",)
        assert [(r.phase, r.status) for r in klass.results()] == [("second", "failed")]
        assert klass.phase("second").reused == 2
        assert klass.row().status == "completed_with_failures"

    def test_is_not_touched_by_messages_of_the_old_run(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start("first")
        relay(deps, publisher)
        late = [dict(canvas) for canvas in publisher.canvases]
        drain(deps, publisher)
        klass.start()
        relay(deps, publisher)
        before = whole(deps)

        replayed = FakePublisher()
        replayed.canvases = list(late)
        deliver(deps, replayed)
        waves.wave_done(UUID(late[0]["phase_run_id"]), 1, deps)

        assert whole(deps) == before

    def test_is_refused_a_new_text_while_it_runs(self, deps):
        klass = a_class(deps, "", "")
        klass.start()

        with pytest.raises(RunActive):
            hand_in_again(klass, "essay-1", an_essay("Too late."))


class TestCancelling:
    def cancel(self, klass: Klass) -> UUID:
        return cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=klass.deps)

    def test_ends_the_run_and_keeps_its_results(self, deps, publisher):
        klass = a_class(deps, "", "", "")
        klass.start()
        relay(deps, publisher)
        ledger.run_slice(*next(publisher.slices()), worker="w", deps=deps)

        self.cancel(klass)

        assert (klass.run().status, klass.row().status) == ("cancelled", "cancelled")
        assert {klass.phase(name).status for name in CHAIN} == {"cancelled"}
        assert [u.status for u in klass.units("first")] == ["done", "done", "cancelled"]
        assert len(klass.results("first")) == 2
        assert klass.phase("first").remaining == 0

    def test_leaves_untouched_essays_ready_for_another_run(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()

        self.cancel(klass)

        assert {essay.status for essay in klass.essays()} == {"ready_for_processing"}
        klass.start()
        drain(deps, publisher)
        assert klass.row().status == "completed_successfully"

    def test_takes_nothing_from_essays_that_had_their_results(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        drain(deps, publisher)
        hand_in_again(klass, "essay-2", an_essay("Another text altogether."))

        klass.start()
        self.cancel(klass)

        assert [essay.status for essay in klass.essays()] == ["processed", "ready_for_processing"]

    def test_makes_late_work_change_nothing(self, deps, publisher):
        klass = a_class(deps, "", "", "", "")
        klass.start()
        relay(deps, publisher)
        at_work = claim(klass, 0, 2)
        self.cancel(klass)
        before = whole(deps)

        settle(at_work, deps)
        deliver(deps, publisher)
        waves.wave_done(klass.phase("first").id, 1, deps)

        assert whole(deps) == before

    def test_lets_nobody_claim_from_the_moment_it_is_decided(self, deps):
        klass = a_class(deps, "", "")
        klass.start()

        cancelling._decide(klass.runs[0], RunStatus.CANCELLED, "cancelled_by_teacher", deps)

        assert klass.phase("first").status == "in_progress"
        assert claim(klass, 0, 2) is None

    def test_is_refused_when_nothing_runs(self, deps, publisher):
        klass = a_class(deps, "")

        with pytest.raises(NoActiveRun):
            self.cancel(klass)

    def test_meets_a_wave_that_is_being_opened(self, deps, publisher):
        deps = over(deps, engine(OneByOne, {"first": []}), settle_closes_wave=False)
        klass = a_class(deps, "", "")
        klass.start("first")
        phase_run_id = klass.phase("first").id
        ledger.run_slice(phase_run_id, 0, 1, worker="w", deps=deps)
        meeting = Meeting(deps, "settle_plan")

        at_once(
            partial(waves.wave_done, phase_run_id, 1, meeting.deps()),
            partial(cancel_once_opened, klass, meeting),
        )

        assert klass.run().status == "cancelled"
        assert {unit.status for unit in klass.units("first")} == {"done", "cancelled"}
        relay(deps, publisher)
        assert invariants.check(deps) == []


def cancel_once_opened(klass: Klass, meeting: Meeting) -> None:
    """Cancel while another transaction has opened a wave and not committed it."""
    meeting.wait_for_arrivals(1)
    cancelling.cancel_run(klass.batch, owner_id=klass.owner.id, deps=klass.deps)


class TestStates:
    @pytest.mark.parametrize(
        ("table", "there"),
        [
            ("batches", "registered"),
            ("essays", "awaiting_content"),
            ("files", "reading"),
            ("runs", "cancelled"),
            ("phase_runs", "pending"),
            ("units", "done"),
        ],
    )
    def test_no_hand_at_a_console_moves_one_along_an_edge_that_is_not_drawn(
        self, deps, table, there
    ):
        a_class(deps, "").start()

        with pytest.raises(DBAPIError) as refused:
            change(deps, f"update {table} set status = '{there}'")

        assert refused.value.orig.pgcode == "HE001"
        assert f"to {there}" in str(refused.value)

    def test_every_edge_that_was_taken_is_logged(self, deps, publisher):
        klass = a_class(deps, "")
        klass.start("first")
        drain(deps, publisher)

        taken = rows(
            deps,
            "select there from transitions where entity = 'batch' and entity_id = :id order by id",
            id=klass.batch,
        )
        assert [row.there for row in taken] == ["ready", "processing", "completed_successfully"]


class TestAHealthyRun:
    @pytest.mark.parametrize("graph", [CHAIN, DIAMOND], ids=["chain", "diamond"])
    def test_breaks_no_invariant_at_any_moment(self, deps, publisher, graph):
        deps = over(deps, catalogues.of(graph))
        klass = a_class(deps, "", "[first:give_up]", "[left:raise]", "", "")
        klass.start()

        while klass.run().status == "active":
            relay(deps, publisher)
            project(deps, publisher)
            assert invariants.check(deps) == []
            if not deliver(deps, publisher):
                let_time_pass(deps)
                reconciler.reconcile(deps, publisher)

        drain(deps, publisher)
        assert invariants.check(deps) == []
        assert (
            one(
                deps,
                "select count(*) as n from projection_cursors c join batches b"
                " on b.id = c.batch_id and b.event_no = c.event_no",
            ).n
            == 1
        )


def test_a_batch_that_was_to_start_by_itself_does_when_its_last_file_is_read(deps, publisher):
    klass = a_class(deps, "", "", pipeline="all")

    klass.runs.append(one(deps, "select id from runs").id)

    drain(deps, publisher)
    assert klass.row().status == "completed_successfully"


def test_two_files_read_at_the_same_moment_make_the_batch_ready_once(deps):
    owner = an_owner(deps)
    batch = batches.register(
        a_registration(2), owner_id=owner.id, correlation_id=uuid4(), deps=deps
    )
    files = [Upload("essay.txt", an_essay().encode())] * 2
    handed_in = uploads.hand_in(batch.id, files, owner_id=owner.id, deps=deps)
    meeting = Meeting(deps, "settle_file")

    at_once(*(partial(ingest.read_file, row.file_id, meeting.deps()) for row in handed_in))

    klass = Klass(deps, owner, batch.id)
    assert klass.row().status == "ready"
    assert [name for _, name in klass.events()].count("BatchEssaysReady") == 1

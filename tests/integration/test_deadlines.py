"""A phase that has its time and no more: what is open in it fails, and the class goes on."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from app.services import (
    cancelling,
    health,
    invariants,
    ledger,
    overdue_phases,
    reconciler,
    results,
    retrying,
)
from app.services.deps import Deps
from pipelines import catalogue
from pipelines.catalogue import Catalogue
from pipelines.phase import BatchContext, Finished, SoFar, Wave
from pipelines.vocabulary import RunStatus
from tests import catalogues
from tests.catalogues import CHAIN, DIAMOND, STREAMING
from tests.drivers import (
    Klass,
    Meeting,
    a_class,
    at_once,
    change,
    deliver,
    drain,
    finish,
    over,
    relay,
    rows,
)
from tests.engines import Scripted

DEADLINE_S = 600


class OneByOne(Scripted):
    """Wants one essay a wave."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        left = replace(so_far, wave_no=0, items=so_far.items[so_far.wave_no :][:1])
        return super().plan(batch, left)


def limited(
    graph: dict[str, list[str]], *, options: str = "", engine: str = "tests.engines:Scripted"
) -> Catalogue:
    """A graph whose phases all have a deadline of their own."""
    text = catalogues.text(graph, options=options).replace("tests.engines:Scripted", engine)
    return catalogue.parse(
        text.replace("time_limit_s: 30", f"time_limit_s: 30\n    deadline_s: {DEADLINE_S}"),
        file="test.yaml",
    )


@pytest.fixture(params=["class by class", "essay by essay"])
def deps(deps: Deps, request: pytest.FixtureRequest) -> Deps:
    """Two phases, the second of which waits for all essays, or for each."""
    options = STREAMING if request.param == "essay by essay" else ""
    return over(deps, limited(CHAIN, options=options), worker_slots=1)


@pytest.fixture(autouse=True)
def sound(deps, publisher):
    """Whatever a test does, the ledger's invariants hold after it."""
    yield
    drain(deps, publisher)
    assert invariants.check(deps) == []


@pytest.fixture
def klass(deps, publisher) -> Klass:
    """Two of four essays are through the first phase."""
    klass = a_class(deps, "", "", "", "")
    klass.start()
    relay(deps, publisher)
    for slice_ in [s for s in publisher.slices() if s[0] == klass.phase("first").id][:1]:
        ledger.run_slice(*slice_, worker="w", deps=deps)
    assert [u.status for u in klass.units("first")] == ["done", "done", "queued", "queued"]
    return klass


def run_out(klass: Klass, phase: str = "first") -> None:
    """Let a phase's deadline have passed."""
    change(
        klass.deps,
        "update phase_runs set deadline = now() - interval '1 s' where id = :id",
        id=klass.phase(phase).id,
    )


class TestAPhaseThatIsOutOfTime:
    def test_fails_what_is_open_and_says_why(self, klass, deps, publisher):
        run_out(klass)

        assert reconciler.phases_out_of_time(deps, publisher) == 2

        phase = klass.phase("first")
        assert (phase.status, phase.reason) == ("completed_with_failures", "deadline_passed")
        assert (phase.done, phase.failed, phase.remaining) == (2, 2, 0)
        assert [r.failure_code for r in klass.results("first")] == [
            None,
            None,
            "deadline_passed",
            "deadline_passed",
        ]
        assert klass.dead_letters() == []

    def test_lets_the_run_go_on_with_what_came_through(self, klass, deps, publisher):
        run_out(klass)
        reconciler.phases_out_of_time(deps, publisher)

        finish(deps, publisher)

        assert klass.run().status == klass.row().status == "completed_with_failures"
        assert [e.status for e in klass.essays()] == ["processed"] * 2 + ["failed"] * 2
        assert klass.phase("second").done == 2

    def test_shows_its_teacher_which_essays_and_why(self, klass, deps, publisher):
        run_out(klass)
        reconciler.phases_out_of_time(deps, publisher)
        finish(deps, publisher)

        body = results.results(klass.batch, owner_id=klass.owner.id, deps=deps)

        assert [phase["reason"] for phase in body["phases"]] == ["deadline_passed", None]
        assert body["essays"][3]["phases"]["first"]["failure_reason"] == (
            "The phase ran out of time before it was done."
        )
        assert body["action_required"] == "retry_failed"

    def test_fences_off_who_is_still_at_it(self, klass, deps, publisher):
        at_work = ledger.claim(klass.phase("first").id, 2, 4, worker="slow", deps=deps)
        run_out(klass)
        reconciler.phases_out_of_time(deps, publisher)
        before = [rows(deps, f"select * from {t} order by 1, 2, 3") for t in ("units", "results")]

        ledger.settle(at_work, ledger.work(at_work), deps)

        after = [rows(deps, f"select * from {t} order by 1, 2, 3") for t in ("units", "results")]
        assert after == before

    def test_in_which_nobody_came_through_has_failed(self, deps, publisher):
        klass = a_class(deps, "", "")
        klass.start()
        run_out(klass)

        reconciler.phases_out_of_time(deps, publisher)

        assert (klass.phase("first").status, klass.run().status) == ("failed", "failed")
        assert klass.phase("second").status == "skipped"
        assert klass.row().status == "failed"

    def test_leaves_the_other_branch_alone(self, deps, publisher):
        deps = over(deps, limited(DIAMOND))
        klass = a_class(deps, "", "")
        klass.start()
        relay(deps, publisher)
        deliver(deps, publisher)
        run_out(klass, "left")
        reconciler.phases_out_of_time(deps, publisher)

        finish(deps, publisher)

        assert (klass.phase("right").done, klass.phase("right").reason) == (2, None)
        assert klass.phase("join").status == "skipped"
        assert {essay.status for essay in klass.essays()} == {"partly_processed"}

    def test_plans_no_more_waves(self, deps, publisher):
        deps = over(deps, limited({"first": []}, engine=f"{__name__}:OneByOne"))
        klass = a_class(deps, "", "", "")
        klass.start()
        drain_one(klass, publisher)
        assert klass.phase("first").wave_no == 2
        run_out(klass)

        reconciler.phases_out_of_time(deps, publisher)
        finish(deps, publisher)

        phase = klass.phase("first")
        assert (phase.wave_no, phase.done, phase.failed) == (2, 1, 1)
        assert (phase.status, phase.reason) == ("completed_with_failures", "deadline_passed")

    def test_that_is_between_two_waves_ends_without_another(self, deps, publisher):
        deps = over(
            deps, limited({"first": []}, engine=f"{__name__}:OneByOne"), settle_closes_wave=False
        )
        klass = a_class(deps, "", "")
        klass.start()
        drain_one(klass, publisher)
        assert (klass.phase("first").wave_no, klass.phase("first").remaining) == (1, 0)
        run_out(klass)

        assert reconciler.phases_out_of_time(deps, publisher) == 1
        assert reconciler.phases_out_of_time(deps, publisher) == 0
        reconciler.missed_wave_ends(deps, publisher)

        assert (klass.phase("first").status, klass.phase("first").total) == ("completed", 1)
        assert klass.phase("first").reason == "deadline_passed"

    def test_is_retried_like_any_other_that_failed(self, klass, deps, publisher):
        run_out(klass)
        reconciler.phases_out_of_time(deps, publisher)
        finish(deps, publisher)

        retrying.retry(klass.batch, phase="first", owner_id=klass.owner.id, deps=deps)
        finish(deps, publisher)

        assert klass.row().status == "completed_successfully"

    def test_is_counted_among_what_had_to_be_set_going(self, klass, deps, publisher):
        run_out(klass)

        reconciler.reconcile(deps, publisher)

        assert health.ledger_numbers(deps)["rescues"]["phase_deadline"] == 2


class TestAPhaseThatIsInTime:
    def test_is_left_alone(self, klass, deps, publisher):
        assert reconciler.phases_out_of_time(deps, publisher) == 0
        assert klass.phase("first").reason is None

    def test_ends_without_a_reason(self, klass, deps, publisher):
        finish(deps, publisher)

        assert {klass.phase(name).reason for name in CHAIN} == {None}

    def test_of_a_run_that_is_being_cancelled_is_the_sweepers_business(
        self, klass, deps, publisher
    ):
        run_out(klass)
        cancelling._decide(klass.runs[0], RunStatus.CANCELLED, "cancelled_by_teacher", deps)

        overdue_phases.give_up(klass.phase("first").id, deps)
        cancelling.sweep(klass.runs[0], deps)

        assert [u.status for u in klass.units("first")][2:] == ["cancelled", "cancelled"]

    def test_settled_at_the_last_moment_has_each_essay_once(self, klass, deps, publisher):
        at_work = ledger.claim(klass.phase("first").id, 2, 4, worker="w", deps=deps)
        run_out(klass)
        outcomes = ledger.work(at_work)
        meeting = Meeting(deps, "settle")

        at_once(
            partial(ledger.settle, at_work, outcomes, meeting.deps()),
            lambda: (
                meeting.wait_for_arrivals(1),
                overdue_phases.give_up(klass.phase("first").id, deps),
            ),
        )

        assert (klass.phase("first").done, klass.phase("first").failed) == (4, 0)
        finish(deps, publisher)
        assert klass.row().status == "completed_successfully"


class TestTheTimeOfAPhase:
    def test_is_counted_from_its_start(self, klass, deps, publisher):
        assert klass.phase("first").deadline == klass.run().deadline

        reconciler.phases_out_of_time(deps, publisher)

        phase = klass.phase("first")
        assert phase.deadline - phase.started_at == timedelta(seconds=DEADLINE_S)

    def test_is_counted_from_the_end_of_what_it_waits_for(self, klass, deps, publisher):
        reconciler.phases_out_of_time(deps, publisher)
        assert klass.phase("second").deadline == klass.run().deadline
        ledger.run_slice(klass.phase("first").id, 2, 4, worker="w", deps=deps)

        reconciler.phases_out_of_time(deps, publisher)

        second = klass.phase("second")
        since = max(klass.phase("first").finished_at, second.started_at)
        assert second.deadline - since == timedelta(seconds=DEADLINE_S)

    def test_is_the_runs_where_it_has_none_of_its_own(self, deps, publisher):
        klass = a_class(over(deps, catalogues.of(CHAIN)), "")
        klass.start()
        reconciler.phases_out_of_time(deps, publisher)

        assert klass.phase("first").deadline is None


def drain_one(klass: Klass, publisher) -> None:
    """Send and work on the first wave."""
    relay(klass.deps, publisher)
    deliver(klass.deps, publisher)
